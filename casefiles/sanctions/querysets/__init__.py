"""Questions about designations and lists."""

from casefiles.sanctions.querysets.designations import AuthorityQuerySet, DesignationQuerySet, ProgrammeQuerySet
from casefiles.sanctions.querysets.lists import EditionQuerySet, EntryQuerySet

__all__ = ["AuthorityQuerySet", "DesignationQuerySet", "EditionQuerySet", "EntryQuerySet", "ProgrammeQuerySet"]
