"""The claims as a ledger: their order, what they are about, one split in two, two merged, and all of it back."""

import pytest

from casefiles.cases import actions, selectors
from casefiles.cases.models import Claim, Dependence, ElementFinding, Lookup, Stance
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence.actions.items import void_item
from casefiles.evidence.models import Citation
from casefiles.workspace.actions import take_back_addition, take_back_change
from tests import make


@pytest.fixture
def lead(db):
    return make.lead("lead")


@pytest.fixture
def case(lead):
    return make.case(lead)


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def labels(case, lead):
    return [line.label for line in selectors.claims_with_standing(case, lead)]


def cited(claim):
    rows = Citation.objects.current().filter(assertion=claim.pk).order_by("created_at", "pk")
    return [(row.item_id, row.locator, row.quote, row.stance) for row in rows]


# --- Order --------------------------------------------------------------------------------------------------------


def test_a_claim_is_given_another_place_and_the_others_close_up(case, lead):
    claims = [make.claim(case, lead) for _claim in range(4)]
    actions.void_claim(claims[1], by=lead, reason="Twice.")

    places = [actions.place_claim(claims[3], by=lead, position=1), actions.place_claim(claims[0], by=lead, position=99)]

    assert places == [1, 4]
    assert labels(case, lead) == ["C-04", "C-03", "C-01"]
    assert sorted(Claim.objects.values_list("position", flat=True)) == [1, 2, 3, 4]
    assert fresh(claims[3]).version == 1
    assert make.claim(case, lead).position == 5


def test_a_place_is_counted_from_one_in_an_open_case_and_taken_back(case, lead):
    first, second = make.claim(case, lead), make.claim(case, lead)

    with pytest.raises(Refused):
        actions.place_claim(second, by=lead, position=0)
    actions.place_claim(second, by=lead, position=1)
    actions.place_claim(second, by=lead, position=1)
    assert labels(case, lead) == ["C-02", "C-01"]
    take_back_change(second, by=lead)

    assert labels(case, lead) == ["C-01", "C-02"]
    actions.void_claim(first, by=lead, reason="Twice.")
    with pytest.raises(Refused):
        actions.place_claim(first, by=lead, position=2)


# --- Subjects -----------------------------------------------------------------------------------------------------


def test_a_claim_is_about_subjects_of_its_own_case(case, lead):
    ship = actions.add_subject(case, by=lead, vessel=make.vessel(lead, display_name="Angara"), is_main=True)
    yard = actions.add_subject(case, by=lead, organisation=make.organisation(lead, name="Xinya"))
    foreign = actions.add_subject(make.case(lead), by=lead, vessel=make.vessel(lead))
    claim = make.claim(case, lead, text="It sailed.", subjects=[yard, ship, ship], gaps="Nobody has seen the hold.")

    with pytest.raises(Refused):
        actions.change_claim(claim, by=lead, version=1, subjects=[foreign])
    assert selectors.claim_with_standing(claim, lead).subjects == ("Angara", "Xinya")
    actions.remove_subject(ship, by=lead, reason="Another case.")
    actions.change_claim(claim, by=lead, version=1, subjects=[ship], text="The ship lay there.")
    with pytest.raises(StaleVersion):
        actions.change_claim(claim, by=lead, version=1, subjects=[])
    take_back_change(fresh(claim), by=lead, version=2)

    again = fresh(claim)
    assert (set(again.subjects.all()), again.gaps) == ({ship, yard}, "Nobody has seen the hold.")
    actions.change_claim(again, by=lead, version=again.version, text="It lay there.")
    take_back_change(fresh(again), by=lead)
    assert fresh(claim).text == "It sailed."
    with pytest.raises(Refused):
        make.claim(case, lead, subjects=[foreign])


# --- Splitting ----------------------------------------------------------------------------------------------------


@pytest.fixture
def compound(case, lead):
    """A claim with three citations and two stances, that rests on an assumption, with a lookup that bears on it."""
    claim = make.claim(
        case, lead, text="The ship called at Rajin and was then loaded.", likelihood="likely", is_key=True
    )
    make.claim(case, lead, text="Behind it.")
    reports = [make.original(case, lead) for _report in range(3)]
    for number, report in enumerate(reports, start=1):
        make.cited(claim, lead, report, locator=f"p. {number}")
    for report in reports[:2]:
        make.said(case, lead, report, stances={claim: "denies"})
    actions.add_dependence(claim, by=lead, rests_on=make.claim(case, lead, kind="assumption"), note="So.")
    actions.add_lookup(case, by=lead, searched="Archive", result="cloud", claims=[claim])
    return claim


def split(claim, lead, *, goes, stances=(), version=1, first="The ship called at Rajin.", second="It was loaded."):
    citations = list(Citation.objects.current().filter(assertion=claim.pk).order_by("created_at", "pk"))
    held = list(Stance.objects.current().filter(claim=claim).order_by("created_at", "pk"))
    return actions.split_claim(
        claim,
        by=lead,
        version=version,
        first=first,
        second=second,
        citations=dict(zip(citations, goes, strict=True)),
        stances=dict(zip(held, stances, strict=False)),
    )


def test_a_split_shares_out_citations_and_stances_and_keeps_the_rest_on_both(case, lead, compound):
    part = split(compound, lead, goes=["first", "second", "both"], stances=["second", "first"])

    first, second = fresh(compound), fresh(part)
    assert (first.text, second.text) == ("The ship called at Rajin.", "It was loaded.")
    assert [locator for _item, locator, *_rest in cited(first)] == ["1", "3"]
    assert [locator for _item, locator, *_rest in cited(second)] == ["2", "3"]
    assert [Stance.objects.current().filter(claim=one).count() for one in (first, second)] == [1, 1]
    assert labels(case, lead)[:3] == ["C-01", "C-04", "C-02"]
    assert (second.likelihood, second.is_key) == ("likely", True)
    line = selectors.claim_with_standing(second, lead)
    assert [one.label for one in line.rests.on] == ["C-03"]
    assert [one.label for one in line.lookups] == ["L-01"]


def test_a_split_is_taken_back_whole(case, lead, compound):
    before = cited(compound)
    part = split(compound, lead, goes=["first", "second", "both"], stances=["second", "both"])

    take_back_addition(fresh(part), by=lead)
    take_back_addition(Claim.objects.get(number=2), by=lead)

    first = fresh(compound)
    assert first.text == "The ship called at Rajin and was then loaded."
    assert cited(first) == before
    assert Stance.objects.current().filter(claim=first).count() == 2
    assert fresh(part).is_voided


def test_words_that_were_changed_after_a_split_stay_when_it_is_taken_back(lead, compound):
    part = split(compound, lead, goes=["first"] * 3)
    first = fresh(compound)
    actions.change_claim(first, by=lead, version=first.version, text="It called at Rajin twice.")

    actions.take_back_claim(fresh(part), by=lead, reason="One claim after all.")

    assert fresh(compound).text == "It called at Rajin twice."


def test_a_split_needs_two_halves_the_newest_version_and_what_is_the_claims_own(case, lead, compound):
    other = make.cited(make.claim(case, lead), lead, make.original(case, lead))

    for field, words in (("first", {"first": " "}), ("second", {"second": ""})):
        with pytest.raises(Refused) as refused:
            split(compound, lead, goes=["both"] * 3, **words)
        assert refused.value.field == field
    with pytest.raises(StaleVersion):
        split(compound, lead, goes=["both"] * 3, version=7)
    with pytest.raises(Refused):
        actions.split_claim(compound, by=lead, version=1, first="A.", second="B.", citations={other: "both"})
    with pytest.raises(ValueError, match="third"):
        split(compound, lead, goes=["third"] * 3)

    assert Claim.objects.count() == 4
    assert fresh(compound).version == 1


# --- Merging ------------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(case, lead):
    """Two claims that say the same; each cites a report of its own, and both cite a third in the same words."""
    both, kept, gone = (make.original(case, lead) for _report in range(3))
    ship = actions.add_subject(case, by=lead, vessel=make.vessel(lead))
    stays = make.claim(case, lead, text="The ship called at Rajin.")
    duplicate = make.claim(case, lead, text="Rajin was called at by the ship.", subjects=[ship])
    make.cited(stays, lead, both, kept, locator="p. 4")
    make.cited(duplicate, lead, both, gone, locator="p. 4")
    return stays, duplicate


def merge(duplicate, into, lead, reason="The same call.", **values):
    return actions.merge_claims(duplicate, by=lead, into=into, reason=reason, **values)


def test_a_duplicate_is_voided_and_the_other_takes_over_all_that_stood_on_it(case, lead, pair):
    stays, duplicate = pair
    report = make.original(case, lead)
    said = make.said(case, lead, report, stances={duplicate: "denies"})
    make.said(case, lead, report, stances={duplicate: "confirms", stays: "confirms"})
    beneath, above, taken_out = (make.claim(case, lead) for _claim in range(3))
    actions.add_dependence(duplicate, by=lead, rests_on=beneath)
    actions.add_dependence(duplicate, by=lead, rests_on=stays)
    for claim in (above, taken_out):
        actions.add_dependence(claim, by=lead, rests_on=duplicate)
    actions.void_claim(taken_out, by=lead, reason="Twice.")
    actions.add_lookup(case, by=lead, searched="Archive", result="cloud", claims=[duplicate])
    provision = make.provision(lead, "It lay there.")
    duty = actions.add_duty(case, by=lead, provision=provision, country="CN")
    finding = actions.add_finding(
        duty, by=lead, element=provision.elements.get(), finding="met", claims=[duplicate, stays]
    )

    merge(duplicate, stays, lead)

    stays, duplicate = fresh(stays), fresh(duplicate)
    assert (duplicate.is_voided, duplicate.merged_into) == (True, stays)
    assert duplicate.assertion.void_reason == "Merged into C-01: The same call."
    assert len(cited(stays)) == 3
    line = selectors.claim_with_standing(stays, lead)
    assert [(one.statement_label, one.stance) for one in line.stances] == [(said.label, "denies"), ("S-02", "confirms")]
    assert [one.label for one in line.rests.on] == [beneath.label]
    assert [one.label for one in line.rests.carries] == [above.label]
    assert [one.label for one in line.lookups] == ["L-01"]
    assert len(line.subjects) == 1
    assert list(fresh(finding).claims.all()) == [stays]
    assert fresh(finding).claim_count == 1


def test_restoring_a_duplicate_takes_from_the_other_what_it_took_over(case, lead, pair):
    stays, duplicate = pair
    before = cited(stays), cited(duplicate)
    above = make.claim(case, lead)
    make.said(case, lead, make.original(case, lead), stances={duplicate: "denies"})
    actions.add_dependence(above, by=lead, rests_on=duplicate)
    actions.add_dependence(duplicate, by=lead, rests_on=make.claim(case, lead))
    actions.add_lookup(case, by=lead, searched="Archive", result="cloud", claims=[duplicate])
    provision = make.provision(lead, "It lay there.")
    duty = actions.add_duty(case, by=lead, provision=provision, country="CN")
    actions.add_finding(duty, by=lead, element=provision.elements.get(), finding="met", claims=[duplicate])
    merge(duplicate, stays, lead)

    take_back_change(fresh(duplicate), by=lead)

    stays, duplicate = fresh(stays), fresh(duplicate)
    assert (cited(stays), cited(duplicate)) == before
    assert (duplicate.is_voided, duplicate.merged_into, duplicate.taken_over) == (False, None, {})
    assert [one.rests_on for one in above.dependences.current()] == [duplicate]
    assert Stance.objects.current().get().claim == duplicate
    assert list(ElementFinding.objects.get().claims.all()) == [duplicate]
    assert list(Lookup.objects.get().claims.all()) == [duplicate]
    assert not stays.subjects.exists()
    assert not stays.dependences.current().exists()


def test_a_dependence_said_anew_meanwhile_and_a_survivor_taken_out_are_no_hindrance(case, lead, pair):
    stays, duplicate = pair
    above = make.claim(case, lead)
    actions.add_dependence(above, by=lead, rests_on=duplicate)
    merge(duplicate, stays, lead)
    # As a restore by hand of that one dependence would leave it.
    actions.restore_dependence(Dependence.objects.get(rests_on=duplicate), by=lead)
    actions.void_claim(fresh(stays), by=lead, reason="Neither.")

    actions.restore_claim(fresh(duplicate), by=lead)

    assert [one.rests_on for one in above.dependences.current()] == [duplicate]
    assert fresh(stays).subjects.count() == 1


def test_only_two_standing_claims_of_one_case_are_merged_and_with_a_reason(case, lead, pair):
    stays, duplicate = pair
    foreign, fallen, voided = make.claim(make.case(lead), lead), make.claim(case, lead), make.claim(case, lead)
    actions.set_outcome(fallen, by=lead, outcome="withdrawn", reason="Misread.")
    actions.void_claim(voided, by=lead, reason="Twice.")

    for into in (duplicate, foreign, fallen, voided):
        with pytest.raises(Refused):
            merge(duplicate, into, lead)
    with pytest.raises(Refused) as unsaid:
        merge(duplicate, stays, lead, reason=" ")
    with pytest.raises(StaleVersion):
        merge(duplicate, stays, lead, version=9)

    assert unsaid.value.field == "reason"
    assert len(cited(stays)) == 2


def test_claims_between_which_a_third_stands_are_not_merged(case, lead, pair):
    stays, duplicate = pair
    between = make.claim(case, lead)
    actions.add_dependence(duplicate, by=lead, rests_on=between)
    actions.add_dependence(between, by=lead, rests_on=stays)

    for one, other in ((duplicate, stays), (stays, duplicate)):
        with pytest.raises(Refused, match="third claim"):
            merge(one, other, lead)


def test_a_statement_that_says_two_things_is_settled_before_merging(case, lead, pair):
    stays, duplicate = pair
    make.said(case, lead, make.original(case, lead), stances={duplicate: "denies", stays: "confirms"})

    with pytest.raises(Refused, match="S-01 says different things"):
        merge(duplicate, stays, lead)


def test_a_citation_of_a_voided_item_stays_with_the_duplicate(case, lead, pair):
    stays, duplicate = pair
    exhibit = make.original(case, lead)
    make.cited(duplicate, lead, exhibit)
    void_item(exhibit.item, by=lead, reason="Forged.")

    merge(duplicate, stays, lead)

    assert len(cited(stays)) == 3
    assert len(cited(duplicate)) == 3


def test_a_withdrawn_citation_is_restored_by_undo(case, lead, pair):
    stays, _duplicate = pair
    citation = Citation.objects.filter(assertion=stays.pk).first()
    actions.void_citation(citation, case=case, by=lead, reason="Wrong page.")

    take_back_change(fresh(citation), by=lead)

    assert not fresh(citation).is_voided
