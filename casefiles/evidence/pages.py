"""What the pages of every record anchored to an assertion share: citations, who may see it, tabs, the voided banner."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.actions import void_record
from casefiles.access.models import Compartment
from casefiles.access.pages import HistoryPage, VoidPage
from casefiles.access.rules import Visibility
from casefiles.core.pages import ActionPage, DetailPage, Page
from casefiles.evidence.actions.citations import cite
from casefiles.evidence.citing import CiteForm
from casefiles.evidence.forms import suggested_item
from casefiles.evidence.models import Citation
from casefiles.evidence.selectors import citations_by_assertion


def place_carried(given: Any, user: Any) -> dict[str, Any]:
    """Return what a form that cites starts from: the place that somebody read, looked at or played, as the query says.

    `given` is a request's GET: `item` (its id), `locator`, `quote`.
    """
    carried = {name: given.get(name, "").replace("\x00", "") for name in ("locator", "quote")}
    return {"item": suggested_item(given.get("item", ""), user), **carried}


def undo_of(saved: Any) -> dict[str, Any]:
    """Return what takes back the change just saved: the version keeps a later one from being taken back instead."""
    kind = saved._meta.label_lower
    return {"kind": kind, "id": str(saved.pk), "act": "undo", "version": saved.version_holder.version}


class AssertedMixin(Page):
    """Says where a record has its pages: `<url_name>`, and with `_edit`, `_history`, `_cite`, `_void` and `_restore`.

    `list_url_name` and `list_label` lead back to the list.
    """

    url_name: ClassVar[str] = ""
    list_url_name: ClassVar[str] = ""
    list_label: ClassVar[Any] = ""
    tab: ClassVar[str] = ""

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("assertion__created_by", "assertion__voided_by")

    def address(self, suffix: str = "") -> str:
        return reverse(f"{self.url_name}{suffix}", args=[self.record.pk])

    def heading(self) -> str:
        return str(self.record)

    def tabs(self) -> list[dict[str, Any]]:
        pages = [("", _("Record")), ("_history", _("History"))]
        return [
            {"label": label, "url": self.address(suffix), "is_current": suffix == self.tab} for suffix, label in pages
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.update(
            heading=self.heading(),
            tabs=self.tabs(),
            list_url=reverse(self.list_url_name),
            list_label=self.list_label,
            voided=self._voided(),
            cancel_url=self.address(),
        )
        return context

    def _voided(self) -> dict[str, Any] | None:
        anchor = self.record.assertion
        if not anchor.is_voided:
            return None
        return {"reason": anchor.void_reason, "by": anchor.voided_by, "at": anchor.voided_at}


class AssertedPage(AssertedMixin, DetailPage):
    """One record with what is cited for it."""

    visibility = "record:read"
    abouts: ClassVar[Sequence[tuple[str, Any]]] = ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        anchor = self.record.assertion
        context.update(
            citations=self.shown(citations_by_assertion([anchor.pk], self.user)[anchor.pk]),
            may_edit=self.may("edit"),
            readers=self._readers(),
            edit_url=self.address("_edit"),
            cite_url=self.address("_cite"),
            void_url=self.address("_void"),
            restore_url=self.address("_restore"),
        )
        return context

    def shown(self, citations: list[Any]) -> list[Any]:
        """Give each citation what the page shows beside it: the value it is about, and where it is withdrawn."""
        labels = dict(self.abouts)
        prefix = reverse("evidence:citation_void", args=[self.record.pk]).removesuffix(f"{self.record.pk}/void/")
        for citation in citations:
            citation.about_label = labels.get(citation.about, "")
            citation.void_url = f"{prefix}{citation.pk}/void/"
        return citations

    def _readers(self) -> str:
        """Say who may see the record, naming only circles that the reader belongs to."""
        anchor = self.record.assertion
        if anchor.visibility == Visibility.OPEN:
            return gettext("Every member")
        rows = Compartment.objects.visible_to(self.user).filter(pk__in=anchor.compartments.values("pk"))
        names = ", ".join(rows.order_by("name", "pk").values_list("name", flat=True))
        return gettext("Members of %(names)s") % {"names": names} if names else gettext("Only whoever added it")


class AssertedHistoryPage(AssertedMixin, HistoryPage):
    """The history of a record and of its citations."""

    tab = "_history"

    def history_ids(self) -> list[Any]:
        cited = Citation.objects.visible_to(self.user).filter(assertion_id=self.record.pk)
        return [self.record.pk, *cited.values_list("pk", flat=True)]


class AssertedEditPage(AssertedMixin, ActionPage):
    """Changes the record. Subclasses say `form_class`, the `fields` it starts from, and the action in `change`."""

    template_name = "access/add.html"
    visibility = "record:edit"
    is_edit = True
    fields: ClassVar[Sequence[str]] = ()

    def form_kwargs(self) -> dict[str, Any]:
        return {"is_edit": True}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in self.fields}

    def change(self, *, version: int, values: dict[str, Any]) -> Any:
        """Call the action that changes the record, and return it."""
        raise NotImplementedError

    def perform(self, form: Any, *, version: int) -> Any:
        saved = self.change(version=version, values=form.fields_to_save())
        self.has_changed = saved.version != version
        return saved

    def success_message(self, saved: Any) -> str:
        return gettext("Saved.") if self.has_changed else gettext("Nothing was changed.")

    def undo_for(self, saved: Any) -> dict[str, Any] | None:
        return undo_of(saved) if self.has_changed else None


class CitePage(AssertedMixin, ActionPage):
    """Cites an item for the record. `abouts` names the values that a citation may show on their own."""

    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = CiteForm
    title = _("Cite an item")
    submit_label = _("Cite")
    abouts: ClassVar[Sequence[tuple[str, Any]]] = ()

    def form_kwargs(self) -> dict[str, Any]:
        return {"abouts": self.abouts}

    def get_initial(self) -> dict[str, Any]:
        given = self.request.GET
        about = {"about": given["about"]} if given.get("about", "") in dict(self.abouts) else {}
        return place_carried(given, self.user) | about

    def perform(self, form: Any, *, version: int) -> Any:
        return cite(self.record, by=self.user, **form.cleaned_data)

    def success_url(self, saved: Any) -> str:
        return f"{self.address()}#citations"

    def success_message(self, saved: Any) -> str:
        return gettext("“%(item)s” cited.") % {"item": saved.item}

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": "evidence.citation", "id": str(saved.pk), "act": "void"}


class CitationVoidPage(VoidPage):
    """Withdraws a citation, and goes back to the record that it was of."""

    record_model = Citation
    section = "evidence"
    title = _("Void this citation")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("assertion", "item")

    def perform(self, form: Any, *, version: int) -> Any:
        void_record(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record

    def success_url(self, saved: Any) -> str:
        anchor = saved.assertion
        record = getattr(anchor, anchor.kind.replace(".", "_", 1), None)
        return str(record.get_absolute_url()) if record is not None else reverse("evidence:items")
