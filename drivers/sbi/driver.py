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
# Looser words, the best first; a desk that has no word for its iris scanner has always meant that.
_WORDS: Final[Mapping[str, tuple[Kind, ...]]] = {
    **{kind.value: (kind,) for kind in Kind},
    "": (Kind.IRIS,),
    "finger": (Kind.FINGER,),  # the station's word for its place of single fingers
    "slap": (Kind.SLAP,),
}


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
        wanted = _WORDS.get(hints.model.lower(), ()) if hints.model else tuple(Kind)
        for found in scan(ports=sorted(given) or PORTS):
            identity = found.identity
            kind = identity.kind
            if kind not in wanted or kind is None:
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
        kinds = _WORDS.get(reference.model.lower(), ())
        if address is None or not kinds:
            reason = "address" if address is None else "model"
            raise DriverRefused(driver=self.name, reason=reason)
        return _FRONTS[kinds[0]](
            site.roots,
            site.clock,
            port=int(address["port"] or 0) or None,
            device_id=address["device"] or "",
            serial=reference.serial,
            graded=site.graded,
            rules=site.services,
        )


def _port(address: str) -> int:
    found = _ADDRESS.fullmatch(address)
    return int(found["port"] or 0) if found is not None else 0


DRIVER: Final = SbiDriver()
