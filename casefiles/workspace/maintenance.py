"""What an installation does for itself, in one pass that a timer or a container runs.

`STEPS` is the whole of it: what comes new to the installation's upkeep is a function in that list. A step that cannot
run does not keep the others from running.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.utils import timezone

from casefiles.cases.actions.damage import open_damage_tasks
from casefiles.core.leadership import leading
from casefiles.core.pace import UNHURRIED, Pace
from casefiles.core.reports import COULD_NOT_RUN, OBSTACLES, Report, exit_code, obstacle
from casefiles.core.stamping import NotStamped
from casefiles.evidence.actions.checkpoints import RecordDisagrees, write_checkpoint
from casefiles.evidence.actions.fixity import check_files
from casefiles.evidence.actions.reading import read_waiting
from casefiles.evidence.actions.recognising import recognise_waiting
from casefiles.evidence.actions.rendering import render_waiting
from casefiles.evidence.actions.stamps import stamp_newest
from casefiles.evidence.actions.sweeping import look_through_store
from casefiles.evidence.management.commands import checkpoint, fixity, sweep
from casefiles.evidence.models import File
from casefiles.evidence.selectors import damages
from casefiles.sanctions.actions.editions import read_waiting_editions
from casefiles.voyages.actions.positions import import_waiting
from casefiles.workspace.actions.digests import is_set_up, send_digests
from casefiles.workspace.actions.telling import take_in, tell_due
from casefiles.workspace.selectors.chain import report_on_chain

# What leads the sending of mail: of several that start at once, one does it.
DIGESTS = "send_digests"


@dataclass(frozen=True)
class Limits:
    """How much one pass may do: seconds of reading for checks, how fast, and how many waiting files."""

    fixity_seconds: float = 600
    pace: Pace = UNHURRIED
    files_to_read: int = 200
    files_to_recognise: int = 20


Step = Callable[[Limits], Report]


def read_what_waits(limits: Limits) -> Report:
    """Read files that nobody has read yet, in the cage."""
    return {"result": "clean", "files_read": read_waiting(most=limits.files_to_read)}


def read_positions(limits: Limits) -> Report:
    """Read position files that wait, and go on with what a killed process left."""
    return {"result": "clean", "position_files_read": import_waiting()}


def render_pages(limits: Limits) -> Report:
    """Set saved web pages anew that nobody has set yet, in the cage."""
    return {"result": "clean", "files_rendered": render_waiting(most=limits.files_to_read)}


def recognise_words(limits: Limits) -> Report:
    """Recognise words in pictures that nobody has looked at yet, where the program for it is installed."""
    return {"result": "clean", "files_recognised": recognise_waiting(most=limits.files_to_recognise)}


def read_lists(limits: Limits) -> Report:
    """Read editions of lists that wait, and anew what a killed process left; applying them is a person's decision."""
    return {"result": "clean", "editions_read": read_waiting_editions()}


def check_a_part(limits: Limits) -> Report:
    """Go on with the check of every file for a while."""
    started = monotonic()
    with leading(fixity.TASK):
        checked = check_files(is_enough=lambda run: monotonic() - started >= limits.fixity_seconds, pace=limits.pace)
    return fixity.report_on(checked)


def open_tasks(limits: Limits) -> Report:
    """Open a task for each damaged file in the cases that hold it."""
    opened = open_damage_tasks(damages(File.objects.all()))
    return {"result": "clean", "tasks_opened": len(opened)}


def look_through(limits: Limits) -> Report:
    """Remove what uploads left that died long ago, and list what else lies in the store and should not."""
    with leading(sweep.TASK):
        return sweep.report_on(*look_through_store(is_fixing=True))


def verify(limits: Limits) -> Report:
    """Walk the record of what was done."""
    return report_on_chain()


def note_elsewhere(limits: Limits) -> Report:
    """Write a checkpoint, unless the record is not the one that was noted."""
    with leading(checkpoint.TASK):
        try:
            return checkpoint.report_on(write_checkpoint())
        except RecordDisagrees as error:
            return {"result": "findings", "disagreement": str(error)}


def stamp(limits: Limits) -> Report:
    """Have a third party sign the newest checkpoint, where an administrator names one and the last one is a day old."""
    with leading(checkpoint.TASK):
        try:
            standing = stamp_newest()
        except NotStamped as error:
            return {"result": "could not run", "reason": str(error)}
    if standing is None:
        return {"result": "clean"}
    report = {"stamped": standing.name, "at": standing.at, "reason": standing.problem}
    return {"result": "clean" if standing.at else "findings", **report}


def tell_people(limits: Limits) -> Report:
    """Tell people what was recorded that concerns them, and which of their tasks are due."""
    return {"result": "clean", "told": take_in() + tell_due(timezone.now().date())}


def send_mail(limits: Limits) -> Report:
    """Mail people what waits for them, where they chose so and an administrator named a server for it."""
    if not is_set_up():
        return {"result": "nothing to check", "reason": "No server for mail is named (CASEFILES_MAIL_HOST)."}
    sent, failed = send_digests(timezone.now())
    return {"result": "findings" if failed else "clean", "mails_sent": sent, "mails_failed": failed}


# In this order: tasks come after the check that finds what they are about, the checkpoint after everything recorded.
STEPS: dict[str, Step] = {
    "reading": read_what_waits,
    "positions": read_positions,
    "rendering": render_pages,
    "recognising": recognise_words,
    "lists": read_lists,
    "fixity": check_a_part,
    "tasks": open_tasks,
    "telling": tell_people,
    "digests": send_mail,
    "sweep": look_through,
    "chain": verify,
    "checkpoint": note_elsewhere,
    "stamp": stamp,
}


def maintain(limits: Limits, *, progress: Callable[[str], None] = lambda step: None) -> Report:
    """Do every step and return what each found; the result is that of the worst."""
    reports: dict[str, Any] = {}
    for name, step in STEPS.items():
        progress(name)
        reports[name] = _tried(step, limits)
    return {"result": _result(reports), "steps": reports}


def _tried(step: Step, limits: Limits) -> Report:
    started = monotonic()
    try:
        report = step(limits)
    except OBSTACLES as error:
        report = obstacle(error)
    return {**report, "seconds": round(monotonic() - started, 3)}


def _result(reports: dict[str, Report]) -> str:
    """Return the worst result; an installation in which nothing was recorded yet has no chain to verify."""
    codes = [exit_code(report) for report in reports.values() if report["result"] != "not checked"]
    worst = max(codes)
    return "could not run" if worst == COULD_NOT_RUN else "findings" if worst else "clean"
