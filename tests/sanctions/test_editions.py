"""Editions of lists: evidence first, whole or not at all, compared before they count, decided by a person."""

import io
import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casefiles.access.actions import NotAllowed, restore_record, void_record
from casefiles.audit.selectors import history
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence.actions.items import void_item
from casefiles.evidence.models import Citation, Item
from casefiles.evidence.store import store
from casefiles.sanctions import background
from casefiles.sanctions.actions import editions as actions
from casefiles.sanctions.actions.listing import designate_from_entry
from casefiles.sanctions.models import (
    Designation,
    EditionState,
    ListChange,
    ListEdition,
    ListEntry,
    ListKey,
    ListProblem,
)
from casefiles.sanctions.selectors.lists import offers_of, states_of_lists
from casefiles.sanctions.selectors.newer import measures_in
from casefiles.workspace.maintenance import Limits, read_lists
from tests import make
from tests.elsewhere import leading_elsewhere
from tests.sanctions import list_files as files

FIRST = files.ofac(files.ANGARA, files.ADLER)
SECOND = files.ofac(("37059", "ANGARA II", "9179842"), ("37060", "ASCALON", "9198226"))


@pytest.fixture
def lead(db):
    lead = make.lead("lead")
    make.circle(lead)
    return lead


@pytest.fixture
def viewer(lead):
    return make.user("viewer")


def apply(edition, by, **values):
    return actions.apply_edition(edition, by=by, version=edition.version, **values)


# Reading -------------------------------------------------------------------------------------------------------------


def test_a_list_becomes_an_item_open_to_every_member_and_its_entries_point_at_its_rows(lead, viewer):
    edition = make.read_edition(lead, FIRST, beside=(files.OFAC_ALT, files.OFAC_ADD))

    first, second = ListEntry.objects.visible_to(viewer).of(edition).order_by("row")
    assert (edition.state, edition.entries, edition.format, edition.is_day_said) == (
        "compared",
        2,
        "OFAC SDN CSV",
        True,
    )
    assert Item.objects.visible_to(viewer).get(pk=edition.item_id).kind == "official record"
    assert (str(first), first.row, second.row) == ("37059: ANGARA", 1, 2)
    assert [one["name"] for one in first.names] == ["NEPTUN", "LADY'S LUCK", "NEPTUN II", "АНГАРА"]
    assert first.names_key.splitlines()[-1] == "ангара"
    assert first.remarks.endswith("Baumanskaya 7, Moscow, Russia")
    assert [entry.act for entry in history([edition.pk])] == ["finished", "added"]
    assert [str(problem) for problem in ListProblem.objects.all()] == [
        "3: A further name has a name and the number of its entry."
    ]


def test_a_number_that_stands_twice_is_read_once_and_said(lead):
    edition = make.read_edition(lead, files.ofac(files.ANGARA, files.ADLER, files.ANGARA))

    assert (edition.entries, edition.rejected) == (2, 1)
    assert ListProblem.objects.get().reason == "This number stands in row 1 already."


@pytest.mark.parametrize(
    ("content", "values", "reason"),
    [
        ("Dear all,\nno list.\n", {}, "not read as a list"),
        (FIRST, {"on": ""}, "give the day"),
        (FIRST, {"on": "2999-01-01"}, "in the future"),
        (FIRST, {"list_key": "uk"}, "not “UK Sanctions List”"),
        (files.UN_XML, {"list_key": "un"}, "published on 2026-02-27"),
        (files.OFAC_ALT, {}, "only one"),
        (FIRST, {"beside": (SECOND,)}, "only one"),
    ],
)
def test_what_is_not_understood_is_refused_before_anything_is_added(lead, content, values, reason):
    with pytest.raises(Refused, match=reason):
        make.waiting_edition(lead, content, **values)

    assert not Item.objects.exists()


def test_the_same_file_of_the_same_day_is_brought_in_once_unless_it_was_set_aside(lead):
    edition = make.read_edition(lead, FIRST)

    with pytest.raises(Refused, match="here already"):
        make.waiting_edition(lead, FIRST)

    actions.set_edition_aside(edition, by=lead, version=edition.version, reason="Another file was meant.")
    assert make.read_edition(lead, FIRST).entries == 2


def test_only_those_who_may_edit_somewhere_bring_in_a_list(viewer):
    with pytest.raises(NotAllowed):
        make.waiting_edition(viewer, FIRST)


def test_a_list_that_turns_out_to_be_cut_gives_nothing_and_the_one_before_stays(lead):
    make.applied_edition(lead, FIRST)
    many = files.ofac(*((str(number), f"SHIP {number}", make.imo_number(number)) for number in range(1, 700)))

    edition = make.read_edition(lead, many[:-80], on="2023-02-01")

    assert (edition.state, edition.entries) == (EditionState.FAILED, 0)
    assert "the file was cut" in edition.reason
    assert ListEntry.objects.count() == 2
    assert history([edition.pk])[0].act == "failed"
    state = next(one for one in states_of_lists(lead) if one.key == "ofac-sdn")
    assert (state.newest.entries, state.failed, state.is_here) == (2, edition, True)


def test_a_list_whose_bytes_changed_or_went_gives_nothing(lead):
    edition = make.waiting_edition(lead, FIRST)
    held = store().path_of(edition.file.sha256)
    held.chmod(0o600)
    held.write_bytes(held.read_bytes().replace(b"ANGARA", b"ANGORA"))

    assert actions.read_edition(edition).state == EditionState.FAILED
    held.unlink()
    with pytest.raises(Refused, match="fixity"):
        actions.recognised_file(edition.file.sha256)


class Killed(BaseException):
    """The process ended here."""


def test_a_killed_reading_begins_anew_and_counts_nothing_twice(lead):
    make.waiting_edition(lead, FIRST)

    def kill(edition):
        raise Killed

    with pytest.raises(Killed):
        actions.read_waiting_editions(progress=kill)
    assert (ListEdition.objects.get().state, ListEntry.objects.count()) == (EditionState.RUNNING, 2)
    report = read_lists(Limits())

    assert report == {"result": "clean", "editions_read": 1}
    assert (ListEdition.objects.get().state, ListEntry.objects.count()) == (EditionState.COMPARED, 2)
    with leading_elsewhere(actions.TASK):
        make.waiting_edition(lead, SECOND)
        assert actions.read_waiting_editions() == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_for_is_read_in_the_background(lead, settings):
    settings.EVIDENCE_READS_IN_BACKGROUND = False
    background.read_after_commit()
    make.waiting_edition(lead, FIRST)
    settings.EVIDENCE_READS_IN_BACKGROUND = True

    background.read_after_commit()
    for thread in background._threads:
        thread.join(60)

    assert ListEdition.objects.get().state == EditionState.COMPARED


# What an edition differs in ------------------------------------------------------------------------------------------


def test_an_edition_is_compared_with_the_one_before_and_nothing_is_taken_away(lead):
    before = make.applied_edition(lead, FIRST)

    edition = make.read_edition(lead, SECOND, on="2023-02-01")

    assert edition.compared_with == before
    assert (edition.added, edition.removed, edition.changed) == (1, 1, 1)
    changes = {change.kind: (change.list_id, change.fields) for change in ListChange.objects.all()}
    assert changes == {
        "added": ("37060", {}),
        "removed": ("37057", {}),
        "changed": ("37059", {"name": ["ANGARA", "ANGARA II"]}),
    }
    assert str(ListChange.objects.get(kind="removed")) == "no longer on it: 37057 ADLER"
    assert ListEntry.objects.of(before).count() == 2


def test_a_further_name_is_a_change_and_another_row_is_none(lead):
    make.applied_edition(lead, FIRST)
    named = FIRST.replace("a.k.a. 'LADY'S LUCK'", "a.k.a. 'LUCK'", 1)

    edition = make.read_edition(lead, "".join(reversed(named.splitlines(keepends=True))), on="2023-02-01")

    assert (edition.added, edition.removed, edition.changed) == (0, 0, 1)
    assert set(ListChange.objects.get().fields) == {"names", "remarks"}


def test_nothing_counts_before_somebody_applied_it(lead, viewer):
    edition = make.read_edition(lead, FIRST)

    assert not ListEdition.objects.newest_of_each().exists()
    with pytest.raises(NotAllowed):
        apply(edition, viewer)
    with pytest.raises(StaleVersion):
        actions.apply_edition(edition, by=lead, version=edition.version + 1)
    apply(edition, lead)

    assert [one.pk for one in ListEdition.objects.newest_of_each()] == [edition.pk]
    assert history([edition.pk])[0].act == "applied"
    with pytest.raises(Refused, match="nothing to decide"):
        apply(edition, lead)


def test_an_older_edition_is_asked_about_and_never_becomes_the_newest(lead):
    newest = make.applied_edition(lead, SECOND, on="2023-02-01")
    older = make.read_edition(lead, FIRST, on="2023-01-11")

    with pytest.raises(Refused, match="newer edition is applied already, of 2023-02-01"):
        apply(older, lead)
    apply(older, lead, as_older=True)

    assert (older.is_older, older.compared_with) == (True, None)
    assert [one.pk for one in ListEdition.objects.newest_of_each()] == [newest.pk]


def test_a_difference_that_is_out_of_date_is_shown_anew_before_it_is_applied(lead):
    waiting = make.read_edition(lead, SECOND, on="2023-02-01")
    make.applied_edition(lead, FIRST)

    with pytest.raises(Refused, match="look at the difference once more"):
        apply(waiting, lead)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.removed, waiting.changed) == (EditionState.COMPARED, 1, 1)
    apply(waiting, lead)
    assert waiting.is_older is False


def test_an_edition_is_set_aside_with_a_reason(lead):
    edition = make.read_edition(lead, FIRST)

    with pytest.raises(Refused, match="Say why"):
        actions.set_edition_aside(edition, by=lead, version=edition.version, reason=" ")
    actions.set_edition_aside(edition, by=lead, version=edition.version, reason="The wrong list.")

    assert (edition.state, edition.reason) == (EditionState.SET_ASIDE, "The wrong list.")
    assert not ListEdition.objects.newest_of_each().exists()


def test_a_voided_edition_or_item_counts_no_more(lead):
    first = make.applied_edition(lead, FIRST)
    second = make.applied_edition(lead, SECOND, on="2023-02-01")

    void_record(second, by=lead, reason="Forged.")
    assert [one.pk for one in ListEdition.objects.newest_of_each()] == [first.pk]
    restore_record(second, by=lead)
    void_item(second.item, by=lead, reason="Forged.")
    assert [one.pk for one in ListEdition.objects.newest_of_each()] == [first.pk]


# From an entry to a designation --------------------------------------------------------------------------------------


@pytest.fixture
def angara(lead):
    return make.vessel(lead, imo_number="9179842", display_name="Angara")


def test_a_ship_with_the_same_number_is_offered_and_recorded_by_a_person_alone(lead, viewer, angara):
    edition = make.applied_edition(lead, files.uk(), list_key="uk", on="")
    [offer] = offers_of(edition, viewer)

    designation = designate_from_entry(offer.entry, by=lead, vessel=angara, authority=make.authority(lead))

    assert offer.designation is None
    assert Designation.objects.get() == designation
    assert (designation.list_entry, designation.in_force.edtf) == ("RUS2183", "2024-07-31")
    assert (designation.ended.edtf, designation.end_kind) == ("[2025-08-11..]", "dated")
    assert designation.measures == ["prohibition of port entry", "de-flag"]
    cited = Citation.objects.order_by("created_at", "pk").values_list("item_id", "locator", "about", "quote")
    assert set(cited) == {(edition.item_id, "3", "", "ANGARA"), (edition.item_id, "3", "in_force", "")}
    assert offers_of(edition, viewer)[0].designation == designation
    with pytest.raises(Refused, match="already"):
        designate_from_entry(offer.entry, by=lead, vessel=angara, authority=designation.authority)


def test_an_entry_without_a_day_gives_a_designation_without_a_start(lead, angara):
    edition = make.applied_edition(lead, FIRST)

    [offer] = offers_of(edition, lead)
    designation = designate_from_entry(offer.entry, by=lead, vessel=angara, authority=make.authority(lead))

    assert (designation.in_force, designation.measures) == (None, [])
    assert Citation.objects.count() == 1


def test_neither_another_number_nor_an_edition_that_does_not_count_is_recorded(lead, angara):
    edition = make.read_edition(lead, FIRST)
    entries = {entry.list_id: entry for entry in ListEntry.objects.select_related("edition")}
    authority = make.authority(lead)

    with pytest.raises(Refused, match="Apply the edition first"):
        designate_from_entry(entries["37059"], by=lead, vessel=angara, authority=authority)
    apply(edition, lead)
    adler = ListEntry.objects.select_related("edition").get(list_id="37057")
    with pytest.raises(Refused, match="not the ship's"):
        designate_from_entry(adler, by=lead, vessel=angara, authority=authority)


def test_measures_are_those_that_a_list_names_in_so_many_words():
    assert list(measures_in("De-flag, Prohibition of port entry")) == ["prohibition of port entry", "de-flag"]


def test_a_list_that_was_never_brought_in_says_so(lead):
    make.applied_edition(lead, FIRST)

    here = {state.key: state.is_here for state in states_of_lists(lead)}

    assert here == {key: key == "ofac-sdn" for key in ListKey.values}


# Pages ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def upload(lead, client):
    client.force_login(lead)

    def send(content, **values):
        file = io.BytesIO(content.encode())
        file.name = "list.csv"
        given = {"list_key": "ofac-sdn", "published_on": "2023-01-11", "file": file, **values}
        return client.post(reverse("sanctions:edition_add"), given)

    return send


def test_an_edition_is_brought_in_looked_at_and_applied_from_its_pages(upload, lead, client, angara):
    make.applied_edition(lead, files.ofac(files.ADLER), on="2023-01-01")
    sent = upload(FIRST.replace("273210440", "12"))
    going_on = client.get(sent.url)
    actions.read_waiting_editions()
    compared = client.get(sent.url)
    asked = client.get(f"{sent.url}apply/")
    applied = client.post(f"{sent.url}apply/", {"base": asked.context["base_token"]})

    assert sent.status_code == 302
    assert b'hx-trigger="every 2s"' in going_on.content
    assert [change.list_id for change in compared.context["changes"]["added"]] == ["37059"]
    assert "An MMSI has nine digits." in compared.content.decode()
    assert applied.status_code == 302
    assert ListEdition.objects.get(entries=2).state == EditionState.APPLIED
    assert client.get(f"{sent.url}?after=nonsense").status_code == 404
    assert client.get(f"{sent.url}entries/?text=ангара").context["page"]["total"] == 0
    assert client.get(f"{sent.url}entries/?text=9179842").context["page"]["total"] == 1
    assert client.get(f"{sent.url}history/").status_code == 200
    assert client.get(reverse("sanctions:editions")).context["page"]["total"] == 2


def test_an_entry_is_recorded_from_the_page_of_offers(lead, viewer, client, angara):
    edition = make.applied_edition(lead, FIRST)
    address = f"{edition.get_absolute_url()}ships/"
    client.force_login(viewer)
    may_not = client.get(address)
    client.force_login(lead)
    may = client.get(address)
    authority = make.authority(lead)
    page = f"{address}{angara.pk}/"

    shown = client.get(page)
    saved = client.post(page, {"authority": authority.name, "authority_id": str(authority.pk)})

    assert (may_not.context["may_record"], may.context["may_record"]) == (False, True)
    assert "Row 1 is cited." in shown.content.decode()
    assert saved.url == Designation.objects.get().get_absolute_url()
    assert client.get(f"{address}{make.numbered_vessel(lead).pk}/").status_code == 404


def test_an_older_edition_is_asked_about_on_its_page(lead, client):
    make.applied_edition(lead, SECOND, on="2023-02-01")
    older = make.read_edition(lead, FIRST)
    client.force_login(lead)
    address = f"{older.get_absolute_url()}apply/"
    base = client.get(address).context["base_token"]

    refused = client.post(address, {"base": base})
    accepted = client.post(address, {"base": base, "as_older": "on"})

    assert (refused.status_code, "as_older" in refused.context["form"].errors) == (422, True)
    assert accepted.status_code == 302


def test_an_edition_is_set_aside_voided_and_restored_from_its_pages(lead, client):
    edition = make.read_edition(lead, FIRST)
    client.force_login(lead)
    address = edition.get_absolute_url()
    base = client.get(f"{address}set-aside/").context["base_token"]

    client.post(f"{address}set-aside/", {"base": base, "reason": "Not this one."})
    client.post(f"{address}void/", {"reason": "Twice."})
    voided = client.get(address)
    client.post(f"{address}restore/")

    assert (voided.context["voided"]["reason"], voided.context["record"].state) == ("Twice.", "set aside")
    assert not client.get(address).context["voided"]


@pytest.mark.parametrize(
    ("content", "values", "field"),
    [
        ("Dear all,\nno list.\n", {}, "file"),
        (FIRST, {"published_on": ""}, "published_on"),
        (FIRST, {"list_key": "eu"}, "list_key"),
        (FIRST, {"file": ""}, "file"),
    ],
)
def test_the_form_says_what_is_missing(upload, content, values, field):
    answer = upload(content, **values)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_the_list_of_editions_asks_as_often_for_twelve_as_for_two(lead, client, assert_same_queries):
    client.force_login(lead)
    days = iter(f"2023-01-{day:02d}" for day in range(1, 30))

    def add(count):
        for _turn in range(count):
            make.waiting_edition(lead, FIRST, on=next(days))

    assert_same_queries(lambda: client.get(reverse("sanctions:editions")), add)


def test_offers_ask_as_often_for_twelve_as_for_two(lead, client):
    ships = [(str(turn), f"SHIP {turn}", make.numbered_vessel(lead).imo_number) for turn in range(12)]
    client.force_login(lead)

    def asked(count):
        edition = make.applied_edition(lead, files.ofac(*ships[:count]), on=f"2023-01-{count:02d}")
        assert len(offers_of(edition, lead)) == count
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{edition.get_absolute_url()}ships/")
        return [query["sql"][:60] for query in queries]

    asked(1)
    assert asked(2) == asked(12)


# The command ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def command(lead, tmp_path, capsys):
    def run(content, *options, by="lead", key="ofac-sdn"):
        path = tmp_path / "list.csv"
        path.write_text(content)
        code = 0
        try:
            call_command("import_list", str(path), "--list", key, "--by", by, "--json", *options)
        except SystemExit as end:
            code = end.code
        return code, json.loads(capsys.readouterr().out)

    return run


def test_the_command_reads_says_the_difference_and_applies_only_when_told(command, lead):
    code, first = command(FIRST, "--published", "2023-01-11")
    again = command(FIRST, "--published", "2023-01-11")
    _code, second = command(SECOND.replace("273210440", "1"), "--published", "2023-02-01", "--apply")
    older = command(files.ofac(files.ADLER), "--published", "2023-01-20", "--apply")
    taken = command(files.ofac(files.ADLER) + "\x1a", "--published", "2023-01-20", "--apply", "--older")

    assert (code, first["result"], first["state"], first["entries"]) == (0, "clean", "compared", 2)
    assert again == (
        2,
        {"result": "could not run", "reason": "This edition is here already: the same file, of the same day."},
    )
    assert (second["result"], second["state"], second["values_left_out"]) == ("findings", "applied", 2)
    assert (older[0], "newer edition" in older[1]["reason"]) == (2, True)
    assert (taken[0], taken[1]["is_older"]) == (0, True)


def test_the_command_says_it_in_words(lead, tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_text(FIRST.replace("273210440", "1", 1))

    with pytest.raises(SystemExit):
        call_command("import_list", str(path), "--list", "ofac-sdn", "--by", "lead", "--published", "2023-01-11")

    printed = capsys.readouterr().out
    assert "OFAC SDN list, 2023-01-11: compared, compared with nothing" in printed
    assert "row 1: Remarks: An MMSI has nine digits." in printed


@pytest.mark.parametrize(
    ("content", "by", "reason"),
    [
        (FIRST, "nobody", "There is no active account of that name."),
        (FIRST, "viewer", "This account may not add there."),
        ("no list\n", "lead", "not read as a list"),
        (files.ofac(*((str(n), f"S {n}", make.imo_number(n)) for n in range(1, 700)))[:-80], "lead", "was cut"),
    ],
)
def test_the_command_says_why_it_could_not_run(command, viewer, content, by, reason):
    code, report = command(content, "--published", "2023-01-11", by=by)

    assert (code, report["result"]) == (2, "could not run")
    assert reason in report["reason"]
