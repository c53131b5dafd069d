"""What may be the ship asked about: numbers before radios before names, with the reason, across scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from casefiles.core.folding import fold
from casefiles.core.romanising import romanised
from casefiles.sanctions.likeness import AlikeNames
from casefiles.sanctions.matching import Asked, Index, Listed, all_matches


def listed(key, *names, **values):
    return Listed(key, values.pop("kind", "vessel"), names[0], "\n".join(map(fold, names)), **values)


def asked(*names, **values):
    return Asked("it", values.pop("kind", "vessel"), names, **values)


LIST = [
    listed("angara", "ANGARA", "НЕПТУН", imo_number="9179842", mmsi="273210440", call_sign="UBIO 7"),
    listed("maria-e", "MARIA E", "MARIA", imo_number="9617923"),
    listed("lady-mariia", "LADY MARIIA", imo_number="9220641"),
    listed("maia", "MAIA-1", imo_number="9358010"),
    listed("ural", "URAL"),
    listed("leasing", "M LEASING LLC", kind="organisation", company_number="6246853"),
]


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("Ангара", "angara"),
        ("앙가라", "anggara"),
        ("安加拉", "angara"),
        ("Żółw Łódź", "zolw lodz"),
        ("Щука-7", "shchuka-7"),
        ("خلیج", "خلیج"),
    ],
)
def test_a_name_is_written_in_latin_letters_as_far_as_its_letters_are_known(text, latin):
    assert romanised(text) == latin


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (asked(imo_number="9179842"), [("angara", "imo", 100)]),
        (asked("Something else", imo_number="9179842"), [("angara", "imo", 100)]),
        (asked(mmsis=frozenset({"273210440"})), [("angara", "mmsi", 90)]),
        (asked(call_signs=frozenset({"ubio7"})), [("angara", "call sign", 80)]),
        (asked(mmsis=frozenset({"273210440"}), imo_number="9999993"), [("angara", "mmsi", 45)]),
        (asked("ANGARA"), [("angara", "name", 75)]),
        (asked("Ангара"), [("angara", "name", 75)]),
        (asked("앙가라"), [("angara", "name", 69)]),
        (asked("安加拉"), [("angara", "name", 75)]),
        (asked("Neptun"), [("angara", "name", 75)]),
        (asked("MAIA 1"), [("maia", "name", 75)]),
        (asked("MARIA", imo_number="8517839"), [("maria-e", "name", 25)]),
        (asked("URAN"), []),
        (asked("-"), []),
        (asked("M LEASING LLC"), []),
        (asked("M Leasing LLC", kind=""), [("leasing", "name", 75)]),
        (asked(company_number="6246853", kind="organisation"), [("leasing", "company", 100)]),
    ],
)
def test_an_entry_is_found_on_its_strongest_basis(wanted, found):
    matches = all_matches([wanted], Index.of(LIST))

    assert [(match.listed.key, str(match.basis), match.score) for match in matches] == found


def test_a_reason_says_what_speaks_against_it():
    [by_name] = Index.of(LIST).matches(asked("MARIA", imo_number="8517839"))
    [by_radio] = Index.of(LIST).matches(asked(mmsis=frozenset({"273210440"}), imo_number="9999993"))

    assert by_name.reason == "the same name, “MARIA”, but the list gives IMO 9617923"
    assert by_radio.reason == "the same MMSI, 273210440, but the list gives IMO 9179842"


def test_the_strongest_come_first():
    matches = Index.of(LIST).matches(asked("LADY MARIA", "MARIA"))

    assert [match.listed.key for match in matches] == ["maria-e", "lady-mariia"]


def test_another_name_with_another_number_is_no_match():
    assert Index.of(LIST).matches(asked("LADY MARIA", imo_number="8517839")) == []


NAMES = st.text(alphabet="abn", min_size=1, max_size=9)


@given(st.sets(NAMES, max_size=30), NAMES, st.sampled_from([70, 85, 100]))
def test_no_name_that_is_alike_enough_is_passed_over(names, given_name, least):
    """Breaks if looking only at names that share a rare pair of letters loses one."""
    alike = {name: int(fuzz.ratio(given_name, name)) for name in names if fuzz.ratio(given_name, name) >= least}

    assert dict(AlikeNames(names).of(given_name, least=least)) == alike
