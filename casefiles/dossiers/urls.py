from django.urls import URLPattern, path

from casefiles.dossiers.views import reading, releasing

app_name = "dossiers"

urlpatterns: list[URLPattern] = [
    path("<uuid:case_id>/dossier/", reading.Draft.as_view(), name="draft"),
    path("<uuid:case_id>/dossier/html/", reading.DraftDownload.as_view(), name="draft_download"),
    path("<uuid:case_id>/dossier/pdf/", reading.DraftPdf.as_view(), name="draft_pdf"),
    path("<uuid:case_id>/dossier/versions/", releasing.Releases.as_view(), name="releases"),
    path("<uuid:case_id>/dossier/versions/new/", releasing.PrepareRelease.as_view(), name="prepare"),
    path("<uuid:case_id>/dossier/versions/<uuid:pk>/", reading.ReleasePreview.as_view(), name="release"),
    path("<uuid:case_id>/dossier/versions/<uuid:pk>/html/", reading.ReleaseDownload.as_view(), name="release_download"),
    path("<uuid:case_id>/dossier/versions/<uuid:pk>/pdf/", reading.ReleasePdf.as_view(), name="release_pdf"),
    path("<uuid:case_id>/dossier/versions/<uuid:pk>/approve/", releasing.ApproveRelease.as_view(), name="approve"),
    path("<uuid:case_id>/dossier/versions/<uuid:pk>/withdraw/", releasing.WithdrawRelease.as_view(), name="withdraw"),
]
