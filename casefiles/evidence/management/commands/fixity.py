"""Are the held bytes still the ones received? Exit codes: 0 clean, 1 findings, 2 could not run."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from casefiles.core.filestore import StoreError
from casefiles.evidence.actions.checking import check_files

CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2


class Command(BaseCommand):
    help = "Reads every evidence file whole and compares its SHA-256; names each that is damaged, and how."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            checked, bad = check_files(progress=self._progress)
        except (StoreError, DatabaseError) as error:
            self._end({"result": "could not run", "reason": str(error)[:300]}, COULD_NOT_RUN, options["json"])
            return
        result = "findings" if bad else "clean" if checked else "nothing to check"
        report = {"result": result, "digests_checked": checked, "findings": [asdict(one) for one in bad]}
        self._end(report, FINDINGS if bad else CLEAN, options["json"])

    def _progress(self, done: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} checked", ending="")
            self.stderr.flush()

    def _end(self, report: dict[str, Any], code: int, as_json: bool) -> None:
        if self.stderr.isatty():
            self.stderr.write("")
        self.stdout.write(json.dumps(report, indent=1) if as_json else "\n".join(_lines(report)))
        if code:
            raise SystemExit(code)


def _lines(report: dict[str, Any]) -> list[str]:
    lines = [f"Result: {report['result']}"]
    if "reason" in report:
        lines.append(report["reason"])
    if "digests_checked" in report:
        lines.append(f"Digests checked: {report['digests_checked']}")
    lines += [f"{one['verdict']}: {one['sha256']} (file {one['file_id']})" for one in report.get("findings", [])]
    return lines
