"""The map of a case as GeoJSON and KML: places, joined ports, images and practices, each saying what it is."""

import html
import json
from collections.abc import Iterable
from typing import Any

Feature = dict[str, Any]


def feature(kind: str, geometry: dict[str, Any], *, name: str, **said: Any) -> Feature:
    """Return a GeoJSON feature: `kind` is "place", "voyage", "image" or "practice"."""
    return {"type": "Feature", "geometry": geometry, "properties": {"kind": kind, "name": name, **said}}


def geojson(features: Iterable[Feature]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False, indent=1) + "\n"


def kml(features: Iterable[Feature], *, name: str) -> str:
    """Return KML 2.2; what was said of each stands in its description."""
    marks = "".join(_placemark(one) for one in features)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>{_text(name)}</name>\n{marks}</Document></kml>\n"
    )


def _placemark(one: Feature) -> str:
    said = {key: value for key, value in one["properties"].items() if key != "name" and value}
    told = "; ".join(f"{key}: {', '.join(value) if isinstance(value, list) else value}" for key, value in said.items())
    head = f"<name>{_text(one['properties']['name'])}</name><description>{_text(told)}</description>"
    return f"<Placemark>{head}{_shape(one['geometry'])}</Placemark>\n"


def _shape(geometry: dict[str, Any]) -> str:
    places = geometry["coordinates"]
    match geometry["type"]:
        case "Point":
            return f"<Point><coordinates>{_places([places])}</coordinates></Point>"
        case "LineString":
            return f"<LineString><coordinates>{_places(places)}</coordinates></LineString>"
        case "Polygon":
            return _polygon(places)
        case _:
            return f"<MultiGeometry>{''.join(_polygon(rings) for rings in places)}</MultiGeometry>"


def _polygon(rings: list[Any]) -> str:
    outer, *holes = (f"<LinearRing><coordinates>{_places(ring)}</coordinates></LinearRing>" for ring in rings)
    inner = "".join(f"<innerBoundaryIs>{hole}</innerBoundaryIs>" for hole in holes)
    return f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>{inner}</Polygon>"


def _places(points: list[Any]) -> str:
    return " ".join(f"{longitude},{latitude}" for longitude, latitude in points)


def _text(value: str) -> str:
    """Return text as XML may hold it: without the control characters that it forbids."""
    return html.escape("".join(letter for letter in value if letter >= " " or letter in "\t\n"))
