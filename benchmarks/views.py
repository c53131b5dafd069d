"""Prints queries, milliseconds of CPU and kilobytes of each view, as a table or as JSON.

Use, on a data folder that `manage.py demo` and `manage.py seed_bulk --items 10000` filled:
`python -m benchmarks.views CASE [--json]`, CASE being the key of the made-up case. The CPU is that of this process and,
where it is SQLite, of the database; the least of five warm requests counts.
"""

import argparse
import json
import os
import sys
import time
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casefiles.settings")
django.setup()

from django.conf import settings  # noqa: E402  the settings come first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from casefiles.accounts.models import User  # noqa: E402
from casefiles.cases.models import Case, CaseStatement, Claim, Exhibit, Subject  # noqa: E402
from casefiles.cases.views.base import TABS, address_in  # noqa: E402

TURNS = 5
LISTS = (
    "workspace:home", "cases:list", "workspace:tasks", "evidence:items", "evidence:sources", "registry:vessels",
    "registry:organisations", "registry:people", "registry:places", "statements:statements", "voyages:port_calls",
    "voyages:voyages", "sanctions:designations", "sanctions:editions", "sanctions:instruments",
)  # fmt: skip
OF_A_CASE = ("workspace:changes", "workspace:timeline_fragment", "workspace:map_fragment", "dossiers:draft")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    lead = User.objects.get(username="lead")
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(lead)
    rows = [{"view": name, **_measured(client, path)} for name, path in views(lead, options.case)]
    if options.json:
        print(json.dumps(rows))
        return
    print(f"{'view':<28}{'queries':>8}{'ms CPU':>8}{'kB':>6}")
    for row in rows:
        print(f"{row['view']:<28}{row['queries']:>8}{row['cpu_ms']:>8}{row['kb']:>6}")


def views(lead: User, key: str) -> list[tuple[str, str]]:
    """Return the name and address of each view: lists of everything, records of the case, and its tabs."""
    case = Case.objects.visible_to(lead).get(pk=key)
    inside = {"case": case}
    claim = Claim.objects.visible_to(lead).filter(**inside).order_by("number")[0]
    exhibit = Exhibit.objects.visible_to(lead).filter(**inside).select_related("item").order_by("number")[0]
    said = CaseStatement.objects.visible_to(lead).filter(**inside).select_related("statement").order_by("number")[0]
    vessel = Subject.objects.visible_to(lead).get(**inside, is_main=True).vessel
    return [
        *((name, reverse(name)) for name in LISTS),
        ("search", f"{reverse('search:search')}?q=harbour"),
        ("vessel", vessel.get_absolute_url()),
        ("item", exhibit.item.get_absolute_url()),
        ("statement", said.statement.get_absolute_url()),
        ("claim", claim.get_absolute_url()),
        *((f"case: {label}", address_in(name, case)) for _key, label, name, _count in TABS),
        *((f"case: {name}", address_in(name, case)) for name in OF_A_CASE),
    ]


def _measured(client: Client, path: str) -> dict[str, Any]:
    client.get(path)
    asked: list[str] = []
    with connection.execute_wrapper(partial(_counted, asked)):
        response = client.get(path)
    if response.status_code != 200:
        sys.exit(f"{path} answered {response.status_code}.")
    taken = []
    for _turn in range(TURNS):
        started = time.process_time()
        client.get(path)
        taken.append(time.process_time() - started)
    return {
        "path": path,
        "queries": len(asked),
        "cpu_ms": round(min(taken) * 1000),
        "kb": round(len(response.getvalue()) / 1000),
    }


def _counted(asked: list[str], execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    asked.append(sql)
    return execute(sql, params, many, context)


if __name__ == "__main__":
    main()
