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
    path("authorities/add/", views.AuthorityAddPage.as_view(), name="authority_add"),
    path("authorities/suggest/", views.AuthoritySuggestPage.as_view(), name="authority_suggest"),
    path("programmes/add/", views.ProgrammeAddPage.as_view(), name="programme_add"),
    path("programmes/suggest/", views.ProgrammeSuggestPage.as_view(), name="programme_suggest"),
]
