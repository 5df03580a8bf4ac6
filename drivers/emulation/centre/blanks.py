"""The card blanks issued to a desk: a signed list of chip serials; a card not on it is never written."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from station.delivery.signed import sign_statement
from station.keys.port import Signer

PURPOSE: Final = "blanks"


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank: the chip's serial in hex and the batch it came in."""

    serial: str
    batch: str


DEFAULT_BLANKS: Final = tuple(Blank(f"52454B414D{n:06X}", "LATIHAN-1") for n in range(1, 41))


def sign_blanks(blanks: Iterable[Blank], station_id: str, at: dt.datetime, signer: Signer) -> bytes:
    """Return the signed list for one desk."""
    payload = {
        "station": station_id,
        "issued_at": at.isoformat(),
        "blanks": [asdict(blank) for blank in blanks],
    }
    return sign_statement(PURPOSE, payload, signer)
