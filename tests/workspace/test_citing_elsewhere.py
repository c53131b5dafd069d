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
from casefiles.particulars.actions import add_flag_period, add_name_use, add_vessel_role, void_particular
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

    choices = [one for one in offered(client.get(page(world, q="angara"))) if "/cite/?" in one[0]]

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


def test_a_value_of_a_thing_is_chosen_and_cited_for(world: Any) -> None:
    """Breaks where a flag or role, which has no words to be found by, cannot be reached from what was read."""
    vessel, owner = make.numbered_vessel(world.lead, display_name="Angara"), make.organisation(world.lead, name="Yard")
    person = make.person(world.lead, name="Clerk of the yard")
    given = {"by": world.lead, "circle": world.circle}
    flag = add_flag_period(vessel=vessel, country="RU", **given)
    role = add_vessel_role(vessel=vessel, organisation=owner, role="registered owner", **given)
    name = add_name_use(person=person, name="Clerk", **given)
    gone = add_flag_period(vessel=vessel, country="KP", **given)
    void_particular(gone, by=world.lead, reason="Not this ship.")
    client = signed_in(world.lead)
    by_label = {label: url for url, label in offered(client.get(page(world, q="angara")))}

    values = client.get(reverse("workspace:cite_elsewhere") + by_label["Angara"])

    urls = {value.pk: url for value, url in values.context["values"]}
    assert set(urls) == {flag.pk, role.pk}
    form = client.get(urls[flag.pk])
    assert {name: form.context["form"][name].value() for name in PLACE} == PLACE
    assert client.post(urls[flag.pk], {"item": "Report", "stance": "supports", **PLACE}).status_code == 302
    citation = Citation.objects.get()
    assert (citation.assertion_id, citation.item, citation.locator_kind) == (flag.pk, world.item, "page")
    of_person = client.get(page(world, person=str(person.pk)))
    assert [value.pk for value, _url in of_person.context["values"]] == [name.pk]
    assert client.get(page(world, organisation=str(owner.pk))).context["values"] == []
    assert urls[role.pk] in values.content.decode().replace("&amp;", "&")


def test_a_name_is_found_by_its_own_words(world: Any) -> None:
    vessel = make.numbered_vessel(world.lead, display_name="Angara")
    name = add_name_use(by=world.lead, circle=world.circle, vessel=vessel, name="Canary of old")

    choices = offered(signed_in(world.lead).get(page(world, q="canary")))

    address = reverse("particulars:particular_cite", args=[name.pk])
    assert [(url.partition("?")[0], label) for url, label in choices] == [(address, "Canary of old")]


def test_a08_values_that_one_may_not_see_or_change_are_not_offered(world: Any) -> None:
    vessel = make.numbered_vessel(world.lead, display_name="Angara")
    add_flag_period(by=world.lead, circle=world.circle, vessel=vessel, country="RU")
    hidden = make.vessel(world.stranger, circle=make.restricted_to(make.circle(world.stranger)), display_name="Canary")

    answers = {
        who: signed_in(getattr(world, who)).get(page(world, vessel=str(vessel.pk))) for who in ("lead", "viewer")
    }

    assert [len(answers[who].context["values"]) for who in ("lead", "viewer")] == [1, 0]
    client = signed_in(world.lead)
    refused = [client.get(page(world, vessel=key)).status_code for key in (str(hidden.pk), str(world.item.pk), "x")]
    assert refused == [404, 404, 404]
    assert "Canary" not in client.get(page(world, q="canary")).content.decode().replace('value="canary"', "")


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


def test_the_number_of_queries_does_not_grow_with_the_values(world: Any, assert_same_queries: Any) -> None:
    client, vessel = signed_in(world.lead), make.numbered_vessel(world.lead, display_name="Angara")

    def add(count: int) -> None:
        for _one in range(count):
            make.name_use(world.lead, vessel, "Angara", circle=world.circle)

    assert_same_queries(lambda: client.get(page(world, vessel=str(vessel.pk))), add)


def test_readers_lead_there_with_the_place(world: Any) -> None:
    file = make.file(world.item, world.lead, b"First.\n\nIt lay at the yard.", "a.txt")

    answer = signed_in(world.lead).get(reverse("workspace:read", args=[file.pk])).content.decode()

    assert f'data-carries-passage href="{reverse("workspace:cite_elsewhere")}?item={world.item.pk}' in answer
