"""Bringing a statement into a second case: what is cited for it does not come along unasked."""

import re

import pytest
from django.urls import reverse

from casefiles.access.rules import Act
from casefiles.cases.models import CaseStatement
from casefiles.cases.selectors import left_behind, statements_with_stances
from casefiles.evidence.actions.citations import cite
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def reader():
    return make.user("reader")


@pytest.fixture
def first(lead):
    return make.case(lead)


@pytest.fixture
def second(lead, reader):
    return make.case(lead, members={reader: "researcher"})


@pytest.fixture
def said(first, lead):
    """A statement of the first case, found in one of its reports."""
    return make.said(first, lead, make.report(first, lead, title="Interview")).statement


def bring(client, case, statement, **choice):
    return client.post(reverse("cases:statement_add", args=[case.pk]), {"statement_id": str(statement.pk), **choice})


def citations_seen(case, person):
    return [len(line.citations) for line in statements_with_stances(case, person)]


def test_what_would_be_missed_is_said_before_anything_is_added(client, lead, second, said):
    client.force_login(lead)

    response = bring(client, second, said)
    text = re.sub(r"\s+", " ", response.content.decode())

    assert response.status_code == 422
    assert "1 citation of this statement names evidence that this case's readers may not see" in text
    assert "Interview" in text
    assert not CaseStatement.objects.filter(case=second).exists()


@pytest.mark.parametrize(("choice", "seen"), [("share", [1]), ("leave", [0])])
def test_the_readers_of_the_second_case_see_what_was_chosen(client, lead, reader, second, said, choice, seen):
    client.force_login(lead)

    assert bring(client, second, said, cited=choice).status_code == 302

    assert citations_seen(second, reader) == seen


def test_whoever_may_not_share_the_evidence_is_told_whom_to_ask(client, lead, first, second, said):
    """A researcher of the first case, who may not share, brings in what is open to everybody."""
    said.assertion.visibility = "open"
    said.assertion.save()
    colleague = make.user()
    make.member(first, colleague)
    make.member(second, colleague)
    client.force_login(colleague)

    text = bring(client, second, said).content.decode()

    assert "ask an editor of a case that holds it" in text
    assert 'value="share"' not in text
    assert bring(client, second, said, cited="share").status_code == 422


def test_nothing_is_asked_where_nothing_is_missed(client, lead, second):
    report = make.item(lead, title="Open report")
    said = make.statement(lead)
    cite(said.assertion, by=lead, item=report)
    client.force_login(lead)

    assert left_behind(second, said, lead) is None
    assert bring(client, second, said).status_code == 302


def test_items_of_the_case_itself_are_not_counted(lead, second):
    exhibit = make.report(second, lead)
    said = make.said(second, lead, exhibit).statement

    assert left_behind(second, said, lead) is None
    assert exhibit.item in type(exhibit.item).objects.visible_to(lead, Act.REVIEW)
