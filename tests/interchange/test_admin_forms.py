"""Forms of the admin that ask for more than columns: periods, openings, people, and what stands under a closed case."""

import pytest

from casefiles.access.actions import remove_member
from casefiles.access.circles import Circle
from casefiles.access.models import Membership
from casefiles.cases.models import Task
from casefiles.evidence.models import Item
from casefiles.particulars.models import FlagPeriod
from casefiles.registry.models import Vessel
from tests import make
from tests.interchange.test_admin import address, errors_of, fields_of
from tests.interchange.test_exchange import address as page_of
from tests.interchange.test_exchange import carry_out, kinds, look, problems


@pytest.fixture
def lead(db):
    return make.user("lead", may_open_cases=True, is_staff=True)


@pytest.fixture
def case(lead):
    return make.case(lead)


@pytest.fixture
def staff(client, lead, case):
    client.force_login(lead)
    return client


def flag_values(vessel, **values):
    return {"vessel": str(vessel.pk), "country": "RU", "basis": "document", "circle": "open", **values}


def test_a_period_is_added_shown_and_changed_as_it_was_written(staff, lead):
    vessel = make.vessel(lead)
    staff.post(address(FlagPeriod, "add"), flag_values(vessel, period_start="March 2023", period_end="ongoing"))
    flag = FlagPeriod.objects.visible_to(lead).get()
    shown = fields_of(staff.get(address(flag, "change", flag.pk)))

    staff.post(address(flag, "change", flag.pk), {**shown, "period_end": "2024-05"})

    flag = FlagPeriod.objects.visible_to(lead).get()
    assert (shown["period_start"], shown["period_end"]) == ("March 2023", "ongoing")
    assert (flag.period.start.wording, flag.period.end.edtf, flag.period.end_kind) == ("March 2023", "2024-05", "dated")
    assert flag.version == 2


def test_an_end_before_the_start_is_told_at_the_end(staff, lead):
    sent = flag_values(make.vessel(lead), period_start="2024", period_end="2023")

    response = staff.post(address(FlagPeriod, "add"), sent)

    assert list(errors_of(response)) == ["period_end"]


def test_a_date_that_is_not_understood_is_told_where_it_stands(staff, lead):
    sent = flag_values(make.vessel(lead), period_start="31 February 2024")

    assert list(errors_of(staff.post(address(FlagPeriod, "add"), sent))) == ["period_start"]


def test_giving_a_restricted_vessel_its_number_asks_before_opening_it(staff, lead, case):
    vessel = make.vessel(lead, circle=Circle.of_case(case))
    shown = fields_of(staff.get(address(vessel, "change", vessel.pk)))
    asked = staff.post(address(vessel, "change", vessel.pk), {**shown, "imo_number": "9179842"})

    staff.post(address(vessel, "change", vessel.pk), {**shown, "imo_number": "9179842", "is_opening_agreed": "on"})

    vessel.refresh_from_db()
    assert list(errors_of(asked)) == ["is_opening_agreed"]
    assert (vessel.visibility, vessel.imo_number) == ("open", "9179842")


def test_a_member_is_added_by_their_exact_user_name(staff, case):
    somebody = make.user("somebody")
    sent = {"compartment": str(case.compartment_id), "role": "viewer"}

    wrong = staff.post(address(Membership, "add"), {**sent, "username": "SOMEBODY"})
    staff.post(address(Membership, "add"), {**sent, "username": "somebody"})

    assert list(errors_of(wrong)) == ["username"]
    assert case.compartment.memberships.get(user=somebody).role == "viewer"


def test_a_task_is_offered_to_people_of_ones_own_circles_only(staff, case, lead):
    make.user("stranger")
    member = make.user("member")
    make.member(case, member)

    field = staff.get(address(Task, "add")).context_data["adminform"].form.fields["assignee"]

    assert {person.username for person in field.queryset} == {"lead", "member"}


def test_a_citation_is_changed_and_voided_under_its_case(staff, lead, case):
    citation = make.cited(make.claim(case, lead), lead, make.report(case, lead))
    shown = fields_of(staff.get(address(citation, "change", citation.pk)))

    staff.post(address(citation, "change", citation.pk), {**shown, "quote": "As said"})
    staff.post(address(citation, "delete", citation.pk), {"reason": "Wrong page"})

    citation.refresh_from_db()
    assert (citation.quote, citation.is_voided) == ("As said", True)


def test_a_citation_outside_cases_is_changed_and_voided_too(staff, lead):
    flag = make.flag(lead, make.vessel(lead), "RU")
    citation = make.citation(flag, make.item(lead), lead)
    shown = fields_of(staff.get(address(citation, "change", citation.pk)))

    staff.post(address(citation, "change", citation.pk), {**shown, "locator": "p. 4"})
    staff.post(address(citation, "delete", citation.pk), {"reason": "Wrong page"})

    citation.refresh_from_db()
    assert (citation.locator_text, citation.is_voided) == ("p. 4", True)


def test_the_history_says_who_changed_what(staff, lead):
    vessel = make.vessel(lead, display_name="Before")
    shown = fields_of(staff.get(address(vessel, "change", vessel.pk)))
    staff.post(address(vessel, "change", vessel.pk), {**shown, "display_name": "After"})

    body = staff.get(address(vessel, "history", vessel.pk)).content.decode()

    assert '<del dir="auto">Before</del>' in body
    assert "Lead" in body


def test_who_lost_their_role_while_editing_saves_nothing(client, lead, case):
    """A28. Breaks if the right is asked for only when the form is shown."""
    member = make.user("member", is_staff=True)
    make.member(case, member, "editor")
    vessel = make.vessel(lead, circle=Circle.of_case(case))
    client.force_login(member)
    shown = fields_of(client.get(address(vessel, "change", vessel.pk)))
    remove_member(compartment=case.compartment, user=member, by=lead)

    response = client.post(address(vessel, "change", vessel.pk), {**shown, "note": "Mine"})

    vessel.refresh_from_db()
    assert (response.status_code, vessel.note) == (404, "")


def test_items_are_added_by_an_import(staff, lead, case):
    make.source(lead, name="Reuters")
    rows = f"title,kind,source,published,circle\nA report,news report,Reuters,2024-04-25,{case.reference}\n"

    carry_out(staff, Item, look(staff, Item, rows))

    item = Item.objects.get(title="A report")
    assert (str(item.source), item.published.edtf, item.visibility) == ("Reuters", "2024-04-25", "restricted")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",news report,everyone", "title"),
        ("A report,,everyone", "kind"),
        ("A report,leaflet,everyone", "kind"),
        ("A report,news report,", "circle"),
    ],
)
def test_an_item_that_lacks_something_is_not_added(staff, row, column):
    response = look(staff, Item, f"title,kind,circle\n{row}\n")

    assert [(number, name) for number, name, _said in problems(response)] == [(2, column)]


def test_two_sources_of_one_name_are_told_apart_by_id(staff, lead):
    first = make.source(lead, name="Reuters")
    make.source(lead, name="Reuters")
    item = make.item(lead)

    unclear = look(staff, Item, f"id,source\n{item.pk},Reuters\n")
    clear = look(staff, Item, f"id,source\n{item.pk},{first.pk}\n")

    assert problems(unclear)[0][:2] == (2, "source")
    assert kinds(clear) == ["update"]


def test_a_number_of_one_vessel_and_the_id_of_another_are_refused(staff, lead):
    make.vessel(lead, imo_number="9179842")
    other = make.vessel(lead)

    response = look(staff, Vessel, f"id,imo_number\n{other.pk},9179842\n")

    assert problems(response)[0][:2] == (2, "imo_number")


def test_who_may_not_edit_a_record_changes_it_by_no_import(client, lead, case):
    viewer = make.user("viewer", is_staff=True, may_open_cases=True)
    make.case(viewer)
    make.member(case, viewer, "viewer")
    vessel = make.vessel(lead, circle=Circle.of_case(case))
    client.force_login(viewer)

    response = look(client, Vessel, f"id,note\n{vessel.pk},Mine\n")

    assert problems(response)[0][:2] == (2, "__all__")


def test_a_file_over_the_limit_is_refused(staff):
    response = look(staff, Vessel, b"x" * (10 * 1024 * 1024 + 1))

    assert list(response.context_data["form"].errors) == ["import_file"]


def test_the_page_of_import_names_the_columns(staff):
    assert "display_name" in staff.get(page_of(Vessel, "import")).content.decode()
