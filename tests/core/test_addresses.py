"""Addresses of rows, put together without asking the URL map again."""

import uuid

import pytest
from django.urls import NoReverseMatch, reverse

from casefiles.core.addresses import record_address


@pytest.mark.parametrize(
    "name", ["evidence:item", "workspace:vessel", "cases:exhibits", "cases:claim", "cases:stances"]
)
def test_an_address_is_the_one_that_the_url_map_gives(name: str) -> None:
    keys = [uuid.uuid4() for _key in range(2 if name in {"cases:claim", "cases:stances"} else 1)]

    assert record_address(name, *keys) == reverse(name, args=keys)


def test_an_unknown_name_is_said_at_once() -> None:
    with pytest.raises(NoReverseMatch):
        record_address("evidence:nothing", uuid.uuid4())
