"""Distance and least time between two port calls: shown beside a voyage, and stored nowhere."""

import pytest
from django.urls import reverse

from casefiles.voyages.passages import passage_of
from casefiles.voyages.sea_routes import least_hours, over_sea_nm
from tests import make

RAJIN, ZHOUSHAN, ROTTERDAM = (42.2333, 130.3), (30.0167, 122.1), (51.95, 4.14)


def test_a_way_over_sea_goes_around_land_and_is_never_shorter_than_the_great_circle():
    assert 850 < over_sea_nm(RAJIN, ZHOUSHAN) < 1_150
    assert 9_500 < over_sea_nm(ROTTERDAM, ZHOUSHAN) < 11_500
    assert over_sea_nm(RAJIN, (42.0, 130.3)) >= 14
    assert over_sea_nm((float("nan"), 0.0), RAJIN) is None
    assert least_hours(250) == 10


@pytest.fixture
def lead(db):
    return make.lead("lead")


@pytest.fixture
def sail(lead):
    """Return what makes a voyage from Rajin to Zhoushan; keywords are dates of the two port calls."""
    make.circle(lead)
    vessel = make.numbered_vessel(lead)

    def between(departure, arrival, *, points=(RAJIN, ZHOUSHAN)):
        places = [
            make.place(lead, **(dict(zip(("latitude", "longitude"), point, strict=True)) if point else {}))
            for point in points
        ]
        calls = [
            make.port_call(lead, vessel, place=place, **dates)
            for place, dates in zip(places, (departure, arrival), strict=True)
        ]
        return make.voyage(lead, vessel=vessel, departure=calls[0], arrival=calls[1])

    return between


@pytest.mark.parametrize(
    ("departure", "arrival", "hours", "is_possible"),
    [
        ({"departed": "2024-02-01"}, {"arrived": "2024-02-05"}, 120, True),
        ({"departed": "2024-02-01"}, {"arrived": "2024-02-01"}, 24, False),
        ({"arrived": "2024-01-20", "departed": "between 1 and 3 February 2024"}, {"seen": "2024-02-05"}, 120, True),
        ({"seen": "2024-02-01"}, {"arrived": "2024-02", "departed": "2024-02-02"}, 48, True),
        ({}, {"arrived": "2024-02-05"}, None, None),
    ],
)
def test_the_dates_allow_the_longest_time_between_them(sail, departure, arrival, hours, is_possible):
    passage = passage_of(sail(departure, arrival))

    assert (passage.allowed_hours, passage.is_possible) == (hours, is_possible)
    assert round(passage.least_hours) == 33


@pytest.mark.parametrize("points", [(RAJIN, None), (RAJIN, RAJIN)])
def test_without_two_points_nothing_is_computed(sail, points):
    assert passage_of(sail({}, {}, points=points)) is None


def test_the_page_of_a_voyage_says_that_it_could_not_be(client, lead, sail):
    client.force_login(lead)
    voyage = sail({"departed": "2024-02-01"}, {"arrived": "2024-02-01"})
    open_ended = make.voyage(lead)

    assert "do not leave time enough" in client.get(voyage.get_absolute_url()).content.decode()
    assert client.get(reverse("voyages:voyage", args=[open_ended.pk])).context["passage"] is None
