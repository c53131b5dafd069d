"""The database goes away in the middle of a request, or has no room: that is said, and nothing is half done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import OperationalError, connection
from django.urls import reverse

from casefiles.audit.models import Event
from casefiles.audit.selectors import verify
from casefiles.cases.models import Case
from casefiles.dossiers.actions import prepare_release
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

WRITES = ("INSERT", "UPDATE", "DELETE", "COPY")
# What notes that somebody was here, and is no part of what they did.
BESIDE = {"sessions.Session", "accounts.User"}


def break_database() -> None:
    """End the connection from outside, as a restart does; SQLite has no server that could."""
    if connection.vendor == "sqlite":
        raise OperationalError("disk I/O error")
    backend = connection.connection.info.backend_pid
    known = connection.get_connection_params()
    keys = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{key: known[key] for key in keys if known.get(key)}, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [backend])


@contextmanager
def breaking_at(number: int) -> Iterator[list[str]]:
    """Break the database before the write of that number; yields the writes asked for so far."""
    writes: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(WRITES) and "django_session" not in sql:
            writes.append(sql)
            if len(writes) == number:
                break_database()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield writes


def held() -> dict[str, int]:
    """Return how many rows each table of ours holds."""
    models = [model for model in apps.get_models() if model.__module__.startswith("casefiles.")]
    return {model._meta.label: model._base_manager.count() for model in models if model._meta.label not in BESIDE} | {
        "events": Event.objects.count()
    }


@pytest.fixture
def world() -> Any:
    lead, editor = make.lead(), make.user()
    case = make.case(lead, members={editor: "editor"})
    make.claim(case, lead)
    return case, editor, lead


def opening(world: Any) -> tuple[str, dict[str, str]]:
    return reverse("cases:case_add"), {"title": "Opened in a storm", "handling": "TLP:AMBER"}


def deciding(world: Any) -> tuple[str, dict[str, str]]:
    case, _editor, _lead = world
    claim = case.claims.get()
    return reverse("cases:claim_outcome", args=[case.pk, claim.pk]), {"outcome": "withdrawn", "reason": "Not so."}


def approving(world: Any) -> tuple[str, dict[str, str]]:
    case, editor, _lead = world
    release = prepare_release(case, by=editor)
    return reverse("dossiers:approve", args=[case.pk, release.pk]), {}


@pytest.mark.parametrize("asked", [opening, deciding, approving])
def test_j03_j17_a_database_that_goes_away_at_any_write_leaves_nothing_half_done(
    client: Any, world: Any, asked: Callable[[Any], tuple[str, dict[str, str]]]
) -> None:
    address, values = asked(world)
    client.force_login(world[2])
    client.raise_request_exception = False
    values = {"base": (client.get(address).context or {}).get("base_token", "")} | values
    before = held()

    for number in range(1, 100):
        with breaking_at(number) as writes:
            answer = client.post(address, values)
        if len(writes) < number:
            break
        assert (answer.status_code, answer["Retry-After"]) == (503, "10"), writes[-1]
        assert "Nothing was saved by this request." in answer.content.decode()
        assert held() == before, writes[-1]

    assert (number > 2, answer.status_code) == (True, 302)
    assert Event.objects.count() > before["events"]
    assert verify().is_sound


@contextmanager
def without_room() -> Iterator[None]:
    """Let SQLite's file grow no more; PostgreSQL's answer where it cannot is given in its place."""
    if connection.vendor != "sqlite":

        def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.startswith("INSERT"):
                raise OperationalError("could not extend file") from psycopg.errors.DiskFull()
            return execute(sql, params, many, context)

        with connection.execute_wrapper(refuse):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA max_page_count = 1")
    yield
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 4294967294")


def test_j13_a_database_without_room_refuses_what_is_written_and_reads_on(client: Any, world: Any) -> None:
    case, _editor, lead = world
    client.force_login(lead)
    client.raise_request_exception = False
    client.get("/")
    before = held()
    values = {"title": "Opened on a full disk", "question": "Why? " * 1900, "handling": "TLP:AMBER"}

    with without_room():
        refused = client.post(reverse("cases:case_add"), values)
        read = client.get(case.get_absolute_url())

    assert (refused.status_code, read.status_code) == (503, 200)
    assert held() == before
    assert client.post(reverse("cases:case_add"), values).status_code == 302
    assert Case.objects.filter(title="Opened on a full disk").count() == 1
