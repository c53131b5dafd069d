"""Who is told of reviews, verdicts, answers to requests, deadlines and what is new to rate; none of what is sealed."""

import datetime

import pytest
from django.utils import timezone

from casefiles.cases import actions as cases
from casefiles.cases.actions.hypotheses import Rated
from casefiles.cases.models import Claim, Verdict
from casefiles.workspace.actions import telling
from casefiles.workspace.models import Notification
from tests import make
from tests.workspace.test_telling import told

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def people():
    return {name: make.user(name) for name in ("author", "asker", "editor", "second", "viewer")} | {
        "lead": make.lead("lead")
    }


@pytest.fixture
def case(people):
    roles = {"author": "editor", "asker": "researcher", "editor": "editor", "second": "editor", "viewer": "viewer"}
    opened = make.case(people["lead"], members={people[name]: role for name, role in roles.items()})
    telling.take_in()
    Notification.objects.all().delete()
    return opened


@pytest.fixture
def claim(case, people):
    return make.claim(case, people["author"], text="It lay there.")


def all_told(people):
    """Return what each person was told so far, the oldest first; who was told nothing is missing."""
    found = {name: [sentence for _kind, sentence in reversed(told(person))] for name, person in people.items()}
    Notification.objects.all().delete()
    return {name: sentences for name, sentences in found.items() if sentences}


def test_those_who_may_review_are_asked_and_not_the_author_of_all_of_it(case, claim, people):
    cases.ask_for_review(case, by=people["asker"], claims=[claim])

    asked = ["Asker asked for review V-01"]
    assert all_told(people) == {"editor": asked, "second": asked, "lead": asked}

    other = make.claim(case, people["editor"], text="It left.")
    third = make.claim(case, people["author"], text="It came.")
    cases.ask_for_review(case, by=people["asker"], claims=[other, third])
    assert set(all_told(people)) == {"author", "editor", "second", "lead"}


def test_verdicts_are_told_to_whoever_wrote_and_asked_and_answers_to_the_reviewer(case, claim, people):
    review = cases.ask_for_review(case, by=people["asker"], claims=[claim])
    all_told(people)
    verdict = cases.give_verdict(
        review, by=people["editor"], claim=claim, verdict="changes requested", remark="Say since when."
    )
    words = ["Editor asked for changes to C-01"]
    assert all_told(people) == {"author": words, "asker": words}

    cases.answer_remark(verdict, by=people["author"], answer="Since May.", version=1)
    assert all_told(people) == {"editor": ["Author answered your remark on C-01"]}

    again = cases.ask_for_review(case, by=people["author"], claims=[claim])
    all_told(people)
    cases.give_verdict(again, by=people["editor"], claim=claim, verdict="approved")
    assert all_told(people) == {"author": ["Editor approved C-01"]}

    cases.change_claim(Claim.objects.get(pk=claim.pk), by=people["second"], version=1, text="It lay there long.")
    found = all_told(people)
    assert found["editor"] == ["C-01 is open again after its approval"]
    assert "C-01 is open again after its approval" in found["author"]


def test_a_sealed_verdict_is_told_to_nobody_and_both_once_they_are_in(case, claim, people):
    review = cases.ask_for_review(case, by=people["asker"], claims=[claim], is_blind=True)
    all_told(people)
    cases.give_verdict(review, by=people["editor"], claim=claim, verdict="approved")
    assert all_told(people) == {}

    cases.give_verdict(review, by=people["second"], claim=claim, verdict="changes requested", remark="No.")

    both = ["Both verdicts on C-01 are in"]
    assert all_told(people) == {"author": both, "asker": both, "editor": both}


def test_a_verdict_that_is_taken_back_is_told(case, claim, people):
    review = cases.ask_for_review(case, by=people["asker"], claims=[claim])
    verdict = cases.give_verdict(review, by=people["editor"], claim=claim, verdict="approved")
    all_told(people)

    cases.withdraw_verdict(Verdict.objects.get(pk=verdict.pk), by=people["editor"], reason="Too soon.")

    assert all_told(people)["author"] == ["Editor took back a verdict on C-01"]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (3, None),
        (1, "The deadline of request R-01 comes near"),
        (-1, "The deadline of request R-01 has passed"),
    ],
)
def test_a_deadline_for_comment_is_told_once_until_something_came_of_it(case, claim, people, days, sentence):
    now = timezone.now()
    request = cases.draft_request(case, by=people["asker"], party_text="The yard", claims=[claim])
    sent = cases.send_request(
        request, by=people["asker"], version=1, sent_at=now - 9 * DAY, deadline_at=now + days * DAY
    )
    all_told(people)
    for _twice in range(2):
        telling.tell_due(now.date())

    assert all_told(people) == ({"asker": [sentence], "lead": [sentence]} if sentence else {})
    if days < 0:
        cases.record_silence(sent, by=people["asker"])
        assert all_told(people) == {"lead": ["Asker recorded what came of request R-01"]}
        telling.tell_due(now.date() + DAY)
        assert all_told(people) == {}


def test_whoever_rated_is_told_once_a_day_that_there_is_more_to_rate(case, claim, people):
    first = cases.add_hypothesis(case, by=people["lead"], text="It came to load.")
    cases.weigh_claims(case, by=people["lead"], chosen=[claim])
    cases.rate(case, by=people["editor"], cells={(first, claim): Rated("C")})
    all_told(people)

    cases.add_hypothesis(case, by=people["lead"], text="It came for repairs.")
    more = [make.claim(case, people["lead"], text=f"Claim {number}.") for number in range(3)]
    cases.weigh_claims(case, by=people["lead"], chosen=more)

    assert all_told(people) == {"editor": ["Lead put H-02 into the matrix that you rated"]}
