"""Prints the pages of Casefiles to measure, as JSON: name, path, queries of a warm request, and what to compare with.

`floor` names the page of the floor that shows the same, `at_most` the budget: times the floor's CPU, or milliseconds of
CPU where there is no floor.
"""

import html
import json
import os
import re
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casefiles.settings")
django.setup()

from django.conf import settings  # noqa: E402  the settings come first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from casefiles.accounts.models import User  # noqa: E402
from casefiles.cases.models import Case, CaseStatement, Exhibit, Subject  # noqa: E402

CASE_MS = 80


def main(bulk_case: str) -> dict[str, Any]:
    lead = User.objects.get(username="lead")
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(lead)
    return {
        "cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}",
        "pages": [
            {"name": name, "path": path, "floor": floor, "at_most": at_most, "queries": _queries(client, path)}
            for name, path, floor, at_most in _pages(lead, bulk_case, client)
        ],
    }


def _pages(lead: User, bulk_case: str, client: Client) -> list[tuple[str, str, str, float | None]]:
    case = Case.objects.visible_to(lead).get(pk=bulk_case)
    vessel = Subject.objects.visible_to(lead).get(case=case, is_main=True).vessel
    item = Exhibit.objects.visible_to(lead).filter(case=case).select_related("item").order_by("number")[0].item
    said = CaseStatement.objects.visible_to(lead).filter(case=case).select_related("statement").order_by("number")[0]
    demo = Case.objects.visible_to(lead).exclude(pk=bulk_case).order_by("created_at")[0]
    inside = case.get_absolute_url()
    return [
        ("list of vessels", "/registry/vessels/", "vessels", 2.5),
        ("list of vessels, a late page", _late_page(client, "/registry/vessels/"), "vessels", 2.5),
        ("list of evidence", "/evidence/", "items", 2.5),
        ("list of evidence, filtered", "/evidence/?q=harbour", "items filtered", 3),
        ("vessel", vessel.get_absolute_url(), "vessel", 3),
        ("item", item.get_absolute_url(), "vessel", 3),
        ("statement", said.statement.get_absolute_url(), "vessel", 3),
        ("search, a common word", "/search/?q=harbour", "search", 3),
        ("home", "/", "", None),
        ("case overview, Angara", demo.get_absolute_url(), "", CASE_MS),
        ("case overview, 500 exhibits", inside, "", CASE_MS),
        ("its timeline on the overview", f"{inside}timeline/part/", "", CASE_MS),
        ("its map on the overview", f"{inside}map/part/", "", CASE_MS),
        ("its claims, 200", f"{inside}claims/", "", CASE_MS),
        ("its exhibits, 500", f"{inside}exhibits/", "items", 2.5),
        ("its statements", f"{inside}statements/", "", CASE_MS),
        ("its history", f"{inside}history/", "", CASE_MS),
    ]


def _late_page(client: Client, path: str, *, turns: int = 10) -> str:
    """Return the address of the page so many turns on, or of the last."""
    address = path
    for _turn in range(turns):
        following = re.search(r'rel="next" href="([^"]+)"', client.get(address).text)
        if following is None:
            break
        address = path + html.unescape(following[1])
    return address


def _queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    if response.status_code != 200:
        sys.exit(f"{path} answered {response.status_code}.")
    return len(captured)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
