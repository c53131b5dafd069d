"""Bring in an edition of a list from the machine itself. Exit codes: 0 every row read, 1 some left out, 2 not read."""

import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.accounts.models import User
from casefiles.core.leadership import leading
from casefiles.core.progress import ProgressLine
from casefiles.core.refusals import Refused
from casefiles.core.reports import Report, ReportCommand
from casefiles.evidence.actions.files import receive
from casefiles.sanctions.actions.editions import TASK, apply_edition, import_list_files, read_edition
from casefiles.sanctions.models import EditionState, ListEdition, ListKey
from casefiles.sanctions.selectors.lists import problems_of
from casefiles.workspace.machine_files import chunks_of, sentence

COUNTS = ("entries", "rows", "rejected", "values_left_out", "added", "removed", "changed")
LISTED = 20


class Command(ReportCommand):
    help = (
        "Keeps an edition of a list as evidence, reads it, and says what it differs in from the one before. It counts "
        "only once it is applied, on its page or with --apply."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("files", metavar="FILE", type=Path, nargs="+", help="of OFAC also ALT.CSV and ADD.CSV")
        parser.add_argument("--list", required=True, dest="list_key", choices=ListKey.values)
        parser.add_argument("--by", required=True, metavar="USER", help="whose act it is: their rights decide")
        parser.add_argument(
            "--published", type=datetime.date.fromisoformat, metavar="DATE", help="where no file says it"
        )
        parser.add_argument("--title", default="", help="otherwise the list and the day")
        parser.add_argument("--encoding", default="", help="such as windows-1251")
        parser.add_argument("--apply", action="store_true", help="apply it: the difference is printed all the same")
        parser.add_argument("--older", action="store_true", help="apply it as an older edition than the newest one")

    def report(self, **options: Any) -> Report:
        by = User.objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            return {"result": "could not run", "reason": "There is no active account of that name."}
        try:
            with leading(TASK):
                edition = self._read(by, options)
                if options["apply"] and edition.state == EditionState.COMPARED:
                    apply_edition(edition, by=by, version=edition.version, as_older=options["older"])
        except (Refused, ValidationError, NotAllowed, NotVisible) as error:
            return {"result": "could not run", "reason": sentence(error)}
        return _report(edition, by)

    def _read(self, by: User, options: dict[str, Any]) -> ListEdition:
        received = [receive(chunks=chunks_of(path), name=path.name) for path in options["files"]]
        edition = import_list_files(
            received,
            by=by,
            list_key=options["list_key"],
            published_on=options["published"],
            title=options["title"],
            encoding=options["encoding"],
        )
        line = ProgressLine(self.stderr, total_bytes=edition.file.size_bytes)
        done = read_edition(edition, progress=lambda one: line.show(one.bytes_done, f"{one.entries:,} entries"))
        line.clear()
        return done

    def lines(self, report: Report) -> list[str]:
        counted = [f"{name.replace('_', ' ')}: {report[name]}" for name in COUNTS if report.get(name)]
        said = f"{report['edition']}: {report['state']}, compared with {report['compared_with'] or 'nothing'}"
        return [said, *counted, *(f"row {one['row']}: {one['column']}: {one['reason']}" for one in report["listed"])]


def _report(edition: ListEdition, by: User) -> Report:
    if edition.state == EditionState.FAILED:
        return {"result": "could not run", "reason": edition.reason}
    listed = problems_of(edition, by).order_by("pk")[:LISTED].values("row", "column", "value", "reason", "is_kept")
    return {
        "result": "findings" if edition.rejected or edition.values_left_out else "clean",
        "edition": str(edition),
        "id": str(edition.pk),
        "item": str(edition.item_id),
        "sha256": edition.file.sha256,
        "format": edition.format,
        "state": edition.state,
        "compared_with": str(edition.compared_with) if edition.compared_with else "",
        "is_older": edition.is_older,
        **{name: getattr(edition, name) for name in COUNTS},
        "listed": list(listed),
    }
