"""Reading a long table in pieces.

Not with `iterator()`: on SQLite its open cursor would keep every writer waiting for as long as the walk takes.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

BATCH = 500


def batches(rows: QuerySet[Any], *, key: str = "pk", size: int = BATCH) -> Iterator[list[Any]]:
    """Yield the rows in ascending order of `key`, which is unique, `size` at a time; each piece is a query of its own.

    Of rows that are tuples (`values_list`) the key comes first. Rows that are added behind the walk while it goes on
    are not seen, those before it are.
    """
    batch = list(rows.order_by(key)[:size])
    while batch:
        yield batch
        if len(batch) < size:
            return
        reached = _key_of(batch[-1], key)
        batch = list(rows.filter(**{f"{key}__gt": reached}).order_by(key)[:size])


def _key_of(row: Any, key: str) -> Any:
    if isinstance(row, tuple):
        return row[0]
    return row[key] if isinstance(row, dict) else getattr(row, key)
