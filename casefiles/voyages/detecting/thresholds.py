"""The thresholds of detection, each with where it comes from. A run stores the ones that it used."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

GFW = "Global Fishing Watch"


@dataclass(frozen=True)
class Thresholds:
    """Units are in the names."""

    gap_over_h: float = 12.0
    port_enter_km: float = 3.0
    port_leave_km: float = 4.0
    stop_begins_kn: float = 0.2
    stop_ends_kn: float = 0.5
    port_gap_min: float = 240.0
    port_visit_least_h: float = 3.0
    encounter_within_m: float = 500.0
    encounter_least_h: float = 2.0
    encounter_below_kn: float = 2.0
    encounter_off_port_km: float = 10.0
    loitering_below_kn: float = 2.0
    loitering_least_h: float = 4.0
    loitering_off_shore_nm: float = 20.0
    impossible_over_kn: float = 60.0
    position_noise_nm: float = 0.5
    coverage_within_nm: float = 20.0

    def as_json(self) -> dict[str, float]:
        return asdict(self)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Thresholds":
        """Return the thresholds with the values that were said; what is not said is the default.

        Raises:
            ValueError: a name is none, or a value is not a number above zero.
        """
        known = {field.name for field in fields(cls)}
        if unknown := set(said) - known:
            raise ValueError(f"There is no threshold {min(unknown)}.")
        values = {name: float(value) for name, value in said.items()}
        if bad := [name for name, value in values.items() if not 0 < value < 100_000]:
            raise ValueError(f"{bad[0]} must be a number above zero.")
        return cls(**values)


# Read in the sources that are named; what has none says so.
SOURCES = {
    "gap_over_h": f"{GFW}, technical documentation on gaps: strictly more than 12 h (its raw table: 6 h)",
    "port_enter_km": f"{GFW}, anchorage configuration",
    "port_leave_km": f"{GFW}, anchorage configuration",
    "stop_begins_kn": f"{GFW}, anchorage configuration: at most this",
    "stop_ends_kn": f"{GFW}, anchorage configuration: at least this",
    "port_gap_min": f"{GFW}, anchorage configuration",
    "port_visit_least_h": f"{GFW}, questions on the carrier vessel portal",
    "encounter_within_m": f"{GFW}, questions on encounters",
    "encounter_least_h": f"{GFW}, questions on encounters",
    "encounter_below_kn": f"{GFW}, questions on encounters: the median of both ships",
    "encounter_off_port_km": f"{GFW}, questions on encounters",
    "loitering_below_kn": f"{GFW}, on loitering: on average",
    "loitering_least_h": "Starboard Maritime Intelligence, help on loitering",
    "loitering_off_shore_nm": f"{GFW}, technical documentation on loitering: on average",
    "impossible_over_kn": "none published: a setting of ours. Judge the computed speed, not that it is over",
    "position_noise_nm": "a setting of ours: jumps shorter than this are the noise of receivers and rounded times",
    "coverage_within_nm": "none published: a setting of ours. How far AIS reaches depends on aerials and weather",
}
