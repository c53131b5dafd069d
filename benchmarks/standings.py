"""Measure how long the standings of a large case take to compute anew: `python -m benchmarks.standings`.

Ten thousand items, five thousand derivations, each from one of the fifty items before it, two hundred claims of fifty
citations, and a thousand signed pairs of origins. What is timed is the computation, without the database; the lineage
is taken up anew each time, as after any change. The budget is 200 ms. The figure is processor time, which says more
than the clock on a machine that is busy with other things; the best of five is the one that was disturbed least.
"""

import argparse
import json
import random
import time
from typing import Any

from casefiles.cases.standing import standing
from casefiles.evidence.origins import DERIVED, ORIGIN, LineageGraph

BUDGET_MS = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("items", 10_000), ("derivations", 5_000), ("claims", 200), ("cited", 50), ("pairs", 1_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = vars(parser.parse_args())
    case = _case(**options)
    rounds = sorted(_milliseconds(case) for _round in range(5))
    print(json.dumps({**options, "best_ms": rounds[0], "worst_ms": rounds[-1], "budget_ms": BUDGET_MS}))


def _case(*, items: int, derivations: int, claims: int, cited: int, pairs: int) -> dict[str, Any]:
    chance = random.Random(1)
    parents = {child: [chance.randrange(max(0, child - 50), child)] for child in range(1, derivations + 1)}
    lineage = {item: DERIVED if item in parents else ORIGIN for item in range(items)}
    origins = [item for item in range(items) if item not in parents]
    return {
        "parents": parents,
        "lineage": lineage,
        "claims": [
            (chance.sample(range(items), cited), chance.sample(range(items), chance.choice((0, 0, 0, 1))))
            for _claim in range(claims)
        ],
        "signed": {frozenset(chance.sample(origins, 2)) for _pair in range(pairs)},
    }


def _milliseconds(case: dict[str, Any]) -> float:
    started = time.process_time()
    graph = LineageGraph(case["parents"], case["lineage"])
    for supporting, contradicting in case["claims"]:
        found = graph.origins(supporting, case["signed"])
        standing(outcome="held", contradicting=contradicting, graph=graph, origins=found)
    return round((time.process_time() - started) * 1000, 1)


if __name__ == "__main__":
    main()
