"""Lists that give an entry a row for each of its names: the rows of one number are one entry."""

from collections.abc import Callable, Iterable, Iterator

from casefiles.evidence.readers.findings import NotParsed
from casefiles.sanctions.readers.entries import Entry, Log, Rejected
from casefiles.sanctions.readers.tables import Row

MOST_ENTRIES = 300_000

Begin = Callable[[int, list[str]], Entry]
Add = Callable[[Entry, int, list[str]], None]
Number = Callable[[list[str]], str]


def grouped(rows: Iterable[Row], log: Log, *, number: Number, begin: Begin, add: Add) -> Iterator[Entry]:
    """Yield one entry for each number, in the order of their first rows; `add` gives it what a row says.

    Raises:
        NotParsed: there are more entries than are held at once.
    """
    held: dict[str, Entry] = {}
    for row, cells in rows:
        log.rows += 1
        try:
            key = number(cells)
            if key not in held:
                held[key] = begin(row, cells)
            add(held[key], row, cells)
        except Rejected as refusal:
            log.reject(row, refusal)
        if len(held) > MOST_ENTRIES:
            raise NotParsed(f"it holds more than {MOST_ENTRIES} entries, more than are read of this list")
    yield from held.values()
