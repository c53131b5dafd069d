"""Which claim rests on which: circles are refused, what gave way is said, and no standing moves for it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.cases import actions, selectors
from casefiles.cases.dependence import Beneath, footing
from casefiles.cases.models import Claim, Dependence
from casefiles.core.refusals import Refused
from casefiles.workspace.actions import take_back_addition, take_back_change
from tests import make

# --- Pure rules ---------------------------------------------------------------------------------------------------

HELD = dict.fromkeys("abcde", "single_origin")


@pytest.mark.parametrize(
    ("rests_on", "states", "assumptions", "gave_way", "assumed"),
    [
        ({}, {}, "", [], []),
        ({"a": "b"}, {}, "", [], []),
        ({"a": "b"}, {"b": "withdrawn"}, "", [("b", "withdrawn", None)], []),
        ({"a": "b"}, {"b": "refuted"}, "", [("b", "refuted", None)], []),
        ({"a": "b"}, {"b": "unsupported"}, "", [("b", "unsupported", None)], []),
        ({"a": "b"}, {"b": "disputed"}, "", [], []),
        ({"a": "b"}, {"b": "unsupported"}, "b", [], [("b", "unsupported", None)]),
        ({"a": "b"}, {"b": "withdrawn"}, "b", [("b", "withdrawn", None)], []),
        ({"a": "b", "b": "c"}, {"c": "refuted"}, "", [("c", "refuted", "b")], []),
        ({"a": "b", "b": "c", "c": "d"}, {"d": "unsupported"}, "d", [], [("d", "unsupported", "b")]),
        # Beneath what gave way nothing more is said, and what two lead to is named once.
        ({"a": "b", "b": "c"}, {"b": "withdrawn", "c": "withdrawn"}, "", [("b", "withdrawn", None)], []),
        ({"a": "bc", "b": "d", "c": "d"}, {"d": "refuted"}, "", [("d", "refuted", "b")], []),
    ],
)
def test_what_a_claim_rests_on_is_named_where_it_gave_way_or_is_assumed(
    rests_on, states, assumptions, gave_way, assumed
):
    found = footing("a", rests_on=rests_on, states={**HELD, **states}, assumptions=frozenset(assumptions))

    assert found.gave_way == tuple(Beneath(*one) for one in gave_way)
    assert found.assumed == tuple(Beneath(*one) for one in assumed)
    assert found.is_sound == (not gave_way)


def test_what_nobody_judged_was_taken_out_of_the_case():
    found = footing("a", rests_on={"a": ["z"]}, states={}, assumptions=frozenset())

    assert found.gave_way == (Beneath("z", "voided", None),)


graphs = st.dictionaries(st.sampled_from("abcde"), st.sets(st.sampled_from("abcde")), max_size=5)


@given(graphs, st.dictionaries(st.sampled_from("abcde"), st.sampled_from(["withdrawn", "unsupported", "disputed"])))
def test_each_claim_beneath_is_named_once_also_in_a_circle(rests_on, states):
    found = footing("a", rests_on=rests_on, states={**HELD, **states}, assumptions=frozenset("b"))

    named = [one.claim for one in (*found.gave_way, *found.assumed)]
    assert len(named) == len(set(named))
    assert "a" not in named


# --- Actions ------------------------------------------------------------------------------------------------------


@pytest.fixture
def lead(db):
    return make.lead("lead")


@pytest.fixture
def case(lead):
    return make.case(lead)


@pytest.fixture
def three(case, lead):
    return [make.claim(case, lead) for _claim in range(3)]


def rest(claim, lead, other, **values):
    return actions.add_dependence(claim, by=lead, rests_on=other, **values)


def rests(claim, lead):
    return selectors.claim_with_standing(claim, lead).rests


def test_a_claim_never_rests_on_itself_directly_or_through_others(case, lead, three):
    first, second, third = three
    rest(first, lead, second)
    rest(second, lead, third)

    for claim, other in ((first, first), (second, first), (third, first), (first, second)):
        with pytest.raises(Refused) as refused:
            rest(claim, lead, other)
        assert refused.value.field == "rests_on"
    with pytest.raises(IntegrityError), transaction.atomic():
        Dependence.objects.create(case=case, claim=third, rests_on=third)

    assert Dependence.objects.count() == 2


def test_claims_of_two_cases_never_rest_on_each_other_nor_on_what_was_taken_out(case, lead, three):
    other = make.claim(make.case(lead), lead)
    actions.void_claim(three[1], by=lead, reason="Twice.")

    for target in (other, three[1]):
        with pytest.raises(Refused):
            rest(three[0], lead, target)


def test_a_dependence_that_would_close_a_circle_stays_withdrawn(case, lead, three):
    first, second, _third = three
    dependence = rest(first, lead, second)
    actions.void_in_case(dependence, by=lead, reason="The other way round.")
    rest(second, lead, first)

    with pytest.raises(Refused, match="circle"):
        take_back_change(dependence, by=lead)
    take_back_addition(Dependence.objects.current().get(), by=lead)
    actions.restore_dependence(dependence, by=lead)

    assert Dependence.objects.current().get() == dependence


def test_only_who_may_edit_says_what_rests_on_what(case, lead, three):
    viewer = make.user("viewer")
    make.member(case, viewer, "viewer")

    with pytest.raises(NotAllowed):
        rest(three[0], viewer, three[1])
    with pytest.raises(NotVisible):
        rest(three[0], make.lead(), three[1])


def test_a_warning_names_what_gave_way_and_the_standing_stays(case, lead, three):
    first, second, third = three
    make.cited(first, lead, make.original(case, lead))
    make.cited(second, lead, make.original(case, lead))
    rest(first, lead, second, note="The route follows from it.")
    rest(second, lead, third)
    assert rests(first, lead).warnings == ("Through C-02 it rests on a claim that gave way: C-03 is unsupported.",)

    actions.set_outcome(second, by=lead, outcome="refuted", reason="Another ship.")

    line = selectors.claim_with_standing(first, lead)
    assert line.rests.warnings == ("It rests on a claim that gave way: C-02 was refuted.",)
    assert [(one.label, one.state, one.note) for one in line.rests.on] == [
        ("C-02", "refuted", "The route follows from it.")
    ]
    assert [(one.label, one.state) for one in rests(second, lead).carries] == [("C-01", "single_origin")]
    assert line.standing == "single_origin"
    actions.void_claim(second, by=lead, reason="Entered twice.")
    assert rests(first, lead).warnings == ("It rests on a claim that gave way: C-02 was taken out of the case.",)
    assert rests(first, lead).on[0].state == "voided"


def test_an_assumption_stands_beside_the_claims_that_rest_on_it(case, lead, three):
    assumed = make.claim(case, lead, kind="assumption", text="The list of port calls is complete.")
    rest(three[0], lead, three[1])
    rest(three[1], lead, assumed)
    make.cited(three[1], lead, make.original(case, lead))

    found = rests(three[0], lead)

    assert [(line.label, line.text, through) for line, through in found.assumed] == [
        ("C-04", "The list of port calls is complete.", "C-02")
    ]
    assert found.warnings == ()


# --- Pages --------------------------------------------------------------------------------------------------------


def at(name, *args):
    return reverse(f"cases:{name}", args=args)


def test_the_page_of_a_claim_takes_what_it_rests_on_and_shows_it_on_both(client, case, lead, three):
    first, second, _third = three
    client.force_login(lead)

    added = client.post(at("dependence_add", case.pk, first.pk), {"rests_on": "C-02", "note": "So."})
    again = client.post(at("dependence_add", case.pk, first.pk), {"rests_on": "C-02"})
    circle = client.post(at("dependence_add", case.pk, second.pk), {"rests_on": "C-01"})

    dependence = Dependence.objects.get()
    assert added["Location"] == first.get_absolute_url()
    assert [list(page.context["form"].errors) for page in (again, circle)] == [["rests_on"], ["rests_on"]]
    shown = client.get(first.get_absolute_url()).content.decode()
    assert "C-02 is unsupported" in shown
    assert "is not moved by this" in shown
    assert at("dependence_void", case.pk, dependence.pk) in shown
    assert "Claims that rest on it" in client.get(second.get_absolute_url()).content.decode()
    listed = client.get(at("claims", case.pk)).content.decode()
    assert "It rests on a claim that gave way: C-02 is unsupported." in listed
    history = client.get(at("history", case.pk)).content.decode()
    assert "let C-01 rest on another claim" in history
    warned = client.get(at("claim_void", case.pk, second.pk)).context["consequences"]
    assert warned[-1] == "What rests on it will warn that it gave way: C-01."
    asked = client.get(at("dependence_void", case.pk, dependence.pk))
    assert asked.context["consequences"] == ["C-01 no longer warns where C-02 gives way."]
    gone = client.post(at("dependence_void", case.pk, dependence.pk), {"reason": "Not so."})
    assert gone["Location"] == first.get_absolute_url()
    assert Dependence.objects.get().void_reason == "Not so."
    assert str(dependence) == "C-01 rests on C-02"
    assert dependence.get_absolute_url() == f"{first.get_absolute_url()}#rests"


def test_a_claim_taken_out_is_restored_on_its_page(client, case, lead, three):
    client.force_login(lead)
    actions.void_claim(three[0], by=lead, reason="Twice.")

    page = client.get(three[0].get_absolute_url()).content.decode()
    asked = client.get(at("claim_restore", case.pk, three[0].pk))
    client.post(at("claim_restore", case.pk, three[0].pk))

    assert at("claim_restore", case.pk, three[0].pk) in page
    assert len(asked.context["consequences"]) == 1
    assert not Claim.objects.get(pk=three[0].pk).is_voided
