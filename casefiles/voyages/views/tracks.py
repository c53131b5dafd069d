"""A track on a map, in a table and as a file."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.generic.base import View

from casefiles.core.addresses import record_address
from casefiles.core.geodesy import show_position
from casefiles.core.keyset import BadCursor, KeysetPage, Order, paginate
from casefiles.core.pages import Page
from casefiles.voyages import track_files
from casefiles.voyages.forms.tracks import RadioForm
from casefiles.voyages.models import Position
from casefiles.voyages.selectors.drawing import (
    SILENCE_S,
    Box,
    all_fixes,
    drawn_track,
    extent_of,
    files_of,
    fix_near,
    positions_of,
)
from casefiles.voyages.selectors.movements import (
    MapPlace,
    address_query,
    as_map_data,
    as_points,
    events_on,
    ports_on,
    radio_from,
    time_text,
)
from casefiles.voyages.selectors.positions import said_of_itself
from casefiles.voyages.selectors.tracks import Radio
from casefiles.voyages.track_charts import draw_track
from casefiles.voyages.vocabulary import STATUSES

ROWS = 50
MOST_RADIOS = 8
IDENTITIES_SHOWN = 8


def track_context(page: Page, radios: list[Radio], places: list[MapPlace]) -> dict[str, Any]:
    """Return what `voyages/_track.html` shows of radios in their windows."""
    user = page.user
    extent = extent_of(radios, user)
    if extent is None:
        return {"has_positions": False, "places": places, "chart": None}
    bounded = [radio.within(extent[0], extent[1] + 1) for radio in radios]
    tracks = [drawn_track(radio, user) for radio in bounded]
    events = events_on(radios, user)
    query = address_query(bounded)
    return {
        "has_positions": True,
        "places": places,
        "extent": extent,
        "first_text": time_text(extent[0]),
        "last_text": time_text(extent[1]),
        "chart": draw_track([piece for track in tracks for piece in track.pieces], ports_on(places)),
        "is_whole": all(track.is_whole for track in tracks),
        "drawn": sum(track.fixes for track in tracks),
        "events": events,
        "map_data": as_map_data(places, events),
        "query": query,
        "table": _table(page, bounded),
    }


def _table(page: Page, radios: list[Radio]) -> dict[str, Any]:
    """Return one keyset page of the same positions, each with its row and file."""
    get = page.request.GET
    try:
        found = paginate(
            positions_of(radios, page.user),
            order=Order("epoch_s"),
            size=ROWS,
            after=get.get("after"),
            before=get.get("before"),
        )
    except BadCursor as error:
        raise Http404 from error
    files = files_of(found.rows, page.user)
    kept = [(key, value) for key, value in get.items() if key not in {"after", "before"}]
    return {"rows": [_row(one, files) for one in found.rows], **_links(found, kept)}


def _links(found: KeysetPage, kept: list[tuple[str, str]]) -> dict[str, Any]:
    def link(name: str, cursor: str | None) -> str | None:
        return None if cursor is None else f"?{urlencode([*kept, (name, cursor)])}#positions"

    count = f"{found.total:,}"
    return {
        "previous_url": link("before", found.previous_cursor),
        "next_url": link("after", found.next_cursor),
        "total_text": gettext("more than %(count)s positions") % {"count": count}
        if found.is_capped
        else gettext("%(count)s positions") % {"count": count},
    }


def _row(one: Position, files: dict[int, Any]) -> dict[str, Any]:
    file = files.get(one.position_import_id)
    return {
        "at": time_text(one.epoch_s),
        "mmsi": one.mmsi,
        "point": show_position(one.latitude, one.longitude),
        "speed_kn": one.speed_kn,
        "course_deg": one.course_deg,
        "status": STATUSES.get(one.status, "") if one.status is not None else "",
        "row": one.row,
        "file": file.item.title if file else "",
        "url": record_address("voyages:position_import", file.pk) if file else "",
    }


class RadioTrackPage(Page):
    """The track of one MMSI, whoever carried the radio."""

    template_name = "voyages/radio_track.html"
    visibility = "member"
    section = "positions"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = RadioForm(self.request.GET if "mmsi" in self.request.GET else None, user=self.user)
        context = super().get_context_data(form=form, list_url=reverse("voyages:position_imports"), **kwargs)
        if form.is_bound and form.is_valid():
            radio = Radio(form.cleaned_data["mmsi"]).within(*form.bounds())
            said = said_of_itself(radio.mmsi, self.user, at_most=IDENTITIES_SHOWN)
            return {**context, "mmsi": radio.mmsi, "said": said, **track_context(self, [radio], [])}
        return context


class TrackData(View):
    """What a map asks for: the radios and their windows stand in the address, and only what one may see is given."""

    visibility = "member"
    http_method_names = ("get", "head", "options")  # type: ignore[assignment]

    def radios(self) -> list[Radio]:
        try:
            found = [radio_from(text) for text in self.request.GET.getlist("radio")]
        except ValueError as error:
            raise Http404 from error
        if not 1 <= len(found) <= MOST_RADIOS:
            raise Http404
        return found

    def number(self, name: str, *, least: float, most: float) -> float | None:
        text = self.request.GET.get(name)
        if text is None:
            return None
        if not re.fullmatch(r"-?\d{1,12}(\.\d{1,15})?", text) or not least <= float(text) <= most:
            raise Http404
        return float(text)


class TrackPoints(TrackData):
    """The points of tracks, as many as help at a zoom and within a box."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        zoom = self.number("zoom", least=0, most=24)
        box = self._box()
        return JsonResponse(as_points(drawn_track(radio, request.user, box=box, zoom=zoom) for radio in self.radios()))

    def _box(self) -> Box | None:
        limits = {"west": 180.0, "south": 90.0, "east": 180.0, "north": 90.0}
        sides = [self.number(name, least=-most, most=most) for name, most in limits.items()]
        given = [side for side in sides if side is not None]
        return Box(*given) if len(given) == len(sides) else None


class TrackFix(TrackData):
    """The original fix at a point of a track: every value, and the row and file that it stands in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        at = self.number("at", least=0, most=10**11)
        fix = fix_near(self.radios()[0].mmsi, int(at), request.user) if at is not None else None
        if fix is None:
            raise Http404
        return JsonResponse(
            {
                "mmsi": fix.mmsi,
                "at": time_text(fix.epoch_s),
                "point": show_position(fix.latitude, fix.longitude),
                "position": [fix.longitude, fix.latitude],
                "speed_kn": fix.speed_kn,
                "course_deg": fix.course_deg,
                "heading_deg": fix.heading_deg,
                "status": str(STATUSES.get(fix.status, "")) if fix.status is not None else "",
                "row": fix.row,
                "file": fix.position_import.item.title,
                "url": record_address("voyages:position_import", fix.position_import.pk),
            }
        )


class TrackExport(TrackData):
    """The positions of tracks as a file, up to a limit, streamed."""

    asks_password = True
    form = ""
    media_type = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        radios = self.radios()
        if request.method == "HEAD":
            return HttpResponse(content_type=self.media_type)
        response = StreamingHttpResponse(self.text(radios), content_type=self.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="track-{radios[0].mmsi}.{self.form}"'
        return response

    def text(self, radios: list[Radio]) -> Iterable[str]:
        raise NotImplementedError

    def pieces(self, radios: list[Radio]) -> Iterator[list[Position]]:
        for radio in radios:
            yield from _pieces(all_fixes(radio, self.request.user))


def _pieces(fixes: Iterator[Position]) -> Iterator[list[Position]]:
    piece: list[Position] = []
    for fix in fixes:
        if piece and fix.epoch_s - piece[-1].epoch_s > SILENCE_S:
            yield piece
            piece = []
        piece.append(fix)
    if piece:
        yield piece


class TrackGeoJson(TrackExport):
    form = "geojson"
    media_type = "application/geo+json"

    def text(self, radios: list[Radio]) -> Iterable[str]:
        return track_files.geojson(self.pieces(radios))


class TrackKml(TrackExport):
    form = "kml"
    media_type = "application/vnd.google-earth.kml+xml"

    def text(self, radios: list[Radio]) -> Iterable[str]:
        return track_files.kml(self.pieces(radios), name=", ".join(radio.mmsi for radio in radios))
