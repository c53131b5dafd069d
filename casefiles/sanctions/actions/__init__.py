"""Every change to authorities, programmes and designations, and what becomes of list files."""

from casefiles.sanctions.actions.designations import (
    add_authority,
    add_designation,
    add_programme,
    change_authority,
    change_designation,
    change_programme,
    in_list_order,
)

__all__ = [
    "add_authority",
    "add_designation",
    "add_programme",
    "change_authority",
    "change_designation",
    "change_programme",
    "in_list_order",
]
