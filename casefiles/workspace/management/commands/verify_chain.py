"""Is the record of what was done whole? Exit codes: 0 sound, 1 damaged, 2 could not be checked."""

import argparse
from typing import Any

from django.core.management.base import CommandParser

from casefiles.audit.chain import BEGINNING, Head
from casefiles.core.reports import Report, ReportCommand
from casefiles.workspace.selectors.chain import report_on_chain


def read_head(written: str) -> Head:
    """Read a head as it was noted: the number, a colon and the hash, whose groups may be apart."""
    number, _colon, digest = "".join(written.split()).partition(":")
    if not (number.isascii() and number.isdigit() and len(digest) == 64):
        raise argparse.ArgumentTypeError("write the number, a colon and the 64 digits of the hash")
    return Head(int(number), digest.lower())


class Command(ReportCommand):
    help = (
        "Walks the audit chain, its values and the custody rows, and compares them with the newest checkpoint; names "
        "the first bad row and the kind of damage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--head", type=read_head, metavar="N:HASH", help="a head that was noted elsewhere")
        parser.add_argument(
            "--from", type=read_head, dest="start", metavar="N:HASH", help="go on from a head that was verified before"
        )

    def report(self, **options: Any) -> Report:
        noted = [options["head"]] if options["head"] else []
        return report_on_chain(start=options["start"] or BEGINNING, noted=noted)
