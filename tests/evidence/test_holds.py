"""Holds: while somebody ordered that an item stays, nobody withdraws it, by any route."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.holds import ItemHeld, lift_hold, place_hold
from casefiles.evidence.actions.items import restore_item, void_item
from casefiles.evidence.models import CustodyEvent, Hold, Item
from casefiles.workspace.actions import take_back_addition
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    lead, researcher, viewer = make.lead(), make.user("researcher"), make.user("viewer")
    circle = make.circle(lead, researcher=researcher, viewer=viewer)
    item = make.item(lead, circle=make.restricted_to(circle))
    return SimpleNamespace(lead=lead, researcher=researcher, viewer=viewer, stranger=make.user("stranger"), item=item)


def hold(world: Any, **values: Any) -> Hold:
    values = {"by": world.researcher, "kind": "legal hold", "reason": "The court asked.", **values}
    return place_hold(world.item, **values)


def tomorrow(days: int = 1) -> Any:
    return timezone.now().date() + timedelta(days=days)


def acts(world: Any) -> list[str]:
    return list(CustodyEvent.objects.filter(item=world.item).order_by("at").values_list("act", flat=True))


def test_b16_an_item_on_hold_is_not_withdrawn_and_the_reason_is_said(world: Any) -> None:
    hold(world, ordered_by="The district court")

    with pytest.raises(ItemHeld, match="legal hold: The court asked"):
        void_item(world.item, by=world.lead, reason="Not needed.")

    assert not Item.objects.get(pk=world.item.pk).is_voided
    assert acts(world) == ["put on hold"]


def test_a_retention_holds_through_its_last_day_and_no_longer(world: Any) -> None:
    kept = hold(world, kind="retention", until=tomorrow(0), reason="Our rule.")
    with pytest.raises(ItemHeld, match="Our rule"):
        void_item(world.item, by=world.lead, reason="Not needed.")

    Hold.objects.filter(pk=kept.pk).update(until=tomorrow(-1))
    void_item(world.item, by=world.lead, reason="Not needed.")

    assert Item.objects.get(pk=world.item.pk).is_voided


def test_every_hold_must_be_lifted(world: Any) -> None:
    first, second = hold(world), hold(world, reason="Another court asked.")
    lift_hold(first, by=world.lead, reason="Settled.")
    with pytest.raises(ItemHeld, match="Another court"):
        void_item(world.item, by=world.lead, reason="Not needed.")

    lift_hold(second, by=world.lead, reason="Settled too.")
    void_item(world.item, by=world.lead, reason="Not needed.")

    assert acts(world) == ["put on hold", "put on hold", "hold lifted", "hold lifted", "voided"]
    events = CustodyEvent.objects.filter(item=world.item).order_by("at")
    assert [event.purpose for event in events][1:3] == ["legal hold: Another court asked.", "legal hold: Settled."]


def test_holding_takes_a_researcher_and_lifting_an_editor(world: Any) -> None:
    placed = hold(world)

    with pytest.raises(NotAllowed):
        hold(world, by=world.viewer)
    with pytest.raises(NotVisible):
        hold(world, by=world.stranger)
    with pytest.raises(NotAllowed):
        lift_hold(placed, by=world.researcher, reason="I think so.")
    assert Hold.objects.current().count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"kind": "retention"}, "until"),
        ({"kind": "retention", "until": "yesterday"}, "until"),
        ({"until": "tomorrow"}, "until"),
    ],
)
def test_a_hold_that_says_too_little_or_too_much_is_refused(world: Any, values: Any, field: str) -> None:
    days = {"yesterday": tomorrow(-1), "tomorrow": tomorrow()}
    values = {name: days.get(value, value) for name, value in values.items()}

    with pytest.raises(Refused) as refusal:
        hold(world, **values)

    assert (refusal.value.field, Hold.objects.count(), acts(world)) == (field, 0, [])


def test_lifting_needs_a_reason_and_happens_once(world: Any) -> None:
    placed = hold(world)
    with pytest.raises(Refused):
        lift_hold(placed, by=world.lead, reason="  ")
    lift_hold(placed, by=world.lead, reason="Settled.")

    with pytest.raises(Refused):
        lift_hold(placed, by=world.lead, reason="Settled again.")


def test_the_undo_of_an_addition_is_refused_too(world: Any) -> None:
    hold(world)

    with pytest.raises(ItemHeld):
        take_back_addition(world.item, by=world.lead)


def test_l22_restoring_an_item_stands_in_its_custody(world: Any) -> None:
    void_item(world.item, by=world.lead, reason="By mistake.")
    restore_item(world.item, by=world.lead, reason="It was one.")

    assert acts(world) == ["voided", "restored"]


# --- Pages ---------------------------------------------------------------------------------------------------------


def test_the_page_of_the_item_says_who_holds_it_and_why(client: Any, world: Any) -> None:
    hold(world, kind="retention", until=tomorrow(9), reason="Our rule.", ordered_by="The archive")
    client.force_login(world.researcher)

    text = client.get(world.item.get_absolute_url()).text

    assert ("On hold" in text, "Our rule." in text, "The archive" in text, "Kept until" in text) == (True,) * 4
    assert "/lift/" not in text


def test_a_hold_is_placed_and_lifted_on_pages_and_stands_in_the_history(client: Any, world: Any) -> None:
    client.force_login(world.lead)
    client.post(
        reverse("evidence:hold_place", args=[world.item.pk]), {"kind": "legal hold", "reason": "The court asked."}
    )
    placed = Hold.objects.get()

    refused = client.post(reverse("workspace:item_void", args=[world.item.pk]), {"reason": "Not needed."})
    assert (refused.status_code, "The court asked." in refused.text) == (422, True)
    response = client.post(reverse("evidence:hold_lift", args=[placed.pk]), {"reason": "Settled."})

    assert response.headers["Location"] == world.item.get_absolute_url()
    assert not Hold.objects.current().exists()
    history = client.get(reverse("evidence:item_history", args=[world.item.pk])).text
    assert ("The court asked." in history, "Settled." in history) == (True, True)


def test_a_researcher_may_not_lift_on_the_page_either(client: Any, world: Any) -> None:
    placed = hold(world)
    client.force_login(world.researcher)

    response = client.post(reverse("evidence:hold_lift", args=[placed.pk]), {"reason": "I think so."})

    assert (response.status_code, Hold.objects.current().count()) == (403, 1)


def test_r10_the_admin_neither_withdraws_a_held_item_nor_lifts_past_the_rule(client: Any, world: Any) -> None:
    placed = hold(world)
    for person in (world.lead, world.researcher):
        person.is_staff = True
        person.save()
    client.force_login(world.lead)
    client.post(reverse("admin:evidence_item_delete", args=[world.item.pk]), {"reason": "Not needed."})
    assert not Item.objects.get(pk=world.item.pk).is_voided

    client.force_login(world.researcher)
    client.post(reverse("admin:evidence_hold_delete", args=[placed.pk]), {"reason": "I think so."})
    assert Hold.objects.current().exists()
    client.force_login(world.lead)
    client.post(reverse("admin:evidence_hold_delete", args=[placed.pk]), {"reason": "Settled."})
    assert not Hold.objects.current().exists()


def test_the_page_asks_equally_often_for_few_holds_and_for_many(
    client: Any, world: Any, assert_same_queries: Any
) -> None:
    client.force_login(world.lead)

    def add(count: int) -> None:
        for _hold in range(count):
            hold(world)

    assert_same_queries(lambda: client.get(world.item.get_absolute_url()), add)
