"""Send every hostile file of the battery to a real gunicorn, let its cage read them, and count what went wrong.

Use: `python -m benchmarks.corpus [--strace] [--huge] [--only e05]`. Each file is sent in a form, read in the
background, and then its item and its picture are asked for. With `--strace` (Linux, strace installed) every connection
and every datagram of the server and its cage is written down; those to anywhere but this machine are counted. Exit code
1 where a worker died, an answer was a failure of the server, a digest is wrong, or something was sent out.
"""

import argparse
import hashlib
import json
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.processes import children, descendants, peak_mb
from benchmarks.sending import Place, ask, place, send_form
from benchmarks.serving import Served, server
from benchmarks.uploads import Watch
from tests.evidence.hostile import corpus

CHUNK_BYTES = 1024 * 1024
# What a reader may take, many times over: beyond it the reading is over or never will be.
PATIENCE_SECONDS = 1800
TRACED = "connect,sendto,sendmsg,sendmmsg"
OUTSIDE = re.compile(r"(connect|sendto|sendmsg|sendmmsg)\(.*sa_family=AF_INET6?\b")
LOOPBACK = re.compile(r'inet_addr\("127\.|"::1"')


@dataclass
class Row:
    """One class: how many files, what came of them, and what went wrong."""

    files: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strace", action="store_true", help="write down every connection (needs strace)")
    parser.add_argument("--huge", action="store_true", help="also what is hostile by hundreds of megabytes")
    parser.add_argument("--only", help="one class, as e05")
    options = parser.parse_args()
    if options.strace and not shutil.which("strace"):
        sys.exit("strace is not installed.")
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as log, place() as here:
        # Only with -f every process that starts later is followed too, those of the cage among them.
        traced = ["strace", "-f", "-qq", "-e", f"trace={TRACED}", "-o", log.name] if options.strace else []
        with server(
            "casefiles.wsgi", here.environment, database_pid=None, first=here.first_with_cookie, below=traced
        ) as it:
            arbiter = children(it.pid)[0] if traced else it.pid
            rows, about = _measured(it, here, _chosen(options), arbiter)
            _show(rows)
        outside = _outside(log) if traced else None
        about["wrong on disk"] = len(json.loads(here.command("fixity", "--json"))["findings"])
    about |= {"connections or datagrams to elsewhere": len(outside) if outside is not None else "not traced"}
    print("\n".join(f"{name}: {value}" for name, value in about.items()))
    for line in (outside or [])[:20]:
        print(line)
    sys.exit(
        1 if outside or about["workers lost"] or about["wrong on disk"] or any(r.failures for r in rows.values()) else 0
    )


def _chosen(options: argparse.Namespace) -> Iterator[corpus.Case]:
    for family in [corpus.cases, *([corpus.huge] if options.huge else [])]:
        yield from (case for case in family() if options.only in (None, case[0]))


def _measured(
    served: Served, here: Place, cases: Iterator[corpus.Case], arbiter: int
) -> tuple[dict[str, Row], dict[str, Any]]:
    rows: dict[str, Row] = {}
    sent: dict[str, list[str]] = {}
    workers, watch, started = children(arbiter), Watch(arbiter), time.monotonic()
    for number, name, content in cases:
        row = rows.setdefault(number, Row())
        row.files += 1
        sent.setdefault(hashlib.sha256(content).hexdigest(), []).append(number)
        status = send_form(served, here, name, len(content), _chunks(content))
        if status != 200:
            row.failures.append(f"{name}: {status} when it was sent")
    held = _read(here)
    took = time.monotonic() - started
    for file in held:
        number = sent[file["sha256"]].pop() if sent.get(file["sha256"]) else "unknown"
        row = rows.setdefault(number, Row())
        row.outcomes[file["state"] or "never read"] += 1
        row.reasons[file["reason"]] += 1
        row.failures += _asked_for(served, here, file)
    for digest, left in sent.items():
        for number in left:
            rows[number].failures.append(f"{digest[:12]} is not among the files of the case")
    time.sleep(1)
    return rows, {
        "files": sum(row.files for row in rows.values()),
        "seconds until all were read": round(took),
        "workers lost": len(set(workers) - set(children(arbiter))),
        "peak_mb of a worker": [peak_mb(pid) for pid in children(arbiter)],
        "peak_mb of a process of the cage": watch.most_of_the_cage,
        "processes of the cage left": sum(len(descendants(pid)) for pid in children(arbiter)),
    }


def _chunks(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), CHUNK_BYTES):
        yield content[start : start + CHUNK_BYTES]


def _read(here: Place) -> list[dict[str, Any]]:
    """Wait until the background has read all that came, and return it."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        held = here.came()
        if all(file["state"] for file in held) or time.monotonic() > until:
            return held
        time.sleep(2)


def _asked_for(served: Served, here: Place, file: dict[str, Any]) -> list[str]:
    """Ask for the item and the picture of a file, as its page would; say what failed."""
    asked = {address: ask(served, here, "GET", address) for address in (file["item"], file["preview"])}
    expected = {file["item"]: {200}, file["preview"]: {200, 404}}
    return [
        f"{file['name']}: {status} for {address}"
        for address, status in asked.items()
        if status not in expected[address]
    ]


def _outside(log: Any) -> list[str]:
    return [line.strip() for line in log if OUTSIDE.search(line) and not LOOPBACK.search(line)]


def _show(rows: dict[str, Row]) -> None:
    print(f"{'class':6}{'files':>6}{'read':>6}{'not parsed':>12}{'opaque':>8}{'failures':>10}  most said")
    for number, row in sorted(rows.items()):
        reason = next((text for text, _count in row.reasons.most_common() if text), "")
        states = f"{row.outcomes['read']:>6}{row.outcomes['not parsed']:>12}{row.outcomes['opaque']:>8}"
        print(f"{number.upper():6}{row.files:>6}{states}{len(row.failures):>10}  {reason}")
    for row in rows.values():
        print("\n".join(row.failures[:5]), end="\n" if row.failures else "", flush=True)


if __name__ == "__main__":
    main()
