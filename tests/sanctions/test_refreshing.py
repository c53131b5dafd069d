"""What a newer edition says otherwise of a designation that was taken over: offered field by field, never by itself."""

import pytest
from django.urls import reverse

from casefiles.access.actions import NotAllowed
from casefiles.audit.selectors import history
from casefiles.core.moments import Moment
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence.models import Citation
from casefiles.sanctions.actions import designations
from casefiles.sanctions.actions.listing import designate_from_entry, refresh_from_entry
from casefiles.sanctions.models import Designation
from casefiles.sanctions.selectors.lists import offers_of
from casefiles.sanctions.selectors.newer import differences, newest_entry_for
from tests import make
from tests.sanctions import list_files as files

pytestmark = pytest.mark.django_db

FIRST = files.uk()
LATER = files.uk(
    *(row.replace("31/07/2024", "13/06/2024").replace("De-flag, ", "") for row in files.UK_ROWS),
    before="Report Date: 01-Dec-2025\n",
)


@pytest.fixture
def lead():
    person = make.lead("lead")
    make.circle(person)
    return person


@pytest.fixture
def angara(lead):
    return make.vessel(lead, imo_number="9179842", display_name="Angara")


@pytest.fixture
def held(lead, angara):
    edition = make.applied_edition(lead, FIRST, list_key="uk", on="")
    [offer] = offers_of(edition, lead)
    return designate_from_entry(offer.entry, by=lead, vessel=angara, authority=make.authority(lead))


@pytest.fixture
def newer(lead, held):
    return make.applied_edition(lead, LATER, list_key="uk", on="")


def told(designation, user):
    entry = newest_entry_for(designation, user)
    return {one.field: (one.held, one.now) for one in differences(designation, entry)} if entry else None


def test_the_edition_it_was_taken_from_differs_in_nothing(lead, held):
    assert told(held, lead) == {}


def test_a_newer_edition_tells_field_by_field_what_differs_and_changes_nothing(lead, held, newer):
    before = Designation.objects.get()

    found = told(held, lead)

    assert set(found) == {"in_force", "measures", "ended"}
    assert found["in_force"] == ("31 July 2024", "13 June 2024")
    assert (before.in_force.edtf, before.version) == ("2024-07-31", 1)
    assert [offer.differs for offer in offers_of(newer, lead)] == [3]


def test_what_is_chosen_is_taken_over_with_its_row_cited_and_the_rest_stays(lead, held, newer):
    entry = newest_entry_for(held, lead)

    refresh_from_entry(held, by=lead, version=1, entry=entry, take=["in_force", "measures"])

    designation = Designation.objects.get()
    assert designation.in_force.edtf == "2024-06-13"
    assert designation.ended.edtf == "[2025-08-11..]"
    cited = Citation.objects.filter(item=newer.item).values_list("locator", "about")
    assert sorted(cited) == [(str(entry.row), ""), (str(entry.row), "in_force")]
    assert set(told(designation, lead)) == {"ended"}
    changes = {change.field: (change.old, change.new) for change in history([held.pk])[0].changes}
    assert changes["in_force_edtf"] == ("2024-07-31", "2024-06-13")


@pytest.mark.parametrize("take", [[], ["grounds"]])
def test_nothing_and_what_does_not_differ_are_refused(lead, held, newer, take):
    with pytest.raises(Refused):
        refresh_from_entry(held, by=lead, version=1, entry=newest_entry_for(held, lead), take=take)


def test_an_entry_that_is_not_the_newest_is_refused(lead, held, newer):
    older = held.vessel and offers_of(newer.compared_with, lead)[0].entry

    with pytest.raises(Refused, match="newest applied edition"):
        refresh_from_entry(held, by=lead, version=1, entry=older, take=["in_force"])


def test_a_stale_form_and_whoever_may_not_edit_change_nothing(lead, held, newer):
    entry = newest_entry_for(held, lead)
    designations.change_designation(held, by=lead, version=1, note="Looked at.")

    with pytest.raises(StaleVersion):
        refresh_from_entry(held, by=lead, version=1, entry=entry, take=["ended"])
    with pytest.raises(NotAllowed):
        refresh_from_entry(held, by=make.user("reader"), version=2, entry=entry, take=["ended"])
    assert Citation.objects.filter(item=newer.item).count() == 0


@pytest.mark.parametrize(
    ("end", "kind", "differs"),
    [("", "ongoing", False), ("", "unknown", True), ("2025-01-31", "dated", True), ("2026-01-31", "dated", False)],
)
def test_an_end_is_moved_only_where_the_listing_stood_after_it(lead, held, newer, end, kind, differs):
    ended = Moment.from_edtf(end) if end else None
    designations.change_designation(held, by=lead, version=1, ended=ended, end_kind=kind)

    assert ("ended" in told(held, lead)) is differs


def test_no_other_list_and_no_other_target_is_asked(lead, held, newer, angara):
    other = make.designation(lead, vessel=angara, list_name="Another list", list_entry=held.list_entry)
    firm = make.designation(
        lead, organisation=make.organisation(lead), list_name=held.list_name, list_entry=held.list_entry
    )

    assert [newest_entry_for(one, lead) for one in (other, firm)] == [None, None]


def test_a_record_without_a_start_or_measures_is_offered_both(lead, held, newer):
    designations.change_designation(held, by=lead, version=1, in_force=None, measures=[])

    found = told(held, lead)

    assert (found["in_force"][0], found["measures"][0]) == ("not known", "none recorded")


def test_the_page_shows_the_difference_and_takes_over_what_is_chosen(client, lead, held, newer):
    client.force_login(lead)
    address = reverse("sanctions:designation_refresh", args=[held.pk])
    page = client.get(held.get_absolute_url()).text
    assert address in page and "13 June 2024" in page
    assert "fields differ" in client.get(reverse("sanctions:edition_offers", args=[newer.pk])).text
    form = client.get(address)
    shown = newest_entry_for(held, lead).pk

    assert client.post(address, {"base": form.context["base_token"]}).status_code == 422
    sent = client.post(address, {"base": form.context["base_token"], "take": [f"in_force@{shown}"]}, follow=True)

    # An undo would leave the row of the newer edition cited for what it does not say.
    assert "Taken over from" in sent.text and "Undo" not in sent.text
    assert Designation.objects.get().in_force.edtf == "2024-06-13"
    stale = client.post(address, {"base": form.context["base_token"], "take": [f"ended@{shown}"]})
    assert stale.status_code == 409
    client.force_login(make.user("reader"))
    assert client.get(address).status_code == 403


def test_what_a_still_newer_edition_says_is_not_taken_over_unseen(client, lead, held, newer):
    client.force_login(lead)
    address = reverse("sanctions:designation_refresh", args=[held.pk])
    sent = {"base": client.get(address).context["base_token"], "take": [f"in_force@{newest_entry_for(held, lead).pk}"]}
    make.applied_edition(lead, LATER.replace("13/06/2024", "14/06/2024"), list_key="uk", on="")

    answer = client.post(address, sent)

    assert answer.status_code == 422
    assert "says something else by now" in answer.text
    assert Designation.objects.get().in_force.edtf == held.in_force.edtf


def test_a_designation_that_no_list_tells_of_has_no_such_page(client, lead):
    client.force_login(lead)

    assert client.get(reverse("sanctions:designation_refresh", args=[make.designation(lead).pk])).status_code == 404
