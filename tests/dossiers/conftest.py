"""A case with one of everything that a dossier shows."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from casefiles.cases import actions as cases
from tests import make


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def editor():
    return make.user("editor")


@pytest.fixture
def researcher():
    return make.user("researcher")


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def stranger():
    return make.lead("stranger")


@pytest.fixture
def case(lead, editor, researcher, viewer):
    return make.case(
        lead,
        title="The ship at the yard",
        question="What did the ship carry?",
        members={editor: "editor", researcher: "researcher", viewer: "viewer"},
    )


@pytest.fixture
def ship(case, lead):
    vessel = make.numbered_vessel(lead, display_name="ANGARA")
    cases.add_subject(case, by=lead, vessel=vessel, role="carrier", is_main=True)
    return vessel


@pytest.fixture
def full(case, lead, ship):
    """Return the case with exhibits, claims, statements, port calls and designations in it."""
    rajin = make.place(lead, name="Rajin", latitude=42.23, longitude=130.3, precision_m=5000)
    dunai = make.place(lead, name="Dunai", latitude=42.88, longitude=132.34)
    left = make.port_call(lead, ship, place=rajin, seen="between 7 September and 1 October 2023", activity="loading")
    reached = make.port_call(lead, ship, place=dunai, seen="2023-10-14")
    make.voyage(lead, vessel=ship, departure=left, arrival=reached, sailed="2023-10")
    report = make.original(case, lead, title="Report from the yard")
    make.file(report.item, lead, content=b"The ship lay at the wharf.")
    denial = make.original(case, lead, title="Interview with the owner")
    key = make.claim(
        case,
        lead,
        text="The ship lay at the yard.",
        is_key=True,
        likelihood="very likely",
        confidence="moderate",
        rationale="One report stands behind it.",
    )
    make.cited(key, lead, report, locator="p. 4", quote="lay at the wharf")
    make.cited(make.claim(case, lead, text="The ship carried grain."), lead, denial, stance="contradicts")
    make.said(case, lead, denial, text="We know nothing of it.", stances={key: "denies"})
    make.said(case, lead, report, text="It was there, somebody said.", is_reported=True, speaker_text="A port worker")
    authority = make.authority(lead, name="United Kingdom")
    for day in ("2024-06-13", "2024-07-31"):
        make.designation(lead, vessel=ship, authority=authority, in_force=day, end_kind="ongoing")
    cases.change_case(
        case,
        by=lead,
        version=type(case).objects.get(pk=case.pk).version,
        summary="It lay there [[C-01]], says [[E-01 p.4]].",
    )
    return type(case).objects.get(pk=case.pk)


@pytest.fixture
def live_server_that_counts():
    """Return the address of a server on this machine, and the list of what it was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_args):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()
