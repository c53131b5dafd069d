"""The count that CI reads is the sum of all runs, and nothing left out passes for done."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import run_tests
from tools.postgresql import Server

REPORT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests">
  <testsuite name="sqlite" errors="1" failures="2" skipped="3" tests="10"/>
</testsuites>
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "sqlite.xml"
    path.write_text(REPORT)
    return path


def in_ci(**counts: int) -> run_tests.Tally:
    return run_tests.Tally(**counts, is_in_ci=True)


def at_home(**counts: int) -> run_tests.Tally:
    return run_tests.Tally(**counts, is_in_ci=False)


def test_errors_count_as_failures(report):
    assert run_tests.counts(report) == (10, 3, 3)


def test_two_runs_add_up(report):
    tally = run_tests.Tally()

    tally.add(report, exit_code=1)
    tally.add(report, exit_code=1)

    assert (tally.passed, tally.failed, tally.skipped) == (8, 6, 6)


def test_a_run_that_breaks_without_a_report_is_a_failure(tmp_path):
    tally = run_tests.Tally(passed=5)

    tally.add(tmp_path / "absent.xml", exit_code=3)

    assert tally.failed == 1
    assert not tally.is_good()


def test_a_run_without_matching_tests_is_no_failure(tmp_path):
    tally = run_tests.Tally(passed=5)

    tally.add(tmp_path / "absent.xml", exit_code=5)

    assert tally.is_good()


def test_no_test_at_all_is_not_good():
    assert not run_tests.Tally().is_good()


def test_what_is_left_out_is_no_failure_at_home():
    tally = at_home(passed=5)

    tally.note("PostgreSQL: none here.")

    assert tally.is_good()
    assert tally.notes == ["PostgreSQL: none here."]


def test_what_is_left_out_is_a_failure_in_ci():
    tally = in_ci(passed=5)

    tally.note("PostgreSQL: none here.")

    assert not tally.is_good()


def test_a_skipped_test_is_a_failure_in_ci():
    assert not in_ci(passed=5, skipped=1).is_good()


def test_a_skipped_test_is_no_failure_at_home():
    assert at_home(passed=5, skipped=1).is_good()


def test_every_file_that_drives_a_browser_is_run():
    found = {str(file.relative_to(run_tests.ROOT)) for file in run_tests.test_files(run_tests.DRIVES_A_BROWSER)}

    assert "tests/core/test_elements.py" in found
    assert found >= {f"tests/journeys/{file.name}" for file in (run_tests.ROOT / "tests/journeys").glob("test_*.py")}
    assert f"tests/journeys/{run_tests.LONGEST_IN_A_BROWSER}" in found
    assert "tests/core/test_markdown.py" not in found


SUITE = """
import pytest

@pytest.mark.django_db
def test_marked(): pass
def test_asking(db): pass
def test_pure(): pass
@pytest.mark.every_engine
def test_in_a_process_of_its_own(): pass
@pytest.mark.django_db
@pytest.mark.one_engine
def test_of_bytes(): pass
def test_counting_queries(assert_same_queries): pass
"""


@pytest.mark.parametrize(("second", "count"), [("", 6), ("1", 3)])
def test_the_second_engine_repeats_what_asks_a_database_and_no_more(tmp_path, second, count):
    """Fails where a test that asks the database is left out on the second engine."""
    (tmp_path / "test_suite.py").write_text(SUITE)
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "tests.engines", "-c", "pyproject.toml"]
    found = subprocess.run(
        [*command, "-p", "no:cacheprovider", str(tmp_path)],
        cwd=run_tests.ROOT,
        env={**os.environ, "CASEFILES_TEST_SECOND_ENGINE": second},
        capture_output=True,
        text=True,
    )

    assert found.stdout.count("::test_") == count, found.stdout + found.stderr


def test_code_for_one_engine_alone_is_found_to_be_traced():
    found = run_tests.asking_which_engine()

    assert {"casefiles.audit.triggers", "casefiles.search.querysets", "casefiles.core.leadership"} <= set(found)
    assert "casefiles.access.rules" not in found


def test_tests_of_code_for_one_engine_alone_are_found_to_be_traced():
    found = {str(file.relative_to(run_tests.ROOT)) for file in run_tests.test_files(run_tests.TRACED_ON_EVERY_ENGINE)}

    assert {"tests/search/test_search.py", "tests/voyages/test_position_imports.py"} <= found
    assert "tests/cases/test_pages.py" not in found


def test_the_last_line_counts_all_tests(capsys):
    run_tests.summarise(at_home(passed=7, failed=1, skipped=2))

    assert capsys.readouterr().out.splitlines()[-1] == "total: 7 passed, 1 failed, 2 skipped"


@pytest.mark.parametrize(
    ("url", "for_django", "for_libpq"),
    [
        ("postgresql://postgres@//run/pg", "postgresql://postgres@//run/pg/x", "postgresql://postgres@/x?host=/run/pg"),
        ("postgresql://me:pw@db:5432", "postgresql://me:pw@db:5432/x", "postgresql://me:pw@db:5432/x"),
    ],
)
def test_a_server_is_addressed_by_socket_or_by_port(url, for_django, for_libpq):
    server = Server(url, "a server")

    assert server.database("x") == for_django
    assert server.database_for_client("x") == for_libpq
