"""Read a position file from the machine itself. Exit codes: 0 all rows read, 1 some left out, 2 could not run."""

import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.access.circles import Circle
from casefiles.accounts.models import User
from casefiles.cases.actions import add_exhibit
from casefiles.cases.models import Case
from casefiles.core.leadership import leading
from casefiles.core.progress import ProgressLine
from casefiles.core.refusals import Refused
from casefiles.core.reports import Report, ReportCommand
from casefiles.evidence.actions.files import receive
from casefiles.voyages.actions.positions import TASK, import_received, run_import
from casefiles.voyages.models import ImportState, PositionImport
from casefiles.voyages.readers.columns import FIELDS, FORMATS
from casefiles.voyages.readers.options import AUTO, TIME_ORDERS, Options
from casefiles.workspace.machine_files import chunks_of, sentence

COUNTS = ("rows", "positions", "duplicates", "rejected", "values_left_out", "backwards", "unavailable")
LISTED = 20


class CannotBegin(Exception):
    """Nobody, or no such case: said before the file is touched."""


class Command(ReportCommand):
    help = (
        "Keeps a file as evidence and reads its positions. One that was broken off goes on when the command is given "
        "again. Without --case or --everyone only the account itself sees them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--by", required=True, metavar="USER", help="whose act it is: their rights decide")
        parser.add_argument("--format", choices=[AUTO, *FORMATS], default=AUTO, help="default: told from the content")
        seen_by = parser.add_mutually_exclusive_group()
        seen_by.add_argument("--case", metavar="CF-…", help="the case whose members see it, as its next exhibit")
        seen_by.add_argument("--everyone", action="store_true", help="every member sees it")
        parser.add_argument("--title", default="", help="otherwise the file's name")
        parser.add_argument("--mmsi", default="", help="whose track it is, where no column says so")
        parser.add_argument(
            "--column", metavar="FIELD=HEADER", action="append", default=[], help=f"one of {', '.join(FIELDS)}"
        )
        parser.add_argument("--time-order", choices=TIME_ORDERS, default="iso", help="how a mapped table writes times")
        parser.add_argument("--utc-offset", type=int, default=0, metavar="MINUTES", help="zone of times without one")
        parser.add_argument("--received", metavar="TIME", help="for sentences without times: ISO 8601, UTC")
        parser.add_argument("--encoding", default="", help="such as windows-1251")

    def report(self, **options: Any) -> Report:
        try:
            by, said, circle, case = _begin(options)
            with leading(TASK):
                return _report(self._read(options["file"], by, said, circle, case, title=options["title"]))
        except (CannotBegin, Refused, ValidationError, NotAllowed, NotVisible) as error:
            return {"result": "could not run", "reason": sentence(error)}

    def _read(
        self, path: Path, by: User, said: Options, circle: Circle, case: Case | None, *, title: str
    ) -> PositionImport:
        received = receive(chunks=chunks_of(path), name=path.name)
        waiting = _held(received.sha256, by)
        if waiting is None:
            waiting = import_received(received, by=by, circle=circle, options=said, title=title)
            if case is not None:
                add_exhibit(case, by=by, item=waiting.item)
        line = ProgressLine(self.stderr, total_bytes=received.size_bytes)
        done = run_import(waiting, progress=lambda one: line.show(one.bytes_done, f"{one.positions:,} positions"))
        line.clear()
        return done

    def lines(self, report: Report) -> list[str]:
        counted = [f"{name.replace('_', ' ')}: {report[name]}" for name in COUNTS if report.get(name)]
        return [*counted, *(f"row {one['row']}: {one['column']}: {one['reason']}" for one in report["listed"])]


def _begin(options: dict[str, Any]) -> tuple[User, Options, Circle, Case | None]:
    by = User.objects.filter(username=options["by"], is_active=True).first()
    if by is None:
        raise CannotBegin("There is no active account of that name.")
    case = _case(options["case"], by) if options["case"] else None
    circle = Circle.of_case(case) if case else Circle.everyone() if options["everyone"] else Circle()
    return by, _options(options), circle, case


def _case(reference: str, by: User) -> Case:
    found: Case | None = Case.objects.visible_to(by).filter(reference=reference.upper()).first()
    if found is None:
        raise CannotBegin("There is no such case for this account.")
    return found


def _options(options: dict[str, Any]) -> Options:
    columns = dict(pair.split("=", 1) for pair in options["column"] if "=" in pair)
    if len(columns) < len(options["column"]) or set(columns) - set(FIELDS):
        raise CannotBegin(f"--column is FIELD=HEADER, where the field is one of: {', '.join(FIELDS)}.")
    return Options(
        format=options["format"],
        columns=columns,
        mmsi=options["mmsi"],
        time_order=options["time_order"],
        utc_offset_min=options["utc_offset"],
        received_at=_received(options["received"]),
        encoding=options["encoding"],
    )


def _received(text: str | None) -> datetime.datetime | None:
    if not text:
        return None
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise CannotBegin("--received is a time such as 2023-01-11T00:00:00.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _held(sha256: str, by: User) -> PositionImport | None:
    """Return the unfinished import of the same bytes by the same account: it goes on.

    Raises:
        Refused: the account read the same bytes to their end already.
    """
    mine = PositionImport.objects.visible_to(by).current().filter(file__sha256=sha256, created_by=by)
    found: PositionImport | None = (
        mine.exclude(state=ImportState.FAILED).select_related("item", "file", "created_by").first()
    )
    if found is not None and not found.is_going_on:
        raise Refused("This account has read this file already.")
    return found


def _report(done: PositionImport) -> Report:
    if done.state == ImportState.FAILED:
        return {"result": "could not run", "reason": done.reason}
    left_out = done.rejected or done.values_left_out
    listed = done.rejected_rows.order_by("pk")[:LISTED].values("row", "column", "value", "reason", "is_kept")
    return {
        "result": "findings" if left_out else "clean",
        "import": str(done.pk),
        "item": str(done.item_id),
        "format": done.format,
        **{name: getattr(done, name) for name in COUNTS},
        "earliest_at": done.earliest_at.isoformat() if done.earliest_at else None,
        "latest_at": done.latest_at.isoformat() if done.latest_at else None,
        "listed": list(listed),
    }
