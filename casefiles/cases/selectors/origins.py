"""The small tree behind a claim: each origin, and what came from it on the way to what is cited."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casefiles.cases.models import Claim
from casefiles.cases.selectors.claims import ClaimLine, claim_lines, exhibit_labels, item_mark
from casefiles.cases.selectors.dependences import Dependences
from casefiles.cases.selectors.standings import judged_by
from casefiles.evidence.models import Citation, Derivation, Item
from casefiles.evidence.selectors import Provenance, citations_by_assertion, provenance
from casefiles.evidence.vocabulary import CitationStance, DerivationKind, Lineage

# A deeper tree says no more than its counts do.
DEPTH_AT_MOST = 12
ITEMS_AT_MOST = 200


@dataclass(frozen=True)
class OriginLine:
    """One item of the tree and what came from it; `kind_label` says how it repeats the one above ("rewrites")."""

    item_id: uuid.UUID
    label: str
    title: str
    kind_label: str
    is_cited: bool
    mark: str
    branches: tuple["OriginLine", ...] = ()


@dataclass(frozen=True)
class OriginTree:
    """`unrecorded` are cited items of which nobody has said where they come from."""

    lines: tuple[OriginLine, ...]
    unrecorded: tuple[OriginLine, ...]
    roots_count: int
    independent_count: int


def origins_of(claim: Claim, user: Any) -> OriginTree:
    """Return the tree of what supports a claim, in a number of queries that depends on its depth alone."""
    return line_with_origins(claim, user)[1]


def line_with_origins(claim: Claim, user: Any) -> tuple[ClaimLine, OriginTree]:
    """Return how a claim stands and the tree of what supports it, both from one reading of what is cited."""
    case = claim.case
    dependences = Dependences(case, user)
    outcomes = {claim.pk: claim.outcome} | dependences.unjudged([claim.pk])
    cited = citations_by_assertion(outcomes, user)
    labels = exhibit_labels(case, user)
    known = provenance({citation.item_id for citations in cited.values() for citation in citations}, user)
    judged = {key: judged_by(outcome, cited.get(key, ()), known) for key, outcome in outcomes.items()}
    lines = claim_lines(case, [claim], user, labels=labels, judged=judged, cited=cited, dependences=dependences)
    return lines[0], _tree(cited.get(claim.pk, ()), known, labels, user)


def _tree(citations: Iterable[Citation], known: Provenance, labels: Mapping[uuid.UUID, str], user: Any) -> OriginTree:
    cited = {citation.item_id for citation in citations if citation.stance == CitationStance.SUPPORTS}
    items = Item.objects.visible_to(user).in_bulk(_behind(cited, known) & set(known.lineage))
    tree = _Tree(items=items, cited=cited, known=known, labels=labels, kinds=_kinds(known, user))
    found = known.origins_of(cited)
    return OriginTree(
        lines=tree.roots(),
        unrecorded=tuple(tree.line(item_id) for item_id in found.unrecorded if item_id in items),
        roots_count=len(found.roots),
        independent_count=found.count,
    )


def _behind(cited: set[uuid.UUID], known: Provenance) -> set[uuid.UUID]:
    """Return what is cited and everything that it comes from: other claims' items were read beside them."""
    found, unread = set(cited), list(cited)
    while unread:
        parents = [parent for parent in known.derivations.get(unread.pop(), ()) if parent not in found]
        found.update(parents)
        unread.extend(parents)
    return found


def _kinds(known: Provenance, user: Any) -> dict[tuple[uuid.UUID, uuid.UUID], str]:
    rows = Derivation.objects.visible_to(user).current().filter(child_id__in=list(known.derivations))
    pairs = rows.order_by("created_at").values_list("child_id", "parent_id", "kind")
    return {(child, parent): str(DerivationKind(kind).label) for child, parent, kind in pairs}


@dataclass(frozen=True)
class _Tree:
    items: Mapping[uuid.UUID, Item]
    cited: set[uuid.UUID]
    known: Provenance
    labels: Mapping[uuid.UUID, str]
    kinds: Mapping[tuple[uuid.UUID, uuid.UUID], str]

    def roots(self) -> tuple[OriginLine, ...]:
        """Return each root with, below it, what came from it; an item with two parents stands under both."""
        keys = [key for key in self.items if not self.known.derivations.get(key) and self._is_origin(key)]
        return tuple(self.line(key, path=(key,)) for key in self._in_order(keys)[:ITEMS_AT_MOST])

    def _below(self, path: tuple[uuid.UUID, ...]) -> Iterator[OriginLine]:
        if len(path) >= DEPTH_AT_MOST:
            return
        children = [child for child, parents in self.known.derivations.items() if path[-1] in parents]
        for key in self._in_order([child for child in children if child in self.items and child not in path]):
            yield self.line(key, path=(*path, key))

    def _is_origin(self, key: uuid.UUID) -> bool:
        return self.known.lineage.get(key) != Lineage.NOT_RECORDED

    def _in_order(self, keys: list[uuid.UUID]) -> list[uuid.UUID]:
        return sorted(keys, key=lambda key: (self.labels.get(key, "~"), self.items[key].title, str(key)))

    def line(self, key: uuid.UUID, *, path: tuple[uuid.UUID, ...] = ()) -> OriginLine:
        """Return one item as the tree shows it, with what came from it where `path` leads there."""
        item = self.items[key]
        return OriginLine(
            item_id=key,
            label=self.labels.get(key, ""),
            title=item.title,
            kind_label=self.kinds.get((key, path[-2]), "") if len(path) > 1 else "",
            is_cited=key in self.cited,
            mark=item_mark(item),
            branches=tuple(self._below(path)) if path else (),
        )
