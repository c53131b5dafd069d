"""Where the things of a network are put, and what their dates allow to be said."""

from datetime import date

import pytest

from casefiles.core.moments import Certainty, Period, parse_moment
from casefiles.core.network import LEFT, MIDDLE, RIGHT, Link, Node, draw, held, joined
from casefiles.core.timeline import extent_of

TODAY = date(2026, 1, 1)


def node(key, *, is_start=False, label=""):
    return Node(key, key.partition(":")[0], "thing", label or key, f"/{key}", is_start=is_start)


def link(source, target, relation="owner", when="", extent=None, record=""):
    return Link(source, target, relation, when, extent, "/x", record=record)


def drawn(nodes, *pairs, **values):
    edges = joined(link(source, target) for source, target in pairs)
    return draw(nodes, edges, right={"claim"}, **values)


@pytest.mark.parametrize(
    ("time", "since", "until", "expected"),
    [
        ("2024-02", "2024-02-10", "2024-02-12", Certainty.POSSIBLE),
        ("2024-02", "2024-01-01", "2024-03-31", Certainty.CERTAIN),
        ("2024-02", "2024-03-01", None, Certainty.IMPOSSIBLE),
        ("2024-02", None, "2024-01-31", Certainty.IMPOSSIBLE),
        ("2024-02-09", "2024-02-09", "2024-02-09", Certainty.CERTAIN),
        (("2021", "2023-05"), "2022-06-01", "2022-06-02", Certainty.CERTAIN),
        (("2021", "2023-05"), "2021-06-01", "2021-06-02", Certainty.POSSIBLE),
        (("2021", "2023-05"), "2023-06-01", None, Certainty.IMPOSSIBLE),
        (("2021-03-01", "ongoing"), "2025-01-01", None, Certainty.CERTAIN),
        (("2021-03-01", "ongoing"), "2026-02-01", None, Certainty.IMPOSSIBLE),
        (("2021-03-01", ""), "2025-01-01", None, Certainty.POSSIBLE),
        (None, "2025-01-01", None, Certainty.POSSIBLE),
        (None, None, None, Certainty.CERTAIN),
        (("2021", ""), None, None, Certainty.CERTAIN),
    ],
)
def test_a_window_of_days_tells_certain_from_possible(time, since, until, expected):
    if isinstance(time, tuple):
        start, end = time
        kind = end if end in {"ongoing", ""} else "dated"
        moment = Period(parse_moment(start), parse_moment(end) if kind == "dated" else None, kind or "unknown")
    else:
        moment = parse_moment(time) if time else None
    days = [date.fromisoformat(day) if day else None for day in (since, until)]

    assert held(extent_of(moment), *days, today=TODAY) is expected


def test_the_world_stands_on_the_left_and_the_argument_on_the_right():
    picture = drawn(
        [node("vessel:a", is_start=True), node("person:b"), node("claim:c"), node("claim:d")],
        ("vessel:a", "person:b"),
        ("claim:c", "vessel:a"),
        ("claim:c", "claim:d"),
    )

    sides = {one.node.key: one.side for one in picture.nodes}
    places = {one.node.key: one.x for one in picture.nodes}
    assert sides == {"vessel:a": MIDDLE, "person:b": LEFT, "claim:c": RIGHT, "claim:d": RIGHT}
    assert places["person:b"] < places["vessel:a"] < places["claim:c"] < places["claim:d"]


def test_every_thing_stands_once_and_no_two_in_one_place():
    keys = [f"person:{number}" for number in range(40)]
    picture = drawn(
        [node("vessel:a", is_start=True), node("vessel:b", is_start=True), *map(node, keys)],
        *(("vessel:a", key) for key in keys),
        *(("vessel:b", key) for key in keys),
    )

    places = [(one.x, one.y) for one in picture.nodes]
    assert len(places) == len(set(places)) == 42
    assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in places)
    assert sum(bool(line.text) for line in picture.edges) == 40


def test_what_nothing_leads_to_starts_a_tree_of_its_own():
    picture = drawn([node("vessel:a", is_start=True), node("person:b"), node("claim:c")], ("person:b", "claim:c"))

    assert {one.node.key: one.side for one in picture.nodes} == {
        "vessel:a": MIDDLE,
        "person:b": MIDDLE,
        "claim:c": RIGHT,
    }
    assert draw([], []) is None


def test_places_that_were_kept_are_taken_and_the_sheet_grows_with_them():
    things = [node("vessel:a", is_start=True), node("person:b")]
    kept = {"person:b": [3000.0, -50.0], "person:gone": [1.0, 1.0]}
    picture = drawn(things, ("vessel:a", "person:b"), kept=kept)

    moved = picture.nodes[1]
    assert (round(moved.x + picture.left, 1), round(moved.y + picture.top, 1)) == (3000.0, -50.0)
    assert picture.width > 3000


def test_links_between_the_same_two_are_one_line_that_says_how_many():
    months = [extent_of(parse_moment(month)) for month in ("2024-03", "2023-01")]
    (edge,) = joined(
        [
            link("a:1", "b:2", "loading", "2024-03", months[0], "x"),
            link("b:2", "a:1", "loading", "2023-01", months[1], "y"),
        ]
    )

    assert edge.words == "loading ×2, 2023-01 … 2024-03"
    assert [one.record for one in edge.links] == ["y", "x"]
    assert edge.is_dashed


@pytest.mark.parametrize(
    ("relations", "words"),
    [
        (["owner"], "owner"),
        (["owner", "owner"], "owner ×2"),
        (["owner", "manager"], "manager / owner ×2"),
        (["a", "b", "c"], "a / b / … ×3"),
    ],
)
def test_the_words_of_a_line_name_two_relations_at_most(relations, words):
    (edge,) = joined(link("a:1", "b:2", relation, record=str(n)) for n, relation in enumerate(relations))

    assert edge.words == words
