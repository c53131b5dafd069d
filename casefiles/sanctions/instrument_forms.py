"""Forms for instruments, their provisions and elements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.core.forms import Form, MomentField, RecordField
from casefiles.sanctions.models import Authority, DutyBearer, Verb

READ_HELP = _("The document, and where it lies: “S/RES/2397 (2017), English, undocs.org”.")


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class ReadForm(Form):
    """Where it was read, and whether that was the instrument itself. Until it was, pages mark it “to verify”."""

    summary = forms.CharField(
        label=_("Summary"), required=False, max_length=10_000, widget=area(), help_text=_("In our own words.")
    )
    read_in = forms.CharField(label=_("Where it was read"), required=False, max_length=300, help_text=READ_HELP)
    is_verified = forms.BooleanField(label=_("Read in its primary text by whoever saves this"), required=False)


class InstrumentEditForm(ReadForm):
    """What may change of an instrument; its authority never does."""

    key = forms.CharField(label=_("Symbol"), max_length=40, help_text=_("As it is cited: “S/RES/2397”."))
    name = forms.CharField(label=_("Name"), max_length=300)
    adopted = MomentField(label=_("Adopted"), required=False)
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")

    field_order = ("authority", "key", "name", "adopted", "url", "summary", "read_in", "is_verified")


class InstrumentForm(InstrumentEditForm):
    authority = RecordField(
        model=Authority,
        suggest_url="sanctions:authority_suggest",
        create_url="sanctions:authority_add",
        label=_("Authority"),
    )


class ProvisionForm(ReadForm):
    paragraph = forms.CharField(
        label=_("Paragraph"), max_length=20, required=False, help_text=_("“12”; empty until it is known.")
    )
    title = forms.CharField(label=_("What it asks for"), max_length=200, help_text=_("“Inspect vessels in port”."))
    bearer = forms.ChoiceField(
        label=_("Who is bound"),
        choices=DutyBearer.choices,
        help_text=_("A paragraph that binds two kinds is two provisions."),
    )
    verb = forms.ChoiceField(label=_("Verb"), required=False, choices=[("", _("not known yet")), *Verb.choices])
    trigger = forms.CharField(label=_("What sets it off"), max_length=500, required=False)

    field_order = ("paragraph", "title", "bearer", "verb", "trigger", "summary", "read_in", "is_verified")


class ElementForm(Form):
    text = forms.CharField(
        label=_("Element"),
        max_length=500,
        widget=area(2),
        help_text=_("One thing that must hold, so that claims can show it: “The vessel lay in a port of the State.”"),
    )
    position = forms.IntegerField(
        label=_("Place in the order"), required=False, min_value=1, max_value=99, help_text=_("Empty puts it last.")
    )


class ElementEditForm(ElementForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].required = True
        self.fields["position"].help_text = ""
