"""From a file to positions: kept as evidence first, whole or not at all, seen by whoever may see the file."""

import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible, restore_record, void_record
from casefiles.access.rules import Act
from casefiles.audit.selectors import history
from casefiles.cases.models import Exhibit
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.files import receive
from casefiles.evidence.actions.items import void_item
from casefiles.evidence.store import store
from casefiles.voyages import background
from casefiles.voyages.actions import positions as actions
from casefiles.voyages.levels import BUCKETS_S, FINEST, MOST_POINTS, finest_level_for, level_of
from casefiles.voyages.models import BroadcastIdentity, ImportState, Position, PositionImport, RejectedRow
from casefiles.voyages.readers.options import Options
from casefiles.voyages.selectors.positions import identities_in
from casefiles.workspace.maintenance import Limits, read_positions
from tests import make
from tests.elsewhere import leading_elsewhere
from tests.voyages.test_position_readers import SENTENCE, tagged

pytestmark = pytest.mark.traced_on_every_engine

MMSI = "273456780"
ROWS = make.position_rows(MMSI, 5)


@pytest.fixture
def lead(db):
    return make.lead("lead")


@pytest.fixture
def stranger(lead):
    return make.user("stranger")


@pytest.fixture
def viewer(lead):
    return make.user("viewer")


@pytest.fixture
def circle(lead, viewer):
    return make.restricted_to(make.circle(lead, viewer=viewer))


def seen_by(user):
    return Position.objects.visible_to(user).of_radio(MMSI).count()


# Levels --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("epoch_s", "previous_s", "level"),
    [
        (0, None, 0),
        (21_600, 21_599, 0),
        (3_600, 3_599, 1),
        (900, 899, 2),
        (300, 299, 3),
        (60, 59, 4),
        (59, 0, FINEST),
        (0, 21_600, 0),
    ],
)
def test_a_fix_belongs_to_the_coarsest_level_at_which_it_comes_first(epoch_s, previous_s, level):
    assert level_of(epoch_s, previous_s) == level


@pytest.mark.parametrize(
    ("window_s", "level"), [(86_400, FINEST), (30 * 86_400, 3), (365 * 86_400, 1), (3_000 * 86_400, 0)]
)
def test_a_window_is_drawn_at_the_finest_level_that_it_can_hold(window_s, level):
    assert finest_level_for(window_s) == level
    assert level in {0, FINEST} or window_s // BUCKETS_S[level] <= MOST_POINTS


# Reading -------------------------------------------------------------------------------------------------------------


def test_a_file_becomes_an_item_first_and_its_positions_point_at_its_rows(lead, circle):
    done = make.read_positions(lead, *ROWS, circle=circle)

    first, *_rest = Position.objects.visible_to(lead).order_by("row")
    assert (done.state, done.rows, done.positions, done.item.kind) == ("finished", 5, 5, "ais extract")
    assert done.file.item == done.item
    assert (first.position_import, first.row, first.mmsi, str(first)) == (done, 2, MMSI, f"{MMSI} 2024-02-09 00:00:00")
    assert (first.latitude, first.longitude, first.speed_kn, first.heading_deg, first.status) == (42, 131, 10, 90, 0)
    assert f"{done.earliest_at:%H:%M}–{done.latest_at:%H:%M}" == "00:00–00:04"
    assert [entry.act for entry in history([done.pk])] == ["finished", "added"]
    assert str(done) == f"Positions of {done.item}"


def test_the_same_radio_time_and_place_is_one_position_and_counted(lead, circle):
    other_place = ROWS[0].replace("131.00000", "132.00000")

    done = make.read_positions(lead, *ROWS, *ROWS, other_place, circle=circle)

    assert (done.rows, done.positions, done.duplicates, done.backwards) == (11, 6, 5, 2)


def test_a_second_file_with_the_same_positions_is_kept_for_its_own_readers(lead, circle):
    make.read_positions(lead, *ROWS, circle=circle)
    second = make.read_positions(lead, *ROWS, ROWS[0].replace("42.0", "43.0"), circle=circle)

    assert (second.positions, second.duplicates) == (6, 0)


def test_what_is_left_out_is_listed_and_what_radios_say_stays_self_reported(lead, circle):
    wrong = ROWS[0].replace("42.0", "91.0"), ROWS[1].replace("9179842", "9179843")

    done = make.read_positions(lead, *ROWS, *wrong, circle=circle)

    listed = RejectedRow.objects.visible_to(lead).filter(position_import=done).order_by("row")
    assert [(row.row, row.column, row.is_kept) for row in listed] == [(7, "position", False), (8, "IMO", True)]
    assert str(listed[0]).startswith("7: The radio had no position")
    assert (done.rejected, done.values_left_out, done.unavailable) == (1, 1, {"position": 1})
    said = [str(identity) for identity in identities_in(done, lead)]
    assert said == [f"{MMSI}, ANGARA, 9179842, UBIO7", f"{MMSI}, ANGARA, UBIO7"]


def test_a_file_that_is_no_position_file_is_not_even_added(lead, circle):
    received = receive(chunks=[b"Dear all,\n"], name="letter.txt")

    with pytest.raises(Refused, match="no position file"):
        actions.import_received(received, by=lead, circle=circle, options=Options())

    assert not PositionImport.objects.exists()


def test_a_file_is_read_once_unless_it_failed_or_was_voided(lead, circle):
    done = make.read_positions(lead, *ROWS, circle=circle)

    with pytest.raises(Refused, match="already"):
        actions.add_position_import(done.file, by=lead, options=Options())

    void_record(done, by=lead, reason="Read with the wrong columns.")
    assert actions.add_position_import(done.file, by=lead, options=Options()).state == "waiting"


def test_only_those_who_may_edit_the_item_have_it_read(lead, viewer, stranger, circle):
    item = make.item(lead, circle=circle)
    file = make.file(item, lead, "\n".join([make.NOAA_HEADER, *ROWS]).encode())

    for person, refusal in ((viewer, NotAllowed), (stranger, NotVisible)):
        with pytest.raises(refusal):
            actions.add_position_import(file, by=person, options=Options())
    assert actions.add_position_import(file, by=lead, options=Options()).item == item


def test_a_held_file_that_cannot_be_opened_is_said(lead, circle):
    item = make.item(lead, circle=circle)
    file = make.file(item, lead, "\n".join([make.NOAA_HEADER, *ROWS]).encode())
    store().path_of(file.sha256).unlink()

    with pytest.raises(Refused, match="cannot be opened"):
        actions.add_position_import(file, by=lead, options=Options())


# Whole or not at all -------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process ended here."""


@pytest.mark.parametrize("batches", [1, 2])
def test_a_killed_import_shows_nothing_and_goes_on_where_it_was(lead, circle, batches):
    """Breaks if a half-read file is seen, or rows are kept twice or lost."""
    waiting = make.waiting_positions(lead, *ROWS, ROWS[0], circle=circle)
    calls = []

    def kill(record):
        calls.append(record)
        if len(calls) == batches:
            raise Killed

    with pytest.raises(Killed):
        actions.run_import(waiting, progress=kill, batch=2)
    assert (seen_by(lead), Position.objects.count()) == (0, 2 * batches)
    assert PositionImport.objects.get().state == ImportState.RUNNING
    done_files = actions.import_waiting(batch=2)

    done = PositionImport.objects.get()
    assert done_files == 1
    assert (done.state, done.positions, done.duplicates, done.rows, seen_by(lead)) == ("finished", 5, 1, 6, 5)


def test_more_radios_than_are_remembered_lose_no_position(lead, circle):
    waiting = make.waiting_positions(lead, *ROWS, *make.position_rows("273456781", 2), circle=circle)
    run = actions._Run(waiting, actions.quiet, 2, most_radios=0)

    run.read()

    assert (run.fixes, Position.objects.count()) == (7, 7)


def test_a_file_whose_bytes_changed_gives_no_positions_at_all(lead, circle):
    waiting = make.waiting_positions(lead, *ROWS, circle=circle)
    held = store().path_of(waiting.file.sha256)
    held.chmod(0o600)
    held.write_bytes(held.read_bytes().replace(b"131.00000", b"132.00000"))

    failed = actions.run_import(waiting, batch=2)

    assert (failed.state, failed.positions, Position.objects.count()) == ("failed", 0, 0)
    assert failed.reason
    assert history([failed.pk])[0].act == "failed"
    assert str(failed.get_state_display()) == "not read"


def test_what_turns_out_to_need_a_time_fails_and_takes_back_what_it_gave(lead, circle):
    dated = [tagged(SENTENCE, f"c:16970725{second}") for second in range(10, 16)]
    # Behind what is looked at before a file is added.
    content = "\n".join([*dated, *["# a comment of the station"] * 12_000, SENTENCE])
    received = receive(chunks=[content.encode()], name="station.txt")
    waiting = actions.import_received(received, by=lead, circle=circle, options=Options())

    failed = actions.run_import(waiting, batch=2)

    assert (failed.state, Position.objects.count()) == ("failed", 0)
    assert "say when they were received" in failed.reason


def test_one_process_reads_at_a_time_and_upkeep_goes_on_with_what_is_left(lead, circle):
    make.waiting_positions(lead, *ROWS, circle=circle)

    report = read_positions(Limits())

    assert report == {"result": "clean", "position_files_read": 1}
    assert actions.import_waiting() == 0


def test_where_another_process_reads_nothing_is_done(lead, circle):
    make.waiting_positions(lead, *ROWS, circle=circle)

    with leading_elsewhere(actions.TASK):
        assert actions.import_waiting() == 0


# Who sees them -------------------------------------------------------------------------------------------------------


def test_positions_of_a_restricted_file_are_not_there_for_others(lead, viewer, stranger, circle):
    done = make.read_positions(lead, *ROWS, circle=circle)

    assert [seen_by(person) for person in (lead, viewer, stranger)] == [5, 5, 0]
    for model in (PositionImport, BroadcastIdentity):
        assert [model.objects.visible_to(person).count() for person in (viewer, stranger)] == [1, 0]
    assert not Position.objects.visible_to(viewer, Act.EDIT).exists()
    void_record(done, by=lead, reason="Another ship.")
    assert seen_by(lead) == 0
    restore_record(done, by=lead)
    assert seen_by(lead) == 5
    void_item(done.item, by=lead, reason="Forged.")
    assert seen_by(lead) == 0


def test_a_window_ends_before_its_end(lead, circle):
    make.read_positions(lead, *ROWS, circle=circle)
    first_s = Position.objects.order_by("epoch_s").first().epoch_s

    window = Position.objects.visible_to(lead).of_radio(MMSI, from_s=first_s + 60, until_s=first_s + 180)

    assert [position.row for position in window.order_by("epoch_s")] == [3, 4]


# Pages ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def upload(lead, client):
    """Return what sends the form as the lead, with a file of these rows."""
    compartment = make.circle(lead)
    client.force_login(lead)

    def send(*rows, **values):
        file = io.BytesIO("\n".join(rows).encode())
        file.name = "positions.csv"
        values = {"format": "auto", "time_order": "iso", "circle": str(compartment.pk), "file": file, **values}
        return client.post(reverse("voyages:position_import_add"), values)

    return send


def test_a_file_is_read_from_a_page_which_says_what_it_gave(upload, lead, client):
    sent = upload(make.NOAA_HEADER, *ROWS, ROWS[0].replace("42.0", "91"))
    going_on = client.get(sent.url)
    actions.import_waiting()
    finished = client.get(sent.url)

    assert sent.status_code == 302
    assert b'hx-trigger="every 2s"' in going_on.content and b"<progress" in going_on.content
    assert b"hx-trigger" not in finished.content.split(b'id="import-state"')[1].split(b"</div>")[0]
    assert "The radio had no position" in finished.content.decode()
    assert finished.context["record"].positions == 5
    assert [identity.name for identity in finished.context["identities"]] == ["ANGARA"]
    assert client.get(f"{sent.url}?after=nonsense").status_code == 404
    assert client.get(f"{sent.url}history/").status_code == 200
    assert client.post(f"{sent.url}void/", {"reason": "Another ship."}).status_code == 302
    assert client.get(sent.url).context["voided"]["reason"] == "Another ship."
    assert client.post(f"{sent.url}restore/").status_code == 302


@pytest.mark.parametrize(
    ("rows", "values", "field"),
    [
        (["Dear all,", "no positions."], {}, "file"),
        ([make.NOAA_HEADER], {"file": ""}, "file"),
        ([make.NOAA_HEADER, *ROWS], {"circle": ""}, "circle"),
        ([make.NOAA_HEADER, *ROWS], {"mmsi": "12"}, "mmsi"),
    ],
)
def test_the_form_says_what_is_missing(upload, rows, values, field):
    answer = upload(*rows, **values)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not PositionImport.objects.exists()


def test_a_held_item_is_read_without_sending_its_file_again(upload, lead, client):
    item = make.item(lead)
    without = upload(item=item.title, item_id=str(item.pk), file="", circle="")
    make.file(item, lead, "\n".join([make.NOAA_HEADER, *ROWS]).encode())
    with_one = upload(item=item.title, item_id=str(item.pk), file="", circle="")
    make.file(item, lead, b"Something else.")
    with_two = upload(item=item.title, item_id=str(item.pk), file="", circle="")

    assert [answer.status_code for answer in (without, with_one, with_two)] == [422, 302, 422]
    assert PositionImport.objects.get().item == item


def test_other_columns_are_said_on_the_form(upload):
    columns = {"column_mmsi": "ship", "column_time": "when", "column_latitude": "y", "column_longitude": "x"}

    sent = upload("ship,when,y,x", f"{MMSI},09/02/2024 00:00,42,131", **columns, time_order="dmy")

    assert sent.status_code == 302
    actions.import_waiting()
    assert Position.objects.get().epoch_s == 1707436800


def test_the_list_shows_only_files_that_the_reader_may_see(client, lead, viewer, stranger, circle, assert_same_queries):
    address = reverse("voyages:position_imports")

    client.force_login(viewer)
    assert_same_queries(
        lambda: client.get(address),
        lambda count: [make.read_positions(lead, *ROWS, circle=circle) for _ in range(count)],
    )

    assert client.get(address).context["page"]["total"] == 12
    client.force_login(stranger)
    assert client.get(address).context["page"]["total"] == 0
    hidden = PositionImport.objects.first().get_absolute_url()
    assert client.get(hidden).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_for_is_read_in_the_background(lead, settings):
    make.circle(lead)
    settings.EVIDENCE_READS_IN_BACKGROUND = False
    background.import_after_commit()
    make.waiting_positions(lead, *ROWS)
    settings.EVIDENCE_READS_IN_BACKGROUND = True

    background.import_after_commit()
    for thread in background._threads:
        thread.join(60)

    assert PositionImport.objects.get().state == ImportState.FINISHED


# The command ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def command(lead, tmp_path, capsys):
    """Return what runs the command on a file of these rows, and gives its code and report."""
    make.circle(lead)

    def run(*rows, options=(), by="lead"):
        path = tmp_path / "ais.csv"
        path.write_text("\n".join(rows) + "\n")
        code = 0
        try:
            call_command("import_positions", str(path), "--by", by, "--json", *options)
        except SystemExit as end:
            code = end.code
        return code, json.loads(capsys.readouterr().out)

    return run


def test_the_command_reads_a_file_for_its_account_alone(command, lead):
    code, report = command(make.NOAA_HEADER, *ROWS)
    again = command(make.NOAA_HEADER, *ROWS)

    assert (code, report["result"], report["positions"], report["format"]) == (0, "clean", 5, "noaa")
    assert PositionImport.objects.get().item.compartments.count() == 0
    assert again == (2, {"result": "could not run", "reason": "This account has read this file already."})


def test_the_command_lists_what_was_left_out(command, capsys, tmp_path):
    rows = make.NOAA_HEADER, *ROWS, "x", ROWS[0].replace("42.0", "91")

    code, report = command(*rows, options=["--everyone"])

    assert (code, report["result"], report["rejected"]) == (1, "findings", 2)
    assert [one["row"] for one in report["listed"]] == [7, 8]
    (tmp_path / "ais.csv").write_text("\n".join([*rows, ""]) + "\n")
    with pytest.raises(SystemExit):
        call_command("import_positions", str(tmp_path / "ais.csv"), "--by", "lead")
    assert "row 8: position: The radio had no position" in capsys.readouterr().out


def test_the_command_makes_an_exhibit_of_a_case(command, lead):
    case = make.case(lead)

    code, report = command(make.NOAA_HEADER, *ROWS, options=["--case", case.reference])

    assert code == 0
    assert str(Exhibit.objects.get(case=case).item_id) == report["item"]


def test_the_command_goes_on_with_what_was_broken_off(command, lead):
    content = "\n".join([make.NOAA_HEADER, *ROWS]) + "\n"
    received = receive(chunks=[content.encode()], name="ais.csv")
    actions.import_received(received, by=lead, circle=actions.Circle(), options=Options())

    assert command(make.NOAA_HEADER, *ROWS)[1]["positions"] == 5
    assert PositionImport.objects.count() == 1


@pytest.mark.parametrize(
    ("rows", "options", "by", "reason"),
    [
        (ROWS, (), "nobody", "There is no active account of that name."),
        (ROWS, ("--case", "CF-XXXXX"), "lead", "There is no such case for this account."),
        (ROWS, ("--column", "hull=x"), "lead", "--column is FIELD=HEADER"),
        (ROWS, ("--received", "soon"), "lead", "--received is a time"),
        (ROWS, (), "lead", "known layout"),
        (ROWS, ("--everyone",), "viewer", "This account may not add there."),
    ],
)
def test_the_command_says_why_it_could_not_run(command, viewer, rows, options, by, reason):
    first = make.NOAA_HEADER if by == "viewer" else "a,b,c,d"

    code, report = command(first, *rows, options=options, by=by)

    assert (code, report["result"]) == (2, "could not run")
    assert reason in report["reason"]


def test_what_radios_say_is_kept_letter_by_letter_also_what_a_copy_would_read_as_a_sign(lead, circle):
    """Tabs, backslashes and the sign for nothing are letters of a name, and a quote is one too."""
    said = {"273456780": "A\\NB", "273456781": "O'NEIL %s", "273456782": "\\N", "273456783": "Ангара"}
    rows = [
        f"{mmsi},2024-02-09T00:00:00,42.0,131.0,10.0,90.0,90,{name},IMO9179842,UBIO7,70,0"
        for mmsi, name in said.items()
    ]

    done = make.read_positions(lead, *rows, *rows, circle=circle)

    kept = done.identities.order_by("mmsi").values_list("mmsi", "name", "imo_number", "rows")
    assert list(kept) == [(mmsi, name, "9179842", 2) for mmsi, name in said.items()]
