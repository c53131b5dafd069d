"""`checkpoint`: what is noted in the second place, and that a record which is not the noted one never goes unseen."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from casefiles.audit import triggers
from casefiles.audit.models import ChainHead, Event
from casefiles.audit.selectors import head, history
from casefiles.core.checkpoints import CheckpointFolder
from casefiles.evidence.actions.checkpoints import RecordDisagrees, write_checkpoint
from casefiles.evidence.models import CustodyEvent, File
from casefiles.evidence.selectors.checkpoints import checkpoint_folder, checkpoint_standing
from tests import make
from tests.elsewhere import leading_elsewhere

pytestmark = pytest.mark.django_db


def run(command: str, capsys: Any, *arguments: str) -> tuple[int, dict[str, Any]]:
    code = 0
    try:
        call_command(command, "--json", *arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def lead() -> Any:
    lead = make.lead()
    make.circle(lead)
    return lead


@pytest.fixture
def held(lead: Any) -> list[File]:
    item = make.item(lead)
    made = [make.file(item, lead, b"Evidence %d." % number) for number in range(3)]
    return sorted(made, key=lambda file: file.sha256)


def forget_everything_after(seq: int) -> None:
    """Put the record back to what it was, as restoring yesterday's database would; the test's transaction ends it."""
    triggers.remove(connection)
    Event.objects.filter(seq__gt=seq).delete()
    last = Event.objects.get(seq=seq)
    ChainHead.objects.update(seq=last.seq, hash=last.hash)


# --- Writing -------------------------------------------------------------------------------------------------------


def test_a_checkpoint_notes_the_head_and_every_held_file(held: list[File], capsys: Any) -> None:
    code, report = run("checkpoint", capsys)

    seq, last_hash = head()
    noted = report["checkpoint"]
    assert (code, noted["seq"], noted["hash"], noted["files_count"]) == (0, seq, last_hash, 3)
    assert noted["size_bytes"] == sum(file.size_bytes for file in held)
    folder = checkpoint_folder()
    assert folder.names() == [report["name"]]
    assert list(folder.manifest(folder.read(report["name"]))) == [file.sha256 for file in held]


def test_the_manifest_is_checked_with_what_every_machine_has(held: list[File], settings: Any) -> None:
    checkpoint = write_checkpoint()
    manifest = Path(settings.CHECKPOINT_DIR) / checkpoint.manifest_name

    done = subprocess.run(
        ["sha256sum", "--check", "--strict", manifest], cwd=settings.EVIDENCE_ROOT, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout.count(": OK")) == (0, 3)


def test_files_and_folder_are_for_nobody_else(held: list[File], settings: Any) -> None:
    write_checkpoint()

    folder = Path(settings.CHECKPOINT_DIR)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_the_head_is_printed_so_that_a_person_can_compare_it(held: list[File], capsys: Any, settings: Any) -> None:
    call_command("checkpoint")

    printed = capsys.readouterr().out
    seq, last_hash = head()
    assert " ".join(last_hash[start : start + 4] for start in range(0, 32, 4)) in printed
    assert f"manage.py verify_chain --head {seq}:{last_hash}" in printed
    assert "It lies on the same disk as the data: name another place in CHECKPOINT_DIR." in printed
    assert (Path(settings.CHECKPOINT_DIR) / "newest.txt").read_text() in printed.replace("Result: clean\n", "")


def test_checkpoints_are_chained_and_the_oldest_go(held: list[File], settings: Any) -> None:
    settings.CHECKPOINTS_KEPT = 3
    written = [write_checkpoint() for _time in range(5)]

    folder = checkpoint_folder()
    assert folder.names() == [checkpoint.name for checkpoint in written[2:]]
    assert [checkpoint.number for checkpoint in written] == [1, 2, 3, 4, 5]
    assert [later.previous for later in written[1:]] == [earlier.digest for earlier in written[:-1]]


def test_a_checkpoint_of_an_empty_installation_is_one_too(capsys: Any) -> None:
    code, report = run("checkpoint", capsys)

    assert (code, report["checkpoint"]["seq"], report["checkpoint"]["files_count"]) == (0, 0, 0)
    assert not checkpoint_standing().is_alarm


def test_j21_only_one_process_writes(held: list[File], capsys: Any) -> None:
    with leading_elsewhere("checkpoint"):
        code, report = run("checkpoint", capsys)

    assert (code, report["result"], checkpoint_folder().names()) == (2, "could not run", [])


def test_a_folder_that_cannot_be_written_could_not_run(settings: Any, capsys: Any) -> None:
    settings.CHECKPOINT_DIR = Path("/proc/checkpoints")

    assert run("checkpoint", capsys)[0] == 2


# --- Comparing -----------------------------------------------------------------------------------------------------


def test_a_record_that_went_on_agrees_with_its_checkpoint(held: list[File], lead: Any, capsys: Any) -> None:
    noted = write_checkpoint()
    make.item(lead)

    code, report = run("verify_chain", capsys)

    assert (code, report["result"]) == (0, "sound")
    assert report["checkpoint"] == {"number": 1, "at": noted.at, "seq": noted.seq, "agreement": "agrees"}


def test_l15_yesterdays_database_is_an_alarm(held: list[File], lead: Any, capsys: Any) -> None:
    yesterday = head()[0]
    make.item(lead)
    noted = write_checkpoint()
    forget_everything_after(yesterday)

    code, report = run("verify_chain", capsys)

    assert (code, report["result"], report["damage"]) == (1, "damaged", "tail_missing")
    assert report["first_bad_seq"] == yesterday + 1
    assert report["checkpoint"]["agreement"] == "behind"
    assert f"ends before event {noted.seq}" in checkpoint_standing().explained


def test_l07_j26_a_record_written_anew_or_gone_on_elsewhere_is_an_alarm(
    held: list[File], lead: Any, capsys: Any
) -> None:
    """Whoever rewrites the end of the chain and its head consistently cannot rewrite what lies elsewhere."""
    yesterday = head()[0]
    make.item(lead)
    noted = write_checkpoint()
    forget_everything_after(yesterday)
    for _item in range(3):
        make.item(lead)

    code, report = run("verify_chain", capsys)

    assert (code, report["damage"], report["first_bad_seq"]) == (1, "rewritten", noted.seq)
    assert report["checkpoint"]["agreement"] == "differs"
    assert "written anew" in checkpoint_standing().explained


def test_l15_no_further_checkpoint_hides_the_alarm(held: list[File], lead: Any, capsys: Any) -> None:
    yesterday = head()[0]
    make.item(lead)
    noted = write_checkpoint()
    forget_everything_after(yesterday)

    code, report = run("checkpoint", capsys)

    assert (code, report["result"]) == (1, "findings")
    assert report["disagreement"] == checkpoint_standing().explained
    assert checkpoint_folder().names() == [noted.name]
    with pytest.raises(RecordDisagrees):
        write_checkpoint()


def test_an_older_database_that_is_meant_is_accepted_with_a_reason_for_ever(
    held: list[File], lead: Any, capsys: Any
) -> None:
    yesterday = head()[0]
    make.item(lead)
    noted = write_checkpoint()
    forget_everything_after(yesterday)

    code, report = run("checkpoint", capsys, "--accept", "The disk broke; restored the backup of Monday.")

    event = Event.objects.get(act="older record accepted")
    (entry,) = history([event.record_id])
    assert (code, report["checkpoint"]["accepted"]) == (0, "The disk broke; restored the backup of Monday.")
    assert (entry.note, report["checkpoint"]["seq"]) == ("The disk broke; restored the backup of Monday.", event.seq)
    assert {change.field: (change.old, change.new) for change in entry.changes} == {
        "seq": (noted.seq, yesterday),
        "agreement": ("behind", None),
    }
    assert run("verify_chain", capsys)[0] == 0
    assert report["checkpoint"]["previous"] == noted.digest


def test_a_reason_without_an_alarm_accepts_nothing(held: list[File]) -> None:
    assert write_checkpoint(accepting="Just in case.").accepted == ""
    assert not Event.objects.filter(act="older record accepted").exists()


def test_a_head_on_paper_is_compared_too(held: list[File], lead: Any, capsys: Any) -> None:
    seq, last_hash = head()
    on_paper = " ".join(last_hash[start : start + 4] for start in range(0, 64, 4)).upper()
    make.item(lead)

    assert run("verify_chain", capsys, "--head", f"{seq}:{on_paper}")[0] == 0
    code, report = run("verify_chain", capsys, "--head", f"{seq}:{'0' * 64}")
    assert (code, report["damage"], report["first_bad_seq"]) == (1, "rewritten", seq)
    code, report = run("verify_chain", capsys, "--head", f"{seq + 99}:{last_hash}")
    assert (code, report["damage"], report["first_bad_seq"]) == (1, "tail_missing", head()[0] + 1)


@pytest.mark.parametrize("written", ["", "1", "1:abc", "-1:" + "0" * 64, "x:" + "0" * 64, "1:" + "0" * 65])
def test_what_is_no_head_is_a_mistake(written: str) -> None:
    with pytest.raises(Exception, match="write the number, a colon and the 64 digits of the hash"):
        call_command("verify_chain", f"--head={written}")


def test_l19_a_walk_goes_on_from_a_head_that_was_verified_before(held: list[File], lead: Any, capsys: Any) -> None:
    seq, last_hash = head()
    make.item(lead)
    later = Event.objects.count() - seq

    code, report = run("verify_chain", capsys, "--from", f"{seq}:{last_hash}")

    assert (code, report["result"], report["events_checked"]) == (0, "sound", later)


def test_l19_a_walk_from_a_head_that_is_not_there_any_more_is_damage(held: list[File], capsys: Any) -> None:
    seq, last_hash = head()

    code, report = run("verify_chain", capsys, "--from", f"{seq + 5}:{last_hash}")

    assert (code, report["damage"]) == (1, "tail_missing")


def test_j24_rows_that_are_gone_since_the_checkpoint_are_named(held: list[File], capsys: Any) -> None:
    """An older database under a newer tree: the files are there, and what named them is not."""
    write_checkpoint()
    gone = held[1]
    triggers.remove(connection)
    CustodyEvent.objects.filter(file=gone).delete()
    File.objects.filter(pk=gone.pk).delete()

    code, report = run("verify_chain", capsys)

    assert (code, report["files_gone_since_checkpoint"]) == (1, [gone.sha256])
    assert {one["kind"] for one in report["damaged_custody"]} == {"removed", "file removed"}


# --- Damage to the second place ------------------------------------------------------------------------------------


def spoil(name: str, content: bytes, settings: Any) -> None:
    (Path(settings.CHECKPOINT_DIR) / name).write_bytes(content)


def test_a_damaged_checkpoint_is_named_and_the_last_good_one_counts(
    held: list[File], capsys: Any, settings: Any
) -> None:
    first, second = write_checkpoint(), write_checkpoint()
    spoil(second.name, second.content.replace(b'"files_count": 3', b'"files_count": 2'), settings)

    code, report = run("verify_chain", capsys)

    assert (code, report["damaged_checkpoints"], report["checkpoint"]["number"]) == (1, [second.name], first.number)
    assert write_checkpoint().number == 3


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"not json", b'{"format": "casefiles/checkpoint/2"}', b"\xff", b"[" * 100_000]
)
def test_what_is_no_checkpoint_is_never_taken_for_one(held: list[File], settings: Any, content: bytes) -> None:
    write_checkpoint()
    name = f"checkpoint-00000002-20240101T000000Z-{sha256(content).hexdigest()[:16]}.json"
    spoil(name, content, settings)

    standing = checkpoint_standing()

    assert (standing.damaged, standing.checkpoint and standing.checkpoint.number) == ((name,), 1)


@pytest.mark.parametrize("damage", ["missing", "cut", "other"])
def test_a_damaged_manifest_is_damage(held: list[File], capsys: Any, settings: Any, damage: str) -> None:
    checkpoint = write_checkpoint()
    path = Path(settings.CHECKPOINT_DIR) / checkpoint.manifest_name
    if damage == "missing":
        path.unlink()
    else:
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(lines[:-1]) if damage == "cut" else b"x" + b"".join(lines))

    code, report = run("verify_chain", capsys)

    assert (code, report["damaged_manifest"]) == (1, checkpoint.manifest_name)


KILLED_WHILE_IT_WRITES = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from casefiles.core import checkpoints

calls = 0
def die_at(frame, event, argument):
    global calls
    if event == "c_call" and argument.__name__ in {"write", "fsync", "rename", "unlink", "open"}:
        calls += 1
        if calls == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
sys.setprofile(die_at)
held = [("ab" * 32, 1), ("cd" * 32, 2)]
checkpoints.CheckpointFolder(Path(sys.argv[1])).write(seq=2, hash="b" * 64, held=held, at=datetime.now(UTC), keep=2)
sys.setprofile(None)
print("written", calls)
"""


def test_j28_a_kill_at_any_moment_leaves_the_last_good_checkpoint(tmp_path: Path) -> None:
    """Breaks if a checkpoint is written in place, or named before it is whole."""
    before = CheckpointFolder(tmp_path / "before")
    first = before.write(seq=1, hash="a" * 64, held=[("ab" * 32, 1)], at=datetime.now(UTC), keep=2)
    root, moment = Path(__file__).resolve().parents[2], 0
    seen: set[int] = set()
    while True:
        moment += 1
        copytree(before.folder, tmp_path / str(moment))
        done = subprocess.run(
            [sys.executable, "-c", KILLED_WHILE_IT_WRITES, tmp_path / str(moment), str(moment)],
            cwd=root,
            capture_output=True,
        )
        newest, damaged = CheckpointFolder(tmp_path / str(moment)).newest()
        assert newest is not None and damaged == []
        assert list(CheckpointFolder(tmp_path / str(moment)).manifest(newest)) != []
        seen.add(newest.number)
        if b"written" in done.stdout:
            break
        assert newest == first or newest.seq == 2
        again = CheckpointFolder(tmp_path / str(moment)).write(
            seq=3, hash="c" * 64, held=[("ab" * 32, 1)], at=datetime.now(UTC), keep=2
        )
        assert again.number == newest.number + 1
        assert not [path for path in (tmp_path / str(moment)).iterdir() if path.name.endswith(".tmp")]

    assert (moment > 8, seen) == (True, {1, 2})
