"""Loads the demo case from its file, through the same actions that the pages use."""

import dataclasses
import re
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from casefiles.access.circles import Circle
from casefiles.accounts.models import User
from casefiles.cases import actions as cases
from casefiles.cases.models import Case, CaseStatement, Claim, Exhibit
from casefiles.core.moments import Moment, Period, parse_moment, parse_period_end
from casefiles.evidence.actions import derivations, files, grades, items, sheets, sources
from casefiles.evidence.actions.citations import cite
from casefiles.evidence.locators import parse_locator
from casefiles.evidence.models import Item
from casefiles.particulars import actions as particulars
from casefiles.registry import actions as registry
from casefiles.sanctions import actions as sanctions
from casefiles.sanctions.models import Provision
from casefiles.statements import actions as statements
from casefiles.voyages import actions as voyages
from casefiles.workspace.demo.drawing import training_drawing
from casefiles.workspace.demo.ledger import reason_about

ANGARA = Path(__file__).with_name("angara.toml")
COLLECTED = "Collected from public sources by the demo's researcher; only this note is held, not the source's bytes."
NOTE_ONLY = "The source's own bytes are not held: this note is what was collected."
OPEN = Circle.everyone()

Row = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Team:
    lead: User
    researcher: User
    editor: User


def load_angara(team: Team) -> Case:
    """Load the Angara case and return it; the caller has opened the unit of work."""
    return _Loader(tomllib.loads(ANGARA.read_text("utf-8")), team).load()


def moment(text: str | None, wording: str = "") -> Moment | None:
    """Read a date of the file; `wording` replaces the words shown."""
    if not text:
        return None
    return Moment.from_edtf(text, wording) if wording else parse_moment(text)


def period(ends: list[str] | None) -> Period:
    start, end = ends or ["", ""]
    finish, kind = parse_period_end(end)
    return Period(start=moment(start), end=finish, end_kind=kind)


class _Loader:
    """One pass over the file, in an order in which everything named exists already."""

    def __init__(self, data: Row, team: Team) -> None:
        self.data = data
        self.team = team
        self.by = team.researcher
        self.made: dict[tuple[str, str], Any] = {}

    # Order ----------------------------------------------------------------------------------------------------------
    def load(self) -> Case:
        self.case  # noqa: B018  the case and its team come first: everything restricted names its circle
        self._registry()
        self._evidence()
        self._particulars()
        self._sanctions()
        self._voyages()
        self._case_lists()
        self._claims()
        self._statements()
        self._duties()
        self._hypotheses()
        reason_about(self.case, self.data, by=self.by, named=self.named)
        self._tasks()
        self._comments()
        self._replies()
        self._reviews()
        return self._summarised()

    @cached_property
    def case(self) -> Case:
        row = self.data["case"]
        case = cases.open_case(
            by=self.team.lead,
            title=row["title"],
            question=row["question"],
            handling=row["handling"],
            opened_on=row["opened_on"],
        )
        for role in ("researcher", "editor", "viewer"):
            cases.add_member(case, by=self.team.lead, username=role, role=role)
        return case

    @cached_property
    def circle(self) -> Circle:
        return Circle.of_case(self.case)

    def keep(self, kind: str, row: Row, record: Any) -> Any:
        self.made[kind, row["key"]] = record
        return record

    def named(self, kind: str, key: str | None) -> Any:
        return self.made[kind, key] if key else None

    # Registry -------------------------------------------------------------------------------------------------------
    def _registry(self) -> None:
        for row in self.data["organisations"]:
            self.keep(
                "organisation",
                row,
                registry.add_organisation(
                    by=self.by,
                    circle=OPEN,
                    name=row["name"],
                    kind=row["kind"],
                    country=row.get("country", ""),
                    imo_company_number=row.get("imo_company_number"),
                    note=row.get("note", ""),
                ),
            )
        for row in self.data["people"]:
            self.keep(
                "person",
                row,
                registry.add_person(
                    by=self.by,
                    circle=OPEN,
                    name=row["name"],
                    public_role=row["public_role"],
                    organisation=self.named("organisation", row.get("organisation")),
                    country=row.get("country", ""),
                ),
            )
        for row in self.data["places"]:
            self._place(row)
        for row in self.data["vessels"]:
            self.keep(
                "vessel",
                row,
                registry.add_vessel(
                    by=self.by,
                    circle=OPEN,
                    display_name=row["name"],
                    imo_number=row["imo_number"],
                    vessel_type=row["vessel_type"],
                    note=row.get("note", ""),
                ),
            )

    def _place(self, row: Row) -> None:
        plain = {
            name: row[name]
            for name in ("country", "unlocode", "latitude", "longitude", "precision_m", "note")
            if name in row
        }
        place = registry.add_place(
            by=self.by,
            circle=OPEN,
            name=row["name"],
            kind=row["kind"],
            parent=self.named("place", row.get("parent")),
            **plain,
        )
        self.keep("place", row, place)
        for name in row.get("names", []):
            registry.add_place_name(place, by=self.by, name=name["name"], language=name.get("language", ""))

    # Evidence -------------------------------------------------------------------------------------------------------
    def _evidence(self) -> None:
        for row in self.data["sources"]:
            source = sources.add_source(
                by=self.by,
                circle=OPEN,
                name=row["name"],
                kind=row["kind"],
                country=row.get("country", ""),
                organisation=self.named("organisation", row.get("organisation")),
            )
            sources.judge_source(
                source,
                by=self.by,
                reliability=row["reliability"],
                rationale=row["why"],
                judged_on=self.data["case"]["opened_on"],
            )
            self.keep("source", row, source)
        for row in self.data["items"]:
            self._item(row)
        for row in self.data["items"]:
            for link in row.get("derived", []):
                derivations.add_derivation(
                    self.named("item", row["key"]),
                    by=self.by,
                    parent=self.named("item", link["from"]),
                    kind=link["kind"],
                    passage=link["passage"],
                )
        for row in self.data["items"]:
            if "credibility" in row:
                self._grade(row)
        for pair in self.data["independence"]:
            derivations.sign_independence(
                self.named("item", pair["first"]),
                self.named("item", pair["second"]),
                by=self.team.editor,
                reason=pair["reason"],
            )

    def _item(self, row: Row) -> None:
        plain = {
            name: row[name]
            for name in ("author", "language", "url", "licence", "rights_holder", "credit_line")
            if name in row
        }
        if "lineage" in row:
            plain.update(lineage=row["lineage"], lineage_reason=row["reason"])
        item = items.add_item(
            by=self.by,
            circle=self.circle,
            kind=row["kind"],
            title=row["title"],
            source=self.named("source", row["source"]),
            published=moment(row.get("published")),
            occurred=moment(row.get("occurred")),
            place=self.named("place", row.get("place")),
            summary=row["summary"],
            collector=self.by,
            collection_method=row.get("collected", COLLECTED),
            **plain,
        )
        self.keep("item", row, item)
        self._files(item, row)
        if "sheet" in row:
            self._sheet(item, row["sheet"])
        self.keep("exhibit", row, cases.add_exhibit(self.case, by=self.by, item=item))

    def _sheet(self, item: Item, row: Row) -> None:
        """Describe an image as far as its sources do; what they do not say stays empty."""
        moments = {name: moment(row.get(name)) for name in ("acquired", "delivered", "published")}
        sheets.add_sheet(item, by=self.by, provider=row.get("provider", ""), **moments)

    def _files(self, item: Item, row: Row) -> None:
        if row.get("drawing"):
            files.attach_file(
                item,
                by=self.by,
                chunks=[training_drawing()],
                name="training-drawing.png",
                claimed_media_type="image/png",
                purpose="drawn for training",
            )
        files.attach_file(
            item,
            by=self.by,
            chunks=[self._note(row).encode()],
            name=f"collection-note-{row['key']}.txt",
            claimed_media_type="text/plain",
            role="capture",
            purpose="collection note",
        )

    def _note(self, row: Row) -> str:
        """Return the collection note of an item: our words, with the short passages that are quoted from it."""
        source = next(source for source in self.data["sources"] if source["key"] == row["source"])
        lines = ["COLLECTION NOTE", "", f"Title: {row['title']}", f"Publisher: {source['name']}"]
        for label, name in (
            ("Author", "author"),
            ("Published", "published"),
            ("Shows", "occurred"),
            ("Address", "url"),
        ):
            if row.get(name):
                lines.append(f"{label}: {row[name]}")
        lines += ["", row["summary"]]
        if row.get("quotes"):
            lines += ["", "Short passages, word for word:", *(f"“{quote}”" for quote in row["quotes"])]
        return "\n".join([*lines, "", row.get("collected", NOTE_ONLY), ""])

    def _grade(self, row: Row) -> None:
        source = next(source for source in self.data["sources"] if source["key"] == row["source"])
        grades.grade(
            self.named("item", row["key"]),
            by=self.by,
            reliability=source["reliability"],
            credibility=row["credibility"],
            rationale=source["why"],
        )

    # What is asserted -----------------------------------------------------------------------------------------------
    def _cite(self, record: Any, rows: Iterable[Row]) -> None:
        for row in rows:
            where = parse_locator(row.get("locator", ""))
            cite(
                record.assertion,
                by=self.by,
                item=self.named("item", row["item"]),
                locator_kind=where.kind,
                locator=where.text,
                quote=row.get("quote", ""),
                stance=row.get("stance", "supports"),
                about=row.get("about", ""),
            )

    def _particulars(self) -> None:
        for kind in ("organisation", "vessel"):
            for row in self.data[f"{kind}s"]:
                target = {kind: self.named(kind, row["key"])}
                for name in row.get("names", []):
                    self._value(particulars.add_name_use, name, target, ("name", "kind", "language"))
                for number in row.get("numbers", []):
                    self._value(particulars.add_identifier_use, number, target, ("scheme", "value"))
                for flag in row.get("flags", []):
                    self._value(particulars.add_flag_period, flag, target, ("country",))
                for role in row.get("roles", []):
                    organisation = self.named("organisation", role["organisation"])
                    self._value(particulars.add_vessel_role, role, {**target, "organisation": organisation}, ("role",))
                for size in row.get("dimensions", []):
                    value = {"value": Decimal(size["value"])}
                    self._value(particulars.add_dimension, size, {**target, **value}, ("quantity",))

    def _value(self, action: Any, row: Row, target: Row, names: tuple[str, ...]) -> None:
        """Add one particular. A value without a citation is ours and open; a cited one is for the case's readers."""
        cites = row.get("cites", [])
        record = action(
            by=self.by,
            circle=self.circle if cites else OPEN,
            period=period(row.get("period")),
            basis=row.get("basis", "document"),
            note=row.get("note", ""),
            **target,
            **{name: row[name] for name in names if name in row},
        )
        self._cite(record, cites)

    def _sanctions(self) -> None:
        sanctions.load_instruments(by=self.by)
        for row in self.data["authorities"]:
            self.keep(
                "authority",
                row,
                sanctions.add_authority(
                    by=self.by, name=row["name"], short_name=row["short_name"], country=row.get("country", "")
                ),
            )
        for row in self.data["programmes"]:
            self.keep(
                "programme",
                row,
                sanctions.add_programme(
                    by=self.by, authority=self.named("authority", row["authority"]), key=row["key"], name=row["name"]
                ),
            )
        for row in self.data["designations"]:
            plain = {
                name: row[name] for name in ("list_name", "list_entry", "measures", "grounds", "note") if name in row
            }
            designation = sanctions.add_designation(
                by=self.by,
                circle=self.circle,
                authority=self.named("authority", row["authority"]),
                programme=self.named("programme", row.get("programme")),
                vessel=self.named("vessel", row.get("vessel")),
                organisation=self.named("organisation", row.get("organisation")),
                announced=moment(row.get("announced")),
                in_force=moment(row.get("in_force")),
                # None of the file's designations is known to have ended; one that has says when.
                end_kind=row.get("end_kind", "ongoing"),
                **plain,
            )
            self._cite(designation, row["cites"])

    def _voyages(self) -> None:
        for row in self.data["port_calls"]:
            call = voyages.add_port_call(
                by=self.by,
                circle=self.circle,
                place=self.named("place", row["place"]),
                vessels=[self.named("vessel", key) for key in row["vessels"]],
                arrived=moment(row.get("arrived")),
                seen=moment(row.get("seen"), row.get("seen_wording", "")),
                activity=row["activity"],
                basis=row["basis"],
                note=row.get("note", ""),
            )
            self._cite(self.keep("port_call", row, call), row["cites"])
        for row in self.data["voyages"]:
            voyage = voyages.add_voyage(
                by=self.by,
                circle=self.circle,
                vessel=self.named("vessel", row["vessel"]),
                departure=self.named("port_call", row.get("departure")),
                arrival=self.named("port_call", row.get("arrival")),
                sailed=moment(row["sailed"], row.get("sailed_wording", "")),
                cargo=row.get("cargo", ""),
                basis=row["basis"],
                note=row.get("note", ""),
            )
            self._cite(self.keep("voyage", row, voyage), row["cites"])

    # The case -------------------------------------------------------------------------------------------------------
    def _claims(self) -> None:
        for row in self.data["claims"]:
            plain = {
                name: row[name] for name in ("likelihood", "confidence", "rationale", "gaps", "is_key") if name in row
            }
            claim = cases.add_claim(
                self.case,
                by=self.by,
                text=row["text"],
                kind=row["kind"],
                occurred=moment(row.get("occurred")),
                place=self.named("place", row.get("place")),
                subjects=[self.named("subject", key) for key in row.get("about", [])],
                **plain,
            )
            self.keep("claim", row, claim)
            for citation in row["cites"]:
                cases.cite_exhibit(
                    claim,
                    by=self.by,
                    exhibit=self.named("exhibit", citation["item"]),
                    stance=citation.get("stance", "supports"),
                    locator=citation.get("locator", ""),
                    quote=citation.get("quote", ""),
                )

    def _statements(self) -> None:
        for row in self.data["statements"]:
            plain = {
                name: row[name] for name in ("speaker_text", "office", "state", "forum", "is_reported") if name in row
            }
            statement = statements.add_statement(
                by=self.by,
                circle=self.circle,
                speaker=self.named("person", row.get("speaker")),
                organisation=self.named("organisation", row.get("organisation")),
                said=moment(row["said"]),
                text=row["text"],
                **plain,
            )
            self._cite(statement, row["cites"])
            in_case = cases.add_case_statement(self.case, by=self.by, statement=statement)
            self.keep("case_statement", row, in_case)
            for stance in row.get("stances", []):
                claim = self.named("claim", stance["claim"])
                cases.set_stance(claim, in_case, by=self.by, stance=stance["stance"], note=stance.get("note"))

    def _duties(self) -> None:
        for row in self.data["duties"]:
            provisions = Provision.objects.visible_to(self.by).standing().named()
            provision = provisions.get(instrument__key=row["instrument"], bearer=row["bearer"])
            duty = cases.add_duty(self.case, by=self.by, provision=provision, country=row["country"])
            elements = {one.position: one for one in provision.elements.visible_to(self.by).current()}
            for found in row["findings"]:
                cases.add_finding(
                    duty,
                    by=self.by,
                    element=elements[found["element"]],
                    finding=found["finding"],
                    claims=[self.named("claim", key) for key in found.get("claims", [])],
                    note=found.get("note", ""),
                )

    def _hypotheses(self) -> None:
        """Weigh the claims that are named, as those of the team rate them who are named beside each mark."""
        for row in self.data["hypotheses"]:
            added = cases.add_hypothesis(self.case, by=self.by, text=row["text"], note=row.get("note", ""))
            self.keep("hypothesis", row, added)
        rated: dict[str, dict[Any, cases.Rated]] = {}
        for row in self.data["ratings"]:
            claim, hypotheses = self.named("claim", row["claim"]), self.data["hypotheses"]
            cases.weigh_claim(self.case, by=self.by, claim=claim)
            for who in ("researcher", "editor"):
                for one, (code, *why) in zip(hypotheses, row.get(who, ()), strict=False):
                    cell = self.named("hypothesis", one["key"]), claim
                    rated.setdefault(who, {})[cell] = cases.Rated(code, " ".join(why))
        for who, cells in rated.items():
            cases.rate(self.case, by=getattr(self.team, who), cells=cells)

    def _reviews(self) -> None:
        """Ask for reviews, and let the editor, who made no claim, answer those that have an answer."""
        for row in self.data["reviews"]:
            claims = [self.named("claim", key) for key in row["claims"]]
            asked = cases.ask_for_review(self.case, by=self.by, claims=claims, note=row.get("note", ""))
            for key, answer in row.get("verdicts", {}).items():
                verdict = "changes requested" if answer else "approved"
                claim = self.named("claim", key)
                cases.give_verdict(asked, by=self.team.editor, claim=claim, verdict=verdict, remark=answer)

    def _case_lists(self) -> None:
        lists = self.data["lists"]
        for row in lists["subjects"]:
            kind = next(kind for kind in ("vessel", "organisation", "person", "place") if kind in row)
            self.made["subject", row[kind]] = cases.add_subject(
                self.case,
                by=self.by,
                role=row["role"],
                is_main=row.get("is_main", False),
                **{kind: self.named(kind, row[kind])},
            )

    def _tasks(self) -> None:
        for asks in self.data["lists"]["planned"]:
            cases.plan_claim(self.case, by=self.by, asks=asks)
        for row in self.data["lists"]["tasks"]:
            steps, claim = "\n".join(row.get("steps", [])), row.get("claim")
            cases.add_task(
                self.case,
                by=self.by,
                title=row["title"],
                body=row.get("body", ""),
                checklist=steps,
                about=self.named("claim", claim) if claim else None,
                assignee=self.by,
            )

    def _comments(self) -> None:
        """Let the roles talk about claims: how to go on, and nothing that a source does not say."""
        for row in self.data["comments"]:
            claim = self.named("claim", row["claim"])
            thread = cases.add_comment(self.case, by=self._person(row["by"]), about=claim, body=row["body"])
            for answer in row.get("answers", []):
                cases.answer_comment(thread, by=self._person(answer["by"]), body=answer["body"])
            if row.get("is_resolved"):
                cases.resolve_thread(thread, by=thread.created_by)

    def _person(self, role: str) -> Any:
        return getattr(self.team, role)

    def _replies(self) -> None:
        """Draft what would be asked. Nothing was sent, so nothing is made up of what came of it."""
        for row in self.data["replies"]:
            cases.draft_request(
                self.case,
                by=self.by,
                organisation=self.named("organisation", row["organisation"]),
                claims=[self.named("claim", key) for key in row["claims"]],
                channel=row["channel"],
                note=row["note"],
            )

    def _summarised(self) -> Case:
        """Write the summary with the numbers that exhibits, claims and statements were given."""
        labels = {
            key: record.label
            for (kind, key), record in self.made.items()
            if isinstance(record, Exhibit | Claim | CaseStatement)
        }
        text = re.sub(r"\[\[@([a-z0-9-]+)\]\]", lambda found: f"[[{labels[found[1]]}]]", self.data["case"]["summary"])
        case = Case.objects.visible_to(self.by).get(pk=self.case.pk)
        cases.change_case(case, by=self.by, version=case.version, summary=text.strip())
        return case
