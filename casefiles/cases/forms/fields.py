"""What forms about a case share: their widgets, and pickers that offer what the case holds."""

from typing import Any

from django import forms
from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casefiles.cases.models import (
    Case,
    Claim,
    Exhibit,
)
from casefiles.core.forms import Form, RecordField

LOCATOR_HELP = _("“p. 4”, “para 9”, “00:01:12”, “rows 3-9”; empty for the whole item.")


def area(rows: int = 3, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", **attrs})


def line(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"dir": "auto", **attrs})


def optional(choices: type[TextChoices], empty: Any) -> list[tuple[str, Any]]:
    return [("", empty), *choices.choices]


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


class ExhibitField(RecordField):
    """One of the case's exhibits, by number or words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(model=Exhibit, suggest_url="", **kwargs)

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
