"""N19: no pattern of the pure modules takes more than linear time on 50 kB of its worst text."""

import re
import time

import pytest

from casefiles.core import geodesy, identifiers
from casefiles.core.moments import NotUnderstood, edtf, fragments, parse_moment, wording

PATTERNS = {
    f"{module.__name__}.{name}": value
    for module in (edtf, fragments, wording, geodesy, identifiers)
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
}
SEEDS = ["0", "1", "9.", "2024-", "-", "2024-02-09t", ":", "x", "A", " ", "0/", "+09", "1,", "°", "utc+"]


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_n19_a_pattern_is_linear_on_fifty_kilobytes(name):
    """Caught by giving any pattern a nested quantifier, such as ([0-9]+)+."""
    pattern = PATTERNS[name]
    for seed in SEEDS:
        text = (seed * 50_000)[:50_000]
        for method in (pattern.fullmatch, pattern.match, pattern.search):
            began = time.process_time()
            method(text + "!")
            assert time.process_time() - began < 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_n19_a_date_of_fifty_kilobytes_is_refused_at_once(seed):
    began = time.process_time()

    with pytest.raises(NotUnderstood):
        parse_moment(seed * 50_000)

    assert time.process_time() - began < 0.1
