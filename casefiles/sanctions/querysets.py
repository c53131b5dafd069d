"""Questions about designations."""

from typing import Self

from django.db.models import Q

from casefiles.access.querysets import VisibleQuerySet
from casefiles.core.folding import fold
from casefiles.evidence.querysets import AssertionQuerySet


class AuthorityQuerySet(VisibleQuerySet):
    def matching(self, text: str) -> Self:
        return self.filter(Q(name_key__contains=fold(text)) | Q(short_name__icontains=text)).order_by("name_key", "pk")


class ProgrammeQuerySet(VisibleQuerySet):
    def matching(self, text: str) -> Self:
        return self.filter(Q(name_key__contains=fold(text)) | Q(key__icontains=text)).order_by("key", "pk")


class DesignationQuerySet(AssertionQuerySet):
    def with_targets(self) -> Self:
        return self.select_related("assertion", "authority", "programme", "vessel", "organisation", "person")
