"""Thousands of made-up records, to see that pages stay fast. Everything says that it is made up."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from casefiles.access.circles import Circle
from casefiles.access.rules import Visibility
from casefiles.accounts.models import User
from casefiles.audit import actions as audit
from casefiles.cases import actions as cases
from casefiles.cases.models import Case, Claim, Exhibit
from casefiles.core.identifiers import ship_check_digit
from casefiles.core.moments import Moment
from casefiles.core.versions import snapshot
from casefiles.evidence.actions import sources
from casefiles.evidence.models import Assertion, Citation, Item, Source
from casefiles.evidence.vocabulary import ItemKind, Lineage
from casefiles.registry.models import Vessel
from casefiles.workspace.demo import bulk_case

BATCH = 1_000
EXHIBITS, CLAIMS, CITED = 500, 200, 3
WORDS = "convoy harbour manifest loading quay container lighter berth pilot roadstead draught hatch stowage".split()


@dataclass(frozen=True)
class Bulk:
    case: Case
    items: int
    vessels: int


def seed_bulk(*, by: User, items: int, vessels: int, exhibits: int = EXHIBITS, claims: int = CLAIMS) -> Bulk:
    """Add a made-up case with so many items and vessels; the same numbers give the same texts.

    Of the items so many are exhibits of the case; of these the first 500 have what else a case holds.
    """
    chance = random.Random(items)  # noqa: S311  made-up data
    with audit.unit():
        case = cases.open_case(by=by, title=f"Made-up case with {items} items", opened_on=date(2024, 1, 1))
        source = sources.add_source(by=by, circle=Circle.of_case(case), name="Made-up source", kind="outlet")
    made: list[Item] = []
    for numbers in _batched(items):
        with audit.unit():
            made.extend(_items(list(numbers), case=case, source=source, by=by, chance=chance))
    with audit.unit():
        ships = _vessels(vessels, by=by)
        _fill_case(case, made[:exhibits], ships, by=by, chance=chance, claims=claims)
    return Bulk(case=case, items=items, vessels=vessels)


def _batched(count: int) -> Any:
    return (range(start, min(start + BATCH, count)) for start in range(0, count, BATCH))


def _words(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=5))


def _items(numbers: list[int], *, case: Case, source: Source, by: User, chance: random.Random) -> list[Item]:
    rows = []
    for number in numbers:
        item = Item(
            kind=chance.choice(ItemKind.values),
            title=f"Made-up item {number}: {_words(chance)}",
            source=source,
            lineage=Lineage.ORIGIN,
            lineage_reason="made up",
            created_by=by,
            summary=_words(chance),
        )
        item.published = Moment.on(date(2023, 1, 1) + timedelta(days=number % 700))
        rows.append(item)
    Item.objects.bulk_create(rows, batch_size=500)
    _share(Item, rows, case)
    _record(rows, case=case, by=by)
    return rows


def _share(model: Any, rows: list[Any], case: Case) -> None:
    through = model.compartments.through
    column = f"{model._meta.model_name}_id"
    links = [through(**{column: row.pk, "compartment_id": case.compartment_id}) for row in rows]
    through._base_manager.bulk_create(links, batch_size=500)


def _record(rows: list[Any], *, case: Case, by: User) -> None:
    for row in rows:
        audit.record(
            by=by,
            act="added",
            kind=row._meta.label_lower,
            record_id=row.pk,
            compartments=[case.compartment_id],
            changes={name: (None, value) for name, value in snapshot(row).items()},
            note="made up",
        )


def _fill_case(
    case: Case, made: list[Item], ships: list[Vessel], *, by: User, chance: random.Random, claims: int
) -> None:
    exhibits = [Exhibit(case=case, number=number, item=item, created_by=by) for number, item in enumerate(made, 1)]
    Exhibit.objects.bulk_create(exhibits, batch_size=500)
    _record(exhibits, case=case, by=by)
    anchors = [
        Assertion(kind="cases.claim", visibility=Visibility.RESTRICTED, created_by=by) for _each in range(claims)
    ]
    Assertion.objects.bulk_create(anchors, batch_size=500)
    _share(Assertion, anchors, case)
    made_claims = [
        Claim(
            assertion=anchor,
            case=case,
            number=number,
            position=number,
            text=f"Made-up claim {number}: {_words(chance)}.",
        )
        for number, anchor in enumerate(anchors, 1)
    ]
    for claim in made_claims:
        claim.occurred = Moment.on(date(2023, 1, 1) + timedelta(days=claim.number % 700))
    Claim.objects.bulk_create(made_claims, batch_size=500)
    _record(made_claims, case=case, by=by)
    if exhibits:
        _cite(made_claims, exhibits, case=case, by=by, chance=chance)
    Case.objects.filter(pk=case.pk).update(last_exhibit=len(exhibits), last_claim=len(made_claims))
    bulk_case.document(case, exhibits=exhibits[:EXHIBITS], claims=made_claims, vessels=ships, by=by, chance=chance)


def _cite(claims: list[Claim], exhibits: list[Exhibit], *, case: Case, by: User, chance: random.Random) -> None:
    cited = [
        Citation(assertion_id=claim.pk, item_id=exhibit.item_id, created_by=by)
        for claim in claims
        for exhibit in chance.sample(exhibits, k=min(CITED, len(exhibits)))
    ]
    Citation.objects.bulk_create(cited, batch_size=500)
    _record(cited, case=case, by=by)


def _vessels(count: int, *, by: User) -> list[Vessel]:
    taken = set(Vessel._base_manager.values_list("imo_number", flat=True))
    numbers = [number for number in map(imo_ship_number, range(count * 2)) if number not in taken][:count]
    rows = [
        Vessel(
            display_name=f"MADE UP {number}",
            imo_number=number,
            vessel_type="bulk",
            visibility=Visibility.OPEN,
            created_by=by,
            note="made up",
        )
        for number in numbers
    ]
    Vessel.objects.bulk_create(rows, batch_size=500)
    for row in rows:
        audit.record(by=by, act="added", kind="registry.vessel", record_id=row.pk, changes={}, note="made up")
    return rows


def imo_ship_number(serial: int) -> str:
    """Return a valid ship number for a made-up serial."""
    stem = f"{serial % 900_000 + 100_000:06d}"
    return f"{stem}{ship_check_digit(stem)}"
