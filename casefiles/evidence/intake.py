"""Bringing in many files: what became of each. One that cannot be taken never costs the others.

An `Intake` knows where the files go; a case has one of its own (`cases.intake`).
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from casefiles.access.actions import require_circle
from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.bringing_in import bring_in
from casefiles.evidence.actions.files import EmptyFile, Received
from casefiles.evidence.models import File, Item
from casefiles.evidence.selectors import visible_twin, visible_twins
from casefiles.evidence.uploads import EMPTY_SHA256

PARTIAL_SALT = "casefiles.partial"
KEY_LENGTH = 32


class State(StrEnum):
    ADDED = "added"
    HELD = "held"  # the person may see an item with the same bytes, and is asked
    EMPTY = "empty"  # 0 bytes: asked about too
    REFUSED = "refused"


@dataclass(frozen=True)
class Sent:
    """A file as its sender describes it. Nothing of it is trusted; `path` is for reading only."""

    name: str = ""
    claimed_media_type: str = ""
    path: str = ""
    sha256: str = ""

    @property
    def folder(self) -> str:
        """The folders that the file lay in, where that says more than its name."""
        return self.path if self.path != self.name else ""


@dataclass(frozen=True)
class Place:
    """Where to find an item, as it is called there: "E-12" in a case, its title elsewhere."""

    label: str
    url: str
    is_here: bool = True


@dataclass(frozen=True)
class Outcome:
    """What became of one file. Where something is asked, `answer` is what goes back with it: so that nothing is sent
    twice, it names the bytes that were kept."""

    state: State
    sent: Sent
    size_bytes: int = 0
    place: Place | None = None
    text: str = ""
    code: str = ""
    answer: dict[str, str] = field(default_factory=dict)

    @property
    def answer_json(self) -> str:
        return json.dumps(self.answer)

    @property
    def is_kept(self) -> bool:
        """Whether its bytes are here; else adding it needs them to be sent."""
        return "received" in self.answer


class Intake(ABC):
    """Where files go that somebody brings in."""

    def __init__(self, by: Any) -> None:
        self.by = by

    @property
    @abstractmethod
    def key(self) -> str:
        """Name this place among all others."""

    @property
    def named(self) -> dict[str, str]:
        """Return what a form of this place sends to name it, beside its address."""
        return {}

    @abstractmethod
    def refuse(self) -> None:
        """Return only where the person may add here now; asked before any byte is read, and at every piece.

        Raises:
            NotAllowed, NotVisible, Refused: they may not.
        """

    @abstractmethod
    def adding(self) -> Callable[[Received, str], Place]:
        """Return what makes an item of kept bytes, given where they lay with their sender; called within a unit.

        What holds for all that is added is asked here, once. One that fails leaves nothing, and costs no other.

        Raises:
            NotAllowed, NotVisible, Refused: the person may not add here.
        """

    @abstractmethod
    def place_of(self, item: Item) -> Place:
        """Say where an item is that the person may see."""

    @abstractmethod
    def use(self, item: Item) -> Place:
        """Take an item that is held already in place of a new one."""

    def partial_key(self, name: str) -> str:
        """Return under which name a file lies that is sent here in pieces: this person's, for this place, no other's.

        `name` is what the sender calls the upload; the same file is called the same again.
        """
        return salted_hmac(PARTIAL_SALT, f"{self.by.pk}:{self.key}:{name}").hexdigest()[:KEY_LENGTH]

    # What becomes of a file ---------------------------------------------------------------------------------------
    def take(self, sent: Sent, keep: Callable[[], Received], *, is_twin_wanted: bool = False) -> Outcome:
        """Keep a file by calling `keep`, and add it unless something must be asked first.

        Raises:
            NotAllowed, NotVisible: the person may not add here, or not any more.
        """
        return self.take_all([(sent, keep)], is_twin_wanted=is_twin_wanted)[0]

    def take_all(
        self, files: Iterable[tuple[Sent, Callable[[], Received]]], *, is_twin_wanted: bool = False
    ) -> list[Outcome]:
        """Keep several files, then add them in one transaction; each is taken, asked about or refused for itself.

        Raises:
            NotAllowed, NotVisible: the person may not add here, or not any more. None was added.
        """
        refusal = self._refusal()
        kept = [(sent, self._kept(sent, keep, refusal)) for sent, keep in files]
        with audit.unit():
            settling = _Settling(self, [one.sha256 for _sent, one in kept if isinstance(one, Received)], is_twin_wanted)
            return [one if isinstance(one, Outcome) else settling.settle(one, sent) for sent, one in kept]

    def _refusal(self) -> Refused | None:
        try:
            self.refuse()
        except Refused as refusal:
            return refusal
        return None

    def _kept(self, sent: Sent, keep: Callable[[], Received], refusal: Refused | None) -> Received | Outcome:
        if refusal is not None:
            return self.refused(sent, refusal)
        try:
            return keep()
        except EmptyFile:
            return self._empty(sent)
        except Refused as refused:
            return self.refused(sent, refused)

    def settle(self, received: Received, sent: Sent, *, is_twin_wanted: bool = False) -> Outcome:
        """Add kept bytes; where the person may see them already, ask, unless that was answered."""
        with audit.unit():
            return _Settling(self, [received.sha256], is_twin_wanted).settle(received, sent)

    def held(self, twin: File, sent: Sent, **kept: str) -> Outcome:
        """Say which item with the same bytes the person may see."""
        answer = self._answer(sent, **(kept or {"sha256": twin.sha256}))
        return Outcome(State.HELD, sent, twin.size_bytes, self.place_of(twin.item), answer=answer)

    def _answer(self, sent: Sent, **kept: str) -> dict[str, str]:
        return {**self.named, "path": sent.path, **kept}

    def used(self, twin: File, sent: Sent) -> Outcome:
        """Take the item that holds the bytes already."""
        try:
            self.refuse()
            place = self.use(twin.item)
        except Refused as refusal:
            return self.refused(sent, refusal)
        return Outcome(State.ADDED, sent, twin.size_bytes, place, text=_("The item that holds these bytes was taken."))

    def _empty(self, sent: Sent) -> Outcome:
        nothing = Received(EMPTY_SHA256, 0, "", sent.name, sent.claimed_media_type)
        return Outcome(State.EMPTY, sent, answer=self._answer(sent, received=nothing.token(by=self.by)))

    def refused(self, sent: Sent, refusal: Refused | ValidationError) -> Outcome:
        if isinstance(refusal, Refused):
            return Outcome(State.REFUSED, sent, text=str(refusal.message), code=refusal.code)
        return Outcome(State.REFUSED, sent, text=" ".join(refusal.messages))


class _Settling:
    """Adds kept bytes one after another, within one unit, or asks about them.

    Which of them the person may see already is asked for all together; only what comes twice is looked for again, since
    the first of the two may have been added here.
    """

    def __init__(self, intake: Intake, digests: Sequence[str], is_twin_wanted: bool) -> None:
        self._intake, self._is_twin_wanted = intake, is_twin_wanted
        self._twins = {} if is_twin_wanted else visible_twins(digests, intake.by)
        self._added: set[str] = set()

    def settle(self, received: Received, sent: Sent) -> Outcome:
        twin = self._twin_of(received.sha256)
        if twin is not None:
            return self._intake.held(twin, sent, received=received.token(by=self._intake.by))
        try:
            place = self._add(received, sent.folder)
        except (Refused, ValidationError) as refusal:
            return self._intake.refused(sent, refusal)
        self._added.add(received.sha256)
        return Outcome(State.ADDED, sent, received.size_bytes, place)

    def _twin_of(self, sha256: str) -> File | None:
        if self._is_twin_wanted:
            return None
        return visible_twin(sha256, self._intake.by) if sha256 in self._added else self._twins.get(sha256)

    @cached_property
    def _add(self) -> Callable[[Received, str], Place]:
        return self._intake.adding()


class CircleIntake(Intake):
    """Brings files into the evidence, for the members of a circle or for everyone."""

    def __init__(self, by: Any, circle: Circle) -> None:
        super().__init__(by)
        self.circle = circle

    @property
    def key(self) -> str:
        return f"circle:{self.named['circle']}"

    @property
    def named(self) -> dict[str, str]:
        ids = self.circle.compartment_ids
        return {"circle": str(ids[0]) if ids else self.circle.visibility}

    def refuse(self) -> None:
        require_circle(self.by, self.circle)

    def adding(self) -> Callable[[Received, str], Place]:
        return lambda received, path: self.place_of(bring_in(received, by=self.by, circle=self.circle, path=path))

    def place_of(self, item: Item) -> Place:
        return Place(item.title, item.get_absolute_url())

    def use(self, item: Item) -> Place:
        return self.place_of(item)
