"""Signing in and out, sessions that end, and a form that comes back unsaved after its session ended."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from casefiles.accounts import actions as accounts
from casefiles.accounts import unsaved
from casefiles.accounts.models import User
from casefiles.audit.models import Event
from tests import make

pytestmark = pytest.mark.django_db

PAGE = "/account/"


@pytest.fixture
def user():
    return make.user("researcher")


def sign_in(client, username="researcher", password=make.PASSWORD, **extra):
    return client.post("/sign-in/", {"login": username, "password": password, **extra})


def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(client, user):
    asked = client.get(PAGE)
    assert (asked.status_code, asked["Location"]) == (302, "/sign-in/?next=%2Faccount%2F")

    signed_in = sign_in(client, next=PAGE)

    assert (signed_in.status_code, signed_in["Location"]) == (302, PAGE)
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    "address", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"]
)
def test_c11_next_leads_nowhere_else(client, user, address):
    assert sign_in(client, next=address)["Location"] == "/"


NOT_ACCEPTED = "This user name and password were not accepted."


def without_what_varies(answer):
    return re.sub(r' (value|nonce)="[^"]*"', "", answer.content.decode())


@pytest.mark.parametrize(
    ("username", "password", "is_active"),
    [("researcher", "wrong", True), ("nobody", make.PASSWORD, True), ("researcher", make.PASSWORD, False)],
)
def test_m01_every_failure_reads_the_same(client, user, username, password, is_active):
    User.objects.filter(pk=user.pk).update(is_active=is_active)

    answer = sign_in(client, username, password)

    assert "_auth_user_id" not in client.session
    assert NOT_ACCEPTED in answer.content.decode()
    first = without_what_varies(answer)
    for _attempt in range(5):
        answer = sign_in(client, username, password)
    assert without_what_varies(answer) == first == without_what_varies(sign_in(Client(), "somebody-else", "wrong"))


def test_m02_an_account_is_throttled_after_five_failures_and_frees_itself(client, user):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _attempt in range(5):
            sign_in(client, password="wrong")
        assert "_auth_user_id" not in client.session

        sign_in(client)
        assert "_auth_user_id" not in client.session

        clock.shift(timedelta(minutes=6))
        sign_in(client)
        assert client.session["_auth_user_id"] == str(user.pk)


def test_m02_m03_a_limit_holds_for_one_account_or_one_address_and_lies_in_the_database(client, user):
    for _attempt in range(5):
        Client(REMOTE_ADDR="192.0.2.1").post("/sign-in/", {"login": "researcher", "password": "wrong"})
    make.user("other")

    sign_in(client)
    assert "_auth_user_id" not in client.session
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")

    elsewhere = Client(REMOTE_ADDR="192.0.2.2")
    sign_in(elsewhere, "other")
    assert "_auth_user_id" in elsewhere.session

    spraying = Client(REMOTE_ADDR="192.0.2.3")
    for number in range(20):
        sign_in(spraying, f"guess{number}", "wrong")
    sign_in(spraying, "other")
    assert "_auth_user_id" not in spraying.session


@pytest.mark.parametrize(("proxies", "is_in"), [(0, False), (1, True)])
def test_m26_what_somebody_says_of_their_address_counts_only_behind_a_proxy(user, settings, proxies, is_in):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for number in range(20):
        guessing = Client(headers={"X-Forwarded-For": f"192.0.2.{number}"})
        sign_in(guessing, f"guess{number}", "wrong")
    client = Client(headers={"X-Forwarded-For": "198.51.100.1"})

    sign_in(client)

    assert ("_auth_user_id" in client.session) is is_in


def test_m06_passwords_are_kept_by_argon2id_and_anew_on_signing_in(client, user, settings):
    ours = "casefiles.accounts.passwords.Argon2idHasher"
    assert next(name for name in settings.PASSWORD_HASHERS if "MD5" not in name) == ours
    settings.PASSWORD_HASHERS = [ours, *settings.PASSWORD_HASHERS]

    sign_in(client)

    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$v=19$m=65536,t=3,p=4$")
    assert client.get(PAGE).status_code == 200


def test_m15_m16_a_session_is_a_key_to_a_row_without_secrets(client, user):
    sign_in(client)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value

    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"
    assert make.PASSWORD not in str(dict(client.session))
    for changed in (key[:-1], key[::-1], f"{key}x", "", "é"):
        other = Client()
        other.cookies[settings.SESSION_COOKIE_NAME] = changed
        assert other.get(PAGE).status_code == 302


def test_m14_m17_m23_cookies_forms_and_leaving(user):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403
    client.get("/sign-in/")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    sign_in(client, csrfmiddlewaretoken=token)

    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert client.get(PAGE)["Cache-Control"] == "no-store"
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    assert client.post("/sign-out/", {"csrfmiddlewaretoken": token})["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize("password", ["x" * 1_000_000, "\x00", "  ", "🚢" * 200])
def test_m04_odd_passwords_are_refused_without_an_error(client, user, password):
    assert sign_in(client, password=password).status_code in {200, 400}
    assert "_auth_user_id" not in client.session


def test_m11_the_session_changes_on_signing_in(client, user):
    client.get("/sign-in/")
    before = client.cookies.get(settings.SESSION_COOKIE_NAME)

    sign_in(client)

    assert client.cookies[settings.SESSION_COOKIE_NAME] != before


@pytest.mark.parametrize(("minutes", "is_alive"), [(29, True), (31, False)])
def test_m13_an_idle_session_ends_after_half_an_hour(client, user, minutes, is_alive):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client)
        client.get(PAGE)
        clock.shift(timedelta(minutes=minutes))

        assert (client.get(PAGE).status_code == 200) is is_alive


def test_m13_a_session_in_use_ends_after_twelve_hours(client, user):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client)
        for _step in range(36):
            assert client.get(PAGE).status_code == 200
            clock.shift(timedelta(minutes=20))
        clock.shift(timedelta(minutes=1))

        assert client.get(PAGE).status_code == 302


def test_signing_out_is_a_post_and_ends_the_session(client, user):
    sign_in(client)
    assert client.get("/sign-out/").status_code == 405

    answer = client.post("/sign-out/")

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert client.get(PAGE).status_code == 302


def test_a17_a_disabled_account_is_out_at_its_next_request(client, user):
    sign_in(client)

    accounts.set_active(user, is_active=False, by=make.user())

    assert Session.objects.count() == 0
    assert client.get(PAGE)["Location"].startswith("/sign-in/")


class TestUnsavedForms:
    FORM = {"current": "not kept", "new": "not kept", "wording": "“early February”"}

    def expired(self, client, user):
        """Send a form an hour after the last request and return the answer."""
        with time_machine.travel(timezone.now(), tick=False) as clock:
            sign_in(client)
            client.get(PAGE)
            clock.shift(timedelta(hours=1))
            return client.post(PAGE, {"wording": "typed for an hour", "password": "secret"})

    def token(self, answer):
        return re.search(r'name="unsaved" value="([^"]+)"', answer.content.decode()).group(1)

    def test_what_was_typed_waits_signed_behind_the_sign_in_form(self, client, user):
        answer = self.expired(client, user)

        waiting = unsaved.unpack(self.token(answer))
        assert (waiting.user_id, waiting.path) == (str(user.pk), PAGE)
        assert waiting.fields == (("wording", "typed for an hour"),)

    def test_it_comes_back_to_its_writer_and_is_not_saved(self, client, user):
        token = self.token(self.expired(client, user))

        answer = sign_in(client, unsaved=token)

        text = answer.content.decode()
        assert "typed for an hour" in text
        assert 'name="resume"' in text

    def test_a_form_from_elsewhere_is_not_kept(self, user):
        """The gate answers before the token is checked: what it keeps must be asked for the token all the same."""
        client = Client(enforce_csrf_checks=True)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            client.force_login(user)
            client.get(PAGE)
            clock.shift(timedelta(hours=1))
            answer = client.post(PAGE, {"wording": "put into their mouth"})

        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Faccount%2F")

    def test_it_is_not_shown_to_somebody_else(self, client, user):
        token = self.token(self.expired(client, user))
        make.user("other")

        answer = sign_in(client, "other", unsaved=token)

        assert "typed for an hour" not in answer.content.decode()

    def test_a_resumed_form_is_shown_with_its_text_and_saves_nothing(self, client, user):
        sign_in(client)
        before = Event.objects.count()

        answer = client.post(PAGE, {"resume": "1", "current": make.PASSWORD, "new": "another long passphrase"})

        assert answer.status_code == 200
        assert Event.objects.count() == before

    @pytest.mark.parametrize("token", ["", "x", "a:b:c", "é" * 50])
    def test_a_forged_token_is_nothing(self, token):
        assert unsaved.unpack(token) is None


class TestAccounts:
    def test_m22_a_name_is_taken_in_every_case(self, user):
        with pytest.raises(ValidationError):
            accounts.add_user(username="RESEARCHER", password="a long enough passphrase", by=None)

    @pytest.mark.parametrize("password", ["short", "password1234", "aaaaaaaaaaaa", "123456789012345"])
    def test_m05_a_weak_password_is_refused(self, password):
        with pytest.raises(ValidationError):
            accounts.add_user(username="somebody", password=password, by=None)

    def test_m12_a_new_password_ends_every_other_session(self, client, user):
        sign_in(client)

        accounts.change_password(user, password="a wholly different passphrase", by=user)

        assert client.get(PAGE).status_code == 302

    def test_one_changes_ones_own_password_and_stays_signed_in(self, client, user):
        sign_in(client)

        answer = client.post(PAGE, {"current": make.PASSWORD, "new": "a wholly different passphrase"})

        assert answer.status_code == 302
        user.refresh_from_db()
        assert user.check_password("a wholly different passphrase")
        assert client.get(PAGE).status_code == 200

    def test_the_current_password_is_asked(self, client, user):
        sign_in(client)

        answer = client.post(PAGE, {"current": "wrong", "new": "a wholly different passphrase"})

        assert answer.status_code == 422
        assert "not your current password" in answer.content.decode()

    def test_enabling_again_is_recorded(self, user):
        by = make.user()
        accounts.set_active(user, is_active=False, by=by)
        accounts.set_active(user, is_active=True, by=by)

        assert list(Event.objects.of([user.pk]).newest_first().values_list("act", flat=True)) == ["enabled", "disabled"]
