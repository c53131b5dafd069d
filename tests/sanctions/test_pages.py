"""The list, page and forms of designations: who gets what, what is found, and what a mistake is told."""

import re

import pytest
from django.urls import reverse

from casefiles.core.conflicts import raw_values
from casefiles.evidence.models import Citation
from casefiles.sanctions.models import Authority, Designation, Programme
from tests import make

pytestmark = pytest.mark.django_db

PAGES = ["designation", "designation_history"]
FORMS = ["designation_edit", "designation_cite", "designation_void", "designation_restore"]


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def team(lead, viewer):
    return make.circle(lead, viewer=viewer)


@pytest.fixture
def stranger(db):
    person = make.lead("stranger")
    make.circle(person)
    return person


@pytest.fixture
def hidden(lead, team):
    """A designation that only the team sees, of a vessel that everybody sees."""
    return make.designation(lead, circle=make.restricted_to(team), in_force="2024-06-13", list_entry="RUS2183")


def errors(response):
    return {name: [str(error) for error in found] for name, found in response.context["form"].errors.items()}


def test_the_list_shows_what_its_reader_may_see(client, lead, viewer, stranger, hidden):
    for person, is_shown in ((lead, True), (viewer, True), (stranger, False)):
        client.force_login(person)
        response = client.get(reverse("sanctions:designations"))
        assert (str(hidden.vessel) in response.text) is is_shown
        assert response.context["page"]["total"] == int(is_shown)


@pytest.mark.parametrize("page", PAGES)
def test_pages_answer_by_role(client, lead, viewer, stranger, hidden, page):
    address = reverse(f"sanctions:{page}", args=[hidden.pk])

    answers = {}
    for person in (lead, viewer, stranger):
        client.force_login(person)
        answers[str(person.username)] = client.get(address).status_code

    assert answers == {"lead": 200, "viewer": 200, "stranger": 404}


@pytest.mark.parametrize("page", FORMS)
def test_forms_answer_by_role(client, lead, viewer, stranger, hidden, page):
    address = reverse(f"sanctions:{page}", args=[hidden.pk])

    answers = {}
    for person in (lead, viewer, stranger):
        client.force_login(person)
        answers[str(person.username)] = (client.get(address).status_code, client.post(address).status_code)

    assert answers["viewer"] == (403, 403)
    assert answers["stranger"] == (404, 404)
    assert answers["lead"][0] == 200


@pytest.mark.parametrize("page", ["designation_add", "authority_add", "programme_add"])
def test_whoever_edits_nowhere_is_told_so_before_filling_in_a_form(client, lead, team, viewer, page):
    answers = []
    for person in (lead, viewer):
        client.force_login(person)
        answers.append(client.get(reverse(f"sanctions:{page}")).status_code)

    assert answers == [200, 403]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("text=rus2183", 1),
        ("text=RUS9999", 0),
        ("text={name}", 1),
        ("text={imo}", 1),
        ("authority={authority}", 1),
        ("programme=eu-mare", 1),
        ("programme=vessels", 1),
        ("programme=other", 0),
        ("target=vessel", 1),
        ("target=person", 0),
        ("on=2024-06-13", 1),
        ("on=2024-06-12", 0),
    ],
)
def test_the_list_is_narrowed_by_its_filters(client, lead, team, query, found):
    authority = make.authority(lead)
    programme = make.programme(lead, authority, key="EU-MARE", name="Vessels of the annex")
    vessel = make.numbered_vessel(lead, display_name="ANGARA")
    make.designation(
        lead, authority=authority, programme=programme, vessel=vessel, in_force="2024-06-13", list_entry="RUS2183"
    )
    client.force_login(lead)

    query = query.format(name="angara", imo=vessel.imo_number, authority=authority.pk)
    response = client.get(f"{reverse('sanctions:designations')}?{query}")

    assert response.context["page"]["total"] == found


@pytest.mark.parametrize("query", ["on=yesterday", "authority=x", "target=ghost", "text=%00"])
def test_a_filter_that_cannot_be_read_is_explained_and_shows_nothing(client, lead, hidden, query):
    client.force_login(lead)

    response = client.get(f"{reverse('sanctions:designations')}?{query}")

    assert response.status_code == 200
    assert response.context["page"]["total"] == 0
    assert response.context["filter"].form.errors


def test_the_list_filtered_by_a_day_says_where_sources_conflict(client, lead, team):
    vessel, authority = make.numbered_vessel(lead), make.authority(lead)
    for day in ("2024-06-13", "2024-07-31"):
        make.designation(lead, vessel=vessel, authority=authority, in_force=day, end_kind="ongoing")
    client.force_login(lead)

    response = client.get(f"{reverse('sanctions:designations')}?on=2024-07-01")

    assert response.context["page"]["total"] == 1
    assert "sources conflict" in response.text


def test_the_list_takes_as_many_queries_for_two_rows_as_for_twelve(client, lead, team, django_assert_max_num_queries):
    client.force_login(lead)
    address = f"{reverse('sanctions:designations')}?on=2024-07-01"
    counts = []
    for rows in (2, 12):
        while Designation.objects.count() < rows:
            make.citation(make.designation(lead, in_force="2023"), make.item(lead), lead)
        client.get(address)  # The session notes once a while that somebody is there.
        with django_assert_max_num_queries(8) as queries:
            assert client.get(address).context["page"]["total"] == rows
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_page_shows_each_date_with_what_is_cited_for_it(client, lead, hidden):
    item = make.item(lead, title="List of 11 August")
    make.citation(hidden, item, lead, about="in_force", locator="p. 4")
    client.force_login(lead)

    response = client.get(reverse("sanctions:designation", args=[hidden.pk]))

    dates = {
        date["name"]: [citation.item.title for citation in date["citations"]] for date in response.context["dates"]
    }
    assert dates == {"announced": [], "in_force": ["List of 11 August"], "ended": []}
    assert "p. 4" in response.text


@pytest.mark.parametrize(("day", "answer"), [("2024-06-12", "no"), ("2024-06-13", "yes"), ("2024-06-14", "unknown")])
def test_the_page_answers_for_a_day(client, lead, hidden, day, answer):
    client.force_login(lead)

    response = client.get(reverse("sanctions:designation", args=[hidden.pk]), {"on": day})

    assert str(response.context["on_day"].answer) == answer
    assert "together" not in response.context


def test_the_page_answers_with_the_records_that_disagree(client, lead, hidden):
    make.designation(lead, vessel=hidden.vessel, authority=hidden.authority, in_force="2024-07-31", end_kind="ongoing")
    client.force_login(lead)

    response = client.get(reverse("sanctions:designation", args=[hidden.pk]), {"on": "2024-06-13"})

    assert str(response.context["on_day"].answer) == "yes"
    assert (str(response.context["together"].answer), response.context["together"].reason) == (
        "unknown",
        "sources conflict",
    )


def test_a_day_that_cannot_be_read_is_explained(client, lead, hidden):
    client.force_login(lead)

    response = client.get(reverse("sanctions:designation", args=[hidden.pk]), {"on": "30 February"})

    assert "on" in response.context["day_form"].errors


def test_the_page_of_a_record_takes_at_most_twelve_queries(client, lead, hidden, django_assert_max_num_queries):
    for _turn in range(5):
        make.citation(hidden, make.item(lead), lead)
    client.force_login(lead)

    with django_assert_max_num_queries(12):
        client.get(reverse("sanctions:designation", args=[hidden.pk]), {"on": "2024-06-13"})


def test_a_designation_is_added_with_the_circle_of_a_case(client, lead):
    case = make.case(lead)
    authority, vessel = make.authority(lead), make.numbered_vessel(lead)
    client.force_login(lead)
    address = f"{reverse('sanctions:designation_add')}?case={case.pk}"
    initial = client.get(address).context["form"]["circle"].value()

    response = client.post(
        address,
        {
            "authority": str(authority),
            "vessel": str(vessel),
            "vessel_id": str(vessel.pk),
            "in_force": "early June 2024",
            "ended": "ongoing",
            "measures": ["asset freeze"],
            "basis": "document",
            "circle": initial,
        },
    )

    saved = Designation.objects.get()
    assert response.status_code == 302
    assert response["Location"] == reverse("sanctions:designation", args=[saved.pk])
    assert (saved.authority, saved.vessel, saved.end_kind) == (authority, vessel, "ongoing")
    assert list(saved.assertion.compartments.all()) == [case.compartment]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "authority"),
        ({"in_force": "31 February 2024"}, "in_force"),
        ({"in_force": "2024-06-25", "ended": "2024-06-24"}, "ended"),
        ({"measures": ["house arrest"]}, "measures"),
        ({"person": "Office"}, "person"),
        ({"vessel": "Nobody's ship"}, "vessel"),
        ({"list_entry": "x" * 81}, "list_entry"),
        ({"note": "a\x00b"}, "note"),
        ({"circle": "everybody"}, "circle"),
    ],
)
def test_a_mistake_is_told_where_it_happened_and_nothing_typed_is_lost(client, lead, team, data, field):
    authority, vessel = make.authority(lead), make.numbered_vessel(lead)
    make.person(lead, name="Office holder")
    client.force_login(lead)
    valid = {"authority": str(authority), "vessel": str(vessel), "basis": "document", "circle": "open"}
    filled = {"grounds": "Kept.", **valid, **data} if data else {"grounds": "Kept."}

    response = client.post(reverse("sanctions:designation_add"), filled)

    assert response.status_code == 422
    assert field in errors(response)
    assert "Kept." in response.text
    assert not Designation.objects.exists()


def test_a_restricted_target_answers_like_one_that_does_not_exist(client, lead, team, stranger):
    hidden = make.vessel(lead, circle=make.restricted_to(team))
    authority = make.authority(lead)
    client.force_login(stranger)
    valid = {"authority": str(authority), "basis": "document", "circle": "open"}
    address = reverse("sanctions:designation_add")

    texts = [
        errors(client.post(address, {**valid, "vessel": "", "vessel_id": key}))["vessel"]
        for key in (str(hidden.pk), "7f7f7f7f-0000-4000-8000-000000000000")
    ]

    assert texts[0] == texts[1]


def edit(client, record, **changes):
    """Open the form and send it again with changes, as a browser would."""
    address = reverse("sanctions:designation_edit", args=[record.pk])
    page = client.get(address)
    data = {**raw_values(page.context["form"]), "base": page.context["base_token"]}
    return address, {**data, **changes}


def test_an_edit_changes_what_was_changed(client, lead, hidden):
    client.force_login(lead)
    address, data = edit(client, hidden, in_force="31 July 2024", measures=["travel ban"])

    response = client.post(address, data)

    saved = Designation.objects.get()
    assert response.status_code == 302
    assert (saved.in_force.edtf, saved.measures, saved.list_entry) == ("2024-07-31", ["travel ban"], "RUS2183")


def test_a_stale_edit_shows_base_theirs_and_yours(client, lead, hidden):
    client.force_login(lead)
    address, first = edit(client, hidden, list_entry="THEIRS")
    _address, second = edit(client, hidden, list_entry="YOURS", note="Typed at length.")
    client.post(address, first)

    response = client.post(address, second)

    assert response.status_code == 409
    row = next(row for row in response.context["conflict"]["rows"] if row.name == "list_entry")
    assert (row.base, row.theirs, row.yours) == ("RUS2183", "THEIRS", "YOURS")
    assert "Typed at length." in response.text
    assert Designation.objects.get().list_entry == "THEIRS"
    again = {**second, "base": response.context["base_token"], "keep-list_entry": "theirs", "keep-basis": "theirs"}
    assert client.post(address, again).status_code == 302
    saved = Designation.objects.get()
    assert (saved.list_entry, saved.note, saved.basis) == ("THEIRS", "Typed at length.", "document")


def test_an_item_is_cited_for_one_date(client, lead, hidden):
    item = make.item(lead, title="List of 11 August")
    client.force_login(lead)
    address = reverse("sanctions:designation_cite", args=[hidden.pk])
    assert client.get(f"{address}?about=in_force").context["form"]["about"].value() == "in_force"

    response = client.post(
        address, {"item": item.title, "stance": "supports", "about": "in_force", "locator": "page 4", "quote": ""}
    )

    citation = Citation.objects.get()
    assert response.status_code == 302
    assert (citation.about, citation.locator_kind, citation.locator) == ("in_force", "page", "4")
    withdrawn = client.post(reverse("evidence:citation_void", args=[citation.pk]), {"reason": "Wrong page."})
    assert withdrawn["Location"] == reverse("sanctions:designation", args=[hidden.pk])


def test_voiding_needs_a_reason_and_shows_it_and_restoring_takes_it_back(client, lead, hidden):
    client.force_login(lead)
    page = reverse("sanctions:designation", args=[hidden.pk])
    address = reverse("sanctions:designation_void", args=[hidden.pk])

    assert client.post(address, {"reason": " "}).status_code == 422
    client.post(address, {"reason": "Another ship."})
    assert "Another ship." in client.get(page).text
    assert client.get(reverse("sanctions:designations")).context["page"]["total"] == 0
    client.post(reverse("sanctions:designation_restore", args=[hidden.pk]))

    assert client.get(reverse("sanctions:designations")).context["page"]["total"] == 1
    assert client.get(page).context["voided"] is None


def test_authorities_and_programmes_are_created_in_place_and_suggested(client, lead, team):
    client.force_login(lead)

    made = client.post(
        f"{reverse('sanctions:authority_add')}?in_place=1", {"name": "European Union", "short_name": "EU"}
    ).json()
    refused = client.post(f"{reverse('sanctions:authority_add')}?in_place=1", {"name": "European Union"})
    client.post(reverse("sanctions:programme_add"), {"authority": "European Union", "key": "EU-MARE", "name": "Ships"})
    other = client.post(reverse("sanctions:authority_add"), {"name": "Korea", "country": "KR"})

    assert other["Location"] == Authority.objects.get(name="Korea").get_absolute_url()
    assert made["text"] == "European Union"
    assert refused.status_code == 422
    assert (Authority.objects.count(), Programme.objects.get().authority.short_name) == (2, "EU")
    for page, text, found in (
        ("authority_suggest", "eu", ["European Union"]),
        ("programme_suggest", "mare", ["EU-MARE: Ships"]),
        ("programme_suggest", "nothing", []),
    ):
        results = client.get(reverse(f"sanctions:{page}"), {"q": text}).json()["results"]
        assert [result["text"] for result in results] == found


def test_the_history_names_what_changed_but_no_key(client, lead, hidden):
    client.force_login(lead)
    address, data = edit(client, hidden, in_force="31 July 2024")
    client.post(address, data)

    response = client.get(reverse("sanctions:designation_history", args=[hidden.pk]))

    acts = [(event.act, event.actor) for event in response.context["events"]]
    changes = {change.label: (change.old, change.new) for change in response.context["events"][0].changes}
    assert acts == [("changed", "Lead"), ("added", "Lead")]
    assert changes == {"in force from, as written": ("2024-06-13", "31 July 2024")}
    assert not re.search(r"<ins[^>]*>[0-9a-f]{8}-[0-9a-f]{4}-", response.text)
