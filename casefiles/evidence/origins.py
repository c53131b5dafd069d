"""How many independent origins stand behind what supports a claim.

A rewrite adds nothing: derivations are followed up to where the information began. The rules, where records are patchy
or contradict each other, always give the lower count:

- A dead item (voided or retracted) counts for nothing, and nothing passes through it: what derives only from dead items
  has no origin either.
- An item whose lineage is not recorded counts for nothing and passes nothing on, whatever derivations it has.
- An item marked `derived` without a recorded parent has no known root.
- An item marked `origin` that nevertheless has recorded parents is taken for what the derivation shows: its roots are
  those of its parents.
- Two origins are independent only where somebody signed that they are.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Generic, TypeVar

NOT_RECORDED = "not recorded"
ORIGIN = "origin"
DERIVED = "derived"

Item = TypeVar("Item", bound=Hashable)

# A mask has one bit for each origin reached, and below them two more: some way up ends where nothing is recorded,
# or at a dead item.
_GAP, _DEAD, _FLAGS = 1, 2, 2


@dataclass(frozen=True)
class Origins(Generic[Item]):
    """What stands behind a claim. All items are in the order of their text, whatever order they came in.

    `count` is the largest number of origins pairwise signed as independent, 1 where there is any origin, else 0;
    `independent` is one such set. `roots` are all origins reached. Supporting items that counted are in `counted`;
    the others are in exactly one of `unrecorded` (no origin is known), `fallen` (they rest on dead items only) and
    `dead` (voided or retracted themselves).
    """

    count: int
    roots: tuple[Item, ...]
    independent: tuple[Item, ...]
    counted: tuple[Item, ...]
    unrecorded: tuple[Item, ...]
    fallen: tuple[Item, ...]
    dead: tuple[Item, ...]

    @property
    def independence_established(self) -> bool:
        """At least two origins are signed as independent of each other."""
        return self.count >= 2


class LineageGraph(Generic[Item]):
    """The derivations among items, taken up once and asked often; every origin is found once for the whole case.

    `derivations` maps a child to its parents, `lineage` an item to `not recorded`, `origin` or `derived` (a missing one
    is not recorded), `dead` are the voided and retracted items. A cycle, which would be a mistake, does no harm: what
    hangs in it gets the origins that lead into it.
    """

    def __init__(
        self,
        derivations: Mapping[Item, Collection[Item]],
        lineage: Mapping[Item, str],
        dead: AbstractSet[Item] = frozenset(),
    ) -> None:
        self._parents = derivations
        self._lineage = lineage
        self._dead = dead
        self._origins: list[Item] = []
        self._masks: dict[Item, int] = {}

    def roots_of(self, item: Item) -> frozenset[Item]:
        """Return the live origins an item goes back to; none where it is dead or its lineage is not recorded."""
        return frozenset(self._items_in(self._mask(item)))

    def is_dead(self, item: Item) -> bool:
        """Return whether the item was voided or retracted."""
        return item in self._dead

    def is_recorded(self, item: Item) -> bool:
        """Return whether the item's own lineage is recorded, as origin or as derived."""
        return self._lineage.get(item, NOT_RECORDED) != NOT_RECORDED

    def is_fallen(self, item: Item) -> bool:
        """Return whether a live item of recorded lineage rests on dead items only."""
        return not self.is_dead(item) and self._mask(item) == _DEAD

    def origins(self, supporting: Iterable[Item], independent_pairs: AbstractSet[frozenset[Item]]) -> Origins[Item]:
        """Return the origins behind some items; each pair holds two items signed as independent."""
        groups: dict[str, list[Item]] = {"counted": [], "unrecorded": [], "fallen": [], "dead": []}
        reached = 0
        for item in in_order(set(supporting)):
            reached |= self._mask(item)
            groups[self._group(item)].append(item)
        roots = tuple(in_order(self._items_in(reached)))
        independent = largest_independent_set(roots, independent_pairs)
        return Origins(
            count=len(independent),
            roots=roots,
            independent=independent,
            **{name: tuple(items) for name, items in groups.items()},
        )

    def _group(self, item: Item) -> str:
        if self.is_dead(item):
            return "dead"
        mask = self._mask(item)
        if mask >> _FLAGS:
            return "counted"
        return "fallen" if mask == _DEAD else "unrecorded"

    def _items_in(self, mask: int) -> Iterator[Item]:
        mask >>= _FLAGS
        while mask:
            lowest = mask & -mask
            yield self._origins[lowest.bit_length() - 1]
            mask ^= lowest

    def _mask(self, item: Item) -> int:
        if item not in self._masks:
            self._settle(item)
        return self._masks[item]

    def _settle(self, item: Item) -> None:
        """Find the masks of an item and all above it, without recursion: chains may be thousands long."""
        order = self._upward(item)
        for one in order:
            self._masks[one] = self._own_mask(one)
        changed = True
        while changed:
            # Parents come before children, so that the second round changes nothing unless there is a cycle.
            changed = False
            for one in order:
                joined = self._masks[one]
                for parent in self._ways_up(one):
                    joined |= self._masks[parent]
                changed = changed or joined != self._masks[one]
                self._masks[one] = joined

    def _upward(self, item: Item) -> list[Item]:
        """Return the item and all above it that are not settled yet, parents before children."""
        order: list[Item] = []
        seen = {item}
        path: list[tuple[Item, Iterator[Item]]] = [(item, iter(self._ways_up(item)))]
        while path:
            one, parents = path[-1]
            unseen = next((p for p in parents if p not in seen and p not in self._masks), None)
            if unseen is None:
                order.append(one)
                path.pop()
            else:
                seen.add(unseen)
                path.append((unseen, iter(self._ways_up(unseen))))
        return order

    def _ways_up(self, item: Item) -> Collection[Item]:
        """Return the parents through which origins reach an item."""
        if item in self._dead or not self.is_recorded(item):
            return ()
        return self._parents.get(item, ())

    def _own_mask(self, item: Item) -> int:
        if item in self._dead:
            return _DEAD
        if not self.is_recorded(item):
            return _GAP
        if self._parents.get(item):
            return 0
        if self._lineage.get(item) != ORIGIN:
            return _GAP
        self._origins.append(item)
        return 1 << len(self._origins) - 1 + _FLAGS


def independent_origins(
    supporting: Iterable[Item],
    derivations: Mapping[Item, Collection[Item]],
    lineage: Mapping[Item, str],
    independent_pairs: AbstractSet[frozenset[Item]],
    dead: AbstractSet[Item],
) -> Origins[Item]:
    """Return the origins behind one claim; for many claims of one case, make one `LineageGraph` and ask it."""
    return LineageGraph(derivations, lineage, dead).origins(supporting, independent_pairs)


def would_cycle(child: Item, parent: Item, derivations: Mapping[Item, Collection[Item]]) -> bool:
    """Return whether recording that `child` derives from `parent` would make an item derive from itself."""
    unread, seen = [parent], {parent}
    while unread:
        item = unread.pop()
        if item == child:
            return True
        above = [one for one in derivations.get(item, ()) if one not in seen]
        seen.update(above)
        unread.extend(above)
    return False


def in_order(items: Iterable[Item]) -> list[Item]:
    """Return items in the order of their text: the same for the same items, whatever their type."""
    listed = list(items)
    return sorted(listed, key=str) if len(listed) > 1 else listed


def largest_independent_set(roots: Iterable[Item], independent_pairs: AbstractSet[frozenset[Item]]) -> tuple[Item, ...]:
    """Return a largest set of roots in which every two are signed as independent; one root where no two are.

    Exact: a maximum clique by branch and bound, where a greedy colouring of the candidates limits what a branch can
    still add (Tomita and Seki, "An efficient branch-and-bound algorithm for finding a maximum clique", 2003). Parts of
    the graph that no pair joins are searched apart. The worst case grows exponentially, but only with hundreds of
    signed pairs among the origins of one claim; sparse graphs of any size are immediate.
    """
    roots = in_order(set(roots))
    if len(roots) < 2 or not independent_pairs:
        return tuple(roots[:1])
    neighbours: dict[Item, set[Item]] = {root: set() for root in roots}
    for pair in independent_pairs:
        if len(pair) == 2 and all(item in neighbours for item in pair):
            one, other = pair
            neighbours[one].add(other)
            neighbours[other].add(one)
    best: list[Item] = roots[:1]
    for part in _connected_parts(neighbours):
        found = _largest_clique(part, neighbours, larger_than=len(best))
        best = found or best
    return tuple(in_order(best))


def _connected_parts(neighbours: Mapping[Item, AbstractSet[Item]]) -> Iterator[list[Item]]:
    """Yield the roots that signed pairs join, part by part; a root without any pair is no part."""
    seen: set[Item] = set()
    for root, beside in neighbours.items():
        if root in seen or not beside:
            continue
        part, unread = {root}, [root]
        while unread:
            unseen = neighbours[unread.pop()] - part
            part |= unseen
            unread.extend(unseen)
        seen |= part
        yield in_order(part)


def _largest_clique(part: list[Item], neighbours: Mapping[Item, AbstractSet[Item]], *, larger_than: int) -> list[Item]:
    """Return a largest clique of one part if it has more than `larger_than` members, else nothing."""
    by_degree = sorted(part, key=lambda root: -len(neighbours[root]))
    places = {root: place for place, root in enumerate(by_degree)}
    beside = [sum(1 << places[other] for other in neighbours[root]) for root in by_degree]
    best, best_size = 0, larger_than
    # Each entry: the clique so far, its size, who may still join it, as bits, and how large it can become at most.
    unread = [(0, 0, (1 << len(by_degree)) - 1, len(by_degree))]
    while unread:
        clique, size, candidates, limit = unread.pop()
        if limit <= best_size:
            continue
        if size > best_size:
            best, best_size = clique, size
        branches = []
        for place, colours in _coloured(candidates, beside):
            candidates &= ~(1 << place)
            branches.append((clique | 1 << place, size + 1, candidates & beside[place], size + colours))
        unread.extend(reversed(branches))
    return [root for place, root in enumerate(by_degree) if best >> place & 1]


def _coloured(candidates: int, beside: list[int]) -> list[tuple[int, int]]:
    """Return each candidate with the most it can add together with those after it in the list, highest first.

    Candidates of one colour are pairwise not independent, so a clique takes at most one of each colour.
    """
    coloured: list[tuple[int, int]] = []
    colour = 0
    while candidates:
        colour += 1
        uncoloured = candidates
        while uncoloured:
            lowest = uncoloured & -uncoloured
            place = lowest.bit_length() - 1
            coloured.append((place, colour))
            candidates ^= lowest
            uncoloured = (uncoloured ^ lowest) & ~beside[place]
    return coloured[::-1]
