"""Reading a case: standing, stances, readiness and changes; the same number of queries whatever it holds."""

import dataclasses

import pytest

from casefiles.cases import actions, selectors
from casefiles.core.moments import parse_moment
from casefiles.evidence.actions.citations import void_citation
from casefiles.evidence.actions.derivations import sign_independence
from casefiles.evidence.actions.grades import grade
from casefiles.evidence.actions.items import set_status, void_item
from casefiles.evidence.models import Item
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def case(lead):
    return make.case(lead)


def only(case, lead):
    (line,) = selectors.claims_with_standing(case, lead)
    return line


# --- Standing ---------------------------------------------------------------------------------------------------------


def test_a_ninth_rewrite_never_changes_the_count(case, lead) -> None:
    claim, report = make.claim(case, lead), make.original(case, lead)
    make.cited(claim, lead, report, *(make.rewrite(case, lead, report) for _copy in range(8)))
    before = only(case, lead)

    make.cited(claim, lead, make.rewrite(case, lead, report))

    after = only(case, lead)
    assert (before.standing, before.origins_count, before.items_count) == ("single_origin", 1, 9)
    assert (after.standing, after.origins_count, after.items_count) == ("single_origin", 1, 10)


def test_two_origins_signed_as_independent_corroborate(case, lead) -> None:
    claim, first, second = make.claim(case, lead), make.original(case, lead), make.original(case, lead)
    make.cited(claim, lead, first, second)
    unsigned = only(case, lead).standing

    sign_independence(first.item, second.item, by=lead, reason="Another satellite.")

    signed = only(case, lead)
    assert unsigned == "single_origin"
    assert (signed.standing, signed.origins_count, signed.items_count) == ("corroborated", 2, 2)


def test_a_contradicting_report_of_recorded_lineage_disputes(case, lead) -> None:
    claim = make.claim(case, lead)
    make.cited(claim, lead, make.original(case, lead))

    make.cited(claim, lead, make.original(case, lead), stance="contradicts")

    line = only(case, lead)
    assert (line.standing, line.items_count) == ("disputed", 1)


def test_a_report_of_unknown_lineage_counts_for_nothing(case, lead) -> None:
    make.cited(make.claim(case, lead), lead, make.report(case, lead))

    line = only(case, lead)
    assert (line.standing, line.origins_count, line.items_count) == ("lineage_not_recorded", 0, 1)


def test_voided_evidence_counts_for_nothing_and_is_marked(case, lead) -> None:
    exhibit = make.original(case, lead)
    make.cited(make.claim(case, lead), lead, exhibit)

    void_item(exhibit.item, by=lead, reason="Forged.")

    line = only(case, lead)
    assert (line.standing, line.items_count, line.citations[0].item_mark) == ("unsupported", 0, "voided")


def test_retracted_evidence_counts_for_nothing(case, lead) -> None:
    exhibit = make.original(case, lead)
    make.cited(make.claim(case, lead), lead, exhibit)

    item = Item.objects.get()
    set_status(item, by=lead, version=item.version, status="retracted", reason="Withdrawn by its publisher.")

    assert only(case, lead).standing == "unsupported"


def test_a_withdrawn_citation_counts_for_nothing(case, lead) -> None:
    citation = make.cited(make.claim(case, lead), lead, make.original(case, lead))

    void_citation(citation, by=lead, reason="Wrong page.")

    assert (only(case, lead).standing, only(case, lead).citations) == ("unsupported", ())


def test_a_decided_outcome_stands_before_everything(case, lead) -> None:
    claim = make.claim(case, lead)
    make.cited(claim, lead, make.original(case, lead))

    actions.set_outcome(claim, by=lead, outcome="refuted", reason="It was another hull.")

    assert only(case, lead).standing == "refuted"


def test_statements_never_add_an_origin_and_never_dispute(case, lead) -> None:
    claim, exhibit = make.claim(case, lead), make.original(case, lead)
    make.cited(claim, lead, exhibit)

    for stance in ("denies", "denies", "says has no information"):
        make.said(case, lead, exhibit, stances={claim: stance})

    line = only(case, lead)
    assert (line.standing, line.origins_count) == ("single_origin", 1)
    assert line.stance_summary == "denied by 2, no information: 1"


def test_the_tree_behind_a_claim_starts_with_its_origins(case, lead) -> None:
    claim, report, unknown = make.claim(case, lead), make.original(case, lead), make.report(case, lead)
    rewrite = make.rewrite(case, lead, report)
    make.cited(claim, lead, make.rewrite(case, lead, rewrite, derivation_kind="translates"), unknown)

    tree = selectors.origins_of(claim, lead)

    (root,) = tree.lines
    (middle,) = root.branches
    (leaf,) = middle.branches
    assert [(line.label, line.kind_label, line.is_cited) for line in (root, middle, leaf)] == [
        ("E-01", "", False),
        ("E-03", "rewrites", False),
        ("E-04", "translates", True),
    ]
    assert [line.label for line in tree.unrecorded] == ["E-02"]


# --- Lines ------------------------------------------------------------------------------------------------------------


def test_a_citation_names_its_exhibit_and_place(case, lead) -> None:
    make.cited(make.claim(case, lead), lead, make.original(case, lead), locator="p. 4")

    assert only(case, lead).citations[0].reference == "E-01 p. 4"


def test_an_exhibit_shows_its_grade_lineage_file_and_citations(case, lead) -> None:
    report = make.original(case, lead)
    exhibit = make.rewrite(case, lead, report, upload=actions.Upload([b"Page."], "page.txt"))
    grade(exhibit.item, by=lead, reliability="B", credibility="3", rationale="A known desk.")
    make.cited(make.claim(case, lead), lead, exhibit)

    _first, line = selectors.exhibits(case, lead)

    assert (line.label, line.grade, line.lineage, line.citations_count) == ("E-02", "B3", "derived", 1)
    assert [(row.kind_label, row.parent_label) for row in line.derivations] == [("rewrites", "E-01")]
    assert [(file.name, file.size_bytes) for file in line.files] == [("page.txt", 5)]


def test_a_removed_exhibit_keeps_its_line_with_the_reason(case, lead) -> None:
    actions.remove_exhibit(make.report(case, lead), by=lead, reason="Not about this ship.")

    (line,) = selectors.exhibits(case, lead)

    assert (line.label, line.is_removed, line.removed_reason) == ("E-01", True, "Not about this ship.")


def test_a_statement_shows_speaker_exhibit_translation_and_stances(case, lead) -> None:
    claim, person = make.claim(case, lead), make.person(lead, name="Office holder")
    make.said(
        case,
        lead,
        make.report(case, lead),
        speaker=person,
        text="모른다",
        language="ko",
        translation="We do not know.",
        said=parse_moment("2024-04-25"),
        stances={claim: "declines to comment"},
    )

    (line,) = selectors.statements_with_stances(case, lead)

    assert (line.label, line.speaker, line.citations[0].reference) == ("S-01", "Office holder", "E-01")
    assert [row.text for row in line.renderings] == ["We do not know."]
    assert [(row.claim_label, row.stance) for row in line.stances] == [("C-01", "declines to comment")]


def test_the_counts_leave_out_what_was_withdrawn(case, lead) -> None:
    actions.void_claim(make.claim(case, lead), by=lead, reason="Twice.")
    make.claim(case, lead)
    actions.finish_task(actions.add_task(case, by=lead, title="Ask"), by=lead)

    numbers = selectors.counts(case, lead)

    assert (numbers.claims, numbers.exhibits, numbers.tasks, numbers.members) == (1, 0, 0, 1)


def test_a_stranger_reads_nothing_of_a_case(case, lead) -> None:
    stranger = make.lead()
    claim, exhibit = make.claim(case, lead), make.original(case, lead)
    make.cited(claim, lead, exhibit)
    make.said(case, lead, exhibit, stances={claim: "denies"})
    actions.add_subject(case, by=lead, vessel=make.vessel(lead))

    found = selectors.case_overview(case, stranger)

    assert (found.claims, found.subjects) == ((), ())
    assert selectors.exhibits(case, stranger) == []
    assert selectors.statements_with_stances(case, stranger) == []
    assert set(dataclasses.astuple(selectors.counts(case, stranger))) == {0}


# --- Readiness and changes --------------------------------------------------------------------------------------------


def readiness(case, lead):
    return [(line.tone, line.text) for line in selectors.readiness(case, lead).lines]


def test_an_empty_case_is_not_ready(case, lead) -> None:
    assert readiness(case, lead) == [("warn", "No claim has been made yet"), ("warn", "No exhibit holds a file")]


def test_what_blocks_comes_first(case, lead) -> None:
    make.cited(make.claim(case, lead), lead, make.original(case, lead, upload=actions.Upload([b"Page."], "p.txt")))
    make.claim(case, lead)
    actions.add_subject(case, by=lead, organisation=make.organisation(lead, name="M Leasing"))

    assert readiness(case, lead) == [
        ("bad", "C-02 has no supporting evidence"),
        ("warn", "C-01 rests on one origin"),
        ("warn", "2 claims are not approved: C-01, C-02"),
        ("warn", "M Leasing was not asked for comment"),
        ("ok", "1 file matches its hash"),
    ]


def test_a_party_that_spoke_was_not_thereby_asked(case, lead) -> None:
    company = make.organisation(lead, name="M Leasing")
    actions.add_subject(case, by=lead, organisation=company)

    make.said(case, lead, make.report(case, lead), organisation=company)

    assert ("warn", "M Leasing was not asked for comment") in readiness(case, lead)


def test_many_claims_of_one_kind_are_counted_not_listed(case, lead) -> None:
    for _claim in range(7):
        make.claim(case, lead)

    assert ("bad", "and 3 more claims likewise") in readiness(case, lead)


def test_changes_are_told_as_sentences(case, lead) -> None:
    claim, exhibit = make.claim(case, lead), make.original(case, lead)
    citation = make.cited(claim, lead, exhibit)
    actions.void_citation(citation, case=case, by=lead, reason="Wrong page.")
    case.refresh_from_db()
    actions.change_case(case, by=lead, version=case.version, status="in review")

    told = [line.sentence for line in selectors.recent_changes(case, lead, limit=5)]

    assert told == [
        "Lead changed the case: status",
        "Lead withdrew the citation of E-01 on C-01",
        "Lead cited E-01 on C-01",
        "Lead added E-01",
        "Lead made claim C-01",
    ]


def test_the_history_of_a_claim_is_told_field_by_field(case, lead) -> None:
    claim = make.claim(case, lead, text="As it was.")
    actions.change_claim(claim, by=lead, version=1, text="As it is.")

    newest = selectors.history_of(case, selectors.ids_of(claim), lead)[0]

    assert [(change.label, change.old, change.new) for change in newest.changes] == [
        ("claim", "As it was.", "As it is.")
    ]


def test_what_happens_to_an_item_in_another_case_is_not_told(case, lead) -> None:
    item = make.original(case, lead).item

    actions.add_exhibit(make.case(lead, title="Hidden"), by=lead, item=item)

    assert len(selectors.recent_changes(case, lead, limit=50)) == 3


# --- Queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "read",
    [
        selectors.claims_with_standing,
        selectors.exhibits,
        selectors.statements_with_stances,
        selectors.case_overview,
        selectors.recent_changes,
        selectors.history_of_case,
        lambda case, user: list(selectors.tasks(case, user)),
        selectors.subjects,
    ],
)
def test_reading_asks_as_often_for_few_rows_as_for_many(case, lead, assert_same_queries, read) -> None:
    report = make.original(case, lead)

    def add_rows(count: int) -> None:
        for _row in range(count):
            claim, exhibit = make.claim(case, lead), make.rewrite(case, lead, report)
            make.cited(claim, lead, exhibit, report)
            make.said(case, lead, exhibit, stances={claim: "denies"}, translation="So.")
            actions.add_task(case, by=lead, title="Ask")
            actions.add_subject(case, by=lead, organisation=make.organisation(lead))

    assert assert_same_queries(lambda: read(case, lead), add_rows) <= 23
