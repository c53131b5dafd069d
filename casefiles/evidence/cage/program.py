"""Becomes a program from outside, inside the walls of the cage: for what no library of ours can do, as decoding films.

Run by `programs.py` as a script of its own, isolated and with an empty environment; it gives up the same things as
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
# Programs that share work among threads wait for each other longer than they save on two cores.
_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1"}


def become(program: str, arguments: list[str], *, memory_bytes: int, cpu_seconds: int, data: tuple[str, ...]) -> None:
    """Give up everything but standard input and output, then run the program in place of this one.

    `data` are the folders of what the program itself needs to read, such as the letters it knows.
    """
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
        folders = tuple(folder for folder in (*SYSTEM_FOLDERS, *data) if Path(folder).is_dir())
        close_file_system(system, folders, programs=(program,), may_execute=True)
    os.execve(program, [program, *arguments], _ENVIRONMENT)


if __name__ == "__main__":
    _memory, _seconds, _data, _program, *_arguments = sys.argv[1:]
    become(
        _program,
        _arguments,
        memory_bytes=int(_memory),
        cpu_seconds=int(_seconds),
        data=tuple(folder for folder in _data.split(os.pathsep) if folder),
    )
