"""J08: a server that is told to stop in the middle of an import carries it out whole, or not at all."""

import os
import signal
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from casefiles.audit import selectors as log
from casefiles.registry.models import Vessel
from tests import make
from tests.interchange.test_exchange import look
from tests.served import Answer, Served, served

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 200
KIND = "Content-Type: application/x-www-form-urlencoded"
FILE = "id,display_name,circle\n" + "".join(f",Imported {number},everyone\n" for number in range(ROWS))


def is_somebody_writing() -> bool:
    """Say whether another connection has a transaction open that writes."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            other.execute("ROLLBACK")
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGKILL])
def test_j08_an_import_is_whole_or_not_there(tmp_path: Path, settings: Any, told: signal.Signals) -> None:
    """Breaks where rows are written before the end, or a plan whose import was rolled back counts as carried out."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    lead = make.user(f"lead{told}", may_open_cases=True, is_staff=True)
    make.case(lead)
    client = Client()
    client.force_login(lead)
    plan = look(client, Vessel, FILE).context_data["confirm_form"].initial["plan"]
    url, body = reverse("admin:registry_vessel_process_import"), f"plan={plan}".encode()
    with served(tmp_path) as server:
        head = server.head("POST", url, lead, KIND, f"Content-Length: {len(body)}", "Connection: close")
        answers: list[Answer] = []
        asking = threading.Thread(target=lambda: answers.append(asked(server, head + body)))
        asking.start()
        server.wait_until(is_somebody_writing)
        stop(server, told)
        asking.join()
        assert server.process.wait(timeout=30) == (0 if told == signal.SIGTERM else -signal.SIGKILL)

    server.wait_until(lambda: not is_somebody_writing())
    came = Vessel.objects.filter(display_name__startswith="Imported").count()
    assert (answers[0].status, came) == ((302, ROWS) if told == signal.SIGTERM else (0, 0))
    assert log.verify().is_sound
    again = client.post(url, {"plan": plan}).status_code
    assert again == (409 if came else 302)
    assert Vessel.objects.filter(display_name__startswith="Imported").count() == ROWS


def stop(server: Served, told: signal.Signals) -> None:
    for pid in [*server.workers(), server.process.pid] if told == signal.SIGKILL else [server.process.pid]:
        os.kill(pid, told)


def asked(server: Served, request: bytes) -> Answer:
    try:
        return server.ask(request)
    except OSError:
        return Answer(0, b"", time.monotonic())
    finally:
        connections.close_all()
