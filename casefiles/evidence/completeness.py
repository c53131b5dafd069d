"""What the Berkeley Protocol asks to be preserved with an item collected online, and what of it is there.

Source: Berkeley Protocol on Digital Open Source Investigations (OHCHR and UC Berkeley, 2022), chapter on preservation:
target address, source code, full-page capture, embedded media, embedded metadata, context, collection data, hash.
Pure: decided from plain facts about the item; a person's mark counts where the facts cannot show it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """The eight parts, in the order in which they are listed."""

    ADDRESS = "address"
    SOURCE_CODE = "source code"
    FULL_PAGE = "full-page capture"
    EMBEDDED_MEDIA = "embedded media"
    EMBEDDED_METADATA = "embedded metadata"
    CONTEXT = "context"
    COLLECTION_DATA = "collection data"
    HASH = "hash"


class State(StrEnum):
    """`PRESENT` is shown by the record or its files; the next two are what a person said, with a reason."""

    PRESENT = "present"
    SAID = "said to be present"
    NOT_APPLICABLE = "not applicable"
    MISSING = "missing"


ARCHIVES = frozenset({"application/wacz", "application/warc"})
MARKUP = frozenset({"text/html", "multipart/related"}) | ARCHIVES
_MEDIA = ("image/", "video/", "audio/")
_PAGES = ("image/", "application/pdf")


@dataclass(frozen=True)
class HeldFact:
    """What matters here of one file of an item."""

    media_type: str
    role: str


@dataclass(frozen=True)
class ItemFacts:
    """What the record and the files of one item show by themselves."""

    has_address: bool
    has_context: bool
    has_collection_data: bool
    has_metadata: bool
    files: tuple[HeldFact, ...] = ()


@dataclass(frozen=True)
class Mark:
    """What somebody said of one part, and why."""

    state: State
    reason: str


@dataclass(frozen=True)
class PartState:
    part: Part
    state: State
    reason: str = ""

    @property
    def is_settled(self) -> bool:
        return self.state != State.MISSING


@dataclass(frozen=True)
class Completeness:
    """The eight parts of one item."""

    parts: tuple[PartState, ...]

    @property
    def settled_count(self) -> int:
        return sum(one.is_settled for one in self.parts)

    @property
    def missing(self) -> tuple[Part, ...]:
        return tuple(one.part for one in self.parts if not one.is_settled)


def completeness(facts: ItemFacts, marks: Mapping[Part, Mark]) -> Completeness:
    """Return the state of each part. What the files show needs no word of anybody, and no word denies it."""
    shown = shown_by(facts)
    return Completeness(tuple(_state(part, shown, marks.get(part)) for part in Part))


def _state(part: Part, shown: Collection[Part], mark: Mark | None) -> PartState:
    if part in shown:
        return PartState(part, State.PRESENT)
    return PartState(part, mark.state, mark.reason) if mark else PartState(part, State.MISSING)


def shown_by(facts: ItemFacts) -> set[Part]:
    """Return the parts that the record and the files show by themselves."""
    answers = {
        Part.ADDRESS: facts.has_address,
        Part.SOURCE_CODE: any(one.media_type in MARKUP for one in facts.files),
        Part.FULL_PAGE: any(_is_capture(one) for one in facts.files),
        Part.EMBEDDED_MEDIA: any(_is_media(one) for one in facts.files),
        Part.EMBEDDED_METADATA: facts.has_metadata,
        Part.CONTEXT: facts.has_context,
        Part.COLLECTION_DATA: facts.has_collection_data,
        Part.HASH: bool(facts.files),
    }
    return {part for part, is_shown in answers.items() if is_shown}


def _is_capture(one: HeldFact) -> bool:
    return one.role == "capture" and one.media_type.startswith(_PAGES)


def _is_media(one: HeldFact) -> bool:
    """Say whether a file is a picture, film or sound for itself: a capture of the whole page is not."""
    return one.role == "original" and (one.media_type.startswith(_MEDIA) or one.media_type in ARCHIVES)
