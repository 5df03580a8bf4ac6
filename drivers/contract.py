"""What a driver is to the station: an object that finds references and makes devices of them.

Three nouns: a *reference* says where a device may be (cheap, hashable), the device made of it is a *connection*
once opened, and one capture on it is a *session*. A driver's object stands under the entry point group
``rekam.drivers``; ours are in the same table (``drivers.registry``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, runtime_checkable

from cryptography import x509

from drivers.sbi.rules import ServiceRules
from station.clock import Clock
from station.devices import Device, Grade, Modality
from station.errors import DeviceError

API_VERSION: Final = 1
GROUP: Final = "rekam.drivers"


class DriverRefused(DeviceError):
    """A driver is unknown, not on the allow-list, or made for another API; ``reason`` says which."""

    code = "DRIVER_REFUSED"


GradedModels = Mapping[tuple[str, str, str, str], Grade]
"""(driver, make, model, firmware) to grade, from signed configuration; firmware "*" stands for all."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where one device is, or may be."""

    driver: str
    address: str  # index, path, URL, port number or reader name; what the driver understands
    model: str = ""  # where the device cannot tell it itself
    serial: str = ""  # as discovered, or as configured where the device cannot tell it
    label: str = ""  # for the operator's list: "FT232R USB UART", "HD Pro Webcam C920"


@dataclass(frozen=True, slots=True)
class Hints:
    """What configuration knows before discovery; a driver looks nowhere else but at these and its own bus."""

    addresses: tuple[
        str, ...
    ] = ()  # configured places of this driver: pty and socket URLs, stream URLs
    model: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """The world a driver is given: time, what it may trust, which grades the site has signed."""

    clock: Clock
    roots: tuple[x509.Certificate, ...] = ()
    graded: GradedModels = field(default_factory=dict)
    services: ServiceRules = field(default_factory=ServiceRules)  # for devices behind services

    def grade(self, driver: str, make: str, model: str, firmware: str) -> Grade:
        """Return the grade of a device: VERIFICATION unless the signed table lists it."""
        for version in (firmware, "*"):
            listed = self.graded.get((driver, make, model, version))
            if listed is not None and listed is not Grade.EMULATED:
                return listed
        return Grade.VERIFICATION


@runtime_checkable
class Driver(Protocol):
    """What an entry point must name."""

    API_VERSION: int
    name: str  # "finger.sfm"; also the entry point's name
    modality: (
        Modality  # "sbi" serves several: the one it is asked for stands in the reference's model
    )

    def discover(self, hints: Hints) -> Iterable[Reference]:
        """Yield what may be a device of this driver.

        Cheap (at most 300 ms, or yields as it goes), never opens a port that others may own, never raises for
        a bus that is not there.
        """
        ...

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the device, not yet opened; DriverRefused for a reference that means nothing."""
        ...
