"""The form with which an item is cited for anything that is asserted."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.core.forms import Form, RecordField
from casefiles.evidence.models import Item
from casefiles.evidence.vocabulary import CitationStance


class CiteForm(Form):
    """`abouts` names the values of the record that a citation may show on their own, as (field, label)."""

    item = RecordField(
        model=Item,
        suggest_url="evidence:item_suggest",
        create_url="evidence:item_add",
        label=_("Item"),
    )
    stance = forms.ChoiceField(
        label=_("Stance"), choices=CitationStance.choices, initial=CitationStance.SUPPORTS, widget=forms.RadioSelect
    )
    about = forms.ChoiceField(label=_("What it shows"), required=False)
    locator = forms.CharField(
        label=_("Where in it"),
        max_length=200,
        required=False,
        help_text=_("“p. 4”, “para 9”, “00:01:12”, “rows 3-9”; empty for the whole item."),
    )
    quote = forms.CharField(
        label=_("Quote, in the original language"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    quote_language = forms.CharField(
        label=_("Language of the quote"), max_length=12, required=False, help_text=_("As a code: “en”, “ru”, “ko”.")
    )
    translation = forms.CharField(
        label=_("Translation"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, abouts: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if abouts:
            self.fields["about"].choices = [("", _("the record as a whole")), *abouts]  # type: ignore[attr-defined]
        else:
            del self.fields["about"]
