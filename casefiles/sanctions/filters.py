"""What the lists of designations and instruments can be narrowed by."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.sanctions.models import Authority, Designation, Instrument, Programme

TARGETS = [("vessel", _("vessel")), ("organisation", _("organisation")), ("person", _("person"))]


def authorities(request: Any) -> Any:
    return Authority.objects.visible_to(request.user).current().order_by("name_key", "pk")


class WordsFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name or short name"), max_length=200, method="matching")

    def matching(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)


class AuthorityFilter(WordsFilter):
    class Meta:
        model = Authority
        fields: tuple[str, ...] = ()


class ProgrammeFilter(WordsFilter):
    authority = django_filters.ModelChoiceFilter(label=_("Authority"), queryset=authorities, empty_label=_("any"))

    class Meta:
        model = Programme
        fields: tuple[str, ...] = ()


class DesignationFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=_("Target, list number or text"), max_length=200, method="with_text")
    authority = django_filters.ModelChoiceFilter(label=_("Authority"), queryset=authorities, empty_label=_("any"))
    programme = django_filters.CharFilter(label=_("Programme"), max_length=200, method="under_programme")
    target = django_filters.ChoiceFilter(label=_("Target"), choices=TARGETS, empty_label=_("any"), method="of_kind")
    on = django_filters.DateFilter(
        label=_("In force, or possibly, on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        method="possibly_in_force_on",
    )

    class Meta:
        model = Designation
        fields: tuple[str, ...] = ()

    def with_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_text(value)

    def under_programme(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.under_programme(value)

    def of_kind(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.of_kind(value)

    def possibly_in_force_on(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.possibly_in_force_on(value)


class InstrumentFilter(WordsFilter):
    q = django_filters.CharFilter(label=_("Symbol or name"), max_length=200, method="matching")
    authority = django_filters.ModelChoiceFilter(label=_("Authority"), queryset=authorities, empty_label=_("any"))

    class Meta:
        model = Instrument
        fields: tuple[str, ...] = ()
