"""The lists and forms of anchors: who gets what, what is found, and what a mistake is told."""

import re
import threading

import pytest
from django.db import connection
from django.urls import reverse

from casefiles.access import actions as access
from casefiles.registry.models import Organisation, Person, Place, Vessel
from tests import make

pytestmark = pytest.mark.django_db

ANGARA = "9179842"
KINDS = ["vessel", "organisation", "person", "place"]
LISTS = {"vessel": "vessels", "organisation": "organisations", "person": "people", "place": "places"}
MODELS = {"vessel": Vessel, "organisation": Organisation, "person": Person, "place": Place}
FILLED = {
    "vessel": {"display_name": "ANGARA", "vessel_type": "ro-ro"},
    "organisation": {"name": "M Leasing", "kind": "company"},
    "person": {"name": "Office holder"},
    "place": {"name": "Rajin", "kind": "port"},
}


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


def hidden(kind, lead, team):
    return getattr(make, kind)(lead, circle=make.restricted_to(team))


def post(client, name, data, *, args=(), **extra):
    return client.post(reverse(name, args=args), data, **extra)


def errors(response):
    return {name: [str(error) for error in found] for name, found in response.context["form"].errors.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_shows_what_its_reader_may_see(client, lead, team, viewer, stranger, kind):
    record = hidden(kind, lead, team)

    for person, is_shown in ((lead, True), (viewer, True), (stranger, False)):
        client.force_login(person)
        response = client.get(reverse(f"registry:{LISTS[kind]}"))
        assert (str(record) in response.text) is is_shown
        assert str(response.context["page"]["total"]) == str(int(is_shown))


@pytest.mark.parametrize("kind", KINDS)
def test_a_picker_suggests_only_what_its_user_may_see(client, lead, team, stranger, kind):
    record = hidden(kind, lead, team)
    address = reverse(f"registry:{kind}_suggest")

    client.force_login(lead)
    assert [found["id"] for found in client.get(address, {"q": str(record)}).json()["results"]] == [str(record.pk)]
    client.force_login(stranger)
    assert client.get(address, {"q": str(record)}).json() == {"results": []}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("page", ["edit", "void", "restore"])
def test_forms_answer_by_role(client, lead, team, viewer, stranger, kind, page):
    record = hidden(kind, lead, team)
    address = reverse(f"registry:{kind}_{page}", args=[record.pk])

    answers = {}
    for person in (lead, viewer, stranger):
        client.force_login(person)
        answers[person.username] = client.get(address).status_code

    assert answers == {"lead": 200, "viewer": 403, "stranger": 404}


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_signed_out_sees_a_list(client, db, kind):
    response = client.get(reverse(f"registry:{LISTS[kind]}"))

    assert response.status_code == 302


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_asks_as_often_for_twelve_as_for_two(client, lead, team, assert_same_queries, kind):
    client.force_login(lead)
    organisation = make.organisation(lead)
    values = {"organisation": organisation} if kind == "person" else {}

    def add(count):
        for _number in range(count):
            record = getattr(make, kind)(lead, **values)
            if kind == "place":
                make.registry.add_place_name(record, by=lead, name=f"Other {make.number()}")

    asked = assert_same_queries(lambda: client.get(reverse(f"registry:{LISTS[kind]}"), {"q": ""}), add)

    assert asked <= 8


@pytest.mark.parametrize(
    ("kind", "values", "query"),
    [
        ("vessel", {"display_name": "Ангара"}, {"q": "ангара"}),
        ("vessel", {"imo_number": ANGARA}, {"q": "IMO 9179"}),
        ("vessel", {"vessel_type": "ro-ro"}, {"vessel_type": "ro-ro"}),
        ("vessel", {"imo_number": ANGARA}, {"numbered": "yes"}),
        ("organisation", {"name": "Ministère"}, {"q": "ministere"}),
        ("organisation", {"imo_company_number": "6246853"}, {"q": "6246853"}),
        ("organisation", {"kind": "shipyard", "country": "CN"}, {"kind": "shipyard", "country": "CN"}),
        ("person", {"country": "RU"}, {"country": "RU"}),
        ("place", {"unlocode": "CNZOS"}, {"q": "cn zos"}),
        ("place", {"kind": "berth"}, {"kind": "berth"}),
    ],
)
def test_a_filter_finds_what_it_says_and_nothing_else(client, lead, team, kind, values, query):
    client.force_login(lead)
    other = getattr(make, kind)(lead)
    record = getattr(make, kind)(lead, **values)

    rows = client.get(reverse(f"registry:{LISTS[kind]}"), query).context["rows"]

    assert [row.url for row in rows] == [record.get_absolute_url()]
    assert other.get_absolute_url() not in [row.url for row in rows]


def test_a_place_is_found_by_another_name(client, lead, team):
    client.force_login(lead)
    place = make.place(lead, name="Rajin")
    make.registry.add_place_name(place, by=lead, name="Najin")

    rows = client.get(reverse("registry:places"), {"q": "najin"}).context["rows"]

    assert [row.other_names for row in rows] == ["Najin"]


@pytest.mark.parametrize(("sort", "names"), [("name", ["Alfa", "Bravo"]), ("-name", ["Bravo", "Alfa"])])
def test_a_list_sorts_by_name_both_ways(client, lead, team, sort, names):
    client.force_login(lead)
    for name in ("Bravo", "Alfa"):
        make.vessel(lead, display_name=name)

    rows = client.get(reverse("registry:vessels"), {"sort": sort}).context["rows"]

    assert [row.name for row in rows] == names


@pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 300, "vessel_type=spaceship"])
def test_a_filter_that_cannot_be_is_explained_and_finds_nothing(client, lead, team, query):
    client.force_login(lead)
    make.vessel(lead)

    response = client.get(f"{reverse('registry:vessels')}?{query}")

    assert (response.status_code, list(response.context["rows"])) == (200, [])
    assert response.context["filter"].form.errors


@pytest.mark.parametrize("kind", KINDS)
def test_adding_goes_to_the_new_page(client, lead, team, kind):
    client.force_login(lead)

    response = post(client, f"registry:{kind}_add", {**FILLED[kind], "circle": str(team.pk)})

    record = MODELS[kind].objects.get()
    assert response.status_code == 302 and response["Location"] == record.get_absolute_url()
    assert record.visibility == "restricted" and list(record.compartments.all()) == [team]


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_see_it_must_be_said_where_there_is_a_choice(client, lead, team, kind):
    make.circle(lead)
    client.force_login(lead)

    response = post(client, f"registry:{kind}_add", FILLED[kind])

    assert response.status_code == 422 and list(errors(response)) == ["circle"]
    assert not MODELS[kind].objects.exists()


def test_a_circle_of_others_is_not_on_offer(client, lead, team, stranger):
    client.force_login(stranger)

    response = post(client, "registry:vessel_add", {**FILLED["vessel"], "circle": str(team.pk)})

    assert list(errors(response)) == ["circle"]
    assert str(team) not in response.text


def test_a_form_opened_from_a_case_starts_with_its_circle(client, lead):
    other, case = make.case(lead), make.case(lead)
    client.force_login(lead)

    form = client.get(reverse("registry:vessel_add"), {"case": str(case.pk)}).context["form"]

    assert form["circle"].value() == str(case.compartment_id) != str(other.compartment_id)


@pytest.mark.parametrize("case", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_case_that_is_not_ones_own_starts_with_no_circle(client, lead, team, case):
    client.force_login(lead)

    form = client.get(reverse("registry:vessel_add"), {"case": case}).context["form"]

    assert not form["circle"].value()


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_without_a_role_adds_nothing(client, team, kind):
    client.force_login(make.user("nobody"))

    response = post(client, f"registry:{kind}_add", {**FILLED[kind], "circle": "open"})

    assert response.status_code == 403 and not MODELS[kind].objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_picker_creates_in_place(client, lead, team, kind):
    client.force_login(lead)
    address = reverse(f"registry:{kind}_add") + "?in_place=1"

    form = client.get(address)
    saved = client.post(address, {**FILLED[kind], "circle": "open"})

    assert "<html" not in form.text and f'action="{address}"' in form.text
    record = MODELS[kind].objects.get()
    assert saved.json() == {"id": str(record.pk), "text": str(record), "detail": record.detail_line}


def test_a_mistake_in_place_comes_back_as_the_bare_form(client, lead, team):
    client.force_login(lead)

    response = client.post(reverse("registry:vessel_add"), {}, headers={"X-Requested-With": "create-in-place"})

    assert response.status_code == 422 and "<html" not in response.text
    assert "display_name" in errors(response)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("imo_number", "9179843", "does not check as an IMO ship number"),
        ("imo_number", "6246853", "is an IMO company number, not a ship number"),
        ("imo_number", "91798420", "has seven digits; this has 8"),
        ("imo_number", "0000000", "leave the field empty"),
        ("imo_number", "angara", "seven digits"),
        ("imo_number", "9179842\x00", "NUL"),
        ("display_name", "AN\x00GARA", "NUL"),
        ("display_name", "x" * 10_000, "at most 300 characters"),
        ("display_name", "", "required"),
        ("vessel_type", "spaceship", "not one of the available choices"),
        ("note", "x" * 10_000, "at most 5000 characters"),
    ],
)
def test_a_mistake_in_a_vessel_is_told_at_its_field(client, lead, team, field, value, says):
    client.force_login(lead)

    response = post(client, "registry:vessel_add", {**FILLED["vessel"], "circle": "open", field: value})

    assert response.status_code == 422
    assert says in " ".join(errors(response)[field])
    assert not Vessel.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("unlocode", "KP0J1", "UN/LOCODE"),
        ("latitude", "91", "between -90 and 90"),
        ("latitude", "north", "number"),
        ("latitude", "nan", "number"),
        ("longitude", "181", "between -180 and 180"),
        ("precision_m", "-1", "greater than or equal to 0"),
        ("country", "XX", "not one of the available choices"),
        ("parent", "Nowhere", "Nothing is called"),
    ],
)
def test_a_mistake_in_a_place_is_told_at_its_field(client, lead, team, field, value, says):
    client.force_login(lead)
    typed = {**FILLED["place"], "circle": "open", "latitude": "42.2", "longitude": "130.3", field: value}

    response = post(client, "registry:place_add", typed)

    assert says in " ".join(errors(response)[field])
    assert 'value="Rajin"' in response.text and not Place.objects.exists()


def test_full_width_digits_are_understood(client, lead, team):
    client.force_login(lead)

    post(client, "registry:vessel_add", {**FILLED["vessel"], "circle": "open", "imo_number": "ＩＭＯ９１７９８４２"})

    assert Vessel.objects.get().imo_number == ANGARA


def test_a_name_that_steers_direction_is_shown_with_its_mark(client, lead, team):
    client.force_login(lead)
    post(client, "registry:vessel_add", {"display_name": "\u202earagnA", "vessel_type": "ro-ro", "circle": "open"})

    response = client.get(reverse("registry:vessels"))

    assert "⟨U+202E⟩aragnA" in response.text and "\u202e" not in response.text


def test_a_number_that_is_taken_names_and_links_the_vessel_that_has_it(client, lead, team, stranger):
    first = make.vessel(lead, imo_number=ANGARA, display_name="<b>Angara</b>")
    client.force_login(stranger)

    response = post(client, "registry:vessel_add", {**FILLED["vessel"], "circle": "open", "imo_number": ANGARA})

    assert response.status_code == 422 and list(errors(response)) == ["imo_number"]
    assert f'href="{first.get_absolute_url()}"' in response.text
    assert "<b>Angara" not in response.text


def test_a_number_given_to_a_restricted_vessel_is_asked_about(client, lead, team):
    vessel = make.vessel(lead, circle=make.restricted_to(team), display_name="dark ship")
    client.force_login(lead)
    address = reverse("registry:vessel_edit", args=[vessel.pk])
    base = client.get(address).context["base_token"]
    typed = {"base": base, "display_name": "dark ship", "vessel_type": "unknown", "imo_number": ANGARA}

    asked = client.post(address, typed)
    agreed = client.post(address, {**typed, "is_opening_agreed": "on"})

    assert list(errors(asked)) == ["is_opening_agreed"] and agreed.status_code == 302
    assert Vessel.objects.get().visibility == "open"


def test_a_stale_edit_shows_both_and_saves_neither(client, lead, team):
    vessel = make.vessel(lead, display_name="ANGARA")
    client.force_login(lead)
    address = reverse("registry:vessel_edit", args=[vessel.pk])
    base = client.get(address).context["base_token"]
    make.registry.change_vessel(vessel, by=lead, version=1, note="theirs")

    response = client.post(address, {"base": base, "display_name": "ANGARA", "vessel_type": "ro-ro", "note": "mine"})

    assert response.status_code == 409
    assert "theirs" in response.text and "mine" in response.text
    assert Vessel.objects.get().note == "theirs"


def test_an_anchor_is_voided_with_a_reason_and_offered_no_more(client, lead, team):
    vessel = make.vessel(lead, display_name="ANGARA")
    client.force_login(lead)

    without = post(client, "registry:vessel_void", {"reason": " "}, args=[vessel.pk])
    with_reason = post(client, "registry:vessel_void", {"reason": "entered twice"}, args=[vessel.pk])

    assert list(errors(without)) == ["reason"] and with_reason.status_code == 302
    assert client.get(reverse("registry:vessel_suggest"), {"q": "angara"}).json() == {"results": []}
    post(client, "registry:vessel_restore", {"reason": "it was right"}, args=[vessel.pk])
    assert not Vessel.objects.get().is_voided


def test_another_name_is_added_to_a_place(client, lead, team):
    place = make.place(lead, name="Rajin")
    client.force_login(lead)

    again = post(client, "registry:place_name_add", {"name": "Rajin"}, args=[place.pk])
    added = post(client, "registry:place_name_add", {"name": "Najin", "language": "ko"}, args=[place.pk])

    assert list(errors(again)) == ["name"] and added.status_code == 302
    assert [name.name for name in place.other_names.all()] == ["Najin"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_number_at_once_one_is_told(client_of, lead, team, stranger):
    """Both forms pass their look for the number before either is written."""
    barrier = threading.Barrier(2, timeout=20)
    answers = []

    def add(person):
        try:
            client = client_of(person)
            barrier.wait()
            answers.append(post(client, "registry:vessel_add", {**NUMBERED, "circle": "open"}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=[person]) for person in (lead, stranger)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 422]
    assert Vessel.objects.count() == 1


NUMBERED = {**FILLED["vessel"], "imo_number": ANGARA}


@pytest.fixture
def client_of():
    from django.test import Client

    def signed_in(person):
        client = Client()
        client.force_login(person)
        return client

    return signed_in


def test_a_member_taken_out_of_the_circle_sees_the_list_without_it(client, lead, team, viewer):
    record = hidden("vessel", lead, team)
    access.remove_member(compartment=team, user=viewer, by=lead)
    client.force_login(viewer)

    assert str(record) not in client.get(reverse("registry:vessels")).text


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_is_saved_once_and_can_be_taken_back(client, lead, team, kind):
    record = getattr(make, kind)(lead)
    client.force_login(lead)
    address = reverse(f"registry:{kind}_edit", args=[record.pk])
    typed = {"base": client.get(address).context["base_token"], **FILLED[kind], "note": "as the register has it"}

    client.post(address, typed)
    page = client.get(record.get_absolute_url()).text
    token = re.search(r'name="token" value="([^"]+)"', page).group(1)
    client.post(reverse("workspace:undo"), {"token": token})

    kept = MODELS[kind].objects.get(pk=record.pk)
    assert "as the register has it" in page
    assert (str(kept), kept.note, kept.version) == (str(record), "", 3)


def test_saving_without_a_change_says_so(client, lead, team):
    vessel = make.vessel(lead, display_name="ANGARA")
    client.force_login(lead)
    address = reverse("registry:vessel_edit", args=[vessel.pk])
    base = client.get(address).context["base_token"]

    client.post(address, {"base": base, "display_name": "ANGARA", "vessel_type": "unknown"})

    assert "Nothing was changed." in client.get(vessel.get_absolute_url()).text
    assert Vessel.objects.get().version == 1


def test_a_number_that_another_vessel_has_is_told_on_the_edit_form_too(client, lead, team):
    first = make.vessel(lead, imo_number=ANGARA)
    vessel = make.vessel(lead, display_name="ANGARA")
    client.force_login(lead)
    address = reverse("registry:vessel_edit", args=[vessel.pk])
    base = client.get(address).context["base_token"]

    response = client.post(
        address, {"base": base, "display_name": "ANGARA", "vessel_type": "unknown", "imo_number": ANGARA}
    )

    assert list(errors(response)) == ["imo_number"] and first.get_absolute_url() in response.text
