"""What the list of tasks can be narrowed by."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from casefiles.cases.models import Task, TaskStatus
from casefiles.core.folding import fold

WHOSE = (("mine", _("mine")), ("nobody", _("nobody's")))


class TaskFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=_("Text"), max_length=200, method="with_text")
    whose = django_filters.ChoiceFilter(label=_("Whose"), choices=WHOSE, empty_label=_("everybody's"), method="of")
    status = django_filters.ChoiceFilter(label=_("Status"), choices=TaskStatus.choices, empty_label=_("any"))

    class Meta:
        model = Task
        fields: tuple[str, ...] = ()

    def with_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(title_key__contains=fold(value))

    def of(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(assignee=self.request.user if value == "mine" else None)
