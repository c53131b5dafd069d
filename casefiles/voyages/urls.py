from django.urls import path

from casefiles.voyages.views import calls as views
from casefiles.voyages.views import detection, positions, practices, tracks

app_name = "voyages"

urlpatterns = [
    path("", views.VoyagesPage.as_view(), name="voyages"),
    path("add/", views.VoyageAddPage.as_view(), name="voyage_add"),
    path("<uuid:pk>/", views.VoyagePage.as_view(), name="voyage"),
    path("<uuid:pk>/history/", views.VoyageHistoryPage.as_view(), name="voyage_history"),
    path("<uuid:pk>/edit/", views.VoyageEditPage.as_view(), name="voyage_edit"),
    path("<uuid:pk>/cite/", views.VoyageCitePage.as_view(), name="voyage_cite"),
    path("<uuid:pk>/void/", views.VoyageVoidPage.as_view(), name="voyage_void"),
    path("<uuid:pk>/restore/", views.VoyageRestorePage.as_view(), name="voyage_restore"),
    path("port-calls/", views.PortCallsPage.as_view(), name="port_calls"),
    path("port-calls/add/", views.PortCallAddPage.as_view(), name="port_call_add"),
    path("port-calls/suggest/", views.PortCallSuggestPage.as_view(), name="port_call_suggest"),
    path("port-calls/<uuid:pk>/", views.PortCallPage.as_view(), name="port_call"),
    path("port-calls/<uuid:pk>/history/", views.PortCallHistoryPage.as_view(), name="port_call_history"),
    path("port-calls/<uuid:pk>/edit/", views.PortCallEditPage.as_view(), name="port_call_edit"),
    path("port-calls/<uuid:pk>/cite/", views.PortCallCitePage.as_view(), name="port_call_cite"),
    path("port-calls/<uuid:pk>/void/", views.PortCallVoidPage.as_view(), name="port_call_void"),
    path("port-calls/<uuid:pk>/restore/", views.PortCallRestorePage.as_view(), name="port_call_restore"),
    path("<uuid:pk>/practices/add/", practices.VoyagePracticeAdd.as_view(), name="voyage_practice_add"),
    path("port-calls/<uuid:pk>/practices/add/", practices.PortCallPracticeAdd.as_view(), name="port_call_practice_add"),
    path(
        "track-events/<uuid:pk>/practices/add/",
        practices.TrackEventPracticeAdd.as_view(),
        name="track_event_practice_add",
    ),
    path("positions/", positions.PositionImportsPage.as_view(), name="position_imports"),
    path("positions/add/", positions.PositionImportAdd.as_view(), name="position_import_add"),
    path("positions/<uuid:pk>/", positions.PositionImportPage.as_view(), name="position_import"),
    path("positions/<uuid:pk>/history/", positions.PositionImportHistory.as_view(), name="position_import_history"),
    path("positions/<uuid:pk>/void/", positions.PositionImportVoid.as_view(), name="position_import_void"),
    path("positions/<uuid:pk>/restore/", positions.PositionImportRestore.as_view(), name="position_import_restore"),
    path("detections/", detection.DetectionRunsPage.as_view(), name="detection_runs"),
    path("detections/add/", detection.DetectionRunAdd.as_view(), name="detection_run_add"),
    path("detections/<uuid:pk>/", detection.DetectionRunPage.as_view(), name="detection_run"),
    path("detections/<uuid:pk>/history/", detection.DetectionRunHistory.as_view(), name="detection_run_history"),
    path("track-events/<uuid:pk>/", detection.TrackEventPage.as_view(), name="track_event"),
    path("track-events/<uuid:pk>/history/", detection.TrackEventHistory.as_view(), name="track_event_history"),
    path("track-events/<uuid:pk>/accept/", detection.TrackEventAccept.as_view(), name="track_event_accept"),
    path("track-events/<uuid:pk>/reject/", detection.TrackEventReject.as_view(), name="track_event_reject"),
    path("track/", tracks.RadioTrackPage.as_view(), name="radio_track"),
    path("track/points/", tracks.TrackPoints.as_view(), name="track_points"),
    path("track/fix/", tracks.TrackFix.as_view(), name="track_fix"),
    path("track/geojson/", tracks.TrackGeoJson.as_view(), name="track_geojson"),
    path("track/kml/", tracks.TrackKml.as_view(), name="track_kml"),
]
