"""From STU reports to pen points: lost, repeated and late reports are known by number, time is the pad's own."""

from collections.abc import Sequence
from typing import Final

from drivers.signature.ink import Strokes
from drivers.signature.stu_reports import UM_PER_UNIT, PenReport, StuCapability
from station.devices import PenPoint

_WRAP: Final = 0x10000
_MOST_LOST: Final = 400  # reports, two seconds: more is no gap but a damaged number
_NEW_COUNT_AFTER: Final = 3  # consecutive numbers that disagree with the last good one
# The pad's clock may run ahead of arrivals by what a burst holds back, not by more.
_AHEAD_MS: Final = 2000


class SequenceWatch:
    """Whether a numbered report is the next one."""

    def __init__(self) -> None:
        self.lost = 0
        self.strange = 0  # repeated, late or damaged
        self._last: int | None = None
        self._wild = 0
        self._run = 0

    def admit(self, number: int) -> bool:
        """Take a report's number; False: drop the report, it is not the next one."""
        step = 1 if self._last is None else (number - self._last) % _WRAP
        if 1 <= step <= _MOST_LOST:
            self.lost += step - 1
            self._last, self._run = number, 0
            return True
        self.strange += 1
        self._run = self._run + 1 if self._run and number == (self._wild + 1) % _WRAP else 1
        self._wild = number
        if step and self._run >= _NEW_COUNT_AFTER:
            # The number before was the damaged one, or the pad counts anew.
            self._last, self._run = number, 0
            return True
        return False


class StuInk(Strokes):
    """The strokes of one signature on one pad."""

    def __init__(self, capability: StuCapability) -> None:
        """Start empty."""
        super().__init__()
        self._pad = capability
        self._sequence = SequenceWatch()
        self._ticks = 0
        self._at = 0.0
        self._began = 0.0
        self.damaged = 0  # reports that could not be read

    @property
    def lost(self) -> int:
        """Reports that are missing, unreadable, or came when they should not."""
        return self.damaged + self._sequence.lost + self._sequence.strange

    def add(self, report: PenReport, at: float) -> Sequence[PenPoint]:
        """Take a report that arrived at monotonic time ``at``; return the new ink."""
        if report.sequence is not None and not self._sequence.admit(report.sequence):
            return ()
        if report.x > self._pad.width or report.y > self._pad.height:
            self.damaged += 1
            return ()
        if not self.is_ink(down=report.down):
            return ()
        t_us = self._time_us(report, at)
        if t_us is None:
            self.damaged += 1
            return ()
        pressure = min(1.0, report.pressure / self._pad.pressure) if report.down else 0.0
        kept = self.take(
            PenPoint(t_us, report.x * UM_PER_UNIT, report.y * UM_PER_UNIT, pressure, report.down)
        )
        if kept:
            self._ticks, self._at = report.time or 0, at
        return kept

    def _time_us(self, report: PenReport, at: float) -> int | None:
        """Return the point's time: the pad's milliseconds, else its arrival; None when it goes backwards."""
        if not self.points:
            self._began = at
            return 0
        last_us = self.points[-1].t_us
        if report.time is None:
            # At its highest rate the pad cannot have sent them closer together.
            apart_us = 1_000_000 // max(self._pad.rate, 1) // 2
            return max(round((at - self._began) * 1e6), last_us + apart_us)
        step_ms = (report.time - self._ticks) % _WRAP
        arrived_ms = (at - self._at) * 1000
        # The pad's counter turns over every 65 s; a pause may hold several turns.
        step_ms += _WRAP * max(0, round((arrived_ms - step_ms) / _WRAP))
        return last_us + step_ms * 1000 if step_ms <= arrived_ms + _AHEAD_MS else None
