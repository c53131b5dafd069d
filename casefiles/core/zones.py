"""Instants as people agree on them: a time of day, and the zone that it is meant in."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class UnknownZone(ValueError):
    """There is no zone of that name."""


def zone_named(name: str) -> ZoneInfo:
    """Return a zone of the IANA database: "UTC", "Europe/London".

    Raises:
        UnknownZone: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(name) from error


def on_the_clock(at: datetime, zone: str) -> datetime:
    """Return an instant as the clocks of a zone show it; in UTC where the zone is no longer known."""
    try:
        return at.astimezone(zone_named(zone))
    except UnknownZone:
        return at.astimezone(UTC)


def meant_in(clock: datetime, zone: str) -> datetime:
    """Return the instant at which the clocks of a zone show what was typed; of an hour that comes twice, the first.

    Raises:
        UnknownZone: there is no such zone.
    """
    return clock.replace(tzinfo=zone_named(zone))


def show_instant(at: datetime, zone: str) -> str:
    """Return an instant in short, with its zone: "2026-12-04 17:00 Europe/London (UTC+00:00)"."""
    local = on_the_clock(at, zone)
    if local.tzinfo is UTC or zone == "UTC":
        return f"{local:%Y-%m-%d %H:%M} UTC"
    offset = local.isoformat()[-6:]
    return f"{local:%Y-%m-%d %H:%M} {zone} (UTC{offset})"
