"""ACT, the chip's activation record: when, where, by whom and on which finger, with a MAC of the SAM."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq

from station.card.sam import SamPort
from station.devices import FingerPosition
from station.errors import CardVerificationFailed, FormatError

ACT_BYTES: Final = 128
_MAGIC: Final = b"RKAC"
_VERSION: Final = 1
_MAC_BYTES: Final = 16
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class ActivationRecord:
    """The content of ACT. ``finger`` None = the exception route; then ``second`` names who approved.

    Station and operators stand on the chip as the first 16 bytes of their SHA-256: enough to check a
    claim, nothing to read out.
    """

    activated_at: dt.datetime
    finger: FingerPosition | None
    band: int  # 0 = exception route, 1 = above the threshold
    tries: int
    tx: int  # counter of the CC copy that makes the card ACTIVE
    station: bytes
    operator: bytes
    second: bytes

    def encode(self, serial: bytes, sam: SamPort) -> bytes:
        """Return the 128 bytes with their MAC."""
        code = self.finger.value if self.finger else 0
        seconds = int((self.activated_at - _EPOCH).total_seconds())
        body = _MAGIC + bytes((_VERSION, code, self.band, self.tries)) + seconds.to_bytes(8)
        body += self.station + self.operator + self.second + self.tx.to_bytes(4)
        body = body.ljust(ACT_BYTES - _MAC_BYTES, b"\x00")
        return body + sam.activation_mac(serial, body)


def name_hash(name: str) -> bytes:
    """Return the 16 bytes that stand for a station or an operator; zeros for ''."""
    return hashlib.sha256(name.encode()).digest()[:16] if name else bytes(16)


def parse_activation(data: bytes, serial: bytes, sam: SamPort) -> ActivationRecord:
    """Parse ACT and check its MAC; CardVerificationFailed with reason ``act_mac`` or ``act_format``."""
    if len(data) != ACT_BYTES or data[:5] != _MAGIC + bytes((_VERSION,)):
        raise CardVerificationFailed(reason="act_format")
    body, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
    if not bytes_eq(mac, sam.activation_mac(serial, body)):
        raise CardVerificationFailed(reason="act_mac")
    try:
        return ActivationRecord(
            activated_at=_EPOCH + dt.timedelta(seconds=int.from_bytes(data[8:16])),
            finger=FingerPosition(data[5]) if data[5] else None,
            band=data[6],
            tries=data[7],
            tx=int.from_bytes(data[64:68]),
            station=data[16:32],
            operator=data[32:48],
            second=data[48:64],
        )
    except (ValueError, OverflowError, FormatError) as cause:
        raise CardVerificationFailed(reason="act_format") from cause
