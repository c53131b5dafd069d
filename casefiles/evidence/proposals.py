"""What files say that an image sheet asks for: it enters the sheet only when somebody confirms it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

# The terms of `readers.terms`, and the field of a sheet that each is for.
SHEET_FIELDS: Final = {
    "provider": "provider",
    "platform": "platform",
    "instrument": "sensor",
    "camera": "sensor",
    "acquired": "acquired",
    "captured": "acquired",
    "published": "published",
    "gsd_m": "gsd_m",
    "off_nadir_deg": "off_nadir_deg",
    "cloud_percent": "cloud_fraction",
    "sun_elevation_deg": "sun_elevation_deg",
    "sun_azimuth_deg": "sun_azimuth_deg",
    "footprint": "footprint",
    "scene_id": "scene_id",
}
MEASURED: Final = {"footprint": "footprint", "pixel_size_m": "gsd_m"}
_PLACES: Final = {
    "gsd_m": Decimal("0.001"),
    "off_nadir_deg": Decimal("0.01"),
    "sun_elevation_deg": Decimal("0.01"),
    "sun_azimuth_deg": Decimal("0.01"),
    "cloud_fraction": Decimal("0.0001"),
}


@dataclass(frozen=True)
class Proposal:
    """A value that one reading offers for a field of the sheet; `key` finds it again in the same reading.

    `where` names the field of the file, or says that the value was measured.
    """

    key: str
    name: str
    value: Any
    where: str
    is_measured: bool = False


def proposals(measured: Mapping[str, Any], claims: Iterable[Mapping[str, Any]]) -> tuple[Proposal, ...]:
    """Return what one reading offers, measured values first."""
    found = [
        Proposal(f"measured-{key}", name, value, key, is_measured=True)
        for key, name in MEASURED.items()
        if (value := _value(name, measured.get(key))) is not None
    ]
    for number, claim in enumerate(claims):
        key = str(claim.get("key", ""))
        name = SHEET_FIELDS.get(key, "")
        raw = claim.get("value")
        value = _value(name, _fraction(raw) if key == "cloud_percent" else raw) if name else None
        if value is not None:
            found.append(Proposal(f"claim-{number}", name, value, str(claim.get("where") or key)))
    return tuple(found)


def _fraction(percent: Any) -> Any:
    is_number = isinstance(percent, int | float) and not isinstance(percent, bool)
    return percent / 100 if is_number else None


def _value(name: str, raw: Any) -> Any:
    """Return a value as the sheet's field takes it: text, a decimal number, GeoJSON; None where it is none."""
    if name == "footprint":
        return raw if isinstance(raw, dict) else None
    if name in _PLACES:
        return _decimal(max(raw) if isinstance(raw, list) and raw else raw, _PLACES[name])
    text = str(raw).strip()[:200] if isinstance(raw, str) else ""
    return text or None


def _decimal(raw: Any, places: Decimal) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    try:
        return Decimal(str(raw)).quantize(places).normalize() + 0
    except InvalidOperation:
        return None
