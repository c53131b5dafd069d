"""Saving with a version, so that nobody's work is lost silently (R19)."""

import datetime
import uuid
from decimal import Decimal
from typing import Any

from django.db import models

from casefiles.core.fields import FoldedField, expanded


class StaleVersion(Exception):
    """The record was changed by somebody else since the form was opened."""

    def __init__(self, record: models.Model) -> None:
        super().__init__(f"{record._meta.label} {record.pk} was changed since the form was opened.")
        self.record = record


def plain(value: Any) -> Any:
    """Return a column's value as JSON can hold it, without loss."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    return value


QUIET = frozenset({"version", "created_at"})


def snapshot(record: models.Model) -> dict[str, Any]:
    """Return the record's own columns as JSON-ready values; empty ones, keys and bookkeeping are left out."""
    values: dict[str, Any] = {}
    for field in record._meta.concrete_fields:
        if field.primary_key or field.name in QUIET or isinstance(field, FoldedField):
            continue
        value = plain(getattr(record, field.attname))
        if value not in (None, "", [], {}):
            values[field.name] = value
    return values


def save_changes(
    record: Any, *, version: int, changes: dict[str, Any], is_touched: bool = False
) -> dict[str, tuple[Any, Any]]:
    """Write `changes` if the record still has `version`; return what really changed as {field: (old, new)}.

    Moments and periods may be given whole. The version stands on `record.version_holder`, which is the record itself or
    its assertion. An unchanged record is not written and keeps its version, unless it `is_touched`: rows that belong to
    it change in the same transaction.

    Raises:
        StaleVersion: the record has another version, or is gone.
    """
    columns = expanded(type(record), changes)
    rows = type(record)._base_manager.filter(pk=record.pk)
    current = rows.first()
    if current is None or current.version_holder.version != version:
        raise StaleVersion(current or record)
    differing = {name: value for name, value in columns.items() if not _same(current, name, value)}
    if not differing and not is_touched:
        return {}
    holder = current.version_holder
    if not type(holder)._base_manager.filter(pk=holder.pk, version=version).update(version=version + 1):
        # Read again: what we read above is from before the save that came between.
        raise StaleVersion(rows.first() or record)
    if differing:
        rows.update(**differing)
    changed = {name: (_plain_of(current, name), plain(value)) for name, value in differing.items()}
    for name, value in differing.items():
        setattr(record, name, value)
    record.version_holder.version = version + 1
    keys = {field.name for field in record._meta.concrete_fields if isinstance(field, FoldedField)}
    return {name: change for name, change in changed.items() if name not in keys}


def _plain_of(record: models.Model, name: str) -> Any:
    return plain(getattr(record, record._meta.get_field(name).attname))  # type: ignore[union-attr]


def _same(record: models.Model, name: str, value: Any) -> bool:
    return bool(_plain_of(record, name) == plain(value))
