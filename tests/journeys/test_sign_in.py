"""Signing in and out, a session that ends while somebody types, and light or dark."""

import re
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from tests import make


def sign_in(page: Any, username: str) -> None:
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_whoever_signs_in_reaches_the_page_they_asked_for_and_leaves_by_signing_out(visit, people) -> None:
    page = visit(None, "/cases/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))

    sign_in(page, people.researcher.username)

    expect(page).to_have_url(re.compile(r"/cases/$"))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.goto("/cases/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))


def test_a_wrong_password_is_said_and_the_name_stays(visit, people) -> None:
    page = visit(None, "/sign-in/")
    page.get_by_label("User name").fill(people.viewer.username)
    page.get_by_label("Password").fill("not this one")

    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("User name")).to_have_value(people.viewer.username)


def end_session(page: Any) -> None:
    """Make the page's session look as if nobody had used it for longer than is allowed."""
    name = settings.SESSION_COOKIE_NAME
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == name)
    row = Session.objects.get(session_key=key)
    long_ago = (timezone.now() - settings.SESSION_IDLE * 2).timestamp()
    row.session_data = Session.get_session_store_class()().encode({**row.get_decoded(), "seen_at": long_ago})
    row.save()


def test_a_form_sent_after_the_session_ended_comes_back_with_its_text(visit, people, site) -> None:
    case = make.case(people.lead)
    page = visit(people.lead, f"/cases/{case.pk}/claims/new/")
    page.locator("[name=text]").fill("The ship called at Rajin.\nتحت")
    end_session(page)

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nothing is lost")).to_be_visible()
    sign_in(page, people.lead.username)
    page.get_by_role("button", name="Go on with the form").click()

    expect(page.locator("[name=text]")).to_have_value("The ship called at Rajin.\nتحت")
    expect(page.get_by_text("This form was not saved yet")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="C-01 was added")).to_be_visible()


def test_colours_are_chosen_on_a_page_and_stay_on_the_next(visit, people) -> None:
    page = visit(people.viewer, "/cases/", color_scheme="light")
    light = background(page)

    page.get_by_role("button", name="Colours: as the system").click()
    page.get_by_role("button", name="Colours: light").click()
    page.goto("/")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert background(page) != light


def background(page: Any) -> str:
    return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
