"""Questions about designations, lists and instruments."""

from casefiles.sanctions.querysets.designations import AuthorityQuerySet, DesignationQuerySet, ProgrammeQuerySet
from casefiles.sanctions.querysets.instruments import ElementQuerySet, InstrumentQuerySet, ProvisionQuerySet
from casefiles.sanctions.querysets.lists import EditionQuerySet, EntryQuerySet

__all__ = [
    "AuthorityQuerySet",
    "DesignationQuerySet",
    "EditionQuerySet",
    "ElementQuerySet",
    "EntryQuerySet",
    "InstrumentQuerySet",
    "ProgrammeQuerySet",
    "ProvisionQuerySet",
]
