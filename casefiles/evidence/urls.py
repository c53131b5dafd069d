from django.urls import URLPattern, path

from casefiles.evidence.pages import CitationVoidPage
from casefiles.evidence.views import archives, claims, files, items, lineage, lists, preservation, sources

app_name = "evidence"

urlpatterns: list[URLPattern] = [
    path("", lists.ItemList.as_view(), name="items"),
    path("add/", items.ItemAdd.as_view(), name="item_add"),
    path("suggest/", lists.ItemSuggest.as_view(), name="item_suggest"),
    path("<uuid:pk>/", items.ItemPage.as_view(), name="item"),
    path("<uuid:pk>/edit/", items.ItemEdit.as_view(), name="item_edit"),
    path("<uuid:pk>/history/", items.ItemHistory.as_view(), name="item_history"),
    path("<uuid:pk>/void/", items.ItemVoid.as_view(), name="item_void"),
    path("<uuid:pk>/restore/", items.ItemRestore.as_view(), name="item_restore"),
    path("<uuid:pk>/status/", items.ItemStatus.as_view(), name="item_status"),
    path("<uuid:pk>/grades/add/", items.GradeAdd.as_view(), name="grade_add"),
    path("<uuid:pk>/lineage/", lineage.LineageSet.as_view(), name="lineage_set"),
    path("<uuid:pk>/suggestions/", lineage.Suggestions.as_view(), name="suggestions"),
    path("<uuid:pk>/preservation/", preservation.Preservation.as_view(), name="preservation"),
    path("<uuid:pk>/preservation/mark/", preservation.MarkPart.as_view(), name="preservation_mark"),
    path("preservation/<uuid:pk>/edit/", preservation.MarkEdit.as_view(), name="preservation_edit"),
    path("preservation/<uuid:pk>/void/", preservation.MarkVoid.as_view(), name="preservation_void"),
    path("<uuid:pk>/derivations/add/", lineage.DerivationAdd.as_view(), name="derivation_add"),
    path("<uuid:pk>/independence/add/", lineage.IndependenceSign.as_view(), name="independence_add"),
    path("<uuid:pk>/claims/confirm/", claims.ClaimConfirm.as_view(), name="claim_confirm"),
    path("<uuid:pk>/files/add/", files.FilesAdd.as_view(), name="files_add"),
    path("files/<uuid:pk>/", files.FileDoor.as_view(), name="file"),
    path("files/<uuid:pk>/preview/", files.Preview.as_view(), name="preview"),
    path("files/<uuid:pk>/archive/", archives.ArchivePages.as_view(), name="archive"),
    path("files/<uuid:pk>/archive/pages/<int:number>/", archives.ArchivedPage.as_view(), name="archived_page"),
    path("files/<uuid:pk>/archive/pictures/<int:number>/", archives.ArchivedPicture.as_view(), name="archived_picture"),
    path("grades/<uuid:pk>/void/", lineage.GradeVoid.as_view(), name="grade_void"),
    path("derivations/<uuid:pk>/void/", lineage.DerivationVoid.as_view(), name="derivation_void"),
    path("independence/<uuid:pk>/void/", lineage.IndependenceVoid.as_view(), name="independence_void"),
    path("citations/<uuid:pk>/void/", CitationVoidPage.as_view(), name="citation_void"),
    path("sources/", lists.SourceList.as_view(), name="sources"),
    path("sources/add/", sources.SourceAdd.as_view(), name="source_add"),
    path("sources/suggest/", lists.SourceSuggest.as_view(), name="source_suggest"),
    path("sources/<uuid:pk>/", sources.SourcePage.as_view(), name="source"),
    path("sources/<uuid:pk>/edit/", sources.SourceEdit.as_view(), name="source_edit"),
    path("sources/<uuid:pk>/history/", sources.SourceHistory.as_view(), name="source_history"),
    path("sources/<uuid:pk>/void/", sources.SourceVoid.as_view(), name="source_void"),
    path("sources/<uuid:pk>/restore/", sources.SourceRestore.as_view(), name="source_restore"),
    path("sources/<uuid:pk>/reliability/add/", sources.JudgementAdd.as_view(), name="judgement_add"),
    path("reliability/<uuid:pk>/void/", sources.JudgementVoid.as_view(), name="judgement_void"),
]
