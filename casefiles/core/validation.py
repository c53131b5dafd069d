"""Asking the database whether a record's rules hold, and minding where it does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection


@contextmanager
def answered_by_the_database() -> Iterator[None]:
    """Raise what the database said where it could not be asked, rather than what Django makes of that.

    Django takes a database that fails in the middle of a conditional rule for one that says yes (`Q.check`): of what
    may exist once, that it exists already. Whoever typed it would be told so, on the field, and believe it.

    Raises:
        OperationalError: the database went away, or was stopped, while it was asked.
    """
    faults: list[OperationalError] = []

    def watching(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        try:
            return execute(sql, params, many, context)
        except OperationalError as fault:
            faults.append(fault)
            raise

    try:
        with connection.execute_wrapper(watching):
            yield
    except ValidationError:
        if not faults:
            raise
    if faults:
        raise faults[0]
