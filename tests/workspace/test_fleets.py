"""The fleet of an organisation: its ships by role at a day, who else is on them, and what only some may see of it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from casefiles.core.moments import parse_moment
from casefiles.particulars import actions as particulars
from casefiles.particulars.postal import address_key
from casefiles.workspace.selectors.fleets import fleet_of
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    person = make.lead()
    make.circle(person)
    return person


@pytest.fixture
def owner(lead):
    return make.organisation(lead, name="M Leasing")


def role(lead, vessel, organisation, kind="registered owner", start="2020", end="ongoing", **values):
    values.setdefault("circle", make.Circle.everyone())
    return particulars.add_vessel_role(
        by=lead, vessel=vessel, organisation=organisation, role=kind, period=make.period(start, end), **values
    )


def ships(fleet):
    return {group.label: [row.vessel.display_name for row in group.rows] for group in fleet.groups}


def test_ships_stand_by_role_and_a_day_leaves_out_what_did_not_hold(lead, owner):
    first, second = (make.vessel(lead, display_name=name) for name in ("Angara", "Maria"))
    role(lead, first, owner, start="2020", end="2022")
    role(lead, second, owner, start="2021")
    role(lead, second, owner, "ism manager", start="2021")

    assert ships(fleet_of(owner, lead)) == {"registered owner": ["Maria", "Angara"], "ISM manager": ["Maria"]}
    assert ships(fleet_of(owner, lead, as_at=parse_moment("2024"))) == {
        "registered owner": ["Maria"], "ISM manager": ["Maria"],
    }  # fmt: skip
    assert ships(fleet_of(owner, lead, as_at=parse_moment("2010"))) == {}


def test_flag_and_designation_are_those_of_the_day(lead, owner):
    vessel = make.numbered_vessel(lead)
    role(lead, vessel, owner)
    make.flag(lead, vessel, "PA", period=make.period("2019", "2021"))
    make.flag(lead, vessel, "RU", period=make.period("2022", "ongoing"))
    authority = make.authority(lead, short_name="US")
    make.designation(lead, vessel=vessel, authority=authority, in_force="2022-05-08", end_kind="ongoing")

    def seen(year):
        fleet = fleet_of(owner, lead, as_at=parse_moment(str(year)))
        (row,) = fleet.groups[0].rows
        return row.flags, row.designated_by, fleet.designated_count

    assert seen(2020) == (("Panama",), (), 0)
    assert seen(2024) == (("Russia",), ("US",), 1)


def test_others_on_the_same_ships_are_named_those_on_most_first(lead, owner):
    manager, bank = make.organisation(lead, name="Manager"), make.organisation(lead, name="Bank")
    for name in ("Angara", "Maria"):
        vessel = make.vessel(lead, display_name=name)
        role(lead, vessel, owner)
        role(lead, vessel, manager, "technical manager")
    role(lead, vessel, bank, "beneficial owner")
    role(lead, make.vessel(lead), bank)

    fleet = fleet_of(owner, lead)

    assert [(one.organisation, one.roles, one.count) for one in fleet.shared] == [
        (manager, ("technical manager",), 2),
        (bank, ("beneficial owner",), 1),
    ]
    drawn = [box.title for box in fleet.drawing.boxes]
    assert drawn == ["Bank", "M Leasing", "Manager", "Angara", "Maria"]


def test_what_one_may_not_see_is_neither_listed_nor_counted_nor_drawn(lead, owner):
    """Breaks where a role, a ship or another party is taken without asking who may see it."""
    circle = make.restricted_to(make.circle(lead))
    hidden = make.vessel(lead, circle=circle, display_name="Hidden hull")
    shown = make.vessel(lead, display_name="Angara")
    role(lead, hidden, owner, circle=circle)
    role(lead, shown, owner)
    role(lead, shown, make.organisation(lead, circle=circle, name="Hidden party"), circle=circle)
    role(lead, shown, make.organisation(lead, name="Secret role"), "operator", circle=circle)

    mine, theirs = fleet_of(owner, lead), fleet_of(owner, make.lead())

    assert (mine.vessels_count, len(mine.shared)) == (2, 2)
    assert (theirs.vessels_count, theirs.shared, ships(theirs)) == (1, (), {"registered owner": ["Angara"]})
    assert [box.title for box in theirs.drawing.boxes] == ["M Leasing", "Angara"]


# Addresses ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("10 Ulitsa Lenina, Vladivostok", "10  ULITSA LENINA\nVladivostok.", True),
        ("Rue de l’Église 5", "rue de l'eglise 5", True),
        ("ул. Ленина, д. 10", "УЛ ЛЕНИНА Д 10", True),
        ("上海市 浦东新区", "上海市，浦东新区", True),
        ("10 Ulitsa Lenina", "1 0 Ulitsa Lenina", False),
        ("10 Ulitsa Lenina", "Ulitsa Lenina 10", False),
        ("10 Lenin St", "10 Lenin Street", False),
    ],
)
def test_two_writings_of_an_address_share_their_words(first, second, is_same):
    assert (address_key(first) == address_key(second)) is is_same


def located(lead, organisation, text, start="2020", end="ongoing", **values):
    values.setdefault("circle", make.Circle.everyone())
    return particulars.add_address_use(
        by=lead, organisation=organisation, address=text, period=make.period(start, end), **values
    )


def test_others_at_the_same_address_say_whether_at_the_same_time(client, lead, owner):
    located(lead, owner, "10 Ulitsa Lenina, Vladivostok", end="2022-01-01")
    for name, start, end in (("Before", "2001", "2010"), ("Undated", "", ""), ("With", "2020-06", "2021")):
        located(lead, make.organisation(lead, name=name), "10 ULITSA LENINA VLADIVOSTOK", start, end)
    located(lead, make.organisation(lead, name="Elsewhere"), "11 Ulitsa Lenina, Vladivostok")
    client.force_login(lead)

    page = client.get(reverse("workspace:organisation_fleet", args=[owner.pk]))

    shown = page.context["fleet"].addresses
    assert [(str(one.organisation), str(one.together.value)) for one in shown] == [
        ("With", "certain"), ("Undated", "possible"), ("Before", "impossible"),
    ]  # fmt: skip
    assert "10 ULITSA LENINA VLADIVOSTOK" in page.text
    then = fleet_of(owner, lead, as_at=parse_moment("2021"))
    assert {str(one.organisation) for one in then.addresses} == {"With", "Undated"}


def test_a_hidden_address_or_organisation_is_nobody_s_neighbour(lead, owner):
    team = make.circle(lead)
    only = make.restricted_to(team)
    located(lead, owner, "10 Ulitsa Lenina")
    located(lead, make.organisation(lead, name="Open"), "10 Ulitsa Lenina", circle=only)
    located(lead, make.organisation(lead, name="Secret", circle=only), "10 Ulitsa Lenina", circle=only)

    assert fleet_of(owner, make.lead()).addresses == ()
    assert [str(one.organisation) for one in fleet_of(owner, lead).addresses] == ["Open", "Secret"]


def test_a_corrected_address_is_compared_by_its_new_words(client, lead, owner):
    use = located(lead, owner, "10 Ulitsa Lenina")
    located(lead, make.organisation(lead, name="Neighbour"), "12 Ulitsa Lenina")
    with pytest.raises(ValidationError):
        located(lead, owner, " , . ")
    client.force_login(lead)

    particulars.change_particular(use, by=lead, version=use.version, address="12, Ulitsa Lenina")

    assert [str(one.organisation) for one in fleet_of(owner, lead).addresses] == ["Neighbour"]
    page = client.get(owner.get_absolute_url()).text
    assert "12, Ulitsa Lenina" in page
    form = client.get(reverse("particulars:organisation_address_add", args=[owner.pk])).context["form"]
    assert list(form.fields)[0] == "address"


def test_the_page_asks_as_often_for_two_ships_as_for_twelve(client, lead, owner, assert_same_queries):
    client.force_login(lead)
    manager = make.organisation(lead, name="<b>Manager</b>")

    def add(count):
        for _ship in range(count):
            vessel = make.numbered_vessel(lead)
            make.flag(lead, vessel, "RU")
            make.designation(lead, vessel=vessel, in_force="2022")
            role(lead, vessel, owner)
            role(lead, vessel, manager, "operator")
            located(lead, owner, f"{count} Quay Road")
            located(lead, make.organisation(lead), f"{count} Quay Road")

    address = reverse("workspace:organisation_fleet", args=[owner.pk])

    assert assert_same_queries(lambda: client.get(address), add) <= 12
    page = client.get(address, {"as_at": "2023"}).text
    assert "&lt;b&gt;Manager&lt;/b&gt;" in page
    assert "<b>Manager</b>" not in page
    assert "nonsense" in client.get(address, {"as_at": "nonsense"}).text


def test_the_page_exists_for_those_who_see_the_organisation(client, lead):
    secret = make.organisation(lead, circle=make.restricted_to(make.circle(lead)))
    address = reverse("workspace:organisation_fleet", args=[secret.pk])

    answers = []
    for person in (lead, make.lead()):
        client.force_login(person)
        answers.append(client.get(address).status_code)

    assert answers == [200, 404]
