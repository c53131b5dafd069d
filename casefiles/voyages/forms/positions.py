"""The form for a position file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.access.forms import CircleField, CircleForm
from casefiles.core.forms import MmsiField, RecordField
from casefiles.evidence.models import Item, Source
from casefiles.evidence.uploads import UploadField, UploadForm
from casefiles.voyages.readers.options import Options

FORMATS = (
    ("auto", _("told from the content")),
    ("noaa", _("NOAA MarineCadastre")),
    ("dma", _("Danish Maritime Authority")),
    ("gfw", _("Global Fishing Watch")),
    ("csv", _("another table: say its columns below")),
    ("gpx", _("GPX")),
    ("aivdm", _("raw AIS sentences (AIVDM)")),
)
TIME_ORDERS = (
    ("iso", _("2023-01-11 00:00:00")),
    ("dmy", _("11/01/2023, the day first")),
    ("mdy", _("01/11/2023, the month first")),
    ("epoch", _("seconds since 1970")),
)
COLUMN_LABELS = (
    ("mmsi", _("Column of the MMSI")),
    ("time", _("Column of the time")),
    ("latitude", _("Column of the latitude")),
    ("longitude", _("Column of the longitude")),
    ("speed", _("Column of the speed, knots")),
    ("course", _("Column of the course")),
)


class PositionImportForm(CircleForm, UploadForm):
    """A file with positions, and what it does not say itself. `options()` is what the readers take."""

    file = UploadField(most=1, required=False, label=_("File"))
    item = RecordField(
        model=Item,
        suggest_url="evidence:item_suggest",
        required=False,
        label=_("or an item whose file is held already"),
    )
    title = forms.CharField(label=_("Title"), max_length=500, required=False, help_text=_("Empty: the file's name."))
    source = RecordField(
        model=Source,
        suggest_url="evidence:source_suggest",
        create_url="evidence:source_add",
        required=False,
        label=_("Source"),
    )
    format = forms.ChoiceField(label=_("Format"), choices=FORMATS, initial="auto")
    mmsi = MmsiField(label=_("MMSI"), required=False, help_text=_("Whose track it is, where no column says so."))
    received_at = forms.DateTimeField(
        label=_("Received at, UTC"),
        required=False,
        help_text=_("For sentences without times: when they were received, as 2023-01-11 00:00."),
    )
    time_order = forms.ChoiceField(label=_("Times are written"), choices=TIME_ORDERS, initial="iso")
    utc_offset_min = forms.IntegerField(
        label=_("Minutes ahead of UTC"),
        required=False,
        min_value=-840,
        max_value=840,
        help_text=_("For times without a zone: 540 is Japan and Korea."),
    )
    encoding = forms.CharField(label=_("Encoding"), max_length=40, required=False, help_text=_("Such as windows-1251."))

    field_order = ("file", "item", "title", "source", "circle", "format", "mmsi", "received_at", "time_order")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["circle"].required = False
        for name, label in COLUMN_LABELS:
            self.fields[f"column_{name}"] = forms.CharField(label=label, max_length=100, required=False)

    def field_groups(self) -> list[dict[str, Any]]:
        first = ("file", "item", "title", "source", "circle", "format")
        said = [name for name in self.fields if name not in first and not self[name].is_hidden]
        return [
            {"legend": "", "fields": [self[name] for name in first]},
            {"legend": _("Only where the file does not say it itself"), "fields": [self[name] for name in said]},
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        has_file = cleaned.get("file") or cleaned.get("received")
        if not has_file and not cleaned.get("item") and not {"file", "item"} & set(self.errors):
            self.add_error("file", _("Choose a file, or an item that holds one."))
        if has_file and not cleaned.get("circle") and "circle" not in self.errors:
            self.add_error("circle", CircleField.default_error_messages["required"])
        return cleaned

    def options(self) -> Options:
        said = self.cleaned_data
        columns = {name: said[f"column_{name}"] for name, _label in COLUMN_LABELS if said[f"column_{name}"]}
        return Options(
            format=said["format"],
            columns=columns,
            mmsi=said["mmsi"] or "",
            time_order=said["time_order"],
            utc_offset_min=said["utc_offset_min"] or 0,
            received_at=said["received_at"],
            encoding=said["encoding"],
        )
