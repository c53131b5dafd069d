"""Battery B16: what a closed case holds is read, and changed at no address, until the case is opened again."""

import pytest
from django.urls import reverse

from casefiles.access.actions import CircleClosed, share
from casefiles.access.models import Compartment
from casefiles.audit.models import Event
from casefiles.cases import actions as cases
from casefiles.evidence.actions import grades, items
from casefiles.evidence.models import Item
from casefiles.workspace.actions import take_back_change
from tests import make
from tests.access.matrix import addresses

pytestmark = pytest.mark.django_db
# A case is reopened at its own form, and its team can be changed still.
STILL_OPEN = ("cases/<uuid:case_id>/edit/", "/team/")


def close(case, by, status="closed"):
    cases.change_case(case, by=by, version=type(case).objects.get(pk=case.pk).version, status=status)
    return case


@pytest.fixture
def lead():
    return make.lead()


@pytest.fixture
def researcher():
    return make.user()


@pytest.fixture
def case(lead, researcher):
    return make.case(lead, members={researcher: "researcher"})


@pytest.fixture
def item(case, lead):
    return make.report(case, lead).item


def shows_reason(response):
    words = response.content.decode()
    return "closed" in words and "eopen" in words


def test_b16_no_address_of_a_closed_case_changes_anything(client, matrix):
    """Fails where one kind of record decides by the role alone: an item, a port call or a listing of the case."""
    lead = matrix.users["LEAD"]
    close(matrix.a.case, lead)
    client.force_login(lead)
    client.get("/")
    before = Event.objects.count()

    asked = [
        one for one in addresses(matrix) if one.act != "read" and not any(part in one.route for part in STILL_OPEN)
    ]
    opened = {one.route: client.post(one.hidden, {"reason": "Because.", "version": "1"}).status_code for one in asked}

    # 404: the form names something else, too, which this request does not.
    assert {route: status for route, status in opened.items() if status not in {403, 404, 409, 422}} == {}
    assert Event.objects.count() == before
    assert len(opened) > 60


@pytest.mark.parametrize(
    "name", ["item_edit", "item_void", "item_status", "grade_add", "lineage_set", "derivation_add"]
)
def test_b16_the_forms_of_its_evidence_are_not_offered_and_say_why(client, case, item, lead, name):
    close(case, lead)
    client.force_login(lead)

    app = "workspace" if name in {"item_void", "item_status"} else "evidence"
    response = client.get(reverse(f"{app}:{name}", args=[item.pk]))

    assert response.status_code == 403
    assert shows_reason(response)


def test_b16_the_pages_of_its_evidence_offer_nothing_that_would_be_refused(client, case, lead):
    """Catches a button whose form then says that the case is closed; the same page offers it while the case is open."""
    circle = make.restricted_to(case.compartment)
    source = make.source(lead, circle=circle)
    item = make.origin(lead, circle=circle, source=source)
    client.force_login(lead)
    offered = {"item_edit": item, "source_edit": source}

    def offers(name, record):
        page = client.get(record.get_absolute_url())
        assert page.status_code == 200
        return reverse(f"evidence:{name}", args=[record.pk]) in page.content.decode()

    assert all(offers(name, record) for name, record in offered.items())
    close(case, lead)
    assert not any(offers(name, record) for name, record in offered.items())


def test_b16_a_form_opened_before_the_closing_keeps_its_text(client, case, item, lead):
    client.force_login(lead)
    address = reverse("evidence:item_edit", args=[item.pk])
    opened = client.get(address).context["base_token"]
    close(case, lead)

    sent = {"title": "Typed", "kind": "news report", "handling": "TLP:RED", "base": opened}
    response = client.post(address, sent)

    assert response.status_code == 422
    assert shows_reason(response)
    assert 'value="Typed"' in response.content.decode()


def test_b16_reading_goes_on(client, case, item, lead):
    file = make.file(item, lead, b"content")
    close(case, lead)
    client.force_login(lead)

    assert client.get(item.get_absolute_url()).status_code == 200
    assert b"".join(client.get(reverse("evidence:file", args=[file.pk])).streaming_content) == b"content"


@pytest.mark.parametrize("status", ["closed", "archived"])
def test_b16_nothing_new_is_added_to_a_closed_circle(client, case, item, lead, status):
    close(case, lead, status)
    other = make.case(lead)
    elsewhere = make.report(other, lead).item
    client.force_login(lead)

    with pytest.raises(CircleClosed):
        make.item(lead, circle=make.restricted_to(case.compartment))
    with pytest.raises(CircleClosed):
        share(elsewhere, compartment=case.compartment, by=lead)
    assert str(case.compartment_id) not in client.get(reverse("evidence:item_add")).content.decode()


def test_b16_what_an_open_case_holds_too_is_changed_from_there_alone(case, item, lead, researcher):
    colleague = make.user()
    other = make.case(lead, members={colleague: "researcher"})
    cases.add_exhibit(other, by=lead, item=item)
    close(case, lead)

    with pytest.raises(CircleClosed):
        grades.grade(item, by=researcher, reliability="B", credibility="2", rationale="Known.")
    assert grades.grade(item, by=colleague, reliability="B", credibility="2", rationale="Known.").pk


def test_b16_what_everybody_sees_is_changed_as_before(case, lead):
    item = make.item(lead)
    cases.add_exhibit(case, by=lead, item=item)
    close(case, lead)

    assert items.change_item(item, by=lead, version=1, title="Better")


def test_reopening_a_case_opens_its_evidence(case, item, lead):
    close(case, lead)

    close(case, lead, "open")

    assert items.change_item(Item.objects.get(pk=item.pk), by=lead, version=1, title="Better")


def test_taking_back_the_closing_opens_its_evidence(case, item, lead):
    close(case, lead)

    take_back_change(type(case).objects.get(pk=case.pk), by=lead)

    assert Compartment.objects.get(pk=case.compartment_id).closed_at is None


def test_closing_and_reopening_leave_events_of_the_circle(case, lead):
    close(case, lead)
    close(case, lead, "archived")
    close(case, lead, "open")

    events = Event.objects.filter(record_id=case.compartment_id).order_by("seq")
    assert [event.act for event in events] == ["added", "closed", "reopened"]
