"""Read files that wait to be read: what they are, what they say of themselves, their text."""

import json
import sys
from typing import Any

from django.core.management import BaseCommand

from casefiles.evidence.actions.reading import read_waiting
from casefiles.evidence.models import File
from casefiles.evidence.reading import READERS_VERSION


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--most", type=int, default=None, help="Stop after so many files.")
        parser.add_argument("--json", action="store_true", dest="is_json", help="Answer as one JSON object.")

    def handle(self, *args: Any, most: int | None, is_json: bool, **options: Any) -> None:
        done = read_waiting(most=most)
        waiting = File.objects.waiting_to_be_read(READERS_VERSION).count()
        if is_json:
            self.stdout.write(json.dumps({"read": done, "waiting": waiting}))
        else:
            self.stdout.write(f"Read {done} files; {waiting} are waiting.")
        # Exit codes are those of every command here: 1 where something is left to look at.
        sys.exit(1 if waiting else 0)
