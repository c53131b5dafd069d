"""What forms about a case share: their widgets, and pickers that offer what the case holds."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from casefiles.cases.models import (
    Case,
    Claim,
    Exhibit,
)
from casefiles.cases.references import read_reference
from casefiles.cases.selectors.naming import name_of, record_named
from casefiles.core.forms import Form, RecordField
from casefiles.evidence.locators import Locator, NotALocator, parse_locator

LOCATOR_HELP = _("“p. 4”, “para 9”, “00:01:12”, “rows 3-9”; empty for the whole item.")
EXHIBIT_HELP = _("Its number, or words from its title; “E-03 p. 4” also says where in it.")


def area(rows: int = 3, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", **attrs})


def line(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"dir": "auto", **attrs})


def optional(choices: type[TextChoices], empty: Any) -> list[tuple[str, Any]]:
    return [("", empty), *choices.choices]


class AboutForm(Form):
    """What is said or to be done about the record of a case that `about` names; about the case where it names none."""

    about = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case

    def clean_about(self) -> Any:
        typed = self.cleaned_data["about"]
        if not typed:
            return self.case
        name = name_of(typed)
        record = record_named(self.case, name, self.user) if name else None
        if record is None:
            raise ValidationError(now("There is no such record in this case."))
        return record


class OfCase(Form):
    """A form about one case: its pickers offer what that case holds, and what they create is for its circle."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        for field in self.fields.values():
            if isinstance(field, ExhibitField | ClaimField):
                field.within(case)
            elif isinstance(field, RecordField) and field.create_url:
                field.create_url = f"{reverse(field.create_url)}?case={case.pk}"

    def clean(self) -> dict[str, Any]:
        """Take the place that was written behind the exhibit, where the field for it was left empty."""
        cleaned = super().clean() or self.cleaned_data
        exhibit = self.fields.get("exhibit")
        place = exhibit.place if isinstance(exhibit, ExhibitField) else ""
        if place and "locator" in cleaned:
            typed = cleaned["locator"].strip()
            if typed and parse_or_none(typed) != parse_or_none(place):
                words = now("Behind the exhibit stands “%(place)s”, and here another place: leave one of them.")
                self.add_error("locator", words % {"place": place})
            cleaned["locator"] = typed or place
        return cleaned


def parse_or_none(text: str) -> Locator | None:
    try:
        return parse_locator(text)
    except NotALocator:
        return None


class ExhibitField(RecordField):
    """One of the case's exhibits, by number or words; "E-03 p. 4" also says where in it, which `place` holds then."""

    def __init__(self, **kwargs: Any) -> None:
        self.place = ""
        super().__init__(model=Exhibit, suggest_url="", **kwargs)

    def clean(self, value: Any) -> Any:
        text = str((value or [""])[0] or "")
        reference = read_reference(text)
        self.place = reference.place if reference else ""
        return super().clean(value)

    def within(self, case: Case) -> None:
        self.suggest_url = reverse("cases:exhibit_suggest", args=[case.pk])
        self.narrow = lambda rows: rows.filter(case=case)


class ClaimField(RecordField):
    """One of the case's claims, by number or words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(model=Claim, suggest_url="", **kwargs)

    def within(self, case: Case) -> None:
        self.suggest_url = reverse("cases:claim_suggest", args=[case.pk])
        self.narrow = lambda rows: rows.filter(case=case)
