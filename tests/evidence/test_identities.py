"""Who a protected source is: a record of its own, a right of its own, sealed at rest, read by two people (R11)."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.urls import reverse
from django.utils import timezone

from casefiles.access.actions import NotAllowed, NotVisible, set_unmasking
from casefiles.audit.models import Event, EventValue
from casefiles.cases.actions import change_role
from casefiles.cases.selectors import history_of_case
from casefiles.core.refusals import Refused
from casefiles.evidence import sealing
from casefiles.evidence.actions import identities
from casefiles.evidence.models import ProtectedIdentity, Unmasking
from casefiles.search.actions import catch_up
from casefiles.search.models import SearchEntry
from tests import make
from tests.evidence.test_item_pages import signed_in

pytestmark = pytest.mark.django_db

SECRET = "The harbour pilot of berth nine"


@pytest.fixture
def world() -> SimpleNamespace:
    lead, second, researcher, stranger = make.lead(), make.user(), make.user(), make.user()
    case = make.case(lead, members={second: "editor", researcher: "researcher"})
    for person in (lead, second):
        set_unmasking(compartment=case.compartment, user=person, may_unmask=True, by=lead)
    source = make.source(lead, circle=make.restricted_to(case.compartment), name="A witness")
    identity = identities.seal_identity(source, by=researcher, text=SECRET)
    return SimpleNamespace(
        lead=lead,
        second=second,
        researcher=researcher,
        stranger=stranger,
        case=case,
        source=source,
        identity=identity,
    )


def allowed(world: Any) -> Unmasking:
    asked = identities.ask_to_unmask(world.identity, by=world.lead, reason="The court asks.")
    return identities.allow_unmasking(asked, by=world.second)


def test_what_is_sealed_stands_nowhere_in_the_database(world: Any) -> None:
    allowed(world)
    identities.read_identity(world.identity, by=world.lead)
    catch_up()

    assert SECRET not in world.identity.sealed
    assert not EventValue.objects.filter(new__contains="harbour pilot").exists()
    assert not SearchEntry.objects.filter(text__contains="harbour").exists()
    assert not Event.objects.filter(note__contains="harbour").exists()


def test_o08_without_the_right_there_is_no_identity_also_for_who_sealed_it(world: Any) -> None:
    """Fails where having made the record, or any role, brings the right."""
    for person in (world.researcher, world.stranger):
        assert not ProtectedIdentity.objects.visible_to(person).exists()
        with pytest.raises(NotVisible):
            identities.ask_to_unmask(world.identity, by=person, reason="Curious.")
        with pytest.raises(NotVisible):
            identities.read_identity(world.identity, by=person)


def test_o08_reading_takes_a_reason_and_two_people_and_leaves_an_event(world: Any) -> None:
    with pytest.raises(Refused, match="Say why"):
        identities.ask_to_unmask(world.identity, by=world.lead, reason=" ")
    with pytest.raises(identities.NotUnmasked):
        identities.read_identity(world.identity, by=world.lead)
    allowed(world)

    assert identities.read_identity(world.identity, by=world.lead) == SECRET
    event = Event.objects.order_by("seq").last()
    assert (event.act, event.actor_id, event.record_id) == ("identity read", world.lead.pk, world.identity.pk)


def test_b06_nobody_allows_their_own_request(world: Any) -> None:
    asked = identities.ask_to_unmask(world.identity, by=world.lead, reason="The court asks.")

    with pytest.raises(Refused, match="second person"):
        identities.allow_unmasking(asked, by=world.lead)
    with pytest.raises(NotVisible):
        identities.allow_unmasking(asked, by=world.researcher)
    with pytest.raises(Refused, match="asked already"):
        identities.ask_to_unmask(world.identity, by=world.lead, reason="Again.")


def test_a_request_is_allowed_once(world: Any) -> None:
    asked = allowed(world)

    with pytest.raises(Refused, match="no longer waits"):
        identities.allow_unmasking(asked, by=world.second)


def test_what_was_allowed_to_one_person_is_not_allowed_to_another_and_ends_after_an_hour(world: Any) -> None:
    allowed(world)
    with pytest.raises(identities.NotUnmasked):
        identities.read_identity(world.identity, by=world.second)

    with time_machine.travel(timezone.now() + timedelta(minutes=61)), pytest.raises(identities.NotUnmasked):
        identities.read_identity(world.identity, by=world.lead)


def test_a_right_that_was_taken_away_ends_at_once(world: Any) -> None:
    allowed(world)

    set_unmasking(compartment=world.case.compartment, user=world.lead, may_unmask=False, by=world.lead)

    with pytest.raises(NotVisible):
        identities.read_identity(world.identity, by=world.lead)


def test_o09_without_its_key_an_identity_stays_closed_and_all_else_is_untouched(world: Any, settings: Any) -> None:
    allowed(world)
    old = settings.IDENTITY_KEYS
    settings.IDENTITY_KEYS = (Fernet.generate_key().decode(),)
    with pytest.raises(Refused, match="key that sealed"):
        identities.read_identity(world.identity, by=world.lead)
    settings.IDENTITY_KEYS = ()
    with pytest.raises(Refused, match="key that sealed"):
        identities.read_identity(world.identity, by=world.lead)
    with pytest.raises(Refused, match="no key"):
        identities.seal_identity(world.source, by=world.researcher, text="Another")
    assert signed_in(world.lead).get(world.source.get_absolute_url()).status_code == 200

    settings.IDENTITY_KEYS = (Fernet.generate_key().decode(), *old)
    assert identities.read_identity(world.identity, by=world.lead) == SECRET


def test_a_text_that_is_no_key_is_no_key(settings: Any) -> None:
    settings.IDENTITY_KEYS = ("short",)

    with pytest.raises(sealing.NoKey):
        sealing.seal("text")


def test_an_open_source_has_no_protected_identity(world: Any) -> None:
    everybody = make.source(world.lead)

    with pytest.raises(Refused, match="open to every member"):
        identities.seal_identity(everybody, by=world.lead, text=SECRET)
    with pytest.raises(Refused, match="Write who"):
        identities.seal_identity(world.source, by=world.lead, text=" ")
    with pytest.raises(NotVisible):
        identities.seal_identity(world.source, by=world.stranger, text=SECRET)


def test_sealing_a_second_one_tells_nothing_of_the_first(world: Any) -> None:
    again = identities.seal_identity(world.source, by=world.researcher, text="Another person")

    assert ProtectedIdentity.objects.filter(source=world.source).count() == 2
    assert again.pk != world.identity.pk


def test_no_history_tells_that_there_is_an_identity(world: Any) -> None:
    allowed(world)

    source = signed_in(world.researcher).get(reverse("evidence:source_history", args=[world.source.pk]))
    case = history_of_case(world.case, world.researcher)

    assert str(world.identity.pk) not in source.content.decode()
    assert "evidence.protectedidentity" not in str(case.lines)
    assert not Event.objects.filter(record_kind="evidence.protectedidentity").exclude(compartment_ids=[]).exists()


def test_a_voided_identity_is_not_asked_for(world: Any) -> None:
    identities.void_identity(world.identity, by=world.lead, reason="Another person.")

    with pytest.raises(Refused, match="voided"):
        identities.ask_to_unmask(world.identity, by=world.lead, reason="The court asks.")


def test_the_right_is_given_and_taken_by_the_lead_in_the_team(world: Any) -> None:
    member = world.case.compartment.memberships.get(user=world.researcher)
    with pytest.raises(NotAllowed):
        set_unmasking(compartment=world.case.compartment, user=world.researcher, may_unmask=True, by=world.second)
    with pytest.raises(Refused, match="not in the team"):
        set_unmasking(compartment=world.case.compartment, user=world.stranger, may_unmask=True, by=world.lead)

    change_role(world.case, by=world.lead, member=member, role="researcher", may_unmask=True)

    assert list(ProtectedIdentity.objects.visible_to(world.researcher)) == [world.identity]
    event = Event.objects.filter(act="right to identities set").order_by("seq").last()
    assert event.record_id == member.pk
    change_role(world.case, by=world.lead, member=member, role="viewer")
    member.refresh_from_db()
    assert (member.role, member.may_unmask) == ("viewer", True)
    count = Event.objects.count()
    set_unmasking(compartment=world.case.compartment, user=world.researcher, may_unmask=True, by=world.lead)
    assert Event.objects.count() == count


def test_two_people_read_it_on_the_pages(world: Any) -> None:
    lead, second = signed_in(world.lead), signed_in(world.second)
    page = world.identity.get_absolute_url()
    assert "Sealed" in lead.get(world.source.get_absolute_url()).content.decode()
    assert lead.post(f"{page}ask/", {"reason": "The court asks."}).url == page
    assert lead.post(f"{page}read/").status_code == 422
    asked = Unmasking.objects.get()
    assert reverse("evidence:unmasking_allow", args=[asked.pk]) in second.get(page).content.decode()
    assert "The court asks." in second.get(reverse("evidence:unmasking_allow", args=[asked.pk])).content.decode()

    assert second.post(reverse("evidence:unmasking_allow", args=[asked.pk])).url == page

    assert SECRET not in lead.get(f"{page}read/").content.decode()
    shown = lead.post(f"{page}read/")
    assert SECRET in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert SECRET not in lead.get(page).content.decode()
    assert lead.post(f"{page}void/", {"reason": "Another person."}).url == page


def test_sealing_on_the_page_shows_nothing_back(world: Any) -> None:
    client = signed_in(world.researcher)

    answer = client.post(reverse("evidence:identity_seal", args=[world.source.pk]), {"text": SECRET})

    page = client.get(answer.url).content.decode()
    assert "Sealed. Only those with the right" in page
    assert SECRET not in page
    assert "Nothing that you may know of." in page


@pytest.mark.parametrize("name", ["identity", "identity_ask", "identity_read", "identity_void"])
def test_a01_an_identity_is_found_by_holders_of_the_right_only(world: Any, name: str) -> None:
    address = reverse(f"evidence:{name}", args=[world.identity.pk])

    assert [
        signed_in(person).get(address).status_code
        for person in (world.lead, world.second, world.researcher, world.stranger)
    ] == [200, 200, 404, 404]
