"""The driver object of PC/SC card readers."""

from collections.abc import Iterator
from typing import Final

from drivers.contract import API_VERSION, DriverRefused, Hints, Reference, Site
from drivers.smartcard.identity import Role, is_sam, serial_in
from drivers.smartcard.scard import reader_slots
from station.devices import Device, Modality
from station.errors import StationError


class PcscDriver:
    """Card readers the machine's PC/SC service knows."""

    API_VERSION = API_VERSION
    name = "reader.pcsc"
    modality = Modality.CARD

    def discover(self, hints: Hints) -> Iterator[Reference]:
        """Yield the readers for a role (``hints.model``) whose name holds a configured pattern, all without one.

        A reader that holds a SAM is one for the SAM and for nobody else; nothing is connected to find out.
        """
        role = Role(hints.model) if hints.model in set(Role) else Role.APPLICANT
        patterns = [pattern for pattern in hints.addresses if pattern] or [""]
        try:
            slots = reader_slots(patterns)
        except StationError:  # no service: nothing is there
            return
        for slot in slots:
            if is_sam(slot.atr) is (role is Role.SAM):
                model = hints.model and role.value
                yield Reference(self.name, slot.name, model, serial_in(slot.name), slot.name)

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
