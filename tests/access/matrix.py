"""Every address of the seeded cases, with ids filled in, for tests that try all of them."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from casefiles.access.gate import visibility_of
from casefiles.access.querysets import EveryMember
from casefiles.workspace.demo.matrix import Matrix, World
from tests.access.test_urls import ADDRESSES
from tests.engines import IS_SECOND_ENGINE

# The folder of a case's address says what the second id is of.
CHILDREN = {
    "claims": "cases.claim",
    "citations": "evidence.citation",
    "exhibits": "cases.exhibit",
    "statements": "cases.casestatement",
    "subjects": "cases.subject",
    "tasks": "cases.task",
    "planned": "cases.plannedclaim",
    "replies": "cases.replyrequest",
    "attempts": "cases.replyattempt",
    "team": "access.membership",
    "discussion": "cases.comment",
    "dossier": "dossiers.release",
    "releases": "dossiers.release",
}
METHODS = ("get", "post")
RARER_METHODS = ("head", "put", "patch", "delete", "options")


@dataclass(frozen=True)
class Address:
    route: str
    act: str
    hidden: str
    """The address with the ids of a record that exists."""
    absent: str
    """The same address with an id that never existed."""


def methods_for(who: str, number: int) -> tuple[str, ...]:
    """Return the verbs with which `who` tries the address of that number.

    The gate decides before the method: a stranger tries all of them everywhere, others each rarer one at every fifth
    address, and on the second engine, which has only its own SQL to show, nobody tries the rarer ones.
    """
    if IS_SECOND_ENGINE:
        return METHODS
    return METHODS + (RARER_METHODS if who == "OUT" else (RARER_METHODS[number % len(RARER_METHODS)],))


def addresses(matrix: Matrix) -> Iterator[Address]:
    """Yield every address about a record or case of world A."""
    for route, callback in ADDRESSES:
        kind, _colon, act = (visibility_of(callback) or "").partition(":")
        if kind not in {"case", "record"} or "admin" in route:
            continue
        view = callback.view_class
        # Open to every member by its rule, whatever case it serves: there is nothing to hide.
        if view.record_model.visibility_rules == (EveryMember(),):
            continue
        yield Address(
            route=route,
            act=act,
            hidden=_filled(route, matrix.a, view, absent=False),
            absent=_filled(route, matrix.a, view, absent=True),
        )


def _filled(route: str, world: World, view, *, absent: bool) -> str:
    path = route
    own = f"<uuid:{view.record_kwarg}>"
    label = view.record_model._meta.label_lower
    # Of the citations, only those on claims belong to the case; they were made last.
    known = world.records[label][-1] if label == "evidence.citation" else _id_of(label, world)
    first = str(uuid.uuid4()) if absent else known
    path = path.replace(own, first)
    # A part of a case: its own id stands after that of the case, which is real in any event.
    path = path.replace("<uuid:case_id>", str(world.case.pk)).replace("<int:number>", "1")
    if "<uuid:" in path:
        folder = next(part for part in route.split("/") if part in CHILDREN)
        placeholder = path[path.index("<uuid:") : path.index(">", path.index("<uuid:")) + 1]
        path = path.replace(placeholder, _id_of(CHILDREN[folder], world))
    return f"/{path}"


def _id_of(label: str, world: World) -> str:
    if label == "access.membership":
        return str(world.case.compartment.memberships.first().pk)
    if label == "access.compartment":
        return str(world.case.compartment_id)
    if label == "evidence.assertion":
        return world.records["particulars.flagperiod"][0]
    return world.records[label][0]
