"""Watching a vessel. Looking at a page never marks anything as seen: that is said by pressing a button."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import ListPage, Page
from casefiles.core.refusals import Refused
from casefiles.registry.models import Vessel
from casefiles.workspace.actions import mark_seen, stop_watching, watch_vessel
from casefiles.workspace.models import Watch
from casefiles.workspace.selectors.watching import News, WatchedVessel, news_of

# Where one goes back to, by the word that the button carries.
BACK = {"home": "workspace:home", "watched": "workspace:watched"}


class WatchPage(Page):
    """One press about one vessel: subclasses say what it does."""

    visibility = "record:read"
    section = "vessels"
    record_model = Vessel
    http_method_names = ("post", "options")  # type: ignore[assignment]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            messages.success(request, self.perform())
        except Refused as refusal:
            messages.error(request, str(refusal.message))
        name = BACK.get(request.POST.get("back", ""))
        return HttpResponseRedirect(reverse(name) if name else self.record.get_absolute_url())

    def perform(self) -> str:
        """Call the action, and return what to say of it."""
        raise NotImplementedError


class WatchVessel(WatchPage):
    def perform(self) -> str:
        watch_vessel(self.record, by=self.user)
        return _("You watch %(vessel)s now. Nobody else sees that you do.") % {"vessel": self.record}


class StopWatching(WatchPage):
    def perform(self) -> str:
        stop_watching(self.record, by=self.user)
        return _("You do not watch %(vessel)s any more.") % {"vessel": self.record}


class MarkSeen(WatchPage):
    def perform(self) -> str:
        mark_seen(self.record, by=self.user, until=moment_of(self.request.POST.get("until", "")))
        return _("Marked as seen: %(vessel)s.") % {"vessel": self.record}


def moment_of(text: str) -> datetime | None:
    """Return when the page was drawn that the button stood on; None where that does not read as an instant."""
    try:
        moment = parse_datetime(text[:40])
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


class WatchedList(ListPage):
    """Every vessel that the reader watches, with what is new of each."""

    template_name = "workspace/watched.html"
    visibility = "member"
    section = "watched"
    model = Watch
    orders: ClassVar = {
        "name": Order("name_key"),
        "-name": Order("name_key", is_descending=True),
        "-seen": Order("seen_at", is_descending=True),
        "seen": Order("seen_at"),
    }

    def get_queryset(self) -> QuerySet[Any]:
        rows = Watch.objects.visible_to(self.user).filter(ended_at=None)
        return rows.select_related("vessel").annotate(name_key=F("vessel__display_name_key"))

    def rows(self, page: KeysetPage) -> Iterable[WatchedVessel]:
        found = news_of(self.user)
        return [
            WatchedVessel(watch.vessel, found.get(watch.vessel_id, News(seen_at=watch.seen_at))) for watch in page.rows
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        drawn_at = timezone.now()
        return super().get_context_data(drawn_at=drawn_at, **kwargs)
