"""The driver object of MOSIP device services."""

from collections.abc import Iterable
from typing import Final

from drivers.contract import API_VERSION, Hints, Reference, Site
from drivers.sbi.iris import SbiIrisScanner
from drivers.sbi.service import PORTS, discover
from station.devices import Device, Modality


class SbiDriver:
    """Devices behind a service on 127.0.0.1:4501..4600."""

    API_VERSION = API_VERSION
    name = "sbi"
    modality = Modality.IRIS

    def discover(self, hints: Hints) -> Iterable[Reference]:
        """Yield one reference per answering service."""
        given = [int(port) for port in hints.addresses if port.isdecimal() and int(port)]
        ports = range(min(given), max(given) + 1) if given else PORTS
        for service, _found in discover("Iris", ports):
            if not given or service.port in given:
                yield Reference(self.name, str(service.port))

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the scanner, not yet opened."""
        return SbiIrisScanner(site.roots, site.clock, port=int(reference.address or 0) or None)


DRIVER: Final = SbiDriver()
