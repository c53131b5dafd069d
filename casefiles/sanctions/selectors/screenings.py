"""What a screening looks for and in what, and what people decided about its matches before."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from casefiles.core.identifiers import parse_imo_ship
from casefiles.particulars.models import IdentifierScheme, IdentifierUse, NameKind, NameUse
from casefiles.registry.models import Organisation, Person, Vessel
from casefiles.sanctions.matching import Asked, Index, Listed
from casefiles.sanctions.models import ListEdition, ListEntry, ListKey, MatchDecision, Screening, ScreeningMatch

PIECE = 2_000
KINDS: dict[type[Any], str] = {Vessel: "vessel", Organisation: "organisation", Person: "person"}
TYPED = "typed"
_COMPARED = ("pk", "kind", "name", "names_key", "imo_number", "company_number", "mmsi", "call_sign")


@dataclass(frozen=True)
class Searched:
    """The editions that a screening searches, and the lists that it was to search and that are not here."""

    editions: tuple[ListEdition, ...]
    missing: tuple[str, ...]


def editions_at(day: datetime.date, list_keys: Iterable[str] = (), *, user: Any) -> Searched:
    """Return of each list the edition that was the newest on a day; of all lists, where none are named."""
    wanted = list(list_keys) or list(ListKey.values)
    rows = ListEdition.objects.visible_to(user).applied().filter(published_on__lte=day, list_key__in=wanted)
    newest: dict[str, ListEdition] = {}
    for edition in rows:
        newest.setdefault(edition.list_key, edition)
    here = tuple(newest[key] for key in wanted if key in newest)
    return Searched(here, tuple(key for key in wanted if key not in newest))


def index_of(editions: Sequence[ListEdition]) -> Index:
    """Return the entries of editions, ready to be asked."""
    rows = ListEntry.objects.filter(edition__in=editions).order_by("edition_id", "row", "pk")
    return Index.of(Listed(*row) for row in rows.values_list(*_COMPARED))


def asked_for(targets: Sequence[Any], *, user: Any) -> list[Asked]:
    """Return what is known of ships, organisations and people by which lists may know them; two queries for thousands.

    Names and numbers of any time count, also former ones; working names are our own and do not.
    """
    return [one for start in range(0, len(targets), PIECE) for one in _asked(targets[start : start + PIECE], user)]


def _asked(targets: Sequence[Any], user: Any) -> Iterator[Asked]:
    names: dict[Any, list[str]] = defaultdict(list)
    numbers: dict[tuple[Any, str], set[str]] = defaultdict(set)
    keys = [target.pk for target in targets]
    uses = NameUse.objects.visible_to(user).current().exclude(kind=NameKind.WORKING)
    owners = Q(vessel__in=keys) | Q(organisation__in=keys) | Q(person__in=keys)
    for *owner, name in uses.filter(owners).values_list("vessel_id", "organisation_id", "person_id", "name"):
        names[next(filter(None, owner))].append(name)
    schemes = [IdentifierScheme.MMSI, IdentifierScheme.CALL_SIGN]
    identifiers = IdentifierUse.objects.visible_to(user).current().filter(vessel__in=keys, scheme__in=schemes)
    for pk, scheme, value in identifiers.values_list("vessel_id", "scheme", "value"):
        numbers[pk, scheme].add(value)
    for target in targets:
        yield Asked(
            key=(KINDS[type(target)], target.pk),
            kind=KINDS[type(target)],
            names=tuple(dict.fromkeys([str(target), *names[target.pk]])),
            imo_number=getattr(target, "imo_number", "") or "",
            company_number=getattr(target, "imo_company_number", "") or "",
            mmsis=frozenset(numbers[target.pk, IdentifierScheme.MMSI]),
            call_signs=frozenset(numbers[target.pk, IdentifierScheme.CALL_SIGN]),
        )


def asked_freely(*, name: str = "", imo_number: str = "") -> Asked:
    """Return a name, an IMO number of a ship, or both, as somebody typed them, to be looked for among all kinds.

    Raises:
        InvalidIdentifier: the number is none.
    """
    number = parse_imo_ship(imo_number) if imo_number else ""
    typed = " ".join(filter(None, (name.strip(), f"IMO {number}" if number else "")))
    return Asked(key=(TYPED, typed), kind="", names=(name,) if name.strip() else (), imo_number=number)


def vessels_of_registry(user: Any) -> QuerySet[Vessel]:
    rows: QuerySet[Vessel] = Vessel.objects.visible_to(user).current().order_by("pk")
    return rows


@dataclass(frozen=True)
class MatchLine:
    """A match, and what the newest decision about its pair says, if there is one that the reader may see."""

    match: ScreeningMatch
    decision: MatchDecision | None


def matches_of(screening: Screening, user: Any) -> QuerySet[ScreeningMatch]:
    """Return the matches, with all that a line of them names."""
    rows = ScreeningMatch.objects.visible_to(user).filter(screening=screening)
    selected: QuerySet[ScreeningMatch] = rows.select_related("entry__edition", "vessel", "organisation", "person")
    return selected


def match_lines(matches: Sequence[ScreeningMatch], user: Any) -> list[MatchLine]:
    """Return matches with what was decided about their pairs, at this screening or an earlier one; one query."""
    looked_for = {match.pair[0] for match in matches}
    rows = (
        MatchDecision.objects.visible_to(user).current().filter(looked_for__in=looked_for).select_related("created_by")
    )
    newest = {(one.looked_for, one.list_key, one.list_id): one for one in rows.order_by("created_at", "pk")}
    return [MatchLine(match, newest.get(match.pair)) for match in matches]


def match_of(screening: Screening, text: str, user: Any) -> ScreeningMatch | None:
    """Return a match of a screening by its id as typed into an address."""
    try:
        key = uuid.UUID(text)
    except ValueError:
        return None
    return matches_of(screening, user).filter(pk=key).first()
