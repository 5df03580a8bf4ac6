"""What sealing needs besides the enrolment: station, place in the sequence, keys, recipients, limits."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cryptography.x509 import Certificate

from station.clock import Clock
from station.keys.port import Signer
from station.keys.roles import holder

NO_PACKET: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Limits:
    """The centre's limits; they arrive as signed configuration."""

    document_bytes: int = 1_000_000  # one payload file
    design_bytes: int = 3_000_000  # a packet above this is reported, not refused
    packet_bytes: int = 8_000_000
    recipient_grace: dt.timedelta = dt.timedelta(0)  # after a recipient's certificate ended
    real_devices_in_rehearsal: bool = False  # only for staff who record themselves to learn


@dataclass(frozen=True, slots=True)
class SealContext:
    """One sealing. ``seq`` and ``prev_packet_sha256`` are set by the store, from its last committed row."""

    record_id: str
    station_id: str
    station_area: str  # dotted Kemendagri code, at least kab/kota
    domicile_area: str
    machine: Signer
    operator: Signer
    recipients: tuple[Certificate, ...]
    clock: Clock
    supervisor: Signer | None = None
    seq: int = 1
    prev_packet_sha256: str = NO_PACKET
    time_source: str = "system"
    audit_root: str = ""
    audit_seq: int = 0
    software: str = "rekam"
    replaces: str = ""
    central_order: str = ""
    limits: Limits = field(default_factory=Limits)
    knows_area: Callable[[str], bool] | None = None  # the region table, where there is one

    @property
    def operator_id(self) -> str:
        """Who seals, by the name in the certificate."""
        return holder(self.operator.certificate)
