"""Ships that may be taken for another: each suggestion with its reasons, and none that only others may see."""

from decimal import Decimal

import pytest
from django.urls import reverse

from casefiles.particulars import actions as particulars
from casefiles.workspace.selectors.look_alikes import look_alikes_of
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    person = make.lead()
    make.circle(person)
    return person


@pytest.fixture
def angara(lead):
    return make.vessel(lead, imo_number="9179842", display_name="Angara", vessel_type="ro-ro")


def found(vessel, user):
    return {one.vessel.display_name: one.reasons for one in look_alikes_of(vessel, user).shown}


def measured(lead, vessel, quantity, value):
    particulars.add_dimension(
        by=lead, circle=make.Circle.everyone(), vessel=vessel, quantity=quantity, value=Decimal(value)
    )


def built(lead, vessel, yard):
    particulars.add_vessel_role(
        by=lead, circle=make.Circle.everyone(), vessel=vessel, organisation=yard, role="builder"
    )


def test_ships_numbered_next_to_it_are_found_and_those_further_on_are_not(lead, angara):
    make.vessel(lead, imo_number="9179854", display_name="Adler")
    make.vessel(lead, imo_number="9179880", display_name="Zenit")

    assert found(angara, lead) == {"Adler": ("IMO 9179854 is 1 from IMO 9179842 in its first six digits",)}


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("ANGARA", ("the same name, “angara”",)),
        ("Ангара", ("“ангара” and “angara” are one name in other letters",)),
        ("앙가라", ("“앙가라” and “angara” are 92 % alike",)),
        ("安加拉", ("“安加拉” and “angara” are one name in other letters",)),
        ("Angaria", ("“angaria” and “angara” are 92 % alike",)),
        ("Maria", None),
    ],
)
def test_names_are_compared_across_scripts(lead, angara, name, reasons):
    make.vessel(lead, display_name=name)

    assert found(angara, lead).get(name) == reasons


def test_the_same_builder_counts_with_the_type_and_tonnage_where_it_is_the_same(lead, angara):
    yard = make.organisation(lead, name="Yard", kind="shipyard")
    sister, other = make.vessel(lead, display_name="Lady R", vessel_type="ro-ro"), make.vessel(lead, display_name="Tug")
    for vessel in (angara, sister, other):
        built(lead, vessel, yard)
    measured(lead, angara, "gross tonnage", "3300")
    measured(lead, sister, "gross tonnage", "3300")
    measured(lead, other, "deadweight", "3300")

    assert found(angara, lead) == {
        "Lady R": ("built by Yard too, roll-on roll-off too", "the same gross tonnage, 3300"),
    }  # fmt: skip


def test_what_one_may_not_see_is_neither_suggested_nor_a_reason_nor_counted(lead, angara):
    """Breaks where a hidden ship, a hidden name or a hidden measure takes part."""
    circle = make.restricted_to(make.circle(lead))
    make.vessel(lead, circle=circle, display_name="Angara")
    other = make.vessel(lead, display_name="Quite another")
    make.name_use(lead, other, "Ангара", circle=circle)
    stranger = make.lead()

    mine, theirs = look_alikes_of(angara, lead), look_alikes_of(angara, stranger)

    assert {one.vessel.display_name for one in mine.shown} == {"Angara", "Quite another"}
    assert (theirs.shown, theirs.total, theirs.compared) == ((), 0, 1)


def test_the_page_asks_as_often_for_two_as_for_twelve(client, lead, angara, assert_same_queries):
    client.force_login(lead)
    measured(lead, angara, "deadweight", "5000")

    def add(count):
        for _ship in range(count):
            vessel = make.vessel(lead, display_name="<i>Angara</i>")
            measured(lead, vessel, "deadweight", "5000")

    address = reverse("workspace:vessel_look_alikes", args=[angara.pk])
    nothing = client.get(address).text

    assert "No ship here looks like it" in nothing
    assert assert_same_queries(lambda: client.get(address), add) <= 14
    assert "<i>Angara" not in client.get(address).text
