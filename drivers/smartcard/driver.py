"""The driver object of PC/SC card readers."""

from collections.abc import Iterator
from typing import Final

from drivers.contract import API_VERSION, DriverRefused, Hints, Reference, Site
from drivers.smartcard.identity import Role
from drivers.smartcard.service import service_readers
from station.devices import Device, Modality
from station.errors import StationError


class PcscDriver:
    """Card readers the machine's PC/SC service knows."""

    API_VERSION = API_VERSION
    name = "reader.pcsc"
    modality = Modality.CARD

    def discover(self, hints: Hints) -> Iterator[Reference]:
        """Yield the readers whose name holds a configured pattern; all of them where none is configured."""
        try:
            names = service_readers()
        except StationError:  # no service: nothing is there
            return
        patterns = [pattern for pattern in hints.addresses if pattern]
        for name in names:
            if not patterns or any(pattern in name for pattern in patterns):
                yield Reference(self.name, name)

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the reader, not yet opened; ``model`` is its role, ``sam`` or, by default, the applicant's."""
        from drivers.smartcard.pcsc import PcscReader

        if reference.model not in {"", *Role}:
            raise DriverRefused(driver=self.name, reason="role")
        return PcscReader(
            reference.address,
            serial=reference.serial,
            role=Role(reference.model or Role.APPLICANT),
            graded=lambda *who: site.grade(self.name, *who),
        )


DRIVER: Final = PcscDriver()
