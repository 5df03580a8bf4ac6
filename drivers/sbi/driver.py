"""The driver object of MOSIP device services: finds their devices and makes the front of each."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from drivers.contract import API_VERSION, DriverRefused, Hints, Reference, Site
from drivers.sbi.device import SbiDevice
from drivers.sbi.face import SbiFaceScanner
from drivers.sbi.finger import SbiFingerScanner, SbiSlapScanner
from drivers.sbi.identity import Kind
from drivers.sbi.iris import SbiIrisScanner
from drivers.sbi.scan import PORTS, scan
from station.devices import Device, Modality

# PORT, or PORT/DEVICE where a service has several of a kind; no port or 0 searches all.
_ADDRESS: Final = re.compile(r"(?P<port>[0-9]{0,5})(?:/(?P<device>[\x21-\x7e]{1,100}))?")
_FRONTS: Final[Mapping[Kind, type[SbiDevice]]] = {
    Kind.IRIS: SbiIrisScanner,
    Kind.SLAP: SbiSlapScanner,
    Kind.FINGER: SbiFingerScanner,
    Kind.FACE: SbiFaceScanner,
}
_SHORT: Final[Mapping[str, Kind]] = {"": Kind.IRIS, "finger": Kind.SLAP, "slap": Kind.SLAP}


class SbiDriver:
    """Devices behind services on 127.0.0.1:4501..4600; a reference's ``model`` says what is wanted of one."""

    API_VERSION = API_VERSION
    name = "sbi"
    modality = Modality.IRIS

    def discover(self, hints: Hints) -> Iterable[Reference]:
        """Yield one reference per device, each service's as soon as it answers.

        Configured addresses narrow the search to their ports, ``hints.model`` to one kind.
        """
        given = {port for port in map(_port, hints.addresses) if port}
        wanted = _kind(hints.model) if hints.model else None
        for found in scan(ports=sorted(given) or PORTS):
            identity = found.identity
            kind = identity.kind
            if kind is None or (wanted is not None and kind is not wanted):
                continue
            yield Reference(
                self.name,
                f"{found.port}/{found.device_id or found.serial}",
                kind.value,
                found.serial,
                f"{identity.make} {identity.model}".strip(),
            )

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the device, not yet opened: an iris scanner where the reference does not say what."""
        address = _ADDRESS.fullmatch(reference.address)
        kind = _kind(reference.model)
        if address is None or kind is None:
            reason = "address" if address is None else "model"
            raise DriverRefused(driver=self.name, reason=reason)
        return _FRONTS[kind](
            site.roots,
            site.clock,
            port=int(address["port"] or 0) or None,
            device_id=address["device"] or "",
            serial=reference.serial,
            graded=site.graded,
            rules=site.services,
        )


def _kind(model: str) -> Kind | None:
    text = model.lower()
    if text in _SHORT:
        return _SHORT[text]
    return Kind(text) if text in set(Kind) else None


def _port(address: str) -> int:
    found = _ADDRESS.fullmatch(address)
    return int(found["port"] or 0) if found is not None else 0


DRIVER: Final = SbiDriver()
