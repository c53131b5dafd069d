"""A case at two points in time: what is left of the changes between them, word by word, and who is told of any."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from casefiles.access.actions import NotVisible
from casefiles.audit.models import Event
from casefiles.cases import actions as cases
from casefiles.cases.comparing import LONGEST_COMPARED, Fate, Run, Step, outcome, word_diff
from casefiles.cases.models import LookedAt
from casefiles.cases.selectors import compared
from casefiles.cases.selectors.compared import compare, seen_until, unseen
from casefiles.dossiers.actions import prepare_release
from tests import make

pytestmark = pytest.mark.django_db
GONE = {"voided_at": (None, "2026-01-01"), "void_reason": ("", "Twice.")}
BACK = {"voided_at": ("2026-01-01", None), "void_reason": ("Twice.", "")}


# --- Pure rules ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "fate", "changes"),
    [
        ([("changed", {"text": ("a", "b")})], Fate.CHANGED, {"text": ("a", "b")}),
        ([("changed", {"text": ("a", "b")}), ("changed", {"text": ("b", "c")})], Fate.CHANGED, {"text": ("a", "c")}),
        ([("changed", {"text": ("a", "b")}), ("changed", {"text": ("b", "a")})], None, None),
        ([("changed", {"note": (None, "")})], None, None),
        ([("added", {"text": (None, "a")}), ("changed", {"text": ("a", "b")})], Fate.ADDED, {"text": (None, "b")}),
        ([("voided", GONE)], Fate.VOIDED, GONE),
        ([("restored", BACK)], Fate.RESTORED, BACK),
        ([("voided", GONE), ("restored", BACK)], None, None),
        ([("added", {"text": (None, "a")}), ("voided", GONE)], Fate.PASSED, {"text": (None, "a"), **GONE}),
        ([("outcome refuted", {"outcome": ("held", "refuted")})], Fate.CHANGED, {"outcome": ("held", "refuted")}),
        ([], None, None),
    ],
)
def test_steps_that_undo_each_other_cancel_out(steps, fate, changes):
    found = outcome(Step(act, fields) for act, fields in steps)

    assert (found.fate, dict(found.changes)) == (fate, changes) if found else fate is None


@pytest.mark.parametrize(
    ("old", "new", "runs"),
    [
        ("", "", []),
        ("", "It sailed.", [("ins", "It sailed.")]),
        ("It sailed.", "", [("del", "It sailed.")]),
        ("It sailed on Monday.", "It sailed on Friday.",
         [("", "It sailed on "), ("del", "Monday"), ("ins", "Friday"), ("", ".")]),
        ("船停在港口。", "船停在船厂。", [("", "船停在"), ("del", "港口"), ("ins", "船厂"), ("", "。")]),
        ("Он стоял.", "Он долго стоял.", [("", "Он"), ("ins", " долго"), ("", " стоял.")]),
    ],
)  # fmt: skip
def test_texts_are_compared_word_by_word_and_wide_ones_by_character(old, new, runs):
    assert word_diff(old, new) == [Run(*run) for run in runs]


def test_texts_that_are_too_long_stand_whole():
    long = "word " * LONGEST_COMPARED

    assert word_diff(long, "short") == [Run("del", long), Run("ins", "short")]


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_diff_holds_both_texts_whole(old, new):
    runs = word_diff(old, new)

    assert "".join(run.words for run in runs if run.kind != "ins") == old
    assert "".join(run.words for run in runs if run.kind != "del") == new


# --- Reading ------------------------------------------------------------------------------------------------------


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def other():
    return make.user("other")


@pytest.fixture
def case(lead, other):
    return make.case(lead, members={other: "editor"})


def told(found):
    return {group.label: [(one.fate, one.line.sentence) for one in group.lines] for group in found.groups}


def test_everything_that_a_case_holds_is_compared_by_what_is_left(case, lead, other):
    exhibit, claim = make.original(case, lead), make.claim(case, lead, text="It sailed on Monday.")
    gone, back = make.claim(case, lead), make.claim(case, lead)
    start = timezone.now()
    cases.change_claim(claim, by=other, version=1, text="It sailed on Friday.")
    make.cited(claim, other, exhibit)
    cases.void_claim(gone, by=lead, reason="Twice.")
    cases.change_claim(back, by=lead, version=1, rationale="Because.")
    cases.change_claim(back, by=lead, version=2, rationale="")
    made = make.claim(case, other)
    cases.change_claim(made, by=lead, version=1, text="It stayed.")
    passing = cases.add_hypothesis(case, by=other, text="It stayed.")
    cases.void_hypothesis(passing, by=other, reason="No.")
    cases.set_outcome(claim, by=other, outcome="refuted", reason="Another ship.")
    cases.change_case(case, by=lead, version=1, summary="It sailed.")

    found = compare(case, lead, after=start)

    assert told(found) == {
        "The case and its summary": [("changed", "Lead changed the case: summary")],
        "Claims": [
            ("changed", "Other changed C-01: text, outcome, outcome reason"),
            ("taken out", "Lead withdrew C-02"),
            ("added", "Other made claim C-04"),
        ],
        "Citations": [("added", "Other cited E-01 on C-01")],
        "Hypotheses": [("added and taken out again", "Other took out hypothesis H-01")],
    }
    changed, *_others = next(group.lines for group in found.groups if group.label == "Claims")
    assert changed.steps_count == 2
    assert [run.words for run in changed.diffs[0].runs] == ["It sailed on ", "Monday", "Friday", "."]
    assert compare(case, lead, after=start, until=start).groups == ()
    assert compare(case, lead, after=None).events_count > found.events_count


def test_an_added_record_says_what_it_is_and_a_long_text_stands_whole_below(case, lead):
    long = "The ship lay there. " * 20
    for text in ("It sailed.", long, *("It stayed." for _more in range(8))):
        make.claim(case, lead, text=text)
    make.original(case, lead, title="A report")

    groups = {group.label: group for group in compare(case, lead, after=None).groups}
    claims = groups["Claims"]

    assert (claims.counts, len(claims.open_lines), len(claims.folded_lines)) == ("10 added", 8, 2)
    assert [one.words for one in claims.lines[:2]] == ["It sailed.", long]
    assert [any(run.words for diff in one.diffs for run in diff.runs if "The ship" in run.words)
            for one in claims.lines[:2]] == [False, True]  # fmt: skip
    assert [one.words for one in groups["Exhibits"].lines] == ["A report"]


def test_more_than_is_read_at_once_is_said(case, lead, monkeypatch):
    monkeypatch.setattr(compared, "EVENTS_AT_MOST", 2)
    make.claim(case, lead)
    make.claim(case, lead)

    found = compare(case, lead, after=None)

    assert (found.is_capped, found.events_count) == (True, 2)
    monkeypatch.setattr(compared, "EVENTS_AT_MOST", 99)
    monkeypatch.setattr(compared, "LINES_AT_MOST", 1)
    claims = next(group for group in compare(case, lead, after=None).groups if group.label == "Claims")
    assert (len(claims.lines), claims.more) == (1, 1)


def test_only_what_others_did_since_one_looked_is_counted_and_nobody_else_sees_that_one_looked(case, lead, other):
    make.claim(case, lead)
    assert (unseen(case, lead).count, unseen(case, other).count) == (0, 1)
    before = Event.objects.count()

    held = cases.mark_looked_at(case, by=other)
    make.claim(case, other)
    make.claim(case, lead)

    assert (unseen(case, other).words, seen_until(case, other)) == ("1", held.seen_at)
    assert list(LookedAt.objects.visible_to(lead)) == []
    assert list(LookedAt.objects.visible_to(other)) == [held]
    assert Event.objects.filter(record_kind="cases.lookedat").get().compartment_ids == []
    assert Event.objects.count() > before
    assert unseen(case, make.user()).count == 0
    assert str(held) == str(case)


def test_a_mark_never_goes_back_and_never_beyond_now(case, lead):
    first = cases.mark_looked_at(case, by=lead)
    later = timezone.now() + datetime.timedelta(days=3)

    cases.mark_looked_at(case, by=lead, until=first.seen_at - datetime.timedelta(days=1))
    assert LookedAt.objects.get().seen_at == first.seen_at
    cases.mark_looked_at(case, by=lead, until=later)
    assert first.seen_at < LookedAt.objects.get().seen_at < later
    with pytest.raises(NotVisible):
        cases.mark_looked_at(case, by=make.user())


def test_a_count_is_capped(case, lead, other, monkeypatch):
    monkeypatch.setattr(compared, "COUNTED_AT_MOST", 1)
    make.claim(case, lead)
    make.claim(case, lead)

    assert (unseen(case, other).is_capped, unseen(case, other).words) == (True, "1+")


# --- Pages --------------------------------------------------------------------------------------------------------


def shown(client, person, case, **query):
    client.force_login(person)
    return client.get(reverse("workspace:changes", args=[case.pk]), query)


def test_the_overview_says_how_much_is_new_and_marking_it_as_seen_settles_it(client, case, lead, other):
    claim = make.claim(case, lead, text="It sailed on Monday.")
    client.force_login(other)
    overview = reverse("cases:case", args=[case.pk])
    assert "1 change by others since you last looked" in client.get(overview).content.decode()

    page = shown(client, other, case)
    marked = client.post(
        reverse("workspace:changes_seen", args=[case.pk]), {"until": page.context["drawn_at"].isoformat()}, follow=True
    )
    cases.change_claim(claim, by=lead, version=1, text="It sailed on Friday.")
    text = shown(client, other, case).content.decode()

    assert "Lead made claim C-01" in page.content.decode()
    assert "Nobody else sees that you looked" in marked.content.decode()
    assert "Compare two points in time" in marked.content.decode()
    assert "<del>Monday</del><ins>Friday</ins>" in text
    assert (
        reverse("workspace:changes", args=[case.pk])
        in client.get(reverse("cases:history", args=[case.pk])).content.decode()
    )


def test_since_a_release_standings_are_compared_with_those_that_it_froze(client, case, lead):
    claim, same = make.claim(case, lead), make.claim(case, lead)
    prepare_release(case, by=lead)
    make.cited(claim, lead, make.original(case, lead))

    page = shown(client, lead, case, since="release 1")
    bounded = shown(client, lead, case, since="release 1", until="2100-01-01")

    assert [(one.label, one.before, one.after) for one in page.context["moves"]] == [
        ("C-01", "Unsupported", "Single origin")
    ]
    assert "moves" not in bounded.context
    assert same.label not in page.content.decode().split("Standing of claims")[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"since": "day"}, "after"),
        ({"since": "day", "after": "2026-02-30"}, "after"),
        ({"since": "day", "after": "2026-02-02", "until": "2026-02-01"}, "until"),
        ({"since": "release 7"}, "since"),
        ({"until": "2026-02-01"}, "since"),
    ],
)
def test_what_cannot_be_compared_is_said_at_its_field(client, case, lead, query, wrong):
    page = shown(client, lead, case, **query)

    assert (page.status_code, list(page.context["form"].errors)) == (200, [wrong])
    assert "found" not in page.context


def test_a_day_is_compared_from_its_beginning_and_nothing_says_so(client, case, lead):
    make.claim(case, lead)
    today = timezone.now().date().isoformat()

    assert "made claim C-01" in shown(client, lead, case, since="day", after=today, until=today).content.decode()
    empty = shown(client, lead, case, since="day", after="2001-01-01", until="2001-01-02").content.decode()
    assert "Nothing changed" in empty


def test_a_stranger_finds_no_comparison_and_marks_nothing(client, case):
    stranger = make.user()

    assert shown(client, stranger, case).status_code == 404
    assert client.post(reverse("workspace:changes_seen", args=[case.pk])).status_code == 404
    assert not LookedAt.objects.exists()


def test_a_comparison_asks_as_often_for_few_changes_as_for_many(client, case, lead, other, assert_same_queries):
    def add(count):
        for _turn in range(count):
            claim = make.claim(case, other)
            make.cited(claim, other, make.original(case, other))
            cases.weigh_claim(case, by=other, claim=claim)

    assert_same_queries(lambda: shown(client, lead, case, since="seen"), add)
