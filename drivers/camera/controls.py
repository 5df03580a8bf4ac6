"""What can be adjusted on a camera: focus, exposure, white balance and gain, by Linux's own control list."""

import contextlib
import os
import struct
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station.capabilities import Option, OptionKind, OptionValue
from station.errors import DeviceRemoved, NotSupported

# Requests of linux/videodev2.h: _IOWR('V', number, struct).
_QUERY, _GET, _SET, _MENU = 0xC0445624, 0xC008561B, 0xC008561C, 0xC02C5625
_DISABLED, _READ_ONLY, _INACTIVE = 0x0001, 0x0004, 0x0010
_QUERY_SHAPE: Final = struct.Struct("=II32siiiiI8x")
_VALUE_SHAPE: Final = struct.Struct("=Ii")
_MENU_SHAPE: Final = struct.Struct("=II32s4x")
_INTEGER, _SWITCH, _CHOICE = 1, 2, 3
_CHOICES_MAX: Final = 32

_KNOWN: Final[Mapping[str, tuple[int, str]]] = {  # name -> (control, unit)
    "brightness": (0x00980900, ""),
    "gain": (0x00980913, ""),
    "white_balance_auto": (0x0098090C, ""),
    "white_balance": (0x0098091A, "K"),
    "exposure_auto": (0x009A0901, ""),
    "exposure": (0x009A0902, "100 us"),
    "focus": (0x009A090A, ""),
    "focus_auto": (0x009A090C, ""),
}

Ioctl = Callable[[int, bytearray], object]
"""(request, buffer changed in place); OSError."""


@dataclass(frozen=True, slots=True)
class _Control:
    number: int
    kind: int
    option: Option
    low: int


class Controls:
    """The adjustable properties of one camera; values are verified by reading them back."""

    def __init__(self, ioctl: Ioctl) -> None:
        """Ask the camera which of the known controls it has."""
        self._ioctl = ioctl
        found = (_query(ioctl, name, number, unit) for name, (number, unit) in _KNOWN.items())
        self._controls = {control.option.name: control for control in found if control is not None}

    @property
    def described(self) -> tuple[Option, ...]:
        """The options, for the page that shows them."""
        return tuple(control.option for control in self._controls.values())

    def values(self) -> Mapping[str, OptionValue]:
        """Return the present values; DeviceRemoved."""
        return {name: self._value(control) for name, control in self._controls.items()}

    def adjust(self, name: str, value: OptionValue) -> OptionValue:
        """Set one option and return what the camera really took; NotSupported, DeviceRemoved."""
        control = self._controls.get(name)
        if control is None or not control.option.writable:
            raise NotSupported(device="camera", what=name)
        wanted = bytearray(_VALUE_SHAPE.pack(control.number, _wanted(control, value)))
        try:
            self._ioctl(_SET, wanted)
        except OSError as cause:
            # EINVAL, ERANGE, EACCES, EBUSY: the camera refuses this value now, as focus under autofocus.
            raise NotSupported(device="camera", what=name, errno=cause.errno or 0) from cause
        return self._value(control)

    def _value(self, control: _Control) -> OptionValue:
        buffer = bytearray(_VALUE_SHAPE.pack(control.number, 0))
        try:
            self._ioctl(_GET, buffer)
        except OSError as cause:
            raise DeviceRemoved(device="camera") from cause
        number = int(_VALUE_SHAPE.unpack(buffer)[1])
        if control.kind == _SWITCH:
            return bool(number)
        if control.kind == _CHOICE:
            at = number - control.low
            choices = control.option.choices
            return choices[at] if 0 <= at < len(choices) else str(number)
        return number


def controls_of(place: str | int) -> Controls | None:
    """Return the controls of a camera of this machine; None for streams, files and other systems."""
    if sys.platform != "linux":
        return None
    path = Path(f"/dev/video{place}" if isinstance(place, int) else place)
    if not str(path).startswith("/dev/") or not path.exists():
        return None
    return Controls(_node(path))


def _node(path: Path) -> Ioctl:
    def call(request: int, buffer: bytearray) -> object:
        import fcntl  # no such module on Windows

        descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            return fcntl.ioctl(descriptor, request, buffer, True)
        finally:
            os.close(descriptor)

    return call


def _query(ioctl: Ioctl, name: str, number: int, unit: str) -> _Control | None:
    buffer = bytearray(_QUERY_SHAPE.size)
    struct.pack_into("=I", buffer, 0, number)
    try:
        ioctl(_QUERY, buffer)
    except OSError:
        return None
    _, kind, _, low, high, step, _, flags = _QUERY_SHAPE.unpack(buffer)
    if flags & _DISABLED or kind not in {_INTEGER, _SWITCH, _CHOICE} or high < low:
        return None
    # An inactive control can be set again once its automatic is off.
    writable = not flags & _READ_ONLY
    if kind == _SWITCH:
        option = Option(name, OptionKind.SWITCH, writable=writable)
    elif kind == _CHOICE:
        choices = _choices(ioctl, number, low, high)
        option = Option(name, OptionKind.CHOICE, choices=choices, writable=writable)
    else:
        option = Option(name, OptionKind.NUMBER, unit, low, high, max(1, step), writable=writable)
    return _Control(number, kind, option, low)


def _choices(ioctl: Ioctl, number: int, low: int, high: int) -> tuple[str, ...]:
    """Return the words of a menu from its lowest entry on; a hole is shown as its number."""
    words = []
    for index in range(low, min(high, low + _CHOICES_MAX - 1) + 1):
        buffer = bytearray(_MENU_SHAPE.pack(number, index, b""))
        word = str(index)
        with contextlib.suppress(OSError):
            ioctl(_MENU, buffer)
            said = _MENU_SHAPE.unpack(buffer)[2].partition(b"\0")[0].decode("ascii", "replace")
            word = said or word
        words.append(word)
    return tuple(words)


def _wanted(control: _Control, value: OptionValue) -> int:
    if control.kind == _CHOICE:
        if value not in control.option.choices:
            raise NotSupported(device="camera", what=control.option.name)
        return control.low + control.option.choices.index(str(value))
    if control.kind == _SWITCH:
        return int(bool(value))
    try:
        number = round(float(value))
    except (ValueError, OverflowError) as cause:
        raise NotSupported(device="camera", what=control.option.name) from cause
    if not control.option.low <= number <= control.option.high:
        raise NotSupported(device="camera", what=control.option.name)
    return number
