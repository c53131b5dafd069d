"""The standing of a claim: the first rule that holds wins, and its sentence says why."""

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.cases.standing import Standing, StandingResult, disputing_items, standing
from casefiles.evidence.origins import DERIVED, NOT_RECORDED, ORIGIN, LineageGraph

# R, S, T: origins. a, b: rewrites of R. c: a rewrite of S. n, m: lineage not recorded. d: derived, parent not recorded.
# V: a voided origin. v: a rewrite of it.
DERIVATIONS = {"a": "R", "b": "R", "c": "S", "v": "V"}
LINEAGE = dict.fromkeys("RSTV", ORIGIN) | dict.fromkeys("abcvd", DERIVED) | dict.fromkeys("nm", NOT_RECORDED)
DEAD = {"V"}
SIGNED = {frozenset("RS")}


def judged(
    supporting: Collection[str],
    contradicting: Collection[str] = "",
    *,
    outcome: str = "held",
    signed: set[frozenset[str]] = SIGNED,
    dead: set[str] = DEAD,
) -> StandingResult:
    graph = LineageGraph(DERIVATIONS, LINEAGE, dead)
    return standing(
        outcome=outcome, contradicting=contradicting, graph=graph, origins=graph.origins(supporting, signed)
    )


@pytest.mark.parametrize(
    ("supporting", "contradicting", "expected", "origins", "items"),
    [
        ("", "", Standing.UNSUPPORTED, 0, 0),
        ("V", "", Standing.UNSUPPORTED, 0, 0),
        ("v", "", Standing.UNSUPPORTED, 0, 0),
        ("Vv", "", Standing.UNSUPPORTED, 0, 0),
        ("n", "", Standing.LINEAGE_NOT_RECORDED, 0, 0),
        ("nmV", "", Standing.LINEAGE_NOT_RECORDED, 0, 0),
        ("d", "", Standing.LINEAGE_NOT_RECORDED, 0, 0),
        ("R", "", Standing.SINGLE_ORIGIN, 1, 1),
        ("abR", "", Standing.SINGLE_ORIGIN, 1, 3),
        ("aT", "", Standing.SINGLE_ORIGIN, 1, 2),
        ("an", "", Standing.SINGLE_ORIGIN, 1, 1),
        ("RS", "", Standing.CORROBORATED, 2, 2),
        ("abc", "", Standing.CORROBORATED, 2, 3),
        ("abcT", "", Standing.CORROBORATED, 2, 4),
        ("RS", "T", Standing.DISPUTED, 2, 2),
        ("R", "a", Standing.DISPUTED, 1, 1),
        ("", "R", Standing.DISPUTED, 0, 0),
        ("n", "R", Standing.DISPUTED, 0, 0),
        ("RS", "d", Standing.DISPUTED, 2, 2),
        ("RS", "n", Standing.CORROBORATED, 2, 2),
        ("RS", "V", Standing.CORROBORATED, 2, 2),
        ("RS", "v", Standing.CORROBORATED, 2, 2),
        ("", "nVv", Standing.UNSUPPORTED, 0, 0),
    ],
)
def test_the_first_rule_that_holds_is_the_standing(
    supporting: str, contradicting: str, expected: Standing, origins: int, items: int
) -> None:
    found = judged(supporting, contradicting)

    assert (found.standing, found.origins_count, found.items_count) == (expected, origins, items)


@pytest.mark.parametrize("outcome", ["withdrawn", "refuted"])
@pytest.mark.parametrize(("supporting", "contradicting"), [("", ""), ("RS", ""), ("RS", "T"), ("n", "")])
def test_what_a_person_decided_comes_before_what_is_counted(outcome: str, supporting: str, contradicting: str) -> None:
    assert judged(supporting, contradicting, outcome=outcome).standing == outcome


def test_an_unknown_outcome_is_refused() -> None:
    with pytest.raises(ValueError, match="held, withdrawn or refuted"):
        judged("RS", outcome="")


def test_two_origins_nobody_signed_are_one_and_the_sentence_says_so() -> None:
    found = judged("RS", signed=set())

    assert (found.standing, found.origins_count) == (Standing.SINGLE_ORIGIN, 1)
    assert "independence not established" in found.sentence


def test_retracting_an_origin_takes_down_what_it_carried() -> None:
    before = judged("abc")
    after = judged("abc", dead={"V", "S"})

    assert (before.standing, after.standing) == (Standing.CORROBORATED, Standing.SINGLE_ORIGIN)
    assert after.sentence == (
        "All 2 items lead back to the same origin. 1 item resting only on voided or retracted ones counts for nothing."
    )


def test_a_retracted_contradiction_no_longer_disputes() -> None:
    assert judged("RS", "T").standing is Standing.DISPUTED
    assert judged("RS", "T", dead={"T"}).standing is Standing.CORROBORATED


def test_a_contradiction_cited_twice_is_one() -> None:
    graph = LineageGraph(DERIVATIONS, LINEAGE, DEAD)

    assert disputing_items(["T", "T", "n", "V", "v", "R"], graph) == ["R", "T"]


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (judged("", outcome="withdrawn"), "The claim was withdrawn; the reason stands with it."),
        (judged("", outcome="refuted"), "The claim was refuted; the reason stands with it."),
        (judged(""), "No item that counts supports this claim."),
        (judged("V"), "No item that counts supports this claim. 1 item voided or retracted since counts for nothing."),
        (judged("n"), "1 item supports this claim, but where it got the information from is not recorded."),
        (judged("nm"), "2 items support this claim, but where they got the information from is not recorded."),
        (judged("R"), "1 item supports this claim, so it has one origin."),
        (judged("ab"), "All 2 items lead back to the same origin."),
        (
            judged("abnm"),
            "All 2 items lead back to the same origin. 2 items of unrecorded lineage count for nothing.",
        ),
        (
            judged("aT"),
            "2 items lead back to 2 origins, independence not established: "
            "nobody has signed that any two of them are independent.",
        ),
        (judged("abc"), "3 items lead back to 2 origins signed as independent of each other."),
        (judged("RST"), "3 items lead back to 3 origins, of which 2 are signed as independent of each other."),
        (
            judged("", "R"),
            "1 item of recorded lineage contradicts this claim, and no item of known origin supports it.",
        ),
        (judged("R", "ST"), "2 items of recorded lineage contradict this claim; 1 item from 1 origin supports it."),
        (
            judged("RS", "T"),
            "1 item of recorded lineage contradicts this claim; 2 items from 2 independent origins support it.",
        ),
        (
            judged("R", "n"),
            "1 item supports this claim, so it has one origin. "
            "1 item contradicting it, but voided, retracted or of unrecorded lineage, counts for nothing.",
        ),
    ],
)
def test_the_sentence_says_why(result: StandingResult, sentence: str) -> None:
    assert result.sentence == sentence


some_items = st.lists(st.sampled_from("RSTVabcvdnm"), max_size=8)


@given(some_items, some_items)
def test_a_ninth_rewrite_never_changes_the_standing(supporting: list[str], contradicting: list[str]) -> None:
    found = judged([*supporting, "R"], contradicting)
    with_rewrites = judged([*supporting, "R", "a", "b"], contradicting)

    assert (with_rewrites.standing, with_rewrites.origins_count) == (found.standing, found.origins_count)


@given(some_items, some_items, st.sampled_from("RSTabcdnm"))
def test_another_contradiction_never_raises_the_standing(
    supporting: list[str], contradicting: list[str], another: str
) -> None:
    ranks = list(Standing)

    before = judged(supporting, contradicting).standing
    after = judged(supporting, [*contradicting, another]).standing

    assert after == before or (after is Standing.DISPUTED and ranks.index(before) > ranks.index(after))


@given(some_items, some_items, st.randoms(use_true_random=False))
def test_the_order_of_citations_never_matters(supporting: list[str], contradicting: list[str], chance) -> None:
    shuffled = chance.sample(supporting, len(supporting)), chance.sample(contradicting, len(contradicting))

    assert judged(*shuffled) == judged(supporting, contradicting)
