"""The inside of the cage: reads one file from standard input and says what it found, in frames, on standard output.

Run by `running.py` as a script of its own, isolated (-I) and with an empty environment. It loads the reader of its
task, gives up everything else, and only then looks at the first byte.
"""

import ctypes
import importlib
import io
import json
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

PROJECT = str(Path(__file__).resolve().parents[3])
_NEW_USER_NAMESPACE, _NEW_NETWORK = 0x10000000, 0x40000000
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.dlopen")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

# Landlock (linux/landlock.h): every right over files of its first version, and the two that a library needs.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ALL_RIGHTS, _READ_RIGHTS, _BELOW_PATH = (1 << 13) - 1, (1 << 2) | (1 << 3), 1
_EXECUTE_RIGHT, _LIST_RIGHT = 1 << 0, 1 << 3
_NO_NEW_PRIVILEGES = 38


def library_folders() -> tuple[str, ...]:
    """Return the folders from which Python's and our libraries are loaded; nothing else may be opened."""
    named = {*sys.path, sys.prefix, sys.base_prefix + "/lib"} - {PROJECT, ""}
    return tuple(sorted(str(Path(path).resolve()) for path in named if Path(path).is_dir() and len(path) > 1))


def held_threads() -> int:
    """Return how many threads the user of this process has on the machine: what the kernel's limit counts."""
    found = 0
    for process in Path("/proc").glob("[0-9]*"):
        # A process may end while it is counted; one that hides its threads is not ours.
        with suppress(OSError):
            found += len(list((process / "task").iterdir())) if process.stat().st_uid == os.getuid() else 0
    return found


def limit_self(*, memory_bytes: int, cpu_seconds: int, threads: int = 0, folders: tuple[str, ...] = ()) -> None:
    """Give up memory, processor time, writing, processes, other files and the network.

    `folders` may be read beside the libraries: what a reader says it needs, such as fonts.
    """
    for kind, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, held_threads() + threads if threads else 0),
        (resource.RLIMIT_CORE, 0),
    ):
        # Of processor time the system first says that it is over: one that it kills was killed for another reason.
        resource.setrlimit(kind, (most, most + 1 if kind == resource.RLIMIT_CPU else most))
    libraries = (*library_folders(), *(folder for folder in folders if Path(folder).is_dir()))
    system = ctypes.CDLL(None, use_errno=True)
    leave_network(system)
    with suppress(OSError, AttributeError):
        close_file_system(system, libraries)
    sys.addaudithook(_hook(libraries))


def leave_network(system: ctypes.CDLL) -> None:
    """Take an empty network, where the system allows that to a process without rights; elsewhere nothing changes."""
    with suppress(OSError, AttributeError):
        system.unshare(_NEW_USER_NAMESPACE | _NEW_NETWORK)


def close_file_system(
    system: ctypes.CDLL, libraries: tuple[str, ...], *, programs: tuple[str, ...] = (), may_execute: bool = False
) -> None:
    """Let the kernel refuse every file but libraries and programs, where it has Landlock; elsewhere nothing changes."""
    rights = ctypes.c_uint64(_ALL_RIGHTS)
    ruleset = system.syscall(_CREATE_RULESET, ctypes.byref(rights), ctypes.c_size_t(8), ctypes.c_uint32(0))
    if ruleset < 0:
        return
    wanted = _READ_RIGHTS | (_EXECUTE_RIGHT if may_execute else 0)
    for path, given in [*((path, wanted) for path in libraries), *((path, wanted & ~_LIST_RIGHT) for path in programs)]:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = given.to_bytes(8, sys.byteorder) + folder.to_bytes(4, sys.byteorder, signed=True)
        system.syscall(_ADD_RULE, ruleset, _BELOW_PATH, ctypes.c_char_p(rule), ctypes.c_uint32(0))
        os.close(folder)
    system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    system.syscall(_RESTRICT_SELF, ruleset, ctypes.c_uint32(0))
    os.close(ruleset)


def _hook(libraries: tuple[str, ...]) -> Any:
    def refuse(event: str, arguments: Any) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError("it tried to do more than be read")
        if event == "open" and not _is_library(arguments, libraries):
            raise PermissionError("it tried to open another file")

    return refuse


def _is_library(arguments: Any, libraries: tuple[str, ...]) -> bool:
    path, _mode, flags = arguments
    if isinstance(path, int):
        return True
    return not flags & _WRITING and os.path.realpath(os.fsdecode(path)).startswith(libraries)


def say(out: BinaryIO, kind: str, body: bytes = b"", meta: Any = None) -> None:
    """Write one frame: a line of JSON, then its bytes."""
    line = json.dumps({"kind": kind, "size": len(body), "meta": dict(meta or {})})
    out.write(line.encode() + b"\n" + body)


def answer(reader: Any, file: BinaryIO, out: BinaryIO, asked: dict[str, Any] | None = None) -> None:
    """Say all that the reader finds of what was asked, and that this was all; or why there is nothing."""
    refused = importlib.import_module("casefiles.evidence.readers.findings").NotParsed
    try:
        for frame in reader.frames(file, **(asked or {})):
            say(out, frame.kind, frame.body, frame.meta)
    except refused as error:
        say(out, "refused", meta={"reason": error.reason})
    except MemoryError:
        say(out, "refused", meta={"reason": "it needs more memory than is given"})
    except RecursionError:
        say(out, "refused", meta={"reason": "it is nested deeper than is read"})
    except Exception:  # noqa: BLE001 (a hostile file may raise anything; its words are not repeated)
        say(out, "refused", meta={"reason": "it is damaged, or not of the form it seems to be"})
    else:
        say(out, "end")
    out.flush()


def main() -> None:
    task, memory_bytes, cpu_seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    asked, threads = json.loads(sys.argv[4]), int(sys.argv[5])
    # Isolated Python looks beside the script; what stands there are the project's modules under short names.
    sys.path[:] = [*(path for path in sys.path if path != str(Path(__file__).resolve().parent)), PROJECT]
    reader = importlib.import_module(importlib.import_module("casefiles.evidence.cage.tasks").module_of(task))
    getattr(reader, "prepare", lambda: None)()
    folders = getattr(reader, "FOLDERS", ())
    limit_self(memory_bytes=memory_bytes, cpu_seconds=cpu_seconds, threads=threads, folders=folders)
    with io.BufferedReader(io.FileIO(0, "rb", closefd=False)) as file:
        file.seek(0)
        answer(reader, file, sys.stdout.buffer, asked)


if __name__ == "__main__":
    main()
