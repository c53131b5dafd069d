"""R3, A04: every address declares who may come in, and one that does not is closed."""

import io
import json

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, include, path

from casefiles.access.actions import NotVisible
from casefiles.access.gate import visibility_of
from casefiles.access.rules import Act


def patterns(resolver=None, prefix=""):
    """Yield (route, callback) of every address."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback


ADDRESSES = list(patterns())
ALLOWED = {
    "public", "member", "system:administer", "system:verify",
    *(f"{kind}:{act}" for kind in ("case", "record") for act in Act.values),
}  # fmt: skip


@pytest.mark.parametrize(("route", "callback"), ADDRESSES, ids=[route for route, _callback in ADDRESSES])
def test_a04_every_address_declares_who_may_come_in(route, callback):
    assert visibility_of(callback) in ALLOWED


@pytest.mark.parametrize(("route", "callback"), ADDRESSES, ids=[route for route, _callback in ADDRESSES])
def test_an_address_about_a_record_names_it_in_its_path(route, callback):
    visibility = visibility_of(callback) or ""
    if visibility.split(":")[0] in {"case", "record"}:
        view = callback.view_class
        assert view.record_model is not None
        assert f":{view.record_kwarg}>" in route


PUBLIC = {"sign-in/", "sign-in/second-step/", "healthz", "robots.txt", "-/ui/"}


def test_only_these_addresses_are_open_to_everybody():
    public = {route for route, callback in ADDRESSES if visibility_of(callback) == "public"}

    assert public <= PUBLIC | {"healthz/"}


def undeclared(request):
    return HttpResponse("secret")


def about_something_hidden(request):
    raise NotVisible


about_something_hidden.visibility = "public"

urlpatterns = [
    path("planted/", undeclared),
    path("hidden/", about_something_hidden),
    path("", include("casefiles.urls")),
]
handler404 = "casefiles.core.errors.not_found"


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a04_a_planted_address_that_declares_nothing_is_closed(client):
    """Breaks if the gate lets an undeclared address through."""
    assert visibility_of(undeclared) is None
    assert client.get("/planted/").status_code == 404


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_what_an_action_finds_hidden_answers_like_an_address_that_does_not_exist(client):
    hidden, absent = client.get("/hidden/"), client.get("/absent/")

    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert [template.name for template in hidden.templates] == [template.name for template in absent.templates]


def test_the_addresses_are_printed_with_what_they_declare():
    out = io.StringIO()

    call_command("urls", "--json", stdout=out)

    printed = json.loads(out.getvalue())
    assert {entry["pattern"] for entry in printed} >= {route for route, _callback in ADDRESSES[:5]}
    assert all(entry["visibility"] for entry in printed)
