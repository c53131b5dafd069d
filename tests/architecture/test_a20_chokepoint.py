"""A20: what answers requests reads rows through the chokepoint. Breaks if a view asks a model for its rows itself."""

import pytest

from tests.architecture.source import ROOT, python_files, reaches_past_the_chokepoint

# Everything that faces a person. Actions, querysets, models and the audit log stand behind the chokepoint.
FACING = ("views", "forms", "filters", "tables", "resources", "admin", "templatetags")

# What is not bound to any case, or is the record of what was done, whose readers have asked before.
ALLOWED = {
    "casefiles/audit/selectors.py",
    "casefiles/access/selectors.py",
    "casefiles/accounts/admin.py",
    "casefiles/accounts/selectors.py",
}


HELD = [path for path in python_files(*FACING) if str(path.relative_to(ROOT)) not in ALLOWED]


@pytest.mark.parametrize("path", HELD, ids=[str(path.relative_to(ROOT)) for path in HELD])
def test_a20_rows_are_read_through_visible_to(path):
    assert reaches_past_the_chokepoint(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("planted", "is_caught"),
    [
        ("Case.objects.get(pk=1)", True),
        ("Case.objects.filter(title='x')", True),
        ("rows = Case.objects\nrows.all()", True),
        ("Case._base_manager.all()", True),
        ("connection.cursor()", True),
        ("Case.objects.visible_to(user)", False),
        ("(\n    Case.objects\n    .visible_to(user)\n)", False),
    ],
)
def test_a20_a_planted_line_is_caught(planted, is_caught):
    assert bool(reaches_past_the_chokepoint(planted)) is is_caught
