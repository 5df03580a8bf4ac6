"""The driver object of ZFM, R30x and R503 modules."""

from collections.abc import Iterable
from typing import Final

from drivers.contract import API_VERSION, Hints, Reference, Site
from drivers.fingerprint.zfm import ZfmScanner, ZfmSettings
from drivers.serial.ports import serial_references
from station.devices import Device, Modality


class ZfmDriver:
    """Single-finger modules of verification grade."""

    API_VERSION = API_VERSION
    name = "finger.zfm"
    modality = Modality.FINGER

    def discover(self, hints: Hints) -> Iterable[Reference]:
        """Yield the configured ports that are there."""
        return serial_references(self.name, hints)

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the scanner, not yet opened."""
        settings = ZfmSettings(model=reference.model or "ZFM-20", serial=reference.serial)
        return ZfmScanner(reference.address, site.clock, settings, site=site)


DRIVER: Final = ZfmDriver()
