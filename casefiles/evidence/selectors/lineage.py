"""Where items come from, as plain values for the pure module that counts origins."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from casefiles.evidence.models import Derivation, Independence, Item
from casefiles.evidence.origins import LineageGraph, Origins
from casefiles.evidence.vocabulary import ItemStatus

Parents = dict[uuid.UUID, frozenset[uuid.UUID]]


@dataclass(frozen=True)
class Provenance:
    """What `origins` needs to count, as ids: of the items asked about and of all their ancestors.

    `derivations` maps a child to its parents; `dead` are the items that count for nothing: voided or retracted.
    """

    derivations: Mapping[uuid.UUID, frozenset[uuid.UUID]]
    lineage: Mapping[uuid.UUID, str]
    independent_pairs: frozenset[frozenset[uuid.UUID]]
    dead: frozenset[uuid.UUID]

    @cached_property
    def graph(self) -> LineageGraph:
        """The derivations, taken up once for any number of questions."""
        return LineageGraph(self.derivations, self.lineage, self.dead)

    def origins_of(self, supporting: Iterable[uuid.UUID]) -> Origins:
        """Return the origins behind some of the items asked about."""
        return self.graph.origins(supporting, self.independent_pairs)


def parents_of(item: Item) -> list[Item]:
    """Return the items from which an item derives directly, whoever may see them: for the rules of sharing, no page."""
    rows = Derivation.objects.current().filter(child=item).select_related("parent")
    return [row.parent for row in rows.order_by("created_at", "pk")]


def ancestry(ids: Iterable[uuid.UUID], derivations: Any) -> Parents:
    """Return the parents of the given items and of all their ancestors; one query for each generation.

    `derivations` is the queryset to look in: what somebody may see, or all that stand.
    """
    parents: Parents = {}
    generation = set(ids)
    while generation:
        found: dict[uuid.UUID, set[uuid.UUID]] = {}
        for child, parent in derivations.filter(child_id__among=generation).values_list("child_id", "parent_id"):
            found.setdefault(child, set()).add(parent)
        parents |= {identifier: frozenset(found.get(identifier, ())) for identifier in generation}
        generation = {parent for above in found.values() for parent in above} - parents.keys()
    return parents


def provenance(items: Iterable[Item | uuid.UUID], user: Any) -> Provenance:
    """Return where items come from, as far as `user` may see: two queries and one for each generation of ancestors."""
    ids = {item.pk if isinstance(item, Item) else item for item in items}
    parents = ancestry(ids, Derivation.objects.visible_to(user).current())
    known = list(
        Item.objects.visible_to(user)
        .filter(pk__among=parents.keys())
        .values_list("pk", "lineage", "voided_at", "status")
    )
    return Provenance(
        derivations={child: above for child, above in parents.items() if above},
        lineage={pk: lineage for pk, lineage, _voided, _status in known},
        independent_pairs=_signed_pairs(parents.keys(), user),
        dead=frozenset(pk for pk, _lineage, voided, status in known if voided or status == ItemStatus.RETRACTED),
    )


def _signed_pairs(ids: Iterable[uuid.UUID], user: Any) -> frozenset[frozenset[uuid.UUID]]:
    among = set(ids)
    # Asked for by one end alone: a second list as long would cost more than the few pairs that it leaves out.
    signed = Independence.objects.visible_to(user).current().filter(first_id__among=among)
    pairs = signed.values_list("first_id", "second_id")
    return frozenset(frozenset(pair) for pair in pairs if pair[1] in among)
