from django.urls import path

from casefiles.sanctions import views

app_name = "sanctions"

urlpatterns = [
    path("", views.DesignationsPage.as_view(), name="designations"),
    path("add/", views.DesignationAddPage.as_view(), name="designation_add"),
    path("<uuid:pk>/", views.DesignationPage.as_view(), name="designation"),
    path("<uuid:pk>/history/", views.DesignationHistoryPage.as_view(), name="designation_history"),
    path("<uuid:pk>/edit/", views.DesignationEditPage.as_view(), name="designation_edit"),
    path("<uuid:pk>/cite/", views.DesignationCitePage.as_view(), name="designation_cite"),
    path("<uuid:pk>/void/", views.DesignationVoidPage.as_view(), name="designation_void"),
    path("<uuid:pk>/restore/", views.DesignationRestorePage.as_view(), name="designation_restore"),
    path("authorities/", views.AuthoritiesPage.as_view(), name="authorities"),
    path("authorities/<uuid:pk>/", views.AuthorityPage.as_view(), name="authority"),
    path("authorities/<uuid:pk>/history/", views.AuthorityHistoryPage.as_view(), name="authority_history"),
    path("authorities/<uuid:pk>/edit/", views.AuthorityEditPage.as_view(), name="authority_edit"),
    path("authorities/add/", views.AuthorityAddPage.as_view(), name="authority_add"),
    path("authorities/suggest/", views.AuthoritySuggestPage.as_view(), name="authority_suggest"),
    path("programmes/", views.ProgrammesPage.as_view(), name="programmes"),
    path("programmes/<uuid:pk>/", views.ProgrammePage.as_view(), name="programme"),
    path("programmes/<uuid:pk>/history/", views.ProgrammeHistoryPage.as_view(), name="programme_history"),
    path("programmes/<uuid:pk>/edit/", views.ProgrammeEditPage.as_view(), name="programme_edit"),
    path("programmes/add/", views.ProgrammeAddPage.as_view(), name="programme_add"),
    path("programmes/suggest/", views.ProgrammeSuggestPage.as_view(), name="programme_suggest"),
]
