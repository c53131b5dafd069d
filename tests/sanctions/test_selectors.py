"""The Angara's own designations, and what they answer."""

from datetime import date

import pytest

from casefiles.access.actions import void_record
from casefiles.sanctions import selectors
from tests import make

pytestmark = pytest.mark.django_db

VOYAGE, SUMMER = date(2023, 9, 15), date(2024, 7, 1)


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def angara(lead):
    """The vessel, its owner and who designated them from when; the UK's date is told in two ways."""
    team = make.restricted_to(make.circle(lead))
    vessel, owner = make.numbered_vessel(lead), make.organisation(lead, name="M Leasing")
    us, eu, uk = (make.authority(lead, name=name) for name in ("United States", "European Union", "United Kingdom"))
    item = make.item(lead, circle=team)
    for authority, target, day in (
        (us, {"vessel": vessel}, "2022-05-08"),
        (uk, {"organisation": owner}, "2023-05-18"),
        (uk, {"vessel": vessel}, "2024-06-13"),
        (eu, {"vessel": vessel}, "2024-06-25"),
        (uk, {"vessel": vessel}, "2024-07-31"),
    ):
        designation = make.designation(
            lead, circle=team, authority=authority, in_force=day, end_kind="ongoing", **target
        )
        make.citation(designation, item, lead, about="in_force")
    return vessel, owner


def answers(rows, day):
    return {
        (str(row.authority), str(row.target)): (str(found.answer), found.reason)
        for row in rows
        for found in row.answers
        if found.day == day
    }


def test_on_the_voyage_only_the_us_designation_of_the_vessel_was_in_force(lead, angara):
    vessel, owner = angara

    rows = selectors.in_force_table([vessel, owner], [VOYAGE, SUMMER], user=lead)

    assert answers(rows, VOYAGE) == {
        ("European Union", str(vessel)): ("no", ""),
        ("United Kingdom", str(vessel)): ("no", ""),
        ("United States", str(vessel)): ("yes", ""),
        ("United Kingdom", "M Leasing"): ("yes", ""),
    }


def test_where_two_sources_differ_the_answer_is_unknown_and_says_why(lead, angara):
    vessel, _owner = angara

    rows = selectors.in_force_on(vessel, SUMMER, user=lead)

    assert answers(rows, SUMMER) == {
        ("European Union", str(vessel)): ("yes", ""),
        ("United Kingdom", str(vessel)): ("unknown", "sources conflict"),
        ("United States", str(vessel)): ("yes", ""),
    }


def test_rows_keep_the_order_of_the_targets_and_count_what_is_cited(lead, angara):
    vessel, owner = angara

    rows = selectors.in_force_table([owner, vessel], [SUMMER], user=lead)

    assert [str(row.target) for row in rows] == ["M Leasing", str(vessel), str(vessel), str(vessel)]
    assert [row.citation_count for row in rows] == [1, 1, 2, 1]
    assert [len(row.designations) for row in rows] == [1, 1, 2, 1]


def test_the_number_of_queries_does_not_grow(lead, angara, django_assert_num_queries):
    vessel, owner = angara
    for _turn in range(10):
        make.designation(lead, vessel=vessel, in_force="2023")

    with django_assert_num_queries(2):
        selectors.in_force_table([vessel, owner], [VOYAGE, SUMMER], user=lead)


def test_what_somebody_may_not_see_and_what_was_voided_does_not_speak(lead, angara):
    vessel, owner = angara
    stranger = make.lead("stranger")
    make.circle(stranger)
    first = selectors.designations_of([owner], user=lead).get()

    void_record(first, by=lead, reason="Wrong company.")

    assert selectors.in_force_table([owner], [SUMMER], user=lead) == []
    assert selectors.in_force_table([vessel, owner], [SUMMER], user=stranger) == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "no source says from when it was in force"),
        ({"in_force": "2023", "end_kind": "unknown"}, "whether it has ended is not known"),
        ({"in_force": "2024", "end_kind": "ongoing"}, "the dates are not exact enough"),
    ],
)
def test_an_unknown_answer_says_why(lead, values, reason):
    make.circle(lead)
    vessel = make.numbered_vessel(lead)
    make.designation(lead, vessel=vessel, **values)

    (row,) = selectors.in_force_on(vessel, SUMMER, user=lead)

    assert (str(row.answers[0].answer), row.answers[0].reason) == ("unknown", reason)


def test_a_record_that_a_filter_left_out_still_speaks(lead, angara):
    vessel, _owner = angara
    june = [one for one in selectors.designations_of([vessel], user=lead) if one.in_force.edtf == "2024-06-13"]

    found = selectors.answers_on(june, SUMMER, user=lead)

    assert [(str(one.answer), one.reason) for one in found.values()] == [("unknown", "sources conflict")]
    assert [str(one.in_force.edtf) for one in selectors.beside(june[0], user=lead)] == ["2024-07-31"]


def test_no_target_has_no_designation(lead):
    assert selectors.in_force_table([], [SUMMER], user=lead) == []
