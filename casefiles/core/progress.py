"""A line on a terminal that says how far a long command has come, and how long it will still take.

Where the output is no terminal nothing is written: a log full of percentages helps nobody.
"""

import time
from collections.abc import Callable
from typing import Any

WIDTH = 24
EVERY_SECONDS = 0.2
UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def size_text(size_bytes: float) -> str:
    """Return a size as people read it: "512 bytes", "3.4 GB"; thousands, as on the label of a disk."""
    for unit in UNITS:
        if size_bytes < 1000 or unit == UNITS[-1]:
            break
        size_bytes /= 1000
    return f"{size_bytes:.0f} {unit}" if unit == UNITS[0] else f"{size_bytes:.1f} {unit}"


def time_text(seconds: float) -> str:
    """Return a span of time as people read it: "42 s", "7 min", "3 h 20 min"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


class ProgressLine:
    """Rewrites one line of `stream`, a terminal; elsewhere it is silent.

    `total_bytes` is what there is to do. The rate counts from the first call of `show`: a command that goes on where
    another ended begins with what that one did.
    """

    def __init__(self, stream: Any, *, total_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream if stream.isatty() else None
        self._total = total_bytes
        self._clock = clock
        self._begun: tuple[float, int] | None = None
        self._drawn: float | None = None

    def show(self, done_bytes: int, note: str = "") -> None:
        """Draw the line, at most a few times a second."""
        if self._stream is None or not self._is_due():
            return
        self._stream.write(f"\r\x1b[K{self.line(done_bytes, note)}")
        self._stream.flush()

    def _is_due(self) -> bool:
        now = self._clock()
        if self._drawn is not None and now - self._drawn < EVERY_SECONDS:
            return False
        self._drawn = now
        return True

    def line(self, done_bytes: int, note: str = "") -> str:
        """Return what stands on the line."""
        share = min(1.0, done_bytes / self._total) if self._total else 1.0
        bar = ("#" * int(share * WIDTH)).ljust(WIDTH, ".")
        parts = [f"{size_text(done_bytes)} of {size_text(self._total)}", *self._pace(done_bytes)]
        return f"[{bar}] {share:4.0%}  {', '.join([*parts, *([note] if note else [])])}"

    def _pace(self, done_bytes: int) -> list[str]:
        started, begun_with = self._begun = self._begun or (self._clock(), done_bytes)
        seconds = self._clock() - started
        rate = (done_bytes - begun_with) / seconds if seconds > 0 else 0
        if rate <= 0:
            return []
        return [f"{size_text(rate)}/s", f"about {time_text(max(0, self._total - done_bytes) / rate)} left"]

    def clear(self) -> None:
        """Take the line away, so that what is written next stands alone."""
        if self._stream is not None and self._drawn is not None:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
