"""What joins the things around a case: every kind of record that names two of them, asked for many things at once.

Each kind costs one query however many things are asked about, and of each thing so many records at most.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from casefiles.cases.models import Case, Claim, Exhibit, Stance, StanceKind, Subject
from casefiles.core.addresses import record_address
from casefiles.core.moments import Moment, Period
from casefiles.core.network import Key
from casefiles.evidence.models import Citation, Derivation
from casefiles.evidence.vocabulary import CitationStance, DerivationKind
from casefiles.particulars.models import VesselRole, VesselRoleKind
from casefiles.registry.models import JUDGEMENTS, Organisation, Person, Place, Verdict, Vessel
from casefiles.sanctions.models import Designation
from casefiles.voyages.models import Activity, Candidate

VESSEL, ORGANISATION, PERSON, PLACE = "vessel", "organisation", "person", "place"
AUTHORITY, CLAIM, EVIDENCE = "authority", "claim", "evidence"
KINDS = (VESSEL, ORGANISATION, PERSON, PLACE, AUTHORITY, CLAIM, EVIDENCE)
ANCHORS = {Vessel: VESSEL, Organisation: ORGANISATION, Person: PERSON, Place: PLACE}

# So many citations are read to tell what items are cited about.
ROWS_AT_MOST = 5_000

Ids = Mapping[str, frozenset[uuid.UUID]]
Ends = Mapping[str, str]


class Join(NamedTuple):
    """One record that joins two things, by their keys. `record` is where its citations hang, where it has any."""

    source: str
    target: str
    relation: str
    time: Period | Moment | None
    url: str
    record: uuid.UUID | None = None


@dataclass
class Joins:
    """What was found; `cut` are the things of which there is more than was read."""

    found: list[Join] = field(default_factory=list)
    cut: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Near:
    """What is asked: what stands beside these things, in this case, for this reader."""

    case: Case
    user: Any
    ids: Ids
    most: int
    # Things of which not all was read, so that nobody says that this is all.
    cut: set[str] = field(default_factory=set)

    def of(self, kind: str) -> frozenset[uuid.UUID]:
        return self.ids.get(kind, frozenset())

    def rows(self, rows: QuerySet[Any], ends: Ends, *, order: str = "pk") -> QuerySet[Any] | None:
        """Return the rows that name one of the things at one of their ends; None where no thing is of such a kind.

        Of each thing the last by `order`, and one more than are wanted, so that it can be said that there are more.
        """
        asked = {column: self.of(kind) for column, kind in ends.items() if self.of(kind)}
        if not asked:
            return None
        touching, kept = Q(), Q()
        for number, (column, keys) in enumerate(asked.items()):
            beside = Q(**{f"{column}__among": keys})
            touching |= beside
            kept |= beside & Q(**{f"rank_{number}__lte": self.most + 1})
        ranks = {
            f"rank_{number}": Window(RowNumber(), partition_by=[F(column)], order_by=[F(order).desc(), F("pk")])
            for number, column in enumerate(asked)
        }
        return rows.filter(touching).annotate(**ranks).filter(kept).order_by()

    @property
    def exhibits(self) -> Any:
        """The items of the case, as a condition's other side."""
        return Exhibit.objects.visible_to(self.user).current().filter(case=self.case).values("item_id")


def key_of(kind: str, identifier: Any) -> str:
    return f"{kind}:{identifier}"


def split_key(key: str) -> Key:
    kind, _colon, identifier = key.partition(":")
    return kind, identifier


def grouped(keys: Iterable[str]) -> dict[str, frozenset[uuid.UUID]]:
    """Return the ids of keys by their kind."""
    found: dict[str, set[uuid.UUID]] = {}
    for key in keys:
        kind, identifier = split_key(key)
        found.setdefault(kind, set()).add(uuid.UUID(identifier))
    return {kind: frozenset(ids) for kind, ids in found.items()}


def joins_of(keys: Iterable[str], *, case: Case, user: Any, most: int) -> Joins:
    """Return what joins some things to others as far as `user` may see; of each thing `most` records of a kind.

    At most fourteen queries.
    """
    asked = set(keys)
    near = Near(case, user, grouped(asked), most)
    result = Joins()
    for source in SOURCES:
        found = list(source(near))
        counts = Counter(key for join in found for key in (join.source, join.target) if key in asked)
        result.cut |= {key for key, count in counts.items() if count > most}
        result.found += found
    result.cut |= near.cut
    return result


# --- One kind of record each ------------------------------------------------------------------------------------


def _roles(near: Near) -> Iterator[Join]:
    ends = {"vessel_id": VESSEL, "organisation_id": ORGANISATION}
    rows = near.rows(VesselRole.objects.visible_to(near.user).current(), ends, order="period_start_key")
    if rows is None:
        return
    names = {kind.value: str(kind.label) for kind in VesselRoleKind}
    for key, vessel, organisation, role, *time in rows.values_list(
        "pk", "vessel_id", "organisation_id", "role", *_period("period")
    ):
        url = record_address("particulars:particular", key)
        yield Join(
            key_of(ORGANISATION, organisation), key_of(VESSEL, vessel), names.get(role, role), _read(time), url, key
        )


def _calls(near: Near) -> Iterator[Join]:
    base = Candidate.objects.visible_to(near.user).filter(port_call__assertion__voided_at=None)
    others = Candidate._base_manager.filter(port_call=OuterRef("port_call")).exclude(pk=OuterRef("pk"))
    ends = {"vessel_id": VESSEL, "port_call__place_id": PLACE}
    rows = near.rows(base.annotate(is_one_of_several=Exists(others)), ends, order="port_call__when_key")
    if rows is None:
        return
    words = {kind.value: str(kind.label) for kind in Activity}
    words[Activity.UNKNOWN] = _("port call")
    columns = [name for part in ("arrived", "departed", "seen") for name in _moment(f"port_call__{part}")]
    for vessel, call, place, activity, is_one, *time in rows.values_list(
        "vessel_id", "port_call_id", "port_call__place_id", "port_call__activity", "is_one_of_several", *columns
    ):
        relation = _("possibly %(activity)s") % {"activity": words[activity]} if is_one else words[activity]
        url = record_address("voyages:port_call", call)
        yield Join(key_of(VESSEL, vessel), key_of(PLACE, place), relation, _stay(time), url, call)


def _designations(near: Near) -> Iterator[Join]:
    ends = {"vessel_id": VESSEL, "organisation_id": ORGANISATION, "person_id": PERSON, "authority_id": AUTHORITY}
    rows = near.rows(Designation.objects.visible_to(near.user).current(), ends, order="in_force_key")
    if rows is None:
        return
    columns = ("authority_id", "vessel_id", "organisation_id", "person_id", "end_kind")
    times = [name for part in ("in_force", "announced", "ended") for name in _moment(part)]
    for key, authority, vessel, organisation, person, end_kind, *time in rows.values_list("pk", *columns, *times):
        in_force, announced, ended = (_read_moment(*time[start : start + 2]) for start in (0, 2, 4))
        target = _first((VESSEL, vessel), (ORGANISATION, organisation), (PERSON, person))
        url = record_address("sanctions:designation", key)
        term = _term(in_force or announced, ended, end_kind)
        yield Join(key_of(AUTHORITY, authority), target, _("designated"), term, url, key)


def _people(near: Near) -> Iterator[Join]:
    base = Person.objects.visible_to(near.user).current().filter(organisation__isnull=False)
    rows = near.rows(base, {"id": PERSON, "organisation_id": ORGANISATION})
    if rows is None:
        return
    for key, organisation, role in rows.values_list("pk", "organisation_id", "public_role"):
        url = record_address("workspace:person", key)
        yield Join(key_of(PERSON, key), key_of(ORGANISATION, organisation), role or _("belongs to"), None, url)


def _places(near: Near) -> Iterator[Join]:
    rows = near.rows(
        Place.objects.visible_to(near.user).current().filter(parent__isnull=False), {"id": PLACE, "parent_id": PLACE}
    )
    if rows is None:
        return
    for key, parent in rows.values_list("pk", "parent_id"):
        yield Join(
            key_of(PLACE, key), key_of(PLACE, parent), _("part of"), None, record_address("workspace:place", key)
        )


def _judgements(near: Near) -> Iterator[Join]:
    words = {Verdict.SAME: _("judged to be the same"), Verdict.UNSURE: _("perhaps the same")}
    for anchor, model in JUDGEMENTS.items():
        kind = ANCHORS[anchor]
        base = model.objects.visible_to(near.user).current().exclude(verdict=Verdict.DIFFERENT)
        rows = near.rows(base, {"first_id": kind, "second_id": kind})
        if rows is None:
            continue
        for first, second, verdict in rows.values_list("first_id", "second_id", "verdict"):
            url = record_address(f"workspace:{kind}", first)
            yield Join(key_of(kind, first), key_of(kind, second), words[verdict], None, url)


def _claims_at_places(near: Near) -> Iterator[Join]:
    base = Claim.objects.visible_to(near.user).current().filter(case=near.case, place__isnull=False)
    rows = near.rows(base, {"pk": CLAIM, "place_id": PLACE}, order="number")
    if rows is None:
        return
    for key, place, *time in rows.values_list("pk", "place_id", *_moment("occurred")):
        url = record_address("cases:claim", near.case.pk, key)
        yield Join(key_of(CLAIM, key), key_of(PLACE, place), _("is about"), _read_moment(*time), url, key)


def _claims_about(near: Near) -> Iterator[Join]:
    """Yield what claims name as that which they are about."""
    ends = {f"subject__{kind}_id": kind for kind in (VESSEL, ORGANISATION, PERSON, PLACE)}
    base = Claim.subjects.through.objects.filter(
        claim__in=Claim.objects.visible_to(near.user).current().filter(case=near.case),
        subject__in=Subject.objects.visible_to(near.user).current(),
    )
    rows = near.rows(base, {"claim_id": CLAIM, **ends}, order="claim__number")
    if rows is None:
        return
    for claim, *targets, wording, edtf in rows.values_list("claim_id", *ends, *_moment("claim__occurred")):
        url = record_address("cases:claim", near.case.pk, claim)
        for kind, target in zip(ends.values(), targets, strict=True):
            if target:
                when = _read_moment(wording, edtf)
                yield Join(key_of(CLAIM, claim), key_of(kind, target), _("is about"), when, url, claim)


def _cited_for_claims(near: Near) -> Iterator[Join]:
    base = Citation.objects.visible_to(near.user).current()
    base = base.filter(assertion__cases_claim__case=near.case, assertion__voided_at__isnull=True)
    rows = near.rows(base, {"assertion_id": CLAIM, "item_id": EVIDENCE}, order="created_at")
    if rows is None:
        return
    words = {stance.value: str(stance.label) for stance in CitationStance}
    columns = ("pk", "assertion_id", "item_id", "stance", *_moment("item__occurred"), *_moment("item__published"))
    for key, claim, item, stance, *time in rows.values_list(*columns):
        url = f"{record_address('cases:claim', near.case.pk, claim)}#citation-{key}"
        when = _read_moment(*time[:2]) or _read_moment(*time[2:])
        yield Join(key_of(EVIDENCE, item), key_of(CLAIM, claim), words[stance], when, url)


# Where an assertion about the world names a thing: its accessor from the anchor, and the columns that name things.
ABOUT: dict[str, dict[str, str]] = {
    "particulars_nameuse": {"vessel_id": VESSEL, "organisation_id": ORGANISATION, "person_id": PERSON},
    "particulars_flagperiod": {"vessel_id": VESSEL},
    "particulars_identifieruse": {"vessel_id": VESSEL, "organisation_id": ORGANISATION},
    "particulars_addressuse": {"organisation_id": ORGANISATION},
    "particulars_vesselrole": {"vessel_id": VESSEL, "organisation_id": ORGANISATION},
    "particulars_deceptivepractice": {"vessel_id": VESSEL},
    "particulars_dimension": {"vessel_id": VESSEL},
    "sanctions_designation": {"vessel_id": VESSEL, "organisation_id": ORGANISATION, "person_id": PERSON},
    "statements_statement": {"speaker_id": PERSON, "organisation_id": ORGANISATION},
    "voyages_portcall": {"place_id": PLACE, "candidates__vessel_id": VESSEL},
    "voyages_voyage": {"vessel_id": VESSEL},
}
NAMED = [
    (f"assertion__{accessor}__{column}", kind)
    for accessor, columns in ABOUT.items()
    for column, kind in columns.items()
]


def _cited_about(near: Near) -> Iterator[Join]:
    """Yield one join for an item of the case and a thing that it is cited about, however many records that is for."""
    touching = _touching(near)
    if not touching:
        return
    base = Citation.objects.visible_to(near.user).current().order_by("pk")
    base = base.filter(touching, assertion__voided_at__isnull=True, item_id__in=near.exhibits)
    columns = [column for column, _kind in NAMED]
    pairs: dict[tuple[Any, str], tuple[list[Any], set[Any]]] = {}
    # One row for each citation; of a port call also one for each candidate.
    rows = base.values_list(
        "item_id", "assertion_id", *_moment("item__occurred"), *_moment("item__published"), *columns
    )
    found = list(rows[: ROWS_AT_MOST + 1])
    if len(found) > ROWS_AT_MOST:
        near.cut.update(key_of(kind, key) for kind, keys in near.ids.items() for key in keys)
    for item, assertion, *rest in found[:ROWS_AT_MOST]:
        for key in _named_by(near, item, rest[4:]):
            pairs.setdefault((item, key), (rest[:4], set()))[1].add(assertion)
    for (item, target), (time, assertions) in pairs.items():
        when = _read_moment(*time[:2]) or _read_moment(*time[2:])
        count = len(assertions)
        relation = _("cited about it ×%(count)s") % {"count": count} if count > 1 else _("cited about it")
        yield Join(key_of(EVIDENCE, item), target, relation, when, record_address("evidence:item", item))


def _touching(near: Near) -> Q:
    touching = Q(item_id__among=near.of(EVIDENCE)) if near.of(EVIDENCE) else Q()
    for column, kind in NAMED:
        if near.of(kind):
            touching |= Q(**{f"{column}__among": near.of(kind)})
    return touching


def _named_by(near: Near, item: uuid.UUID, ids: Iterable[uuid.UUID | None]) -> Iterator[str]:
    """Yield the things that a record names: those asked about, or all of them where the item is."""
    for (_column, kind), key in zip(NAMED, ids, strict=True):
        if key and (key in near.of(kind) or item in near.of(EVIDENCE)):
            yield key_of(kind, key)


def _stances(near: Near) -> Iterator[Join]:
    said = "case_statement__statement"
    base = Stance.objects.visible_to(near.user).current().filter(case=near.case, case_statement__voided_at=None)
    base = base.filter(claim__assertion__voided_at=None, **{f"{said}__assertion__voided_at": None})
    ends = {"claim_id": CLAIM, f"{said}__speaker_id": PERSON, f"{said}__organisation_id": ORGANISATION}
    rows = near.rows(base, ends, order=f"{said}__said_key")
    if rows is None:
        return
    words = {stance.value: str(stance.label) for stance in StanceKind}
    columns = (
        "claim_id",
        "stance",
        f"{said}_id",
        f"{said}__speaker_id",
        f"{said}__organisation_id",
        *_moment(f"{said}__said"),
    )
    for claim, stance, statement, speaker, organisation, *time in rows.values_list(*columns):
        who = _first((PERSON, speaker), (ORGANISATION, organisation))
        if who:
            url = record_address("statements:statement", statement)
            yield Join(who, key_of(CLAIM, claim), words[stance], _read_moment(*time), url, statement)


def _derivations(near: Near) -> Iterator[Join]:
    # Items outside the case are left out by their names: asked here, that took seconds with 10,000 exhibits.
    base = Derivation.objects.visible_to(near.user).current()
    rows = near.rows(base, {"child_id": EVIDENCE, "parent_id": EVIDENCE}, order="created_at")
    if rows is None:
        return
    words = {kind.value: str(kind.label) for kind in DerivationKind}
    for child, parent, kind, *time in rows.values_list("child_id", "parent_id", "kind", *_moment("child__published")):
        url = record_address("evidence:item", child)
        yield Join(key_of(EVIDENCE, child), key_of(EVIDENCE, parent), words[kind], _read_moment(*time), url)


SOURCES: tuple[Callable[[Near], Iterator[Join]], ...] = (
    _roles,
    _calls,
    _designations,
    _people,
    _places,
    _judgements,
    _claims_at_places,
    _claims_about,
    _stances,
    _cited_for_claims,
    _cited_about,
    _derivations,
)


# --- Reading columns --------------------------------------------------------------------------------------------


def _moment(name: str) -> tuple[str, str]:
    return f"{name}_wording", f"{name}_edtf"


def _period(name: str) -> tuple[str, ...]:
    return (*_moment(f"{name}_start"), *_moment(f"{name}_end"), f"{name}_end_kind")


def _read_moment(wording: str, edtf: str) -> Moment | None:
    return Moment.from_edtf(edtf, wording=wording) if edtf else None


def _read(columns: Any) -> Period | None:
    start, end = _read_moment(*columns[:2]), _read_moment(*columns[2:4])
    return Period(start, end, columns[4]) if start or end else None


def _stay(columns: Any) -> Period | Moment | None:
    """Return when a ship was at a place; a day on which it was seen says least, and is taken where nothing else is."""
    arrived, departed, seen = (_read_moment(*columns[start : start + 2]) for start in (0, 2, 4))
    if not arrived and not departed:
        return seen
    return _term(arrived, departed, "unknown")


def _term(start: Moment | None, end: Moment | None, end_kind: str) -> Period | None:
    """Return a period, or its start alone where its dates contradict each other."""
    if start is None and end is None:
        return None
    try:
        return Period(start, end, "dated" if end else ("ongoing" if end_kind == "ongoing" else "unknown"))
    except ValueError:
        return Period(start, None, "unknown")


def _first(*ends: tuple[str, Any]) -> str:
    return next((key_of(kind, key) for kind, key in ends if key), "")
