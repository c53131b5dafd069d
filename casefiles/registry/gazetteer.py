"""Ports with their UN/LOCODE, from the package searoute (Apache-2.0), and other names that sources use for them."""

import importlib.resources
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from casefiles.core.countries import COUNTRY_NAMES
from casefiles.core.folding import fold
from casefiles.core.geodesy import great_circle_nm
from casefiles.core.identifiers import InvalidIdentifier, parse_unlocode

# UN/LOCODE gives points to a minute of arc.
PRECISION_M = 1852
FAR_NM = 50
# Spellings that reports about these ports use; languages by their code.
OTHER_NAMES = {
    "KPNJN": (("Rajin", "en"), ("Rason", "en"), ("라진", "ko"), ("Раджин", "ru"), ("罗津", "zh")),
    "KPCHO": (("청진", "ko"),),
    "KPWON": (("원산", "ko"),),
    "KPNAM": (("남포", "ko"),),
    "RUVYP": (("Восточный", "ru"), ("Vostochnyy", "en")),
    "RUVVO": (("Владивосток", "ru"),),
    "RUNJK": (("Находка", "ru"),),
    "CNZOS": (("舟山", "zh"), ("Chou-shan", "en")),
}


@dataclass(frozen=True)
class Port:
    """One code, its first name, and the others under which the package or a source knows it."""

    unlocode: str
    name: str
    country: str
    latitude: float | None
    longitude: float | None
    other_names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LeftOut:
    name: str
    code: str
    reason: str


def known_ports() -> tuple[list[Port], list[LeftOut]]:
    """Return the package's ports, one for each code, and those whose code is none."""
    ports: dict[str, Port] = {}
    left_out = []
    for name, code, latitude, longitude in _features():
        try:
            unlocode = parse_unlocode(code)
        except InvalidIdentifier as error:
            left_out.append(LeftOut(name, code, str(error.reason)))
            continue
        held = ports.get(unlocode)
        if held is None:
            ports[unlocode] = _port(unlocode, name, latitude, longitude)
            continue
        ports[unlocode] = _with_name(held, name)
        if _is_far(held, latitude, longitude):
            ports[unlocode] = replace(ports[unlocode], latitude=None, longitude=None)
            left_out.append(
                LeftOut(name, code, "The package gives two points far apart for this code: neither is taken.")
            )
    return list(ports.values()), left_out


def _is_far(port: Port, latitude: float, longitude: float) -> bool:
    if port.latitude is None or port.longitude is None:
        return False
    return great_circle_nm(port.latitude, port.longitude, latitude, longitude) > FAR_NM


def _features() -> Iterator[tuple[str, str, float, float]]:
    text = (importlib.resources.files("searoute.data") / "ports.geojson").read_text("utf-8")
    for feature in json.loads(text)["features"]:
        longitude, latitude = feature["geometry"]["coordinates"][:2]
        said = feature["properties"]
        yield str(said["name"] or "").strip(), str(said["port"] or "").strip(), float(latitude), float(longitude)


def _port(unlocode: str, name: str, latitude: float, longitude: float) -> Port:
    # Two codes of States that are no more begin many a port's code still.
    country = unlocode[:2] if unlocode[:2] in COUNTRY_NAMES else ""
    port = Port(unlocode, name or unlocode, country, latitude, longitude)
    for other, language in OTHER_NAMES.get(unlocode, ()):
        port = _with_name(port, other, language)
    return port


def _with_name(port: Port, name: str, language: str = "") -> Port:
    known = {fold(port.name), *(fold(other) for other, _language in port.other_names)}
    if not name or fold(name) in known:
        return port
    return replace(port, other_names=(*port.other_names, (name, language)))
