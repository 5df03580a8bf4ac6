"""What can go wrong between an MJPEG camera and its reader, and when."""

import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from station.clock import Clock


class CameraFault(Enum):
    """One kind of failure; a picture's own failures happen once when they are given a place."""

    STALL = "stall"  # connected, no more frames
    DISCONNECT = "disconnect"  # the connection is cut, new ones are refused
    TRUNCATED_JPEG = "truncated_jpeg"
    WRONG_LENGTH = "wrong_length"  # the header promises more bytes than come
    SLOW = "slow"  # three frames per second
    HANG = "hang"  # the answer's headers never end
    HUGE_LENGTH = "huge_length"  # the header promises a gigabyte
    FLIPPED_BIT = "flipped_bit"  # inside the picture; its digest is of the right one


ONCE: Final = frozenset(
    {
        CameraFault.TRUNCATED_JPEG,
        CameraFault.WRONG_LENGTH,
        CameraFault.HUGE_LENGTH,
        CameraFault.FLIPPED_BIT,
    }
)

Unit = Literal["frame", "byte", "second"]
_UNITS: Final[Mapping[str | None, Unit]] = {None: "second", "": "frame", "b": "byte"}
_WHEN: Final = re.compile(r"(?P<unit>b?)(?P<at>[0-9]{1,12})|t(?P<seconds>[0-9]{1,6}(\.[0-9]+)?)")


@dataclass(frozen=True, slots=True)
class Moment:
    """When a fault begins: at a frame or byte of a reader's stream, or seconds after the start."""

    unit: Unit
    at: float

    @classmethod
    def of(cls, text: str) -> "Moment | None":
        """Return the moment of ``3``, ``b120`` or ``t2.5``; None for '' (now); ValueError."""
        if not text:
            return None
        found = _WHEN.fullmatch(text)
        if found is None:
            raise ValueError(f"@{text}: @3 (frame), @b120 (byte) or @t2.5 (seconds)")
        return cls(_UNITS[found["unit"]], float(found["at"] or found["seconds"]))


class FaultSchedule:
    """The faults that are on and those that will come; any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.monotonic()
        self._lock = threading.Lock()
        self._on: frozenset[CameraFault] = frozenset()
        self._planned: list[tuple[CameraFault, Moment]] = []

    def __contains__(self, fault: CameraFault) -> bool:
        self._come_due()
        return fault in self._on

    def add(self, fault: CameraFault, moment: Moment | None = None) -> None:
        """Begin a fault now, or plan it."""
        with self._lock:
            if moment is None:
                self._on |= {fault}
            else:
                self._planned.append((fault, moment))

    def clear(self) -> None:
        """End and forget all."""
        with self._lock:
            self._on = frozenset()
            self._planned.clear()

    def of_frame(
        self, index: int, begin: int, length: int
    ) -> tuple[frozenset[CameraFault], int | None]:
        """Return the faults of one frame of a stream, and at which of its bytes the stream is to be cut.

        The frame is the reader's ``index``-th and takes ``length`` bytes from the stream's byte ``begin`` on.
        """
        self._come_due()
        cut: int | None = None
        with self._lock:
            hit = set(self._on)
            for fault, moment in self._hits(index, begin, begin + length):
                hit.add(fault)
                self._planned.remove((fault, moment))
                if fault not in ONCE:
                    self._on |= {fault}
                if moment.unit == "byte":
                    cut = int(moment.at) - begin if fault is CameraFault.DISCONNECT else cut
        return frozenset(hit), cut

    def _hits(self, index: int, begin: int, end: int) -> Iterator[tuple[CameraFault, Moment]]:
        for fault, moment in tuple(self._planned):
            frame = moment.unit == "frame" and moment.at == index
            if frame or (moment.unit == "byte" and begin <= moment.at < end):
                yield fault, moment

    def _come_due(self) -> None:
        passed = self._clock.monotonic() - self._began
        with self._lock:
            for fault, moment in tuple(self._planned):
                if moment.unit == "second" and moment.at <= passed:
                    self._planned.remove((fault, moment))
                    self._on |= {fault}
