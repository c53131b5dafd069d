"""The page of one dated value, and the forms that record, correct, cite and void it."""

import pytest
from django.urls import reverse

from casefiles.evidence.models import Citation
from casefiles.particulars.models import Dimension, FlagPeriod, IdentifierUse, NameUse, VesselRole
from tests import make

pytestmark = pytest.mark.django_db

PAGES = ["particular", "particular_history", "particular_edit", "particular_cite", "particular_void"]


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
def vessel(lead, team):
    return make.numbered_vessel(lead, display_name="ANGARA")


@pytest.fixture
def secret_flag(lead, team, vessel):
    return make.flag(lead, vessel, "KP", circle=make.restricted_to(team), period=make.period("2022", "ongoing"))


def errors(response):
    return {name: [str(error) for error in found] for name, found in response.context["form"].errors.items()}


@pytest.mark.parametrize("page", PAGES)
def test_a_value_is_shown_by_role(client, lead, viewer, stranger, secret_flag, page):
    address = reverse(f"particulars:{page}", args=[secret_flag.pk])
    is_reading = page in {"particular", "particular_history"}

    answers = {}
    for person in (lead, viewer, stranger):
        client.force_login(person)
        answers[person.username] = client.get(address).status_code

    assert answers == {"lead": 200, "viewer": 200 if is_reading else 403, "stranger": 404}


@pytest.mark.parametrize("page", PAGES)
def test_an_assertion_of_another_kind_is_no_value(client, lead, page):
    case = make.case(lead)
    claim = make.claim(case, lead)
    client.force_login(lead)

    assert client.get(reverse(f"particulars:{page}", args=[claim.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "values", "model"),
    [
        ("vessel_name_add", {"name": "ANGARA", "kind": "name"}, NameUse),
        ("vessel_flag_add", {"country": "RU"}, FlagPeriod),
        ("vessel_number_add", {"scheme": "mmsi", "value": "273210440"}, IdentifierUse),
        ("vessel_measure_add", {"quantity": "length overall", "value": "117.3", "error": "0.5"}, Dimension),
    ],
)
def test_a_value_is_recorded_from_the_vessels_page(client, lead, team, vessel, name, values, model):
    client.force_login(lead)
    typed = {**values, "start": "2021", "end": "ongoing", "basis": "registry", "circle": "open"}

    response = client.post(reverse(f"particulars:{name}", args=[vessel.pk]), typed)

    record = model.objects.get()
    assert response["Location"] == f"{vessel.get_absolute_url()}#particulars"
    assert (record.vessel_id, record.period.short(), record.basis) == (vessel.pk, "2021 – ongoing", "registry")


def test_a_role_is_recorded_with_an_organisation_typed_by_name(client, lead, team, vessel):
    company = make.organisation(lead, name="M Leasing")
    client.force_login(lead)
    typed = {"role": "registered owner", "organisation": "m leasing", "basis": "document", "circle": str(team.pk)}

    client.post(reverse("particulars:vessel_role_add", args=[vessel.pk]), typed)

    role = VesselRole.objects.get()
    assert (role.organisation, list(role.assertion.compartments.all())) == (company, [team])


@pytest.mark.parametrize(("kind", "word"), [("organisation", "organisation_name_add"), ("person", "person_name_add")])
def test_organisations_and_people_have_names_in_time_too(client, lead, team, kind, word):
    record = getattr(make, kind)(lead)
    client.force_login(lead)

    client.post(
        reverse(f"particulars:{word}", args=[record.pk]),
        {"name": "Other name", "kind": "alias", "basis": "document", "circle": "open"},
    )

    assert NameUse.objects.get().subject == record


def test_a_company_is_offered_no_call_sign(client, lead, team):
    company = make.organisation(lead)
    client.force_login(lead)
    address = reverse("particulars:organisation_number_add", args=[company.pk])

    response = client.post(address, {"scheme": "call sign", "value": "UBYT2", "basis": "document", "circle": "open"})

    assert list(errors(response)) == ["scheme"]


def test_a_value_is_recorded_with_its_source_in_one_go(client, lead, team, vessel):
    item = make.item(lead, title="Fleet register")
    client.force_login(lead)
    typed = {"country": "RU", "basis": "registry", "circle": "open", "item": "Fleet register", "locator": "p. 4"}

    client.post(reverse("particulars:vessel_flag_add", args=[vessel.pk]), typed)

    citation = Citation.objects.get()
    assert (citation.item, citation.assertion_id, citation.locator_text) == (item, FlagPeriod.objects.get().pk, "p. 4")


def test_a_source_that_cannot_be_cited_leaves_no_value(client, lead, team, vessel):
    make.item(lead, title="Secret report", circle=make.restricted_to(team))
    client.force_login(lead)
    typed = {"country": "RU", "basis": "registry", "circle": "open", "item": "Secret report"}

    response = client.post(reverse("particulars:vessel_flag_add", args=[vessel.pk]), typed)

    assert response.status_code == 422 and not FlagPeriod.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"country": "XX"}, "country", "not one of the available choices"),
        ({"country": ""}, "country", "required"),
        ({"start": "2024-02", "end": "2023"}, "end", "before the start"),
        ({"start": "31 Feb 2024"}, "start", "29 days"),
        ({"start": "the other day"}, "start", "not understood"),
        ({"basis": "rumour"}, "basis", "not one of the available choices"),
        ({"note": "\x00"}, "note", "NUL"),
        ({"quote": "said so"}, "item", "which item"),
        ({"circle": ""}, "circle", "who may see"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(client, lead, team, vessel, typed, field, says):
    make.circle(lead)
    client.force_login(lead)
    values = {"country": "RU", "basis": "registry", "circle": "open", "note": "as typed", **typed}

    response = client.post(reverse("particulars:vessel_flag_add", args=[vessel.pk]), values)

    assert response.status_code == 422 and list(errors(response)) == [field]
    assert says.casefold() in " ".join(errors(response)[field]).casefold()
    assert ("as typed" in response.text) or "note" in typed
    assert not FlagPeriod.objects.exists()


@pytest.mark.parametrize(
    ("value", "says"),
    [("002731000", "coast station"), ("27321044", "nine digits"), ("99273100", "nine digits"), ("ABC", "nine digits")],
)
def test_a_radio_that_is_no_ship_is_told_what_it_is(client, lead, team, vessel, value, says):
    client.force_login(lead)
    address = reverse("particulars:vessel_number_add", args=[vessel.pk])

    response = client.post(address, {"scheme": "mmsi", "value": value, "basis": "document", "circle": "open"})

    assert says in errors(response)["value"][0]


def test_a_restricted_vessel_takes_no_open_value(client, lead, team):
    hidden = make.vessel(lead, circle=make.restricted_to(team))
    client.force_login(lead)
    address = reverse("particulars:vessel_flag_add", args=[hidden.pk])

    response = client.post(address, {"country": "RU", "basis": "registry", "circle": "open"})

    assert client.get(address).context["form"]["circle"].value() == str(team.pk)
    assert response.status_code == 422 and not FlagPeriod.objects.exists()


def test_a_value_is_corrected_from_what_stood_there(client, lead, secret_flag):
    client.force_login(lead)
    address = reverse("particulars:particular_edit", args=[secret_flag.pk])
    form = client.get(address).context

    assert (form["form"]["start"].value(), form["form"]["end"].value()) == ("2022", "ongoing")
    response = client.post(
        address, {"base": form["base_token"], "country": "RU", "start": "2021", "end": "", "basis": "imagery"}
    )

    corrected = FlagPeriod.objects.get()
    assert response.status_code == 302
    assert (corrected.country, corrected.period.short(), corrected.basis) == ("RU", "2021 – ?", "imagery")


def test_a_stale_correction_shows_both(client, lead, secret_flag):
    client.force_login(lead)
    address = reverse("particulars:particular_edit", args=[secret_flag.pk])
    base = client.get(address).context["base_token"]
    make.particulars.change_particular(secret_flag, by=lead, version=1, note="theirs")

    response = client.post(
        address, {"base": base, "country": "KP", "start": "2022", "end": "ongoing", "basis": "imagery", "note": "mine"}
    )

    assert response.status_code == 409 and "theirs" in response.text and "mine" in response.text
    again = client.post(
        address,
        {
            "base": response.context["base_token"],
            "country": "KP",
            "start": "2022",
            "end": "ongoing",
            "basis": "imagery",
            "note": "mine",
        },
    )
    assert again.status_code == 302 and FlagPeriod.objects.get().note == "mine"


def test_a_value_is_cited_voided_and_restored(client, lead, secret_flag):
    make.item(lead, title="Fleet register")
    client.force_login(lead)

    def send(name, data):
        return client.post(reverse(f"particulars:{name}", args=[secret_flag.pk]), data)

    send("particular_cite", {"item": "Fleet register", "stance": "contradicts", "locator": "para 9"})
    page = client.get(secret_flag.get_absolute_url()).text
    assert "Fleet register" in page and "para 9" in page and "contradicts" in page

    assert list(errors(send("particular_void", {"reason": ""}))) == ["reason"]
    send("particular_void", {"reason": "another hull"})
    assert "another hull" in client.get(secret_flag.get_absolute_url()).text

    send("particular_restore", {"reason": "the right hull"})
    assert not FlagPeriod.objects.get().is_voided


def test_the_history_of_a_value_says_who_changed_what(client, lead, secret_flag):
    make.particulars.change_particular(secret_flag, by=lead, version=1, note="as the register has it")
    client.force_login(lead)

    page = client.get(reverse("particulars:particular_history", args=[secret_flag.pk])).text

    assert "as the register has it" in page and "Lead" in page


def test_a_companys_number_is_corrected_on_its_own_form(client, lead, team):
    company = make.organisation(lead)
    number = make.particulars.add_identifier_use(
        by=lead, circle=make.Circle.everyone(), organisation=company, scheme="tax number", value="9701173086"
    )
    client.force_login(lead)

    form = client.get(reverse("particulars:particular_edit", args=[number.pk])).context["form"]

    assert [key for key, _label in form.fields["scheme"].choices] == ["registration number", "tax number", "list id"]
