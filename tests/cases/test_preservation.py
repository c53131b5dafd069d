"""How completely the exhibits of a case were preserved: paged, in a constant number of queries, for its readers."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casefiles.cases.actions import remove_exhibit
from casefiles.evidence.actions import preservation
from tests import make
from tests.evidence.test_item_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Any:
    return make.lead()


@pytest.fixture
def case(lead: Any) -> Any:
    return make.case(lead)


def address(case: Any) -> str:
    return reverse("cases:preservation", args=[case.pk])


def queries(client: Any, case: Any) -> int:
    client.get(address(case))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address(case)).status_code == 200
    return len(captured)


def test_each_exhibit_tells_what_is_there_and_what_is_missing(lead: Any, case: Any) -> None:
    exhibit = make.report(case, lead, title="The report", url="https://example.org/a")
    preservation.mark_part(exhibit.item, by=lead, part="source code", state="not applicable", reason="It was on paper.")
    removed = make.report(case, lead, title="Another")
    remove_exhibit(removed, by=lead, reason="Wrong ship.")

    response = signed_in(lead).get(address(case))

    [row] = response.context_data["rows"]
    assert row["exhibit"] == exhibit
    assert row["states"][:2] == ["present", "not applicable"]
    assert row["settled"] == 2
    assert "The report" in response.content.decode()


def test_the_number_of_queries_is_the_same_for_2_exhibits_and_12(lead: Any, case: Any) -> None:
    client = signed_in(lead)
    for _ in range(2):
        make.report(case, lead)
    few = queries(client, case)
    for _ in range(10):
        make.report(case, lead)

    assert queries(client, case) == few


def test_only_readers_of_the_case_find_the_page_and_an_empty_case_says_so(lead: Any, case: Any) -> None:
    assert "No exhibits yet" in signed_in(lead).get(address(case)).content.decode()
    assert signed_in(make.user()).get(address(case)).status_code == 404
