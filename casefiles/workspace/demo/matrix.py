"""Two cases, every model populated, a user for each principal, and a canary in every text: what attacks are tried on.

Texts of case A hold its canary and texts of case B hold the other, so that a page which shows one to the wrong person
can be told by searching its bytes.
"""

import datetime
import io
import secrets
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from casefiles.access import actions as access
from casefiles.access.circles import Circle
from casefiles.access.rules import Role
from casefiles.accounts import actions as accounts
from casefiles.accounts.models import User
from casefiles.audit import actions as audit
from casefiles.cases import actions as cases
from casefiles.cases.models import Case, Review
from casefiles.core.moments import Period, parse_moment
from casefiles.dossiers import actions as dossiers
from casefiles.evidence.actions import (
    annotations,
    citations,
    derivations,
    dismissals,
    files,
    grades,
    holds,
    identities,
    items,
    preservation,
    reading,
    sheets,
    sources,
)
from casefiles.particulars import actions as particulars
from casefiles.registry import actions as registry
from casefiles.sanctions import actions as sanctions
from casefiles.sanctions.actions import editions, screening
from casefiles.sanctions.matching import Asked
from casefiles.sanctions.selectors.screenings import TYPED
from casefiles.statements import actions as statements
from casefiles.voyages import actions as voyages
from casefiles.voyages.actions import detection, positions
from casefiles.voyages.actions.coverage import state_coverage
from casefiles.voyages.readers.options import Options
from casefiles.workspace.actions import save_layout, watch_vessel
from casefiles.workspace.actions.telling import take_in

WHEN = "between 7 and 12 February 2024"


@dataclass
class World:
    """One case and everything made for it, by kind."""

    case: Case
    canary: str
    records: dict[str, list[str]] = field(default_factory=dict)

    def keep(self, record: Any) -> Any:
        self.records.setdefault(record._meta.label_lower, []).append(str(record.pk))
        return record


@dataclass(frozen=True)
class Matrix:
    users: dict[str, User]
    password: str
    a: World
    b: World

    def as_json(self) -> dict[str, Any]:
        return {
            "password": self.password,
            "users": {name: {"id": str(user.pk), "username": user.username} for name, user in self.users.items()},
            "cases": {
                name: {
                    "id": str(world.case.pk),
                    "reference": world.case.reference,
                    "canary": world.canary,
                    "records": world.records,
                }
                for name, world in (("A", self.a), ("B", self.b))
            },
        }


def seed_matrix(*, password: str = "") -> Matrix:
    """Make the two cases and the nine people, and return everything by id."""
    secret = password or secrets.token_urlsafe(16)
    suffix = secrets.token_hex(3)
    with audit.unit():
        users = _people(secret, suffix)
        a = _World("A", lead=users["LEAD"], suffix=suffix).build()
        b = _World("B", lead=users["OTHER"], suffix=suffix).build()
        for name, role in (("READ", Role.VIEWER), ("EDIT", Role.RESEARCHER), ("EX", Role.EDITOR), ("DIS", Role.EDITOR)):
            access.set_role(compartment=a.case.compartment, user=users[name], role=role, by=users["LEAD"])
        _review(a, by=users["EX"])
        named = " ".join(f"@{users[name].username}" for name in ("READ", "EDIT", "EX"))
        a.keep(cases.add_comment(a.case, by=users["LEAD"], about=a.case, body=f"{named} {a.canary}"))
    # Whoever leaves was told before, and sees none of it any more.
    take_in()
    with audit.unit():
        access.remove_member(compartment=a.case.compartment, user=users["EX"], by=users["LEAD"])
        accounts.set_active(users["DIS"], is_active=False, by=users["ADMIN"])
    return Matrix(users=users, password=secret, a=a, b=b)


_FLAGS: dict[str, dict[str, bool]] = {
    "OUT": {},
    "OTHER": {"may_open_cases": True},
    "READ": {},
    "EDIT": {},
    "LEAD": {"may_open_cases": True},
    "EX": {},
    "DIS": {},
    "ADMIN": {"is_staff": True, "is_superuser": True},
    "AUD": {"may_verify": True},
}


def _review(world: World, *, by: User) -> None:
    """Send the claim back, as an editor who did not write it."""
    review = Review.objects.get(pk=world.records["cases.review"][0])
    remark = f"remark {world.canary}"
    claim = review.claims.get()
    world.keep(cases.give_verdict(review, by=by, claim=claim, verdict="changes requested", remark=remark))


def _people(password: str, suffix: str) -> dict[str, User]:
    users = {}
    for name, flags in _FLAGS.items():
        user = accounts.add_user(username=f"{name.lower()}-{suffix}", password=password, by=None, display_name=name)
        User.objects.filter(pk=user.pk).update(**flags)
        users[name] = User.objects.get(pk=user.pk)
    return users


class _World:
    """Builds one case through the actions; every text it writes holds the case's canary."""

    def __init__(self, name: str, *, lead: User, suffix: str) -> None:
        self.name, self.by, self.suffix = name, lead, suffix
        self.canary = f"canary{name.lower()}{secrets.token_hex(6)}"
        case = cases.open_case(
            by=lead, title=self.text("title"), question=self.text("question"), summary=self.text("summary")
        )
        self.world = World(case=case, canary=self.canary)
        self.world.keep(case)
        self.circle = Circle.of_case(case)

    def text(self, what: str) -> str:
        return f"{what} {self.canary}"

    def build(self) -> World:
        self._registry()
        self._evidence()
        self._assertions()
        self._case()
        self._release()
        return self.world

    def _common(self) -> dict[str, Any]:
        return {"by": self.by, "circle": self.circle}

    def _registry(self) -> None:
        keep, common = self.world.keep, self._common()
        self.vessel = keep(registry.add_vessel(**common, display_name=self.text("vessel"), note=self.text("note")))
        keep(watch_vessel(self.vessel, by=self.by))
        keep(save_layout(self.world.case, by=self.by, places={f"vessel:{self.vessel.pk}": [40.0, 80.0]}))
        self.organisation = keep(
            registry.add_organisation(**common, name=self.text("company"), kind="company", note=self.text("note"))
        )
        self.person = keep(registry.add_person(**common, name=self.text("person"), public_role=self.text("role")))
        self.place = keep(
            registry.add_place(**common, name=self.text("place"), kind="port", latitude=30.0, longitude=122.1)
        )
        twin = keep(registry.add_vessel(**common, display_name=self.text("twin")))
        keep(registry.judge(self.vessel, twin, **common, verdict="same", standing=self.vessel, reason=self.text("why")))
        for first, twin in (
            (self.organisation, registry.add_organisation(**common, name=self.text("twin"), kind="company")),
            (self.person, registry.add_person(**common, name=self.text("twin"))),
            (self.place, registry.add_place(**common, name=self.text("twin"), kind="port")),
        ):
            keep(registry.judge(first, keep(twin), **common, verdict="same", standing=first, reason=self.text("why")))
        keep(registry.add_place_name(self.place, by=self.by, name=self.text("other name")))

    def _evidence(self) -> None:
        keep, common = self.world.keep, self._common()
        source = keep(sources.add_source(**common, name=self.text("source"), kind="outlet", note=self.text("note")))
        self._identity(source)
        day = self.world.case.opened_on
        keep(sources.judge_source(source, by=self.by, reliability="B", rationale=self.text("why"), judged_on=day))
        self.items = [self._item(source, index) for index in range(3)]
        first, second, third = self.items
        keep(derivations.add_derivation(third, by=self.by, parent=first, kind="rewrites", passage=self.text("passage")))
        keep(derivations.sign_independence(first, second, by=self.by, reason=self.text("reason")))
        keep(dismissals.dismiss_suggestion(second, third, by=self.by, reason=self.text("reason")))
        keep(
            preservation.mark_part(
                first, by=self.by, part="source code", state="not applicable", reason=self.text("reason")
            )
        )
        keep(
            holds.place_hold(
                third, by=self.by, kind="legal hold", reason=self.text("why"), ordered_by=self.text("court")
            )
        )
        self._sheet(first)
        keep(grades.grade(first, by=self.by, reliability="B", credibility="2", rationale=self.text("why")))

    def _sheet(self, item: Any) -> None:
        """Describe an image, and say what is seen in it."""
        footprint = {"type": "Polygon", "coordinates": [[[130, 42], [131, 42], [131, 43], [130, 43], [130, 42]]]}
        words = {name: self.text(name) for name in ("provider", "platform", "sensor", "scene_id")}
        sheet = sheets.add_sheet(item, by=self.by, acquired=parse_moment(WHEN), footprint=footprint, gsd_m=3, **words)
        names = ("seen", "matching_features", "differing_features", "look_alikes")
        seen = {name: self.text(name) for name in names}
        vessels = [self.vessel]
        self.world.keep(sheet)
        self.world.keep(sheets.add_observation(sheet, by=self.by, level="identify", look_alike_vessels=vessels, **seen))

    def _identity(self, source: Any) -> None:
        """Seal who the source is; whoever leads the world has the right, and asks."""
        compartment = self.world.case.compartment
        access.set_unmasking(compartment=compartment, user=self.by, may_unmask=True, by=self.by)
        identity = self.world.keep(identities.seal_identity(source, by=self.by, text=self.text("identity")))
        self.world.keep(identities.ask_to_unmask(identity, by=self.by, reason=self.text("reason")))

    def _item(self, source: Any, index: int) -> Any:
        lineage = {"lineage": "origin", "lineage_reason": self.text("reason")} if index < 2 else {}
        item = items.add_item(
            **self._common(),
            kind="photograph",
            title=self.text(f"item {index}"),
            source=source,
            author=self.text("author"),
            url=f"https://example.org/{self.canary}",
            place=self.place,
            occurred=parse_moment(WHEN),
            published=parse_moment("2024-04-25"),
            summary=self.text("summary"),
            **lineage,
        )
        body = self._picture() if index == 0 else self.text("body").encode()
        name = f"{self.canary}-{index}.{'jpg' if index == 0 else 'txt'}"
        file = self.world.keep(files.attach_file(item, by=self.by, chunks=[body], name=name))
        if index == 0:
            self.world.keep(reading.read_file(file))
            note = annotations.annotate(file, by=self.by, body=self.text("annotation"), selector="8,8,16,16")
            self.world.keep(note)
        for event in item.custody_events.all():
            self.world.keep(event)
        return self.world.keep(item)

    def _picture(self) -> bytes:
        image = Image.new("RGB", (64, 48), "#0b5268")
        exif = Image.Exif()
        exif[0x010E] = self.canary  # ImageDescription
        out = io.BytesIO()
        image.save(out, "JPEG", exif=exif)
        return out.getvalue()

    def _assertions(self) -> None:
        common = self._common()
        period = Period(start=parse_moment("2023"), end=None, end_kind="ongoing")
        values = {"period": period, "note": self.text("note")}
        self._keep_cited(particulars.add_name_use(**common, vessel=self.vessel, name=self.text("name"), **values))
        self._keep_cited(particulars.add_flag_period(**common, vessel=self.vessel, country="RU", **values))
        self._keep_cited(
            particulars.add_identifier_use(**common, vessel=self.vessel, scheme="call sign", value="UBYT2", **values)
        )
        self._keep_cited(
            particulars.add_vessel_role(
                **common, vessel=self.vessel, organisation=self.organisation, role="operator", **values
            )
        )
        self._keep_cited(
            particulars.add_dimension(**common, vessel=self.vessel, quantity="length overall", value=120, **values)
        )
        self._keep_cited(
            particulars.add_address_use(
                **common, organisation=self.organisation, address=self.text("address"), **values
            )
        )
        self._keep_cited(particulars.add_practice(**common, vessel=self.vessel, practice="flag", **values))
        self._sanctions()
        self._screening()
        self._voyages()

    def _keep_cited(self, record: Any) -> Any:
        self.world.keep(record)
        self.world.keep(
            citations.cite(record.assertion, by=self.by, item=self.items[1], quote=self.text("quote"), locator="")
        )
        return record

    def _sanctions(self) -> None:
        # Authorities, programmes and instruments are public knowledge and hold no canary.
        label = f"{self.name} {self.suffix}"
        authority = sanctions.add_authority(by=self.by, name=f"Authority {label}", short_name=f"Auth {label}")
        programme = sanctions.add_programme(
            by=self.by, authority=authority, key=f"P-{label}", name=f"Programme {label}"
        )
        self._instrument(authority, label)
        self._keep_cited(
            sanctions.add_designation(
                **self._common(),
                authority=authority,
                programme=programme,
                vessel=self.vessel,
                list_entry=self.text("entry")[:80],
                measures=["asset freeze"],
                grounds=self.text("grounds"),
                in_force=parse_moment("2024-01-01"),
                note=self.text("note"),
            )
        )

    def _instrument(self, authority: Any, label: str) -> None:
        instrument = sanctions.add_instrument(by=self.by, authority=authority, key=f"R-{label}", name=f"Text {label}")
        self.provision = sanctions.add_provision(
            instrument, by=self.by, paragraph="9", title=f"Duty {label}", bearer="port State", verb="decides"
        )
        texts = ("The vessel lay in a port of the State.", "The State did not inspect it.")
        self.elements = [sanctions.add_element(self.provision, by=self.by, text=text) for text in texts]

    def _screening(self) -> None:
        """Bring in a list on which nobody of the case stands, and look for a name that holds the canary."""
        name, day = f"SHIP {self.name} {self.suffix}", datetime.date(2023, 1, 11)
        row = ",".join(["7", name, "vessel", "P", *["-0- "] * 8])
        received = files.receive(chunks=[f"{row}\n".encode()], name="list.csv")
        edition = editions.read_edition(
            editions.import_list_files([received], by=self.by, list_key="ofac-sdn", published_on=day)
        )
        editions.apply_edition(edition, by=self.by, version=edition.version)
        asked = Asked(key=(TYPED, self.text("name")), kind="", names=(name,))
        found = screening.screen(
            by=self.by, circle=self._common()["circle"], subject=self.text("looked for"), typed=asked, as_at=day
        )
        self.world.keep(found)

    def _voyages(self) -> None:
        common = {**self._common(), "note": self.text("note")}
        first = self._keep_cited(
            voyages.add_port_call(
                **common,
                place=self.place,
                vessels=[self.vessel],
                departed=parse_moment("2024-02-01"),
                activity="loading",
            )
        )
        second = self._keep_cited(
            voyages.add_port_call(
                **common, place=self.place, vessels=[self.vessel], arrived=parse_moment(WHEN), activity="moored"
            )
        )
        self._positions()
        self._keep_cited(
            voyages.add_voyage(**common, vessel=self.vessel, departure=first, arrival=second, cargo=self.text("cargo"))
        )

    def _positions(self) -> None:
        """Read a file of two rows, of which one is left out."""
        header = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status"
        row = f"273456780,2024-02-09T00:00:00,42,131,10,90,90,{self.canary},,UBIO7,70,0"
        content = "\n".join([header, row, f"{self.canary},,,"])
        received = files.receive(chunks=[content.encode()], name=f"{self.canary}.csv")
        waiting = positions.import_received(received, **self._common(), options=Options(), title=self.text("positions"))
        self.world.keep(positions.run_import(waiting))
        until = datetime.datetime(2024, 3, 1, tzinfo=datetime.UTC)
        run = self.world.keep(detection.run_detection(**self._common(), mmsi="273456780", until=until))
        event = self.world.keep(run.events.get())
        keep_cited = self.world.keep(
            state_coverage(event, by=self.by, answer="no", item=waiting.item, note=self.text("note"))
        )
        self.world.keep(keep_cited.assertion.citations.get())
        detection.reject_event(event, by=self.by, version=event.version, reason=self.text("reason"))

    def _case(self) -> None:
        case, by, keep = self.world.case, self.by, self.world.keep
        exhibits = [keep(cases.add_exhibit(case, by=by, item=item, note=self.text("note"))) for item in self.items]
        claim = keep(
            cases.add_claim(case, by=by, text=self.text("claim"), rationale=self.text("rationale"), place=self.place)
        )
        keep(cases.cite_exhibit(claim, by=by, exhibit=exhibits[0], quote=self.text("quote"), locator="p. 4"))
        statement = statements.add_statement(
            **self._common(),
            speaker=self.person,
            organisation=self.organisation,
            text=self.text("words"),
            office=self.text("office"),
            forum=self.text("forum"),
            said=parse_moment("2024-04-25"),
        )
        keep(statement)
        keep(statements.add_rendering(statement, by=by, language="de", text=self.text("rendering")))
        in_case = keep(cases.add_case_statement(case, by=by, statement=statement))
        keep(cases.set_stance(claim, in_case, by=by, stance="denies", note=self.text("note")))
        keep(cases.add_subject(case, by=by, vessel=self.vessel, role=self.text("role"), is_main=True))
        assumed = keep(cases.add_claim(case, by=by, text=self.text("assumed"), kind="assumption"))
        keep(cases.add_dependence(claim, by=by, rests_on=assumed, note=self.text("note")))
        keep(
            cases.add_lookup(
                case, by=by, searched=self.text("searched"), result="cloud", note=self.text("note"), claims=[claim]
            )
        )
        duty = keep(cases.add_duty(case, by=by, provision=self.provision, country="CN"))
        keep(
            cases.add_finding(
                duty, by=by, element=self.elements[0], finding="met", claims=[claim], note=self.text("note")
            )
        )
        self._hypotheses(claim)
        keep(cases.ask_for_review(case, by=by, claims=[claim], note=self.text("note")))
        self._requests(case, claim)
        keep(cases.mark_looked_at(case, by=by))
        keep(cases.add_task(case, by=by, title=self.text("task"), body=self.text("body")))
        keep(cases.plan_claim(case, by=by, asks=self.text("asks")))
        thread = keep(cases.add_comment(case, by=by, about=claim, body=self.text("comment")))
        keep(cases.answer_comment(thread, by=by, body=self.text("answer")))

    def _hypotheses(self, claim: Any) -> None:
        case, by, keep = self.world.case, self.by, self.world.keep
        hypothesis = keep(cases.add_hypothesis(case, by=by, text=self.text("hypothesis"), note=self.text("note")))
        keep(cases.weigh_claim(case, by=by, claim=claim))
        rated = {(hypothesis, claim): cases.Rated("II", self.text("why"))}
        keep(keep(cases.rate(case, by=by, cells=rated)).ratings.get())

    def _requests(self, case: Any, claim: Any) -> None:
        """Ask somebody who did not answer in time; what was put holds the canary, too."""
        keep, by = self.world.keep, self.by
        sent_at = datetime.datetime(2024, 3, 1, 9, tzinfo=datetime.UTC)
        asked = cases.draft_request(
            case,
            by=by,
            party_text=self.text("party"),
            claims=[claim],
            introduction=self.text("introduction"),
            note=self.text("note"),
            deadline_at=sent_at + datetime.timedelta(days=7),
        )
        sent = cases.send_request(asked, by=by, version=asked.version, sent_at=sent_at, note=self.text("note"))
        for attempt in sent.attempts.all():
            keep(attempt)
        keep(sent)

    def _release(self) -> None:
        self.world.keep(dossiers.prepare_release(self.world.case, by=self.by))
