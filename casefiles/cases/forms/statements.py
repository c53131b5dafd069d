"""What people type about statements and the stances they take."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from casefiles.cases.forms.fields import LOCATOR_HELP, ExhibitField, OfCase, area, line, optional
from casefiles.cases.models import (
    StanceKind,
)
from casefiles.core.countries import country_choices
from casefiles.core.forms import Form, MomentField, RecordField
from casefiles.registry.models import Organisation, Person
from casefiles.statements.models import Statement


class StatementForm(OfCase):
    """What somebody said, where it stands, and what it says of each claim."""

    exhibit = ExhibitField(label=_("Exhibit"), help_text=_("Where it was said or reported."))
    locator = forms.CharField(label=_("Where in it"), required=False, max_length=200, help_text=LOCATOR_HELP)
    speaker = RecordField(
        model=Person,
        label=_("Person"),
        suggest_url="registry:person_suggest",
        create_url="registry:person_add",
        required=False,
    )
    organisation = RecordField(
        model=Organisation,
        label=_("Organisation"),
        suggest_url="registry:organisation_suggest",
        create_url="registry:organisation_add",
        required=False,
    )
    speaker_text = forms.CharField(
        label=_("Speaker as named"),
        required=False,
        max_length=300,
        widget=line(),
        help_text=_("Where nobody is named: “a spokesperson”."),
    )
    office = forms.CharField(label=_("Office"), required=False, max_length=300, widget=line())
    state = forms.ChoiceField(label=_("State"), required=False)
    forum = forms.CharField(
        label=_("Forum"), required=False, max_length=300, widget=line(), help_text=_("A briefing, an interview.")
    )
    said = MomentField(label=_("Said"), required=False, help_text="")
    language = forms.CharField(
        label=_("Language"), required=False, max_length=12, initial="en", help_text=_("As a code: “en”, “ru”, “ko”.")
    )
    text = forms.CharField(label=_("Words"), max_length=20_000, widget=area(4))
    is_reported = forms.BooleanField(
        label=_("Reported speech: somebody else's account, not a direct quote"), required=False
    )
    translation = forms.CharField(label=_("Translation into English"), required=False, max_length=20_000, widget=area())

    def __init__(self, *args: Any, claims: Iterable[tuple[str, str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "—"), *country_choices()]  # type: ignore[attr-defined]
        self.claims = {key: claim for key, _label, claim in claims}
        for key, label, _claim in claims:
            self.fields[key] = forms.ChoiceField(label=label, required=False, choices=optional(StanceKind, "—"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not {"speaker", "organisation"} & set(self.errors) and not any(
            cleaned.get(name) for name in ("speaker", "organisation", "speaker_text")
        ):
            self.add_error(
                "speaker", now("Say who spoke: a person, an organisation, or the speaker as named in the source.")
            )
        cleaned["stances"] = {claim: cleaned.pop(key, "") for key, claim in self.claims.items()}
        return cleaned

    @cached_property
    def field_groups(self) -> list[dict[str, Any]]:
        words = ["text", "is_reported", "translation"]
        where = ["exhibit", "locator"]
        who = ["speaker", "organisation", "speaker_text", "office", "state", "forum", "said", "language"]
        return [
            {"legend": "", "fields": [self[name] for name in where]},
            {"legend": _("Who spoke"), "fields": [self[name] for name in who]},
            {"legend": _("What was said"), "fields": [self[name] for name in words]},
        ]

    @property
    def stance_fields(self) -> list[forms.BoundField]:
        return [self[key] for key in self.claims]


class ExistingStatementForm(OfCase):
    statement = RecordField(
        model=Statement,
        label=_("Statement"),
        suggest_url="statements:statement_suggest",
        help_text=_("One that you may see; its speaker, or words from it."),
    )


class StancesForm(Form):
    """What a statement says of each claim."""

    def __init__(self, *args: Any, claims: Iterable[tuple[str, str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claims = {key: claim for key, _label, claim in claims}
        for key, label, _claim in claims:
            self.fields[key] = forms.ChoiceField(label=label, required=False, choices=optional(StanceKind, "—"))

    @property
    def stance_fields(self) -> list[forms.BoundField]:
        return [self[key] for key in self.claims]
