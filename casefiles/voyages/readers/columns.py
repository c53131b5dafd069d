"""Which columns hold what, in the layouts that position files come in."""

from collections.abc import Mapping
from dataclasses import dataclass

NOAA, DMA, GFW, GENERIC, GPX, AIVDM = "noaa", "dma", "gfw", "csv", "gpx", "aivdm"
FORMATS = (NOAA, DMA, GFW, GENERIC, GPX, AIVDM)
REQUIRED = ("time", "latitude", "longitude")
FIELDS = (
    "mmsi", "time", "latitude", "longitude", "speed", "course", "heading", "status", "imo", "name", "call_sign",
    "ship_type",
)  # fmt: skip

# Headers without case, spaces and underlines. NOAA's changed in 2018 and 2025; their meaning did not.
_NOAA = {
    "mmsi": "mmsi", "basedatetime": "time", "lat": "latitude", "latitude": "latitude", "lon": "longitude",
    "longitude": "longitude", "sog": "speed", "cog": "course", "heading": "heading", "status": "status",
    "imo": "imo", "vesselname": "name", "callsign": "call_sign", "vesseltype": "ship_type",
}  # fmt: skip
_DMA = {
    "timestamp": "time", "mmsi": "mmsi", "latitude": "latitude", "longitude": "longitude", "sog": "speed",
    "cog": "course", "heading": "heading", "navigationalstatus": "status", "imo": "imo", "name": "name",
    "callsign": "call_sign", "shiptype": "ship_type",
}  # fmt: skip
_GFW = {
    "mmsi": "mmsi", "ssvid": "mmsi", "timestamp": "time", "lat": "latitude", "lon": "longitude", "speed": "speed",
    "speedknots": "speed", "course": "course", "heading": "heading",
}  # fmt: skip
_MARKS_OF_GFW = {
    "ssvid", "segid", "vesselid", "distancefromshore", "distancefromport", "distancefromshorem", "distancefromportm",
    "isfishing", "nnetscore",
}  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """A format, and where in a row each field stands; `headers` gives a column its name as written."""

    format: str
    where: Mapping[str, int]
    headers: tuple[str, ...]

    def header(self, name: str) -> str:
        return self.headers[self.where[name]] if name in self.where else name


def plain(header: str) -> str:
    return header.strip().lstrip("#").strip().lower().replace("_", "").replace(" ", "")


def layout_of(headers: list[str]) -> Layout | None:
    """Return the layout that a line of headers announces; None where it is none of the known ones."""
    names = [plain(header) for header in headers]
    known = set(names)
    if {"basedatetime", "mmsi"} <= known:
        return _laid_out(NOAA, _NOAA, headers)
    if {"timestamp", "mmsi", "latitude", "longitude"} <= known and {"typeofmobile", "navigationalstatus"} & known:
        return _laid_out(DMA, _DMA, headers)
    if {"timestamp", "lat", "lon"} <= known and _MARKS_OF_GFW & known:
        return _laid_out(GFW, _GFW, headers)
    return None


def _laid_out(form: str, fields: Mapping[str, str], headers: list[str]) -> Layout:
    where: dict[str, int] = {}
    for index, header in enumerate(headers):
        name = fields.get(plain(header))
        if name and name not in where:
            where[name] = index
    return Layout(form, where, tuple(header.strip() for header in headers))


def mapped(headers: list[str], columns: Mapping[str, str]) -> Layout | None:
    """Return the layout in which `columns` names a header for each field; None where a header is not in this line."""
    places = {plain(header): index for index, header in enumerate(headers)}
    wanted = {name: places.get(plain(column)) for name, column in columns.items()}
    if any(index is None for index in wanted.values()):
        return None
    where = {name: index for name, index in wanted.items() if index is not None}
    return Layout(GENERIC, where, tuple(header.strip() for header in headers))


def missing(layout: Layout, *, has_mmsi: bool) -> list[str]:
    """Return the fields without which there are no positions; `has_mmsi` where the MMSI was said apart."""
    needed = REQUIRED if has_mmsi else ("mmsi", *REQUIRED)
    return [name for name in needed if name not in layout.where]
