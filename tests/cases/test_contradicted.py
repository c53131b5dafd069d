"""When what a source is cited for was contradicted, and what its page says of it."""

from typing import Any

import pytest
from django.urls import reverse

from casefiles.cases import actions
from casefiles.cases.contradicted import contradicting_items
from casefiles.cases.selectors import contradictions_of
from casefiles.evidence.origins import LineageGraph
from tests import make


def graph(*derived: tuple[str, str], origins: str, dead: str = "") -> LineageGraph[str]:
    """`derived` are pairs of child and parent; what is in neither list has no recorded lineage."""
    parents: dict[str, set[str]] = {}
    for child, parent in derived:
        parents.setdefault(child, set()).add(parent)
    lineage = dict.fromkeys(origins, "origin") | dict.fromkeys(parents, "derived")
    return LineageGraph(parents, lineage, frozenset(dead))


@pytest.mark.parametrize(
    ("said", "contradicting", "known", "expected"),
    [
        ("a", "b", graph(origins="ab"), ["b"]),
        ("a", "", graph(origins="a"), []),
        ("a", "b", graph(origins="a"), []),
        ("a", "b", graph(origins="ab", dead="b"), []),
        ("a", "a", graph(origins="a"), []),
        ("a", "b", graph(("b", "a"), origins="a"), []),
        ("b", "c", graph(("b", "a"), ("c", "a"), origins="a"), []),
        ("a", "c", graph(("c", "a"), ("c", "b"), origins="ab"), ["c"]),
        ("ab", "cd", graph(("d", "b"), origins="abc"), ["c"]),
        ("a", "b", graph(origins="b"), ["b"]),
    ],
    ids=[
        "another origin",
        "nobody",
        "of unknown lineage",
        "voided since",
        "itself",
        "whoever repeats it",
        "two who repeat the same",
        "one who has it from elsewhere too",
        "each by itself",
        "what it said is of unknown lineage",
    ],
)
def test_who_contradicts_what_was_said(
    said: str, contradicting: str, known: LineageGraph[str], expected: list[str]
) -> None:
    assert contradicting_items(set(said), set(contradicting), known) == expected


# --- Of a source ------------------------------------------------------------------------------------------------------


@pytest.fixture
def lead(db: None) -> Any:
    return make.lead()


@pytest.fixture
def case(lead: Any) -> Any:
    return make.case(lead)


def exhibit_of(case: Any, lead: Any, source: Any) -> Any:
    item = make.origin(lead, circle=make.restricted_to(case.compartment), source=source)
    return actions.add_exhibit(case, by=lead, item=item)


@pytest.fixture
def agency(lead: Any, case: Any) -> Any:
    return make.source(lead, circle=make.restricted_to(case.compartment), name="Agency")


@pytest.fixture
def ministry(lead: Any, case: Any) -> Any:
    return make.source(lead, circle=make.restricted_to(case.compartment), name="Ministry")


def claim_on(case: Any, lead: Any, source: Any, *against: Any, text: str = "It sailed.") -> Any:
    claim = make.claim(case, lead, text=text)
    make.cited(claim, lead, exhibit_of(case, lead, source))
    for other in against:
        make.cited(claim, lead, exhibit_of(case, lead, other), stance="contradicts")
    return claim


def counts(source: Any, user: Any) -> tuple[int, int, int]:
    found = contradictions_of(source, user)
    return found.contradicted_count, found.claims_count, found.against_count


def test_a_source_is_told_how_often_others_contradict_it(case: Any, lead: Any, agency: Any, ministry: Any) -> None:
    contradicted = claim_on(case, lead, agency, ministry)
    claim_on(case, lead, agency)
    claim_on(case, lead, agency, agency)

    assert counts(agency, lead) == (1, 3, 1)
    assert counts(ministry, lead) == (0, 0, 1)
    assert [one.claim for one in contradictions_of(agency, lead).shown] == [contradicted]


@pytest.mark.parametrize(("outcome", "expected"), [("refuted", (1, 1, 0)), ("withdrawn", (0, 0, 0))])
def test_a_refuted_claim_counts_and_a_withdrawn_one_does_not(
    case: Any, lead: Any, agency: Any, outcome: str, expected: tuple[int, int, int]
) -> None:
    claim = claim_on(case, lead, agency)
    actions.set_outcome(claim, by=lead, version=claim.version, outcome=outcome, reason="Shown to be otherwise.")

    assert counts(agency, lead) == expected


def test_what_one_may_not_see_is_neither_counted_nor_named(client: Any, case: Any, lead: Any, ministry: Any) -> None:
    """Catches a count over all cases: it would tell that somebody somewhere works on this source."""
    stranger = make.user()
    source = make.source(lead, name="Open agency")
    claim_on(case, lead, source, ministry, text="A secret claim.")
    client.force_login(stranger)

    page = client.get(reverse("workspace:source", args=[source.pk])).content.decode()

    assert "It is cited for no claim that you may see." in page
    assert "A secret claim." not in page and "Ministry" not in page


def test_the_page_names_the_claims_and_who_says_otherwise(
    client: Any, case: Any, lead: Any, agency: Any, ministry: Any
) -> None:
    claim = claim_on(case, lead, agency, ministry, text="It lay at the yard.")
    client.force_login(lead)

    page = client.get(reverse("workspace:source", args=[agency.pk])).content.decode()

    assert "on 1 of 1 claim" in page
    assert claim.get_absolute_url() in page


def test_a_source_asks_as_often_for_few_claims_as_for_many(
    case: Any, lead: Any, agency: Any, ministry: Any, assert_same_queries: Any
) -> None:
    def add_rows(count: int) -> None:
        for _row in range(count):
            claim_on(case, lead, agency, ministry)

    assert assert_same_queries(lambda: contradictions_of(agency, lead), add_rows) <= 6
