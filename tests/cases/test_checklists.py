"""The steps of a task, and what a task is about: pure rules, actions, pages."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from casefiles.audit.models import Event
from casefiles.cases import actions as cases
from casefiles.cases.checklists import STEP_AT_MOST, STEPS_AT_MOST, NotAChecklist, Step, read, ticked, written
from casefiles.cases.models import Task
from casefiles.core.refusals import Refused
from tests import make

pytestmark = pytest.mark.django_db
LIST = "[x] Ask the yard\n[ ] Read the register"


# --- Pure rules ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("", ()),
        (" \n\n - \n[ ]\n[x]", ()),
        ("Ask the yard", [Step("Ask the yard")]),
        ("- Ask the yard\r\n* [X] Read", [Step("Ask the yard"), Step("Read", is_done=True)]),
        ("[x]Read\n[] Ask\n[✓] Count", [Step("Read", is_done=True), Step("Ask"), Step("Count", is_done=True)]),
        ("[E-03] Read it\n[[C-01]]", [Step("[E-03] Read it"), Step("[[C-01]]")]),
        ("-5 degrees", [Step("-5 degrees")]),
        ("船厂\n[x] Спросить\nاسأل", [Step("船厂"), Step("Спросить", is_done=True), Step("اسأل")]),
        ("a" * STEP_AT_MOST, [Step("a" * STEP_AT_MOST)]),
    ],
)
def test_steps_are_read_one_a_line(text, steps):
    assert read(text) == tuple(steps)


@pytest.mark.parametrize(
    ("text", "step"),
    [("\n".join(["Ask"] * (STEPS_AT_MOST + 1)), None), (f"Ask\n{'a' * (STEP_AT_MOST + 1)}", 2)],
)
def test_too_much_is_no_checklist(text, step):
    with pytest.raises(NotAChecklist) as refused:
        read(text)

    assert refused.value.step == step


@given(st.text(max_size=200))
def test_what_is_written_is_read_again(text):
    steps = read(text)

    assert read(written(steps)) == steps


@pytest.mark.parametrize(
    ("text", "is_done", "after"),
    [
        ("Ask", True, "[x] Ask\n[ ] Ask\n[x] Read"),
        ("Read", False, "[ ] Ask\n[ ] Ask\n[ ] Read"),
        ("Read", True, None),
        ("Count", True, None),
    ],
)
def test_a_step_is_named_by_its_words(text, is_done, after):
    steps = ticked(read("Ask\nAsk\n[x] Read"), text, is_done=is_done)

    assert (None if steps is None else written(steps)) == after


# --- Actions ------------------------------------------------------------------------------------------------------


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def case(lead):
    return make.case(lead, members={make.user("viewer"): "viewer"})


@pytest.fixture
def task(case, lead):
    return cases.add_task(case, by=lead, title="Ask", checklist="- [x] Ask the yard\n\nRead the register")


def test_a_checklist_is_kept_as_it_is_written_and_ticked_step_by_step(task, lead):
    assert (task.checklist, task.open_steps_count) == (LIST, 1)

    task = cases.tick_step(task, by=lead, text="Read the register", is_done=True)

    assert (task.checklist, task.version, task.open_steps_count) == ("[x] Ask the yard\n[x] Read the register", 2, 0)
    newest = Event.objects.filter(record_id=task.pk).latest("seq")
    assert (newest.act, newest.note) == ("ticked", "Read the register")
    cases.tick_step(task, by=lead, text="Ask the yard", is_done=False)
    assert Event.objects.filter(record_id=task.pk).latest("seq").act == "unticked"


def test_two_who_tick_at_the_same_time_both_count(task, lead):
    stale = Task.objects.get(pk=task.pk)
    cases.tick_step(task, by=lead, text="Read the register", is_done=True)

    cases.tick_step(stale, by=lead, text="Ask the yard", is_done=False)

    assert Task.objects.get(pk=task.pk).checklist == "[ ] Ask the yard\n[x] Read the register"
    with pytest.raises(Refused, match="changed this checklist"):
        cases.tick_step(stale, by=lead, text="Gone", is_done=True)


@pytest.mark.parametrize(
    ("checklist", "words"),
    [("\n".join(["Ask"] * (STEPS_AT_MOST + 1)), "more than 50 steps"), ("a" * 301, "Step 1 is longer than 300")],
)
def test_a_checklist_that_is_too_long_is_refused_at_its_field(case, task, lead, checklist, words):
    for attempt in (
        lambda: cases.add_task(case, by=lead, title="Ask", checklist=checklist),
        lambda: cases.change_task(task, by=lead, version=1, checklist=checklist),
    ):
        with pytest.raises(Refused, match=words) as refused:
            attempt()
        assert refused.value.field == "checklist"


def test_a_task_is_about_a_record_of_its_case_and_no_other(case, lead):
    claim, other = make.claim(case, lead), make.claim(make.case(lead), lead)
    about = cases.add_task(case, by=lead, title="Ask", about=claim)

    assert about.about == ("cases.claim", claim.pk)
    assert cases.add_task(case, by=lead, title="Ask", about=case).about is None
    with pytest.raises(Refused):
        cases.add_task(case, by=lead, title="Ask", about=other)
    with pytest.raises(Refused, match="a record of its case"):
        cases.add_task(case, by=lead, title="Ask", about=lead)


# --- Pages --------------------------------------------------------------------------------------------------------


def test_steps_are_buttons_for_whoever_may_tick_them(client, case, task, lead):
    tasks, steps = (reverse(f"cases:{name}", args=args) for name, args in (
        ("tasks", [case.pk]), ("task_step", [case.pk, task.pk])))  # fmt: skip
    client.force_login(lead)
    page = client.get(tasks).content.decode()
    assert "1 of 2 steps open" in page
    assert 'aria-checked="false" name="done" value="Read the register"' in page

    answer = client.post(steps, {"done": "Read the register"})
    assert answer["Location"] == f"{tasks}?near=T-01#task-T-01"
    assert client.post(steps, {"done": "Read the register"}).status_code == 422
    client.post(steps, {"open": "Ask the yard"})
    assert Task.objects.get().checklist == "[ ] Ask the yard\n[x] Read the register"
    finished = client.post(reverse("cases:task_finish", args=[case.pk, task.pk]), follow=True)
    assert "T-01 is done. 1 step of its checklist is open." in finished.content.decode()

    client.force_login(case.compartment.memberships.get(role="viewer").user)
    assert 'role="checkbox"' not in client.get(tasks).content.decode()
    assert client.post(steps, {"done": "Ask the yard"}).status_code == 403


def test_the_form_of_a_task_holds_its_steps_and_undo_brings_them_back(client, case, task, lead):
    edit = reverse("cases:task_edit", args=[case.pk, task.pk])
    client.force_login(lead)
    form = client.get(edit)
    assert LIST in form.content.decode()

    data = {"title": "Ask", "checklist": "Count\n[x] Ask the yard", "base": form.context["base_token"]}
    client.post(edit, data)

    assert Task.objects.get().checklist == "[ ] Count\n[x] Ask the yard"


def test_a_task_is_added_from_the_record_that_it_is_about(client, case, lead):
    claim = make.claim(case, lead, text="It sailed.")
    client.force_login(lead)
    about, add = f"cases.claim:{claim.pk}", reverse("cases:task_add", args=[case.pk])
    assert f"{add}?about={about}" in client.get(claim.get_absolute_url()).content.decode()
    assert "About: C-01" in client.get(f"{add}?about={about}").content.decode()

    client.post(add, {"title": "Ask", "about": about})

    assert claim.get_absolute_url() in client.get(reverse("cases:tasks", args=[case.pk])).content.decode()
    assert client.post(add, {"title": "Ask", "about": f"cases.claim:{case.pk}"}).status_code == 422
    assert Task.objects.get().about == ("cases.claim", claim.pk)
