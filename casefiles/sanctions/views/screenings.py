"""Pages about screenings: what was looked for, what was found in which editions, and deciding about a match."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.actions import NotVisible
from casefiles.access.pages import RecordListPage
from casefiles.core.addresses import record_address
from casefiles.core.keyset import BadCursor, KeysetPage, Order, paginate
from casefiles.core.pages import ActionPage, DetailPage
from casefiles.sanctions.actions.screening import decide_match
from casefiles.sanctions.list_forms import DecisionForm
from casefiles.sanctions.models import MatchDecision, Screening, ScreeningMatch
from casefiles.sanctions.selectors.screenings import match_lines, match_of, matches_of

SHOWN = 100
TONES = {"same": "bad", "different": "", "unsure": "warn"}


class ScreeningsPage(RecordListPage):
    template_name = "sanctions/screenings.html"
    section = "screenings"
    model = Screening
    orders = {"-added": Order("created_at", is_descending=True), "added": Order("created_at")}
    add_url_name = "workspace:screening_add"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().current().select_related("created_by")

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        for row in page.rows:
            row.url = record_address("sanctions:screening", row.pk)
        return page.rows


class ScreeningMixin:
    section = "screenings"
    record_model = Screening

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("created_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = {
            "list_url": reverse("sanctions:screenings"),
            "list_label": _("Screenings"),
            "heading": str(self.record),
            "cancel_url": self.record.get_absolute_url(),
        }
        return shared | super().get_context_data(**kwargs)


class ScreeningPage(ScreeningMixin, DetailPage):
    template_name = "sanctions/screening.html"
    visibility = "record:read"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        page = self._page()
        lines = match_lines(page.rows, self.user)
        return super().get_context_data(
            lines=[(line, TONES.get(line.decision.verdict, "") if line.decision else "") for line in lines],
            next_url=f"?after={page.next_cursor}" if page.next_cursor else "",
            editions=list(record.editions.order_by("list_key", "pk")),
            decide_url=reverse("sanctions:match_decide", args=[record.pk]) if self.may("edit") else "",
            **kwargs,
        )

    def _page(self) -> KeysetPage:
        rows = matches_of(self.record, self.user)
        try:
            order = Order("score", is_descending=True)
            return paginate(rows, order=order, size=SHOWN, after=self.request.GET.get("after"))
        except BadCursor as error:
            raise Http404 from error


class MatchDecide(ScreeningMixin, ActionPage):
    """Decides about the match that `?match=` names."""

    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = DecisionForm
    title = _("Is it the same?")
    submit_label = _("Decide")

    @cached_property
    def match(self) -> ScreeningMatch:
        found = match_of(self.record, self.request.GET.get("match", ""), self.user)
        if found is None:
            raise NotVisible
        return found

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        entry = self.match.entry
        form.fields["verdict"].help_text = gettext("“%(asked)s” and entry %(number)s, “%(name)s”: %(reason)s.") % {
            "asked": self.match.looked_for,
            "number": entry.list_id,
            "name": entry.name,
            "reason": self.match.reason,
        }
        return form

    def perform(self, form: Any, *, version: int) -> MatchDecision:
        return decide_match(self.match, by=self.user, **form.cleaned_data)

    def success_url(self, saved: Any) -> str:
        return str(self.record.get_absolute_url())

    def success_message(self, saved: Any) -> str:
        return gettext("Decided. It is shown at every later screening.")
