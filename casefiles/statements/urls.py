from django.urls import path

from casefiles.statements import views

app_name = "statements"

urlpatterns = [
    path("", views.StatementsPage.as_view(), name="statements"),
    path("add/", views.StatementAddPage.as_view(), name="statement_add"),
    path("suggest/", views.StatementSuggestPage.as_view(), name="statement_suggest"),
    path("<uuid:pk>/", views.StatementPage.as_view(), name="statement"),
    path("<uuid:pk>/history/", views.StatementHistoryPage.as_view(), name="statement_history"),
    path("<uuid:pk>/edit/", views.StatementEditPage.as_view(), name="statement_edit"),
    path("<uuid:pk>/cite/", views.StatementCitePage.as_view(), name="statement_cite"),
    path("<uuid:pk>/void/", views.StatementVoidPage.as_view(), name="statement_void"),
    path("<uuid:pk>/restore/", views.StatementRestorePage.as_view(), name="statement_restore"),
    path("<uuid:pk>/translate/", views.RenderingAddPage.as_view(), name="statement_translate"),
    path("translations/<uuid:pk>/edit/", views.RenderingEditPage.as_view(), name="rendering_edit"),
    path("translations/<uuid:pk>/void/", views.RenderingVoidPage.as_view(), name="rendering_void"),
]
