"""Every change to authorities, programmes, designations and instruments, and what becomes of list files."""

from casefiles.sanctions.actions.designations import (
    add_authority,
    add_designation,
    add_programme,
    change_authority,
    change_designation,
    change_programme,
    in_list_order,
)
from casefiles.sanctions.actions.instruments import (
    add_element,
    add_instrument,
    add_provision,
    change_element,
    change_instrument,
    change_provision,
    load_instruments,
)

__all__ = [
    "add_authority",
    "add_designation",
    "add_element",
    "add_instrument",
    "add_programme",
    "add_provision",
    "change_authority",
    "change_designation",
    "change_element",
    "change_instrument",
    "change_programme",
    "change_provision",
    "in_list_order",
    "load_instruments",
]
