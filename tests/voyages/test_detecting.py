"""Detection on constructed tracks whose gap, stop, jump and meeting are known, and on tracks just short of each."""

import pytest

from casefiles.core.coastline import Box, Ring
from casefiles.core.geodesy import KM_PER_NM, destination
from casefiles.voyages.detecting.elsewhere import Sighting, apart, elsewhere
from casefiles.voyages.detecting.encounters import encounters
from casefiles.voyages.detecting.gaps import gaps
from casefiles.voyages.detecting.harbours import Harbour, Harbours
from casefiles.voyages.detecting.jumps import jumps
from casefiles.voyages.detecting.loitering import loitering
from casefiles.voyages.detecting.port_visits import port_visits
from casefiles.voyages.detecting.shores import FURTHEST_NM, Shore
from casefiles.voyages.detecting.thresholds import SOURCES, Thresholds
from casefiles.voyages.detecting.tracks import HOUR_S, Track

T = Thresholds()
START_S = 1_707_436_800
RAJIN = Harbour("rajin", 42.2333, 130.3)
MINUTE_S = 60


class Ship:
    """Sails a constructed track: every step appends fixes in the order of time."""

    def __init__(self, latitude=42.0, longitude=131.0, at_s=START_S, *, sends_speed=True):
        self.rows, self.at_s, self.place = [], at_s, (latitude, longitude)
        self.sends_speed = sends_speed
        self.report(0.0)

    def report(self, speed_kn):
        speed = speed_kn if self.sends_speed else None
        self.rows.append((self.at_s, *self.place, speed, 1, len(self.rows) + 2))

    def sail(self, hours, speed_kn, bearing_deg=90.0, every_min=10):
        for _turn in range(round(hours * 60 / every_min)):
            self.at_s += every_min * MINUTE_S
            self.place = destination(*self.place, bearing_deg, speed_kn * every_min / 60)
            self.report(speed_kn)
        return self

    def silent(self, hours, moved_nm=0.0, bearing_deg=90.0):
        self.at_s += round(hours * HOUR_S)
        self.place = destination(*self.place, bearing_deg, moved_nm)
        self.report(0.0)
        return self

    def track(self, mmsi="273456780"):
        return Track(mmsi, self.rows)


def kinds(found):
    return [one.kind for one in found]


# Tracks --------------------------------------------------------------------------------------------------------------


def test_a_track_keeps_each_time_and_place_once_and_says_where_it_stands():
    rows = [(0, 1.0, 2.0, None, 7, 2), (0, 1.0, 2.0, 3.0, 8, 9), (0, 1.5, 2.0, None, 7, 3), (60, 1.0, 2.0, 4.0, 7, 4)]

    track = Track("273456780", rows)

    assert (len(track), list(track.row), list(track.import_number)) == (3, [2, 3, 4], [7, 7, 7])
    assert [track.speed_at(index) for index in range(3)] == [float("inf"), float("inf"), 4.0]
    assert (track.implied_kn(0, 1), track.first_from(1)) == (float("inf"), 2)
    assert Track("273456780", rows[:2]).implied_kn(0, 0) == 0.0


def test_every_threshold_has_a_source_and_can_be_set():
    assert SOURCES.keys() == T.as_json().keys()
    assert Thresholds.of({"gap_over_h": "6"}).gap_over_h == 6
    for wrong in ({"gap": 1}, {"gap_over_h": 0}, {"gap_over_h": "soon"}, {"gap_over_h": "nan"}):
        with pytest.raises(ValueError):
            Thresholds.of(wrong)


# Gaps ----------------------------------------------------------------------------------------------------------------


def test_the_known_gap_is_found_with_its_length_and_the_speed_it_implies():
    ship = Ship().sail(2, 10).silent(31, moved_nm=248).sail(1, 10)

    [gap] = gaps(ship.track(), T)

    assert gap.values == {"duration_h": 31.0, "distance_nm": 248.0, "implied_kn": 8.0, "is_open": False}
    assert (gap.start_s, gap.end_s, gap.cites) == (START_S + 2 * HOUR_S, START_S + 33 * HOUR_S, (12, 13))


@pytest.mark.parametrize(("hours", "count"), [(11.9, 0), (12.0, 0), (12.001, 1)])
def test_a_gap_is_strictly_longer_than_its_threshold(hours, count):
    assert len(list(gaps(Ship().silent(hours).track(), T))) == count


def test_the_silence_until_the_end_of_the_window_is_an_open_gap():
    track = Ship().sail(1, 10).track()
    end_s = track.epoch_s[-1]

    assert [gap.values for gap in gaps(track, T, until_s=end_s + 13 * HOUR_S)] == [
        {"duration_h": 13.0, "is_open": True}
    ]
    assert list(gaps(track, T, until_s=end_s + 12 * HOUR_S)) == []
    assert list(gaps(Track("273456780"), T, until_s=end_s)) == []


# Port visits ---------------------------------------------------------------------------------------------------------


def approach(**ship):
    """Return a ship that has just come within a kilometre of Rajin from ten miles east."""
    start = destination(RAJIN.latitude, RAJIN.longitude, 90, 10)
    return Ship(*start, **ship).sail(57 / 60, 10, bearing_deg=270, every_min=3)


def test_the_known_stop_is_one_port_visit_from_entering_to_leaving():
    ship = approach().sail(20, 0.0).sail(1, 10, bearing_deg=90)

    [visit] = port_visits(ship.track(), [RAJIN], T)

    assert visit.place == "rajin"
    assert visit.values["has_left"] is True
    assert visit.values["stopped_h"] == pytest.approx(20, abs=0.4)
    assert visit.values["duration_h"] == pytest.approx(20.3, abs=0.4)
    assert visit.values["nearest_km"] < 1.1


def test_a_ship_that_drifts_between_three_and_four_kilometres_has_not_left():
    ship = approach().sail(2, 0.0)
    ship.place = destination(RAJIN.latitude, RAJIN.longitude, 90, 3.5 / KM_PER_NM)
    ship.silent(1).sail(2, 0.1)
    ship.place = (RAJIN.latitude, RAJIN.longitude)
    ship.silent(1).sail(2, 0.0)

    [visit] = port_visits(ship.track(), [RAJIN], T)

    assert (visit.values["has_left"], round(visit.values["duration_h"])) == (False, 8)


@pytest.mark.parametrize(
    ("hours", "speed_kn", "count"),
    [(2.5, 0.0, 0), (4, 0.0, 1), (4, 0.3, 0)],
    ids=["too short", "long enough", "never stopped"],
)
def test_a_visit_is_long_enough_and_has_a_stop(hours, speed_kn, count):
    ship = approach()
    ship.rows = ship.rows[:-1]
    ship.sail(hours, speed_kn, bearing_deg=0).sail(1, 12, bearing_deg=90)

    assert len(list(port_visits(ship.track(), [RAJIN], T))) == count


@pytest.mark.parametrize(("hours", "count"), [(3.9, 0), (4.1, 1)])
def test_a_long_silence_in_a_port_counts_as_a_stop(hours, count):
    ship = approach()
    ship.sail(0.1, 1.0, every_min=3)
    ship.at_s += round(hours * HOUR_S)
    ship.report(1.0)

    assert len(list(port_visits(ship.track(), [RAJIN], T))) == count


def test_a_stop_is_told_from_positions_where_no_speed_is_sent():
    ship = approach(sends_speed=False).sail(5, 0.0)

    assert len(list(port_visits(ship.track(), [RAJIN], T))) == 1


@pytest.mark.parametrize(
    ("harbour", "point", "is_near"),
    [
        (RAJIN, (42.25, 130.3), True),
        (RAJIN, (42.3, 130.3), False),
        (RAJIN, (10.0, 10.0), False),
        (Harbour("date line", -17.0, 179.995), (-17.0, -179.99), True),
    ],
)
def test_a_harbour_is_found_within_reach_across_cells_and_the_date_line(harbour, point, is_near):
    found = Harbours([RAJIN._replace(key="other", longitude=130.32), harbour], 3.0).nearest(*point)

    assert (found is not None) is is_near
    if found and harbour is RAJIN:
        assert found[0] is harbour


# Loitering -----------------------------------------------------------------------------------------------------------


def square(south, west, north, east):
    points = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Ring(points, Box(west, south, east, north))


@pytest.mark.parametrize(
    ("hours", "speed_kn", "land", "count"),
    [
        (5, 1.0, [square(30, 100, 31, 101)], 1),
        (3.9, 1.0, [square(30, 100, 31, 101)], 0),
        (5, 2.1, [square(30, 100, 31, 101)], 0),
        (5, 1.0, [square(41.9, 130.0, 42.1, 131.4)], 0),
        (5, 1.0, [], 1),
    ],
    ids=["far out", "too short", "too fast", "near the shore", "no coastline"],
)
def test_loitering_is_slow_long_and_far_from_the_shore(hours, speed_kn, land, count):
    ship = Ship().sail(2, 12).sail(hours, speed_kn).sail(2, 12)

    found = list(loitering(ship.track(), Shore(land), T))

    assert len(found) == count
    if found and land:
        assert found[0].values == {"duration_h": 5.0, "average_kn": 1.0, "off_shore_nm": FURTHEST_NM}
    if found and not land:
        assert found[0].values["off_shore_nm"] is None


def test_nobody_loiters_across_a_gap():
    ship = Ship().sail(2, 1).silent(13).sail(2, 1)

    assert list(loitering(ship.track(), Shore([]), T)) == []
    assert not Shore([]).is_known


def test_the_distance_from_the_shore_is_to_its_nearest_corner():
    assert Shore([square(30, 100, 31, 101)]).distance_nm(31.5, 101.0) == pytest.approx(30, abs=0.1)
    assert Shore([square(-17, 179, -16, 179.9)]).distance_nm(-16.0, -179.9) == pytest.approx(11.5, abs=0.2)


# Encounters ----------------------------------------------------------------------------------------------------------


def pair(*, hours=3.0, apart_m=200.0, speed_kn=1.0, every_min=10, other_every_min=7):
    """Return two tracks that come together for some hours, and part."""
    ours = Ship().sail(1, 10, bearing_deg=0).sail(hours, speed_kn, every_min=every_min)
    start = ours.rows[6]
    beside = destination(start[1], start[2], 0, apart_m / 1852)
    away = destination(*beside, 90, 10)
    theirs = Ship(*away).sail(1, 10, bearing_deg=270).sail(hours, speed_kn, every_min=other_every_min)
    return (
        ours.sail(1, 10, bearing_deg=0).track("273456780"),
        theirs.sail(1, 10).track("273456781"),
    )


def test_the_known_meeting_is_one_encounter_that_cites_both_tracks():
    ours, theirs = pair()

    [meeting] = encounters(ours, theirs, [], T)

    assert meeting.other_mmsi == "273456781"
    assert meeting.values["nearest_m"] == pytest.approx(200, abs=40)
    assert meeting.values["duration_h"] == pytest.approx(3, abs=0.2)
    assert (meeting.values["median_kn"], meeting.values["other_median_kn"]) == (1.0, 1.0)
    assert len(meeting.cites) == len(meeting.other_cites) == 2


@pytest.mark.parametrize(
    "changed",
    [{"hours": 1.5}, {"apart_m": 600.0}, {"speed_kn": 2.5}, {"other_every_min": 90}],
    ids=["too short", "too far apart", "too fast", "fixes too far apart to say"],
)
def test_a_meeting_just_short_of_a_threshold_is_none(changed):
    assert list(encounters(*pair(**changed), [], T)) == []


def test_ships_beside_one_another_in_a_port_do_not_meet_at_sea():
    ours, theirs = pair()
    near = Harbour("near", ours.latitude[8], ours.longitude[8] + 0.05)

    assert list(encounters(ours, theirs, [near], T)) == []
    assert list(encounters(ours, Track("273456781"), [], T)) == []


# Jumps ---------------------------------------------------------------------------------------------------------------


def test_the_known_jump_is_an_impossible_speed_with_the_computed_value():
    ship = Ship().sail(2, 10).silent(1, moved_nm=300).sail(2, 10)

    [jump] = jumps(ship.track(), T)

    assert (jump.kind, jump.cites) == ("impossible speed", (12, 13))
    assert jump.values == {"implied_kn": 300.0, "distance_nm": 300.0, "duration_h": 1.0}


@pytest.mark.parametrize(
    ("hours", "moved_nm", "count"), [(1, 59, 0), (1, 61, 1), (0.001, 0.4, 0), (0.001, 0.6, 1), (0, 0.6, 1)]
)
def test_a_jump_is_over_the_threshold_and_over_the_noise(hours, moved_nm, count):
    ship = Ship().sail(2, 10).silent(hours, moved_nm=moved_nm).sail(1, 10)

    found = list(jumps(ship.track(), T))

    assert len(found) == count
    if hours == 0:
        assert found[0].values["implied_kn"] is None


def test_a_single_garbled_position_is_a_jump_there_and_back_and_no_second_ship():
    ship = Ship().sail(2, 10)
    ship.rows.append((ship.at_s + 60, 10.0, 10.0, 0.0, 1, 99))
    ship.at_s += 120
    ship.sail(2, 10)

    assert kinds(jumps(ship.track(), T)) == ["impossible speed", "impossible speed"]


def test_one_number_at_two_places_is_said_once_with_both_cited():
    ours, theirs = Ship().sail(5, 10), Ship(10.0, 80.0, START_S + 3_600).sail(3, 12)
    track = Track("273456780", sorted([*ours.rows, *theirs.rows]))

    [found] = jumps(track, T)

    assert found.kind == "two places at once"
    assert found.values["apart_nm"] > 3_000
    assert (found.start_s, found.values["fixes"] > 10, found.values["other_fixes"]) == (START_S + 3_600, True, 19)
    assert {round(track.latitude[cited]) for cited in found.cites} == {42, 10}


def test_a_track_of_nothing_but_noise_ends_in_time():
    rows = [
        (START_S + turn * 60, (turn * 37) % 120 - 60.0, (turn * 73) % 360 - 180.0, None, 1, turn)
        for turn in range(3_000)
    ]

    assert len(list(jumps(Track("273456780", rows), T))) > 1_000


# Elsewhere -----------------------------------------------------------------------------------------------------------


def test_a_source_that_puts_a_ship_where_its_radio_leaves_no_time_for_it_contradicts_it():
    """Around a day of fixes near Rajin, nobody reaches a place 2,000 miles away and comes back."""
    track = Ship().sail(72, 10).track()
    day = Sighting("call", START_S + 24 * HOUR_S, START_S + 48 * HOUR_S, 10.0, 110.0, within_nm=5)

    [found] = elsewhere(track, [day], T)

    assert (found.kind, found.place) == ("two places at once", "call")
    assert (found.start_s, found.end_s) == (day.earliest_s, day.latest_s)
    assert found.values["apart_nm"] > 2_000 and found.cites


@pytest.mark.parametrize(
    "sighting",
    [
        Sighting("on its way", START_S + 24 * HOUR_S, START_S + 48 * HOUR_S, 42.0, 138.0),
        Sighting("wide", START_S - 900 * HOUR_S, START_S + 900 * HOUR_S, 10.0, 110.0),
        Sighting("before", START_S - 900 * HOUR_S, START_S - 800 * HOUR_S, 10.0, 110.0),
        Sighting("in reach", START_S + 24 * HOUR_S, START_S + 48 * HOUR_S, 42.0, 131.0, within_nm=600),
    ],
    ids=lambda sighting: sighting.key,
)
def test_a_sighting_for_which_one_moment_is_left_contradicts_nothing(sighting):
    assert list(elsewhere(Ship().sail(72, 10).track(), [sighting], T)) == []


def test_two_sources_that_leave_no_time_for_the_way_contradict_each_other():
    first = Sighting("first", START_S, START_S + 24 * HOUR_S, 42.0, 131.0)
    second = Sighting("second", START_S, START_S + 24 * HOUR_S, 10.0, 80.0)
    later = Sighting("later", START_S + 400 * HOUR_S, START_S + 401 * HOUR_S, 10.0, 80.0)

    [(one, other, found)] = apart([first, second, later], T)

    assert (one.key, other.key) == ("first", "second")
    assert found.values["apart_nm"] > 3_000 and found.values["duration_h"] == 24
