"""What people type about a case. The actions decide; here every mistake is explained at its field."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from casefiles.access.rules import Role
from casefiles.cases.models import (
    Case,
    CaseStatus,
    Claim,
    ClaimKind,
    Confidence,
    Exhibit,
    Likelihood,
    Outcome,
    StanceKind,
)
from casefiles.cases.standing import Standing
from casefiles.cases.vocabulary import ReportLineage
from casefiles.core.countries import country_choices
from casefiles.core.forms import Form, MomentField, RecordField
from casefiles.evidence.models import Item, Source
from casefiles.evidence.uploads import UploadForm
from casefiles.evidence.vocabulary import CitationStance, DerivationKind, Tlp
from casefiles.registry.models import Organisation, Person, Place, Vessel
from casefiles.statements.models import Statement

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


class OpenCaseForm(Form):
    title = forms.CharField(label=_("Title"), max_length=300, widget=line(autofocus=True))
    question = forms.CharField(
        label=_("Question"),
        required=False,
        max_length=10_000,
        widget=area(),
        help_text=_("What this case sets out to answer."),
    )
    handling = forms.ChoiceField(label=_("Handling"), choices=Tlp.choices, initial=Tlp.AMBER)
    opened_on = forms.DateField(
        label=_("Opened on"),
        required=False,
        help_text=_("As 2024-04-25; empty means today."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class EditCaseForm(OpenCaseForm):
    status = forms.ChoiceField(label=_("Status"), choices=CaseStatus.choices)
    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        max_length=100_000,
        widget=area(12),
        help_text=_("Markdown. Cite with [[E-03]], [[E-03 p.4]], [[C-01]] or [[S-02]]."),
    )

    field_order = ("title", "question", "summary", "status", "handling", "opened_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_on"].required = True
        self.fields["opened_on"].help_text = ""


class ClaimForm(OfCase):
    text = forms.CharField(
        label=_("Claim"),
        max_length=2000,
        widget=area(autofocus=True),
        help_text=_("One assertion, so that one citation can carry it."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ClaimKind.choices, widget=forms.RadioSelect, initial="fact")
    occurred = MomentField(label=_("When"), required=False)
    place = RecordField(
        model=Place,
        label=_("Where"),
        suggest_url="registry:place_suggest",
        create_url="registry:place_add",
        required=False,
    )
    likelihood = forms.ChoiceField(
        label=_("Likelihood"), choices=optional(Likelihood, _("not assessed")), required=False
    )
    confidence = forms.ChoiceField(
        label=_("Confidence"),
        choices=optional(Confidence, _("not assessed")),
        required=False,
        help_text=_("In the evidence, not in the event: kept apart from the likelihood."),
    )
    rationale = forms.CharField(label=_("Why this confidence"), required=False, max_length=10_000, widget=area())
    is_key = forms.BooleanField(label=_("Key judgement: stands at the front of the dossier"), required=False)


class OutcomeForm(Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=5000,
        widget=area(),
        help_text=_("Needed to withdraw or refute; it stays with the claim."),
    )


class CitingForm(OfCase):
    """Cites an exhibit on a claim. The page knows one of the two; the form asks for the other, with the focus on it.

    Not `is_next_step`: it stands on a page that somebody came to read.
    """

    claim = ClaimField(label=_("Claim"), help_text=_("Its number, or words from it."))
    exhibit = ExhibitField(label=_("Exhibit"), help_text=_("Its number, or words from its title."))
    locator = forms.CharField(label=_("Where in it"), required=False, max_length=200, help_text=LOCATOR_HELP)
    quote = forms.CharField(
        label=_("Quote, in the original language"), required=False, max_length=10_000, widget=line(**{"data-wide": ""})
    )
    stance = forms.ChoiceField(
        label=_("Stance"),
        choices=CitationStance.choices,
        initial=CitationStance.SUPPORTS,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, known: str, is_next_step: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields[known]
        if is_next_step:
            asked = self.fields["claim" if known == "exhibit" else "exhibit"]
            asked.widget.widgets[0].attrs["autofocus"] = True


class CitationForm(Form):
    """Changes a citation."""

    locator = forms.CharField(label=_("Where in it"), required=False, max_length=200, help_text=LOCATOR_HELP)
    stance = forms.ChoiceField(label=_("Stance"), choices=CitationStance.choices, widget=forms.RadioSelect)
    quote = forms.CharField(
        label=_("Quote, in the original language"), required=False, max_length=10_000, widget=area()
    )
    quote_language = forms.CharField(
        label=_("Language of the quote"), required=False, max_length=12, help_text=_("As a code: “en”, “ru”, “ko”.")
    )
    translation = forms.CharField(label=_("Translation"), required=False, max_length=10_000, widget=area())


class ReportForm(OfCase, UploadForm):
    """A news report: only the title is required."""

    title = forms.CharField(label=_("Title"), max_length=500, widget=line(autofocus=True))
    source = RecordField(
        model=Source,
        label=_("Outlet"),
        suggest_url="evidence:source_suggest",
        create_url="evidence:source_add",
        required=False,
    )
    author = forms.CharField(label=_("Byline"), required=False, max_length=300, widget=line())
    published = MomentField(label=_("Published"), required=False, help_text="")
    occurred = MomentField(label=_("Shows events of"), required=False, help_text="")
    url = forms.URLField(
        label=_("Address"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        help_text=_("Opens nothing by itself. The page you upload is the record."),
        widget=forms.URLInput(attrs={"data-wide": True}),
    )
    lineage = forms.ChoiceField(
        label=_("Where does it come from?"),
        choices=ReportLineage.choices,
        initial=ReportLineage.NOT_KNOWN,
        widget=forms.RadioSelect,
    )
    repeats = ExhibitField(label=_("Repeats"), required=False, help_text=_("An exhibit of this case."))
    derivation_kind = forms.ChoiceField(
        label=_("How"), choices=DerivationKind.choices, initial=DerivationKind.REWRITES, required=False
    )
    passage = forms.CharField(
        label=_("Passage that shows it"), required=False, max_length=5000, widget=line(**{"data-wide": True})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        repeats = cleaned.get("lineage") == ReportLineage.REPEATS
        if repeats and not cleaned.get("repeats") and "repeats" not in self.errors:
            self.add_error("repeats", now("Choose the exhibit that this report repeats, or say “not known yet”."))
        return cleaned

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("title", "source", "author", "published", "occurred", "url")]


class RepeatsForm(OfCase):
    """Which exhibit is repeated, as far as it is chosen yet."""

    repeats = ExhibitField(required=False)


class ExhibitForm(OfCase):
    """Any item of evidence, held already or added in place."""

    item = RecordField(
        model=Item,
        label=_("Item of evidence"),
        suggest_url="evidence:item_suggest",
        create_url="evidence:item_add",
        help_text=_("One that you may see; its title, or words from it."),
    )
    note = forms.CharField(label=_("Why it is here"), required=False, max_length=5000, widget=area())


class ExhibitNoteForm(Form):
    note = forms.CharField(label=_("Why it is here"), required=False, max_length=5000, widget=area(autofocus=True))


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


class SubjectForm(OfCase):
    vessel = RecordField(
        model=Vessel,
        label=_("Vessel"),
        suggest_url="registry:vessel_suggest",
        create_url="registry:vessel_add",
        required=False,
    )
    organisation = RecordField(
        model=Organisation,
        label=_("Organisation"),
        suggest_url="registry:organisation_suggest",
        create_url="registry:organisation_add",
        required=False,
    )
    person = RecordField(
        model=Person,
        label=_("Person"),
        suggest_url="registry:person_suggest",
        create_url="registry:person_add",
        required=False,
    )
    place = RecordField(
        model=Place,
        label=_("Place"),
        suggest_url="registry:place_suggest",
        create_url="registry:place_add",
        required=False,
    )
    role = forms.CharField(
        label=_("Role in the case"), required=False, max_length=100, widget=line(), help_text=_("“carrier”, “owner”.")
    )
    is_main = forms.BooleanField(label=_("Main subject: named in the head of the case"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=area())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        named = [name for name in ("vessel", "organisation", "person", "place") if cleaned.get(name)]
        if len(named) != 1 and not self.errors:
            self.add_error(None, now("Choose one vessel, organisation, person or place."))
        return cleaned


class SubjectEditForm(Form):
    role = forms.CharField(label=_("Role in the case"), required=False, max_length=100, widget=line(autofocus=True))
    is_main = forms.BooleanField(label=_("Main subject: named in the head of the case"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=area())


class TaskForm(Form):
    """`members` are the people who may be given it, as (key, name)."""

    title = forms.CharField(label=_("Task"), max_length=300, widget=line(autofocus=True))
    body = forms.CharField(label=_("Details"), required=False, max_length=10_000, widget=area())
    assignee = forms.ChoiceField(label=_("For"), required=False)
    due_on = forms.DateField(
        label=_("Due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, members: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        named = sorted(((key, str(account)) for key, account in members.items()), key=lambda pair: pair[1].casefold())
        self.fields["assignee"].choices = [("", _("nobody yet")), *named]  # type: ignore[attr-defined]

    def clean_assignee(self) -> Any:
        return self.members.get(self.cleaned_data["assignee"])


class MemberForm(Form):
    """Adds somebody whose user name the lead knows; nobody is suggested."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("Exactly as the person signs in."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.RESEARCHER)


class RoleForm(Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    may_unmask = forms.BooleanField(
        label=_("May see protected identities of sources"),
        required=False,
        help_text=_("No role brings this right. To read one also takes the word of a second person who has it."),
    )


class ClaimsFilterForm(Form):
    """Narrows the list of claims; standings are computed, so the rows are filtered after reading."""

    q = forms.CharField(label=_("Number or words"), required=False, max_length=200)
    standing = forms.ChoiceField(label=_("Standing"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=optional(ClaimKind, _("any")))

    STANDINGS = {
        Standing.CORROBORATED: _("Corroborated"),
        Standing.SINGLE_ORIGIN: _("Single origin"),
        Standing.LINEAGE_NOT_RECORDED: _("Lineage not recorded"),
        Standing.DISPUTED: _("Disputed"),
        Standing.UNSUPPORTED: _("Unsupported"),
        Standing.REFUTED: _("Refuted"),
        Standing.WITHDRAWN: _("Withdrawn"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(standing.value, words) for standing, words in self.STANDINGS.items()]
        self.fields["standing"].choices = [("", _("any")), *named]  # type: ignore[attr-defined]
