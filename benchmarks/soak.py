"""Work on and on, in many ways, killed every few hundred operations; look for loss, and for what grows.

Use: `python -m benchmarks.soak [--operations 200000] [--every 500] [--only sqlite|postgresql]`. A child of this process
adds items with files, reads files as a download does, changes items, and opens cases with claims, until it is killed
(SIGKILL). What is looked for after kills is as in `benchmarks.kills`; before each, that the child's memory has not
grown by more than a tenth since a fifth of its life, and that it holds no more open files than then.
"""

import argparse
import itertools
import json
import os
import random
import re
import signal
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from benchmarks import kills
from benchmarks.inside import measured_inside

MOST_GROWTH = 1.1
# Looking at everything takes the longer the more there is: not after every kill.
LOOKS = 20


@dataclass
class Soaked(kills.Tally):
    operations: int = 0
    most_growth: float = 0.0
    most_files_more: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=200_000)
    parser.add_argument("--every", type=int, default=500)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(asdict(soak(options.operations, every=options.every))))
        return
    for name, url in kills.databases(options.only):
        started = time.monotonic()
        found = run(url, operations=options.operations, every=options.every)
        print(f"{name}: {json.dumps(found)} in {time.monotonic() - started:.0f} s")
        if found["faults"]:
            sys.exit(1)


def run(url: str, *, operations: int, every: int) -> dict[str, Any]:
    return measured_inside("benchmarks.soak", url, "--operations", str(operations), "--every", str(every))


# --- In the process that kills -----------------------------------------------------------------------------------


def soak(operations: int, *, every: int) -> Soaked:
    import django

    django.setup()
    chance = random.Random(1)  # noqa: S311 (operations, not secrets)
    person, found = kills._somebody(), Soaked()
    lives = max(1, operations // every)
    for life in range(lives):
        _live(person, found, every=every, seed=chance.random())
        found.kills, found.operations = found.kills + 1, found.operations + every
        if (life + 1) % max(1, lives // LOOKS) == 0:
            kills._look(found)
    kills._look_at_the_record(found)
    return found


def _live(person: Any, found: Soaked, *, every: int, seed: float) -> None:
    """Let a child do so many operations, measure it on the way, and kill it."""
    from django.db import connections

    connections.close_all()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        _work(person, seed=seed, looks=(every // 5, every), said=writer)
    os.close(writer)
    with os.fdopen(reader) as lines:
        early, late = (_read_line(lines) for _look in range(2))
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    growth, more = late[0] / early[0], late[1] - early[1]
    found.most_growth = max(found.most_growth, round(growth, 3))
    found.most_files_more = max(found.most_files_more, more)
    if growth > MOST_GROWTH or more > 0:
        found.faults.append(f"life {found.kills}: memory grew {growth:.2f} times, {more} more open files")


def _read_line(lines: IO[str]) -> tuple[int, int]:
    line = lines.readline()
    if not line:
        raise SystemExit("The working process ended by itself.")
    memory_kb, open_files = map(int, line.split())
    return memory_kb, open_files


def _held() -> tuple[int, int]:
    """Return how many kB of memory and how many open files this process holds."""
    status = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())
    assert status is not None
    return int(status[1]), len(os.listdir("/proc/self/fd"))


def _work(person: Any, *, seed: float, looks: tuple[int, int], said: int) -> None:
    """Do one thing after another until killed; after so many things, between two of them, say what is held."""
    try:
        chance = random.Random(seed)  # noqa: S311 (operations, not secrets)
        ways = [_add, _add, _read, _read, _read, _change, _change, _open_case]
        for number in itertools.count(1):
            chance.choice(ways)(person, chance)
            if number in looks:
                os.write(said, "{} {}\n".format(*_held()).encode())
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        os._exit(1)


def _add(person: Any, chance: random.Random) -> None:
    from casefiles.access.circles import Circle
    from casefiles.evidence.actions.collecting import collect_item
    from casefiles.evidence.actions.files import receive

    received = receive(chunks=[chance.randbytes(chance.choice([9, 1_000, 70_000]))], name="soaked.bin")
    collect_item(by=person, circle=Circle.everyone(), received=[received], kind="document", title="Soaked")


def _some(model: Any, chance: random.Random) -> Any:
    """Return one of the newest rows, or None."""
    rows = list(model.objects.order_by("-created_at")[:20])
    return chance.choice(rows) if rows else None


def _read(person: Any, chance: random.Random) -> None:
    from casefiles.evidence.actions.files import record_access, store
    from casefiles.evidence.models import File

    file = _some(File, chance)
    if file is not None:
        with store().open_verified(file.sha256, size_bytes=file.size_bytes) as held:
            for _chunk in held:
                pass
        record_access(file, by=person, purpose="soak")


def _change(person: Any, chance: random.Random) -> None:
    from casefiles.evidence.actions.items import change_item
    from casefiles.evidence.models import Item

    item = _some(Item, chance)
    if item is not None:
        change_item(item, by=person, version=item.version, title=f"Soaked {chance.random()}")


def _open_case(person: Any, chance: random.Random) -> None:
    from casefiles.cases import actions as cases

    case = cases.open_case(by=person, title="Soaked")
    cases.add_claim(case, by=person, text="The ship called at the port.")


if __name__ == "__main__":
    main()
