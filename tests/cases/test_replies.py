"""Right of reply: who was asked what, how they were sought, and what may be said of it."""

import datetime
import io
import json

import docx
import icalendar
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from casefiles.access.actions import NotAllowed, NotVisible, change_record, void_record
from casefiles.access.circles import Circle
from casefiles.cases import actions as cases
from casefiles.cases import selectors
from casefiles.cases.models import AttemptOutcome, ReplyAttempt, ReplyRequest
from casefiles.cases.replies import UNREACHED, Reading, State, flat, most_telling, pattern_of, reading_of, state_of
from casefiles.cases.reply_letters import Letter, as_docx, as_markdown
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.core.zones import UnknownZone, meant_in, on_the_clock, show_instant
from casefiles.dossiers.selectors import collect
from casefiles.particulars.actions import add_vessel_role
from casefiles.search.documents import INDEXED
from casefiles.statements.actions import change_statement
from casefiles.statements.models import Statement
from casefiles.workspace.actions import take_back_addition, take_back_change
from tests import make

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
NOON = datetime.datetime(2026, 12, 4, 12, tzinfo=datetime.UTC)


# --- Pure rules ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, "draft"),
        ({"deadline_at": NOON - DAY}, "draft"),
        ({"sent_at": NOON - DAY, "deadline_at": NOON}, "sent"),
        ({"sent_at": NOON - DAY * 2, "deadline_at": NOON - DAY}, "overdue"),
        ({"sent_at": NOON - DAY * 2, "deadline_at": NOON - DAY, "silent_at": NOON}, "did not respond"),
        ({"sent_at": NOON - DAY * 2, "deadline_at": NOON - DAY, "silent_at": NOON, "is_answered": True}, "answered"),
        (
            {"sent_at": NOON - DAY * 2, "deadline_at": NOON - DAY, "is_answered": True, "is_withdrawn": True},
            "withdrawn",
        ),
    ],
)
def test_the_state_of_a_request_follows_from_what_was_done(facts, state):
    nothing = {"is_withdrawn": False, "sent_at": None, "deadline_at": None, "is_answered": False, "silent_at": None}

    assert state_of(**{**nothing, **facts}, now=NOON) == state


@pytest.mark.parametrize(
    ("state", "outcomes", "reading"),
    [
        ("draft", [], "not asked"),
        ("withdrawn", ["delivered"], "not asked"),
        ("draft", ["no address found"], "not found"),
        ("sent", ["not delivered", "nobody reached"], "not found"),
        ("overdue", ["not delivered"], "not found"),
        ("sent", ["not delivered", "sent"], "asked, waiting"),
        ("overdue", ["sent"], "asked, overdue"),
        ("did not respond", ["delivered"], "asked and silent"),
        ("answered", ["not delivered"], "answered"),
    ],
)
def test_not_asked_not_found_and_silent_are_three_things(state, outcomes, reading):
    assert reading_of(State(state), outcomes) == reading


def test_of_several_requests_the_most_telling_one_tells():
    assert most_telling([Reading.NOT_ASKED, Reading.SILENT, Reading.WAITING]) == Reading.SILENT
    assert most_telling([]) == Reading.NOT_ASKED


def test_the_words_of_the_rules_are_those_that_are_stored():
    assert set(AttemptOutcome.values) >= UNREACHED
    assert [one for one in AttemptOutcome.values if one not in UNREACHED] == AttemptOutcome.values[:4]


@pytest.mark.parametrize(
    ("name", "text", "is_named"),
    [
        ("M Leasing LLC", "M Leasing owned the ship.", True),
        ("M Leasing LLC", "m  leasing llc owned it.", True),
        ("M Leasing LLC", "HM Leasing owned the ship.", False),
        ("Łódź Shipping Ltd.", "Of Lodz Shipping nothing came.", True),
        ("Кремль", "Кремль не ответил.", True),
        ("AB", "AB owned it.", False),
    ],
)
def test_a_party_is_found_in_a_claim_by_whole_words(name, text, is_named):
    pattern = pattern_of(name)

    assert bool(pattern and pattern.search(flat(text))) is is_named


def test_an_instant_is_meant_in_its_zone():
    typed = datetime.datetime(2026, 7, 1, 17, tzinfo=datetime.UTC)

    at = meant_in(typed, "Europe/London")

    assert at == datetime.datetime(2026, 7, 1, 16, tzinfo=datetime.UTC)
    assert show_instant(at, "Europe/London") == "2026-07-01 17:00 Europe/London (UTC+01:00)"
    assert show_instant(at, "UTC") == "2026-07-01 16:00 UTC"
    assert on_the_clock(at, "Nowhere/Else").hour == 16
    for wrong in ("Nowhere/Else", "../etc/passwd", ""):
        with pytest.raises(UnknownZone):
            meant_in(typed, wrong)


def test_a_letter_lists_the_assertions_and_keeps_hostile_words_as_words():
    letter = Letter("Subject [x](y)", "To: <b>", ("Opening",), ("One\n2. false", "Two\x0b *bold*"), ("Closing",), "")

    text = as_markdown(letter)
    document = docx.Document(io.BytesIO(as_docx(letter, written_at=NOON)))

    assert "1. One 2. false\n2. Two \\*bold\\*" in text
    assert text.startswith("# Subject [x\\](y)\n\nTo: \\<b\\>")
    listed = [one.text for one in document.paragraphs if one.style.name == "List Number"]
    assert listed == ["One\n2. false", "Two� *bold*"]
    assert (document.core_properties.author, document.core_properties.created.date()) == ("", NOON.date())
    assert Letter.from_plain(json.loads(json.dumps(letter.as_plain()))) == letter


# --- Actions ------------------------------------------------------------------------------------------------------


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def case(lead):
    return make.case(lead)


@pytest.fixture
def claim(case, lead):
    return make.claim(case, lead, text="M Leasing owned the ship in 2024.")


def again(request):
    return ReplyRequest.objects.with_response().get(pk=request.pk)


def line_of(request, user):
    (line,) = selectors.request_lines([again(request)], user, now=timezone.now())
    return line


def replied(case, lead, **values):
    return make.said(case, lead, make.report(case, lead), **values)


def test_a_request_is_to_one_party_on_standing_claims_of_the_case(case, lead, claim):
    company, person = make.organisation(lead), make.person(lead)
    other, withdrawn, voided = make.claim(make.case(lead), lead), make.claim(case, lead), make.claim(case, lead)
    cases.set_outcome(withdrawn, by=lead, outcome="withdrawn", reason="Misread.")
    cases.void_claim(voided, by=lead, reason="Twice.")
    wrong = [
        {},
        {"organisation": company, "person": person},
        {"organisation": company, "party_text": "A company"},
        {"party_text": "A company", "zone": "Moon/Base"},
        *({"party_text": "A company", "claims": [claim, one]} for one in (other, withdrawn, voided)),
    ]

    for values in wrong:
        with pytest.raises(Refused):
            cases.draft_request(case, by=lead, **values)
    made = [cases.draft_request(case, by=lead, claims=[claim, claim], **one) for one in (
        {"organisation": company}, {"person": person}, {"party_text": "The harbour master"},
    )]  # fmt: skip

    assert [one.label for one in made] == ["R-01", "R-02", "R-03"]
    assert [one.party_name for one in made] == [str(company), str(person), "The harbour master"]
    assert made[0].claim_count == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        ReplyRequest._base_manager.filter(pk=made[0].pk).update(party_text="Another, too")


def test_a_draft_changes_and_is_taken_back_whole(case, lead, claim):
    second, company = make.claim(case, lead), make.organisation(lead)
    draft = make.asked(case, lead, claim, party_text="A company")

    cases.change_request(draft, by=lead, version=1, claims=[second, claim], note="Two.")
    cases.change_request(draft, by=lead, version=2, organisation=company, party_text="")
    with pytest.raises(StaleVersion):
        cases.change_request(draft, by=lead, version=1, note="Mine.")
    with pytest.raises(Refused):
        cases.change_request(draft, by=lead, version=3, party_text="Both")
    assert again(draft).party == company
    take_back_change(again(draft), by=lead)
    cases.change_request(draft, by=lead, version=4, claims=[second])
    take_back_change(again(draft), by=lead)

    now = again(draft)
    assert (now.party_text, now.note, now.claim_count) == ("A company", "Two.", 2)
    take_back_addition(now, by=lead)
    assert line_of(draft, lead).state == "withdrawn"


def test_what_was_put_is_kept_word_for_word(case, lead, claim):
    sent = make.sent(case, lead, claim, introduction="We write about ships.", signature="The desk")

    cases.change_claim(claim, by=lead, version=claim.version, text="M Leasing owned the ship since 2023.")

    (put,) = line_of(sent, lead).put
    assert (put.text, put.now) == ("M Leasing owned the ship in 2024.", "M Leasing owned the ship since 2023.")
    letter = as_markdown(selectors.letter_of(again(sent), line_of(sent, lead)))
    assert "1. M Leasing owned the ship in 2024.\n" in letter
    assert "We write about ships." in letter
    assert case.title not in letter
    assert again(sent).put == [{"claim": str(claim.pk), "label": "C-01", "text": "M Leasing owned the ship in 2024."}]


def test_what_was_sent_changes_in_nothing_but_its_note_and_a_later_deadline(case, lead, claim):
    sent = make.sent(case, lead, claim)
    later, sooner = sent.deadline_at + DAY, sent.deadline_at - DAY

    for changes in ({"introduction": "Else"}, {"claims": []}, {"deadline_at": sooner}, {"deadline_at": None},
                    {"party_text": "Somebody else"}):  # fmt: skip
        with pytest.raises(Refused):
            cases.change_request(again(sent), by=lead, version=again(sent).version, **changes)
    cases.change_request(again(sent), by=lead, version=again(sent).version, note="By post.", deadline_at=later)
    silent = cases.record_silence(again(sent), by=lead)
    with pytest.raises(Refused):
        cases.change_request(silent, by=lead, version=silent.version, deadline_at=later + DAY)

    assert (again(sent).note, again(sent).deadline_at) == ("By post.", later)


def test_only_what_can_be_answered_is_sent(case, lead, claim):
    now = timezone.now()
    empty = cases.draft_request(case, by=lead, party_text="A company")
    draft = make.asked(case, lead, claim)
    terms = {"by": lead, "version": 1, "sent_at": now - DAY, "deadline_at": now + DAY}
    wrong = [
        {"deadline_at": None},
        {"deadline_at": now - DAY * 2},
        {"sent_at": now + DAY / 2},
        {"zone": "Moon/Base"},
        {"outcome": "not delivered"},
    ]

    for changes in wrong:
        with pytest.raises(Refused):
            cases.send_request(draft, **{**terms, **changes})
    with pytest.raises(Refused):
        cases.send_request(empty, **terms)
    with pytest.raises(StaleVersion):
        cases.send_request(draft, **{**terms, "version": 7})
    sent = cases.send_request(draft, **terms, channel="letter", zone="Asia/Tokyo")
    with pytest.raises(Refused):
        cases.send_request(sent, **{**terms, "version": sent.version})

    line = line_of(sent, lead)
    assert (line.state, line.reading, line.channel) == ("sent", "asked, waiting", "letter")
    assert [(one.number, one.channel, one.outcome) for one in line.attempts] == [(1, "letter", "sent")]
    assert line.deadline.endswith("Asia/Tokyo (UTC+09:00)")


def test_a_sending_is_taken_back_while_nothing_rests_on_it(case, lead, claim):
    sent = make.sent(case, lead, claim)

    take_back_change(sent, by=lead, version=sent.version)

    assert (line_of(sent, lead).state, again(sent).letter, again(sent).put) == ("draft", {}, [])
    assert [one.is_voided for one in line_of(sent, lead).attempts] == [True]
    with pytest.raises(Refused):
        cases.take_back_sending(again(sent), by=lead, version=again(sent).version)
    with pytest.raises(Refused):
        cases.take_back_outcome(again(sent), by=lead, version=again(sent).version)


def test_a_sending_is_taken_back_and_what_reached_nobody_before_stays(case, lead, claim):
    draft = cases.draft_request(case, by=lead, party_text="The yard", claims=[claim])
    cases.add_attempt(draft, by=lead, made_at=timezone.now() - datetime.timedelta(days=2), outcome="no address found")
    sent = cases.send_request(
        again(draft), by=lead, version=again(draft).version, sent_at=timezone.now() - datetime.timedelta(days=1),
        deadline_at=timezone.now() + datetime.timedelta(days=9),
    )  # fmt: skip

    cases.take_back_sending(again(sent), by=lead, version=again(sent).version)

    assert [(one.outcome, one.is_voided) for one in line_of(sent, lead).attempts] == [
        ("no address found", False),
        ("sent", True),
    ]
    assert line_of(sent, lead).reading == "not found"


def test_an_attempt_is_made_by_one_of_the_team_after_the_sending_and_not_in_the_future(case, lead, claim):
    draft, sent = make.asked(case, lead, claim), make.sent(case, lead, claim)
    now = timezone.now()
    wrong = [
        (draft, {"made_at": now - DAY}),
        (draft, {"made_at": now + DAY, "outcome": "no address found"}),
        (sent, {"made_at": sent.sent_at - DAY}),
        (sent, {"made_at": now, "zone": "Moon/Base"}),
        (sent, {"made_at": now, "made_by": make.user()}),
    ]

    for request, values in wrong:
        with pytest.raises(Refused):
            cases.add_attempt(request, by=lead, **values)
    cases.add_attempt(draft, by=lead, made_at=now, outcome="no address found")
    second = cases.add_attempt(
        sent, by=lead, made_at=now, channel="telephone", outcome="acknowledged", note="Switchboard"
    )
    cases.change_attempt(second, by=lead, version=1, outcome="refused")
    take_back_change(ReplyAttempt.objects.get(pk=second.pk), by=lead)
    take_back_addition(ReplyAttempt.objects.get(pk=second.pk), by=lead)

    assert line_of(draft, lead).sentence == "not found: none of 1 attempt reached them (R-01)"
    assert [(one.outcome, one.is_voided) for one in line_of(sent, lead).attempts] == [
        ("sent", False), ("acknowledged", True),
    ]  # fmt: skip


def test_nobody_is_silent_before_the_deadline_or_where_nothing_reached_them(case, lead, claim):
    draft, early, unreached = (
        make.asked(case, lead, claim),
        make.sent(case, lead, claim, days=20),
        make.sent(case, lead),
    )
    (attempt,) = unreached.attempts.all()
    cases.change_attempt(attempt, by=lead, version=1, outcome="not delivered")

    for request in (draft, early, unreached):
        with pytest.raises(Refused):
            cases.record_silence(request, by=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReplyRequest._base_manager.filter(pk=early.pk).update(silent_at=timezone.now())

    assert line_of(unreached, lead).reading == "not found"


def test_silence_is_recorded_and_taken_back_and_holds_the_attempt_it_rests_on(case, lead, claim):
    sent = make.sent(case, lead, claim)
    (attempt,) = sent.attempts.all()
    assert line_of(sent, lead).reading == "asked, overdue"

    silent = cases.record_silence(sent, by=lead)

    assert line_of(sent, lead).sentence == (
        f"asked and silent: did not respond to R-01 by {show_instant(sent.deadline_at, 'UTC')}, after 1 attempt"
    )
    with pytest.raises(Refused):
        cases.record_silence(silent, by=lead)
    with pytest.raises(Refused):
        cases.void_attempt(attempt, by=lead, reason="Mistake.")
    with pytest.raises(Refused):
        cases.change_attempt(attempt, by=lead, version=1, outcome="not delivered")
    cases.change_attempt(attempt, by=lead, version=1, outcome="delivered")
    take_back_change(again(sent), by=lead, version=silent.version)
    assert line_of(sent, lead).state == "overdue"
    cases.void_attempt(attempt, by=lead, reason="Mistake.")


def test_a_reply_answers_also_after_silence_and_its_words_stay(case, lead, claim):
    sent = cases.record_silence(make.sent(case, lead, claim), by=lead)

    answered = cases.record_reply(
        sent, by=lead, version=sent.version, exhibit=make.report(case, lead), text="We sold it in 2023.",
        speaker_text="M Leasing", stances={claim: "denies"},
    )  # fmt: skip

    said = Statement.objects.get(text="We sold it in 2023.")
    assert line_of(sent, lead).sentence == "asked (R-01), and answered: S-01"
    for changes in ({"text": "We own it."}, {"speaker_text": "Another"}, {"is_reported": True}, {"words_held": ""}):
        with pytest.raises(Refused):
            change_statement(said, by=lead, version=said.version, **changes)
    change_statement(said, by=lead, version=said.version, forum="By mail")
    with pytest.raises(Exception, match="recorded as a reply"):
        change_record(said, by=lead, version=said.version, changes={"text": "We own it."})
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement._base_manager.filter(pk=said.pk).update(text="We own it.")
    with pytest.raises(Refused):
        cases.record_response(answered, by=lead, version=answered.version, response=replied(case, lead))
    with pytest.raises(Refused):
        cases.record_silence(answered, by=lead)
    assert Statement.objects.get(pk=said.pk).text == "We sold it in 2023."


def test_a_response_is_a_statement_of_the_case_to_what_was_sent(case, lead, claim):
    sent, draft, other = make.sent(case, lead, claim), make.asked(case, lead, claim), make.case(lead)
    said = replied(case, lead)

    with pytest.raises(Refused):
        cases.record_response(draft, by=lead, version=1, response=said)
    with pytest.raises(Refused):
        cases.record_response(sent, by=lead, version=sent.version, response=replied(other, lead))
    answered = cases.record_response(sent, by=lead, version=sent.version, response=said)
    take_back_change(answered, by=lead, version=answered.version)
    with pytest.raises(Refused):
        take_back_change(again(sent), by=lead)

    assert line_of(sent, lead).state == "overdue"
    assert Statement.objects.get(pk=said.statement_id).is_held


def test_a_response_that_is_voided_answers_no_more(case, lead, claim):
    sent, said = make.sent(case, lead, claim), replied(case, lead)
    cases.record_response(sent, by=lead, version=sent.version, response=said)

    void_record(said.statement, by=lead, reason="Another company's.")

    assert line_of(sent, lead).state == "overdue"
    second = cases.record_response(again(sent), by=lead, version=again(sent).version, response=replied(case, lead))
    assert line_of(second, lead).response == "S-02"


def test_nobody_outside_asks_and_a_reader_asks_nobody(case, lead, claim):
    reader, draft = make.user("reader"), make.asked(case, lead, claim)
    cases.add_member(case, by=lead, username="reader", role="viewer")

    with pytest.raises(NotAllowed):
        make.asked(case, reader, claim)
    with pytest.raises(NotAllowed):
        cases.withdraw_request(draft, by=reader, reason="No.")
    with pytest.raises(NotVisible):
        cases.record_letter_taken(draft, by=make.user(), form="DOCX")
    cases.withdraw_request(draft, by=lead, reason="Another company.")
    with pytest.raises(Refused):
        cases.add_attempt(draft, by=lead, made_at=timezone.now(), outcome="no address found")

    assert line_of(draft, lead).sentence == "not asked: R-01 was withdrawn (Another company.)"
    assert selectors.requests_of(case, make.user(), now=timezone.now()) == []


# --- Reading ------------------------------------------------------------------------------------------------------


def readings(case, user):
    requests = selectors.requests_of(case, user, now=timezone.now())
    return {line.name: (line.reading_label, line.named_in) for line in selectors.parties(case, user, requests=requests)}


def test_parties_are_subjects_those_named_in_claims_and_those_asked(case, lead, claim):
    ship = make.vessel(lead)
    owner, unnamed = make.organisation(lead, name="M Leasing LLC"), make.organisation(lead, name="Unnamed Lines")
    for company in (owner, unnamed):
        add_vessel_role(by=lead, circle=Circle.everyone(), vessel=ship, organisation=company, role="operator")
    cases.add_subject(case, by=lead, vessel=ship, is_main=True)
    subject = cases.add_subject(case, by=lead, organisation=make.organisation(lead, name="Subject Lines"))
    cases.add_claim(case, by=lead, text="The buyer paid.", subjects=[subject])
    replied(case, lead, speaker=make.person(lead, name="Speaker Nobody Names"))
    make.sent(case, lead, party_text="The harbour master", days=20)

    assert readings(case, lead) == {
        "Subject Lines": ("not asked", ("C-02",)),
        "M Leasing LLC": ("not asked", ("C-01",)),
        "The harbour master": ("asked, waiting", ()),
    }
    make.sent(case, lead, claim, organisation=owner)
    assert list(readings(case, lead))[0] == "Subject Lines"
    assert readings(case, lead)["M Leasing LLC"] == ("asked, overdue", ("C-01",))
    (named,) = selectors.parties_of_claim(claim, lead, now=timezone.now())
    assert (named.name, named.tone, named.is_subject) == ("M Leasing LLC", "warn", False)


def test_the_overview_names_who_was_not_asked_and_who_may_still_answer(case, lead, claim):
    def told():
        return {line.text: line.tone for line in selectors.readiness(case, lead).lines if "claim" not in line.text}

    for index in range(6):
        cases.add_subject(case, by=lead, organisation=make.organisation(lead, name=f"Company {index}"))
    waiting = [make.sent(case, lead, claim, party_text=f"Waiting {index}", days=20) for index in range(5)]
    late = make.sent(case, lead, claim, party_text="Late")

    assert (
        told()
        | {
            "Company 0 was not asked for comment": "warn",
            "nor were 2 other parties": "warn",
            f"R-06 to Late is overdue since {show_instant(late.deadline_at, 'UTC')}": "warn",
            "and 2 more requests wait": "warn",
        }
        == told()
    )
    assert f"Waiting 0 may answer R-01 until {show_instant(waiting[0].deadline_at, 'UTC')}" in told()


def test_whom_somebody_only_thought_of_asking_is_named_to_nobody_outside_the_team(case, lead, claim):
    cases.draft_request(case, by=lead, party_text="Witness X", claims=[claim])
    withdrawn = make.sent(case, lead, claim, party_text="Wrong Lines")
    cases.withdraw_request(withdrawn, by=lead, reason="Another company.")
    found = collect(case, lead)

    assert [line.name for line in found.parties] == []
    said = [line.text for line in (*found.open_points, *selectors.readiness(case, lead).lines)]
    assert not any("Witness X" in text or "Wrong Lines" in text for text in said)
    asked = selectors.parties(case, lead, requests=selectors.requests_of(case, lead, now=timezone.now()))
    assert {line.name for line in asked} == {"Witness X", "Wrong Lines"}


def test_a_party_that_a_claim_names_and_nobody_asked_is_an_open_point(case, lead):
    vessel = make.numbered_vessel(lead, display_name="ANGARA")
    cases.add_subject(case, by=lead, vessel=vessel, role="carrier", is_main=True)
    company = make.organisation(lead, name="M Leasing LLC")
    add_vessel_role(by=lead, circle=Circle.everyone(), vessel=vessel, organisation=company, role="operator")
    make.claim(case, lead, text="M Leasing LLC ran the ship.")

    said = [line.text for line in selectors.readiness(case, lead).lines]

    assert "M Leasing LLC was not asked for comment" in said
    assert "Every named party was asked, or was sought and not found" not in said


def test_a_case_in_which_everybody_was_asked_is_settled_so_far(case, lead, claim):
    cases.record_silence(make.sent(case, lead, claim), by=lead)

    said = [line.text for line in selectors.readiness(case, lead).lines if line.tone == "ok"]

    assert "Every named party was asked, or was sought and not found" in said


def test_what_is_overdue_stands_on_the_first_page_until_it_is_settled(client, case, lead, claim):
    sent = make.sent(case, lead, claim, party_text="Late Lines")
    make.sent(case, lead, claim, days=20)
    client.force_login(lead)

    (line,) = client.get("/").context["home"].overdue
    assert (line.label, line.party, line.url) == ("R-01", "Late Lines", sent.get_absolute_url())
    assert "Late Lines" in client.get("/").content.decode()
    cases.record_silence(sent, by=lead)
    assert client.get("/").context["home"].overdue == ()


def test_a_request_is_found_by_its_party_and_what_was_put(case, lead, claim):
    sent = make.sent(case, lead, claim, party_text="Late Lines", introduction="By courier.")

    document = INDEXED["cases.replyrequest"].describe(again(sent))

    assert document.label == "Late Lines"
    assert set(document.texts) == {"", "By courier.", claim.text}
    assert ReplyRequest.objects.matching("late").get() == ReplyRequest.objects.matching("R-01").get() == sent


# --- Pages --------------------------------------------------------------------------------------------------------


def shown(client, person, name, *args, **query):
    client.force_login(person)
    return client.get(reverse(f"cases:{name}", args=args), query)


def test_the_list_offers_to_ask_whoever_was_not_asked(client, case, lead, claim):
    owner = make.organisation(lead, name="M Leasing LLC")
    cases.add_subject(case, by=lead, organisation=owner)

    page = shown(client, lead, "replies", case.pk)
    link = f"{reverse('cases:reply_add', args=[case.pk])}?organisation={owner.pk}&amp;claims=C-01"
    form = shown(client, lead, "reply_add", case.pk, organisation=str(owner.pk), claims="C-01").context["form"]

    assert link in page.content.decode()
    assert (form.initial["organisation"], form.initial["claims"]) == (owner, [str(claim.pk)])
    nobody = client.get(reverse("cases:reply_add", args=[case.pk]), {"person": "nobody"})
    assert nobody.context["form"].initial["person"] is None


def test_a_request_is_drafted_edited_sent_tried_and_found_silent_by_plain_forms(client, case, lead, claim):
    client.force_login(lead)
    draft = {"party_text": "A company", "claims": [str(claim.pk)], "channel": "email", "zone": "Europe/London",
             "deadline_at": "2026-07-08T17:00"}  # fmt: skip
    two = client.post(
        reverse("cases:reply_add", args=[case.pk]), {**draft, "organisation": str(make.organisation(lead))}
    )
    moon = client.post(reverse("cases:reply_add", args=[case.pk]), {**draft, "zone": "Moon/Base"})
    offset = client.post(reverse("cases:reply_add", args=[case.pk]), {**draft, "deadline_at": "2026-07-08T17:00Z"})
    client.post(reverse("cases:reply_add", args=[case.pk]), draft)
    request = ReplyRequest.objects.get()

    def form(name):
        return shown(client, lead, name, case.pk, request.pk).context

    def send(name, **values):
        sent = {"base": form(name).get("base_token", ""), **values}
        return client.post(reverse(f"cases:{name}", args=[case.pk, request.pk]), sent)

    edited = send("reply_edit", **{**draft, "introduction": "We write."})
    sent = send("reply_send", sent_at="2026-07-01T09:00", deadline_at="2026-07-08T17:00", zone="Europe/London",
                channel="email", outcome="sent")  # fmt: skip
    tried = send("attempt_add", made_at="2026-07-03T09:00", zone="Europe/London", channel="telephone",
                 outcome="delivered", made_by=str(lead.pk))  # fmt: skip
    noted = send("reply_edit", deadline_at="2026-07-09T17:00", note="They asked for a day.")
    silent = send("reply_silence")

    assert [one.status_code for one in (two, moon, offset)] == [422, 422, 422]
    assert [one.status_code for one in (edited, sent, tried, noted, silent)] == [302] * 5
    now = again(request)
    assert now.deadline_at == datetime.datetime(2026, 7, 9, 16, tzinfo=datetime.UTC)
    text = shown(client, lead, "reply", case.pk, request.pk).content.decode()
    for words in ("They did not respond.", "We write.", "telephone", "They asked for a day.", "recorded R-01 as sent"):
        assert words in text
    assert "asked and silent" in shown(client, lead, "replies", case.pk).content.decode()


def test_attempts_are_changed_and_voided_and_a_request_withdrawn_by_plain_forms(client, case, lead, claim):
    sent = make.sent(case, lead, claim)
    attempt = cases.add_attempt(sent, by=lead, made_at=timezone.now(), outcome="delivered")
    edit = reverse("cases:attempt_edit", args=[case.pk, attempt.pk])
    base = shown(client, lead, "attempt_edit", case.pk, attempt.pk).context["base_token"]

    changed = client.post(edit, {"outcome": "not delivered", "note": "Came back.", "base": base})
    voided = client.post(reverse("cases:attempt_void", args=[case.pk, attempt.pk]), {"reason": "Another's."})
    client.post(reverse("cases:reply_withdraw", args=[case.pk, sent.pk]), {"reason": "Not them."})

    assert (changed.status_code, voided.status_code) == (302, 302)
    text = shown(client, lead, "reply", case.pk, sent.pk).content.decode()
    for words in ("Came back.", "Another&#x27;s.", "Not them.", "Withdrawn"):
        assert words in text
    assert "Record an attempt" not in text


def test_a_response_is_chosen_or_recorded_and_shown_on_its_claim(client, case, lead, claim):
    first, second, said = make.sent(case, lead, claim), make.sent(case, lead, claim), replied(case, lead)
    exhibit = make.report(case, lead)
    client.force_login(lead)

    chosen = client.post(reverse("cases:reply_response", args=[case.pk, first.pk]), {"response": str(said.pk)})
    none = client.post(reverse("cases:reply_record", args=[case.pk, second.pk]), {"text": "Words."})
    recorded = client.post(
        reverse("cases:reply_record", args=[case.pk, second.pk]),
        {"exhibit": str(exhibit), "exhibit_id": str(exhibit.pk), "text": "We sold it.", "speaker_text": "M Leasing"},
    )

    assert (chosen.status_code, none.status_code, recorded.status_code) == (302, 422, 302)
    page = shown(client, lead, "claim", case.pk, claim.pk)
    assert [line.reading for line in page.context["parties"]] == ["answered", "answered"]
    assert "We sold it." in shown(client, lead, "reply", case.pk, second.pk).content.decode()
    said.refresh_from_db()
    void_record(said.statement, by=lead, reason="Another's.")
    assert "it does not count" in shown(client, lead, "reply", case.pk, first.pk).content.decode()


def test_the_letter_and_its_deadline_are_taken_away_as_files(client, case, lead, claim):
    sent, draft = make.sent(case, lead, claim), make.asked(case, lead, claim)

    text = shown(client, lead, "reply_markdown", case.pk, sent.pk)
    word = shown(client, lead, "reply_docx", case.pk, draft.pk)
    calendar = shown(client, lead, "reply_calendar", case.pk, sent.pk)

    assert claim.text in text.content.decode()
    assert text["Content-Disposition"] == f'attachment; filename="{case.reference}-R-01.md"'
    assert claim.text in [one.text for one in docx.Document(io.BytesIO(word.content)).paragraphs]
    (event,) = icalendar.Calendar.from_ical(calendar.content).walk("VEVENT")
    assert event.decoded("dtstart") == sent.deadline_at.replace(microsecond=0)
    assert event["summary"] == f"Reply due: {case.reference} R-01"
    assert sent.party_text not in calendar.content.decode()
    assert shown(client, lead, "reply_calendar", case.pk, draft.pk).status_code == 404
    assert "took the letter of R-01 away" in shown(client, lead, "history", case.pk).content.decode()


def test_a_viewer_reads_and_is_offered_nothing_and_others_find_nothing(client, case, lead, claim):
    sent, reader = make.sent(case, lead, claim), make.user("reader")
    cases.add_member(case, by=lead, username="reader", role="viewer")

    text = shown(client, reader, "reply", case.pk, sent.pk).content.decode()

    assert "Record the reply" not in text
    assert "Draft a request" not in shown(client, reader, "replies", case.pk).content.decode()
    assert shown(client, reader, "reply_send", case.pk, sent.pk).status_code == 403
    assert shown(client, make.user(), "reply", case.pk, sent.pk).status_code == 404


def test_the_list_asks_as_often_for_few_requests_as_for_many(client, case, lead, assert_same_queries):
    def add(count):
        for _turn in range(count):
            company = make.organisation(lead)
            cases.add_subject(case, by=lead, organisation=make.organisation(lead))
            sent = make.sent(case, lead, organisation=company)
            cases.record_response(sent, by=lead, version=sent.version, response=replied(case, lead))

    assert_same_queries(lambda: shown(client, lead, "replies", case.pk), add)


def test_a_request_asks_as_often_for_few_attempts_as_for_many(client, case, lead, claim, assert_same_queries):
    sent = make.sent(case, lead, claim)

    def add(count):
        for _turn in range(count):
            cases.add_attempt(sent, by=lead, made_at=timezone.now())

    assert_same_queries(lambda: shown(client, lead, "reply", case.pk, sent.pk), add)
