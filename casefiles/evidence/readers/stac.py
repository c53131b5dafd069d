"""What a STAC item, or the older metadata of a Planet order, says of an image: every value is a claim of the file.

STAC 1.0 and 1.1, https://github.com/radiantearth/stac-spec; older items of Planet (1.0.0-beta.2) have fields `pl:`.
Clouds are per cent in STAC and a fraction in an order; the two are never taken for each other.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, BinaryIO, Final

from casefiles.evidence.footprints import GeoJson, InvalidFootprint, checked
from casefiles.evidence.readers.findings import Claim, Findings, Frame, NotParsed, Plain

MOST_BYTES = 10 * 1024 * 1024
MOST_ASSETS = 200
_TEXT_LENGTH = 2_000

NOT_STAC: Final = "It is GeoJSON, but no STAC item: it does not say which version of STAC it follows."
ORDER: Final = "It is metadata of a Planet order, not a STAC item: its fields are read as Planet names them."
TWICE: Final = "It gives one name two values; the last one was read."
NO_FOOTPRINT: Final = "Its footprint was left out: {reason}"
NO_TIME: Final = "It gives neither a time nor a beginning and an end, which STAC requires."

Fields = Mapping[str, Any]
# name of the property, key of the claim
_STAC_TEXTS = (
    ("title", "title"), ("description", "summary"), ("license", "licence"), ("platform", "platform"),
    ("constellation", "constellation"), ("mission", "mission"), ("sar:instrument_mode", "instrument_mode"),
    ("sar:frequency_band", "frequency_band"), ("sat:orbit_state", "orbit_state"), ("pl:item_type", "product"),
    ("product:type", "product"), ("pl:strip_id", "strip"), ("pl:quality_category", "quality"),
    ("published", "published"), ("created", "created"), ("updated", "modified"), ("proj:code", "crs"),
)  # fmt: skip
_ORDER_TEXTS = (
    ("acquired", "acquired"), ("published", "published"), ("updated", "modified"), ("provider", "provider"),
    ("satellite_id", "platform"), ("instrument", "instrument"), ("item_type", "product"), ("strip_id", "strip"),
    ("quality_category", "quality"),
)  # fmt: skip
# name of the property, key of the claim, least and most that it may be
_STAC_NUMBERS = (
    ("gsd", "gsd_m", 0.001, 100_000), ("eo:cloud_cover", "cloud_percent", 0, 100),
    ("view:off_nadir", "off_nadir_deg", 0, 90), ("view:incidence_angle", "incidence_deg", 0, 90),
    ("view:azimuth", "azimuth_deg", 0, 360),
    ("view:sun_elevation", "sun_elevation_deg", -90, 90), ("view:sun_azimuth", "sun_azimuth_deg", 0, 360),
    ("sar:resolution_range", "resolution_range_m", 0.001, 100_000),
    ("sar:resolution_azimuth", "resolution_azimuth_m", 0.001, 100_000),
)  # fmt: skip
_ORDER_NUMBERS = (
    ("gsd", "gsd_m", 0.001, 100_000), ("sun_elevation", "sun_elevation_deg", -90, 90),
    ("sun_azimuth", "sun_azimuth_deg", 0, 360),
)  # fmt: skip


def frames(file: BinaryIO) -> Iterable[Frame]:
    """Yield what the file claims.

    Raises:
        NotParsed: it is no JSON object, too large, or neither STAC nor GeoJSON.
    """
    value, warnings = _parsed(file)
    yield _findings(value, warnings).frame()


def _parsed(file: BinaryIO) -> tuple[Fields, tuple[str, ...]]:
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NotParsed("it is larger than a STAC item is read")
    repeated: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        repeated.extend([TWICE] if len(found) < len(pairs) else [])
        return found

    try:
        value = json.loads(content.decode("utf-8-sig"), object_pairs_hook=once, parse_constant=_no_constant)
    except (ValueError, UnicodeDecodeError) as error:
        raise NotParsed("it is no JSON that can be read") from error
    if not isinstance(value, dict):
        raise NotParsed("it is no JSON object")
    return value, tuple(repeated[:1])


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON.")


def _findings(value: Fields, warnings: tuple[str, ...]) -> Findings:
    version = value.get("stac_version")
    kind = value.get("type")
    if isinstance(version, str) and kind == "Feature":
        return _item(value, version, warnings)
    if isinstance(version, str):
        return _collection(value, version, warnings)
    if kind == "Feature" and _is_order(_object(value.get("properties"))):
        return _order(value, warnings)
    if kind in ("Feature", "FeatureCollection", "Polygon", "MultiPolygon", "GeometryCollection", "Point", "LineString"):
        return _geojson(value, warnings)
    raise NotParsed("it is neither a STAC item nor GeoJSON")


# --- Kinds --------------------------------------------------------------------------------------------------------


def _item(value: Fields, version: str, warnings: tuple[str, ...]) -> Findings:
    properties = _object(value.get("properties"))
    footprint, unusual = _footprint(value)
    is_planet = any(str(name).startswith("pl:") for name in properties)
    claims = [
        *_text_claims({"scene_id": value.get("id")}, (("scene_id", "scene_id"),), where="id"),
        *_acquired(properties),
        *_text_claims(properties, _STAC_TEXTS),
        *_listed(properties),
        *_number_claims(properties, _STAC_NUMBERS),
        *_crs(properties.get("proj:epsg"), "proj:epsg"),
        *_address(value),
        *footprint,
    ]
    has_time = any(claim.key == "acquired" for claim in claims)
    return Findings(
        f"STAC item {version[:40]}" + (" (Planet)" if is_planet else ""),
        {"assets": len(_object(value.get("assets")))},
        tuple(claims),
        parts=_assets(value),
        warnings=(*warnings, *unusual, *(() if has_time else (NO_TIME,))),
    )


def _collection(value: Fields, version: str, warnings: tuple[str, ...]) -> Findings:
    kind = "collection" if value.get("type") == "Collection" else "catalogue"
    names = (("title", "title"), ("description", "summary"), ("license", "licence"), ("id", "identifier"))
    links = value.get("links")
    return Findings(
        f"STAC {kind} {version[:40]}",
        {"links": len(links) if isinstance(links, list) else 0},
        (*_text_claims(value, names), *_providers(value)),
        warnings=warnings,
    )


def _is_order(properties: Fields) -> bool:
    """Say whether these are the properties that Planet's data API gives to a scene."""
    return {"acquired", "item_type"} <= set(properties)


def _order(value: Fields, warnings: tuple[str, ...]) -> Findings:
    properties = _object(value.get("properties"))
    footprint, unusual = _footprint(value)
    cloud = _number(properties.get("cloud_cover"), 0, 1)
    view = _number(properties.get("view_angle"), -90, 90)
    claims = [
        *_text_claims({"scene_id": value.get("id")}, (("scene_id", "scene_id"),), where="id"),
        *_text_claims(properties, _ORDER_TEXTS),
        *_number_claims(properties, _ORDER_NUMBERS),
        # Of an order, clouds are a fraction; the angle is negative to the west of the track.
        *([Claim("cloud_percent", round(cloud * 100, 4), "cloud_cover, a fraction")] if cloud is not None else []),
        *([Claim("off_nadir_deg", abs(view), "view_angle, without its side")] if view is not None else []),
        *_crs(properties.get("epsg_code"), "epsg_code"),
        *footprint,
    ]
    return Findings("Planet order metadata", {}, tuple(claims), warnings=(ORDER, *warnings, *unusual))


def _geojson(value: Fields, warnings: tuple[str, ...]) -> Findings:
    features = value.get("features")
    measured: dict[str, Plain] = {"features": len(features)} if isinstance(features, list) else {}
    footprint, unusual = _footprint(value) if value.get("type") == "Feature" else ([], ())
    return Findings("GeoJSON", measured, tuple(footprint), warnings=(NOT_STAC, *warnings, *unusual))


# --- Parts --------------------------------------------------------------------------------------------------------


def _object(value: Any) -> Fields:
    return value if isinstance(value, dict) else {}


def _text_claims(fields: Fields, names: Iterable[tuple[str, str]], *, where: str = "") -> list[Claim]:
    return [
        Claim(key, value.strip()[:_TEXT_LENGTH], where or name)
        for name, key in names
        if isinstance(value := fields.get(name), str) and value.strip()
    ]


def _number(value: Any, least: float, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A whole number of any length compares, but cannot always become a float.
    return float(value) if least <= value <= most and math.isfinite(value) else None


def _number_claims(fields: Fields, names: Iterable[tuple[str, str, float, float]]) -> list[Claim]:
    return [
        Claim(key, value, name)
        for name, key, least, most in names
        if (value := _number(fields.get(name), least, most)) is not None
    ]


def _acquired(properties: Fields) -> list[Claim]:
    """Return when it was taken: the time or, where that is left out, the span from its start to its end."""
    told = properties.get("datetime")
    if isinstance(told, str) and told.strip():
        return [Claim("acquired", told.strip()[:80], "datetime")]
    ends = [properties.get("start_datetime"), properties.get("end_datetime")]
    if all(isinstance(end, str) and end.strip() for end in ends):
        return [Claim("acquired", "/".join(str(end).strip()[:80] for end in ends), "start_datetime, end_datetime")]
    return []


def _listed(properties: Fields) -> list[Claim]:
    found = [
        Claim(key, ", ".join(str(one)[:100] for one in values[:20] if isinstance(one, str)), name)
        for name, key in (
            ("instruments", "instrument"),
            ("sar:polarizations", "polarization"),
            ("keywords", "keywords"),
        )
        if isinstance(values := properties.get(name), list) and values
    ]
    return [*found, *_providers(properties)]


def _providers(fields: Fields) -> list[Claim]:
    """Return who made the image: of several providers the producers, else all of them."""
    providers = [
        one for one in _list(fields.get("providers")) if isinstance(one, dict) and isinstance(one.get("name"), str)
    ]
    producers = [one for one in providers if "producer" in _list(one.get("roles"))]
    named = [Claim("provider", one["name"].strip()[:200], "providers") for one in (producers or providers)[:5]]
    # Planet's older items name a fleet here.
    return named or _text_claims(fields, (("pl:provider", "provider"),))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _crs(value: Any, where: str) -> list[Claim]:
    is_code = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000
    return [Claim("crs", f"EPSG:{value}", where)] if is_code else []


def _address(value: Fields) -> list[Claim]:
    links = [link for link in _list(value.get("links")) if isinstance(link, dict) and link.get("rel") == "self"]
    addresses = [link["href"] for link in links if isinstance(link.get("href"), str)]
    return [Claim("url", one[:_TEXT_LENGTH], "links, self") for one in addresses if re.match(r"https?://", one)][:1]


def _footprint(value: Fields) -> tuple[list[Claim], tuple[str, ...]]:
    """Return the footprint, or nothing and why it was left out. A point, or none at all, is no footprint."""
    geometry = _object(value.get("geometry"))
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return [], ()
    try:
        footprint: GeoJson = checked(geometry)
    except InvalidFootprint as refusal:
        return [], (NO_FOOTPRINT.format(reason=refusal.reason),)
    return [Claim("footprint", footprint, "geometry")], ()


def _assets(value: Fields) -> tuple[Mapping[str, Plain], ...]:
    assets = list(_object(value.get("assets")).items())[:MOST_ASSETS]
    return tuple(_asset(str(name), one) for name, one in assets if isinstance(one, dict))


def _asset(name: str, asset: Fields) -> Mapping[str, Plain]:
    text: Callable[[str], str] = lambda key: str(asset[key])[:500] if isinstance(asset.get(key), str) else ""  # noqa: E731
    roles = ", ".join(str(role)[:50] for role in _list(asset.get("roles"))[:10])
    described = {"name": name[:200], "title": text("title"), "type": text("type"), "roles": roles, "url": text("href")}
    return {key: words for key, words in described.items() if words}
