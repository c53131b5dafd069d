"""What a person says about a file that the file does not say itself."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

AUTO = "auto"
TIME_ORDERS = ("iso", "dmy", "mdy", "epoch")


@dataclass(frozen=True)
class Options:
    """`columns` maps fields to headers of a generic table; `mmsi` is whose positions they are where no column says so.

    `time_order` is how times of a generic table are written, `utc_offset_min` the zone of times that name none.
    `received_at` dates raw sentences that carry no time of their own. `encoding` is believed where the bytes fit it.
    """

    format: str = AUTO
    columns: Mapping[str, str] = field(default_factory=dict)
    mmsi: str = ""
    time_order: str = "iso"
    utc_offset_min: int = 0
    received_at: datetime.datetime | None = None
    encoding: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "columns": dict(self.columns),
            "mmsi": self.mmsi,
            "time_order": self.time_order,
            "utc_offset_min": self.utc_offset_min,
            "received_at": self.received_at.isoformat() if self.received_at else "",
            "encoding": self.encoding,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Options":
        received = kept.get("received_at") or ""
        return cls(**{**kept, "received_at": datetime.datetime.fromisoformat(received) if received else None})
