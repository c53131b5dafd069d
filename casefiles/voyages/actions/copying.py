"""Positions into the table as fast as each database takes them: COPY, or one prepared statement."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import Model

from casefiles.voyages.models import BroadcastIdentity, Position, PositionImport
from casefiles.voyages.readers.fixes import Identity

COLUMNS = (
    "position_import_id", "row", "mmsi", "epoch_s", "latitude", "longitude", "speed_kn", "course_deg", "heading_deg",
    "status", "level",
)  # fmt: skip
IDENTITY_COLUMNS = ("position_import_id", "mmsi", "imo_number", "name", "call_sign", "ship_type", "rows")
ARRIVING = "positions_arriving"
# The indexes of ten million positions are written all over by each batch: with less in memory they are read again and
# again.
CACHE_KIB = 128 * 1024
_RADIO, _EPOCH = COLUMNS.index("mmsi"), COLUMNS.index("epoch_s")


@contextmanager
def room_for_indexes() -> Iterator[None]:
    """Let SQLite keep many pages in memory while the block lasts; PostgreSQL has its own settings for that."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {before}")


def keep_positions(rows: list[tuple[Any, ...]]) -> int:
    """Insert rows in the order of `COLUMNS`, in the present transaction, and return how many were not held yet.

    The same radio, time and place in one file is one position.
    """
    return _copied(rows) if connection.vendor == "postgresql" else _executed(rows)


def keep_identities(record: PositionImport, found: Iterable[tuple[str, Identity, int]]) -> None:
    """Insert what each radio of a file said of its ship, and in how many rows, in the present transaction.

    A file of a few rows for each of many radios holds nearly as many of these as positions.
    """
    key = BroadcastIdentity._meta.get_field("position_import").get_db_prep_value(record.pk, connection)
    rows = [
        (key, mmsi, *(getattr(said, name) for name in IDENTITY_COLUMNS[2:-1]), count) for mmsi, said, count in found
    ]
    table, columns = _named(BroadcastIdentity, IDENTITY_COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["?"] * len(IDENTITY_COLUMNS))
        cursor.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def _names() -> tuple[str, str]:
    return _named(Position, COLUMNS)


def _named(model: type[Model], columns: Iterable[str]) -> tuple[str, str]:
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), ", ".join(quote(column) for column in columns)


def _executed(rows: list[tuple[Any, ...]]) -> int:
    table, columns = _names()
    marks = ", ".join(["?"] * len(COLUMNS))
    # Neighbours in the indexes are written together; of two that are the same the first one in the file still counts.
    rows = sorted(rows, key=itemgetter(_RADIO, _EPOCH))
    with connection.cursor() as cursor:
        # The driver's own method: Django's would rewrite every statement for its placeholders and count queries.
        done = cursor.connection.executemany(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", rows)
        return int(done.rowcount)


def _copied(rows: list[tuple[Any, ...]]) -> int:
    """Copy into a table of this connection and move from there: COPY itself knows no "unless it is held already"."""
    table, columns = _names()
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {ARRIVING} ON COMMIT DELETE ROWS AS "
            f"SELECT {columns} FROM {table} WITH NO DATA"
        )
        with cursor.copy(f"COPY {ARRIVING} ({columns}) FROM STDIN") as copy:
            copy.write("".join(map(_line, rows)))
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {ARRIVING} ON CONFLICT DO NOTHING")
        moved = int(cursor.rowcount)
        cursor.execute(f"TRUNCATE {ARRIVING}")
    return moved


def _line(row: tuple[Any, ...]) -> str:
    # Numbers and nine digits only: nothing in a row needs escaping.
    return "\t".join(["\\N" if value is None else str(value) for value in row]) + "\n"
