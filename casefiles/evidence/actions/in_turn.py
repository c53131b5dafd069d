"""Making something of many files, one after another, by one process at a time: it takes long."""

from collections.abc import Callable

from casefiles.core.filestore import StoreError
from casefiles.core.leadership import LedElsewhere, leading
from casefiles.core.refusals import Refused
from casefiles.evidence.models import File

MOST_FILES = 500


def in_turn(
    task: str, waiting: Callable[[], list[File]], make: Callable[[File], bool], *, most: int | None,
    progress: Callable[[File], None],
) -> int:  # fmt: skip
    """Make something of each waiting file until `most` are done, and return how many were.

    `make` says whether it was done. A file whose held bytes are wrong, or for which the disk has no room, stays waiting
    and keeps none behind it from its turn. Where another process is at it, none is done here.
    """
    try:
        with leading(task):
            return _made(waiting(), make, most=most, progress=progress)
    except LedElsewhere:
        return 0


def _made(
    waiting: list[File], make: Callable[[File], bool], *, most: int | None, progress: Callable[[File], None]
) -> int:
    done = 0
    for file in waiting:
        done += _is_made(file, make)
        progress(file)
        if done == most:
            break
    return done


def _is_made(file: File, make: Callable[[File], bool]) -> bool:
    try:
        return make(file)
    except (StoreError, Refused):
        return False
