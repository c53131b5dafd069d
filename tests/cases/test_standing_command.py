"""`standing`: what a claim's page says of how it stands, on the terminal."""

import json
from typing import Any

import pytest
from django.core.management import call_command

from casefiles.cases.models import Case
from casefiles.cases.selectors import claim_with_standing
from casefiles.evidence.actions.derivations import sign_independence
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Any:
    return make.lead("lead")


@pytest.fixture
def case(lead: Any) -> Case:
    """Three claims: on a report and its rewrite, on two that are signed as independent, and on nothing."""
    case = make.case(lead)
    first, second = make.original(case, lead, title="The agency's report"), make.original(case, lead, title="Снимок")
    rewrite = make.rewrite(case, lead, first)
    make.cited(make.claim(case, lead), lead, first, rewrite)
    sign_independence(first.item, second.item, by=lead, reason="Different witnesses.")
    make.cited(make.claim(case, lead), lead, first, second)
    make.claim(case, lead)
    return case


@pytest.fixture
def run(capsys: Any) -> Any:
    def run(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = 0
        try:
            call_command("standing", *arguments, "--json")
        except SystemExit as ended:
            code = int(str(ended.code))
        return code, json.loads(capsys.readouterr().out)

    return run


def test_each_claim_is_told_with_its_origins_roots_and_reason(run, case, lead):
    code, report = run(case.reference.lower())

    assert (code, report["result"], report["as_read_by"]) == (1, "findings", "lead")
    assert [
        (one["claim"], one["standing"], one["independent_origins"], [root["exhibit"] for root in one["roots"]])
        for one in report["claims"]
    ] == [
        ("C-01", "single_origin", 1, ["E-01"]),
        ("C-02", "corroborated", 2, ["E-01", "E-02"]),
        ("C-03", "unsupported", 0, []),
    ]
    for claim, told in zip(case.claims.order_by("number"), report["claims"], strict=True):
        line = claim_with_standing(claim, lead)
        assert (told["id"], told["reason"]) == (str(claim.pk), line.sentence)
    assert {root["title"] for root in report["claims"][1]["roots"]} == {"The agency's report", "Снимок"}


@pytest.mark.parametrize("named", ["C-02", "c-2", "2", "id"])
def test_one_claim_is_asked_for_by_number_or_id(run, case, named):
    claim = case.claims.get(number=2)
    code, report = run(str(case.pk), str(claim.pk) if named == "id" else named)

    assert code == 0
    assert [one["claim"] for one in report["claims"]] == ["C-02"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["CF-NONE0"], "There is no such case, or nobody leads it: say with --by who reads it."),
        (["{case}", "--by", "stranger"], "There is no such case for this account."),
        (["CF-NONE0", "--by", "stranger"], "There is no such case for this account."),
        (["{case}", "--by", "nobody"], "There is no active account of that name."),
        (["{case}", "C-09"], "There is no such claim in this case."),
        (["{case}", "the first"], "A claim is named by its number, such as C-01, or by its id."),
    ],
)
def test_what_is_not_there_could_not_run(run, case, arguments, reason):
    make.lead("stranger")
    code, report = run(*(one.format(case=case.reference) for one in arguments))

    assert (code, report) == (2, {"result": "could not run", "reason": reason})


def test_a_case_without_claims_has_nothing_to_check(run, lead):
    assert run(make.case(lead).reference)[1]["result"] == "nothing to check"


def test_words_say_the_same(case, capsys):
    with pytest.raises(SystemExit):
        call_command("standing", case.reference)

    out = capsys.readouterr().out
    assert "C-01: single origin, independent origins 1. All 2 items lead back to the same origin. Roots: E-01" in out
