"""Distances over sea along the network of the package searoute (Apache-2.0): a plausibility, never a track."""

from functools import lru_cache

from casefiles.core.geodesy import great_circle_nm

# Faster than nearly every merchant ship: what is impossible at this speed is worth a second look.
SPEED_KN = 25.0


@lru_cache(maxsize=512)
def over_sea_nm(start: tuple[float, float], end: tuple[float, float]) -> float | None:
    """Return the length of the usual way between two points (latitude, longitude), in nautical miles.

    The network is coarse: between neighbouring ports the way can come out far too long, and never shorter than the
    great circle. None where it has no way.
    """
    # Loaded where it is needed: the network takes a tenth of a second and ten megabytes.
    import searoute

    try:
        route = searoute.searoute([start[1], start[0]], [end[1], end[0]], units="naut", append_orig_dest=True)
        length = float(route["properties"]["length"])
    except (KeyError, ValueError, TypeError, IndexError):
        return None
    return max(length, great_circle_nm(*start, *end))


def least_hours(distance_nm: float, speed_kn: float = SPEED_KN) -> float:
    return distance_nm / speed_kn
