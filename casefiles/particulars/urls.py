from django.urls import path

from casefiles.particulars.views import additions, values

app_name = "particulars"

urlpatterns = [
    path("vessels/<uuid:pk>/names/add/", additions.AddName.as_view(), name="vessel_name_add"),
    path("vessels/<uuid:pk>/flags/add/", additions.AddFlag.as_view(), name="vessel_flag_add"),
    path("vessels/<uuid:pk>/numbers/add/", additions.AddIdentifier.as_view(), name="vessel_number_add"),
    path("vessels/<uuid:pk>/roles/add/", additions.AddRole.as_view(), name="vessel_role_add"),
    path("vessels/<uuid:pk>/measures/add/", additions.AddDimension.as_view(), name="vessel_measure_add"),
    path("vessels/<uuid:pk>/practices/add/", additions.AddPractice.as_view(), name="vessel_practice_add"),
    path("organisations/<uuid:pk>/names/add/", additions.AddOrganisationName.as_view(), name="organisation_name_add"),
    path(
        "organisations/<uuid:pk>/numbers/add/",
        additions.AddOrganisationIdentifier.as_view(),
        name="organisation_number_add",
    ),
    path(
        "organisations/<uuid:pk>/addresses/add/",
        additions.AddOrganisationAddress.as_view(),
        name="organisation_address_add",
    ),
    path("people/<uuid:pk>/names/add/", additions.AddPersonName.as_view(), name="person_name_add"),
    path("<uuid:pk>/", values.ParticularPage.as_view(), name="particular"),
    path("<uuid:pk>/history/", values.ParticularHistory.as_view(), name="particular_history"),
    path("<uuid:pk>/edit/", values.EditParticular.as_view(), name="particular_edit"),
    path("<uuid:pk>/cite/", values.CiteForParticular.as_view(), name="particular_cite"),
    path("<uuid:pk>/void/", values.VoidParticular.as_view(), name="particular_void"),
    path("<uuid:pk>/restore/", values.RestoreParticular.as_view(), name="particular_restore"),
]
