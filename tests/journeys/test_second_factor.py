"""Somebody adds a second factor, signs in with it on a phone, and once more with a recovery code."""

import re
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import expect

from tests import make
from tests.journeys.test_every_page import DESK, PHONE, broken_rules, overflow
from tests.journeys.test_sign_in import sign_in

SECOND_STEP = re.compile(r"/sign-in/second-step/$")


def code_of(secret: str, *, step: int) -> str:
    """Return the code of the time step before (0), of this one (1) or the next (2), as the library makes it."""
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[step]))


def test_a_second_factor_is_added_used_and_replaced_by_a_recovery_code(visit, site, faults) -> None:
    person = make.user()
    page = visit(person, "/account/")
    page.get_by_role("link", name="Second factor, recovery codes and sessions").click()
    page.get_by_role("link", name="Add a second factor").click()
    secret = page.locator(".scan-secret code").inner_text().replace(" ", "")
    assert page.locator(".scan img").evaluate("picture => picture.naturalWidth > 0")
    wrong = looked_over(page, faults)

    page.get_by_label("Code").fill(code_of(secret, step=0))
    page.get_by_role("button", name="Turn it on").click()
    wrong += looked_over(page, faults)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as a text file").click()
    codes = saved.value.path().read_text("utf-8").split("\n")
    assert page.locator(".recovery-codes li").first.inner_text() == codes[0].strip()
    page.get_by_role("link", name="I have kept them").click()
    wrong += looked_over(page, faults)

    for given in (code_of(secret, step=2), codes[0]):
        phone = visit(None, "/sign-in/?next=/account/security/", viewport=PHONE)
        sign_in(phone, person.username)
        expect(phone).to_have_url(SECOND_STEP)
        wrong += looked_over(phone, faults)
        phone.get_by_label("Code").fill(given)
        phone.get_by_role("button", name="Sign in", exact=True).click()
        expect(phone.get_by_text("Recovery codes left")).to_be_visible()
    assert wrong == [], "\n".join(wrong)


def looked_over(page: Any, faults: Any) -> list[str]:
    """Return what is wrong with a page, at a desk by day and on a phone by night."""
    before, wrong = page.viewport_size, []
    for viewport, colours in ((DESK, "light"), (PHONE, "dark")):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=colours)
        with faults.unheard():
            wrong += broken_rules(page) + overflow(page)
    page.set_viewport_size(before)
    return wrong
