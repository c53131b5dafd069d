"""The strip of pictures on a vessel's page: those cited for it that the reader may see, and no others."""

import io

import pytest
from PIL import Image

from casefiles.access.actions import void_record
from casefiles.cases import actions as cases
from casefiles.core.moments import Moment, parse_moment
from casefiles.evidence.actions import items, sheets
from casefiles.workspace.selectors.pictures import SHOWN, pictures_of
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def team(lead):
    return make.circle(lead, viewer=make.user("viewer"))


@pytest.fixture
def stranger(db):
    person = make.lead("stranger")
    make.circle(person)
    return person


@pytest.fixture
def angara(lead, team):
    return make.vessel(lead, imo_number="9179842", display_name="ANGARA")


def drawn(colour="navy"):
    content = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(content, "PNG")
    return content.getvalue()


def photograph(by, **values):
    if isinstance(values.get("occurred"), str):
        values["occurred"] = parse_moment(values["occurred"])
    item = make.item(by, **{"kind": "photograph", **values})
    make.file(item, by, drawn(), "photo.png")
    return item


def titles(vessel, user, *, values=(), as_at=None):
    strip = pictures_of([vessel], user, values=values, as_at=as_at)
    return [one.title for one in strip.pictures]


def test_pictures_cited_for_values_calls_voyages_and_claims_stand_newest_first(client, lead, angara):
    other = make.numbered_vessel(lead)
    flag, call = make.flag(lead, angara, "RU"), make.port_call(lead, angara, other)
    voyage = make.voyage(lead, vessel=angara, departure=make.port_call(lead, angara), arrival=None)
    case = make.case(lead)
    cases.add_subject(case, by=lead, vessel=angara, role="carrier")
    claim = make.claim(case, lead)
    make.citation(flag, photograph(lead, title="Of the flag", occurred="2021"), lead)
    make.citation(call, photograph(lead, title="Of the call", occurred="2023-08"), lead)
    make.citation(voyage, photograph(lead, title="Of the voyage", occurred="2022"), lead)
    make.citation(claim, photograph(lead, title="Of the claim", occurred="2024"), lead)
    make.citation(make.flag(lead, other, "RU"), photograph(lead, title="Of another"), lead)
    make.citation(flag, make.item(lead, title="No picture"), lead)

    shown = titles(angara, lead, values=[flag.pk])

    assert shown == ["Of the claim", "Of the call", "Of the voyage", "Of the flag"]
    client.force_login(lead)
    page = client.get(angara.get_absolute_url()).text
    assert page.count("<figure>") == 4 and "Of another" not in page


def test_a_picture_stands_once_with_its_date_source_and_credit(client, lead, angara):
    agency = make.source(lead, name="An agency")
    item = photograph(lead, title="Bow", source=agency, credit_line="Photographer B", occurred="2023-08-12")
    flag = make.flag(lead, angara, "RU")
    make.citation(flag, item, lead)
    make.citation(make.name_use(lead, angara, "ANGARA"), item, lead)
    client.force_login(lead)

    page = client.get(angara.get_absolute_url()).text

    strip = page.partition('class="picture-strip"')[2].partition("</ul>")[0]
    assert strip.count("<li>") == 1
    for words in ("Bow", "2023-08-12", "An agency", "Photographer B", f"/{item.pk}/look/?file=", "/preview/"):
        assert words in strip


def test_whoever_may_not_see_a_picture_or_what_cites_it_sees_the_page_without(client, lead, team, stranger, angara):
    hidden = make.restricted_to(team)
    make.citation(make.flag(lead, angara, "RU", circle=hidden), photograph(lead, title="CANARY open"), lead)
    secret = photograph(lead, title="CANARY secret", circle=hidden)
    make.citation(make.flag(lead, angara, "KP", circle=hidden), secret, lead)

    for person, count in ((lead, 2), (stranger, 0)):
        client.force_login(person)
        assert client.get(angara.get_absolute_url()).text.count("<figure>") == count
    assert "No picture is cited" in client.get(angara.get_absolute_url()).text


def test_what_was_voided_shows_no_picture(lead, angara):
    flag, name = make.flag(lead, angara, "RU"), make.name_use(lead, angara, "AMUR")
    withdrawn = make.citation(flag, photograph(lead), lead)
    void_record(withdrawn, by=lead, reason="Cited by mistake.")
    gone = photograph(lead)
    make.citation(flag, gone, lead)
    items.void_item(gone, by=lead, reason="Not ours.")
    make.citation(name, photograph(lead), lead)
    void_record(name, by=lead, reason="Another ship's.")

    assert titles(angara, lead, values=[flag.pk, name.pk]) == []


def test_an_image_weighed_for_a_look_alike_says_so(client, lead, angara):
    item = photograph(lead, title="At the quay")
    sheet = sheets.add_sheet(item, by=lead)
    sheets.add_observation(
        sheet, by=lead, seen="A ro-ro", level="identify", matching_features="Bridge aft", look_alike_vessels=[angara]
    )
    client.force_login(lead)

    assert "weighed as a look-alike" in client.get(angara.get_absolute_url()).text

    make.citation(make.flag(lead, angara, "RU"), item, lead)

    assert "weighed as a look-alike" not in client.get(angara.get_absolute_url()).text


def test_read_for_a_day_the_strip_holds_what_was_taken_by_then(lead, angara):
    flag = make.flag(lead, angara, "RU")
    for title, occurred in (("Before", "2023-08"), ("After", "2024-02"), ("Undated", None)):
        make.citation(flag, photograph(lead, title=title, occurred=occurred), lead)

    assert titles(angara, lead, values=[flag.pk], as_at=Moment.from_edtf("2023-12-31")) == ["Before"]


def test_the_strip_is_capped_and_one_query_for_any_number(lead, angara, django_assert_num_queries):
    flag = make.flag(lead, angara, "RU")
    for _number in range(SHOWN + 1):
        make.citation(flag, photograph(lead), lead)

    with django_assert_num_queries(1):
        strip = pictures_of([angara], lead, values=[flag.pk])

    assert len(strip.pictures) == SHOWN and strip.has_more


def test_a_ship_that_stands_for_another_shows_the_pictures_of_both(client, lead, angara):
    dark = make.vessel(lead, display_name="unidentified ro-ro")
    make.citation(make.port_call(lead, dark), photograph(lead, title="Of the dark one"), lead)
    make.judgement(lead, angara, dark)
    client.force_login(lead)

    assert "Of the dark one" in client.get(angara.get_absolute_url()).text
