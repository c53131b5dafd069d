from django.urls import URLPattern, path

from casefiles.workspace.views import anchors

app_name = "workspace"

urlpatterns: list[URLPattern] = [
    path("registry/vessels/<uuid:pk>/", anchors.VesselPage.as_view(), name="vessel"),
    path("registry/vessels/<uuid:pk>/history/", anchors.VesselHistory.as_view(), name="vessel_history"),
    path("registry/organisations/<uuid:pk>/", anchors.OrganisationPage.as_view(), name="organisation"),
    path(
        "registry/organisations/<uuid:pk>/history/", anchors.OrganisationHistory.as_view(), name="organisation_history"
    ),
    path("registry/people/<uuid:pk>/", anchors.PersonPage.as_view(), name="person"),
    path("registry/people/<uuid:pk>/history/", anchors.PersonHistory.as_view(), name="person_history"),
    path("registry/places/<uuid:pk>/", anchors.PlacePage.as_view(), name="place"),
    path("registry/places/<uuid:pk>/history/", anchors.PlaceHistory.as_view(), name="place_history"),
]
