"""Who is told of what, that nobody is told of what they may not see, and what a mail says."""

import datetime
import smtplib

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from casefiles.access import actions as access
from casefiles.accounts.models import User
from casefiles.audit.selectors import history
from casefiles.cases import actions as cases
from casefiles.core.versions import StaleVersion
from casefiles.workspace.actions import telling
from casefiles.workspace.actions.digests import send_digests
from casefiles.workspace.models import Notification, NotificationChoices, TellingState
from casefiles.workspace.selectors.telling import account_with_bell, notification_lines, notifications
from tests import make

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 3, 10)


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def viewer():
    return make.user("viewer", email="viewer@example.org")


@pytest.fixture
def researcher():
    return make.user("researcher")


@pytest.fixture
def case(lead, viewer, researcher):
    opened = make.case(lead, members={viewer: "viewer", researcher: "researcher"})
    telling.take_in()
    Notification.objects.all().delete()
    return opened


def told(user):
    """Return what somebody was told since, the newest first, as (kind, sentence)."""
    telling.take_in()
    rows = list(notifications(user).order_by("-at", "-pk"))
    return [(row.kind, line.sentence) for row, line in zip(rows, notification_lines(rows, user), strict=True)]


# --- What tells ---------------------------------------------------------------------------------------------------


def test_whoever_is_named_is_told_once_and_whoever_took_part_is_told_of_answers(case, lead, viewer, researcher):
    claim = make.claim(case, lead)
    thread = cases.add_comment(case, by=lead, about=claim, body="@viewer @lead: look.")
    assert told(viewer) == [("mention", f"Lead named you in a comment on {claim.label}")]
    assert told(lead) == []

    cases.answer_comment(thread, by=viewer, body="@lead I did.")
    cases.answer_comment(thread, by=researcher, body="So did I.")

    assert told(lead) == [
        ("answer", f"Researcher answered in a thread on {claim.label}"),
        ("mention", f"Viewer named you in a comment on {claim.label}"),
    ]
    assert told(viewer)[0] == ("answer", f"Researcher answered in a thread on {claim.label}")
    assert told(researcher) == []


def test_rewording_tells_those_who_were_not_named_before(case, lead, viewer, researcher):
    comment = cases.add_comment(case, by=lead, about=case, body="@viewer")
    told(viewer)

    cases.change_comment(comment, by=lead, version=1, body="@viewer and @researcher")

    assert [kind for kind, _sentence in told(viewer)] == ["mention"]
    assert told(researcher) == [("mention", "Lead named you in a comment on the case as a whole")]


def test_whoever_is_given_a_task_is_told(case, lead, viewer, researcher):
    task = cases.add_task(case, by=lead, title="Ask the yard", assignee=viewer)
    cases.change_task(task, by=lead, version=1, assignee=researcher)
    cases.change_task(task, by=lead, version=2, title="Ask the yard again")
    cases.add_task(case, by=lead, title="Mine", assignee=lead)

    assert [told(one) for one in (viewer, researcher, lead)] == [
        [("task", f"Lead gave you the task {task.label}")],
        [("task", f"Lead gave you the task {task.label}")],
        [],
    ]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(2, None), (1, "Your task T-01 is due"), (0, "Your task T-01 is due"), (-1, "Your task T-01 is overdue")],
)
def test_a_task_is_told_of_as_due_from_the_day_before_and_once_for_a_date(case, lead, viewer, days, sentence):
    due = TODAY + datetime.timedelta(days=days)
    task = cases.add_task(case, by=lead, title="Ask the yard", assignee=viewer, due_on=due)
    cases.add_task(case, by=lead, title="Nobody's", due_on=due)
    told(viewer)

    made = telling.tell_due(TODAY), telling.tell_due(TODAY)

    assert made == (0 if sentence is None else 1, 0)
    assert [words for kind, words in told(viewer) if kind == "due"] == ([sentence] if sentence else [])
    cases.finish_task(task, by=lead)
    assert telling.tell_due(TODAY + datetime.timedelta(days=9)) == 0


def test_the_author_is_told_of_what_others_do_to_a_claim(case, lead, researcher):
    claim = make.claim(case, researcher)
    exhibit = make.report(case, lead)
    cases.change_claim(claim, by=researcher, version=1, text="My own words.")
    assert told(researcher) == []

    make.cited(claim, lead, exhibit)
    assert len(told(researcher)) == 1
    cases.change_claim(claim, by=lead, version=claim.assertion.version, kind="inference")
    cases.void_claim(claim, by=lead, reason="Twice.")

    assert told(researcher) == 2 * [("claim", f"Lead changed your claim {claim.label}, or what is cited for it")]


def test_somebody_is_told_that_they_joined_and_have_another_role(case, lead):
    newcomer = make.user("newcomer")
    member = make.member(case, newcomer, "viewer")
    assert told(newcomer) == [("team", "Lead added you to the team")]

    cases.change_role(case, by=lead, member=member, role="editor")

    assert told(newcomer)[0] == ("team", "Lead changed your place in the team")
    access.open_compartment(name="No case", by=lead)
    assert told(lead) == []


# --- What nobody is told ------------------------------------------------------------------------------------------


def test_what_one_may_no_longer_see_vanishes_from_the_list_and_from_the_bell(client, case, lead, viewer):
    cases.add_comment(case, by=lead, about=case, body="@viewer")
    told(viewer)
    assert account_with_bell(viewer.pk).unread_notifications == 1

    access.remove_member(compartment=case.compartment, user=viewer, by=lead)
    cases.add_comment(case, by=lead, about=case, body="@viewer, are you there?")

    assert told(viewer) == []
    assert account_with_bell(viewer.pk).unread_notifications == 0
    client.force_login(viewer)
    page = client.get(reverse("workspace:notifications"))
    assert (page.context["page"]["total"], case.reference in page.content.decode()) == (0, False)


def test_whoever_left_before_it_was_told_is_never_told(case, lead, viewer):
    cases.add_comment(case, by=lead, about=case, body="@viewer")
    access.remove_member(compartment=case.compartment, user=viewer, by=lead)

    telling.take_in()

    assert not Notification.objects.filter(user=viewer).exists()


def test_what_somebody_does_not_want_to_hear_is_not_kept(case, lead, viewer):
    telling.choose_notifications(by=viewer, mention="off")

    cases.add_comment(case, by=lead, about=case, body="@viewer")
    cases.add_task(case, by=lead, title="Ask", assignee=viewer)

    assert [kind for kind, _sentence in told(viewer)] == ["task"]


def test_reading_on_ends_where_the_record_does_and_begins_there_again(case, lead, viewer):
    assert telling.take_in(batches=0) == 0
    cases.add_comment(case, by=lead, about=case, body="@viewer")

    assert [telling.take_in(batches=1), telling.take_in(batches=1)] == [1, 0]
    TellingState.objects.update(seq=0)
    assert telling.take_in() >= 0
    assert Notification.objects.filter(user=viewer, kind="mention").count() == 1


# --- One's own ----------------------------------------------------------------------------------------------------


def test_notifications_are_marked_as_read_one_by_one_or_all_that_were_shown(client, case, lead, viewer):
    for number in range(3):
        cases.add_comment(case, by=lead, about=case, body=f"@viewer {number}")
    client.force_login(viewer)
    page = client.get(reverse("workspace:notifications"))
    first = page.context["rows"][0]
    read = reverse("workspace:notifications_read")

    client.post(read, {"id": str(first.id)})
    assert [line.is_read for line in client.get(reverse("workspace:notifications")).context["rows"]] == [0, 0, 1]
    drawn = timezone.now().isoformat()
    cases.add_comment(case, by=lead, about=case, body="@viewer, once more")
    client.post(read, {"until": drawn})

    assert [line.is_read for line in client.get(reverse("workspace:notifications")).context["rows"]] == [0, 1, 1, 1]
    assert history([first.id])[0].act == "read"
    assert client.post(read, {"id": "x"}).status_code == 404
    other = Notification.objects.filter(user=viewer, is_read=False).get()
    client.force_login(lead)
    client.post(read, {"id": str(other.pk)})
    other.refresh_from_db()
    assert not other.is_read


def test_what_came_in_after_the_page_was_drawn_stays_unread_though_it_happened_before(client, case, lead, viewer):
    client.force_login(viewer)
    page = client.get(reverse("workspace:notifications"))
    cases.add_comment(case, by=lead, about=case, body="@viewer, look")
    telling.take_in()
    Notification.objects.filter(user=viewer).update(at=page.context["drawn_at"] - datetime.timedelta(minutes=1))

    client.post(reverse("workspace:notifications_read"), {"until": page.context["drawn_at"].isoformat()})

    [line] = client.get(reverse("workspace:notifications")).context["rows"]
    assert not line.is_read


def test_the_bell_counts_what_a_request_brought_about_by_the_next_page(client, case, lead, viewer):
    client.force_login(lead)
    client.post(reverse("cases:comment_add", args=[case.pk]), {"body": "@viewer, look."})

    client.force_login(viewer)
    page = client.get(reverse("cases:case", args=[case.pk]))

    assert ", not read:</span> <b>1</b>" in page.content.decode()


def test_telling_that_fails_takes_nothing_back_of_what_was_saved(client, case, lead, caplog):
    def away(execute, sql, params, many, context):
        if TellingState._meta.db_table in sql:
            raise OperationalError("away")
        return execute(sql, params, many, context)

    client.force_login(lead)

    with connection.execute_wrapper(away):
        saved = client.post(reverse("cases:comment_add", args=[case.pk]), {"body": "Kept."})

    assert (saved.status_code, case.comments.count()) == (302, 1)
    assert "not told" in caplog.text


def test_a_list_of_notifications_asks_as_often_for_2_as_for_12(client, case, lead, viewer, assert_same_queries):
    def add(count):
        for number in range(count):
            claim = make.claim(case, lead)
            cases.add_comment(case, by=lead, about=claim, body=f"@viewer {number}")
        telling.take_in()

    client.force_login(viewer)
    asked = assert_same_queries(lambda: client.get(reverse("workspace:notifications")), add)

    assert asked <= 8


def test_what_one_is_told_of_is_chosen_on_a_page_and_by_nobody_else(client, viewer, lead):
    client.force_login(viewer)
    address = reverse("workspace:notification_choices")
    page = client.get(address)
    data = {name: "here" for name in page.context["form"].fields} | {"mention": "mail"}

    assert client.post(address, {**data, "base": page.context["base_token"]}).status_code == 302
    again = client.get(address)
    client.post(address, {**data, "task": "off", "base": again.context["base_token"]})
    stale = client.post(address, {**data, "task": "mail", "base": again.context["base_token"]})

    held = NotificationChoices.objects.get()
    assert (held.user, held.mention, held.task, stale.status_code) == (viewer, "mail", "off", 409)
    assert not NotificationChoices.objects.visible_to(lead).exists()
    with pytest.raises(StaleVersion):
        telling.choose_notifications(by=viewer, version=1, mention="off")


# --- Mail ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(case, lead, viewer):
    telling.choose_notifications(by=viewer, mention="mail", task="mail")
    claim = make.claim(case, lead, text="The ship lay in Zhoushan.")
    cases.add_comment(case, by=lead, about=claim, body="@viewer secret words")
    cases.add_task(case, by=lead, title="Ask the yard", assignee=viewer)
    told(viewer)
    return case


def test_a_mail_says_how_much_waits_and_names_nothing_of_a_case(waiting, viewer):
    assert send_digests(timezone.now()) == (1, 0)

    sent = mail.outbox[0]
    whole = f"{sent.subject}\n{sent.body}"
    assert (sent.to, sent.subject) == (["viewer@example.org"], "Casefiles: 2 things wait for you")
    assert "1 × Somebody names me in a comment" in sent.body
    for word in (waiting.reference, waiting.title, "Zhoushan", "secret", "yard", "C-01", "Lead", "http", "/"):
        assert word not in whole


def test_a_person_is_mailed_once_a_day_and_of_what_is_new(waiting, lead, viewer):
    now = timezone.now()
    send_digests(now)
    cases.add_comment(waiting, by=lead, about=waiting, body="@viewer again")
    told(viewer)

    assert send_digests(now + datetime.timedelta(hours=19)) == (0, 0)
    assert send_digests(now + datetime.timedelta(hours=21)) == (1, 0)
    assert mail.outbox[1].subject == "Casefiles: 1 thing waits for you"
    assert send_digests(now + datetime.timedelta(days=3)) == (0, 0)


@pytest.mark.parametrize("change", ["left", "disabled", "no address", "read"])
def test_no_mail_goes_to_whoever_may_not_see_it_or_has_seen_it(waiting, lead, viewer, change):
    if change == "left":
        access.remove_member(compartment=waiting.compartment, user=viewer, by=lead)
    elif change == "read":
        telling.mark_read(by=viewer)
    else:
        User.objects.filter(pk=viewer.pk).update(**{"is_active": False} if change == "disabled" else {"email": ""})

    assert send_digests(timezone.now()) == (0, 0)
    assert mail.outbox == []


def test_a_mail_that_does_not_go_is_tried_again(waiting, monkeypatch, capsys):
    def refuse(self, messages):
        raise smtplib.SMTPConnectError(421, "busy")

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        with pytest.raises(SystemExit) as end:
            call_command("send_digests", "--json")
    call_command("send_digests")

    assert (end.value.code, len(mail.outbox)) == (1, 1)
    assert "mails sent: 1" in capsys.readouterr().out


def test_without_a_server_nothing_is_mailed_and_that_is_said(waiting, capsys):
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        call_command("send_digests")

    assert "CASEFILES_MAIL_HOST" in capsys.readouterr().out
    assert settings.EMAIL_BACKEND != "django.core.mail.backends.dummy.EmailBackend"
