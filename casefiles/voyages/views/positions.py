"""Pages about position files: the list, adding one, and what became of it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.pages import AddPage, HistoryPage, RecordListPage, RestorePage, VoidPage
from casefiles.core.addresses import record_address
from casefiles.core.keyset import BadCursor, KeysetPage, Order, paginate
from casefiles.core.pages import DetailPage
from casefiles.core.refusals import Refused
from casefiles.evidence.arrivals import StoreUpload
from casefiles.evidence.models import File, Item
from casefiles.evidence.uploads import received_by
from casefiles.voyages.actions.positions import add_position_import, import_received
from casefiles.voyages.background import import_after_commit
from casefiles.voyages.forms.positions import FORMATS, PositionImportForm
from casefiles.voyages.models import ImportState, PositionImport
from casefiles.voyages.selectors.positions import identities_in, original_files, rejected_rows_of
from casefiles.voyages.vocabulary import NOT_AVAILABLE

FORMAT_NAMES = dict(FORMATS)
TONES = {ImportState.FINISHED: "good", ImportState.FAILED: "bad"}
IDENTITIES_SHOWN, ROWS_SHOWN = 20, 50


class PositionImportsPage(RecordListPage):
    template_name = "voyages/position_imports.html"
    section = "positions"
    model = PositionImport
    orders = {"-added": Order("created_at", is_descending=True), "added": Order("created_at")}
    add_url_name = "voyages:position_import_add"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().current().select_related("item")

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        for row in page.rows:
            row.url = record_address("voyages:position_import", row.pk)
            row.format_name = FORMAT_NAMES.get(row.format, "")
            row.tone = TONES.get(row.state, "")
        return page.rows


class PositionImportMixin:
    section = "positions"
    record_model = PositionImport
    tab = ""

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("item", "file", "created_by", "voided_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        pages = (
            ("", "voyages:position_import", _("File")),
            ("history", "voyages:position_import_history", _("History")),
        )
        shared = {
            "list_url": reverse("voyages:position_imports"),
            "list_label": _("Positions"),
            "heading": gettext("Positions of %(item)s") % {"item": record.item.title},
            "cancel_url": record.get_absolute_url(),
            "tabs": [
                {"label": label, "url": reverse(name, args=[record.pk]), "is_current": key == self.tab}
                for key, name, label in pages
            ],
            "voided": {"reason": record.void_reason, "by": record.voided_by, "at": record.voided_at}
            if record.is_voided
            else None,
        }
        return shared | super().get_context_data(**kwargs)


class PositionImportPage(PositionImportMixin, DetailPage):
    """How far a file is read; then what it gave, what was left out and why, and what its radios said."""

    template_name = "voyages/position_import.html"
    visibility = "record:read"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        rejected = self._rejected()
        said = list(identities_in(record, self.user)[: IDENTITIES_SHOWN + 1])
        return super().get_context_data(
            format_name=FORMAT_NAMES.get(record.format, ""),
            tone=TONES.get(record.state, ""),
            unavailable=[(label, record.unavailable.get(key, 0)) for key, label in NOT_AVAILABLE.items()],
            rejected=rejected,
            next_url=f"?after={rejected.next_cursor}" if rejected.next_cursor else "",
            identities=said[:IDENTITIES_SHOWN],
            has_more_identities=len(said) > IDENTITIES_SHOWN,
            may_edit=self.may("edit"),
            **kwargs,
        )

    def _rejected(self) -> KeysetPage:
        rows = rejected_rows_of(self.record, self.user)
        try:
            return paginate(rows, order=Order("row"), size=ROWS_SHOWN, after=self.request.GET.get("after"))
        except BadCursor as error:
            raise Http404 from error


class PositionImportHistory(PositionImportMixin, HistoryPage):
    tab = "history"


class PositionImportVoid(PositionImportMixin, VoidPage):
    title = _("Void this import")

    def consequences(self) -> list[str]:
        return [gettext("Its positions are drawn and searched no more. The file stays, as evidence.")]

    def undo_for(self, saved: Any) -> None:
        return None


class PositionImportRestore(PositionImportMixin, RestorePage):
    title = _("Restore this import")

    def undo_for(self, saved: Any) -> None:
        return None


class PositionImportAdd(AddPage):
    template_name = "evidence/item_form.html"
    section = "positions"
    form_class = PositionImportForm
    title = _("Read a position file")
    submit_label = _("Keep it and read it")
    upload_handler = StoreUpload
    list_url_name = "voyages:position_imports"
    list_label = _("Positions")

    def perform(self, form: Any, *, version: int) -> PositionImport:
        values = form.cleaned_data
        if values["item"] is not None:
            added = add_position_import(self._file_of(values["item"]), by=self.user, options=form.options())
        else:
            [received] = received_by(form, by=self.user)
            added = import_received(
                received,
                by=self.user,
                circle=values["circle"],
                options=form.options(),
                title=values["title"],
                source=values["source"],
            )
        import_after_commit()
        return added

    def _file_of(self, item: Item) -> File:
        files = original_files(item, self.user)
        if len(files) == 1:
            return files[0]
        text = gettext("This item has several files: give the file itself.") if files else gettext("It has no file.")
        raise Refused(text, field="item")

    def success_message(self, saved: Any) -> str:
        return gettext("The file is kept. Its positions are being read.")

    def undo_for(self, saved: Any) -> None:  # type: ignore[override]
        return None
