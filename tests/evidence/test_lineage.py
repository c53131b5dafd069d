"""Where items come from: derivations, origins, independence, and the grades that rest on them."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.audit.models import Event
from casefiles.core.refusals import Refused
from casefiles.evidence.actions import derivations, grades, items
from casefiles.evidence.models import Derivation, Independence, Item
from casefiles.evidence.selectors import lineage_of, newest_grades, provenance
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    circle = make.restricted_to(make.circle(lead, viewer=viewer))
    return SimpleNamespace(lead=lead, viewer=viewer, stranger=stranger, circle=circle)


def recorded_lineage(item: Item) -> str:
    return str(Item.objects.get(pk=item.pk).lineage)


def count(user: Any, *items: Item) -> int:
    return provenance(items, user).origins_of([item.pk for item in items]).count


def test_a_derivation_marks_the_child_as_derived(world: Any) -> None:
    parent = make.origin(world.lead)
    child = make.origin(world.lead)

    derivations.add_derivation(child, by=world.lead, parent=parent, kind="rewrites", passage="as the agency said")

    child.refresh_from_db()
    assert (child.lineage, child.lineage_reason) == ("derived", "")


def test_without_any_derivation_left_the_lineage_is_not_recorded(world: Any) -> None:
    child = make.copy_of(world.lead, make.origin(world.lead))
    second = derivations.add_derivation(child, by=world.lead, parent=make.origin(world.lead), kind="quotes")

    derivations.void_derivation(second, by=world.lead, reason="Wrong item.")
    assert recorded_lineage(child) == "derived"
    derivations.void_derivation(child.derivations_from.exclude(pk=second.pk).get(), by=world.lead, reason="Wrong item.")
    assert recorded_lineage(child) == "not recorded"


def test_circles_of_any_length_are_refused(world: Any) -> None:
    first = make.item(world.lead)
    second = make.copy_of(world.lead, first)
    third = make.copy_of(world.lead, second)

    for parent in (first, second, third):
        with pytest.raises(Refused, match="circle") as refused:
            derivations.add_derivation(first, by=world.lead, parent=parent, kind="quotes")
        assert refused.value.field == "parent"


def test_a_circle_through_what_was_voided_is_none(world: Any) -> None:
    parent = make.item(world.lead)
    child = make.copy_of(world.lead, parent)
    derivations.void_derivation(child.derivations_from.get(), by=world.lead, reason="The other way round.")

    derivations.add_derivation(parent, by=world.lead, parent=child, kind="quotes")

    assert recorded_lineage(parent) == "derived"


def test_a_derivation_comes_back_only_where_it_could_be_made(world: Any) -> None:
    """Fails where restoring asks less than adding: it would close a circle."""
    parent = make.item(world.lead)
    child = make.copy_of(world.lead, parent)
    derivation = child.derivations_from.get()
    derivations.void_derivation(derivation, by=world.lead, reason="The other way round.")
    turned = derivations.add_derivation(parent, by=world.lead, parent=child, kind="quotes")

    with pytest.raises(Refused, match="circle"):
        derivations.restore_derivation(derivation, by=world.lead)
    derivations.void_derivation(turned, by=world.lead, reason="It was right at first.")
    derivations.restore_derivation(derivation, by=world.lead)

    assert (recorded_lineage(child), recorded_lineage(parent)) == ("derived", "not recorded")


def test_a_signature_comes_back_only_once(world: Any) -> None:
    first, second = make.origin(world.lead), make.origin(world.lead)
    signed = derivations.sign_independence(first, second, by=world.lead, reason="Another sensor.")
    derivations.void_independence(signed, by=world.lead, reason="The same pass.")
    again = derivations.sign_independence(first, second, by=world.lead, reason="Another pass.")

    with pytest.raises(Refused, match="signed already"):
        derivations.restore_independence(signed, by=world.lead)
    derivations.void_independence(again, by=world.lead, reason="Said twice.")
    derivations.restore_independence(signed, by=world.lead)

    assert Independence.objects.current().get() == signed


def test_a_derivation_is_said_once(world: Any) -> None:
    parent = make.item(world.lead)
    child = make.copy_of(world.lead, parent, kind="quotes")

    with pytest.raises(Refused, match="recorded already"):
        derivations.add_derivation(child, by=world.lead, parent=parent, kind="quotes")


def test_b01_both_ends_are_asked_for(world: Any) -> None:
    make.circle(world.stranger)
    open_item, secret = make.item(world.lead), make.item(world.lead, circle=world.circle)
    own = make.item(world.stranger)

    with pytest.raises(NotVisible):
        derivations.add_derivation(own, by=world.stranger, parent=secret, kind="quotes")
    with pytest.raises(NotVisible):
        derivations.add_derivation(secret, by=world.stranger, parent=own, kind="quotes")
    with pytest.raises(NotAllowed):
        derivations.add_derivation(secret, by=world.viewer, parent=open_item, kind="quotes")
    with pytest.raises(Refused, match="restricted to fewer people"):
        derivations.add_derivation(open_item, by=world.lead, parent=secret, kind="quotes")
    assert not Derivation.objects.exists()


def test_voided_items_take_no_part_in_derivations(world: Any) -> None:
    voided, other = make.item(world.lead), make.item(world.lead)
    items.void_item(voided, by=world.lead, reason="Wrong ship.")

    for child, parent in ((voided, other), (other, voided)):
        with pytest.raises(Refused, match="voided"):
            derivations.add_derivation(child, by=world.lead, parent=parent, kind="quotes")


@pytest.mark.django_db(transaction=True)
def test_two_who_would_close_a_circle_together_do_not() -> None:
    """Fails where `_lock_upwards` is left out, on PostgreSQL; SQLite's writers queue."""
    lead = make.lead()
    make.circle(lead)
    first, fourth = make.item(lead), make.item(lead)
    second, third = make.copy_of(lead, first), make.copy_of(lead, fourth)
    start, outcomes = threading.Barrier(2), []

    def add(child: Item, parent: Item) -> None:
        start.wait()
        try:
            derivations.add_derivation(child, by=lead, parent=parent, kind="quotes")
            outcomes.append("added")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    racers = [threading.Thread(target=add, args=pair) for pair in ((first, third), (fourth, second))]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(outcomes) == ["added", "refused"]


def test_an_origin_needs_a_reason(world: Any) -> None:
    item = make.item(world.lead)

    with pytest.raises(Refused) as refused:
        derivations.set_lineage(item, by=world.lead, version=1, lineage="origin")
    derivations.set_lineage(item, by=world.lead, version=1, lineage="origin", reason="Own pictures.")

    assert refused.value.field == "lineage_reason"
    assert recorded_lineage(item) == "origin"


def test_an_origin_is_taken_back_without_a_reason(world: Any) -> None:
    item = make.origin(world.lead)

    derivations.set_lineage(item, by=world.lead, version=item.version, lineage="not recorded", reason="Left over.")

    kept = Item.objects.get(pk=item.pk)
    assert (kept.lineage, kept.lineage_reason) == ("not recorded", "")


def test_derived_needs_a_derivation_and_a_derivation_needs_derived(world: Any) -> None:
    item, child = make.item(world.lead), make.copy_of(world.lead, make.origin(world.lead))

    with pytest.raises(Refused, match="from which item"):
        derivations.set_lineage(item, by=world.lead, version=1, lineage="derived")
    for lineage in ("origin", "not recorded"):
        with pytest.raises(Refused, match="Void that first"):
            derivations.set_lineage(child, by=world.lead, version=2, lineage=lineage, reason="Own pictures.")


def test_independence_is_signed_between_origins_in_one_order(world: Any) -> None:
    first, second = sorted((make.origin(world.lead), make.origin(world.lead)), key=lambda item: item.pk)

    signed = derivations.sign_independence(second, first, by=world.lead, reason="Another sensor.")

    assert (signed.first, signed.second) == (first, second)
    for pair in ((first, second), (second, first)):
        with pytest.raises(Refused, match="signed already"):
            derivations.sign_independence(*pair, by=world.lead, reason="Again.")


def test_the_event_of_a_signature_names_the_circle_it_belongs_to(world: Any) -> None:
    first, second = (make.origin(world.lead, circle=world.circle) for _number in range(2))

    signed = derivations.sign_independence(first, second, by=world.lead, reason="Another sensor.")

    assert Event.objects.get(record_id=signed.pk).compartment_ids == [str(world.circle.compartments[0].pk)]


def test_only_origins_that_are_two_can_be_independent_and_it_needs_a_reason(world: Any) -> None:
    origin = make.origin(world.lead)
    for other in (origin, make.item(world.lead), make.copy_of(world.lead, origin)):
        with pytest.raises(Refused):
            derivations.sign_independence(origin, other, by=world.lead, reason="Another sensor.")
    with pytest.raises(Refused) as silent:
        derivations.sign_independence(origin, make.origin(world.lead), by=world.lead, reason=" ")

    assert silent.value.field == "reason"
    assert not Independence.objects.exists()


def test_a_ninth_rewrite_never_changes_the_count(world: Any) -> None:
    origin = make.origin(world.lead)
    copies = [make.copy_of(world.lead, origin) for _number in range(9)]

    assert count(world.lead, origin, *copies[:8]) == count(world.lead, origin, *copies) == 1


def test_two_origins_count_as_two_once_signed(world: Any) -> None:
    first, second = make.origin(world.lead), make.origin(world.lead)
    copies = [make.copy_of(world.lead, first), make.copy_of(world.lead, second)]

    assert count(world.lead, *copies) == 1
    signed = derivations.sign_independence(first, second, by=world.lead, reason="Another sensor.")
    assert count(world.lead, *copies) == 2
    derivations.void_independence(signed, by=world.lead, reason="The same pass.")
    assert count(world.lead, *copies) == 1


def test_voided_and_retracted_items_count_for_nothing(world: Any) -> None:
    voided, retracted, unknown = make.origin(world.lead), make.origin(world.lead), make.item(world.lead)
    items.void_item(voided, by=world.lead, reason="Wrong ship.")
    items.set_status(retracted, by=world.lead, version=1, status="retracted", reason="A note.")

    assert count(world.lead, voided, retracted, unknown) == 0


def test_what_one_may_not_see_is_not_counted(world: Any) -> None:
    secret = make.origin(world.lead, circle=world.circle)

    assert count(world.lead, secret) == 1
    assert count(world.stranger, secret) == 0


def test_a_long_ancestry_takes_one_query_a_generation(world: Any, django_assert_num_queries: Any) -> None:
    origin = make.origin(world.lead)
    children = [make.copy_of(world.lead, origin) for _number in range(12)]

    for asked in (children[:2], children):
        with django_assert_num_queries(4):
            assert provenance(asked, world.lead).origins_of([item.pk for item in asked]).count == 1


def test_the_tree_stands_from_the_root_to_what_repeats_the_item(world: Any) -> None:
    root = make.origin(world.lead)
    middle = make.copy_of(world.lead, root)
    leaf = make.copy_of(world.lead, middle)
    make.copy_of(world.lead, root)

    (branch,) = lineage_of(middle, world.lead).tree

    assert (branch.item, branch.derivation, branch.is_here) == (root, None, False)
    (here,) = branch.branches
    assert (here.item, here.is_here, here.derivation.kind) == (middle, True, "rewrites")
    assert [one.item for one in here.branches] == [leaf]


def test_the_tree_leaves_out_what_one_may_not_see(world: Any) -> None:
    root = make.origin(world.lead)
    make.copy_of(world.lead, root, circle=world.circle)

    assert len(lineage_of(root, world.viewer).tree[0].branches) == 1
    assert lineage_of(root, world.stranger).tree[0].branches == ()


def test_an_item_with_two_roots_stands_under_both(world: Any) -> None:
    roots = [make.origin(world.lead), make.origin(world.lead)]
    child = make.copy_of(world.lead, roots[0])
    derivations.add_derivation(child, by=world.lead, parent=roots[1], kind="quotes")

    tree = lineage_of(child, world.lead).tree

    assert {branch.item for branch in tree} == set(roots)
    assert all(branch.branches[0].item == child for branch in tree)


def grade(item: Item, world: Any, credibility: str) -> Any:
    return grades.grade(item, by=world.lead, reliability="B", credibility=credibility, rationale="It fits.")


def test_the_newest_standing_grade_counts(world: Any) -> None:
    item = make.item(world.lead)
    first, second = grade(item, world, "3"), grade(item, world, "2")

    assert newest_grades([item], world.lead)[item.pk] == second
    grades.void_grade(second, by=world.lead, reason="Wrong item.")
    assert newest_grades([item], world.lead)[item.pk] == first


def test_confirmed_by_others_needs_two_independent_origins(world: Any) -> None:
    """Fails where a rewrite, an unsigned pair or another claim's origins are counted."""
    first, second = make.origin(world.lead), make.origin(world.lead)
    vessel = make.numbered_vessel(world.lead)
    name, other_name = make.name_use(world.lead, vessel, "Angara"), make.name_use(world.lead, vessel, "Maria")
    make.citation(name, first, world.lead)
    make.citation(other_name, second, world.lead)
    derivations.sign_independence(first, second, by=world.lead, reason="Another sensor.")

    with pytest.raises(Refused) as refused:
        grade(first, world, "1")
    make.citation(name, second, world.lead, stance="context")
    with pytest.raises(Refused):
        grade(first, world, "1")
    make.citation(name, make.copy_of(world.lead, second), world.lead)

    assert refused.value.field == "credibility"
    assert str(grade(first, world, "1")) == "B1"


def test_an_item_that_joins_two_independent_origins_may_be_confirmed(world: Any) -> None:
    first, second = make.origin(world.lead), make.origin(world.lead)
    derivations.sign_independence(first, second, by=world.lead, reason="Another sensor.")
    child = make.copy_of(world.lead, first)
    derivations.add_derivation(child, by=world.lead, parent=second, kind="quotes")

    assert str(grade(child, world, "1")) == "B1"


def test_a_grade_needs_a_reason_known_marks_and_the_right_to_edit(world: Any) -> None:
    item = make.item(world.lead, circle=world.circle)

    with pytest.raises(Refused):
        grades.grade(item, by=world.lead, reliability="B", credibility="2", rationale=" ")
    with pytest.raises(ValidationError):
        grades.grade(item, by=world.lead, reliability="G", credibility="7", rationale="x")
    with pytest.raises(NotAllowed):
        grades.grade(item, by=world.viewer, reliability="B", credibility="2", rationale="x")
