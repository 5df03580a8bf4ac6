"""What the station knows of each of its devices: the supervisor writes it, page and doctor show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from station.capabilities import Capabilities
from station.clock import Deadline
from station.devices import DeviceInfo, DeviceState, Health, Modality

_NOTHING: Mapping[str, int] = MappingProxyType({})


class Condition(StrEnum):
    """How a place for a device is; each has its own words and its own next step."""

    READY = "ready"
    WAIT = "wait"  # busy or booting: it will come by itself, the supervisor asks again
    ATTENTION = "attention"  # somebody must act: wrong grade, key expired, refuses us, broken
    OTHER_DEVICE = "other-device"  # another serial number than before: the operator must say yes
    ABSENT = "absent"
    UNCONFIGURED = "unconfigured"


class Upkeep(StrEnum):
    """Work on a device that the station's own figures ask for."""

    CLEAN = "clean"  # quality has drifted down: wipe glass or lens
    CALIBRATE = "calibrate"  # cleaning did not help, or the calibration is old
    CHECK_CABLE = "check-cable"  # checksums, removals, dropped points pile up


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """One place of the desk and the device in it. Nothing in here is personal."""

    modality: Modality
    condition: Condition
    code: str = ""  # of station.errors, behind the condition; '' when all is well
    reason: str = ""  # a fixed word out of the error's facts: "version", "permission", "no light"
    driver: str = ""
    address: str = ""
    label: str = ""  # what the machine calls it: "FT232R USB UART"; '' where nobody says
    info: DeviceInfo | None = None  # who is there; in an empty place who belongs there, if known
    state: DeviceState = DeviceState.CLOSED
    capabilities: Capabilities | None = None
    identifiable: bool = False
    calibratable: bool = False
    offered: DeviceInfo | None = None  # with OTHER_DEVICE: who waits for the operator's word
    captures: int = 0  # good ones since the program started
    failures: Mapping[str, int] = field(default_factory=lambda: _NOTHING)  # error code -> times
    reconnects: int = 0
    last_quality: int | None = None  # station quality 0..100 of the last sample
    usual_quality: float | None = None  # median of this device's earlier samples
    usual_seconds: float | None = None  # median time of a capture
    upkeep: tuple[Upkeep, ...] = ()
    retry_in_s: float | None = None  # with WAIT and ABSENT: when the supervisor looks again


class Supervision(Protocol):
    """What the interface may ask of the supervisor. Calls block shortly; use them from a lane."""

    def reports(self) -> tuple[DeviceReport, ...]:
        """Return one report per place, in the order of the health strip; never blocks."""
        ...

    def look_now(self) -> None:
        """Look for devices at once instead of at the next second."""
        ...

    def self_test(self, modality: Modality, deadline: Deadline) -> Health:
        """Test one device; never raises DeviceError."""
        ...

    def identify(self, modality: Modality, deadline: Deadline) -> None:
        """Make one device blink or beep; DeviceError, NotSupported."""
        ...

    def calibrate(self, modality: Modality, deadline: Deadline) -> None:
        """Calibrate one device; DeviceError, NotSupported."""
        ...

    def accept(self, modality: Modality, serial: str) -> None:
        """Take the offered device of this serial number instead of the one before.

        The operator said yes to that serial: DeviceNotFound when it is no longer the one that waits. The
        caller writes the audit row.
        """
        ...

    def note_quality(self, modality: Modality, score: int) -> None:
        """Tell what the judge said of the last sample, 0..100; feeds the drift watch."""
        ...
