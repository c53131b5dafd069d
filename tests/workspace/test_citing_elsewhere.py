"""From a place in an item to a record that it is cited for: only what one may see and change is offered."""

import re
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from casefiles.evidence.models import Citation
from tests import make
from tests.evidence.test_item_pages import signed_in

pytestmark = pytest.mark.django_db

PLACE = {"locator": "p. 4", "quote": "It lay at the yard."}


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.lead()
    circle = make.restricted_to(make.circle(lead, viewer=viewer))
    make.case(stranger)
    return SimpleNamespace(
        lead=lead, viewer=viewer, stranger=stranger, circle=circle, item=make.item(lead, circle=circle, title="Report")
    )


def page(world: Any, **given: str) -> str:
    return reverse("workspace:cite_elsewhere") + "?" + urlencode({"item": str(world.item.pk), **PLACE, **given})


def offered(answer: Any) -> list[tuple[str, str]]:
    found = re.findall(r'<li><a href="([^"]+)" dir="auto">([^<]+)</a> <span class="pill', answer.content.decode())
    return [(unescape(url), label) for url, label in found]


def test_a_place_is_carried_into_the_form_of_each_kind_of_record(world: Any) -> None:
    """Breaks where one of the forms does not take what was marked, or the record found is not the one it cites for."""
    vessel, port = make.numbered_vessel(world.lead, display_name="Angara"), make.place(world.lead, name="Angara yard")
    records = [
        make.statement(world.lead, circle=world.circle, text="The Angara carried nothing."),
        make.designation(world.lead, circle=world.circle, vessel=vessel),
        make.port_call(world.lead, vessel, circle=world.circle, place=port),
        make.voyage(world.lead, circle=world.circle, vessel=vessel),
    ]
    client = signed_in(world.lead)

    choices = offered(client.get(page(world, q="angara")))

    assert {re.split(r"/cite/\?", url)[0].rpartition("/")[2] for url, _label in choices} >= {
        str(one.pk) for one in records
    }
    for url, _label in choices:
        form = client.get(url)
        values = {name: form.context["form"][name].value() for name in ("locator", "quote")}
        assert (form.status_code, values) == (200, PLACE)
        assert str(world.item.pk) in form.content.decode()

    saved = client.post(choices[0][0], {"item": "Report", "stance": "supports", **PLACE})

    assert saved.status_code == 302
    citation = Citation.objects.get()
    assert (citation.item, citation.locator_kind, citation.quote) == (world.item, "page", PLACE["quote"])


def test_a08_only_what_one_may_see_and_change_is_offered(world: Any) -> None:
    make.statement(world.lead, circle=world.circle, text="Canary of a circle.")
    make.statement(world.stranger, text="Canary of everyone.")

    seen = {
        who: [label for _url, label in offered(signed_in(getattr(world, who)).get(page(world, q="canary")))]
        for who in ("lead", "viewer")
    }

    assert sorted(seen["lead"]) == ["Canary of a circle.", "Canary of everyone."]
    assert seen["viewer"] == []
    hidden = [
        signed_in(world.stranger).get(page(world, q="canary", item=item)).status_code
        for item in (str(world.item.pk), str(make.user().pk), "x")
    ]
    assert hidden == [404, 404, 404]
    assert Client().get(page(world)).status_code == 302
    assert signed_in(world.viewer).get(reverse("workspace:cite_elsewhere")).status_code == 200


def test_the_number_of_queries_does_not_grow(world: Any, assert_same_queries: Any) -> None:
    client = signed_in(world.lead)

    def add(count: int) -> None:
        for _one in range(count):
            make.statement(world.lead, circle=world.circle, text="Words of the same kind.")
        client.get(page(world, q="words"))

    assert_same_queries(lambda: client.get(page(world, q="words")), add)


def test_readers_lead_there_with_the_place(world: Any) -> None:
    file = make.file(world.item, world.lead, b"First.\n\nIt lay at the yard.", "a.txt")

    answer = signed_in(world.lead).get(reverse("workspace:read", args=[file.pk])).content.decode()

    assert f'data-cite-elsewhere href="{reverse("workspace:cite_elsewhere")}?item={world.item.pk}' in answer
