"""The tabs of a case a page at a time: every row once and in its order, and links that lead to a row wherever it is."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from casefiles.cases import actions
from casefiles.cases.models import Subject, Task
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead()


@pytest.fixture
def case(lead):
    return make.case(lead)


@pytest.fixture
def signed_in(client, lead):
    client.force_login(lead)
    return client


def at(name, case, *args):
    return reverse(f"cases:{name}", args=[case.pk, *args])


def claims(case, by, count):
    return [make.claim(case, by) for _row in range(count)]


def exhibits(case, by, count):
    return [make.report(case, by) for _row in range(count)]


def statements(case, by, count):
    exhibit = make.report(case, by)
    return [make.said(case, by, exhibit) for _row in range(count)]


def subjects(case, by, count):
    return [
        actions.add_subject(case, by=by, organisation=make.organisation(by), role="owner", is_main=row % 10 == 9)
        for row in range(count)
    ]


def tasks(case, by, count):
    """Every third has no date, every fifth is done."""
    made = []
    for row in range(count):
        due_on = None if row % 3 == 2 else date(2024, 6, 1) - timedelta(days=row)
        made.append(actions.add_task(case, by=by, title="Ask the agent", due_on=due_on))
        if row % 5 == 4:
            actions.finish_task(made[-1], by=by)
    return made


TABS = {"claims": claims, "exhibits": exhibits, "statements": statements, "subjects": subjects, "tasks": tasks}


def shown(response):
    return [row.id for row in response.context["rows"]]


def walked(client, address):
    """Return the keys on each page, by following the links."""
    pages, query = [], ""
    while query is not None:
        response = client.get(f"{address}{query}")
        pages.append(shown(response))
        query = response.context["page"]["next_url"]
    return pages


@pytest.mark.parametrize("name", TABS)
def test_a_tab_asks_as_often_for_5_rows_as_for_50(signed_in, case, lead, assert_same_queries, name) -> None:
    def add_rows(count):
        TABS[name](case, lead, count)

    assert_same_queries(lambda: signed_in.get(at(name, case)), add_rows, few=5, many=50)


def test_a_claim_on_the_third_page_is_reached_by_its_link(signed_in, case, lead) -> None:
    made = claims(case, lead, 120)
    last, removed = made[-1], made[110]
    actions.void_claim(removed, by=lead, reason="Said twice.")

    landed = signed_in.get(f"{at('claims', case)}C-120")

    assert landed["Location"] == f"{at('claims', case)}?near=C-120#claim-C-120"
    page = signed_in.get(landed["Location"])
    assert last.pk in shown(page)
    assert 'id="claim-C-120"' in page.content.decode()
    assert page.context["page"]["next_url"] is None
    assert [len(keys) for keys in walked(signed_in, at("claims", case))] == [50, 50, 19]
    assert signed_in.get(f"{at('claims', case)}C-05")["Location"] == f"{at('claims', case)}#claim-C-05"
    assert signed_in.get(f"{at('claims', case)}C-111")["Location"] == removed.get_absolute_url()
    assert signed_in.get(f"{at('claims', case)}C-121").status_code == 404


def test_filters_are_kept_from_page_to_page_and_the_row_looked_for_is_not(signed_in, case, lead) -> None:
    claims(case, lead, 55)
    make.claim(case, lead, kind="inference")

    page = signed_in.get(at("claims", case), {"kind": "fact", "standing": "unsupported", "near": "C-02", "q": "port"})
    following = page.context["page"]["next_url"]

    assert "kind=fact&standing=unsupported&q=port&after=" in following
    assert "near" not in following
    assert len(shown(signed_in.get(at("claims", case) + following))) == 5


def test_tasks_come_open_ones_first_then_by_date_on_every_page(signed_in, case, lead) -> None:
    tasks(case, lead, 60)
    expected = sorted(
        Task.objects.all(), key=lambda task: (task.status != "open", task.due_on or date.max, task.number)
    )

    assert [key for page in walked(signed_in, at("tasks", case)) for key in page] == [task.pk for task in expected]
    done = expected[-1]
    landed = signed_in.get(done.get_absolute_url(), follow=True)
    assert done.pk in shown(landed)
    assert "Nothing is left to do." not in landed.content.decode()


def test_subjects_come_main_ones_first_and_a_changed_one_is_shown(signed_in, case, lead) -> None:
    subjects(case, lead, 60)
    expected = list(Subject.objects.order_by("-is_main", "created_at", "pk"))

    pages = walked(signed_in, at("subjects", case))

    assert [key for page in pages for key in page] == [subject.pk for subject in expected]
    last = expected[-1]
    url = at("subject_edit", case, last.pk)
    base = signed_in.get(url).context["base_token"]
    saved = signed_in.post(url, {"base": base, "role": "operator", "is_main": "", "note": ""})
    assert last.pk in shown(signed_in.get(saved["Location"]))
    assert shown(signed_in.get(at("subjects", case), {"near": "nonsense"})) == pages[0]


def test_a_statement_is_shown_after_its_stances_were_changed(signed_in, case, lead) -> None:
    last = statements(case, lead, 52)[-1]

    landed = signed_in.get(last.get_absolute_url(), follow=True)

    assert landed.redirect_chain[-1][0] == f"{at('statements', case)}?near=S-52#statement-S-52"
    assert last.pk in shown(landed)
