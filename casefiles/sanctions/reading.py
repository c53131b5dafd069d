"""What comes out of the cage about the files of an edition, as rows that can be kept."""

import hashlib
import itertools
import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from casefiles.core.folding import fold
from casefiles.core.romanising import romanised
from casefiles.evidence import cage
from casefiles.evidence.models import File
from casefiles.evidence.store import store
from casefiles.evidence.vocabulary import FileRole
from casefiles.sanctions.models import ListEdition, ListEntry
from casefiles.sanctions.readers.entries import Problem

READER = "casefiles.sanctions.readers.reading"
GIBIBYTE = 1024**3
# The largest lists of today hold a few hundred megabytes.
LIMITS = cage.Limits(cpu_seconds=600, wall_seconds=1_800.0, output_bytes=4 * GIBIBYTE)
COMPARED = (
    "kind", "name", "names", "imo_number", "company_number", "mmsi", "call_sign", "flag", "programme", "listed_on",
    "measures", "remarks",
)  # fmt: skip


def frames_of(sha256: str, encoding: str = "", size_bytes: int | None = None) -> Generator[cage.Frame, None, None]:
    """Yield what the reader says of a held file.

    Raises:
        NotParsed: it is no list, was cut, or is damaged: what was said before is to be dropped.
        StoreError: the bytes held are not the ones received, or cannot be read.
    """
    with store().open_verified(sha256, size_bytes=size_bytes) as held:
        held.refuse_wrong_bytes()
        yield from cage.frames(READER, held.fileno(), LIMITS, asked={"encoding": encoding})


@dataclass
class FileParts:
    """All files of an edition: what stands beside the list is read first and joined to its entries."""

    edition: ListEdition
    format: str = ""
    position: int = 0
    rows: int = 0
    rejected: int = 0
    values_left_out: int = 0
    problems: list[Problem] = field(default_factory=list)
    _beside: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield what the entries are, as the readers say it, each number once.

        Raises:
            NotParsed, StoreError: as `frames_of`.
        """
        main = self.edition.file
        for file in self.edition.item.files.filter(role=FileRole.ORIGINAL).exclude(pk=main.pk).order_by("pk"):
            for one in self._parts(file):
                self._beside.setdefault(one["list_id"], []).append(one)
        for entry in self._parts(main):
            first = self._seen.setdefault(entry["list_id"], entry["row"])
            if first != entry["row"]:
                self._reject(entry, f"This number stands in row {first} already.")
                continue
            _join(entry, self._beside.pop(entry["list_id"], []))
            yield entry

    def _parts(self, file: File) -> Iterator[dict[str, Any]]:
        for frame in frames_of(file.sha256, self.edition.encoding, file.size_bytes):
            if frame.kind == "list":
                self.format = str(frame.meta.get("format", ""))[:40]
            elif frame.kind == "counts":
                self._count(frame)
            else:
                self.position = int(str(frame.meta.get("position", 0)))
                yield from json.loads(frame.body)

    def _count(self, frame: cage.Frame) -> None:
        self.rows += int(str(frame.meta.get("rows", 0)))
        self.rejected += int(str(frame.meta.get("rejected", 0)))
        self.values_left_out += int(str(frame.meta.get("values_left_out", 0)))
        self.problems += [Problem(**one) for one in json.loads(frame.body)]

    def _reject(self, entry: dict[str, Any], reason: str) -> None:
        self.rejected += 1
        self.problems.append(Problem(entry["row"], "", entry["list_id"], reason))


def _join(entry: dict[str, Any], beside: list[dict[str, Any]]) -> None:
    known = {entry["name"].casefold(), *(one["name"].casefold() for one in entry["names"])}
    for one in beside:
        if "address" in one:
            entry["remarks"] = "; ".join(filter(None, (entry["remarks"], one["address"])))
        elif one["name"].casefold() not in known:
            known.add(one["name"].casefold())
            entry["names"].append({key: one[key] for key in ("name", "kind", "is_weak")})


def entry_rows(parts: FileParts, *, size: int) -> Iterator[list[ListEntry]]:
    """Yield the entries in batches, ready to be kept."""
    entries = parts.entries()
    while batch := list(itertools.islice(entries, size)):
        yield [_row(parts.edition, entry) for entry in batch]


def _row(edition: ListEdition, entry: dict[str, Any]) -> ListEntry:
    row = ListEntry(edition=edition, **entry)
    row.names_key = names_key([entry["name"], *(one["name"] for one in entry["names"])])
    row.digest = digest_of(entry)
    return row


def names_key(names: list[str]) -> str:
    """Return names folded and in Latin letters, each once, one a line."""
    return "\n".join(dict.fromkeys(key for name in names for key in (fold(name), romanised(name)) if key))


def digest_of(entry: dict[str, Any]) -> str:
    """Return the digest of what an entry says, whatever the order of its names and wherever it stands."""
    said = {name: entry[name] for name in COMPARED}
    said["names"] = sorted(json.dumps(one, sort_keys=True) for one in entry["names"])
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
