"""Forms reach us from our own pages, which name no referrer, and from nowhere else."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("origin", "site", "status"),
    [
        ("null", "same-origin", 302),
        ("null", "cross-site", 403),
        ("null", "same-site", 403),
        ("null", None, 403),
        ("http://testserver", None, 302),
        ("http://elsewhere.example", "same-origin", 403),
    ],
)
def test_a_form_without_referrer_is_taken_from_this_site_only(origin: str, site: str | None, status: int) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.user())
    token = client.get(reverse("accounts:profile")).cookies["csrf"].value
    headers = {"Origin": origin, **({"Sec-Fetch-Site": site} if site else {})}

    answer = client.post(reverse("accounts:sign_out"), {"csrfmiddlewaretoken": token}, headers=headers)

    assert answer.status_code == status


def test_a_form_of_this_site_still_needs_its_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.user())
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}

    answer = client.post(reverse("accounts:sign_out"), headers=headers)

    assert answer.status_code == 403
