"""The driver object of Wacom STU pads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from drivers.contract import API_VERSION, DriverRefused, Hints, Reference, Site
from drivers.hid.framed import open_framed
from drivers.hid.frames import SCHEME
from drivers.hid.hidraw import HidPlace, HidrawHid, hid_places
from drivers.hid.transport import HidTransport
from drivers.signature.stu import StuPad
from drivers.signature.stu_reports import PRODUCTS, VENDOR
from station.clock import Deadline
from station.devices import Device, Modality
from station.errors import DeviceNotFound

ANY: Final = "usb"  # an address: the first pad on the bus
_IDS: Final = frozenset((VENDOR, product) for product in PRODUCTS)


class StuDriver:
    """Signature pads with a screen, behind HID."""

    API_VERSION = API_VERSION
    name = "signature.stu"
    modality = Modality.SIGNATURE

    def __init__(self, sysfs: Path = Path("/sys/class/hidraw")) -> None:
        self._sysfs = sysfs

    def discover(self, hints: Hints) -> Iterator[Reference]:
        """Yield configured emulators, and every pad of a known model that the kernel lists."""
        for address in hints.addresses:
            if address.startswith(SCHEME):
                yield Reference(self.name, address, hints.model)
        for place in hid_places(_IDS, self._sysfs):
            model = PRODUCTS[place.product]
            yield Reference(self.name, place.path, model, place.serial, place.name or model)

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the pad, not yet opened; DriverRefused for an address that is no HID device's."""
        address = reference.address
        if address != ANY and not address.startswith((SCHEME, "/dev/hidraw")):
            raise DriverRefused(driver=self.name, reason="address")

        def opened(deadline: Deadline) -> HidTransport:
            if address.startswith(SCHEME):
                return open_framed(address, deadline)
            return HidrawHid(self._place(address))

        return StuPad(
            address,
            site.clock,
            opened,
            grade_of=lambda model, firmware: site.grade(self.name, "Wacom", model, firmware),
            serial=reference.serial,
        )

    def _place(self, address: str) -> HidPlace:
        """Return the node as it is now: numbers change with every plugging in."""
        for place in hid_places(_IDS, self._sysfs):
            if address in (ANY, place.path):
                return place
        raise DeviceNotFound(transport=address)


DRIVER: Final = StuDriver()
