"""Pages of history: everything that was done is within reach, from the newest to the first."""

import re

import pytest
from django.urls import reverse

from casefiles.audit.selectors import Step, UnknownEvent, history_page
from casefiles.cases import actions as cases
from casefiles.evidence.actions import items
from casefiles.registry.actions import change_vessel
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    person = make.lead("lead")
    make.circle(person)
    return person


@pytest.fixture
def item(lead):
    """An item with seven events: it was added, and given six titles."""
    made = make.item(lead, title="Title 0")
    for number in range(1, 7):
        items.change_item(made, by=lead, version=number, title=f"Title {number}")
    return made


def titles(page):
    return [change.new for entry in page.entries for change in entry.changes if change.field == "title"]


def test_steps_lead_from_the_newest_to_the_first_event_and_back(item):
    newest = history_page([item.pk], Step(size=3))
    middle = history_page([item.pk], Step(size=3, older_than=newest.older_than))
    first = history_page([item.pk], Step(size=3, older_than=middle.older_than))
    back = history_page([item.pk], Step(size=3, newer_than=middle.newer_than))

    assert [titles(page) for page in (newest, middle, first)] == [
        ["Title 6", "Title 5", "Title 4"],
        ["Title 3", "Title 2", "Title 1"],
        ["Title 0"],
    ]
    assert back == newest
    assert (newest.newer_than, first.older_than) == (None, None)


def test_a_step_beside_an_event_of_another_record_is_none(lead, item):
    (other,) = history_page([make.item(lead).pk], Step()).entries

    with pytest.raises(UnknownEvent):
        history_page([item.pk], Step(older_than=other.event_id))


def test_the_page_of_a_record_leads_to_older_events_and_back(client, lead, item):
    for number in range(7, 110):
        items.change_item(item, by=lead, version=number, title=f"Title {number}")
    client.force_login(lead)
    address = reverse("evidence:item_history", args=[item.pk])

    newest = client.get(address).content.decode()
    older = re.search(r'href="(\?older=[0-9a-f-]{36})"', newest)[1]
    last = client.get(address + older).content.decode()
    back = re.search(r'href="(\?newer=[0-9a-f-]{36})"', last)[1]

    told = ('<ins dir="auto">Title 109</ins>', '<ins dir="auto">Title 0</ins>')
    assert [words in newest for words in told] == [True, False]
    assert [words in last for words in told] == [False, True]
    assert told[0] in client.get(address + back).content.decode()


def test_the_history_of_a_case_has_pages_too(client, lead):
    case = make.case(lead)
    for number in range(105):
        cases.add_task(case, by=lead, title=f"Task {number}")
    client.force_login(lead)
    address = reverse("cases:history", args=[case.pk])

    older = re.search(r'href="(\?older=[0-9a-f-]{36})"', client.get(address).content.decode())[1]

    assert "opened the case" in client.get(address + older).content.decode()


@pytest.mark.parametrize("query", ["older=nonsense", "older=00000000-0000-4000-8000-000000000000", "newer=%00"])
@pytest.mark.parametrize("name", ["evidence:item_history", "cases:history"])
def test_n03_a_step_that_no_page_offered_is_not_found(client, lead, item, name, query):
    record = item if name.startswith("evidence") else make.case(lead)
    client.force_login(lead)

    assert client.get(f"{reverse(name, args=[record.pk])}?{query}").status_code == 404


def test_a_step_never_leads_to_what_happened_in_another_circle(client, lead):
    """Fails where the edge of a page is looked for among events that its reader is not shown."""
    other, stranger = make.lead(), make.lead()
    vessel = make.vessel(other, circle=make.restricted_to(make.circle(other)), display_name="Hidden name")
    change_vessel(vessel, by=other, version=1, imo_number=make.imo_number(), is_opening_agreed=True)
    hidden = history_page([vessel.pk], Step()).entries[-1]
    client.force_login(stranger)

    response = client.get(reverse("workspace:vessel_history", args=[vessel.pk]), {"newer": str(hidden.event_id)})

    assert response.status_code == 404


def test_direction_marks_in_a_note_are_made_visible(client, lead, item):
    items.void_item(item, by=lead, reason="gnp\u202eexe")
    client.force_login(lead)

    assert "\u202e" not in client.get(reverse("evidence:item_history", args=[item.pk])).content.decode()
