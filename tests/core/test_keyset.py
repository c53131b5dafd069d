"""Pages of a list: every row once, in order, forwards and back, whatever is added meanwhile."""

import base64
import json

import pytest
from django.db.models import Case, When

from casefiles.core.keyset import BadCursor, Order, leading_to, paginate
from casefiles.registry.models import Vessel
from tests import make

pytestmark = pytest.mark.django_db

NAMES = ["A", "B", "B", "B", "C", "Ä", "Д", "д", "安", "Z", "", "b"]
BY_NAME = Order("display_name_key")
DOWNWARDS = Order("display_name_key", is_descending=True)
# Several columns, each with a direction of its own; the first two are the same in many rows.
MIXED = Order("is_long", is_descending=True, then=Order("vessel_type", then=DOWNWARDS))


@pytest.fixture
def vessels():
    lead = make.lead()
    make.circle(lead)
    for place, name in enumerate(NAMES):
        kind = "tanker" if place % 3 else "bulk"
        make.numbered_vessel(lead, display_name=name or "…", vessel_type=kind)
    return Vessel.objects.visible_to(lead).annotate(
        is_long=Case(When(display_name_key__gt="b", then=True), default=False)
    )


def walk(queryset, order, size):
    pages, after = [], None
    while True:
        page = paginate(queryset, order=order, size=size, after=after)
        pages.append(page)
        if page.next_cursor is None:
            return pages
        after = page.next_cursor


@pytest.mark.parametrize("order", [BY_NAME, DOWNWARDS, MIXED])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 12, 50])
def test_walking_forwards_shows_every_row_once_and_in_order(vessels, order, size):
    rows = [row for page in walk(vessels, order, size) for row in page.rows]

    assert rows == list(vessels.order_by(*order.clauses()))


@pytest.mark.parametrize("order", [BY_NAME, DOWNWARDS, MIXED])
def test_walking_back_shows_the_same_pages(vessels, order):
    forwards = walk(vessels, order, 5)

    back, before = [forwards[-1].rows], forwards[-1].previous_cursor
    while before:
        page = paginate(vessels, order=order, size=5, before=before)
        back.insert(0, page.rows)
        before = page.previous_cursor

    assert [row for page in back for row in page] == [row for page in forwards for row in page.rows]


def test_the_first_page_has_nothing_before_and_the_last_nothing_after(vessels):
    pages = walk(vessels, BY_NAME, 5)

    assert (pages[0].previous_cursor, pages[-1].next_cursor) == (None, None)


@pytest.mark.parametrize("order", [BY_NAME, DOWNWARDS, MIXED])
@pytest.mark.parametrize("size", [1, 4, 5])
def test_every_row_stands_on_the_page_that_leads_to_it(vessels, order, size):
    for row in vessels:
        after = leading_to(vessels, row, order=order, size=size)

        assert row in paginate(vessels, order=order, size=size, after=after).rows
        assert (after is None) == (row in paginate(vessels, order=order, size=size).rows)


def test_an_empty_list_is_one_empty_page(vessels):
    page = paginate(vessels.none(), order=BY_NAME, size=5)

    assert (page.rows, page.total, page.next_cursor, page.previous_cursor) == ([], 0, None, None)


def test_a_row_added_behind_is_not_shown_twice(vessels):
    first = paginate(vessels, order=BY_NAME, size=3)
    lead = first.rows[0].created_by

    make.numbered_vessel(lead, display_name="0 earlier")

    second = paginate(vessels, order=BY_NAME, size=3, after=first.next_cursor)
    assert not set(first.rows) & set(second.rows)


def cursor(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "bad",
    [
        "x",
        "é",
        "=" * 9,
        "[",
        cursor("a"),
        cursor("a", "not-a-uuid"),
        cursor("a", "b", "c"),
        cursor(),
        "A" * 5000,
        cursor([], {}),
    ],
)
def test_n03_a_cursor_that_no_page_gave_out_is_refused(vessels, bad):
    with pytest.raises(BadCursor):
        paginate(vessels, order=BY_NAME, size=5, after=bad)


def test_pages_never_use_offset(vessels, django_assert_num_queries):
    first = paginate(vessels, order=BY_NAME, size=3)

    with django_assert_num_queries(2) as queries:
        paginate(vessels, order=BY_NAME, size=3, after=first.next_cursor)

    assert not any("OFFSET" in query["sql"] for query in queries.captured_queries)
