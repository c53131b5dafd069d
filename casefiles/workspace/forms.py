"""What people type on pages that span apps."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.forms import CircleField, CircleForm
from casefiles.access.rules import Act
from casefiles.cases.forms.claims import CitingForm
from casefiles.cases.models import Case
from casefiles.core.forms import Form, ImoShipField, MomentField, PeriodForm, RecordField
from casefiles.registry.models import Vessel
from casefiles.sanctions.models import ListKey
from casefiles.workspace.models import How, Told

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AsAtForm(Form):
    """The day, month or other moment for which a page answers."""

    as_at = MomentField(label=_("As at"), required=False, help_text="")


class DaysForm(Form):
    """From which day until which day a page answers; nothing is all the time that there is."""

    since = forms.DateField(label=_("From"), required=False, widget=DAY)
    until = forms.DateField(label=_("Until"), required=False, widget=DAY)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] > cleaned["until"]:
            self.add_error("until", gettext("It ends before it begins."))
        return cleaned

    @property
    def window(self) -> tuple[date | None, date | None]:
        """Return the days asked for; all of them where nothing was asked, or nothing that could be read."""
        if not self.is_bound or not self.is_valid():
            return None, None
        return self.cleaned_data["since"], self.cleaned_data["until"]


class LayoutForm(Form):
    """Where the things of a network were put, as the page's script has it."""

    places = forms.CharField(required=False, max_length=200_000, widget=forms.HiddenInput)

    def clean_places(self) -> dict[str, Any]:
        try:
            places = json.loads(self.cleaned_data["places"] or "{}")
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(gettext("This is no place in a network.")) from error
        if not isinstance(places, dict):
            raise forms.ValidationError(gettext("This is no place in a network."))
        return places


class ComparedForm(Form):
    """From when to when a case is compared. `releases` are those of the case, the newest first."""

    since = forms.ChoiceField(label=_("What changed"))
    after = forms.DateField(label=_("From this day on"), required=False, widget=DAY)
    until = forms.DateField(
        label=_("Up to and with"),
        required=False,
        widget=DAY,
        help_text=_("Empty: up to now."),
    )

    def __init__(self, *args: Any, releases: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frozen = [
            (f"release {one.number}", _("since %(release)s was frozen") % {"release": one.label}) for one in releases
        ]
        self.fields["since"].choices = [  # type: ignore[attr-defined]
            ("seen", _("since I last marked it as seen")),
            *frozen,
            ("day", _("since a day")),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        after, until = cleaned.get("after"), cleaned.get("until")
        if cleaned.get("since") == "day" and after is None and "after" not in self.errors:
            self.add_error("after", gettext("Choose the day from which to compare."))
        if cleaned.get("since") == "day" and after and until and until < after:
            self.add_error("until", gettext("This is before the first day."))
        return cleaned


class GalleryForm(PeriodForm):
    """One field of every kind, for the page of components."""

    title = forms.CharField(label=_("Title"), max_length=40, help_text=_("What it is, in a few words."))
    vessel = RecordField(
        model=Vessel, suggest_url="registry:vessel_suggest", create_url="registry:vessel_add", label=_("Vessel")
    )
    number = ImoShipField(label=_("IMO number"), required=False)
    seen = MomentField(label=_("Seen there"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("a", _("photograph")), ("b", _("news report"))])
    lineage = forms.ChoiceField(
        label=_("Where does it come from?"),
        choices=[("a", _("Original reporting")), ("b", _("Repeats another item")), ("c", _("Not known yet"))],
        widget=forms.RadioSelect,
        initial="c",
    )
    measures = forms.MultipleChoiceField(
        label=_("Measures"),
        choices=[("a", _("asset freeze")), ("b", _("travel ban")), ("c", _("arms embargo"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_sure = forms.BooleanField(label=_("I have read it"), required=False)
    file = forms.FileField(label=_("File"), required=False)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class PassageForm(CitingForm):
    """Cites a passage of an exhibit on a claim; what was selected stands in it already."""

    quote = forms.CharField(
        label=_("Quote, in the original language"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "data-wide": ""}),
    )
    quote_language = forms.CharField(
        label=_("Language of the quote"), max_length=12, required=False, help_text=_("As a code: “en”, “ru”, “ko”.")
    )
    translation = forms.CharField(
        label=_("Translation"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    field_order = ("locator", "quote", "claim", "stance", "quote_language", "translation")


class ToCaseForm(Form):
    """To which of one's cases something is added, and in which role."""

    case = forms.ChoiceField(label=_("Case"))
    role = forms.CharField(
        label=_("Role in the case"), max_length=100, required=False, help_text=_("Such as carrier, owner or port.")
    )
    is_main = forms.BooleanField(label=_("One of its main subjects"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Case.objects.visible_to(self.user, Act.EDIT).current().order_by("-created_at", "pk")
        self.cases = {str(case.pk): case for case in rows if case.is_writable}
        offered = [(key, f"{case.title} ({case.reference})") for key, case in self.cases.items()]
        self.fields["case"].choices = [("", _("Choose …")), *offered]  # type: ignore[attr-defined]

    def clean_case(self) -> Case:
        return self.cases[self.cleaned_data["case"]]


class ScreeningForm(CircleForm):
    """What is looked for: one thing of the registry, a case's subjects, what is typed, or all ships of the registry."""

    vessel = RecordField(model=Vessel, suggest_url="registry:vessel_suggest", label=_("Vessel"), required=False)
    case = forms.ChoiceField(label=_("or the subjects of a case"), required=False)
    name = forms.CharField(label=_("or a name, in any script"), max_length=200, required=False)
    imo_number = ImoShipField(label=_("or an IMO number"), required=False)
    is_registry = forms.BooleanField(label=_("or every ship of the registry"), required=False)
    list_keys = forms.MultipleChoiceField(
        label=_("In these lists"),
        choices=ListKey.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: in all of them. Those that are not here are said."),
    )
    as_at = forms.DateField(
        label=_("As at"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("In the editions that were the newest on this day; empty: today."),
    )

    field_order = ("vessel", "case", "name", "imo_number", "is_registry", "list_keys", "as_at", "circle")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["circle"].required = False
        rows = Case.objects.visible_to(self.user, Act.EDIT).current().order_by("-created_at", "pk")
        self.cases = {str(case.pk): case for case in rows if case.is_writable}
        offered = [(key, f"{case.title} ({case.reference})") for key, case in self.cases.items()]
        self.fields["case"].choices = [("", _("none")), *offered]  # type: ignore[attr-defined]

    def clean_case(self) -> Case | None:
        return self.cases.get(self.cleaned_data["case"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed = bool(cleaned.get("name") or cleaned.get("imo_number"))
        given = [bool(cleaned.get(name)) for name in ("vessel", "case", "is_registry")]
        if sum([typed, *given]) != 1 and not self.errors:
            self.add_error("vessel", _("Say what to look for: one of these."))
        if not cleaned.get("case") and not cleaned.get("circle") and "circle" not in self.errors:
            self.add_error("circle", CircleField.default_error_messages["required"])
        return cleaned


def _how(kind: Told) -> forms.ChoiceField:
    return forms.ChoiceField(label=kind.label, choices=How.choices, widget=forms.RadioSelect)


class NotificationsForm(Form):
    """Of what one is told, and how."""

    mention = _how(Told.MENTION)
    answer = _how(Told.ANSWER)
    task = _how(Told.TASK)
    due = _how(Told.DUE)
    claim = _how(Told.CLAIM)
    team = _how(Told.TEAM)
    review = _how(Told.REVIEW)
    reply = _how(Told.REPLY)
    matrix = _how(Told.MATRIX)
