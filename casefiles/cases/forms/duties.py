"""What people type about the duties of a case."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from casefiles.cases.forms.fields import OfCase, area
from casefiles.cases.models import Claim, Finding
from casefiles.core.countries import country_choices
from casefiles.core.forms import Form, RecordField
from casefiles.registry.models import Organisation
from casefiles.sanctions.models import Element, Provision


class DutyForm(OfCase):
    """A provision, and whom it would bind."""

    provision = RecordField(
        model=Provision,
        suggest_url="sanctions:provision_suggest",
        narrow=lambda rows: rows.standing().select_related("instrument"),
        label=_("Provision"),
        help_text=_("By symbol, paragraph or words: “2397 port”."),
    )
    country = forms.ChoiceField(label=_("State"), required=False, help_text=_("Where the provision binds States."))
    organisation = RecordField(
        model=Organisation,
        suggest_url="registry:organisation_suggest",
        create_url="registry:organisation_add",
        label=_("Operator"),
        required=False,
        help_text=_("Where the provision binds operators."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "—"), *country_choices()]  # type: ignore[attr-defined]


class FindingForm(Form):
    """What the claims show of one element. `claims` are those that may be cited, by key."""

    finding = forms.ChoiceField(
        label=_("Finding"), choices=Finding.choices, initial=Finding.UNKNOWN, widget=forms.RadioSelect
    )
    claims = forms.MultipleChoiceField(
        label=_("Claims that show it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without a cited claim a finding can only be unknown."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=area())

    def __init__(self, *args: Any, claims: Mapping[str, Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.citable = claims
        self.fields["claims"].choices = [  # type: ignore[attr-defined]
            (key, f"{claim.label} {claim.text}") for key, claim in claims.items()
        ]

    def clean_claims(self) -> list[Claim]:
        return [self.citable[key] for key in self.cleaned_data["claims"]]


class NewFindingForm(FindingForm):
    """The same of an element on which nothing was found yet. `elements` are those, by key."""

    element = forms.ChoiceField(label=_("Element"))

    field_order = ("element", "finding", "claims", "note")

    def __init__(self, *args: Any, elements: Mapping[str, Element], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.elements = elements
        self.fields["element"].choices = [  # type: ignore[attr-defined]
            (key, element.text) for key, element in elements.items()
        ]
        if not elements:
            self.fields["element"].help_text = now("Each of its elements has a finding already.")

    def clean_element(self) -> Element:
        return self.elements[self.cleaned_data["element"]]
