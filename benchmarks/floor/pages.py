"""Prints the pages of the floor, as JSON, with a cookie of somebody signed in."""

import json
import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.floor.settings")
django.setup()

from django.conf import settings  # noqa: E402  the settings come first
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.floor.models import User, Vessel  # noqa: E402


def main() -> dict[str, Any]:
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(User.objects.get(username="lead"))
    busiest = Vessel.objects.annotate(calls=Count("port_calls")).order_by("-calls", "pk")[0]
    return {
        "cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}",
        "pages": {
            "vessels": "/vessels/",
            "items": "/items/",
            "items filtered": "/items/?q=harbour",
            "vessel": f"/vessels/{busiest.pk}/",
            "search": "/search/?q=harbour",
        },
    }


if __name__ == "__main__":
    print(json.dumps(main()))
