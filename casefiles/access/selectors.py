"""What was done to a record, as its readers may see it: values name another record only where that one is visible."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from casefiles.access.circles import Circle
from casefiles.access.models import Compartment, Restricted
from casefiles.access.rules import Visibility
from casefiles.accounts.models import User
from casefiles.audit.selectors import FieldChange, HistoryEntry, Step, history_page

# Columns that repeat what another one says.
DERIVED_ENDINGS = ("_earliest", "_latest", "_key")
QUIET_FIELDS = frozenset({"voided_at", "voided_by", "void_reason", "assertion", "about_id"})


@dataclass(frozen=True)
class ShownChange:
    """One field of a change in words; `field` is its name among the columns."""

    label: str
    old: str
    new: str
    field: str = ""


@dataclass(frozen=True)
class ShownEvent:
    at: datetime
    actor: str
    act: str
    record_kind: str
    note: str
    changes: tuple[ShownChange, ...]


@dataclass(frozen=True)
class ShownPage:
    """A page of shown events, and the events beyond which its neighbours begin."""

    events: list[ShownEvent]
    older_than: uuid.UUID | None
    newer_than: uuid.UUID | None


def shown_history(record_ids: Iterable[uuid.UUID], step: Step, *, user: Any, is_open_anchor: bool = False) -> ShownPage:
    """Return a page of events of records whose reading was asked for already, with words instead of keys.

    For an `is_open_anchor` (one with an official number) it never says who added it, and keeps what happened in a
    circle, before it was opened, to those in that circle.

    Raises:
        UnknownEvent: the step names no event of these records that this person is shown.
    """
    page = history_page(record_ids, step, is_shown=_shown_in_own_circles(user) if is_open_anchor else None)
    events = shown_events(page.entries, user=user, is_open_anchor=is_open_anchor)
    return ShownPage(events, page.older_than, page.newer_than)


def shown_events(entries: list[HistoryEntry], *, user: Any, is_open_anchor: bool = False) -> list[ShownEvent]:
    """Return events with words instead of keys.

    A name of a record that `user` may not see is left out. One query for the people, and one for each kind of record
    that the values name.
    """
    names = _Names(user, entries)
    return [
        ShownEvent(
            at=entry.at,
            actor=_("not shown") if is_open_anchor and _adds_anchor(entry) else names.person(entry.actor_id),
            act=entry.act,
            record_kind=str(_model_of(entry)._meta.verbose_name),
            note=entry.note,
            changes=tuple(_shown_changes(entry, names)),
        )
        for entry in entries
    ]


def _shown_in_own_circles(user: Any) -> Callable[[Any], bool]:
    own = {str(key) for key in Compartment.objects.visible_to(user).values_list("pk", flat=True)}
    return lambda event: not event.compartment_ids or bool(own & set(event.compartment_ids))


def _adds_anchor(entry: HistoryEntry) -> bool:
    model = _model_of(entry)
    return entry.act == "added" and issubclass(model, Restricted) and not getattr(model, "shows_who_added", False)


class _Names:
    """The names of everything that a history's values refer to by key."""

    def __init__(self, user: Any, entries: list[HistoryEntry]) -> None:
        wanted: dict[type[models.Model], set[str]] = {}
        for entry in entries:
            for change in entry.changes:
                target = _target_of(entry, change.field)
                if target is not None:
                    wanted.setdefault(target, set()).update(_keys(change.old), _keys(change.new))
        actors = {str(entry.actor_id) for entry in entries if entry.actor_id}
        actors |= wanted.pop(User, set())
        self.people = {str(person.pk): str(person) for person in User.objects.filter(pk__in=actors)}
        self.records = {target: self._visible(target, user, keys) for target, keys in wanted.items()}

    def _visible(self, target: Any, user: Any, keys: set[str]) -> dict[str, str]:
        rows = target.objects.visible_to(user).filter(pk__in=keys).named()
        return {str(row.pk): str(row) for row in rows}

    def person(self, key: Any) -> str:
        return self.people.get(str(key), "")

    def of(self, target: type[models.Model], key: str) -> str:
        found = self.people if target is User else self.records.get(target, {})
        return found.get(key) or _("not visible to you")


def _model_of(entry: HistoryEntry) -> type[models.Model]:
    return apps.get_model(entry.record_kind)


def _field_of(entry: HistoryEntry, name: str) -> Any:
    try:
        return _model_of(entry)._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _target_of(entry: HistoryEntry, name: str) -> type[models.Model] | None:
    """Return the model whose keys the field holds; a model says so in `keys_in_history` for what is no column."""
    beside = getattr(_model_of(entry), "keys_in_history", {})
    if name in beside:
        return apps.get_model(beside[name])
    field = _field_of(entry, name)
    target = getattr(field, "related_model", None)
    return target if target is User or hasattr(target, "visibility_rules") else None


def _keys(value: Any) -> set[str]:
    values = value if isinstance(value, list) else [value]
    return {str(key) for key in values if key}


def _shown_changes(entry: HistoryEntry, names: _Names) -> Iterator[ShownChange]:
    changed = {change.field for change in entry.changes}
    for change in entry.changes:
        if _is_shown(change.field, changed):
            field = _field_of(entry, change.field)
            yield ShownChange(
                label=_label(field, change),
                old=_words(entry, change.field, change.old, names),
                new=_words(entry, change.field, change.new, names),
                field=change.field,
            )


def _is_shown(name: str, changed: set[str]) -> bool:
    if name in QUIET_FIELDS or name.endswith(DERIVED_ENDINGS):
        return False
    return not (name.endswith("_edtf") and f"{name.removesuffix('_edtf')}_wording" in changed)


def _label(field: Any, change: FieldChange) -> str:
    if field is None:
        return change.field.replace("_", " ")
    return str(getattr(field, "verbose_name", "") or change.field.replace("_", " "))


def _words(entry: HistoryEntry, name: str, value: Any, names: _Names) -> str:
    if value in (None, "", []):
        return ""
    target = _target_of(entry, name)
    if target is not None:
        return ", ".join(sorted(names.of(target, key) for key in _keys(value)))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = dict(getattr(_field_of(entry, name), "flatchoices", ()) or ())
    values = value if isinstance(value, list) else [value]
    return ", ".join(_plain(one) or str(choices.get(one, one)) for one in values)


def _plain(value: Any) -> str:
    """Return what holds parts of its own, such as a footprint, as it is kept; nothing for a plain value."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else ""


def covering(rows: models.QuerySet[Any], circle: Circle, path: str = "") -> models.QuerySet[Any]:
    """Leave what every reader of a circle may see: open, or held by each of its compartments.

    A circle of no compartment has its creator as the only reader, who sees what `visible_to` left.
    """
    prefix = f"{path}__" if path else ""
    is_open = models.Q(**{f"{prefix}visibility": Visibility.OPEN})
    if circle.visibility == Visibility.OPEN:
        return rows.filter(is_open)
    if not circle.compartments:
        return rows
    held = rows.model._base_manager.all()
    for key in circle.compartment_ids:
        held = held.filter(**{f"{prefix}compartments": key})
    return rows.filter(is_open | models.Q(pk__in=held.values("pk")))
