"""What lies in the evidence store and should not? Exit codes: 0 clean, 1 findings, 2 could not run."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from casefiles.core.filestore import StoreError
from casefiles.core.folding import visible_controls
from casefiles.evidence.actions.checking import look_through_store

CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2
MIN_AGE_SECONDS = 3600


class Command(BaseCommand):
    help = "Lists orphans, leftovers and strangers in the evidence store. Kept bytes are never removed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON, for scripts")
        parser.add_argument("--fix", action="store_true", help="remove what uploads that died have left, nothing else")
        parser.add_argument(
            "--min-age",
            type=int,
            default=MIN_AGE_SECONDS,
            metavar="SECONDS",
            help="leave out what is younger: it may belong to an upload under way (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            removed, found = look_through_store(min_age_seconds=options["min_age"], is_fixing=options["fix"])
        except (StoreError, DatabaseError) as error:
            self._end({"result": "could not run", "reason": str(error)[:300]}, COULD_NOT_RUN, options["json"])
            return
        report = {
            "result": "findings" if found else "clean",
            "removed": removed,
            "findings": [{"path": one.path, "kind": str(one.kind)} for one in found],
        }
        self._end(report, FINDINGS if found else CLEAN, options["json"])

    def _end(self, report: dict[str, Any], code: int, as_json: bool) -> None:
        self.stdout.write(json.dumps(report, indent=1) if as_json else "\n".join(_lines(report)))
        if code:
            raise SystemExit(code)


def _lines(report: dict[str, Any]) -> list[str]:
    lines = [f"Result: {report['result']}"]
    if "reason" in report:
        lines.append(report["reason"])
    lines += [f"removed: {name}" for name in report.get("removed", [])]
    lines += [f"{one['kind']}: {visible_controls(one['path'])}" for one in report.get("findings", [])]
    return lines
