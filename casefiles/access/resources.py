"""The base of what is imported and exported: rows go through the app's own actions, and a dry run leaves no trace.

A record is read as texts, one a column. A row is compared with the texts of the record it names; only what differs is
parsed and passed to the action, so that an unchanged row is no update and leaves no event.
"""

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from import_export import resources
from import_export.results import Error, Result, RowResult

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.access.circles import Circle
from casefiles.access.models import Compartment
from casefiles.access.rules import Act, Visibility
from casefiles.audit import actions as audit
from casefiles.core.folding import UnsafeText, clean_text
from casefiles.core.moments import NotUnderstood, parse_moment
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion

EVERYONE = "everyone"


class _LeaveNoTrace(Exception):
    """Ends the transaction of a dry run, or of an import with errors, together with its events."""


class WrongCell(Exception):
    """A cell cannot be taken; `column` names it."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column, self.message = column, message


class ActionResource(resources.ModelResource):
    """Subclasses say `columns`, in order, which of them are only `shown`, and how to find, add and change a record."""

    columns: ClassVar[tuple[str, ...]] = ()
    shown: ClassVar[frozenset[str]] = frozenset()
    links: ClassVar[dict[str, Any]] = {}
    moments: ClassVar[frozenset[str]] = frozenset()
    lines: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def __init__(self, *, user: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user = user
        self._seen: dict[Any, int] = {}

    # What subclasses say ------------------------------------------------------------------------------------------
    def rows(self) -> Any:
        """Return what the person may see, with all that `texts_of` reads."""
        return self._meta.model.objects.visible_to(self.user)

    def texts_of(self, record: Any) -> dict[str, str]:
        """Return one text a column."""
        raise NotImplementedError

    def find(self, row: dict[str, str]) -> Any:
        """Return the record that a row names by its key; None where the row is a new one."""
        return self.by_id(row)

    def add(self, values: dict[str, Any], *, circle: Circle | None) -> Any:
        raise NotImplementedError

    def change(self, record: Any, values: dict[str, Any]) -> None:
        raise NotImplementedError

    # Finding ------------------------------------------------------------------------------------------------------
    def by_id(self, row: dict[str, str]) -> Any:
        key = row.get("id", "").strip()
        if not key:
            return None
        record = self._one(self.rows(), key)
        if record is None:
            raise WrongCell("id", _("There is no such record. Leave the id empty to add one."))
        return record

    @staticmethod
    def _one(rows: Any, key: str) -> Any:
        try:
            return rows.filter(pk=uuid.UUID(key)).first()
        except ValueError:
            return None

    # Reading cells ------------------------------------------------------------------------------------------------
    def read(self, column: str, text: str) -> Any:
        """Return the value of one cell.

        Raises:
            WrongCell: it does not hold.
        """
        if column in self.links:
            return self._linked(column, text.strip())
        if column in self.moments:
            return self._moment(column, text)
        try:
            return clean_text(text)
        except UnsafeText as error:
            raise WrongCell(column, str(error.reason)) from error

    def _moment(self, column: str, text: str) -> Any:
        try:
            return parse_moment(text) if text.strip() else None
        except NotUnderstood as error:
            meanings = _(" or ").join(reading.edtf for reading in error.readings)
            hint = _("%(reason)s Write one of: %(meanings)s.") % {"reason": error.reason, "meanings": meanings}
            raise WrongCell(column, hint if meanings else str(error.reason)) from error

    def _linked(self, column: str, text: str) -> Any:
        """Return the one visible record with this id or exactly this name. None is made, and none hidden is told of."""
        if not text:
            return None
        rows = self.links[column].objects.visible_to(self.user).current()
        found = self._one(rows, text)
        named = [found] if found else [one for one in rows.matching(text[:200])[:50] if str(one) == text]
        if len(named) == 1:
            return named[0]
        if named:
            raise WrongCell(column, _("More than one is called “%(text)s”: write its id.") % {"text": text[:60]})
        raise WrongCell(column, _("There is no “%(text)s”. Add it first.") % {"text": text[:60]})

    def circle_of(self, text: str) -> Circle | None:
        """Return who may see a new record: everyone, or the members of a circle in which the person may edit."""
        text = text.strip()
        if not text:
            return None
        if text == EVERYONE:
            return Circle.everyone()
        rows = Compartment.objects.visible_to(self.user, Act.EDIT).current().filter(name=text)
        found = rows.first()
        if found is None:
            raise WrongCell("circle", _("Write “everyone”, or the reference of a case in which you may edit."))
        return Circle(compartments=(found,))

    def circle_text(self, record: Any) -> str:
        if record.visibility == Visibility.OPEN:
            return EVERYONE
        return ", ".join(sorted(self._circles[one.pk] for one in record.compartments.all() if one.pk in self._circles))

    @cached_property
    def _circles(self) -> dict[uuid.UUID, str]:
        return dict(Compartment.objects.visible_to(self.user).values_list("pk", "name"))

    # Importing ----------------------------------------------------------------------------------------------------
    def import_data(self, dataset: Any, dry_run: bool = False, **kwargs: Any) -> Result:
        """Import a table. Nothing stays of a dry run, nor of a table of which one row has an error."""
        result = Result()
        result.diff_headers, result.total_rows = list(self.columns), len(dataset)
        try:
            with audit.unit():
                self._import_rows(dataset, result)
                if dry_run or result.has_errors() or result.has_validation_errors():
                    raise _LeaveNoTrace
        except _LeaveNoTrace:
            pass
        return result

    def _import_rows(self, dataset: Any, result: Result) -> None:
        unknown = [header for header in dataset.headers if header not in self.columns]
        if unknown:
            known = ", ".join(self.columns)
            said = _("There is no column “%(name)s” here. The columns are: %(known)s.")
            result.append_base_error(Error(ValueError(said % {"name": unknown[0][:60], "known": known})))
            return
        for number, cells in enumerate(dataset, start=2):
            self._import_one(dict(zip(dataset.headers, cells, strict=True)), number, result)

    def _import_one(self, row: dict[str, str], number: int, result: Result) -> None:
        row_result = RowResult()
        try:
            with audit.unit():
                self._perform(row, number, row_result)
        except (WrongCell, Refused, ValidationError, NotAllowed, NotVisible, StaleVersion) as problem:
            row_result.validation_error = self._explained(problem, row)
            row_result.import_type = RowResult.IMPORT_TYPE_INVALID
            result.append_invalid_row(number, row, row_result.validation_error)
        result.increment_row_result_total(row_result)
        result.append_row_result(row_result)

    def _explained(self, problem: Exception, row: dict[str, str]) -> ValidationError:
        if isinstance(problem, WrongCell):
            return ValidationError({problem.column: [problem.message]})
        if isinstance(problem, Refused):
            column = problem.field if problem.field in self.columns else "__all__"
            return ValidationError({column: [str(problem.message)]})
        if isinstance(problem, ValidationError):
            return problem if hasattr(problem, "error_dict") else ValidationError({"__all__": problem.messages})
        is_refused = isinstance(problem, NotAllowed)
        changed = _("This record changed meanwhile. Export it again.")
        said = _("You may read this record, but not change it.") if is_refused else changed
        return ValidationError({"__all__": [said]})

    def _perform(self, row: dict[str, str], number: int, row_result: RowResult) -> None:
        record = self.find(row)
        before = self.texts_of(record) if record else {}
        if record is not None:
            self._refuse_twice(record.pk, number)
        differing = {name: text for name, text in row.items() if self._differs(before, name, text)}
        self._refuse_shown(before, differing, is_new=record is None)
        row_result.import_type = self._kind(record, differing)
        after = before
        if record is None or differing:
            record = self._save(record, differing)
            after = self.texts_of(self.rows().get(pk=record.pk))
        if not before:
            after["id"] = ""  # another one is given when it is added for good
        row_result.object_id, row_result.object_repr = str(record.pk), str(record)
        row_result.diff = [shown_change(before.get(name, ""), after[name]) for name in self.columns]

    def _refuse_twice(self, key: Any, number: int) -> None:
        first = self._seen.setdefault(key, number)
        if first != number:
            raise WrongCell("__all__", _("Row %(row)d is about the same record.") % {"row": first})

    def _differs(self, before: dict[str, str], name: str, text: str) -> bool:
        return self._same(name, before.get(name, "")) != self._same(name, text)

    def _same(self, name: str, text: str) -> str:
        return " ".join(text.split()) if name in self.lines else text.replace("\r\n", "\n").replace("\r", "\n")

    def _refuse_shown(self, before: dict[str, str], differing: dict[str, str], *, is_new: bool) -> None:
        for name in list(differing):
            if name not in self.shown or (is_new and name == "circle"):
                continue
            if not differing[name].strip():
                del differing[name]
                continue
            if is_new:
                # What another system wrote there is not kept: ids and marks are given here.
                raise WrongCell(name, _("This is not imported. Leave it empty for a new record."))
            raise WrongCell(
                name, _("This is not changed by an import: it is “%(now)s”.") % {"now": before.get(name, "")[:60]}
            )

    @staticmethod
    def _kind(record: Any, differing: dict[str, str]) -> str:
        if record is None:
            return str(RowResult.IMPORT_TYPE_NEW)
        return str(RowResult.IMPORT_TYPE_UPDATE if differing else RowResult.IMPORT_TYPE_SKIP)

    def _save(self, record: Any, differing: dict[str, str]) -> Any:
        circle = self.circle_of(differing.pop("circle", "")) if record is None else None
        values = {name: self.read(name, text) for name, text in differing.items()}
        if record is None:
            return self.add(values, circle=circle)
        self.change(record, values)
        return record

    # Exporting ----------------------------------------------------------------------------------------------------
    def get_export_headers(self, selected_fields: Any = None) -> list[str]:
        return list(self.columns)

    def export_resource(self, instance: Any, selected_fields: Any = None, **kwargs: Any) -> list[str]:
        texts = self.texts_of(instance)
        return [texts[name] for name in self.columns]

    def iter_queryset(self, queryset: Any) -> Iterator[Any]:
        return iter(self.rows().filter(pk__in=queryset.values("pk")).order_by("pk"))

    def get_user_visible_fields(self) -> list[Any]:
        return []


def shown_change(before: str, after: str) -> SafeString:
    """Return a cell of the preview: what it holds, or what it held and will hold."""
    if before == after:
        return format_html("{}", after)
    if not before:
        return format_html("<ins>{}</ins>", after)
    return format_html("<del>{}</del> <ins>{}</ins>", before, after)
