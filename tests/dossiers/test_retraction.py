"""An item is marked: the versions of every dossier that rest on it are named, and show it."""

import pytest
from django.urls import reverse

from casefiles.access.actions import NotAllowed
from casefiles.cases import actions as cases
from casefiles.cases.models import Task
from casefiles.dossiers.actions import mark_item, prepare_release, withdraw_release
from casefiles.dossiers.content import build
from casefiles.dossiers.selectors import collect, marked_since, releases_affected
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def exhibit(case, lead):
    return make.original(case, lead, title="The picture of the yard")


@pytest.fixture
def claim(case, lead, exhibit):
    argued = make.claim(case, lead)
    make.cited(argued, lead, exhibit)
    return argued


@pytest.fixture
def release(case, lead, claim):
    return prepare_release(case, by=lead)


def mark(item, by, status="retracted"):
    item.refresh_from_db()
    return mark_item(item, by=by, version=item.version, status=status, reason="A montage.")


def test_the_task_names_the_claims_and_the_versions_that_rest_on_the_item(case, lead, exhibit, release):
    gone = prepare_release(case, by=lead, supersedes_reason="Again.")
    withdraw_release(gone, by=lead, reason="Too soon.")

    mark(exhibit.item, lead)

    assert Task.objects.get().title == "“The picture of the yard” is retracted: look at C-01, v1"


def test_a_version_that_does_not_cite_it_is_not_named(case, lead, exhibit):
    argued = make.claim(case, lead)
    prepare_release(case, by=lead)
    make.cited(argued, lead, exhibit)

    assert releases_affected(exhibit.item, lead) == []


def test_versions_of_a_hidden_case_are_told_to_its_team_alone(lead, stranger, exhibit, release):
    item = make.origin(lead)
    hidden = make.case(stranger)
    argued = make.claim(hidden, stranger)
    make.cited(argued, stranger, cases.add_exhibit(hidden, by=stranger, item=item))
    prepared = prepare_release(hidden, by=stranger)

    mark(item, lead, "superseded")

    assert releases_affected(item, lead) == []
    assert releases_affected(item, stranger) == [prepared]
    assert [task.title.rpartition(": ")[2] for task in Task.objects.filter(case=hidden)] == ["look at C-01, v1"]
    assert not Task.objects.visible_to(lead).exists()


def test_who_may_not_change_it_marks_nothing(viewer, exhibit, release):
    with pytest.raises(NotAllowed):
        mark(exhibit.item, viewer)


def test_a_frozen_version_shows_what_was_marked_since(client, case, lead, exhibit, release):
    mark(exhibit.item, lead)
    client.force_login(lead)

    page = client.get(release.get_absolute_url()).content.decode()
    form = client.get(reverse("workspace:item_status", args=[exhibit.item_id])).content.decode()

    assert [(one.label, one.mark) for one in marked_since(release, lead)] == [("E-01", "retracted")]
    assert "E-01 (retracted)" in page
    assert release.get_absolute_url() in form
    assert marked_since(prepare_release(case, by=lead, supersedes_reason="Marked."), lead) == []


def test_a_dossier_says_who_approved_what_and_names_what_nobody_did(case, lead, editor, claim, exhibit):
    other = make.claim(case, lead)
    review = cases.ask_for_review(case, by=lead, claims=[claim])
    given = cases.give_verdict(review, by=editor, claim=claim, verdict="approved")

    content = build(collect(case, lead), frozen_at=given.created_at)

    first, second = content["claims"]
    assert first["review"] == {
        "state": "approved", "state_label": "approved", "reviewers": "Editor",
        "on": given.created_at.date().isoformat(), "version": 1, "why_open_again": "",
    }  # fmt: skip
    assert second["review"]["state"] == "not reviewed"
    assert f"Not approved by a reviewer as they stand: {other.label}." in content["method"]["not_checked"]
