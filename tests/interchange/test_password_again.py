"""M18 in the admin: a fresh password before accounts, teams and exports; and taking away a second factor."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse
from django.utils import timezone

from casefiles.accounts.models import User
from casefiles.audit.selectors import history
from casefiles.registry.models import Vessel
from tests import make
from tests.interchange.test_admin import address, errors_of, fields_of

pytestmark = pytest.mark.django_db

AGAIN = "/account/password-again/"


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def manager(client, clock):
    user = make.user("manager", is_staff=True, may_manage_accounts=True)
    client.force_login(user)
    client.get("/account/")
    return user


def test_a_manager_takes_away_the_second_factor_of_somebody_else(client, manager):
    colleague = make.user("colleague")
    TOTP.activate(colleague, "JBSWY3DPEHPK3PXP")
    change = address(colleague, "change", colleague.pk)
    sent = fields_of(client.get(change))

    client.post(change, {**sent, "reset_second_factor": "on"})

    assert not Authenticator.objects.exists()
    assert [event.act for event in history([colleague.pk])] == ["second factor reset"]
    own = address(manager, "change", manager.pk)
    refused = client.post(own, {**fields_of(client.get(own)), "reset_second_factor": "on"})
    assert "reset_second_factor" in errors_of(refused)


def test_an_account_sent_after_ten_minutes_comes_back_and_is_not_saved_without_its_password(client, manager, clock):
    clock.shift(timedelta(minutes=11))
    add = address(User, "add")
    assert client.get(add)["Location"].startswith(AGAIN)

    asked = client.post(add, {"username": "newcomer", "password": "another long passphrase"})
    token = re.search(r'name="unsaved" value="([^"]+)"', asked.content.decode()).group(1)
    back = client.post(AGAIN, {"password": make.PASSWORD, "unsaved": token})
    shown = client.post(add, {"username": "newcomer", "resume": "1"})

    text = back.content.decode()
    assert "newcomer" in text and "another long passphrase" not in text
    assert "was not saved yet" in str(errors_of(shown))
    assert not User.objects.filter(username="newcomer").exists()


def test_lists_ask_for_no_password_and_exports_and_teams_do(client, clock):
    lead = make.user("lead", is_staff=True, may_open_cases=True)
    membership = make.case(lead).compartment.memberships.get()
    client.force_login(lead)
    client.get("/account/")
    clock.shift(timedelta(minutes=11))

    assert client.get(address(Vessel, "changelist")).status_code == 200
    for path in (reverse("admin:registry_vessel_export"), address(membership, "change", membership.pk)):
        assert client.get(path)["Location"].startswith(AGAIN)
    assert client.get(address(membership, "delete", membership.pk))["Location"].startswith(AGAIN)


def test_every_page_that_gives_out_or_unmasks_asks_for_a_fresh_password():
    """Breaks if one of them forgets to declare it; the gate does the asking (accounts.test_second_factor)."""
    from casefiles.cases.views import team
    from casefiles.dossiers.views import reading
    from casefiles.evidence.views import custody, identities
    from casefiles.voyages.views import tracks

    pages = [
        *(team.AddMember, team.ChangeRole, team.RemoveMember, reading.DownloadPage, reading.PdfPage),
        *(custody.CustodyExport, identities.IdentityRead, identities.UnmaskingAllow),
        *(tracks.TrackGeoJson, tracks.TrackKml),
    ]

    assert [page for page in pages if not page.asks_password] == []
