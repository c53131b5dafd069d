"""What people type about reports and other exhibits."""

from typing import Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from casefiles.cases.forms.fields import ExhibitField, OfCase, area, line
from casefiles.cases.vocabulary import ReportLineage
from casefiles.core.forms import Form, MomentField, RecordField
from casefiles.evidence.models import Item, Source
from casefiles.evidence.uploads import UploadForm
from casefiles.evidence.vocabulary import DerivationKind


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
