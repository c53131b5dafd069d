"""Judging two vessels: recorded with a reason, for its readers alone, refused where it cannot be, and taken back."""

import itertools

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible, void_record
from casefiles.audit.selectors import history
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.registry import actions
from casefiles.registry.models import Vessel, VesselJudgement
from casefiles.registry.selectors import group_of, groups_of, joined_among, judgements_on
from casefiles.workspace.actions.taking_back import take_back_change
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def team(lead):
    return make.circle(lead, viewer=make.user("viewer"))


@pytest.fixture
def stranger(db):
    person = make.lead("stranger")
    make.circle(person)
    return person


@pytest.fixture
def angara(lead, team):
    return make.vessel(lead, imo_number="9179842", display_name="Angara")


@pytest.fixture
def dark(lead, team):
    return make.vessel(lead, display_name="unidentified ro-ro, Rajin")


def names(group):
    return [str(one) for one in group.members], str(group.standing), group.is_disputed


def test_a_judgement_joins_both_ways_and_voided_it_parts_them_again(lead, angara, dark):
    judgement = make.judgement(lead, dark, angara, standing=angara)

    assert judgement.first_id < judgement.second_id
    for one in (angara, dark):
        assert names(group_of(one, lead)) == (["Angara", "unidentified ro-ro, Rajin"], "Angara", False)
    assert (group_of(angara, lead).keys, group_of(dark, lead).keys) == ([angara.pk, dark.pk], [dark.pk])

    void_record(judgement, by=lead, reason="Another bow.")

    assert names(group_of(dark, lead)) == (["unidentified ro-ro, Rajin"], "unidentified ro-ro, Rajin", False)
    assert [entry.act for entry in history([judgement.pk])] == ["voided", "added"]


@pytest.mark.parametrize("verdict", ["different", "unsure"])
def test_only_the_same_joins(lead, angara, dark, verdict):
    make.judgement(lead, angara, dark, verdict=verdict)

    assert group_of(angara, lead).others == ()
    assert [(one.verdict, one.other, one.stands, one.may_edit) for one in judgements_on(dark, lead)] == [
        (verdict, angara, None, True)
    ]


def test_for_whoever_may_not_see_the_judgement_there_is_none(lead, team, stranger, angara, dark):
    make.judgement(lead, angara, dark, circle=make.restricted_to(team))

    assert group_of(angara, stranger).others == () and judgements_on(angara, stranger) == []
    # They may judge the pair themselves, and learn nothing of the other judgement by it.
    make.judgement(stranger, angara, dark, verdict="different", circle=make.Circle.everyone())
    assert names(group_of(angara, stranger))[0] == ["Angara"]
    # Whoever sees both sees that they contradict each other, and then neither page answers for the other.
    disputed = group_of(angara, lead)
    assert (disputed.is_disputed, len(disputed.against), disputed.keys) == (True, 1, [angara.pk])


def test_a_judgement_reaches_no_further_than_both_anchors(lead, team, angara):
    hidden = make.vessel(lead, display_name="Hidden", circle=make.restricted_to(team))

    with pytest.raises(Refused, match="restricted to fewer people"):
        make.judgement(lead, angara, hidden, circle=make.Circle.everyone())
    make.judgement(lead, angara, hidden, circle=make.restricted_to(team))

    assert group_of(angara, lead).others == (hidden,)


def test_who_may_judge(lead, team, stranger, angara, dark):
    hidden = make.vessel(lead, circle=make.restricted_to(team))
    viewer = team.memberships.get(role="viewer").user

    with pytest.raises(NotVisible):
        make.judgement(stranger, angara, hidden)
    with pytest.raises(NotAllowed):
        make.judgement(viewer, angara, dark)
    judgement = make.judgement(lead, angara, dark, circle=make.restricted_to(team))
    with pytest.raises(NotAllowed):
        actions.change_judgement(judgement, by=viewer, version=1, verdict="unsure")
    with pytest.raises(NotVisible):
        void_record(judgement, by=stranger, reason="No.")


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"reason": " "}, "reason", "Say why"),
        ({"standing": None}, "standing", "Say whose page"),
        ({"standing": "dark"}, "standing", "“Angara” bears an official number"),
        ({"second": "angara"}, "other", "this one itself"),
        ({"second": "adler"}, "verdict", "never passes to another"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(lead, angara, dark, values, field, words):
    known = {"angara": angara, "dark": dark, "adler": make.vessel(lead, imo_number="9179854")}
    given = {name: known.get(value, value) for name, value in values.items()}

    with pytest.raises(Refused, match=words) as refusal:
        make.judgement(lead, angara, given.pop("second", dark), **{"standing": angara, **given})

    assert refusal.value.field == field
    assert not VesselJudgement._base_manager.exists()


def test_two_with_numbers_of_their_own_may_be_different_or_unsure(lead, angara):
    adler = make.vessel(lead, imo_number="9179854", display_name="Adler")

    make.judgement(lead, angara, adler, verdict="different")

    assert group_of(angara, lead).others == ()


def test_there_is_no_other_verdict_and_none_on_what_was_voided(lead, angara, dark):
    for wrong in ({"verdict": "perhaps"}, {"reason": "A\x00B"}):
        with pytest.raises(ValidationError):
            make.judgement(lead, angara, dark, **wrong)
    void_record(dark, by=lead, reason="Entered by mistake.")
    with pytest.raises(Refused, match="voided"):
        make.judgement(lead, angara, dark)


def test_a_pair_is_judged_once_for_the_same_readers(lead, team, angara, dark):
    make.judgement(lead, angara, dark, circle=make.restricted_to(team))

    with pytest.raises(Refused, match="judged for these readers already: the same"):
        make.judgement(lead, dark, angara, verdict="different", circle=make.restricted_to(team))
    make.judgement(lead, dark, angara, verdict="unsure", circle=make.Circle.everyone())

    assert VesselJudgement.objects.visible_to(lead).count() == 2


def test_a_judgement_changes_with_its_version_and_keeps_what_is_not_given(lead, angara, dark):
    judgement = make.judgement(lead, angara, dark, reason="The same bow.")

    changed = actions.change_judgement(judgement, by=lead, version=1, verdict="different")

    assert changed == {"verdict": ("same", "different"), "standing": (str(angara.pk), None)}
    with pytest.raises(StaleVersion):
        actions.change_judgement(judgement, by=lead, version=1, verdict="unsure")
    with pytest.raises(Refused, match="Say whose page"):
        actions.change_judgement(judgement, by=lead, version=2, verdict="same")


@pytest.mark.parametrize("values", [{"reason": "The same bow and the same scar."}, {"verdict": "unsure"}])
def test_a_change_is_taken_back_with_the_one_that_stood(lead, angara, dark, values):
    judgement = make.judgement(lead, angara, dark, reason="The same bow.")
    actions.change_judgement(judgement, by=lead, version=1, **values)

    take_back_change(VesselJudgement.objects.get(), by=lead, version=2)

    again = VesselJudgement.objects.get()
    assert (again.verdict, again.standing, again.reason) == ("same", angara, "The same bow.")


def test_what_was_voided_comes_back_unless_it_cannot_be_by_now(lead, angara, dark):
    judgement = make.judgement(lead, angara, dark)
    void_record(judgement, by=lead, reason="Another bow.")
    again = make.judgement(lead, angara, dark, verdict="unsure")

    with pytest.raises(Refused, match="already: unsure"):
        actions.restore_judgement(judgement, by=lead)
    void_record(again, by=lead, reason="Decided.")
    actions.restore_judgement(judgement, by=lead)
    assert group_of(dark, lead).standing == angara

    void_record(judgement, by=lead, reason="Another bow.")
    actions.change_vessel(dark, by=lead, version=1, imo_number="9179854")
    judgement = VesselJudgement.objects.get(pk=judgement.pk)
    with pytest.raises(Refused, match="never passes to another"):
        actions.restore_judgement(judgement, by=lead)


def test_a_number_given_later_makes_a_group_contradict_itself(lead, angara, dark):
    make.judgement(lead, angara, dark)
    actions.change_vessel(dark, by=lead, version=1, imo_number="9179854")

    group = group_of(angara, lead)

    assert (group.is_disputed, group.numbers, group.keys) == (True, ("9179842", "9179854"), [angara.pk])


def test_the_database_keeps_the_order_of_a_pair_and_that_one_of_them_stands(lead, angara, dark):
    low, high = sorted((angara, dark), key=lambda one: one.pk)
    third = make.vessel(lead)

    for values in (
        {"first": high, "second": low, "verdict": "unsure"},
        {"first": low, "second": high, "verdict": "same"},
        {"first": low, "second": high, "verdict": "same", "standing": third},
        {"first": low, "second": high, "verdict": "different", "standing": low},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            VesselJudgement._base_manager.create(reason="Why.", **values)


def test_groups_of_many_ask_as_often_as_of_one(lead, angara, dark, django_assert_num_queries):
    others = [make.vessel(lead) for _one in range(6)]
    with django_assert_num_queries(1):
        group_of(angara, lead)
    for other in (dark, *others):
        make.judgement(lead, angara, other)

    with django_assert_num_queries(1):
        assert len(group_of(angara, lead).keys) == 8
    with django_assert_num_queries(1):
        found = groups_of([angara, dark, *others], lead)

    assert {group.standing for group in found.values()} == {angara}
    assert groups_of([], lead) == {}


def test_a_chain_and_a_circle_of_judgements_are_followed_in_one_question(lead, team, django_assert_num_queries):
    ships = [make.vessel(lead) for _one in range(6)]
    for first, second in itertools.pairwise([*ships, ships[0]]):
        make.judgement(lead, first, second)
    make.judgement(lead, ships[0], make.vessel(lead), verdict="unsure")
    apart = make.vessel(lead)

    with django_assert_num_queries(1):
        found = groups_of([ships[3], apart], lead)

    assert {one.pk for one in found[ships[3].pk].members} == {one.pk for one in ships}
    assert found[apart.pk].keys == [apart.pk]


def test_only_those_that_are_joined_with_others_are_told_of_many(lead, angara, dark, django_assert_num_queries):
    alone = make.vessel(lead)
    make.judgement(lead, angara, dark)
    contradicted, other = make.vessel(lead), make.vessel(lead)
    make.judgement(lead, contradicted, other)
    make.judgement(lead, contradicted, other, circle=make.restricted_to(make.circle(lead)), verdict="different")
    asked = Vessel.objects.filter(pk__in=[dark.pk, alone.pk, contradicted.pk]).values("pk")

    with django_assert_num_queries(1):
        found = joined_among(Vessel, asked, lead)

    assert {key: group.standing for key, group in found.items()} == {angara.pk: angara, dark.pk: angara}


@pytest.mark.parametrize(("kind", "listed"), [("vessel", "vessels"), ("organisation", "organisations")])
def test_a_list_says_with_which_others_an_anchor_is_one(client, lead, team, kind, listed, assert_same_queries):
    standing, other = (getattr(make, kind)(lead) for _one in range(2))
    client.force_login(lead)
    address = reverse(f"registry:{listed}")
    assert "the same as" not in client.get(address).text
    make.judgement(lead, standing, other, standing=standing)

    page = client.get(address).text

    assert page.count("the same as") == 1 and page.count("answers also for") == 1

    def add(count):
        for _one in range(count):
            make.judgement(lead, standing, getattr(make, kind)(lead), standing=standing)

    assert assert_same_queries(lambda: client.get(address), add) <= 8
