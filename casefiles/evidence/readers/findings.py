"""What reading one file can find: measured values, claims, texts and pictures, and how they travel out of the cage.

A *measured* value is read off the bytes themselves (size in pixels, number of pages, duration). A *claim* is what the
file says of itself (the time in its EXIF block, the headline in its markup): shown, never silently believed.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

Plain: TypeAlias = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]

VALUE_LENGTH = 4_000
MOST_VALUES = 400
TEXT_LENGTH = 5_000_000
PAGE_BREAK = "\f"
# As many sheets of a web page are set anew, and why none is where the libraries for it are missing.
MOST_SHEETS = 20
NO_LIBRARY = "the libraries that set pages are not installed"


class NotParsed(Exception):
    """The file cannot be read; `reason` says why, in our words. The file itself is kept all the same."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Frame:
    """One thing that leaves the cage: a small header and bytes."""

    kind: str
    body: bytes = b""
    meta: Mapping[str, Plain] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """What a file says of itself. `key` is one of the terms in `terms.py`, `where` names the field it stands in."""

    key: str
    value: Plain
    where: str = ""


@dataclass(frozen=True)
class Findings:
    """What reading found. `form` names the format in the words of its makers ("GeoTIFF", "PDF 1.7").

    `parts` lists what a container holds (pages of an archive, files in a package, records), each a plain mapping.
    `warnings` are sentences of ours about what is unusual; they never repeat words of the file.
    """

    form: str
    measured: Mapping[str, Plain] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    parts: tuple[Mapping[str, Plain], ...] = ()
    warnings: tuple[str, ...] = ()

    def frame(self) -> Frame:
        """Return this as it leaves the cage: JSON without NUL, with long values cut and said to be."""
        content = _bounded(asdict(self))
        return Frame("findings", json.dumps(content, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace"))


def text_frame(text: str, *, made_by: str, is_the_file: bool = False) -> Frame:
    """Return extracted text as it leaves the cage, pages parted by a form feed; `made_by` names tool and version.

    `is_the_file` says that the file itself is this very text, so that no derivative is needed to find quotes in it.
    """
    clean = plain_text(text)
    meta: dict[str, Plain] = {"made_by": made_by, "is_cut": len(clean) > TEXT_LENGTH, "is_the_file": is_the_file}
    return Frame("text", clean[:TEXT_LENGTH].encode("utf-8", "replace"), meta)


def picture_frame(webp: bytes, *, role: str) -> Frame:
    """Return a re-encoded WebP as it leaves the cage; `role` says what it shows ("poster", "page 1", "screenshot")."""
    return Frame("picture", webp, {"role": role})


def plain_text(text: str) -> str:
    """Return the text without NUL and lone surrogates, which no database of ours takes."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _bounded(value: Any, depth: int = 0) -> Plain:
    if depth > 8:
        return "…"
    if isinstance(value, str):
        clean = plain_text(value)
        return clean if len(clean) <= VALUE_LENGTH else f"{clean[:VALUE_LENGTH]}…"
    if isinstance(value, Mapping):
        return {str(key)[:200]: _bounded(one, depth + 1) for key, one in list(value.items())[:MOST_VALUES]}
    if isinstance(value, list | tuple):
        return [_bounded(one, depth + 1) for one in value[:MOST_VALUES]]
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    return value if isinstance(value, bool | int | None) else _bounded(str(value), depth + 1)
