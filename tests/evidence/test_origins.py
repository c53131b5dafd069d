"""Independent origins: followed to their roots, counted exactly, never raised by a copy."""

import random
from collections.abc import Collection, Mapping
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.evidence import vocabulary
from casefiles.evidence.origins import (
    DERIVED,
    NOT_RECORDED,
    ORIGIN,
    LineageGraph,
    Origins,
    independent_origins,
    largest_independent_set,
    would_cycle,
)

Pairs = set[frozenset[str]]


def pairs(*written: str) -> Pairs:
    return {frozenset(pair.split("-")) for pair in written}


def origins(
    supporting: str,
    derivations: Mapping[str, Collection[str]] | None = None,
    *,
    derived: str = "",
    origin: str = "",
    signed: Pairs | None = None,
    dead: str = "",
) -> Origins[str]:
    """Ask with one letter an item; children of `derivations` are marked derived unless they are named otherwise."""
    lineage = dict.fromkeys([*(derivations or {}), *derived], DERIVED) | dict.fromkeys(origin, ORIGIN)
    return independent_origins(list(supporting), derivations or {}, lineage, signed or set(), set(dead))


def test_the_words_are_those_of_the_records() -> None:
    assert set(vocabulary.Lineage.values) == {NOT_RECORDED, ORIGIN, DERIVED}


EIGHT_OUTLETS = {outlet: "R" for outlet in "abcdefgh"}

CASES: list[tuple[str, Origins[str], tuple[int, str]]] = [
    ("nothing", origins(""), (0, "")),
    ("one origin", origins("R", origin="R"), (1, "R")),
    ("eight rewrites of one report", origins("abcdefgh", EIGHT_OUTLETS, origin="R"), (1, "R")),
    ("eight rewrites and the report", origins("abcdefghR", EIGHT_OUTLETS, origin="R"), (1, "R")),
    ("two origins nobody signed", origins("RS", origin="RS"), (1, "RS")),
    ("two origins signed", origins("RS", origin="RS", signed=pairs("R-S")), (2, "RS")),
    ("a rewrite of each", origins("ab", {"a": "R", "b": "S"}, origin="RS", signed=pairs("R-S")), (2, "RS")),
    ("a round-up of both", origins("a", {"a": "RS"}, origin="RS", signed=pairs("R-S")), (2, "RS")),
    (
        "two rewrites signed, their roots not",
        origins("ab", {"a": "R", "b": "S"}, origin="RS", signed=pairs("a-b")),
        (1, "RS"),
    ),
    ("three, of which two pairs are signed", origins("RST", origin="RST", signed=pairs("R-S", "S-T")), (2, "RST")),
    ("three, all signed", origins("RST", origin="RST", signed=pairs("R-S", "S-T", "R-T")), (3, "RST")),
    ("a signed pair with one outside", origins("R", origin="RS", signed=pairs("R-S")), (1, "R")),
    ("an item signed with itself", origins("RS", origin="RS", signed={frozenset("R")}), (1, "RS")),
    ("lineage not recorded", origins("a"), (0, "")),
    ("derived from nothing recorded", origins("a", derived="a"), (0, "")),
    ("derived from what is not recorded", origins("a", {"a": "b"}), (0, "")),
    ("one parent known, one not", origins("a", {"a": "bR"}, origin="R"), (1, "R")),
    ("marked origin, but derived", origins("a", {"a": "R"}, origin="aR"), (1, "R")),
    ("through four hands", origins("a", {"a": "b", "b": "c", "c": "d", "d": "R"}, origin="R"), (1, "R")),
    ("a dead origin", origins("R", origin="R", dead="R"), (0, "")),
    ("a copy of a dead origin", origins("a", {"a": "R"}, origin="R", dead="R"), (0, "")),
    ("a dead copy of a live origin", origins("a", {"a": "R"}, origin="R", dead="a"), (0, "")),
    ("a copy of a dead copy", origins("a", {"a": "b", "b": "R"}, origin="R", dead="b"), (0, "")),
    ("a dead way and a live one", origins("a", {"a": "bR", "b": "S"}, origin="RS", dead="b"), (1, "R")),
    ("a signed pair of which one died", origins("RS", origin="RS", signed=pairs("R-S"), dead="S"), (1, "R")),
    ("a cycle without a way out", origins("a", {"a": "b", "b": "a"}), (0, "")),
    ("a cycle with an origin above", origins("ab", {"a": "b", "b": "aR"}, origin="R"), (1, "R")),
]


@pytest.mark.parametrize(("found", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_origins_are_counted_by_the_rules(found: Origins[str], expected: tuple[int, str]) -> None:
    assert (found.count, "".join(found.roots)) == expected
    assert found.independence_established == (found.count >= 2)
    assert len(found.independent) == found.count


def test_each_supporting_item_is_accounted_for_once() -> None:
    found = origins(
        "abcdeRxy",
        {"a": "R", "b": "X", "c": "u", "d": "Xu", "e": "XR", "x": "y", "y": "x"},
        origin="RX",
        dead="X",
    )
    with_dead = origins("RX", origin="RX", dead="X")

    assert found.counted == ("R", "a", "e")
    assert found.fallen == ("b",)
    assert found.unrecorded == ("c", "d", "x", "y")
    assert with_dead.dead == ("X",)


def test_an_item_cited_twice_counts_once() -> None:
    assert origins("RRR", origin="R") == origins("R", origin="R")


# --- Properties ----------------------------------------------------------------------------------------------------

ITEMS = [f"{number:02}" for number in range(12)]


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, object]:
    """A case's items: derivations point to items with a lower number, so there is no cycle."""
    derivations = {
        item: draw(st.sets(st.sampled_from(ITEMS[:place]), max_size=3)) for place, item in enumerate(ITEMS) if place
    }
    return {
        "supporting": draw(st.lists(st.sampled_from(ITEMS), max_size=12)),
        "derivations": {child: parents for child, parents in derivations.items() if parents},
        "lineage": draw(
            st.fixed_dictionaries({i: st.sampled_from([NOT_RECORDED, ORIGIN, ORIGIN, DERIVED]) for i in ITEMS})
        ),
        "independent_pairs": draw(
            st.sets(st.sampled_from([frozenset(pair) for pair in combinations(ITEMS, 2)]), max_size=40)
        ),
        "dead": draw(st.sets(st.sampled_from(ITEMS), max_size=3)),
    }


def count(world: dict[str, object], **changed: object) -> int:
    return independent_origins(**(world | changed)).count  # type: ignore[arg-type]


def plain_roots(item: str, world: dict[str, object]) -> set[str]:
    """The rule as one would say it, by recursion."""
    derivations, lineage, dead = world["derivations"], world["lineage"], world["dead"]
    if item in dead or lineage[item] == NOT_RECORDED:
        return set()
    if parents := derivations.get(item):
        return set().union(*(plain_roots(parent, world) for parent in parents))
    return {item} if lineage[item] == ORIGIN else set()


def largest_by_trying_all(roots: set[str], signed: Pairs) -> int:
    for size in range(len(roots), 1, -1):
        for chosen in combinations(roots, size):
            if all(frozenset(pair) in signed for pair in combinations(chosen, 2)):
                return size
    return min(1, len(roots))


@given(worlds())
def test_the_count_is_what_trying_every_set_of_roots_gives(world: dict[str, object]) -> None:
    roots = set().union(*(plain_roots(item, world) for item in world["supporting"]))

    found = independent_origins(**world)

    assert set(found.roots) == roots
    assert found.count == largest_by_trying_all(roots, world["independent_pairs"])
    assert all(frozenset(pair) in world["independent_pairs"] for pair in combinations(found.independent, 2))
    groups = [*found.counted, *found.unrecorded, *found.fallen, *found.dead]
    assert sorted(groups) == sorted(set(world["supporting"]))


@given(worlds(), st.sets(st.sampled_from(ITEMS), min_size=1, max_size=3))
def test_a_ninth_rewrite_never_raises_the_count(world: dict[str, object], parents: set[str]) -> None:
    """A rewrite of what supports the claim already never changes the count at all."""
    copied = {
        "derivations": world["derivations"] | {"copy": parents},
        "lineage": world["lineage"] | {"copy": DERIVED},
        "supporting": [*world["supporting"], *parents],
    }

    assert count(world, **copied | {"supporting": [*copied["supporting"], "copy"]}) == count(world, **copied)


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_in_which_things_were_recorded_never_matters(world: dict[str, object], chance: random.Random) -> None:
    shuffled = {
        "supporting": chance.sample(world["supporting"], len(world["supporting"])),
        "derivations": {
            child: chance.sample(sorted(world["derivations"][child]), len(world["derivations"][child]))
            for child in chance.sample(sorted(world["derivations"]), len(world["derivations"]))
        },
    }

    assert independent_origins(**(world | shuffled)) == independent_origins(**world)


@given(worlds(), st.sampled_from(ITEMS))
def test_losing_an_item_never_raises_the_count(world: dict[str, object], lost: str) -> None:
    assert count(world, dead=world["dead"] | {lost}) <= count(world)


@given(worlds(), st.sampled_from(ITEMS))
def test_a_retracted_root_is_as_if_it_had_never_been_cited(world: dict[str, object], lost: str) -> None:
    found = independent_origins(**(world | {"dead": world["dead"] | {lost}}))

    assert lost not in found.roots
    assert found.count == largest_by_trying_all(set(found.roots), world["independent_pairs"])


@given(worlds(), st.sampled_from([frozenset(pair) for pair in combinations(ITEMS, 2)]))
def test_a_signed_independence_never_lowers_the_count(world: dict[str, object], pair: frozenset[str]) -> None:
    signed = world["independent_pairs"]

    assert count(world) <= count(world, independent_pairs=signed | {pair}) <= count(world) + 1


@given(worlds())
def test_one_graph_asked_often_answers_as_if_asked_once(world: dict[str, object]) -> None:
    graph = LineageGraph(world["derivations"], world["lineage"], world["dead"])

    for item in ITEMS:
        assert graph.roots_of(item) == plain_roots(item, world)
    assert graph.origins(world["supporting"], world["independent_pairs"]) == independent_origins(**world)


# --- Cycles --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("child", "parent", "expected"),
    [("a", "a", True), ("c", "a", True), ("b", "a", True), ("a", "c", False), ("a", "x", False), ("x", "a", False)],
)
def test_a_derivation_that_would_close_a_circle_is_seen(child: str, parent: str, expected: bool) -> None:
    assert would_cycle(child, parent, {"a": ["b"], "b": ["c"]}) is expected


@given(worlds(), st.sampled_from(ITEMS), st.sampled_from(ITEMS))
def test_what_is_not_refused_stays_free_of_circles(world: dict[str, object], child: str, parent: str) -> None:
    derivations = {one: set(parents) for one, parents in world["derivations"].items()}
    if would_cycle(child, parent, derivations):
        return
    derivations.setdefault(child, set()).add(parent)

    assert not any(
        would_cycle(one, above, {**derivations, one: derivations[one] - {above}})
        for one in derivations
        for above in derivations[one]
    )


# --- Size ----------------------------------------------------------------------------------------------------------


def test_a_chain_of_thousands_needs_no_recursion() -> None:
    derivations = {number: [number + 1] for number in range(20_000)}
    lineage = dict.fromkeys(derivations, DERIVED) | {20_000: ORIGIN}

    found = independent_origins(derivations, derivations, lineage, set(), set())

    assert (found.count, found.roots, len(found.counted)) == (1, (20_000,), 20_000)
    assert would_cycle(20_000, 0, derivations)


def many_parts() -> tuple[list[int], set[frozenset[int]]]:
    """Three hundred parts of seven origins, in each of which the largest set has four; one with five."""
    signed = set()
    for part in range(300):
        members = range(part * 7, part * 7 + 7)
        signed |= {frozenset(pair) for pair in combinations(members[:4], 2)}
        signed |= {frozenset(pair) for pair in zip(members[3:], members[4:], strict=False)}
    signed |= {frozenset(pair) for pair in combinations(range(700, 705), 2)}
    return list(range(2100)), signed


def forty_in_pairs() -> tuple[list[int], set[frozenset[int]]]:
    """Forty origins, all signed but each with its neighbour: 2 to the power of 20 largest sets of 20."""
    signed = {frozenset(pair) for pair in combinations(range(40), 2)}
    return list(range(40)), signed - {frozenset((one, one + 1)) for one in range(0, 40, 2)}


def sixty_in_threes() -> tuple[list[int], set[frozenset[int]]]:
    """The graph with the most maximal cliques: listing them all would take three to the power of twenty steps."""
    signed = {frozenset(pair) for pair in combinations(range(60), 2) if pair[0] // 3 != pair[1] // 3}
    return list(range(60)), signed


def sixty_at_random() -> tuple[list[int], set[frozenset[int]]]:
    chance = random.Random(60)
    return list(range(60)), {frozenset(pair) for pair in combinations(range(60), 2) if chance.random() < 0.5}


@pytest.mark.parametrize(
    ("graph", "expected"),
    [(many_parts, 5), (forty_in_pairs, 20), (sixty_in_threes, 20), (sixty_at_random, 8)],
)
def test_large_graphs_are_counted_exactly(graph, expected: int) -> None:
    roots, signed = graph()

    found = largest_independent_set(roots, signed)

    assert len(found) == expected
    assert all(frozenset(pair) in signed for pair in combinations(found, 2))


def test_a_whole_case_is_recomputed_without_walking_anything_twice() -> None:
    """Ten thousand items, five thousand derivations, two hundred claims. Counts the steps, since no test is timed."""
    chance = random.Random(1)
    derivations = {child: [chance.randrange(max(0, child - 50), child)] for child in range(1, 5001)}
    lineage = {item: DERIVED if item in derivations else ORIGIN for item in range(10_000)}
    asked: list[int] = []

    class Counting(dict[int, list[int]]):
        def get(self, key, default=None):
            asked.append(key)
            return super().get(key, default)

    graph = LineageGraph(Counting(derivations), lineage)
    for _claim in range(200):
        graph.origins(chance.sample(range(10_000), 50), set())

    assert len(asked) <= 4 * 10_000
