"""Deceptive practices: dated, sourced, said of a vessel or seen in a movement, and a secret like any other."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from casefiles.access.actions import NotVisible, void_record
from casefiles.access.circles import Circle
from casefiles.core.refusals import Refused
from casefiles.particulars.actions import add_practice
from casefiles.particulars.models import DeceptivePractice, Practice
from casefiles.particulars.selectors import practices_in, vessel_file
from casefiles.voyages.actions.detection import run_detection
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def circle(lead, viewer):
    return make.restricted_to(make.circle(lead, viewer=viewer))


@pytest.fixture
def vessel(lead, circle):
    return make.numbered_vessel(lead, display_name="ANGARA")


@pytest.fixture
def other(lead):
    return make.numbered_vessel(lead, display_name="LADY R")


def movement(kind, lead, circle, vessel, other):
    """Return one of the three things that a practice is seen in."""
    if kind == "port_call":
        return make.port_call(lead, vessel, other, circle=circle)
    if kind == "voyage":
        return make.voyage(lead, vessel=vessel, departure=make.port_call(lead, vessel, circle=circle), circle=circle)
    rows = [*make.position_rows("273456780", 2), *make.position_rows("273456780", 2, start="2024-02-11T00:00:00")]
    make.read_positions(lead, *rows, circle=circle)
    return run_detection(by=lead, circle=circle, mmsi="273456780").events.get()


def test_the_practices_are_the_seven_of_the_advisory(lead, vessel):
    assert len(Practice) == 7
    with pytest.raises(ValidationError):
        add_practice(by=lead, circle=Circle.everyone(), vessel=vessel, practice="spoofing")


def test_a_practice_stands_among_a_vessel_s_dated_values_and_several_never_disagree(lead, vessel):
    for practice, start in (("flag", "2023"), ("ais", "2023-05")):
        add_practice(
            by=lead, circle=Circle.everyone(), vessel=vessel, practice=practice, period=make.period(start, "ongoing")
        )

    file = vessel_file(vessel, lead)

    assert [(value.label, value.text) for value in file.values] == [
        ("deceptive practice", "false flag or flag hopping"),
        ("deceptive practice", "disabling or manipulating AIS"),
    ]
    assert file.conflicts == ()
    assert not file.in_force[0].is_disputed


@pytest.mark.parametrize("kind", ["port_call", "voyage", "track_event"])
def test_a_practice_is_recorded_on_a_movement_with_its_source(client, lead, viewer, circle, vessel, other, kind):
    record = movement(kind, lead, circle, vessel, other)
    item = make.item(lead, circle=circle)
    address = reverse(f"voyages:{kind}_practice_add", args=[record.pk])
    client.force_login(lead)
    form = client.get(address).context["form"]
    # Where two ships are candidates, or a radio is nobody's, the ship is said.
    assert form.initial.get("vessel") == (vessel if kind == "voyage" else None)
    assert client.post(address, {"practice": "ship to ship", "basis": "document"}).status_code == 422

    sent = client.post(
        address,
        {
            "practice": "ship to ship", "vessel": "ANGARA", "vessel_id": str(vessel.pk), "start": "2024-02",
            "end": "", "basis": "imagery", "item": item.title, "item_id": str(item.pk), "quote": "alongside",
            "circle": str(circle.compartments[0].pk),
        },
    )  # fmt: skip

    assert sent.status_code == 302, client.post(address, {}).context["form"].errors
    practice = DeceptivePractice.objects.get()
    assert (practice.about_kind, practice.about_id, practice.subject) == (record._meta.label_lower, record.pk, vessel)
    assert [one.item for one in practice.assertion.citations.all()] == [item]
    client.force_login(viewer)
    page = client.get(record.get_absolute_url()).text
    assert "Ship-to-ship transfer" in page
    assert "Add a practice" not in page
    assert client.get(address).status_code == 403
    history = client.get(reverse("particulars:particular_history", args=[practice.pk])).text
    assert str(record.pk) not in history
    void_record(practice, by=lead, reason="It was a tug")
    assert practices_in(record, viewer) == []


def test_a_practice_of_another_circle_shows_on_no_page_of_the_movement(client, lead, viewer, circle, vessel):
    call = make.port_call(lead, vessel)
    own = make.restricted_to(make.circle(lead))
    add_practice(by=lead, circle=own, vessel=vessel, practice="documents", about=call)
    client.force_login(viewer)

    pages = [client.get(url).text for url in (call.get_absolute_url(), vessel.get_absolute_url())]

    assert not any("falsifying" in page.lower() for page in pages)
    assert [str(one.get_practice_display()) for one in practices_in(call, lead)] == [
        "falsifying cargo and vessel documents"
    ]


def test_nothing_names_a_movement_that_its_readers_may_not_see(lead, circle, vessel, other):
    """Also a track event, which is seen by those who see its run."""
    stranger = make.lead("stranger")
    for kind in ("port_call", "track_event"):
        record = movement(kind, lead, circle, vessel, other)
        with pytest.raises(Refused):
            add_practice(by=lead, circle=Circle.everyone(), vessel=vessel, practice="ais", about=record)
        with pytest.raises(NotVisible):
            add_practice(by=stranger, circle=Circle(), vessel=vessel, practice="ais", about=record)
    with pytest.raises(ValidationError):
        add_practice(by=lead, circle=Circle.everyone(), vessel=vessel, practice="ais", about=vessel)

    assert not DeceptivePractice.objects.exists()
