"""What lies in the evidence store and should not? Exit codes: 0 clean, 1 findings, 2 could not run."""

from collections import Counter
from typing import Any

from django.core.management.base import CommandParser

from casefiles.core.filestore import Finding
from casefiles.core.leadership import leading
from casefiles.core.reports import Report, ReportCommand
from casefiles.evidence.actions.sweeping import look_through_store

TASK = "sweep"


class Command(ReportCommand):
    help = "Lists orphans, leftovers and strangers in the evidence store. Kept bytes are never removed."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--fix", action="store_true", help="remove what uploads that died have left, nothing else")
        parser.add_argument(
            "--min-age",
            type=int,
            metavar="SECONDS",
            help="leave out what is younger: it may belong to an upload under way (default: an hour; for what came of "
            "a file that its sender may go on with, a week)",
        )

    def report(self, **options: Any) -> Report:
        with leading(TASK):
            removed, found = look_through_store(min_age_seconds=options["min_age"], is_fixing=options["fix"])
        return report_on(removed, found)

    def lines(self, report: Report) -> list[str]:
        counts = [f"{kind}: {count}" for kind, count in report["counts"].items()]
        removed = [f"removed: {name}" for name in report["removed"]]
        return [*counts, *removed, *(f"{one['kind']}: {one['path']}" for one in report["findings"])]


def report_on(removed: list[str], found: list[Finding]) -> Report:
    """Return what was found in the store and removed from it, JSON-ready."""
    return {
        "result": "findings" if found else "clean",
        "removed": removed,
        "counts": dict(sorted(Counter(str(one.kind) for one in found).items())),
        "findings": [{"path": one.path, "kind": str(one.kind)} for one in found],
    }
