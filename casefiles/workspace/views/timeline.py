"""The timeline of a case, as a page, as a part of the case's overview, and as files."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from casefiles.cases.selectors import subjects
from casefiles.cases.selectors.timeline import VOYAGES, lane_labels
from casefiles.cases.views.base import CasePage
from casefiles.core.neutral import write_csv
from casefiles.core.standalone import style_sheet
from casefiles.core.templatetags.ui import STANDINGS
from casefiles.core.timeline import ENTRIES_AT_MOST, Entry, Timeline
from casefiles.workspace.forms import DaysForm
from casefiles.workspace.selectors.timelines import CROWD, Asked, Shown, all_entries, subject_key, timeline_of

FRAGMENT_ENTRIES_AT_MOST = 150
# On the overview only the ships' own lane has words; the others show when something was.
COMPACT_LABELS = (VOYAGES,)
CSV_HEADERS = ("When", "Earliest", "Latest", "Lane", "What", "Address")


class TimelineView(CasePage):
    """The timeline that the address asks for; subclasses show it or give it out."""

    is_compact = False
    entries_at_most = ENTRIES_AT_MOST
    crowd = CROWD

    @cached_property
    def days(self) -> DaysForm:
        data = self.request.GET
        return DaysForm(data if {"since", "until"} & set(data) else None, user=self.user)

    @cached_property
    def subjects(self) -> list[tuple[str, str]]:
        return [(subject_key(line), line.name) for line in subjects(self.case, self.user)]

    @cached_property
    def asked(self) -> Asked:
        """Return what is asked for; nothing, or nonsense, asks for all."""
        get = self.request.GET
        since, until = self.days.window
        subject = get.get("subject", "")
        return Asked(
            lanes=tuple(key for key, _label in lane_labels() if key in get.getlist("lane")),
            since=since,
            until=until,
            subject=subject if subject and subject in dict(self.subjects) else "",
            standings=frozenset(get.getlist("standing")) & set(STANDINGS),
        )

    @cached_property
    def shown(self) -> Shown:
        return timeline_of(
            self.case,
            self.user,
            self.asked,
            is_compact=self.is_compact,
            labelled_lanes=COMPACT_LABELS if self.is_compact else None,
            at_most=self.entries_at_most,
            crowd=self.crowd,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(timeline=self.shown.timeline, crowds=self.shown.crowds, **kwargs)


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_shown: bool


class TimelinePage(TimelineView):
    template_name = "workspace/timeline.html"
    tab = "timeline"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, timeline = self.asked, self.shown.timeline
        labels = dict(lane_labels())
        kept = [pair for pair in self.pairs() if pair[0] not in {"since", "until"}]
        return super().get_context_data(
            days=self.days,
            rows=[(labels[entry.lane], entry) for entry in self.shown.entries[: self.entries_at_most]],
            crowd_words=[(labels[lane], count) for lane, count in self.shown.crowds.items()],
            lane_links=self.links("lane", asked.lanes, lane_labels()),
            standing_links=self.links("standing", asked.standings, [(key, row[0]) for key, row in STANDINGS.items()]),
            subjects=self.subjects,
            subject=asked.subject,
            is_filtered=bool(asked.lanes or asked.standings or asked.subject),
            is_window=bool(asked.since or asked.until),
            kept=kept,
            kept_but_subject=[pair for pair in self.pairs() if pair[0] != "subject"],
            all_time_url=f"?{urlencode(kept)}",
            near_prefix=f"?{urlencode([*kept, ('since', '')])}",
            steps=_steps(timeline, kept) if timeline else {},
            query=urlencode(self.pairs()),
            **kwargs,
        )

    def pairs(self, **changes: Iterable[str]) -> list[tuple[str, str]]:
        """Return what the address says, with some of it changed."""
        asked = self.asked
        said: dict[str, Iterable[str]] = {
            "lane": asked.lanes,
            "standing": sorted(asked.standings),
            "subject": [asked.subject] if asked.subject else [],
            "since": [asked.since.isoformat()] if asked.since else [],
            "until": [asked.until.isoformat()] if asked.until else [],
            **changes,
        }
        return [(name, value) for name, values in said.items() for value in values]

    def links(self, name: str, chosen: Iterable[str], choices: Iterable[tuple[str, Any]]) -> list[Link]:
        """Return a link for each choice that adds it to those chosen, or takes it away."""
        held = list(chosen)
        links = []
        for key, label in choices:
            others = [one for one in held if one != key] if key in held else [*held, key]
            pairs = self.pairs(**{name: others})
            links.append(Link(str(label), f"?{urlencode(pairs)}" if pairs else self.request.path, key in held))
        return links


def _steps(timeline: Timeline, kept: list[tuple[str, str]]) -> dict[str, str]:
    """Return the addresses of the days before and after those shown, of half as many, and of twice as many."""
    first, last = timeline.first, timeline.last
    days = max((last - first).days, 1)
    half, quarter = max(days // 2, 1), days // 4
    windows = {
        "earlier": (-half, -half),
        "later": (half, half),
        "closer": (quarter, -quarter),
        "farther": (-half, half),
    }
    return {
        name: f"?{urlencode([*kept, ('since', _moved(first, start)), ('until', _moved(last, end))])}"
        for name, (start, end) in windows.items()
    }


def _moved(day: date, days: int) -> str:
    try:
        return (day + timedelta(days=days)).isoformat()
    except OverflowError:
        return day.isoformat()


class TimelineFragment(TimelineView):
    """The small picture on the overview, fetched by it after it was shown."""

    template_name = "workspace/_timeline.html"
    is_compact = True
    entries_at_most = FRAGMENT_ENTRIES_AT_MOST


class TimelineFile(TimelineView):
    """The timeline of the same address as a file."""

    asks_password = True
    http_method_names = ("get", "head", "options")  # type: ignore[assignment]
    name = ""
    media_type = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        headers = {"Content-Disposition": f'attachment; filename="{self.name}"', "X-Content-Type-Options": "nosniff"}
        return HttpResponse(self.content(), content_type=self.media_type, headers=headers)

    def content(self) -> bytes:
        raise NotImplementedError


class TimelineSvg(TimelineFile):
    name = "timeline.svg"
    media_type = "image/svg+xml"

    def content(self) -> bytes:
        context = {
            "timeline": self.shown.timeline,
            "label": _("Timeline"),
            "drawing_style": style_sheet("dossier_drawings.css"),
            "is_file": True,
        }
        return render_to_string("ui/timeline.html", context).strip().encode()


class TimelineCsv(TimelineFile):
    name = "timeline.csv"
    media_type = "text/csv; charset=utf-8"

    def content(self) -> bytes:
        labels = dict(lane_labels())
        return write_csv(CSV_HEADERS, (_row(entry, labels) for entry in all_entries(self.case, self.user, self.asked)))


def _row(entry: Entry, labels: dict[str, Any]) -> tuple[str, ...]:
    extent = entry.extent
    days = [day.isoformat() if day else "" for day in ((extent.earliest, extent.latest) if extent else ("", ""))]
    return (entry.when, *days, str(labels[entry.lane]), entry.title, entry.url)
