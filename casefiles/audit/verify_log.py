"""Verify an exported audit log with nothing but Python: no application, no database, no other package.

    python verify_log.py LOG [--head NUMBER:HASH]

LOG holds one event a line, as JSON. With --head, a number and hash noted elsewhere (in a checkpoint or a dossier), rows
missing at the end and a log written anew are found too. Exit status: 0 the log is whole, 1 it is damaged (the first bad
row and the kind of damage are printed), 2 it could not be checked.

Each event is hashed as SHA-256 over the domain tag, the hash before it and its fields. A text is its length in bytes
(8 bytes, big-endian) and its UTF-8; a list is its count (8 bytes) and its members; the number is its decimal text.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

DOMAIN = "casefiles/event/1"
GENESIS = "0" * 64
TEXTS = ("event_id", "at", "actor", "act", "record_kind", "record_id")
# One event, and what is found: the kind of damage and the first bad number, or nothing.
Row = dict[str, Any]
Found = tuple[str, int] | None
COLUMNS = {"seq", *TEXTS, "compartments", "changes", "note", "previous", "hash"}


class NotALog(Exception):
    """The file is not an exported audit log."""


def text(content: str) -> bytes:
    encoded = content.encode("utf-8", "surrogatepass")
    return len(encoded).to_bytes(8, "big") + encoded


def count(members: list[Any]) -> bytes:
    return len(members).to_bytes(8, "big")


def hash_of(row: Row, previous: str, seq: int) -> str:
    digest = hashlib.sha256(text(DOMAIN) + text(previous) + text(str(seq)))
    for column in TEXTS:
        digest.update(text(row[column]))
    digest.update(count(row["compartments"]))
    for compartment in row["compartments"]:
        digest.update(text(compartment))
    digest.update(count(row["changes"]))
    for change in row["changes"]:
        for part in change:
            digest.update(text(part))
    digest.update(text(row["note"]))
    return digest.hexdigest()


def is_whole(row: Row) -> bool:
    """The row's hash is that of its own fields and of the hash that it says stands before it."""
    return row["hash"] == hash_of(row, row["previous"], row["seq"])


def once(pairs: list[tuple[str, Any]]) -> Row:
    if len({name for name, _value in pairs}) != len(pairs):
        raise NotALog("a column stands twice")
    return dict(pairs)


def is_text_list(value: object, length: int | None = None) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value) and length in {None, len(value)}


def read_row(line: str) -> Row:
    row = json.loads(line, object_pairs_hook=once)
    if not isinstance(row, dict) or set(row) != COLUMNS:
        raise NotALog("not the columns of an event")
    if type(row["seq"]) is not int or not all(
        isinstance(row[name], str) for name in (*TEXTS, "note", "previous", "hash")
    ):
        raise NotALog("a number or text is of another type")
    if not is_text_list(row["compartments"]) or not isinstance(row["changes"], list):
        raise NotALog("a list is of another type")
    if not all(is_text_list(change, length=3) for change in row["changes"]):
        raise NotALog("a change is not a field and two digests")
    return row


def rows_of(lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        try:
            yield read_row(line)
        except (ValueError, RecursionError, NotALog) as error:
            raise NotALog(f"line {number}: {error}") from error


class Log:
    """The walk over a log: the number and hash of the last sound row, the hash before it, and the row itself."""

    def __init__(self, rows: Iterator[Row], head: tuple[int, str] | None) -> None:
        self.rows, self.head = rows, head
        self.seq, self.hash, self.before = 0, GENESIS, ""
        self.last: Row | None = None

    def fits(self, row: Row) -> bool:
        return row["seq"] == self.seq + 1 and row["previous"] == self.hash and is_whole(row)

    def verdict(self) -> Found:
        """Return the kind of damage and the first bad number, or None."""
        row = next(self.rows, None)
        while row is not None:
            after = next(self.rows, None)
            if not self.fits(row):
                return self.damage(row, after)
            if self.head and row["seq"] == self.head[0] and row["hash"] != self.head[1]:
                return "rewritten", row["seq"]
            self.before, self.seq, self.hash, self.last = self.hash, row["seq"], row["hash"], row
            row = after
        if self.head and self.seq < self.head[0]:
            return "tail_missing", self.seq + 1
        return None

    def damage(self, row: Row, after: Row | None) -> Found:
        return self.wrong_number(row) or self.wrong_turn(row, after) or self.wrong_link(row, after)

    def wrong_number(self, row: Row) -> Found:
        here = self.seq + 1
        if row["seq"] != here:
            return ("edited", here) if row["hash"] == hash_of(row, self.hash, here) else None
        if row["hash"] == hash_of(row, row["previous"], here + 1):
            return "removed", here
        if self.last and row["hash"] == hash_of(row, row["previous"], here - 1):
            return "inserted", self.seq
        return None

    def wrong_turn(self, row: Row, after: Row | None) -> Found:
        if row == self.last:
            return "duplicated", row["seq"]
        if row["seq"] > self.seq + 1:
            if after and self.fits(after) and not is_whole(row):
                return "inserted", row["seq"]
            return ("reordered" if self.comes_later(row, after) else "removed"), self.seq + 1
        if row["seq"] <= self.seq and is_whole(row):
            forks = self.last and row["seq"] == self.seq and row["previous"] == self.before
            return ("forked" if forks else "duplicated"), row["seq"]
        return None

    def comes_later(self, row: Row, after: Row | None) -> bool:
        gap = range(self.seq + 1, row["seq"])
        return (after is not None and after["seq"] in gap) or any(later["seq"] in gap for later in self.rows)

    def wrong_link(self, row: Row, after: Row | None) -> Found:
        if row["previous"] != self.hash and is_whole(row) and self.last:
            # The row is whole, but knows another hash of the one before: that one was changed and hashed anew.
            return ("forked", row["seq"]) if row["previous"] == self.before else ("edited", self.seq)
        if after and self.fits(after):
            return "inserted", row["seq"]
        return "edited", row["seq"]


def read_head(written: str) -> tuple[int, str]:
    number, _colon, digest = written.partition(":")
    if not (number.isascii() and number.isdigit() and len(digest) == 64):
        raise argparse.ArgumentTypeError("write the number, a colon and the 64 digits of the hash")
    return int(number), digest.lower()


def main(arguments: list[str] | None = None) -> int:
    """Print the verdict on a log and return the exit status."""
    parser = argparse.ArgumentParser(description="Verify an exported audit log.")
    parser.add_argument("log")
    parser.add_argument("--head", type=read_head, metavar="NUMBER:HASH")
    given = parser.parse_args(arguments)
    try:
        with open(given.log, encoding="utf-8", newline="\n") as lines:
            log = Log(rows_of(lines), given.head)
            found = log.verdict()
    except (OSError, UnicodeDecodeError, NotALog) as error:
        print(f"not checked: {error}")
        return 2
    if found:
        print(f"damaged: {found[0]} at {found[1]}")
        return 1
    if not log.seq:
        print("not checked: the log is empty")
        return 2
    end = "matches the head given" if given.head else "no head was given: rows missing at the end would not show"
    print(f"whole: {log.seq} events, last hash {log.hash} ({end})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
