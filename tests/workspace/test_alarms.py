"""A record that is not the noted one, and held files that fail, are said to those who can act, and say no content."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from casefiles.audit import triggers
from casefiles.audit.models import ChainHead, Event
from casefiles.audit.selectors import head
from casefiles.evidence.actions.checkpoints import write_checkpoint
from casefiles.evidence.actions.files import store
from casefiles.evidence.actions.fixity import check_files
from casefiles.workspace.selectors.alarms import alarms
from casefiles.workspace.selectors.health import warn_at_start
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def yesterday():
    """Put yesterday's database back under today's checkpoint."""
    lead = make.lead()
    make.circle(lead)
    make.item(lead)
    seq = head()[0]
    make.item(lead)
    write_checkpoint()
    triggers.remove(connection)
    Event.objects.filter(seq__gt=seq).delete()
    last = Event.objects.get(seq=seq)
    ChainHead.objects.update(seq=last.seq, hash=last.hash)


def test_l15_an_older_record_is_not_healthy(client, settings, yesterday):
    settings.EVIDENCE_DISK_FLOOR_BYTES = 0

    response = client.get("/healthz")

    assert (response.status_code, response.json()["record"]) == (503, "failed")


def test_j14_a_folder_of_checkpoints_that_cannot_be_read_is_not_healthy(client, settings, tmp_path):
    settings.CHECKPOINT_DIR = tmp_path / "file"
    settings.CHECKPOINT_DIR.write_text("not a folder")

    assert client.get("/healthz").json()["record"] == "failed"


def test_l15_j25_an_older_record_is_said_when_the_server_starts(caplog, yesterday):
    with caplog.at_level(logging.WARNING):
        warn_at_start()

    (logged,) = caplog.records
    assert logged.levelno == logging.CRITICAL
    assert "an older database was put back" in logged.getMessage()


def test_a_start_without_anything_noted_says_nothing(caplog):
    warn_at_start()

    assert caplog.records == []


def test_a_start_that_cannot_compare_says_so_and_goes_on(caplog, settings, tmp_path):
    settings.CHECKPOINT_DIR = tmp_path / "file"
    settings.CHECKPOINT_DIR.write_text("not a folder")

    warn_at_start()

    assert "NotADirectoryError" in caplog.text


def test_the_server_itself_asks_at_its_start(tmp_path):
    """A server of its own, whose checkpoint is ahead of its empty record."""
    root = Path(__file__).resolve().parents[2]
    script = (
        "import datetime, pathlib\n"
        "from casefiles.core.checkpoints import CheckpointFolder\n"
        "folder = CheckpointFolder(pathlib.Path(os.environ['DATA_DIR']) / 'checkpoints')\n"
        "folder.write(seq=9, hash='a' * 64, held=[], at=datetime.datetime.now(datetime.UTC), keep=1)\n"
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', 'audit', verbosity=0)\n"
        "call_command('migrate', 'evidence', verbosity=0)\n"
        "import casefiles.wsgi\n"
    )
    environment = {"CASEFILES_TEST": "1", "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "casefiles.settings"}

    done = subprocess.run(
        [sys.executable, "-c", f"import os\n{script}"], cwd=root, env=environment, capture_output=True, text=True
    )

    assert (done.returncode, '"level": "CRITICAL"' in done.stderr) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"may_verify": True}, "The record ends before event"),
        ({"is_staff": True}, "The record is not the one that the newest checkpoint noted."),
        ({}, None),
    ],
)
def test_an_older_record_is_said_to_those_who_look_after_the_installation(client, yesterday, flags, expected):
    client.force_login(make.user(**flags))

    text = client.get(reverse("workspace:home")).text

    assert ("verify_chain" in text) is bool(expected)
    assert expected is None or expected in text


def test_a18_administrators_are_told_that_files_failed_and_neither_which_nor_how_many():
    lead, keeper = make.lead(), make.user(is_staff=True)
    make.circle(lead)
    file = make.file(make.item(lead, title="Nobody's business"), lead)
    store().path_of(file.sha256).unlink()
    make.file(file.item, lead, b"Something else, so that the store is not blank.")
    check_files()

    (said,) = alarms(keeper)

    assert said == "Held files failed their check: “manage.py fixity --damaged” reads them again and names them."
    assert alarms(lead) == ()


def test_an_unreadable_folder_of_checkpoints_is_an_alarm(settings, tmp_path):
    settings.CHECKPOINT_DIR = tmp_path / "file"
    settings.CHECKPOINT_DIR.write_text("not a folder")

    assert "cannot be read" in alarms(make.user(may_verify=True))[0]
