"""Write the whole record of what was done as a log that `verify_log.py` checks without Casefiles."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from casefiles.audit.selectors import exported_lines, head
from casefiles.core.reports import Report, ReportCommand

VERIFIER = Path(__file__).parents[2] / "verify_log.py"


class Command(ReportCommand):
    help = "Writes every event, one a line, with ids, digests and notes. Whoever reads it learns who acted, and when."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="a file that is not there yet; the verifier is written beside it")

    def report(self, **options: Any) -> Report:
        target: Path = options["file"]
        seq, last_hash = head()
        count = 0
        # "x": what somebody exported before is not lost to a slip.
        with target.open("x", encoding="utf-8", newline="\n") as file:
            for line in exported_lines():
                file.write(f"{line}\n")
                count += 1
        target.with_name("verify_log.py").write_bytes(VERIFIER.read_bytes())
        result = "clean" if count else "nothing to check"
        return {"result": result, "events": count, "head": f"{seq}:{last_hash}", "file": str(target)}

    def lines(self, report: Report) -> list[str]:
        return [
            f"Events: {report['events']}",
            f"Check it with: python verify_log.py {Path(report['file']).name} --head {report['head']}",
        ]
