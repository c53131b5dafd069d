"""Add the resolutions that the project knows of, each marked "to verify". Exit codes: 0 done, 2 could not run."""

from typing import Any

from casefiles.core.reports import Report, ReportCommand
from casefiles.sanctions.actions import load_instruments


class Command(ReportCommand):
    help = (
        "Adds the instruments of the project's own file that are not held yet, with provisions and elements. What "
        "somebody recorded under a symbol stays as it is; given again, nothing happens. Nothing of it was read in its "
        "primary text: pages mark it “to verify”."
    )

    def report(self, **options: Any) -> Report:
        return {"result": "clean", "added": [instrument.key for instrument in load_instruments()]}

    def lines(self, report: Report) -> list[str]:
        return [f"added: {key}" for key in report["added"]] or ["added: none, all are held already"]
