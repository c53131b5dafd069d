""" "E-03 p. 4": an exhibit and a place in it, written or pasted in one go, and understood on the server."""

import pytest
from django.urls import reverse

from casefiles.cases.references import Reference, read_reference
from casefiles.evidence.models import Citation
from tests import make


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("E-03 p. 4", (3, "p. 4")),
        ("E-3, p.4", (3, "p.4")),
        ("e03 para 9", (3, "para 9")),
        ("E-03 00:01:12", (3, "00:01:12")),
        ("E3: rows 3-9", (3, "rows 3-9")),
        ("  E–12  pp. 4-6 ", (12, "pp. 4-6")),
        ("E 7 #results", (7, "#results")),
        ("E-07 B4", (7, "B4")),
        ("E-03", None),
        ("E-0 p. 4", None),
        ("E-03p4", None),
        ("E-03 of the yard", None),
        ("Emma p. 4", None),
        ("", None),
    ],
)
def test_an_exhibit_with_a_place_is_read_and_anything_else_is_words(text, expected):
    assert read_reference(text) == (Reference(*expected) if expected else None)


@pytest.fixture
def lead(db):
    return make.lead("lead")


@pytest.fixture
def case(lead):
    return make.case(lead)


@pytest.fixture
def report(case, lead):
    return make.original(case, lead, title="Report from the yard")


def cite(client, claim, **data):
    address = reverse("cases:claim_cite", args=[claim.case_id, claim.pk])
    return client.post(address, {"stance": "supports", **data})


@pytest.mark.parametrize("text", ["E-01 p. 4", "e1, p.4", "E01: page 4"])
def test_a_pasted_reference_is_cited_at_its_place(client, case, lead, report, text):
    client.force_login(lead)

    response = cite(client, make.claim(case, lead), exhibit=text)

    assert response.status_code == 302
    citation = Citation.objects.get()
    assert (citation.item, citation.locator_text) == (report.item, "p. 4")


def test_the_words_win_over_the_exhibit_that_was_picked_before(client, case, lead, report):
    client.force_login(lead)
    other = make.original(case, lead)

    cite(client, make.claim(case, lead), exhibit="E-01 para 9", exhibit_id=str(other.pk))

    assert (Citation.objects.get().item, Citation.objects.get().locator_text) == (report.item, "para 9")


def test_the_same_place_twice_is_one_and_two_places_are_asked_about(client, case, lead, report):
    client.force_login(lead)
    claim = make.claim(case, lead)

    same = cite(client, claim, exhibit="E-01 p. 4", locator="page 4")
    two = cite(client, claim, exhibit="E-01 p. 4", locator="p. 5")
    nonsense = cite(client, claim, exhibit="E-01 p. 4", locator="somewhere")
    gone = cite(client, claim, exhibit="E-09 p. 4")

    assert same.status_code == 302
    assert [list(page.context["form"].errors) for page in (two, nonsense, gone)] == [
        ["locator"], ["locator"], ["exhibit"],
    ]  # fmt: skip
    assert Citation.objects.count() == 1


def test_the_picker_finds_the_exhibit_of_a_pasted_reference(client, case, lead, report):
    client.force_login(lead)

    found = client.get(reverse("cases:exhibit_suggest", args=[case.pk]), {"q": "E-01 00:01:12"}).json()

    assert [one["id"] for one in found["results"]] == [str(report.pk)]


def test_a_statement_takes_a_pasted_reference_too(client, case, lead, report):
    client.force_login(lead)

    client.post(
        reverse("cases:statement_record", args=[case.pk]),
        {"exhibit": "E-01 p. 4", "speaker_text": "A spokesperson", "language": "en", "text": "We know nothing."},
    )

    assert Citation.objects.get().locator_text == "p. 4"
