"""Look for a ship, a name, a case or the registry in the lists here. Exit codes: 0 clean, 1 matches, 2 incomplete."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.access.circles import Circle
from casefiles.accounts.models import User
from casefiles.cases.models import Case
from casefiles.core.identifiers import InvalidIdentifier, parse_imo_ship
from casefiles.core.refusals import Refused
from casefiles.core.reports import Report, ReportCommand
from casefiles.registry.models import Vessel
from casefiles.sanctions.models import ListKey, Screening
from casefiles.sanctions.selectors.screenings import match_lines, matches_of
from casefiles.workspace.machine_files import sentence
from casefiles.workspace.screening import screen_case, screen_registry, screen_typed, screen_vessel

LISTED = 200
REFUSALS = (Refused, ValidationError, NotAllowed, NotVisible, InvalidIdentifier)


class Command(ReportCommand):
    help = (
        "Looks in the editions that were applied, and keeps the screening for the account alone (of a case, for its "
        "members). Where a list is not here, nothing found is never called clean: name the lists that matter."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--imo", metavar="N", help="a ship, by all its names and numbers where the registry has it")
        what.add_argument("--name", metavar="TEXT", help="a name, in any script")
        what.add_argument("--case", metavar="CF-…", help="the ships, organisations and people that a case names")
        what.add_argument("--registry", action="store_true", help="every ship of the registry")
        parser.add_argument("--by", required=True, metavar="USER", help="whose act it is: their rights decide")
        parser.add_argument("--on", type=datetime.date.fromisoformat, metavar="DATE", help="in its editions")
        parser.add_argument("--list", dest="list_keys", action="append", default=[], choices=ListKey.values)

    def report(self, **options: Any) -> Report:
        by = User.objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            return {"result": "could not run", "reason": "There is no active account of that name."}
        try:
            screening = _screen(by, options)
        except REFUSALS as error:
            return {"result": "could not run", "reason": sentence(error)}
        return _report(screening, by)

    def lines(self, report: Report) -> list[str]:
        missing = [f"not searched: {name}" for name in report["not_searched"]]
        found = [
            f"{one['score']:>3} {one['looked_for']} = {one['list']} {one['list_id']} {one['name']}: {one['reason']}"
            f"{', decided: ' + one['decision'] if one['decision'] else ''}"
            for one in report["matches"]
        ]
        return [f"searched: {', '.join(report['searched'])}", *missing, f"matches: {report['found']}", *found]


def _screen(by: User, options: dict[str, Any]) -> Screening:
    where = {"by": by, "list_keys": options["list_keys"], "as_at": options["on"]}
    if options["case"]:
        case = Case.objects.visible_to(by).filter(reference=options["case"].upper()).first()
        if case is None:
            raise Refused("There is no such case for this account.")
        return screen_case(case, **where)
    if options["registry"]:
        return screen_registry(circle=Circle(), **where)
    if options["name"]:
        return screen_typed(circle=Circle(), name=options["name"], **where)
    number = parse_imo_ship(options["imo"])
    vessel = Vessel.objects.visible_to(by).current().filter(imo_number=number).first()
    if vessel is None:
        return screen_typed(circle=Circle(), imo_number=number, **where)
    return screen_vessel(vessel, circle=Circle(), **where)


def _report(screening: Screening, by: User) -> Report:
    matches = list(matches_of(screening, by).order_by("-score", "pk")[:LISTED])
    # What is not here was not searched: that nothing was found then says nothing.
    nothing = "incomplete" if screening.not_searched else "clean"
    return {
        "result": "findings" if screening.found else nothing,
        "screening": str(screening.pk),
        "looked_for": screening.subject,
        "asked": screening.asked,
        "as_at": screening.as_at.isoformat(),
        "searched": [str(edition) for edition in screening.editions.order_by("list_key", "pk")],
        "not_searched": screening.not_searched_names,
        "found": screening.found,
        "matches": [
            {
                "looked_for": line.match.looked_for,
                "list": line.match.entry.edition.list_key,
                "list_id": line.match.entry.list_id,
                "row": line.match.entry.row,
                "name": line.match.entry.name,
                "basis": line.match.basis,
                "score": line.match.score,
                "reason": line.match.reason,
                "decision": line.decision.verdict if line.decision else "",
            }
            for line in match_lines(matches, by)
        ],
    }
