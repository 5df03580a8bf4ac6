"""What a device can do, as data: the interface builds itself from it, nobody asks for a driver's name.

Each protocol here is a small extra beside the port of ``station.devices``; a device has those it can honour,
and callers ask with ``isinstance``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Protocol, runtime_checkable

from station.clock import CancelToken, Deadline
from station.devices import Frame, Modality

OptionValue = int | float | bool | str


class OptionKind(StrEnum):
    """How an option is shown and checked."""

    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Option:
    """One adjustable property: exposure, focus, brightness of a lamp. ``unit`` is an SI symbol or ''."""

    name: str  # stable, lower case: "exposure", "focus", "white_balance"
    kind: OptionKind
    unit: str = ""
    low: float = 0.0  # of a NUMBER, inclusive
    high: float = 0.0
    step: float = 0.0
    choices: tuple[str, ...] = ()  # of a CHOICE
    writable: bool = True


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the opened device really offers; final only after open.

    ``width`` x ``height`` in pixels of a full capture, 0 where it depends on the subject; ``ppi`` 0 where it has
    no meaning; ``positions`` are names of ``FingerPosition``, ``Slap`` or ``Eye`` the device can capture.
    """

    modality: Modality
    positions: tuple[str, ...] = ()
    at_once: int = 0  # how many of the positions one capture may ask for; 0: all
    width: int = 0
    height: int = 0
    depth: int = 8  # grey levels in bits
    ppi: Fraction = Fraction(0)
    preview: bool = False
    quality: bool = False  # the device judges its own images
    liveness: bool = False
    serial_is_configured: bool = False  # the device cannot tell its serial number; settings do
    options: tuple[Option, ...] = ()


@runtime_checkable
class Described(Protocol):
    """A device that tells what it can do."""

    @property
    def capabilities(self) -> Capabilities:
        """What the device offers; final after open."""
        ...


@runtime_checkable
class Identifiable(Protocol):
    """A device that can show which one it is: a blink or a beep."""

    def identify(self, deadline: Deadline) -> None:
        """Blink or beep once or twice; DeviceError, NotSupported when this model has nothing to blink."""
        ...


@runtime_checkable
class Adjustable(Protocol):
    """A device whose options can be read and set."""

    def options(self) -> Mapping[str, OptionValue]:
        """Return the present values by option name; DeviceError."""
        ...

    def adjust(self, name: str, value: OptionValue) -> OptionValue:
        """Set one option and return what the device really took; NotSupported, DeviceError."""
        ...


@dataclass(frozen=True, slots=True)
class Calibration:
    """The outcome of a calibration; ``detail`` holds no picture and nothing of a person."""

    good: bool
    detail: str = ""


@runtime_checkable
class Calibratable(Protocol):
    """A device that can be calibrated on an empty glass or a white target."""

    def calibrate(self, deadline: Deadline) -> Calibration:
        """Calibrate now; DeviceError."""
        ...


@runtime_checkable
class Previewing(Protocol):
    """A camera with a stream for the eye that costs less than its full frames."""

    def previews(self, cancel: CancelToken) -> Iterator[Frame]:
        """Yield smaller frames until cancelled, each with ``whole``; otherwise as ``Camera.frames``."""
        ...
