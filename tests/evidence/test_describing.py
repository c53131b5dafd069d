"""The quick table of what was just brought in: each row saved on its own, and nothing typed or changed is lost."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casefiles.cases import actions as cases
from casefiles.evidence.actions import items
from casefiles.evidence.models import Item
from tests import make

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def world() -> SimpleNamespace:
    lead, researcher, viewer = make.lead(), make.user(), make.user()
    case = make.case(lead, members={researcher: "researcher", viewer: "viewer"})
    return SimpleNamespace(lead=lead, researcher=researcher, viewer=viewer, case=case)


@pytest.fixture(params=["case", "evidence"])
def url(request: pytest.FixtureRequest, world: Any) -> str:
    if request.param == "case":
        return reverse("cases:bring_in_added", args=[world.case.pk])
    return reverse("evidence:bring_in_added")


def brought(world: Any, title: str, *, by: Any = None) -> Item:
    """Return an item with a file, brought into the case."""
    exhibit = make.report(world.case, by or world.researcher, title=title)
    make.file(exhibit.item, by or world.researcher, title.encode())
    return exhibit.item


def shown(response: Any) -> list[str]:
    return [row.item.title for row in response.context["rows"]]


def row(response: Any, item: Item, **typed: str) -> dict[str, Any]:
    """Return what the page would send back for one row, with something typed over it."""
    found = re.search(rf'name="{item.pk}-base" value="([^"]+)"', response.content.decode())
    assert found is not None
    values = {"title": item.title, "kind": item.kind, "source": "", "source_id": "", **typed}
    return {
        "row": [str(item.pk)],
        f"{item.pk}-base": found[1],
        **{f"{item.pk}-{name}": value for name, value in values.items()},
    }


def both(*rows: dict[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {"row": []}
    for one in rows:
        merged = {**merged, **one, "row": [*merged["row"], *one["row"]]}
    return merged


def test_it_shows_what_one_added_lately_and_may_still_change(world: Any, url: str) -> None:
    mine, old = brought(world, "Mine"), brought(world, "Old")
    brought(world, "Of the lead", by=world.lead)
    make.item(world.researcher, title="Without a file")
    gone = brought(world, "Voided")
    cases.remove_exhibit(gone.exhibits.get(), by=world.lead, reason="Wrong case.")
    items.void_item(gone, by=world.lead, reason="Wrong ship.")
    Item.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=25))

    assert shown(signed_in(world.researcher).get(url)) == [mine.title]


def test_a_case_shows_its_own_alone(world: Any) -> None:
    other = make.case(world.lead)
    make.member(other, world.researcher)
    elsewhere = make.report(other, world.researcher, title="Elsewhere")
    make.file(elsewhere.item, world.researcher)
    brought(world, "Here")
    client = signed_in(world.researcher)

    assert shown(client.get(reverse("cases:bring_in_added", args=[world.case.pk]))) == ["Here"]
    assert shown(client.get(reverse("evidence:bring_in_added"))) == ["Here", "Elsewhere"]


def test_title_kind_and_source_are_saved_with_one_click(world: Any, url: str) -> None:
    one, other = brought(world, "IMG_1"), brought(world, "IMG_2")
    source = make.source(world.lead, circle=make.restricted_to(world.case.compartment), name="Agency")
    client = signed_in(world.researcher)
    page = client.get(url)

    answer = client.post(
        url,
        both(
            row(page, one, title="The quay", kind="photograph", source="Agency", source_id=str(source.pk)),
            row(page, other),
        ),
        follow=True,
    )

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.title, one.kind, one.source, one.version) == ("The quay", "photograph", source, 2)
    assert (other.title, other.version) == ("IMG_2", 1)
    assert "1 item saved." in answer.content.decode()


def test_what_is_the_same_for_all_fills_only_what_is_open(world: Any, url: str) -> None:
    circle = make.restricted_to(world.case.compartment)
    first, second = make.source(world.lead, circle=circle), make.source(world.lead, circle=circle)
    one, other = brought(world, "One"), brought(world, "Other")
    items.change_item(one, by=world.lead, version=1, source=first)
    client = signed_in(world.researcher)
    page = client.get(url)
    named = {"source": first.name, "source_id": str(first.pk)}

    client.post(
        url,
        {
            **both(row(page, one, **named), row(page, other)),
            "all-kind": "satellite image",
            "all-source": second.name,
            "all-source_id": str(second.pk),
        },
    )

    one.refresh_from_db()
    other.refresh_from_db()
    assert [(item.kind, item.source) for item in (one, other)] == [
        ("satellite image", first),
        ("satellite image", second),
    ]


def test_r19_a_row_that_somebody_else_saved_shows_both_and_keeps_what_was_typed(world: Any, url: str) -> None:
    """Catches a table that writes over what a colleague saved while it stood open, or loses what was typed in it."""
    one, other = brought(world, "One"), brought(world, "Other")
    client = signed_in(world.researcher)
    page = client.get(url)
    items.change_item(one, by=world.lead, version=1, title="Theirs")

    answer = client.post(url, both(row(page, one, title="Mine"), row(page, other, title="Saved")))

    one.refresh_from_db()
    other.refresh_from_db()
    text = answer.content.decode()
    assert (answer.status_code, one.title, other.title) == (409, "Theirs", "Saved")
    assert 'value="Mine"' in text
    assert "Theirs" in text
    assert shown(answer) == ["Theirs"]
    assert client.post(url, row(answer, one, title="Mine")).status_code == 302
    one.refresh_from_db()
    assert one.title == "Mine"


def test_a_row_that_nobody_touched_is_no_conflict_whatever_happened_to_it(world: Any, url: str) -> None:
    one, other = brought(world, "One"), brought(world, "Other")
    client = signed_in(world.researcher)
    page = client.get(url)
    items.change_item(one, by=world.lead, version=1, title="Theirs")

    answer = client.post(url, both(row(page, one, title="One"), row(page, other, title="Saved")))

    one.refresh_from_db()
    assert (answer.status_code, one.title, one.version) == (302, "Theirs", 2)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "x" * 501}, "at most 500"),
        ({"title": "a\x00b"}, "U+0000"),
        ({"kind": "nonsense"}, "not one of the available"),
        ({"source": "Nowhere"}, "Nothing is called"),
    ],
)
def test_a_mistake_in_one_row_never_costs_the_others(world: Any, url: str, typed: dict[str, str], words: str) -> None:
    one, other = brought(world, "One"), brought(world, "Other")
    client = signed_in(world.researcher)
    page = client.get(url)

    answer = client.post(url, both(row(page, one, **typed), row(page, other, title="Saved")))

    one.refresh_from_db()
    other.refresh_from_db()
    assert (answer.status_code, one.version, other.title) == (422, 1, "Saved")
    assert words in answer.content.decode()


def test_a_source_that_the_items_readers_may_not_see_is_refused_in_its_row(world: Any, url: str) -> None:
    alone = make.source(world.researcher, circle=make.restricted_to(make.circle(world.researcher)), name="Hidden")
    one = brought(world, "One")
    client = signed_in(world.researcher)

    answer = client.post(url, row(client.get(url), one, source="Hidden", source_id=str(alone.pk)))

    one.refresh_from_db()
    assert (answer.status_code, one.source) == (422, None)
    assert "restricted to fewer people" in answer.content.decode()


def test_b03_rows_of_what_one_may_not_change_are_as_if_they_were_not_sent(world: Any, url: str) -> None:
    """Catches a table that takes the keys that it is sent for the ones that it showed."""
    stranger = make.lead()
    foreign = make.case(stranger)
    exhibit = make.report(foreign, stranger, title="Hidden")
    one = brought(world, "One")
    client = signed_in(world.researcher)
    sent = row(client.get(url), one)

    answer = client.post(
        url,
        {
            **sent,
            "row": [str(exhibit.item.pk), "nonsense", "\x00", str(one.pk)],
            f"{exhibit.item.pk}-title": "Changed",
            f"{exhibit.item.pk}-kind": "document",
            f"{exhibit.item.pk}-base": sent[f"{one.pk}-base"],
        },
    )

    exhibit.item.refresh_from_db()
    assert (answer.status_code, exhibit.item.title) == (302, "Hidden")


def test_r12_a_row_needs_what_it_showed_signed_for_this_reader_and_record(world: Any, url: str) -> None:
    one, other = brought(world, "One"), brought(world, "Other")
    client = signed_in(world.researcher)
    page = client.get(url)
    swapped = {**row(page, one, title="Changed"), f"{one.pk}-base": row(page, other)[f"{other.pk}-base"]}

    answer = client.post(url, swapped)

    one.refresh_from_db()
    assert (answer.status_code, one.title) == (422, "One")
    assert "opened too long ago" in answer.content.decode()


def test_a_page_that_stood_open_for_more_than_a_day_is_saved_all_the_same(world: Any, url: str) -> None:
    one = brought(world, "One")
    client = signed_in(world.researcher)
    page = client.get(url)
    Item.objects.filter(pk=one.pk).update(created_at=timezone.now() - timedelta(hours=25))

    client.post(url, row(page, one, title="Saved"))

    one.refresh_from_db()
    assert one.title == "Saved"


def test_a_table_that_comes_back_after_signing_in_is_shown_and_not_saved(world: Any, url: str) -> None:
    one = brought(world, "One")
    client = signed_in(world.researcher)

    answer = client.post(url, {**row(client.get(url), one, title="Typed"), "resume": "1"})

    one.refresh_from_db()
    assert one.title == "One"
    assert 'value="Typed"' in answer.content.decode()


def test_nothing_changed_says_so(world: Any, url: str) -> None:
    one = brought(world, "One")
    client = signed_in(world.researcher)

    answer = client.post(url, row(client.get(url), one), follow=True)

    assert "Nothing was changed." in answer.content.decode()


def test_it_goes_on_where_the_first_page_ends(world: Any, url: str) -> None:
    for number in range(27):
        brought(world, f"Number {number:02}")
    client = signed_in(world.researcher)
    first = client.get(url)

    second = client.get(url + first.context["next_url"])

    assert (len(shown(first)), shown(second)) == (25, ["Number 01", "Number 00"])
    assert client.get(f"{url}?after=nonsense").status_code == 404


def test_it_asks_the_same_few_queries_for_2_rows_and_for_12(world: Any, url: str, assert_same_queries: Any) -> None:
    client = signed_in(world.researcher)

    def add(count: int) -> None:
        for _number in range(count):
            item = brought(world, f"Report {make.number()}")
            source = make.source(world.lead, circle=make.restricted_to(world.case.compartment))
            items.change_item(item, by=world.lead, version=item.version, source=source)

    asked = assert_same_queries(lambda: client.get(url), add)

    assert asked <= 14


def test_a01_a_viewer_may_not_and_a_stranger_finds_nothing(world: Any) -> None:
    url = reverse("cases:bring_in_added", args=[world.case.pk])

    assert signed_in(world.viewer).get(url).status_code == 403
    assert signed_in(make.user()).get(url).status_code == 404
    assert shown(signed_in(world.viewer).get(reverse("evidence:bring_in_added"))) == []
