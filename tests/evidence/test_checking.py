"""The commands `fixity` and `sweep`: what they find, what they say, and how they end."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from casefiles.evidence.actions import files
from casefiles.evidence.models import CustodyEvent, File
from tests import make

pytestmark = pytest.mark.django_db


def run(command: str, capsys: Any, *arguments: str) -> tuple[int, dict[str, Any]]:
    code = 0
    try:
        call_command(command, "--json", *arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def held() -> File:
    lead = make.lead()
    make.circle(lead)
    return make.file(make.item(lead), lead, b"Some evidence." * 10)


def path_of(file: File) -> Path:
    return files.store().path_of(file.sha256)


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


def test_fixity_is_clean_where_every_byte_is_right(held: File, capsys: Any) -> None:
    assert run("fixity", capsys) == (0, {"result": "clean", "digests_checked": 1, "findings": []})


def test_fixity_of_an_empty_store_does_not_say_clean(capsys: Any) -> None:
    assert run("fixity", capsys) == (0, {"result": "nothing to check", "digests_checked": 0, "findings": []})


@pytest.mark.parametrize(
    ("damage", "verdict"),
    [
        (lambda path: overwrite(path, b"some evidence." * 10), "wrong_bytes"),
        (lambda path: overwrite(path, b""), "wrong_size"),
        (lambda path: overwrite(path, b"Some evidence." * 10 + b"x"), "wrong_size"),
        (lambda path: path.unlink(), "missing"),
        (lambda path: (path.unlink(), path.symlink_to("/etc/hostname")), "not_a_regular_file"),
    ],
)
def test_l02_fixity_names_each_damage(held: File, capsys: Any, damage: Any, verdict: str) -> None:
    damage(path_of(held))

    code, report = run("fixity", capsys)

    assert code == 1
    assert [(one["file_id"], one["verdict"]) for one in report["findings"]] == [(str(held.pk), verdict)]
    assert CustodyEvent.objects.filter(file=held, act="failed check", by=None).count() == 1


def test_l06_fixity_finds_a_row_changed_to_match_a_forged_file(held: File, capsys: Any) -> None:
    forged = files.receive(chunks=[b"Forged."], name="x")
    File.objects.filter(pk=held.pk).update(sha256=forged.sha256, size_bytes=forged.size_bytes)

    code, report = run("fixity", capsys)

    assert (code, [one["verdict"] for one in report["findings"]]) == (1, ["row_changed"])


def test_a_damage_is_recorded_once_and_so_is_its_repair(held: File, capsys: Any) -> None:
    right = path_of(held).read_bytes()
    overwrite(path_of(held), b"wrong")
    assert [run("fixity", capsys)[0] for _run in range(2)] == [1, 1]
    overwrite(path_of(held), right)
    assert [run("fixity", capsys)[0] for _run in range(2)] == [0, 0]

    acts = CustodyEvent.objects.filter(file=held).order_by("at").values_list("act", flat=True)
    assert list(acts) == ["received", "failed check", "verified"]


@pytest.mark.parametrize("command", ["fixity", "sweep"])
def test_a_store_that_cannot_be_opened_was_not_checked(settings: Any, capsys: Any, command: str) -> None:
    settings.EVIDENCE_ROOT = Path("/proc/nowhere")

    code, report = run(command, capsys)

    assert (code, report["result"]) == (2, "could not run")


@pytest.mark.parametrize("command", ["fixity", "sweep"])
def test_the_commands_say_the_same_in_words(held: File, capsys: Any, command: str) -> None:
    files.receive(chunks=[b"orphan"], name="x")
    overwrite(path_of(held), b"wrong")

    with pytest.raises(SystemExit):
        call_command(command, *(["--min-age", "0"] if command == "sweep" else []))

    assert "Result: findings" in capsys.readouterr().out


def test_sweep_lists_orphans_and_strangers_and_never_removes_them(held: File, capsys: Any, settings: Any) -> None:
    orphan = files.receive(chunks=[b"an upload that ended"], name="x")
    (Path(settings.EVIDENCE_ROOT) / "\u202estranger").write_text("x")

    for arguments in ((), ("--fix",)):
        code, report = run("sweep", capsys, "--min-age", "0", *arguments)
        assert code == 1
        assert {one["kind"] for one in report["findings"]} >= {"orphan", "alien"}
    assert files.store().path_of(orphan.sha256).exists()
    assert path_of(held).exists()


def test_d08_sweep_removes_what_a_dead_upload_left_only_when_told(held: File, capsys: Any, settings: Any) -> None:
    stale = Path(settings.EVIDENCE_ROOT) / "tmp" / f"{'0' * 32}.part"
    stale.write_bytes(b"half of it")
    os.utime(stale, (0, 0))

    assert run("sweep", capsys)[0] == 1
    assert stale.exists()
    assert run("sweep", capsys, "--fix") == (0, {"result": "clean", "removed": [stale.name], "findings": []})
    assert not stale.exists()


def test_what_is_young_may_belong_to_an_upload_under_way(held: File, capsys: Any) -> None:
    files.receive(chunks=[b"just now"], name="x")

    assert run("sweep", capsys)[0] == 0
