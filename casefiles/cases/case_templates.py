"""What a case of a kind begins with, read from the project's own file, and what of it a case still lacks. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

SOURCE = Path(__file__).with_name("case_templates.toml")


class BoundState(StrEnum):
    """As which State one is bound by a duty."""

    FLAG = "flag"
    PORT = "port"


@dataclass(frozen=True)
class PlannedTask:
    key: str
    title: str
    due_days: int
    steps: tuple[str, ...]

    @property
    def checklist(self) -> str:
        return "\n".join(self.steps)

    def due_on(self, today: date) -> date:
        return today + timedelta(days=self.due_days)


@dataclass(frozen=True)
class PlannedDuty:
    """A provision, named by its instrument's symbol and its own title, and the State that would be bound."""

    instrument: str
    title: str
    state: BoundState


@dataclass(frozen=True)
class AskedClaim:
    key: str
    asks: str


@dataclass(frozen=True)
class CaseTemplate:
    key: str
    name: str
    about: str
    tasks: tuple[PlannedTask, ...]
    duties: tuple[PlannedDuty, ...]
    claims: tuple[AskedClaim, ...]

    def origin(self, entry: str) -> str:
        """Return what a record made from an entry keeps of it: `sanctioned-vessel/identity`."""
        return f"{self.key}/{entry}"


class Fate(StrEnum):
    """What becomes of an entry of a template in a case."""

    ADDED = "added"
    THERE = "there"
    TAKEN_OUT = "taken out"
    NOT_LOADED = "not loaded"
    NO_STATE = "no State"


Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Line(Generic[Entry]):
    entry: Entry
    fate: Fate
    # Of a duty: the provision and the State, where both are known.
    provision: Any = None
    country: str = ""

    @property
    def is_added(self) -> bool:
        return self.fate is Fate.ADDED


@dataclass(frozen=True)
class Held:
    """What a case holds already, and whether it still counts: by origin, and duties by provision and State."""

    tasks: Mapping[str, bool]
    claims: Mapping[str, bool]
    duties: Mapping[tuple[Any, str], bool]


NOTHING = Held(tasks={}, claims={}, duties={})


@dataclass(frozen=True)
class Plan:
    """What using a template does to a case, entry by entry."""

    template: CaseTemplate
    tasks: tuple[Line[PlannedTask], ...]
    duties: tuple[Line[PlannedDuty], ...]
    claims: tuple[Line[AskedClaim], ...]

    @property
    def lines(self) -> tuple[Line[Any], ...]:
        return (*self.tasks, *self.duties, *self.claims)

    @property
    def adds_something(self) -> bool:
        return any(line.is_added for line in self.lines)

    def count(self, *fates: Fate) -> int:
        return sum(line.fate in fates for line in self.lines)


def plan(
    template: CaseTemplate, held: Held, *, provisions: Mapping[tuple[str, str], Any], states: Mapping[BoundState, str]
) -> Plan:
    """Return what becomes of each entry; `provisions` are those loaded, by symbol and title."""
    return Plan(
        template=template,
        tasks=tuple(Line(entry, _fate(held.tasks, template.origin(entry.key))) for entry in template.tasks),
        duties=tuple(_duty(entry, held, provisions, states) for entry in template.duties),
        claims=tuple(Line(entry, _fate(held.claims, template.origin(entry.key))) for entry in template.claims),
    )


def _fate(held: Mapping[Any, bool], key: Any) -> Fate:
    if key not in held:
        return Fate.ADDED
    return Fate.THERE if held[key] else Fate.TAKEN_OUT


def _duty(
    entry: PlannedDuty, held: Held, provisions: Mapping[tuple[str, str], Any], states: Mapping[BoundState, str]
) -> Line[PlannedDuty]:
    provision, country = provisions.get((entry.instrument, entry.title)), states.get(entry.state, "")
    if provision is None:
        return Line(entry, Fate.NOT_LOADED)
    if not country:
        return Line(entry, Fate.NO_STATE, provision)
    return Line(entry, _fate(held.duties, (provision, country)), provision, country)


@lru_cache(maxsize=1)
def templates() -> dict[str, CaseTemplate]:
    """Return the project's templates by key, in the order of the file."""
    return {found.key: found for found in read(SOURCE.read_text("utf-8"))}


def read(text: str) -> list[CaseTemplate]:
    """Return the templates of a text.

    Raises:
        ValueError: a key stands twice among templates, tasks or claims, or a State is neither of the two.
    """
    found = [_template(row) for row in tomllib.loads(text)["templates"]]
    _refuse_twice([template.key for template in found])
    return found


def _template(row: dict[str, Any]) -> CaseTemplate:
    tasks = tuple(PlannedTask(**{**task, "steps": tuple(task["steps"])}) for task in row["tasks"])
    duties = tuple(PlannedDuty(**{**duty, "state": BoundState(duty["state"])}) for duty in row["duties"])
    claims = tuple(AskedClaim(**claim) for claim in row["claims"])
    _refuse_twice([task.key for task in tasks])
    _refuse_twice([claim.key for claim in claims])
    return CaseTemplate(row["key"], row["name"], row["about"], tasks, duties, claims)


def _refuse_twice(keys: list[str]) -> None:
    if len(keys) > len(set(keys)):
        raise ValueError(f"a key stands twice among {', '.join(keys)}")
