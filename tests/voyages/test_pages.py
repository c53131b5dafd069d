"""The lists, pages and forms of port calls and voyages."""

import pytest
from django.urls import reverse

from casefiles.core.conflicts import raw_values
from casefiles.voyages.models import PortCall, Voyage
from tests import make

pytestmark = pytest.mark.django_db

KINDS = {"port_call": "port_calls", "voyage": "voyages"}


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def circle(lead, viewer):
    return make.restricted_to(make.circle(lead, viewer=viewer))


@pytest.fixture
def stranger(db):
    person = make.lead("stranger")
    make.circle(person)
    return person


@pytest.fixture
def angara(lead, circle):
    return make.numbered_vessel(lead, display_name="ANGARA")


@pytest.fixture
def hidden(lead, circle, angara):
    """One record of each kind that only the team sees."""
    port_call = make.port_call(lead, angara, circle=circle, arrived="2024-02-09", activity="moored")
    return {
        "port_call": port_call,
        "voyage": make.voyage(lead, circle=circle, vessel=angara, arrival=port_call, cargo="containers"),
    }


def answers_of(client, people, address, *, method="get"):
    answers = []
    for person in people:
        client.force_login(person)
        answers.append(getattr(client, method)(address).status_code)
    return answers


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_shows_what_its_reader_may_see(client, lead, viewer, stranger, hidden, kind):
    totals = []
    for person in (lead, viewer, stranger):
        client.force_login(person)
        response = client.get(reverse(f"voyages:{KINDS[kind]}"))
        totals.append((response.context["page"]["total"], "ANGARA" in response.text))

    assert totals == [(1, True), (1, True), (0, False)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", ["", "_history"])
def test_pages_answer_by_role(client, lead, viewer, stranger, hidden, kind, suffix):
    address = reverse(f"voyages:{kind}{suffix}", args=[hidden[kind].pk])

    assert answers_of(client, (lead, viewer, stranger), address) == [200, 200, 404]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", ["edit", "cite", "void", "restore"])
def test_forms_answer_by_role(client, lead, viewer, stranger, hidden, kind, suffix):
    address = reverse(f"voyages:{kind}_{suffix}", args=[hidden[kind].pk])

    assert answers_of(client, (lead, viewer, stranger), address) == [200, 403, 404]
    assert answers_of(client, (viewer, stranger), address, method="post") == [403, 404]


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_edits_nowhere_adds_nothing(client, lead, viewer, hidden, kind):
    assert answers_of(client, (lead, viewer), reverse(f"voyages:{kind}_add")) == [200, 403]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("place=dunai", 1),
        ("place=rajin", 0),
        ("vessel=angara", 1),
        ("vessel=maria", 0),
        ("vessel={imo}", 1),
        ("activity=moored", 1),
        ("activity=loading", 0),
        ("text=night", 1),
        ("text=dunai", 1),
        ("text=maria", 0),
        ("since=2023-10-31", 1),
        ("since=2023-11-01", 0),
        ("until=2023-10-01", 1),
        ("until=2023-09-30", 0),
        ("since=2023-10-31&until=2023-10-31", 1),
    ],
)
def test_port_calls_are_narrowed_by_their_filters(client, lead, angara, query, found):
    place = make.place(lead, name="Dunai")
    make.port_call(lead, angara, place=place, seen="October 2023", activity="moored", note="At night.")
    client.force_login(lead)

    response = client.get(f"{reverse('voyages:port_calls')}?{query.format(imo=angara.imo_number)}")

    assert response.context["page"]["total"] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [("vessel=angara", 1), ("vessel=maria", 0), ("text=dunai", 1), ("text=contain", 1), ("text=maria", 0)],
)
def test_voyages_are_narrowed_by_their_filters(client, lead, angara, query, found):
    left = make.port_call(lead, angara, place=make.place(lead, name="Dunai"))
    make.voyage(lead, vessel=angara, departure=left, cargo="containers")
    client.force_login(lead)

    response = client.get(f"{reverse('voyages:voyages')}?{query}")

    assert response.context["page"]["total"] == found


def test_lists_take_as_many_queries_for_two_rows_as_for_twelve(client, lead, angara, django_assert_max_num_queries):
    client.force_login(lead)
    counts = {}
    for rows in (2, 12):
        while Voyage.objects.count() < rows:
            make.voyage(lead, vessel=angara, sailed="2024-02")
        for name, total in (("port_calls", PortCall.objects.count()), ("voyages", rows)):
            client.get(reverse(f"voyages:{name}"))
            with django_assert_max_num_queries(8) as queries:
                assert client.get(reverse(f"voyages:{name}")).context["page"]["total"] == total
            counts.setdefault(name, set()).add(len(queries))

    assert {name: len(different) for name, different in counts.items()} == {"port_calls": 1, "voyages": 1}


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_a_record_takes_at_most_twelve_queries(client, lead, hidden, kind, django_assert_max_num_queries):
    make.citation(hidden[kind], make.item(lead), lead)
    client.force_login(lead)
    address = reverse(f"voyages:{kind}", args=[hidden[kind].pk])
    client.get(address)

    with django_assert_max_num_queries(12):
        client.get(address)


def test_the_page_of_a_voyage_says_that_a_line_is_not_a_track(client, lead, hidden):
    client.force_login(lead)

    text = client.get(reverse("voyages:voyage", args=[hidden["voyage"].pk])).text

    assert "is not a track" in text
    assert "a port not known" in text


def test_the_page_of_a_port_call_names_every_candidate_and_its_voyages(client, lead, circle, angara, hidden):
    lady_r = make.numbered_vessel(lead, display_name="LADY R")
    either = make.port_call(lead, angara, lady_r, circle=circle)
    client.force_login(lead)

    two = client.get(reverse("voyages:port_call", args=[either.pk]))
    one = client.get(reverse("voyages:port_call", args=[hidden["port_call"].pk]))

    assert [str(candidate.vessel) for candidate in two.context["candidates"]] == ["ANGARA", "LADY R"]
    assert "the sources do not tell which" in two.text
    assert one.context["voyages"] == [hidden["voyage"]]


def test_a_port_call_is_added_with_two_candidates(client, lead, angara):
    lady_r, place = make.numbered_vessel(lead, display_name="LADY R"), make.place(lead, name="Rajin")
    client.force_login(lead)

    response = client.post(
        reverse("voyages:port_call_add"),
        {
            "place": "Rajin",
            "vessels": "ANGARA",
            "or_vessel_1": "LADY R",
            "or_vessel_1_id": str(lady_r.pk),
            "seen": "January 2026",
            "activity": "unknown",
            "basis": "imagery",
            "circle": "open",
        },
    )

    saved = PortCall.objects.get()
    assert response["Location"] == reverse("voyages:port_call", args=[saved.pk])
    assert (saved.place, saved.vessel_names, saved.when_key) == (place, "ANGARA or LADY R", "2026-01-01")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"vessels": ""}, "vessels"),
        ({"place": "Nowhere"}, "place"),
        ({"arrived": "soon"}, "arrived"),
        ({"arrived": "2024-02-09", "departed": "2024-02-08"}, "departed"),
        ({"activity": "flying"}, "activity"),
        ({"note": "a\x00b"}, "note"),
    ],
)
def test_a_mistake_is_told_where_it_happened(client, lead, angara, data, field):
    make.place(lead, name="Rajin")
    client.force_login(lead)
    valid = {"place": "Rajin", "vessels": "ANGARA", "activity": "unknown", "basis": "imagery", "circle": "open"}

    response = client.post(reverse("voyages:port_call_add"), {**valid, **data})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not PortCall.objects.exists()


def test_a_voyage_is_added_from_a_port_call_that_is_picked(client, lead, hidden, angara):
    client.force_login(lead)
    port_call = hidden["port_call"]
    (suggested,) = client.get(reverse("voyages:port_call_suggest"), {"q": "angara"}).json()["results"]

    response = client.post(
        reverse("voyages:voyage_add"),
        {
            "vessel": "ANGARA",
            "departure": suggested["text"],
            "departure_id": suggested["id"],
            "basis": "imagery",
            "circle": str(port_call.assertion.compartments.get().pk),
        },
    )

    assert suggested["detail"] == "ANGARA, from 2024-02-09"
    assert response.status_code == 302
    assert Voyage.objects.filter(departure=port_call).count() == 1


def test_a_picker_suggests_only_what_its_user_may_see(client, stranger, hidden):
    client.force_login(stranger)

    assert client.get(reverse("voyages:port_call_suggest"), {"q": "angara"}).json() == {"results": []}


def test_edits_keep_what_was_not_changed(client, lead, hidden):
    client.force_login(lead)
    lady_r = make.numbered_vessel(lead, display_name="LADY R")
    changes = {"port_call": {"or_vessel_1": str(lady_r), "note": "Same bridge."}, "voyage": {"cargo": "ammunition"}}
    for kind, record in hidden.items():
        address = reverse(f"voyages:{kind}_edit", args=[record.pk])
        page = client.get(address)
        data = {**raw_values(page.context["form"]), "base": page.context["base_token"], **changes[kind]}
        assert client.post(address, data).status_code == 302

    port_call, voyage = PortCall.objects.get(), Voyage.objects.get()
    assert (port_call.vessel_names, port_call.arrived.edtf) == ("ANGARA or LADY R", "2024-02-09")
    assert (voyage.cargo, voyage.arrival, voyage.departure) == ("ammunition", port_call, None)


def test_voiding_a_port_call_names_the_voyages_that_rely_on_it(client, lead, hidden):
    client.force_login(lead)
    address = reverse("voyages:port_call_void", args=[hidden["port_call"].pk])

    assert str(hidden["voyage"]) in " ".join(client.get(address).context["consequences"])
    assert client.post(address, {"reason": "Another ship."}).status_code == 302
    assert client.get(reverse("voyages:port_calls")).context["page"]["total"] == 0
