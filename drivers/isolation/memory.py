"""Shared memory for pictures between desk and helper: anonymous, of fixed size, read by copying out.

A sealed memfd has no name that could stay behind after a kill, and no side can shrink it under the other.
Both sides use positioned reads and writes instead of a mapping: the same pages, but a wrong place is an
error code and never a signal. A picture stands between two copies of its number; a reader that does not
find the announced number on both sides, before and after its copy, has seen no picture.
"""

import fcntl
import math
import os
import struct
from dataclasses import dataclass
from typing import Final

from drivers.isolation.codec import Malformed
from station.devices import Pixels

_HEAD: Final = struct.Struct("<QQ")  # number before writing, number after writing
AREA_BYTES: Final = 64 << 20  # 8-bit BGR of 4096 x 4096 and more; untouched pages cost nothing
_STEP: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Area:
    """One place for pictures inside the memory."""

    start: int
    size: int = AREA_BYTES


STREAM: Final = Area(0)  # one picture of a preview, newest wins
RESULT: Final = Area(AREA_BYTES)  # everything a call returns


class SharedMemory:
    """One sealed memory file; the desk makes it, the helper inherits its descriptor."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    @classmethod
    def make(cls) -> "SharedMemory":
        """Make the memory of one helper."""
        fd = os.memfd_create("rekam-pictures", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(fd, 2 * AREA_BYTES)
        seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
        return cls(fd)

    def close(self) -> None:
        """Give the descriptor back; who calls this has wiped the areas."""
        os.close(self.fd)

    def wipe(self, area: Area) -> None:
        """Overwrite every touched byte of an area with zeros."""
        zeros = bytes(_STEP)
        end = area.start + area.size
        at = area.start
        while at < end:
            try:
                at = os.lseek(self.fd, at, os.SEEK_DATA)
            except OSError:  # nothing but holes after here
                return
            stop = min(end, os.lseek(self.fd, at, os.SEEK_HOLE))
            while at < stop:
                at += os.pwrite(self.fd, zeros[: min(_STEP, stop - at)], at)

    def write(self, area: Area, number: int, *parts: Pixels | bytes) -> None:
        """Store pictures one after the other under a number; Malformed when they do not fit."""
        if sum(_size(part) for part in parts) > area.size - _HEAD.size:
            raise Malformed("picture too large")
        _, after = self._numbers(area)
        os.pwrite(self.fd, _HEAD.pack(number, after), area.start)
        at = area.start + _HEAD.size
        for part in parts:
            at = self._put(part, at)
        os.pwrite(self.fd, _HEAD.pack(number, number), area.start)

    def read(self, area: Area, number: int, at: int, into: Pixels) -> None:
        """Fill an array from byte ``at`` of the pictures; Malformed when it is not whole or not this number."""
        self.check(area, at, into.nbytes)
        if self._numbers(area) != (number, number):
            raise Malformed("another picture")
        place, view, done = area.start + _HEAD.size + at, into.reshape(-1).data, 0
        while done < into.nbytes:
            got = os.preadv(self.fd, [view[done:]], place + done)
            if got <= 0:
                raise Malformed("short picture")
            done += got
        if self._numbers(area) != (number, number):
            into.fill(0)
            raise Malformed("torn picture")

    def check(self, area: Area, at: int, size: int) -> None:
        """Malformed unless ``size`` bytes at ``at`` lie inside the area."""
        if at < 0 or size < 0 or at + size > area.size - _HEAD.size:
            raise Malformed("outside the memory")

    def _numbers(self, area: Area) -> tuple[int, int]:
        before, after = _HEAD.unpack(os.pread(self.fd, _HEAD.size, area.start))
        return int(before), int(after)

    def _put(self, part: Pixels | bytes, at: int) -> int:
        flat = memoryview(part) if isinstance(part, bytes) else part.reshape(-1).data
        done = 0
        while done < flat.nbytes:
            done += os.pwrite(self.fd, flat[done:], at + done)
        return at + done


class Kept:
    """What one call returns: gathered by the helper, fetched by the desk (``codec.Blobs``)."""

    def __init__(self, memory: SharedMemory, number: int) -> None:
        self._memory = memory
        self._number = number
        self._parts: list[Pixels | bytes] = []
        self._used = 0

    def keep(self, data: Pixels | bytes) -> int:
        """Put one part behind the others and return its place."""
        at = self._used
        self._used += _size(data)
        self._memory.check(RESULT, at, _size(data))
        self._parts.append(data)
        return at

    def store(self) -> None:
        """Write the parts; nothing happens without any."""
        if self._parts:
            self._memory.write(RESULT, self._number, *self._parts)

    def fetch(self, at: int, into: Pixels) -> None:
        """Fill an array from a place."""
        if math.prod(into.shape):
            self._memory.read(RESULT, self._number, at, into)

    def room(self, at: int, size: int) -> None:
        """Malformed unless the place lies inside."""
        self._memory.check(RESULT, at, size)


def _size(part: Pixels | bytes) -> int:
    return len(part) if isinstance(part, bytes) else part.nbytes
