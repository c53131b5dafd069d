"""The pages of those who designate, and of what they designate under."""

import pytest
from django.urls import reverse

from casefiles.access.actions import void_record
from casefiles.sanctions import actions
from casefiles.sanctions.models import Authority, Programme
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    person = make.lead("lead")
    make.circle(person)
    return person


@pytest.fixture
def authority(lead):
    return make.authority(lead, name="European Union", short_name="EU")


@pytest.fixture
def programme(lead, authority):
    return actions.add_programme(by=lead, authority=authority, key="EU-MARE", name="Vessels")


def shown(client, person, name, *args, **query):
    client.force_login(person)
    return client.get(reverse(f"sanctions:{name}", args=args), query)


def test_both_lists_are_open_to_every_member_and_narrowed_by_words(client, lead, authority, programme):
    make.authority(lead, name="Republic of Korea")
    stranger = make.user()

    narrowed = shown(client, stranger, "authorities", q="euro")
    programmes = shown(client, stranger, "programmes", authority=str(authority.pk))

    assert [row.name for row in narrowed.context["rows"]] == ["European Union"]
    assert [row.key for row in programmes.context["rows"]] == ["EU-MARE"]


def test_a_list_counts_only_designations_that_its_reader_may_see(client, lead, authority, programme):
    hidden = make.restricted_to(make.circle(lead))
    make.designation(lead, authority=authority, programme=programme, vessel=make.numbered_vessel(lead))
    make.designation(lead, circle=hidden, authority=authority, programme=programme, vessel=make.numbered_vessel(lead))

    counts = {}
    for person in (lead, make.user()):
        for name in ("authorities", "programmes"):
            (row,) = shown(client, person, name).context["rows"]
            counts.setdefault(person.username, []).append(row.designation_count)

    assert list(counts.values()) == [[2, 2], [1, 1]]


@pytest.mark.parametrize("name", ["authorities", "programmes"])
def test_a_list_asks_as_often_for_few_rows_as_for_many(client, lead, authority, assert_same_queries, name):
    def add(count):
        for number in range(count):
            other = make.authority(lead)
            key = f"KEY-{Programme.objects.count()}-{number}"
            under = actions.add_programme(by=lead, authority=other, key=key, name=key)
            make.designation(lead, authority=other, programme=under, vessel=make.numbered_vessel(lead))

    assert_same_queries(lambda: shown(client, lead, name), add)


def test_the_page_of_an_authority_names_its_programmes_and_leads_to_its_designations(
    client, authority, programme, lead
):
    text = shown(client, lead, "authority", authority.pk).content.decode()

    assert "EU-MARE" in text
    assert f"?authority={authority.pk}" in text
    assert reverse("sanctions:authority_edit", args=[authority.pk]) in text


def test_the_page_of_a_programme_names_its_authority(client, programme, lead):
    text = shown(client, lead, "programme", programme.pk).content.decode()

    assert "European Union" in text
    assert "?programme=EU-MARE" in text


def test_whoever_edits_nowhere_reads_and_is_offered_no_form(client, authority, programme):
    reader = make.user()

    assert "Edit" not in shown(client, reader, "authority", authority.pk).context["edit_url"]
    assert shown(client, reader, "authority_edit", authority.pk).status_code == 403
    assert shown(client, reader, "programme_edit", programme.pk).status_code == 403


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("authority", {"name": "The European Union", "short_name": "EU", "country": ""}),
        ("programme", {"key": "EU-MARE", "name": "Listed vessels"}),
    ],
)
def test_a_change_is_saved_told_and_a_stale_one_is_a_conflict(client, lead, authority, programme, name, values):
    record = {"authority": authority, "programme": programme}[name]
    base = shown(client, lead, f"{name}_edit", record.pk).context["base_token"]
    address = reverse(f"sanctions:{name}_edit", args=[record.pk])

    saved = client.post(address, {**values, "base": base})
    stale = client.post(address, {**values, "name": "Mine", "base": base})

    assert (saved.status_code, saved["Location"]) == (302, record.get_absolute_url())
    assert stale.status_code == 409
    assert type(record).objects.get(pk=record.pk).name == values["name"]
    assert values["name"] in shown(client, lead, f"{name}_history", record.pk).content.decode()


def test_a_key_that_is_taken_is_said_at_its_field(client, lead, authority, programme):
    other = actions.add_programme(by=lead, authority=authority, key="EU-UKR", name="Another")
    base = shown(client, lead, "programme_edit", other.pk).context["base_token"]

    response = client.post(
        reverse("sanctions:programme_edit", args=[other.pk]), {"key": "EU-MARE", "name": "Another", "base": base}
    )

    assert response.status_code == 422
    assert "key" in response.context["form"].errors


def test_a_voided_one_says_so_and_is_not_listed(client, lead, authority):
    void_record(authority, by=lead, reason="Entered twice.")

    page = shown(client, lead, "authority", Authority.objects.get(pk=authority.pk).pk)
    assert "Entered twice." in page.content.decode()
    assert page.context["edit_url"] == ""
    assert list(shown(client, lead, "authorities").context["rows"]) == []
