"""Fixtures about the database: where it starts from, how it is emptied, how often it is asked."""

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext

# Set by tools/run_tests.py: a database that is already migrated, so that no test process migrates its own.
TEMPLATE = os.environ.get("CASEFILES_TEST_TEMPLATE", "")


# Set by tools/run_tests.py for the second engine: what never asks a database would only say the same again.
IS_SECOND_ENGINE = os.environ.get("CASEFILES_TEST_SECOND_ENGINE") == "1"
_NOT_TRACED = {"assert_same_queries", "matrix"}
_ASKS_A_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave untraced what counts queries or goes through every address: half as slow, and others trace that code.

    On the second engine, leave out what asks no database: it ran before.
    """
    for item in items:
        if _NOT_TRACED & set(getattr(item, "fixturenames", ())):
            item.add_marker("untraced")
    if not IS_SECOND_ENGINE:
        return
    left_out = [item for item in items if not asks_a_database(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if asks_a_database(item)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Switch tracing off for a test that is marked `untraced`.

    The mark `no_cover` of pytest-cov does not in a process of xdist: there another tracer lies beneath and takes over.
    """
    tracer = sys.gettrace() if item.get_closest_marker("untraced") else None
    if tracer is None:
        return (yield)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


def asks_a_database(item: pytest.Item) -> bool:
    """Say whether a test asks a database: through a fixture, a mark, or in a process of its own (`every_engine`).

    What is about the bytes of files alone (`one_engine`) does not count, nor what counts the queries of a page: Django
    makes as many for either, and others ask for the page.
    """
    marks = {mark.name for mark in item.iter_markers()}
    if "one_engine" in marks or "assert_same_queries" in getattr(item, "fixturenames", ()):
        return False
    return bool(marks & {"django_db", "every_engine"} or _ASKS_A_DATABASE & set(getattr(item, "fixturenames", ())))


def pytest_collection_finish() -> None:
    """Thousands of tests stay in memory until the end: the collector need not look through them again and again."""
    gc.collect()
    gc.freeze()


def _is_sqlite() -> bool:
    return django_settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start from the template, if there is one; migrating it again then changes nothing."""
    test = django_settings.DATABASES["default"].setdefault("TEST", {})
    if TEMPLATE and _is_sqlite():
        shutil.copyfile(TEMPLATE, test["NAME"])
    elif TEMPLATE:
        test["TEMPLATE"] = TEMPLATE


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Keep the copied file: without this, Django would delete it and start from nothing."""
    return bool(request.config.getvalue("reuse_db")) or bool(TEMPLATE and _is_sqlite())


@contextmanager
def audit_triggers_lifted() -> Iterator[None]:
    """Allow emptying the audit tables, which their triggers forbid, and guard them again afterwards."""
    from casefiles.audit import triggers  # needs Django's apps, which are not loaded when plugins are

    triggers.remove(connection)
    try:
        yield
    finally:
        triggers.install(connection)


@pytest.fixture(scope="session", autouse=True)
def flush_without_audit_triggers() -> Iterator[None]:
    """Let tests that commit empty the database when they end."""
    flush = TransactionTestCase._fixture_teardown

    def flush_unguarded(self: TransactionTestCase) -> None:
        with audit_triggers_lifted():
            flush(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_unguarded)
        yield


@pytest.fixture
def assert_same_queries(db: None) -> Callable[..., int]:
    """Return a check that a page asks the database equally often for few rows and for many."""
    return _assert_same_queries


def _assert_same_queries(
    page: Callable[[], object], add_rows: Callable[[int], object], *, few: int = 2, many: int = 12
) -> int:
    """Call `page` with `few` rows and with `many`, compare the queries, and return their number.

    `add_rows(count)` adds that many rows to the ones there are.
    """
    add_rows(few)
    page()  # once uncounted: content types, sessions and templates are looked up once a process
    with CaptureQueriesContext(connection) as with_few:
        page()
    add_rows(many - few)
    with CaptureQueriesContext(connection) as with_many:
        page()
    asked = "\n".join(query["sql"] for query in with_many.captured_queries)
    assert len(with_few) == len(with_many), f"{len(with_few)} queries became {len(with_many)}:\n{asked}"
    return len(with_many)
