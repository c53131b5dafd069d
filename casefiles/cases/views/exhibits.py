"""The exhibits of a case: the list, adding a news report or other evidence, citing, and removing."""

import contextlib
import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casefiles.cases import actions, selectors
from casefiles.cases.forms.claims import CitingForm
from casefiles.cases.forms.exhibits import ExhibitForm, ExhibitNoteForm, RepeatsForm, ReportForm
from casefiles.cases.models import Exhibit
from casefiles.cases.views.base import CaseForm, PartForm, RemovePart, undo
from casefiles.cases.views.citations import CitingPage, cited_message
from casefiles.cases.views.parts import PartPlace, PartsPage
from casefiles.cases.vocabulary import ReportLineage
from casefiles.core.forms import ReasonForm
from casefiles.core.keyset import KeysetPage
from casefiles.core.pages import add_refusal
from casefiles.core.refusals import Refused
from casefiles.evidence.arrivals import StoreUpload
from casefiles.evidence.models import Citation, Item
from casefiles.evidence.uploads import received_by


class Exhibits(PartsPage):
    """The list, a page at a time; an exhibit that the address names stands on the page.

    `?cite=E-13` opens the form that cites it, `?at=E-13` offers that as the next step, `?near=E-13` only shows it.
    """

    template_name = "cases/exhibits.html"
    tab = "exhibits"
    talk_kind = "cases.exhibit"
    naming = ("cite", "at", "near")

    def get_queryset(self) -> QuerySet[Exhibit]:
        rows = selectors.numbered_exhibits(self.case, self.user)
        return rows.matching(self.words) if self.words else rows

    @property
    def words(self) -> str:
        # PostgreSQL takes no NUL in a value, and no name holds one.
        return self.request.GET.get("q", "").replace("\x00", "").strip()[:200]

    def rows(self, page: KeysetPage) -> list[selectors.ExhibitLine]:
        return selectors.exhibit_lines(self.case, page.rows, self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            q=self.words,
            next_label=self.request.GET.get("at", ""),
            cite_label=self.request.GET.get("cite", ""),
            exhibit_prefix=self.address("exhibits"),
            item_prefix=reverse("evidence:items"),
            **kwargs,
        )
        context["lines"] = context["rows"]
        if context["cite_label"] and context["may_edit"]:
            context["form"] = CitingForm(user=self.user, case=self.case, known="exhibit")
            context["known"] = "exhibit"
            context["near_url"] = f"{self.address('exhibits')}?{urlencode({'near': context['cite_label']})}"
        return context


class ExhibitPlace(PartPlace):
    part_model = Exhibit
    list_name = "exhibits"


class ExhibitForms(CaseForm):
    back = "exhibits"
    crumb = gettext_lazy("Exhibits")

    def at(self, exhibit: Exhibit, *, name: str = "at") -> str:
        """Return the address of the list with the exhibit marked and its next step in focus ("at"; "cite" opens it).

        Without a fragment: a browser that follows one takes the focus away again.
        """
        return f"{self.address('exhibits')}?{urlencode({name: exhibit.label})}"

    def success_url(self, saved: Exhibit) -> str:
        return self.at(saved)

    def undo_for(self, saved: Exhibit) -> dict[str, Any]:
        return undo(saved)


class AddExhibit(ExhibitForms):
    form_class = ExhibitForm
    title = gettext_lazy("Add evidence to the case")

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case}

    def get_initial(self) -> dict[str, Any]:
        """Begin with the item that the address names, where the reader may see it."""
        with contextlib.suppress(ValueError):
            key = uuid.UUID(self.request.GET.get("item", ""))
            return {"item": Item.objects.visible_to(self.user).current().filter(pk=key).first()}
        return {}

    def perform(self, form: Any, *, version: int) -> Exhibit:
        return actions.add_exhibit(self.case, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Exhibit) -> str:
        return _("Added as %(label)s.") % {"label": saved.label}


class AddNewsReport(ExhibitForms):
    """Adds a report with its bytes and where it comes from.

    Bytes that arrive are kept at once, so that no question about the form costs the file; bytes that the person may see
    already are offered before a second item is made of them.
    """

    template_name = "cases/news_report.html"
    form_class = ReportForm
    title = gettext_lazy("Add a news report")
    upload_handler = StoreUpload

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case}

    def get_initial(self) -> dict[str, Any]:
        return {name: self.request.GET[name] for name in ("lineage",) if name in self.request.GET}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "cite_existing" in request.POST:
            return self._cite_existing(request.POST["cite_existing"])
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any, *, version: int) -> Exhibit:
        received = received_by(form, by=self.user)
        values = form.without_files()
        repeats = values.pop("repeats")
        return actions.add_news_report(
            self.case, by=self.user, repeats=repeats.item if repeats else None, received=received, **values
        )

    def _show(self, form: Any, *, status: int | None = None) -> HttpResponse:
        # Something else on the form is wrong: the file is kept all the same, so that nobody chooses it twice.
        if form.is_bound and form.files and "file" in getattr(form, "cleaned_data", {}):
            with contextlib.suppress(Refused):
                received_by(form, by=self.user)
        return super()._show(form, status=status)

    def _cite_existing(self, key: str) -> HttpResponse:
        """Go on with the exhibit that holds these bytes; an item not yet in the case becomes one."""
        form = ExhibitForm({"item_id": key}, user=self.user, case=self.case)
        if not form.is_valid():
            form = self.get_form(self.request.POST, self.request.FILES)
            form.add_error(None, _("There is no such item any more."))
            return self._show(form)
        item = form.cleaned_data["item"]
        held = Exhibit.objects.visible_to(self.user).current().filter(case=self.case, item=item).first()
        try:
            exhibit = held or actions.add_exhibit(self.case, by=self.user, item=item)
        except Refused as refusal:
            form = self.get_form(self.request.POST, self.request.FILES)
            add_refusal(form, refusal)
            return self._show(form)
        return HttpResponseRedirect(self.at(exhibit, name="cite"))

    def success_url(self, saved: Exhibit) -> str:
        return self.at(saved, name="cite" if "cite" in self.request.POST else "at")

    def success_message(self, saved: Exhibit) -> str:
        return _("Saved as %(label)s.") % {"label": saved.label}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        context = super().get_context_data(**kwargs)
        context.update(
            # A forecast: somebody else's save may come first.
            submit_label=_("Save as %(label)s") % {"label": f"{Exhibit.prefix}-{self.case.last_exhibit + 1:02d}"},
            twins=[(twin, self._label_of(twin)) for twin in form.twins],
            effects=list(self._effects(form)),
        )
        return context

    def _label_of(self, twin: Any) -> str:
        return selectors.exhibit_labels(self.case, self.user).get(twin.file.item_id, "")

    def _effects(self, form: Any) -> Iterator[str]:
        """Say what the report will do to the standing of claims, from what is chosen so far."""
        data = form.data if form.is_bound else self.request.GET
        if data.get("lineage") == ReportLineage.REPEATS:
            yield from self._effects_of_repeating(data)
        elif data.get("lineage") == ReportLineage.ORIGINAL:
            yield _(
                "A claim that cites it may gain an origin, once somebody signs that it is independent of the others."
            )
        else:
            yield _("A report of unknown lineage counts for nothing until somebody records where it comes from.")

    def _effects_of_repeating(self, data: Any) -> Iterator[str]:
        asked = RepeatsForm(data, user=self.user, case=self.case)
        parent = asked.cleaned_data.get("repeats") if asked.is_valid() else None
        if parent is None:
            yield _("A report that repeats another one never adds an origin.")
            return
        for line in selectors.claims_citing(self.case, parent.item_id, self.user):
            words = ngettext(
                "%(claim)s stays at %(count)d origin: this report repeats %(exhibit)s.",
                "%(claim)s stays at %(count)d origins: this report repeats %(exhibit)s.",
                line.origins_count,
            )
            yield words % {"claim": line.label, "count": line.origins_count, "exhibit": parent.label}


class CiteExhibit(CitingPage):
    """Cites an exhibit on a claim, without leaving the list."""

    record_model = Exhibit
    known = "exhibit"
    title = gettext_lazy("Cite on a claim")
    submit_label = gettext_lazy("Cite")
    back = "exhibits"
    crumb = gettext_lazy("Exhibits")

    def get_initial(self) -> dict[str, Any]:
        """A player hands over the moment it stood at, a viewer the region that was marked."""
        return {"locator": self.request.GET.get("locator", "")[:200]}

    def perform(self, form: Any, *, version: int) -> Citation:
        values = dict(form.cleaned_data)
        self.claim = values.pop("claim")
        return actions.cite_exhibit(self.claim, by=self.user, exhibit=self.record, **values)

    def success_url(self, saved: Citation) -> str:
        return f"{self.address('exhibits')}?{urlencode({'at': self.record.label})}"

    def success_message(self, saved: Citation) -> str:
        return cited_message(self.record, self.claim, saved)


class EditExhibit(PartForm):
    record_model = Exhibit
    form_class = ExhibitNoteForm
    is_edit = True
    title = gettext_lazy("Why the exhibit is here")
    back = "exhibits"
    crumb = gettext_lazy("Exhibits")

    def get_initial(self) -> dict[str, Any]:
        return {"note": self.record.note}

    def perform(self, form: Any, *, version: int) -> Exhibit:
        actions.change_exhibit(self.record, by=self.user, version=version, **form.cleaned_data)
        return self.record  # type: ignore[no-any-return]

    def success_url(self, saved: Exhibit) -> str:
        return saved.get_absolute_url()

    def success_message(self, saved: Exhibit) -> str:
        return _("%(label)s was changed.") % {"label": saved.label}

    def undo_for(self, saved: Exhibit) -> dict[str, Any]:
        return undo(saved, "undo")


class RemoveExhibit(RemovePart):
    record_model = Exhibit
    form_class = ReasonForm
    title = gettext_lazy("Remove the exhibit")
    submit_label = gettext_lazy("Remove it")
    back = "exhibits"
    crumb = gettext_lazy("Exhibits")

    def consequences(self) -> list[str]:
        return [
            _("%(label)s leaves the case. Its number is never given again and stays, with your reason.")
            % {"label": self.record.label},
            _("The item itself, its files and its custody stay in evidence."),
        ]

    def perform(self, form: Any, *, version: int) -> Exhibit:
        actions.remove_exhibit(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]

    def success_url(self, saved: Exhibit) -> str:
        return saved.get_absolute_url()

    def success_message(self, saved: Exhibit) -> str:
        return _("%(label)s was removed. Its number stays.") % {"label": saved.label}
