"""Questions about statements."""

from typing import Self

from django.db.models import Q

from casefiles.core.folding import fold
from casefiles.evidence.querysets import AssertionQuerySet


class StatementQuerySet(AssertionQuerySet):
    def with_speakers(self) -> Self:
        return self.select_related("assertion", "speaker", "organisation")

    def matching(self, text: str) -> Self:
        """Return statements whose words or speaker contain what was typed, folded."""
        key = fold(text)
        return (
            self.with_speakers()
            .filter(Q(text_key__contains=key) | Q(speaker__name_key__contains=key) | Q(speaker_text__icontains=text))
            .order_by("-said_key", "-pk")
        )
