from django.urls import path

from casefiles.sanctions.views import designations as views
from casefiles.sanctions.views import lists, screenings

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
    path("lists/", lists.EditionsPage.as_view(), name="editions"),
    path("lists/add/", lists.EditionAdd.as_view(), name="edition_add"),
    path("lists/<uuid:pk>/", lists.EditionPage.as_view(), name="edition"),
    path("lists/<uuid:pk>/entries/", lists.EditionEntriesPage.as_view(), name="edition_entries"),
    path("lists/<uuid:pk>/ships/", lists.EditionOffersPage.as_view(), name="edition_offers"),
    path("lists/<uuid:pk>/ships/<uuid:vessel>/", lists.EditionDesignate.as_view(), name="edition_designate"),
    path("lists/<uuid:pk>/history/", lists.EditionHistory.as_view(), name="edition_history"),
    path("lists/<uuid:pk>/apply/", lists.EditionApply.as_view(), name="edition_apply"),
    path("lists/<uuid:pk>/set-aside/", lists.EditionSetAside.as_view(), name="edition_set_aside"),
    path("lists/<uuid:pk>/void/", lists.EditionVoid.as_view(), name="edition_void"),
    path("lists/<uuid:pk>/restore/", lists.EditionRestore.as_view(), name="edition_restore"),
    path("screenings/", screenings.ScreeningsPage.as_view(), name="screenings"),
    path("screenings/<uuid:pk>/", screenings.ScreeningPage.as_view(), name="screening"),
    path("screenings/<uuid:pk>/decide/", screenings.MatchDecide.as_view(), name="match_decide"),
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
