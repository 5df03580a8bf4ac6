"""Packets of the ZFM / R30x / R503 fingerprint modules: bytes to values and back, no line, no time.

Layout and codes: ZhianTec ZFM-20 and Grow R503 user manuals. All fields are big endian.
"""

import struct
from dataclasses import dataclass, field
from enum import IntEnum, unique
from typing import Final

import numpy as np

from station.devices import Pixels
from station.errors import ChecksumError, ProtocolError

BROADCAST: Final = 0xFFFFFFFF
HEADER_BYTES: Final = 9  # EF 01, address, packet id, length
SUM_BYTES: Final = 2
# No packet is longer than 256 bytes of data: a longer length field is damage, not something to wait for.
MAX_PAYLOAD: Final = 256
# One damaged packet may have to be searched through for the next header; more is not our device.
MAX_GARBAGE: Final = 1024
TEMPLATE_BYTES: Final = 1536
_SMALLEST, _LARGEST = 8, 640  # pixels a side


@unique
class Pid(IntEnum):
    """Packet identifiers."""

    COMMAND = 0x01
    DATA = 0x02
    ACK = 0x07
    LAST_DATA = 0x08


@unique
class Command(IntEnum):
    """Instruction codes; this station sends few of them, the emulator answers all."""

    GEN_IMAGE = 0x01
    IMAGE_TO_FEATURES = 0x02
    MATCH = 0x03
    SEARCH = 0x04
    MERGE = 0x05
    STORE = 0x06
    LOAD = 0x07
    UP_FEATURES = 0x08
    DOWN_FEATURES = 0x09
    UP_IMAGE = 0x0A
    DOWN_IMAGE = 0x0B
    DELETE = 0x0C
    EMPTY = 0x0D
    SET_SYS_PARA = 0x0E
    READ_SYS_PARA = 0x0F
    SET_PASSWORD = 0x12
    VERIFY_PASSWORD = 0x13
    GET_RANDOM = 0x14
    SET_ADDRESS = 0x15
    FAST_SEARCH = 0x1B
    TEMPLATE_COUNT = 0x1D
    READ_INDEX = 0x1F
    GET_IMAGE_EX = 0x28
    LIGHT = 0x35
    CHECK_SENSOR = 0x36
    READ_PROD_INFO = 0x3C
    SOFT_RESET = 0x3D
    HANDSHAKE_NEW = 0x40
    HANDSHAKE = 0x53


@unique
class Ack(IntEnum):
    """Confirmation codes."""

    OK = 0x00
    RECEIVE_ERROR = 0x01
    NO_FINGER = 0x02
    IMAGING_FAILED = 0x03
    TOO_MESSY = 0x06
    POOR_IMAGE = 0x07
    NO_MATCH = 0x08
    NOT_FOUND = 0x09
    MERGE_FAILED = 0x0A
    BAD_LOCATION = 0x0B
    READ_FAILED = 0x0C
    UPLOAD_FAILED = 0x0D
    CANNOT_TAKE = 0x0E
    CANNOT_SEND = 0x0F
    DELETE_FAILED = 0x10
    CLEAR_FAILED = 0x11
    WRONG_PASSWORD = 0x13
    NO_VALID_IMAGE = 0x15
    FLASH_ERROR = 0x18
    BAD_REGISTER = 0x1A
    WRONG_ADDRESS = 0x20
    PASSWORD_NEEDED = 0x21
    HANDSHAKE_OK = 0x55


@unique
class Register(IntEnum):
    """System parameters that SetSysPara writes."""

    BAUD = 4
    SECURITY = 5
    PACKET_SIZE = 6


_PIDS: Final = frozenset(Pid)


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet; an ack's first payload byte is its confirmation code."""

    pid: Pid
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SysPara:
    """Answer of ReadSysPara: the values that matter for a transfer."""

    address: int
    packet_size: int  # bytes of data in one packet: 32, 64, 128 or 256
    baud: int

    def encode(self) -> bytes:
        """Return the 16 parameter bytes (status, system id, capacity and level are fixed)."""
        size_code = (self.packet_size // 32).bit_length() - 1
        return struct.pack(">HHHHIHH", 0, 9, 200, 3, self.address, size_code, self.baud // 9600)

    @classmethod
    def parse(cls, data: bytes) -> "SysPara":
        """Read the 16 parameter bytes; ProtocolError for impossible values."""
        if len(data) != 16:
            raise ProtocolError(what="ReadSysPara", length=len(data))
        *_, address, size_code, rate = struct.unpack(">HHHHIHH", data)
        if size_code > 3 or not 1 <= rate <= 12:
            raise ProtocolError(what="ReadSysPara", size_code=size_code, rate=rate)
        return cls(address, 32 << size_code, 9600 * rate)


@dataclass(frozen=True, slots=True)
class ProductInfo:
    """Answer of ReadProdInfo; old modules refuse the command."""

    model: str
    serial: str
    firmware: str  # hardware major.minor: the closest thing the answer has
    width: int
    height: int
    sensor: str = ""
    capacity: int = 200  # templates

    def encode(self) -> bytes:
        """Return the 46 answer bytes."""
        major, minor = (int(part) for part in self.firmware.split("."))
        return struct.pack(
            ">16s4s8sBB8sHHHH",
            self.model.encode("ascii"),
            b"0001",
            self.serial.encode("ascii"),
            major,
            minor,
            self.sensor.encode("ascii"),
            self.width,
            self.height,
            TEMPLATE_BYTES,
            self.capacity,
        )

    @classmethod
    def parse(cls, data: bytes) -> "ProductInfo":
        """Read the 46 answer bytes; ProtocolError for impossible sizes."""
        if len(data) != 46:
            raise ProtocolError(what="ReadProdInfo", length=len(data))
        model, _, serial, major, minor, sensor, width, height, _, capacity = struct.unpack(
            ">16s4s8sBB8sHHHH", data
        )
        if not (
            _SMALLEST <= width <= _LARGEST and _SMALLEST <= height <= _LARGEST and width % 2 == 0
        ):
            raise ProtocolError(what="ReadProdInfo", width=width, height=height)
        return cls(
            _text(model),
            _text(serial),
            f"{major}.{minor}",
            width,
            height,
            _text(sensor),
            capacity,
        )


def encode(pid: Pid, payload: bytes, address: int = BROADCAST) -> bytes:
    """Return one packet; the sum covers packet id, length and payload."""
    covered = struct.pack(">BH", pid, len(payload) + SUM_BYTES) + payload
    return struct.pack(">HI", 0xEF01, address) + covered + struct.pack(">H", sum(covered) & 0xFFFF)


def command(code: Command, arguments: bytes = b"", address: int = BROADCAST) -> bytes:
    """Return a command packet."""
    return encode(Pid.COMMAND, bytes([code]) + arguments, address)


class Assembler:
    """Cuts an incoming byte stream into packets and finds the next one after garbage.

    ``need`` says how many bytes the caller may read without waiting for more than this packet has.
    """

    def __init__(self, address: int = BROADCAST) -> None:
        self._mark = struct.pack(">HI", 0xEF01, address)
        self._buffer = bytearray()
        self._garbage = 0

    @property
    def need(self) -> int:
        """Bytes that are at least missing for the packet at the front."""
        return max(1, self._wanted() - len(self._buffer))

    def feed(self, data: bytes) -> None:
        """Append received bytes; ProtocolError when far too many of them belong to no packet."""
        self._buffer += data
        self._skip_garbage()

    def take(self) -> Packet | None:
        """Return the packet at the front if it is complete.

        Raises ChecksumError or ProtocolError once for a damaged packet, which is then gone.
        """
        if len(self._buffer) < HEADER_BYTES:
            return None
        pid, length = struct.unpack_from(">BH", self._buffer, 6)
        if pid not in _PIDS or not SUM_BYTES <= length <= MAX_PAYLOAD + SUM_BYTES:
            # Behind a damaged header nothing says where the packet ends: search on from here.
            self._drop(len(self._mark))
            raise ProtocolError(what="header", pid=pid, length=length)
        end = HEADER_BYTES + length
        if len(self._buffer) < end:
            return None
        payload = bytes(self._buffer[HEADER_BYTES : end - SUM_BYTES])
        (stated,) = struct.unpack_from(">H", self._buffer, end - SUM_BYTES)
        summed = sum(self._buffer[6 : end - SUM_BYTES]) & 0xFFFF
        self._drop(end)
        self._garbage = 0
        if stated != summed:
            raise ChecksumError(what="packet", pid=pid, length=length)
        return Packet(Pid(pid), payload)

    def clear(self) -> None:
        """Forget everything received so far."""
        self._buffer[:] = bytes(len(self._buffer))
        self._buffer.clear()
        self._garbage = 0

    def _wanted(self) -> int:
        if len(self._buffer) < HEADER_BYTES:
            return HEADER_BYTES
        (length,) = struct.unpack_from(">H", self._buffer, 7)
        return HEADER_BYTES + min(int(length), MAX_PAYLOAD + SUM_BYTES)

    def _skip_garbage(self) -> None:
        at = self._buffer.find(self._mark)
        if at < 0:
            # The tail may be the beginning of a mark.
            at = len(self._buffer)
            for keep in range(min(len(self._mark) - 1, len(self._buffer)), 0, -1):
                if self._buffer.endswith(self._mark[:keep]):
                    at = len(self._buffer) - keep
                    break
        if at:
            self._garbage += at
            del self._buffer[:at]
        if self._garbage > MAX_GARBAGE:
            self.clear()
            raise ProtocolError(what="garbage", limit=MAX_GARBAGE)

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self._skip_garbage()


def pack_nibbles(pixels: Pixels) -> bytes:
    """Return a grey (h, w) image as the module sends it: two pixels a byte, left one high."""
    nibbles = pixels >> 4
    return bytes((nibbles[:, 0::2] << 4 | nibbles[:, 1::2]).tobytes())


def unpack_nibbles(data: bytes | bytearray, width: int, height: int) -> Pixels:
    """Return the grey (height, width) image of 4-bit pixels, 0..15 spread to 0..255."""
    packed = np.frombuffer(data, np.uint8).reshape(height, width // 2)
    pixels = np.empty((height, width), np.uint8)
    pixels[:, 0::2] = (packed >> 4) * np.uint8(17)
    pixels[:, 1::2] = (packed & 15) * np.uint8(17)
    return pixels


def _text(field_bytes: bytes) -> str:
    printable = bytes(b for b in field_bytes if 0x20 <= b < 0x7F)
    return printable.decode("ascii").strip()
