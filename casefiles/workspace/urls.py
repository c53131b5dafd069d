from django.urls import URLPattern, path

from casefiles.workspace.views import (
    anchors,
    citing,
    home,
    movements,
    passages,
    screening,
    sources,
    system,
    timeline,
    watching,
)

app_name = "workspace"

urlpatterns: list[URLPattern] = [
    path("", home.HomePage.as_view(), name="home"),
    path("tasks/", home.TaskList.as_view(), name="tasks"),
    path("cases/<uuid:case_id>/timeline/", timeline.TimelinePage.as_view(), name="timeline"),
    path("cases/<uuid:case_id>/timeline/part/", timeline.TimelineFragment.as_view(), name="timeline_fragment"),
    path("cases/<uuid:case_id>/map/", timeline.MapPage.as_view(), name="map"),
    path("cases/<uuid:case_id>/map/part/", timeline.MapFragment.as_view(), name="map_fragment"),
    path("evidence/files/<uuid:pk>/read/", passages.ReadFile.as_view(), name="read"),
    path("evidence/cite/", citing.CiteElsewhere.as_view(), name="cite_elsewhere"),
    path("evidence/sources/<uuid:pk>/", sources.SourcePage.as_view(), name="source"),
    path("sanctions/screenings/add/", screening.ScreeningAdd.as_view(), name="screening_add"),
    path("read-moment/", system.ReadMomentPage.as_view(), name="read_moment"),
    path("leave/", system.LeavePage.as_view(), name="leave"),
    path("undo/", system.UndoPage.as_view(), name="undo"),
    path("healthz", system.HealthPage.as_view(), name="health"),
    path("robots.txt", system.RobotsPage.as_view(), name="robots"),
    path("-/ui/", system.GalleryPage.as_view(), name="gallery"),
    path("registry/vessels/<uuid:pk>/", anchors.VesselPage.as_view(), name="vessel"),
    path("registry/vessels/<uuid:pk>/movements/", movements.VesselMovements.as_view(), name="vessel_movements"),
    path("registry/vessels/<uuid:pk>/history/", anchors.VesselHistory.as_view(), name="vessel_history"),
    path("registry/vessels/<uuid:pk>/add-to-case/", anchors.VesselToCase.as_view(), name="vessel_to_case"),
    path("watched/", watching.WatchedList.as_view(), name="watched"),
    path("registry/vessels/<uuid:pk>/watch/", watching.WatchVessel.as_view(), name="vessel_watch"),
    path("registry/vessels/<uuid:pk>/stop-watching/", watching.StopWatching.as_view(), name="vessel_stop_watching"),
    path("registry/vessels/<uuid:pk>/mark-seen/", watching.MarkSeen.as_view(), name="vessel_mark_seen"),
    path("registry/vessels/<uuid:pk>/look-alikes/", anchors.VesselLookAlikes.as_view(), name="vessel_look_alikes"),
    path("registry/organisations/<uuid:pk>/", anchors.OrganisationPage.as_view(), name="organisation"),
    path(
        "registry/organisations/<uuid:pk>/judgements/",
        anchors.OrganisationJudgements.as_view(),
        name="organisation_judgements",
    ),
    path("registry/organisations/<uuid:pk>/fleet/", anchors.OrganisationFleet.as_view(), name="organisation_fleet"),
    path(
        "registry/organisations/<uuid:pk>/history/", anchors.OrganisationHistory.as_view(), name="organisation_history"
    ),
    path(
        "registry/organisations/<uuid:pk>/add-to-case/",
        anchors.OrganisationToCase.as_view(),
        name="organisation_to_case",
    ),
    path("registry/people/<uuid:pk>/", anchors.PersonPage.as_view(), name="person"),
    path("registry/people/<uuid:pk>/judgements/", anchors.PersonJudgements.as_view(), name="person_judgements"),
    path("registry/people/<uuid:pk>/history/", anchors.PersonHistory.as_view(), name="person_history"),
    path("registry/people/<uuid:pk>/add-to-case/", anchors.PersonToCase.as_view(), name="person_to_case"),
    path("registry/places/<uuid:pk>/", anchors.PlacePage.as_view(), name="place"),
    path("registry/places/<uuid:pk>/judgements/", anchors.PlaceJudgements.as_view(), name="place_judgements"),
    path("registry/places/<uuid:pk>/history/", anchors.PlaceHistory.as_view(), name="place_history"),
    path("registry/places/<uuid:pk>/add-to-case/", anchors.PlaceToCase.as_view(), name="place_to_case"),
]
