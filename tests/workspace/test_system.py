"""Addresses and commands that belong to no record."""

import io
import json

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.urls import reverse

from casefiles.audit import triggers
from casefiles.audit.models import Event, EventValue
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    person = make.user("member")
    client.force_login(person)
    return person


def output_of(command, *arguments):
    """Return (exit code, what it printed)."""
    printed = io.StringIO()
    try:
        call_command(command, *arguments, stdout=printed)
    except SystemExit as stop:
        return stop.code, printed.getvalue()
    return 0, printed.getvalue()


# Reading a date -----------------------------------------------------------------------------------------------------


def test_a_date_is_read_while_it_is_typed(client, member):
    answer = client.get(reverse("workspace:read_moment"), {"text": "early February 2024"}).json()

    assert answer["ok"] is True
    assert answer["edtf"] == "2024-02-01/2024-02-10"
    assert answer["read_as"] == f"Read as {answer['meaning']} ({answer['edtf']})"


def test_a_date_with_two_readings_is_asked_about(client, member):
    answer = client.get(reverse("workspace:read_moment"), {"text": "04/05/2024"}).json()

    assert answer["ok"] is False
    assert [reading["edtf"] for reading in answer["readings"]] == ["2024-05-04", "2024-04-05"]
    assert answer["question"] == answer["reason"]


@pytest.mark.parametrize("text", ["soon", "", "31 February 2024", "a\x00b", "2" * 5_000])
def test_what_is_no_date_is_answered_with_a_reason(client, member, text):
    answer = client.get(reverse("workspace:read_moment"), {"text": text}).json()

    assert (answer["ok"], answer["readings"]) == (False, [])
    assert answer["reason"]


# Leaving ------------------------------------------------------------------------------------------------------------


def test_leaving_names_the_host_and_sends_nobody_by_itself(client, member):
    response = client.get(reverse("workspace:leave"), {"to": "https://example.org/a?b=c"})

    assert response.status_code == 200
    assert response.context["host"] == "example.org"
    assert 'href="https://example.org/a?b=c" rel="noopener noreferrer"' in response.text
    assert "http-equiv" not in response.text
    assert "Refresh" not in response


def test_a_host_in_other_letters_is_named_as_the_net_asks_for_it(client, member):
    response = client.get(reverse("workspace:leave"), {"to": "https://bücher.example/"})

    assert response.context["host"] == "xn--bcher-kva.example"
    assert response.context["host_as_read"] == "bücher.example"


def test_a_host_that_only_looks_like_other_letters_is_named_as_it_is(client, member):
    response = client.get(reverse("workspace:leave"), {"to": "https://xn--999999999.example/"})

    assert (response.context["host"], response.context["host_as_read"]) == ("xn--999999999.example", "")


@pytest.mark.parametrize(
    "target",
    ["", "javascript:alert(1)", "data:text/html,x", "//example.org", "ftp://example.org", "https://a@b.org/",
     "https://a b.org/", "https://", "/cases/", "https://example.org/" + "x" * 2_000],
)  # fmt: skip
def test_only_web_addresses_are_offered(client, member, target):
    assert client.get(reverse("workspace:leave"), {"to": target}).status_code == 404


@pytest.mark.parametrize("name", ["read_moment", "leave", "undo"])
def test_signing_in_comes_first(client, name):
    answer = client.get(reverse(f"workspace:{name}"))

    assert (answer.status_code, answer["Location"].startswith("/sign-in/")) == (302, True)


# Health and robots --------------------------------------------------------------------------------------------------


def test_a_healthy_server_says_so_to_anybody(client, settings):
    settings.EVIDENCE_DISK_FLOOR_BYTES = 0

    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "evidence_store": "ok", "disk": "ok", "record": "ok"}
    assert "no-store" in response["Cache-Control"]


def test_a_disk_under_its_floor_is_not_healthy(client, settings):
    settings.EVIDENCE_DISK_FLOOR_BYTES = 2**62

    response = client.get("/healthz")

    assert (response.status_code, response.json()["status"], response.json()["disk"]) == (503, "failed", "low")


def test_a_store_that_is_no_folder_is_not_healthy(client, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    settings.EVIDENCE_ROOT.write_text("a file")

    response = client.get("/healthz")

    assert (response.status_code, response.json()["evidence_store"]) == (503, "failed")


def test_a_database_that_does_not_answer_is_not_healthy(client, settings):
    def refuse(execute, sql, params, many, context):
        raise DatabaseError("gone")

    settings.EVIDENCE_DISK_FLOOR_BYTES = 0
    with connection.execute_wrapper(refuse):
        response = client.get("/healthz")

    assert (response.status_code, response.json()["database"]) == (503, "failed")
    assert "gone" not in response.text


def test_robots_are_asked_to_stay_away(client):
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


# Components ---------------------------------------------------------------------------------------------------------


def test_the_components_are_shown_on_this_machine_only(client, settings):
    shown = client.get(reverse("workspace:gallery"))
    settings.IS_LOCAL = False
    hidden = client.get(reverse("workspace:gallery"))

    assert (shown.status_code, hidden.status_code) == (200, 404)
    assert shown.context["form"].errors


# Commands -----------------------------------------------------------------------------------------------------------


def test_the_addresses_are_listed_with_who_may_come_in():
    code, printed = output_of("urls", "--json")

    found = {address["name"]: address for address in json.loads(printed)}
    assert code == 0
    assert found["workspace:health"]["visibility"] == "public"
    assert found["sanctions:designation_edit"] == {
        "pattern": "sanctions/<uuid:pk>/edit/",
        "name": "sanctions:designation_edit",
        "methods": ["GET", "HEAD", "POST"],
        "visibility": "record:edit",
    }
    assert "record:edit" in output_of("urls")[1]


@pytest.mark.urls("tests.workspace.undeclared_urls")
def test_an_address_that_declares_nothing_fails_the_command():
    code, printed = output_of("urls")

    assert code == 1
    assert "UNDECLARED  ANY" in printed


def test_a_sound_record_of_what_was_done_passes():
    lead = make.lead()
    make.statement(lead, circle=make.restricted_to(make.circle(lead)))

    code, printed = output_of("verify_chain", "--json")

    report = json.loads(printed)
    assert (code, report["result"], report["damage"]) == (0, "sound", None)
    assert report["events_checked"] == Event.objects.count()


def test_an_empty_record_is_not_checked_rather_than_passed():
    assert output_of("verify_chain") == (2, "Result: not checked\nlast sound hash: " + "0" * 64 + "\n")


def test_a_value_that_was_changed_behind_the_chain_is_named():
    lead = make.lead()
    make.statement(lead, circle=make.restricted_to(make.circle(lead)), text="As it was said.")
    value = EventValue.objects.get(field="text")
    # The transaction of the test puts the triggers back.
    triggers.remove(connection)
    EventValue.objects.filter(pk=value.pk).update(new='"As it was not said."')

    code, printed = output_of("verify_chain", "--json")

    report = json.loads(printed)
    assert (code, report["result"]) == (1, "damaged")
    assert report["events_with_damaged_values"] == [str(value.event_id)]
