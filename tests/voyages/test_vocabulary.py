"""What the codes that ships send mean, in words: checked against the table of reference, row by row."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from casefiles.voyages.vocabulary import STATUSES, ship_type_words

# Where the table's words are not the plainest ones.
OTHERWISE = {
    "Wing": "wing in ground craft",
    "High": "high speed craft",
    "Other": "ship of another type",
    "Spare": "local vessel",
    "Noncombatant": "no party to the conflict",
}


def rows(file: Path) -> Iterator[tuple[int, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            # Two lines at its end are of another table.
            if "|" in row["meaning"]:
                continue
            first, _dash, last = row["code"].partition("-")
            for code in range(int(first), int(last or first) + 1):
                yield code, row["meaning"]


def test_every_ship_type_says_what_the_table_says(shared_data: Path) -> None:
    wrong = []
    for code, meaning in rows(shared_data / "rules" / "ais_ship_type.csv"):
        words = ship_type_words(str(code))
        first = meaning.split()[0].strip(",:")
        if OTHERWISE.get(first, first.lower()) not in words:
            wrong.append((code, meaning, words))
        for mark in ("category A", "category B", "category C", "category D", "reserved"):
            if (mark.lower() in meaning.lower()) != (mark.lower() in words.lower()):
                wrong.append((code, meaning, words))

    assert wrong == []


def test_every_status_has_words(shared_data: Path) -> None:
    assert sorted(STATUSES) == [code for code, _meaning in rows(shared_data / "rules" / "ais_nav_status.csv")]


@pytest.mark.parametrize(
    ("broadcast", "words"),
    [
        ("70", "cargo ship"),
        (" 79 ", "cargo ship"),
        ("84", "tanker, hazardous cargo, category D"),
        ("65", "passenger ship, reserved"),
        ("52", "tug"),
        ("38", "reserved"),
        ("0", "not available"),
        ("007", "reserved"),
        ("100", ""),
        ("1004", ""),
        ("Cargo", ""),
        ("-1", ""),
        ("", ""),
        ("７０", ""),
    ],
)
def test_a_code_is_told_in_words_and_nothing_else_is(broadcast: str, words: str) -> None:
    assert ship_type_words(broadcast) == words
