"""What the list of statements can be narrowed by."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from casefiles.core.countries import country_choices
from casefiles.statements.models import Statement

MANNERS = [("direct", _("word for word")), ("reported", _("reported"))]


class StatementFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=_("Words"), max_length=200, method="with_words")
    speaker = django_filters.CharFilter(label=_("Speaker"), max_length=200, method="by_speaker")
    organisation = django_filters.CharFilter(label=_("Speaking for"), max_length=200, method="by_organisation")
    state = django_filters.ChoiceFilter(label=_("State"), choices=country_choices, empty_label=_("any"))
    manner = django_filters.ChoiceFilter(
        label=_("Direct or reported"), choices=MANNERS, empty_label=_("any"), method="in_manner"
    )

    class Meta:
        model = Statement
        fields: tuple[str, ...] = ()

    def with_words(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_words(value)

    def by_speaker(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.by_speaker_matching(value)

    def by_organisation(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.by_organisation_matching(value)

    def in_manner(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(is_reported=value == "reported")
