"""What comes back from a conflict page, a list's cursor and a picker, when it is not what the page sent."""

import base64
import json

import pytest
from django import forms
from django.http import QueryDict
from django.urls import reverse

from casefiles.core.conflicts import Base, conflict_rows, merged_data
from casefiles.core.forms import Form, RecordField
from casefiles.registry.models import Vessel
from tests import make


class Quoted(Form):
    quote = forms.CharField()
    quote_language = forms.CharField()


def test_keeping_theirs_of_one_field_leaves_a_field_whose_name_begins_alike() -> None:
    base = Base("id", 2, {"quote": ["theirs"], "quote_language": ["ru"]})
    posted = QueryDict("quote=mine&quote_language=en&keep-quote=theirs&keep-quote_language=yours")

    merged = merged_data(posted, base)

    assert (merged["quote"], merged["quote_language"]) == ("theirs", "en")


def test_keeping_theirs_of_a_picker_takes_its_key_with_its_words() -> None:
    base = Base("id", 2, {"place": ["Rajin"], "place_id": ["1"]})

    merged = merged_data(QueryDict("place=Dunai&place_id=2&keep-place=theirs"), base)

    assert (merged["place"], merged["place_id"]) == ("Rajin", "1")


def test_a_conflict_page_sends_each_input_once() -> None:
    form = Quoted(QueryDict("quote=mine&quote_language=en"), user=None)

    rows = conflict_rows(form, base=None, theirs=Base("id", 2, {"quote": ["theirs"]}))

    assert [row.inputs for row in rows] == [(("quote", "mine"),), (("quote_language", "en"),)]


def cursor(*values) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["a\x00b", "\ud800", None, [], {}, True])
@pytest.mark.parametrize("way", ["after", "before"])
def test_a_cursor_that_no_list_gave_out_is_not_found(client, value, way) -> None:
    client.force_login(make.lead())
    identifier = "0b0e4a3c-4f0c-4f6e-9d64-6a2f4d7c6a11"

    answers = [
        client.get(reverse(name), {way: text}).status_code
        for name in ("registry:vessels", "evidence:items", "cases:list", "statements:statements")
        for text in (cursor(value, identifier), cursor("a", value))
    ]

    assert set(answers) == {404}


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["a\x00b", "\x00", "\\", "%", "_", "'", "9" * 60])
def test_a_picker_suggests_or_not_whatever_is_typed(client, text) -> None:
    person = make.lead()
    case = make.case(person)
    client.force_login(person)
    addresses = [
        reverse(name)
        for name in (
            "registry:vessel_suggest",
            "registry:organisation_suggest",
            "registry:person_suggest",
            "registry:place_suggest",
            "evidence:item_suggest",
            "evidence:source_suggest",
            "statements:statement_suggest",
            "sanctions:authority_suggest",
            "sanctions:programme_suggest",
            "sanctions:provision_suggest",
            "voyages:port_call_suggest",
        )
    ] + [reverse(name, args=[case.pk]) for name in ("cases:claim_suggest", "cases:exhibit_suggest")]

    answers = [client.get(address, {"q": text}).status_code for address in addresses]

    assert set(answers) == {200}


@pytest.mark.django_db
def test_an_exact_name_is_found_behind_many_that_hold_it() -> None:
    person = make.lead()
    make.case(person)
    for number in range(8):
        make.vessel(person, display_name=f"{number} Maria")
    wanted = make.vessel(person, display_name="Maria")
    field = RecordField(model=Vessel, suggest_url="registry:vessel_suggest")
    field.user = person

    assert field.clean(["Maria", ""]) == wanted
