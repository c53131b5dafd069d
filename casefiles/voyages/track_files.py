"""Tracks as GeoJSON and KML, piece by piece: every fix with its time, and where it stands."""

import datetime
import html
import json
from collections.abc import Iterable, Iterator

from casefiles.voyages.models import Position


def as_time(epoch_s: int) -> str:
    return datetime.datetime.fromtimestamp(epoch_s, tz=datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def geojson(pieces: Iterable[list[Position]]) -> Iterator[str]:
    """Yield a FeatureCollection: a LineString for each piece (a Point where it has one fix), times beside."""
    yield '{"type": "FeatureCollection", "features": ['
    for number, piece in enumerate(pieces):
        yield (",\n" if number else "\n") + json.dumps(_feature(piece), separators=(",", ":"))
    yield "\n]}\n"


def _feature(piece: list[Position]) -> dict[str, object]:
    points = [[one.longitude, one.latitude] for one in piece]
    geometry = {"type": "LineString", "coordinates": points} if len(points) > 1 else _point(points[0])
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {
            "mmsi": piece[0].mmsi,
            "start": as_time(piece[0].epoch_s),
            "end": as_time(piece[-1].epoch_s),
            "times": [as_time(one.epoch_s) for one in piece],
            "speeds_kn": [one.speed_kn for one in piece],
            "rows": [one.row for one in piece],
            "files": sorted({str(one.position_import.pk) for one in piece}),
        },
    }


def _point(point: list[float]) -> dict[str, object]:
    return {"type": "Point", "coordinates": point}


def kml(pieces: Iterable[list[Position]], *, name: str) -> Iterator[str]:
    """Yield KML 2.2 with a track of times and places for each piece."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>'
        f"<name>{html.escape(name)}</name>\n"
    )
    for piece in pieces:
        whens = "".join(f"<when>{as_time(one.epoch_s)}</when>" for one in piece)
        places = "".join(f"<gx:coord>{one.longitude} {one.latitude} 0</gx:coord>" for one in piece)
        title = html.escape(f"{piece[0].mmsi}, {as_time(piece[0].epoch_s)}")
        yield f"<Placemark><name>{title}</name><gx:Track>{whens}{places}</gx:Track></Placemark>\n"
    yield "</Document></kml>\n"
