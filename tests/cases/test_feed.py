"""What happened: by day and person, narrowed, leading to its record, and nothing of what its reader may not see."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse

from casefiles.audit import actions as audit
from casefiles.cases import actions as cases
from casefiles.cases import selectors
from casefiles.cases.models import Case
from casefiles.cases.selectors.changes import ChangeLine
from casefiles.cases.selectors.feed import KINDS, TOLD_KINDS
from casefiles.evidence.models import Item
from tests import make

ANNA, BERT = (uuid.uuid5(uuid.NAMESPACE_DNS, name) for name in ("anna", "bert"))


def line(actor, day, hour):
    at = datetime.datetime(2024, 3, day, hour, tzinfo=datetime.UTC)
    return ChangeLine(at=at, who="", sentence="", note="", is_addition=False, actor_id=actor)


@pytest.fixture
def lead(db):
    return make.lead("lead")


@pytest.fixture
def researcher(db):
    return make.user("researcher")


@pytest.fixture
def case(lead, researcher):
    return make.case(lead, members={researcher: "researcher"}, title="Ours")


def at(name, case, *args):
    return reverse(f"cases:{name}", args=[case.pk, *args])


def acts(client, person, case, **query):
    client.force_login(person)
    page = client.get(at("history", case), query)
    assert page.status_code == 200, query
    return [line for day in page.context["days"] for run in day.runs for line in run.lines]


def sentences(client, person, case, **query):
    return [line.sentence for line in acts(client, person, case, **query)]


def happened(user):
    return [line.sentence for line in selectors.happened_in_cases(Case.objects.visible_to(user), user, limit=50)]


# --- By day and person --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], []),
        ([(ANNA, 2, 9), (ANNA, 2, 8), (BERT, 2, 7), (ANNA, 2, 6)], [(2, [2, 1, 1])]),
        ([(ANNA, 3, 0), (ANNA, 2, 23)], [(3, [1]), (2, [1])]),
        ([(None, 2, 9), (None, 2, 8), (ANNA, 2, 8)], [(2, [2, 1])]),
    ],
)
def test_acts_are_told_by_day_and_by_what_one_did_in_a_row(lines, told) -> None:
    days = selectors.by_day(line(*one) for one in lines)

    assert [(day.date.day, [len(run.lines) for run in day.runs]) for day in days] == told


def test_a_long_run_is_folded() -> None:
    run = selectors.by_day(line(ANNA, 2, 9) for _number in range(15))[0].runs[0]

    assert (len(run.open_lines), len(run.folded_lines)) == (12, 3)


def test_every_kind_that_is_told_can_be_asked_for() -> None:
    assert {kind for _label, kinds in KINDS.values() for kind in kinds} >= TOLD_KINDS


# --- The history of a case ----------------------------------------------------------------------------------------


def test_the_history_is_narrowed_by_person_and_by_kind(client, case, lead, researcher) -> None:
    make.claim(case, lead)
    cases.add_task(case, by=researcher, title="Ask")
    cases.remove_member(case, by=lead, member=case.compartment.memberships.get(user=researcher))

    def told(**query):
        return sentences(client, lead, case, **query)

    assert told(who=str(researcher.pk)) == ["Researcher added task T-01"]
    assert told(what="task") == ["Researcher added task T-01"]
    assert told(what="claim", who=str(lead.pk)) == ["Lead made claim C-01"]
    assert told(what="claim", who=str(researcher.pk)) == []
    assert len(told(what="membership")) == 3


@pytest.mark.parametrize(
    "query", [{"who": str(ANNA)}, {"who": "x"}, {"what": "cases.claim"}], ids=["nobody", "x", "kind"]
)
def test_an_unknown_person_or_kind_is_not_found(client, case, lead, query) -> None:
    stranger = make.user("stranger")
    client.force_login(lead)

    assert client.get(at("history", case), query).status_code == 404
    assert client.get(at("history", case), {"who": str(stranger.pk)}).status_code == 404


def test_filters_are_kept_from_page_to_page(client, case, lead) -> None:
    for _number in range(101):
        cases.plan_claim(case, by=lead, asks="Why?")
    client.force_login(lead)

    first = client.get(at("history", case), {"what": "claim"})
    older = re.search(r'href="\?(what=claim&amp;older=[^"]+)"', first.content.decode())[1].replace("&amp;", "&")

    assert len(first.context["page"].lines) == 100
    assert [line.sentence for line in client.get(f"{at('history', case)}?{older}").context["page"].lines] == [
        "Lead planned a claim: Why?"
    ]


def test_each_act_leads_to_a_page_that_its_reader_may_open(client, case, lead, researcher) -> None:
    exhibit, claim = make.original(case, lead), make.claim(case, lead)
    make.cited(claim, lead, exhibit)
    make.said(case, lead, exhibit, stances={claim: "denies"})
    cases.add_subject(case, by=lead, organisation=make.organisation(lead))
    cases.add_task(case, by=lead, title="Ask")
    cases.add_comment(case, by=lead, about=claim, body="Is it?")
    cases.plan_claim(case, by=lead, asks="Why?")
    cases.add_lookup(case, by=lead, searched="x", result="cloud")
    cases.add_hypothesis(case, by=lead, text="It was another.")
    cases.ask_for_review(case, by=lead, claims=[claim])

    lines = acts(client, researcher, case)

    assert len(lines) >= 15
    for url in {line.url for line in lines}:
        assert client.get(url, follow=True).status_code == 200, url


def test_what_was_narrowed_away_from_a_reader_is_absent_with_its_count(client, case, lead, researcher) -> None:
    exhibit, claim = make.original(case, lead), make.claim(case, lead)
    before = sentences(client, researcher, case)
    make.cited(claim, lead, exhibit)
    seen = sentences(client, researcher, case)
    # Nothing in the pages leads here: an item that a case cites keeps its readers. The rule holds all the same.
    Item._base_manager.get(pk=exhibit.item_id).compartments.clear()

    assert (len(seen), "Lead cited E-01 on C-01" in seen) == (len(before) + 1, True)
    assert sentences(client, researcher, case) == before
    assert happened(researcher) == before


# --- The first page -----------------------------------------------------------------------------------------------


def test_the_first_page_tells_of_all_ones_cases_and_of_no_other(client, case, lead, researcher) -> None:
    second = make.case(lead, members={researcher: "viewer"}, title="Ours too")
    hidden = make.case(lead, title="Hidden")
    for one in (case, second, hidden):
        make.claim(one, lead)
    client.force_login(researcher)

    days = client.get(reverse("workspace:home")).context["home"].happened
    lines = [line for day in days for run in day.runs for line in run.lines]

    assert {line.case for line in lines} == {case, second}
    assert [line.sentence for line in lines].count("Lead made claim C-01") == 2
    assert {line.url for line in lines if "C-01" in line.sentence} == {
        at("claim", claim.case, claim.pk) for claim in (*case.claims.all(), *second.claims.all())
    }


def test_what_happens_elsewhere_pushes_nothing_out_of_the_first_page(case, lead, researcher) -> None:
    make.claim(case, lead, text="Before.")
    told = happened(researcher)
    elsewhere = make.case(lead, title="Hidden")
    with audit.unit():
        for _number in range(600):
            audit.record(
                by=lead,
                act="changed",
                kind="cases.case",
                record_id=elsewhere.pk,
                compartments=[elsewhere.compartment_id],
            )

    assert told
    assert happened(researcher) == told


def test_a_sealed_verdict_is_told_nowhere(client, case, lead, researcher) -> None:
    claim = make.claim(case, lead)
    editors = [make.user(name) for name in ("first", "second")]
    for editor in editors:
        cases.add_member(case, by=lead, username=editor.username, role="editor")
    review = cases.ask_for_review(case, by=lead, claims=[claim], is_blind=True)
    before = happened(researcher)
    cases.give_verdict(review=review, claim=claim, by=editors[0], verdict="approved")

    assert happened(researcher) == before
    cases.give_verdict(review=review, claim=claim, by=editors[1], verdict="approved")
    assert len(happened(researcher)) > len(before) + 1


def test_few_acts_and_many_cost_the_same(client, case, lead, assert_same_queries) -> None:
    client.force_login(lead)

    def grow(count: int) -> None:
        for _number in range(count):
            exhibit, claim = make.original(case, lead), make.claim(case, lead)
            make.cited(claim, lead, exhibit)
            cases.add_comment(case, by=lead, about=claim, body="Is it?")

    assert_same_queries(lambda: client.get(at("history", case)), grow)
    assert_same_queries(lambda: client.get(reverse("workspace:home")), grow)
