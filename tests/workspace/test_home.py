"""The first page and the list of tasks: one's own cases, and nothing of the others."""

import pytest
from django.urls import reverse
from django.utils import timezone

from casefiles.access.circles import Circle
from casefiles.cases import actions as cases
from casefiles.evidence.actions.files import store
from casefiles.evidence.actions.fixity import check_files
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead()


@pytest.fixture
def case(lead):
    return make.case(lead, title="The ship at the yard")


def home(client, person):
    client.force_login(person)
    return client.get(reverse("workspace:home"))


def test_somebody_on_no_case_is_told_how_they_get_onto_one(client, case):
    response = home(client, make.user("outsider"))

    assert response.status_code == 200
    assert "You are on no case yet" in response.content.decode()
    assert case.title not in response.content.decode()
    assert response.context["home"].happened == ()


def test_the_first_page_shows_one_s_cases_tasks_and_what_was_done(client, case, lead):
    make.claim(case, lead)
    cases.add_task(case, by=lead, title="Ask the yard", assignee=lead)

    shown = home(client, lead).context["home"]

    assert [(row.id, row.claims_count, row.role_label) for row in shown.cases] == [(case.pk, 1, "lead")]
    assert [line.task.title for line in shown.tasks] == ["Ask the yard"]
    lines = [line for day in shown.happened for run in day.runs for line in run.lines]
    assert any(line.sentence.endswith("made claim C-01") for line in lines)
    assert {line.case for line in lines} == {case}


def test_what_is_due_first_stands_first_and_what_is_late_says_so(client, case, lead):
    today = timezone.now().date()
    for title, due in (("Later", None), ("Late", today - timezone.timedelta(days=1)), ("Today", today)):
        cases.add_task(case, by=lead, title=title, assignee=lead, due_on=due)

    tasks = home(client, lead).context["home"].tasks

    assert [(line.task.title, line.is_overdue) for line in tasks] == [
        ("Late", True),
        ("Today", False),
        ("Later", False),
    ]


def test_a_hidden_case_changes_nothing_for_others(client, case, lead):
    person = make.user("stranger")
    before = home(client, person).context["home"]
    hidden = make.case(make.lead(), title="Hidden")
    make.claim(hidden, hidden.created_by)

    assert home(client, person).context["home"] == before


def test_more_cases_take_no_more_queries(client, lead, assert_same_queries):
    def add(count):
        for _number in range(count):
            case = make.case(lead)
            make.claim(case, lead)
            make.report(case, lead)
            cases.add_task(case, by=lead, title="Look", assignee=lead)

    assert assert_same_queries(lambda: home(client, lead), add, many=6) <= 23


def test_tasks_are_those_of_one_s_own_cases(client, case, lead):
    cases.add_task(case, by=lead, title="Ours")
    other = make.case(make.lead())
    cases.add_task(other, by=other.created_by, title="Theirs")
    client.force_login(lead)

    response = client.get(reverse("workspace:tasks"))

    assert [row.task.title for row in response.context["rows"]] == ["Ours"]


@pytest.mark.parametrize(("whose", "titles"), [("mine", ["Mine"]), ("nobody", ["Free"])])
def test_tasks_can_be_narrowed(client, case, lead, whose, titles):
    cases.add_task(case, by=lead, title="Mine", assignee=lead)
    cases.add_task(case, by=lead, title="Free")
    client.force_login(lead)

    response = client.get(reverse("workspace:tasks"), {"whose": whose})

    assert [row.task.title for row in response.context["rows"]] == titles


def test_more_tasks_take_no_more_queries(client, case, lead, assert_same_queries):
    client.force_login(lead)

    def add(count):
        for _number in range(count):
            cases.add_task(case, by=lead, title="Look", assignee=lead, due_on=timezone.now().date())

    assert assert_same_queries(lambda: client.get(reverse("workspace:tasks")), add) <= 8


# What failed its check ----------------------------------------------------------------------------------------------


def damaged_file(case, lead, name="photograph.jpg"):
    file = make.file(make.item(lead, circle=Circle.of_case(case)), lead, f"Bytes of {name}.".encode(), name)
    store().path_of(file.sha256).unlink()
    check_files()
    return file


def test_a_damaged_file_is_told_to_those_who_may_see_it_and_to_nobody_else(client, case, lead):
    file = damaged_file(case, lead)

    shown = home(client, lead)

    assert [damage.file for damage in shown.context["home"].damaged] == [file]
    assert "1 file failed its check." in shown.text
    assert f'href="{file.item.get_absolute_url()}#file-{file.pk}"' in shown.text
    outsider = home(client, make.user("outsider"))
    assert outsider.context["home"].damaged == ()
    assert "its check" not in outsider.text


def test_what_was_repaired_is_not_told_any_more(client, case, lead):
    file = damaged_file(case, lead)
    make.file(file.item, lead, b"Bytes of photograph.jpg.")

    check_files()

    assert home(client, lead).context["home"].damaged == ()


def test_the_first_page_asks_equally_often_for_few_damaged_files_and_for_many(client, case, lead, assert_same_queries):
    client.force_login(lead)

    def add(count):
        for _file in range(count):
            damaged_file(case, lead, name=f"{make.number()}.jpg")

    assert_same_queries(lambda: client.get(reverse("workspace:home")), add)
