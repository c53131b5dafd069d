"""Questions about anchors: what matches a name or number that somebody types."""

import re
from math import cos, radians
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
    def around(self, latitude: float, longitude: float, *, within_nm: float) -> Self:
        """Return places in the rectangle that holds everything within a distance; the corners lie further away."""
        reach = within_nm / 60
        rows = self.filter(latitude__range=(latitude - reach, latitude + reach), longitude__isnull=False)
        # Towards the poles degrees of longitude become short; around a pole all of them are near.
        furthest = abs(latitude) + reach
        wide = reach / cos(radians(furthest)) if furthest < 90 else 180
        if wide >= 180:
            return rows
        west, east = longitude - wide, longitude + wide
        across = Q(longitude__range=(west, east))
        if west < -180:
            across |= Q(longitude__gte=west + 360)
        if east > 180:
            across |= Q(longitude__lte=east - 360)
        return rows.filter(across)

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
