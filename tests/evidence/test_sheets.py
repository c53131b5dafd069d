"""The sheet of an image: its rules, its actions, its pages, and what its files offer."""

import json
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible, restore_record, void_record
from casefiles.audit.selectors import history
from casefiles.core.moments import parse_moment
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence import selectors
from casefiles.evidence.actions import items, reading, sheets
from casefiles.evidence.identification import Doubt, Lack, Sighting, doubts, lacks, length_in_pixels
from casefiles.evidence.models import ImageObservation, ImageSheet
from casefiles.evidence.proposals import proposals
from casefiles.evidence.selectors.sheets import offered
from tests import make
from tests.evidence.tiffs import UTM_10_NORTH, tiff

FOOTPRINT = {
    "type": "Polygon",
    "coordinates": [[[130.0, 42.0], [131.0, 42.0], [131.0, 43.0], [130.0, 43.0], [130.0, 42.0]]],
}
STAC = json.dumps(
    {
        "type": "Feature", "stac_version": "1.1.0", "id": "scene-1", "geometry": FOOTPRINT,
        "properties": {
            "datetime": "2024-02-11T02:03:04Z", "platform": "sat-2", "gsd": 0.5, "eo:cloud_cover": 6,
            "view:off_nadir": 20.123, "instruments": ["camera"],
        },
    }
).encode()  # fmt: skip


# --- The rules ------------------------------------------------------------------------------------------------------


def identified(**values: Any) -> Sighting:
    good = {"matching_features": "Bridge in the bow", "look_alikes": "Lady R", "length_m": 120.0, "gsd_m": 3.0}
    return Sighting(is_identified=True, **{**good, **values})


@pytest.mark.parametrize(
    ("sighting", "expected"),
    [
        (identified(), ()),
        (identified(matching_features=" "), (Lack.NO_FEATURES,)),
        (identified(look_alikes=""), (Lack.NO_LOOK_ALIKE,)),
        (identified(look_alikes="", look_alikes_count=1), ()),
        (identified(matching_features="", look_alikes=" "), (Lack.NO_FEATURES, Lack.NO_LOOK_ALIKE)),
        (Sighting(is_identified=False), ()),
    ],
)
def test_an_identification_needs_features_and_a_look_alike(sighting: Sighting, expected: tuple[Lack, ...]) -> None:
    assert lacks(sighting) == expected


@pytest.mark.parametrize(
    ("sighting", "expected"),
    [
        (identified(), ()),
        (identified(length_m=30.0), ()),
        (identified(length_m=29.99), (Doubt.TOO_FEW_PIXELS,)),
        (identified(length_m=None), (Doubt.NO_LENGTH,)),
        (identified(gsd_m=None), (Doubt.NO_GSD,)),
        (identified(length_m=None, gsd_m=None), (Doubt.NO_LENGTH, Doubt.NO_GSD)),
        (identified(measured_m=118.0, measured_error_m=3.0), ()),
        (identified(measured_m=110.0, measured_error_m=3.0), (Doubt.OTHER_LENGTH,)),
        (identified(measured_m=119.0), (Doubt.OTHER_LENGTH,)),
        (Sighting(is_identified=False, gsd_m=30.0, length_m=30.0), ()),
    ],
)
def test_an_identification_is_doubted_where_the_image_is_too_coarse(
    sighting: Sighting, expected: tuple[Doubt, ...]
) -> None:
    assert doubts(sighting) == expected


@pytest.mark.parametrize(("length", "gsd", "pixels"), [(120.0, 3.0, 40.0), (None, 3.0, None), (120.0, None, None)])
def test_length_in_pixels(length: float | None, gsd: float | None, pixels: float | None) -> None:
    assert length_in_pixels(Sighting(is_identified=True, length_m=length, gsd_m=gsd)) == pixels


@pytest.mark.parametrize(
    ("measured", "claims", "expected"),
    [
        ({"pixel_size_m": [0.4733, 0.4713]}, [], [("measured-pixel_size_m", "gsd_m", Decimal("0.473"))]),
        ({"footprint": "x", "pixel_size_m": []}, [], []),
        ({}, [{"key": "cloud_percent", "value": 6.0}], [("claim-0", "cloud_fraction", Decimal("0.06"))]),
        ({}, [{"key": "cloud_percent", "value": True}], []),
        ({}, [{"key": "gsd_m", "value": "3"}, {"key": "x", "value": 1}], []),
        ({}, [{"key": "gsd_m", "value": 1e300}], []),
        ({}, [{"key": "camera", "value": " Canon "}], [("claim-0", "sensor", "Canon")]),
        ({}, [{"key": "scene_id", "value": ""}, {"key": "scene_id", "value": 7}], []),
    ],
)
def test_what_a_reading_offers(measured: Any, claims: Any, expected: Any) -> None:
    assert [(one.key, one.name, one.value) for one in proposals(measured, claims)] == expected


# --- The actions ----------------------------------------------------------------------------------------------------


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    lead, researcher, viewer, stranger = make.lead(), make.user(), make.user(), make.user()
    circle = make.restricted_to(make.circle(lead, researcher=researcher, viewer=viewer))
    item = make.item(lead, circle=circle, kind="satellite image", title="Image of the pier")
    return SimpleNamespace(lead=lead, researcher=researcher, viewer=viewer, stranger=stranger, circle=circle, item=item)


def sheet_of(world: Any, **values: Any) -> ImageSheet:
    return sheets.add_sheet(world.item, by=world.lead, **values)


def seen(sheet: ImageSheet, world: Any, **values: Any) -> ImageObservation:
    return sheets.add_observation(sheet, by=world.lead, **{"seen": "A ro-ro at the pier", **values})


IDENTIFIED = {"level": "identify", "matching_features": "Bridge in the bow", "look_alikes": "Lady R"}


def acts(record: Any) -> list[str]:
    return [entry.act for entry in history([record.pk])]


def test_a_sheet_keeps_three_times_apart(world: Any) -> None:
    moments = {name: parse_moment(text) for name, text in (("acquired", "2024-02-11"), ("published", "2024-04-25"))}

    sheet = sheet_of(world, **moments, gsd_m=Decimal("3.7"), footprint={"type": "Feature", "geometry": FOOTPRINT})

    kept = ImageSheet.objects.get(pk=sheet.pk)
    assert (kept.acquired.edtf, kept.delivered, kept.published.edtf) == ("2024-02-11", None, "2024-04-25")
    assert kept.footprint == FOOTPRINT
    assert acts(sheet) == ["added"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"acquired": "2024-02-11", "delivered": "2024-02-10"}, "delivered"),
        ({"delivered": "2024-02-11", "published": "2024-02-10"}, "published"),
        ({"acquired": "2024-02-11", "published": "2024-02-10"}, "published"),
    ],
)
def test_an_image_is_not_delivered_before_it_is_taken(world: Any, values: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refused:
        sheet_of(world, **{name: parse_moment(text) for name, text in values.items()})

    assert refused.value.field == field
    assert not ImageSheet.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"cloud_fraction": Decimal("6")}, {"off_nadir_deg": Decimal("91")}, {"sun_elevation_deg": Decimal("-91")},
        {"sun_azimuth_deg": Decimal("361")}, {"gsd_m": Decimal("0")},
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_are_refused(world: Any, values: Any) -> None:
    with pytest.raises(ValidationError):
        sheet_of(world, **values)


def test_a_footprint_outside_the_world_is_refused(world: Any) -> None:
    with pytest.raises(Refused) as refused:
        sheet_of(world, footprint={"type": "Polygon", "coordinates": [[[1, 99], [2, 99], [3, 98], [1, 99]]]})

    assert refused.value.field == "footprint"


def test_an_image_has_one_sheet_and_a_new_one_after_it_was_voided(world: Any) -> None:
    first = sheet_of(world)
    with pytest.raises(ValidationError):
        sheet_of(world)
    void_record(first, by=world.lead, reason="Of another image.")

    second = sheet_of(world)

    assert selectors.sheet_of(world.item, world.lead) == second
    with pytest.raises(ValidationError):
        restore_record(first, by=world.lead)


def test_the_file_of_its_stac_item_is_one_of_its_own(world: Any) -> None:
    own = make.file(world.item, world.lead, STAC, "scene.json")
    other = make.file(make.item(world.lead, circle=world.circle), world.lead, STAC, "scene.json")

    assert sheet_of(world, stac_item=own).stac_item == own
    with pytest.raises(Refused) as refused:
        sheets.change_sheet(ImageSheet.objects.get(), by=world.lead, version=1, stac_item=other)
    assert refused.value.field == "stac_item"


def test_k03_a_stale_change_of_a_sheet_writes_nothing(world: Any) -> None:
    sheet = sheet_of(world, provider="One")
    sheets.change_sheet(sheet, by=world.lead, version=1, provider="Two")

    with pytest.raises(StaleVersion):
        sheets.change_sheet(ImageSheet.objects.get(), by=world.lead, version=1, provider="Three")

    assert ImageSheet.objects.get().provider == "Two"


def test_a_sheet_of_a_voided_image_is_neither_begun_nor_changed(world: Any) -> None:
    sheet = sheet_of(world)
    observation = seen(sheet, world)
    items.void_item(world.item, by=world.lead, reason="Wrong.")
    world.item.refresh_from_db()

    for attempt in (
        lambda: sheets.change_sheet(sheet, by=world.lead, version=1, provider="x"),
        lambda: seen(sheet, world),
        lambda: sheets.change_observation(observation, by=world.lead, version=1, seen="x"),
        lambda: sheets.add_sheet(world.item, by=world.lead),
    ):
        with pytest.raises(Refused):
            attempt()


def test_who_may_not_change_a_sheet(world: Any) -> None:
    sheet = sheet_of(world)
    observation = seen(sheet, world)

    for user, expected in ((world.viewer, NotAllowed), (world.stranger, NotVisible)):
        for attempt in (
            lambda user=user: sheets.add_sheet(world.item, by=user),
            lambda user=user: sheets.change_sheet(sheet, by=user, version=1, provider="x"),
            lambda user=user: sheets.add_observation(sheet, by=user, seen="x"),
            lambda user=user: sheets.change_observation(observation, by=user, version=1, seen="x"),
        ):
            with pytest.raises(expected):
                attempt()


def test_unknown_fields_are_a_mistake_of_the_caller(world: Any) -> None:
    with pytest.raises(TypeError):
        sheet_of(world, sha256="x")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"seen": "  "}, "seen"),
        ({**IDENTIFIED, "matching_features": ""}, "matching_features"),
        ({**IDENTIFIED, "look_alikes": " "}, "look_alikes"),
    ],
)
def test_an_unfounded_observation_is_refused(world: Any, values: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refused:
        seen(sheet_of(world), world, **values)

    assert refused.value.field == field


def test_a_vessel_counts_as_a_look_alike_and_stands_in_the_history(world: Any) -> None:
    vessel = make.numbered_vessel(world.lead, display_name="Lady R")

    observation = seen(sheet_of(world), world, **{**IDENTIFIED, "look_alikes": ""}, look_alike_vessels=[vessel, vessel])

    assert list(observation.look_alike_vessels.all()) == [vessel]
    assert acts(observation) == ["look-alikes named", "added"]


def test_an_identification_cannot_lose_what_it_rests_on(world: Any) -> None:
    vessel = make.numbered_vessel(world.lead)
    observation = seen(sheet_of(world), world, **{**IDENTIFIED, "look_alikes": ""}, look_alike_vessels=[vessel])

    with pytest.raises(Refused):
        sheets.change_observation(observation, by=world.lead, version=1, look_alike_vessels=[])
    with pytest.raises(Refused):
        sheets.change_observation(observation, by=world.lead, version=1, matching_features="")
    changed = sheets.change_observation(
        observation, by=world.lead, version=1, level="classify", look_alike_vessels=[], matching_features=""
    )

    assert (changed.version, changed.look_alike_vessels.count()) == (2, 0)
    assert acts(observation)[0] == "changed"


def test_a_look_alike_is_no_secret_of_fewer_people(world: Any) -> None:
    other = make.lead()
    hidden = make.vessel(other, circle=make.restricted_to(make.circle(other)))
    own = make.vessel(world.lead, circle=make.restricted_to(make.circle(world.lead)))

    with pytest.raises(NotVisible):
        seen(sheet_of(world), world, look_alike_vessels=[hidden])
    with pytest.raises(Refused):
        seen(ImageSheet.objects.get(), world, look_alike_vessels=[own])


def test_r6_a_look_alike_that_one_may_not_see_is_neither_shown_nor_dropped(world: Any) -> None:
    """Breaks where an edit by somebody who does not see a vessel takes it away, or the page names it."""
    known = make.numbered_vessel(world.lead)
    observation = seen(sheet_of(world), world, **{**IDENTIFIED, "look_alikes": ""}, look_alike_vessels=[known])
    other = make.lead()
    hidden = make.vessel(other, circle=make.restricted_to(make.circle(other)), display_name="Hidden hull")
    observation.look_alike_vessels.add(hidden)

    part = selectors.sheet_part(world.item, world.lead)
    sheets.change_observation(observation, by=world.lead, version=1, look_alike_vessels=[known], seen="Another")

    assert part.seen[0].vessels == (known,)
    assert set(observation.look_alike_vessels.all()) == {known, hidden}


# --- What files offer -----------------------------------------------------------------------------------------------


@pytest.fixture
def described(world: Any) -> SimpleNamespace:
    world.file = make.file(world.item, world.lead, STAC, "scene.json")
    world.reading = reading.read_file(world.file)
    return world


def keys(world: Any) -> dict[str, str]:
    return {one.label: one.key for one in selectors.sheet_part(world.item, world.lead).offered}


def test_what_a_stac_item_says_is_offered_and_not_believed(described: Any) -> None:
    part = selectors.sheet_part(described.item, described.lead)

    assert part.sheet is None
    assert {one.label: one.text for one in part.open_offers} == {
        "scene": "scene-1", "acquired": "11 February 2024, 02:03:04 UTC", "platform": "sat-2", "sensor": "camera",
        "ground sample distance, m": "0.5", "cloud, fraction": "0.06", "off nadir, degrees": "20.12",
        "footprint": "about 82 × 111 km around 42.5000° N 130.5000° E",
    }  # fmt: skip


def test_one_click_enters_one_value_and_says_from_where(described: Any) -> None:
    offered = keys(described)

    first = sheets.confirm_for_sheet(described.reading, by=described.lead, key=offered["acquired"], version=0)
    second = sheets.confirm_for_sheet(described.reading, by=described.lead, key=offered["footprint"], version=1)

    assert (second.pk, second.version, second.platform) == (first.pk, 2, "")
    assert ImageSheet.objects.get().acquired.edtf == "2024-02-11T02:03:04Z"
    assert [entry.note for entry in history([first.pk])] == ["scene.json: geometry", "scene.json: datetime"]
    states = {one.label: one.state for one in selectors.sheet_part(described.item, described.lead).offered}
    assert (states["acquired"], states["footprint"], states["platform"]) == ("same", "same", "new")


def test_a_click_on_an_old_page_writes_nothing(described: Any) -> None:
    key = keys(described)["platform"]
    with pytest.raises(StaleVersion):
        sheets.confirm_for_sheet(described.reading, by=described.lead, key=key, version=3)
    sheet_of(described, platform="Another")
    with pytest.raises(StaleVersion):
        sheets.confirm_for_sheet(described.reading, by=described.lead, key=key, version=0)

    assert ImageSheet.objects.get().platform == "Another"


def test_what_is_not_offered_or_cannot_be_read_is_refused(described: Any) -> None:
    described.reading.findings["claims"].append({"key": "acquired", "value": "long ago"})

    for key in ("claim-999", "measured-footprint", "claim-8"):
        with pytest.raises(Refused):
            sheets.confirm_for_sheet(described.reading, by=described.lead, key=key, version=0)
    assert all(one.text != "long ago" for one in offered(None, [described.reading]))


def test_a_geotiff_offers_its_footprint_and_the_size_of_its_pixels(world: Any) -> None:
    reading.read_file(make.file(world.item, world.lead, tiff(8, 6, bands=4, more=UTM_10_NORTH), "scene.tif"))

    offers = {one.label: (one.text, one.is_measured) for one in selectors.sheet_part(world.item, world.lead).offered}

    assert offers["ground sample distance, m"] == ("5.002", True)
    assert offers["footprint"][1] is True


def test_a_photograph_offers_its_camera_and_its_time(world: Any, shared_data: Path) -> None:
    photo = (shared_data / "exif" / "DSCN0010.jpg").read_bytes()
    reading.read_file(make.file(world.item, world.lead, photo, "photo.jpg"))

    offers = {one.label: one.text for one in selectors.sheet_part(world.item, world.lead).offered}

    assert offers == {"sensor": "NIKON COOLPIX P6000", "acquired": "22 October 2008, 16:28:39, zone not given"}


# --- The pages ------------------------------------------------------------------------------------------------------


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(name: str, record: Any, query: str = "") -> str:
    return reverse(f"evidence:{name}", args=[record.pk]) + query


def base_of(response: Any) -> str:
    return str(response.context["base_token"])


def test_a01_who_may_open_each_page(described: Any) -> None:
    sheet = sheet_of(described)
    observation = seen(sheet, described)
    offer = f"?reading={described.reading.pk}&key={keys(described)['platform']}"
    addresses = [
        page("sheet_add", described.item), page("offer_confirm", described.item, offer), page("sheet_edit", sheet),
        page("sheet_void", sheet), page("observation_add", sheet), page("observation_edit", observation),
        page("observation_void", observation),
    ]  # fmt: skip
    expected = {"lead": 200, "researcher": 200, "viewer": 403, "stranger": 404}

    for address in addresses:
        found = {who: signed_in(getattr(described, who)).get(address).status_code for who in expected}
        assert found == expected, address


def test_the_page_shows_the_sheet_the_map_and_the_doubts(world: Any) -> None:
    sheet = sheet_of(
        world, provider="Maker", gsd_m=Decimal("30"), footprint=FOOTPRINT, acquired=parse_moment("2024-02-11")
    )
    lengths = {"length_m": Decimal("120"), "measured_m": Decimal("118"), "measured_error_m": Decimal("5")}
    seen(sheet, world, **IDENTIFIED, **lengths)

    html = signed_in(world.viewer).get(world.item.get_absolute_url()).content.decode()

    shown = (
        "Maker", "2024-02-11", "about 82 × 111 km", 'class="outline"', "118 m ± 5 m", "120 m", "4 pixels here",
        "under 10 pixels", "Lady R", "Bridge in the bow",
    )  # fmt: skip
    for words in shown:
        assert words in html, words
    assert "Edit the sheet" not in html


def test_a_report_has_no_sheet_to_offer(world: Any) -> None:
    report = make.item(world.lead, circle=world.circle, kind="news report")

    assert 'id="sheet"' not in signed_in(world.lead).get(report.get_absolute_url()).content.decode()


def test_a_sheet_is_added_and_edited_on_its_pages(described: Any) -> None:
    client = signed_in(described.researcher)
    values = {
        "provider": "Maker", "acquired": "2024-02-11", "gsd_m": "3.7", "cloud_fraction": "0.06",
        "footprint": json.dumps(FOOTPRINT), "stac_item": str(described.file.pk),
    }  # fmt: skip

    added = client.post(page("sheet_add", described.item), values)
    sheet = ImageSheet.objects.get()
    form = client.get(page("sheet_edit", sheet))
    edited = client.post(page("sheet_edit", sheet), {**values, "provider": "Another", "base": base_of(form)})
    again = client.post(page("sheet_add", described.item), values)

    assert (added.status_code, edited.status_code, again.status_code) == (302, 302, 422)
    assert form.context["form"]["gsd_m"].value() == "3.7"
    sheet.refresh_from_db()
    assert (sheet.provider, sheet.version, sheet.stac_item, sheet.footprint) == (
        "Another", 2, described.file, FOOTPRINT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("footprint", "{"), ("footprint", '{"type": "Point"}'), ("gsd_m", "0"), ("gsd_m", "NaN"), ("gsd_m", "1e400"),
        ("cloud_fraction", "6"), ("acquired", "long ago"), ("stac_item", "no such file"), ("provider", "\x00"),
        ("provider", "x" * 201),
    ],
)  # fmt: skip
def test_n06_bad_input_is_explained_at_its_field(world: Any, name: str, value: str) -> None:
    response = signed_in(world.lead).post(page("sheet_add", world.item), {name: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [name]


def test_k03_a_stale_sheet_shows_base_theirs_and_yours(world: Any) -> None:
    sheet = sheet_of(world, provider="Base", gsd_m=Decimal("3"))
    client = signed_in(world.researcher)
    base = base_of(client.get(page("sheet_edit", sheet)))
    sheets.change_sheet(sheet, by=world.lead, version=1, provider="Theirs")

    response = client.post(page("sheet_edit", sheet), {"provider": "Yours", "gsd_m": "3", "base": base})

    assert response.status_code == 409
    [row] = [row for row in response.context["conflict"]["rows"] if row.theirs != row.yours]
    assert (row.base, row.theirs, row.yours) == ("Base", "Theirs", "Yours")


def test_an_observation_is_recorded_edited_and_voided_on_its_pages(world: Any) -> None:
    vessel = make.numbered_vessel(world.lead, display_name="Lady R")
    sheet = sheet_of(world)
    client = signed_in(world.researcher)
    values = {"seen": "The ship", "level": "identify", "matching_features": "Bridge", "length_m": "120"}

    refused = client.post(page("observation_add", sheet), values)
    added = client.post(page("observation_add", sheet), {**values, "look_alike_1": str(vessel)})
    observation = ImageObservation.objects.get()
    form = client.get(page("observation_edit", observation))
    changed = {**values, "seen": "A ship", "look_alike_1": str(vessel), "look_alike_1_id": str(vessel.pk)}
    edited = client.post(page("observation_edit", observation), {**changed, "base": base_of(form)})
    voided = client.post(page("observation_void", observation), {"reason": "A shadow."})

    assert [answer.status_code for answer in (refused, added, edited, voided)] == [422, 302, 302, 302]
    assert "look_alikes" in refused.context["form"].errors
    observation.refresh_from_db()
    assert (observation.seen, observation.is_voided, observation.look_alike_vessels.get()) == ("A ship", True, vessel)
    assert selectors.sheet_part(world.item, world.lead).seen == ()


def test_an_error_without_a_measurement_is_explained(world: Any) -> None:
    response = signed_in(world.lead).post(
        page("observation_add", sheet_of(world)), {"seen": "x", "level": "detect", "measured_error_m": "5"}
    )

    assert list(response.context["form"].errors) == ["measured_m"]


def test_a_value_is_confirmed_with_one_click_and_asked_about_where_the_sheet_differs(described: Any) -> None:
    client = signed_in(described.researcher)
    asked = {"reading": str(described.reading.pk), "key": keys(described)["platform"]}
    address = page("offer_confirm", described.item)

    begun = client.post(address, {**asked, "version": "0"})
    stale = client.post(address, {**asked, "version": "0"})
    sheets.change_sheet(ImageSheet.objects.get(), by=described.lead, version=1, platform="Another")
    shown = client.get(address, asked)
    replaced = client.post(address, {**asked, "version": "2"})

    assert [one.status_code for one in (begun, stale, shown, replaced)] == [302, 422, 200, 302]
    assert "The sheet says now: Another" in shown.content.decode()
    assert ImageSheet.objects.get().platform == "sat-2"


@pytest.mark.parametrize("change", [{"key": "claim-99"}, {"key": "x"}, {"reading": "x"}, {"reading": None}])
def test_b03_what_no_file_of_the_item_offers_does_not_exist(described: Any, change: dict[str, str | None]) -> None:
    other = make.item(described.lead, circle=described.circle)
    foreign = reading.read_file(make.file(other, described.lead, STAC, "other.json"))
    asked = {"reading": str(described.reading.pk), "key": keys(described)["platform"], "version": "0"}
    asked |= {name: str(foreign.pk) if value is None else value for name, value in change.items()}

    assert signed_in(described.lead).post(page("offer_confirm", described.item), asked).status_code == 404


def test_the_history_of_an_item_tells_of_its_sheet_and_what_is_seen(world: Any) -> None:
    seen(sheet_of(world, provider="Maker"), world)

    html = signed_in(world.viewer).get(page("item_history", world.item)).content.decode()

    assert "Maker" in html
    assert "A ro-ro at the pier" in html


def test_n18_the_number_of_queries_does_not_grow_with_what_is_seen(world: Any) -> None:
    sheet = sheet_of(world, footprint=FOOTPRINT)
    client = signed_in(world.viewer)
    vessel = make.numbered_vessel(world.lead)

    def count() -> int:
        client.get(world.item.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            client.get(world.item.get_absolute_url())
        return len(captured)

    for _number in range(2):
        seen(sheet, world, look_alike_vessels=[vessel])
    few = count()
    for _number in range(10):
        seen(sheet, world, look_alike_vessels=[vessel])

    assert count() == few
