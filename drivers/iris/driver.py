"""The driver object of near-infrared iris scanners: a camera and a lamp."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from drivers.contract import API_VERSION, DriverRefused, Hints, Reference, Site
from drivers.iris.address import IrisAddress
from drivers.iris.uvc import DRIVER as NAME
from drivers.iris.uvc import UvcIrisScanner
from station.devices import Device, Grade, Modality


class UvcIrisDriver:
    """Scanners by ``camera=PLACE;lamp=PORT``; no bus tells which camera and which port belong together."""

    API_VERSION = API_VERSION
    name = NAME
    modality = Modality.IRIS

    def discover(self, hints: Hints) -> Iterator[Reference]:
        """Yield the configured scanners of which both halves are there; nothing is opened."""
        for text in hints.addresses:
            try:
                address = IrisAddress.of(text)
            except ValueError:
                continue
            camera = address.camera
            node = f"/dev/video{camera}" if camera.isdecimal() else camera
            if _there(node) and _there(address.lamp):
                yield Reference(self.name, text, hints.model)

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the scanner, not yet opened; DriverRefused for an address without camera or lamp."""
        try:
            address = IrisAddress.of(reference.address)
        except ValueError as cause:
            raise DriverRefused(driver=self.name, reason="address") from cause

        def grade(make: str, model: str, firmware: str) -> Grade:
            return site.grade(self.name, make, model, firmware)

        return UvcIrisScanner(address, site.clock, grade_of=grade)


def _there(place: str) -> bool:
    return "://" in place or Path(place).exists() or place.upper().startswith("COM")


DRIVER: Final = UvcIrisDriver()
