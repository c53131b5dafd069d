"""Questions about designations."""

import datetime
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

    def with_text(self, text: str) -> Self:
        """Return designations whose target, number on the list or grounds contain what was typed."""
        key = fold(text)
        condition = Q(list_entry_key__contains=key) | Q(grounds__icontains=text)
        condition |= Q(vessel__display_name_key__contains=key) | Q(vessel__open_names_key__contains=key)
        condition |= Q(organisation__name_key__contains=key) | Q(person__name_key__contains=key)
        digits = "".join(character for character in text if character.isdigit())
        if len(digits) >= 3:
            condition |= Q(vessel__imo_number__startswith=digits)
        return self.filter(condition)

    def under_programme(self, text: str) -> Self:
        """Return designations under a programme whose key or name contains what was typed."""
        return self.filter(Q(programme__key__icontains=text) | Q(programme__name_key__contains=fold(text)))

    def of_kind(self, kind: str) -> Self:
        """Return designations of a vessel, an organisation or a person."""
        return self.filter(**{f"{kind}__isnull": False})

    def possibly_in_force_on(self, day: datetime.date) -> Self:
        """Leave out what certainly began after `day` or ended before it."""
        begun = Q(in_force_earliest__lte=day) | Q(in_force_earliest__isnull=True)
        not_ended = Q(ended_latest__gte=day) | Q(ended_latest__isnull=True)
        # Where only the announcement is dated, it was not in force before that.
        announced = ~Q(in_force_edtf="") | Q(announced_earliest__lte=day) | Q(announced_earliest__isnull=True)
        return self.filter(begun & not_ended & announced)
