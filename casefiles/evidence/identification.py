"""What must stand behind the words that an image shows a certain ship, and what speaks against believing them.

Detect: something is there. Classify: what kind of ship it is. Identify: which ship. Pure.
"""

from dataclasses import dataclass
from enum import StrEnum

LEAST_PIXELS = 10


class Lack(StrEnum):
    """Why nobody may call this an identification yet."""

    NO_FEATURES = "no features"
    NO_LOOK_ALIKE = "no look-alike"


class Doubt(StrEnum):
    """Why an identification may be wrong all the same."""

    TOO_FEW_PIXELS = "too few pixels"
    NO_LENGTH = "no length"
    NO_GSD = "no gsd"
    OTHER_LENGTH = "other length"


@dataclass(frozen=True)
class Sighting:
    """What an observation says, with lengths in metres; `gsd_m` is that of the image."""

    is_identified: bool
    matching_features: str = ""
    look_alikes: str = ""
    look_alikes_count: int = 0
    length_m: float | None = None
    gsd_m: float | None = None
    measured_m: float | None = None
    measured_error_m: float | None = None


def length_in_pixels(sighting: Sighting) -> float | None:
    """Return how many pixels long the ship is in the image; None where its length or the image's GSD is not known."""
    if not sighting.length_m or not sighting.gsd_m:
        return None
    return sighting.length_m / sighting.gsd_m


def lacks(sighting: Sighting) -> tuple[Lack, ...]:
    """Return why this may not be called an identification; nothing where it is not called one."""
    if not sighting.is_identified:
        return ()
    has_look_alike = bool(sighting.look_alikes.strip()) or sighting.look_alikes_count > 0
    found = []
    if not sighting.matching_features.strip():
        found.append(Lack.NO_FEATURES)
    if not has_look_alike:
        found.append(Lack.NO_LOOK_ALIKE)
    return tuple(found)


def doubts(sighting: Sighting) -> tuple[Doubt, ...]:
    """Return what to warn of where something is called an identification."""
    if not sighting.is_identified:
        return ()
    found = []
    pixels = length_in_pixels(sighting)
    if not sighting.length_m:
        found.append(Doubt.NO_LENGTH)
    if not sighting.gsd_m:
        found.append(Doubt.NO_GSD)
    if pixels is not None and pixels < LEAST_PIXELS:
        found.append(Doubt.TOO_FEW_PIXELS)
    if _is_other_length(sighting):
        found.append(Doubt.OTHER_LENGTH)
    return tuple(found)


def _is_other_length(sighting: Sighting) -> bool:
    if sighting.measured_m is None or not sighting.length_m:
        return False
    return abs(sighting.measured_m - sighting.length_m) > (sighting.measured_error_m or 0)
