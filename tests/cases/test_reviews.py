"""Review of claims: who may say what of whose claim, when an approval ends, and what a sealed verdict tells."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.audit.models import Event, EventValue
from casefiles.cases import actions as cases
from casefiles.cases import selectors
from casefiles.cases.models import Case, Review, Task, Verdict
from casefiles.cases.reviewing import Basis, Difference, Given, ReviewState, differences, judged
from casefiles.cases.selectors.authors import authors_of_claim
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence.actions import items
from casefiles.evidence.actions.items import share_item
from casefiles.workspace.actions import take_back_addition, take_back_change
from tests import make

pytestmark = pytest.mark.django_db


# --- Pure rules ---------------------------------------------------------------------------------------------------

THEN = Basis(2, {"a": 1, "b": 3}, {"x": "current", "y": "current"}, "single_origin")


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (THEN, {}),
        (Basis(3, THEN.citations, THEN.items, "single_origin"), {Difference.CLAIM: ""}),
        (Basis(2, {"a": 1, "b": 3, "c": 1}, {**THEN.items, "z": "current"}, "single_origin"), {Difference.CITED: ""}),
        (Basis(2, {"a": 1, "b": 4}, THEN.items, "single_origin"), {Difference.CITATION: ""}),
        (Basis(2, {"a": 1}, {"x": "current"}, "single_origin"), {Difference.WITHDRAWN: ""}),
        (Basis(2, THEN.citations, {"x": "retracted", "y": "current"}, "single_origin"), {Difference.ITEM: "retracted"}),
        (Basis(2, THEN.citations, THEN.items, "unsupported"), {Difference.STANDING: "unsupported"}),
        (Basis(2, THEN.citations, THEN.items, ""), {}),
        (Basis(3, {"a": 2, "c": 1}, {"x": "voided"}, "disputed"),
         {Difference.CLAIM: "", Difference.CITED: "", Difference.CITATION: "", Difference.WITHDRAWN: "",
          Difference.ITEM: "voided", Difference.STANDING: "disputed"}),
    ],
)  # fmt: skip
def test_an_approval_ends_with_the_first_difference(now, found):
    result = judged([Given("R", "approved", THEN)], is_asked=False, now=now)

    assert dict(differences(THEN, now)) == found
    assert result.state == (ReviewState.REOPENED if found else ReviewState.APPROVED)


@pytest.mark.parametrize(
    ("given", "is_asked", "state"),
    [
        ([], False, "not reviewed"),
        ([], True, "in review"),
        ([("R1", "approved")], True, "in review"),
        ([("R1", "changes requested")], False, "changes requested"),
        ([("R1", "changes requested"), ("R2", "approved")], False, "approved"),
        ([("R1", "approved"), ("R2", "changes requested")], False, "changes requested"),
        ([("R1", "approved"), ("R1", "approved")], False, "approved"),
        ([("R1", "approved"), ("R1", "changes requested")], False, "reviewers disagree"),
        ([("R1", "changes requested"), ("R1", "changes requested")], False, "changes requested"),
    ],
)
def test_the_review_that_was_answered_last_says_how_a_claim_is_reviewed(given, is_asked, state):
    verdicts = [Given(review, verdict, THEN) for review, verdict in given]

    assert judged(verdicts, is_asked=is_asked, now=THEN).state == state


def test_whether_an_approval_holds_is_not_said_without_the_claim_as_it_stands():
    with pytest.raises(ValueError, match="approval"):
        judged([Given("R", "approved", THEN)], is_asked=False, now=None)


def test_a_digest_tells_one_basis_from_another():
    assert Basis.of(THEN.plain()).digest == THEN.digest
    assert Basis(3, THEN.citations, THEN.items, THEN.standing).digest != THEN.digest


# --- Worlds -------------------------------------------------------------------------------------------------------


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def researcher():
    return make.user("researcher")


@pytest.fixture
def editor():
    return make.user("editor")


@pytest.fixture
def second():
    return make.user("second")


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def case(lead, researcher, editor, second, viewer):
    roles = {researcher: "researcher", editor: "editor", second: "editor", viewer: "viewer"}
    return make.case(lead, members=roles)


@pytest.fixture
def claim(case, researcher):
    return make.claim(case, researcher, text="The ship lay at the yard from 9 February 2024.")


@pytest.fixture
def exhibit(case, researcher):
    return make.original(case, researcher)


@pytest.fixture
def citation(claim, exhibit, researcher):
    return make.cited(claim, researcher, exhibit)


def ask(claim, by, **values):
    return cases.ask_for_review(claim.case, by=by, claims=[claim], **values)


def approve(review, by, claim, **values):
    return cases.give_verdict(review, by=by, claim=claim, verdict="approved", **values)


def send_back(review, by, claim, remark="Cite the second report."):
    return cases.give_verdict(review, by=by, claim=claim, verdict="changes requested", remark=remark)


def state(claim, user):
    return selectors.claim_with_standing(type(claim).objects.get(pk=claim.pk), user).review


def fresh(record):
    return type(record).objects.get(pk=record.pk)


# --- Asking -------------------------------------------------------------------------------------------------------


def test_who_may_edit_asks_and_the_case_says_that_it_is_in_review(case, claim, researcher, viewer, editor):
    with pytest.raises(NotAllowed):
        ask(claim, viewer)
    with pytest.raises(NotVisible):
        ask(claim, make.user())
    review = ask(claim, researcher, note=" The date. ")

    assert (review.label, review.note, list(review.claims.all())) == ("V-01", "The date.", [claim])
    assert (fresh(case).status, state(claim, viewer).state) == ("in review", "in review")
    approve(review, editor, claim)
    assert (fresh(case).status, state(claim, viewer).state) == ("open", "approved")


def test_a_review_names_claims_of_its_case_that_stand_and_wait_for_no_other(case, claim, lead, researcher):
    fallen = make.claim(case, researcher)
    cases.set_outcome(fallen, by=researcher, outcome="withdrawn", reason="Not so.")
    gone = make.claim(case, researcher)
    cases.void_claim(gone, by=researcher, reason="Twice.")
    elsewhere = make.claim(make.case(lead), lead)
    ask(claim, researcher)

    for named in ([], [fallen], [gone], [elsewhere], [claim]):
        with pytest.raises(Refused):
            cases.ask_for_review(case, by=lead, claims=named)
    assert Review.objects.count() == 1


def test_a_request_is_withdrawn_with_a_reason_and_its_claims_wait_no_more(case, claim, researcher):
    review = ask(claim, researcher)

    with pytest.raises(Refused):
        cases.withdraw_review(review, by=researcher, reason=" ")
    cases.withdraw_review(review, by=researcher, reason="Too early.")

    assert (fresh(case).status, state(claim, researcher).state) == ("open", "not reviewed")
    again = ask(claim, researcher)
    take_back_addition(again, by=researcher)
    assert (again.label, fresh(again).is_voided) == ("V-02", True)


def test_a_claim_that_falls_waits_for_no_verdict(case, claim, researcher, editor):
    other = make.claim(case, researcher)
    review = cases.ask_for_review(case, by=researcher, claims=[claim, other])

    cases.set_outcome(claim, by=researcher, outcome="refuted", reason="It lay elsewhere.")
    with pytest.raises(Refused, match="refuted"):
        approve(review, editor, fresh(claim))
    cases.void_claim(other, by=researcher, reason="Twice.")

    assert fresh(case).status == "open"
    with pytest.raises(Refused):
        approve(review, editor, fresh(other))


def test_a_closed_case_takes_no_review(case, claim, lead, researcher, editor):
    review = ask(claim, researcher)
    cases.change_case(case, by=lead, version=fresh(case).version, status="closed")

    for act in (lambda: ask(claim, researcher), lambda: approve(review, editor, claim),
                lambda: cases.withdraw_review(review, by=researcher, reason="Closed.")):  # fmt: skip
        with pytest.raises(Refused):
            act()


# --- Verdicts -----------------------------------------------------------------------------------------------------


def test_an_editor_who_wrote_none_of_it_approves_and_nobody_else(claim, researcher, editor, viewer, lead):
    review = ask(claim, researcher)

    for person, refusal in ((viewer, NotAllowed), (researcher, NotAllowed), (make.user(), NotVisible)):
        with pytest.raises(refusal):
            approve(review, person, claim)
    verdict = approve(review, editor, claim)

    shown = state(claim, viewer)
    assert (shown.state, shown.reviewers, shown.at, shown.claim_version) == (
        "approved", "Editor", verdict.created_at, 1,
    )  # fmt: skip
    with pytest.raises(Refused, match="already"):
        approve(review, lead, claim)
    with pytest.raises(Refused, match="is in already"):
        approve(review, editor, claim)


def made_it(claim, exhibit, person, others):
    return make.claim(claim.case, person)


def cited_for_it(claim, exhibit, person, others):
    make.cited(claim, person, exhibit)
    return claim


def changed_a_citation(claim, exhibit, person, others):
    cited = make.cited(claim, others, exhibit)
    cases.change_citation(cited, case=claim.case, by=person, version=cited.version, locator="p. 2")
    return claim


def voided_a_citation(claim, exhibit, person, others):
    cited = make.cited(claim, others, exhibit, stance="contradicts")
    cases.void_citation(cited, case=claim.case, by=person, reason="Another ship.")
    cases.change_claim(fresh(claim), by=others, version=claim.version, rationale="Two pictures.")
    return claim


def changed_it(claim, exhibit, person, others):
    cases.change_claim(fresh(claim), by=person, version=1, confidence="high")
    cases.change_claim(fresh(claim), by=others, version=2, confidence="low")
    return claim


@pytest.mark.parametrize("wrote", [made_it, cited_for_it, changed_a_citation, voided_a_citation, changed_it])
def test_nobody_reviews_what_they_wrote(claim, exhibit, researcher, editor, second, wrote):
    reviewed = fresh(wrote(claim, exhibit, editor, researcher))
    review = ask(reviewed, researcher)

    for verdict in ("approved", "changes requested"):
        with pytest.raises(cases.SelfReview):
            cases.give_verdict(review, by=editor, claim=reviewed, verdict=verdict, remark="Mine.")
    approve(review, second, reviewed)

    assert list(Verdict.objects.values_list("created_by", flat=True)) == [second.pk]


def test_what_was_changed_before_an_approval_bars_nobody_after_it_but_who_made_or_cites_it(
    claim, citation, researcher, editor, second
):
    cases.change_claim(fresh(claim), by=editor, version=1, confidence="high")
    assert authors_of_claim(claim) == {researcher.pk, editor.pk}

    approve(ask(claim, researcher), second, fresh(claim))

    assert authors_of_claim(claim) == {researcher.pk}
    cases.change_claim(fresh(claim), by=researcher, version=2, confidence="low")
    approve(ask(claim, researcher), editor, fresh(claim))
    assert state(claim, editor).is_approved


def test_changes_are_requested_with_a_remark_which_the_authors_answer(claim, researcher, editor, lead, second):
    review = ask(claim, researcher)
    with pytest.raises(Refused) as silent:
        send_back(review, editor, claim, remark=" ")
    verdict = send_back(review, editor, claim)

    assert silent.value.field == "remark"
    for person in (editor, lead, second):
        with pytest.raises(Refused, match="authors"):
            cases.answer_remark(verdict, by=person, answer="Done.", version=1)
    with pytest.raises(Refused):
        cases.answer_remark(verdict, by=researcher, answer=" ", version=1)
    cases.answer_remark(verdict, by=researcher, answer="Cited it.", version=1)
    with pytest.raises(StaleVersion):
        cases.answer_remark(fresh(verdict), by=researcher, answer="Or not.", version=1)

    shown = state(claim, lead)
    assert (shown.state, shown.open_remarks, shown.verdicts[0].answer) == ("changes requested", (), "Cited it.")
    assert (shown.verdicts[0].answered_by, fresh(verdict).answered_at is not None) == (researcher, True)


def test_there_is_nothing_to_answer_in_an_approval(claim, researcher, editor):
    verdict = approve(ask(claim, researcher), editor, claim)

    with pytest.raises(Refused, match="no remark"):
        cases.answer_remark(verdict, by=researcher, answer="Thanks.", version=1)


def test_a_verdict_is_about_what_was_read(claim, researcher, editor, exhibit):
    review = ask(claim, researcher)
    read = selectors.bases_to_review(type(claim).objects.filter(pk=claim.pk), editor)[claim.pk].digest
    make.cited(claim, researcher, exhibit)

    with pytest.raises(Refused, match="while you read it"):
        approve(review, editor, claim, seen=read)
    read = selectors.bases_to_review(type(claim).objects.filter(pk=claim.pk), editor)[claim.pk].digest
    approve(review, editor, claim, seen=read)

    assert state(claim, editor).is_approved


def test_a_verdict_is_on_a_claim_of_the_review(case, claim, researcher, editor):
    review, other = ask(claim, researcher), make.claim(case, researcher)

    with pytest.raises(Refused, match="not part"):
        approve(review, editor, other)
    with pytest.raises(Refused):
        cases.give_verdicts(review, by=editor, given={})


def test_several_verdicts_are_given_together_or_none(case, claim, researcher, editor):
    own = make.claim(case, editor)
    review = cases.ask_for_review(case, by=researcher, claims=[claim, own])

    with pytest.raises(cases.SelfReview):
        cases.give_verdicts(review, by=editor, given={claim: ("approved", ""), own: ("approved", "")})

    assert not Verdict.objects.exists()


def test_a_reviewer_takes_back_their_own_verdict_and_the_claim_waits_again(claim, researcher, editor, lead):
    verdict = approve(ask(claim, researcher), editor, claim)

    with pytest.raises(Refused, match="Only its reviewer"):
        cases.withdraw_verdict(verdict, by=lead, reason="I disagree.")
    take_back_addition(verdict, by=editor)

    assert state(claim, lead).state == "in review"


def test_the_database_holds_one_verdict_a_reviewer_and_its_remark(claim, researcher, editor):
    verdict = approve(ask(claim, researcher), editor, claim)
    shared = {"case": verdict.case, "review": verdict.review, "claim": claim, "claim_version": 1}
    wrong = [
        {**shared, "verdict": "approved", "created_by": editor},
        {**shared, "verdict": "changes requested", "created_by": researcher},
        {**shared, "verdict": "approved", "created_by": researcher, "answered_by": researcher},
    ]

    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Verdict.objects.create(**values)


# --- Open again ---------------------------------------------------------------------------------------------------


@pytest.fixture
def approved(claim, citation, researcher, editor):
    approve(ask(claim, researcher), editor, claim)
    return fresh(claim)


CHANGES = {
    "the claim was changed": lambda claim, cited, exhibit, by: cases.change_claim(
        claim, by=by, version=claim.version, text="The ship lay at the yard."
    ),
    "a citation was added": lambda claim, cited, exhibit, by: make.cited(claim, by, make.original(claim.case, by)),
    "a citation was changed": lambda claim, cited, exhibit, by: cases.change_citation(
        cited, case=claim.case, by=by, version=cited.version, locator="p. 9"
    ),
    "a citation was withdrawn": lambda claim, cited, exhibit, by: cases.void_citation(
        cited, case=claim.case, by=by, reason="Another ship."
    ),
    "an item cited for it is retracted now": lambda claim, cited, exhibit, by: cases.mark_item(
        exhibit.item, by=by, version=exhibit.item.version, status="retracted", reason="Taken back."
    ),
    "an item cited for it is voided now": lambda claim, cited, exhibit, by: cases.void_item(
        exhibit.item, by=by, reason="Forged."
    ),
}


@pytest.mark.parametrize("why", CHANGES)
def test_a_change_under_an_approval_opens_the_claim_again_and_says_so(
    approved, citation, exhibit, researcher, viewer, why
):
    CHANGES[why](approved, fresh(citation), fresh(exhibit), researcher)

    shown = state(approved, viewer)
    told = selectors.history_of(approved.case, selectors.ids_of(approved), viewer)
    assert (shown.state, shown.why_open_again.split("; ")[0]) == ("open again", why)
    assert [line.note for line in told if line.sentence == "C-01 is open again after its approval"] == [why]


def test_a_mark_that_is_taken_back_leaves_what_was_approved(approved, exhibit, researcher):
    item = fresh(exhibit).item
    cases.mark_item(item, by=researcher, version=item.version, status="disputed", reason="They say so.")
    assert state(approved, researcher).state == "open again"

    cases.mark_item(fresh(item), by=researcher, version=fresh(item).version, status="current")

    assert state(approved, researcher).is_approved
    assert Task.objects.count() == 1


def test_an_origin_that_falls_opens_the_claim_that_cites_its_copy(case, claim, researcher, editor):
    origin = make.original(case, researcher)
    make.cited(claim, researcher, make.rewrite(case, researcher, origin))
    approve(ask(claim, researcher), editor, claim)

    items.void_item(origin.item, by=researcher, reason="Forged.")

    assert state(claim, editor).why_open_again == "its standing is another one now"


def test_a_save_that_changes_nothing_leaves_the_approval(approved, researcher):
    cases.change_claim(approved, by=researcher, version=approved.version, text=approved.text)

    assert state(approved, researcher).is_approved
    assert not Event.objects.filter(act="open again").exists()


def test_an_undone_change_is_a_change_too(approved, citation, researcher):
    changed = fresh(citation)
    cases.change_citation(changed, case=approved.case, by=researcher, version=1, locator="p. 9")
    approve(ask(approved, researcher), make_editor(approved.case), approved)

    take_back_change(fresh(citation), by=researcher)

    assert state(approved, researcher).why_open_again == "a citation was changed"
    assert Event.objects.filter(act="open again").count() == 2


def make_editor(case):
    account = make.user()
    make.member(case, account, "editor")
    return account


def test_a_claim_that_was_not_approved_is_not_opened_again(claim, citation, researcher, editor):
    send_back(ask(claim, researcher), editor, claim)

    cases.change_claim(fresh(claim), by=researcher, version=1, confidence="high")

    assert not Event.objects.filter(act="open again").exists()


# --- Blind --------------------------------------------------------------------------------------------------------


@pytest.fixture
def blind(claim, citation, researcher):
    return ask(claim, researcher, is_blind=True)


def everything_told(client, case, claim, review, user):
    """Return every page on which a verdict could be seen, without what differs between any two answers."""
    client.force_login(user)
    addresses = [
        case.get_absolute_url(), claim.get_absolute_url(), review.get_absolute_url(),
        *(reverse(f"cases:{name}", args=[case.pk]) for name in ("claims", "reviews", "history")),
        reverse("dossiers:draft_download", args=[case.pk]),
    ]  # fmt: skip
    told = []
    for address in addresses:
        text = client.get(address).content.decode()
        assert "C-01" in text
        told.append(text)
    return told


def test_a_first_blind_verdict_is_seen_by_its_reviewer_alone(client, case, claim, blind, editor, second, lead):
    word = "Unmistakable"
    verdict = send_back(blind, editor, claim, remark=word)

    assert verdict.is_sealed
    for person in (second, lead):
        assert not Verdict.objects.visible_to(person).exists()
        for text in everything_told(client, case, claim, blind, person):
            assert word not in text
            # The filter of the claims names every state.
            assert "changes requested" not in re.sub(r"(?s)<select.*?</select>", "", text).lower()
        assert selectors.reviewers_in(case, person) == []
    assert (state(claim, editor).state, state(claim, second).state) == ("in review", "in review")
    assert fresh(case).status == "in review"
    assert selectors.sealed_verdict_of(claim, editor) == verdict
    client.force_login(editor)
    assert "your verdict is in" in client.get(claim.get_absolute_url()).content.decode()
    sealed = Event.objects.get(act="sealed")
    assert sealed.compartment_ids == []
    assert not Event.objects.filter(act__in=["approved", "changes requested", "shown"]).exists()


@pytest.mark.parametrize(
    ("first", "other", "comes_to"),
    [
        ("approved", "approved", "approved"),
        ("approved", "changes requested", "reviewers disagree"),
        ("changes requested", "changes requested", "changes requested"),
    ],
)
def test_both_blind_verdicts_are_shown_once_both_are_in(
    case, claim, blind, researcher, editor, second, lead, first, other, comes_to
):
    cases.give_verdict(blind, by=editor, claim=claim, verdict=first, remark="One.")
    cases.give_verdict(blind, by=second, claim=claim, verdict=other, remark="Two.")

    shown = state(claim, researcher)
    assert (shown.state, [one.remark for one in shown.verdicts], shown.reviewers) == (
        comes_to, ["One.", "Two."], "Editor, Second",
    )  # fmt: skip
    assert fresh(case).status == "open"
    assert [event.act for event in Event.objects.filter(record_kind="cases.verdict").order_by("seq")] == [
        "sealed", "sealed", "shown", "shown",
    ]  # fmt: skip
    assert EventValue.objects.filter(field="remark").exists()
    with pytest.raises(Refused, match="reviewed already"):
        approve(blind, lead, claim)
    with pytest.raises(Refused, match="new review"):
        cases.withdraw_verdict(Verdict.objects.get(created_by=editor), by=editor, reason="Hm.")


def test_nobody_is_both_halves_of_a_blind_review(claim, blind, editor):
    approve(blind, editor, claim)

    with pytest.raises(Refused, match="is in already"):
        approve(blind, editor, claim)


def test_a_sealed_verdict_is_taken_back_unseen_and_answers_nothing(claim, blind, researcher, editor, second):
    verdict = send_back(blind, editor, claim)
    with pytest.raises(Refused):
        cases.answer_remark(verdict, by=researcher, answer="How do I know?", version=1)
    cases.withdraw_verdict(verdict, by=editor, reason="I looked at another claim.")

    approve(blind, second, claim)

    assert state(claim, editor).state == "in review"
    approve(blind, editor, claim)
    assert state(claim, editor).is_approved


def test_a_sealed_approval_is_no_approval(claim, blind, researcher, editor):
    approve(blind, editor, claim)

    cases.change_claim(fresh(claim), by=researcher, version=1, confidence="high")

    assert not Event.objects.filter(act="open again").exists()
    assert selectors.approvals_that_hold([claim.pk]) == {}


def test_an_approval_that_the_other_disagreed_with_frees_no_author(claim, blind, researcher, editor, second, lead):
    cases.change_claim(fresh(claim), by=lead, version=1, confidence="high")
    approve(blind, editor, fresh(claim))
    send_back(blind, second, fresh(claim))

    assert lead.pk in authors_of_claim(claim)


def test_whoever_wrote_a_claim_wrote_its_halves_and_what_took_it_in(case, researcher, editor, second):
    whole = make.claim(case, researcher, text="The ship called at Rajin, and loaded there.")
    half = cases.split_claim(
        whole, by=editor, version=whole.version, first="The ship called at Rajin.", second="It loaded.", citations={}
    )
    other = make.claim(case, second, text="The ship loaded.")
    cases.merge_claims(fresh(half), by=editor, into=other, reason="Twice.")

    assert authors_of_claim(half) >= {researcher.pk, editor.pk}
    assert authors_of_claim(other) >= {researcher.pk, editor.pk, second.pk}
    assert second.pk not in authors_of_claim(whole)


# --- Pages --------------------------------------------------------------------------------------------------------


def at(name, case, *args):
    return reverse(f"cases:{name}", args=[case.pk, *args])


def send(client, user, url, **data):
    client.force_login(user)
    page = client.get(url)
    token = page.context and page.context.get("base_token")
    return client.post(url, {**({"base": token} if token else {}), **data}, follow=True)


def verdict_form(client, user, review, claim, verdict, remark=""):
    url = at("review_answer", review.case, review.pk)
    client.force_login(user)
    row = client.get(url).context["form"].rows[0]
    names = {"verdict": verdict, "remark": remark, "seen": row.seen.value()}
    return client.post(url, {f"{name}_{claim.pk}": value for name, value in names.items()}, follow=True)


def test_a_claim_goes_back_and_forth_on_its_pages(client, case, claim, citation, researcher, editor, viewer):
    asked = send(client, researcher, at("review_add", case), claims=[str(claim.pk)], note="The date.")
    review = Review.objects.get()
    refused = verdict_form(client, editor, review, claim, "changes requested")
    lonely = verdict_form(client, editor, review, claim, "", "But")
    nothing = verdict_form(client, editor, review, claim, "")
    sent = verdict_form(client, editor, review, claim, "changes requested", "Cite a page.")
    verdict = Verdict.objects.get()
    answered = send(client, researcher, at("remark_answer", case, verdict.pk), answer="Page 4.")

    assert "V-01 was asked for" in asked.content.decode()
    assert [page.status_code for page in (refused, lonely, nothing, sent)] == [422, 422, 422, 200]
    assert "Page 4." in answered.content.decode()
    send(client, researcher, at("review_add", case) + f"?claim={claim.pk}", claims=[str(claim.pk)])
    approved = verdict_form(client, editor, Review.objects.get(number=2), claim, "approved")
    assert "1 verdict was given." in approved.content.decode()
    client.force_login(researcher)
    assert "was approved by Editor" in client.get(at("claim_edit", case, claim.pk)).content.decode()
    assert "was approved by Editor" in client.get(at("claim_cite", case, claim.pk)).content.decode()
    assert "was approved by Editor" in client.get(at("citation_edit", case, citation.pk)).content.decode()
    assert "was approved by Editor" in client.get(at("citation_void", case, citation.pk)).content.decode()


def test_the_pages_of_a_review_ask_who_may_do_what(client, case, claim, researcher, editor, viewer, lead):
    review = ask(claim, researcher)
    verdict = send_back(review, editor, claim)
    pages = {
        "review_add": (), "review_withdraw": (review.pk,), "review_answer": (review.pk,),
        "remark_answer": (verdict.pk,), "verdict_withdraw": (verdict.pk,),
    }  # fmt: skip

    answers = {}
    for person in (viewer, researcher, editor):
        client.force_login(person)
        answers[str(person)] = [client.get(at(name, case, *args)).status_code for name, args in pages.items()]

    assert answers == {
        "Viewer": [403] * 5, "Researcher": [200, 200, 403, 200, 403], "Editor": [200, 200, 200, 200, 200],
    }  # fmt: skip
    client.force_login(make.user())
    assert {client.get(at(name, case, *args)).status_code for name, args in pages.items()} == {404}


def test_a_review_and_a_verdict_are_withdrawn_on_their_pages(client, case, claim, researcher, editor):
    review = ask(claim, researcher)
    verdict = approve(review, editor, claim)

    send(client, editor, at("verdict_withdraw", case, verdict.pk), reason="Too soon.")
    withdrawn = send(client, researcher, at("review_withdraw", case, review.pk), reason="Not yet.")

    assert (fresh(verdict).is_voided, fresh(review).is_voided) == (True, True)
    assert "Not yet." in client.get(review.get_absolute_url()).content.decode()
    assert "withdrawn" in withdrawn.content.decode()
    client.force_login(editor)
    assert client.get(at("review_answer", case, review.pk)).context["form"].rows == []


def test_an_author_is_told_why_the_page_takes_no_verdict_of_theirs(client, case, editor, researcher):
    own = make.claim(case, editor)
    review = cases.ask_for_review(case, by=researcher, claims=[own], is_blind=True)
    client.force_login(editor)

    offered = client.get(at("review_answer", case, review.pk))
    posted = client.post(at("review_answer", case, review.pk), {f"verdict_{own.pk}": "approved"})

    assert offered.context["form"].rows == []
    assert (posted.status_code, Verdict.objects.count()) == (422, 0)
    assert "who wrote none of it" in client.get(own.get_absolute_url()).content.decode()


def test_an_author_is_refused_in_the_admin_too(client, case, researcher, editor, second):
    own = make.claim(case, editor)
    review = ask(own, researcher)
    for account in (editor, second):
        account.is_staff = True
        account.save()
    url = reverse("admin:cases_verdict_add")
    data = {"review": str(review.pk), "claim": str(own.pk), "verdict": "approved", "remark": ""}

    client.force_login(editor)
    refused = client.post(url, data)
    client.force_login(second)
    client.post(url, data)

    assert "another editor reviews it" in refused.content.decode()
    assert list(Verdict.objects.values_list("created_by", flat=True)) == [second.pk]


def test_a_review_is_asked_for_in_the_admin(client, case, claim, researcher):
    researcher.is_staff = True
    researcher.save()
    client.force_login(researcher)
    data = {"case": str(case.pk), "claims": [str(claim.pk)], "note": "Look.", "is_blind": "on"}

    client.post(reverse("admin:cases_review_add"), data)

    assert list(Review.objects.get().claims.all()) == [claim]


def test_claims_are_listed_by_reviewer_and_by_state(client, case, claim, researcher, editor, second, viewer):
    other = make.claim(case, researcher)
    waiting = make.claim(case, researcher)
    approve(ask(claim, researcher), editor, claim)
    send_back(ask(other, researcher), second, other)
    ask(waiting, researcher)
    client.force_login(viewer)

    def listed(**query):
        return [line.label for line in client.get(at("claims", case), query).context["lines"]]

    assert listed(review="approved") == ["C-01"]
    assert listed(review="changes requested") == ["C-02"]
    assert listed(review="in review") == ["C-03"]
    assert listed(reviewer=str(second.pk)) == ["C-02"]
    assert listed(reviewer=str(second.pk), review="approved") == []
    assert listed(reviewer=str(researcher.pk)) == []


def test_the_overview_says_who_does_what_next(client, case, researcher, editor, second, viewer):
    claims = [make.claim(case, researcher) for _turn in range(10)]
    for claim in claims[:5]:
        send_back(ask(claim, researcher), editor, claim)
    approve(ask(claims[5], researcher), editor, claims[5])
    cases.change_claim(fresh(claims[5]), by=researcher, version=1, confidence="high")
    apart = ask(claims[6], researcher, is_blind=True)
    approve(apart, editor, claims[6])
    send_back(apart, second, claims[6])
    approve(ask(claims[7], researcher), editor, claims[7])
    ask(claims[8], researcher)
    client.force_login(viewer)

    page = client.get(case.get_absolute_url())

    progress = page.context["overview"].review
    assert [step.text for step in progress.steps] == [
        "V-09: 1 claim waits for an editor",
        *(f"C-0{number}: an author answers Editor" for number in (1, 2, 3)),
        "and 2 more claims likewise",
        "C-07: Editor, Second disagree",
        "C-06 is open again: the claim was changed",
    ]
    assert (progress.approved_count, progress.total) == (1, 10)
    assert "9 claims are not approved: C-01, C-02, C-03, C-04 …" in page.content.decode()
    assert f"{at('claims', case)}?review=changes+requested" in page.content.decode()


def test_a_case_whose_every_claim_is_approved_says_so(case, claim, researcher, editor):
    approve(ask(claim, researcher), editor, claim)

    texts = [line.text for line in selectors.readiness(case, editor).lines]

    assert "Every claim was approved by a reviewer" in texts


def test_the_history_tells_of_a_review(case, claim, researcher, editor):
    review = ask(claim, researcher)
    cases.answer_remark(send_back(review, editor, claim), by=researcher, answer="Done.", version=1)

    told = [line.sentence for line in selectors.history_of_case(case, editor).lines]

    assert told[:6] == [
        "Researcher answered a remark on C-01",
        f"{case.reference} waits for no verdict any more",
        "Editor asked for changes to C-01",
        f"{case.reference} is in review",
        "Researcher named the claims of review V-01",
        "Researcher asked for review V-01",
    ]


@pytest.mark.parametrize("name", ["reviews", "claims", "review", "review_answer", "case"])
def test_pages_about_reviews_ask_as_often_for_few_claims_as_for_many(
    client, case, researcher, editor, second, assert_same_queries, name
):
    named = [make.claim(case, researcher) for _turn in range(14)]
    review = cases.ask_for_review(case, by=researcher, claims=named[:2])
    approve(review, editor, named[0])
    rest = iter(named[2:])
    client.force_login(second)
    args = (review.pk,) if name.startswith("review_") or name == "review" else ()

    def add(count):
        for claim in [next(rest) for _turn in range(count)]:
            other = cases.ask_for_review(case, by=researcher, claims=[claim])
            approve(other, editor, claim)
            review.claims.add(claim)

    assert assert_same_queries(lambda: client.get(at(name, case, *args)), add) <= 30


def test_what_was_typed_on_a_claim_that_waits_no_more_comes_back_with_the_reason(
    client, case, researcher, editor, second
):
    first, other = (make.claim(case, researcher) for _turn in range(2))
    review = cases.ask_for_review(case, by=researcher, claims=[first, other])
    address = at("review_answer", case, review.pk)
    client.force_login(second)
    shown = client.get(address).context["form"]
    approve(review, editor, first)

    sent = {f"seen_{claim.pk}": shown.fields[f"seen_{claim.pk}"].initial for claim in (first, other)} | {
        f"verdict_{first.pk}": "changes requested", f"remark_{first.pk}": "Since when, exactly?",
        f"verdict_{other.pk}": "changes requested", f"remark_{other.pk}": "Which berth?",
    }  # fmt: skip
    answer = client.post(address, sent)

    assert answer.status_code == 422
    assert f"{first.label} was reviewed already." in answer.text
    assert "Since when, exactly?" in answer.text and "Which berth?" in answer.text
    assert Verdict.objects.filter(review=review).count() == 1


# --- An item is marked --------------------------------------------------------------------------------------------


def test_a_mark_opens_a_task_in_every_case_that_relies_on_the_item_also_hidden_ones(lead, researcher, case, claim):
    stranger = make.lead()
    hidden, closed = make.case(stranger), make.case(stranger)
    item = make.origin(lead, title="The picture of the yard")
    shared = make.copy_of(lead, item, title="A copy of it")
    for one, by, cited in ((case, researcher, item), (hidden, stranger, shared), (closed, stranger, item)):
        exhibit = cases.add_exhibit(one, by=by, item=cited)
        make.cited(claim if one == case else make.claim(one, by), by, exhibit)
    cases.change_case(closed, by=stranger, version=fresh(closed).version, status="closed")

    cases.mark_item(fresh(item), by=lead, version=fresh(item).version, status="retracted", reason="A montage.",
                    source="https://example.org/correction")  # fmt: skip

    told = {task.case_id: (task.title, task.body, task.created_by) for task in Task.objects.all()}
    words = ("“The picture of the yard” is retracted: look at C-01", "A montage.\nhttps://example.org/correction", None)
    assert told == {case.pk: words, hidden.pk: words, closed.pk: words}
    assert [task.case_id for task in Task.objects.visible_to(lead)] == [case.pk]
    assert [one.claim for one in selectors.claims_affected(item, lead)] == [claim]
    assert [one.through for one in selectors.claims_affected(item, stranger)] == ["A copy of it", ""]
    assert {event.actor_id for event in Event.objects.filter(record_kind="cases.task")} == {None}


def test_an_item_that_a_case_does_not_hold_is_not_named_to_it(lead, researcher, case, claim):
    """The child was shared before sharing asked for its parents: only the table can still hold that."""
    other = make.case(lead)
    circle = make.restricted_to(other.compartment)
    parent = make.origin(lead, title="The secret picture", circle=circle)
    child = make.copy_of(lead, parent, title="A copy of it", circle=circle)
    child.compartments.add(case.compartment)
    make.cited(claim, researcher, cases.add_exhibit(case, by=researcher, item=child))

    cases.mark_item(fresh(parent), by=lead, version=fresh(parent).version, status="retracted", reason="A montage.")

    [task] = Task.objects.filter(case=case)
    assert (task.title, task.body) == ("What some of the evidence derives from is retracted: look at C-01", "")


def test_what_an_item_derives_from_is_shared_with_it_and_needs_the_same_right(lead, case):
    other = make.case(lead)
    circle = make.restricted_to(other.compartment)
    root = make.origin(lead, circle=circle)
    middle = make.copy_of(lead, root, circle=circle)
    leaf = make.copy_of(lead, middle, circle=circle)
    with pytest.raises(Refused, match="restricted to fewer"):
        share_item(leaf, compartment=case.compartment, by=lead)

    cases.add_exhibit(case, by=lead, item=leaf)

    held = [item.compartments.filter(pk=case.compartment_id).exists() for item in (root, middle, leaf)]
    assert held == [True, True, True]


def test_merging_into_an_approved_claim_is_told_as_its_end(case, claim, exhibit, lead, researcher, editor):
    approve(ask(claim, researcher), editor, claim)
    duplicate = make.claim(case, researcher)
    make.cited(duplicate, researcher, exhibit)

    cases.merge_claims(duplicate, by=researcher, into=fresh(claim), reason="The same.")

    assert Event.objects.filter(act="open again").count() == 1


def test_a_claim_that_comes_back_waits_for_its_review_again(case, claim, researcher):
    ask(claim, researcher)
    cases.set_outcome(fresh(claim), by=researcher, outcome="withdrawn", reason="No.")
    is_open = fresh(case).status
    take_back_change(fresh(claim), by=researcher)
    by_undo = fresh(case).status
    cases.void_claim(fresh(claim), by=researcher, reason="Twice.")
    cases.restore_claim(fresh(claim), by=researcher)

    assert (is_open, by_undo, fresh(case).status) == ("open", "in review", "in review")


def test_who_marked_an_item_is_not_told_to_a_case_that_they_cannot_see(lead, editor):
    stranger, reviewer = make.lead(), make.user()
    make.case(lead)
    hidden = make.case(stranger, members={reviewer: "editor"})
    item = make.origin(lead)
    argued = make.claim(hidden, stranger)
    make.cited(argued, stranger, cases.add_exhibit(hidden, by=stranger, item=item))
    approve(ask(argued, stranger), reviewer, argued)

    cases.mark_item(fresh(item), by=lead, version=fresh(item).version, status="corrected", reason="A date.")

    assert state(argued, reviewer).state == "open again"
    assert [event.actor_id for event in Event.objects.filter(act="open again")] == [None]


def test_who_may_not_change_an_item_marks_nothing(case, claim, citation, exhibit, viewer, researcher):
    item = fresh(exhibit).item
    with pytest.raises(NotAllowed):
        cases.mark_item(item, by=viewer, version=item.version, status="retracted", reason="No.")
    with pytest.raises(NotAllowed):
        cases.void_item(item, by=viewer, reason="No.")
    with pytest.raises(Refused):
        cases.mark_item(item, by=researcher, version=item.version, status="retracted")
    with pytest.raises(StaleVersion):
        cases.mark_item(fresh(exhibit).item, by=researcher, version=item.version + 1, status="retracted", reason="No.")

    assert not Task.objects.exists()


def test_a_page_of_a_marked_item_says_what_rests_on_it_and_the_claim_and_exhibit_say_so(
    client, case, approved, citation, exhibit, researcher
):
    url = reverse("workspace:item_status", args=[exhibit.item_id])
    client.force_login(researcher)
    shown = client.get(url).content.decode()
    saved = send(client, researcher, url, status="retracted", status_reason="A montage.", status_said="May 2024",
                 status_source="https://example.org/correction")  # fmt: skip

    assert "One claim that you see rests on it" in shown
    assert "A task was opened in 1 case that you see" in saved.content.decode()
    assert "May 2024" in saved.content.decode()
    for page in (approved.get_absolute_url(), at("exhibits", case)):
        assert "retracted" in client.get(page).content.decode()
    assert "A montage." in client.get(approved.get_absolute_url()).content.decode()


def test_the_page_that_voids_an_item_says_which_approvals_end(client, case, approved, exhibit, researcher):
    client.force_login(researcher)
    url = reverse("workspace:item_void", args=[exhibit.item_id])
    shown = client.get(url).content.decode()
    client.post(url, {"reason": "Forged."})

    assert f"C-01 of {case.reference} was approved" in shown
    assert state(approved, researcher).state == "open again"


def test_a_long_title_is_cut_in_the_task_and_the_claims_are_not(case, claim, researcher):
    exhibit = make.original(case, researcher, title="x" * 480)
    make.cited(claim, researcher, exhibit)

    cases.mark_item(exhibit.item, by=researcher, version=fresh(exhibit.item).version, status="disputed", reason="So.")

    title = Task.objects.get().title
    assert len(title) <= 300
    assert title.endswith("look at C-01")
    assert Case.objects.get(pk=case.pk).last_task == 1
