"""Annotations: what is noted on a region of an image, by whom it is seen, and as JSON-LD."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.audit import selectors as log
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence import selectors, tiles
from casefiles.evidence.actions import annotations, items, reading
from casefiles.evidence.models import Annotation
from casefiles.evidence.selectors.annotations import annotations_of, as_collection, shown_size
from tests import make
from tests.evidence.test_tiles import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    item = make.item(lead, circle=make.restricted_to(make.circle(lead, viewer=viewer)))
    file = make.file(item, lead, picture(), "yard.png")
    return SimpleNamespace(lead=lead, viewer=viewer, stranger=stranger, item=item, file=file)


def noted(world: Any, **values: Any) -> Annotation:
    values = {"body": "A moored ship", "selector": "10,20,300,200", **values}
    return annotations.annotate(world.file, by=world.lead, **values)


# --- The actions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("FragmentSelector", "xywh=pixel:10, 20, 300, 200", "10,20,300,200"),
        ("SvgSelector", "10,20  30,20\n30,45", "10,20 30,20 30,45"),
        ("TextQuoteSelector", " the ship ", "the ship"),
    ],
)
def test_a_region_or_passage_is_annotated_in_its_one_form(world: Any, kind: str, given: str, kept: str) -> None:
    annotation = noted(world, selector_kind=kind, selector=given, purpose="questioning")

    assert (annotation.selector_kind, annotation.selector, annotation.purpose) == (kind, kept, "questioning")
    assert (annotation.item, annotation.created_by) == (world.item, world.lead)
    assert [event.act for event in log.history([annotation.pk])] == ["added"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"body": "  "}, "body"),
        ({"selector": "10,20,0,5"}, "selector"),
        ({"selector": "1,2 3,4", "selector_kind": "SvgSelector"}, "selector"),
        ({"selector": " ", "selector_kind": "TextQuoteSelector"}, "selector"),
    ],
)
def test_what_says_or_selects_nothing_is_refused(world: Any, values: Any, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        noted(world, **values)

    assert refusal.value.field == field
    assert not Annotation.objects.exists()


def test_a_region_beyond_the_image_is_refused_once_its_size_is_known(world: Any) -> None:
    assert shown_size(world.file) is None
    noted(world, selector="0,0,9000,9000")
    reading.read_file(world.file)
    assert shown_size(world.file) == (700, 600)

    with pytest.raises(Refused, match="700 × 600"):
        noted(world, selector="0,0,701,600")
    noted(world, selector="0,0,700,600")


def test_the_size_is_that_of_the_upright_image(world: Any) -> None:
    found = reading.read_file(world.file)
    found.findings["claims"] = [{"key": "orientation", "value": 6}]
    found.save()
    assert shown_size(world.file) == (600, 700)

    tiles.make(world.file)

    assert shown_size(world.file) == (700, 600)


@pytest.mark.parametrize(("who", "error"), [("viewer", NotAllowed), ("stranger", NotVisible)])
def test_only_who_may_edit_the_item_annotates_it(world: Any, who: str, error: type[Exception]) -> None:
    annotation = noted(world)
    person = getattr(world, who)

    for act in (
        lambda: annotations.annotate(world.file, by=person, body="x", selector="1,1,1,1"),
        lambda: annotations.change_annotation(annotation, by=person, version=1, body="x"),
        lambda: annotations.void_annotation(annotation, by=person, reason="x"),
    ):
        with pytest.raises(error):
            act()


def test_a_voided_item_is_not_annotated(world: Any) -> None:
    items.void_item(world.item, by=world.lead, reason="Wrong ship.")

    with pytest.raises(Refused):
        noted(world)


def test_text_and_region_are_changed_at_a_version(world: Any) -> None:
    annotation = noted(world)

    annotations.change_annotation(annotation, by=world.lead, version=1, body="Two ships")
    annotations.change_annotation(
        annotation, by=world.lead, version=2, body="Two ships", selector_kind="SvgSelector", selector="0,0 9,0 9,9"
    )
    annotations.change_annotation(annotation, by=world.lead, version=3, body="Two ships", selector="0,0 8,0 8,8")

    annotation.refresh_from_db()
    assert (annotation.body, annotation.selector_kind, annotation.selector) == (
        "Two ships",
        "SvgSelector",
        "0,0 8,0 8,8",
    )
    with pytest.raises(StaleVersion):
        annotations.change_annotation(annotation, by=world.lead, version=1, body="Three")


def test_a_voided_annotation_stays_in_the_history_and_is_drawn_no_more(world: Any) -> None:
    annotation = noted(world)

    annotations.void_annotation(annotation, by=world.lead, reason="A crane.")

    assert annotations_of(world.file, world.lead) == []
    assert annotation.pk in selectors.history_ids(world.item, world.lead)


def test_an_annotation_is_seen_by_those_who_see_the_item(world: Any) -> None:
    annotation = noted(world)

    assert annotations_of(world.file, world.viewer) == [annotation]
    assert annotations_of(world.file, world.stranger) == []


def test_a_long_text_is_named_by_its_beginning(world: Any) -> None:
    assert str(noted(world, body="x" * 100)) == "x" * 79 + "…"
    assert str(noted(world, body="short")) == "short"


def test_annotations_leave_as_web_annotations(world: Any) -> None:
    annotation = noted(world)
    annotation.created_by = None
    passage = noted(world, selector_kind="TextQuoteSelector", selector="the ship", suffix=" sailed")

    page = as_collection(world.item, world.viewer, absolute=lambda path: f"https://example.org{path}")

    assert (page["@context"], page["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationPage")
    first, second = page["items"]
    assert first["target"]["source"] == {
        "id": f"https://example.org/evidence/files/{world.file.pk}/",
        "format": "image/png",
        "digest": f"sha256:{world.file.sha256}",
    }
    assert first["target"]["selector"]["value"] == "xywh=pixel:10,20,300,200"
    assert first["motivation"] == "commenting"
    assert first["creator"] == {"type": "Person", "name": str(world.lead)}
    assert second["id"] == f"urn:uuid:{passage.pk}"
    assert second["target"]["selector"] == {"type": "TextQuoteSelector", "exact": "the ship", "suffix": " sailed"}


# --- The pages -------------------------------------------------------------------------------------------------------


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fields(**values: Any) -> dict[str, Any]:
    return {
        "body": "A ship",
        "purpose": "commenting",
        "x": 1,
        "y": 2,
        "width": 30,
        "height": 40,
        "points": "",
        **values,
    }


def test_a_region_is_annotated_by_typing_its_numbers(world: Any) -> None:
    answer = signed_in(world.lead).post(reverse("evidence:annotation_add", args=[world.file.pk]), fields())

    annotation = Annotation.objects.get()
    assert answer.headers["Location"] == annotation.get_absolute_url()
    assert annotation.selector == "1,2,30,40"


def test_a_polygon_is_annotated_by_typing_its_corners(world: Any) -> None:
    data = fields(x="", y="", width="", height="", points="0,0 9,0 9,9")

    signed_in(world.lead).post(reverse("evidence:annotation_add", args=[world.file.pk]), data)

    assert str(Annotation.objects.get().target) == "0,0 9,0 9,9"


@pytest.mark.parametrize(
    "values",
    [
        {"body": ""},
        {"x": ""},
        {"width": 0},
        {"x": -1},
        {"points": "1,2"},
        {"points": "0,0 1,1 2,2"},
        {"x": 2**31},
        {"height": "x"},
        {"purpose": "identifying"},
    ],
)
def test_n02_what_is_no_annotation_comes_back_with_what_was_typed(world: Any, values: Any) -> None:
    answer = signed_in(world.lead).post(reverse("evidence:annotation_add", args=[world.file.pk]), fields(**values))

    assert answer.status_code == 422
    assert not Annotation.objects.exists()


def test_the_form_begins_with_the_region_of_the_address(world: Any) -> None:
    answer = signed_in(world.lead).get(reverse("evidence:annotation_add", args=[world.file.pk]) + "?xywh=5,6,7,8")

    assert [answer.context["form"][name].value() for name in ("x", "y", "width", "height")] == [5, 6, 7, 8]


@pytest.mark.parametrize("asked", ["", "nonsense", "1,2,3", "\x00", "9" * 500])
def test_n01_an_address_that_names_no_region_shows_an_empty_form(world: Any, asked: str) -> None:
    answer = signed_in(world.lead).get(reverse("evidence:annotation_add", args=[world.file.pk]), {"xywh": asked})

    assert answer.context["form"]["x"].value() is None


@pytest.mark.parametrize(
    ("kind", "selector", "shown"),
    [
        ("FragmentSelector", "1,2,3,4", {"x": 1, "points": None}),
        ("SvgSelector", "0,0 9,0 9,9", {"x": None, "points": "0,0 9,0 9,9"}),
    ],
)
def test_a_stale_edit_is_a_page_that_loses_nothing(world: Any, kind: str, selector: str, shown: Any) -> None:
    annotation = noted(world, selector_kind=kind, selector=selector)
    client, address = signed_in(world.lead), reverse("evidence:annotation_edit", args=[annotation.pk])
    page = client.get(address)
    assert {name: page.context["form"][name].value() for name in shown} == shown
    annotations.change_annotation(annotation, by=world.lead, version=1, body="Theirs")

    answer = client.post(address, fields(body="Mine", base=page.context["base_token"]))

    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert "Mine" in answer.text


def test_an_annotation_is_edited_and_voided_on_its_pages(world: Any) -> None:
    annotation, client = noted(world), signed_in(world.lead)
    address = reverse("evidence:annotation_edit", args=[annotation.pk])
    base = client.get(address).context["base_token"]

    saved = client.post(address, fields(body="Better", base=base))
    voided = client.post(reverse("evidence:annotation_void", args=[annotation.pk]), {"reason": "A crane."})

    annotation.refresh_from_db()
    assert (annotation.body, annotation.selector, annotation.void_reason) == ("Better", "1,2,30,40", "A crane.")
    assert saved.headers["Location"] == annotation.get_absolute_url()
    assert voided.headers["Location"] == annotation.get_absolute_url().partition("#")[0]


def test_a_note_on_a_passage_is_edited_without_a_region(world: Any) -> None:
    annotation, client = noted(world, selector_kind="TextQuoteSelector", selector="the ship"), signed_in(world.lead)
    address = reverse("evidence:annotation_edit", args=[annotation.pk])
    page = client.get(address)
    assert set(page.context["form"].fields) == {"body", "purpose"}

    client.post(address, {"body": "Better", "purpose": "commenting", "base": page.context["base_token"]})

    annotation.refresh_from_db()
    assert (annotation.body, annotation.selector) == ("Better", "the ship")


@pytest.mark.parametrize(("who", "status"), [("lead", 200), ("viewer", 403), ("stranger", 404)])
def test_each_person_gets_their_answer(world: Any, who: str, status: int) -> None:
    annotation, client = noted(world), signed_in(getattr(world, who))

    for name, key in (
        ("annotation_add", world.file.pk),
        ("annotation_edit", annotation.pk),
        ("annotation_void", annotation.pk),
    ):
        assert client.get(reverse(f"evidence:{name}", args=[key])).status_code == status


@pytest.mark.parametrize(("who", "status"), [("lead", 200), ("viewer", 200), ("stranger", 404)])
def test_the_download_is_for_those_who_see_the_item(world: Any, who: str, status: int) -> None:
    noted(world)

    answer = signed_in(getattr(world, who)).get(reverse("evidence:annotations", args=[world.item.pk]))

    assert answer.status_code == status
    if status == 200:
        assert answer.headers["Content-Type"] == "application/ld+json"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="annotations.jsonld"'
        assert len(json.loads(answer.content)["items"]) == 1
