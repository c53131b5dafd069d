"""B11: who may change which account, and what it does to its sessions."""

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError

from casefiles.accounts.actions import active_user_named, change_user, may_manage
from casefiles.audit.selectors import history
from casefiles.core.refusals import Refused
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("manager", "account", "expected"),
    [
        ({"is_staff": True, "may_manage_accounts": True}, {}, True),
        ({"is_staff": True}, {}, False),
        ({"is_staff": True, "may_manage_accounts": True}, {"is_staff": True}, False),
        ({"is_staff": True, "may_manage_accounts": True}, {"is_superuser": True}, False),
        ({"is_staff": True, "is_superuser": True}, {"is_superuser": True}, True),
        ({"is_superuser": True}, {}, False),
        ({"is_staff": True, "is_active": False}, {}, False),
        ({}, {}, False),
    ],
)
def test_b11_staff_manage_accounts_below_their_own(manager, account, expected):
    assert may_manage(make.user(**manager), make.user(**account)) is expected


def test_b11_a_manager_changes_nobody_above():
    above = make.user(is_superuser=True)

    with pytest.raises(Refused):
        change_user(above, by=make.user(is_staff=True, may_manage_accounts=True), display_name="Mine")


def test_b11_a_superuser_gives_powers():
    account = make.user()

    change_user(account, by=make.user(is_staff=True, is_superuser=True), is_staff=True)

    assert account.is_staff


def test_a_change_of_flags_ends_the_sessions_of_the_account(client):
    account = make.user()
    client.force_login(account)

    change_user(account, by=make.user(is_staff=True, may_manage_accounts=True), may_verify=True)

    assert not Session.objects.exists()


def test_a_new_name_ends_no_session_and_leaves_an_event(client):
    account, manager = make.user(), make.user(is_staff=True, may_manage_accounts=True)
    client.force_login(account)

    changed = change_user(account, by=manager, display_name="Renamed")

    assert changed == {"display_name": ("Person" + account.username.removeprefix("person"), "Renamed")}
    assert Session.objects.count() == 1
    assert history([account.pk])[0].actor_id == manager.pk


def test_what_is_the_same_already_leaves_no_event():
    account = make.user()

    assert (
        change_user(account, by=make.user(is_staff=True, may_manage_accounts=True), display_name=account.display_name)
        == {}
    )
    assert history([account.pk]) == []


def test_a_weak_password_changes_nothing_else_either():
    account = make.user()

    with pytest.raises(ValidationError):
        change_user(
            account, by=make.user(is_staff=True, may_manage_accounts=True), display_name="Renamed", password="short"
        )

    account.refresh_from_db()
    assert account.display_name != "Renamed"


def test_other_columns_are_not_changed_this_way():
    with pytest.raises(TypeError, match="username"):
        change_user(make.user(), by=make.user(is_staff=True, may_manage_accounts=True), username="x")


def test_an_account_is_named_exactly_and_only_while_it_is_active():
    account, gone = make.user("somebody"), make.user("gone", is_active=False)

    assert active_user_named(" somebody ") == account
    assert active_user_named("Somebody") is None
    assert active_user_named(gone.username) is None
