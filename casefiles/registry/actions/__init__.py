"""Every change to anchors, and every judgement on whether two of them are one."""

from casefiles.registry.actions.anchors import (
    AlreadyRegistered,
    WouldBeOpen,
    add_organisation,
    add_person,
    add_place,
    add_place_name,
    add_ports,
    add_vessel,
    change_organisation,
    change_person,
    change_place,
    change_place_name,
    change_vessel,
)
from casefiles.registry.actions.judgements import change_judgement, judge, restore_judgement

__all__ = [
    "AlreadyRegistered",
    "WouldBeOpen",
    "add_organisation",
    "add_person",
    "add_place",
    "add_place_name",
    "add_ports",
    "add_vessel",
    "change_judgement",
    "change_organisation",
    "change_person",
    "change_place",
    "change_place_name",
    "change_vessel",
    "judge",
    "restore_judgement",
]
