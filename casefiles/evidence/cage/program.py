"""Becomes a program from outside, inside the walls of the cage: for what no library of ours can do, as decoding films.

Run by `stills.py` as a script of its own, isolated and with an empty environment; it gives up the same things as
`worker.py` does, but for threads and for the system's own programs and libraries, which the program needs to start.
"""

import ctypes
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from worker import close_file_system, held_threads, leave_network  # type: ignore[import-not-found]  # noqa: E402

SYSTEM_FOLDERS = ("/bin", "/lib", "/lib64", "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/local/lib")
_MOST_THREADS = 32


def become(program: str, arguments: list[str], *, memory_bytes: int, cpu_seconds: int) -> None:
    """Give up everything but standard input and output, then run the program in place of this one."""
    for kind, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, held_threads() + _MOST_THREADS),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    system = ctypes.CDLL(None, use_errno=True)
    leave_network(system)
    with suppress(OSError, AttributeError):
        folders = tuple(folder for folder in SYSTEM_FOLDERS if Path(folder).is_dir())
        close_file_system(system, folders, programs=(program,), may_execute=True)
    os.execve(program, [program, *arguments], {})


if __name__ == "__main__":
    become(sys.argv[3], sys.argv[4:], memory_bytes=int(sys.argv[1]), cpu_seconds=int(sys.argv[2]))
