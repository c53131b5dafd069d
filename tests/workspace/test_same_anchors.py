"""Organisations, people and places judged to be one: the page of the one that stands answers for both."""

import re

import pytest
from django.urls import reverse

from casefiles.access.actions import void_record
from casefiles.cases import actions as cases
from casefiles.core.moments import Moment
from casefiles.core.refusals import Refused
from casefiles.particulars import actions as particulars
from casefiles.registry import actions as registry
from casefiles.registry.selectors import group_of
from casefiles.sanctions import actions as sanctions
from casefiles.search import actions as search
from casefiles.search.selectors import find
from casefiles.statements import actions as statements
from casefiles.workspace.selectors.fleets import fleet_of
from tests import make

pytestmark = pytest.mark.django_db
OPEN = make.Circle.everyone()
KINDS = ["organisation", "person", "place"]
FOLDERS = {"organisation": "organisations", "person": "people", "place": "places"}


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def team(lead):
    return make.circle(lead)


@pytest.fixture
def stranger(db):
    person = make.lead("stranger")
    make.circle(person)
    return person


def named(lead, record, name):
    return particulars.add_name_use(by=lead, circle=OPEN, name=name, **{record._meta.model_name: record})


def filled(lead, kind):
    """Return an anchor of which one thing of each kind is recorded, and the words of them."""
    record = getattr(make, kind)(lead, name="Second spelling")
    cases.add_subject(make.case(lead, title="The case"), by=lead, role="named", **{kind: record})
    if kind == "place":
        make.port_call(lead, make.vessel(lead, display_name="Caller"), place=record, arrived="2024-02-03")
        registry.add_place_name(record, by=lead, name="Nadzhin")
        make.place(lead, name="Berth", kind="berth", parent=record)
        return record, ("The case", "Caller", "Nadzhin", "Berth")
    named(lead, record, "An alias")
    authority = make.authority(lead, short_name="Auth")
    sanctions.add_designation(
        by=lead,
        circle=OPEN,
        authority=authority,
        in_force=Moment.from_edtf("2024-01-01"),
        end_kind="ongoing",
        **{kind: record},
    )
    who = {"speaker": record} if kind == "person" else {"speaker_text": "A spokesperson", "organisation": record}
    statements.add_statement(by=lead, circle=OPEN, text="What was said", **who)
    words = ("The case", "An alias", "Designated: Auth", "What was said")
    if kind == "person":
        return record, words
    particulars.add_vessel_role(
        by=lead, circle=OPEN, vessel=make.vessel(lead, display_name="Its ship"), organisation=record, role="operator"
    )
    make.person(lead, name="Its director", organisation=record)
    return record, (*words, "Its ship", "Its director")


def page_of(client, person, record, query=""):
    client.force_login(person)
    return client.get(record.get_absolute_url() + query).text


def plain(text):
    return re.sub(r'(csrfmiddlewaretoken" value|nonce|name="base" value)="[^"]*"', r"\1", text).split("<main", 1)[1]


@pytest.mark.parametrize("kind", KINDS)
def test_the_one_that_stands_answers_and_taken_back_all_is_as_before(client, lead, team, stranger, kind):
    record, words = filled(lead, kind)
    standing = getattr(make, kind)(lead, name="First spelling")
    people = (lead, stranger)

    def pages():
        return [plain(page_of(client, one, page)) for one in people for page in (standing, record)]

    before = pages()
    assert [word for word in words if word in before[0]] == []
    judgement = make.judgement(lead, standing, record, circle=make.restricted_to(team))

    ours, merged, *theirs = pages()

    assert [word for word in words if word not in ours] == []
    assert "This page also answers for" in ours and "whose page answers for both" in merged
    assert [word for word in words if word not in merged] == []
    # The judgement is for one circle, and to everybody else there are two.
    assert theirs == before[2:]
    void_record(judgement, by=lead, reason="Another one.")
    assert pages() == before


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_judged_listed_and_taken_back_on_pages(client, lead, team, stranger, kind):
    first, second = (getattr(make, kind)(lead, name=name) for name in ("First spelling", "Second spelling"))
    client.force_login(lead)
    listed = reverse(f"workspace:{kind}_judgements", args=[first.pk])
    judge = reverse(f"registry:{kind}_judge", args=[first.pk])
    assert "Nothing was judged yet" in client.get(listed).text and judge in client.get(listed).text

    values = {
        "other": "Second spelling",
        "verdict": "same",
        "standing": "other",
        "reason": "One seal.",
        "circle": "open",
    }
    saved = client.post(judge, values, follow=True)

    assert saved.redirect_chain[-1][0] == f"{listed}#judged" and "One seal." in saved.text
    assert group_of(first, stranger).standing == second
    page = page_of(client, lead, first, "history/")
    assert "One seal." in page
    [void] = re.findall(rf'href="(/registry/{FOLDERS[kind]}/judgements/[^"]*/void/)"', saved.text)
    client.post(void, {"reason": "Two seals."})
    assert group_of(first, stranger).others == ()


def test_two_companies_with_numbers_are_two_and_a_harbour_may_have_two_codes(lead, team):
    numbers = ("6246853", "5991819")
    firms = [make.organisation(lead, imo_company_number=number) for number in numbers]
    ports = [make.place(lead, unlocode=code) for code in ("KPNJN", "KPRJN")]

    with pytest.raises(Refused, match="never passes to another"):
        make.judgement(lead, *firms)
    make.judgement(lead, *ports)

    assert group_of(ports[1], lead).standing == ports[0]


@pytest.mark.parametrize("kind", KINDS)
def test_search_leads_to_the_one_that_stands(lead, team, kind):
    standing, other = (getattr(make, kind)(lead, name=name) for name in ("Rajin", "Najin"))
    make.judgement(lead, standing, other)
    search.catch_up()

    [hit] = find("najin", user=lead).hits

    assert (hit.label, hit.url) == ("Najin", standing.get_absolute_url())
    assert hit.detail.endswith("judged to be the same as Rajin")


def test_the_fleet_of_a_company_is_that_of_both(lead, team):
    firm, twin = make.organisation(lead, name="M Leasing"), make.organisation(lead, name="M-Leasing")
    for owner, ship in ((firm, "Angara"), (twin, "Maria")):
        particulars.add_vessel_role(
            by=lead, circle=OPEN, vessel=make.vessel(lead, display_name=ship), organisation=owner, role="operator"
        )
    assert fleet_of(firm, lead).vessels_count == 1
    make.judgement(lead, firm, twin)

    fleet = fleet_of(firm, lead)

    assert [row.vessel.display_name for row in fleet.groups[0].rows] == ["Angara", "Maria"]
    assert fleet.shared == () and {box.label for box in fleet.drawing.boxes} == {"M Leasing", "Angara", "Maria"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_asks_as_often_however_many_it_answers_for(client, lead, team, kind, assert_same_queries):
    standing = getattr(make, kind)(lead)

    def add(count):
        for _one in range(count):
            make.judgement(lead, standing, getattr(make, kind)(lead))

    client.force_login(lead)

    assert assert_same_queries(lambda: client.get(standing.get_absolute_url()), add) <= 20
    listed = reverse(f"workspace:{kind}_judgements", args=[standing.pk])
    assert assert_same_queries(lambda: client.get(listed), add) <= 12
