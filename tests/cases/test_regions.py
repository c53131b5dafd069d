"""From a picture into a case: a region is cited, and two exhibits are compared."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casefiles.access.circles import Circle
from casefiles.cases import actions as cases
from casefiles.evidence.models import Citation
from tests import make
from tests.evidence.test_tiles import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    case = make.case(lead, members={viewer: "viewer"})
    item = make.item(lead, circle=Circle.of_case(case), title="The yard")
    file = make.file(item, lead, picture(), "yard.png")
    exhibit = cases.add_exhibit(case, by=lead, item=item)
    return SimpleNamespace(
        lead=lead, viewer=viewer, stranger=stranger, case=case, item=item, file=file, exhibit=exhibit
    )


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def cite(world: Any, who: str = "lead", **asked: Any) -> Any:
    return signed_in(getattr(world, who)).get(reverse("cases:cite_item"), asked)


def test_a_region_of_an_exhibit_leads_to_the_form_that_cites_it(world: Any) -> None:
    answer = cite(world, item=world.item.pk, locator="xywh=1,2,3,4")

    form = signed_in(world.lead).get(answer.headers["Location"])
    assert form.context["form"]["locator"].value() == "xywh=1,2,3,4"
    assert form.request["PATH_INFO"] == reverse("cases:exhibit_cite", args=[world.case.pk, world.exhibit.pk])


def test_a_cited_region_is_a_link_back_to_the_picture(world: Any) -> None:
    claim = make.claim(world.case, world.lead)
    address = reverse("cases:exhibit_cite", args=[world.case.pk, world.exhibit.pk])
    data = {"claim": "1", "locator": f"xywh=1,2,3,4 of {world.file.sha256[:12]}", "quote": "", "stance": "supports"}
    signed_in(world.lead).post(address, data)

    citation = Citation.objects.get()
    page = signed_in(world.viewer).get(claim.get_absolute_url())
    assert citation.locator == f"xywh=1,2,3,4 of {world.file.sha256[:12]}"
    assert citation.look_url == f"/evidence/{world.item.pk}/look/?xywh=1,2,3,4&sha256={world.file.sha256[:12]}"
    assert citation.look_url.replace("&", "&amp;") in page.text
    shown = signed_in(world.viewer).get(citation.look_url)
    assert (str(shown.context["region"]), shown.context["looked"].file) == ("1,2,3,4", world.file)


def test_a_citation_without_a_region_leads_to_no_picture(world: Any) -> None:
    citation = make.cited(make.claim(world.case, world.lead), world.lead, world.exhibit, locator="p. 4")

    assert citation.look_url == ""


def test_an_exhibit_of_several_cases_is_asked_about(world: Any) -> None:
    other = make.case(world.lead, title="Another case")
    cases.add_exhibit(other, by=world.lead, item=make.item(world.lead, circle=Circle.of_case(other)))
    shared = make.item(world.lead, circle=Circle(compartments=(world.case.compartment, other.compartment)))
    for case in (world.case, other):
        cases.add_exhibit(case, by=world.lead, item=shared)

    page = cite(world, item=shared.pk)

    assert len(page.context["exhibits"]) == 2
    assert "Another case" in page.text


def test_an_item_that_is_no_exhibit_is_added_to_a_case_first(world: Any) -> None:
    loose = make.item(world.lead, circle=Circle.of_case(world.case), title="Loose")

    page = cite(world, item=loose.pk)
    form = signed_in(world.lead).get(f"{reverse('cases:exhibit_add', args=[world.case.pk])}?item={loose.pk}")

    assert f"/cases/{world.case.pk}/exhibits/add/?item={loose.pk}" in page.text
    assert form.context["form"]["item"].value() == loose


@pytest.mark.parametrize("asked", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_adding_begins_empty_where_no_item_is_named(world: Any, asked: str) -> None:
    form = signed_in(world.lead).get(f"{reverse('cases:exhibit_add', args=[world.case.pk])}?item={asked}")

    assert form.context["form"]["item"].value() is None


def test_who_may_edit_no_case_is_told_so(world: Any) -> None:
    page = cite(world, "viewer", item=world.item.pk)

    assert page.status_code == 200
    assert "Ask the lead of a case" in page.text
    assert page.context["exhibits"] == page.context["cases"] == []


@pytest.mark.parametrize("asked", ["x", "00000000-0000-4000-8000-000000000000", "\x00"])
def test_an_item_that_does_not_exist_is_not_found(world: Any, asked: str) -> None:
    assert cite(world, item=asked).status_code == 404


def test_a01_a_hidden_item_is_not_found(world: Any) -> None:
    """Fails where citing tells that an item of another circle exists."""
    assert cite(world, "stranger", item=world.item.pk).status_code == 404


def test_without_an_item_it_says_how_to_choose_one(world: Any) -> None:
    assert "Nothing chosen to cite" in cite(world).text


def test_a_closed_case_is_not_offered(world: Any) -> None:
    cases.change_case(world.case, by=world.lead, version=world.case.version, status="closed")

    assert cite(world, item=world.item.pk).context["exhibits"] == []


def test_two_exhibits_with_pictures_are_chosen_to_compare(world: Any) -> None:
    address = reverse("cases:exhibits_compare", args=[world.case.pk])
    client = signed_in(world.viewer)
    assert "Two exhibits of this case need a picture." in client.get(address).text
    later = make.item(world.lead, circle=Circle.of_case(world.case), title="Later")
    file = make.file(later, world.lead, picture((40, 40)), "later.png")
    cases.add_exhibit(world.case, by=world.lead, item=later)

    page = client.get(address)

    assert [file.id for _line, file in page.context["pictures"]] == [world.file.pk, file.pk]
    assert signed_in(world.stranger).get(address).status_code == 404
