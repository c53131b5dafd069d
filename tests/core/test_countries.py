"""Codes of countries made readable."""

import pytest

from casefiles.core.countries import COUNTRY_NAMES, country_choices, country_name


@pytest.mark.parametrize(
    ("code", "name"),
    [("RU", "Russia"), ("kp", "North Korea"), ("KR", "South Korea"), ("CN", "China"), ("ZZ", "ZZ"), ("", "")],
)
def test_a_code_is_named_and_an_unknown_one_stays(code, name):
    assert country_name(code) == name


def test_every_country_has_one_code_and_one_name():
    assert len(COUNTRY_NAMES) == len(set(COUNTRY_NAMES.values())) == 250
    assert all(len(code) == 2 and code.isupper() for code in COUNTRY_NAMES)


def test_choices_stand_in_the_order_of_their_names():
    names = [name for _, name in country_choices()]

    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert names[-1] == "Zimbabwe"
