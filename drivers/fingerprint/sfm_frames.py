"""The 13-byte frames of Suprema SFM modules: bytes to values and back, no line, no time.

Source: the manufacturer's published SFM protocol manual. All fields are little endian.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Final

from station.errors import ChecksumError, ProtocolError

FRAME_BYTES: Final = 13
START: Final = 0x40
END: Final = 0x0A
# A damaged data packet may have to be searched through; more than this is not our device.
MAX_GARBAGE: Final = 1024

BAUD_CODES: Final = {
    9600: 0x31,
    19200: 0x32,
    38400: 0x33,
    57600: 0x34,
    115200: 0x35,
    230400: 0x36,
    460800: 0x37,
    921600: 0x38,
}
BAUD_OF_CODE: Final = {code: baud for baud, code in BAUD_CODES.items()}


@unique
class Command(IntEnum):
    """Command codes; this station sends few of them, the emulator answers all of these."""

    WRITE_PARAMETER = 0x01  # SW
    SAVE_PARAMETERS = 0x02  # SF
    READ_PARAMETER = 0x03  # SR
    STATUS = 0x04  # SS
    SCAN_IMAGE = 0x15  # SI: scan, then the raw image
    CALIBRATE = 0x1A  # CS
    READ_IMAGE = 0x20  # RI: the last scan again
    CANCEL = 0x60  # CA
    SCAN_IMAGE_X = 0x83  # SIX: scan, then extended transfer
    READ_IMAGE_X = 0x84  # RIX: the last scan again, extended transfer
    MODULE_ID = 0x85  # ID
    UNLOCK = 0xB0  # UM
    LOCK = 0xB1  # LM
    RESET = 0xD0  # RS


@unique
class Parameter(IntEnum):
    """Parameter ids; SR and SW carry them in the flag field."""

    SCAN_TIMEOUT = 0x62
    SENSOR_TYPE = 0x68
    IMAGE_FORMAT = 0x6C
    MODULE_ID = 0x6D
    FIRMWARE = 0x6E
    SERIAL = 0x6F
    BAUD = 0x71
    SEND_SCAN_SUCCESS = 0x75
    ASCII_MODE = 0x76
    ROTATE = 0x77
    SENSITIVITY = 0x80
    IMAGE_QUALITY = 0x81
    NETWORK_MODE = 0x83
    BUILD = 0x89
    WATCHDOG = 0x94
    FAKE_FINGER = 0x98


@unique
class ImageFormat(IntEnum):
    """Values of Parameter.IMAGE_FORMAT."""

    GREY = 0x30
    BINARY = 0x31
    FOUR_BIT = 0x32
    WSQ = 0x33


@unique
class Code(IntEnum):
    """Flag values of answers, and of the host's DATA_OK / DATA_ERROR."""

    NONE = 0x00
    FAILED = 0x60
    OK = 0x61
    SCAN_SUCCESS = 0x62
    SCAN_FAILED = 0x63
    TRY_AGAIN = 0x6B
    TIMEOUT = 0x6C
    UNSUPPORTED = 0x75
    BUSY = 0x80
    CANCELLED = 0x81
    DATA_ERROR = 0x82
    DATA_OK = 0x83
    LOCKED = 0xA1
    NO_SERIAL = 0xA2
    RECOVERY_MODE = 0xA3
    FAKE_DETECTED = 0xB0


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; ``flag`` is FLAG in commands and ERR in answers."""

    command: int
    param: int = 0
    size: int = 0
    flag: int = 0

    def encode(self) -> bytes:
        """Return the 13 bytes."""
        head = struct.pack("<BBIIB", START, self.command, self.param, self.size, self.flag)
        return head + bytes([sum(head) & 0xFF, END])

    @classmethod
    def parse(cls, data: bytes) -> "Frame":
        """Read 13 bytes; ProtocolError for a wrong frame, ChecksumError for a wrong sum."""
        if len(data) != FRAME_BYTES or data[0] != START or data[12] != END:
            raise ProtocolError(what="frame", length=len(data))
        if sum(data[:11]) & 0xFF != data[11]:
            raise ChecksumError(what="frame", command=data[1])
        return cls(*struct.unpack_from("<xBIIB", data))


class FrameFinder:
    """Finds frames in a byte stream, also behind garbage; ``need`` as in a pull parser."""

    def __init__(self) -> None:
        self._window = bytearray()
        self._garbage = 0

    @property
    def need(self) -> int:
        """Bytes missing for the frame at the front."""
        return max(1, FRAME_BYTES - len(self._window))

    def feed(self, data: bytes) -> None:
        """Append received bytes."""
        self._window += data

    def take(self) -> Frame | None:
        """Return the next frame if it is there.

        ChecksumError for a whole frame with a wrong sum (gone then); ProtocolError after too much garbage.
        """
        while True:
            self._skip(self._window.find(START))
            if len(self._window) < FRAME_BYTES:
                return None
            if self._window[FRAME_BYTES - 1] == END:
                head = bytes(self._window[:FRAME_BYTES])
                del self._window[:FRAME_BYTES]
                self._garbage = 0
                return Frame.parse(head)
            self._skip(1)

    def put_back(self, frame: Frame) -> None:
        """Let the frame just taken come again."""
        self._window[:0] = frame.encode()

    def clear(self) -> None:
        """Forget everything received so far."""
        self._window.clear()
        self._garbage = 0

    def _skip(self, count: int) -> None:
        count = len(self._window) if count < 0 else count
        del self._window[:count]
        self._garbage += count
        if self._garbage > MAX_GARBAGE:
            self.clear()
            raise ProtocolError(what="garbage", limit=MAX_GARBAGE)
