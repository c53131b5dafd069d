"""What a run of events comes to: for each record, what became of it between two points in time. Pure.

Steps that undo each other cancel out: a field that was changed and set back is not named, and what was added and taken
out again in between is said to be just that. Words are compared word by word, and Chinese, Japanese and Korean ones
character by character.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, NamedTuple

TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+|\s+|.", re.DOTALL)
# Beyond this, comparing takes longer than anybody waits: the texts stand whole.
LONGEST_COMPARED = 4_000
VOIDED = "voided_at"


class Fate(StrEnum):
    """What became of a record between two points in time."""

    ADDED = "added"
    CHANGED = "changed"
    VOIDED = "voided"
    RESTORED = "restored"
    PASSED = "added and taken out again"


class Step(NamedTuple):
    """One event: what was done, and the old and new value of each field that it touched."""

    act: str
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Outcome:
    """What some steps come to; `changes` are those that are left when what cancels out is taken away."""

    fate: Fate
    changes: Mapping[str, tuple[Any, Any]]


def outcome(steps: Iterable[Step], *, additions: frozenset[str] = frozenset({"added"})) -> Outcome | None:
    """Return what became of one record by its steps, the oldest first; None where nothing is left of them."""
    taken = list(steps)
    net = _net(taken)
    was_voided, is_voided = (value not in (None, "") for value in net.get(VOIDED, (None, None)))
    is_new = any(step.act in additions for step in taken)
    if is_new:
        return Outcome(Fate.PASSED if is_voided else Fate.ADDED, net)
    if was_voided != is_voided:
        return Outcome(Fate.VOIDED if is_voided else Fate.RESTORED, net)
    return Outcome(Fate.CHANGED, net) if net else None


def _net(steps: Iterable[Step]) -> dict[str, tuple[Any, Any]]:
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for step in steps:
        for name, (old, new) in step.changes.items():
            first.setdefault(name, old)
            last[name] = new
    return {name: (old, last[name]) for name, old in first.items() if not _same(old, last[name])}


def _same(old: Any, new: Any) -> bool:
    """Take what is empty in one way or another as the same: a column's default and nothing at all."""
    empty: tuple[Any, ...] = (None, "", [], {})
    return old == new or (old in empty and new in empty)


class Run(NamedTuple):
    """Words that stayed (""), came ("ins") or went ("del")."""

    kind: str
    words: str


def word_diff(old: str, new: str) -> list[Run]:
    """Return how one text became another, as runs of words that stayed, went and came."""
    if not old or not new or len(old) + len(new) > LONGEST_COMPARED:
        return [Run(kind, words) for kind, words in (("del", old), ("ins", new)) if words]
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    return list(_runs(before, after))


def _runs(before: list[str], after: list[str]) -> Iterator[Run]:
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Run("", "".join(before[start:end]))
            continue
        if end > start:
            yield Run("del", "".join(before[start:end]))
        if new_end > new_start:
            yield Run("ins", "".join(after[new_start:new_end]))
