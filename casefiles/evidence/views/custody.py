"""The custody of an item: its timeline, and the log to take away with what checks it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic.base import View

from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import ListPage
from casefiles.core.pdf import INSTALL_COMMAND, LibraryMissing, NotSet
from casefiles.evidence import custody_verifier
from casefiles.evidence.actions.exporting import FORMS, export_custody
from casefiles.evidence.models import CustodyEvent
from casefiles.evidence.selectors.custody import TimelineEntry, timeline
from casefiles.evidence.selectors.custody_log import in_order
from casefiles.evidence.views.items import ItemMixin


class CustodyPage(ItemMixin, ListPage):
    """Who had the item, newest first, a page at a time."""

    template_name = "evidence/custody.html"
    visibility = "record:read"
    tab = "custody"
    model = CustodyEvent
    orders: ClassVar = {"-place": Order("place", is_descending=True)}

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().filter(item=self.record)
        return in_order(rows).select_related("by", "file")

    def rows(self, page: KeysetPage) -> Iterable[TimelineEntry]:
        return timeline(page.rows)


class CustodyExport(ItemMixin):
    """Gives the custody log out. A POST, since it leaves an event."""

    visibility = "record:read"
    asks_password = True
    http_method_names = ("post", "options")  # type: ignore[assignment]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = request.POST.get("form", "")
        if form not in FORMS:
            raise Http404
        try:
            exported = export_custody(self.record, by=self.user, form=form)
        except LibraryMissing:
            return self._without_pdf(_("This machine cannot set a PDF yet."), command=INSTALL_COMMAND)
        except NotSet:
            return self._without_pdf(_("Setting the PDF took too much time or memory."), command="")
        return _attachment(exported.name, exported.content_type, exported.content)

    def _without_pdf(self, what: str, *, command: str) -> HttpResponse:
        context = self.get_context_data(what=what, command=command)
        return render(self.request, "evidence/no_custody_pdf.html", context, status=503)


class CustodyVerifier(View):
    """The program that checks an exported log: it needs nothing but Python."""

    visibility = "member"
    http_method_names = ("get", "head", "options")  # type: ignore[assignment]

    def get(self, request: HttpRequest) -> HttpResponse:
        content = Path(custody_verifier.__file__).read_bytes()
        return _attachment("verify_custody.py", "text/plain; charset=utf-8", content)


def _attachment(name: str, content_type: str, content: bytes) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
