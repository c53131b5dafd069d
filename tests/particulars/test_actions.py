"""Dated values: they stand side by side, and only open names make what a vessel is called."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.access.circles import Circle
from casefiles.core.refusals import Refused
from casefiles.particulars import actions
from casefiles.particulars.models import FlagPeriod, IdentifierUse, NameUse
from casefiles.registry.models import Vessel
from tests import make

pytestmark = pytest.mark.django_db

OPEN = Circle.everyone()


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def team(lead):
    return make.circle(lead)


@pytest.fixture
def vessel(lead, team):
    return make.numbered_vessel(lead, display_name="not known yet")


def shown(vessel):
    return Vessel.objects.get(pk=vessel.pk)


def test_a_second_value_never_deletes_the_first(lead, vessel):
    make.flag(lead, vessel, "RU", period=make.period("2019", "ongoing"))
    make.flag(lead, vessel, "KP", period=make.period("2022", "ongoing"))

    assert sorted(FlagPeriod.objects.visible_to(lead).values_list("country", flat=True)) == ["KP", "RU"]


def test_the_name_in_force_is_what_a_vessel_is_called(lead, vessel):
    make.name_use(lead, vessel, "NEW", period=make.period("2016", "ongoing"))
    make.name_use(lead, vessel, "OLD", period=make.period("1998", "2015"))

    assert (shown(vessel).display_name, shown(vessel).open_names_key) == ("NEW", "new\nold")


def test_where_no_name_is_in_force_the_last_to_begin_is_shown(lead, vessel):
    make.name_use(lead, vessel, "SECOND", period=make.period("2005", "2010"))
    make.name_use(lead, vessel, "FIRST", period=make.period("1998", "2004"))

    assert shown(vessel).display_name == "SECOND"


def test_an_alias_is_found_but_never_shown(lead, vessel):
    make.name_use(lead, vessel, "Ангара", kind="alias", period=make.period("2020", "ongoing"))

    assert shown(vessel).display_name == "not known yet"
    assert list(Vessel.objects.visible_to(lead).matching("ангара")) == [vessel]


def test_a_secret_name_neither_shows_nor_is_found(lead, team, vessel):
    make.name_use(lead, vessel, "SECRET", circle=make.restricted_to(team), period=make.period("2020", "ongoing"))

    assert (shown(vessel).display_name, shown(vessel).open_names_key) == ("not known yet", "")


def test_a_voided_name_stops_being_shown(lead, vessel):
    make.name_use(lead, vessel, "RIGHT", period=make.period("2010", "ongoing"))
    wrong = make.name_use(lead, vessel, "WRONG", period=make.period("2020", "ongoing"))

    actions.void_particular(wrong, by=lead, reason="another hull")

    assert (shown(vessel).display_name, shown(vessel).open_names_key) == ("RIGHT", "right")


def test_a_restored_name_is_shown_again(lead, vessel):
    use = make.name_use(lead, vessel, "ANGARA", period=make.period("2020", "ongoing"))
    actions.void_particular(use, by=lead, reason="a slip")

    actions.restore_particular(use, by=lead)

    assert shown(vessel).open_names_key == "angara"


def test_a_corrected_name_is_corrected_where_it_shows(lead, vessel):
    use = make.name_use(lead, vessel, "ANGORA", period=make.period("2020", "ongoing"))

    actions.change_particular(use, by=lead, version=1, name="ANGARA")

    assert shown(vessel).display_name == "ANGARA"


@pytest.mark.parametrize(
    ("scheme", "value", "says"),
    [
        ("mmsi", "002731000", "coast station"),
        ("mmsi", "111273000", "aircraft"),
        ("mmsi", "992731000", "aid to navigation"),
        ("mmsi", "970123456", "transmitter"),
        ("mmsi", "27321044", "nine digits"),
        ("mmsi", "000000000", "Zero"),
        ("call sign", "12345", "letter"),
    ],
)
def test_a_radio_that_is_no_ship_is_refused_with_what_it_is(lead, vessel, scheme, value, says):
    with pytest.raises(ValidationError) as refusal:
        actions.add_identifier_use(by=lead, circle=OPEN, vessel=vessel, scheme=scheme, value=value)

    assert says in refusal.value.message_dict["value"][0]


def test_a_number_painted_on_a_hull_never_becomes_its_number(lead, team):
    dark = make.vessel(lead)

    actions.add_identifier_use(by=lead, circle=OPEN, vessel=dark, scheme="imo shown", value="9179842")

    assert shown(dark).imo_number is None
    assert IdentifierUse.objects.get().value == "9179842"


def test_a_call_sign_is_kept_in_capitals(lead, vessel):
    actions.add_identifier_use(by=lead, circle=OPEN, vessel=vessel, scheme="call sign", value="ubyt 2")

    assert IdentifierUse.objects.get().value == "UBYT2"


def test_a_company_has_no_call_sign(lead, team):
    company = make.organisation(lead)

    with pytest.raises(ValidationError):
        actions.add_identifier_use(by=lead, circle=OPEN, organisation=company, scheme="call sign", value="UBYT2")


@pytest.mark.parametrize("country", ["XX", "RUS", ""])
def test_a_flag_is_of_a_country(lead, vessel, country):
    with pytest.raises(ValidationError) as refusal:
        make.flag(lead, vessel, country)

    assert list(refusal.value.message_dict) == ["country"]


@pytest.mark.parametrize(
    ("quantity", "value", "error", "field"),
    [
        ("length overall", Decimal("0"), None, "value"),
        ("length overall", Decimal("NaN"), None, "value"),
        ("length overall", Decimal("117"), Decimal("-1"), "error"),
        ("year built", Decimal("1998.5"), None, "value"),
        ("year built", Decimal("19"), None, "value"),
        ("length overall", "long", None, "value"),
    ],
)
def test_a_measure_that_cannot_be_is_refused_at_the_field(lead, vessel, quantity, value, error, field):
    with pytest.raises(ValidationError) as refusal:
        actions.add_dimension(by=lead, circle=OPEN, vessel=vessel, quantity=quantity, value=value, error=error)

    assert list(refusal.value.message_dict) == [field]


def test_a_name_is_of_one_thing(lead, vessel):
    with pytest.raises(ValidationError):
        actions.add_name_use(by=lead, circle=OPEN, name="Nobody's")

    assert not NameUse.objects.exists()


def test_an_open_value_never_names_a_restricted_vessel(lead, team):
    hidden = make.vessel(lead, circle=make.restricted_to(team))

    with pytest.raises(Refused):
        make.flag(lead, hidden, "RU")


def test_a_role_never_names_an_organisation_that_its_readers_may_not_see(lead, team, vessel):
    hidden = make.organisation(lead, circle=make.restricted_to(team))

    with pytest.raises(Refused):
        actions.add_vessel_role(by=lead, circle=OPEN, vessel=vessel, organisation=hidden, role="registered owner")


def test_a_role_cannot_be_moved_to_an_organisation_that_its_readers_may_not_see(lead, team, vessel):
    hidden = make.organisation(lead, circle=make.restricted_to(team))
    role = actions.add_vessel_role(
        by=lead, circle=OPEN, vessel=vessel, organisation=make.organisation(lead), role="registered owner"
    )

    with pytest.raises(Refused):
        actions.change_particular(role, by=lead, version=1, organisation=hidden)


def test_a_vessel_that_one_may_not_see_answers_like_none(lead, team):
    hidden = make.vessel(lead, circle=make.restricted_to(team))
    stranger = make.lead("stranger")
    own = make.circle(stranger)

    with pytest.raises(NotVisible):
        make.flag(stranger, hidden, "RU", circle=make.restricted_to(own))


def test_a_viewer_adds_and_changes_nothing(lead, vessel):
    viewer = make.user("viewer")
    team = make.circle(lead, viewer=viewer)
    flag = make.flag(lead, vessel, "RU", circle=make.restricted_to(team))

    with pytest.raises(NotAllowed):
        make.flag(viewer, vessel, "KP", circle=make.restricted_to(team))
    with pytest.raises(NotAllowed):
        actions.change_particular(flag, by=viewer, version=1, country="KP")
    with pytest.raises(NotAllowed):
        actions.void_particular(flag, by=viewer, reason="no")


@pytest.mark.parametrize("name", ["AN\x00GARA", "AN\ud800GARA", "", "x" * 301])
def test_a_name_that_cannot_be_kept_is_refused_at_its_field(lead, vessel, name):
    with pytest.raises(ValidationError) as refusal:
        make.name_use(lead, vessel, name)

    assert list(refusal.value.message_dict) == ["name"]
    assert not NameUse.objects.exists()
