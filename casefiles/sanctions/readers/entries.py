"""What every list file comes down to: entries, and what was left out of it and why."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from casefiles.core.identifiers import InvalidIdentifier, parse_imo_company, parse_imo_ship
from casefiles.evidence.readers.findings import plain_text

VESSEL, ORGANISATION, PERSON, AIRCRAFT, OTHER = "vessel", "organisation", "person", "aircraft", "other"
NAME, FORMER, ALIAS = "name", "former name", "alias"
MOST_PROBLEMS = 1_000
MOST_NAMES = 200
LONGEST_NAME = 500
LONGEST_TEXT = 4_000
_IMO = re.compile(r"(?:IMO)?\W*(?:number)?\W*(\d+)", re.IGNORECASE)
_MMSI = re.compile(r"\d{9}")


class Rejected(Exception):
    """A row gives no entry: in which column, what stood there, and why."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


@dataclass(frozen=True)
class Problem:
    """A row that was left out, or (`is_kept`) one of whose values was."""

    row: int
    column: str
    value: str
    reason: str
    is_kept: bool = False


@dataclass
class Entry:
    """One entry of a list, as it stands in the file. `row` is where: the line of a table, else which entry it is.

    `names` are further names, each with `name`, `kind` (name, former name, alias) and `is_weak`. Dates are ISO.
    """

    row: int
    list_id: str
    kind: str
    name: str
    names: list[dict[str, Any]] = field(default_factory=list)
    imo_number: str = ""
    company_number: str = ""
    mmsi: str = ""
    call_sign: str = ""
    flag: str = ""
    programme: str = ""
    listed_on: str = ""
    measures: str = ""
    remarks: str = ""
    raw: str = ""

    def also(self, name: str, *, kind: str = ALIAS, is_weak: bool = False) -> None:
        """Add a further name, once."""
        clean = line(name, LONGEST_NAME)
        known = {self.name.casefold(), *(one["name"].casefold() for one in self.names)}
        if clean and clean.casefold() not in known and len(self.names) < MOST_NAMES:
            self.names.append({"name": clean, "kind": kind, "is_weak": is_weak})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def line(text: str | None, longest: int = LONGEST_TEXT) -> str:
    """Return text on one line, bounded, as the databases take it."""
    return " ".join(plain_text(text or "").split())[:longest]


@dataclass
class Log:
    """Counts what is read and keeps what is left out."""

    rows: int = 0
    rejected: int = 0
    values_left_out: int = 0
    problems: list[Problem] = field(default_factory=list)

    def reject(self, row: int, refusal: Rejected) -> None:
        self.rejected += 1
        self._keep(Problem(row, refusal.column[:80], line(refusal.value, 200), refusal.reason))

    def leave_out(self, row: int, column: str, value: str, reason: str) -> None:
        """Leave out one value and keep the rest of its row."""
        self.values_left_out += 1
        self._keep(Problem(row, column[:80], line(value, 200), reason, is_kept=True))

    def _keep(self, problem: Problem) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)

    def imo(self, entry: Entry, column: str, text: str) -> None:
        """Give an entry the IMO number that stands in a cell: of a ship, or of a company where it is none."""
        given = line(text, 60)
        if not given:
            return
        digits = _IMO.fullmatch(given)
        try:
            number = digits.group(1) if digits else given
            if entry.kind == VESSEL:
                entry.imo_number = entry.imo_number or parse_imo_ship(number)
            else:
                entry.company_number = entry.company_number or parse_imo_company(number)
        except InvalidIdentifier as error:
            self.leave_out(entry.row, column, given, error.reason)

    def mmsi(self, entry: Entry, column: str, text: str) -> None:
        given = line(text, 40)
        if not given:
            return
        if _MMSI.fullmatch(given):
            entry.mmsi = entry.mmsi or given
        else:
            self.leave_out(entry.row, column, given, "An MMSI has nine digits.")


def joined(parts: Iterable[str | None], separator: str = " ") -> str:
    """Return what there is of several cells, on one line."""
    return separator.join(filter(None, (line(part) for part in parts)))
