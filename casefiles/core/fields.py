"""Model fields that more than one app uses: folded keys, uncertain moments, uncertain periods."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from casefiles.core.folding import fold
from casefiles.core.moments import Moment, Period

KEY_LENGTH = 600


def choice_label(record: models.Model, field: models.Field) -> str | None:
    """Return the words for what a record holds in a field with choices; models take it as `_get_FIELD_display`.

    Django hashes every choice to find one, and hashing a lazy label translates it: a list of fifty vessels, each of one
    of thirty types, spent a fifth of its time there.
    """
    value = getattr(record, field.attname)
    label = next((label for key, label in field.flatchoices if key == value), value)
    return label if label is None else str(label)


class FoldedField(models.CharField):
    """A folded copy of another column, so that "ангара" finds "Ангара" and sorts beside it on both databases.

    Filled before every save; `core.versions` fills it for updates.
    """

    def __init__(self, *, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("max_length", KEY_LENGTH)
        kwargs["editable"] = False
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["source"] = self.source
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.folded(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value

    @staticmethod
    def folded(text: str | None) -> str:
        return fold(text or "")[:KEY_LENGTH]


class MomentField:
    """An uncertain moment: wording, EDTF, and the earliest and latest day it allows, as columns.

    `record.occurred` gives a Moment or None; assigning one fills the columns `occurred_wording`, `occurred_edtf`,
    `occurred_earliest`, `occurred_latest` and `occurred_key` (never null, so that lists can page by it). The migration
    sees plain columns.
    """

    def __init__(self, verbose_name: Any = "") -> None:
        self.verbose_name = verbose_name
        self.name = ""

    def contribute_to_class(self, cls: type[models.Model], name: str) -> None:
        self.name = name
        label = self.verbose_name or name
        cls.add_to_class(
            f"{name}_wording",
            models.CharField(_("%(name)s, as written") % {"name": label}, max_length=200, blank=True, default=""),
        )
        cls.add_to_class(f"{name}_edtf", models.CharField(max_length=200, blank=True, default="", editable=False))
        cls.add_to_class(f"{name}_earliest", models.DateField(null=True, blank=True, editable=False))
        cls.add_to_class(f"{name}_latest", models.DateField(null=True, blank=True, editable=False))
        cls.add_to_class(f"{name}_key", models.CharField(max_length=10, blank=True, default="", editable=False))
        setattr(cls, name, self)

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        edtf = getattr(instance, f"{self.name}_edtf")
        return Moment.from_edtf(edtf, wording=getattr(instance, f"{self.name}_wording")) if edtf else None

    def __set__(self, instance: models.Model, moment: Moment | None) -> None:
        for column, value in self.columns(moment).items():
            setattr(instance, column, value)

    def columns(self, moment: Moment | None) -> dict[str, Any]:
        """Return the column values that store a moment."""
        return {
            f"{self.name}_wording": moment.wording if moment else "",
            f"{self.name}_edtf": moment.edtf if moment else "",
            f"{self.name}_earliest": moment.earliest if moment else None,
            f"{self.name}_latest": moment.latest if moment else None,
            f"{self.name}_key": self._key(moment),
        }

    @staticmethod
    def _key(moment: Moment | None) -> str:
        day = (moment.earliest or moment.latest) if moment else None
        return day.isoformat() if day else ""


class PeriodField:
    """An uncertain period: two moments `<name>_start`, `<name>_end`, and how the end is known."""

    def __init__(self, verbose_name: Any = "") -> None:
        self.verbose_name = verbose_name
        self.name = ""

    def contribute_to_class(self, cls: type[models.Model], name: str) -> None:
        self.name = name
        self.start, self.end = MomentField(_("from")), MomentField(_("to"))
        self.start.contribute_to_class(cls, f"{name}_start")
        self.end.contribute_to_class(cls, f"{name}_end")
        kinds = [("dated", _("dated")), ("ongoing", _("ongoing")), ("unknown", _("unknown"))]
        cls.add_to_class(
            f"{name}_end_kind", models.CharField(_("end"), max_length=10, choices=kinds, default="unknown")
        )
        setattr(cls, name, self)

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        return Period(
            start=getattr(instance, f"{self.name}_start"),
            end=getattr(instance, f"{self.name}_end"),
            end_kind=getattr(instance, f"{self.name}_end_kind"),
        )

    def __set__(self, instance: models.Model, period: Period | None) -> None:
        for column, value in self.columns(period).items():
            setattr(instance, column, value)

    def columns(self, period: Period | None) -> dict[str, Any]:
        """Return the column values that store a period."""
        return {
            **self.start.columns(period.start if period else None),
            **self.end.columns(period.end if period else None),
            f"{self.name}_end_kind": period.end_kind if period else "unknown",
        }


def expanded(model: type[models.Model], changes: dict[str, Any]) -> dict[str, Any]:
    """Return `changes` with moments and periods replaced by their columns and folded keys added."""
    columns: dict[str, Any] = {}
    for name, value in changes.items():
        composite = getattr(model, name, None)
        if isinstance(composite, MomentField | PeriodField):
            columns.update(composite.columns(value))
        else:
            columns[name] = value
    for field in model._meta.local_concrete_fields:
        if isinstance(field, FoldedField) and field.source in columns:
            columns[field.attname] = field.folded(columns[field.source])
    return columns
