"""The pages of items and sources: who sees them, what they show, and what their forms answer to bad input."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casefiles.core.moments import parse_moment
from casefiles.evidence.actions import derivations, dismissals, files, grades, items
from casefiles.evidence.models import Derivation, File, Grade, Independence, Item, Source, SourceReliability
from tests import make

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def without_nonce(content: bytes) -> bytes:
    """Blank what differs between any two answers."""
    return re.sub(rb'nonce="[^"]*"', b'nonce=""', content)


def queries_of(client: Client, url: str) -> int:
    """Return how many queries a page asks on a second visit: the first one stamps the session."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.fixture
def world() -> SimpleNamespace:
    lead, researcher, viewer, stranger = make.lead(), make.user(), make.user(), make.user()
    compartment = make.circle(lead, researcher=researcher, viewer=viewer)
    circle = make.restricted_to(compartment)
    source = make.source(lead, circle=circle, name="Agency")
    return SimpleNamespace(
        lead=lead,
        researcher=researcher,
        viewer=viewer,
        stranger=stranger,
        compartment=compartment,
        circle=circle,
        source=source,
        item=make.origin(lead, circle=circle, title="Report", source=source, published=parse_moment("2024-04-25")),
    )


def page(name: str, record: Any = None, query: str = "") -> str:
    app = "workspace" if name in {"source", "item_status", "item_void"} else "evidence"
    return reverse(f"{app}:{name}", args=[record.pk] if record else []) + query


READ = ["item", "item_history"]
EDIT = [
    "item_edit", "item_void", "item_restore", "item_status", "grade_add", "lineage_set", "derivation_add",
    "independence_add", "suggestion_dismiss", "files_add",
]  # fmt: skip
SOURCE_READ = ["source", "source_history"]
SOURCE_EDIT = ["source_edit", "source_void", "source_restore", "judgement_add"]


@pytest.mark.parametrize(
    ("name", "is_edit"),
    [(name, False) for name in READ + SOURCE_READ] + [(name, True) for name in EDIT + SOURCE_EDIT],
)
def test_a01_who_may_open_each_page(world: Any, name: str, is_edit: bool) -> None:
    record = world.source if name.startswith(("source", "judgement")) else world.item
    expected = {"lead": 200, "researcher": 200, "viewer": 403 if is_edit else 200, "stranger": 404}

    found = {who: signed_in(getattr(world, who)).get(page(name, record)).status_code for who in expected}

    assert found == expected
    assert Client().get(page(name, record)).status_code == 302


def test_a02_an_item_of_another_circle_answers_like_one_that_never_was(world: Any) -> None:
    client = signed_in(world.stranger)

    hidden, absent = client.get(page("item", world.item)), client.get(page("item", world.source))

    assert (hidden.status_code, without_nonce(hidden.content)) == (404, without_nonce(absent.content))


def test_b03_parts_of_an_item_are_voided_only_by_those_who_may(world: Any) -> None:
    child = make.copy_of(world.lead, world.item, circle=world.circle)
    other = make.origin(world.lead, circle=world.circle)
    parts = {
        "derivation_void": child.derivations_from.get(),
        "grade_void": grades.grade(world.item, by=world.lead, reliability="B", credibility="2", rationale="x"),
        "independence_void": derivations.sign_independence(world.item, other, by=world.lead, reason="Another sensor."),
        "dismissal_void": dismissals.dismiss_suggestion(world.item, child, by=world.lead, reason="A stock picture."),
        "citation_void": make.citation(
            make.name_use(world.lead, make.numbered_vessel(world.lead), "Angara", circle=world.circle),
            world.item,
            world.lead,
        ),
    }

    for name, part in parts.items():
        answers = [
            signed_in(user).post(page(name, part), {"reason": "Wrong."}).status_code
            for user in (world.stranger, world.viewer, world.researcher)
        ]
        part.refresh_from_db()
        assert (answers, part.is_voided) == ([404, 403, 302], True), name


def test_a07_the_list_shows_exactly_what_one_may_see(world: Any) -> None:
    make.item(world.stranger, circle=make.restricted_to(make.circle(world.stranger)), title="Of another case")
    make.item(world.lead, title="Of everyone")

    found = {
        who: sorted(row.title for row in signed_in(getattr(world, who)).get(page("items")).context["rows"])
        for who in ("viewer", "stranger")
    }

    assert found == {"viewer": ["Of everyone", "Report"], "stranger": ["Of another case", "Of everyone"]}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?q=repORT", ["Report"]),
        ("?kind=document", ["Paper"]),
        ("?lineage=origin", ["Report"]),
        ("?source=Agency", ["Report"]),
        ("?status=voided", ["Gone"]),
        ("?status=current", ["Paper", "Report"]),
        ("?status=retracted", []),
        ("?sort=title", ["Paper", "Report"]),
        ("?sort=-title", ["Report", "Paper"]),
        ("?sort=-published", ["Report", "Paper"]),
        ("?sort=created_by__password", ["Paper", "Report"]),
        ("?kind=nonsense", []),
        ("?source=Nowhere", []),
        ("?q=%00", []),
    ],
)
def test_a10_the_list_is_narrowed_by_known_words_alone(world: Any, query: str, titles: list[str]) -> None:
    make.item(world.lead, circle=world.circle, title="Paper", kind="document")
    gone = make.item(world.lead, circle=world.circle, title="Gone")
    items.void_item(gone, by=world.lead, reason="Wrong ship.")

    found = [row.title for row in signed_in(world.viewer).get(page("items", query=query)).context["rows"]]

    assert found == titles or ("sort" not in query and sorted(found) == titles)


def test_a_source_one_may_not_see_filters_like_one_that_does_not_exist(world: Any) -> None:
    client = signed_in(world.stranger)

    answers = [
        client.get(page("items", query=f"?source=x&source_id={key}")).content.decode().count("there is no such record")
        for key in (world.source.pk, world.item.pk)
    ]

    assert answers[0] == answers[1] > 0


def test_the_list_asks_the_same_few_queries_for_2_rows_and_for_12(world: Any) -> None:
    client, asked = signed_in(world.viewer), []
    for rows in (2, 12):
        while Item.objects.count() < rows:
            item = make.item(world.lead, circle=world.circle, source=world.source)
            grades.grade(item, by=world.lead, reliability="B", credibility="2", rationale="x")
            make.file(item, world.lead)
        asked.append(queries_of(client, page("items")))

    assert asked[0] == asked[1] <= 8


def test_an_items_page_asks_the_same_queries_however_much_hangs_on_it(world: Any) -> None:
    client, asked = signed_in(world.viewer), []
    vessel = make.numbered_vessel(world.lead)
    for _round in range(2):
        for _number in range(2 if not asked else 10):
            make.copy_of(world.lead, world.item, circle=world.circle)
            make.citation(make.name_use(world.lead, vessel, "Angara", circle=world.circle), world.item, world.lead)
            make.file(world.item, world.lead, name=f"{make.number()}.bin", content=b"\x00\x01%d" % make.number())
            grades.grade(world.item, by=world.lead, reliability="B", credibility="2", rationale="x")
        asked.append(queries_of(client, page("item", world.item)))

    assert asked[0] == asked[1]


def test_an_items_page_shows_what_is_known_of_it(world: Any) -> None:
    grades.grade(world.item, by=world.lead, reliability="B", credibility="2", rationale="Images match.")
    file = make.file(world.item, world.lead, b"words", "page.txt", claimed_media_type="image/png")
    child = make.copy_of(world.lead, world.item, circle=world.circle, title="A rewrite")

    shown = signed_in(world.viewer).get(page("item", world.item)).content.decode()

    for words in ("Report", "Agency", "2024-04-25", "B2", "TLP:AMBER", "Restricted", "Images match.", "Own reporting."):
        assert words in shown
    assert file.sha256 in shown
    assert "image/png" in shown
    assert child.title in shown
    assert page("item_edit", world.item) not in shown


def test_e_names_and_texts_are_shown_escaped_with_hidden_characters_visible(world: Any) -> None:
    item = make.item(world.lead, title="<img src=x> \u202egpj", summary="<script>\u200b")
    make.file(item, world.lead, b"\x00\x01", '"><b>\u202e.txt')

    shown = signed_in(world.viewer).get(page("item", item)).content.decode()

    assert "<img src=x>" not in shown
    assert "<b>" not in shown
    assert "\u202e" not in shown
    assert "\u200b" not in shown
    assert "⟨U+202E⟩gpj" in shown


def values(world: Any, **changed: Any) -> dict[str, Any]:
    return {
        "title": "New report",
        "kind": "news report",
        "handling": "TLP:AMBER",
        "lineage": "not recorded",
        "circle": str(world.compartment.pk),
        **changed,
    }


def test_an_item_is_added_with_files_and_where_it_comes_from(world: Any) -> None:
    answer = signed_in(world.researcher).post(
        page("item_add"),
        values(
            world,
            source="Agency",
            published="25 April 2024",
            lineage="derived",
            parent=world.item.title,
            parent_id=str(world.item.pk),
            derivation="translates",
            passage="as the agency reported",
            file=[SimpleUploadedFile("one.txt", b"one", "text/html"), SimpleUploadedFile("two.txt", b"two")],
        ),
    )

    item = Item.objects.get(title="New report")
    assert (answer.status_code, answer.url) == (302, item.get_absolute_url())
    assert (item.source, item.published_edtf, item.lineage) == (world.source, "2024-04-25", "derived")
    assert list(item.compartments.all()) == [world.compartment]
    assert sorted(item.files.values_list("name", "claimed_media_type")) == [
        ("one.txt", "text/html"),
        ("two.txt", "text/plain"),
    ]
    assert Derivation.objects.get().passage == "as the agency reported"


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"title": ""}, "title", "required"),
        ({"title": "x" * 10_000}, "title", "at most 500 characters"),
        ({"title": "a\x00b"}, "title", "NUL (U+0000)"),
        ({"published": "the day after"}, "published", ""),
        ({"url": "javascript:alert(1)"}, "url", "valid URL"),
        ({"circle": ""}, "circle", ""),
        ({"circle": "00000000-0000-4000-8000-000000000000"}, "circle", "valid choice"),
        ({"source": "Nowhere"}, "source", "Nothing is called"),
        ({"lineage": "derived"}, "parent", "Say which item"),
        ({"lineage": "origin"}, "lineage_reason", "Say why"),
    ],
)
def test_bad_input_is_explained_at_its_field_and_nothing_typed_is_lost(
    world: Any, changed: dict[str, Any], field: str, words: str
) -> None:
    sent = values(world, summary="Typed with care.", **changed)

    answer = signed_in(world.researcher).post(page("item_add"), sent)

    assert answer.status_code == 422
    assert words in " ".join(answer.context["form"].errors[field])
    assert "Typed with care." in answer.content.decode()
    assert Item.objects.count() == 1


def test_a_circle_in_which_one_may_not_edit_is_not_offered(world: Any) -> None:
    for who in ("viewer", "stranger"):
        client = signed_in(getattr(world, who))
        assert str(world.compartment.pk) not in client.get(page("item_add")).content.decode()
        answer = client.post(page("item_add"), values(world))
        assert answer.status_code == 422
    assert Item.objects.count() == 1


def test_d15_bytes_held_already_are_offered_and_can_be_added_anyway_without_a_second_upload(world: Any) -> None:
    make.file(world.item, world.lead, b"the same bytes", "first.txt")
    client = signed_in(world.researcher)

    asked = client.post(page("item_add"), values(world, file=SimpleUploadedFile("second.txt", b"the same bytes")))

    assert asked.status_code == 422
    shown = asked.content.decode()
    assert "You already hold the bytes of “second.txt”" in shown
    assert world.item.get_absolute_url() in shown
    assert "Choose the files again" not in shown
    received = asked.context["form"].data.getlist("received")
    again = SimpleUploadedFile("second.txt", b"the same bytes")
    added = client.post(page("item_add"), values(world, received=received, is_twin_wanted="on", file=again))
    assert added.status_code == 302
    assert File.objects.values("sha256").distinct().count() == 1
    assert File.objects.count() == 2


def test_r7_a_hidden_twin_is_silent(world: Any) -> None:
    secret = make.item(world.lead, circle=make.restricted_to(make.circle(world.lead)))
    make.file(secret, world.lead, b"the same bytes", "first.txt")

    answer = signed_in(world.researcher).post(
        page("item_add"), values(world, file=SimpleUploadedFile("second.txt", b"the same bytes"))
    )

    assert answer.status_code == 302


def test_d05_an_empty_file_is_asked_about_and_kept_once_confirmed(world: Any) -> None:
    client = signed_in(world.researcher)

    asked = client.post(page("item_add"), values(world, file=SimpleUploadedFile("empty.txt", b"")))
    assert asked.status_code == 422
    assert "0 bytes" in " ".join(asked.context["form"].errors["file"])
    assert File.objects.count() == 0

    received = asked.context["form"].data.getlist("received")
    assert client.post(page("item_add"), values(world, received=received, is_empty_meant="on")).status_code == 302
    assert File.objects.get().size_bytes == 0


def test_d06_a_file_over_the_limit_is_refused_at_its_field_with_413(world: Any, settings: Any) -> None:
    """Fails where the refusal is answered like any mistake in the form, or takes the rest of the form with it."""
    settings.EVIDENCE_MAX_BYTES = 10

    answer = signed_in(world.researcher).post(
        page("item_add"), values(world, title="Typed", file=SimpleUploadedFile("large.txt", b"x" * 11))
    )

    assert answer.status_code == 413
    assert "larger than the limit" in " ".join(answer.context["form"].errors["file"])
    assert 'value="Typed"' in answer.content.decode()
    assert Item.objects.count() == 1


def test_d21_at_the_disk_floor_the_form_comes_back_with_507(world: Any, settings: Any) -> None:
    """Fails where a full disk is answered as the person's mistake."""
    settings.EVIDENCE_DISK_FLOOR_BYTES = 2**62

    answer = signed_in(world.researcher).post(
        page("item_add"), values(world, title="Typed", file=SimpleUploadedFile("small.txt", b"x"))
    )

    assert answer.status_code == 507
    assert "nearly full" in " ".join(answer.context["form"].errors["file"])
    assert 'value="Typed"' in answer.content.decode()
    assert Item.objects.count() == 1


def test_d10_too_many_files_are_refused(world: Any) -> None:
    uploads = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(21)]

    answer = signed_in(world.researcher).post(page("item_add"), values(world, file=uploads))

    assert "at most" in " ".join(answer.context["form"].errors["file"])


def test_b03_what_somebody_else_uploaded_cannot_be_claimed(world: Any) -> None:
    token = files.receive(chunks=[b"secret"], name="secret.txt").token(by=world.lead)

    answer = signed_in(world.researcher).post(page("item_add"), values(world, received=[token, "nonsense"]))

    assert answer.status_code == 302
    assert not File.objects.exists()


def test_an_item_created_in_a_pickers_dialog_answers_with_its_name(world: Any) -> None:
    client = signed_in(world.researcher)

    asked = client.get(page("item_add", query="?in_place=1")).context["form"]
    answer = client.post(page("item_add", query="?in_place=1"), values(world))

    assert "file" not in asked.fields
    assert "title" in asked.fields
    assert answer.json()["text"] == "New report"
    assert answer.json()["id"] == str(Item.objects.get(title="New report").pk)


def test_an_item_is_edited_and_a_stale_form_is_a_conflict(world: Any) -> None:
    client = signed_in(world.researcher)
    opened = client.get(page("item_edit", world.item)).context["base_token"]
    sent = {"title": "Better", "kind": "news report", "handling": "TLP:RED", "base": opened, "source": "Agency"}

    assert client.post(page("item_edit", world.item), sent).status_code == 302
    stale = client.post(page("item_edit", world.item), sent | {"title": "Mine"})

    assert stale.status_code == 409
    assert "Mine" in stale.content.decode()
    world.item.refresh_from_db()
    assert (world.item.title, world.item.handling) == ("Better", "TLP:RED")


def test_files_are_added_with_their_role(world: Any) -> None:
    parent = make.file(world.item, world.lead, b"original", "original.png")
    client = signed_in(world.researcher)

    answer = client.post(
        page("files_add", world.item),
        {
            "file": SimpleUploadedFile("crop.png", b"cropped"),
            "role": "derivative",
            "parent": str(parent.pk),
            "transformation": "Cropped with a named tool.",
        },
    )

    assert answer.status_code == 302
    assert File.objects.get(name="crop.png").parent == parent
    assert client.post(page("files_add", world.item), {"role": "original"}).status_code == 422


def test_lineage_is_recorded_from_either_end(world: Any) -> None:
    other = make.item(world.lead, circle=world.circle, title="Other")
    third = make.item(world.lead, circle=world.circle, title="Third")
    client = signed_in(world.researcher)

    client.post(page("derivation_add", other), {"other": "Report", "kind": "quotes"})
    client.post(page("derivation_add", other, "?end=parent"), {"other": "Third", "kind": "rewrites"})
    circle = client.post(page("derivation_add", world.item), {"other": "Third", "kind": "quotes"})

    assert set(Derivation.objects.values_list("child__title", "parent__title")) == {
        ("Other", "Report"),
        ("Third", "Other"),
    }
    assert circle.status_code == 422
    assert "circle" in " ".join(circle.context["form"].errors["other"])
    assert third.pk


def test_grades_origins_independence_and_status_are_set_on_their_pages(world: Any) -> None:
    other = make.item(world.lead, circle=world.circle, title="Other")
    client = signed_in(world.researcher)

    base = client.get(page("lineage_set", other)).context["base_token"]
    client.post(page("lineage_set", other), {"lineage": "origin", "lineage_reason": "Own pictures.", "base": base})
    client.post(page("independence_add", other), {"second": "Report", "reason": "Another sensor."})
    client.post(page("grade_add", other), {"reliability": "B", "credibility": "2", "rationale": "It fits."})
    refused = client.post(page("grade_add", other), {"reliability": "B", "credibility": "1", "rationale": "It fits."})
    base = client.get(page("item_status", other)).context["base_token"]
    client.post(page("item_status", other), {"status": "corrected", "status_reason": "A note.", "base": base})

    other.refresh_from_db()
    assert (other.lineage, other.status) == ("origin", "corrected")
    assert Independence.objects.count() == 1
    assert str(Grade.objects.get()) == "B2"
    assert "two independent origins" in " ".join(refused.context["form"].errors["credibility"])


def test_an_item_is_voided_with_a_reason_and_restored(world: Any) -> None:
    client = signed_in(world.researcher)

    assert client.post(page("item_void", world.item), {"reason": ""}).status_code == 422
    client.post(page("item_void", world.item), {"reason": "Wrong ship."})
    assert "Wrong ship." in client.get(page("item", world.item)).content.decode()
    client.post(page("item_restore", world.item))

    assert not Item.objects.get(pk=world.item.pk).is_voided


def test_the_history_says_who_changed_what(world: Any) -> None:
    items.change_item(world.item, by=world.researcher, version=1, title="Better")

    shown = signed_in(world.viewer).get(page("item_history", world.item)).content.decode()

    assert "Report" in shown
    assert "Better" in shown


def test_what_pickers_suggest_is_what_one_may_see(world: Any) -> None:
    for name, words, text in (("item_suggest", "rep", "Report"), ("source_suggest", "age", "Agency")):
        answers = [
            [found["text"] for found in signed_in(user).get(page(name, query=f"?q={words}")).json()["results"]]
            for user in (world.viewer, world.stranger)
        ]
        assert answers == [[text], []]


def test_a_source_is_added_edited_judged_and_voided_on_its_pages(world: Any) -> None:
    client = signed_in(world.researcher)

    client.post(page("source_add"), {"name": "Institute", "kind": "institute", "circle": str(world.compartment.pk)})
    source = Source.objects.get(name="Institute")
    base = client.get(page("source_edit", source)).context["base_token"]
    client.post(page("source_edit", source), {"name": "The Institute", "kind": "institute", "base": base})
    judged = {"reliability": "B", "judged_on": "2024-05-02", "rationale": "Its methods are published."}
    client.post(page("judgement_add", source), judged)
    late = client.post(page("judgement_add", source), judged | {"judged_on": "2999-01-01"})
    shown = client.get(page("source", source)).content.decode()
    client.post(page("judgement_void", SourceReliability.objects.get()), {"reason": "Wrong source."})
    client.post(page("source_void", source), {"reason": "Entered twice."})

    source.refresh_from_db()
    assert (source.name, source.is_voided) == ("The Institute", True)
    assert "B: usually reliable" in shown
    assert SourceReliability.objects.get().is_voided
    assert "future" in " ".join(late.context["form"].errors["judged_on"])


def test_the_list_of_sources_asks_the_same_queries_for_2_rows_and_for_12(world: Any) -> None:
    client, asked = signed_in(world.viewer), []
    for rows in (2, 12):
        while Source.objects.count() < rows:
            make.item(world.lead, circle=world.circle, source=make.source(world.lead, circle=world.circle))
        asked.append(queries_of(client, page("sources")))

    assert asked[0] == asked[1] <= 8


def test_a_source_shows_only_the_items_one_may_see(world: Any) -> None:
    source = make.source(world.lead)
    make.item(world.lead, circle=world.circle, source=source, title="Of the circle")
    make.item(world.lead, source=source, title="Of everyone")

    shown = {
        who: signed_in(getattr(world, who)).get(page("source", source)).context["page"]
        for who in ("viewer", "stranger")
    }

    assert {who: found.items_count for who, found in shown.items()} == {"viewer": 2, "stranger": 1}
