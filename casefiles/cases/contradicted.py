"""Whether what somebody was cited for was contradicted, by others who do not say it after them."""

from collections.abc import Collection

from casefiles.cases.standing import disputing_items
from casefiles.evidence.origins import Item, LineageGraph


def contradicting_items(
    said: Collection[Item], contradicting: Collection[Item], graph: LineageGraph[Item]
) -> list[Item]:
    """Return the items that contradict what `said` supports, each once.

    They dispute as a claim's standing has it (live, of recorded lineage), are none of `said` themselves, and do not go
    back to the same origins alone: whoever repeats an agency and turns it round does not contradict the agency.
    """
    own_roots = frozenset[Item]().union(*(graph.roots_of(item) for item in said))
    return [
        item
        for item in disputing_items(contradicting, graph)
        if item not in said and not _is_repeated(graph.roots_of(item), own_roots)
    ]


def _is_repeated(roots: frozenset[Item], own_roots: frozenset[Item]) -> bool:
    return bool(roots) and roots <= own_roots
