"""`maintain`: everything an installation does for itself in one pass, and what becomes of what it finds."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command

from casefiles.access.circles import Circle
from casefiles.access.models import Membership
from casefiles.access.rules import Role
from casefiles.audit.models import Event
from casefiles.cases import actions as cases
from casefiles.cases.models import Case, CaseStatus, Task
from casefiles.evidence.actions.files import store
from casefiles.evidence.models import File, FixityRun
from casefiles.evidence.selectors.checkpoints import checkpoint_folder
from casefiles.workspace.maintenance import STEPS, Limits, maintain
from tests import make
from tests.elsewhere import leading_elsewhere

pytestmark = pytest.mark.django_db


def run(capsys: Any, *arguments: str) -> tuple[int, dict[str, Any]]:
    code = 0
    try:
        call_command("maintain", "--json", *arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def lead() -> Any:
    return make.lead()


@pytest.fixture
def case(lead: Any) -> Case:
    return make.case(lead)


def exhibit(case: Case, lead: Any, content: bytes = b"Some evidence.") -> File:
    """Return a file of an item that is an exhibit of the case."""
    item = make.item(lead, circle=Circle.of_case(case), title="The yard from above")
    file = make.file(item, lead, content, "yard.jpg")
    cases.add_exhibit(case, by=lead, item=item)
    return file


def test_one_pass_does_everything_and_says_what_each_step_came_to(case: Case, lead: Any, capsys: Any) -> None:
    exhibit(case, lead)

    code, report = run(capsys)

    assert (code, report["result"], list(report["steps"])) == (0, "clean", list(STEPS))
    results = {name: step["result"] for name, step in report["steps"].items()}
    assert results == {
        "reading": "clean",
        "positions": "clean",
        "lists": "clean",
        "rendering": "clean",
        "recognising": "clean",
        "fixity": "clean",
        "tasks": "clean",
        "telling": "clean",
        "digests": "clean",
        "sweep": "clean",
        "chain": "sound",
        "checkpoint": "clean",
        "stamp": "clean",
    }
    assert FixityRun.objects.get().is_finished
    assert checkpoint_folder().names() == [report["steps"]["checkpoint"]["name"]]


def test_an_empty_installation_is_well(capsys: Any) -> None:
    code, report = run(capsys)

    assert (code, report["result"]) == (0, "clean")


def test_j21_of_two_instances_that_start_at_once_one_leads(case: Case, lead: Any, capsys: Any) -> None:
    exhibit(case, lead)
    with leading_elsewhere("maintain"):
        code, report = run(capsys)

    assert (code, report["result"]) == (2, "could not run")
    assert not FixityRun.objects.exists()


def test_a_step_that_cannot_run_keeps_no_other_from_running(case: Case, lead: Any, capsys: Any) -> None:
    exhibit(case, lead)
    with leading_elsewhere("fixity"):
        code, report = run(capsys)

    results = {name: step["result"] for name, step in report["steps"].items()}
    assert (code, results["fixity"], results["chain"], results["checkpoint"]) == (2, "could not run", "sound", "clean")


def test_a_pass_checks_a_part_and_the_next_goes_on(case: Case, lead: Any) -> None:
    for number in range(3):
        exhibit(case, lead, b"Evidence %d." % number)

    parts = [maintain(Limits(fixity_seconds=0))["steps"]["fixity"] for _pass in range(3)]

    assert [part["digests_checked"] for part in parts] == [1, 2, 3]
    assert FixityRun.objects.count() == 1


def test_the_command_says_it_in_words(case: Case, lead: Any, capsys: Any) -> None:
    exhibit(case, lead)

    call_command("maintain")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Result: clean"
    assert "fixity: clean, 1 digests checked" in lines
    assert f"chain: sound, {Event.objects.count()} events checked" in lines


# --- Tasks for what is damaged -------------------------------------------------------------------------------------


def lose(file: File) -> None:
    store().path_of(file.sha256).unlink()


def test_a_damaged_file_becomes_a_task_for_the_lead_of_each_case_that_holds_it(
    case: Case, lead: Any, capsys: Any
) -> None:
    file = exhibit(case, lead)
    lose(file)

    code, report = run(capsys)

    (task,) = Task.objects.all()
    assert (code, report["result"], report["steps"]["tasks"]["tasks_opened"]) == (1, "findings", 1)
    assert (task.case, task.title, task.assignee) == (case, "E-01: a file failed its check", lead)
    assert f"The file “yard.jpg” ({file.pk}) of “The yard from above” failed its check" in task.body
    assert "It is missing." in task.body
    event = Event.objects.get(record_id=task.pk)
    assert (event.act, event.actor_id, event.compartment_ids) == ("added", None, [str(case.compartment_id)])


def test_the_task_is_opened_once_for_as_long_as_it_is_open(case: Case, lead: Any) -> None:
    lose(exhibit(case, lead))
    for _pass in range(3):
        maintain(Limits())
    cases.finish_task(Task.objects.get(), by=lead)

    maintain(Limits())

    assert sorted(Task.objects.values_list("number", "status")) == [(1, "done"), (2, "open")]


def test_every_case_that_holds_the_item_gets_its_own_and_no_word_of_the_other(lead: Any) -> None:
    first, second = make.case(lead), make.case(lead)
    file = exhibit(first, lead)
    cases.add_exhibit(second, by=lead, item=file.item)
    lose(file)

    maintain(Limits())

    assert {task.case_id for task in Task.objects.all()} == {first.pk, second.pk}


def test_b16_a_closed_case_gets_no_task(case: Case, lead: Any) -> None:
    lose(exhibit(case, lead))
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.CLOSED)

    report = maintain(Limits())

    assert (report["result"], Task.objects.count()) == ("findings", 0)


def test_a_removed_exhibit_gets_no_task(case: Case, lead: Any) -> None:
    file = exhibit(case, lead)
    cases.remove_exhibit(case.exhibits.get(), by=lead, reason="Not about this.")
    lose(file)

    maintain(Limits())

    assert not Task.objects.exists()


def test_a_case_without_an_active_lead_gets_a_task_for_nobody(case: Case, lead: Any) -> None:
    file = exhibit(case, lead)
    lose(file)
    Membership.objects.filter(compartment=case.compartment).update(role=Role.VIEWER)

    maintain(Limits())

    assert Task.objects.get().assignee is None


def test_wrong_bytes_are_said_as_such(case: Case, lead: Any) -> None:
    path = store().path_of(exhibit(case, lead).sha256)
    path.chmod(0o600)
    path.write_bytes(b"some evidence.")

    maintain(Limits())

    assert "What is held is not what was received." in Task.objects.get().body


def test_l15_an_older_record_is_found_and_gets_no_checkpoint(case: Case, lead: Any) -> None:

    checkpoint_folder().write(seq=10**6, hash="a" * 64, held=[], at=datetime.now(UTC), keep=5)

    steps = maintain(Limits())["steps"]

    assert (steps["chain"]["result"], steps["checkpoint"]["result"]) == ("damaged", "findings")
    assert len(checkpoint_folder().names()) == 1
