"""The system parameters of an emulated SFM module: what can be read, written, saved and lost."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from drivers.fingerprint.sfm_frames import BAUD_CODES, BAUD_OF_CODE, ImageFormat, Parameter
from station.devices import Pixels

_READ_ONLY: Final = frozenset(
    {Parameter.FIRMWARE, Parameter.SERIAL, Parameter.BUILD, Parameter.SENSOR_TYPE}
)
# What each parameter takes, inclusive; factory values after the manufacturer's manual.
_RANGES: Final[Mapping[int, tuple[int, int]]] = {
    Parameter.SCAN_TIMEOUT: (0x30, 0x44),
    Parameter.IMAGE_FORMAT: (0x30, 0x33),
    Parameter.MODULE_ID: (0, 0xFFFF),
    Parameter.BAUD: (0x31, 0x38),
    Parameter.SEND_SCAN_SUCCESS: (0x30, 0x31),
    Parameter.ASCII_MODE: (0x30, 0x30),  # the text form of the protocol is not emulated
    Parameter.ROTATE: (0x30, 0x31),
    Parameter.SENSITIVITY: (0x30, 0x37),
    Parameter.IMAGE_QUALITY: (0x30, 0x33),
    Parameter.NETWORK_MODE: (0x30, 0x30),  # nor is the 15-byte form
    Parameter.WATCHDOG: (0x30, 0x31),
    Parameter.FAKE_FINGER: (0x30, 0x33),
}
_BUILD: Final = 0x30303130  # "0100"
_UPSIDE_DOWN: Final = 0x31


class ParameterStore:
    """Written values hold until the power goes, saved ones stay."""

    def __init__(self, serial: int, firmware: int, baud: int, top_baud: int) -> None:
        self._top_baud = top_baud
        self._flash: dict[int, int] = {
            Parameter.SCAN_TIMEOUT: 0x3A,
            Parameter.SENSOR_TYPE: 0x33,
            Parameter.IMAGE_FORMAT: ImageFormat.BINARY,
            Parameter.MODULE_ID: 1,
            Parameter.FIRMWARE: firmware,
            Parameter.SERIAL: serial,
            Parameter.BAUD: BAUD_CODES[baud],
            Parameter.SEND_SCAN_SUCCESS: 0x31,
            Parameter.ASCII_MODE: 0x30,
            Parameter.ROTATE: 0x30,
            Parameter.SENSITIVITY: 0x37,
            Parameter.IMAGE_QUALITY: 0x31,
            Parameter.NETWORK_MODE: 0x30,
            Parameter.BUILD: _BUILD,
            Parameter.WATCHDOG: 0x31,
            Parameter.FAKE_FINGER: 0x30,
        }
        self._present = dict(self._flash)

    @property
    def baud(self) -> int:
        """The line's rate by the present value."""
        return BAUD_OF_CODE[self._present[Parameter.BAUD]]

    @property
    def scan_timeout_s(self) -> float | None:
        """How long a scan waits for a finger; None = for ever."""
        seconds = self._present[Parameter.SCAN_TIMEOUT] - 0x30
        return float(seconds) if seconds else None

    def power_on(self) -> None:
        """Lose what was written but not saved."""
        self._present = dict(self._flash)

    def save(self) -> None:
        """Keep the present values over a power cycle."""
        self._flash = dict(self._present)

    def burn(self, parameter: int, value: int) -> None:
        """Set what no host can set."""
        self._present[parameter] = self._flash[parameter] = value

    def value(self, parameter: Parameter) -> int:
        """Return the present value of a parameter it has."""
        return self._present[parameter]

    def read(self, parameter: int) -> int | None:
        """Return the present value; None for a parameter it does not have."""
        return self._present.get(parameter)

    def write(self, parameter: int, value: int) -> bool:
        """Take a value; False when the parameter or the value is none of its own."""
        if parameter in _READ_ONLY or parameter not in _RANGES:
            return False
        low, high = _RANGES[parameter]
        if not low <= value <= high:
            return False
        if parameter == Parameter.BAUD and BAUD_OF_CODE[value] > self._top_baud:
            return False
        self._present[parameter] = value
        return True

    def turned(self, pixels: Pixels) -> Pixels:
        """Return the picture as the rotation parameter wants it."""
        if self._present[Parameter.ROTATE] == _UPSIDE_DOWN:
            return np.ascontiguousarray(pixels[::-1, ::-1])
        return pixels.copy()
