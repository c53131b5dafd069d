"""The quick table: title, kind and source of what somebody just brought in."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casefiles.core.keyset import BadCursor, KeysetPage, Order, paginate
from casefiles.core.pages import Page
from casefiles.core.refusals import Refused
from casefiles.evidence import describing, selectors
from casefiles.evidence.describing import AllForm, Row
from casefiles.evidence.models import Item

ROWS = 25


class AddedPage(Page):
    """What the reader added within the last day, newest first. Each row is saved on its own, with its own version."""

    template_name = "evidence/added.html"
    title = gettext_lazy("Describe what you added")
    order = Order("created_at", is_descending=True)

    # What subclasses say ------------------------------------------------------------------------------------------
    def rows(self) -> QuerySet[Any]:
        """Return what is listed."""
        return selectors.added_lately(self.user)

    def rows_to_save(self) -> QuerySet[Any]:
        """Return what may be saved: more than is listed, for the page may have stood open for long."""
        return selectors.describable(self.user)

    def labels(self, items: list[Item]) -> dict[Any, str]:
        """Return how items are called here, by their keys."""
        return {}

    def own_address(self) -> str:
        raise NotImplementedError

    def refuse(self) -> None:
        """Raise Refused where nothing may be changed here now."""

    # How it works -------------------------------------------------------------------------------------------------
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = self._page()
        rows = [describing.fresh_row(item, user=self.user) for item in page.rows]
        return self._show(rows, AllForm(user=self.user), next_cursor=page.next_cursor)

    def _page(self) -> KeysetPage:
        try:
            return paginate(self.rows(), order=self.order, size=ROWS, after=self.request.GET.get("after"))
        except BadCursor as error:
            raise Http404 from error

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for_all = AllForm(request.POST, user=self.user)
        items = describing.posted_items(self.rows_to_save(), request.POST)
        try:
            self.refuse()
        except Refused as refusal:
            messages.error(request, str(refusal.message))
            return self._show([self._unsaved(item) for item in items], for_all, status=409)
        if not for_all.is_valid() or "resume" in request.POST:
            return self._show([self._unsaved(item) for item in items], for_all, status=422)
        rows = [
            describing.save_row(item, user=self.user, data=request.POST, for_all=for_all.cleaned_data) for item in items
        ]
        self._say(sum(row.is_saved for row in rows))
        waiting = [row for row in rows if row.is_waiting]
        if not waiting:
            return HttpResponseRedirect(request.get_full_path())
        status = 409 if any(row.conflict for row in waiting) else 422
        return self._show(waiting, AllForm(user=self.user), status=status)

    def _unsaved(self, item: Item) -> Row:
        form = describing.row_form(item, user=self.user, data=self.request.POST)
        form.is_valid()
        return Row(item, form, self.request.POST.get(f"{item.pk}-base", ""))

    def _say(self, count: int) -> None:
        if count:
            text = ngettext("%(count)d item saved.", "%(count)d items saved.", count) % {"count": count}
            messages.success(self.request, text)
        else:
            messages.info(self.request, _("Nothing was changed."))

    def _show(
        self, rows: list[Row], for_all: AllForm, *, next_cursor: str | None = None, status: int = 200
    ) -> HttpResponse:
        items = [row.item for row in rows]
        files, labels = selectors.first_files(items, self.user), self.labels(items)
        for row in rows:
            row.file, row.label = files.get(row.item.pk), labels.get(row.item.pk, "")
        context = self.get_context_data(
            rows=rows,
            for_all=for_all,
            title=self.title,
            added_url=self.own_address(),
            next_url=f"?after={next_cursor}" if next_cursor else "",
            is_waiting=status != 200,
        )
        return self.render_to_response(context, status=status)


class Added(AddedPage):
    visibility = "member"
    section = "evidence"

    def own_address(self) -> str:
        return reverse("evidence:bring_in_added")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(list_url=reverse("evidence:items"), list_label=_("Evidence"), **kwargs)
