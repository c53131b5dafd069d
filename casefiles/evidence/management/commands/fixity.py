"""Are the held bytes still the ones received? Exit codes: 0 clean, 1 findings, 2 could not run."""

from dataclasses import asdict
from time import monotonic
from typing import Any

from django.core.management.base import CommandError, CommandParser

from casefiles.core.leadership import leading
from casefiles.core.pace import Pace
from casefiles.core.progress import ProgressLine, size_text
from casefiles.core.reports import Report, ReportCommand
from casefiles.evidence.actions.fixity import Checked, bytes_held, check_damaged, check_files

TASK = "fixity"
MEGABYTE = 1_000_000


class Command(ReportCommand):
    help = (
        "Reads every evidence file whole and compares its SHA-256; names each that is damaged, and how. A run that was "
        "broken off goes on where it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--mb-per-second", type=float, metavar="N", help="read no faster than this")
        parser.add_argument("--seconds", type=float, metavar="N", help="end after so long; the next run goes on")
        parser.add_argument("--restart", action="store_true", help="begin again instead of going on")
        parser.add_argument("--damaged", action="store_true", help="only the files that failed their last check")

    def report(self, **options: Any) -> Report:
        rate = options["mb_per_second"]
        if rate is not None and rate <= 0:
            raise CommandError("--mb-per-second must be more than 0.")
        with leading(TASK):
            return self._again() if options["damaged"] else self._all(rate, options)

    def _again(self) -> Report:
        found = check_damaged()
        return {"result": "findings" if found else "clean", "findings": [asdict(one) for one in found]}

    def _all(self, rate: float | None, options: dict[str, Any]) -> Report:
        started, most_seconds = monotonic(), options["seconds"]
        line = ProgressLine(self.stderr, total_bytes=bytes_held())
        checked = check_files(
            is_restarting=options["restart"],
            is_enough=lambda run: most_seconds is not None and monotonic() - started >= most_seconds,
            pace=Pace(rate * MEGABYTE if rate else None),
            progress=lambda run: line.show(run.bytes_checked, f"{run.digests_checked} checked"),
        )
        line.clear()
        return report_on(checked) | {"seconds": round(monotonic() - started, 3)}

    def lines(self, report: Report) -> list[str]:
        bad = [f"{one['verdict']}: {one['sha256']} (file {one['file_id']})" for one in report["findings"]]
        if "digests_checked" not in report:
            return bad
        size = size_text(report["bytes_checked"])
        counted = f"Digests checked: {report['digests_checked']} ({size} of {size_text(report['bytes_total'])})"
        begun = [f"Going on with the run of {report['started_at']}"] if report["was_resumed"] else []
        return [*begun, counted, *bad]


def report_on(checked: Checked) -> Report:
    """Return what a run, or a part of it, has come to, JSON-ready."""
    run = checked.run
    if checked.findings:
        result = "findings"
    elif not run.is_finished:
        result = "clean so far"
    else:
        result = "clean" if run.digests_checked else "nothing to check"
    return {
        "result": result,
        "run": str(run.pk),
        "started_at": run.started_at.isoformat(timespec="seconds"),
        "was_resumed": checked.was_resumed,
        "is_finished": run.is_finished,
        "digests_checked": run.digests_checked,
        "bytes_checked": run.bytes_checked,
        "bytes_total": run.bytes_total,
        "findings": [asdict(one) for one in checked.findings],
    }
