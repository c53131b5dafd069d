"""What the people of a case say to each other: who may, who is told, and that none of it leaves."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.accounts.models import User
from casefiles.audit.selectors import history
from casefiles.cases import actions as cases
from casefiles.cases import selectors
from casefiles.cases.models import Comment
from casefiles.core.markdown import mentionable_names, render_markdown
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.dossiers.selectors import collect
from casefiles.search.documents import INDEXED
from casefiles.workspace.actions import take_back_addition, take_back_change
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def researcher():
    return make.user("researcher")


@pytest.fixture
def case(lead, viewer, researcher):
    return make.case(lead, members={viewer: "viewer", researcher: "researcher"})


@pytest.fixture
def claim(case, lead):
    return make.claim(case, lead)


@pytest.fixture
def thread(case, claim, viewer):
    return cases.add_comment(case, by=viewer, about=claim, body="Is this the same ship?")


def named(comment):
    return {account.username for account in comment.mentioned.all()}


def shown(client, person, name, *args, status=200, **query):
    client.force_login(person)
    response = client.get(reverse(f"cases:{name}", args=args), query)
    assert response.status_code == status
    return response


# --- Who is named -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@lead, look", {"lead"}),
        ("@lead.", {"lead.", "lead"}),
        ("Ask @jo.doe-x+1 and (@viewer)", {"jo.doe-x+1", "viewer"}),
        ("write to lead@example.org", set()),
        ("`@lead` and [@lead](https://example.org)", set()),
        ("    @lead in code", set()),
        ("@", set()),
        ("**@lead** and @ლიდერი", {"lead", "ლიდერი"}),
        ("@" + "a" * 100_001, set()),
    ],
)
def test_a_name_is_what_follows_the_sign_outside_code_links_and_addresses(text, names):
    assert mentionable_names(text) == names


@pytest.mark.parametrize(
    ("text", "known", "html"),
    [
        ("@lead.", {"lead"}, '<p><span class="mention">@lead</span>.</p>'),
        ("@lead.", {"lead."}, '<p><span class="mention">@lead.</span></p>'),
        ("@lead and @stranger", {"lead"}, '<p><span class="mention">@lead</span> and @stranger</p>'),
        ("@lead", set(), "<p>@lead</p>"),
        ("`@lead`", {"lead"}, "<p><code>@lead</code></p>"),
        ("@<b>", {"<b>"}, "<p>@&lt;b&gt;</p>"),
    ],
)
def test_only_people_who_are_known_are_marked(text, known, html):
    assert render_markdown(text, mentioned=known).strip() == html


def test_people_of_the_team_are_named_and_nobody_else(case, claim, lead, viewer):
    make.user("stranger")
    gone = make.user("gone")
    make.member(case, gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)

    comment = cases.add_comment(case, by=viewer, about=claim, body="@lead @stranger @gone @nobody: look.")

    assert named(comment) == {"lead"}
    entry = history([comment.pk], limit=1)[0]
    assert (entry.act, [change.new for change in entry.changes]) == ("people named", [[str(lead.pk)]])


def test_a_comment_that_names_nobody_says_so_in_one_event(thread):
    assert [entry.act for entry in history([thread.pk])] == ["added"]


def test_rewording_names_anew(case, claim, lead, viewer):
    comment = cases.add_comment(case, by=viewer, about=claim, body="@lead")

    changed = cases.change_comment(comment, by=viewer, version=comment.version, body="@researcher")

    assert named(comment) == {"researcher"}
    assert changed["body"] == ("@lead", "@researcher")
    assert changed["mentioned"][0] == [str(lead.pk)]
    assert comment.reworded_at is not None


# --- Actions ------------------------------------------------------------------------------------------------------


def test_whoever_reads_a_case_may_comment_on_it_and_on_what_it_holds(client, case, claim, viewer, lead):
    exhibit = make.report(case, lead)
    subject = cases.add_subject(case, by=lead, vessel=make.numbered_vessel(lead))
    duty = cases.add_duty(case, by=lead, provision=make.provision(lead, "It lay there."), country="CN")
    task = cases.add_task(case, by=lead, title="Look again")
    said = make.said(case, lead, exhibit)
    hypothesis = cases.add_hypothesis(case, by=lead, text="It came to load.")
    lookup = cases.add_lookup(case, by=lead, searched="The port's list", result="not found")
    review = cases.ask_for_review(case, by=lead, claims=[claim], note="The date.")
    request = cases.draft_request(case, by=lead, party_text="The yard")

    made = [
        cases.add_comment(case, by=viewer, about=about, body="Why?")
        for about in (case, claim, exhibit, subject, duty, task, said, hypothesis, lookup, review, request)
    ]

    rows = {(comment.about_kind, comment.about_id) for comment in made}
    found = selectors.named_records(case, rows, viewer)
    assert set(found) == rows
    assert found["cases.claim", claim.pk].label == claim.label
    assert found["cases.case", case.pk].short == "the case as a whole"
    assert all(one.url for one in found.values())
    assert (found["cases.review", review.pk].label, found["cases.review", review.pk].text) == ("V-01", "The date.")
    assert found["cases.replyrequest", request.pk].text == "The yard"
    for name, args in (("lookups", [case.pk]), ("hypotheses", [case.pk])):
        assert "1 comment on" in shown(client, viewer, name, *args).content.decode()
    for page in (review, request):
        client.force_login(viewer)
        assert "Why?" in client.get(page.get_absolute_url()).content.decode()


def test_a_stranger_finds_no_case_to_comment_on(case, claim, thread):
    stranger = make.lead("stranger")

    with pytest.raises(NotVisible):
        cases.add_comment(case, by=stranger, about=claim, body="Let me in.")
    with pytest.raises(NotVisible):
        cases.answer_comment(thread, by=stranger, body="Let me in.")


def test_nothing_of_another_case_or_outside_cases_is_commented_on_here(case, lead):
    other = make.claim(make.case(lead), lead)
    taken_out = make.claim(case, lead)
    cases.void_claim(taken_out, by=lead, reason="Twice.")

    for about in (other, taken_out, make.numbered_vessel(lead)):
        with pytest.raises(Refused):
            cases.add_comment(case, by=lead, about=about, body="Why?")


def test_a_closed_case_takes_no_comment(case, thread, lead):
    cases.change_case(case, by=lead, version=case.version, status="closed")

    for act in (
        lambda: cases.add_comment(case, by=lead, about=case, body="One more."),
        lambda: cases.answer_comment(thread, by=lead, body="One more."),
        lambda: cases.resolve_thread(thread, by=lead),
    ):
        with pytest.raises(Refused, match="closed"):
            act()


def test_an_answer_stands_in_its_thread_and_is_not_answered_itself(case, claim, thread, lead):
    answer = cases.answer_comment(thread, by=lead, body="Yes: the same bow.")

    assert (answer.parent, answer.about_kind, answer.about_id) == (thread, "cases.claim", claim.pk)
    for act in (cases.answer_comment, cases.resolve_thread, cases.reopen_thread):
        with pytest.raises(Refused, match="answer itself"):
            act(answer, by=lead, **({"body": "So?"} if act is cases.answer_comment else {}))


def test_the_database_settles_threads_alone(thread, lead):
    answer = cases.answer_comment(thread, by=lead, body="Yes.")

    with pytest.raises(IntegrityError, match="only_a_thread_is_resolved"), transaction.atomic():
        Comment.objects.filter(pk=answer.pk).update(resolved_at=answer.created_at)


def test_nobody_puts_words_into_the_mouth_of_another(thread, lead, viewer):
    with pytest.raises(NotAllowed):
        cases.change_comment(thread, by=lead, version=thread.version, body="It is.")

    assert cases.change_comment(thread, by=viewer, version=1, body=thread.body) == {}
    cases.change_comment(thread, by=viewer, version=1, body="It may be.")
    with pytest.raises(StaleVersion):
        cases.change_comment(thread, by=viewer, version=1, body="It is not.")


def test_the_words_of_a_withdrawn_comment_stand_nowhere(client, case, thread, lead, viewer):
    words = thread.body
    client.force_login(viewer)
    history, changes = reverse("cases:history", args=[case.pk]), reverse("workspace:changes", args=[case.pk])
    shown = [words in client.get(address, {"after": "2020-01-01"}).text for address in (history, changes)]
    cases.void_comment(thread, by=lead, reason="It named somebody.")

    for address in (history, changes, reverse("cases:comment_answer", args=[case.pk, thread.pk])):
        assert words not in client.get(address, {"after": "2020-01-01"}).text, address
    assert shown[0] is True


def test_a_comment_is_withdrawn_by_its_author_or_an_editor_with_a_reason(thread, lead, researcher, viewer):
    with pytest.raises(NotAllowed):
        cases.void_comment(thread, by=researcher, reason="Rude.")
    with pytest.raises(Refused, match="Say why"):
        cases.void_comment(thread, by=viewer, reason=" ")

    cases.void_comment(thread, by=lead, reason="Off the point.")

    line = selectors.comment_lines([Comment.objects.get(pk=thread.pk)], viewer)[0]
    assert (line.body, line.void_reason, line.voided_by) == ("", "Off the point.", "Lead")
    with pytest.raises(Refused):
        cases.answer_comment(thread, by=lead, body="Still?")
    cases.restore_comment(thread, by=viewer)
    assert not Comment.objects.get(pk=thread.pk).is_voided


def test_a_thread_is_settled_by_whoever_began_it_or_may_edit(thread, researcher, lead):
    reader = make.user("reader")
    make.member(thread.case, reader, "viewer")
    with pytest.raises(NotAllowed):
        cases.resolve_thread(thread, by=reader)

    cases.resolve_thread(thread, by=researcher)
    assert Comment.objects.get(pk=thread.pk).resolved_by == researcher
    cases.reopen_thread(thread, by=thread.created_by, version=2)

    assert not Comment.objects.get(pk=thread.pk).is_resolved
    assert [entry.act for entry in history([thread.pk])] == ["reopened", "resolved", "added"]


def test_what_a_viewer_did_is_taken_back_by_them(thread, viewer, lead):
    cases.change_comment(thread, by=viewer, version=1, body="Is it?")
    take_back_change(thread, by=viewer, version=2)
    assert Comment.objects.get(pk=thread.pk).body == "Is this the same ship?"

    cases.resolve_thread(thread, by=viewer)
    take_back_change(thread, by=viewer)
    assert not Comment.objects.get(pk=thread.pk).is_resolved
    take_back_change(thread, by=viewer)
    assert Comment.objects.get(pk=thread.pk).is_resolved

    take_back_addition(thread, by=viewer)
    assert Comment.objects.get(pk=thread.pk).is_voided
    take_back_change(thread, by=viewer)
    assert not Comment.objects.get(pk=thread.pk).is_voided


def test_naming_people_is_part_of_the_comment_and_not_taken_back_alone(case, claim, viewer):
    comment = cases.add_comment(case, by=viewer, about=claim, body="@lead")

    with pytest.raises(Refused):
        take_back_change(comment, by=viewer)


# --- Pages --------------------------------------------------------------------------------------------------------


def test_a_comment_is_written_answered_and_settled_on_its_pages(client, case, claim, viewer, lead):
    client.force_login(viewer)
    about = f"cases.claim:{claim.pk}"
    client.post(
        reverse("cases:comment_add", args=[case.pk]),
        {"about": about, "body": f"Hello @lead, *look* at [[{claim.label}]]."},
    )
    thread = Comment.objects.get()
    page = shown(client, viewer, "claim", case.pk, claim.pk).content.decode()
    assert '<span class="mention">@lead</span>, <em>look</em> at <a href="' in page

    client.force_login(lead)
    client.post(reverse("cases:comment_answer", args=[case.pk, thread.pk]), {"body": "I did."})
    client.post(reverse("cases:thread_resolve", args=[case.pk, thread.pk]))

    answer = thread.replies.get()
    assert "I did." in shown(client, viewer, "thread", case.pk, thread.pk).content.decode()
    assert shown(client, viewer, "thread", case.pk, answer.pk, status=302).url == answer.get_absolute_url()
    assert client.get(answer.get_absolute_url()).status_code == 200
    assert shown(client, viewer, "discussion", case.pk).context["threads"] == []
    resolved = shown(client, viewer, "discussion", case.pk, state="resolved").context["threads"]
    assert [line.id for line in resolved] == [thread.pk]
    client.post(reverse("cases:thread_reopen", args=[case.pk, thread.pk]))
    narrowed = shown(client, viewer, "discussion", case.pk, about=about)
    assert [(line.answers_total, line.is_resolved) for line in narrowed.context["threads"]] == [(1, False)]


def test_a_form_for_no_record_of_the_case_is_refused(client, case, lead, viewer):
    client.force_login(viewer)
    other = make.claim(make.case(lead), lead)
    for about in (f"cases.claim:{other.pk}", f"cases.claim:{uuid.uuid4()}", "accounts.user:x", "cases.claim:x"):
        response = client.post(reverse("cases:comment_add", args=[case.pk]), {"about": about, "body": "Hi."})
        assert response.status_code == 422
        shown(client, viewer, "discussion", case.pk, about=about, status=404)
    assert client.post(reverse("cases:comment_add", args=[case.pk]), {"body": " "}).status_code == 422
    assert not Comment.objects.exists()
    client.post(reverse("cases:comment_add", args=[case.pk]), {"body": "On all of it."})
    assert Comment.objects.get().about_kind == "cases.case"


def test_the_author_alone_gets_the_form_and_a_stale_save_shows_both(client, case, thread, viewer, lead):
    shown(client, lead, "comment_edit", case.pk, thread.pk, status=403)
    page = shown(client, viewer, "comment_edit", case.pk, thread.pk)
    cases.change_comment(thread, by=viewer, version=1, body="Changed elsewhere.")

    response = client.post(
        reverse("cases:comment_edit", args=[case.pk, thread.pk]),
        {"base": page.context["base_token"], "body": "Changed here."},
    )

    assert response.status_code == 409
    again = shown(client, viewer, "comment_edit", case.pk, thread.pk)
    saved = client.post(
        reverse("cases:comment_edit", args=[case.pk, thread.pk]),
        {"base": again.context["base_token"], "body": "Third."},
    )
    assert saved.status_code == 302
    withdrawn = client.post(reverse("cases:comment_void", args=[case.pk, thread.pk]), {"reason": "Settled."})
    assert withdrawn.url == thread.get_absolute_url()
    assert "Settled." in shown(client, lead, "thread", case.pk, thread.pk).content.decode()


def test_names_are_completed_from_the_team_alone(client, case, viewer, lead):
    make.user("leander")

    found = shown(client, viewer, "member_suggest", case.pk, q="LE").json()["results"]

    assert found == [{"id": "lead", "text": "@lead", "detail": "Lead"}]
    shown(client, make.lead("outside"), "member_suggest", case.pk, q="l", status=404)


def test_lists_count_what_was_said_of_each_row(client, case, claim, thread, viewer, lead):
    cases.answer_comment(thread, by=lead, body="Yes.")
    gone = cases.add_comment(case, by=lead, about=claim, body="Never mind.")
    cases.answer_comment(gone, by=lead, body="Nor this.")
    cases.void_comment(gone, by=lead, reason="Settled.")

    page = shown(client, viewer, "claims", case.pk)

    assert page.context["talk"].counts == {claim.pk: 2}
    assert f"2 comments on {claim.label}" in page.content.decode()


def test_a_list_of_threads_asks_as_often_for_2_as_for_12(client, case, lead, viewer, assert_same_queries):
    def add(count):
        for _turn in range(count):
            claim = make.claim(case, lead)
            thread = cases.add_comment(case, by=lead, about=claim, body="@viewer")
            for _answer in range(4):
                cases.answer_comment(thread, by=viewer, body="@lead")

    client.force_login(viewer)
    address = reverse("cases:discussion", args=[case.pk])

    assert assert_same_queries(lambda: client.get(address), add) <= 16
    assert shown(client, viewer, "discussion", case.pk).context["threads"][0].earlier == 1


def test_an_answer_that_the_address_names_stands_on_the_page(client, case, thread, lead, viewer):
    answers = [cases.answer_comment(thread, by=lead, body=f"Answer {number}.") for number in range(53)]

    client.force_login(viewer)
    page = client.get(answers[-1].get_absolute_url())

    assert answers[-1].pk in [line.id for line in page.context["answers"]]
    assert len(shown(client, viewer, "thread", case.pk, thread.pk, near="x").context["answers"]) == 50


def test_history_tells_what_was_said_about_what(case, claim, thread, viewer):
    cases.resolve_thread(thread, by=viewer)

    lines = selectors.history_of_case(case, viewer).lines[:2]

    assert [line.sentence for line in lines] == [
        f"Viewer resolved a thread on {claim.label}",
        f"Viewer commented on {claim.label}",
    ]


def test_comments_are_found_by_their_words_and_never_leave_in_a_dossier(case, thread, lead):
    document = INDEXED["cases.comment"].describe(thread)

    assert document.texts == ("Is this the same ship?",)
    assert "Is this the same ship?" not in repr(collect(case, lead))
