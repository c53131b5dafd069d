"""What may be recorded about a designation, by whom, and what is refused."""

import pytest

from casefiles.access.actions import NotAllowed, NotVisible, void_record
from casefiles.access.circles import Circle
from casefiles.audit.selectors import history
from casefiles.core.moments import parse_moment
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.sanctions import actions
from casefiles.sanctions.models import Designation
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def team(lead, viewer):
    return make.circle(lead, viewer=viewer)


@pytest.fixture
def circle(team):
    return make.restricted_to(team)


@pytest.fixture
def authority(lead, team):
    return make.authority(lead, name="United Kingdom", short_name="UK", country="GB")


def test_whoever_edits_somewhere_may_add_an_authority_and_a_programme(lead, team):
    added = actions.add_authority(by=lead, name="  European   Union ", short_name="EU")
    programme = actions.add_programme(by=lead, authority=added, key="EU-MARE", name="Vessels")

    assert (added.name, added.name_key) == ("European Union", "european union")
    assert str(programme) == "EU-MARE: Vessels"


def test_whoever_edits_nowhere_may_add_neither(viewer, authority):
    with pytest.raises(NotAllowed):
        actions.add_authority(by=viewer, name="United States")
    with pytest.raises(NotAllowed):
        actions.add_programme(by=viewer, authority=authority, key="US-NK", name="Korea")


def test_an_authority_is_named_once(lead, authority):
    with pytest.raises(Exception) as refusal:
        actions.add_authority(by=lead, name="United Kingdom")

    assert "name" in refusal.value.error_dict


def test_an_authority_and_a_programme_can_be_changed(lead, authority):
    programme = make.programme(lead, authority)

    actions.change_authority(authority, by=lead, version=1, short_name="HMG")
    actions.change_programme(programme, by=lead, version=1, name="Russia")

    assert (authority.short_name, authority.version) == ("HMG", 2)
    assert (programme.name, programme.name_key, programme.version) == ("Russia", "russia", 2)


@pytest.mark.parametrize("change", [actions.add_authority, None])
def test_a_country_that_does_not_exist_is_refused(lead, authority, change):
    with pytest.raises(Refused) as refusal:
        if change:
            change(by=lead, name="Nowhere", country="QQ")
        else:
            actions.change_authority(authority, by=lead, version=1, country="QQ")

    assert refusal.value.field == "country"


@pytest.mark.parametrize("kind", ["vessel", "organisation", "person"])
def test_a_designation_has_one_target_of_three_kinds(lead, circle, authority, kind):
    target = getattr(make, kind)(lead)

    designation = make.designation(lead, circle=circle, authority=authority, **{kind: target})

    assert designation.target == target
    assert str(designation) == f"UK: {target}"


def test_no_target_and_two_targets_are_refused(lead, circle, authority):
    vessel, person = make.vessel(lead), make.person(lead)

    with pytest.raises(Refused) as nobody:
        actions.add_designation(by=lead, circle=circle, authority=authority)
    with pytest.raises(Refused) as both:
        actions.add_designation(by=lead, circle=circle, authority=authority, vessel=vessel, person=person)

    assert (nobody.value.field, both.value.field) == ("vessel", "person")
    assert not Designation.objects.exists()


def test_a_change_cannot_take_the_target_away_or_add_another(lead, circle, authority):
    designation = make.designation(lead, circle=circle, authority=authority)

    for changes in ({"vessel": None}, {"organisation": make.organisation(lead)}):
        with pytest.raises(Refused):
            actions.change_designation(designation, by=lead, version=1, **changes)
    assert Designation.objects.get().version == 1


def test_measures_come_from_the_list_once_each_in_its_order(lead, circle):
    designation = make.designation(lead, circle=circle, measures=["travel ban", "asset freeze", "travel ban"])

    assert designation.measures == ["asset freeze", "travel ban"]
    assert designation.measures_text == "asset freeze, travel ban"
    with pytest.raises(Refused) as refusal:
        actions.change_designation(designation, by=lead, version=1, measures=["house arrest"])
    assert refusal.value.field == "measures"


def test_announced_in_force_and_ended_are_three_dates(lead, circle):
    designation = make.designation(
        lead, circle=circle, announced="24 June 2024", in_force="25 June 2024", ended="March 2025"
    )

    designation = Designation.objects.get(pk=designation.pk)
    assert designation.announced.edtf == "2024-06-24"
    assert designation.in_force.edtf == "2024-06-25"
    assert (designation.ended.edtf, designation.end_kind) == ("2025-03", "dated")


@pytest.mark.parametrize(
    "dates",
    [
        {"in_force": "2024-06-25", "ended": "2024-06-24"},
        {"announced": "2024-06-25", "ended": "May 2024"},
        {"ended": "2024-06-24", "end_kind": "ongoing"},
        {"end_kind": "dated"},
    ],
)
def test_dates_that_contradict_each_other_are_refused(lead, circle, dates):
    with pytest.raises(Refused) as refusal:
        make.designation(lead, circle=circle, **dates)

    assert refusal.value.field == "ended"


def test_a_programme_belongs_to_the_authority(lead, circle, authority):
    other = make.programme(lead, make.authority(lead))

    with pytest.raises(Refused) as refusal:
        make.designation(lead, circle=circle, authority=authority, programme=other)

    assert refusal.value.field == "programme"


def test_a_designation_for_everyone_cannot_name_a_restricted_target(lead, circle, authority):
    hidden = make.vessel(lead, circle=circle)

    with pytest.raises(Refused):
        actions.add_designation(by=lead, circle=Circle.everyone(), authority=authority, vessel=hidden)
    assert not Designation.objects.exists()


def test_a_change_cannot_name_a_target_that_some_readers_may_not_see(lead, circle, authority):
    designation = make.designation(lead, authority=authority)
    hidden = make.vessel(lead, circle=circle)

    with pytest.raises(Refused):
        actions.change_designation(designation, by=lead, version=1, vessel=hidden)


def test_only_editors_of_the_circle_add_change_and_void(lead, viewer, circle, authority):
    stranger = make.lead("stranger")
    make.circle(stranger)
    designation = make.designation(lead, circle=circle, authority=authority)

    with pytest.raises(NotAllowed):
        make.designation(viewer, circle=circle, authority=authority, vessel=designation.vessel)
    for somebody, refusal in ((viewer, NotAllowed), (stranger, NotVisible)):
        with pytest.raises(refusal):
            actions.change_designation(designation, by=somebody, version=1, note="Hello.")
        with pytest.raises(refusal):
            void_record(designation, by=somebody, reason="No.")


def test_a_change_is_recorded_field_by_field(lead, circle):
    designation = make.designation(lead, circle=circle, in_force="2024-06-13")

    actions.change_designation(
        designation, by=lead, version=1, in_force=parse_moment("31 July 2024"), grounds="Cargo.\r\nMore."
    )

    newest = history([designation.pk])[0]
    changes = {change.field: (change.old, change.new) for change in newest.changes}
    assert changes["in_force_edtf"] == ("2024-06-13", "2024-07-31")
    assert changes["grounds"] == ("", "Cargo.\nMore.")
    assert designation.version == 2


def test_a_stale_change_is_refused_and_an_equal_one_leaves_the_version(lead, circle):
    designation = make.designation(lead, circle=circle, list_name="OFSI")

    actions.change_designation(designation, by=lead, version=1, list_name="OFSI")
    assert designation.version == 1
    actions.change_designation(designation, by=lead, version=1, list_name="UK list")
    with pytest.raises(StaleVersion):
        actions.change_designation(designation, by=lead, version=1, list_name="Other")


def test_a_voided_designation_stays_but_no_longer_counts_or_changes(lead, circle):
    designation = make.designation(lead, circle=circle)

    void_record(designation, by=lead, reason="Wrong ship.")

    assert Designation.objects.count() == 1
    assert not Designation.objects.current().exists()
    with pytest.raises(Refused):
        actions.change_designation(designation, by=lead, version=2, note="x")
