"""What long commands stand on: a pace, a line of progress, reading in pieces, one at a time, and reports with codes."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError

from casefiles.accounts.models import User
from casefiles.core.batches import batches
from casefiles.core.filestore import StoreUnavailable
from casefiles.core.leadership import LedElsewhere, leading
from casefiles.core.pace import Pace
from casefiles.core.progress import ProgressLine, size_text, time_text
from casefiles.core.reports import Report, ReportCommand
from tests import make
from tests.elsewhere import leading_elsewhere

pytestmark = pytest.mark.traced_on_every_engine


class Clock:
    """A clock that goes only where it is told, and by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


# --- A pace --------------------------------------------------------------------------------------------------------


def test_a_pace_makes_its_reader_wait_for_what_was_read() -> None:
    clock = Clock()
    pace = Pace(100, clock=clock, sleep=clock.sleep)

    for _read in range(3):
        pace.spend(50)

    assert clock.slept == [0.5, 0.5, 0.5]


def test_time_in_which_nothing_was_read_is_not_saved_up() -> None:
    clock = Clock()
    pace = Pace(100, clock=clock, sleep=clock.sleep)

    clock.now = 1_000
    pace.spend(200)

    assert clock.slept == [2.0]


def test_without_a_pace_nobody_waits() -> None:
    clock = Clock()

    Pace(clock=clock, sleep=clock.sleep).spend(10**12)

    assert clock.slept == []


# --- A line of progress --------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_line_says_how_far_how_fast_and_how_long_still() -> None:
    clock, terminal = Clock(), Terminal()
    line = ProgressLine(terminal, total_bytes=4_000_000, clock=clock)

    line.show(1_000_000)
    clock.now = 10
    line.show(2_000_000, "7 checked")
    line.clear()

    drawn = terminal.getvalue().split("\r\x1b[K")
    assert drawn == [
        "",
        "[######..................]  25%  1.0 MB of 4.0 MB",
        "[############............]  50%  2.0 MB of 4.0 MB, 100.0 kB/s, about 20 s left, 7 checked",
        "",
    ]


def test_the_line_is_not_drawn_more_often_than_one_can_read() -> None:
    clock, terminal = Clock(), Terminal()
    line = ProgressLine(terminal, total_bytes=10, clock=clock)

    for moment in (0, 0.1, 0.15, 0.3):
        clock.now = moment
        line.show(1)

    assert terminal.getvalue().count("\r") == 2


def test_nothing_is_drawn_where_the_output_is_no_terminal() -> None:
    log = io.StringIO()
    line = ProgressLine(log, total_bytes=10)

    line.show(5)
    line.clear()

    assert log.getvalue() == ""


def test_nothing_to_do_is_done() -> None:
    assert ProgressLine(Terminal(), total_bytes=0).line(0) == "[########################] 100%  0 bytes of 0 bytes"


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1.0 kB"), (3_456_789_000, "3.5 GB"), (5 * 10**18, "5000.0 PB")],
)
def test_sizes_are_written_as_people_read_them(size_bytes: int, text: str) -> None:
    assert size_text(size_bytes) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 s"), (59, "59 s"), (90, "2 min"), (12_000, "3 h 20 min")])
def test_spans_of_time_are_written_as_people_read_them(seconds: float, text: str) -> None:
    assert time_text(seconds) == text


# --- Reading in pieces ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_table_is_read_in_pieces_in_the_order_of_its_key(django_assert_num_queries: Any) -> None:
    names = sorted(make.user().username for _person in range(5))

    with django_assert_num_queries(3):
        read = [[user.username for user in batch] for batch in batches(User.objects.all(), key="username", size=2)]

    assert read == [names[:2], names[2:4], names[4:]]


@pytest.mark.django_db
def test_pieces_may_be_values() -> None:
    names = sorted(make.user().username for _person in range(3))

    read = [
        row["username"] for batch in batches(User.objects.values("username"), key="username", size=2) for row in batch
    ]

    assert read == names


# --- One at a time -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_j21_only_one_leads_a_task_and_the_next_may_when_it_ends() -> None:
    """Breaks if two instances that start at once both take the lead."""
    with leading_elsewhere("a-task"):
        with pytest.raises(LedElsewhere, match="a-task"), leading("a-task"):
            raise AssertionError("the block was entered")
        with leading("another-task"):
            pass

    with leading("a-task"):
        pass


@pytest.mark.django_db
def test_who_fails_leads_no_longer() -> None:
    with pytest.raises(ZeroDivisionError), leading("a-task"):
        _ = 1 / 0

    with leading_elsewhere("a-task"):
        pass


# --- Reports -------------------------------------------------------------------------------------------------------


class Command(ReportCommand):
    """Reports what it was made with, or raises it."""

    def __init__(self, outcome: Report | Exception) -> None:
        super().__init__(stdout=io.StringIO())
        self.outcome = outcome

    def report(self, **options: Any) -> Report:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def ended(outcome: Report | Exception, *arguments: str) -> tuple[int, str]:
    command = Command(outcome)
    try:
        call_command(command, *arguments)
    except SystemExit as end:
        return int(end.code or 0), command.stdout.getvalue()
    return 0, command.stdout.getvalue()


@pytest.mark.parametrize(
    ("result", "code"),
    [
        ("clean", 0), ("clean so far", 0), ("nothing to check", 0), ("sound", 0), ("findings", 1), ("damaged", 1),
        ("could not run", 2), ("not checked", 2), ("a word that nobody knows", 2),
    ],
)  # fmt: skip
def test_a_result_has_its_exit_code_and_an_unknown_one_never_passes(result: str, code: int) -> None:
    assert ended({"result": result}) == (code, f"Result: {result}\n")


def test_a_report_is_json_for_scripts() -> None:
    code, text = ended({"result": "findings", "files_named": ["a"]}, "--json")

    assert (code, json.loads(text)) == (1, {"result": "findings", "files_named": ["a"]})


def test_in_words_what_is_empty_is_left_out_and_controls_are_visible() -> None:
    _code, text = ended({"result": "findings", "files_named": "a\x1b[31m", "removed": []})

    assert text == "Result: findings\nfiles named: a⟨U+001B⟩[31m\n"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (LedElsewhere("sweep"), "Another process is at it already (sweep): wait until it has ended."),
        (OperationalError("secret query of /var/lib"), "The database refused (OperationalError)."),
        (PermissionError(13, "Permission denied", "/a/secret/path"), "Permission denied"),
        (
            StoreUnavailable("open its folders", PermissionError(13, "Permission denied", "/a/secret/path")),
            "The evidence store could not open its folders: Permission denied.",
        ),
    ],
)
def test_what_could_not_run_says_why_without_paths_or_queries(error: Exception, reason: str) -> None:
    assert ended(error) == (2, f"Result: could not run\n{reason}\n")


def test_a_mistake_of_ours_is_not_called_an_obstacle() -> None:
    with pytest.raises(ZeroDivisionError):
        ended(ZeroDivisionError())
