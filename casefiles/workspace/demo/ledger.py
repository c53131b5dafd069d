"""What the demo case says beside its claims: which rests on which, and where nothing was found."""

from collections.abc import Callable
from typing import Any

from casefiles.accounts.models import User
from casefiles.cases import actions as cases
from casefiles.cases.models import Case
from casefiles.core.moments import Period, parse_moment


def reason_about(case: Case, data: dict[str, Any], *, by: User, named: Callable[[str, str], Any]) -> None:
    """Say what claims rest on (`rests_on` of a claim), and record the lookups; both name claims by their keys."""
    for row in data["claims"]:
        for key in row.get("rests_on", []):
            cases.add_dependence(named("claim", row["key"]), by=by, rests_on=named("claim", key))
    for row in data["lookups"]:
        start, end = (parse_moment(row[name]) if name in row else None for name in ("start", "end"))
        cases.add_lookup(
            case,
            by=by,
            searched=row["searched"],
            result=row["result"],
            period=Period(start=start, end=end, end_kind="dated" if end else "unknown"),
            note=row.get("note", ""),
            claims=[named("claim", key) for key in row["claims"]],
        )
