"""One condition says which rows a person may see or act on; lists and single answers are the same question."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef

from casefiles.access import actions as access
from casefiles.access.circles import Circle
from casefiles.access.models import Compartment, Membership
from casefiles.access.rules import ROLES_FOR, Act, Role
from casefiles.core.refusals import Refused
from casefiles.registry.models import Vessel
from tests import make

pytestmark = pytest.mark.django_db

ACTS = list(Act)


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def people(lead):
    """Return one person for each role in one compartment, a stranger, and a member of another."""
    members = {role: make.user(role) for role in ("viewer", "researcher", "editor")}
    compartment = make.circle(lead, **members)
    other = make.lead("other")
    make.circle(other)
    return {**members, "lead": lead, "stranger": make.user("stranger"), "other": other, "compartment": compartment}


def vessel(by, circle, **values):
    return access.add_record(Vessel(display_name="A ship", **values), by=by, circle=circle)


RESTRICTED = [
    ("viewer", {Act.READ, Act.COMMENT}),
    ("researcher", {Act.READ, Act.COMMENT, Act.EDIT}),
    ("editor", {Act.READ, Act.COMMENT, Act.EDIT, Act.REVIEW, Act.RELEASE}),
    ("lead", set(Act)),
    ("stranger", set()),
    ("other", set()),
]


@pytest.mark.parametrize(("who", "allowed"), RESTRICTED)
def test_a_restricted_record_answers_by_role(people, lead, who, allowed):
    record = vessel(lead, make.restricted_to(people["compartment"]))

    assert {act for act in ACTS if access.may(people[who], act, record)} == allowed
    assert (record in Vessel.objects.visible_to(people[who])) == (Act.READ in allowed)


OPEN = [
    ("viewer", {Act.READ, Act.COMMENT}),
    ("researcher", {Act.READ, Act.COMMENT, Act.EDIT}),
    ("stranger", {Act.READ, Act.COMMENT}),
    ("other", set(Act)),
]


@pytest.mark.parametrize(("who", "allowed"), OPEN)
def test_an_open_record_is_read_by_all_and_changed_by_whoever_has_the_role_somewhere(people, lead, who, allowed):
    record = vessel(lead, Circle.everyone(), imo_number=make.imo_number())

    assert {act for act in ACTS if access.may(people[who], act, record)} == allowed


def test_a_record_in_no_compartment_is_its_creators_alone(people, lead):
    record = vessel(lead, Circle())

    assert [who for who in ("viewer", "editor", "stranger", "other") if access.may(people[who], Act.READ, record)] == []
    assert access.may(lead, Act.EDIT, record)


def test_a_creator_who_left_the_circle_sees_it_no_more(people, lead):
    record = vessel(people["editor"], make.restricted_to(people["compartment"]))

    access.remove_member(compartment=people["compartment"], user=people["editor"], by=lead)

    assert not access.may(people["editor"], Act.READ, record)


def test_nobody_signed_out_and_no_disabled_account_sees_anything(people, lead):
    record = vessel(lead, Circle.everyone(), imo_number=make.imo_number())
    disabled = make.user("disabled", is_active=False)

    assert list(Vessel.objects.visible_to(AnonymousUser())) == []
    assert list(Vessel.objects.visible_to(disabled)) == []
    assert not access.may(disabled, Act.READ, record)


def test_a18_managing_accounts_shows_no_record(people, lead):
    administrator = make.user("administrator", is_staff=True, is_superuser=True)
    record = vessel(lead, make.restricted_to(people["compartment"]))

    assert not access.may(administrator, Act.READ, record)
    assert list(Compartment.objects.visible_to(administrator)) == []
    assert list(Membership.objects.visible_to(administrator)) == []


def test_a_role_in_one_circle_gives_nothing_in_another(people, lead):
    """One filter() for user and role: two would match a colleague's role."""
    mine = make.circle(people["other"], viewer=people["editor"])
    record = vessel(people["other"], make.restricted_to(mine))

    assert access.may(people["editor"], Act.READ, record)
    assert not access.may(people["editor"], Act.EDIT, record)


@pytest.mark.parametrize(("who", "expected"), [("stranger", access.NotVisible), ("viewer", access.NotAllowed)])
def test_what_one_may_not_see_does_not_exist_and_what_one_may_not_do_is_said(people, lead, who, expected):
    record = vessel(lead, make.restricted_to(people["compartment"]))

    with pytest.raises(expected):
        access.require(people[who], Act.EDIT, record)


def test_a_condition_keeps_to_its_own_rows_inside_a_query_over_the_same_table(people, lead):
    """Catches SQL that names a table where it should name the alias that the table has in this query."""
    seen = vessel(lead, make.restricted_to(people["compartment"]))
    hidden = vessel(people["other"], Circle())
    visible = Vessel.objects.visible_to(people["viewer"])

    asked = {
        "below itself": visible.filter(pk__in=visible.values("pk")),
        "beside everything": Vessel.objects.filter(Exists(visible.filter(pk=OuterRef("pk")))),
        "in a union": Vessel.objects.filter(pk__in=visible.values("pk").union(visible.values("pk"))),
        "negated": Vessel.objects.exclude(pk__in=visible.values("pk")),
    }

    found = {how: list(rows) for how, rows in asked.items()}
    assert found == {"below itself": [seen], "beside everything": [seen], "in a union": [seen], "negated": [hidden]}


def test_every_role_includes_the_one_below():
    ladder = [Role.VIEWER, Role.RESEARCHER, Role.EDITOR, Role.LEAD]

    for roles in ROLES_FOR.values():
        assert list(roles) == ladder[ladder.index(roles[0]) :]


class TestCircles:
    def test_a_record_may_name_what_all_its_readers_see(self, people, lead):
        target = vessel(lead, make.restricted_to(people["compartment"]))

        access.require_covered(make.restricted_to(people["compartment"]), [target, None])

    def test_an_open_record_may_not_name_a_restricted_one(self, people, lead):
        target = vessel(lead, make.restricted_to(people["compartment"]))

        with pytest.raises(Refused, match="restricted to fewer people"):
            access.require_covered(Circle.everyone(), [target])

    def test_a_wider_circle_may_not_name_a_narrower_one(self, people, lead):
        second = make.circle(lead)
        target = vessel(lead, make.restricted_to(people["compartment"]))

        with pytest.raises(Refused):
            access.require_covered(Circle(compartments=(people["compartment"], second)), [target])

    def test_nobody_adds_to_a_circle_they_may_not_write(self, people):
        for who in ("viewer", "stranger", "other"):
            with pytest.raises(access.NotAllowed):
                access.require_circle(people[who], make.restricted_to(people["compartment"]))
        access.require_circle(people["researcher"], make.restricted_to(people["compartment"]))

    def test_a_stranger_adds_nothing_that_everybody_sees(self, people):
        with pytest.raises(access.NotAllowed):
            access.require_circle(people["stranger"], Circle.everyone())

    def test_a34_sharing_needs_the_editors_role_here_and_the_right_to_edit_there(self, people, lead):
        record = vessel(lead, make.restricted_to(people["compartment"]))
        theirs = make.circle(people["other"])

        with pytest.raises(access.NotVisible):
            access.share(record, compartment=theirs, by=people["other"])
        with pytest.raises(access.NotVisible):
            access.share(record, compartment=theirs, by=people["editor"])
        with pytest.raises(access.NotAllowed):
            access.share(record, compartment=people["compartment"], by=people["researcher"])
        assert list(record.compartments.all()) == [people["compartment"]]

    def test_sharing_lets_the_other_circle_read(self, people, lead):
        record = vessel(lead, make.restricted_to(people["compartment"]))
        second = make.circle(lead, viewer=people["stranger"])

        access.share(record, compartment=second, by=lead)

        assert access.may(people["stranger"], Act.READ, record)


class TestTeams:
    def test_only_the_lead_changes_roles(self, people):
        for who in ("editor", "researcher", "viewer"):
            with pytest.raises(access.NotAllowed):
                access.set_role(
                    compartment=people["compartment"], user=people["stranger"], role=Role.VIEWER, by=people[who]
                )

    def test_a34_the_lead_of_another_case_cannot_join(self, people):
        with pytest.raises(access.NotVisible):
            access.set_role(compartment=people["compartment"], user=people["other"], role=Role.LEAD, by=people["other"])
        assert not Membership.objects.filter(compartment=people["compartment"], user=people["other"]).exists()

    @pytest.mark.parametrize("change", ["step down", "leave"])
    def test_m20_the_last_lead_stays(self, people, lead, change):
        with pytest.raises(Refused, match="needs a lead"):
            if change == "leave":
                access.remove_member(compartment=people["compartment"], user=lead, by=lead)
            else:
                access.set_role(compartment=people["compartment"], user=lead, role=Role.EDITOR, by=lead)

    def test_a_second_lead_frees_the_first(self, people, lead):
        access.set_role(compartment=people["compartment"], user=people["editor"], role=Role.LEAD, by=lead)

        access.remove_member(compartment=people["compartment"], user=lead, by=lead)

        assert not access.may(lead, Act.READ, people["compartment"])

    def test_an_unknown_role_is_refused(self, people, lead):
        from django.core.exceptions import ValidationError

        with pytest.raises(ValidationError):
            access.set_role(compartment=people["compartment"], user=people["viewer"], role="owner", by=lead)

    def test_removing_somebody_who_is_no_member_changes_nothing(self, people, lead):
        before = Membership.objects.count()

        access.remove_member(compartment=people["compartment"], user=people["stranger"], by=lead)

        assert Membership.objects.count() == before
