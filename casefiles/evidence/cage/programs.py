"""The outside of the cage for programs that are not ours: starts one within walls, and returns what it writes."""

import os
import subprocess
import sys
from pathlib import Path

from casefiles.evidence.cage.running import Limits

LAUNCHER = Path(__file__).with_name("program.py")


class TookTooLong(Exception):
    """The program was ended by the clock."""


def output_of(
    program: str, arguments: list[str], descriptor: int, limits: Limits, *, data: tuple[str, ...] = ()
) -> bytes:
    """Return what a program writes about the open file; how it ended is not asked, so believe nothing of it.

    `data` names folders that the program needs for itself; beside these, its own file and the system's programs and
    libraries it can open nothing, where the kernel can forbid it.

    Raises:
        TookTooLong: it was still at work when its time was over.
    """
    walls = [str(limits.memory_bytes), str(limits.cpu_seconds), os.pathsep.join(data)]
    try:
        done = subprocess.run(  # noqa: S603 (our own launcher, no shell, nothing of the file in the arguments)
            [sys.executable, "-I", "-B", str(LAUNCHER), *walls, program, *arguments],
            stdin=descriptor,
            capture_output=True,
            timeout=limits.wall_seconds,
            env={},
            cwd="/",
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TookTooLong from error
    return done.stdout
