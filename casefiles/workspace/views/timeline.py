"""The timeline of a case, as a page and as a part of the case's overview."""

from typing import Any

from django.utils import timezone
from django.utils.http import urlencode

from casefiles.cases.selectors.timeline import VOYAGES, lane_labels, timeline_entries
from casefiles.cases.views.base import CasePage
from casefiles.core.timeline import ENTRIES_AT_MOST, Entry, draw

FRAGMENT_ENTRIES_AT_MOST = 150
# On the overview only the ships' own lane has words; the others show when something was.
COMPACT_LABELS = (VOYAGES,)


class TimelinePage(CasePage):
    template_name = "workspace/timeline.html"
    tab = "timeline"
    is_compact = False
    entries_at_most = ENTRIES_AT_MOST

    @property
    def lanes(self) -> list[str]:
        """Return the lanes asked for; nothing, or nonsense, asks for all."""
        asked = self.request.GET.getlist("lane")
        return [key for key, _label in lane_labels() if key in asked]

    def lane_links(self) -> list[dict[str, Any]]:
        """Return a link for each lane that adds it to those shown, or takes it away."""
        shown = self.lanes
        links = []
        for key, label in lane_labels():
            others = [lane for lane in shown if lane != key] if key in shown else [*shown, key]
            url = f"?{urlencode([('lane', lane) for lane in others])}" if others else self.request.path
            links.append({"label": label, "url": url, "is_shown": key in shown})
        return links

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = timeline_entries(self.case, self.user, lanes=self.lanes)
        timeline = draw(
            entries,
            lanes=lane_labels(),
            today=timezone.now().date(),
            is_compact=self.is_compact,
            labelled_lanes=COMPACT_LABELS if self.is_compact else None,
            at_most=self.entries_at_most,
        )
        ordered = sorted(entries, key=lambda entry: entry.sort_key)[: self.entries_at_most]
        return super().get_context_data(
            timeline=timeline, rows=_rows(ordered), lane_links=self.lane_links(), is_filtered=bool(self.lanes), **kwargs
        )


def _rows(entries: list[Entry]) -> list[tuple[str, Entry]]:
    labels = dict(lane_labels())
    return [(labels[entry.lane], entry) for entry in entries]


class TimelineFragment(TimelinePage):
    """The small picture on the overview, fetched by it after it was shown."""

    template_name = "workspace/_timeline.html"
    tab = ""
    is_compact = True
    entries_at_most = FRAGMENT_ENTRIES_AT_MOST
