"""What the lists of evidence can be narrowed by; every filter stands in the address."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casefiles.core.countries import country_choices
from casefiles.core.forms import RecordField
from casefiles.evidence.models import Item, Source
from casefiles.evidence.vocabulary import ItemKind, ItemStatus, Lineage, SourceKind

VOIDED = "voided"


class RecordFilter(django_filters.Filter):
    """Narrows to what names one record, picked or typed."""

    field_class = RecordField


class TextFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="matching", label=_("Words"), max_length=200)

    def matching(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.matching(value)  # type: ignore[attr-defined, no-any-return]


class ItemFilter(TextFilter):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ItemKind.choices, empty_label=_("any"))
    source = RecordFilter(label=_("Source"), model=Source, suggest_url="evidence:source_suggest", help_text="")
    lineage = django_filters.ChoiceFilter(label=_("Lineage"), choices=Lineage.choices, empty_label=_("any"))
    status = django_filters.ChoiceFilter(
        method="by_status",
        label=_("Status"),
        choices=[*ItemStatus.choices, (VOIDED, _("voided"))],
        empty_label=_("any"),
    )

    class Meta:
        model = Item
        fields: ClassVar = ["q", "kind", "source", "lineage", "status"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["source"].user = self.request.user

    def by_status(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == VOIDED:
            return queryset.filter(voided_at__isnull=False)
        return queryset.filter(status=value, voided_at__isnull=True)


class SourceFilter(TextFilter):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=SourceKind.choices, empty_label=_("any"))
    country = django_filters.ChoiceFilter(label=_("Country"), choices=country_choices, empty_label=_("any"))

    class Meta:
        model = Source
        fields: ClassVar = ["q", "kind", "country"]
