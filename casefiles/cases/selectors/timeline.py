"""What happened in and around a case, as entries of a timeline and places of a map."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
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
from casefiles.sanctions.models import Designation
from casefiles.sanctions.querysets import DesignationQuerySet
from casefiles.voyages.charts import PortChart, chart_of_port_calls
from casefiles.voyages.models import PortCall, Voyage

VOYAGES, EVIDENCE, STATEMENTS, MEASURES, CLAIMS = "voyages", "evidence", "statements", "measures", "claims"
NO_ID = uuid.UUID(int=0)


def lane_labels() -> tuple[tuple[str, str], ...]:
    """Return the lanes in the order in which they are drawn."""
    return (
        (VOYAGES, _("Voyages")),
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


def covered_by(case: Case) -> Q:
    """Return the condition that every reader of the case may see an asserted record: what a dossier may say."""
    through = Assertion.compartments.through._base_manager
    shared = through.filter(compartment_id=case.compartment_id).values("assertion_id")
    return Q(assertion__visibility=Visibility.OPEN) | Q(assertion_id__in=shared)


def around(case: Case, user: Any, *, is_for_all_readers: bool = False) -> Around:
    """Return port calls, voyages and designations of the subjects that `user` may see, in a constant number of queries.

    `is_for_all_readers` leaves out what other readers of the case may not see.
    """
    subjects = tuple(
        Subject.objects.visible_to(user)
        .current()
        .filter(case=case)
        .select_related("vessel", "organisation", "person", "place")
        .order_by("-is_main", "created_at", "pk")
    )
    condition = covered_by(case) if is_for_all_readers else Q()
    vessels = [subject.vessel_id for subject in subjects if subject.vessel_id]
    return Around(
        subjects=subjects,
        port_calls=tuple(_port_calls(vessels, user).filter(condition)),
        voyages=tuple(_voyages(vessels, user).filter(condition)),
        designations=tuple(_designations(subjects, user).filter(condition)),
    )


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
    case: Case, user: Any, *, found: Around | None = None, lanes: Iterable[str] | None = None
) -> list[Entry]:
    """Return what the timeline of a case shows, in a constant number of queries.

    `found` is what `around` returned, where the caller has it; `lanes` leaves out the others.
    """
    wanted = set(lanes) if lanes else {key for key, _label in lane_labels()}
    makers: dict[str, Callable[[], Iterable[Entry]]] = {
        EVIDENCE: lambda: _exhibits(case, user),
        STATEMENTS: lambda: _statements(case, user),
        CLAIMS: lambda: _claims(case, user),
    }
    entries: list[Entry] = []
    if wanted & {VOYAGES, MEASURES}:
        found = found or around(case, user)
        makers[VOYAGES] = lambda: _stays(found)
        makers[MEASURES] = lambda: _measures(found)
    for lane, maker in makers.items():
        if lane in wanted:
            entries += maker()
    return entries


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


def _exhibits(case: Case, user: Any) -> Iterator[Entry]:
    rows = Exhibit.objects.visible_to(user).current().filter(case=case).select_related("item").order_by("number")
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


def _statements(case: Case, user: Any) -> Iterator[Entry]:
    rows = (
        CaseStatement.objects.visible_to(user)
        .current()
        .filter(case=case, statement__assertion__voided_at=None)
        .select_related("statement__speaker", "statement__organisation")
        .order_by("number")
    )
    address = _prefix("statements:statement")
    for row in rows:
        said = row.statement
        title = f"{row.label} {said.speaker_name}: {shortened(said.text, 160)}"
        label = f"{row.label} {said.speaker_name}"
        yield _said_once(STATEMENTS, label, title, said.said, address(said.pk))


def _claims(case: Case, user: Any) -> Iterator[Entry]:
    address = _prefix("cases:claim", case.pk)
    rows = Claim.objects.visible_to(user).current().filter(case=case).order_by("number", "pk")
    for claim in rows.only("number", "text", "outcome", *_moment("occurred")):
        tone = "" if claim.outcome == "held" else "bad"
        title = f"{claim.label} {claim.text}"
        yield _said_once(CLAIMS, claim.label, title, claim.occurred, address(claim.pk), tone=tone)


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
