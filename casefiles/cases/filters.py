"""What the lists of cases and claims can be narrowed by; every filter stands in the address."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casefiles.cases.models import Case, CaseStatus


class CaseFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="matching", label=_("Title or reference"), max_length=200)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=CaseStatus.choices, empty_label=_("any"))

    class Meta:
        model = Case
        fields: ClassVar = ["q", "status"]

    def matching(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.matching(value)  # type: ignore[attr-defined, no-any-return]
