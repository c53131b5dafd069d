"""Pages of a list without OFFSET: each page starts after the last row of the one before.

The condition is written `a >= x AND NOT (a = x AND id <= y)`, which an index on (a, id) serves;
`a > x OR (...)` is not. With several columns, what stands in the place of `id <= y` goes on in the same way.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
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
    """One sort order of a list: a column that is never null, and its direction; `then` breaks ties, at last the key.

    The primary key goes the way of the last column.
    """

    column: str
    is_descending: bool = False
    then: "Order | None" = None

    @property
    def parts(self) -> tuple["Order", ...]:
        return (self, *(self.then.parts if self.then else ()))

    @property
    def columns(self) -> tuple[tuple[str, bool], ...]:
        """Return each column with whether it descends, the primary key last."""
        parts = self.parts
        return (*((part.column, part.is_descending) for part in parts), ("pk", parts[-1].is_descending))

    def clauses(self, *, is_reversed: bool = False) -> list[str]:
        return [f"{'-' if is_descending != is_reversed else ''}{name}" for name, is_descending in self.columns]


@dataclass(frozen=True)
class KeysetPage:
    rows: list[Any]
    previous_cursor: str | None
    next_cursor: str | None
    total: int
    is_capped: bool


def encode(row: Any, order: Order) -> str:
    values = [row[name] if isinstance(row, dict) else getattr(row, name) for name, _is_descending in order.columns]
    text = json.dumps([*map(_written, values[:-1]), str(values[-1])])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _written(value: Any) -> str | int:
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, str | int) else str(value.isoformat())


def _decode(cursor: str, queryset: QuerySet[Any], order: Order) -> list[Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        *values, identifier = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        _refuse_what_no_page_writes(values, identifier)
        typed = [_column(queryset, part.column).to_python(value) for part, value in _pairs(order, values)]
        return [*typed, queryset.model._meta.pk.to_python(identifier)]
    except (ValueError, TypeError, OverflowError, binascii.Error, ValidationError, RecursionError) as error:
        raise BadCursor(cursor[:40]) from error


def _pairs(order: Order, values: list[Any]) -> Iterator[tuple[Order, Any]]:
    return zip(order.parts, values, strict=True)


def _column(queryset: QuerySet[Any], name: str) -> Any:
    """Return the column of an order: the model's, or what the queryset computes under that name."""
    computed = queryset.query.annotations.get(name)
    return computed.output_field if computed is not None else queryset.model._meta.get_field(name)


def _refuse_what_no_page_writes(values: list[Any], identifier: Any) -> None:
    """Refuse what `encode` never wrote, and what one of the databases would stumble over.

    Raises:
        ValueError: it is neither text nor a whole number, or the text cannot be stored.
    """
    for part, kinds in (*((value, (str, int)) for value in values), (identifier, (str,))):
        if not isinstance(part, kinds) or isinstance(part, bool):
            raise ValueError("Not what a page of a list wrote.")
        if isinstance(part, str):
            refuse_unsafe(part)


def _beyond(queryset: QuerySet[Any], order: Order, cursor: str, *, is_reversed: bool) -> QuerySet[Any]:
    values = _decode(cursor, queryset, order)
    name, is_descending = order.columns[0]
    reach = "lte" if is_descending != is_reversed else "gte"
    is_passed = _is_passed(order.columns, values, is_reversed=is_reversed)
    return queryset.filter(Q(**{f"{name}__{reach}": values[0]}) & ~is_passed)


def _is_passed(columns: Sequence[tuple[str, bool]], values: Sequence[Any], *, is_reversed: bool) -> Q:
    """Return the condition that, where the first column is at its value, a row stands no later than the cursor."""
    (name, _), (following, is_descending) = columns[:2]
    is_falling = is_descending != is_reversed
    tie = Q(**{name: values[0]})
    if len(columns) == 2:
        return tie & Q(**{f"{following}__{'gte' if is_falling else 'lte'}": values[1]})
    earlier = Q(**{f"{following}__{'gt' if is_falling else 'lt'}": values[1]})
    return tie & (earlier | _is_passed(columns[1:], values[1:], is_reversed=is_reversed))


def leading_to(queryset: QuerySet[Any], row: Any, *, order: Order, size: int) -> str | None:
    """Return the cursor behind which a page of `size` rows has `row` in its middle; None where the first page has it.

    `row` is a record, or a dictionary with the columns of the order and "pk".
    """
    before = _beyond(queryset, order, encode(row, order), is_reversed=True)
    names = [name for name, _is_descending in order.columns]
    ahead = list(before.order_by(*order.clauses(is_reversed=True)).values(*names)[:size])
    return encode(ahead[size // 2], order) if len(ahead) == size else None


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
