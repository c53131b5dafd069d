"""Reading no faster than somebody allows, so that checking every file leaves the disk to those who work."""

import time
from collections.abc import Callable


class Pace:
    """Holds whoever reports what they read to a rate, by waiting; without a rate nobody waits.

    Time in which less was read is not saved up: after a pause the rate is the same as before.
    """

    def __init__(
        self,
        bytes_per_second: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._bytes_per_second = bytes_per_second
        self._clock, self._sleep = clock, sleep
        self._paid_until = clock()

    def spend(self, size_bytes: int) -> None:
        """Wait until so many bytes more may have been read."""
        if not self._bytes_per_second:
            return
        now = self._clock()
        self._paid_until = max(self._paid_until, now) + size_bytes / self._bytes_per_second
        self._sleep(self._paid_until - now)


UNHURRIED = Pace()
