"""The centre's signed word that it holds a packet: the only thing that ends our responsibility for it."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from station.delivery.signed import Trust, sign_statement
from station.errors import ReceiptRefused
from station.keys.port import Signer

PURPOSE: Final = "receipt"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the centre states. ``received_at`` is the authority on time; ``dc_seq`` its running number."""

    packet_id: str
    sha256: str
    received_at: dt.datetime
    dc_seq: int


_RECEIPT: Final = TypeAdapter(Receipt)


def issue_receipt(receipt: Receipt, signer: Signer) -> bytes:
    """Return the receipt signed by the centre."""
    payload = asdict(receipt) | {"received_at": receipt.received_at.isoformat()}
    return sign_statement(PURPOSE, payload, signer)


def read_receipt(data: bytes, trust: Trust, *, packet_id: str, sha256: str) -> Receipt:
    """Return the verified receipt of exactly this packet; ReceiptRefused with a reason otherwise."""
    statement = trust.read(PURPOSE, data)
    try:
        receipt = _RECEIPT.validate_python(dict(statement.payload))
    except ValidationError as cause:
        raise ReceiptRefused(reason="MALFORMED", purpose=PURPOSE) from cause
    if receipt.received_at.tzinfo is None:  # a time nobody can compare
        raise ReceiptRefused(reason="MALFORMED", purpose=PURPOSE)
    if receipt.packet_id != packet_id:
        raise ReceiptRefused(reason="OTHER_PACKET", purpose=PURPOSE)
    if receipt.sha256 != sha256:
        raise ReceiptRefused(reason="OTHER_BYTES", purpose=PURPOSE)
    return receipt
