"""The key that seals what somebody typed."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from casefiles.core.drafts import draft_key
from tests import make

pytestmark = pytest.mark.django_db


def test_each_person_has_a_key_of_their_own_that_stays() -> None:
    first, second = make.user(), make.user()

    assert re.fullmatch("[0-9a-f]{64}", draft_key(first))
    assert draft_key(first) == draft_key(first)
    assert draft_key(first) != draft_key(second)


def test_a_new_password_is_a_new_key() -> None:
    person: Any = make.user()
    before = draft_key(person)

    person.set_password("a wholly different passphrase")

    assert draft_key(person) != before


def test_whoever_is_not_signed_in_has_none() -> None:
    assert draft_key(AnonymousUser()) == ""
    assert draft_key(None) == ""
