"""The gazetteer: thousands of ports at once, once; and what lies near a point."""

import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from casefiles.access.actions import void_record
from casefiles.audit.selectors import history
from casefiles.core.geodesy import InvalidCoordinate
from casefiles.registry.actions import add_ports
from casefiles.registry.gazetteer import Port, known_ports
from casefiles.registry.models import Place, PlaceName
from casefiles.registry.selectors import nearest_places
from tests import make

RAJIN = Port("KPNJN", "Najin", "KP", 42.2333, 130.3, (("Rajin", "en"), ("라진", "ko")))
NOWHERE = Port("ANBUB", "Bubali", "", None, None)


@pytest.fixture(scope="module")
def known():
    return known_ports()


def test_the_package_gives_one_port_for_each_code_with_the_other_names_of_sources(known):
    ports = {port.unlocode: port for port in known[0]}

    assert len(known[0]) == len(ports) == 3919
    assert {name for name, _language in ports["KPNJN"].other_names} >= {"Rajin", "Rason", "라진"}
    assert ports["INBOM"].other_names == (("Mumbai", ""),)
    assert {"RUVYP", "RUNJK", "RUVVO", "CNZOS"} <= ports.keys()


def test_what_the_package_gets_wrong_is_said_and_not_taken(known):
    left_out = {one.code: one.reason for one in known[1]}
    ports = {port.unlocode: port for port in known[0]}

    assert left_out.keys() == {
        "AUTR0", "CLLV0", "CLPX0", "EG", "LYDN0", "CNLZH", "JPYWT", "UADNK", "USPAE", "USPWM",
        "USSPG",
    }  # fmt: skip
    assert (ports["USPWM"].latitude, ports["USPWM"].longitude) == (None, None)
    assert ports["ANBUB"].country == ""


@pytest.fixture
def lead(db):
    lead = make.lead("lead")
    make.circle(lead)
    return lead


def test_ports_are_added_once_for_everybody_and_nobody_is_named(lead):
    first, second = add_ports([RAJIN, NOWHERE]), add_ports([RAJIN, NOWHERE])

    place = Place.objects.visible_to(make.user()).get(unlocode="KPNJN")
    assert (first, second) == ((2, 2), (0, 0))
    assert (place.name_key, place.kind, place.country, place.precision_m) == ("najin", "port", "KP", 1852)
    assert place.created_by is None
    assert set(PlaceName.objects.visible_to(lead).values_list("name", flat=True)) == {"Rajin", "라진"}
    assert [event.act for event in history([place.pk])] == ["added"]
    assert Place.objects.get(unlocode="ANBUB").precision_m is None


def test_what_somebody_recorded_under_a_code_stays_as_it_is(lead):
    own = make.place(lead, name="Rajin, as we know it", unlocode="KPNJN")
    void_record(own, by=lead, reason="A test.")

    assert add_ports([RAJIN]) == (0, 0)
    assert Place.objects.get(unlocode="KPNJN").name == "Rajin, as we know it"


def test_the_command_fills_the_gazetteer_and_again_does_nothing(db):
    printed = io.StringIO()
    call_command("load_ports", "--json", stdout=printed)
    again = io.StringIO()
    call_command("load_ports", stdout=again)

    report = json.loads(printed.getvalue())
    assert (report["result"], report["added"], len(report["left_out"])) == ("clean", 3919, 11)
    assert "added: 0" in again.getvalue()
    assert "left out: USPWM Portland (Me)" in again.getvalue()


# Near a point --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("point", "other", "within_nm", "is_near"),
    [
        ((42.0, 130.0), (42.0, 130.5), 30, True),
        ((42.0, 130.0), (42.0, 131.0), 30, False),
        ((42.0, 130.0), (42.45, 130.55), 30, False),
        ((-17.0, 179.9), (-17.0, -179.9), 30, True),
        ((-17.0, -179.9), (-17.0, 179.9), 30, True),
        ((89.9, 10.0), (89.9, -170.0), 30, True),
    ],
)
def test_a_place_is_near_by_the_great_circle_also_across_the_date_line(lead, point, other, within_nm, is_near):
    place = make.place(lead, latitude=other[0], longitude=other[1])

    assert [near.place for near in nearest_places(*point, lead, within_nm=within_nm)] == ([place] if is_near else [])


def test_the_nearest_comes_first_and_only_what_one_may_see(lead):
    stranger = make.user()
    hidden = make.place(lead, circle=make.restricted_to(make.circle(lead)), latitude=42.0, longitude=130.0)
    seen = [make.place(lead, latitude=42.0 + step / 10, longitude=130.0) for step in (3, 1, 2)]

    assert [near.place for near in nearest_places(42, 130, stranger)] == [seen[1], seen[2], seen[0]]
    assert nearest_places(42, 130, lead)[0].place == hidden
    with pytest.raises(InvalidCoordinate):
        nearest_places(91, 130, lead)


def test_the_page_finds_places_near_what_somebody_types(client, lead):
    place = make.place(lead, name="Rajin", latitude=42.2333, longitude=130.3)
    client.force_login(lead)
    address = reverse("registry:places_near")

    assert client.get(address).context["found"] is None
    found = client.get(address, {"point": "42°14′N 130°18′E", "within_nm": 10}).context["found"]
    assert [near.place for near in found] == [place]
    assert client.get(address, {"point": "0, 0", "within_nm": 10}).context["found"] == []
    wrong = client.get(address, {"point": "somewhere", "within_nm": 10})
    assert wrong.context["found"] is None and wrong.context["form"].errors
