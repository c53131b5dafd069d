"""Undo: what was saved is taken back by whoever may, while nobody has changed it since."""

import pytest
from django.contrib.messages import get_messages
from django.core import signing
from django.urls import reverse

from casefiles.access import actions as access
from casefiles.audit.selectors import history
from casefiles.cases import actions as cases
from casefiles.core.conflicts import raw_values
from casefiles.core.moments import parse_moment
from casefiles.core.pages import UNDO_SALT
from casefiles.particulars.actions import change_particular
from casefiles.sanctions.actions import change_authority, change_designation
from casefiles.statements.actions import add_rendering, change_statement
from casefiles.voyages.actions import change_port_call
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


def undo(client, user, record, act, *, salt="", **payload):
    """Send the token that a page offered to `user` for `record`."""
    client.force_login(user)
    values = {"kind": record._meta.label_lower, "id": str(record.pk), "act": act, **payload}
    token = signing.dumps(values, salt=salt or f"{UNDO_SALT}:{user.pk}")
    return client.post(reverse("workspace:undo"), {"token": token})


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_what_was_added_by_mistake_is_voided_with_that_reason(client, lead, circle):
    designation = make.designation(lead, circle=circle)

    response = undo(client, lead, designation, "void")

    designation.assertion.refresh_from_db()
    assert response["Location"] == designation.get_absolute_url()
    assert designation.assertion.void_reason == "Entered by mistake"


def test_a_change_is_taken_back_field_by_field(client, lead, circle):
    first, second = make.numbered_vessel(lead), make.numbered_vessel(lead)
    record = make.designation(lead, circle=circle, vessel=first, in_force="13 June 2024", measures=["travel ban"])
    change_designation(
        record, by=lead, version=1, vessel=second, in_force=parse_moment("31 July 2024"), measures=[], grounds="x"
    )

    response = undo(client, lead, record, "undo", version=2)

    record.refresh_from_db()
    assert said(response) == ["Taken back."]
    assert (record.vessel, record.in_force.wording, record.in_force_key) == (first, "13 June 2024", "2024-06-13")
    assert (record.measures, record.grounds) == (["travel ban"], "")
    assert record.assertion.version == 3
    assert history([record.pk])[0].act == "changed"


def test_changed_candidates_and_dates_are_taken_back_together(client, lead, circle):
    angara, lady_r = make.numbered_vessel(lead), make.numbered_vessel(lead)
    port_call = make.port_call(lead, angara, circle=circle, seen="2024-02-11")
    change_port_call(port_call, by=lead, version=1, vessels=[angara, lady_r], seen=parse_moment("2024-03"))

    undo(client, lead, port_call, "undo", version=2)

    port_call.refresh_from_db()
    assert [one.vessel for one in port_call.candidates.all()] == [angara]
    assert (port_call.when_key, port_call.seen.edtf) == ("2024-02-11", "2024-02-11")


def test_a_voiding_is_taken_back(client, lead, circle):
    statement = make.statement(lead, circle=circle)
    access.void_record(statement, by=lead, reason="Wrong.")

    undo(client, lead, statement, "undo")

    statement.assertion.refresh_from_db()
    assert not statement.assertion.is_voided


@pytest.mark.parametrize("version", [2, None])
def test_what_somebody_changed_since_is_not_taken_back(client, lead, circle, version):
    colleague = make.user("colleague")
    access.set_role(compartment=circle.compartments[0], user=colleague, role="editor", by=lead)
    statement = make.statement(lead, circle=circle, text="First.")
    change_statement(statement, by=lead, version=1, text="Second.")
    change_statement(statement, by=colleague, version=2, text="Third.")

    response = undo(client, lead, statement, "undo", version=version)

    statement.refresh_from_db()
    assert statement.text == "Third."
    assert said(response) == ["It was changed since, so nothing was taken back."]


def test_an_undo_offered_for_an_earlier_change_does_not_take_back_a_later_one(client, lead, circle):
    statement = make.statement(lead, circle=circle, text="First.")
    change_statement(statement, by=lead, version=1, text="Second.")
    change_statement(statement, by=lead, version=2, text="Third.")

    undo(client, lead, statement, "undo", version=2)

    statement.refresh_from_db()
    assert statement.text == "Third."


@pytest.mark.parametrize("act", ["void", "undo"])
def test_undo_asks_for_the_rights_of_now(client, lead, viewer, circle, act):
    stranger = make.lead("stranger")
    statement = make.statement(lead, circle=circle, text="First.")
    change_statement(statement, by=lead, version=1, text="Second.")

    answers = [undo(client, person, statement, act).status_code for person in (viewer, stranger)]

    statement.assertion.refresh_from_db()
    assert answers == [403, 404]
    assert (statement.assertion.version, statement.assertion.is_voided) == (2, False)


def test_a_token_serves_only_the_person_it_was_signed_for(client, lead, viewer, circle):
    statement = make.statement(lead, circle=circle)

    assert undo(client, lead, statement, "void", salt=f"{UNDO_SALT}:{viewer.pk}").status_code == 404
    for token in ("", "nonsense", "a:b:c"):
        assert client.post(reverse("workspace:undo"), {"token": token}).status_code == 404
    assert client.get(reverse("workspace:undo")).status_code == 405


@pytest.mark.parametrize("kind", ["nothing.here", "sessions.session", "audit.event", "accounts.user"])
def test_only_records_with_rules_of_visibility_can_be_named(client, lead, kind):
    assert undo(client, lead, lead, "void", kind=kind).status_code == 404


def test_in_a_closed_case_nothing_is_taken_back(client, lead):
    case = make.case(lead)
    exhibit = make.report(case, lead)
    claim = make.claim(case, lead)
    cases.change_claim(claim, by=lead, version=1, text="The ship was seen.")
    citation = make.cited(claim, lead, exhibit)
    case.refresh_from_db()
    cases.change_case(case, by=lead, version=case.version, status="closed")

    answers = [
        said(undo(client, lead, exhibit, "void"))[-1],
        said(undo(client, lead, citation, "void"))[-1],
        said(undo(client, lead, claim, "undo", version=2))[-1],
    ]

    claim.refresh_from_db()
    assert claim.text == "The ship was seen."
    assert all("closed" in text for text in answers)


def test_in_an_open_case_additions_and_citations_are_taken_back(client, lead):
    case = make.case(lead)
    exhibit = make.report(case, lead)
    claim = make.claim(case, lead)
    citation = make.cited(claim, lead, exhibit)

    refused = said(undo(client, lead, exhibit, "void"))
    response = undo(client, lead, citation, "void")
    undo(client, lead, exhibit, "void")

    exhibit.refresh_from_db()
    citation.refresh_from_db()
    assert "is cited on" in refused[0]
    assert response["Location"] == claim.get_absolute_url()
    assert exhibit.is_voided and citation.is_voided
    undo(client, lead, exhibit, "undo")
    exhibit.refresh_from_db()
    assert not exhibit.is_voided


def test_particulars_go_back_to_the_shown_name_too(client, lead, circle):
    vessel = make.numbered_vessel(lead, display_name="ADLER")
    make.name_use(lead, vessel, "ADLER", period=make.period("2010", "2020"))
    use = make.name_use(lead, vessel, "ANGARA", period=make.period("2020", "ongoing"))
    vessel.refresh_from_db()
    shown = vessel.display_name

    undo(client, lead, use, "void")
    vessel.refresh_from_db()

    assert (shown, vessel.display_name) == ("ANGARA", "ADLER")
    undo(client, lead, use, "undo")
    vessel.refresh_from_db()
    assert vessel.display_name == "ANGARA"


def test_a_corrected_particular_is_taken_back(client, lead, circle):
    vessel = make.numbered_vessel(lead)
    use = make.name_use(lead, vessel, "ANGRA", period=make.period("2020", "ongoing"))
    change_particular(use, by=lead, version=1, name="ANGARA")

    undo(client, lead, use, "undo", version=2)

    use.refresh_from_db()
    vessel.refresh_from_db()
    assert (use.name, vessel.display_name) == ("ANGRA", "ANGRA")


def test_what_is_no_change_of_a_column_is_not_taken_back(client, lead, circle):
    statement = make.statement(lead, circle=circle)
    access.share(statement.assertion, compartment=make.circle(lead), by=lead)

    response = undo(client, lead, statement.assertion, "undo")

    assert said(response) == ["This cannot be taken back by itself. Change it by hand."]
    assert statement.assertion.compartments.count() == 2


def test_an_undo_that_would_break_a_rule_says_which(client, lead, circle):
    authority = make.authority(lead, name="European Union")
    change_authority(authority, by=lead, version=1, name="EU")
    make.authority(lead, name="European Union")

    (text,) = said(undo(client, lead, authority, "undo", version=2))

    authority.refresh_from_db()
    assert "already exists" in text
    assert authority.name == "EU"


def test_what_has_no_page_leads_to_what_it_is_part_of(client, lead, circle):
    statement = make.statement(lead, circle=circle)
    rendering = add_rendering(statement, by=lead, language="fr", text="Non.")
    compartment = make.circle(lead)

    assert undo(client, lead, rendering, "void")["Location"] == statement.get_absolute_url()
    assert undo(client, lead, compartment, "void")["Location"] == reverse("workspace:home")


def test_the_message_after_an_edit_offers_the_undo_that_works(client, lead, circle):
    statement = make.statement(lead, circle=circle, text="First.")
    client.force_login(lead)
    address = reverse("statements:statement_edit", args=[statement.pk])
    page = client.get(address)
    data = {**raw_values(page.context["form"]), "base": page.context["base_token"], "text": "Second."}

    saved = client.post(address, data)
    (message,) = get_messages(saved.wsgi_request)
    act, _colon, token = message.extra_tags.partition(":")
    client.post(reverse("workspace:undo"), {"token": token})

    statement.refresh_from_db()
    assert (act, statement.text) == ("undo", "First.")
