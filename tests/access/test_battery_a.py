"""Battery A: what one may not see does not exist, at any address, by any verb, for anybody outside."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casefiles.access.gate import visibility_of
from casefiles.audit.selectors import head
from casefiles.registry.models import Vessel
from tests.access.matrix import addresses, methods_for
from tests.access.test_urls import ADDRESSES

# It asks every page again; tracing that would show no line that the pages' own tests do not.
pytestmark = [pytest.mark.django_db, pytest.mark.untraced]


def signed_in(client, matrix, who):
    if who != "ANON":
        # DIS keeps the session that was open when the account was disabled.
        client.force_login(matrix.users[who])
    return client


def is_closed(who, response):
    """Say whether the answer is what somebody outside must get: nothing, or the sign-in page."""
    if who not in {"ANON", "DIS"}:
        return response.status_code == 404
    # A form sent by somebody whose session no longer counts waits, unsaved, behind the sign-in form.
    return response.status_code == 302 or (response.status_code == 200 and b'name="login"' in response.content)


@pytest.mark.parametrize("who", ["ANON", "OUT", "OTHER", "EX", "DIS", "ADMIN", "AUD"])
def test_a01_every_verb_on_every_address_of_a_hidden_case_answers_as_if_it_did_not_exist(client, matrix, who):
    """Breaks if one view decides by itself, or looks at the method before visibility."""
    signed_in(client, matrix, who)
    wrong = []
    for number, address in enumerate(addresses(matrix)):
        for method in methods_for(who, number):
            response = getattr(client, method)(address.hidden)
            if not is_closed(who, response) or matrix.a.canary in response.content.decode("utf-8", "replace"):
                wrong.append((method, address.route, response.status_code))

    assert wrong == []


def blanked(response):
    """Return what a client sees of an answer, without the CSRF token and nonce, which are random each time."""
    body = re.sub(rb'(csrf[^"]*" value=|X-CSRFToken": |nonce=)"[^"]*"', b"", response.content)
    headers = {
        name: re.sub(r"'nonce-[^']*'", "", value) for name, value in response.items() if name not in {"Set-Cookie"}
    }
    return response.status_code, headers, body


def test_a02_a_hidden_record_and_an_absent_one_answer_with_the_same_bytes(client, matrix):
    signed_in(client, matrix, "OTHER")
    differing = []
    for address in addresses(matrix):
        hidden, absent = client.get(address.hidden), client.get(address.absent)
        if blanked(hidden) != blanked(absent):
            differing.append(address.route)

    assert differing == []


def test_a03_a_hidden_record_and_an_absent_one_cost_the_same_queries(client, matrix):
    signed_in(client, matrix, "OTHER")
    # The first request of a session also notes when it was seen.
    client.get("/")
    differing = []
    for address in addresses(matrix):
        with CaptureQueriesContext(connection) as hidden:
            client.get(address.hidden)
        with CaptureQueriesContext(connection) as absent:
            client.get(address.absent)
        if len(hidden) != len(absent):
            differing.append((address.route, len(hidden), len(absent)))

    assert differing == []


def member_pages():
    """Return the addresses without ids that every member may open."""
    return [
        f"/{route}"
        for route, callback in ADDRESSES
        if visibility_of(callback) == "member" and "<" not in route and "suggest" not in route
    ]


@pytest.mark.parametrize("who", ["OUT", "OTHER", "EX", "ADMIN"])
def test_a07_a11_no_list_or_page_holds_anything_of_a_hidden_case(client, matrix, who):
    """Every list, form, home and search page, with its counts, choices and titles."""
    signed_in(client, matrix, who)
    telling = []
    for page in member_pages():
        for query in ("", f"?q={matrix.a.canary}", "?q=canarya", "?q=title"):
            body = client.get(page + query).content.decode("utf-8", "replace")
            shown = body.replace(f"canary{matrix.a.canary[6:]}", "CANARY")
            if query != f"?q={matrix.a.canary}" and "CANARY" in shown:
                telling.append((page, query))
            if str(matrix.a.case.pk) in body or matrix.a.case.reference in body:
                telling.append((page, query, "case"))

    assert telling == []


def test_a07_a_reader_sees_in_each_list_what_the_case_holds(client, matrix):
    """The other half: a list that shows nobody anything would pass the test above."""
    signed_in(client, matrix, "READ")
    silent = []
    for page in ("/cases/", "/evidence/", "/evidence/sources/", "/registry/vessels/", "/registry/organisations/",
                 "/registry/people/", "/registry/places/", "/statements/", "/sanctions/", "/voyages/",
                 "/voyages/port-calls/"):  # fmt: skip
        response = client.get(page)
        if response.status_code != 200 or matrix.a.canary not in response.content.decode():
            silent.append((page, response.status_code))

    assert silent == []


def suggest_pages():
    return [f"/{route}" for route, callback in ADDRESSES if "suggest" in route and visibility_of(callback) == "member"]


@pytest.mark.parametrize("page", suggest_pages())
def test_a09_suggestions_never_hold_what_one_may_not_see(client, matrix, page):
    signed_in(client, matrix, "OTHER")

    for text in (matrix.a.canary, "canarya", "vessel", "item", ""):
        assert matrix.a.canary not in client.get(page, {"q": text}).content.decode()


def test_a09_a_hidden_id_in_a_choice_is_refused_in_the_words_of_one_that_never_was(client, matrix):
    signed_in(client, matrix, "OTHER")
    address = f"/cases/{matrix.b.case.pk}/subjects/new/"

    def answer(identifier):
        body = client.post(address, {"vessel": "", "vessel_id": identifier, "role": ""}).content.decode()
        return blanked_text(body).replace(identifier, "ID")

    assert answer(matrix.a.records["registry.vessel"][0]) == answer(str(uuid.uuid4()))


def blanked_text(body):
    return re.sub(r'(csrf[^"]*" value=|X-CSRFToken": |nonce=)"[^"]*"', "", body)


@pytest.mark.parametrize(
    "query",
    ["case__title__startswith=title", "ordering=case__title", "created_by=x", "vessel__note__icontains=canary",
     "sort=case__secret", "sort=-pk", "compartments=x"],
)  # fmt: skip
@pytest.mark.parametrize("page", ["/registry/vessels/", "/evidence/", "/cases/", "/statements/"])
def test_a10_unknown_filters_and_orders_change_nothing(client, matrix, page, query):
    signed_in(client, matrix, "READ")

    def ids(address):
        return re.findall(r'href="/[a-z/-]*([0-9a-f]{8}-[0-9a-f-]{27})/"', client.get(address).content.decode())

    assert ids(f"{page}?{query}") == ids(page)


def test_a15_ids_in_addresses_are_random(matrix):
    for ids in matrix.a.records.values():
        for identifier in ids:
            assert uuid.UUID(identifier).version == 4
    assert re.fullmatch(r"CF-[A-Z0-9]{5}", matrix.a.case.reference)


def test_a16_a_removed_member_finds_nothing_at_an_address_they_knew(client, matrix):
    signed_in(client, matrix, "EX")

    for address in addresses(matrix):
        assert client.post(address.hidden).status_code == 404, address.route


def test_a19_a_viewer_writes_nothing(client, matrix):
    signed_in(client, matrix, "READ")
    before = head()[0]
    wrong = []
    for address in addresses(matrix):
        if address.act in {"read", "comment"}:
            continue
        for method in ("post", "put", "patch", "delete"):
            response = getattr(client, method)(address.hidden, {"reason": "x", "text": "x"})
            if response.status_code not in {403, 404}:
                wrong.append((method, address.route, response.status_code))

    assert wrong == []
    assert head()[0] == before


def test_b04_a_number_that_only_a_hidden_record_carries_is_unknown(client, matrix):
    """A working name of a hidden ship, typed into a form of another case, matches nothing."""
    signed_in(client, matrix, "OTHER")

    body = client.post(
        f"/cases/{matrix.b.case.pk}/subjects/new/", {"vessel": f"vessel {matrix.a.canary}", "role": ""}
    ).content.decode()

    assert "Nothing is called" in body
    assert not Vessel.objects.visible_to(matrix.users["OTHER"]).filter(display_name__contains=matrix.a.canary).exists()


def test_b07_the_records_own_case_decides_and_not_what_was_sent(client, matrix):
    signed_in(client, matrix, "OTHER")
    claim = matrix.a.records["cases.claim"][0]

    for address in (f"/cases/{matrix.b.case.pk}/claims/{claim}/", f"/cases/{matrix.b.case.pk}/claims/{claim}/edit/"):
        assert client.get(address, {"case": str(matrix.b.case.pk)}).status_code == 404
        assert client.post(address, {"case": str(matrix.b.case.pk), "text": "stolen"}).status_code == 404


@pytest.mark.parametrize(
    "mangled",
    ["{id}/../{id}/", "{upper}/", "{id}.json", "{id}/?format=json", "{id}//", "%2e%2e/{id}/", "{id};x/", "{id}%00/"],
)
def test_a31_a33_other_spellings_of_an_address_tell_no_more(client, matrix, mangled):
    signed_in(client, matrix, "OTHER")
    identifier = str(matrix.a.case.pk)

    response = client.get("/cases/" + mangled.format(id=identifier, upper=identifier.upper()))

    assert response.status_code in {301, 302, 404}
    assert matrix.a.canary not in response.content.decode()


@pytest.mark.parametrize(
    "header", ["HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_ORIGINAL_URL", "HTTP_X_FORWARDED_HOST", "HTTP_ACCEPT"]
)
def test_a32_headers_change_no_decision(client, matrix, header):
    signed_in(client, matrix, "OTHER")

    response = client.get(f"/cases/{matrix.a.case.pk}/", **{header: "application/json"})

    assert response.status_code == 404
