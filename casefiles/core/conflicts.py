"""What an edit form showed when it was opened, kept signed in the form; and the three versions of a stale save."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import QueryDict

SALT = "casefiles.base"


def raw_values(form: Any) -> dict[str, list[str]]:
    """Return what an unbound form's inputs hold, by input name, as a browser would send it."""
    values: dict[str, list[str]] = {}
    for name in form.fields:
        bound = form[name]
        data = bound.value()
        widget = bound.field.widget
        if widget.needs_multipart_form:
            continue
        inputs = getattr(widget, "raw_values", None)
        if inputs is not None:
            values.update(inputs(bound.html_name, data))
        elif isinstance(data, list | tuple):
            values[bound.html_name] = [str(item) for item in data]
        elif data is True:
            values[bound.html_name] = ["on"]
        elif data not in (None, False, ""):
            values[bound.html_name] = _formatted(widget, data)
    return values


def _formatted(widget: Any, data: Any) -> list[str]:
    shown = data if widget.is_hidden else widget.format_value(data)
    # A select formats its one value as a list.
    return [str(one) for one in shown] if isinstance(shown, list | tuple) else [str(shown)]


@dataclass(frozen=True)
class Base:
    """The version and the input values of a record when its form was opened."""

    record_id: str
    version: int
    values: dict[str, list[str]]

    @classmethod
    def of(cls, form: Any, *, record: Any) -> "Base":
        return cls(record_id=str(record.pk), version=record.version_holder.version, values=raw_values(form))

    def dumps(self, *, user: Any) -> str:
        payload = [self.record_id, self.version, self.values]
        return signing.dumps(payload, salt=f"{SALT}:{user.pk}", compress=True)

    @classmethod
    def loads(cls, token: str, *, record: Any, user: Any) -> "Base | None":
        """Return the base in a token, or None where it is not this user's for this record."""
        try:
            record_id, version, values = signing.loads(token, salt=f"{SALT}:{user.pk}")
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return cls(record_id, version, values) if record_id == str(record.pk) else None


def merged_data(posted: QueryDict, base: Base | None) -> QueryDict:
    """Return the posted data in which each field marked `keep-<name>=theirs` holds what the base says."""
    if base is None:
        return posted
    data = posted.copy()
    for key in posted:
        if key.startswith("keep-") and posted[key] == "theirs":
            for name in _inputs(key.removeprefix("keep-"), {*base.values, *posted}):
                data.setlist(name, base.values.get(name, []))
    return data


def _inputs(name: str, names: Any) -> list[str]:
    """Return the inputs of one field: its own, and the key that a picker keeps beside it.

    Not all that begin alike: `quote_language` is a field of its own beside `quote`.
    """
    return [name, *({f"{name}_id"} & set(names))]


@dataclass(frozen=True)
class ConflictRow:
    name: str
    label: str
    base: str
    theirs: str
    yours: str
    is_both_changed: bool
    keep: str
    inputs: tuple[tuple[str, str], ...]


def conflict_rows(form: Any, *, base: Base | None, theirs: Base) -> list[ConflictRow]:
    """Compare what the form showed, what stands now and what was typed, field by field; equal fields are left out.

    Every field keeps its inputs, so that a resubmitted conflict page sends the whole form again.
    """
    return [_row(form, name, base.values if base else {}, theirs.values) for name in form.fields]


def _row(form: Any, name: str, base: dict[str, list[str]], theirs: dict[str, list[str]]) -> ConflictRow:
    html_name = form[name].html_name
    yours = {key: form.data.getlist(key) for key in _inputs(html_name, form.data)}
    mine, old, new = (_shown(form, name, values) for values in (yours, base, theirs))
    return ConflictRow(
        name=html_name,
        label=str(form[name].label),
        base=old,
        theirs=new,
        yours=mine,
        is_both_changed=new != old and mine != old and new != mine,
        keep="theirs" if mine == old and new != old else "yours",
        inputs=tuple((key, value) for key, values in yours.items() for value in values),
    )


def _shown(form: Any, name: str, values: dict[str, list[str]]) -> str:
    """Return a field's value as a person reads it: the chosen words, not the keys."""
    raw = values.get(form[name].html_name, [])
    choices = getattr(form.fields[name], "choices", None)
    if choices is not None:
        words = {str(key): str(label) for key, label in getattr(choices, "flat", choices) if key not in (None, "")}
        raw = [words.get(value, value) for value in raw]
    return ", ".join(value for value in raw if value)
