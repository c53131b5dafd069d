"""Questions about anchors: what matches a name or number that somebody types."""

import re
from typing import Self

from django.db.models import Exists, OuterRef, Q

from casefiles.access.querysets import VisibleQuerySet
from casefiles.core.folding import fold


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


class VesselQuerySet(VisibleQuerySet):
    def matching(self, text: str) -> Self:
        """Return vessels whose name contains, or whose IMO number begins with, what was typed."""
        number = digits(text)
        key = fold(text)
        condition = Q(display_name_key__contains=key) | Q(open_names_key__contains=key)
        if len(number) >= 3:
            condition |= Q(imo_number__startswith=number)
        return self.filter(condition).order_by("display_name_key", "pk")


class _NamedQuerySet(VisibleQuerySet):
    def matching(self, text: str) -> Self:
        """Return records whose name contains what was typed, folded."""
        return self.filter(name_key__contains=fold(text)).order_by("name_key", "pk")


class OrganisationQuerySet(_NamedQuerySet):
    def matching(self, text: str) -> Self:
        condition = Q(name_key__contains=fold(text))
        number = digits(text)
        if len(number) >= 3:
            condition |= Q(imo_company_number__startswith=number)
        return self.filter(condition).order_by("name_key", "pk")


class PersonQuerySet(_NamedQuerySet):
    pass


class PlaceQuerySet(_NamedQuerySet):
    def matching(self, text: str) -> Self:
        """Also by UN/LOCODE and by a place's other names."""
        names = self.model._meta.get_field("other_names").related_model  # PlaceName; the models import this module.
        code = re.sub(r"\s", "", text).upper()
        key = fold(text)
        other = names._base_manager.filter(place_id=OuterRef("pk"), name_key__contains=key, voided_at__isnull=True)
        condition = Q(name_key__contains=key) | Q(Exists(other))
        if 2 <= len(code) <= 5:
            condition |= Q(unlocode__startswith=code)
        return self.filter(condition).order_by("name_key", "pk")
