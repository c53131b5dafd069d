"""Summaries that cite by number: which sentences cite nothing, what a number leads to, and what is offered for one."""

import json
import time

import pytest
from django.urls import reverse

from casefiles.cases import actions as cases
from casefiles.cases import selectors
from casefiles.cases.cited_sentences import Fault, check_references, is_assertion, labels_in, sentences
from casefiles.cases.selectors.references import given_labels, labels_of_items
from casefiles.dossiers.content import build
from casefiles.dossiers.selectors import collect
from casefiles.evidence.actions import grades, items
from tests import make

pytestmark = pytest.mark.django_db
HELD = {"E-01": True, "E-03": True, "C-01": True, "C-02": False, "S-01": True}


# --- Pure rules ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("It sailed. It came back.", ["It sailed.", "It came back."]),
        ("It sailed. [[E-03]] It came back [E-01].", ["It sailed. [[E-03]]", "It came back [E-01]."]),
        ("“It sailed.” [[S-01]] [[E-01]] So it went!", ["“It sailed.” [[S-01]] [[E-01]]", "So it went!"]),
        ("Call No. 5 on 5 Dec. 2024 of the U.S. list.", ["Call No. 5 on 5 Dec. 2024 of the U.S. list."]),
        ("He said no. Then he left in Dec. Dr. A. B. Smith stayed.",
         ["He said no.", "Then he left in Dec.", "Dr. A. B. Smith stayed."]),
        ("It lay there… and then sailed.", ["It lay there… and then sailed."]),
        ("船舶停靠在舟山。它没有离开[[E-01]]。谁知道？", ["船舶停靠在舟山。", "它没有离开[[E-01]]。", "谁知道？"]),
        ("他说：“没有。”然后走了。", ["他说：“没有。”", "然后走了。"]),
        ("배는 저우산에 있었다. 그 후 떠났다 [[S-01]].", ["배는 저우산에 있었다.", "그 후 떠났다 [[S-01]]."]),
        ("Он стоял в 2024 г. Потом ушёл. В г. Чжоушань тихо.",
         ["Он стоял в 2024 г.", "Потом ушёл.", "В г. Чжоушань тихо."]),
        ("كانت السفينة هناك؟ غادرت لاحقا.", ["كانت السفينة هناك؟", "غادرت لاحقا."]),
        ("# A heading\nThe body is here.\n\nTitle words\n---\nMore body.", ["The body is here.", "More body."]),
        ("- one thing\n- another thing\n  goes on\n1. a third", ["one thing", "another thing goes on", "a third"]),
        ("> quoted words here", ["quoted words here"]),
        ("```\ncode. Code.\n```\nWords after code.", ["Words after code."]),
        ("```\nnever closed. Code.", []),
        ("| ship | flag |\n|---|---|\n| Angara | Russia [[E-01]] |", ["ship | flag", "Angara | Russia [[E-01]]"]),
    ],
)  # fmt: skip
def test_sentences_are_told_apart_in_many_scripts(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("It sailed.", True), ("Who was aboard?", False), ("谁在船上？", False), ("船在港口。", True), ("是。", False),
        ("Sources disagree on:", False), ("[[E-03]]", False), ("Overview", False), ("**It sailed.**", True),
        ("“Who sailed?” [[S-01]]", False), ("Он ушёл.", True), ("배가 떠났다.", True),
    ],
)  # fmt: skip
def test_questions_lead_ins_and_bare_references_assert_nothing(sentence, answer):
    assert is_assertion(sentence) is answer


def test_what_cites_nothing_and_what_leads_nowhere_is_named_in_order():
    text = "It sailed [[E-01 p.4]]. It came back. So it is said [[C-02]] [[E-09]] [[V-01]]. Did it? [[C-02]]"

    found = [(one.fault, one.label) for one in check_references(text, HELD)]

    assert found == [
        (Fault.UNCITED, ""), (Fault.VOIDED, "C-02"), (Fault.UNKNOWN, "E-09"), (Fault.UNKNOWN, "V-01"),
        (Fault.VOIDED, "C-02"),
    ]  # fmt: skip
    assert labels_in(text) == ["E-01", "C-02", "E-09", "V-01"]


# --- Reading ------------------------------------------------------------------------------------------------------


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def case(lead):
    return make.case(lead)


@pytest.fixture
def exhibit(case, lead):
    return make.original(case, lead, title="A report on the yard")


@pytest.fixture
def claim(case, lead, exhibit):
    made = make.claim(case, lead, text="The ship lay at the yard.")
    make.cited(made, lead, exhibit, locator="p. 4", quote="lay at the yard")
    return made


@pytest.mark.parametrize("text", [" " * 20_000 + "x", "." * 20_000 + "x", "| " * 10_000 + "x", "- " * 10_000 + "x"])
def test_a_line_made_to_be_tried_in_every_way_is_read_at_once(text):
    started = time.process_time()

    sentences(text)

    assert time.process_time() - started < 2


@pytest.fixture
def said(case, lead, exhibit, claim):
    return make.said(case, lead, exhibit, text="We know nothing of a yard.", stances={claim: "denies"})


def write(case, lead, summary):
    cases.change_case(case, by=lead, version=case.version, summary=summary)


def test_every_number_is_held_and_those_taken_out_are_known_as_such(case, lead, exhibit, claim, said):
    cases.void_claim(make.claim(case, lead), by=lead, reason="Twice.")

    given = given_labels(case, lead)

    assert [one[:2] for one in given] == [("C-01", True), ("C-02", False), ("E-01", True), ("S-01", True)]
    assert labels_of_items(given) == {exhibit.item_id: "E-01"}
    assert given_labels(case, make.user()) == []


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("", ["C-01", "C-02", "E-01", "S-01"]), ("C", ["C-01", "C-02"]), ("c-2", ["C-02"]), ("E-01", ["E-01"]),
        ("s", ["S-01"]), ("2", ["C-02"]), ("yard", ["C-01", "E-01", "S-01"]), ("nothing of", ["S-01"]),
        ("E-9", []), ("C-0", ["C-01", "C-02"]), ("[[", []),
    ],
)  # fmt: skip
def test_numbers_and_words_find_what_may_be_cited(case, lead, exhibit, claim, said, typed, labels):
    make.claim(case, lead, text="It sailed on.")
    cases.void_claim(make.claim(case, lead, text="Yard again."), by=lead, reason="Twice.")

    assert [one.label for one in selectors.offered_references(case, lead, typed)] == labels
    assert selectors.offered_references(case, make.user(), typed) == []


def test_a_preview_says_in_few_words_what_stands_behind_a_reference(case, lead, exhibit, claim, said):
    grades.grade(exhibit.item, by=lead, reliability="B", credibility="2", rationale="Looked at.")
    other = make.claim(case, lead)
    make.cited(other, lead, exhibit, locator="p. 7", quote="another place")

    def shown(label, locator=""):
        found = selectors.preview_of(case, lead, label, locator)
        return (found.text, found.standing, found.quote) if found else None

    assert shown("C-01") == ("The ship lay at the yard.", "Single origin", "lay at the yard")
    assert shown("E-01") == ("A report on the yard", "graded B2", "lay at the yard")
    assert shown("E-01", "p.7") == ("A report on the yard", "graded B2", "another place")
    assert shown("S-01") == ("A spokesperson", "denies: C-01", "We know nothing of a yard.")
    items.set_status(exhibit.item, by=lead, version=exhibit.item.version, status="retracted", reason="Taken back.")
    assert shown("E-01")[1] == "retracted, graded B2"
    cases.void_claim(other, by=lead, reason="Twice.")
    assert shown("C-02")[1] == "Taken out of the case"
    for nothing in ("C-09", "E-09", "S-09", "V-01", "words", ""):
        assert shown(nothing) is None
    assert selectors.preview_of(case, make.user(), "C-01") is None


def test_an_exhibit_that_nobody_cites_or_grades_says_so(case, lead, exhibit):
    found = selectors.preview_of(case, lead, "E-01")

    assert (found.standing, found.quote, found.url) == ("not graded", "", exhibit.get_absolute_url())


# --- Pages --------------------------------------------------------------------------------------------------------


def test_the_summary_is_read_on_opening_on_typing_and_on_saving(client, case, lead, exhibit):
    write(case, lead, "It sailed. It came back [[E-01]].")
    client.force_login(lead)
    address = reverse("cases:case_edit", args=[case.pk])

    page = client.get(address)
    typed = client.post(page.context["check_url"], {"summary": "It sailed [[E-01]]. It left [[E-07]]."})
    nothing = client.post(page.context["check_url"], {"summary": "It sailed [[E-01]].\x00"})
    values = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    sent = {**values, "summary": "It left [[E-07]]. It lay there. It sank.", "base": page.context["base_token"]}
    saved = client.post(address, sent, follow=True)

    assert page.context["summary_note"]["lines"] == ["Cites nothing: “It sailed.”"]
    assert "Cites nothing: “It sailed.”" in page.content.decode()
    assert json.loads(typed.content) == {
        "sentence": "1 reference leads nowhere",
        "lines": ["E-07 is no number of this case: “It left [[E-07]].”"],
    }
    assert json.loads(nothing.content) == {"sentence": "", "lines": []}
    assert "Look at the summary: 2 sentences cite nothing; 1 reference leads nowhere." in saved.content.decode()


def test_a_long_list_of_findings_is_cut_and_counted(client, case, lead):
    client.force_login(lead)
    text = " ".join(f"It sailed {'on ' * 80}once more." for _turn in range(25))

    answer = json.loads(client.post(reverse("cases:summary_check", args=[case.pk]), {"summary": text}).content)

    assert (answer["sentence"], len(answer["lines"]), answer["lines"][-1]) == (
        "25 sentences cite nothing",
        21,
        "and 5 more",
    )
    assert answer["lines"][0].endswith("…”")


def test_references_are_offered_and_previewed_to_the_circle_alone(client, case, lead, exhibit, claim):
    reader = make.user("reader")
    make.member(case, reader, "viewer")
    offers, preview, check = (
        reverse(f"cases:{name}", args=[case.pk]) for name in ("references", "reference_preview", "summary_check")
    )

    client.force_login(reader)
    assert [one["label"] for one in client.get(offers, {"q": "C\x00"}).json()["results"]] == ["C-01"]
    assert client.get(preview, {"of": "E-01 p. 4"}).json()["quote"] == "lay at the yard"
    assert client.get(preview, {"of": "E-09"}).status_code == 404
    assert (client.post(check, {"summary": "x"}).status_code, client.get(check).status_code) == (200, 405)
    assert preview in client.get(reverse("cases:case", args=[case.pk])).content.decode() or not case.summary
    client.force_login(make.user())
    for address in (offers, preview):
        assert client.get(address, {"q": "C", "of": "C-01"}).status_code == 404


def test_readiness_and_the_dossier_name_what_the_summary_leaves_open(case, lead, exhibit, claim):
    write(case, lead, "# Where it lay\n\nIt lay at the yard. Did it sail? It did [[C-01]], as all say [[C-04]].")

    found = collect(case, lead)
    method = build(found, frozen_at=case.created_at)["method"]

    assert "Summary: 1 sentence cites nothing; 1 reference leads nowhere" in method["open_points"]
    assert method["summary"] == [
        "Cites nothing: “It lay at the yard.”",
        "C-04 is no number of this case: “It did [[C-01]], as all say [[C-04]].”",
    ]
