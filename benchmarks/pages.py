"""Prints the pages to measure as JSON: name, path, queries of a warm request, and a cookie of somebody signed in."""

import json
import os
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
from casefiles.cases.models import Case  # noqa: E402
from casefiles.registry.models import Vessel  # noqa: E402


def main(bulk_case: str) -> list[dict[str, Any]]:
    lead = User.objects.get(username="lead")
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(lead)
    angara = Vessel.objects.visible_to(lead).get(imo_number="9179842")
    demo = Case.objects.visible_to(lead).exclude(pk=bulk_case).get()
    pages = {
        "home": "/",
        "case overview, Angara": demo.get_absolute_url(),
        "case overview, 500 exhibits": f"/cases/{bulk_case}/",
        "claims list, 200 claims": f"/cases/{bulk_case}/claims/",
        "vessel page, Angara": angara.get_absolute_url(),
        "evidence list, 50 rows": "/evidence/",
        "vessels list, 50 rows": "/registry/vessels/",
        "search, common word": "/search/?q=harbour",
    }
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    return [
        {"name": name, "path": path, "queries": _queries(client, path), "cookie": cookie}
        for name, path in pages.items()
    ]


def _queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    if response.status_code != 200:
        sys.exit(f"{path} answered {response.status_code}.")
    return len(captured)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
