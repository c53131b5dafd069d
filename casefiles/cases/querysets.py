"""Questions about cases and claims."""

from typing import Self

from django.db.models import Q

from casefiles.access.querysets import VisibleQuerySet
from casefiles.core.folding import fold
from casefiles.evidence.querysets import AssertionQuerySet


class CaseQuerySet(VisibleQuerySet):
    def matching(self, text: str) -> Self:
        """Return cases whose title contains, or whose reference begins with, what was typed."""
        return self.filter(Q(title_key__contains=fold(text)) | Q(reference__startswith=text.strip().upper())).order_by(
            "title_key", "pk"
        )


class ClaimQuerySet(AssertionQuerySet):
    def in_order(self) -> Self:
        return self.select_related("assertion", "assertion__created_by", "place").order_by("number", "pk")
