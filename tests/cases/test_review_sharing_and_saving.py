"""What sharing takes with it, what a stale save may not undo, and refusals that are said on the page."""

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.urls import reverse

from casefiles.access.actions import add_record
from casefiles.cases import actions
from casefiles.cases.models import Exhibit, Stance
from casefiles.core.conflicts import raw_values
from casefiles.core.refusals import Refused
from casefiles.registry.actions import change_vessel
from casefiles.workspace.actions import take_back_change
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def reader():
    return make.user("reader")


@pytest.fixture
def here(lead):
    return make.case(lead)


@pytest.fixture
def there(lead, reader):
    return make.case(lead, members={reader: "researcher"})


def of(case):
    return make.restricted_to(case.compartment)


def readers(record):
    return set(record.compartments.values_list("pk", flat=True))


# --- What a shared record names -------------------------------------------------------------------------------------


def test_sharing_an_item_shares_what_its_source_and_place_name(here, there, lead) -> None:
    publisher = make.organisation(lead, circle=of(here))
    port = make.place(lead, circle=of(here))
    berth = make.place(lead, circle=of(here), parent=port)
    source = make.source(lead, circle=of(here), organisation=publisher)
    item = make.item(lead, circle=of(here), source=source, place=berth)

    actions.add_exhibit(there, by=lead, item=item)

    assert all(there.compartment_id in readers(one) for one in (item, source, publisher, berth, port))


def test_an_item_is_not_shared_where_what_its_source_names_may_not_be(there, lead, reader) -> None:
    other = make.lead()
    theirs = make.case(other, members={lead: "researcher"})
    publisher = make.organisation(other, circle=of(theirs))
    source = make.source(other, circle=of(theirs), organisation=publisher)
    source.compartments.add(there.compartment)
    item = make.item(lead, circle=of(there), source=source)
    third = make.case(lead)

    with pytest.raises(Refused):
        actions.add_exhibit(third, by=lead, item=item)

    assert third.compartment_id not in readers(item)


def test_a_subject_takes_the_organisation_of_its_person_along(here, there, lead) -> None:
    ministry = make.organisation(lead, circle=of(here))
    person = make.person(lead, circle=of(here), organisation=ministry)

    actions.add_subject(there, by=lead, person=person)

    assert there.compartment_id in readers(ministry)


# --- Stances --------------------------------------------------------------------------------------------------------


@pytest.fixture
def stanced(there, lead):
    exhibit = make.report(there, lead)
    first, second = make.claim(there, lead), make.claim(there, lead)
    said = make.said(there, lead, exhibit, stances={first: "confirms", second: "confirms"})
    return said, first, second


def inputs(response):
    values = raw_values(response.context["form"])
    token = response.context.get("base_token")
    return values | ({"base": token} if token else {})


def stances(said):
    return dict(Stance.objects.current().filter(case_statement=said).values_list("claim_id", "stance"))


def test_a_stale_form_of_stances_takes_nobody_elses_back(client, there, lead, reader, stanced) -> None:
    said, first, second = stanced
    address = reverse("cases:stances", args=[there.pk, said.pk])
    client.force_login(reader)
    opened = inputs(client.get(address))
    actions.set_stance(first, said, by=lead, stance="denies")

    response = client.post(address, opened | {f"stance_{second.pk}": "disputes"})

    assert response.status_code == 409
    assert stances(said) == {first.pk: "denies", second.pk: "confirms"}


def test_stances_are_saved_where_nobody_changed_them_meanwhile(client, there, reader, stanced) -> None:
    said, first, second = stanced
    address = reverse("cases:stances", args=[there.pk, said.pk])
    client.force_login(reader)

    response = client.post(address, inputs(client.get(address)) | {f"stance_{second.pk}": "disputes"})

    assert response.status_code == 302
    assert stances(said) == {first.pk: "confirms", second.pk: "disputes"}


# --- Refusals and races ---------------------------------------------------------------------------------------------


def test_a_twin_that_may_not_be_shared_is_refused_on_the_form(client, there, reader) -> None:
    other = make.lead()
    elsewhere = make.case(other, members={reader: "viewer"})
    item = make.item(other, circle=of(elsewhere))
    client.force_login(reader)

    response = client.post(
        reverse("cases:news_report_add", args=[there.pk]), {"title": "Typed", "cite_existing": str(item.pk)}
    )

    assert response.status_code == 422
    assert "restricted to people outside this case" in response.content.decode()
    assert 'value="Typed"' in response.content.decode()


def test_losing_a_race_for_a_unique_pair_is_a_sentence(there, lead) -> None:
    exhibit = make.report(there, lead)

    with pytest.raises(ValidationError):
        add_record(Exhibit(case=there, number=99, item=exhibit.item), by=lead)


# --- Undo -----------------------------------------------------------------------------------------------------------


def offered(response):
    """Return the token of the newest message that offers to undo."""
    tags = [message.extra_tags for message in get_messages(response.wsgi_request)]
    return tags[-1].partition(":")[2]


def edit(client, record, **values):
    address = reverse("cases:claim_edit", args=[record.case_id, record.pk])
    return client.post(address, inputs(client.get(address)) | values)


def test_an_older_offer_to_undo_leaves_the_newer_change(client, there, lead) -> None:
    claim = make.claim(there, lead, text="First words.")
    client.force_login(lead)
    first = offered(edit(client, claim, text="Second words."))
    claim.refresh_from_db()
    edit(client, claim, text="Third words.")

    client.post(reverse("workspace:undo"), {"token": first})

    claim.refresh_from_db()
    assert claim.text == "Third words."


def test_undoing_twice_takes_back_once(client, there, lead) -> None:
    claim = make.claim(there, lead, text="First words.")
    client.force_login(lead)
    token = offered(edit(client, claim, text="Second words."))

    client.post(reverse("workspace:undo"), {"token": token})
    client.post(reverse("workspace:undo"), {"token": token})

    claim.refresh_from_db()
    assert claim.text == "First words."


def test_an_opened_anchor_is_not_closed_again_by_undo(there, lead) -> None:
    vessel = make.vessel(lead, circle=of(there))
    change_vessel(vessel, by=lead, version=1, imo_number=make.imo_number(), is_opening_agreed=True)

    with pytest.raises(Refused):
        take_back_change(vessel, by=lead, version=2)

    vessel.refresh_from_db()
    assert vessel.visibility == "open"
