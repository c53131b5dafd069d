"""The exported log: whole, checked by a verifier that stands alone, and with no value that anybody entered."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from casefiles.audit.models import Event
from casefiles.audit.selectors import head
from tests import make

pytestmark = pytest.mark.django_db


def run(capsys: Any, target: Path) -> tuple[int, dict[str, Any]]:
    code = 0
    try:
        call_command("export_chain", "--json", str(target))
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def recorded() -> None:
    lead = make.lead()
    make.circle(lead)
    make.item(lead, title="A title that is nobody's business")


def verdict(target: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-I", str(target.with_name("verify_log.py")), str(target), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env={})
    return done.returncode, done.stdout


def test_l20_the_exported_log_is_checked_without_casefiles(recorded: None, capsys: Any, tmp_path: Path) -> None:
    target = tmp_path / "log.jsonl"

    code, report = run(capsys, target)

    assert (code, report["events"]) == (0, Event.objects.count())
    seq, last_hash = head()
    assert verdict(target, "--head", report["head"]) == (
        0,
        f"whole: {seq} events, last hash {last_hash} (matches the head given)\n",
    )
    assert "nobody's business" not in target.read_text()


def test_a_log_that_was_cut_is_damaged(recorded: None, capsys: Any, tmp_path: Path) -> None:
    target = tmp_path / "log.jsonl"
    _code, report = run(capsys, target)
    target.write_text("".join(target.read_text().splitlines(keepends=True)[:-1]))

    assert verdict(target, "--head", report["head"])[0] == 1


def test_an_export_overwrites_nothing(recorded: None, capsys: Any, tmp_path: Path) -> None:
    target = tmp_path / "log.jsonl"
    target.write_text("kept")

    code, report = run(capsys, target)

    assert (code, report["reason"], target.read_text()) == (2, "File exists", "kept")


def test_nothing_recorded_is_not_called_clean(capsys: Any, tmp_path: Path) -> None:
    assert run(capsys, tmp_path / "log.jsonl")[1]["result"] == "nothing to check"


def test_it_says_how_to_check_it(recorded: None, capsys: Any, tmp_path: Path) -> None:
    call_command("export_chain", str(tmp_path / "log.jsonl"))

    assert "Check it with: python verify_log.py log.jsonl --head " in capsys.readouterr().out
