"""Tracks on a map: fewer points for the same line, the same data in a table, and only what one may see."""

import json

import pytest
from defusedxml.minidom import parseString
from django.urls import reverse

from casefiles.core.chart import Port
from casefiles.particulars.actions import add_identifier_use
from casefiles.voyages.actions.detection import reject_event, run_detection
from casefiles.voyages.levels import MOST_POINTS
from casefiles.voyages.models import Position
from casefiles.voyages.selectors.drawing import Box, all_fixes, drawn_track, extent_of, fix_near, positions_of
from casefiles.voyages.selectors.movements import address_query, radio_from
from casefiles.voyages.selectors.tracks import Radio
from casefiles.voyages.simplifying import degrees_in_a_pixel, parted, simplified, unwrapped
from casefiles.voyages.track_charts import draw_track
from tests import make

MMSI, OTHER = "273456780", "273456781"
START_S = 1_707_436_800
ROWS = make.position_rows(MMSI, 5)
LATER = make.position_rows(MMSI, 2, start="2024-02-11T00:00:00")


# Lines ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "tolerance", "kept"),
    [
        ([(0, 0), (1, 0), (2, 0), (3, 0)], 0.1, [0, 3]),
        ([(0, 0), (1, 0.05), (2, 0)], 0.1, [0, 2]),
        ([(0, 0), (1, 0.5), (2, 0)], 0.1, [0, 1, 2]),
        ([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], 0.1, [0, 1, 2, 3, 4]),
        ([(0, 0), (1, 0)], 9, [0, 1]),
        ([(0, 0), (1, 0), (2, 0)], 0, [0, 1, 2]),
        ([(0, 60), (1, 60.06), (2, 60)], 0.1, [0, 1, 2]),
        ([(0, 0), (1, 0.06), (2, 0)], 0.1, [0, 2]),
        ([(5, 5), (6, 6), (5, 5)], 0.1, [0, 1, 2]),
    ],
)
def test_a_line_keeps_what_lies_further_from_it_than_a_tolerance(points, tolerance, kept):
    track = [(x, y, index) for index, (x, y) in enumerate(points)]

    assert [epoch_s for _x, _y, epoch_s in simplified(track, tolerance)] == kept


def test_a_track_over_the_date_line_does_not_run_around_the_globe():
    assert [x for x, _y, _s in unwrapped([(179, 0, 0), (-179, 0, 1), (-178, 0, 2), (178, 0, 3)])] == [
        179,
        181,
        182,
        178,
    ]


def test_no_line_is_drawn_over_a_silence():
    assert parted([(0, 0, 0), (0, 0, 10), (0, 0, 21), (0, 0, 31)], silence_s=10) == [
        [(0, 0, 0), (0, 0, 10)],
        [(0, 0, 21), (0, 0, 31)],
    ]


def test_a_closer_zoom_has_smaller_pixels():
    assert degrees_in_a_pixel(0) == 360 / 256
    assert degrees_in_a_pixel(3) == 360 / 2048
    assert degrees_in_a_pixel(-1) == degrees_in_a_pixel(0)


def test_the_drawing_holds_the_track_its_ends_and_the_places_near_it():
    near = Port("near", "Rajin", 42.2, 130.3, precision_m=50_000, url="/near/")
    far = Port("far", "Rotterdam", 51.9, 4.1, url="/far/")
    pieces = [[(130.0, 42.0, 0), (131.0, 43.0, 60)], [(132.0, 42.0, 90_000)]]

    chart = draw_track(pieces, [near, far])

    assert [len(chart.paths), len(chart.silences), [one.port.name for one in chart.ports]] == [2, 1, ["Rajin"]]
    assert chart.start[0] < chart.end[0]
    assert draw_track([]) is None


def test_a_drawing_over_the_date_line_stays_in_one_piece():
    near = Port("near", "Suva", -18.1, -179.5, url="/near/")

    chart = draw_track([[(179.0, -18.0, 0), (181.0, -18.0, 60)]], [near])

    assert chart.start[0] < chart.ports[0].x < chart.end[0]


# What is read --------------------------------------------------------------------------------------------------------


@pytest.fixture
def lead(db):
    return make.lead("lead")


@pytest.fixture
def viewer(lead):
    return make.user("viewer")


@pytest.fixture
def circle(lead, viewer):
    return make.restricted_to(make.circle(lead, viewer=viewer))


@pytest.fixture
def held(lead, circle):
    """A file of five fixes, two days of silence, and two more."""
    return make.read_positions(lead, *ROWS, *LATER, circle=circle)


def test_a_track_is_drawn_in_pieces_and_whole_where_it_is_short(lead, held):
    first_s, last_s = extent_of([Radio(MMSI)], lead)

    track = drawn_track(Radio(MMSI, first_s, last_s + 1), lead)

    assert (first_s, last_s) == (START_S, START_S + 172_860)
    assert ([len(piece) for piece in track.pieces], track.is_whole, track.fixes) == ([5, 2], True, 7)
    assert track.pieces[0][0] == (131.0, 42.0, START_S)
    assert extent_of([Radio(OTHER)], lead) is None


@pytest.mark.parametrize(
    ("box", "count"),
    [
        (Box(131.0, 41.9, 131.005, 42.1), 4),
        (Box(170.0, -90.0, 131.001, 90.0), 2),
        (Box(10.0, 10.0, 20.0, 20.0), 0),
    ],
)
def test_a_box_holds_what_lies_in_it_also_across_the_date_line(lead, held, box, count):
    assert drawn_track(Radio(MMSI), lead, box=box).fixes == count


def test_a_pixel_hides_what_cannot_be_told_apart(lead, held):
    assert [len(piece) for piece in drawn_track(Radio(MMSI), lead, zoom=4).pieces] == [2, 2]


def test_a_long_track_reads_a_coarse_level(lead, circle):
    """One fix in every six hours."""
    make.read_positions(lead, *ROWS, *make.position_rows(MMSI, 3, start="2025-12-01T00:00:00"), circle=circle)

    long = drawn_track(Radio(MMSI), lead)

    assert (long.level, [len(piece) for piece in long.pieces], long.is_whole) == (0, [1, 1], False)


def test_where_the_finest_level_gives_too_much_a_coarser_one_is_read(lead, circle):
    file = make.read_positions(lead, *ROWS, circle=circle)
    Position.objects.bulk_create(
        Position(
            position_import=file, row=number, mmsi=OTHER, epoch_s=START_S + number, latitude=1, longitude=2,
            level=4 if number % 60 == 0 else 5,
        )
        for number in range(MOST_POINTS + 2)
    )  # fmt: skip

    track = drawn_track(Radio(OTHER, START_S, START_S + 86_400), lead)

    assert (track.level, track.fixes) == (4, 167)


def test_what_is_seen_of_two_files_is_what_one_may_see(lead, viewer, circle, held):
    stranger = make.user("stranger")
    make.read_positions(lead, *make.position_rows(MMSI, 1, start="2024-03-01T00:00:00"), circle=make.Circle.everyone())

    assert [positions_of([Radio(MMSI)], person).count() for person in (lead, viewer, stranger)] == [8, 8, 1]
    assert fix_near(MMSI, START_S, stranger).row == 2
    assert fix_near(MMSI, START_S + 61, viewer).epoch_s == START_S + 120
    assert fix_near(OTHER, START_S, lead) is None


def test_an_export_goes_on_behind_its_last_fix(lead, held):
    assert [fix.row for fix in all_fixes(Radio(MMSI), lead, batch=3)] == [2, 3, 4, 5, 6, 7, 8]
    assert [fix.row for fix in all_fixes(Radio(MMSI), lead, batch=3, most=6)] == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("text", "radio"),
    [
        (MMSI, Radio(MMSI)),
        (f"{MMSI}:5:", Radio(MMSI, 5)),
        (f"{MMSI}::7", Radio(MMSI, None, 7)),
        (f"{MMSI}:-5:7", Radio(MMSI, -5, 7)),
    ],
)
def test_a_radio_stands_in_an_address_with_its_window(text, radio):
    assert radio_from(text) == radio
    assert radio_from(address_query([radio]).replace("radio=", "").replace("%3A", ":")) == radio


# Pages ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(client, lead):
    client.force_login(lead)
    return client


def test_the_track_of_a_number_is_drawn_and_told_in_a_table(signed_in, held):
    address = reverse("voyages:radio_track")

    page = signed_in.get(address, {"mmsi": MMSI})

    text = page.content.decode()
    assert "<track-map" in text and "Every position is drawn." in text
    assert text.count('class="track"') == 2
    assert [row["row"] for row in page.context["table"]["rows"]] == [2, 3, 4, 5, 6, 7, 8]
    assert page.context["table"]["rows"][0]["file"] == held.item.title
    assert signed_in.get(address, {"mmsi": OTHER}).context["has_positions"] is False
    assert signed_in.get(address).context.get("mmsi") is None
    assert signed_in.get(address, {"mmsi": "12"}).context["form"].errors
    assert signed_in.get(address, {"mmsi": MMSI, "after": "x"}).status_code == 404
    window = {"mmsi": MMSI, "since": "2024-02-10 00:00", "until": "2024-02-12 00:00"}
    assert len(signed_in.get(address, window).context["table"]["rows"]) == 2
    backwards = signed_in.get(address, {**window, "until": "2024-02-09 00:00"})
    assert backwards.context["form"].errors["until"]


def test_what_a_radio_said_of_its_ship_stands_beside_its_track(client, lead, viewer, held):
    hidden = make.restricted_to(make.circle(lead))
    make.read_positions(lead, *make.position_rows(MMSI, 2, start="2024-03-01T00:00:00"), circle=hidden)
    client.force_login(viewer)
    page = client.get(reverse("voyages:radio_track"), {"mmsi": MMSI})

    [said] = page.context["said"]
    assert (said.position_import, said.name, said.rows) == (held, "ANGARA", 7)
    assert "ship type 70, cargo ship" in " ".join(page.content.decode().split())


def test_the_table_has_pages_of_its_own(signed_in, lead, circle):
    make.read_positions(lead, *make.position_rows(MMSI, 60), circle=circle)
    address = reverse("voyages:radio_track")

    first = signed_in.get(address, {"mmsi": MMSI}).context["table"]
    second = signed_in.get(address + first["next_url"].replace("#positions", "")).context["table"]

    assert (len(first["rows"]), len(second["rows"]), first["previous_url"]) == (50, 10, None)
    assert f"mmsi={MMSI}" in second["previous_url"] and second["total_text"] == "60 positions"


def test_a_vessel_has_the_tracks_of_its_dated_numbers_and_its_port_calls(signed_in, lead, circle, held):
    vessel = make.numbered_vessel(lead)
    address = reverse("workspace:vessel_movements", args=[vessel.pk])
    without = signed_in.get(address)
    add_identifier_use(
        by=lead, circle=circle, vessel=vessel, scheme="mmsi", value=MMSI, period=make.period("2024-02-01", "2024-02-09")
    )
    place = make.place(lead, name="Rajin", latitude=42.0, longitude=131.01, precision_m=900)
    make.port_call(lead, vessel, place=place, seen="2024-02-09")
    make.port_call(lead, vessel, place=make.place(lead), seen="2024-02-09")

    page = signed_in.get(address)
    window = signed_in.get(address, {"since": "2024-02-09 00:02"})

    assert b"No dated MMSI ties a radio" in without.content
    assert [row["row"] for row in page.context["table"]["rows"]] == [2, 3, 4, 5, 6]
    assert [drawn.port.name for drawn in page.context["chart"].ports] == ["Rajin"]
    assert page.context["map_data"]["places"][0]["radius_m"] == 900
    assert [row["row"] for row in window.context["table"]["rows"]] == [4, 5, 6]
    assert address in signed_in.get(vessel.get_absolute_url()).content.decode()


def test_what_detection_found_stands_beside_the_track_unless_rejected(signed_in, lead, circle, held):
    runs = [run_detection(by=lead, circle=circle, mmsi=MMSI) for _turn in range(2)]
    address = reverse("voyages:radio_track")
    shown = signed_in.get(address, {"mmsi": MMSI}).context["events"]
    for run in runs:
        reject_event(run.events.get(), by=lead, version=1, reason="No.")

    assert len(shown) == 1
    assert signed_in.get(address, {"mmsi": MMSI}).context["events"] == []


# Data ----------------------------------------------------------------------------------------------------------------


def test_a_map_asks_for_points_and_for_the_fix_at_one(signed_in, held):
    points = signed_in.get(reverse("voyages:track_points"), {"radio": f"{MMSI}:{START_S}:", "zoom": "18"}).json()
    boxed = {"radio": MMSI, "west": "131", "south": "41", "east": "131.005", "north": "43"}
    close = signed_in.get(reverse("voyages:track_points"), boxed).json()
    fix = signed_in.get(reverse("voyages:track_fix"), {"radio": MMSI, "at": str(START_S)}).json()

    [track] = points["tracks"]
    assert (track["mmsi"], track["fixes"], len(track["pieces"])) == (MMSI, 7, 2)
    assert track["pieces"][0][0] == [131.0, 42.0, START_S]
    assert close["tracks"][0]["fixes"] == 4
    assert (fix["at"], fix["row"], fix["file"]) == ("2024-02-09 00:00:00", 2, held.item.title)
    assert (fix["speed_kn"], fix["status"]) == (10.0, "under way using engine")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("track_points", {}),
        ("track_points", {"radio": "12"}),
        ("track_points", {"radio": f"{MMSI}:x:"}),
        ("track_points", {"radio": f"{MMSI}:{10**12}:"}),
        ("track_points", {"radio": [MMSI] * 9}),
        ("track_points", {"radio": MMSI, "zoom": "nan"}),
        ("track_points", {"radio": MMSI, "zoom": "99"}),
        ("track_points", {"radio": MMSI, "west": "1e3"}),
        ("track_fix", {"radio": MMSI}),
        ("track_fix", {"radio": OTHER, "at": "0"}),
        ("track_geojson", {}),
    ],
)
def test_what_no_map_asks_for_is_not_found(signed_in, held, name, query):
    assert signed_in.get(reverse(f"voyages:{name}"), query).status_code == 404


def test_a_track_leaves_as_geojson_and_as_kml(signed_in, held):
    query = {"radio": [MMSI, OTHER]}
    collection = json.loads(b"".join(signed_in.get(reverse("voyages:track_geojson"), query).streaming_content))
    document = parseString(b"".join(signed_in.get(reverse("voyages:track_kml"), query).streaming_content))

    first, second = collection["features"]
    assert (first["geometry"]["type"], len(first["geometry"]["coordinates"])) == ("LineString", 5)
    assert first["properties"]["times"][0] == "2024-02-09T00:00:00Z"
    assert first["properties"]["files"] == [str(held.pk)]
    assert len(second["properties"]["rows"]) == 2
    assert len(document.getElementsByTagName("when")) == 7
    assert signed_in.head(reverse("voyages:track_kml"), query).status_code == 200


def test_nobody_gets_data_of_positions_that_they_may_not_see(client, held):
    client.force_login(make.user("stranger"))

    assert client.get(reverse("voyages:track_points"), {"radio": MMSI}).json()["tracks"][0]["pieces"] == []
    assert client.get(reverse("voyages:track_fix"), {"radio": MMSI, "at": "0"}).status_code == 404
    assert (
        b"".join(client.get(reverse("voyages:track_geojson"), {"radio": MMSI}).streaming_content).count(MMSI.encode())
        == 0
    )
    assert client.get(reverse("voyages:radio_track"), {"mmsi": MMSI}).context["has_positions"] is False
