"""Where a position on a claim changed: only between two dates that leave no doubt."""

import pytest

from casefiles.cases.positions import Position, changes_of
from casefiles.core.moments import parse_moment


def position(stance, said, claim="C-01"):
    return Position(claim, stance, parse_moment(said) if said else None, f"{said} {stance}")


@pytest.mark.parametrize(
    ("taken", "changed"),
    [
        ([], []),
        ([("denies", "2024-02-01")], []),
        ([("denies", "2024-02-01"), ("denies", "2024-03-01")], []),
        ([("denies", "2024-02-01"), ("confirms", "2024-03-01")], [("2024-02-01 denies", "2024-03-01 confirms")]),
        ([("confirms", "2024-03-01"), ("denies", "2024-02-01")], [("2024-02-01 denies", "2024-03-01 confirms")]),
        ([("denies", "2024-02"), ("confirms", "2024-02-14")], []),
        ([("denies", "2024-02-01"), ("confirms", "2024-02-01")], []),
        ([("denies", ""), ("confirms", "2024-02-01")], []),
        ([("denies", "2024-02-01"), ("not addressed", "2024-03-01"), ("denies", "2024-04-01")], []),
        (
            [("denies", "2024-02-01"), ("not addressed", "2024-03-01"), ("confirms", "2024-04-01")],
            [("2024-02-01 denies", "2024-04-01 confirms")],
        ),
        (
            [("denies", "2024-02-01"), ("confirms", "2024-03-01"), ("denies", "2024-04-01")],
            [("2024-02-01 denies", "2024-03-01 confirms"), ("2024-03-01 confirms", "2024-04-01 denies")],
        ),
        ([("denies", "2024-02-01"), ("confirms", "2024-02"), ("denies", "2024-03-01")], []),
    ],
)
def test_a_position_changes_between_two_certain_dates(taken, changed):
    found = changes_of(position(*one) for one in taken)

    assert [(one.earlier.statement, one.later.statement) for one in found] == changed


def test_what_is_said_of_another_claim_changes_nothing():
    assert changes_of([position("denies", "2024-02-01"), position("confirms", "2024-03-01", claim="C-02")]) == []
