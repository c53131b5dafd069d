"""Worlds for tests, built through the same actions that the pages use.

People are named for their role. A maker takes what matters to the test and fills in the rest.
"""

import datetime
import itertools
from typing import Any

from django.utils import timezone

from casefiles.access import actions as access
from casefiles.access.circles import Circle
from casefiles.access.models import Compartment
from casefiles.access.rules import Role
from casefiles.accounts.models import User
from casefiles.cases import actions as cases
from casefiles.core.moments import Period, parse_moment, parse_period_end
from casefiles.evidence.actions import citations, derivations, files, items, sources
from casefiles.particulars import actions as particulars
from casefiles.registry import actions as registry
from casefiles.sanctions import actions as sanctions
from casefiles.sanctions.actions import editions
from casefiles.statements import actions as statements
from casefiles.voyages import actions as voyages
from casefiles.voyages.actions import positions
from casefiles.voyages.readers.options import Options

PASSWORD = "a long enough passphrase"

_numbers = itertools.count(1)


def number() -> int:
    """Return a number not given before in this process."""
    return next(_numbers)


# --- People -----------------------------------------------------------------------------------------------------


def user(username: str = "", **fields: Any) -> User:
    name = username or f"person{number()}"
    account = User(username=name, display_name=name.capitalize(), **fields)
    account.set_password(PASSWORD)
    account.save()
    return account


def lead(username: str = "") -> User:
    """Return somebody who may open cases."""
    return user(username or f"lead{number()}", may_open_cases=True)


def circle(lead: User, **members: User) -> Compartment:
    """Return a compartment led by `lead`; keywords name roles: `circle(lead, viewer=somebody)`."""
    compartment = access.open_compartment(name=f"Circle {number()}", by=lead)
    for role, member in members.items():
        access.set_role(compartment=compartment, user=member, role=Role(role), by=lead)
    return compartment


def restricted_to(compartment: Compartment) -> Circle:
    return Circle(compartments=(compartment,))


# --- Registry ---------------------------------------------------------------------------------------------------


def imo_number(serial: int | None = None) -> str:
    """Return a valid IMO ship number that no other call of this process returned."""
    stem = f"{(serial if serial is not None else number()) % 900000 + 100000:06d}"
    check = sum(int(digit) * weight for digit, weight in zip(stem, range(7, 1, -1), strict=True)) % 10
    return f"{stem}{check}"


def vessel(by: User, *, circle: Circle | None = None, **values: Any) -> Any:
    """Return a vessel under a working name; give `imo_number` for one that everybody sees."""
    values.setdefault("display_name", f"Vessel {number()}")
    return registry.add_vessel(by=by, circle=circle or Circle.everyone(), **values)


def numbered_vessel(by: User, **values: Any) -> Any:
    return vessel(by, imo_number=imo_number(), **values)


def organisation(by: User, *, circle: Circle | None = None, **values: Any) -> Any:
    values = {"name": f"Organisation {number()}", "kind": "company", **values}
    return registry.add_organisation(by=by, circle=circle or Circle.everyone(), **values)


def person(by: User, *, circle: Circle | None = None, **values: Any) -> Any:
    values.setdefault("name", f"Office holder {number()}")
    return registry.add_person(by=by, circle=circle or Circle.everyone(), **values)


def place(by: User, *, circle: Circle | None = None, **values: Any) -> Any:
    values = {"name": f"Place {number()}", "kind": "port", **values}
    return registry.add_place(by=by, circle=circle or Circle.everyone(), **values)


def judgement(by: User, first: Any, second: Any, *, circle: Circle | None = None, **values: Any) -> Any:
    """Return a judgement that two anchors are the same, of which the first stands; or another `verdict`."""
    values = {"verdict": "same", "reason": "The same bow and the same crane.", **values}
    standing = values.pop("standing", first) if values["verdict"] == "same" else None
    return registry.judge(first, second, by=by, circle=circle or Circle.everyone(), standing=standing, **values)


# --- Particulars ------------------------------------------------------------------------------------------------


def period(start: str = "", end: str = "") -> Period:
    """Return a period from words or EDTF; an empty start or end is not known, "ongoing" goes on."""
    moment, kind = parse_period_end(end)
    return Period(start=parse_moment(start) if start else None, end=moment, end_kind=kind)


def name_use(by: User, vessel: Any, name: str, *, circle: Circle | None = None, **values: Any) -> Any:
    return particulars.add_name_use(by=by, circle=circle or Circle.everyone(), vessel=vessel, name=name, **values)


def flag(by: User, vessel: Any, country: str, *, circle: Circle | None = None, **values: Any) -> Any:
    return particulars.add_flag_period(
        by=by, circle=circle or Circle.everyone(), vessel=vessel, country=country, **values
    )


# --- Evidence ---------------------------------------------------------------------------------------------------


def source(by: User, *, circle: Circle | None = None, **values: Any) -> Any:
    values = {"name": f"Source {number()}", "kind": "outlet", **values}
    return sources.add_source(by=by, circle=circle or Circle.everyone(), **values)


def item(by: User, *, circle: Circle | None = None, **values: Any) -> Any:
    """Return an item seen by everyone, or by `circle`, without any file."""
    values = {"kind": "news report", "title": f"Report {number()}", **values}
    return items.add_item(by=by, circle=circle or Circle.everyone(), **values)


def origin(by: User, **values: Any) -> Any:
    """Return an item marked as the origin of what it says."""
    return item(by, lineage="origin", lineage_reason="Own reporting.", **values)


def copy_of(by: User, parent: Any, *, kind: str = "rewrites", **values: Any) -> Any:
    """Return an item that repeats another one."""
    child = item(by, **values)
    derivations.add_derivation(child, by=by, parent=parent, kind=kind)
    return child


def file(item: Any, by: User, content: bytes = b"Some evidence.", name: str = "evidence.txt", **values: Any) -> Any:
    return files.attach_file(item, by=by, chunks=[content], name=name, **values)


def citation(assertion: Any, item: Any, by: User, **values: Any) -> Any:
    return citations.cite(assertion, by=by, item=item, **values)


# --- Cases ------------------------------------------------------------------------------------------------------


def case(lead: User, *, members: dict[User, str] | None = None, **values: Any) -> Any:
    """Return a case that `lead` opened, with a team: `case(lead, members={somebody: "editor"})`."""
    values.setdefault("title", f"Case {number()}")
    opened = cases.open_case(by=lead, **values)
    for account, role in (members or {}).items():
        member(opened, account, role)
    return opened


def member(case: Any, user: User, role: str = "researcher") -> Any:
    """Give somebody a role in a case, as its first lead would."""
    leader = case.compartment.memberships.filter(role=Role.LEAD).order_by("created_at", "pk").first().user
    return access.set_role(compartment=case.compartment, user=user, role=Role(role), by=leader)


def report(case: Any, by: User, **values: Any) -> Any:
    """Return the exhibit of a news report added to a case."""
    values.setdefault("title", f"Report {number()}")
    return cases.add_news_report(case, by=by, **values)


def original(case: Any, by: User, **values: Any) -> Any:
    return report(case, by, lineage="original", **values)


def rewrite(case: Any, by: User, parent: Any, **values: Any) -> Any:
    """Return the exhibit of a report that repeats the item of another exhibit."""
    return report(case, by, lineage="repeats", repeats=parent.item, **values)


def claim(case: Any, by: User, **values: Any) -> Any:
    values.setdefault("text", f"The ship called at port {number()}.")
    return cases.add_claim(case, by=by, **values)


def cited(claim: Any, by: User, *exhibits: Any, **values: Any) -> Any:
    """Cite exhibits on a claim and return the last citation."""
    return [cases.cite_exhibit(claim, by=by, exhibit=exhibit, **values) for exhibit in exhibits][-1]


def said(case: Any, by: User, exhibit: Any, **values: Any) -> Any:
    """Return a statement recorded from an exhibit; `stances={claim: "denies"}`."""
    values = {"text": "We have no information.", "speaker_text": "A spokesperson", **values}
    return cases.record_statement(case, by=by, exhibit=exhibit, **values)


def asked(case: Any, by: User, *claims: Any, **values: Any) -> Any:
    """Return a draft of a request for comment, on a new claim where none is given."""
    if not {"organisation", "person", "party_text"} & set(values):
        values["party_text"] = f"Party {number()}"
    return cases.draft_request(case, by=by, claims=claims or [claim(case, by)], **values)


def sent(case: Any, by: User, *claims: Any, days_ago: float = 10, days: float = 7, **values: Any) -> Any:
    """Return a request that was sent some days ago, with a deadline some days after."""
    terms = {name: values.pop(name) for name in ("outcome", "channel", "note") if name in values}
    request = asked(case, by, *claims, **values)
    sent_at = timezone.now() - datetime.timedelta(days=days_ago)
    deadline_at = sent_at + datetime.timedelta(days=days)
    return cases.send_request(
        request, by=by, version=request.version, sent_at=sent_at, deadline_at=deadline_at, **terms
    )


# --- Sanctions, voyages, statements -----------------------------------------------------------------------------


def authority(by: User, **values: Any) -> Any:
    values.setdefault("name", f"Authority {number()}")
    return sanctions.add_authority(by=by, **values)


def programme(by: User, authority: Any, **values: Any) -> Any:
    values = {"key": f"KEY-{number()}", "name": f"Programme {number()}", **values}
    return sanctions.add_programme(by=by, authority=authority, **values)


def provision(by: User, *elements: str, instrument: Any = None, **values: Any) -> Any:
    """Return a provision of a new instrument, with as many elements as texts are given."""
    if instrument is None:
        key = f"R/{number()}"
        instrument = sanctions.add_instrument(by=by, authority=authority(by), key=key, name=f"Resolution {key}")
    values = {"title": f"Duty {number()}", "bearer": "port State", "paragraph": str(number()), **values}
    made = sanctions.add_provision(instrument, by=by, **values)
    for text in elements:
        sanctions.add_element(made, by=by, text=text)
    return made


def designation(by: User, *, circle: Circle | None = None, **values: Any) -> Any:
    """Return a designation of a new vessel by a new authority, unless others are given; dates may be words."""
    values.setdefault("authority", None)
    values["authority"] = values["authority"] or authority(by)
    if not {"vessel", "organisation", "person"} & set(values):
        values["vessel"] = numbered_vessel(by)
    values = _read(values, "announced", "in_force", "ended")
    return sanctions.add_designation(by=by, circle=circle or Circle.everyone(), **values)


def port_call(by: User, *vessels: Any, circle: Circle | None = None, **values: Any) -> Any:
    """Return a port call of the vessels given, or of a new one; dates may be words."""
    values = _read({"place": values.pop("place", None) or place(by), **values}, "arrived", "departed", "seen")
    candidates = list(vessels) or [numbered_vessel(by)]
    return voyages.add_port_call(by=by, circle=circle or Circle.everyone(), vessels=candidates, **values)


def voyage(by: User, *, circle: Circle | None = None, **values: Any) -> Any:
    """Return a voyage from a new port call of its vessel, unless an end is given."""
    values.setdefault("vessel", None)
    values["vessel"] = values["vessel"] or numbered_vessel(by)
    if not {"departure", "arrival"} & set(values):
        values["departure"] = port_call(by, values["vessel"], circle=circle)
    return voyages.add_voyage(by=by, circle=circle or Circle.everyone(), **_read(values, "sailed"))


def statement(by: User, *, circle: Circle | None = None, **values: Any) -> Any:
    values = {"text": f"Words {number()}.", "speaker_text": "A spokesperson", **_read(values, "said")}
    return statements.add_statement(by=by, circle=circle or Circle.everyone(), **values)


def _read(values: dict[str, Any], *names: str) -> dict[str, Any]:
    read = {name: parse_moment(values[name]) for name in names if isinstance(values.get(name), str)}
    return {**values, **read}


# --- Positions --------------------------------------------------------------------------------------------------

NOAA_HEADER = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status"


def position_rows(mmsi: str, count: int, *, start: str = "2024-02-09T00:00:00", every_s: int = 60) -> list[str]:
    """Return rows of a ship that sails east from 42 N, 131 E at ten knots, one every minute."""
    first = datetime.datetime.fromisoformat(start)
    return [
        f"{mmsi},{(first + datetime.timedelta(seconds=turn * every_s)).isoformat()},42.0,{131 + turn * 0.0037:.5f},"
        "10.0,90.0,90,ANGARA,IMO9179842,UBIO7,70,0"
        for turn in range(count)
    ]


def waiting_positions(by: User, *rows: str, circle: Circle | None = None, **options: Any) -> Any:
    """Return a position file, of NOAA's columns, that waits to be read."""
    content = "\n".join([NOAA_HEADER, *(rows or position_rows("273456780", 5))]) + "\n"
    received = files.receive(chunks=[content.encode()], name=f"positions {number()}.csv")
    return positions.import_received(
        received, by=by, circle=circle or Circle.everyone(), options=Options(**options), title=f"AIS {number()}"
    )


def read_positions(by: User, *rows: str, circle: Circle | None = None) -> Any:
    """Return a position file that was read."""
    return positions.run_import(waiting_positions(by, *rows, circle=circle))


# --- Lists --------------------------------------------------------------------------------------------------------


def waiting_edition(
    by: User, content: str | bytes, *, list_key: str = "ofac-sdn", on: str = "2023-01-11", beside: tuple[str, ...] = ()
) -> Any:
    """Return an edition of a list that waits to be read."""
    parts = [content, *beside]
    received = [
        files.receive(chunks=[part.encode() if isinstance(part, str) else part], name=f"list {number()}.csv")
        for part in parts
    ]
    day = datetime.date.fromisoformat(on) if on else None
    return editions.import_list_files(received, by=by, list_key=list_key, published_on=day)


def read_edition(by: User, content: str | bytes, **values: Any) -> Any:
    """Return an edition that was read and compared, and waits for a decision."""
    return editions.read_edition(waiting_edition(by, content, **values))


def applied_edition(by: User, content: str | bytes, **values: Any) -> Any:
    edition = read_edition(by, content, **values)
    return editions.apply_edition(edition, by=by, version=edition.version)
