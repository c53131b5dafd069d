"""Instruments, their provisions and elements: open to every member, and plain about what nobody has read."""

import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from casefiles.access.actions import NotAllowed, void_record
from casefiles.audit.models import Event
from casefiles.core.refusals import Refused
from casefiles.sanctions import actions
from casefiles.sanctions.models import Element, Instrument, Provision
from casefiles.sanctions.selectors.instruments import paragraph_key
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    person = make.lead("lead")
    make.circle(person)
    return person


@pytest.fixture
def instrument(lead):
    return actions.add_instrument(by=lead, authority=make.authority(lead), key="R/1", name="Резолюция 1")


def shown(client, person, name, *args, **query):
    client.force_login(person)
    return client.get(reverse(f"sanctions:{name}", args=args), query)


def test_paragraphs_stand_in_the_order_of_their_numbers():
    given = ["12 (a)", "", "9", "12", "2 (b)", "annex II"]

    assert sorted(given, key=paragraph_key) == ["2 (b)", "9", "12", "12 (a)", "annex II", ""]


def test_whoever_edits_somewhere_adds_all_three_and_each_leaves_an_event(lead, instrument):
    provision = actions.add_provision(
        instrument, by=lead, paragraph="9", title="Inspect", bearer="port State", verb="decides"
    )
    elements = [actions.add_element(provision, by=lead, text=text) for text in ("It lay there.", "It was let go.")]

    assert [element.position for element in elements] == [1, 2]
    assert str(provision) == "R/1 para 9: Inspect"
    for record in (instrument, provision, *elements):
        assert Event.objects.get(record_id=record.pk).act == "added"


def test_whoever_edits_nowhere_adds_nothing(lead, instrument):
    provision = make.provision(lead, instrument=instrument)
    reader = make.user()

    for add in (
        lambda: actions.add_instrument(by=reader, authority=instrument.authority, key="R/2", name="Two"),
        lambda: actions.add_provision(instrument, by=reader, title="Duty", bearer="port State"),
        lambda: actions.add_element(provision, by=reader, text="It lay there."),
        lambda: actions.change_instrument(instrument, by=reader, version=1, name="Other"),
    ):
        with pytest.raises(NotAllowed):
            add()
    assert (Instrument.objects.count(), Provision.objects.count(), Element.objects.count()) == (1, 1, 0)


@pytest.mark.parametrize("record", ["instrument", "provision"])
def test_nobody_says_that_a_text_was_read_without_saying_where(lead, instrument, record):
    provision = make.provision(lead, instrument=instrument)
    target, change = {
        "instrument": (instrument, actions.change_instrument),
        "provision": (provision, actions.change_provision),
    }[record]

    with pytest.raises(Refused) as refused:
        change(target, by=lead, version=1, is_verified=True)

    assert refused.value.field == "read_in"
    change(target, by=lead, version=1, is_verified=True, read_in="S/RES/1, English")
    assert type(target).objects.get(pk=target.pk).is_verified


def test_a_paragraph_binds_a_kind_of_bearer_once_unless_it_is_unknown(lead, instrument):
    values = {"by": lead, "title": "Duty", "bearer": "port State"}
    actions.add_provision(instrument, paragraph="9", **values)

    with pytest.raises(ValidationError):
        actions.add_provision(instrument, paragraph="9", **values)
    actions.add_provision(instrument, paragraph="9", **{**values, "bearer": "flag State"})
    for _turn in range(2):
        actions.add_provision(instrument, paragraph="", **values)
    with pytest.raises(ValidationError):
        actions.add_provision(instrument, by=lead, title="Duty", bearer="everybody")

    assert Provision.objects.count() == 4


def test_nothing_is_added_to_what_was_voided(lead, instrument):
    provision = make.provision(lead, instrument=instrument)
    void_record(provision, by=lead, reason="Misread.")

    with pytest.raises(Refused):
        actions.add_element(provision, by=lead, text="It lay there.")
    void_record(instrument, by=lead, reason="Entered twice.")
    with pytest.raises(Refused):
        actions.add_provision(instrument, by=lead, title="Duty", bearer="port State")


def test_the_projects_own_file_is_loaded_once_and_states_nothing_as_read(lead):
    answers = []
    for _turn in range(2):
        out = io.StringIO()
        call_command("load_instruments", "--json", stdout=out)
        answers.append(json.loads(out.getvalue())["added"])

    keys = [f"S/RES/{number}" for number in (1718, 1874, 2270, 2321, 2375, 2397)]
    assert answers == [keys, []]
    assert not Instrument.objects.filter(is_verified=True).exists()
    assert not Provision.objects.filter(is_verified=True).exists()
    # What no source gives is left out: the paragraphs of 2397, and every verb but the one that is quoted.
    assert set(Provision.objects.filter(instrument__key="S/RES/2397").values_list("paragraph", flat=True)) == {""}
    assert list(Provision.objects.exclude(verb="").values_list("instrument__key", "paragraph", "verb")) == [
        ("S/RES/2270", "18", "decides")
    ]
    assert not Provision.objects.filter(elements=None).exists()


def test_loading_leaves_what_somebody_recorded_as_it_is(lead):
    mine = actions.add_instrument(by=lead, authority=make.authority(lead), key="S/RES/2397", name="Ours")
    void_record(mine, by=lead, reason="Entered twice.")

    added = actions.load_instruments()

    assert "S/RES/2397" not in [one.key for one in added]
    assert Instrument.objects.get(key="S/RES/2397").name == "Ours"


def test_the_page_of_an_instrument_shows_who_must_do_what_and_what_is_unread(client, lead, instrument):
    void_record(make.provision(lead, instrument=instrument, title="Withdrawn"), by=lead, reason="Misread.")
    make.provision(lead, "It lay there.", "It was let go.", instrument=instrument, title="Inspect", paragraph="")
    stranger = make.user()

    text = shown(client, stranger, "instrument", instrument.pk).content.decode()

    for words in ("Резолюция 1", "para to verify", "verb to verify", "Inspect", "port State", "It lay there."):
        assert words in text
    standing, voided = text.split('id="voided"')
    assert "Withdrawn" not in standing and "Withdrawn" in voided and "Misread." in voided
    # That a part of it was voided says nothing of the instrument.
    assert "<strong>Voided</strong>" not in text
    assert "Restore" not in voided
    assert reverse("sanctions:provision_add", args=[instrument.pk]) not in text
    for name, key in (("instrument_edit", instrument.pk), ("provision_add", instrument.pk)):
        assert shown(client, stranger, name, key).status_code == 403


def test_forms_add_and_change_and_a_stale_change_is_a_conflict(client, lead, instrument):
    client.force_login(lead)
    add = reverse("sanctions:provision_add", args=[instrument.pk])
    bad = client.post(add, {"title": "", "bearer": "port State", "paragraph": "9"})
    client.post(add, {"title": "Inspect", "bearer": "port State", "paragraph": "9", "verb": "decides"})
    provision = Provision.objects.get()
    client.post(reverse("sanctions:element_add", args=[provision.pk]), {"text": "It lay there."})
    edit = reverse("sanctions:element_edit", args=[Element.objects.get().pk])
    base = client.get(edit).context["base_token"]
    saved = client.post(edit, {"text": "It lay at a berth.", "position": "1", "base": base})
    stale = client.post(edit, {"text": "Mine.", "position": "1", "base": base})

    assert (bad.status_code, saved.status_code, stale.status_code) == (422, 302, 409)
    assert saved["Location"].endswith(f"#provision-{provision.pk}")
    history = shown(client, lead, "instrument_history", instrument.pk).content.decode()
    assert "It lay at a berth." in history
    base = client.get(reverse("sanctions:provision_edit", args=[provision.pk])).context["base_token"]
    unread = client.post(
        reverse("sanctions:provision_edit", args=[provision.pk]),
        {"title": "Inspect", "bearer": "port State", "paragraph": "9", "is_verified": "on", "base": base},
    )
    assert "read_in" in unread.context["form"].errors
    added = client.post(
        reverse("sanctions:instrument_add"),
        {"authority": str(instrument.authority), "key": "R/2", "name": "Two", "adopted": "22 December 2017"},
    )
    assert added.status_code == 302
    assert Instrument.objects.get(key="R/2").adopted.edtf == "2017-12-22"


def test_lists_and_pages_ask_as_often_for_few_rows_as_for_many(client, lead, instrument, assert_same_queries):
    def add(count):
        for _turn in range(count):
            make.provision(lead, "It lay there.", "It was let go.")
            make.provision(lead, "It lay there.", instrument=instrument)

    def ask():
        shown(client, lead, "instruments")
        return shown(client, lead, "instrument", instrument.pk)

    assert_same_queries(ask, add)


def test_a_provision_is_suggested_by_its_symbol_and_words_unless_it_was_voided(client, lead, instrument):
    kept = make.provision(lead, instrument=instrument, title="Inspect in port", paragraph="9")
    void_record(make.provision(lead, instrument=instrument, title="Inspect cargo"), by=lead, reason="Misread.")

    found = shown(client, lead, "provision_suggest", q="R/1 inspect").json()["results"]

    assert [row["id"] for row in found] == [str(kept.pk)]
    assert found[0]["detail"] == "port State"


def test_an_instrument_and_its_parts_are_voided_on_pages_with_a_reason_and_restored(client, lead, instrument):
    provision = make.provision(lead, "It lay there.", instrument=instrument)
    element = provision.elements.get()
    page = shown(client, lead, "instrument", instrument.pk).text

    for name, record in (("element_void", element), ("provision_void", provision), ("instrument_void", instrument)):
        address = reverse(f"sanctions:{name}", args=[record.pk])
        assert address in page and shown(client, lead, name, record.pk).status_code == 200
        assert client.post(address, {"reason": " "}).status_code == 422
        assert client.post(address, {"reason": "Entered twice."}).url == instrument.get_absolute_url()
        record.refresh_from_db()
        assert record.void_reason == "Entered twice."

    restore = reverse("sanctions:instrument_restore", args=[instrument.pk])
    assert restore in shown(client, lead, "instrument", instrument.pk).text
    client.post(restore, {})
    instrument.refresh_from_db()
    assert not instrument.is_voided
    listed = shown(client, lead, "instrument", instrument.pk).text
    assert listed.count("Entered twice.") == 2 and "It lay there." in listed
    for name, record in (("provision_restore", provision), ("element_restore", element)):
        address = reverse(f"sanctions:{name}", args=[record.pk])
        assert address in listed and "counts again" in client.get(address).text
        assert client.post(address, {}).url == instrument.get_absolute_url()
        record.refresh_from_db()
        assert not record.is_voided
    assert 'id="voided"' not in shown(client, lead, "instrument", instrument.pk).text
    client.force_login(make.user("reader"))
    assert client.get(reverse("sanctions:provision_restore", args=[provision.pk])).status_code == 403
    assert client.get(reverse("sanctions:instrument_void", args=[instrument.pk])).status_code == 403
