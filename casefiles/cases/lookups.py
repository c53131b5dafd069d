"""What "looked, found nothing" says: that something is not there, nothing either way, or not even that anybody looked.

Pure: a result in, its meaning out. A lookup that failed never reads as a clean result.
"""

from enum import StrEnum


class Meaning(StrEnum):
    """`ABSENT`: it was searched and not found. `BLIND`: what was searched could not have shown it. `FAILED`: nothing
    was searched.
    """

    ABSENT = "absent"
    BLIND = "blind"
    FAILED = "failed"


MEANINGS = {
    "not found": Meaning.ABSENT,
    "no coverage": Meaning.BLIND,
    "cloud": Meaning.BLIND,
    "no pass": Meaning.BLIND,
    "service unreachable": Meaning.FAILED,
    "access refused": Meaning.FAILED,
}


def meaning(result: str) -> Meaning:
    """Return what a result says.

    Raises:
        ValueError: there is no such result.
    """
    if result not in MEANINGS:
        raise ValueError(f"{result!r} is no result of a lookup.")
    return MEANINGS[result]
