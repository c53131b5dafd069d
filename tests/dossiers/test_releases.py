"""Freezing and approving: nobody approves what they prepared, by any route."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.audit.models import Event
from casefiles.cases import actions as cases
from casefiles.core.refusals import Refused
from casefiles.dossiers.actions import SelfApproval, approve_release, prepare_release, withdraw_release
from casefiles.dossiers.content import digest
from casefiles.dossiers.models import Release
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(full, editor):
    return prepare_release(full, by=editor)


def test_a_release_is_frozen_with_its_digest_and_the_head_of_the_chain(full, editor, lead):
    release = prepare_release(full, by=editor)
    frozen = release.content
    make.claim(full, lead, text="A later claim.")

    fresh = Release.objects.get(pk=release.pk)

    assert (fresh.label, fresh.status, fresh.created_by) == ("v1", "draft", editor)
    assert fresh.content == frozen
    assert fresh.content_sha256 == digest(fresh.content)
    assert (fresh.chain_seq, fresh.chain_hash) == (frozen["chain"]["seq"], frozen["chain"]["hash"])


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("researcher", NotAllowed), ("viewer", NotAllowed), ("stranger", NotVisible)],
)
def test_only_editors_and_leads_prepare_and_approve(full, release, request, who, refusal):
    person = request.getfixturevalue(who)

    with pytest.raises(refusal):
        prepare_release(full, by=person, supersedes_reason="Because.")
    with pytest.raises(refusal):
        approve_release(release, by=person)
    with pytest.raises(refusal):
        withdraw_release(release, by=person, reason="Because.")


def test_another_editor_or_lead_approves(release, lead, editor):
    approved = approve_release(release, by=lead)

    assert (approved.status, approved.approved_by, approved.created_by) == ("approved", lead, editor)
    assert approved.approved_at is not None


def test_nobody_approves_their_own_release(release, editor):
    with pytest.raises(SelfApproval):
        approve_release(release, by=editor)

    assert Release.objects.get(pk=release.pk).status == "draft"


def test_the_database_refuses_it_too(release, editor):
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(status="approved", approved_by=editor)


def test_the_page_refuses_it_too(client, full, release, editor):
    client.force_login(editor)
    address = reverse("dossiers:approve", args=[full.pk, release.pk])

    response = client.post(address)

    assert response.status_code == 422
    assert "You prepared this version" in response.content.decode()
    assert Release.objects.get(pk=release.pk).status == "draft"


def test_an_approved_release_cannot_be_approved_again(release, lead):
    approve_release(release, by=lead)

    with pytest.raises(Refused, match="Only a draft"):
        approve_release(release, by=lead)


def test_content_that_was_altered_cannot_be_approved(release, lead):
    Release.objects.filter(pk=release.pk).update(content={**release.content, "summary": "Something else."})

    with pytest.raises(Refused, match="no longer matches"):
        approve_release(release, by=lead)


def test_a_new_version_says_why_and_supersedes_the_old_one_once_approved(full, release, lead, editor):
    approve_release(release, by=lead)
    with pytest.raises(Refused, match="Say why"):
        prepare_release(full, by=editor)

    second = prepare_release(full, by=editor, supersedes_reason="A correction.")
    assert Release.objects.get(pk=release.pk).status == "approved"
    approve_release(second, by=lead)

    assert [one.status for one in Release.objects.order_by("number")] == ["superseded", "approved"]


def test_withdrawing_takes_a_reason_and_leaves_it_readable(client, full, release, lead, viewer):
    with pytest.raises(Refused, match="Say why"):
        withdraw_release(release, by=lead, reason=" ")

    withdraw_release(release, by=lead, reason="A source was retracted.")

    client.force_login(viewer)
    page = client.get(release.get_absolute_url()).content.decode()
    assert "Withdrawn" in page
    assert "A source was retracted." in page


def test_a_withdrawn_release_is_neither_approved_nor_withdrawn_again(release, lead):
    withdraw_release(release, by=lead, reason="Because.")

    with pytest.raises(Refused):
        withdraw_release(release, by=lead, reason="Because.")
    with pytest.raises(Refused):
        approve_release(release, by=lead)


def test_a_closed_case_prepares_approves_and_withdraws_nothing(full, release, lead):
    version = type(full).objects.get(pk=full.pk).version
    cases.change_case(full, by=lead, version=version, status="closed")
    release = Release.objects.get(pk=release.pk)

    with pytest.raises(Refused, match="closed"):
        prepare_release(full, by=lead, supersedes_reason="Because.")
    with pytest.raises(Refused, match="closed"):
        approve_release(release, by=lead)
    with pytest.raises(Refused, match="closed"):
        withdraw_release(release, by=lead, reason="Because.")


def test_every_step_is_in_the_record(release, lead):
    approve_release(release, by=lead)
    withdraw_release(release, by=lead, reason="Because.")

    acts = list(Event.objects.filter(record_id=release.pk).order_by("seq").values_list("act", flat=True))

    assert acts == ["prepared", "approved", "withdrawn"]


def test_the_form_prepares_and_another_person_s_form_approves(client, full, editor, lead):
    client.force_login(editor)
    made = client.post(reverse("dossiers:prepare", args=[full.pk]))
    release = Release.objects.get(case=full)
    client.force_login(lead)
    approved = client.post(reverse("dossiers:approve", args=[full.pk, release.pk]))

    assert (made.status_code, approved.status_code) == (302, 302)
    assert Release.objects.get(pk=release.pk).approved_by == lead


def test_the_second_form_asks_why(client, full, release, editor):
    client.force_login(editor)

    response = client.post(reverse("dossiers:prepare", args=[full.pk]), {"supersedes_reason": ""})

    assert response.status_code == 422
    assert "Say why there is a new version" in response.content.decode()


def test_the_list_says_who_may_do_what(client, full, release, lead, editor, viewer):
    offered = {}
    for name, person in (("lead", lead), ("editor", editor), ("viewer", viewer)):
        client.force_login(person)
        response = client.get(reverse("dossiers:releases", args=[full.pk]))
        (line,) = response.context["releases"]
        offered[name] = (response.context["may_prepare"], line["may_approve"], line["is_own_draft"])

    assert offered == {
        "lead": (True, True, False),
        "editor": (True, False, True),
        "viewer": (False, False, False),
    }


def test_more_releases_take_no_more_queries(client, full, editor, viewer, assert_same_queries):
    client.force_login(viewer)

    def add(count):
        for _number in range(count):
            prepare_release(full, by=editor, supersedes_reason="Another one.")

    assert_same_queries(lambda: client.get(reverse("dossiers:releases", args=[full.pk])), add, many=4)
