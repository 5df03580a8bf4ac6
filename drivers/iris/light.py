"""Bursts of light within the lamp's rules: kept alive while looked at, put out on every way out, then rest."""

import contextlib
from collections.abc import Iterator
from typing import Final

from drivers.iris.guard import LIMIT_S, LampGuard
from drivers.iris.lamp import Lamp, LampIdentity, LampLimits, LampOut, LampRests
from drivers.serial.line import ByteLine
from station.clock import CancelToken, Deadline
from station.errors import DeviceBusy, HardwareFault

KEEP_S: Final = 0.2
BURST_MS: Final = 8000  # shorter than any limit: the driver, not a watchdog, ends it
_KEEP_EARLY_S: Final = 0.02  # a loop that looks every 10 ms or so must not come late
_BROKEN: Final = frozenset({"HW"})
_HOT: Final = frozenset({"TEMP"})


class Burst:
    """A lamp that is on; somebody must ``tend`` it more often than every 200 ms."""

    def __init__(self, lamp: Lamp, seconds: float) -> None:
        self._lamp = lamp
        self._end = Deadline.after(seconds)
        self._next = Deadline.after(KEEP_S - _KEEP_EARLY_S)

    @property
    def over(self) -> bool:
        """Whether its time has run out."""
        return self._end.passed()

    def tend(self, deadline: Deadline, cancel: CancelToken) -> bool:
        """Send KEEP when it is time; False when the light has gone out by itself, for a passing reason."""
        if not self._next.passed():
            return True
        self._next = Deadline.after(KEEP_S - _KEEP_EARLY_S)
        why = ""
        try:
            self._lamp.keep(deadline, cancel)
        except LampOut:
            why = "OUT"  # its event was lost
        why = self._lamp.gone_out or why
        if why in _BROKEN:
            raise HardwareFault(device="lamp", what=why)
        if why in _HOT:
            raise DeviceBusy(device="lamp", what=why)
        return not why


class Light:
    """The lamp of one open scanner, with its guard."""

    def __init__(self, line: ByteLine, *, guard_s: float = LIMIT_S) -> None:
        self._line = line
        self._lamp = Lamp(line)
        self._guard = LampGuard(self._cut_and_close, guard_s)
        self._rested = Deadline.after(0)
        self._burning = False
        self.limits = LampLimits("LR", 0, 1, 1, 0)

    def prepare(self, deadline: Deadline) -> LampIdentity:
        """Ask who the lamp is and what it allows; a lamp that burns already is put out."""
        identity = self._lamp.identify(deadline)
        self.limits = self._lamp.limits(deadline)
        status = self._lamp.status(deadline)
        if status.on:
            self._lamp.off()
        self._rest_for((self.limits.rest_ms if status.on else status.rest_ms) / 1000)
        return identity

    def check(self, deadline: Deadline) -> None:
        """Exchange one harmless message."""
        self._lamp.status(deadline)

    def rest_left(self) -> float:
        """Return how many seconds the lamp must stay out."""
        return self._rested.left()

    @contextlib.contextmanager
    def burst(
        self, level: int, seconds: float, deadline: Deadline, cancel: CancelToken
    ) -> Iterator[Burst]:
        """Light the lamp for the block; out and confirmed afterwards, whatever happened in it.

        Raises LampRests before the block when the lamp does not light yet, LampStuck after it.
        """
        ms = max(1, min(BURST_MS, self.limits.burst_ms, round(seconds * 1000)))
        channel = "B" if len(self.limits.channels) > 1 else self.limits.channels
        self._guard.arm()
        self._burning = True
        try:
            self._lamp.on(channel, level, ms, deadline, cancel)
            yield Burst(self._lamp, ms / 1000)
        except LampRests as told:
            self._rest_for(told.wait_s)
            raise
        finally:
            self._put_out()

    def close(self) -> None:
        """Put out what burns, release the line, end the guard; never raises."""
        if self._burning:
            self._lamp.cut()
        self._guard.close()
        self._line.close()

    def wake(self) -> None:
        """End a blocked read."""
        self._line.wake()

    def _put_out(self) -> None:
        # Also after an ON that failed: the lamp may have heard it and its reply may be lost.
        try:
            self._lamp.off()
        finally:
            self._burning = False
            self._guard.disarm()
            if self._rested.passed():
                self._rest_for(self.limits.rest_ms / 1000)

    def _rest_for(self, seconds: float) -> None:
        self._rested = Deadline.after(seconds)

    def _cut_and_close(self) -> None:
        self._lamp.cut()
        self._line.close()
