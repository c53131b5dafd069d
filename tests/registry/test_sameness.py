"""Which anchors are one: the pure rule, by tables and for any judgements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.registry.sameness import DIFFERENT, SAME, UNSURE, Said, resolve

VERDICTS = {"=": SAME, "!": DIFFERENT, "?": UNSURE}


def said(*pairs):
    """Read "A=B" (of which the first stands), "A!B" and "A?B"."""
    return [Said(a, b, VERDICTS[sign], standing=a if sign == "=" else None) for a, sign, b in pairs]


@pytest.mark.parametrize(
    ("pairs", "numbers", "members", "standing"),
    [
        ((), {}, "A", "A"),
        (("A=B",), {}, "AB", "A"),
        (("B=A",), {}, "AB", "B"),
        (("A?B",), {}, "A", "A"),
        (("A!B",), {}, "A", "A"),
        (("A=B", "B=C"), {}, "ABC", "A"),
        (("C=B", "B=A"), {}, "ABC", "C"),
        # Nobody yields: whoever sorts first, but for one with an official number.
        (("B=A", "C=A"), {}, "ABC", "B"),
        (("B=A", "C=A"), {"C": "9179842"}, "ABC", "C"),
        # Everybody yields to somebody.
        (("A=B", "B=C", "C=A"), {}, "ABC", "A"),
        (("A=B", "B=C", "C=A"), {"B": "9179842"}, "ABC", "B"),
        # What is told of others says nothing of this one.
        (("B=C", "C!D"), {}, "A", "A"),
        (("A=B", "B!D", "C=D"), {}, "AB", "A"),
        (("A=B", "A=B"), {"A": "1", "C": "2"}, "AB", "A"),
    ],
)
def test_a_group_is_what_judgements_of_the_same_join(pairs, numbers, members, standing):
    group = resolve("A", said(*pairs), numbers=numbers)

    assert ("".join(group.members), group.standing, group.is_disputed) == (members, standing, False)


@pytest.mark.parametrize(
    ("pairs", "numbers", "against"),
    [
        (("A=B", "A!B"), {}, 1),
        (("A=B", "B=C", "A!C"), {}, 1),
        (("A=B", "B=C", "C=D", "B!D", "A!D"), {}, 2),
        (("A=B", "B=C"), {"A": "9179842", "C": "9179854"}, 0),
    ],
)
def test_a_group_that_contradicts_itself_is_disputed_seen_from_each_of_it(pairs, numbers, against):
    groups = [
        resolve(key, said(*pairs), numbers=numbers) for key in {key for pair in pairs for key in (pair[0], pair[2])}
    ]

    assert {(group.is_disputed, len(group.against)) for group in groups} == {(True, against)}


KEYS = st.sampled_from("ABCDEF")
JUDGEMENTS = st.lists(
    st.builds(
        lambda pair, verdict: Said(pair[0], pair[1], verdict, standing=pair[0] if verdict == SAME else None),
        st.tuples(KEYS, KEYS).filter(lambda pair: pair[0] != pair[1]),
        st.sampled_from([SAME, DIFFERENT, UNSURE]),
    ),
    max_size=8,
)
NUMBERS = st.dictionaries(KEYS, st.sampled_from(["1", "2"]), max_size=3)


def pictures(judgements, numbers):
    return {key: resolve(key, judgements, numbers=numbers) for key in "ABCDEF"}


@given(JUDGEMENTS, NUMBERS, st.randoms(use_true_random=False))
def test_groups_part_the_anchors_and_everybody_in_one_agrees_in_whatever_order_they_were_judged(
    judgements, numbers, random
):
    shuffled = random.sample(judgements, len(judgements))
    groups = pictures(judgements, numbers)

    for key, group in groups.items():
        assert key in group.members and group.standing in group.members
        for member in group.members:
            other = groups[member]
            assert (other.members, other.standing, other.is_disputed) == (
                group.members, group.standing, group.is_disputed,
            )  # fmt: skip
        again = resolve(key, shuffled, numbers=numbers)
        assert (again.members, again.standing, again.is_disputed) == (group.members, group.standing, group.is_disputed)


@given(JUDGEMENTS, NUMBERS, JUDGEMENTS)
def test_what_is_judged_of_others_and_taken_back_leaves_every_group_as_it_was(judgements, numbers, later):
    """Judging adds rows and voiding takes them out: a group never remembers what is no longer said."""
    before = pictures(judgements, numbers)

    held = [*judgements, *later]
    pictures(held, numbers)
    del held[len(judgements) :]

    assert pictures(held, numbers) == before


@given(JUDGEMENTS, NUMBERS)
def test_another_judgement_of_the_same_never_parts_what_was_one(judgements, numbers):
    before = pictures(judgements, numbers)
    after = pictures([*judgements, Said("A", "B", SAME, standing="A")], numbers)

    assert all(set(before[key].members) <= set(after[key].members) for key in before)
