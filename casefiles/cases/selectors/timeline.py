"""What happened in and around a case, as entries of a timeline and places of a map."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from casefiles.access.rules import Visibility
from casefiles.cases.models import Case, CaseStatement, Claim, Exhibit, Subject
from casefiles.core import chart
from casefiles.core.moments import Moment, Period
from casefiles.core.timeline import Entry, Extent, extent_of, extent_of_stay, shortened
from casefiles.evidence.models import Assertion
from casefiles.particulars.models import DeceptivePractice
from casefiles.sanctions.models import Designation
from casefiles.sanctions.querysets import DesignationQuerySet
from casefiles.voyages.charts import PortChart, chart_of_port_calls
from casefiles.voyages.models import Decision, PortCall, TrackEvent, Voyage

VOYAGES, EVIDENCE, STATEMENTS, MEASURES, CLAIMS = "voyages", "evidence", "statements", "measures", "claims"
EVENTS, PRACTICES = "events", "practices"
NO_ID = uuid.UUID(int=0)


def lane_labels() -> tuple[tuple[str, str], ...]:
    """Return the lanes in the order in which they are drawn."""
    return (
        (VOYAGES, _("Voyages")),
        (EVENTS, _("Track events")),
        (PRACTICES, _("Practices")),
        (EVIDENCE, _("Evidence")),
        (STATEMENTS, _("Statements")),
        (MEASURES, _("Measures")),
        (CLAIMS, _("Claims")),
    )


@dataclass(frozen=True)
class Around:
    """What is recorded about the subjects of a case."""

    subjects: tuple[Subject, ...]
    port_calls: tuple[PortCall, ...]
    voyages: tuple[Voyage, ...]
    designations: tuple[Designation, ...]
    practices: tuple[DeceptivePractice, ...] = ()
    events: tuple[TrackEvent, ...] = ()


@dataclass(frozen=True)
class Only:
    """What a timeline leaves out: what is certainly outside the days, and what is of no such item, claim or speaker.

    None leaves out nothing. `speaker` is a condition on statements.
    """

    since: date | None = None
    until: date | None = None
    items: frozenset[uuid.UUID] | None = None
    claims: frozenset[uuid.UUID] | None = None
    speaker: Q | None = None

    def holds(self, entry: Entry) -> bool:
        """Say whether an entry may lie within the days."""
        if not self.since and not self.until:
            return True
        extent = entry.extent
        if extent is None or not extent.known_days:
            return False
        latest = None if extent.is_ongoing else extent.latest
        is_before = self.since is not None and latest is not None and latest < self.since
        return not is_before and not (self.until and extent.earliest and extent.earliest > self.until)

    def within(self, name: str) -> Q:
        """Return the condition that a moment may lie within the days."""
        condition = Q()
        if self.since:
            condition &= Q(**{f"{name}_latest__gte": self.since}) | Q(**{f"{name}_latest": None})
        if self.until:
            condition &= Q(**{f"{name}_earliest__lte": self.until}) | Q(**{f"{name}_earliest": None})
        return condition & ~Q(**{f"{name}_edtf": ""}) if condition else condition


ALL = Only()


def covered_by(case: Case) -> Q:
    """Return the condition that every reader of the case may see an asserted record: what a dossier may say."""
    through = Assertion.compartments.through._base_manager
    shared = through.filter(compartment_id=case.compartment_id).values("assertion_id")
    return Q(assertion__visibility=Visibility.OPEN) | Q(assertion_id__in=shared)


def around(
    case: Case, user: Any, *, is_for_all_readers: bool = False, with_conduct: bool = False, subject: Any = None
) -> Around:
    """Return port calls, voyages and designations of the subjects that `user` may see, in a constant number of queries.

    `is_for_all_readers` leaves out what other readers of the case may not see. `with_conduct` adds what is said of the
    ships' practices, and accepted events of their tracks; `subject` leaves out the other subjects (by its key).
    """
    subjects = tuple(
        Subject.objects.visible_to(user)
        .current()
        .filter(case=case)
        .select_related("vessel", "organisation", "person", "place")
        .order_by("-is_main", "created_at", "pk")
    )
    if subject is not None:
        subjects = tuple(one for one in subjects if one.target.pk == subject)
    condition = covered_by(case) if is_for_all_readers else Q()
    vessels = [subject.vessel_id for subject in subjects if subject.vessel_id]
    return Around(
        subjects=subjects,
        port_calls=tuple(_port_calls(vessels, user).filter(condition)),
        voyages=tuple(_voyages(vessels, user).filter(condition)),
        designations=tuple(_designations(subjects, user).filter(condition)),
        practices=tuple(_practices(vessels, user)) if with_conduct else (),
        events=tuple(_events(vessels, user)) if with_conduct else (),
    )


def _practices(vessels: Sequence[uuid.UUID], user: Any) -> Any:
    rows = DeceptivePractice.objects.visible_to(user).current().filter(vessel_id__in=vessels)
    return rows.select_related("vessel").order_by("period_start_key", "pk")


def _events(vessels: Sequence[uuid.UUID], user: Any) -> Any:
    """Return events that somebody accepted; those accepted as a port call are shown as that."""
    rows = TrackEvent.objects.visible_to(user).current().filter(run__vessel_id__in=vessels, decision=Decision.ACCEPTED)
    rows = rows.filter(port_call=None).select_related("run__vessel", "place").order_by("start_at", "created_at", "pk")
    # A later run takes the decision over for the same event.
    return {(one.run.vessel_id, one.kind, one.start_at, one.end_at): one for one in reversed(rows)}.values()


def _port_calls(vessels: Sequence[uuid.UUID], user: Any) -> Any:
    candidates = PortCall._meta.get_field("candidates").related_model
    calls = candidates._base_manager.filter(vessel_id__in=vessels).values("port_call_id")
    rows = PortCall.objects.visible_to(user).current().with_places()
    return rows.filter(pk__in=calls).order_by("when_key", "pk")


def _voyages(vessels: Sequence[uuid.UUID], user: Any) -> Any:
    rows = Voyage.objects.visible_to(user).current().with_ends()
    return rows.filter(vessel_id__in=vessels).order_by("sailed_key", "pk")


def _designations(subjects: Iterable[Subject], user: Any) -> DesignationQuerySet:
    named: dict[str, list[uuid.UUID]] = {"vessel_id": [], "organisation_id": [], "person_id": []}
    for subject in subjects:
        for column, keys in named.items():
            if getattr(subject, column):
                keys.append(getattr(subject, column))
    condition = Q()
    for column, keys in named.items():
        condition |= Q(**{f"{column}__in": keys})
    rows: DesignationQuerySet = Designation.objects.visible_to(user).current().with_targets()
    return rows.filter(condition).order_by("in_force_key", "pk")


# --- The timeline -----------------------------------------------------------------------------------------------


def timeline_entries(
    case: Case, user: Any, *, found: Around | None = None, lanes: Iterable[str] | None = None, only: Only = ALL
) -> list[Entry]:
    """Return what the timeline of a case shows, in a constant number of queries.

    `found` is what `around` returned, where the caller has it; `lanes` leaves out the others.
    """
    wanted = set(lanes) if lanes else {key for key, _label in lane_labels()}
    makers: dict[str, Callable[[], Iterable[Entry]]] = {
        EVIDENCE: lambda: _exhibits(case, user, only),
        STATEMENTS: lambda: _statements(case, user, only),
        CLAIMS: lambda: _claims(case, user, only),
    }
    entries: list[Entry] = []
    if wanted & {VOYAGES, MEASURES, PRACTICES, EVENTS}:
        known = found or around(case, user, with_conduct=bool(wanted & {PRACTICES, EVENTS}))
        makers[VOYAGES] = lambda: _stays(known)
        makers[MEASURES] = lambda: _measures(known)
        makers[PRACTICES] = lambda: _said_practices(known)
        makers[EVENTS] = lambda: _accepted_events(known)
    for lane, maker in makers.items():
        if lane in wanted:
            entries += [entry for entry in maker() if only.holds(entry)]
    return entries


def first_days(case: Case, user: Any, only: Only = ALL) -> dict[str, list[date]]:
    """Return the first possible day of each exhibit, statement and claim, by lane: what a lane of too many draws."""
    moments = {EVIDENCE: _ITEM, STATEMENTS: _SAID, CLAIMS: ("occurred",)}
    rows = {
        EVIDENCE: _exhibit_rows(case, user, only),
        STATEMENTS: _statement_rows(case, user, only),
        CLAIMS: _claim_rows(case, user, only),
    }
    found = {}
    for lane, names in moments.items():
        columns = [f"{name}_{side}" for name in names for side in ("earliest", "latest")]
        found[lane] = [day for values in rows[lane].values_list(*columns) if (day := next(filter(None, values), None))]
    return found


def _prefix(url_name: str, *before: Any) -> Callable[[uuid.UUID], str]:
    """Return a function from a key to an address: the URL map is asked once for any number of entries."""
    head, tail = reverse(url_name, args=[*before, NO_ID]).rsplit(str(NO_ID), 1)
    return lambda key: f"{head}{key}{tail}"


def _stays(found: Around) -> Iterator[Entry]:
    main = {subject.vessel_id for subject in found.subjects if subject.is_main}
    call_address, voyage_address = _prefix("voyages:port_call"), _prefix("voyages:voyage")
    for call in found.port_calls:
        yield _entry(
            VOYAGES,
            _call_label(call, main),
            f"{call.vessel_names}: {call}; {call.get_basis_display()}",
            when=_when_of_call(call),
            extent=extent_of_stay(call.arrived, call.departed, call.seen),
            url=call_address(call.pk),
        )
    for voyage in found.voyages:
        yield _said_once(VOYAGES, _voyage_label(voyage, main), str(voyage), voyage.sailed, voyage_address(voyage.pk))


def _call_label(call: PortCall, main: set[Any]) -> str:
    candidates = list(call.candidates.all())
    is_main = len(candidates) == 1 and candidates[0].vessel_id in main
    known = call.activity != "unknown"
    place = f"{call.place}, {call.get_activity_display()}" if known else str(call.place)
    return place if is_main else f"{call.vessel_names}: {place}"


def _voyage_label(voyage: Voyage, main: set[Any]) -> str:
    ends = [str(call.place) if call else "?" for call in (voyage.departure, voyage.arrival)]
    label = " → ".join(ends)
    return label if voyage.vessel_id in main else f"{voyage.vessel}: {label}"


def _when_of_call(call: PortCall) -> str:
    parts = [
        words % {"when": moment.describe()}
        for words, moment in (
            (_("arrived %(when)s"), call.arrived),
            (_("left %(when)s"), call.departed),
            (_("seen %(when)s"), call.seen),
        )
        if moment
    ]
    return ", ".join(parts)


_ITEM = ("item__occurred", "item__published")
_SAID = ("statement__said",)


def _exhibit_rows(case: Case, user: Any, only: Only) -> Any:
    rows = Exhibit.objects.visible_to(user).current().filter(case=case).order_by("number")
    if only.items is not None:
        rows = rows.filter(item_id__among=only.items)
    published = Q(item__occurred_edtf="") & only.within("item__published")
    return rows.filter(only.within("item__occurred") | published) if only.since or only.until else rows


def _exhibits(case: Case, user: Any, only: Only) -> Iterator[Entry]:
    rows = _exhibit_rows(case, user, only).select_related("item")
    columns = ("title", "voided_at", *_moment("occurred"), *_moment("published"))
    address, shows, published = _prefix("evidence:item"), _("shows"), _("published")
    for exhibit in rows.only("number", "item", *(f"item__{column}" for column in columns)):
        item = exhibit.item
        occurred = item.occurred
        moment = occurred or item.published
        words = shows if occurred else published
        tone = "bad" if item.is_voided else ""
        title = f"{exhibit.label} {item.title} ({words})"
        yield _said_once(EVIDENCE, exhibit.label, title, moment, address(item.pk), tone=tone)


def _statement_rows(case: Case, user: Any, only: Only) -> Any:
    rows = CaseStatement.objects.visible_to(user).current().filter(case=case, statement__assertion__voided_at=None)
    if only.speaker is not None:
        rows = rows.filter(only.speaker)
    return rows.filter(only.within("statement__said")).order_by("number")


def _statements(case: Case, user: Any, only: Only) -> Iterator[Entry]:
    address = _prefix("statements:statement")
    for row in _statement_rows(case, user, only).select_related("statement__speaker", "statement__organisation"):
        said = row.statement
        title = f"{row.label} {said.speaker_name}: {shortened(said.text, 160)}"
        label = f"{row.label} {said.speaker_name}"
        yield _said_once(STATEMENTS, label, title, said.said, address(said.pk))


def _claim_rows(case: Case, user: Any, only: Only) -> Any:
    rows = Claim.objects.visible_to(user).current().filter(case=case).order_by("number", "pk")
    if only.claims is not None:
        rows = rows.filter(assertion_id__among=only.claims)
    return rows.filter(only.within("occurred"))


def _claims(case: Case, user: Any, only: Only) -> Iterator[Entry]:
    address = _prefix("cases:claim", case.pk)
    rows = _claim_rows(case, user, only)
    for claim in rows.only("number", "text", "outcome", *_moment("occurred")):
        tone = "" if claim.outcome == "held" else "bad"
        title = f"{claim.label} {claim.text}"
        yield _said_once(CLAIMS, claim.label, title, claim.occurred, address(claim.pk), tone=tone)


def _said_practices(found: Around) -> Iterator[Entry]:
    main = {subject.vessel_id for subject in found.subjects if subject.is_main}
    address = _prefix("particulars:particular")
    seen_in: dict[uuid.UUID | None, Entry] = dict(_movements(found))
    for one in found.practices:
        said = str(one.get_practice_display())
        period = one.period if one.period.start or one.period.end else None
        # One that is seen in a movement and has no time of its own has that of the movement.
        movement = seen_in.get(one.about_id) if period is None else None
        yield _entry(
            PRACTICES,
            said if one.vessel_id in main else f"{one.vessel}: {said}",
            f"{one.vessel}: {said}; {one.get_basis_display()}",
            when=period.describe() if period else (movement.when if movement else ""),
            extent=movement.extent if movement else extent_of(period),
            url=address(one.pk),
            tone="warn",
        )


def _movements(found: Around) -> Iterator[tuple[uuid.UUID, Entry]]:
    """Yield what a practice may be seen in, by key."""
    for records, entries in (
        ((*found.port_calls, *found.voyages), _stays(found)),
        (found.events, _accepted_events(found)),
    ):
        yield from ((record.pk, entry) for record, entry in zip(records, entries, strict=True))


def _accepted_events(found: Around) -> Iterator[Entry]:
    main = {subject.vessel_id for subject in found.subjects if subject.is_main}
    address = _prefix("voyages:track_event")
    for event in found.events:
        first, last = event.start_at.date(), event.end_at.date()
        said = str(event.get_kind_display())
        vessel = event.run.vessel
        yield _entry(
            EVENTS,
            said if event.run.vessel_id in main else f"{vessel}: {said}",
            ", ".join(str(part) for part in (f"{vessel}: {said}", event.place) if part),
            when=f"{event.start_at:%Y-%m-%d %H:%M} – {event.end_at:%Y-%m-%d %H:%M} UTC",
            extent=Extent(first, last, first, last),
            url=address(event.pk),
        )


def _moment(name: str) -> tuple[str, str]:
    """Return the columns of which a moment is read: a long case is drawn from few of them."""
    return f"{name}_wording", f"{name}_edtf"


def _measures(found: Around) -> Iterator[Entry]:
    address = _prefix("sanctions:designation")
    for designation in found.designations:
        time = _in_force(designation)
        when = time.describe() if time else _("date not known")
        yield _entry(
            MEASURES,
            str(designation),
            ", ".join(part for part in (str(designation), designation.measures_text) if part),
            when=when,
            extent=extent_of(time),
            url=address(designation.pk),
            tone="warn",
        )


def _in_force(designation: Designation) -> Period | None:
    start = designation.in_force or designation.announced
    if start is None and designation.ended is None:
        return None
    try:
        if designation.ended:
            return Period(start, designation.ended, "dated")
        return Period(start, None, "ongoing" if designation.end_kind == "ongoing" else "unknown")
    except ValueError:
        # Dates that contradict each other are shown by their start alone.
        return Period(start, None, "unknown")


def _said_once(lane: str, label: str, title: str, moment: Moment | None, url: str, *, tone: str = "") -> Entry:
    when = moment.describe() if moment else ""
    return _entry(lane, label, title, when=when, extent=extent_of(moment), url=url, tone=tone)


def _entry(lane: str, label: str, title: str, *, when: str, extent: Extent | None, url: str, tone: str = "") -> Entry:
    return Entry(lane=lane, label=label, title=title, when=when, extent=extent, url=url, tone=tone)


# --- The map ----------------------------------------------------------------------------------------------------


def case_chart(
    found: Around,
    *,
    has_ports: bool = True,
    areas: Sequence[chart.Area] = (),
    marks: Sequence[chart.Mark] = (),
    width: int = chart.WIDTH,
    tallest: float = chart.TALLEST,
) -> PortChart:
    """Return the map of the places where the subjects were seen, and of the places that are subjects; no queries.

    `areas` and `marks` are drawn with them, or alone.
    """
    places = [subject.place for subject in found.subjects if subject.place]
    shown = (found.port_calls, found.voyages, places) if has_ports else ((), (), ())
    return chart_of_port_calls(*shown, areas=areas, marks=marks, width=width, tallest=tallest)
