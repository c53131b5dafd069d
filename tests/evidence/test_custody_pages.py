"""The timeline of custody, and the log that is taken away: complete, checkable alone, harmless, and itself recorded."""

import csv
import io
import json
import subprocess
import sys
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from casefiles.audit.models import Event, EventValue
from casefiles.cases.actions import add_exhibit
from casefiles.evidence import custody_verifier
from casefiles.evidence.actions import files, items
from casefiles.evidence.actions.custody import record_custody
from casefiles.evidence.actions.exporting import export_custody
from casefiles.evidence.actions.fixity import check_files
from casefiles.evidence.actions.holds import lift_hold, place_hold
from casefiles.evidence.models import CustodyEvent, Hold
from casefiles.evidence.selectors.custody_log import custody_log, lines
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    lead, stranger = make.lead(), make.user("stranger")
    case = make.case(lead)
    item = make.item(lead, circle=make.restricted_to(case.compartment), title="The yard from above")
    file = make.file(item, lead, b"What came.", "yard.jpg")
    record_custody(item, file=file, act="accessed", by=lead, before=file.sha256, after=file.sha256, purpose="=1+1")
    make.file(item, lead, b"A copy.", "small.jpg", role="derivative", parent=file, transformation="made smaller")
    return SimpleNamespace(lead=lead, stranger=stranger, case=case, item=item, file=file)


def address(world: Any, name: str = "custody") -> str:
    return reverse(f"evidence:{name}", args=[world.item.pk])


def export(client: Any, world: Any, form: str) -> Any:
    client.force_login(world.lead)
    return client.post(address(world, "custody_export"), {"form": form})


def checked(log: Path, *arguments: str) -> tuple[int, list[str]]:
    program = Path(custody_verifier.__file__)
    done = subprocess.run([sys.executable, "-I", program, log, *arguments], capture_output=True, text=True, env={})
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


# --- The timeline --------------------------------------------------------------------------------------------------


def test_the_timeline_says_who_did_what_when_and_why_newest_first(client: Any, world: Any) -> None:
    client.force_login(world.lead)

    response = client.get(address(world))

    entries = list(response.context["rows"])
    assert [entry.event.act for entry in entries] == ["derived", "accessed", "received"]
    assert [entry.is_unchanged for entry in entries] == [False, True, False]
    assert [bool(entry.day) for entry in entries] == [True, False, False]
    assert response.text.count(world.file.sha256) > 2
    assert "=1+1" in response.text


def test_hundreds_of_events_come_a_page_at_a_time(client: Any, world: Any) -> None:
    for number in range(120):
        record_custody(world.item, act="transferred", by=world.lead, purpose=f"Shelf {number}")
    client.force_login(world.lead)
    seen: list[str] = []
    address_of_page: str | None = address(world)
    while address_of_page:
        context = client.get(address_of_page).context
        seen += [entry.event.purpose for entry in context["rows"]]
        following = context["page"]["next_url"]
        address_of_page = f"{address(world)}{following}" if following else None

    assert seen[:120] == [f"Shelf {number}" for number in reversed(range(120))]
    assert len(seen) == 123


def test_the_timeline_asks_equally_often_for_few_events_and_for_many(
    client: Any, world: Any, assert_same_queries: Any
) -> None:
    client.force_login(world.lead)

    def add(count: int) -> None:
        for _event in range(count):
            record_custody(world.item, act="transferred", by=make.user(), file=world.file)

    assert_same_queries(lambda: client.get(address(world)), add)


def test_j22_a_clock_that_was_set_back_is_marked_and_changes_no_order(client: Any, world: Any) -> None:
    CustodyEvent.objects.filter(act="derived").update(at="2001-01-01T00:00:00Z")
    client.force_login(world.lead)

    entries = list(client.get(address(world)).context["rows"])

    assert [entry.event.act for entry in entries] == ["derived", "accessed", "received"]
    assert [entry.has_clock_gone_back for entry in entries] == [True, False, False]


def test_an_item_without_files_has_no_custody_yet(client: Any, world: Any) -> None:
    client.force_login(world.lead)
    bare = make.item(world.lead)

    assert "it begins with the first file" in client.get(reverse("evidence:custody", args=[bare.pk])).text


@pytest.mark.parametrize("name", ["custody", "custody_export"])
def test_a01_the_custody_of_another_circle_does_not_exist(client: Any, world: Any, name: str) -> None:
    client.force_login(world.stranger)

    answers = {client.get(address(world, name)).status_code, client.post(address(world, name)).status_code}

    assert answers == {404}
    assert not CustodyEvent.objects.filter(act="exported").exists()


# --- Taking it away ------------------------------------------------------------------------------------------------


def test_the_json_is_checked_without_casefiles(client: Any, world: Any, tmp_path: Path) -> None:
    response = export(client, world, "json")

    log = tmp_path / "log.json"
    log.write_bytes(response.content)
    digest = json.loads(response.content)["digest"]
    assert checked(log, "--digest", digest) == (
        0,
        [
            f"whole: 3 entries, last link {digest} (it is the digest given)",
            "no chain was given: entries were not looked up",
        ],
    )
    assert response["Content-Disposition"].startswith("attachment")


def test_l22_each_export_is_an_event_with_the_digest_of_what_left(client: Any, world: Any) -> None:
    first = export(client, world, "json")
    second = export(client, world, "csv")

    events = CustodyEvent.objects.filter(act="exported").order_by("at")
    assert [event.sha256_after for event in events] == [
        sha256(first.content).hexdigest(),
        sha256(second.content).hexdigest(),
    ]
    digest = json.loads(first.content)["digest"]
    assert (events[0].by, events[0].purpose) == (world.lead, f"custody log as JSON, 3 events, digest {digest}")
    assert json.loads(export(client, world, "json").content)["entries"][-1]["values"]["act"] == '"exported"'


def test_l22_each_act_on_an_item_is_one_event_of_whoever_did_it(client: Any, world: Any) -> None:
    """Breaks for an act that is recorded twice, or, as sharing was, not at all. What was denied is no custody."""
    colleague = make.lead()
    make.member(world.case, colleague, role="editor")
    another = make.case(colleague)
    file, item = world.file, world.item
    path = files.store().path_of(file.sha256)
    acts = {
        "accessed": lambda: client.get(reverse("evidence:file", args=[file.pk])).getvalue(),
        "derived": lambda: make.file(item, colleague, b"x", "x", role="derivative", parent=file, transformation="cut"),
        "exported": lambda: client.post(address(world, "custody_export"), {"form": "csv"}),
        "transferred": lambda: add_exhibit(another, by=colleague, item=item),
        "put on hold": lambda: place_hold(item, by=colleague, kind="legal hold", reason="The court asked."),
        "hold lifted": lambda: lift_hold(Hold.objects.get(item=item), by=colleague, reason="Settled."),
        "voided": lambda: items.void_item(item, by=colleague, reason="The wrong ship."),
        "restored": lambda: items.restore_item(item, by=colleague),
        "failed check": lambda: (path.chmod(0o600), path.write_bytes(b"What else."), check_files()),
    }
    client.force_login(world.stranger)
    assert client.get(reverse("evidence:file", args=[file.pk])).status_code == 404
    client.force_login(colleague)
    before = set(CustodyEvent.objects.values_list("pk", flat=True))

    for act, do in acts.items():
        do()
        [event] = CustodyEvent.objects.exclude(pk__in=before)
        before.add(event.pk)

        assert (event.act, event.item) == (act, item)
        assert event.by == (None if act == "failed check" else colleague)
        assert event.at.utcoffset() == timedelta(0)
        assert Event.objects.get(pk=event.event_id).act == f"custody: {act}"


def test_every_entry_is_looked_up_in_the_chain(client: Any, world: Any, tmp_path: Path, capsys: Any) -> None:
    log, chain = tmp_path / "log.json", tmp_path / "chain.jsonl"
    log.write_bytes(export(client, world, "json").content)
    call_command("export_chain", str(chain))
    capsys.readouterr()

    code, said = checked(log, "--chain", str(chain))

    assert (code, said[-1]) == (0, "every entry stands in the chain given")


def test_a_forged_log_that_was_linked_anew_does_not_stand_in_the_chain(
    client: Any, world: Any, tmp_path: Path, capsys: Any
) -> None:
    log, chain = tmp_path / "log.json", tmp_path / "chain.jsonl"
    forged = json.loads(export(client, world, "json").content)
    forged["entries"][1]["values"]["purpose"] = '"Nobody looked."'
    before = custody_verifier.GENESIS
    for entry in forged["entries"]:
        entry["link"] = before = custody_verifier.link_of(entry, before)
    log.write_text(json.dumps(forged))
    call_command("export_chain", str(chain))
    capsys.readouterr()

    assert checked(log)[0] == 0
    assert checked(log, "--chain", str(chain)) == (1, ["damaged: entry 2: purpose is not what was recorded"])


def test_files_are_looked_up_by_their_bytes(client: Any, world: Any, tmp_path: Path) -> None:
    log, right, wrong = tmp_path / "log.json", tmp_path / "renamed", tmp_path / "wrong"
    log.write_bytes(export(client, world, "json").content)
    right.write_bytes(b"What came.")
    wrong.write_bytes(b"What did not come.")

    assert checked(log, str(right))[1][0] == f"in the log: {right} is 'yard.jpg'"
    code, said = checked(log, str(right), str(wrong))
    assert (code, said[1].startswith(f"damaged: {wrong} is not in the log")) == (1, True)


def drop(place: int) -> Any:
    return lambda entries: entries.pop(place)


DAMAGES = [
    (drop(0), "entry 1 is missing, or one stands twice"),
    (drop(1), "entry 2 is missing, or one stands twice"),
    (lambda entries: entries.insert(1, entries[0]), "entry 2 is missing, or one stands twice"),
    (lambda entries: entries.reverse(), "entry 1 is missing, or one stands twice"),
    (lambda entries: entries[1].update(who="Somebody else"), "entry 2 was changed, or one before it removed"),
    (lambda entries: entries[0]["values"].update(purpose='"x"'), "entry 1 was changed, or one before it removed"),
    (lambda entries: entries[2].update(link="0" * 64), "entry 3 was changed, or one before it removed"),
]


@pytest.mark.parametrize(("damage", "said"), DAMAGES)
def test_l20_every_damage_to_a_log_is_found(world: Any, tmp_path: Path, damage: Any, said: str) -> None:
    content = json.loads(export_custody(world.item, by=world.lead, form="json").content)
    damage(content["entries"])
    log = tmp_path / "log.json"
    log.write_text(json.dumps(content))

    code, lines_said = checked(log)

    assert code == 1
    assert f"damaged: {said}" in lines_said


def test_a_log_cut_at_its_end_shows_by_its_digest_only(world: Any, tmp_path: Path) -> None:
    content = json.loads(export_custody(world.item, by=world.lead, form="json").content)
    content["entries"].pop()
    log = tmp_path / "log.json"
    log.write_text(json.dumps(content))

    assert checked(log)[0] == 0
    code, said = checked(log, "--digest", content["digest"])
    assert (code, said[0].startswith("damaged: the last link is not the digest given")) == (1, True)


def test_bytes_that_changed_between_two_events_show(world: Any, tmp_path: Path) -> None:
    record_custody(world.item, file=world.file, act="verified", by=None, before="1" * 64, after="1" * 64)
    log = tmp_path / "log.json"
    log.write_bytes(export_custody(world.item, by=world.lead, form="json").content)

    assert checked(log) == (1, ["damaged: entry 4 begins with other bytes than the one before it left"])


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"format": "casefiles/custody-log/1", "entries": [1]}', b"\xff", b"[" * 100_000, b"null"],
)
def test_what_is_no_log_was_not_checked_and_never_passes(tmp_path: Path, content: bytes) -> None:
    log = tmp_path / "log.json"
    log.write_bytes(content)

    code, said = checked(log)

    assert (code, said[0].startswith("not checked")) == (2, True)


def test_an_empty_log_was_not_checked(world: Any, tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    log.write_bytes(export_custody(make.item(world.lead), by=world.lead, form="json").content)

    assert checked(log) == (2, ["not checked: the log is empty"])


def test_a_value_erased_by_order_leaves_a_log_that_still_checks(
    client: Any, world: Any, tmp_path: Path, capsys: Any
) -> None:
    event = CustodyEvent.objects.get(act="accessed")
    EventValue.objects.filter(event_id=event.event_id, field="purpose").update(old=None, new=None)
    log, chain = tmp_path / "log.json", tmp_path / "chain.jsonl"
    log.write_bytes(export(client, world, "json").content)
    call_command("export_chain", str(chain))
    capsys.readouterr()

    assert checked(log, "--chain", str(chain))[0] == 0


def test_r29_the_csv_runs_no_formula_and_says_the_same(client: Any, world: Any) -> None:
    response = export(client, world, "csv")

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert rows[2][5] == "'=1+1"
    assert rows[1][7] == world.file.sha256
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_the_pdf_holds_the_digest_of_the_log(client: Any, world: Any) -> None:
    response = export(client, world, "pdf")

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF-")


@pytest.mark.parametrize(("code", "said"), [(3, "cannot set a PDF yet"), (4, "too much time or memory")])
def test_without_a_pdf_a_page_says_why_and_nothing_is_recorded(
    client: Any, world: Any, settings: Any, tmp_path: Path, code: int, said: str
) -> None:
    settings.PDF_WORKER = tmp_path / "worker.py"
    settings.PDF_WORKER.write_text(f"import sys\nsys.stdin.buffer.read()\nsys.exit({code})\n")

    response = export(client, world, "pdf")

    assert (response.status_code, said in response.text) == (503, True)
    assert not CustodyEvent.objects.filter(act="exported").exists()


def test_an_unknown_form_is_no_page(client: Any, world: Any) -> None:
    assert export(client, world, "exe").status_code == 404


def test_a15_the_log_tells_nothing_of_how_much_was_done_elsewhere(client: Any, world: Any) -> None:
    content = json.loads(export(client, world, "json").content)

    assert {name for entry in content["entries"] for name in entry} == custody_verifier.ENTRY
    assert "seq" not in json.dumps(content)
    assert "compartment" not in json.dumps(content)


def test_the_verifier_is_given_out_and_stands_alone(client: Any, world: Any) -> None:
    client.force_login(world.lead)

    response = client.get(reverse("evidence:custody_verifier"))

    assert response.content == Path(custody_verifier.__file__).read_bytes()
    assert response.content.count(b"\n") < 200
    assert b"casefiles." not in response.content.replace(b"casefiles/", b"")


def test_the_log_reads_like_the_timeline(world: Any) -> None:
    CustodyEvent.objects.filter(act="derived").update(at="2001-01-01T00:00:00Z")

    read = lines(custody_log(world.item, world.lead))

    assert [(one.number, one.act, one.who, one.why) for one in read] == [
        (1, "received", str(world.lead), ""),
        (2, "accessed", str(world.lead), "=1+1"),
        (3, "derived", str(world.lead), ""),
    ]
    # What was recorded counts, not what somebody made of the row.
    assert not any(one.has_clock_gone_back for one in read)
