"""Watching a vessel: what others did since is told to the watcher alone, and only what they may read."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from casefiles.access.actions import NotVisible, void_record
from casefiles.access.circles import Circle
from casefiles.audit.models import Event
from casefiles.cases import actions as cases
from casefiles.particulars.actions import change_particular
from casefiles.registry.selectors import group_of
from casefiles.workspace.actions import NotWatched, mark_seen, stop_watching, watch_vessel
from casefiles.workspace.models import Watch
from casefiles.workspace.selectors.watching import NEW, news_of, watched_by
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def case(lead):
    return make.case(lead)


@pytest.fixture
def viewer(case):
    person = make.user("viewer")
    make.member(case, person, "viewer")
    return person


@pytest.fixture
def vessel(lead, case):
    return make.numbered_vessel(lead, display_name="ANGARA")


def told(user, vessel):
    """Return what is told of a vessel: {label: words}; None where it is not watched."""
    news = news_of(user, group=group_of(vessel, user)).get(vessel.pk)
    return {line.label: line.said for line in news.lines} if news else None


def press(client, person, vessel, name, **data):
    client.force_login(person)
    return client.post(reverse(f"workspace:{name}", args=[vessel.pk]), data)


def everything_about(vessel, by, circle):
    """Let somebody add one record of each kind that is told."""
    make.name_use(by, vessel, "LADY A", circle=circle)
    number = make.particulars.add_identifier_use(
        by=by, circle=circle, vessel=vessel, scheme="mmsi", value="273456780", period=make.period("2023")
    )
    make.designation(by, vessel=vessel, circle=circle)
    call = make.port_call(by, vessel, circle=circle)
    make.voyage(by, vessel=vessel, departure=call, circle=circle)
    return number


# What is told -------------------------------------------------------------------------------------------------------


def test_what_others_did_since_is_told_by_kind_and_on_each_row(client, lead, viewer, case, vessel):
    make.flag(lead, vessel, "RU")
    changed = make.port_call(lead, vessel, circle=Circle.of_case(case))
    withdrawn = make.port_call(lead, vessel, circle=Circle.of_case(case))
    watch_vessel(vessel, by=viewer)
    assert told(viewer, vessel) == {}

    everything_about(vessel, lead, Circle.of_case(case))
    make.read_positions(lead, *make.position_rows("273456780", 3), circle=Circle.of_case(case))
    cases.add_subject(case, by=lead, vessel=vessel, role="main")
    make.said(case, lead, make.report(case, lead))
    change_record = make.voyages.change_port_call
    change_record(changed, by=lead, version=changed.version, note="Seen again")
    void_record(withdrawn, by=lead, reason="Another ship")

    assert told(viewer, vessel) == {
        "Recorded values": "2 new",
        "Voyages": "1 new",
        "Port calls": "1 new, 1 changed, 1 withdrawn",
        "Designations": "1 new",
        "Cases": "1 new",
        "Statements in its cases": "1 new",
        "Radios with new positions": "1 new",
    }
    client.force_login(viewer)
    page = client.get(vessel.get_absolute_url())
    assert "Port calls</a>: 1 new, 1 changed, 1 withdrawn" in page.text
    # Two values, a voyage, a call, a designation and the case are new; the call that was changed says so.
    assert page.text.count('<span class="pill sea">new</span>') == 6
    assert page.text.count('<span class="pill sea">changed</span>') == 1


def test_one_s_own_changes_are_no_news(lead, case, vessel):
    watch_vessel(vessel, by=lead)

    everything_about(vessel, lead, Circle.of_case(case))
    make.read_positions(lead, *make.position_rows("273456780", 3), circle=Circle.of_case(case))

    assert told(lead, vessel) == {}


def test_what_the_watcher_may_not_read_is_neither_told_nor_counted(client, lead, viewer, case, vessel):
    """Breaks if news is read from the events alone, or from the positions of a number that is hidden."""
    other = make.lead("other")
    hidden = make.case(other)
    for person in (viewer, lead):
        watch_vessel(vessel, by=person)
    client.force_login(viewer)
    before = client.get(reverse("workspace:home")).context["home"]

    everything_about(vessel, other, Circle.of_case(hidden))
    cases.add_subject(hidden, by=other, vessel=vessel)
    make.said(hidden, other, make.report(hidden, other))
    # Positions that the viewer may read, of a radio which only the hidden case ties to the ship.
    make.read_positions(lead, *make.position_rows("273456780", 3), circle=Circle.of_case(case))

    assert told(viewer, vessel) == {}
    assert client.get(reverse("workspace:home")).context["home"].watched == before.watched
    assert "pill sea" not in client.get(vessel.get_absolute_url()).text
    # The other half: who may read the hidden case, and watches, is told of it.
    make.member(hidden, lead, "viewer")
    assert told(lead, vessel)["Port calls"] == "1 new"


def test_a_hidden_watched_vessel_is_gone_with_the_right_to_read_it(client, lead, case, viewer):
    secret = make.vessel(lead, circle=Circle.of_case(case), display_name="Secret ship")
    watch_vessel(secret, by=viewer)
    make.flag(lead, secret, "RU", circle=Circle.of_case(case))
    make.access.remove_member(compartment=case.compartment, user=viewer, by=lead)

    assert news_of(viewer) == {}
    assert watched_by(viewer, most=8).rows == ()
    client.force_login(viewer)
    assert "Secret ship" not in client.get(reverse("workspace:watched")).text


# Seeing -------------------------------------------------------------------------------------------------------------


def test_looking_marks_nothing_and_a_press_marks_what_the_page_showed(client, lead, viewer, vessel):
    watch_vessel(vessel, by=viewer)
    make.flag(lead, vessel, "RU")
    client.force_login(viewer)
    page = client.get(vessel.get_absolute_url())
    client.get(reverse("workspace:home"))
    assert told(viewer, vessel) == {"Recorded values": "1 new"}

    # What comes between drawing the page and pressing its button was not seen.
    make.flag(lead, vessel, "KP")
    response = press(client, viewer, vessel, "vessel_mark_seen", until=page.context["drawn_at"].isoformat())

    assert response.url == vessel.get_absolute_url()
    assert told(viewer, vessel) == {"Recorded values": "1 new"}
    assert press(client, viewer, vessel, "vessel_mark_seen", back="watched").url == "/watched/"
    assert told(viewer, vessel) == {}


@pytest.mark.parametrize("until", ["", "soon", "2024-02-31T00:00:00Z", "2024-02-01T00:00:00", "9999-12-31T00:00:00Z"])
def test_what_does_not_read_as_an_instant_or_lies_ahead_means_now(client, lead, viewer, vessel, until):
    watch_vessel(vessel, by=viewer)
    make.flag(lead, vessel, "RU")

    press(client, viewer, vessel, "vessel_mark_seen", until=until)

    assert told(viewer, vessel) == {}
    assert Watch.objects.visible_to(viewer).get().seen_at <= timezone.now()


def test_an_old_page_brings_no_old_news_back(viewer, vessel):
    watch = watch_vessel(vessel, by=viewer)

    mark_seen(vessel, by=viewer, until=watch.seen_at - datetime.timedelta(days=9))

    assert Watch.objects.visible_to(viewer).get().seen_at == watch.seen_at


# Beginning and ending -----------------------------------------------------------------------------------------------


def test_watching_again_begins_anew_and_each_step_is_on_record_for_nobody_else(lead, viewer, vessel):
    first = watch_vessel(vessel, by=viewer)
    assert watch_vessel(vessel, by=viewer).pk == first.pk
    stop_watching(vessel, by=viewer)
    with pytest.raises(NotWatched):
        mark_seen(vessel, by=viewer)
    make.flag(lead, vessel, "RU")
    assert watch_vessel(vessel, by=viewer).pk == first.pk

    assert told(viewer, vessel) == {}
    events = Event.objects.filter(record_id=first.pk).order_by("seq")
    assert [event.act for event in events] == ["watched", "no longer watched", "watched"]
    assert {tuple(event.compartment_ids) for event in events} == {()}


def test_nobody_sees_what_somebody_else_watches(client, lead, viewer, vessel):
    client.force_login(lead)
    boss = make.user("boss", is_staff=True, is_superuser=True)
    pages = [vessel.get_absolute_url(), reverse("workspace:vessel_history", args=[vessel.pk]), "/watched/", "/"]
    before = [client.get(page).content.count(b"watch") for page in pages]

    watch = watch_vessel(vessel, by=viewer)

    assert [client.get(page).content.count(b"watch") for page in pages] == before
    assert not Watch.objects.visible_to(lead).exists()
    assert not Watch.objects.visible_to(boss).exists()
    client.force_login(boss)
    assert client.get(reverse("admin:workspace_watch_change", args=[watch.pk])).status_code in {302, 404}
    assert str(watch.pk) not in client.get(reverse("admin:workspace_watch_changelist")).text


def test_a_vessel_that_one_may_not_read_is_not_watched(client, lead, case):
    stranger = make.lead("stranger")
    secret = make.vessel(lead, circle=Circle.of_case(case))

    with pytest.raises(NotVisible):
        watch_vessel(secret, by=stranger)

    names = ("vessel_watch", "vessel_stop_watching", "vessel_mark_seen")
    assert [press(client, stranger, secret, name).status_code for name in names] == [404] * 3
    assert not Watch.objects.visible_to(lead).exists()


def test_every_button_carries_what_the_server_asks_of_a_form(client, lead, viewer, vessel):
    """Breaks if a fragment with a form is included without the page's context: its press is refused."""
    watch_vessel(vessel, by=viewer)
    make.flag(lead, vessel, "RU")
    client.force_login(viewer)

    for page in (vessel.get_absolute_url(), "/watched/"):
        forms = [part for part in client.get(page).text.split("<form")[1:] if 'method="post"' in part.split(">")[0]]
        assert len(forms) >= 3, page
        assert all("csrfmiddlewaretoken" in form.split("</form>")[0] for form in forms), page


def test_the_buttons_say_what_they_did_and_a_late_one_why_not(client, viewer, vessel):
    client.force_login(viewer)
    assert ">Watch</button>" in client.get(vessel.get_absolute_url()).text

    assert press(client, viewer, vessel, "vessel_watch").status_code == 302
    assert ">Stop watching</button>" in client.get(vessel.get_absolute_url()).text
    press(client, viewer, vessel, "vessel_stop_watching")
    press(client, viewer, vessel, "vessel_mark_seen", back="home")

    assert "You do not watch this vessel." in client.get("/").text
    assert client.get(reverse("workspace:vessel_watch", args=[vessel.pk])).status_code == 405


# Pages --------------------------------------------------------------------------------------------------------------


def test_home_and_the_list_tell_of_all_watched_vessels(client, lead, viewer, vessel):
    quiet = make.numbered_vessel(lead, display_name="QUIET")
    for one in (quiet, vessel):
        watch_vessel(one, by=viewer)
    make.flag(lead, vessel, "RU")
    client.force_login(viewer)

    home = client.get("/")
    listed = client.get(reverse("workspace:watched"))

    watched = home.context["home"].watched
    assert [str(row.vessel) for row in watched.rows] == ["ANGARA", "QUIET"]
    assert (watched.with_news, watched.total) == (1, 2)
    assert [(str(row.vessel), [line.said for line in row.news.lines]) for row in listed.context["rows"]] == [
        ("ANGARA", ["1 new"]),
        ("QUIET", []),
    ]
    assert "Nothing new" in home.text
    assert [row.vessel for row in client.get("/watched/", {"sort": "-name"}).context["rows"]] == [quiet, vessel]


def test_more_watched_vessels_and_more_news_take_no_more_queries(client, lead, viewer, case, assert_same_queries):
    client.force_login(viewer)
    kept = make.numbered_vessel(lead)
    watch_vessel(kept, by=viewer)

    def add(count):
        for _number in range(count):
            one = make.numbered_vessel(lead)
            watch_vessel(one, by=viewer)
            for ship in (one, kept):
                everything_about(ship, lead, Circle.of_case(case))

    def look():
        for page in ("/", "/watched/", kept.get_absolute_url()):
            assert client.get(page).status_code == 200

    assert_same_queries(look, add, many=6)


def test_a_vessel_s_page_asks_once_more_and_not_twice(client, lead, viewer, vessel, django_assert_max_num_queries):
    """The watch and all that is new of it come in one query."""
    everything_about(vessel, lead, Circle.everyone())
    watch_vessel(vessel, by=viewer)
    make.flag(lead, vessel, "KP")

    group = group_of(vessel, viewer)
    with django_assert_max_num_queries(1):
        news = news_of(viewer, group=group)[vessel.pk]

    assert list(news.states.values()) == [NEW]


def test_a_particular_that_others_changed_says_so(lead, viewer, vessel):
    flag = make.flag(lead, vessel, "RU")
    watch_vessel(vessel, by=viewer)

    change_particular(flag, by=lead, version=flag.version, country="KP")

    assert told(viewer, vessel) == {"Recorded values": "1 changed"}
