"""The page of one source: what is thought of it, what comes from it, and how what it is cited for fared."""

from typing import Any

from django.utils.translation import ngettext

from casefiles.access.rules import Visibility
from casefiles.cases.selectors import Contradictions, contradictions_of
from casefiles.core.pages import DetailPage
from casefiles.evidence import selectors
from casefiles.evidence.views.sources import SourceMixin


class SourcePage(SourceMixin, DetailPage):
    template_name = "workspace/source.html"
    visibility = "record:read"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source, found = self.record, contradictions_of(self.record, self.user)
        return super().get_context_data(
            page=selectors.source_page(source, self.user),
            contradictions=found,
            contradicted_aside=_how_often(found),
            identities=selectors.identities_of(source, self.user),
            may_edit=self.may("edit") and not source.is_voided,
            may_restore=source.is_voided and self.may("edit"),
            is_open=source.visibility == Visibility.OPEN,
            **kwargs,
        )


def _how_often(found: Contradictions) -> str:
    if not found.claims_count:
        return ""
    words = ngettext("on %(part)s of %(count)s claim", "on %(part)s of %(count)s claims", found.claims_count)
    return words % {"part": found.contradicted_count, "count": f"{found.claims_count}{'+' if found.is_capped else ''}"}
