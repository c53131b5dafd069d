"""What looks like an item is suggested to those who may see both, and decided by nobody but them."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.core.refusals import Refused
from casefiles.evidence.actions import dismissals, items, reading
from casefiles.evidence.cage import Frame
from casefiles.evidence.models import Derivation, Fingerprint
from casefiles.evidence.selectors import attributions_in, dismissals_of, suggestions_for
from tests import make
from tests.evidence.test_item_pages import signed_in
from tests.evidence.test_likeness import drawing, reencoded

pytestmark = pytest.mark.django_db

REPORT = " ".join(
    f"The ship was seen at berth {number} on day {number} with its bow to the sea." for number in range(30)
)
COPY = f"Another paper writes this. {REPORT} It adds a sentence of its own, citing Reuters."


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    circle = make.restricted_to(make.circle(lead, viewer=viewer))
    return SimpleNamespace(lead=lead, viewer=viewer, stranger=stranger, circle=circle)


def read(world: Any, content: bytes, name: str = "page.txt", **values: Any) -> Any:
    item = make.item(world.lead, **{"circle": world.circle} | values)
    reading.read_file(make.file(item, world.lead, content, name))
    return item


def jpeg(seed: int = 1, quality: int = 90) -> bytes:
    image = reencoded(drawing(seed), quality=quality)
    image.fp.seek(0)
    return bytes(image.fp.read())


def test_a_rewrite_is_suggested_with_the_passage_that_both_hold(world: Any) -> None:
    first, second = read(world, REPORT.encode()), read(world, COPY.encode())

    [found] = suggestions_for(second, world.lead)

    assert (found.item, found.derivation_kind, found.is_recorded) == (first, "rewrites", False)
    assert [one.kind for one in found.reasons] == ["text"]
    assert found.reasons[0].percent >= 80
    assert found.passage.startswith("The ship was seen at berth 0 on day 0 with its bow to the sea.")


def test_the_same_picture_in_another_quality_is_suggested_and_another_is_not(world: Any) -> None:
    first, second = read(world, jpeg(), "a.jpg"), read(world, jpeg(quality=40), "b.jpg")
    read(world, jpeg(seed=7), "c.jpg")

    [found] = suggestions_for(first, world.lead)

    assert (found.item, found.derivation_kind) == (second, "republishes image")
    assert [one.kind for one in found.reasons] == ["picture"]
    assert found.reasons[0].percent >= 89


def test_the_same_address_is_suggested(world: Any) -> None:
    first = make.item(world.lead, circle=world.circle, url="https://www.example.org/angara?utm_source=feed")
    second = make.item(world.lead, circle=world.circle, url="http://example.org/angara/")
    make.item(world.lead, circle=world.circle, url="https://example.org/angara/more")

    [found] = suggestions_for(first, world.lead)

    assert found.item == second
    assert [(one.kind, one.percent) for one in found.reasons] == [("address", 100)]


def test_an_item_alike_in_two_ways_is_suggested_once_with_both_reasons(world: Any) -> None:
    first, second = read(world, REPORT.encode()), read(world, COPY.encode())
    for item in (first, second):
        items.change_item(item, by=world.lead, version=item.version, url="https://example.org/angara")

    [found] = suggestions_for(second, world.lead)

    assert (found.item, [one.kind for one in found.reasons]) == (first, ["address", "text"])
    assert found.passage.startswith("The ship was seen")


def test_an_address_that_a_file_names_as_its_own_counts(world: Any) -> None:
    named = make.item(world.lead, circle=world.circle)
    claims = [{"key": "canonical_url", "value": "https://example.org/angara", "where": "link rel=canonical"}]
    outcome = reading.Outcome("read", "html", findings={"form": "HTML", "claims": claims})
    reading.keep(make.file(named, world.lead, b"<html>"), outcome)
    item = make.item(world.lead, circle=world.circle, url="https://example.org/angara")

    assert [one.item for one in suggestions_for(item, world.lead)] == [named]


def test_r07_nothing_tells_of_what_one_may_not_see(world: Any) -> None:
    hidden = read(world, REPORT.encode(), circle=make.restricted_to(make.circle(world.lead)))
    shown = read(world, COPY.encode())

    assert suggestions_for(shown, world.viewer) == ()
    assert [one.item for one in suggestions_for(shown, world.lead)] == [hidden]
    assert suggestions_for(shown, world.stranger) == ()


def test_what_was_voided_is_not_suggested(world: Any) -> None:
    first, second = read(world, REPORT.encode()), read(world, COPY.encode())
    items.void_item(first, by=world.lead, reason="Wrong ship.")

    assert suggestions_for(second, world.lead) == ()


def test_what_is_recorded_already_says_so(world: Any) -> None:
    first, second = read(world, REPORT.encode()), read(world, COPY.encode())
    make.derivations.add_derivation(second, by=world.lead, parent=first, kind="rewrites")

    assert [one.is_recorded for one in suggestions_for(second, world.lead)] == [True]
    assert [one.is_recorded for one in suggestions_for(first, world.lead)] == [True]


def test_the_number_of_queries_does_not_grow(world: Any) -> None:
    def queries(item: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            suggestions_for(item, world.lead)
        return len(captured)

    item = make.item(world.lead, circle=world.circle, url="https://example.org/a")
    alike = [make.item(world.lead, circle=world.circle, url="https://example.org/a") for _ in range(2)]
    few = queries(item)
    alike += [make.item(world.lead, circle=world.circle, url="https://example.org/a") for _ in range(10)]

    assert queries(item) == few
    assert len(suggestions_for(item, world.lead)) == len(alike)


def test_reading_anew_replaces_fingerprints(world: Any) -> None:
    item = read(world, REPORT.encode())
    before = Fingerprint.objects.filter(item=item).count()

    reading.read_file(item.files.get())

    assert Fingerprint.objects.filter(item=item).count() == before == 8


@pytest.mark.parametrize("said", ["", "x" * 16, "0" * 17, "../../etc/passwd"])
def test_a_hash_that_is_none_is_not_believed(said: str) -> None:
    assert reading.picture_hash_in([Frame("likeness", meta={"picture": said})]) == ""


def test_sources_that_the_text_names_are_listed_with_the_words_around_them(world: Any) -> None:
    agency = make.source(world.lead, circle=world.circle, name="Reuters")
    make.source(world.lead, circle=make.restricted_to(make.circle(world.lead)), name="Another paper")
    make.source(world.lead, circle=world.circle, name="sea")
    own = make.source(world.lead, circle=world.circle, name="The ship")
    item = read(world, COPY.encode(), source=own)

    [found] = attributions_in(item, world.viewer)
    assert found.source == agency
    assert found.passage.endswith("a sentence of its own, citing reuters.")
    assert attributions_in(make.item(world.lead, circle=world.circle), world.viewer) == ()


def test_the_page_leads_to_the_form_with_everything_filled_in(world: Any) -> None:
    first, second = read(world, REPORT.encode(), title="The report"), read(world, COPY.encode())
    client = signed_in(world.lead)

    page = client.get(reverse("evidence:suggestions", args=[second.pk])).content.decode()
    query = urlencode({"other": first.pk, "kind": "translates", "passage": "The ship was seen"})
    form = client.get(reverse("evidence:derivation_add", args=[second.pk]) + f"?{query}").content.decode()

    assert f"?other={first.pk}&amp;kind=rewrites" in page
    assert f"?end=parent&amp;other={first.pk}" in page
    assert f'value="{first.pk}"' in form
    assert "The ship was seen" in form
    assert 'value="translates" selected' in form
    assert not Derivation.objects.exists()


@pytest.mark.parametrize("other", ["x", "00000000-0000-4000-8000-000000000000", "%00"])
def test_a_suggestion_that_names_nothing_leaves_the_form_empty(world: Any, other: str) -> None:
    item = make.item(world.lead, circle=world.circle)

    answer = signed_in(world.lead).get(
        reverse("evidence:derivation_add", args=[item.pk]) + f"?other={other}&kind=guesses&passage=%00"
    )

    assert answer.status_code == 200


def test_a_reader_sees_suggestions_and_no_way_to_record_them(world: Any) -> None:
    read(world, REPORT.encode())
    second = read(world, COPY.encode())

    page = signed_in(world.viewer).get(reverse("evidence:suggestions", args=[second.pk])).content.decode()

    assert "Items that look related" in page
    assert "derivations/add" not in page
    assert signed_in(world.stranger).get(reverse("evidence:suggestions", args=[second.pk])).status_code == 404


# --- Dismissed ------------------------------------------------------------------------------------------------------


def test_what_was_dismissed_is_not_suggested_again_from_either_end_until_it_is_taken_back(world: Any) -> None:
    first, second = read(world, REPORT.encode()), read(world, COPY.encode())
    client = signed_in(world.lead)
    address = reverse("evidence:suggestion_dismiss", args=[second.pk])

    shown = client.get(f"{address}?{urlencode({'other': first.pk})}")
    without = client.post(address, {"second": first.title, "reason": " "})
    client.post(address, {"second": first.title, "reason": "An agency text that both quote."})

    assert first.title in shown.content.decode()
    assert without.status_code == 422
    assert (suggestions_for(second, world.lead), suggestions_for(first, world.viewer)) == ((), ())
    [dismissed] = dismissals_of(first, world.viewer)
    assert (dismissed.item, dismissed.said.created_by, dismissed.may_take_back) == (second, world.lead, False)
    page = client.get(reverse("evidence:suggestions", args=[second.pk])).content.decode()
    assert "An agency text that both quote." in page

    again = client.post(address, {"second": first.title, "reason": "Once more."})
    client.post(reverse("evidence:dismissal_void", args=[dismissed.said.pk]), {"reason": "They do repeat it."})

    assert again.status_code == 422
    assert [one.item for one in suggestions_for(second, world.lead)] == [first]
    assert dismissals_of(second, world.lead) == ()
    dismissals.restore_dismissal(dismissed.said, by=world.lead)
    assert suggestions_for(second, world.lead) == ()
    dismissals.void_dismissal(dismissed.said, by=world.lead, reason="They are one after all.")
    with pytest.raises(Refused, match="itself"):
        dismissals.dismiss_suggestion(first, first, by=world.lead, reason="No.")
    with pytest.raises(Refused):
        dismissals.restore_dismissal(
            dismissed.said, by=dismissals.dismiss_suggestion(first, second, by=world.lead, reason="No.").created_by
        )


def test_r07_a_dismissal_is_hidden_from_whoever_sees_only_one_of_the_two(world: Any) -> None:
    """Catches a dismissal that takes a suggestion from whoever may not read it, or shows that there is one."""
    other = make.restricted_to(make.circle(world.lead, viewer=world.stranger))
    first, second = read(world, REPORT.encode()), read(world, COPY.encode())
    shared = items_shared_with(read(world, REPORT.encode() + b" And more."), other, by=world.lead)
    said = dismissals.dismiss_suggestion(first, shared, by=world.lead, reason="Canary of the one circle.")

    seen_by_both = [one.item for one in suggestions_for(first, world.viewer)]
    page = signed_in(world.stranger).get(reverse("evidence:suggestions", args=[shared.pk]))
    history = signed_in(world.stranger).get(reverse("evidence:item_history", args=[shared.pk]))
    void = signed_in(world.stranger).get(reverse("evidence:dismissal_void", args=[said.pk]))

    assert seen_by_both == [second]
    assert [page.status_code, history.status_code, void.status_code] == [200, 200, 404]
    assert "Canary" not in page.content.decode() + history.content.decode()
    with pytest.raises(NotAllowed):
        dismissals.dismiss_suggestion(shared, second, by=world.stranger, reason="No.")
    with pytest.raises(NotVisible):
        dismissals.dismiss_suggestion(second, shared, by=world.stranger, reason="No.")


def items_shared_with(item: Any, circle: Any, *, by: Any) -> Any:
    items.share_item(item, compartment=circle.compartments[0], by=by)
    return item
