"""The map of a case: images and deceptive practices on it, beside it and in files, by layer, for its readers alone."""

import json

import pytest
from defusedxml import ElementTree
from django.urls import reverse

from casefiles.access.actions import void_record
from casefiles.cases import actions as cases
from casefiles.cases.selectors.timeline import around
from casefiles.core.chart import Area, Mark, Port, draw
from casefiles.evidence.actions import sheets
from casefiles.particulars.actions import add_practice
from casefiles.voyages.actions.detection import reject_event, run_detection
from casefiles.workspace import map_files
from casefiles.workspace.selectors.case_map import practices_of
from tests import make

pytestmark = pytest.mark.django_db

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[130.0, 42.0], [130.4, 42.0], [130.4, 42.3], [130.0, 42.3], [130.0, 42.0]]],
}
MMSI = "273456780"


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def case(lead):
    return make.case(lead, members={make.user("viewer"): "viewer"}, title="Ships & <yards>")


@pytest.fixture
def ship(case, lead):
    vessel = make.numbered_vessel(lead, display_name="ANGARA")
    cases.add_subject(case, by=lead, vessel=vessel, role="carrier", is_main=True)
    return vessel


@pytest.fixture
def call(lead, ship):
    return make.port_call(
        lead, ship, place=make.place(lead, name="Rajin", latitude=42.2, longitude=130.3), seen="2024-02"
    )


def image(case, lead, **values):
    item = make.item(lead, kind="satellite image", title=values.pop("title", "A pass over the bay"))
    sheets.add_sheet(item, by=lead, footprint=SQUARE, **values)
    return cases.add_exhibit(case, by=lead, item=item)


def practice(lead, ship, about, kind="ship to ship", circle=None):
    circle = circle or make.Circle.everyone()
    return add_practice(by=lead, circle=circle, vessel=ship, practice=kind, about=about)


def gap(lead):
    rows = [*make.position_rows(MMSI, 3), *make.position_rows(MMSI, 3, start="2024-02-10T07:00:00")]
    make.read_positions(lead, *rows)
    return run_detection(by=lead, circle=make.Circle.everyone(), mmsi=MMSI).events.get()


def shown(client, case, person, **query):
    client.force_login(person)
    return client.get(reverse("workspace:map", args=[case.pk]), query).text


def test_images_and_practices_are_drawn_with_rows_beside(client, case, lead, ship, call):
    image(case, lead, provider="A provider")
    practice(lead, ship, call)
    practice(lead, ship, gap(lead), "ais")
    practice(lead, ship, make.voyage(lead, vessel=ship), "voyage")

    page = shown(client, case, lead)

    # Once for a wide screen and once for a narrow one.
    assert page.count('class="outline"') == 2 and page.count('class="practice"') == 4
    assert "A pass over the bay" in page and "A provider" in page and "not drawn: no point" in page


def test_a_practice_in_a_movement_that_was_withdrawn_has_no_point(client, case, lead, ship, call):
    practice(lead, ship, call)
    event = gap(lead)
    practice(lead, ship, event, kind="ais")
    found = around(case, lead, with_conduct=True, subject=None)
    before = [line.point is None for line in practices_of(found, lead)]
    void_record(call, by=lead, reason="Another port.")
    reject_event(event, by=lead, version=1, reason="A repair.")

    assert before == [False, False]
    assert [line.point for line in practices_of(found, lead)] == [None, None]


def test_each_layer_is_turned_off_and_on_in_the_address(client, case, lead, ship, call):
    image(case, lead)
    practice(lead, ship, call)

    images = shown(client, case, lead, layer="images")
    ports = shown(client, case, lead, layer=["ports", "nonsense"])

    assert 'class="outline"' in images and 'class="practice"' not in images and 'class="port' not in images
    assert 'class="outline"' not in ports and 'class="port' in ports
    assert 'class="outline"' in shown(client, case, lead, layer="nonsense")


def test_what_a_reader_may_not_see_is_on_no_map_and_in_no_file(client, case, lead, ship, call):
    viewer = make.user("second viewer")
    make.member(case, viewer, "viewer")
    secret = make.restricted_to(make.circle(lead))
    practice(lead, ship, call, circle=secret)
    exhibit = image(case, lead, title="CANARY")
    cases.remove_exhibit(exhibit, by=lead, reason="Not of the case.")

    assert 'class="practice"' in shown(client, case, lead)
    page = shown(client, case, viewer)
    assert 'class="practice"' not in page and "CANARY" not in page
    address = reverse("workspace:map_geojson", args=[case.pk])
    assert {one["properties"]["kind"] for one in client.get(address).json()["features"]} == {"place"}
    client.force_login(make.user("stranger"))
    assert client.get(address).status_code == 404


def test_the_files_hold_the_layers_asked_for_and_say_what_each_is(client, case, lead, ship, call):
    other = make.port_call(lead, ship, place=make.place(lead, name="Dunai", latitude=42.8, longitude=132.3))
    make.voyage(lead, vessel=ship, departure=call, arrival=other)
    image(case, lead)
    practice(lead, ship, call)
    client.force_login(lead)
    files = {name: reverse(f"workspace:map_{name}", args=[case.pk]) for name in ("geojson", "kml")}

    whole = client.get(files["geojson"]).json()["features"]
    images = client.get(files["geojson"], {"layer": "images"}).json()["features"]
    kml = client.get(files["kml"])

    assert [one["properties"]["kind"] for one in whole] == ["place", "place", "voyage", "image", "practice"]
    assert "not a track" in whole[2]["properties"]["note"]
    assert [one["geometry"] for one in images] == [SQUARE]
    assert kml.headers["Content-Disposition"] == f'attachment; filename="map-{case.reference}.kml"'
    names = [one.text for one in ElementTree.fromstring(kml.content).iter("{http://www.opengis.net/kml/2.2}name")]
    assert names[0] == "Ships & <yards>" and len(names) == 6


def test_an_empty_case_has_an_empty_file(client, case, lead):
    client.force_login(lead)

    assert client.get(reverse("workspace:map_geojson", args=[case.pk])).json()["features"] == []


def test_more_images_and_practices_take_no_more_queries(client, case, lead, ship, call, assert_same_queries):
    event = gap(lead)

    def add(count):
        for _one in range(count):
            image(case, lead)
            practice(lead, ship, call)
            practice(lead, ship, event, "ais")

    client.force_login(lead)
    address = reverse("workspace:map", args=[case.pk])

    assert assert_same_queries(lambda: client.get(address), add, many=5) <= 30


def test_an_area_across_180_degrees_is_drawn_on_one_side_of_the_cut(tmp_path):
    east, west = ((179.0, 50.0), (180.0, 50.0), (180.0, 51.0)), ((-180.0, 50.0), (-179.0, 50.0), (-180.0, 51.0))
    chart = draw(
        [Port("a", "A", 50.0, 178.0)],
        areas=[Area((east, west))],
        marks=[Mark(50.5, -179.5)],
        coastline=tmp_path / "none",
        width=1000,
    )

    xs = [
        float(part.split(" ")[0].strip("ML"))
        for part in chart.areas[0].path.replace("Z", "").replace("L", "|L").replace("M", "|M").split("|")[1:]
    ]
    assert max(xs) - min(xs) < 600
    assert chart.areas[0].circle == 0
    assert (
        draw([], areas=[Area((((130.0, 42.0), (130.01, 42.0), (130.0, 42.01)),))], coastline=tmp_path / "none")
        .areas[0]
        .circle
        == 24
    )


def test_kml_keeps_holes_and_several_parts_and_drops_forbidden_letters():
    ring = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]
    features = [
        map_files.feature("image", {"type": "Polygon", "coordinates": [ring, ring]}, name="with a \x07 bell"),
        map_files.feature("image", {"type": "MultiPolygon", "coordinates": [[ring], [ring]]}, name="two"),
    ]

    text = map_files.kml(features, name="N")

    assert text.count("innerBoundaryIs>") == 2 and text.count("<Polygon>") == 3 and "\x07" not in text
    assert len(json.loads(map_files.geojson(features))["features"]) == 2
