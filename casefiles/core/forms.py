"""Form bases and fields that every app uses: typed input in, `cleaned_data` out, choices narrowed to the reader."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.core.folding import UnsafeText, clean_text
from casefiles.core.identifiers import InvalidIdentifier, parse_imo_company, parse_imo_ship, parse_mmsi, parse_unlocode
from casefiles.core.moments import EndBeforeStart, Moment, NotUnderstood, Period, parse_moment, parse_period_end

LOOKED_THROUGH = 100


class Form(forms.Form):
    """The base of every form: takes the user, so that fields can offer only what they may see."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, RecordField):
                field.user = user
            if isinstance(field, forms.CharField):
                _take_whole_text(field)


def _take_whole_text(field: forms.CharField) -> None:
    """Let a text arrive whole, and say what is wrong with it: a browser cuts what is pasted over a limit, silently."""
    field.widget.attrs.pop("maxlength", None)
    own = [check for check in field.validators if not isinstance(check, ProhibitNullCharactersValidator)]
    field.validators = [*own, refuse_unsafe_text]


def refuse_unsafe_text(value: Any) -> None:
    if not isinstance(value, str):
        return
    try:
        clean_text(value)
    except UnsafeText as error:
        raise ValidationError(str(error)) from error


class MomentBoundField(forms.BoundField):
    """A bound moment that can say how it was read, also before the form is sent."""

    def _parsed(self) -> Moment | None:
        value = self.value()
        if not value:
            return None
        try:
            return parse_moment(str(value))
        except NotUnderstood:
            return None

    @property
    def read_as(self) -> str:
        moment = self._parsed()
        if moment is None:
            return ""
        return _("Read as %(meaning)s (%(edtf)s)") % {"meaning": moment.describe(), "edtf": moment.edtf}

    @property
    def readings(self) -> list[Moment]:
        """Return the readings among which the writer must choose, where the wording has more than one."""
        try:
            parse_moment(str(self.value() or ""))
        except NotUnderstood as error:
            return list(error.readings)
        return []


class MomentInput(forms.TextInput):
    template_name = "ui/widgets/moment.html"

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, Moment):
            return value.wording or value.edtf
        return super().format_value(value)


class MomentField(forms.CharField):
    """A date or time in words or EDTF; `cleaned_data` holds a Moment or None."""

    widget = MomentInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault(
            "help_text", gettext_lazy("A date, as exact as you know it: “2024-02”, “early February 2024”.")
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return (value.wording or value.edtf) if isinstance(value, Moment) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_moment(text)
        except NotUnderstood as error:
            raise ValidationError(_sentence(error), code="not_understood") from error

    def get_bound_field(self, form: Any, field_name: str) -> forms.BoundField:
        return MomentBoundField(form, self, field_name)


def _sentence(error: NotUnderstood) -> str:
    if not error.readings:
        return str(error.reason)
    meanings = _(" or ").join(f"{reading.describe()} ({reading.edtf})" for reading in error.readings)
    return _("%(reason)s Do you mean %(meanings)s?") % {"reason": error.reason, "meanings": meanings}


class PeriodEndField(MomentField):
    """The end of a period: a moment, “ongoing”, or nothing where it is not known; gives (moment, kind)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("A date, “ongoing”, or empty where the end is not known."))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value)
        try:
            return parse_period_end(text or "")
        except NotUnderstood as error:
            raise ValidationError(_sentence(error), code="not_understood") from error

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Period):
            if value.end_kind == "ongoing":
                return "ongoing"
            return (value.end.wording or value.end.edtf) if value.end else ""
        return super().prepare_value(value)


class PeriodForm(Form):
    """Adds `start` and `end` to a form and gives `cleaned_data["period"]`."""

    start = MomentField(label=gettext_lazy("From"), required=False)
    end = PeriodEndField(label=gettext_lazy("Until"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "start" in cleaned and "end" in cleaned:
            moment, kind = cleaned.pop("end")
            start = cleaned.pop("start")
            try:
                cleaned["period"] = Period(start=start, end=moment, end_kind=kind)
            except EndBeforeStart:
                self.add_error("end", _("The end is before the start. Check both dates."))
        return cleaned


class RecordPicker(forms.MultiWidget):
    """A text input that a script turns into a search box; without a script, what is typed is looked up on saving."""

    template_name = "ui/widgets/record_picker.html"
    use_fieldset = False

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"": forms.TextInput(), "id": forms.HiddenInput()}, attrs)

    def decompress(self, value: Any) -> list[str]:
        if value is None or value == "":
            return ["", ""]
        if isinstance(value, (list, tuple)):
            return [str(part or "") for part in value]
        return [str(value), str(value.pk)]

    def raw_values(self, name: str, value: Any) -> dict[str, list[str]]:
        """Return what the two inputs hold, as `core.conflicts` keeps them."""
        text, identifier = self.decompress(value)
        return {name: [text], f"{name}_id": [identifier]} if identifier or text else {}


class RecordField(forms.Field):
    """Names one record that the user may see, by picking it or by typing its name or number.

    What they may not see answers exactly like what does not exist. `model` needs a queryset with `visible_to`,
    `current` and `matching`.
    """

    user: Any = None

    def __init__(
        self, *, model: Any, suggest_url: str, create_url: str | None = None, narrow: Any = None, **kwargs: Any
    ) -> None:
        self.model, self.suggest_url, self.create_url, self.narrow = model, suggest_url, create_url, narrow
        kwargs.setdefault("widget", RecordPicker())
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value

    def queryset(self) -> Any:
        rows = self.model.objects.visible_to(self.user).current()
        return self.narrow(rows) if self.narrow else rows

    def clean(self, value: Any) -> Any:
        text, identifier = [*(value or ["", ""]), "", ""][:2]
        text, identifier = (text or "").strip(), (identifier or "").strip()
        if not text and not identifier:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        return self._by_id(identifier, text) if identifier else self._by_text(text)

    def _by_id(self, identifier: str, text: str) -> Any:
        try:
            record = self.queryset().filter(pk=uuid.UUID(identifier)).first()
        except ValueError:
            record = None
        if record is None:
            raise ValidationError(_("Choose one from the list: there is no such record."), code="invalid_choice")
        # Somebody picked one and then typed another name over it: the words win.
        return record if not text or text == str(record) else self._by_text(text)

    def _by_text(self, text: str) -> Any:
        refuse_unsafe_text(text)
        # More than are named below: the one that is called exactly so may stand behind others that hold its name.
        found = list(self.queryset().matching(text[:200])[:LOOKED_THROUGH])
        exact = [record for record in found if str(record).casefold() == text.casefold()]
        candidates = exact or found
        if len(candidates) == 1:
            return candidates[0]
        if not candidates:
            raise ValidationError(
                _("Nothing is called “%(text)s”. Check the spelling, or create it first."),
                code="invalid_choice",
                params={"text": text},
            )
        names = "; ".join(
            f"{record} ({detail})" if (detail := getattr(record, "detail_line", "")) else str(record)
            for record in candidates[:5]
        )
        raise ValidationError(
            _("More than one matches: %(names)s. Type more of the name, or its number."),
            code="invalid_choice",
            params={"names": names},
        )


class _IdentifierField(forms.CharField):
    """A number with a form of its own; a wrong one is explained, never corrected."""

    parse: ClassVar[Any] = None

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return type(self).parse(text)
        except InvalidIdentifier as error:
            raise ValidationError(str(error.reason), code="invalid_identifier") from error


class ImoShipField(_IdentifierField):
    parse = staticmethod(parse_imo_ship)


class ImoCompanyField(_IdentifierField):
    parse = staticmethod(parse_imo_company)


class UnlocodeField(_IdentifierField):
    parse = staticmethod(parse_unlocode)


class MmsiField(_IdentifierField):
    """Gives the nine characters as text; what is not a ship's radio is refused with what it is."""

    @staticmethod
    def parse(text: str) -> str:
        return parse_mmsi(text).value


class ReasonForm(Form):
    """Why something is voided, restored or withdrawn."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
