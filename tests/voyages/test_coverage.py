"""What sources show of the coverage in a gap: stated with a citation, beside what positions show, for its readers."""

import pytest
from django.urls import reverse

from casefiles.access.actions import NotAllowed, void_record
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence.actions import items
from casefiles.voyages.actions.coverage import change_coverage, state_coverage
from casefiles.voyages.actions.detection import run_detection
from casefiles.voyages.models import CoverageStatement, TrackEvent
from casefiles.voyages.selectors.coverage import coverage_of
from tests import make

pytestmark = pytest.mark.django_db

MMSI = "273456780"
GAP = [*make.position_rows(MMSI, 3), *make.position_rows(MMSI, 3, start="2024-02-10T07:00:00")]


@pytest.fixture
def lead(db):
    return make.lead("lead")


@pytest.fixture
def viewer(db):
    return make.user("viewer")


@pytest.fixture
def circle(lead, viewer):
    return make.restricted_to(make.circle(lead, viewer=viewer))


@pytest.fixture
def gap(lead, circle):
    make.read_positions(lead, *GAP, circle=circle)
    return run_detection(by=lead, circle=circle, mmsi=MMSI).events.get()


def known(event, user):
    found = coverage_of([event], user)[event.pk]
    return str(found.answer), found.is_cited, found.is_disputed


def state(event, lead, answer="yes", **values):
    return state_coverage(event, by=lead, answer=answer, item=values.pop("item", None) or make.item(lead), **values)


def test_what_a_source_shows_is_stated_with_it_and_stands_before_what_positions_show(lead, gap):
    assert known(gap, lead) == ("unknown", False, False)

    statement = state(gap, lead, "no", locator="p. 4", quote="No station reported.", note="The station was off.")

    assert known(gap, lead) == ("no", True, False)
    assert [one.locator for one in statement.assertion.citations.all()] == ["4"]


def test_a_statement_counts_while_something_that_stands_supports_it(lead, gap):
    item, other = make.item(lead), make.item(lead)
    statement = state(gap, lead, item=item)
    against = make.citation(statement, other, lead, stance="contradicts")

    items.set_status(item, by=lead, version=item.version, status="retracted", reason="The station withdrew it.")
    assert known(gap, lead) == ("unknown", False, False)
    void_record(against, by=lead, reason="Misread.")
    make.citation(statement, make.item(lead), lead)
    assert known(gap, lead)[0] == "yes"
    void_record(statement, by=lead, reason="Another gap.")
    assert known(gap, lead)[0] == "unknown"


def test_sources_that_disagree_both_stand_and_nothing_is_known(lead, gap):
    state(gap, lead, "yes")
    state(gap, lead, "no")

    assert known(gap, lead) == ("unknown", False, True)
    assert "sources disagree" in coverage_of([gap], lead)[gap.pk].label


def test_a_later_run_has_what_was_stated_of_the_same_gap(lead, circle, gap):
    state(gap, lead, "no")
    second = run_detection(by=lead, circle=circle, mmsi=MMSI).events.get()
    state(second, lead, "no")
    third = run_detection(by=lead, circle=circle, mmsi=MMSI).events.get()

    assert [known(event, lead)[0] for event in (gap, second, third)] == ["no"] * 3
    assert len(coverage_of([third], lead)[third.pk].stated) == 2
    assert third.decision == "suggested"


def test_what_was_once_said_without_a_source_is_told_and_counts_for_nothing(client, lead, gap):
    TrackEvent.objects.filter(pk=gap.pk).update(coverage="no")
    gap.refresh_from_db()
    client.force_login(lead)

    assert known(gap, lead) == ("unknown", False, False)
    assert "with a reason and no source" in client.get(gap.get_absolute_url()).text


def test_only_whoever_may_edit_states_and_only_with_what_all_readers_may_see(lead, viewer, gap):
    with pytest.raises(NotAllowed):
        state(gap, viewer, item=make.item(lead))
    secret = make.item(lead, circle=make.restricted_to(make.circle(lead)))
    with pytest.raises(Refused):
        state(gap, lead, item=secret)

    assert not CoverageStatement.objects.exists()


def test_a_statement_is_changed_by_version(lead, gap):
    statement = state(gap, lead)

    change_coverage(statement, by=lead, version=1, answer="no", note="A longer look.")
    with pytest.raises(StaleVersion):
        change_coverage(statement, by=lead, version=1, answer="yes")

    assert known(gap, lead)[0] == "no"


def test_the_pages_state_show_change_and_void_for_their_circle_alone(client, lead, viewer, gap):
    item = make.item(lead, title="Log of the station")
    client.force_login(lead)
    page = client.get(gap.get_absolute_url()).text
    assert "Coverage: not known" in page and "dark" not in page.partition("<main")[2].casefold()
    add = reverse("voyages:coverage_add", args=[gap.pk])
    sent = {"answer": "yes", "basis": "document", "item": item.title, "item_id": str(item.pk), "locator": "rows 3-9"}

    assert client.post(add, {**sent, "item": "", "item_id": ""}).status_code == 422
    assert client.post(add, sent).url == f"{gap.get_absolute_url()}#coverage"
    statement = CoverageStatement.objects.get()
    assert "As a source shows" in client.get(gap.get_absolute_url()).text
    assert "AIS of others was received" in client.get(gap.run.get_absolute_url()).text
    address = statement.get_absolute_url()
    assert "Log of the station" in client.get(address).text
    assert [client.get(f"{address}{part}/").status_code for part in ("history", "edit", "cite", "void")] == [200] * 4
    form = client.get(f"{address}edit/")
    changed = {"base": form.context["base_token"], "answer": "no", "basis": "document", "note": ""}
    assert client.post(f"{address}edit/", changed).status_code == 302
    assert known(gap, lead)[0] == "no"
    client.post(f"{address}void/", {"reason": "Another gap."})
    assert known(gap, lead)[0] == "unknown"
    assert client.get(f"{address}restore/").status_code == 200
    client.force_login(viewer)
    assert (client.get(address).status_code, client.get(add).status_code) == (200, 403)
    client.force_login(make.lead("stranger"))
    assert (client.get(address).status_code, client.get(add).status_code) == (404, 404)


def test_many_events_and_statements_take_two_queries(lead, circle, gap, django_assert_num_queries):
    for _one in range(3):
        state(gap, lead)
    run_detection(by=lead, circle=circle, mmsi=MMSI)
    events = list(TrackEvent.objects.all())

    with django_assert_num_queries(2):
        coverage_of(events, lead)
