"""The network of a case: who sees what, steps, ways, days, files, and a layout of one's own."""

import csv
import io
import json
import uuid

import pytest
from defusedxml import ElementTree
from django.urls import reverse
from django.utils import timezone

from casefiles.access.actions import NotVisible
from casefiles.access.circles import Circle
from casefiles.audit.models import Event
from casefiles.cases import actions as cases
from casefiles.core.refusals import Refused
from casefiles.particulars import actions as particulars
from casefiles.workspace.actions import forget_layout, save_layout
from casefiles.workspace.models import NetworkLayout
from casefiles.workspace.selectors.joins import KINDS, joins_of
from casefiles.workspace.selectors.network_paths import path_between
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead()


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def case(lead, viewer):
    return make.case(lead, members={viewer: "viewer"})


@pytest.fixture
def ship(case, lead):
    vessel = make.numbered_vessel(lead, display_name="ANGARA")
    cases.add_subject(case, by=lead, vessel=vessel, role="carrier", is_main=True)
    return vessel


def owner(by, vessel, name="Owner Ltd", *, start="2021", end="2023", **values):
    firm = make.organisation(by, name=name)
    role = {"role": "registered owner", "period": make.period(start, end), "circle": Circle.everyone(), **values}
    return firm, particulars.add_vessel_role(by=by, vessel=vessel, organisation=firm, **role)


def world(case, lead, ship, count=1):
    """Add `count` times one of every record that joins two things."""
    made = []
    for _number in range(count):
        port = make.place(lead, parent=make.place(lead))
        circle = Circle.of_case(case)
        call = make.port_call(lead, ship, place=port, seen="2024-02", circle=circle)
        firm, role = owner(lead, ship, circle=circle)
        person = make.person(lead, organisation=firm, public_role="director")
        make.designation(lead, vessel=ship, in_force="2022-05-08", ended="2025")
        make.judgement(lead, ship, make.vessel(lead), verdict="unsure")
        first, second = make.original(case, lead), make.original(case, lead)
        copy = make.rewrite(case, lead, first)
        for record in (call, role):
            make.citation(record.assertion, first.item, lead)
        claim = make.claim(case, lead, place=port)
        make.cited(claim, lead, first, second, copy)
        make.said(case, lead, second, speaker=person, speaker_text="", stances={claim: "denies"})
        made.append({"firm": firm, "person": person, "port": port, "claim": claim, "first": first, "copy": copy})
    return made


def key(record):
    return f"{record._meta.model_name}:{record.pk}"


def address(case, name="network"):
    return reverse(f"workspace:{name}", args=[case.pk])


def shown(client, person, case, name="network", **query):
    client.force_login(person)
    return client.get(address(case, name), query)


def labels(response):
    return {node.label for node in response.context["network"].nodes}


def relations(response):
    return {link.relation for _source, link, _target in response.context["rows"]}


def test_a_claim_stands_beside_what_it_names_as_its_subject(case, ship, lead, viewer):
    about = case.subjects.get()
    gone = cases.add_subject(case, by=lead, organisation=make.organisation(lead))
    claim = make.claim(case, lead, text="It carried containers.", subjects=[about, gone])
    cases.remove_subject(gone, by=lead, reason="Another company.")

    beside_ship = joins_of([key(ship)], case=case, user=viewer, most=10).found
    beside_claim = joins_of([key(claim)], case=case, user=viewer, most=10).found

    wanted = [(key(claim), key(ship), "is about")]
    assert [(join.source, join.target, join.relation) for join in beside_ship] == wanted
    assert [(join.source, join.target, join.relation) for join in beside_claim] == wanted


# Steps --------------------------------------------------------------------------------------------------------------


def test_it_starts_from_the_main_subject_and_what_that_is_joined_to(client, case, ship, lead, viewer):
    (made,) = world(case, lead, ship)

    page = shown(client, viewer, case)

    assert page.context["network"].opened == {key(ship): 1}
    assert relations(page) == {
        "registered owner", "port call", "designated", "perhaps the same", "cited about it ×2"
    }  # fmt: skip
    assert {"ANGARA", made["firm"].name, made["port"].name} <= labels(page)
    assert made["person"].name not in labels(page)
    assert '<svg class="network"' in page.content.decode()


def test_each_step_opens_one_thing_more_and_closes_it_again(client, case, ship, lead):
    (made,) = world(case, lead, ship)
    item = f"evidence:{made['first'].item_id}"

    page = shown(client, lead, case, open=[key(ship), key(made["firm"]), key(made["port"]), item, key(made["claim"])])

    assert {"director", "part of", "is about", "rewrites", "supports", "denies"} <= relations(page)
    assert made["person"].name in labels(page)
    two = shown(client, lead, case, open=[key(ship), key(made["firm"])])
    assert made["person"].name in labels(two)
    node = next(thing for thing in two.context["things"] if thing["node"].key == key(made["firm"]))
    closed = client.get(address(case) + node["closeUrl"])
    assert key(made["firm"]) not in closed.context["network"].opened
    assert made["person"].name not in labels(closed)


def test_everything_can_be_closed_and_nonsense_opens_nothing(client, case, ship, lead):
    world(case, lead, ship)

    closed = shown(client, lead, case, open="none")
    absent = shown(client, lead, case, open=[f"vessel:{uuid.uuid4()}", "vessel:\x00", "task:1", key(ship) + ":9999x"])

    assert labels(closed) == {"ANGARA"}
    assert absent.context["network"].opened == {key(ship): 1}


def test_of_many_neighbours_a_few_are_shown_and_more_on_asking(client, case, ship, lead):
    for number in range(14):
        owner(lead, ship, f"Firm {number}")

    few = shown(client, lead, case)
    (thing,) = [one for one in few.context["things"] if one["node"].is_open]
    more = client.get(address(case) + thing["moreUrl"])

    assert (len(labels(few)), thing["node"].has_more) == (13, True)
    assert len(labels(more)) == 15
    assert not any(one["node"].has_more for one in more.context["things"])


def test_a_thing_of_very_many_records_is_cut_and_says_so(case, ship, lead):
    for number in range(4):
        owner(lead, ship, f"Firm {number}")

    found = joins_of([key(ship)], case=case, user=lead, most=2)

    assert (len(found.found), found.cut) == (3, {key(ship)})


def test_kinds_leave_out_all_others_but_the_subjects(client, case, ship, lead):
    (made,) = world(case, lead, ship)

    page = shown(client, lead, case, kind="organisation")

    assert labels(page) == {"ANGARA", made["firm"].name}
    assert sum(link["is_shown"] for link in page.context["kinds"]) == 1


def test_a_case_without_subjects_says_how_to_begin(client, case, lead, viewer):
    assert "Add a subject" in shown(client, lead, case).content.decode()
    assert "Add a subject" not in shown(client, viewer, case).content.decode()


def test_steps_ask_as_often_for_few_things_as_for_many(client, case, ship, lead, viewer, assert_same_queries):
    (first,) = world(case, lead, ship)
    opened = [key(ship), key(first["firm"]), key(first["port"]), key(first["claim"]), key(first["person"])]

    asked = assert_same_queries(
        lambda: shown(client, viewer, case, open=opened), lambda count: world(case, lead, ship, count), few=1, many=4
    )

    assert asked <= 40


# Who sees what ------------------------------------------------------------------------------------------------------


def test_a_stranger_finds_neither_page_nor_file(client, case, ship, lead):
    names = ("network", "network_svg", "network_graphml", "network_csv")
    stranger = make.user("stranger")

    assert [shown(client, stranger, case, name).status_code for name in names] == [404] * 4
    assert client.post(address(case, "network_layout")).status_code == 404


def test_what_a_reader_may_not_see_is_neither_shown_nor_counted_nor_walked_over(client, case, ship, lead, viewer):
    hidden = make.restricted_to(make.circle(lead))
    firm = make.organisation(lead, name="Hidden Ltd", circle=hidden)
    far = make.numbered_vessel(lead, display_name="FAR")
    for vessel in (ship, far):
        particulars.add_vessel_role(by=lead, vessel=vessel, organisation=firm, role="operator", circle=hidden)
    ends = {"open": key(ship), "from": key(ship), "to": key(far)}

    seen, unseen = shown(client, lead, case, **ends), shown(client, viewer, case, **ends)

    assert seen.context["path"].steps == 2
    assert "Hidden Ltd" in seen.content.decode()
    assert "Hidden Ltd" not in unseen.content.decode()
    assert (unseen.context["path"].keys, unseen.context["path"].is_whole) == ((), True)
    assert str(firm.pk) not in unseen.content.decode()


def test_a_thing_of_another_case_cannot_be_opened(client, case, ship, lead, viewer):
    other = make.case(lead)
    claim = make.claim(other, lead)
    exhibit = make.report(other, lead)
    make.cited(claim, lead, exhibit)

    page = shown(client, lead, case, open=[key(claim), f"evidence:{exhibit.item_id}"])

    assert labels(page) == {"ANGARA"}


def test_a_withdrawn_record_joins_nothing(client, case, ship, lead):
    firm, role = owner(lead, ship)
    particulars.void_particular(role, by=lead, reason="Misread.")

    assert firm.name not in labels(shown(client, lead, case))


# Days ---------------------------------------------------------------------------------------------------------------


def test_days_leave_out_what_certainly_did_not_hold_and_tell_what_may_have(client, case, ship, lead):
    for name, start, end in (("Past", "2010", "2012"), ("Surely", "2019", "2024"), ("Perhaps", "2022", "2022-12-31")):
        owner(lead, ship, name, start=start, end=end)

    page = shown(client, lead, case, since="2022-06-01", until="2022-06-30")

    found = {source.label: str(link.certainty) for source, link, _target in page.context["rows"]}
    assert found == {"Surely": "certain", "Perhaps": "possible"}
    assert (str(page.context["network"].first), str(page.context["network"].last)) == ("2010-01-01", "2024-12-31")


def test_days_that_end_before_they_begin_are_refused_on_the_field(client, case, ship, lead):
    page = shown(client, lead, case, since="2022-06-01", until="2021-06-01")

    assert page.context["days"].errors["until"] == ["It ends before it begins."]


# Ways ---------------------------------------------------------------------------------------------------------------


def test_the_shortest_way_is_found_and_drawn(client, case, ship, lead):
    (made,) = world(case, lead, ship)

    page = shown(client, lead, case, **{"open": "none", "from": key(ship), "to": key(made["person"])})

    assert page.context["path"].keys == (key(ship), key(made["firm"]), key(made["person"]))
    assert page.context["path_words"] == "The shortest way has 2 steps."
    assert sum(edge.is_on_path for edge in page.context["network"].edges) == 2


def test_where_nothing_joins_two_things_that_is_said(client, case, ship, lead):
    alone = make.numbered_vessel(lead)

    nothing = shown(client, lead, case, **{"from": key(ship), "to": key(alone)})
    absent = shown(client, lead, case, **{"from": key(ship), "to": f"vessel:{uuid.uuid4()}"})

    assert "that is all" in nothing.context["path_words"]
    assert absent.context["path_words"] == "One of the two things is not there."


def test_a_way_of_more_than_six_steps_is_not_looked_for(client, case, lead):
    ships = [make.numbered_vessel(lead) for _number in range(5)]
    for first, second in zip(ships, ships[1:], strict=False):
        firm, _role = owner(lead, first)
        particulars.add_vessel_role(
            by=lead, vessel=second, organisation=firm, role="operator", circle=Circle.everyone()
        )

    assert path_between(case, lead, key(ships[0]), key(ships[3])).steps == 6
    found = path_between(case, lead, key(ships[0]), key(ships[4]))
    assert (found.keys, found.is_whole) == ((), False)
    cases.add_subject(case, by=lead, vessel=ships[0], role="carrier")
    page = shown(client, lead, case, **{"from": key(ships[0]), "to": key(ships[4])})
    assert page.context["path_words"].startswith("No way of at most 6 steps was found")


def test_a_way_over_what_was_not_looked_at_whole_says_so(client, case, ship, lead, monkeypatch):
    (made,) = world(case, lead, ship)
    monkeypatch.setattr("casefiles.workspace.selectors.network_paths.RECORDS_EACH", 1)
    owner(lead, ship, "Another", start="2001", end="2002")

    page = shown(client, lead, case, **{"from": key(ship), "to": key(made["person"])})

    assert page.context["path_words"].startswith("A way of 2 steps; not everything was looked at")


# Files --------------------------------------------------------------------------------------------------------------


def test_graphml_holds_the_same_and_nothing_that_xml_cannot(client, case, ship, lead):
    owner(lead, ship, "Bad & <Sons> \x0b公司")

    answer = shown(client, lead, case, "network_graphml")

    graph = ElementTree.fromstring(answer.content)
    texts = [element.text for element in graph.iter("{http://graphml.graphdrawing.org/xmlns}data")]
    assert "registered owner" in texts
    assert any("Bad & <Sons> " in (text or "") for text in texts)
    assert len(graph.findall(".//{*}edge")) == 1
    assert answer.headers["Content-Disposition"] == 'attachment; filename="network.graphml"'


def test_the_table_as_csv_is_harmless_to_a_spreadsheet(client, case, ship, lead):
    owner(lead, ship, "=HYPERLINK(1)")

    rows = list(csv.reader(io.StringIO(shown(client, lead, case, "network_csv").content.decode("utf-8-sig"))))

    assert rows[1][:4] == ["'=HYPERLINK(1)", "organisation", "registered owner", "ANGARA"]


def test_the_drawing_as_a_file_stands_alone(client, case, ship, lead):
    owner(lead, ship, "<b>Firm</b>")

    drawing = shown(client, lead, case, "network_svg").content.decode()

    ElementTree.fromstring(drawing)
    assert "<style>" in drawing
    assert "href" not in drawing


def test_a_file_asks_for_the_password_again(client, case, ship, lead):
    client.force_login(lead)
    session = client.session
    session["signed_in_at"] = session["seen_at"] = timezone.now().timestamp() - 900
    session.save()

    names = ("network_svg", "network_graphml", "network_csv")
    assert [client.get(address(case, name)).status_code for name in names] == [302] * 3
    assert client.get(address(case)).status_code == 200


# A layout of one's own ----------------------------------------------------------------------------------------------


def test_a_layout_is_kept_for_its_maker_alone_also_by_a_viewer(client, case, ship, lead, viewer):
    client.force_login(viewer)
    query = f"open={key(ship)}"
    sent = {"places": json.dumps({key(ship): [500, 40.04]}), "query": query}

    answer = client.post(address(case, "network_layout"), sent)

    assert answer["Location"].startswith(address(case) + "?open=vessel")
    assert NetworkLayout.objects.get().places == {key(ship): [500.0, 40.0]}
    placed = {node["key"]: (node["x"], node["y"]) for node in shown(client, viewer, case).context["data"]["nodes"]}
    assert placed[key(ship)] == (500.0, 40.0)
    others = {node["key"]: node["x"] for node in shown(client, lead, case).context["data"]["nodes"]}
    assert others[key(ship)] == 0.0
    assert not NetworkLayout.objects.visible_to(lead).exists()
    event = Event.objects.order_by("-seq").first()
    assert (event.act, event.actor_id) == ("layout saved", viewer.pk)


def test_a_layout_can_be_forgotten(client, case, ship, viewer):
    save_layout(case, by=viewer, places={key(ship): [1, 2]})
    client.force_login(viewer)

    client.post(address(case, "network_layout_forget"), {"query": ""})

    assert NetworkLayout.objects.get().places == {}
    before = Event.objects.count()
    forget_layout(case, by=viewer)
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    "places",
    [
        {"vessel:1": [1, 2]},
        {f"vessel:{uuid.uuid4()}": [1]},
        {f"vessel:{uuid.uuid4()}": ["x", 2]},
        {f"vessel:{uuid.uuid4()}": [float("nan"), 2]},
        {f"vessel:{uuid.uuid4()}": [1, 10**9]},
        {f"v<{uuid.uuid4()}": [1, 2]},
        {f"v1:{uuid.uuid4()}": [1, 2]},
        {f"vessel:{uuid.UUID(int=number)}": [1, 2] for number in range(1_001)},
    ],
)
def test_what_is_no_place_is_refused(case, lead, places):
    with pytest.raises(Refused):
        save_layout(case, by=lead, places=places)
    assert not NetworkLayout.objects.exclude(places={}).exists()


def test_nobody_outside_keeps_a_layout(case):
    stranger = make.user("stranger")

    for act in (lambda: save_layout(case, by=stranger, places={}), lambda: forget_layout(case, by=stranger)):
        with pytest.raises(NotVisible):
            act()
    assert not NetworkLayout.objects.exists()


def test_nothing_to_forget_is_no_event(case, lead):
    before = Event.objects.count()

    forget_layout(case, by=lead)

    assert Event.objects.count() == before


@pytest.mark.parametrize("sent", ["[]", "{", "[" * 5_000, '{"a": [1, 2]}'])
def test_a_layout_that_cannot_be_read_changes_nothing(client, case, ship, lead, sent):
    client.force_login(lead)

    answer = client.post(address(case, "network_layout"), {"places": sent}, follow=True)

    assert "This is no place in a network." in answer.content.decode()


def test_every_kind_of_thing_has_a_word_and_a_sign():
    assert set(KINDS) == {"vessel", "organisation", "person", "place", "authority", "claim", "evidence"}
