"""What people type about evidence. The actions decide; here every mistake is explained at its field."""

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.forms import CircleForm
from casefiles.core.countries import country_choices
from casefiles.core.forms import Form, MomentField, RecordField
from casefiles.evidence.actions.collecting import Repeats
from casefiles.evidence.models import Item, Source
from casefiles.evidence.uploads import UploadField, UploadForm
from casefiles.evidence.vocabulary import (
    Credibility,
    DerivationKind,
    FileRole,
    HoldKind,
    ItemKind,
    ItemStatus,
    Lineage,
    PreservedPart,
    PreservedState,
    Reliability,
    SourceKind,
    Tlp,
)
from casefiles.registry.models import Organisation, Place

LONG = 20_000


def _line(label: Any, *, most: int, needed: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=needed,
        help_text=help_text,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


def _text(label: Any, *, rows: int = 3, needed: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONG,
        required=needed,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


def _item(label: Any, *, needed: bool = True, help_text: Any = "") -> RecordField:
    return RecordField(
        label=label, model=Item, suggest_url="evidence:item_suggest", required=needed, help_text=help_text
    )


class GroupedForm(Form):
    """A form that names groups of its fields, for `ui/field_grid.html`."""

    groups: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = ()

    @property
    def field_groups(self) -> Iterator[dict[str, Any]]:
        for legend, names in self.groups:
            fields = [self[name] for name in names if name in self.fields and not self[name].is_hidden]
            if fields:
                yield {"legend": legend, "fields": fields}


class DescriptionForm(GroupedForm):
    """What is known about an item."""

    title = _line(gettext_lazy("Title"), most=500, needed=True)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ItemKind.choices, initial=ItemKind.NEWS_REPORT)
    source = RecordField(
        label=gettext_lazy("Source"),
        model=Source,
        suggest_url="evidence:source_suggest",
        create_url="evidence:source_add",
        required=False,
        help_text=gettext_lazy("Who publishes it."),
    )
    author = _line(gettext_lazy("Author or byline"), most=300)
    language = _line(gettext_lazy("Language"), most=12, help_text=gettext_lazy("A code such as en, ru or ko."))
    published = MomentField(label=gettext_lazy("Published"), required=False)
    occurred = MomentField(label=gettext_lazy("Shows events of"), required=False)
    collected = MomentField(label=gettext_lazy("Collected"), required=False)
    place = RecordField(
        label=gettext_lazy("Place"),
        model=Place,
        suggest_url="registry:place_suggest",
        create_url="registry:place_add",
        required=False,
    )
    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=2000,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Opens nothing by itself. The file you upload is the record."),
        widget=forms.URLInput(attrs={"data-wide": True}),
    )
    archived_urls = _text(gettext_lazy("Archived addresses"), rows=2, help_text=gettext_lazy("One a line."))
    summary = _text(gettext_lazy("Summary"), help_text=gettext_lazy("In your own words."))
    handling = forms.ChoiceField(label=gettext_lazy("Handling"), choices=Tlp.choices, initial=Tlp.AMBER)
    licence = _line(gettext_lazy("Licence"), most=200)
    rights_holder = _line(gettext_lazy("Rights holder"), most=200)
    credit_line = _line(gettext_lazy("Credit line"), most=300)
    collection_method = _text(gettext_lazy("How it was collected"), rows=2)

    groups: ClassVar = (
        ("", ("title", "kind", "source", "author", "language")),
        (gettext_lazy("Three different times"), ("published", "occurred", "collected")),
        ("", ("url", "archived_urls", "place", "summary")),
        (gettext_lazy("Where does it come from?"), ("lineage", "parent", "derivation", "passage", "lineage_reason")),
        ("", ("file",)),
        (gettext_lazy("Rights and handling"), ("handling", "licence", "rights_holder", "credit_line")),
        ("", ("collection_method", "circle")),
    )


class ItemForm(DescriptionForm, CircleForm, UploadForm):
    """Adds an item with its files and where it comes from."""

    LINEAGES: ClassVar = (
        (Lineage.ORIGIN.value, gettext_lazy("Original")),
        (Lineage.DERIVED.value, gettext_lazy("Repeats another item")),
        (Lineage.NOT_RECORDED.value, gettext_lazy("Not known yet")),
    )

    lineage = forms.ChoiceField(
        label=gettext_lazy("It is"), choices=LINEAGES, initial=Lineage.NOT_RECORDED, widget=forms.RadioSelect
    )
    parent = _item(gettext_lazy("Which item it repeats"), needed=False)
    derivation = forms.ChoiceField(
        label=gettext_lazy("How"), choices=DerivationKind.choices, initial=DerivationKind.REWRITES, required=False
    )
    passage = _line(gettext_lazy("Passage that shows it"), most=2000)
    lineage_reason = _line(gettext_lazy("Why it is the origin"), most=2000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("lineage") == Lineage.DERIVED and not cleaned.get("parent") and "parent" not in self.errors:
            self.add_error("parent", _("Say which item it repeats, or choose “Not known yet”."))
        if cleaned.get("lineage") == Lineage.ORIGIN and not cleaned.get("lineage_reason"):
            self.add_error("lineage_reason", _("Say why this is the origin, or choose “Not known yet”."))
        return cleaned

    def for_action(self) -> dict[str, Any]:
        """Return what `collect_item` takes, without the files."""
        values = self.without_files()
        parent, kind, passage = (values.pop(name, "") for name in ("parent", "derivation", "passage"))
        if values["lineage"] != Lineage.ORIGIN:
            values["lineage_reason"] = ""
        if values["lineage"] == Lineage.DERIVED:
            values["lineage"] = Lineage.NOT_RECORDED
            values["repeats"] = Repeats(parent, kind or DerivationKind.REWRITES, passage)
        return values


class QuickItemForm(ItemForm):
    """What a picker's dialog asks about a missing item: little, and no files, which have their own page."""

    asked = (
        "title",
        "kind",
        "source",
        "published",
        "url",
        "lineage",
        "parent",
        "derivation",
        "lineage_reason",
        "circle",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(self.asked):
            del self.fields[name]


class AddFilesForm(UploadForm):
    file = UploadField(required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("They are"), choices=[], initial=FileRole.ORIGINAL, widget=forms.RadioSelect
    )
    parent = forms.ChoiceField(
        label=gettext_lazy("Made from"), required=False, help_text=gettext_lazy("For a derivative or a translation.")
    )
    transformation = _line(
        gettext_lazy("How it was made"), most=2000, help_text=gettext_lazy("Tool, version and settings.")
    )
    purpose = _line(gettext_lazy("Purpose"), most=500, help_text=gettext_lazy("Stands in the chain of custody."))

    def __init__(self, *args: Any, held: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = {str(one.file.pk): one.file for one in held}
        self.fields["role"].choices = FileRole.choices  # type: ignore[attr-defined]
        self.fields["parent"].choices = [  # type: ignore[attr-defined]
            ("", _("nothing")),
            *((key, str(file)) for key, file in self.held.items()),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("file") and not cleaned.get("received") and "file" not in self.errors:
            self.add_error("file", _("Choose a file."))
        cleaned["parent"] = self.held.get(cleaned.get("parent") or "")
        return cleaned


class StatusForm(Form):
    status = forms.ChoiceField(
        label=gettext_lazy("What its publisher did"), choices=ItemStatus.choices, widget=forms.RadioSelect
    )
    status_reason = _text(gettext_lazy("Why"), help_text=gettext_lazy("What turned out, in a sentence."))
    status_said = MomentField(label=gettext_lazy("Said when"), required=False)
    status_source = forms.CharField(
        label=gettext_lazy("Said where"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("An address, or who told you."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class GradeForm(Form):
    reliability = forms.ChoiceField(label=gettext_lazy("Reliability of the source"), choices=Reliability.choices)
    credibility = forms.ChoiceField(label=gettext_lazy("Credibility of the information"), choices=Credibility.choices)
    rationale = _text(gettext_lazy("Why"), needed=True)


class HoldForm(Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[
            (HoldKind.LEGAL_HOLD.value, gettext_lazy("Legal hold")),
            (HoldKind.RETENTION.value, gettext_lazy("Retention")),
        ],
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=gettext_lazy("Kept until"),
        required=False,
        help_text=gettext_lazy("For a retention: the last day, as 2030-12-31. A legal hold stays until it is lifted."),
    )
    ordered_by = forms.CharField(
        label=gettext_lazy("Ordered by"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("A court, a lawyer, a rule of your own."),
    )
    reason = _text(gettext_lazy("Why"), needed=True)


class LineageForm(Form):
    lineage = forms.ChoiceField(
        label=gettext_lazy("It is"),
        choices=[
            (Lineage.ORIGIN.value, gettext_lazy("Original")),
            (Lineage.NOT_RECORDED.value, gettext_lazy("Not known yet")),
        ],
        widget=forms.RadioSelect,
    )
    lineage_reason = _text(gettext_lazy("Why it is the origin"))


class DerivationForm(Form):
    """One end of a derivation is the page's item; `other` is the other one."""

    other = _item(gettext_lazy("Item"))
    kind = forms.ChoiceField(label=gettext_lazy("How"), choices=DerivationKind.choices, initial=DerivationKind.REWRITES)
    passage = _text(gettext_lazy("Passage that shows it"))

    def __init__(self, *args: Any, other_label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].label = other_label or self.fields["other"].label


def suggested_item(text: str, user: Any) -> Item | None:
    """Return the visible item that an address names by its id, or None."""
    try:
        identifier = uuid.UUID(text)
    except ValueError:
        return None
    return Item.objects.visible_to(user).current().filter(pk=identifier).first()


class IndependenceForm(Form):
    second = _item(gettext_lazy("Independent of"), help_text=gettext_lazy("Both must be marked as origins."))
    reason = _text(
        gettext_lazy("Why they are independent"),
        needed=True,
        help_text=gettext_lazy("Other sensor, other witness, other document: what makes sure neither knew the other."),
    )


class DismissalForm(Form):
    second = _item(gettext_lazy("Has nothing to do with"))
    reason = _text(
        gettext_lazy("Why not"),
        needed=True,
        help_text=gettext_lazy(
            "What you compared: another ship, another place, a stock picture. Whoever may see both items reads this, "
            "and is not asked again."
        ),
    )


class SourceForm(CircleForm):
    name = _line(gettext_lazy("Name"), most=300, needed=True)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=SourceKind.choices, initial=SourceKind.OUTLET)
    organisation = RecordField(
        label=gettext_lazy("Organisation"),
        model=Organisation,
        suggest_url="registry:organisation_suggest",
        create_url="registry:organisation_add",
        required=False,
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    url = forms.URLField(label=gettext_lazy("Address"), max_length=2000, required=False, assume_scheme="https")
    note = _text(gettext_lazy("Note"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("not recorded")), *country_choices()]  # type: ignore[attr-defined]
        self.order_fields([name for name in self.fields if name != "circle"])


class JudgementForm(Form):
    reliability = forms.ChoiceField(label=gettext_lazy("Reliability"), choices=Reliability.choices)
    judged_on = forms.DateField(
        label=gettext_lazy("Judged on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=lambda: timezone.now().date(),
    )
    rationale = _text(gettext_lazy("Why"), needed=True)


class PreservationForm(Form):
    """What to say of a part that the files do not show."""

    part = forms.ChoiceField(label=gettext_lazy("Part"), choices=PreservedPart.choices)
    state = forms.ChoiceField(
        label=gettext_lazy("What is so"), choices=PreservedState.choices, initial=PreservedState.NOT_APPLICABLE
    )
    reason = _text(
        gettext_lazy("Why it does not apply, or where it is held"),
        needed=True,
        help_text=gettext_lazy("Whoever examines the item reads this: a radio broadcast has no source code."),
    )

    def __init__(self, *args: Any, is_edit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_edit:
            del self.fields["part"]


class IdentityForm(Form):
    """Who a protected source is. It is never shown back on this form."""

    text = _text(
        gettext_lazy("Who it is"),
        needed=True,
        help_text=gettext_lazy("Sealed at once: in no search, history, log or export, and not to be read back by you."),
    )


class ClaimForm(Form):
    """Which claim of which reading, and the version of the item that was looked at."""

    reading = forms.UUIDField(widget=forms.HiddenInput)
    claim = forms.IntegerField(min_value=0, max_value=10_000, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class StillForm(Form):
    moment = forms.CharField(
        label=gettext_lazy("Moment"), max_length=40, help_text=gettext_lazy("Hours, minutes and seconds: “00:01:12.5”.")
    )
