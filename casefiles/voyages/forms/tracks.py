"""Forms for looking at a track on a map."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from casefiles.core.forms import Form, MmsiField

TIME = forms.DateTimeInput(attrs={"placeholder": "2024-02-01 00:00"})


class WindowForm(Form):
    """From when until when; nothing is all the time that there is."""

    since = forms.DateTimeField(label=_("From, UTC"), required=False, widget=TIME)
    until = forms.DateTimeField(label=_("Until, UTC"), required=False, widget=TIME)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] >= cleaned["until"]:
            self.add_error("until", _gettext("It ends before it begins."))
        return cleaned

    def bounds(self) -> tuple[int | None, int | None]:
        """Return the window in seconds."""
        if not self.is_bound or not self.is_valid():
            return None, None
        since, until = (self.cleaned_data[name] for name in ("since", "until"))
        return (int(since.timestamp()) if since else None), (int(until.timestamp()) if until else None)


class RadioForm(WindowForm):
    """The track of one radio."""

    field_order = ("mmsi", "since", "until")

    mmsi = MmsiField(label=_("MMSI"))
