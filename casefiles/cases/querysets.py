"""Questions about cases and what they hold."""

import re
from typing import Self

from django.db.models import Q

from casefiles.access.querysets import VisibleQuerySet
from casefiles.cases.references import read_reference
from casefiles.core.folding import fold
from casefiles.evidence.querysets import AssertionQuerySet

_NUMBER = re.compile(r"(?:[A-Za-z]-?)?0*(\d{1,6})")


def numbered(text: str) -> int | None:
    """Return the number in "E-03", "e3" or "3", or None where something else was typed."""
    found = _NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None


class CaseQuerySet(VisibleQuerySet):
    def matching(self, text: str) -> Self:
        """Return cases whose title contains, or whose reference begins with, what was typed."""
        return self.filter(Q(title_key__contains=fold(text)) | Q(reference__startswith=text.strip().upper())).order_by(
            "title_key", "pk"
        )


class SubjectQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("vessel", "organisation", "person", "place")


class CaseStatementQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("statement__speaker", "statement__organisation")


class StanceQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("claim", "case_statement")


class ExhibitQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("item")

    def matching(self, text: str) -> Self:
        """Return exhibits by number ("E-03", "3", "E-03 p. 4"), or whose item's title or source contains the words."""
        reference, words = read_reference(text), fold(text)
        number = reference.number if reference else numbered(text)
        named = Q(item__title_key__contains=words) | Q(item__source__name_key__contains=words)
        wanted = named if number is None else Q(number=number)
        return self.filter(wanted).select_related("item", "item__source").order_by("number", "pk")


class ClaimQuerySet(AssertionQuerySet):
    def matching(self, text: str) -> Self:
        """Return claims by number ("C-02", "2"), or whose words contain what was typed."""
        number = numbered(text)
        wanted = Q(text_key__contains=fold(text)) if number is None else Q(number=number)
        return self.filter(wanted).order_by("number", "pk")

    def in_order(self) -> Self:
        return self.select_related("assertion", "assertion__created_by", "place").order_by("position", "pk")


class PlannedClaimQuerySet(VisibleQuerySet):
    def unwritten(self) -> Self:
        """Return those for which no claim was written, or whose claim was taken out since."""
        return self.filter(Q(written_as__isnull=True) | Q(written_as__assertion__voided_at__isnull=False))


class DutyQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("case", "provision__instrument", "organisation")


class FindingQuerySet(AssertionQuerySet):
    def named(self) -> Self:
        return self.select_related("assertion__voided_by", "case", "duty__provision__instrument", "duty__organisation")


class HypothesisQuerySet(VisibleQuerySet):
    def matching(self, text: str) -> Self:
        """Return hypotheses by number ("H-02", "2"), or whose words contain what was typed."""
        number = numbered(text)
        wanted = Q(text_key__contains=fold(text)) if number is None else Q(number=number)
        return self.filter(wanted).order_by("number", "pk")


class WeighedClaimQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("claim")


class SheetQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("analyst")


class CommentQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("case", "created_by")

    def threads(self) -> Self:
        """Leave the comments that others answer; answers come with them."""
        return self.filter(parent=None)


class LookupQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("case")

    def matching(self, text: str) -> Self:
        """Return lookups by number ("L-02", "2"), or whose words contain what was typed."""
        number = numbered(text)
        wanted = Q(searched_key__contains=fold(text)) if number is None else Q(number=number)
        return self.filter(wanted).order_by("number", "pk")


class DependenceQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("claim", "rests_on")


class RequestQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("case", "organisation", "person")

    def with_response(self) -> Self:
        """Load what tells how a request stands: its party, and its response with the statement's anchor."""
        said = (f"response__statement__{name}" for name in ("assertion", "speaker", "organisation"))
        return self.named().select_related(*said)

    def matching(self, text: str) -> Self:
        """Return requests by number ("R-02", "2"), or whose party contains what was typed."""
        number, words = numbered(text), fold(text)
        named = Q(organisation__name_key__contains=words) | Q(person__name_key__contains=words)
        wanted = named | Q(party_text__icontains=text) if number is None else Q(number=number)
        return self.filter(wanted).named().order_by("number", "pk")


class AttemptQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("case", "request__organisation", "request__person", "made_by")


class ReviewQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("case")


class VerdictQuerySet(VisibleQuerySet):
    def named(self) -> Self:
        return self.select_related("review", "claim__case", "created_by", "answered_by")

    def shown(self) -> Self:
        """Leave out what is sealed, also from the reviewer whose it is: what everybody in the case may know."""
        return self.filter(is_sealed=False)
