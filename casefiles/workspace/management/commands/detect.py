"""Look at the track of a vessel or a radio. Exit codes: 0 nothing found, 1 something found, 2 could not run."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.access.circles import Circle
from casefiles.accounts.models import User
from casefiles.cases.models import Case
from casefiles.core.identifiers import InvalidIdentifier, parse_imo_ship, parse_mmsi
from casefiles.core.refusals import Refused
from casefiles.core.reports import Report, ReportCommand
from casefiles.registry.models import Vessel
from casefiles.voyages.actions.detection import run_detection
from casefiles.voyages.detecting.thresholds import Thresholds
from casefiles.voyages.models import DetectionRun, TrackEvent
from casefiles.voyages.selectors.coverage import CoverageOf, coverage_of

MOST_FIXES = 2_000_000


class CannotBegin(Exception):
    """What was named is not there for this account."""


class Command(ReportCommand):
    help = (
        "Looks for gaps, port visits, loitering, encounters and jumps in positions that the account may see, and keeps "
        "them as suggestions: for the members of --case, for --everyone, or else for the account alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--imo", metavar="N", help="the vessel with this IMO number, by its dated MMSIs")
        whose.add_argument("--mmsi", metavar="N")
        parser.add_argument("--by", required=True, metavar="USER", help="whose act it is: their rights decide")
        seen_by = parser.add_mutually_exclusive_group()
        seen_by.add_argument("--case", metavar="CF-…")
        seen_by.add_argument("--everyone", action="store_true")
        parser.add_argument("--since", metavar="TIME", help="ISO 8601, UTC")
        parser.add_argument("--until", metavar="TIME", help="ISO 8601, UTC")
        parser.add_argument("--other", metavar="MMSI", action="append", default=[], help="a radio it may have met")
        parser.add_argument(
            "--threshold", metavar="NAME=VALUE", action="append", default=[], help="such as gap_over_h=6"
        )

    def report(self, **options: Any) -> Report:
        try:
            run = run_detection(**_arguments(options), most=MOST_FIXES)
        except Refused as error:
            return {"result": "could not run", "reason": str(error.message)}
        except (CannotBegin, InvalidIdentifier, ValueError) as error:
            return {"result": "could not run", "reason": str(error)}
        except (NotAllowed, NotVisible, ValidationError):
            return {"result": "could not run", "reason": "This account may not add there."}
        events = list(run.events.order_by("start_at", "pk"))
        return _report(run, events, coverage_of(events, run.created_by))

    def lines(self, report: Report) -> list[str]:
        if not report["positions"]:
            return ["No positions to look at: that says nothing about the ship."]
        found = [f"{one['start_at']} – {one['end_at']} {one['what']}: {one['values']}" for one in report["events"]]
        return [f"positions: {report['positions']}", *found]


def _arguments(options: dict[str, Any]) -> dict[str, Any]:
    by = User.objects.filter(username=options["by"], is_active=True).first()
    if by is None:
        raise CannotBegin("There is no active account of that name.")
    pairs = [pair.partition("=") for pair in options["threshold"]]
    return {
        "by": by,
        "circle": _circle(options, by),
        "vessel": _vessel(options["imo"], by) if options["imo"] else None,
        "mmsi": parse_mmsi(options["mmsi"]).value if options["mmsi"] else "",
        "others": [parse_mmsi(other).value for other in options["other"]],
        "since": _time(options["since"]),
        "until": _time(options["until"]),
        "thresholds": Thresholds.of({name: value for name, _equals, value in pairs}),
    }


def _circle(options: dict[str, Any], by: User) -> Circle:
    if options["everyone"]:
        return Circle.everyone()
    if not options["case"]:
        return Circle()
    case = Case.objects.visible_to(by).filter(reference=options["case"].upper()).select_related("compartment").first()
    if case is None:
        raise CannotBegin("There is no such case for this account.")
    return Circle.of_case(case)


def _vessel(text: str, by: User) -> Vessel:
    found: Vessel | None = Vessel.objects.visible_to(by).current().filter(imo_number=parse_imo_ship(text)).first()
    if found is None:
        raise CannotBegin("The registry holds no vessel with this IMO number.")
    return found


def _time(text: str | None) -> datetime.datetime | None:
    if not text:
        return None
    moment = datetime.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _report(run: DetectionRun, events: list[TrackEvent], coverage: Mapping[uuid.UUID, CoverageOf]) -> Report:
    return {
        "result": "findings" if events else "clean" if run.positions else "nothing to check",
        "run": str(run.pk),
        "radios": run.radios,
        "positions": run.positions,
        "thresholds": run.thresholds,
        "counts": run.counts,
        "events": [
            {
                "id": str(event.pk),
                "kind": event.kind,
                "what": str(event.get_kind_display()),
                "mmsi": event.mmsi,
                "other_mmsi": event.other_mmsi,
                "start_at": event.start_at.isoformat(),
                "end_at": event.end_at.isoformat(),
                "latitude": event.latitude,
                "longitude": event.longitude,
                "place": str(event.place_id) if event.place_id else None,
                "values": event.values,
                "cites": event.cites,
                "decision": event.decision,
                "coverage": coverage[event.pk].answer,
            }
            for event in events
        ],
    }
