"""Reading a ZFM module's image buffer: strict, mended once, and read twice where packets could overtake.

The protocol numbers nothing: a packet that overtook another, or two damages that cancel in a sum, would be a
wrong image nobody could tell. A serial wire cannot reorder bytes; a network between (or a test) can. So a
transfer that was faster than any wire of this rate is read once more and both must be equal.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.fingerprint.zfm_packets import HEADER_BYTES, SUM_BYTES, Packet, Pid
from drivers.fingerprint.zfm_talk import ZfmTalk
from station.clock import CancelToken, Deadline
from station.devices import Progress
from station.errors import ProtocolError

_BITS: Final = 10  # of one byte on the line: start, eight, stop
_WIRE_SHARE: Final = 0.5  # below this share of the wire's own time it was no wire
_READS: Final = 3  # two of them must agree
_PROGRESS_STEPS: Final = 20

Told = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Buffer:
    """What the image buffer must look like on the line, known before its first packet."""

    width: int
    height: int
    packet_size: int
    baud: int

    @property
    def total(self) -> int:
        """Bytes of pixels."""
        return self.width * self.height // 2

    @property
    def count(self) -> int:
        """Number of data packets."""
        return -(-self.total // self.packet_size)

    @property
    def wire_s(self) -> float:
        """How long the data packets take on a wire of this rate."""
        return (self.total + self.count * (HEADER_BYTES + SUM_BYTES)) * _BITS / self.baud


def fetch(
    talk: ZfmTalk, buffer: Buffer, told: Told, cancel: CancelToken, deadline: Deadline
) -> bytearray:
    """Return the packed pixels; the caller wipes them.

    One repeat heals damage: the protocol has no resend, so it is a whole second read. Raises ChecksumError or
    ProtocolError when that is damaged as well, DeviceTimeout when packets are missing at the end.
    """
    mended = False
    reads: list[bytearray] = []
    try:
        while len(reads) < _READS:
            began = time.monotonic()
            try:
                data = _read(talk, buffer, told, cancel, deadline)
            except ProtocolError:
                if mended:
                    raise
                mended = True
                talk.fall_silent(deadline, cancel)
                continue
            if not reads and time.monotonic() - began > buffer.wire_s * _WIRE_SHARE:
                return data
            if data in reads:
                return data
            reads.append(data)
            told = _nothing
        raise ProtocolError(what="no two reads agree", reads=len(reads))
    finally:
        for read in reads:
            wipe(read)


def wipe(data: bytearray) -> None:
    """Overwrite what may be part of a finger."""
    data[:] = bytes(len(data))


def _read(
    talk: ZfmTalk, buffer: Buffer, told: Told, cancel: CancelToken, deadline: Deadline
) -> bytearray:
    step = max(1, buffer.count // _PROGRESS_STEPS)
    data = bytearray()
    try:
        for index, packet in enumerate(talk.image_packets(buffer.count, deadline, cancel)):
            last = index == buffer.count - 1
            _check(packet, buffer, index, buffer.total - len(data) if last else buffer.packet_size)
            data += packet.payload
            if last or index % step == 0:
                told(Progress(len(data), buffer.total))
    except BaseException:
        wipe(data)
        raise
    return data


def _check(packet: Packet, buffer: Buffer, index: int, length: int) -> None:
    """Refuse a packet that is not exactly the expected one."""
    last = index == buffer.count - 1
    if packet.pid is not (Pid.LAST_DATA if last else Pid.DATA):
        raise ProtocolError(what="packet kind", index=index, count=buffer.count)
    if len(packet.payload) != length:
        raise ProtocolError(what="packet length", index=index, length=len(packet.payload))


def _nothing(_: Progress) -> None:
    """A second read is not told: the first already said all bytes are there."""
