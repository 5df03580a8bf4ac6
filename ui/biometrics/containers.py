"""One sample into a container: a CBEFF group of ISO/IEC 7816-11, an ANSI/NIST-ITL transaction."""

import datetime as dt
import hashlib

from station.devices import FingerPosition
from station.formats import cbeff, itl_records, nist_itl
from station.formats.nist_itl import ItlRecord


def to_cbeff(record_bytes: bytes, kind: str, position: FingerPosition | None) -> bytes:
    """Return a group of one record; ``kind`` is a name of ``cbeff.FORMATS``."""
    biometric = {"face": cbeff.FACE, "iris": cbeff.IRIS}.get(kind, cbeff.FINGER)
    subtype = cbeff.subtype_of(position.value) if position else None
    format_type = cbeff.FORMATS[kind]
    bit = cbeff.Bit(format_type, record_bytes, kind=bytes([biometric]), subtype=subtype)
    return cbeff.encode(cbeff.Group((bit,)))


def to_itl(
    made: ItlRecord, at: dt.datetime, *, ppi: int, origin: str = "REKAM", kind: str = "SAMPLE"
) -> bytes:
    """Return a transaction of one record; its control number is drawn from the data."""
    control = hashlib.sha256(made.data).hexdigest()[:16].upper()
    whole = itl_records.transaction(
        (made,), kind=kind, control=control, at=at, destination=origin, origin=origin, ppi=ppi
    )
    return nist_itl.encode(whole)
