"""Worlds for tests, built through the same actions that the pages use.

People are named for their role. A maker takes what matters to the test and fills in the rest.
"""

import itertools
from typing import Any

from casefiles.access import actions as access
from casefiles.access.circles import Circle
from casefiles.access.models import Compartment
from casefiles.access.rules import Role
from casefiles.accounts.models import User

PASSWORD = "a long enough passphrase"

_numbers = itertools.count(1)


def number() -> int:
    """Return a number not given before in this process."""
    return next(_numbers)


# --- People -----------------------------------------------------------------------------------------------------


def user(username: str = "", **fields: Any) -> User:
    name = username or f"person{number()}"
    account = User(username=name, display_name=name.capitalize(), **fields)
    account.set_password(PASSWORD)
    account.save()
    return account


def lead(username: str = "") -> User:
    """Return somebody who may open cases."""
    return user(username or f"lead{number()}", may_open_cases=True)


def circle(lead: User, **members: User) -> Compartment:
    """Return a compartment led by `lead`; keywords name roles: `circle(lead, viewer=somebody)`."""
    compartment = access.open_compartment(name=f"Circle {number()}", by=lead)
    for role, member in members.items():
        access.set_role(compartment=compartment, user=member, role=Role(role), by=lead)
    return compartment


def restricted_to(compartment: Compartment) -> Circle:
    return Circle(compartments=(compartment,))


# --- Registry ---------------------------------------------------------------------------------------------------


def imo_number(serial: int | None = None) -> str:
    """Return a valid IMO ship number that no other call of this process returned."""
    stem = f"{(serial if serial is not None else number()) % 900000 + 100000:06d}"
    check = sum(int(digit) * weight for digit, weight in zip(stem, range(7, 1, -1), strict=True)) % 10
    return f"{stem}{check}"
