"""How two things of a case's network are joined: the fewest steps between them, looked for from both ends."""

from dataclasses import dataclass
from typing import Any

from casefiles.cases.models import Case
from casefiles.workspace.selectors.joins import joins_of
from casefiles.workspace.selectors.network import named_nodes

STEPS_AT_MOST = 6
# From so many things one step goes on at most, and of each it follows so many records of a kind.
WIDTH_AT_MOST, RECORDS_EACH = 200, 60


@dataclass(frozen=True)
class Path:
    """The keys from one end to the other, or none; `is_whole` where all there is was looked at."""

    keys: tuple[str, ...]
    looked_at: int
    is_whole: bool

    @property
    def steps(self) -> int:
        return len(self.keys) - 1


def path_between(case: Case, user: Any, first: str, last: str) -> Path:
    """Return a shortest path over what `user` may see; at most six steps, each in a constant number of queries."""
    trails: tuple[dict[str, str | None], dict[str, str | None]] = ({first: None}, {last: None})
    fronts = [[first], [last]]
    is_whole = True
    for _step in range(STEPS_AT_MOST):
        side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
        if not fronts[side]:
            break
        is_whole &= len(fronts[side]) <= WIDTH_AT_MOST
        fronts[side], is_complete = _further(case, user, fronts[side][:WIDTH_AT_MOST], trails[side])
        is_whole &= is_complete
        met = next((key for key in fronts[side] if key in trails[1 - side]), None)
        if met is not None:
            return Path(_joined(trails, met), len(trails[0]) + len(trails[1]), is_whole)
    return Path((), len(trails[0]) + len(trails[1]), is_whole and not all(fronts))


def _further(case: Case, user: Any, front: list[str], trail: dict[str, str | None]) -> tuple[list[str], bool]:
    """Go one step on from some things; say too whether everything beside them was read."""
    joins = joins_of(front, case=case, user=user, most=RECORDS_EACH)
    inside = set(front)
    reached: dict[str, str] = {}
    for join in joins.found:
        for one, other in ((join.source, join.target), (join.target, join.source)):
            if one in inside and other not in trail:
                reached.setdefault(other, one)
    # What has no name for this reader leads nowhere.
    visible = named_nodes(list(reached), case=case, user=user)
    trail.update({key: reached[key] for key in visible})
    return list(visible), not joins.cut


def _joined(trails: tuple[dict[str, str | None], dict[str, str | None]], met: str) -> tuple[str, ...]:
    halves = []
    for trail in trails:
        keys: list[str] = []
        key: str | None = met
        while key is not None:
            keys.append(key)
            key = trail[key]
        halves.append(keys)
    return (*reversed(halves[0]), *halves[1][1:])
