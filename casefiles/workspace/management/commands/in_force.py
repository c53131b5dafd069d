"""What was in force against a ship and its parties on a date. Exit codes: 0 nothing, 1 something or unknown, 2 none."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser

from casefiles.accounts.models import User
from casefiles.core.identifiers import InvalidIdentifier, parse_imo_ship
from casefiles.core.moments import Moment
from casefiles.core.reports import Report, ReportCommand
from casefiles.particulars.models import VesselRole
from casefiles.particulars.selectors import vessel_file
from casefiles.registry.models import Organisation, Vessel
from casefiles.sanctions.in_force import Answer
from casefiles.sanctions.selectors import InForceRow, in_force_table


class Command(ReportCommand):
    help = (
        "Answers yes, no or unknown for every authority whose designations of the ship, of one judged to be the same "
        "ship, or of a party recorded for it, are in the record. What is not recorded is not answered. Without --by "
        "only what every member may see counts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--imo", required=True, metavar="N")
        parser.add_argument("--on", required=True, type=datetime.date.fromisoformat, metavar="DATE")
        parser.add_argument("--by", default="", metavar="USER", help="for what this account may see")

    def report(self, **options: Any) -> Report:
        # Somebody who is signed in and in no circle sees what is open to every member, and nothing else.
        by = User.objects.filter(username=options["by"], is_active=True).first() if options["by"] else User()
        if by is None:
            return {"result": "could not run", "reason": "There is no active account of that name."}
        try:
            number = parse_imo_ship(options["imo"])
        except InvalidIdentifier as error:
            return {"result": "could not run", "reason": error.reason}
        vessel = Vessel.objects.visible_to(by).current().filter(imo_number=number).first()
        if vessel is None:
            return {"result": "could not run", "reason": "There is no ship of that number in the registry."}
        return _report(vessel, options["on"], by)

    def lines(self, report: Report) -> list[str]:
        return [
            f"{one['answer']}: {one['authority']} against {one['target']}"
            f"{' (' + one['programme'] + ')' if one['programme'] else ''}, in force from {one['in_force_from'] or '?'}"
            f"{', ' + one['reason'] if one['reason'] else ''}, {one['citations']} citations"
            for one in report["answers"]
        ]


def _report(vessel: Vessel, day: datetime.date, by: Any) -> Report:
    file = vessel_file(vessel, by, Moment.on(day))
    parties = {value.record.organisation_id for value in file.values if isinstance(value.record, VesselRole)}
    organisations = Organisation.objects.visible_to(by).filter(pk__in=parties).order_by("name_key", "pk")
    ships = file.group.answered if file.group else (vessel,)
    rows = in_force_table([*ships, *organisations], [day], user=by)
    if not rows:
        text = "No designation of this ship or its parties is recorded. That does not say that there is none."
        return {"result": "nothing recorded", "reason": text}
    is_none = all(row.answers[0].answer is Answer.NO for row in rows)
    return {
        "result": "clean" if is_none else "findings",
        "vessel": str(vessel),
        "imo_number": vessel.imo_number,
        "on": day.isoformat(),
        "answers": [_answer(row, ships) for row in rows],
    }


def _answer(row: InForceRow, ships: Sequence[Vessel]) -> dict[str, Any]:
    said = [one.in_force.describe() for one in row.designations if one.in_force]
    return {
        "target": str(row.target),
        "is_the_vessel": row.target in ships,
        "authority": row.authority.short_name or str(row.authority),
        "programme": row.programme.key if row.programme else "",
        "answer": str(row.answers[0].answer),
        "reason": row.answers[0].reason,
        "in_force_from": " or ".join(dict.fromkeys(said)),
        "citations": row.citation_count,
    }
