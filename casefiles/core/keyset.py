"""Pages of a list without OFFSET: each page starts after the last row of the one before.

The condition is written `a >= x AND NOT (a = x AND id <= y)`, which an index on (a, id) serves;
`a > x OR (...)` is not.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from casefiles.core.folding import refuse_unsafe

COUNT_CAP = 1_000


class BadCursor(ValueError):
    """The cursor in the address is not one that a page of this list gave out."""


@dataclass(frozen=True)
class Order:
    """One sort order of a list: a column that is never null, and its direction; ties break by primary key."""

    column: str
    is_descending: bool = False

    def clauses(self, *, is_reversed: bool = False) -> list[str]:
        sign = "-" if self.is_descending != is_reversed else ""
        return [f"{sign}{self.column}", f"{sign}pk"]


@dataclass(frozen=True)
class KeysetPage:
    rows: list[Any]
    previous_cursor: str | None
    next_cursor: str | None
    total: int
    is_capped: bool


def encode(row: Any, order: Order) -> str:
    value = row[order.column] if isinstance(row, dict) else getattr(row, order.column)
    identifier = row["pk"] if isinstance(row, dict) else row.pk
    text = json.dumps([value if isinstance(value, str | int) else value.isoformat(), str(identifier)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, queryset: QuerySet[Any], order: Order) -> tuple[Any, Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value, identifier = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        _refuse_what_no_page_writes(value, identifier)
        column = _column(queryset, order.column)
        return column.to_python(value), queryset.model._meta.pk.to_python(identifier)
    except (ValueError, TypeError, OverflowError, binascii.Error, ValidationError, RecursionError) as error:
        raise BadCursor(cursor[:40]) from error


def _column(queryset: QuerySet[Any], name: str) -> Any:
    """Return the column of an order: the model's, or what the queryset computes under that name."""
    computed = queryset.query.annotations.get(name)
    return computed.output_field if computed is not None else queryset.model._meta.get_field(name)


def _refuse_what_no_page_writes(value: Any, identifier: Any) -> None:
    """Refuse what `encode` never wrote, and what one of the databases would stumble over.

    Raises:
        ValueError: it is neither text nor a whole number, or the text cannot be stored.
    """
    for part, kinds in ((value, (str, int)), (identifier, (str,))):
        if not isinstance(part, kinds) or isinstance(part, bool):
            raise ValueError("Not what a page of a list wrote.")
        if isinstance(part, str):
            refuse_unsafe(part)


def _beyond(queryset: QuerySet[Any], order: Order, cursor: str, *, is_reversed: bool) -> QuerySet[Any]:
    value, identifier = _decode(cursor, queryset, order)
    is_ascending = order.is_descending == is_reversed
    reach, passed = ("gte", "lte") if is_ascending else ("lte", "gte")
    return queryset.filter(
        Q(**{f"{order.column}__{reach}": value}) & ~Q(**{order.column: value, f"pk__{passed}": identifier})
    )


def paginate(
    queryset: QuerySet[Any], *, order: Order, size: int, after: str | None = None, before: str | None = None
) -> KeysetPage:
    """Return one page and the cursors of its neighbours; the total is counted no further than COUNT_CAP.

    Raises:
        BadCursor: `after` or `before` is not a cursor of this list.
    """
    is_reversed = before is not None and after is None
    cursor = before if is_reversed else after
    window = queryset if not cursor else _beyond(queryset, order, cursor, is_reversed=is_reversed)
    rows = list(window.order_by(*order.clauses(is_reversed=is_reversed))[: size + 1])
    has_more = len(rows) > size
    rows = rows[:size]
    if is_reversed:
        rows.reverse()
    has_previous = has_more if is_reversed else bool(cursor)
    has_next = bool(cursor) if is_reversed else has_more
    total = queryset.order_by()[: COUNT_CAP + 1].count()
    return KeysetPage(
        rows=rows,
        previous_cursor=encode(rows[0], order) if rows and has_previous else None,
        next_cursor=encode(rows[-1], order) if rows and has_next else None,
        total=min(total, COUNT_CAP),
        is_capped=total > COUNT_CAP,
    )
