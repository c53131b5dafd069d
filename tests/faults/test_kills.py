"""J01, J09, J10: a process, or its database, killed at random moments while evidence comes in: no file is lost.

A few kills here; `python -m benchmarks.kills` does a thousand on each database, `python -m benchmarks.soak` goes on
and on.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from benchmarks import kills, server_kills, soak
from tests.engines import TEMPLATE
from tools import postgresql

TIMES = 12


@contextmanager
def database_of_its_own() -> Iterator[str]:
    """A database beside the one of the tests, for what is killed commits for good: migrated already where one is."""
    if connection.vendor != "postgresql":
        with tempfile.TemporaryDirectory(dir=os.environ["CASEFILES_TEST_FOLDER"]) as folder:
            if TEMPLATE:
                shutil.copyfile(TEMPLATE, f"{folder}/killed.sqlite3")
            yield f"sqlite:///{folder}/killed.sqlite3"
        return
    name = f"casefiles_kills_{os.getpid()}"
    given = connection.settings_dict
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{TEMPLATE}"' if TEMPLATE else ""))
    try:
        place, _slash, _own_name = os.environ["DATABASE_URL"].rpartition("/")
        assert given["ENGINE"].endswith("postgresql")
        yield f"{place}/{name}"
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.django_db(transaction=True)
def test_j01_j10_a_kill_at_any_moment_loses_nothing_acknowledged_and_leaves_no_orphan_unlisted() -> None:
    """Breaks if a row comes before its file is durable, if what was said to be there is not, or `sweep` lists less."""
    with database_of_its_own() as url:
        tally = kills.run(url, times=TIMES, seed=7)

    assert (tally["kills"], tally["faults"]) == (TIMES, [])
    assert tally["acknowledged"] > 0


def test_j09_j10_what_was_acknowledged_outlives_a_killed_database_and_work_goes_on_by_itself() -> None:
    """Breaks if a commit is answered before it is kept, or a process needs a restart once its database was killed."""
    with postgresql.cluster_to_kill() as cluster:
        if cluster is None:
            pytest.skip("This machine has no PostgreSQL of its own to kill.")
        found = server_kills.run(cluster, {"backend": 2, "server": 2}, seed=7)

    assert (found["kills"], found["faults"]) == (4, [])
    assert found["acknowledged"] >= 4


@pytest.mark.django_db(transaction=True)
def test_j27_whoever_works_on_and_on_and_is_killed_now_and_then_loses_nothing_and_holds_no_more() -> None:
    """Breaks if memory or open files grow with what was done, as far as so short a time shows it."""
    with database_of_its_own() as url:
        found = soak.run(url, operations=200, every=100)

    assert (found["operations"], found["kills"], found["faults"]) == (200, 2, [])
