"""Every address of Casefiles. Each view declares who may come in; `manage.py urls --json` prints them."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("casefiles.workspace.urls")),
    path("", include("casefiles.accounts.urls")),
    path("admin/", include("casefiles.interchange.urls")),
    path("registry/", include("casefiles.registry.urls")),
    path("particulars/", include("casefiles.particulars.urls")),
    path("evidence/", include("casefiles.evidence.urls")),
    path("sanctions/", include("casefiles.sanctions.urls")),
    path("voyages/", include("casefiles.voyages.urls")),
    path("statements/", include("casefiles.statements.urls")),
    path("cases/", include("casefiles.cases.urls")),
    path("cases/", include("casefiles.dossiers.urls")),
    path("search/", include("casefiles.search.urls")),
]

handler400 = "casefiles.core.errors.bad_request"
handler403 = "casefiles.core.errors.not_allowed"
handler404 = "casefiles.core.errors.not_found"
handler500 = "casefiles.core.errors.server_error"
