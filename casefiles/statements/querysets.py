"""Questions about statements."""

from typing import Self

from django.db.models import Q

from casefiles.core.folding import fold
from casefiles.evidence.querysets import AssertionQuerySet


class StatementQuerySet(AssertionQuerySet):
    def with_speakers(self) -> Self:
        return self.select_related("assertion", "speaker", "organisation")

    def matching(self, text: str) -> Self:
        """Return statements whose words or speaker contain what was typed, newest first."""
        words = Q(text_key__contains=fold(text)) | Q(text__icontains=text)
        return self.with_speakers().filter(words | _speaker(text)).order_by("-said_key", "-pk")

    def with_words(self, text: str) -> Self:
        """Return statements whose words contain what was typed: folded at the beginning, as typed anywhere."""
        return self.filter(Q(text_key__contains=fold(text)) | Q(text__icontains=text))

    def by_speaker_matching(self, text: str) -> Self:
        return self.filter(_speaker(text))

    def by_organisation_matching(self, text: str) -> Self:
        return self.filter(organisation__name_key__contains=fold(text))


def _speaker(text: str) -> Q:
    named = Q(speaker__name_key__contains=fold(text)) | Q(organisation__name_key__contains=fold(text))
    return named | Q(speaker_text__icontains=text) | Q(office__icontains=text)
