"""Where the devices of a place come from: a driver with its configured addresses, or one given device."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

from drivers.contract import Driver, DriverRefused, Hints, Reference, Site
from drivers.isolation import IsolatedDriver
from drivers.registry import DriverRegistry
from drivers.supervision.sight import footprint
from station.devices import Device, Modality

_SEVERAL: Final = (
    "sbi"  # serves several modalities: the one asked for stands in the reference's model
)


class Source(Protocol):
    """What a place asks for its devices."""

    @property
    def driver(self) -> str:
        """Name of the driver."""
        ...

    @property
    def addresses(self) -> tuple[str, ...]:
        """Configured places; () where the driver looks on its own bus."""
        ...

    @property
    def serial(self) -> str:
        """The serial number the site names for the place; '' where it names none."""
        ...

    @property
    def lasting(self) -> bool:
        """Whether the device belongs to somebody else, who alone closes it."""
        ...

    def find(self) -> Iterable[Reference]:
        """Return what may be a device now; opens nothing. DriverRefused."""
        ...

    def make(self, reference: Reference) -> Device:
        """Return the device of a reference, not yet opened; DriverRefused."""
        ...


@dataclass(frozen=True, slots=True)
class DriverSource:
    """Devices of a driver of the registry."""

    modality: Modality
    driver: str
    registry: DriverRegistry
    site: Site
    addresses: tuple[str, ...] = ()
    model: str = ""
    serial: str = ""  # as configured
    isolated: bool = False
    lasting: bool = False

    def find(self) -> Iterator[Reference]:
        """Ask the driver's discovery."""
        driver = self._driver()
        if self.driver != _SEVERAL and driver.modality is not self.modality:
            raise DriverRefused(driver=self.driver, reason="modality")
        model = self.model or (self.modality.value if self.driver == _SEVERAL else "")
        for reference in driver.discover(Hints(self.addresses, model)):
            yield replace(reference, serial=reference.serial or self.serial)

    def make(self, reference: Reference) -> Device:
        """Make the device here, or in a process of its own with the same port in front."""
        return self._driver().create(reference, self.site)

    def _driver(self) -> Driver:
        if self.isolated:  # its code is never loaded into this process
            return IsolatedDriver(self.driver, self.modality, self.registry.allowed)
        return self.registry.driver(self.driver)


@dataclass(frozen=True, slots=True)
class GivenSource:
    """One device that needs no driver: an emulated one, or one that lives in the window."""

    driver: str
    address: str
    maker: Callable[[], Device]
    serial: str = ""
    lasting: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its one address."""
        return (self.address,)

    def find(self) -> Collection[Reference]:
        """Return its reference while something stands at its address."""
        if footprint(self.driver, self.address) is None:
            return ()
        return (Reference(self.driver, self.address),)

    def make(self, reference: Reference) -> Device:
        """Make the device."""
        return self.maker()
