"""The gate fetches a record once, with whether its reader may edit it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casefiles.cases import actions as cases
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return {"lead": make.lead("lead"), "viewer": make.user("viewer")}


@pytest.fixture
def case(people):
    return make.case(people["lead"], members={people["viewer"]: "viewer"})


@pytest.mark.parametrize(("name", "may_edit"), [("lead", True), ("viewer", False)])
def test_whether_a_case_may_be_edited_comes_with_it(client, case, people, name, may_edit):
    client.force_login(people[name])
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("cases:tasks", args=[case.pk]))

    assert page.context["may_edit"] is may_edit
    assert [query["sql"] for query in asked if query["sql"].startswith("SELECT 1 AS")] == []


@pytest.mark.parametrize("is_closed", [False, True])
def test_what_a_closed_case_alone_holds_is_not_offered_for_editing(client, case, people, is_closed):
    item = make.report(case, people["lead"]).item
    if is_closed:
        cases.change_case(case, by=people["lead"], version=case.version, status="closed")
    client.force_login(people["lead"])

    offered = reverse("evidence:item_edit", args=[item.pk]) in client.get(item.get_absolute_url()).text
    page = client.get(reverse("evidence:item_edit", args=[item.pk]))

    assert (offered, page.status_code) == ((False, 403) if is_closed else (True, 200))
