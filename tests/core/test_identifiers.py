"""Numbers that ships, companies, radios and ports carry: checked, classified, never corrected."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.core.countries import COUNTRY_NAMES
from casefiles.core.identifiers import (
    InvalidIdentifier,
    Mmsi,
    classify_mmsi,
    company_check_digit,
    imo_kinds,
    parse_call_sign,
    parse_imo_company,
    parse_imo_ship,
    parse_mmsi,
    parse_unlocode,
    ship_check_digit,
    show_imo,
    show_unlocode,
)
from casefiles.core.maritime_identification_digits import FLAG_BY_DIGITS

# typed, digits as a ship ("" is refused), digits as a company
IMO_NUMBERS = [
    ("9179842", "9179842", ""),
    ("8517839", "8517839", ""),
    ("9161003", "9161003", ""),
    ("9358010", "9358010", "9358010"),
    ("9179854", "9179854", ""),
    ("9076260", "9076260", ""),
    ("IMO 9179842", "9179842", ""),
    ("imo9179842", "9179842", ""),
    ("IMO: 9179842", "9179842", ""),
    (" ９１７９８４２ ", "9179842", ""),
    ("ＩＭＯ\u3000９１７９８４２", "9179842", ""),
    ("1234567", "1234567", ""),
    ("6246853", "", "6246853"),
    ("6183435", "", "6183435"),
    ("IMO 6016988", "", "6016988"),
    ("9179843", "", ""),
    ("9197842", "", ""),
    ("9358011", "", ""),
    ("IMO1289289", "", ""),
    ("IMO8950463", "", ""),
    ("IMO0001452", "", ""),
    ("IMO180000000", "", ""),
    ("Does not exist", "", ""),
    ("Unknown", "", ""),
    ("0000000", "", ""),
    ("91798420", "", ""),
    ("917984", "", ""),
    ("917984200", "", ""),
    ("9.12E+06", "", ""),
    ("9179842.0", "", ""),
    ("٩١٧٩٨٤٢", "", ""),
    ("²179842", "", ""),
    ("-9179842", "", ""),
    ("IMO", "", ""),
    ("", "", ""),
    ("9" * 50_000, "", ""),
]

REASONS = [
    (parse_imo_ship, "6246853", "6246853 is an IMO company number, not a ship number."),
    (parse_imo_company, "IMO 9179842", "9179842 is an IMO ship number, not a company number."),
    (parse_imo_ship, "9179843", "the last digit would be 2, not 3"),
    (parse_imo_company, "6246854", "the last digit would be 3, not 4"),
    (parse_imo_ship, "917984", "this has 6"),
    (parse_imo_ship, "0000000", "no IMO number was given"),
    (parse_imo_ship, "Unknown", "seven digits"),
    (parse_mmsi, "27321044", "this has fewer"),
    (parse_mmsi, "2732104400", "this has 10"),
    (parse_mmsi, "0", "no MMSI was given"),
    (parse_mmsi, "ship", "nine digits"),
    (parse_call_sign, "273210440", "three to seven"),
    (parse_call_sign, "9179842", "at least one letter"),
    (parse_call_sign, "UB", "three to seven"),
    (parse_unlocode, "RUVY", "two letters"),
]

# typed, kind, country digits, flag
MMSIS = [
    ("273210440", "ship", "273", "RU"),
    ("273379740", "ship", "273", "RU"),
    ("511101495", "ship", "511", "PW"),
    ("354666000", "ship", "354", "PA"),
    ("445123000", "ship", "445", "KP"),
    ("412331104", "ship", "412", "CN"),
    ("374375000", "ship", "374", "PA"),
    ("002190064", "coast_station", "219", "DK"),
    ("003669946", "coast_station", "366", "US"),
    ("036999999", "group", "369", "US"),
    ("111366123", "sar_aircraft", "366", "US"),
    ("993669702", "aid_to_navigation", "366", "US"),
    ("983667123", "auxiliary_craft", "366", "US"),
    ("970123456", "ais_sart", "", ""),
    ("972123456", "mob", "", ""),
    ("974123456", "epirb", "", ""),
    ("888111223", "handheld_or_fake", "", ""),
    ("123456789", "placeholder", "", ""),
    ("111111111", "placeholder", "", ""),
    ("365973420", "unallocated_mid", "365", ""),
    (" 273 210 440 ", "ship", "273", "RU"),
    ("２７３２１０４４０", "ship", "273", "RU"),
    ("MMSI: 273210440", "ship", "273", "RU"),
]
INCOMPLETE_MMSIS = [
    ("3669882", "truncated"),
    ("36926403", "truncated"),
    ("2190064", "truncated"),
    ("0", "missing"),
    ("000000000", "missing"),
]


@pytest.mark.parametrize(("typed", "as_ship", "as_company"), IMO_NUMBERS)
def test_an_imo_number_passes_only_as_the_kind_it_checks_as(typed, as_ship, as_company):
    for parse, digits in ((parse_imo_ship, as_ship), (parse_imo_company, as_company)):
        if digits:
            assert parse(typed) == digits
        else:
            with pytest.raises(InvalidIdentifier):
                parse(typed)
    assert imo_kinds(typed) == {kind for kind, digits in (("ship", as_ship), ("company", as_company)) if digits}


@pytest.mark.parametrize(("parse", "typed", "words"), REASONS)
def test_a_refusal_says_what_is_wrong(parse, typed, words):
    with pytest.raises(InvalidIdentifier) as refusal:
        parse(typed)

    assert words in refusal.value.reason
    assert refusal.value.text == typed


def test_the_shared_imo_vectors_hold(shared_data: Path):
    for row in rows_of(shared_data / "rules" / "imo_vectors.csv"):
        # "depends" on how strict a form is: a prefix in any case is accepted here, six digits never are.
        is_ship = row["ship_valid"] in {"true", "true_but_placeholder"} or row["input"] == "imo9179842"
        assert imo_kinds(row["input"]) == {
            kind for kind, fits in (("ship", is_ship), ("company", row["company_valid"] == "true")) if fits
        }


@given(st.integers(1, 999_999).map("{:06}".format))
def test_only_one_check_digit_passes(six):
    digits = six + ship_check_digit(six)

    assert parse_imo_ship(digits) == digits
    for wrong in set("0123456789") - {digits[6]}:
        with pytest.raises(InvalidIdentifier):
            parse_imo_ship(six + wrong)


@given(st.integers(1, 999_999).map("{:06}".format))
def test_a_company_number_with_its_check_digit_passes(six):
    assert parse_imo_company(six + company_check_digit(six)) == six + company_check_digit(six)


def test_an_imo_number_is_shown_with_its_prefix():
    assert (show_imo("9179842"), show_imo("")) == ("IMO 9179842", "")


@pytest.mark.parametrize(("typed", "kind", "mid", "flag"), MMSIS)
def test_an_mmsi_says_what_kind_of_station_it_announces(typed, kind, mid, flag):
    mmsi = parse_mmsi(typed)

    assert (mmsi.kind, mmsi.mid, mmsi.flag) == (kind, mid, flag)
    assert len(mmsi.value) == 9
    assert mmsi.is_ship == (kind == "ship") == (mmsi.remark == "")


@pytest.mark.parametrize(("typed", "kind"), INCOMPLETE_MMSIS)
def test_a_short_or_empty_mmsi_is_kept_as_it_came_and_refused_in_forms(typed, kind):
    assert classify_mmsi(typed) == Mmsi(typed, kind)
    with pytest.raises(InvalidIdentifier):
        parse_mmsi(typed)


def test_the_shared_mmsi_vectors_hold(shared_data: Path):
    for row in rows_of(shared_data / "rules" / "mmsi_vectors.csv"):
        # Seven digits may be a coast station without its zeros: the file says so, the number alone cannot.
        stripped = row["input"] == "2190064"
        mmsi = classify_mmsi(row["input"])
        expected = ("truncated", "", "") if stripped else (row["kind"], row["mid"], row["flag_iso2"])
        assert (mmsi.kind, mmsi.mid, mmsi.flag) == expected
        assert mmsi.is_ship == (row["valid_ship"] == "true")


@given(st.text(max_size=60))
def test_any_text_is_an_identifier_or_refused(text):
    for parse in (parse_imo_ship, parse_imo_company, classify_mmsi, parse_call_sign, parse_unlocode):
        try:
            assert parse(text)
        except InvalidIdentifier as refusal:
            assert refusal.reason.endswith(".")


@given(st.integers(0, 10**9 - 1).map("{:09}".format))
def test_nine_digits_are_never_changed(digits):
    assert classify_mmsi(digits).value == digits


def test_every_flag_of_an_mmsi_has_a_country_name():
    assert set(FLAG_BY_DIGITS.values()) <= set(COUNTRY_NAMES)
    assert all(len(digits) == 3 for digits in FLAG_BY_DIGITS)


def test_the_shared_country_digits_are_all_known(shared_data: Path):
    told_apart = {"740", "608", "618", "635"}
    for row in rows_of(shared_data / "codes" / "mid_pyais.csv"):
        assert row["mid"] in told_apart or FLAG_BY_DIGITS[row["mid"]] == row["iso2"]


@pytest.mark.parametrize(
    ("typed", "sign"), [("UBSK7", "UBSK7"), (" ubsk7 ", "UBSK7"), ("3E-AB 9", "3EAB9"), ("A8XY2", "A8XY2")]
)
def test_a_call_sign_is_upper_case_without_spaces(typed, sign):
    assert parse_call_sign(typed) == sign


@pytest.mark.parametrize("typed", ["", "AB", "ABCDEFGH", "УБСК7", "AB_12", "12345"])
def test_what_is_no_call_sign_is_refused(typed):
    with pytest.raises(InvalidIdentifier):
        parse_call_sign(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("RUVYP", "RUVYP"), ("RU VYP", "RUVYP"), ("ruvyp", "RUVYP"), ("CN ZOS", "CNZOS"), ("US2NY", "US2NY")],
)
def test_a_unlocode_is_five_characters(typed, code):
    assert parse_unlocode(typed) == code


@pytest.mark.parametrize("typed", ["US1NY", "US0NY", "RUVY", "RUVYPP", "1UVYP", "", "РУВЫП"])
def test_what_is_no_unlocode_is_refused(typed):
    with pytest.raises(InvalidIdentifier):
        parse_unlocode(typed)


def test_the_shared_unlocode_vectors_hold(shared_data: Path):
    for row in rows_of(shared_data / "rules" / "unlocode_vectors.csv"):
        if row["valid_format"] == "false":
            with pytest.raises(InvalidIdentifier):
                parse_unlocode(row["input"])
        else:
            assert parse_unlocode(row["input"]) == row["input"].replace(" ", "").upper()


def test_a_unlocode_is_shown_with_a_space():
    assert (show_unlocode("CNZOS"), show_unlocode("")) == ("CN ZOS", "")


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
