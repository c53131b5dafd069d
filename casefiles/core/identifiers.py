"""Identifiers that ships and ports carry: IMO numbers, MMSI, call signs and UN/LOCODE.

Only their form is checked here. A check digit that fits proves nothing (1234567 passes), and some numbers fit both
IMO schemes (9358010), so which kind a number is comes from whoever recorded it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from casefiles.core.maritime_identification_digits import FLAG_BY_DIGITS

LONGEST = 40
_SHIP_WEIGHTS = (7, 6, 5, 4, 3, 2)
_COMPANY_WEIGHTS = (8, 6, 4, 2, 9, 7)
_UNLOCODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")
_CALL_SIGN = re.compile(r"[A-Z0-9]{3,7}")

MmsiKind = Literal[
    "ship",
    "group",
    "coast_station",
    "sar_aircraft",
    "aid_to_navigation",
    "auxiliary_craft",
    "ais_sart",
    "mob",
    "epirb",
    "handheld_or_fake",
    "placeholder",
    "unallocated_mid",
    "truncated",
    "missing",
]


class InvalidIdentifier(ValueError):
    """The text is no such identifier; `reason` says why, and never offers a corrected number as if it were right."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(reason)
        self.text = text
        self.reason = reason


@dataclass(frozen=True)
class Mmsi:
    """A radio's digits as received, what kind of station they announce, and the flag of their country digits.

    `mid` and `flag` (ISO 3166 alpha-2) are empty where the kind carries no country digits; `flag` alone is empty
    where the digits are not allocated. `truncated` keeps fewer than nine digits as they came, `missing` is zero.
    """

    value: str
    kind: MmsiKind
    mid: str = ""
    flag: str = ""

    @property
    def is_ship(self) -> bool:
        """Nine digits that announce a ship under an allocated flag; not that such a ship exists."""
        return self.kind == "ship"

    @property
    def remark(self) -> str:
        """What a person should know before using the number; empty for a ship's."""
        return _MMSI_REMARKS[self.kind]


_MMSI_REMARKS: dict[MmsiKind, str] = {
    "ship": "",
    "group": "This number calls a group of ships, not one ship.",
    "coast_station": "This number belongs to a coast station, not to a ship.",
    "sar_aircraft": "This number belongs to a search and rescue aircraft, not to a ship.",
    "aid_to_navigation": "This number belongs to an aid to navigation, such as a buoy, not to a ship.",
    "auxiliary_craft": "This number belongs to a craft that another ship carries.",
    "ais_sart": "This number belongs to a search and rescue transmitter, not to a ship.",
    "mob": "This number belongs to a man-overboard device, not to a ship.",
    "epirb": "This number belongs to an emergency beacon, not to a ship.",
    "handheld_or_fake": "Numbers that begin with 8 belong to handheld radios; seen on a ship it may be false.",
    "placeholder": "This is a placeholder that crews enter; it identifies no ship.",
    "unallocated_mid": "The first three digits are allocated to no country.",
    "truncated": (
        "An MMSI has nine digits; this has fewer. Leading zeros may have been dropped, or the number was cut: compare "
        "it with the source. Nothing is filled in."
    ),
    "missing": "Zero means that no MMSI was given: leave the field empty.",
}


def parse_imo_ship(text: str) -> str:
    """Return the seven digits of an IMO ship number, typed with or without "IMO".

    Raises:
        InvalidIdentifier: wrong length, wrong check digit, all zeros, or an IMO company number.
    """
    digits = _imo_digits(text)
    right = ship_check_digit(digits[:6])
    if digits[6] == right:
        return digits
    if digits[6] == company_check_digit(digits[:6]):
        raise InvalidIdentifier(text, f"{digits} is an IMO company number, not a ship number.")
    raise InvalidIdentifier(text, _wrong_check_digit(digits, right, kind="ship"))


def parse_imo_company(text: str) -> str:
    """Return the seven digits of an IMO company number, typed with or without "IMO".

    Raises:
        InvalidIdentifier: wrong length, wrong check digit, all zeros, or an IMO ship number.
    """
    digits = _imo_digits(text)
    right = company_check_digit(digits[:6])
    if digits[6] == right:
        return digits
    if digits[6] == ship_check_digit(digits[:6]):
        raise InvalidIdentifier(text, f"{digits} is an IMO ship number, not a company number.")
    raise InvalidIdentifier(text, _wrong_check_digit(digits, right, kind="company"))


def imo_kinds(text: str) -> set[str]:
    """Return which check digits a number satisfies: "ship", "company", both or neither.

    This narrows down, it does not decide: the kind of a number is what its source says it is.
    """
    try:
        digits = _imo_digits(text)
    except InvalidIdentifier:
        return set()
    right = {"ship": ship_check_digit(digits[:6]), "company": company_check_digit(digits[:6])}
    return {kind for kind, digit in right.items() if digit == digits[6]}


def show_imo(digits: str) -> str:
    """Return an IMO number as it is printed: IMO 9179842."""
    return f"IMO {digits}" if digits else ""


def ship_check_digit(six_digits: str) -> str:
    """Return the last digit of the weighted sum, weights 7 to 2 (IMO resolution A.1117(30))."""
    return str(_weighted_sum(six_digits, _SHIP_WEIGHTS) % 10)


def company_check_digit(six_digits: str) -> str:
    """Return eleven less the weighted sum modulo 11, its last digit; weights 8, 6, 4, 2, 9, 7."""
    return str((11 - _weighted_sum(six_digits, _COMPANY_WEIGHTS) % 11) % 10)


def _weighted_sum(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _wrong_check_digit(digits: str, right: str, *, kind: str) -> str:
    return (
        f"{digits} does not check as an IMO {kind} number: if {digits[:6]} is right, the last digit would be {right}, "
        f"not {digits[6]}. Compare it with the source; any digit may be the wrong one."
    )


def _imo_digits(text: str) -> str:
    digits = _compact(text).removeprefix("IMO").lstrip(":.#")
    if not _is_digits(digits):
        raise InvalidIdentifier(text, "An IMO number is seven digits, with or without “IMO” before them.")
    if len(digits) != 7:
        raise InvalidIdentifier(text, f"An IMO number has seven digits; this has {len(digits)}. Nothing is filled in.")
    if digits == "0000000":
        raise InvalidIdentifier(text, "0000000 means that no IMO number was given: leave the field empty.")
    return digits


def _compact(text: str) -> str:
    """Return the text in upper case, full-width characters made plain, without white space."""
    if len(text) > LONGEST:
        raise InvalidIdentifier(text[:LONGEST], f"This is longer than any identifier ({LONGEST} characters).")
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _is_digits(text: str) -> bool:
    return bool(text) and set(text) <= set("0123456789")


def parse_mmsi(text: str) -> Mmsi:
    """Read an MMSI and say what kind of station it announces (ITU-R M.585). Never padded, never shortened.

    Raises:
        InvalidIdentifier: it is not exactly nine digits, or all zeros.
    """
    mmsi = classify_mmsi(text)
    if mmsi.kind in {"missing", "truncated"}:
        raise InvalidIdentifier(text, mmsi.remark)
    return mmsi


def classify_mmsi(text: str) -> Mmsi:
    """Read an MMSI as a radio or a file gave it, also where it is zero (`missing`) or too short (`truncated`).

    Seven digits may be a coast station without its zeros or a ship's number cut short: which of them is not guessed.

    Raises:
        InvalidIdentifier: it is not digits, or more than nine.
    """
    digits = _compact(text).removeprefix("MMSI").lstrip(":")
    if not _is_digits(digits):
        raise InvalidIdentifier(text, "An MMSI is nine digits.")
    if len(digits) > 9:
        raise InvalidIdentifier(text, f"An MMSI has nine digits; this has {len(digits)}.")
    if digits.strip("0") == "":
        return Mmsi(digits, "missing")
    return _classified(digits) if len(digits) == 9 else Mmsi(digits, "truncated")


# Longest prefix first. The number says where the three country digits begin; -1 where there are none.
_MMSI_PREFIXES: tuple[tuple[str, MmsiKind, int], ...] = (
    ("970", "ais_sart", -1),
    ("972", "mob", -1),
    ("974", "epirb", -1),
    ("111", "sar_aircraft", 3),
    ("00", "coast_station", 2),
    ("98", "auxiliary_craft", 2),
    ("99", "aid_to_navigation", 2),
    ("0", "group", 1),
    ("8", "handheld_or_fake", -1),
)


def _classified(digits: str) -> Mmsi:
    if digits == "123456789" or len(set(digits)) == 1:
        return Mmsi(digits, "placeholder")
    for prefix, kind, country_at in _MMSI_PREFIXES:
        if digits.startswith(prefix):
            mid = digits[country_at : country_at + 3] if country_at > 0 else ""
            return Mmsi(digits, kind, mid, FLAG_BY_DIGITS.get(mid, ""))
    mid = digits[:3]
    flag = FLAG_BY_DIGITS.get(mid, "")
    return Mmsi(digits, "ship" if flag else "unallocated_mid", mid, flag)


def parse_call_sign(text: str) -> str:
    """Return a call sign in upper case without spaces or hyphens: three to seven letters and digits.

    Raises:
        InvalidIdentifier: other characters, another length, or digits only.
    """
    sign = _compact(text).replace("-", "")
    if not _CALL_SIGN.fullmatch(sign):
        raise InvalidIdentifier(text, "A call sign has three to seven letters A to Z and digits, such as UBSK7.")
    if _is_digits(sign):
        raise InvalidIdentifier(text, "A call sign has at least one letter; digits alone may be an MMSI or IMO number.")
    return sign


def parse_unlocode(text: str) -> str:
    """Return a UN/LOCODE as five characters: two letters for the country, three of A to Z and 2 to 9.

    Raises:
        InvalidIdentifier: it does not have that form. Whether the code exists is not checked.
    """
    code = _compact(text)
    if not _UNLOCODE.fullmatch(code):
        raise InvalidIdentifier(
            text, "A UN/LOCODE is two letters for the country and three letters or digits 2 to 9, such as CN ZOS."
        )
    return code


def show_unlocode(code: str) -> str:
    """Return a UN/LOCODE as it is printed: CN ZOS."""
    return f"{code[:2]} {code[2:]}" if len(code) == 5 else code
