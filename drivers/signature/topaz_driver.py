"""The driver object of serial Topaz pads."""

from collections.abc import Iterable
from typing import Final

from drivers.contract import API_VERSION, DriverRefused, Hints, Reference, Site
from drivers.serial.ports import serial_references
from drivers.signature.topaz import TopazPad
from drivers.signature.topaz_models import MODELS
from station.devices import Device, Modality

_FTDI: Final = ((0x0403, 0x6001),)


class TopazDriver:
    """Signature pads behind an FTDI bridge; the model comes from configuration."""

    API_VERSION = API_VERSION
    name = "signature.topaz"
    modality = Modality.SIGNATURE

    def discover(self, hints: Hints) -> Iterable[Reference]:
        """Yield configured ports, and FTDI bridges where the site has named a pad's model."""
        return serial_references(self.name, hints, _FTDI if hints.model else ())

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the pad, not yet opened; DriverRefused for a model nobody described."""
        model = MODELS.get(reference.model)
        if model is None:
            raise DriverRefused(driver=self.name, reason="model", model=reference.model)
        return TopazPad(
            reference.address,
            site.clock,
            model,
            serial=reference.serial,
            grade=site.grade(self.name, "Topaz", model.name, ""),
        )


DRIVER: Final = TopazDriver()
