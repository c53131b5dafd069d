"""Items and sources: added, changed, marked, withdrawn; by whom, and for whom."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.access.circles import Circle
from casefiles.audit.selectors import history
from casefiles.core.moments import parse_moment
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence.actions import items, sources
from casefiles.evidence.models import CustodyEvent, Item
from casefiles.evidence.selectors import newest_judgements
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    compartment = make.circle(lead, viewer=viewer)
    circle = make.restricted_to(compartment)
    return SimpleNamespace(
        lead=lead, viewer=viewer, stranger=stranger, circle=circle, item=make.item(lead, circle=circle, title="Report")
    )


def test_an_item_keeps_three_times_apart(world: Any) -> None:
    item = make.item(
        world.lead,
        occurred=parse_moment("early February 2024"),
        published=parse_moment("2024-04-25"),
        collected=parse_moment("2024-04-26"),
    )

    item = Item.objects.get(pk=item.pk)
    assert (item.occurred_edtf, item.published.edtf, item.collected.edtf) == (
        "2024-02-01/2024-02-10",
        "2024-04-25",
        "2024-04-26",
    )
    assert item.occurred.wording == "early February 2024"
    assert item.collector == world.lead


def test_an_item_is_seen_by_its_circle_alone(world: Any) -> None:
    seen = [user for user in (world.lead, world.viewer, world.stranger) if Item.objects.visible_to(user).exists()]

    assert seen == [world.lead, world.viewer]


def test_only_who_may_edit_in_the_circle_adds_an_item(world: Any) -> None:
    for user in (world.viewer, world.stranger):
        with pytest.raises(NotAllowed):
            make.item(user, circle=world.circle)
    with pytest.raises(NotAllowed):
        make.item(world.stranger)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 10_000}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"summary": "half \ud800"}, "summary"),
        ({"kind": "nonsense"}, "kind"),
        ({"handling": "TLP:PINK"}, "handling"),
        ({"url": "javascript:alert(1)"}, "url"),
    ],
)
def test_a_value_that_does_not_hold_is_named_by_field(world: Any, values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        make.item(world.lead, **values)

    assert set(refused.value.error_dict) == {field}
    assert Item.objects.count() == 1


def test_a_title_with_direction_marks_is_kept_as_typed(world: Any) -> None:
    assert make.item(world.lead, title="report \u202egpj.exe").title == "report \u202egpj.exe"


def test_an_origin_needs_a_reason_and_derived_needs_a_derivation(world: Any) -> None:
    with pytest.raises(Refused) as unexplained:
        make.item(world.lead, lineage="origin", lineage_reason=" ")
    with pytest.raises(Refused) as unfounded:
        make.item(world.lead, lineage="derived")

    assert (unexplained.value.field, unfounded.value.field) == ("lineage_reason", "lineage")


def test_an_item_never_names_a_source_that_its_readers_may_not_see(world: Any) -> None:
    secret = make.source(world.lead, circle=world.circle)

    with pytest.raises(Refused, match="restricted to fewer people"):
        make.item(world.lead, source=secret)
    assert make.item(world.lead, circle=world.circle, source=secret).source == secret


def test_b03_a_source_one_may_not_see_does_not_exist(world: Any) -> None:
    make.circle(world.stranger)
    secret = make.source(world.lead, circle=world.circle)

    with pytest.raises(NotVisible):
        make.item(world.stranger, circle=Circle(), source=secret)


def test_a_change_is_recorded_field_by_field(world: Any) -> None:
    items.change_item(world.item, by=world.lead, version=1, title="Better title", author="Two reporters")

    newest = history([world.item.pk])[0]
    assert newest.act == "changed"
    assert {change.field: (change.old, change.new) for change in newest.changes} == {
        "title": ("Report", "Better title"),
        "author": ("", "Two reporters"),
    }


def test_a_stale_change_is_refused(world: Any) -> None:
    items.change_item(world.item, by=world.lead, version=1, title="First")

    with pytest.raises(StaleVersion):
        items.change_item(world.item, by=world.lead, version=1, title="Second")


def test_lineage_and_status_are_not_changed_in_passing(world: Any) -> None:
    for name in ("lineage", "status", "visibility", "created_by"):
        with pytest.raises(TypeError):
            items.change_item(world.item, by=world.lead, version=1, **{name: "x"})


def test_a_viewer_changes_nothing_and_a_stranger_sees_nothing(world: Any) -> None:
    with pytest.raises(NotAllowed):
        items.change_item(world.item, by=world.viewer, version=1, title="Mine")
    with pytest.raises(NotVisible):
        items.void_item(world.item, by=world.stranger, reason="Mine.")


def test_a_voided_item_stays_with_its_reason_and_a_custody_event(world: Any) -> None:
    items.void_item(world.item, by=world.lead, reason="Wrong ship.")

    item = Item.objects.get(pk=world.item.pk)
    assert (item.is_voided, item.void_reason) == (True, "Wrong ship.")
    assert CustodyEvent.objects.get(item=item).act == "voided"


def test_voiding_needs_a_reason_and_happens_once(world: Any) -> None:
    with pytest.raises(Refused):
        items.void_item(world.item, by=world.lead, reason="  ")
    items.void_item(world.item, by=world.lead, reason="Wrong ship.")
    with pytest.raises(Refused):
        items.void_item(world.item, by=world.lead, reason="Again.")

    assert CustodyEvent.objects.count() == 1


def test_a_voided_item_can_come_back(world: Any) -> None:
    items.void_item(world.item, by=world.lead, reason="Wrong ship.")

    items.restore_item(world.item, by=world.lead)

    assert not Item.objects.get(pk=world.item.pk).is_voided


@pytest.mark.parametrize("status", ["corrected", "retracted", "disputed", "superseded"])
def test_a_mark_of_its_publisher_needs_a_reason(world: Any, status: str) -> None:
    with pytest.raises(Refused) as refused:
        items.set_status(world.item, by=world.lead, version=1, status=status)
    items.set_status(world.item, by=world.lead, version=1, status=status, reason="A note on its page.")

    assert refused.value.field == "status_reason"
    assert Item.objects.get(pk=world.item.pk).status == status


def test_a_mark_can_be_taken_back(world: Any) -> None:
    items.set_status(world.item, by=world.lead, version=1, status="retracted", reason="A note.")

    items.set_status(world.item, by=world.lead, version=2, status="current")

    item = Item.objects.get(pk=world.item.pk)
    assert (item.status, item.status_reason) == ("current", "")


def test_the_judgement_of_the_latest_day_counts_and_the_others_stay(world: Any) -> None:
    source = make.source(world.lead)
    today = timezone.now().date()
    for reliability, days in (("B", 10), ("D", 400), ("C", 10)):
        sources.judge_source(
            source,
            by=world.lead,
            reliability=reliability,
            rationale="Its record.",
            judged_on=today - datetime.timedelta(days=days),
        )

    assert newest_judgements([source], world.stranger)[source.pk].reliability == "C"
    assert source.judgements.count() == 3


def test_a_voided_judgement_gives_way_to_the_one_before(world: Any) -> None:
    source, today = make.source(world.lead), timezone.now().date()
    first, second = (
        sources.judge_source(source, by=world.lead, reliability=letter, rationale="Its record.", judged_on=today)
        for letter in "BF"
    )

    sources.void_judgement(second, by=world.lead, reason="Wrong source.")

    assert newest_judgements([source], world.lead)[source.pk] == first


def test_a_judgement_needs_a_reason_a_known_letter_and_a_day_that_has_come(world: Any) -> None:
    source, today = make.source(world.lead), timezone.now().date()
    tomorrow = today + datetime.timedelta(days=1)

    with pytest.raises(Refused) as late:
        sources.judge_source(source, by=world.lead, reliability="B", rationale="x", judged_on=tomorrow)
    with pytest.raises(Refused) as silent:
        sources.judge_source(source, by=world.lead, reliability="B", rationale="", judged_on=today)
    with pytest.raises(ValidationError):
        sources.judge_source(source, by=world.lead, reliability="G", rationale="x", judged_on=today)

    assert (late.value.field, silent.value.field) == ("judged_on", "rationale")


def test_a_source_is_changed_and_voided_by_those_who_may(world: Any) -> None:
    source = make.source(world.lead, circle=world.circle)

    sources.change_source(source, by=world.lead, version=1, name="Another name")
    sources.void_source(source, by=world.lead, reason="Entered twice.")

    source.refresh_from_db()
    assert (source.name, source.name_key, source.is_voided) == ("Another name", "another name", True)
    with pytest.raises(NotVisible):
        sources.change_source(source, by=world.stranger, version=3, name="Mine")
