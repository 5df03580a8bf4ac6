"""The HID reports of Wacom STU pads: bytes to values and back, no device, no time.

Layout: published reverse-engineering (MIT licence), untested by us on hardware. As published, ``near`` and ``down``
are the two lowest bits of the byte whose lower half also holds the pressure's upper bits: they overlap. Both are read
as published; a report whose upper half byte is not empty has some other layout and is damage here.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Final

from station.devices import EMULATOR_MARK
from station.errors import ProtocolError

VENDOR: Final = 0x056A
PRODUCTS: Final = {0x00A4: "STU-430", 0x00A5: "STU-530", 0x00A8: "STU-540"}
ENCRYPTED_ONLY: Final = frozenset({"STU-541"})
CHUNK_BYTES: Final = 253
# Tablet units are hundredths of a millimetre (2540 lines per inch) on the models we know of.
UM_PER_UNIT: Final = 10


@unique
class Report(IntEnum):
    """Report ids."""

    PEN = 0x01
    INFO = 0x08
    CAPABILITY = 0x09
    WRITING_MODE = 0x0E
    SERIAL = 0x0F
    CLEAR = 0x20
    INK = 0x21
    IMAGE_START = 0x25
    IMAGE_DATA = 0x26
    IMAGE_END = 0x27
    WRITING_AREA = 0x2A
    BRIGHTNESS = 0x2B
    PEN_COLOUR = 0x2D
    BACKGROUND = 0x2E
    PEN_TIMED = 0x34


class WritingMode(IntEnum):
    """What pen reports hold."""

    PLAIN = 0
    TIMED = 1


IMAGE_24_BIT: Final = 0x04  # three bytes a pixel: blue, green, red
_PEN: Final = struct.Struct(">BHHH")
_TIMED: Final = struct.Struct(">BHHHHH")
_CAPABILITY: Final = struct.Struct(">BHHHHHB")
_INFO_BYTES: Final = 12
_PRESSURE: Final = 0x0FFF
_UNKNOWN_BITS: Final = 0xF000


@dataclass(frozen=True, slots=True)
class PenReport:
    """One place of the pen; ``time`` and ``sequence`` (both 16 bits) only in the timed mode."""

    near: bool
    down: bool
    pressure: int
    x: int
    y: int
    time: int | None = None
    sequence: int | None = None

    def encode(self) -> bytes:
        """Return the report; the flags take bits 8 and 9 of the pressure, as published."""
        word = self.pressure & _PRESSURE & ~0x300 | self.near << 8 | self.down << 9
        if self.time is None or self.sequence is None:
            return _PEN.pack(Report.PEN, word, self.x, self.y)
        return _TIMED.pack(Report.PEN_TIMED, word, self.x, self.y, self.time, self.sequence)


@dataclass(frozen=True, slots=True)
class StuCapability:
    """What the pad says of its sizes: tablet in its own units, screen in pixels."""

    width: int
    height: int
    pressure: int
    screen_width: int
    screen_height: int
    rate: int

    def encode(self) -> bytes:
        """Return the feature report."""
        return _CAPABILITY.pack(
            Report.CAPABILITY,
            self.width,
            self.height,
            self.pressure,
            self.screen_width,
            self.screen_height,
            self.rate,
        )


def parse_pen(report: bytes) -> PenReport | None:
    """Return a pen report; None when it is another report.

    ProtocolError: too short, or bits set that have no meaning in the published layout. A longer report is
    one with padding.
    """
    if not report or report[0] not in (Report.PEN, Report.PEN_TIMED):
        return None
    layout = _PEN if report[0] == Report.PEN else _TIMED
    if len(report) < layout.size:
        raise ProtocolError(what="pen report", got=len(report), wanted=layout.size)
    _, word, x, y, *more = layout.unpack_from(report)
    if word & _UNKNOWN_BITS:
        raise ProtocolError(what="pen report", reason="layout")
    return PenReport(bool(word & 0x100), bool(word & 0x200), word & _PRESSURE, x, y, *more)


def parse_capability(report: bytes) -> StuCapability:
    """Return what a CAPABILITY report says; ProtocolError when it cannot be true."""
    _expect(report, Report.CAPABILITY, _CAPABILITY.size)
    found = StuCapability(*_CAPABILITY.unpack_from(report)[1:])
    if not all((found.width, found.height, found.pressure)):
        raise ProtocolError(what="capability", reason="empty")
    return found


def parse_info(report: bytes) -> tuple[str, str]:
    """Return model name and firmware of an INFO report; ProtocolError."""
    _expect(report, Report.INFO, _INFO_BYTES)
    return _text(report[1:8]), ".".join(str(byte) for byte in report[8:12])


def parse_serial(report: bytes) -> str:
    """Return the serial number; "" when the pad has none. ProtocolError."""
    _expect(report, Report.SERIAL, 1)
    return _text(report[1:])


def is_emulated(firmware: str, serial: str) -> bool:
    """Whether a pad bears our mark in its first three firmware bytes or at the head of its serial number."""
    mark = ".".join(str(byte) for byte in EMULATOR_MARK.encode())
    return firmware.startswith(mark) or serial.startswith(EMULATOR_MARK)


def image_chunks(image: bytes) -> list[bytes]:
    """Return the IMAGE_DATA reports of an image: length u16 LE, then always 253 bytes, the last padded."""
    return [
        struct.pack("<BH", Report.IMAGE_DATA, len(part)) + part.ljust(CHUNK_BYTES, b"\0")
        for part in (image[at : at + CHUNK_BYTES] for at in range(0, len(image), CHUNK_BYTES))
    ]


def _expect(report: bytes, report_id: Report, size: int) -> None:
    if len(report) < size or report[0] != report_id:
        raise ProtocolError(what=report_id.name.lower(), got=len(report), wanted=size)


def _text(raw: bytes) -> str:
    text = raw.split(b"\0", 1)[0].decode("ascii", "replace").strip()
    if not text.isprintable():
        raise ProtocolError(what="text")
    return text
