"""HID reports as frames on a byte stream: how an emulated pad and its driver talk without a USB bus.

``A5 5A | kind | tag | length u16 LE | payload | crc u16 LE``; the CRC is CRC-16/CCITT-FALSE over kind to
payload, the part that USB's own checksum plays on a cable. After damage the reader looks for the next A5 5A, and
so it does when a frame's rest has not come within ``REST_S``.
Answers copy the tag of their question, so that an answer that comes too late is known as such.
"""

import binascii
import struct
from dataclasses import dataclass, field
from enum import IntEnum, unique
from typing import Final

from drivers.hid.transport import MAX_REPORT_BYTES

SCHEME: Final = "hid+tcp://"
REST_S: Final = 0.1
_MAGIC: Final = b"\xa5\x5a"
_HEAD: Final = struct.Struct("<BBH")  # kind, tag, length
_CRC: Final = struct.Struct("<H")


@unique
class Kind(IntEnum):
    """What a frame carries; below 0x80 from the host, above from the device."""

    GET = 0x01  # payload: the feature report's id
    SET = 0x02  # payload: the feature report
    WHO = 0x03  # no payload
    HELLO = 0x80  # answer to WHO, payload: vendor u16 LE, product u16 LE
    FEATURE = 0x81  # answer to GET, payload: the feature report
    DONE = 0x82  # answer to SET, no payload
    REFUSED = 0x83  # answer to either, as a stalled control pipe, payload: the report's id
    INPUT = 0x90  # an input report; tag 0


_KINDS: Final = {int(kind): kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame."""

    kind: Kind
    tag: int = 0
    payload: bytes = field(default=b"", repr=False)

    def encode(self) -> bytes:
        """Return the bytes on the stream."""
        body = _HEAD.pack(self.kind, self.tag, len(self.payload)) + self.payload
        return _MAGIC + body + _CRC.pack(_crc(body))


class FrameStream:
    """Cuts a byte stream into frames and finds its place again after any garbage."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.damaged = 0  # frames given up since the start

    @property
    def need(self) -> int:
        """Return how many bytes the frame at the front lacks, as far as is known; at least one."""
        start = len(_MAGIC) + _HEAD.size
        if len(self._buffer) < start:
            return start - len(self._buffer)
        _, _, length = _HEAD.unpack_from(self._buffer, len(_MAGIC))
        return int(start + length + _CRC.size - len(self._buffer))

    def feed(self, data: bytes) -> list[Frame]:
        """Append received bytes and return the frames that became complete."""
        self._buffer += data
        found = []
        while (frame := self._next()) is not None:
            found.append(frame)
        return found

    @property
    def partial(self) -> bool:
        """Whether a frame has begun and is not complete."""
        return bool(self._buffer)

    def give_up(self) -> list[Frame]:
        """Stop waiting for the rest of a frame; return whole frames that its false length had swallowed."""
        if self._buffer:
            self._skip()
        return self.feed(b"")

    def wipe(self) -> None:
        """Overwrite and forget what has not become a frame: it may hold part of a signature."""
        self._buffer[:] = bytes(len(self._buffer))
        self._buffer.clear()

    def _next(self) -> Frame | None:
        while True:
            at = self._buffer.find(_MAGIC)
            if at < 0:
                # The last byte may be the first half of a magic.
                keep = 1 if self._buffer[-1:] == _MAGIC[:1] else 0
                del self._buffer[: len(self._buffer) - keep]
                return None
            del self._buffer[:at]
            start = len(_MAGIC)
            if len(self._buffer) < start + _HEAD.size:
                return None
            kind, tag, length = _HEAD.unpack_from(self._buffer, start)
            if kind not in _KINDS or length > MAX_REPORT_BYTES:
                self._skip()
                continue
            end = start + _HEAD.size + length
            if len(self._buffer) < end + _CRC.size:
                return None
            body = bytes(self._buffer[start:end])
            (crc,) = _CRC.unpack_from(self._buffer, end)
            if crc != _crc(body):
                self._skip()
                continue
            del self._buffer[: end + _CRC.size]
            return Frame(_KINDS[kind], tag, body[_HEAD.size :])

    def _skip(self) -> None:
        """Give up the frame at the front; another may begin inside it."""
        self.damaged += 1
        del self._buffer[: len(_MAGIC)]


def _crc(body: bytes) -> int:
    return binascii.crc_hqx(body, 0xFFFF)
