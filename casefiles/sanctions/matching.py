"""Which entries of lists may be the one asked about: by number exactly, by radio strongly, by name as far as alike.

Pure. A match is a suggestion with a reason, never a finding: many ships share a name, and a number may be painted on
another hull.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from casefiles.core.folding import fold
from casefiles.core.romanising import in_latin
from casefiles.sanctions.likeness import AlikeNames

# Likeness of two names in percent (normalised Indel similarity) from which a match is shown.
NAMES_FROM = 85
MOST_FOR_ONE = 50
# Names this short are alike only where they are the same: of four letters, one other is a quarter.
SHORT = 4
SCORES = {"imo": 100, "mmsi": 90, "call sign": 80}


class Basis(StrEnum):
    IMO = "imo"
    COMPANY = "company"
    MMSI = "mmsi"
    CALL_SIGN = "call sign"
    NAME = "name"


@dataclass(frozen=True)
class Asked:
    """What is looked for; `key` is whatever the caller tells it by. Kinds are those of entries."""

    key: Any
    kind: str
    names: tuple[str, ...] = ()
    imo_number: str = ""
    company_number: str = ""
    mmsis: frozenset[str] = frozenset()
    call_signs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Listed:
    """An entry as far as it is compared. `keys` are its names, folded, one a line."""

    key: Any
    kind: str
    name: str
    keys: str
    imo_number: str = ""
    company_number: str = ""
    mmsi: str = ""
    call_sign: str = ""


@dataclass(frozen=True)
class Match:
    """One entry that may be the one asked about: on which basis, how strongly (0 to 100), and why in words."""

    asked: Asked
    listed: Listed
    basis: Basis
    score: int
    reason: str


def plain(folded: str) -> str:
    """Return a folded name in Latin letters and digits alone: "MAIA-1" and "Майя 1" differ by what is left."""
    return "".join(filter(str.isalnum, in_latin(folded)))


@dataclass
class Index:
    """The entries of some editions, ready to be asked many times."""

    _by_number: dict[tuple[str, str], list[Listed]] = field(default_factory=dict)
    _by_name: dict[str, dict[str, list[Listed]]] = field(default_factory=dict)
    _alike: dict[str, AlikeNames] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Listed]) -> "Index":
        index = cls()
        for entry in entries:
            index._add(entry)
        index._alike = {kind: AlikeNames(names) for kind, names in index._by_name.items()}
        return index

    def _add(self, entry: Listed) -> None:
        for basis, number in (
            (Basis.IMO, entry.imo_number),
            (Basis.COMPANY, entry.company_number),
            (Basis.MMSI, entry.mmsi),
            (Basis.CALL_SIGN, fold(entry.call_sign).replace(" ", "")),
        ):
            if number:
                self._by_number.setdefault((basis, number), []).append(entry)
        names = self._by_name.setdefault(entry.kind, {})
        for key in {plain(line) for line in entry.keys.split("\n")} - {""}:
            names.setdefault(key, []).append(entry)

    def matches(self, asked: Asked) -> list[Match]:
        """Return the entries that may be it, the strongest first, each once and on its strongest basis."""
        best: dict[Any, Match] = {}
        for match in (*self._numbered(asked), *self._named(asked)):
            held = best.get(match.listed.key)
            if held is None or match.score > held.score:
                best[match.listed.key] = match
        return sorted(best.values(), key=lambda match: (-match.score, str(match.listed.key)))[:MOST_FOR_ONE]

    def _numbered(self, asked: Asked) -> Iterator[Match]:
        given = [(Basis.IMO, asked.imo_number), (Basis.COMPANY, asked.company_number)]
        given += [(Basis.MMSI, number) for number in sorted(asked.mmsis)]
        given += [(Basis.CALL_SIGN, fold(sign).replace(" ", "")) for sign in sorted(asked.call_signs)]
        for basis, number in given:
            for entry in self._by_number.get((basis, number), ()) if number else ():
                yield _numbered_match(asked, entry, basis, number)

    def _named(self, asked: Asked) -> Iterator[Match]:
        kinds = [asked.kind] if asked.kind else list(self._by_name)
        for kind in kinds:
            for given in asked.names:
                yield from self._named_as(asked, given, kind)

    def _named_as(self, asked: Asked, given: str, kind: str) -> Iterator[Match]:
        key = plain(fold(given))
        if not key or kind not in self._alike:
            return
        for alike, score in self._alike[kind].of(key, least=100 if len(key) <= SHORT else NAMES_FROM):
            for entry in self._by_name[kind][alike]:
                match = _named_match(asked, entry, given, score)
                if match:
                    yield match


def _numbered_match(asked: Asked, entry: Listed, basis: Basis, number: str) -> Match:
    if basis in {Basis.IMO, Basis.COMPANY}:
        what = "IMO number" if basis is Basis.IMO else "IMO company number"
        return Match(asked, entry, basis, SCORES["imo"], f"the same {what}, {number}")
    what = "MMSI" if basis is Basis.MMSI else "call sign"
    score = SCORES[basis.value]
    other = _other_number(asked, entry)
    if other:
        return Match(asked, entry, basis, score // 2, f"the same {what}, {number}, but {other}")
    return Match(asked, entry, basis, score, f"the same {what}, {number}; radios move between ships")


def _named_match(asked: Asked, entry: Listed, given: str, score: int) -> Match | None:
    # A name is never as strong as a number, however alike: many ships share one.
    words = "the same name" if score == 100 else f"a name {score} % alike"
    other = _other_number(asked, entry)
    if other and score < 100:
        # Another name and another number: nothing speaks for it any more.
        return None
    if other:
        return Match(asked, entry, Basis.NAME, score // 4, f"{words}, “{given}”, but {other}")
    return Match(asked, entry, Basis.NAME, score * 3 // 4, f"{words}, “{given}”")


def _other_number(asked: Asked, entry: Listed) -> str:
    """Say that both carry a number and not the same one."""
    for mine, theirs in ((asked.imo_number, entry.imo_number), (asked.company_number, entry.company_number)):
        if mine and theirs and mine != theirs:
            return f"the list gives IMO {theirs}"
    return ""


def all_matches(asked: Sequence[Asked], index: Index) -> list[Match]:
    """Return the matches of all that is asked, in the order asked."""
    return [match for one in asked for match in index.matches(one)]
