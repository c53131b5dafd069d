"""Measure bringing in many small files: `python -m benchmarks.many [--files 5000] [--at-once 25] [--only sqlite]`.

Forms of so many files of 1 kB each are posted to a case, one after another, in one process: the whole path of a
request but for the network. `queries_a_file` counts what one more file in a form asks of the database. Goal (D19):
5,000 files in under 120 seconds.
"""

import argparse
import json
import os
import sys
from typing import Any

from benchmarks.inside import cost, measured_inside, peak_here_mb
from benchmarks.kills import databases

SIZE_BYTES = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--at-once", type=int, default=25)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(measured(options.files, options.at_once)))
        return
    sizes = ("--files", str(options.files), "--at-once", str(options.at_once))
    for name, url in databases(options.only):
        print(f"{name}: {json.dumps(measured_inside('benchmarks.many', url, *sizes), indent=1)}")


# --- In the process that measures --------------------------------------------------------------------------------


def measured(files: int, at_once: int) -> dict[str, Any]:
    import django

    django.setup()
    sender = _Sender()
    sender.send(at_once)
    before = peak_here_mb()
    figures: dict[str, Any] = {"files": files, "at_once": at_once}
    figures |= cost(lambda: [sender.send(at_once) for _form in range(files // at_once)])
    one, more = (sender.queries_of(count) for count in (1, at_once))
    return {**figures, "queries_a_file": (more - one) / (at_once - 1), "grown_mb": peak_here_mb() - before}


class _Sender:
    """Somebody signed in, who posts forms of files to a case of theirs."""

    def __init__(self) -> None:
        from django.conf import settings
        from django.test import Client
        from django.urls import reverse

        from casefiles.accounts.models import User
        from casefiles.cases import actions as cases

        lead = User.objects.create(username="sender", may_open_cases=True)
        case = cases.open_case(by=lead, title="Measured")
        self._client = Client(headers={"x-requested-with": "upload", "host": settings.ALLOWED_HOSTS[0]})
        self._client.force_login(lead)
        self._address = reverse("cases:bring_in", args=[case.pk])

    def send(self, count: int) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        files = [SimpleUploadedFile(f"note {n}.txt", _words(), content_type="text/plain") for n in range(count)]
        answer = self._client.post(self._address, {"file": files})
        if answer.status_code != 200 or answer.content.count(b'data-state="added"') != count:
            sys.exit(f"Not all were added: {answer.status_code}\n{answer.content.decode()[:2000]}")

    def queries_of(self, count: int) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            self.send(count)
        return len(asked)


def _words() -> bytes:
    return os.urandom(SIZE_BYTES // 2).hex().encode()


if __name__ == "__main__":
    main()
