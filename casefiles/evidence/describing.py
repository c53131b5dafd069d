"""Describing many items at once: what each row showed, what was typed, and what somebody else saved meanwhile."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.core.conflicts import Base, ConflictRow, conflict_rows
from casefiles.core.forms import Form, RecordField
from casefiles.core.pages import add_refusal
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence.actions.items import change_item
from casefiles.evidence.models import File, Item, Source
from casefiles.evidence.vocabulary import ItemKind

MOST_ROWS = 50


def _source(label: Any) -> RecordField:
    return RecordField(
        label=label,
        model=Source,
        suggest_url="evidence:source_suggest",
        create_url="evidence:source_add",
        required=False,
    )


class RowForm(Form):
    """What is first said of an item that was brought in."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ItemKind.choices)
    source = _source(gettext_lazy("Source"))


class AllForm(Form):
    """What is the same for all rows; whatever is left empty here leaves them as they are."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of all"), required=False)
    source = _source(gettext_lazy("Source of those without one"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="all", **kwargs)
        self.fields["kind"].choices = [("", _("as below")), *ItemKind.choices]  # type: ignore[attr-defined]


@dataclass
class Row:
    """One item as the page shows it. `token` is what the row showed, signed for its reader."""

    item: Item
    form: RowForm
    token: str
    label: str = ""
    file: File | None = None
    conflict: list[ConflictRow] = field(default_factory=list)
    is_saved: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether somebody must look at it again."""
        return bool(self.conflict or self.form.errors)


def row_form(item: Item, *, user: Any, data: Any = None) -> RowForm:
    initial = {name: getattr(item, name) for name in RowForm.base_fields}
    return RowForm(data, initial=initial, prefix=str(item.pk), user=user)


def fresh_row(item: Item, *, user: Any) -> Row:
    form = row_form(item, user=user)
    return Row(item, form, Base.of(form, record=item).dumps(user=user))


def posted_items(rows: QuerySet[Any], data: Any) -> list[Item]:
    """Return the items that a form names and `rows` holds, in the order of the form; the others were never there."""
    keys = list(_keys(data.getlist("row")[:MOST_ROWS]))
    found = {item.pk: item for item in rows.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def _keys(texts: Iterable[str]) -> Iterator[uuid.UUID]:
    for text in texts:
        try:
            yield uuid.UUID(text)
        except ValueError:
            continue


def save_row(item: Item, *, user: Any, data: Any, for_all: dict[str, Any]) -> Row:
    """Save what was changed in one row, and say in it what stood in the way: each row is saved on its own."""
    form = row_form(item, user=user, data=data)
    token = data.get(f"{item.pk}-base", "")
    base = Base.loads(token, record=item, user=user)
    row = Row(item, form, token)
    if base is None:
        form.add_error(None, _("This row was opened too long ago, or for another record. Reload the page."))
    if not form.is_valid() or base is None:
        return row
    changes = _changes(form, base, for_all)
    if not changes:
        return row
    try:
        row.is_saved = (
            bool(changes) and change_item(item, by=user, version=base.version, **changes).version != base.version
        )
    except StaleVersion as stale:
        _show_both(row, stale.record, base, user=user)
    except (Refused, ValidationError) as refusal:
        add_refusal(form, refusal)
    return row


def _changes(form: RowForm, base: Base, for_all: dict[str, Any]) -> dict[str, Any]:
    """Return what differs from what the row showed: what somebody else changed elsewhere in it stays theirs."""
    cleaned = dict(form.cleaned_data)
    shown = {name for name in cleaned if _typed(form, name) == _shown(form, name, base)}
    changes = {name: value for name, value in cleaned.items() if name not in shown}
    if for_all.get("kind"):
        changes["kind"] = for_all["kind"]
    if for_all.get("source") and cleaned["source"] is None:
        changes["source"] = for_all["source"]
    return changes


def _inputs(form: RowForm, name: str) -> tuple[str, str]:
    html_name = form[name].html_name
    return html_name, f"{html_name}_id"


def _typed(form: RowForm, name: str) -> list[list[str]]:
    values = (form.data.getlist(key) for key in _inputs(form, name))  # type: ignore[attr-defined]
    return [[text for text in several if text] for several in values]


def _shown(form: RowForm, name: str, base: Base) -> list[list[str]]:
    return [[text for text in base.values.get(key, []) if text] for key in _inputs(form, name)]


def _show_both(row: Row, theirs: Any, base: Base, *, user: Any) -> None:
    """Put beside what was typed what stands there now; saving again is then an answer to that."""
    now = Base.of(row_form(theirs, user=user), record=theirs)
    row.conflict = [one for one in conflict_rows(row.form, base=base, theirs=now) if one.theirs != one.yours]
    row.token = now.dumps(user=user)
