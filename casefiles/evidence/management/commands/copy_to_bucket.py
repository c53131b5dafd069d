"""Copy the tree into the bucket that the settings name. Exit codes: 0 clean, 1 findings, 2 could not run."""

from dataclasses import asdict
from time import monotonic
from typing import Any

from django.core.management.base import CommandError, CommandParser

from casefiles.core.leadership import leading
from casefiles.core.pace import Pace
from casefiles.core.progress import ProgressLine, size_text
from casefiles.core.reports import Report, ReportCommand
from casefiles.evidence.actions.copying import Copying, bytes_to_copy, copy_tree_to_bucket

TASK = "copy_to_bucket"
MEGABYTE = 1_000_000


class Command(ReportCommand):
    help = (
        "Copies every evidence file of EVIDENCE_ROOT into the bucket that the settings name, and reads each back. A "
        "run that was broken off goes on where it was. Nothing is removed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--mb-per-second", type=float, metavar="N", help="copy no faster than this")
        parser.add_argument("--restart", action="store_true", help="begin again instead of going on")
        parser.add_argument(
            "--only-missing", action="store_true", help="do not read again what the bucket holds already"
        )

    def report(self, **options: Any) -> Report:
        rate = options["mb_per_second"]
        if rate is not None and rate <= 0:
            raise CommandError("--mb-per-second must be more than 0.")
        started = monotonic()
        with leading(TASK):
            line = ProgressLine(self.stderr, total_bytes=bytes_to_copy())
            copying = copy_tree_to_bucket(
                is_restarting=options["restart"],
                is_only_missing=options["only_missing"],
                pace=Pace(rate * MEGABYTE if rate else None),
                progress=lambda one: line.show(one.bytes_done, f"{one.copied} copied"),
            )
            line.clear()
        return report_on(copying) | {"seconds": round(monotonic() - started, 3)}

    def lines(self, report: Report) -> list[str]:
        counted = (
            f"Copied: {report['copied']}, there already: {report['there_already']} ({size_text(report['bytes_done'])})"
        )
        bad = [f"{one['problem']}: {one['sha256']} ({one['where']})" for one in report["findings"]]
        return [*(["Went on where it was broken off"] if report["was_resumed"] else []), counted, *bad]


def report_on(copying: Copying) -> Report:
    """Return what the copying has come to, JSON-ready."""
    if copying.findings:
        result = "findings"
    else:
        result = "clean" if copying.copied or copying.there_already else "nothing to check"
    return {"result": result, **asdict(copying)}
