"""Leaving a case, taking somebody off it, and handing open tasks over; who was in the team; roles in words."""

import pytest
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.access.rules import ROLES_FOR, Act, Role
from casefiles.audit.models import Event
from casefiles.cases import actions as cases
from casefiles.cases.models import Case, Task
from casefiles.cases.selectors import former_members, history_of_case, role_lines
from casefiles.core.refusals import Refused
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def researcher():
    return make.user("researcher")


@pytest.fixture
def case(lead, viewer, researcher):
    opened = make.case(lead, members={viewer: "viewer", researcher: "researcher"})
    for title, assignee in (("Ask", viewer), ("Read", viewer), ("Count", researcher)):
        cases.add_task(opened, by=lead, title=title, assignee=assignee)
    cases.finish_task(Task.objects.get(title="Read"), by=lead)
    return opened


def member(case, user):
    return case.compartment.memberships.get(user=user)


def assignees():
    return {task.title: task.assignee and task.assignee.username for task in Task.objects.all()}


@pytest.mark.parametrize(
    ("by", "successor", "asks"),
    [("viewer", "researcher", "researcher"), ("viewer", None, None), ("lead", "lead", "lead"), ("lead", None, None)],
)
def test_whoever_goes_leaves_their_open_tasks_to_somebody_or_to_nobody(
    case, lead, viewer, researcher, by, successor, asks
):
    people = {"lead": lead, "viewer": viewer, "researcher": researcher, None: None}

    moved = cases.remove_member(case, by=people[by], member=member(case, viewer), successor=people[successor])

    assert (moved, assignees()) == (1, {"Ask": asks, "Read": "viewer", "Count": "researcher"})
    assert not case.compartment.memberships.filter(user=viewer).exists()
    handed = Event.objects.filter(record_kind="cases.task").latest("seq")
    assert (handed.act, handed.actor_id) == ("handed over", people[by].pk)
    with pytest.raises(NotVisible):
        cases.add_comment(case, by=viewer, about=case, body="Still here.")


def test_nobody_else_takes_a_member_off_and_the_last_lead_stays(case, lead, viewer, researcher):
    with pytest.raises(NotAllowed):
        cases.remove_member(case, by=researcher, member=member(case, viewer))
    with pytest.raises(Refused, match="make somebody else lead first"):
        cases.remove_member(case, by=lead, member=member(case, lead), successor=viewer)
    with pytest.raises(Refused, match="in the case's team"):
        cases.remove_member(case, by=viewer, member=member(case, viewer), successor=make.user())
    with pytest.raises(Refused, match="not in the case's team"):
        cases.remove_member(make.case(lead), by=lead, member=member(case, viewer))
    assert assignees() == {"Ask": "viewer", "Read": "viewer", "Count": "researcher"}


def test_a_closed_case_is_left_and_keeps_its_tasks(case, lead, viewer):
    cases.change_case(case, by=lead, version=Case.objects.get(pk=case.pk).version, status="closed")

    moved = cases.remove_member(Case.objects.get(pk=case.pk), by=viewer, member=member(case, viewer), successor=lead)

    assert (moved, assignees()["Ask"]) == (0, "viewer")


def test_tasks_are_handed_over_without_leaving(case, lead, viewer, researcher):
    assert cases.hand_over(case, by=researcher, member=member(case, viewer), successor=lead) == 1

    assert assignees() == {"Ask": "lead", "Read": "viewer", "Count": "researcher"}
    for giver, successor, words in (
        (viewer, lead, "has no open task"),
        (lead, lead, "somebody else"),
        (lead, None, "somebody else"),
    ):
        with pytest.raises(Refused, match=words):
            cases.hand_over(case, by=researcher, member=member(case, giver), successor=successor)
    with pytest.raises(NotAllowed):
        cases.hand_over(case, by=viewer, member=member(case, lead), successor=viewer)
    other = make.case(lead)
    with pytest.raises(Refused, match="not in the case's team"):
        cases.hand_over(other, by=lead, member=member(case, viewer), successor=lead)


def test_who_left_stands_in_the_history_and_on_the_page_with_their_time(case, lead, viewer, researcher, client):
    cases.change_role(case, by=lead, member=member(case, viewer), role="researcher")
    cases.remove_member(case, by=viewer, member=member(case, viewer))
    cases.remove_member(case, by=lead, member=member(case, researcher))

    former = former_members(case)

    assert [(line.name, line.role) for line in former] == [("Researcher", "researcher"), ("Viewer", "researcher")]
    assert all(line.since and line.since <= line.until for line in former)
    told = [line.sentence for line in history_of_case(case, lead).lines]
    assert "Viewer left the team" in told
    assert "Lead took Researcher out of the team" in told
    assert former_members(make.case(lead)) == []
    client.force_login(lead)
    page = client.get(reverse("cases:team", args=[case.pk])).content.decode()
    assert "Was on the case" in page


def test_roles_are_told_in_words_as_the_rules_have_them():
    lines = dict(zip(Role, role_lines(), strict=True))

    assert {role: len(line.may) for role, line in lines.items()} == {
        role: sum(role in roles for roles in ROLES_FOR.values()) for role in Role
    }
    assert all(len(line.may) + len(line.may_not) == len(Act) for line in lines.values())
    assert "approve dossiers that others prepared" in lines[Role.RESEARCHER].may_not


def test_a_case_is_left_by_a_plain_form_that_says_what_moves(client, case, lead, viewer, researcher):
    leave = reverse("cases:leave", args=[case.pk])
    client.force_login(viewer)
    page = client.get(leave).content.decode()
    assert "1 open task moves: T-01 Ask" in page

    answer = client.post(leave, {"successor": str(researcher.pk)}, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("cases:list")
    assert "You left the case." in answer.content.decode()
    assert assignees()["Ask"] == "researcher"
    assert client.get(leave).status_code == 404

    client.force_login(researcher)
    assert client.post(reverse("cases:leave", args=[case.pk]), {"successor": str(viewer.pk)}).status_code == 422
    assert member(case, researcher)


def test_the_last_lead_is_told_what_to_do_first(client, case, lead):
    client.force_login(lead)

    answer = client.post(reverse("cases:leave", args=[case.pk]))

    assert answer.status_code == 422
    assert "make somebody else lead first" in answer.content.decode()


def test_tasks_are_handed_over_by_a_plain_form(client, case, lead, viewer, researcher):
    over = reverse("cases:hand_over", args=[case.pk, member(case, viewer).pk])
    client.force_login(researcher)
    assert over in client.get(reverse("cases:team", args=[case.pk])).content.decode()
    assert client.post(over, {"successor": ""}).status_code == 422

    answer = client.post(over, {"successor": str(lead.pk)}, follow=True)

    assert "1 task was handed over." in answer.content.decode()
    assert assignees()["Ask"] == "lead"
    again = client.post(over, {})
    assert (again.status_code, "has no open task" in again.content.decode()) == (422, True)
    client.force_login(viewer)
    assert client.get(over).status_code == 403
