"""What the entries of an edition can be narrowed by."""

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.core.folding import fold
from casefiles.sanctions.models import ListEntry
from casefiles.sanctions.models.lists import EntryKind


class EntryFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=_("Name or number"), max_length=200, method="with_text")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=EntryKind.choices, empty_label=_("any"))

    class Meta:
        model = ListEntry
        fields: tuple[str, ...] = ()

    def with_text(self, queryset: Any, name: str, value: str) -> Any:
        digits = "".join(character for character in value if character.isdigit())
        condition = Q(names_key__contains=fold(value)) | Q(list_id=value.strip())
        if len(digits) == 7:
            condition |= Q(imo_number=digits) | Q(company_number=digits)
        return queryset.filter(condition)
