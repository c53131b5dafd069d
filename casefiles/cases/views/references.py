"""What the editor of a summary and its references ask while somebody writes or reads: JSON, for scripts alone."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.generic.base import View

from casefiles.cases import selectors
from casefiles.cases.models import Case
from casefiles.core.folding import UnsafeText, clean_text

LONGEST_CHECKED = 100_000


class AnswerInCase(View):
    """An answer about the case in the address."""

    visibility = "case:read"
    record_model = Case
    record_kwarg = "case_id"

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows

    @property
    def case(self) -> Case:
        return self.request.record  # type: ignore[attr-defined, no-any-return]

    def asked(self, name: str) -> str:
        # PostgreSQL takes no NUL in a value, and no label or title holds one.
        return self.request.GET.get(name, "").replace("\x00", "")[:200]


class OfferReferences(AnswerInCase):
    """The numbers that match what was typed behind `[[`."""

    def get(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        found = selectors.offered_references(self.case, request.user, self.asked("q"))
        return JsonResponse({"results": [asdict(one) for one in found]})


class PreviewReference(AnswerInCase):
    """What stands behind one reference, as the reader may see it: text, standing, quote."""

    def get(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        label, _space, locator = self.asked("of").partition(" ")
        found = selectors.preview_of(self.case, request.user, label, locator)
        if found is None:
            raise Http404
        return JsonResponse(asdict(found))


class CheckSummary(AnswerInCase):
    """What to look at in a summary that is being written. Nothing is saved."""

    http_method_names = ("post", "options")  # type: ignore[assignment]

    def post(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        try:
            text = clean_text(request.POST.get("summary", "")[:LONGEST_CHECKED])
        except UnsafeText:
            text = ""
        findings = selectors.summary_findings(self.case, request.user, text)
        return JsonResponse(summary_note(findings))


def summary_note(findings: list[selectors.Finding]) -> dict[str, Any]:
    """Return what stands beside the editor: how much there is to look at, and the first of it."""
    shown = [selectors.finding_words(one) for one in findings[: selectors.FINDINGS_AT_MOST]]
    more = len(findings) - len(shown)
    if more:
        shown.append(_("and %(count)d more") % {"count": more})
    return {"sentence": selectors.findings_sentence(findings), "lines": shown}
