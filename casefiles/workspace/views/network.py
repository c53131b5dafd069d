"""The network of a case: who and what it is about, what joins them, and what the case claims and cites."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from casefiles.cases.views.base import CasePage
from casefiles.core.folding import visible_controls
from casefiles.core.network import Drawing, Edge, Node, draw
from casefiles.core.neutral import write_csv
from casefiles.core.refusals import Refused
from casefiles.core.standalone import style_sheet
from casefiles.workspace.actions import forget_layout, save_layout
from casefiles.workspace.forms import DaysForm, LayoutForm
from casefiles.workspace.models import NetworkLayout
from casefiles.workspace.network_files import HEADERS, as_graphml, rows_of
from casefiles.workspace.selectors.joins import CLAIM, EVIDENCE, KINDS
from casefiles.workspace.selectors.network import (
    MOST_TIMES,
    OPENED_AT_MOST,
    Asked,
    Network,
    kind_labels,
    named_nodes,
    network_of,
    read_key,
)
from casefiles.workspace.selectors.network_paths import STEPS_AT_MOST, Path, path_between

ROWS_AT_MOST = 300
RIGHT = frozenset({CLAIM, EVIDENCE})
NOTHING = "none"


@dataclass(frozen=True)
class Address:
    """What the page's address says: the same things are said again by every link on it."""

    opened: Mapping[str, int] | None
    kinds: tuple[str, ...]
    since: str
    until: str
    ends: tuple[str, ...]

    @classmethod
    def of(cls, data: Any) -> "Address":
        """Read an address; what is not understood is left out."""
        opened = None
        if "open" in data:
            read = [_opened(text) for text in data.getlist("open")[: 2 * OPENED_AT_MOST]]
            opened = dict([one for one in read if one][:OPENED_AT_MOST])
        given = data.getlist("kind")
        ends = [read_key(data.get(name, "")) for name in ("from", "to")]
        return cls(
            opened=opened,
            kinds=tuple(kind for kind in KINDS if kind in given),
            since=data.get("since", "")[:10],
            until=data.get("until", "")[:10],
            ends=tuple(end for end in ends if end) if all(ends) and ends[0] != ends[1] else (),
        )

    def pairs(self) -> list[tuple[str, str]]:
        opened = self.opened or {}
        found = [("open", f"{key}:{times}" if times > 1 else key) for key, times in opened.items()]
        if self.opened is not None and not self.opened:
            found = [("open", NOTHING)]
        found += [("kind", kind) for kind in self.kinds]
        found += [(name, value) for name, value in (("since", self.since), ("until", self.until)) if value]
        return [*found, *zip(("from", "to"), self.ends, strict=False)]

    def link(self, **changes: Any) -> str:
        return f"?{urlencode(replace(self, **changes).pairs())}"


def _opened(text: str) -> tuple[str, int] | None:
    """Read `vessel:1a2b…`, or `vessel:1a2b…:3` where three times as many neighbours are asked for."""
    kind, _colon, rest = text.partition(":")
    identifier, _colon, times = rest.partition(":")
    key = read_key(f"{kind}:{identifier}")
    number = int(times) if times.isascii() and times.isdigit() and len(times) <= 3 else 1
    return (key, min(max(number, 1), MOST_TIMES)) if key else None


class NetworkView(CasePage):
    """The network that the address asks for; subclasses show it or give it out."""

    @cached_property
    def address_asked(self) -> Address:
        return Address.of(self.request.GET)

    @cached_property
    def days(self) -> DaysForm:
        data = self.request.GET
        return DaysForm(data if {"since", "until"} & set(data) else None, user=self.user)

    @cached_property
    def path(self) -> Path | None:
        ends = self.address_asked.ends
        if not ends or len(named_nodes(ends, case=self.case, user=self.user)) < 2:
            return None
        return path_between(self.case, self.user, *ends)

    @cached_property
    def network(self) -> Network:
        asked = self.address_asked
        since, until = self.days.window
        return network_of(
            self.case,
            self.user,
            Asked(
                opened=asked.opened,
                kinds=frozenset(asked.kinds),
                since=since,
                until=until,
                path=self.path.keys if self.path else (),
            ),
        )

    @cached_property
    def drawing(self) -> Drawing | None:
        layout = NetworkLayout.objects.visible_to(self.user).filter(case=self.case).first()
        network = self.network
        return draw(network.nodes, network.edges, right=RIGHT, kept=layout.places if layout else None)


class NetworkPage(NetworkView):
    template_name = "workspace/network.html"
    tab = "network"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        network, asked = self.network, replace(self.address_asked, opened=self.network.opened)
        links = network.links
        names = {node.key: node for node in network.nodes}
        query = urlencode(asked.pairs())
        return {
            **context,
            "network": network,
            "drawing": self.drawing,
            "drawn": _drawn(self.drawing, asked),
            "things": [{"node": node, **_steps(node, asked)} for node in network.nodes],
            "rows": [(names[link.source], link, names[link.target]) for _edge_, link in links[:ROWS_AT_MOST]],
            "links_left": max(len(links) - ROWS_AT_MOST, 0),
            "days": self.days,
            "kinds": _kinds(asked),
            "all_kinds_url": asked.link(kinds=()) if asked.kinds else "",
            "kept": [pair for pair in asked.pairs() if pair[0] not in {"since", "until"}],
            "kept_for_path": [pair for pair in asked.pairs() if pair[0] not in {"from", "to"}],
            "ends": asked.ends,
            "path": self.path,
            "path_words": _path_words(self.path, network) if asked.ends else "",
            "without_path_url": asked.link(ends=()),
            "permalink": f"?{query}",
            "query": query,
            "data": self._data(asked),
        }

    def _data(self, asked: Address) -> dict[str, Any]:
        """Return what the page's script draws: the same things and links, in the plane's own units."""
        drawing = self.drawing
        if drawing is None:
            return {}
        first, last = self.network.first, self.network.last
        return {
            "first": _number(first),
            "last": _number(last),
            "since": _number(self.days.window[0]),
            "until": _number(self.days.window[1]),
            "today": _number(timezone.now().date()),
            "nodes": [
                {
                    "key": drawn.node.key,
                    "kind": drawn.node.kind,
                    "kindLabel": drawn.node.kind_label,
                    "label": visible_controls(drawn.node.label),
                    "name": visible_controls(drawn.name),
                    "detail": visible_controls(drawn.node.detail),
                    "url": drawn.node.url,
                    "x": round(drawn.x + drawing.left, 1),
                    "y": round(drawn.y + drawing.top, 1),
                    "side": drawn.side,
                    "start": drawn.node.is_start,
                    "open": drawn.node.is_open,
                    "path": drawn.node.is_on_path,
                    **_steps(drawn.node, asked),
                }
                for drawn in drawing.nodes
            ],
            "edges": [_edge(edge) for edge in self.network.edges],
        }


def _drawn(drawing: Drawing | None, asked: Address | None) -> list[dict[str, Any]]:
    """Return the drawn things, each with where a press on it leads: it opens a thing, and of an opened one its page."""
    return [
        {"place": one, "step_url": (_steps(one.node, asked).get("openUrl", "") if asked else "")}
        for one in (drawing.nodes if drawing else ())
    ]


def _steps(node: Node, asked: Address) -> dict[str, str]:
    """Return the addresses that open a thing, close it, or show more of what it is joined to."""
    opened = asked.opened or {}
    if node.key not in opened:
        return {"openUrl": asked.link(opened={**opened, node.key: 1})} if len(opened) < OPENED_AT_MOST else {}
    steps = {"closeUrl": asked.link(opened={key: times for key, times in opened.items() if key != node.key})}
    if node.has_more and opened[node.key] < MOST_TIMES:
        steps["moreUrl"] = asked.link(opened={**opened, node.key: opened[node.key] + 1})
    return steps


def _edge(edge: Edge) -> dict[str, Any]:
    return {
        "source": edge.source,
        "target": edge.target,
        "words": visible_controls(edge.words),
        "dashed": edge.is_dashed,
        "path": edge.is_on_path,
        "links": [
            {
                "words": visible_controls(link.words),
                "url": link.url,
                "cited": [(visible_controls(label), url) for label, url in link.cited],
                "days": [_number(day) for day in _days(link)],
                "ongoing": bool(link.extent and link.extent.is_ongoing),
            }
            for link in edge.links
        ],
    }


def _days(link: Any) -> tuple[date | None, ...]:
    extent = link.extent
    if extent is None:
        return (None, None, None, None)
    return (extent.earliest, extent.latest, extent.certain_from, extent.certain_to)


def _number(day: date | None) -> int | None:
    return day.toordinal() - date(1970, 1, 1).toordinal() if day else None


def _kinds(asked: Address) -> list[dict[str, Any]]:
    links = []
    for kind, label in kind_labels().items():
        others = tuple(one for one in asked.kinds if one != kind)
        kinds = others if kind in asked.kinds else (*asked.kinds, kind)
        links.append({"label": label, "url": asked.link(kinds=kinds), "is_shown": kind in asked.kinds})
    return links


def _path_words(path: Path | None, network: Network) -> str:
    if path is None:
        return _("One of the two things is not there.")
    if path.keys and all(network.node(key) for key in path.keys):
        if path.is_whole or path.steps <= 1:
            return _("The shortest way has %(count)s steps.") % {"count": path.steps}
        return _("A way of %(count)s steps; not everything was looked at, and there may be a shorter one.") % {
            "count": path.steps
        }
    looked = {"count": path.looked_at, "steps": STEPS_AT_MOST}
    if path.is_whole:
        return _("Nothing that you may see joins the two: %(count)s things were looked at, and that is all.") % looked
    words = _("No way of at most %(steps)s steps was found; %(count)s things were looked at, and not all there is.")
    return words % looked


class NetworkFile(NetworkView):
    """The network of the same address as a file."""

    asks_password = True
    http_method_names = ("get", "head", "options")  # type: ignore[assignment]
    name = ""
    media_type = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        headers = {"Content-Disposition": f'attachment; filename="{self.name}"', "X-Content-Type-Options": "nosniff"}
        return HttpResponse(self.content(), content_type=self.media_type, headers=headers)

    def content(self) -> bytes:
        raise NotImplementedError


class NetworkSvg(NetworkFile):
    name = "network.svg"
    media_type = "image/svg+xml"

    def content(self) -> bytes:
        context = {
            "drawing": self.drawing,
            "drawn": _drawn(self.drawing, None),
            "label": _("Network"),
            "drawing_style": style_sheet("drawn_network.css"),
        }
        return render_to_string("ui/network.html", context).strip().encode()


class NetworkGraphml(NetworkFile):
    name = "network.graphml"
    media_type = "application/graphml+xml"

    def content(self) -> bytes:
        return as_graphml(self.network.nodes, self.network.edges)


class NetworkCsv(NetworkFile):
    name = "network.csv"
    media_type = "text/csv; charset=utf-8"

    def content(self) -> bytes:
        return write_csv(HEADERS, rows_of(self.network.nodes, self.network.edges))


class LayoutPage(CasePage):
    """One press about the reader's own layout; back to the network as it was shown."""

    http_method_names = ("post", "options")  # type: ignore[assignment]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            messages.success(request, self.perform())
        except Refused as refusal:
            messages.error(request, str(refusal.message))
        asked = Address.of(QueryDict(request.POST.get("query", "")[:8_000]))
        return HttpResponseRedirect(f"{reverse('workspace:network', args=[self.case.pk])}{asked.link()}")

    def perform(self) -> str:
        raise NotImplementedError


class SaveLayout(LayoutPage):
    def perform(self) -> str:
        form = LayoutForm(self.request.POST, user=self.user)
        if not form.is_valid():
            raise Refused(_("This is no place in a network."))
        save_layout(self.case, by=self.user, places=form.cleaned_data["places"])
        return _("Your layout is kept. Nobody else sees it.")


class ForgetLayout(LayoutPage):
    def perform(self) -> str:
        forget_layout(self.case, by=self.user)
        return _("Your layout is forgotten.")
