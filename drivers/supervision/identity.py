"""Who a device is, and whether it is the one we knew."""

from dataclasses import dataclass

from station.capabilities import Described
from station.devices import Device


@dataclass(frozen=True, slots=True)
class Identity:
    """One device over the years.

    ``told`` says that the serial number is the device's own word; else it is what configuration or the
    machine's list of ports says of the place, and '' where nobody says anything.
    """

    driver: str
    make: str
    model: str
    serial: str
    told: bool = True

    @classmethod
    def of(cls, device: Device, configured: str = "") -> "Identity":
        """Return who an open device is; the configured serial stands in where it tells none."""
        info = device.info
        silent = isinstance(device, Described) and device.capabilities.serial_is_configured
        if info.serial and not silent:
            return cls(info.driver, info.make, info.model, info.serial)
        return cls(info.driver, info.make, info.model, configured or info.serial, told=False)

    @property
    def key(self) -> str:
        """The name of its record."""
        return "|".join((self.driver, self.make, self.model, self.serial))

    def may_be(self, other: "Identity") -> bool:
        """Whether both can be one device.

        Two that tell their serial numbers must tell the same; two that tell none must stand for the same
        configured one. One that tells none yet may be one that did: it is judged again when it tells.
        """
        if self.told is not other.told:
            return self.driver == other.driver
        return self == other

    def fuller(self, other: "Identity") -> "Identity":
        """Return the one of two that told its serial number, the other one first."""
        return self if self.told and not other.told else other
