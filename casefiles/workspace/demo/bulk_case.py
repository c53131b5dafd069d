"""What a large made-up case holds beside exhibits and claims, added by the actions, so that every page has work."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from casefiles.access.circles import Circle
from casefiles.accounts.models import User
from casefiles.cases import actions as cases
from casefiles.cases.models import Case, Claim, Exhibit, StanceKind
from casefiles.core.moments import Moment
from casefiles.evidence.actions import derivations, files, grades
from casefiles.evidence.vocabulary import DerivationKind
from casefiles.registry import actions as registry
from casefiles.registry.models import Place, Vessel
from casefiles.voyages import actions as voyages
from casefiles.voyages.models import Activity

MADE_UP = "made up"
FIRST_DAY = date(2023, 1, 1)
# One of so many exhibits has a file, a grade, a parent, a partner, a statement made from it.
FILED, GRADED, DERIVED, PAIRED, SAID = 4, 2, 4, 10, 12
SUBJECTS, TASKS, PLACES = 6, 40, 5
# The main subject has so many of the port calls that its page is full.
CALLS, CALLS_OF_MAIN = 100, 24


def document(
    case: Case,
    *,
    exhibits: Sequence[Exhibit],
    claims: Sequence[Claim],
    vessels: Sequence[Vessel],
    by: User,
    chance: random.Random,
) -> None:
    """Add lineage, files, grades, statements, subjects with port calls, and tasks; less where exhibits are few."""
    share = min(1.0, len(exhibits) / 500)
    _lineage(exhibits, by=by, chance=chance)
    _files_and_grades(exhibits, by=by, chance=chance)
    _statements(case, exhibits, claims, by=by, chance=chance)
    _sightings(case, vessels[:SUBJECTS], by=by, calls=round(CALLS * share))
    for number in range(1, round(TASKS * share) + 1):
        cases.add_task(case, by=by, title=f"Made-up task {number}", due_on=FIRST_DAY + timedelta(days=number))


def _lineage(exhibits: Sequence[Exhibit], *, by: User, chance: random.Random) -> None:
    for exhibit in exhibits[DERIVED::DERIVED]:
        earlier = exhibits[chance.randrange(exhibit.number - 1)]
        kind = chance.choice(DerivationKind.values)
        derivations.add_derivation(exhibit.item, by=by, parent=earlier.item, kind=kind)
    origins = [exhibit.item for exhibit in exhibits if exhibit.number % DERIVED != 1]
    for first, second in zip(origins[::PAIRED], origins[1::PAIRED], strict=False):
        derivations.sign_independence(first, second, by=by, reason=MADE_UP)


def _files_and_grades(exhibits: Sequence[Exhibit], *, by: User, chance: random.Random) -> None:
    for exhibit in exhibits[::FILED]:
        text = f"Made-up file of {exhibit.label}.".encode()
        files.attach_file(exhibit.item, by=by, chunks=[text], name=f"made-up-{exhibit.number}.txt")
    for exhibit in exhibits[::GRADED]:
        reliability, credibility = chance.choice("ABCDEF"), chance.choice("23456")
        grades.grade(exhibit.item, by=by, reliability=reliability, credibility=credibility, rationale=MADE_UP)


def _statements(
    case: Case, exhibits: Sequence[Exhibit], claims: Sequence[Claim], *, by: User, chance: random.Random
) -> None:
    for exhibit in exhibits[::SAID]:
        stances = {claim: chance.choice(StanceKind.values) for claim in chance.sample(claims, k=3)}
        cases.record_statement(
            case,
            by=by,
            exhibit=exhibit,
            text=f"Made-up words about {exhibit.label}.",
            speaker_text="A made-up spokesperson",
            said=Moment.on(FIRST_DAY + timedelta(days=exhibit.number)),
            stances=stances,
        )


def _sightings(case: Case, vessels: Sequence[Vessel], *, by: User, calls: int) -> None:
    for vessel in vessels:
        cases.add_subject(case, by=by, vessel=vessel, role=MADE_UP, is_main=vessel is vessels[0])
    if not vessels or not calls:
        return
    circle = Circle.of_case(case)
    places = [_place(number, circle=circle, by=by) for number in range(1, PLACES + 1)]
    for number in range(calls):
        vessel = vessels[0] if number < CALLS_OF_MAIN else vessels[number % len(vessels)]
        arrived = FIRST_DAY + timedelta(days=7 * number)
        voyages.add_port_call(
            by=by,
            circle=circle,
            place=places[number % PLACES],
            vessels=[vessel],
            arrived=Moment.on(arrived),
            departed=Moment.on(arrived + timedelta(days=2)),
            activity=Activity.values[number % len(Activity.values)],
        )


def _place(number: int, *, circle: Circle, by: User) -> Place:
    point = {"latitude": 35 + number, "longitude": 130 + number}
    return registry.add_place(by=by, circle=circle, name=f"Made-up port {number}", kind="port", **point)
