"""The floor of keeping positions: a bare table with one index by radio and time, filled by COPY or executemany."""

import itertools
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

BATCH = 20_000
COLUMNS = "file, row, mmsi, epoch_s, latitude, longitude, speed_kn, course_deg, heading_deg, status"


def seconds_for(rows: Iterator[tuple[Any, ...]]) -> float:
    """Return how long the database takes for rows that lie ready, batch by batch, each in its transaction."""
    is_postgresql = connection.vendor == "postgresql"
    key = "bigserial" if is_postgresql else "integer"
    spent = 0.0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS floor_positions")
        cursor.execute(
            f"CREATE TABLE floor_positions (id {key} PRIMARY KEY, file integer NOT NULL, row integer NOT NULL, "
            "mmsi varchar(9) NOT NULL, epoch_s bigint NOT NULL, latitude double precision NOT NULL, "
            "longitude double precision NOT NULL, speed_kn double precision, course_deg double precision, "
            "heading_deg smallint, status smallint)"
        )
        cursor.execute("CREATE INDEX floor_positions_by_radio ON floor_positions (mmsi, epoch_s)")
        while batch := list(itertools.islice(rows, BATCH)):
            started = time.perf_counter()
            with transaction.atomic():
                (_copy if is_postgresql else _execute)(cursor, batch)
            spent += time.perf_counter() - started
        cursor.execute("DROP TABLE floor_positions")
    return spent


def _copy(cursor: Any, batch: list[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY floor_positions ({COLUMNS}) FROM STDIN") as copy:
        copy.write("".join("\t".join(map(str, row)) + "\n" for row in batch))


def _execute(cursor: Any, batch: list[tuple[Any, ...]]) -> None:
    marks = ", ".join(["?"] * 10)
    cursor.connection.executemany(f"INSERT INTO floor_positions ({COLUMNS}) VALUES ({marks})", batch)
