"""Commands that look at something and say what they found: in words, or as JSON for scripts.

Exit codes: 0 clean, 1 findings, 2 could not run. "Nothing was checked" is never said as "clean".
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from casefiles.core.filestore import StoreError
from casefiles.core.folding import visible_controls
from casefiles.core.leadership import LedElsewhere

CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2
CODES = {
    "clean": CLEAN,
    "clean so far": CLEAN,
    "nothing to check": CLEAN,
    "sound": CLEAN,
    "findings": FINDINGS,
    "damaged": FINDINGS,
}
# What stops a report from being made at all, and is said instead of it.
OBSTACLES = (StoreError, DatabaseError, LedElsewhere, OSError)
Report = dict[str, Any]


def exit_code(report: Report) -> int:
    """Return the code with which a command ends after a report; a result that is not known could not run."""
    return CODES.get(str(report["result"]), COULD_NOT_RUN)


def obstacle(error: Exception) -> Report:
    """Return the report of what could not run, and why, without the name of a folder or the text of a query."""
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
    elif isinstance(error, DatabaseError):
        reason = f"The database refused ({type(error).__name__})."
    else:
        reason = str(error)
    return {"result": "could not run", "reason": reason[:300]}


class ReportCommand(BaseCommand):
    """A command that ends with a report. Subclasses make it in `report`, and may word it in `lines`."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON, for scripts")

    def report(self, **options: Any) -> Report:
        """Do the work and return what was found, JSON-ready, with a `result` from `CODES` or another word."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self.report(**options)
        except OBSTACLES as error:
            report = obstacle(error)
        text = json.dumps(report, indent=1) if options["json"] else "\n".join(self._words(report))
        self.stdout.write(text)
        if code := exit_code(report):
            raise SystemExit(code)

    def _words(self, report: Report) -> list[str]:
        lines = [f"Result: {report['result']}"]
        if "reason" in report:
            return [*lines, report["reason"]]
        return [*lines, *map(visible_controls, self.lines(report))]

    def lines(self, report: Report) -> list[str]:
        """Return the report's lines after its result; empty values are left out."""
        return [f"{name.replace('_', ' ')}: {value}" for name, value in report.items() if name != "result" and value]
