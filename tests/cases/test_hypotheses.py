"""Competing hypotheses: scored by what speaks against them, weighted by grade, each analyst rating by themselves."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.cases import actions as cases
from casefiles.cases import selectors
from casefiles.cases.actions.hypotheses import CLAIMS_AT_MOST, HYPOTHESES_AT_MOST, Rated
from casefiles.cases.competing import (
    MARKS,
    Fit,
    Strength,
    claim_weight,
    discriminates,
    grade_weight,
    is_apart,
    score,
)
from casefiles.cases.models import FitChoice, Hypothesis, Rating, RatingSheet, StrengthChoice, WeighedClaim
from casefiles.cases.selectors.hypotheses import Shown
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence.actions import grades, items
from casefiles.search.documents import INDEXED
from casefiles.workspace.actions import take_back_addition, take_back_change
from tests import make

pytestmark = pytest.mark.django_db


def marks(codes):
    """Return marks from "I II – C"; "–" is not rated."""
    return [MARKS.get(code) for code in codes.split()]


# --- Pure rules ---------------------------------------------------------------------------------------------------


def test_the_words_of_the_rule_are_those_that_are_stored():
    assert ({str(one) for one in Fit}, {str(one) for one in Strength}) == (
        set(FitChoice.values),
        set(StrengthChoice.values),
    )
    assert [mark.code for mark in MARKS.values()] == list(MARKS)


@pytest.mark.parametrize(
    ("grade", "weight"),
    [("A1", 1), ("B2", 0.64), ("C3", 0.36), ("A5", 0.2), ("E5", 0.04), ("F1", None), ("A6", None), ("F6", None)],
)
def test_an_item_weighs_the_product_of_its_two_grades_and_f_and_6_weigh_nothing_at_all(grade, weight):
    assert grade_weight(*grade) == weight


@pytest.mark.parametrize(
    ("held", "weight"),
    [("", None), ("F6", None), ("E5 B2 C3", 0.64), ("F6 E5", 0.04), ("B2 B2 B2", 0.64)],
)
def test_a_claim_weighs_as_much_as_its_heaviest_item_and_repeating_adds_nothing(held, weight):
    assert claim_weight((one[0], one[1]) for one in held.split()) == weight


@pytest.mark.parametrize(
    ("codes", "weights", "words", "against", "unweighed", "unrated"),
    [
        ("", [], "0.00", 0, 0, 0),
        ("CC C N/A", [1, 1, None], "0.00", 0, 0, 0),
        ("I II", [0.64, 0.36], "1.36", 2, 0, 0),
        ("I II –", [0.64, None, 1], "0.64–2.64", 2, 1, 1),
        ("II", [None], "0.00–2.00", 1, 1, 0),
        ("– –", [1, None], "0.00", 0, 0, 2),
    ],
)
def test_only_what_is_inconsistent_counts_and_what_cannot_be_judged_makes_a_range(
    codes, weights, words, against, unweighed, unrated
):
    found = score(zip(marks(codes), weights, strict=True))

    assert (found.words, found.against_count, found.unweighed_count, found.unrated_count) == (
        words, against, unweighed, unrated
    )  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from([None, *MARKS.values()]), st.sampled_from([None, 0.04, 0.64, 1.0]))))
def test_one_more_claim_never_speaks_less_against_a_hypothesis(cells):
    less, more = score(cells), score([*cells, (MARKS["I"], 0.2)])

    assert less.low < more.low
    assert less.high < more.high
    assert less.low <= less.high


@pytest.mark.parametrize(
    ("codes", "answer"),
    [("", None), ("II", None), ("I I", False), ("II II II", False), ("N/A N/A", False), ("C CC", True), ("I C", True),
     ("I –", None), ("C C II", True)],
)  # fmt: skip
def test_a_claim_that_is_alike_in_every_column_does_not_discriminate(codes, answer):
    assert discriminates(marks(codes)) is answer


@pytest.mark.parametrize(
    ("codes", "answer"), [("", False), ("I", False), ("I II", False), ("C I", True), ("N/A C", True), ("– I", False)]
)
def test_analysts_disagree_on_how_a_claim_fits_and_not_on_how_strongly(codes, answer):
    assert is_apart(marks(codes)) is answer


# --- Actions ------------------------------------------------------------------------------------------------------


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def other():
    return make.user("other")


@pytest.fixture
def case(lead, other):
    return make.case(lead, members={other: "researcher"})


@pytest.fixture
def pair(case, lead):
    """Two hypotheses."""
    return [cases.add_hypothesis(case, by=lead, text=f"The ship {did}.") for did in ("unloaded arms", "was repaired")]


@pytest.fixture
def claim(case, lead):
    made = make.claim(case, lead, text="The ship lay at the yard from 9 February 2024.")
    cases.weigh_claim(case, by=lead, claim=made)
    return made


def graded(claim, lead, grade):
    """Cite an item of some grade for the claim and return its exhibit."""
    exhibit = make.original(claim.case, lead)
    grades.grade(exhibit.item, by=lead, reliability=grade[0], credibility=grade[1], rationale="Looked at.")
    make.cited(claim, lead, exhibit)
    return exhibit


def rate(case, by, claim, pair, codes, version=0, why=""):
    rated = {(one, claim): Rated(code, why) for one, code in zip(pair, codes.split(), strict=True)}
    return cases.rate(case, by=by, cells=rated, version=version)


def test_hypotheses_are_numbered_changed_and_taken_out_and_a_number_is_never_given_again(case, lead, pair):
    cases.change_hypothesis(pair[0], by=lead, version=1, text="The ship loaded arms.", note="As an outlet has it.")
    cases.void_hypothesis(pair[1], by=lead, reason="Nobody says so.")
    third = cases.add_hypothesis(case, by=lead, text="It never called there.")

    assert [one.label for one in selectors.numbered_hypotheses(case, lead)] == ["H-01", "H-03"]
    assert str(third) == "H-03 It never called there."
    assert Hypothesis.objects.matching("H-3").get() == Hypothesis.objects.matching("never called").get() == third
    with pytest.raises(StaleVersion):
        cases.change_hypothesis(pair[0], by=lead, version=1, text="Mine.")
    document = INDEXED["cases.hypothesis"].describe(Hypothesis.objects.get(number=1))
    assert document.texts == ("The ship loaded arms.", "As an outlet has it.")


def test_a_case_weighs_no_more_than_one_form_can_hold(case, lead):
    for _turn in range(HYPOTHESES_AT_MOST):
        cases.add_hypothesis(case, by=lead, text="One of many.")
    claims = [make.claim(case, lead) for _turn in range(CLAIMS_AT_MOST + 1)]

    with pytest.raises(Refused):
        cases.add_hypothesis(case, by=lead, text="One too many.")
    with pytest.raises(Refused) as refused:
        cases.weigh_claims(case, by=lead, chosen=claims)
    cases.weigh_claims(case, by=lead, chosen=claims[1:])

    assert refused.value.field == "claims"
    assert WeighedClaim.objects.count() == CLAIMS_AT_MOST


def test_choosing_rows_leaves_alone_what_is_as_it_should_be(case, lead, claim):
    second = make.claim(case, lead)

    chosen, left = cases.weigh_claims(case, by=lead, chosen=[claim, second], taken_out=[make.claim(case, lead)])
    assert ([row.claim for row in chosen], left) == ([second], [])
    with pytest.raises(Refused):
        cases.weigh_claim(case, by=lead, claim=claim)
    cases.weigh_claims(case, by=lead, taken_out=[claim])
    assert selectors.weighed_claims(case, lead) == [second]
    again = cases.weigh_claim(case, by=lead, claim=claim)
    take_back_addition(again, by=lead)
    assert selectors.weighed_claims(case, lead) == [second]
    with pytest.raises(Refused):
        cases.weigh_claim(case, by=lead, claim=make.claim(make.case(lead), lead))
    assert str(again) == str(claim)
    assert again.get_absolute_url().endswith("#row-C-01")


def test_each_analyst_rates_by_themselves_and_a_stale_sheet_is_a_conflict(case, lead, other, pair, claim):
    mine = rate(case, lead, claim, pair, "II C", why="Two images.")
    rate(case, other, claim, pair, "C I")

    with pytest.raises(StaleVersion):
        rate(case, lead, claim, pair, "I C", version=1)
    rate(case, lead, claim, pair, "I C", version=mine.version, why="Two images.")
    with pytest.raises(NotVisible):
        rate(case, make.user(), claim, pair, "I I")
    reader = make.user("reader")
    cases.add_member(case, by=lead, username="reader", role="viewer")
    with pytest.raises(NotAllowed):
        rate(case, reader, claim, pair, "I I")
    with pytest.raises(KeyError):
        rate(case, other, claim, pair, "X I", version=2)

    assert RatingSheet.objects.count() == 2
    told = {(row.sheet.analyst_id, row.hypothesis.label): row.mark.code for row in Rating.objects.all()}
    assert told == {(lead.pk, "H-01"): "I", (lead.pk, "H-02"): "C", (other.pk, "H-01"): "C", (other.pk, "H-02"): "I"}


def test_nothing_is_rated_that_was_voided_or_belongs_to_another_case_or_to_a_closed_one(case, lead, pair, claim):
    foreign = cases.add_hypothesis(make.case(lead), by=lead, text="Elsewhere.")
    with pytest.raises(Refused):
        rate(case, lead, claim, [foreign], "I")
    cases.void_hypothesis(pair[1], by=lead, reason="Nobody says so.")
    with pytest.raises(Refused):
        rate(case, lead, claim, pair, "I I")
    cases.change_case(case, by=lead, version=case.version, status="closed")
    for act in (
        lambda: rate(case, lead, claim, pair[:1], "I"),
        lambda: cases.add_hypothesis(case, by=lead, text="Late."),
        lambda: cases.weigh_claims(case, by=lead, taken_out=[claim]),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        sheet = RatingSheet.objects.create(case=case, analyst=lead)
        Rating.objects.create(sheet=sheet, hypothesis=pair[0], claim=claim, fit="consistent")


def test_what_was_saved_is_taken_back_cell_by_cell(case, lead, other, pair, claim):
    sheet = rate(case, lead, claim, pair, "II C", why="Two images.")
    rate(case, lead, claim, pair, "I N/A", version=sheet.version)

    take_back_change(RatingSheet.objects.get(), by=lead)
    assert [(row.mark.code, row.rationale) for row in Rating.objects.order_by("hypothesis__number")] == [
        ("II", "Two images."), ("C", "Two images.")
    ]  # fmt: skip
    cleared = {(pair[0], claim): Rated("")}
    cases.rate(case, by=lead, cells=cleared, version=RatingSheet.objects.get().version)
    assert str(Rating.objects.get(hypothesis=pair[0])) == "C-01 H-01"
    assert Rating.objects.get(hypothesis=pair[0]).mark is None
    current = RatingSheet.objects.get()
    assert cases.rate(case, by=lead, cells=cleared, version=current.version).version == current.version
    take_back_change(RatingSheet.objects.get(), by=lead)
    assert Rating.objects.get(hypothesis=pair[0]).mark.code == "II"
    with pytest.raises(Refused):
        cases.rate_again(sheet, by=other, version=1, told=[], instead_of=[])


def test_the_first_ratings_are_taken_back_too(case, lead, pair, claim):
    rate(case, lead, claim, pair, "– C".replace("–", "N/A"))

    take_back_change(RatingSheet.objects.get(), by=lead)

    assert {row.mark for row in Rating.objects.all()} == {None}
    assert str(RatingSheet.objects.get()) == str(lead)


# --- Reading ------------------------------------------------------------------------------------------------------


def test_a_claim_weighs_by_the_newest_grades_of_what_supports_it_and_stands(case, lead, pair, claim):
    heavy, light = graded(claim, lead, "B2"), graded(claim, lead, "C3")
    grades.grade(light.item, by=lead, reliability="F", credibility="6", rationale="Nobody knows them.")
    against = make.original(case, lead)
    grades.grade(against.item, by=lead, reliability="A", credibility="2", rationale="Own ships.")
    make.cited(claim, lead, against, stance="contradicts")

    def weight():
        found = selectors.claim_weights([claim], lead)[claim.pk]
        return found.value, found.words

    assert weight() == (0.64, "0.64 (B2)")
    items.set_status(heavy.item, by=lead, status="retracted", reason="Taken back.", version=heavy.item.version)
    assert weight() == (None, "cannot be judged (F or 6)")
    bare = make.claim(case, lead)
    assert selectors.claim_weights([bare], lead)[bare.pk].words == "nothing graded supports it"


def test_the_matrix_shows_mine_everybodys_and_where_analysts_disagree(case, lead, other, pair, claim):
    graded(claim, lead, "B2")
    alike = make.claim(case, lead, text="It sailed.")
    cases.weigh_claim(case, by=lead, claim=alike)
    sheet = rate(case, lead, claim, pair, "II C")
    rate(case, lead, alike, pair, "C C", version=sheet.version)
    rate(case, other, claim, pair, "C I")

    mine, every, apart = (selectors.matrix_of(case, lead, shown) for shown in Shown)

    assert [[one.score.words for one in line.scores] for line in mine.hypotheses] == [["1.28"], ["0.00"]]
    assert [[one.score.words for one in line.scores] for line in every.hypotheses] == [
        ["1.28", "0.00"],
        ["0.00", "0.64"],
    ]
    assert [one.score.unrated_count for one in every.hypotheses[0].scores] == [0, 1]
    assert [row.discriminates for row in mine.rows] == [True, False]
    assert [[len(cell.marks) for cell in row.cells] for row in every.rows] == [[2, 2], [1, 1]]
    assert [row.label for row in apart.rows] == ["C-01"]
    assert mine.apart_count == 1
    assert [one.words for one in every.rows[0].cells[0].marks] == ["inconsistent, strong", "consistent, weak"]


def test_a_claim_that_was_withdrawn_counts_for_nothing_and_one_taken_out_leaves(case, lead, pair, claim):
    graded(claim, lead, "A2")
    second = make.claim(case, lead)
    cases.weigh_claim(case, by=lead, claim=second)
    rate(case, lead, claim, pair, "II C")

    cases.set_outcome(claim, by=lead, outcome="withdrawn", reason="Misread.")
    cases.void_claim(second, by=lead, reason="Twice.")

    matrix = selectors.matrix_of(case, lead, Shown.MINE)
    assert [(row.label, row.fallen) for row in matrix.rows] == [("C-01", "withdrawn")]
    assert matrix.hypotheses[0].scores[0].score.words == "0.00"


# --- Pages --------------------------------------------------------------------------------------------------------


def shown(client, person, name, *args, **query):
    client.force_login(person)
    return client.get(reverse(f"cases:{name}", args=args), query)


def test_the_matrix_is_filled_in_on_one_plain_form_and_a_stale_one_is_a_conflict(client, case, lead, pair, claim):
    page = shown(client, lead, "claims_rate", case.pk)
    address, cell = reverse("cases:claims_rate", args=[case.pk]), "C-01_H-01"

    bad = client.post(address, {cell: "X", f"{cell}_why": "Typed", "base": page.context["base_token"]})
    first = client.post(address, {cell: "II", f"{cell}_why": "Two images.", "base": page.context["base_token"]})
    late = client.post(address, {cell: "C", "base": page.context["base_token"]})
    again = shown(client, lead, "claims_rate", case.pk)
    kept = {cell: "I", f"{cell}_why": "Two images.", "base": again.context["base_token"]}
    second = client.post(address, kept)
    stale = client.post(address, {**kept, cell: "CC"})

    assert (bad.status_code, cell in bad.context["form"].errors) == (422, True)
    assert "Typed" in bad.content.decode()
    assert (first.status_code, late.status_code, second.status_code, stale.status_code) == (302, 409, 302, 409)
    # Of two forms that were opened before anything was rated, the second one meets what the first one saved.
    assert "Two images." in late.content.decode() and late.context["conflict"]["rows"]
    assert (Rating.objects.get().mark.code, Rating.objects.get().rationale) == ("I", "Two images.")
    text = shown(client, lead, "hypotheses", case.pk).content.decode()
    for words in ("inconsistent, weak", "Two images.", "0.00–1.00", "nothing graded supports it", "never a verdict"):
        assert words in text
    history = shown(client, lead, "history", case.pk).content.decode()
    assert "C-01 H-01 II Two images." in history


def test_rows_are_chosen_by_ticking_and_what_others_chose_meanwhile_stays(client, case, lead, pair, claim):
    second, third = make.claim(case, lead), make.claim(case, lead)
    page = shown(client, lead, "claims_weigh", case.pk)
    cases.weigh_claim(case, by=lead, claim=third)
    address = reverse("cases:claims_weigh", args=[case.pk])

    saved = client.post(address, {"claims": [str(second.pk)], "base": page.context["base_token"]}, follow=True)
    unchanged = shown(client, lead, "claims_weigh", case.pk)
    same = {"claims": [str(second.pk), str(third.pk)], "base": unchanged.context["base_token"]}
    nothing = client.post(address, same, follow=True)
    one = client.post(address, {**same, "claims": [*same["claims"], str(claim.pk)]}, follow=True)

    assert "1 claim joined the matrix. 1 claim left it." in saved.content.decode()
    assert "Nothing changed." in nothing.content.decode()
    assert "1 claim joined the matrix." in one.content.decode()
    assert selectors.weighed_claims(case, lead) == [claim, second, third]


def test_a_hypothesis_is_added_edited_and_taken_out_by_plain_forms(client, case, lead):
    client.force_login(lead)
    added = client.post(reverse("cases:hypothesis_add", args=[case.pk]), {"text": "It was repaired."})
    hypothesis = Hypothesis.objects.get()
    base = shown(client, lead, "hypothesis_edit", case.pk, hypothesis.pk).context["base_token"]
    edit = {"text": "It was repaired there.", "note": "", "base": base}
    changed = client.post(reverse("cases:hypothesis_edit", args=[case.pk, hypothesis.pk]), edit)
    asked = shown(client, lead, "hypothesis_void", case.pk, hypothesis.pk)
    out = client.post(reverse("cases:hypothesis_void", args=[case.pk, hypothesis.pk]), {"reason": "No."})

    assert added["Location"].endswith("#hypothesis-H-01")
    assert (changed.status_code, out.status_code) == (302, 302)
    assert "its number stays" in asked.context["consequences"][0]
    assert Hypothesis.objects.get().text == "It was repaired there."
    assert "No hypotheses yet" in shown(client, lead, "hypotheses", case.pk).content.decode()
    assert "nothing to rate yet" in shown(client, lead, "claims_rate", case.pk).content.decode()


def test_a_viewer_reads_the_matrix_and_rates_nothing_and_nobody_else_finds_it(client, case, lead, other, pair, claim):
    reader = make.user("reader")
    cases.add_member(case, by=lead, username="reader", role="viewer")
    rate(case, lead, claim, pair, "II C")
    rate(case, other, claim, pair, "C C")

    text = shown(client, reader, "hypotheses", case.pk, show="all").content.decode()
    apart = shown(client, reader, "hypotheses", case.pk, show="apart")

    assert "they disagree" in text
    assert "Rate the claims" not in text
    assert (apart.context["shown"], len(apart.context["matrix"].rows)) == ("apart", 1)
    assert shown(client, reader, "hypotheses", case.pk, show="nobody").context["shown"] == "mine"
    for name in ("hypothesis_add", "claims_weigh", "claims_rate"):
        assert shown(client, reader, name, case.pk).status_code == 403
        assert shown(client, make.user(), name, case.pk).status_code == 404


def test_the_matrix_asks_as_often_for_few_cells_as_for_many(client, case, lead, pair, assert_same_queries):
    def add(count):
        for _turn in range(count):
            claim = make.claim(case, lead)
            graded(claim, lead, "B2")
            cases.weigh_claim(case, by=lead, claim=claim)
            analyst = make.user()
            make.member(case, analyst)
            rate(case, analyst, claim, pair, "I C")

    assert_same_queries(lambda: shown(client, lead, "hypotheses", case.pk, show="all"), add)
    assert_same_queries(lambda: shown(client, lead, "claims_rate", case.pk), add)
