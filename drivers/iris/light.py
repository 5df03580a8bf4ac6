"""Bursts of light within the lamp's rules: kept alive while looked at, put out on every way out, then rest."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Final

from drivers.iris.guard import LIMIT_S, LampGuard
from drivers.iris.lamp import REPLY_S, Lamp, LampIdentity, LampLimits, LampOut, LampRests
from drivers.serial.line import ByteLine
from station.clock import CancelToken, Deadline
from station.errors import DeviceBusy, DeviceError, HardwareFault, OperatorCancelled

KEEP_S: Final = 0.18  # 200 ms less what a busy machine needs to wake a thread
BURST_MS: Final = 8000  # shorter than any limit: the driver, not a watchdog, ends it
HANG_S: Final = (
    1.0  # a loop that has not looked for so long hangs: the lamp is no longer kept alive
)
_BROKEN: Final = frozenset({"HW"})
_HOT: Final = frozenset({"TEMP"})
_OUT: Final = "OUT"  # out, and the event that says why was lost


class Burst:
    """A lamp that is on; a thread keeps it alive for as long as somebody goes on to ``tend`` it.

    Judging two eyes takes longer than 200 ms on a poor machine, so the loop that judges cannot send KEEP itself.
    But a loop that hangs must lose the light, so the thread stops for it.
    """

    def __init__(self, lamp: Lamp, seconds: float) -> None:
        self._lamp = lamp
        self._end = Deadline.after(seconds)
        self._alive = Deadline.after(HANG_S)
        self._ending = CancelToken()
        self._failure: DeviceError | None = None
        self._why = ""
        self._thread = threading.Thread(target=self._keep, name="lamp-keep", daemon=True)
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether its time has run out."""
        return self._end.passed()

    def tend(self) -> bool:
        """Say that somebody looks; False when the light has gone out by itself, for a passing reason.

        Raises what KEEP met, HardwareFault and DeviceBusy for a lamp that broke or is too hot.
        """
        self._alive = Deadline.after(HANG_S)
        if self._failure is not None:
            raise self._failure
        why = self._lamp.gone_out or self._why
        if why in _BROKEN:
            raise HardwareFault(device="lamp", what=why)
        if why in _HOT:
            raise DeviceBusy(device="lamp", what=why)
        return not why

    def end(self) -> None:
        """Keep it alive no longer; never raises."""
        self._ending.cancel()
        self._thread.join(REPLY_S * 2)

    def _keep(self) -> None:
        try:
            while not self._ending.wait(KEEP_S) and not self._alive.passed():
                self._lamp.keep(Deadline.after(REPLY_S * 2), self._ending)
            self._why = "" if self._ending.cancelled else _OUT  # its own watchdog will see to it
        except OperatorCancelled:
            return
        except LampOut:
            self._why = self._lamp.gone_out or _OUT
        except DeviceError as cause:
            self._failure = cause


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
        burst: Burst | None = None
        try:
            self._lamp.on(channel, level, ms, deadline, cancel)
            burst = Burst(self._lamp, ms / 1000)
            yield burst
        except LampRests as told:
            self._rest_for(told.wait_s)
            raise
        finally:
            if burst is not None:
                burst.end()
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
