"""Pages about lists: which are here, bringing in an edition, what it differs in, and deciding on it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.actions import NotVisible
from casefiles.access.pages import AddPage, HistoryPage, RecordListPage, RestorePage, VoidPage
from casefiles.core.addresses import record_address
from casefiles.core.keyset import BadCursor, KeysetPage, Order, paginate
from casefiles.core.pages import ActionPage, DetailPage, ListPage
from casefiles.evidence.arrivals import StoreUpload
from casefiles.evidence.uploads import received_by
from casefiles.sanctions.actions.editions import apply_edition, import_list_files, newer_than, set_edition_aside
from casefiles.sanctions.actions.listing import designate_from_entry
from casefiles.sanctions.background import read_after_commit
from casefiles.sanctions.list_filters import EntryFilter
from casefiles.sanctions.list_forms import ApplyForm, EditionForm, FromEntryForm, SetAsideForm
from casefiles.sanctions.models import EditionState, ListEdition, ListEntry
from casefiles.sanctions.selectors.lists import changes_of, offers_of, problems_of, states_of_lists

TONES = {
    EditionState.APPLIED: "good", EditionState.FAILED: "bad", EditionState.COMPARED: "warn", EditionState.SET_ASIDE: "",
}  # fmt: skip
PROBLEMS_SHOWN = 50


class EditionsPage(RecordListPage):
    template_name = "sanctions/editions.html"
    section = "lists"
    model = ListEdition
    orders = {"-added": Order("created_at", is_descending=True), "added": Order("created_at")}
    add_url_name = "sanctions:edition_add"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().current()

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        for row in page.rows:
            row.url = record_address("sanctions:edition", row.pk)
            row.tone = TONES.get(row.state, "")
        return page.rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lists=states_of_lists(self.user), **kwargs)


class EditionMixin:
    section = "lists"
    record_model = ListEdition
    tab = ""

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("item", "file", "created_by", "voided_by", "compared_with")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        pages = [("", "edition", _("Edition"))]
        if not record.is_going_on and record.entries:
            pages += [
                ("entries", "edition_entries", _("Entries")),
                ("offers", "edition_offers", _("Ships of the registry")),
            ]
        pages.append(("history", "edition_history", _("History")))
        shared = {
            "list_url": reverse("sanctions:editions"),
            "list_label": _("Lists"),
            "heading": str(record),
            "cancel_url": record.get_absolute_url(),
            "tabs": [
                {"label": label, "url": reverse(f"sanctions:{name}", args=[record.pk]), "is_current": key == self.tab}
                for key, name, label in pages
            ],
            "voided": {"reason": record.void_reason, "by": record.voided_by, "at": record.voided_at}
            if record.is_voided
            else None,
        }
        return shared | super().get_context_data(**kwargs)


class EditionPage(EditionMixin, DetailPage):
    """How far a list file is read; then what the edition differs in, and what was left out of it and why."""

    template_name = "sanctions/edition.html"
    visibility = "record:read"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        problems = self._problems()
        return super().get_context_data(
            tone=TONES.get(record.state, ""),
            changes=changes_of(record, self.user) if record.compared_with_id else {},
            newer=newer_than(record) if record.is_to_be_decided else None,
            problems=problems,
            next_url=f"?after={problems.next_cursor}" if problems.next_cursor else "",
            may_edit=self.may("edit"),
            **kwargs,
        )

    def _problems(self) -> KeysetPage:
        rows = problems_of(self.record, self.user)
        try:
            return paginate(rows, order=Order("row"), size=PROBLEMS_SHOWN, after=self.request.GET.get("after"))
        except BadCursor as error:
            raise Http404 from error


class EditionEntriesPage(EditionMixin, ListPage):
    template_name = "sanctions/entries.html"
    visibility = "record:read"
    tab = "entries"
    model = ListEntry
    filterset_class = EntryFilter
    orders = {"row": Order("row"), "-row": Order("row", is_descending=True)}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().of(self.record)

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        for row in page.rows:
            row.further = ", ".join(one["name"] for one in row.names)
        return page.rows


class EditionOffersPage(EditionMixin, DetailPage):
    template_name = "sanctions/offers.html"
    visibility = "record:read"
    tab = "offers"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_applied = self.record.state == EditionState.APPLIED and not self.record.is_voided
        return super().get_context_data(
            offers=offers_of(self.record, self.user), may_record=is_applied and self.may("edit"), **kwargs
        )


class EditionHistory(EditionMixin, HistoryPage):
    tab = "history"


class EditionAdd(AddPage):
    template_name = "evidence/item_form.html"
    section = "lists"
    form_class = EditionForm
    title = _("Bring in an edition of a list")
    submit_label = _("Keep it and read it")
    upload_handler = StoreUpload
    list_url_name = "sanctions:editions"
    list_label = _("Lists")

    def perform(self, form: Any, *, version: int) -> ListEdition:
        values = form.cleaned_data
        added = import_list_files(
            received_by(form, by=self.user),
            by=self.user,
            list_key=values["list_key"],
            published_on=values["published_on"],
            title=values["title"],
            source=values["source"],
            encoding=values["encoding"],
        )
        read_after_commit()
        return added

    def success_message(self, saved: Any) -> str:
        return gettext("The file is kept. Its entries are being read.")

    def undo_for(self, saved: Any) -> None:  # type: ignore[override]
        return None


class EditionApply(EditionMixin, ActionPage):
    template_name = "access/confirm.html"
    visibility = "record:edit"
    form_class = ApplyForm
    is_edit = True
    title = _("Apply this edition")
    submit_label = _("Apply it")

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        if newer_than(self.record) is None:
            del form.fields["as_older"]
        return form

    def perform(self, form: Any, *, version: int) -> ListEdition:
        as_older = form.cleaned_data.get("as_older", False)
        return apply_edition(self.record, by=self.user, version=version, as_older=as_older)

    def success_message(self, saved: Any) -> str:
        return gettext("Applied. From now on it is searched.")

    def undo_for(self, saved: Any) -> None:
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        counted = gettext("%(added)d added, %(removed)d no longer on it, %(changed)d changed.") % {
            "added": record.added,
            "removed": record.removed,
            "changed": record.changed,
        }
        stays = gettext(
            "What is no longer on it stays in the edition before. Designations in the record do not change."
        )
        return super().get_context_data(consequences=[counted, stays], **kwargs)


class EditionSetAside(EditionMixin, ActionPage):
    template_name = "access/confirm.html"
    visibility = "record:edit"
    form_class = SetAsideForm
    is_edit = True
    title = _("Set this edition aside")
    submit_label = _("Set it aside")

    def perform(self, form: Any, *, version: int) -> ListEdition:
        return set_edition_aside(self.record, by=self.user, version=version, reason=form.cleaned_data["reason"])

    def success_message(self, saved: Any) -> str:
        return gettext("Set aside. It stays, and is never searched.")

    def undo_for(self, saved: Any) -> None:
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = gettext("The edition stays, with your reason, and is never searched.")
        return super().get_context_data(consequences=[text], **kwargs)


class EditionDesignate(EditionMixin, ActionPage):
    """Records the designation of one ship from its entry. The ship stands in the address."""

    template_name = "access/confirm.html"
    visibility = "record:edit"
    form_class = FromEntryForm
    title = _("Record this designation")
    submit_label = _("Record it")

    def _offer(self) -> Any:
        wanted = self.kwargs["vessel"]
        offer = next((one for one in offers_of(self.record, self.user) if one.vessel.pk == wanted), None)
        if offer is None:
            raise NotVisible
        return offer

    def perform(self, form: Any, *, version: int) -> Any:
        offer = self._offer()
        return designate_from_entry(offer.entry, by=self.user, vessel=offer.vessel, **form.cleaned_data)

    def success_url(self, saved: Any) -> str:
        return str(saved.get_absolute_url())

    def success_message(self, saved: Any) -> str:
        return gettext("Recorded: %(record)s.") % {"record": saved}

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offer = self._offer()
        entry, vessel = offer.entry, offer.vessel
        values = {"entry": entry.list_id, "name": entry.name, "vessel": vessel, "row": entry.row}
        said = gettext("Entry %(entry)s, “%(name)s”, has the IMO number of %(vessel)s. Row %(row)d is cited.") % values
        day = {"day": self.record.published_on.isoformat()}
        until = gettext("The edition shows that it stood on %(day)s, and nothing of afterwards.") % day
        return super().get_context_data(
            consequences=[said, until], cancel_url=reverse("sanctions:edition_offers", args=[self.record.pk]), **kwargs
        )


class EditionVoid(EditionMixin, VoidPage):
    title = _("Void this edition")

    def consequences(self) -> list[str]:
        return [gettext("It is searched no more. Its entries and the file stay.")]

    def undo_for(self, saved: Any) -> None:
        return None


class EditionRestore(EditionMixin, RestorePage):
    title = _("Restore this edition")

    def undo_for(self, saved: Any) -> None:
        return None
