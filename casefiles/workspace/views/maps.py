"""The map of a case: as a page, as a part of the case's overview, and as files."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from casefiles.cases.selectors.timeline import Around, around, case_chart
from casefiles.cases.views.base import CasePage
from casefiles.voyages.charts import CARD_WIDTH, PAGE_WIDTH, PortChart
from casefiles.workspace import map_files
from casefiles.workspace.selectors.case_map import ImageLine, PracticeLine, images_of, practices_of

PORTS, IMAGES, PRACTICES = "ports", "images", "practices"


class CaseMap(CasePage):
    """What all three share: the layers asked for (`?layer=`; all where none is), and what each holds."""

    tab = "map"

    def layer_labels(self) -> list[tuple[str, str]]:
        return [(PORTS, _("Places and voyages")), (IMAGES, _("Images")), (PRACTICES, _("Deceptive practices"))]

    @cached_property
    def layers(self) -> list[str]:
        known = [key for key, _label in self.layer_labels()]
        asked = [key for key in known if key in self.request.GET.getlist("layer")]
        return asked or known

    @cached_property
    def found(self) -> Around:
        return around(self.case, self.user)

    @cached_property
    def images(self) -> list[ImageLine]:
        return images_of(self.case, self.user) if IMAGES in self.layers else []

    @cached_property
    def practices(self) -> list[PracticeLine]:
        return practices_of(self.found, self.user) if PRACTICES in self.layers else []

    def chart(self, width: int, tallest: float) -> PortChart:
        return case_chart(
            self.found,
            has_ports=PORTS in self.layers,
            areas=[image.area for image in self.images],
            marks=[mark for practice in self.practices if (mark := practice.mark)],
            width=width,
            tallest=tallest,
        )


class MapPage(CaseMap):
    template_name = "workspace/map.html"
    width, tallest = PAGE_WIDTH, 0.62

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            port_chart=self.chart(self.width, self.tallest), images=self.images, practices=self.practices,
            **self.beside(), **kwargs,
        )  # fmt: skip

    def beside(self) -> dict[str, Any]:
        """Draw the map for a narrow screen, too: letters of the wide one could not be read there."""
        query = urlencode([("layer", key) for key in self.layers])
        files = [(label, f"{reverse(f'workspace:map_{name}', args=[self.case.pk])}?{query}") for name, label in FILES]
        return {"narrow_chart": self.chart(CARD_WIDTH, 1.15), "layer_links": self._layer_links(), "files": files}

    def _layer_links(self) -> list[dict[str, Any]]:
        """Return a link for each layer that adds it to those shown, or takes it away; the last one stays."""
        links = []
        for key, label in self.layer_labels():
            others = [one for one in self.layers if one != key] if key in self.layers else [*self.layers, key]
            url = f"?{urlencode([('layer', one) for one in others])}" if others else self.request.path
            links.append({"label": label, "url": url, "is_shown": key in self.layers})
        return links


class MapFragment(MapPage):
    template_name = "workspace/_map.html"
    tab = ""
    width, tallest = CARD_WIDTH, 1.15

    @cached_property
    def layers(self) -> list[str]:
        """The small picture keeps to ports, as the overview does."""
        return [PORTS]

    def beside(self) -> dict[str, Any]:
        return {}


class MapFile(CaseMap):
    """The layers asked for as a file of features, each saying what it is."""

    asks_password = True
    form = ""
    media_type = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = HttpResponse(self.text(), content_type=self.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="map-{self.case.reference}.{self.form}"'
        return response

    def text(self) -> str:
        raise NotImplementedError

    def features(self) -> Iterator[map_files.Feature]:
        if PORTS in self.layers:
            yield from _ports(self.found)
        for image in self.images:
            when = image.acquired.edtf if image.acquired else ""
            said = {"acquired": when, "taken_by": image.taken_by}
            yield map_files.feature("image", image.footprint, name=image.title, **said)
        for practice in self.practices:
            if practice.point:
                said = {"vessel": practice.vessel, "where": practice.where, "basis": practice.basis}
                yield map_files.feature("practice", _point(*practice.point), name=practice.label, **said)


class MapGeoJson(MapFile):
    form = "geojson"
    media_type = "application/geo+json"

    def text(self) -> str:
        return map_files.geojson(self.features())


class MapKml(MapFile):
    form = "kml"
    media_type = "application/vnd.google-earth.kml+xml"

    def text(self) -> str:
        return map_files.kml(self.features(), name=self.case.title)


FILES = (("geojson", "GeoJSON"), ("kml", "KML"))


def _ports(found: Around) -> Iterator[map_files.Feature]:
    chart = case_chart(found)
    if chart.chart is None:
        return
    lines = {str(line.id): line for line in chart.places}
    points = {drawn.port.key: (drawn.port.latitude, drawn.port.longitude) for drawn in chart.chart.ports}
    for key, point in points.items():
        line = lines[key]
        said = {"happened": list(line.happened), "precision": line.precision}
        yield map_files.feature("place", _point(*point), name=line.name, **said)
    for drawn in chart.chart.legs:
        ends = [_point(*points[key])["coordinates"] for key in (drawn.leg.start, drawn.leg.end)]
        line_of_two = {"type": "LineString", "coordinates": ends}
        yield map_files.feature("voyage", line_of_two, name=drawn.leg.title, note=_("joins ports; it is not a track"))


def _point(latitude: float, longitude: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [longitude, latitude]}
