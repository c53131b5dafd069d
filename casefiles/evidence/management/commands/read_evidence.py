"""Read files that wait to be read. Exit codes: 0 none waits any more, 1 some still wait, 2 could not run."""

from typing import Any

from django.core.management.base import CommandParser

from casefiles.core.reports import Report, ReportCommand
from casefiles.evidence.actions.reading import read_waiting
from casefiles.evidence.models import File
from casefiles.evidence.reading import READERS_VERSION


class Command(ReportCommand):
    help = "Reads files that wait to be read: what they are, what they say of themselves, their text."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--most", type=int, default=None, help="stop after so many files")

    def report(self, **options: Any) -> Report:
        done = read_waiting(most=options["most"])
        waiting = File.objects.waiting_to_be_read(READERS_VERSION).count()
        return {"result": "findings" if waiting else "clean", "read": done, "waiting": waiting}

    def lines(self, report: Report) -> list[str]:
        return [f"Read {report['read']} files; {report['waiting']} are waiting."]
