"""Note elsewhere how far the record goes. Exit codes: 0 written, 1 the record disagrees, 2 could not run."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from casefiles.core.checkpoints import Checkpoint, printed
from casefiles.core.leadership import leading
from casefiles.core.reports import Report, ReportCommand
from casefiles.evidence.actions.checkpoints import RecordDisagrees, write_checkpoint
from casefiles.evidence.selectors.checkpoints import checkpoint_folder, is_beside_the_data

TASK = "checkpoint"


class Command(ReportCommand):
    help = "Writes the head of the chain and the manifest of held files to CHECKPOINT_DIR, and prints the head."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--accept",
            default="",
            metavar="REASON",
            help="the record is right although it does not agree with the newest checkpoint: say why",
        )

    def report(self, **options: Any) -> Report:
        with leading(TASK):
            try:
                return report_on(write_checkpoint(accepting=options["accept"].strip()))
            except RecordDisagrees as error:
                return {"result": "findings", "disagreement": str(error)}

    def lines(self, report: Report) -> list[str]:
        if "disagreement" in report:
            return [report["disagreement"], "No checkpoint was written. If this is meant, say why with --accept."]
        lines = printed(Checkpoint(**report["checkpoint"])).splitlines()
        if report["is_beside_the_data"]:
            lines += ["", "It lies on the same disk as the data: name another place in CHECKPOINT_DIR."]
        return lines


def report_on(checkpoint: Checkpoint) -> Report:
    """Return what was written, JSON-ready."""
    return {
        "result": "clean",
        "name": checkpoint.name,
        "folder": str(checkpoint_folder().folder),
        "checkpoint": asdict(checkpoint),
        "is_beside_the_data": is_beside_the_data(),
    }
