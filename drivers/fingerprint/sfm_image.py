"""The extended image transfer (SIX) of SFM modules.

The public manual names the transfer (header, body, 4-byte checksum) but prints no layout. This layout is
inferred from what the manufacturer's host software accepts; it has not been proven on a real module, and
everything known about it lives in this file.

    answer    40 83 | param 0 | size = total | 61
    packet    40 83 | param = count | index << 16 | size = chunk length | 00, chunk, u32 sum(chunk)
    payload   width, height, compressed, encrypted, format, image length, template length (7 x i32), pixels
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from drivers.fingerprint.sfm_frames import Code, Command, Frame, ImageFormat
from station.devices import Pixels
from station.errors import ChecksumError, ProtocolError

_HEAD: Final = struct.Struct("<7i")
_SUM: Final = struct.Struct("<I")
SUM_BYTES: Final = _SUM.size
PACKET_BYTES: Final = 4096
MAX_TOTAL: Final = 640 * 480 + _HEAD.size


@dataclass(frozen=True, slots=True)
class Plan:
    """What a transfer must look like, known before its first packet."""

    total: int
    packet_bytes: int

    @classmethod
    def parse(cls, answer: Frame, packet_bytes: int) -> "Plan":
        """Read the answer that announces the total; ProtocolError before any memory is taken."""
        if answer.param != 0 or not _HEAD.size < answer.size <= MAX_TOTAL:
            raise ProtocolError(what="announced size", size=answer.size)
        return cls(answer.size, packet_bytes)

    @property
    def count(self) -> int:
        """Number of data packets."""
        return -(-self.total // self.packet_bytes)

    def length(self, index: int) -> int:
        """Return the chunk length of a packet."""
        return min(self.packet_bytes, self.total - index * self.packet_bytes)

    def check(self, header: Frame, index: int) -> None:
        """Refuse a packet header that is not exactly the expected one."""
        expected = (self.count | index << 16, self.length(index), Code.NONE)
        if (header.param, header.size, header.flag) != expected:
            raise ProtocolError(
                what="packet header",
                index=index,
                count=self.count,
                said_index=header.param >> 16,
                said_count=header.param & 0xFFFF,
                said_length=header.size,
            )


def check_chunk(body: bytes) -> bytes:
    """Return the chunk of ``chunk + u32 sum``; ChecksumError."""
    chunk, (stated,) = body[:-SUM_BYTES], _SUM.unpack(body[-SUM_BYTES:])
    if sum(chunk) & 0xFFFFFFFF != stated:
        raise ChecksumError(what="chunk", length=len(chunk))
    return chunk


def parse_payload(payload: bytes | bytearray) -> Pixels:
    """Return the read-only grey (h, w) image of a whole payload; ProtocolError unless all sizes agree."""
    if len(payload) <= _HEAD.size:
        raise ProtocolError(what="payload", length=len(payload))
    width, height, compressed, encrypted, form, length, template = _HEAD.unpack_from(payload)
    if compressed or encrypted or template or form != ImageFormat.GREY:
        raise ProtocolError(what="payload kind", format=form, compressed=compressed)
    if not (0 < width <= 640 and 0 < height <= 640):
        raise ProtocolError(what="payload size", width=width, height=height)
    if length != width * height or length + _HEAD.size != len(payload):
        raise ProtocolError(what="payload length", length=length, width=width, height=height)
    pixels = np.frombuffer(bytes(payload[_HEAD.size :]), np.uint8).reshape(height, width)
    pixels.flags.writeable = False
    return pixels


def payload(width: int, height: int, image_format: ImageFormat, body: bytes) -> bytes:
    """Return what a module sends for an image whose pixels are ``body`` in a format."""
    compressed = int(image_format is ImageFormat.WSQ)
    return _HEAD.pack(width, height, compressed, 0, image_format, len(body), 0) + body


def packets(
    whole: bytes, packet_bytes: int, command: int = Command.SCAN_IMAGE_X
) -> Sequence[bytes]:
    """Cut a payload into the data packets that a module sends one at a time."""
    plan = Plan(len(whole), packet_bytes)
    chunks = (whole[at : at + packet_bytes] for at in range(0, len(whole), packet_bytes))
    return [
        Frame(command, plan.count | index << 16, len(chunk)).encode()
        + chunk
        + _SUM.pack(sum(chunk) & 0xFFFFFFFF)
        for index, chunk in enumerate(chunks)
    ]
