"""The steps of a task, written as people write them: a line each, "[x]" before what is done. Pure.

A checklist is text, so that adding, rewording, ordering and taking out are typing, and its history is read word by
word. Whoever ticks a step names its words, not its place: a list that was ordered anew meanwhile is ticked rightly.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

STEPS_AT_MOST = 50
STEP_AT_MOST = 300
LINE = re.compile(r"(?:[-*+•](?:\s+|$))?(?:\[(?P<mark>[ xX✓✔]?)\]\s*)?(?P<text>.*)", re.DOTALL)
MARKS = {True: "[x]", False: "[ ]"}


class Step(NamedTuple):
    """One step, and whether it was done."""

    text: str
    is_done: bool = False


class NotAChecklist(ValueError):
    """There are too many steps, or one is too long; `step` counts from 1, or is None."""

    def __init__(self, step: int | None = None) -> None:
        super().__init__(step)
        self.step = step


def read(text: str) -> tuple[Step, ...]:
    """Return the steps that a text holds, one a line; bullets and empty lines count for nothing.

    Raises:
        NotAChecklist: more than 50 steps, or one of more than 300 characters.
    """
    steps = tuple(step for line in text.splitlines() if (step := _step(line.strip())).text)
    if len(steps) > STEPS_AT_MOST:
        raise NotAChecklist
    for number, step in enumerate(steps, start=1):
        if len(step.text) > STEP_AT_MOST:
            raise NotAChecklist(number)
    return steps


def _step(line: str) -> Step:
    found = LINE.fullmatch(line)
    assert found is not None, line
    return Step(found["text"].strip(), (found["mark"] or " ") != " ")


def written(steps: Iterable[Step]) -> str:
    """Return the steps as they are kept: `read` of it gives them again."""
    return "\n".join(f"{MARKS[step.is_done]} {step.text}" for step in steps)


def ticked(steps: Iterable[Step], text: str, *, is_done: bool) -> tuple[Step, ...] | None:
    """Return the steps with the one of these words done, or open again; None where none of these words is otherwise.

    Of several that say the same, the first that is not so yet.
    """
    found = list(steps)
    for place, step in enumerate(found):
        if step.text == text and step.is_done != is_done:
            found[place] = Step(text, is_done)
            return tuple(found)
    return None
