"""Say in plain English, or in short for a table, what an EDTF expression means."""

from __future__ import annotations

from datetime import date

from casefiles.core.moments.edtf import MONTHS, SEASONS, Atom, Edge, Expression, Precision, Shape

MARKS_BEFORE = {"": "", "?": "probably ", "~": "about ", "%": "probably about "}
MARKS_AFTER = {"": "", "?": " (uncertain)", "~": " (approximate)", "%": " (uncertain) (approximate)"}


def describe(expression: Expression) -> str:
    """Return plain English that `parse_moment` reads back to the same EDTF."""
    marks = {atom.qualifier for atom in expression.atoms}
    if len(expression.members) > len(expression.atoms):
        return _half_open(expression, MARKS_BEFORE[marks.pop()])
    if len(marks) == 1:
        before, words = MARKS_BEFORE[marks.pop()], [_words(atom) for atom in expression.atoms]
    else:
        before, words = "", [_words(atom) + MARKS_AFTER[atom.qualifier] for atom in expression.atoms]
    return before + _sentence(expression, words)


def _sentence(expression: Expression, words: list[str]) -> str:
    if expression.shape is Shape.SINGLE:
        return words[0]
    if expression.shape is Shape.CHOICE:
        return " or ".join(_without_repetition(expression.atoms, words))
    first, last = _without_repetition(expression.atoms, words)
    return f"{first} to {last}" if expression.shape is Shape.INTERVAL else f"between {first} and {last}"


def _half_open(expression: Expression, mark: str) -> str:
    first, last = expression.members
    if expression.shape is Shape.WITHIN:
        return _once_outside(expression.atoms[0], mark, is_later=last is Edge.OPEN)
    words = mark + _words(expression.atoms[0])
    if last is Edge.OPEN:
        return f"since {words}"
    if first is Edge.OPEN:
        return f"until {words}"
    return f"from {words}, end unknown" if last is Edge.UNKNOWN else f"until {words}, start unknown"


def _once_outside(atom: Atom, mark: str, *, is_later: bool) -> str:
    neighbour = _neighbour(atom, is_later=is_later)
    if neighbour is None:
        return f"{mark}{_words(atom)} or {'later' if is_later else 'earlier'}"
    return f"{'after' if is_later else 'before'} {mark}{_day(neighbour)}"


def _neighbour(atom: Atom, *, is_later: bool) -> date | None:
    """Return the day just outside, so that `[2023-12-29..]` reads "after 28 December 2023"."""
    if atom.precision is not Precision.DAY or "X" in atom.written:
        return None
    outside = atom.earliest.toordinal() + (-1 if is_later else 1)
    if not date(1000, 1, 1).toordinal() <= outside <= date.max.toordinal():
        return None
    return date.fromordinal(outside)


def _without_repetition(atoms: tuple[Atom, ...], words: list[str]) -> list[str]:
    """Leave out the month and year that the next date repeats: "7 September to 1 October 2023"."""
    return [_shortened(atoms, words, index) for index in range(len(atoms) - 1)] + words[-1:]


def _shortened(atoms: tuple[Atom, ...], words: list[str], index: int) -> str:
    # Every later date must agree: the reader of the sentence takes what is missing from the last one.
    here, rest = atoms[index], atoms[index + 1 :]
    if not all(_is_plain(atom) and atom.earliest.year == here.earliest.year for atom in (here, *rest)):
        return words[index]
    bare = words[index].split(" (")[0].split(" ")
    marks = words[index][len(" ".join(bare)) :]
    same_month = all(
        atom.precision is Precision.DAY and atom.earliest.month == here.earliest.month for atom in (here, *rest)
    )
    return " ".join(bare[:-2] if same_month else bare[:-1]) + marks


def _is_plain(atom: Atom) -> bool:
    return atom.precision in {Precision.DAY, Precision.MONTH} and "X" not in atom.written


def _words(atom: Atom) -> str:
    if atom.at:
        clock = f"{atom.at:%H:%M:%S}" if atom.at.second else f"{atom.at:%H:%M}"
        return f"{_day(atom.earliest)}, {clock}" + (" UTC" if atom.instant else ", zone not given")
    if "X" in atom.written:
        return _masked(atom)
    if atom.precision is Precision.DAY:
        return _day(atom.earliest)
    if atom.precision is Precision.MONTH:
        return f"{MONTHS[atom.earliest.month - 1]} {atom.earliest.year}"
    return _season(atom) if atom.precision is Precision.SEASON else str(atom.earliest.year)


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _season(atom: Atom) -> str:
    season = SEASONS[int(atom.written[5:])]
    if season == "winter":
        return f"winter {atom.earliest.year}-{atom.latest.year % 100:02}"
    return f"{season} {atom.earliest.year}"


def _masked(atom: Atom) -> str:
    year = atom.earliest.year
    if atom.precision is Precision.DECADE:
        return f"a year in the {year}s"
    if atom.precision is Precision.CENTURY:
        return f"a year from {year} to {atom.latest.year}"
    if atom.precision is Precision.MONTH:
        return f"a month in {year}"
    if atom.precision is Precision.TEN_DAYS:
        return f"a day in {atom.written[-2]}X {MONTHS[atom.earliest.month - 1]} {year}"
    return f"a day in {year}" if atom.written[5:7] == "XX" else f"a day in {MONTHS[atom.earliest.month - 1]} {year}"


def short(expression: Expression) -> str:
    """Return a compact form, such as `2024-02-07 to 12`; `to` holds throughout, `..` happened once within."""
    atoms = expression.atoms
    if expression.shape is Shape.SINGLE:
        return _code(atoms[0])
    if expression.shape is Shape.CHOICE:
        return " or ".join(_code(atom) for atom in atoms)
    if len(atoms) == 1:
        return _half_open_code(expression)
    joiner = " to " if expression.shape is Shape.INTERVAL else " .. "
    return _code(atoms[0]) + joiner + _tail_code(*atoms)


def _half_open_code(expression: Expression) -> str:
    first, last = expression.members
    code = _code(expression.atoms[0])
    if expression.shape is Shape.INTERVAL:
        if Edge.UNKNOWN in (first, last):
            return f"{code} to ?" if last is Edge.UNKNOWN else f"? to {code}"
        return f"since {code}" if last is Edge.OPEN else f"until {code}"
    atom = expression.atoms[0]
    neighbour = _neighbour(atom, is_later=last is Edge.OPEN)
    if neighbour is None:
        return f"{code} or {'later' if last is Edge.OPEN else 'earlier'}"
    return f"{'after' if last is Edge.OPEN else 'before'} {neighbour.isoformat()}{atom.qualifier}"


def _code(atom: Atom) -> str:
    if atom.at:
        clock = f"{atom.at:%H:%M:%S}" if atom.at.second else f"{atom.at:%H:%M}"
        return f"{atom.earliest.isoformat()} {clock}" + ("Z" if atom.instant else "")
    if atom.precision is Precision.SEASON:
        return f"{_season(atom)}{atom.qualifier}"
    return atom.edtf


def _tail_code(first: Atom, last: Atom) -> str:
    code = _code(last)
    if first.precision is not Precision.DAY or last.precision is not Precision.DAY or first.qualifier:
        return code
    if "X" in first.written + last.written or first.earliest.year != last.earliest.year:
        return code
    return code[8:] if first.earliest.month == last.earliest.month else code[5:]
