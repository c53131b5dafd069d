"""`sweep`: what lies in the store and should not, by class; and that nothing kept is ever removed."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from casefiles.evidence.actions import files
from casefiles.evidence.actions.sweeping import look_through_store, without_adopted
from casefiles.evidence.models import File
from tests import make
from tests.elsewhere import leading_elsewhere

pytestmark = pytest.mark.django_db


def run(capsys: Any, *arguments: str) -> tuple[int, dict[str, Any]]:
    code = 0
    try:
        call_command("sweep", "--json", *arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def lead() -> Any:
    lead = make.lead()
    make.circle(lead)
    return lead


@pytest.fixture
def held(lead: Any) -> File:
    return make.file(make.item(lead), lead, b"Some evidence." * 10)


def path_of(file: File) -> Path:
    return files.store().path_of(file.sha256)


def test_orphans_and_strangers_are_listed_by_class_and_never_removed(held: File, capsys: Any, settings: Any) -> None:
    orphan = files.receive(chunks=[b"an upload that ended"], name="x")
    (Path(settings.EVIDENCE_ROOT) / "\u202estranger").write_text("x")

    for arguments in ((), ("--fix",)):
        code, report = run(capsys, "--min-age", "0", *arguments)
        assert (code, report["counts"]) == (1, {"alien": 1, "orphan": 1})
    assert files.store().path_of(orphan.sha256).exists()
    assert path_of(held).exists()


def test_d08_what_a_dead_upload_left_is_removed_only_when_told(held: File, capsys: Any, settings: Any) -> None:
    stale = Path(settings.EVIDENCE_ROOT) / "tmp" / f"{'0' * 32}.part"
    stale.write_bytes(b"half of it")
    os.utime(stale, (0, 0))

    assert run(capsys)[0] == 1
    assert stale.exists()
    assert run(capsys, "--fix") == (0, {"result": "clean", "removed": [stale.name], "counts": {}, "findings": []})
    assert not stale.exists()


def test_what_is_young_may_belong_to_an_upload_under_way(held: File, capsys: Any) -> None:
    files.receive(chunks=[b"just now"], name="x")

    assert run(capsys)[0] == 0


def test_every_orphan_among_many_rows_is_listed_and_no_row_is_mistaken_for_one(lead: Any) -> None:
    item = make.item(lead)
    for number in range(40):
        make.file(item, lead, b"held %d" % number)
    orphans = {files.receive(chunks=[b"orphan %d" % number], name="x").sha256 for number in range(40)}

    _removed, found = look_through_store(min_age_seconds=0)

    assert {one.path.rpartition("/")[2] for one in found} == orphans
    assert {str(one.kind) for one in found} == {"orphan"}


def test_an_orphan_that_gets_its_row_during_the_sweep_is_none(lead: Any) -> None:
    """The same bytes come again: the old file is taken for held, and only its row is new."""
    files.receive(chunks=[b"came before"], name="x")
    found = files.store().sweep(set(), min_age_seconds=0)
    make.file(make.item(lead), lead, b"came before")

    assert len(found) == 1
    assert without_adopted(found) == []


def test_a_store_that_cannot_be_opened_was_not_looked_at(settings: Any, capsys: Any) -> None:
    settings.EVIDENCE_ROOT = Path("/proc/nowhere")

    code, report = run(capsys)

    assert (code, report["result"]) == (2, "could not run")


def test_j21_two_at_once_do_not_do_the_same_work(held: File, capsys: Any) -> None:
    with leading_elsewhere("sweep"):
        code, report = run(capsys)

    assert (code, report["result"]) == (2, "could not run")


def test_it_says_the_same_in_words(held: File, capsys: Any, settings: Any) -> None:
    (Path(settings.EVIDENCE_ROOT) / "\u202estranger").write_text("x")

    with pytest.raises(SystemExit):
        call_command("sweep", "--min-age", "0")

    assert capsys.readouterr().out.splitlines() == ["Result: findings", "alien: 1", "alien: ⟨U+202E⟩stranger"]


@pytest.mark.parametrize(("days", "is_left"), [(6, True), (8, False)])
def test_what_came_of_a_file_waits_a_week_for_its_sender(settings: Any, days: int, is_left: bool) -> None:
    """Catches a sweep that takes, after an hour, what a researcher means to go on with tomorrow."""
    key = "c" * 32
    with files.store().partial(key) as held:
        held.append([b"first half"], at=0)
    past = time.time() - days * 86_400
    for path in (Path(settings.EVIDENCE_ROOT) / "tmp").iterdir():
        os.utime(path, (past, past))

    removed, found = look_through_store(is_fixing=True)

    assert (removed == [], found) == (is_left, [])
    assert bool(list((Path(settings.EVIDENCE_ROOT) / "tmp").iterdir())) is is_left
