"""Look after the installation once: for a timer or a container. Exit codes: 0 clean, 1 findings, 2 could not run."""

from typing import Any

from django.core.management.base import CommandParser

from casefiles.core.leadership import leading
from casefiles.core.pace import Pace
from casefiles.core.reports import Report, ReportCommand
from casefiles.workspace.maintenance import Limits, maintain

TASK = "maintain"
MEGABYTE = 1_000_000


class Command(ReportCommand):
    help = (
        "Reads files that wait, goes on with the check of every file, opens tasks for what failed, looks through the "
        "store, verifies the chain and writes a checkpoint. Of several that start at once, one does it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        usual = Limits()
        parser.add_argument(
            "--fixity-seconds",
            type=float,
            default=usual.fixity_seconds,
            metavar="N",
            help="how long to read for the check of every file (default: %(default)s)",
        )
        parser.add_argument("--mb-per-second", type=float, metavar="N", help="read no faster than this")
        parser.add_argument(
            "--files-to-read",
            type=int,
            default=usual.files_to_read,
            metavar="N",
            help="how many waiting files to read at most (default: %(default)s)",
        )

    def report(self, **options: Any) -> Report:
        rate = options["mb_per_second"]
        limits = Limits(
            fixity_seconds=options["fixity_seconds"],
            pace=Pace(rate * MEGABYTE if rate else None),
            files_to_read=options["files_to_read"],
        )
        with leading(TASK):
            return maintain(limits, progress=self._say)

    def _say(self, step: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"{step} …")

    def lines(self, report: Report) -> list[str]:
        return [f"{name}: {_line(step)}" for name, step in report["steps"].items()]


COUNTED = (
    "files_read",
    "files_rendered",
    "files_recognised",
    "digests_checked",
    "tasks_opened",
    "told",
    "mails_sent",
    "events_checked",
)


def _line(step: Report) -> str:
    """Return what one step came to, on one line."""
    parts = [step["result"]]
    parts += [f"{step[name]} {name.replace('_', ' ')}" for name in COUNTED if name in step]
    parts += [f"{len(step['findings'])} findings"] if step.get("findings") else []
    parts += [str(step[name]) for name in ("reason", "damage", "detail", "disagreement", "name") if step.get(name)]
    return ", ".join(parts)
