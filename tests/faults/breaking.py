"""Ways in which a database gives up, each the engine's own: its disk is full, or it goes away between statements."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

from tests.core.test_filestore import limit

FULL_TABLES = ("audit_event", "django_session", "cases_case", "evidence_item")


@contextmanager
def full() -> Iterator[None]:
    """Let the database take nothing more for the block.

    For SQLite the system takes no byte beyond the first page of any file. PostgreSQL's server is another process: what
    it says where its volume is full is said here by a trigger.
    """
    if connection.vendor == "sqlite":
        with limit(resource.RLIMIT_FSIZE, 512):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
            "'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
        )
        for table in FULL_TABLES:
            cursor.execute(f"CREATE TRIGGER a_full_disk BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION no_room()")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION no_room CASCADE")


class GoneAt:
    """Takes the database away before the statement of a number, counted from 0; `connection.execute_wrapper` wants it.

    With `holding` only statements that hold it are counted.

    PostgreSQL ends our session as it does when it stops; SQLite, which has no server, interrupts the statement.
    """

    def __init__(self, number: int, *, holding: str = "") -> None:
        self.number, self.holding, self.asked = number, holding, 0

    @property
    def has_struck(self) -> bool:
        return self.asked > self.number

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if self.holding not in sql:
            return execute(sql, params, many, context)
        self.asked += 1
        if self.asked != self.number + 1:
            return execute(sql, params, many, context)
        if connection.vendor == "postgresql":
            _end_session()
            return execute(sql, params, many, context)
        raw = connection.connection
        raw.set_progress_handler(lambda: 1, 1)
        try:
            return execute(sql, params, many, context)
        finally:
            raw.set_progress_handler(None, 1)


def _end_session() -> None:
    import psycopg

    given = connection.get_connection_params()
    known = {name: given[name] for name in ("dbname", "host", "user", "port", "password") if name in given}
    own = connection.connection.info.backend_pid
    with psycopg.connect(**known, autocommit=True) as other:
        # With a time to wait it answers once the other session has ended.
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [own])


def everything() -> dict[str, frozenset[Any]]:
    """Return every row of every table of ours."""
    models = [model for model in apps.get_models() if model.__module__.startswith("casefiles.")]
    return {model._meta.label: frozenset(map(repr, model._base_manager.order_by().values_list())) for model in models}
