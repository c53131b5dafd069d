"""Prints, as JSON, the cookies of somebody signed in and where files of a new case go; or what came there.

`python -m benchmarks.somebody` makes the case, with its id behind it lists the files and what was read of them.
"""

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casefiles.settings")
django.setup()

from django.conf import settings  # noqa: E402  the settings come first
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from casefiles.accounts.models import User  # noqa: E402
from casefiles.cases import actions as cases  # noqa: E402
from casefiles.cases.models import Case, Exhibit  # noqa: E402
from casefiles.evidence.models import File  # noqa: E402

# Any token will do: the cookie and the header must agree, and nobody else's page can set either.
CSRF = "c" * 32


def made_case() -> dict[str, Any]:
    lead = User.objects.get(username="lead")
    case = cases.open_case(by=lead, title="Made up, to measure")
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(lead)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "case": str(case.pk),
        "cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}",
        "csrf": CSRF,
        "form": reverse("cases:bring_in", args=[case.pk]),
        "part": reverse("cases:bring_in_part", args=[case.pk, "-"]),
        "first": case.get_absolute_url(),
        "listing": [reverse(f"cases:{name}", args=[case.pk]) for name in ("exhibits", "bring_in_added")],
    }


def came(case: str) -> list[dict[str, Any]]:
    lead = User.objects.get(username="lead")
    items = Exhibit.objects.visible_to(lead).filter(case=Case.objects.visible_to(lead).get(pk=case)).values("item")
    files = File.objects.visible_to(lead).filter(item__in=items, parent=None).select_related("item", "reading")
    return [_described(file) for file in files]


def _described(file: File) -> dict[str, Any]:
    reading = getattr(file, "reading", None)
    return {
        "sha256": file.sha256,
        "name": file.name,
        "media_type": file.media_type,
        "state": reading.state if reading else "",
        "reason": reading.reason if reading else "",
        "item": file.item.get_absolute_url(),
        "preview": reverse("evidence:preview", args=[file.pk]),
    }


if __name__ == "__main__":
    print(json.dumps(came(sys.argv[1]) if sys.argv[1:] else made_case()))
