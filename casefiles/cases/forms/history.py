"""What the history of a case is narrowed by."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.core.forms import Form


class HistoryFilterForm(Form):
    """`people` are those who may have done something, by key; `kinds` what it may have been done to, by its word."""

    who = forms.ChoiceField(label=_("By"), required=False)
    what = forms.ChoiceField(label=_("About"), required=False)

    def __init__(
        self, *args: Any, people: Iterable[tuple[str, str]], kinds: Mapping[str, tuple[Any, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(word, label) for word, (label, _kinds) in kinds.items()]
        self.fields["who"].choices = [("", _("anybody")), *people]  # type: ignore[attr-defined]
        self.fields["what"].choices = [("", _("anything")), *named]  # type: ignore[attr-defined]
