"""A small map: projection, fit, labels, and the coast it is drawn on."""

import json
import math

import pytest

from casefiles.core.basemap import coastline_file
from casefiles.core.chart import LEAST_DEGREES, Leg, Port, draw, fitted, latitude_of, mercator
from casefiles.core.coastline import Box, clipped, joined, land, rings, within

RAJIN = Port("rajin", "Rajin", 42.23, 130.30)
DUNAI = Port("dunai", "Dunai", 42.88, 132.34)
ZHOUSHAN = Port("zhoushan", "Zhoushan", 30.02, 122.10, precision_m=20_000)

SQUARE = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [100, 20]},
    "arcs": [[[0, 0], [40, 0], [0, 40]], [[0, 0], [0, 40], [40, 0]]],
    "objects": {"land": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[0, -2]]}]}},
}


@pytest.fixture
def coast(tmp_path):
    path = tmp_path / "land.json"
    path.write_text(json.dumps(SQUARE))
    return path


@pytest.mark.parametrize("latitude", [-80, -33.5, 0, 12, 42.23, 83.9])
def test_the_projection_is_undone_exactly(latitude):
    assert latitude_of(mercator(latitude)) == pytest.approx(latitude)


def test_the_poles_are_cut_off():
    assert mercator(90) == mercator(84)


def test_every_port_is_on_the_sheet_with_room_around_it(coast):
    chart = draw([RAJIN, DUNAI, ZHOUSHAN], coastline=coast)

    for port in chart.ports:
        assert 20 < port.x < chart.width - 20
        assert 20 < port.y < chart.height - 20


def test_north_is_up_and_east_is_right(coast):
    rajin, dunai, zhoushan = draw([RAJIN, DUNAI, ZHOUSHAN], coastline=coast).ports

    assert rajin.y < zhoushan.y
    assert rajin.x < dunai.x


def test_one_port_is_never_shown_closer_than_a_few_degrees():
    view = fitted([RAJIN])

    assert view.box.east - view.box.west >= LEAST_DEGREES


def test_the_map_keeps_a_shape_that_fits_a_page():
    far = [Port("a", "A", -30, 100), Port("b", "B", 60, 101)]
    wide = [Port("a", "A", 10, 20), Port("b", "B", 11, 150)]

    assert fitted(far).height <= 1.16 * fitted(far).width
    assert fitted(wide).height >= 0.6 * fitted(wide).width


def test_the_pacific_is_drawn_the_short_way(coast):
    tokyo, seattle = Port("t", "Tokyo", 35.6, 139.8), Port("s", "Seattle", 47.6, -122.3)

    chart = draw([tokyo, seattle], coastline=coast)

    assert chart.ports[0].x < chart.ports[1].x


def test_labels_keep_apart(coast):
    close = [Port(str(number), f"Port {number}", 42.2 + number * 0.3, 130.3) for number in range(4)]

    spots = [(port.text_x, port.text_y) for port in draw([*close, ZHOUSHAN], coastline=coast).ports]

    assert len(set(spots)) == 5


def test_a_line_joins_two_ports_and_bends(coast):
    chart = draw([RAJIN, DUNAI], [Leg("rajin", "dunai"), Leg("dunai", "rajin")], coastline=coast)

    first, second = (drawn.path for drawn in chart.legs)
    assert first.startswith(f"M{chart.ports[0].x} {chart.ports[0].y}Q")
    assert first != second


def test_no_line_leads_to_a_port_that_is_not_drawn(coast):
    assert draw([RAJIN], [Leg("rajin", "nowhere"), Leg("rajin", "rajin")], coastline=coast).legs == ()


def test_what_is_known_roughly_has_a_circle_of_that_size(coast):
    rough = Port("z", "Zhoushan", 30.02, 122.10, precision_m=20_000)
    exact = Port("y", "Yard", 30.5, 122.4, precision_m=100)

    drawn = draw([rough, exact], coastline=coast).ports

    assert drawn[0].circle > 7
    assert drawn[1].circle == 0


def test_the_scale_is_true_in_the_middle(coast):
    view = fitted([RAJIN, ZHOUSHAN])
    chart = draw([RAJIN, ZHOUSHAN], coastline=coast)
    kilometres = float(chart.bar.label.removesuffix(" km").replace(",", ""))

    degrees = chart.bar.width / view.width * (view.box.east - view.box.west)
    middle = math.radians((view.box.north + view.box.south) / 2)
    assert degrees * 111.195 * math.cos(middle) == pytest.approx(kilometres, rel=0.01)


def test_without_ports_there_is_no_map(coast):
    assert draw([], coastline=coast) is None


def test_without_the_file_the_map_is_drawn_and_says_so(tmp_path):
    chart = draw([RAJIN], coastline=tmp_path / "missing.json")

    assert (chart.land, chart.has_coastline) == ("", False)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"objects": {}}', '{"arcs": [[]], "objects": {"land": {"type": 1}}}'])
def test_a_damaged_coastline_is_no_coastline(tmp_path, text):
    path = tmp_path / "damaged.json"
    path.write_text(text)

    assert land(path) == ()


def test_arcs_are_scaled_shifted_and_joined():
    (ring,) = rings(SQUARE)

    assert ring.points == ((100, 20), (120, 20), (120, 40), (100, 40), (100, 20))
    assert ring.box == Box(100, 20, 120, 40)


def test_a_backward_arc_is_walked_from_its_end():
    assert joined([~0], [[(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)]]) == ((2.0, 0.0), (1.0, 0.0), (0.0, 0.0))


def test_land_is_cut_at_the_edge_of_the_view():
    square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]

    assert set(clipped(square, Box(5, 5, 20, 20))) == {(10, 5), (10, 10), (5, 10), (5, 5)}
    assert clipped(square, Box(20, 20, 30, 30)) == []


def test_land_is_repeated_beyond_the_antimeridian():
    found = list(rings(SQUARE))

    assert list(within(found, Box(455, 0, 500, 60)))
    assert not list(within(found, Box(200, 0, 250, 60)))


def test_the_installed_coastline_has_korea():
    boxes = [ring.box for ring in land(coastline_file())]

    assert any(box.meets(Box(126.5, 36, 128, 37)) for box in boxes)
