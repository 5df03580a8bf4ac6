"""The driver object of Suprema SFM modules."""

from collections.abc import Iterable
from typing import Final

from drivers.contract import API_VERSION, Hints, Reference, Site
from drivers.fingerprint.sfm import SfmScanner, SfmSettings
from drivers.serial.ports import serial_references
from station.devices import Device, Modality


class SfmDriver:
    """Single-finger scanners over the SFM protocol."""

    API_VERSION = API_VERSION
    name = "finger.sfm"
    modality = Modality.FINGER

    def discover(self, hints: Hints) -> Iterable[Reference]:
        """Yield the configured ports that are there."""
        return serial_references(self.name, hints)

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the scanner, not yet opened."""
        settings = SfmSettings(model=reference.model or "SFM", serial=reference.serial)
        return SfmScanner(reference.address, site.clock, settings, site=site)


DRIVER: Final = SfmDriver()
