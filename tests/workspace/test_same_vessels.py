"""Two vessels judged to be one: the page of the one that stands answers for both, and taken back, all is as before."""

import re

import pytest
from django.urls import reverse

from casefiles.access.actions import void_record
from casefiles.cases import actions as cases
from casefiles.core.moments import Moment
from casefiles.particulars import actions as particulars
from casefiles.particulars.selectors import vessel_file
from casefiles.registry import actions as registry
from casefiles.registry.models import VesselJudgement
from casefiles.sanctions import actions as sanctions
from casefiles.voyages import actions as voyages
from casefiles.voyages.selectors import port_calls_of
from casefiles.workspace.actions import take_back_change
from casefiles.workspace.selectors.look_alikes import look_alikes_of
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def team(lead):
    return make.circle(lead, viewer=make.user("viewer"))


@pytest.fixture
def stranger(db):
    person = make.lead("stranger")
    make.circle(person)
    return person


@pytest.fixture
def angara(lead, team):
    return make.vessel(lead, imo_number="9179842", display_name="Angara")


@pytest.fixture
def dark(lead, team, angara):
    """A vessel under a working name, of which one thing of each kind is recorded, each with its source."""
    vessel = make.vessel(lead, display_name="unidentified ro-ro")
    common = {"by": lead, "circle": make.Circle.everyone()}
    flag = make.flag(lead, vessel, "KP", period=make.period("2023", "ongoing"))
    make.citation(flag.assertion, make.item(lead, title="Report of a flag"), lead)
    make.name_use(lead, vessel, "Amur", period=make.period("2023", "2024"))
    un = sanctions.add_authority(by=lead, name="An authority", short_name="Auth")
    sanctions.add_designation(
        **common, authority=un, vessel=vessel, in_force=Moment.from_edtf("2024-01-01"), end_kind="ongoing"
    )
    call = voyages.add_port_call(
        **common, place=make.place(lead, name="Rajin"), vessels=[vessel], arrived=Moment.from_edtf("2024-02-03")
    )
    voyages.add_voyage(**common, vessel=vessel, departure=call, cargo="containers")
    case = make.case(lead, title="The case of the dark ship")
    cases.add_subject(case, by=lead, vessel=vessel, role="carrier")
    make.flag(lead, angara, "RU", period=make.period("2021", "ongoing"))
    vessel.refresh_from_db()
    return vessel


RECORDED = ("North Korea", "Amur", "Auth", "Rajin", "containers", "The case of the dark ship", "Report of a flag")


def page_of(client, person, vessel, query=""):
    client.force_login(person)
    return client.get(vessel.get_absolute_url() + query).text


def plain(text):
    """Leave out what differs at every request."""
    text = re.sub(r'(csrfmiddlewaretoken" value|nonce|name="base" value)="[^"]*"', r"\1", text)
    return text.split("<main", 1)[1]


def test_the_page_of_the_one_that_stands_shows_everything_and_says_where_it_came_from(client, lead, angara, dark):
    make.judgement(lead, angara, dark)

    standing, merged = page_of(client, lead, angara), page_of(client, lead, dark)

    assert [word for word in RECORDED if word not in standing] == []
    assert "Russia" in standing and "Designated: Auth" in standing and "Values that disagree" in standing
    assert f'recorded of <a href="{dark.get_absolute_url()}"' in standing
    assert "This page also answers for" in standing
    # The other keeps its address and shows its own, and nothing of the one that stands.
    assert [word for word in RECORDED if word not in merged] == []
    assert "whose page answers for both" in merged and angara.get_absolute_url() in merged
    assert "Russia" not in merged


def test_judged_and_taken_back_every_page_is_what_it_was(client, lead, angara, dark):
    def pages():
        addresses = [
            (one, query) for one in (angara, dark) for query in ("", "?as_at=2024-06-01", "look-alikes/", "movements/")
        ]
        return [plain(page_of(client, lead, one, query)) for one, query in addresses]

    before = pages()
    judgement = make.judgement(lead, angara, dark)
    between = pages()
    void_record(judgement, by=lead, reason="Another bow.")

    assert between[0] != before[0]
    assert pages() == before


def test_whoever_may_not_see_the_judgement_sees_two_ships(client, lead, team, stranger, angara, dark):
    addresses = ("", "?as_at=2024-06-01", "history/", "look-alikes/", "movements/")
    before = [plain(page_of(client, stranger, one, query)) for one in (angara, dark) for query in addresses]

    make.judgement(lead, angara, dark, circle=make.restricted_to(team), reason="CANARY")

    after = [plain(page_of(client, stranger, one, query)) for one in (angara, dark) for query in addresses]
    assert after == before
    assert "CANARY" in page_of(client, lead, angara, "look-alikes/")


def test_what_is_secret_about_the_other_one_stays_with_its_circle(client, lead, team, stranger, angara, dark):
    make.judgement(lead, angara, dark)
    make.name_use(lead, dark, "SECRET NAME", circle=make.restricted_to(team))

    assert "SECRET NAME" in page_of(client, lead, angara)
    theirs = page_of(client, stranger, angara)
    assert "North Korea" in theirs
    assert "SECRET NAME" not in theirs and "The case of the dark ship" not in theirs


def test_as_at_a_day_the_file_is_that_of_both(lead, angara, dark):
    make.judgement(lead, angara, dark)

    def flags(day, vessel):
        return {value.text for value in vessel_file(vessel, lead, Moment.from_edtf(day)).values if value.lane == "flag"}

    assert flags("2022-01-01", angara) == {"Russia"}
    assert flags("2024-06-01", angara) == {"Russia", "North Korea"}
    assert flags("2024-06-01", dark) == {"North Korea"}


def test_a_call_that_names_both_is_one_call(lead, angara, dark):
    call = voyages.add_port_call(by=lead, circle=make.Circle.everyone(), place=make.place(lead), vessels=[angara, dark])

    assert list(port_calls_of(user=lead, vessels=[angara, dark])).count(call) == 1


def test_a_contradiction_is_shown_and_neither_page_answers_for_the_other(client, lead, team, angara, dark):
    make.judgement(lead, angara, dark)
    make.judgement(lead, angara, dark, verdict="different", circle=make.restricted_to(team))

    page = page_of(client, lead, angara)

    assert "Another judgement says that two of them are different" in page
    assert "North Korea" not in page
    # Who sees the open one alone sees no contradiction.
    assert "North Korea" in page_of(client, make.user(), angara)


def test_a_number_given_later_is_named_as_what_contradicts(client, lead, angara, dark):
    make.judgement(lead, angara, dark)
    registry.change_vessel(dark, by=lead, version=dark.version, imo_number="9179854")

    assert "They bear 9179842, 9179854" in page_of(client, lead, angara)


def test_the_page_asks_twice_more_where_it_answers_for_others_however_many(client, lead, angara, assert_same_queries):
    def asked(count):
        for _one in range(count):
            other = make.vessel(lead)
            make.flag(lead, other, "KP", period=make.period("2023", "ongoing"))
            make.judgement(lead, angara, other)

    client.force_login(lead)

    assert assert_same_queries(lambda: client.get(angara.get_absolute_url()), asked) <= 20
    assert assert_same_queries(lambda: client.get(f"{angara.get_absolute_url()}look-alikes/"), asked) <= 16


def test_the_three_judgements_stand_beside_each_look_alike_and_are_remembered(client, lead, team, angara):
    other = make.vessel(lead, display_name="Ангара")
    client.force_login(lead)
    address = f"{angara.get_absolute_url()}look-alikes/"
    link = f"{reverse('registry:vessel_judge', args=[angara.pk])}?other={other.pk}&amp;verdict=different"
    assert link in client.get(address).text

    form = client.get(link.replace("&amp;", "&")).text
    assert 'value="different"' in form and "Ангара" in form
    values = {"other": "Ангара", "other_id": str(other.pk), "verdict": "different", "circle": "open"}
    unexplained = client.post(link.replace("&amp;", "&"), values)
    assert unexplained.status_code == 422 and VesselJudgement.objects.count() == 0
    saved = client.post(link.replace("&amp;", "&"), {**values, "reason": "<b>Longer</b> by 30 m."}, follow=True)

    assert saved.redirect_chain[-1][0] == f"{address}#judged"
    assert "&lt;b&gt;Longer&lt;/b&gt; by 30 m." in saved.text and "No other ship here looks like it" in saved.text
    judgement = VesselJudgement.objects.get()
    assert (judgement.verdict, judgement.visibility, judgement.standing) == ("different", "open", None)

    void = reverse("registry:vessel_judgement_void", args=[judgement.pk])
    assert void in saved.text
    client.post(void, {"reason": "Measured anew."})
    assert "“ангара” and “angara” are one name in other letters" in client.get(address).text
    client.post(reverse("registry:vessel_judgement_restore", args=[judgement.pk]))
    assert "No other ship here looks like it" in client.get(address).text


def test_what_one_is_unsure_of_is_still_suggested(lead, team, angara):
    other = make.vessel(lead, display_name="Ангара")
    make.judgement(lead, angara, other, verdict="unsure")

    assert [one.vessel for one in look_alikes_of(angara, lead).shown] == [other]


def test_the_form_refuses_what_cannot_be_and_keeps_what_was_typed(client, lead, angara):
    adler = make.vessel(lead, imo_number="9179854", display_name="Adler")
    client.force_login(lead)
    address = reverse("registry:vessel_judge", args=[angara.pk])
    values = {"other": "Adler", "verdict": "same", "standing": "this", "reason": "The same owner.", "circle": "open"}

    answer = client.post(address, values)

    assert answer.status_code == 422
    assert "never passes to another" in answer.text and "The same owner." in answer.text
    # An id that is none, or of something hidden, opens an empty form.
    assert client.get(f"{address}?other=none").status_code == 200
    assert str(adler) in client.get(f"{address}?other={adler.pk}").text
    viewer = make.user()
    client.force_login(viewer)
    assert client.get(address).status_code == 403


def test_a_judgement_is_changed_with_a_version_and_the_change_taken_back(client, lead, angara, dark):
    judgement = make.judgement(lead, angara, dark)
    client.force_login(lead)
    address = reverse("registry:vessel_judgement_edit", args=[judgement.pk])
    token = re.search(r'name="base" value="([^"]*)"', client.get(address).text)[1]
    values = {"verdict": "unsure", "reason": "The crane differs.", "base": token}

    client.post(address, values)
    stale = client.post(address, {**values, "verdict": "different"})

    judgement.refresh_from_db()
    assert (judgement.verdict, judgement.standing, judgement.version) == ("unsure", None, 2)
    assert stale.status_code == 409 and "The crane differs." in stale.text
    history = client.get(f"{angara.get_absolute_url()}history/").text
    assert "The crane differs." in history and "not shown" in history and "Lead" in history


def test_a_change_is_taken_back_through_the_action(lead, angara, dark):
    judgement = make.judgement(lead, angara, dark)
    registry.change_judgement(judgement, by=lead, version=1, verdict="different")
    judgement.refresh_from_db()

    take_back_change(judgement, by=lead, version=2)
    judgement.refresh_from_db()

    assert (judgement.verdict, judgement.standing) == ("same", angara)
    void_record(judgement, by=lead, reason="By mistake.")
    take_back_change(judgement, by=lead)
    assert not VesselJudgement.objects.get().is_voided


def test_a_role_of_a_restricted_company_stays_unnamed_on_the_page_of_both(client, lead, team, stranger, angara, dark):
    firm = make.organisation(lead, name="SECRET FIRM", circle=make.restricted_to(team))
    particulars.add_vessel_role(
        by=lead, circle=make.restricted_to(team), vessel=dark, organisation=firm, role="operator"
    )
    make.judgement(lead, angara, dark)

    assert "SECRET FIRM" in page_of(client, lead, angara)
    assert "SECRET FIRM" not in page_of(client, stranger, angara)
