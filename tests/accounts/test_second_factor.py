"""Second factors: set up, asked for, replaced, taken away; and the password again before what hurts most."""

import re
import threading
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from casefiles.accounts import actions, factors, unsaved
from casefiles.audit.models import Event, EventValue
from casefiles.core.refusals import Refused
from tests import make

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SIGN_IN, STEP, SECURITY, ADD = "/sign-in/", "/sign-in/second-step/", "/account/security/", "/account/security/add/"
FAILED = "This code was not accepted."


def code(steps: int = 0, secret: str = SECRET) -> str:
    """Return the code of now, or of so many time steps later, as the library makes it."""
    now = list(yield_hotp_counters_from_time())[1]
    return format_hotp_value(hotp_value(secret, now + steps))


def acts(user):
    return list(Event.objects.of([user.pk]).newest_first().values_list("act", flat=True))


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def user():
    return make.user("researcher")


@pytest.fixture
def codes(user, clock):
    """The recovery codes of an account that added a second factor two minutes ago."""
    given = actions.add_second_factor(user, secret=SECRET, code=code(), keep="")
    clock.shift(timedelta(minutes=2))
    return given


def with_password(client, **extra):
    return client.post(SIGN_IN, {"login": "researcher", "password": make.PASSWORD, **extra})


def is_in(client):
    return client.get("/account/").status_code == 200


class TestSettingUp:
    def test_a_scanned_secret_and_its_code_turn_it_on_and_show_the_codes_once(self, client, user, clock):
        with_password(client)
        elsewhere = Client()
        with_password(elsewhere)
        is_in(elsewhere)

        page = client.get(ADD)
        text = page.content.decode()
        secret = re.search(r'scan-secret"><code>([A-Z2-7 ]+)<', text).group(1).replace(" ", "")
        setup = re.search(r'name="setup" value="([^"]+)"', text).group(1)
        assert "img-src 'self' data:" in page["Content-Security-Policy"]
        assert "<svg" in unquote(re.search(r'src="data:image/svg\+xml,([^"]+)"', text).group(1))
        assert secret not in str(dict(client.session))
        before = client.session.session_key

        wrong = client.post(ADD, {"setup": setup, "code": code(5, secret)})
        done = client.post(ADD, {"setup": setup, "code": code(0, secret)})

        assert wrong.status_code == 422 and setup in wrong.content.decode()
        shown = re.findall(r"<li><code>([\d ]+)</code>", done.content.decode())
        assert (done.status_code, done["Cache-Control"], len(shown)) == (200, "no-store", 10)
        assert is_in(client) and client.session.session_key != before
        assert not is_in(elsewhere)
        assert not any(one in client.get(SECURITY).content.decode() for one in shown)
        assert "data:" not in client.get(SECURITY)["Content-Security-Policy"]
        assert acts(user) == ["second factor added"]

    def test_what_is_kept_is_sealed_and_no_event_holds_it(self, user, codes):
        kept = str(list(Authenticator.objects.values_list("data", flat=True)))

        assert SECRET not in kept and not any(one in kept for one in codes)
        said = str(list(EventValue.objects.values_list("old", "new")))
        assert SECRET not in said and not any(one in said for one in codes)

    def test_a_setup_of_somebody_else_or_of_yesterday_is_nothing(self, user, clock):
        sealed = factors.seal_setup(user, SECRET)
        assert factors.secret_of_setup(user, sealed) == SECRET
        assert factors.secret_of_setup(make.user(), sealed) is None
        assert factors.secret_of_setup(user, "ü") is None

        clock.shift(timedelta(minutes=61))

        assert factors.secret_of_setup(user, sealed) is None

    def test_without_a_key_nobody_adds_one_and_a_second_one_is_refused(self, client, user, codes, settings):
        with pytest.raises(Refused, match="already"):
            actions.add_second_factor(user, secret=SECRET, code=code(), keep="")

        settings.SECOND_FACTOR_KEYS = ()
        other = make.user()
        client.force_login(other)

        assert "no key for second factors" in client.get(SECURITY).content.decode()
        assert client.get(ADD).status_code == 200
        with pytest.raises(Refused, match="no key"):
            actions.add_second_factor(other, secret=SECRET, code=code(), keep="")


class TestSigningIn:
    def test_m08_the_password_alone_opens_nothing(self, client, codes):
        answer = with_password(client, next="/account/")

        assert (answer.status_code, answer["Location"]) == (302, STEP)
        for address in ("/account/", ADD, SECURITY, "/admin/", "/"):
            assert client.get(address)["Location"].startswith(SIGN_IN)
        assert Client().get(STEP)["Location"] == SIGN_IN

        answer = client.post(STEP, {"code": code()})

        assert (answer.status_code, answer["Location"]) == (302, "/account/")
        assert is_in(client)

    @pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
    def test_m07_a_code_holds_one_step_before_and_after(self, client, codes, steps, is_right):
        with_password(client)

        client.post(STEP, {"code": code(steps)})

        assert is_in(client) is is_right

    def test_m07_every_other_code_is_refused_in_the_same_words(self, client, user, codes):
        """Spent, too short, of other digits, empty: and after five tries the right one as well, for five minutes."""
        actions.accept_code(user, code())
        with_password(client)
        right = code(1)
        eastern = right.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

        tries = [code(), code(-1), right[:5], eastern, "", right]
        answers = [client.post(STEP, {"code": one}) for one in tries]

        assert {answer.status_code for answer in answers} == {422}
        assert {FAILED in answer.content.decode() for answer in answers} == {True}
        assert len({re.sub(r' (value|nonce)="[^"]*"', "", answer.content.decode()) for answer in answers}) == 1
        assert not is_in(client)

    def test_m07_the_limit_is_the_accounts_not_the_browsers_and_ends(self, client, codes, clock):
        for _try in range(5):
            other = Client()
            with_password(other)
            other.post(STEP, {"code": "000000"})
        with_password(client)
        client.post(STEP, {"code": code()})
        assert not is_in(client)

        clock.shift(timedelta(minutes=6))
        client.post(STEP, {"code": code()})

        assert is_in(client)

    def test_m09_a_recovery_code_works_once_with_or_without_spaces(self, client, user, codes):
        with_password(client)
        client.post(STEP, {"code": factors.in_groups(codes[3])})
        assert is_in(client)
        other = Client()
        with_password(other)

        again = other.post(STEP, {"code": codes[3]})

        assert again.status_code == 422 and not is_in(other)
        assert acts(user) == ["recovery code used", "second factor added"]
        assert factors.factors_of(user).codes_left == 9

    @pytest.mark.parametrize("change", ["password", "disabled", "reset", "start again"])
    def test_what_changes_between_the_steps_ends_the_first(self, client, user, codes, change):
        with_password(client)
        manager = make.user(is_staff=True, may_manage_accounts=True)
        if change == "password":
            actions.change_password(user, password="a wholly different passphrase", by=user)
        elif change == "disabled":
            actions.set_active(user, is_active=False, by=manager)
        elif change == "reset":
            actions.change_user(user, by=manager, reset_second_factor=True)
        else:
            client.post(STEP, {"start_again": "1"})

        client.post(STEP, {"code": code()})

        assert not is_in(client)

    def test_a_waiting_form_survives_the_second_step_and_a_wrong_code(self, client, user, codes):
        data = Client().get("/").wsgi_request.GET.copy()
        data.setlist("wording", ["typed for an hour"])
        token = unsaved.pack(user_id=user.pk, path="/account/", data=data, had_files=False)

        first = with_password(client, unsaved=token)
        second = client.post(STEP, {"code": "1", "unsaved": token})
        third = client.post(STEP, {"code": code(), "unsaved": token})

        assert token in first.content.decode() and "one more step" in first.content.decode()
        assert token in second.content.decode()
        assert "typed for an hour" in third.content.decode() and is_in(client)
        assert "typed for an hour" not in str([session.get_decoded() for session in Session.objects.all()])

    def test_a_factor_that_no_key_opens_lets_nobody_in(self, client, user, codes, settings):
        settings.SECOND_FACTOR_KEYS = (Fernet.generate_key().decode(),)
        with_password(client)

        assert FAILED in client.post(STEP, {"code": code()}).content.decode()
        assert not is_in(client)
        assert factors.factors_of(user).codes_left is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["one-time", "recovery"])
def test_k14_of_many_who_send_one_code_at_once_one_comes_in(kind):
    user = make.user("researcher")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        given = actions.add_second_factor(user, secret=SECRET, code=code(), keep="")
        clock.shift(timedelta(minutes=2))
        sent = code() if kind == "one-time" else given[0]
        together, accepted = threading.Barrier(4), []

        def send():
            try:
                together.wait(20)
                accepted.append(actions.accept_code(user, sent))
            finally:
                connection.close()

        people = [threading.Thread(target=send) for _one in range(4)]
        for one in people:
            one.start()
        for one in people:
            one.join()

    assert sorted(accepted) == [False, False, False, True]


class TestChanging:
    def test_m12_new_codes_and_removal_end_the_other_sessions(self, client, user, codes):
        with_password(client)
        client.post(STEP, {"code": code()})
        elsewhere = Client()
        elsewhere.force_login(user)

        renewed = client.post("/account/security/recovery-codes/")
        assert renewed.status_code == 200 and not is_in(elsewhere)
        assert actions.accept_code(user, codes[0]) is False

        elsewhere.force_login(user)
        removed = client.post("/account/security/remove/")

        assert removed["Location"] == SECURITY
        assert is_in(client) and not is_in(elsewhere)
        assert acts(user) == ["second factor removed", "recovery codes renewed", "second factor added"]
        assert client.post("/account/security/recovery-codes/").status_code == 422
        assert with_password(Client())["Location"] == "/"

    def test_m21_the_other_sessions_end_at_a_word(self, client, user):
        elsewhere = Client()
        elsewhere.force_login(user)
        client.force_login(user)

        assert client.post("/account/security/sessions/end/")["Location"] == SECURITY

        assert is_in(client) and not is_in(elsewhere)

    def test_whoever_manages_accounts_takes_it_away_and_nobody_their_own(self, client, user, codes):
        manager = make.user(is_staff=True, may_manage_accounts=True)
        client.force_login(user)

        actions.change_user(user, by=manager, reset_second_factor=True)

        assert not is_in(client) and not Authenticator.objects.exists()
        assert acts(user)[0] == "second factor reset"
        actions.change_user(user, by=manager, reset_second_factor=True)
        actions.remove_second_factor(user, keep="")
        assert acts(user).count("second factor reset") == 1 and "second factor removed" not in acts(user)
        with pytest.raises(Refused):
            actions.change_user(manager, by=manager, reset_second_factor=True)
        with pytest.raises(Refused):
            actions.change_user(manager, by=user, reset_second_factor=True)


class TestPasswordAgain:
    def test_m18_after_ten_minutes_it_is_asked_and_leads_back(self, client, user, clock):
        with_password(client)
        assert client.get(ADD).status_code == 200
        clock.shift(timedelta(minutes=11))

        asked = client.get(ADD)
        assert asked["Location"] == "/account/password-again/?next=%2Faccount%2Fsecurity%2Fadd%2F"
        page = client.get(asked["Location"])
        assert 'value="/account/security/add/"' in page.content.decode()
        wrong = client.post("/account/password-again/", {"password": "wrong", "next": ADD})
        right = client.post("/account/password-again/", {"password": make.PASSWORD, "next": ADD})

        assert (wrong.status_code, right["Location"]) == (422, ADD)
        assert client.get(ADD).status_code == 200
        away = client.post("/account/password-again/", {"password": make.PASSWORD, "next": "//evil.example"})
        assert away["Location"] == "/"

    def test_m18_what_was_sent_comes_back_and_was_not_done(self, client, clock):
        lead, other = make.lead("lead"), make.user("other")
        case = make.case(lead)
        client.force_login(lead)
        client.get("/")
        clock.shift(timedelta(minutes=11))
        address = f"/cases/{case.pk}/team/add/"

        asked = client.post(address, {"username": other.username, "role": "viewer"})
        token = re.search(r'name="unsaved" value="([^"]+)"', asked.content.decode()).group(1)
        assert case.compartment.memberships.count() == 1
        back = client.post("/account/password-again/", {"password": make.PASSWORD, "unsaved": token})

        assert dict(unsaved.unpack(token).fields) == {"username": "other", "role": "viewer"}
        assert f'action="{address}"' in back.content.decode()
        client.post(address, {"username": other.username, "role": "viewer"})
        assert case.compartment.memberships.count() == 2

    def test_a_form_that_waits_twice_is_kept_once(self, client, user, clock):
        with_password(client)
        client.get("/account/")
        data = Client().get("/").wsgi_request.GET.copy()
        data.setlist("wording", ["typed for an hour"])
        token = unsaved.pack(user_id=user.pk, path=ADD, data=data, had_files=False)
        clock.shift(timedelta(minutes=31))

        answer = client.post("/account/password-again/", {"password": make.PASSWORD, "unsaved": token})

        assert f'name="unsaved" value="{token}"' in answer.content.decode()

    def test_the_password_is_not_guessed_here_either(self, client, user):
        client.force_login(user)
        for _try in range(5):
            client.post("/account/password-again/", {"password": "wrong"})

        answer = client.post("/account/password-again/", {"password": make.PASSWORD})

        assert answer.status_code == 422


class TestRequired:
    @pytest.mark.parametrize(
        ("asked", "person", "is_led"),
        [
            ((), {"is_superuser": True, "is_staff": True}, False),
            (("administrators",), {"is_staff": True}, True),
            (("administrators",), {"may_manage_accounts": True}, True),
            (("administrators",), {"may_open_cases": True}, False),
            (("leads",), {"may_open_cases": True}, True),
            (("everyone",), {}, True),
        ],
    )
    def test_whoever_must_have_one_reaches_nothing_before(self, client, settings, asked, person, is_led):
        settings.SECOND_FACTOR_REQUIRED_OF = frozenset(asked)
        client.force_login(make.user("person", **person))

        answers = [client.get(address) for address in ("/account/", "/cases/", "/evidence/")]

        assert {answer.get("Location") == SECURITY for answer in answers} == {is_led}
        assert client.get(SECURITY).status_code == 200
        assert client.get(ADD).status_code == 200

    def test_whoever_has_one_passes(self, client, user, codes, settings):
        settings.SECOND_FACTOR_REQUIRED_OF = frozenset({"everyone"})
        with_password(client)

        client.post(STEP, {"code": code()})

        assert is_in(client)
