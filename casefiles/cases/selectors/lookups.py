"""Where somebody looked and found nothing, and on which claims that bears."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from casefiles.cases.lookups import Meaning
from casefiles.cases.models import Case, Claim, Lookup
from casefiles.cases.querysets import LookupQuerySet
from casefiles.core.moments import Moment, Period

# A failed one never reads as a clean result, and what could not have shown anything does not either.
SAYS: dict[Meaning, Any] = {
    Meaning.ABSENT: lambda: _("searched, and not found"),
    Meaning.BLIND: lambda: _("could not have shown it: says nothing either way"),
    Meaning.FAILED: lambda: _("not searched: says nothing"),
}
TONES = {Meaning.ABSENT: "", Meaning.BLIND: "warn", Meaning.FAILED: "bad"}


@dataclass(frozen=True)
class LookupLine:
    """One lookup; `claims` are the labels of the current claims on which it bears, with their keys."""

    id: uuid.UUID
    label: str
    searched: str
    period: Period
    result_label: str
    meaning: Meaning
    looked: Moment | None
    looked_by: str
    note: str
    claims: tuple[tuple[uuid.UUID, str], ...]
    url: str

    @property
    def says(self) -> str:
        return str(SAYS[self.meaning]())

    @property
    def tone(self) -> str:
        return TONES[self.meaning]

    @property
    def is_failed(self) -> bool:
        return self.meaning == Meaning.FAILED


def numbered_lookups(case: Case, user: Any) -> LookupQuerySet:
    """Return the case's lookups, without those taken out of it."""
    rows: LookupQuerySet = Lookup.objects.visible_to(user).current().filter(case=case).select_related("created_by")
    return rows


def lookups_of(case: Case, user: Any) -> list[LookupLine]:
    """Return every lookup of the case by number, in two queries."""
    return lookup_lines(list(numbered_lookups(case, user).order_by("number", "pk")), user)


def lookup_lines(lookups: Sequence[Lookup], user: Any) -> list[LookupLine]:
    """Return a line for each of some lookups, with the claims on which it bears; one query more."""
    keys = [lookup.pk for lookup in lookups]
    rows = Claim.objects.visible_to(user).current().filter(lookups__in=keys).annotate(of=F("lookups"))
    named: dict[uuid.UUID, list[tuple[uuid.UUID, str]]] = {}
    for of, pk, number in rows.order_by("number", "pk").values_list("of", "pk", "number"):
        named.setdefault(of, []).append((pk, f"C-{number:02d}"))
    return [lookup_line(lookup, named.get(lookup.pk, ())) for lookup in lookups]


def lookup_line(lookup: Lookup, claims: Iterable[tuple[uuid.UUID, str]] = ()) -> LookupLine:
    return LookupLine(
        id=lookup.pk,
        label=lookup.label,
        searched=lookup.searched,
        period=lookup.period,
        result_label=str(lookup.get_result_display()),
        meaning=lookup.meaning,
        looked=lookup.looked,
        looked_by=lookup.looked_by or str(lookup.created_by or ""),
        note=lookup.note,
        claims=tuple(claims),
        url=lookup.get_absolute_url(),
    )


def lookups_by_claim(case: Case, claim_ids: Iterable[uuid.UUID], user: Any) -> dict[uuid.UUID, list[LookupLine]]:
    """Return the lookups that bear on each of some claims; one query. The lines name no claims."""
    rows = numbered_lookups(case, user).filter(claims__in=list(claim_ids)).annotate(of=F("claims"))
    found: dict[uuid.UUID, list[LookupLine]] = {}
    for lookup in rows.order_by("number", "pk"):
        found.setdefault(lookup.of, []).append(lookup_line(lookup))
    return found
