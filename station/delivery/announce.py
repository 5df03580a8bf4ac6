"""Tell the centre what is coming before the bytes: the routing index, signed by the machine.

The answer may already hold the receipt: then an earlier try got through, only its answer was lost, and
not one byte needs to travel again.
"""

import base64
from typing import Final

from station.delivery.line import Line
from station.packet import canonical
from station.store.outbox import OutboxRow

ANNOUNCE_PATH: Final = "/v1/announce"
RECEIPT_PATH: Final = "/v1/receipts/"
_NOTHING: Final = frozenset({404})
_KNOWN: Final = 200


def announce(line: Line, row: OutboxRow) -> bytes:
    """Send the routing index; return the centre's receipt when it has the packet already, else b''.

    Raises LineError, or CentreRefused with status 409 and reason HASH_CONFLICT when the centre holds other
    bytes under this packet id.
    """
    body = canonical.write(
        {
            "routing": base64.b64encode(row.routing).decode(),
            "signature": base64.b64encode(row.routing_signature).decode(),
        }
    )
    answer = line.call(
        "POST", ANNOUNCE_PATH, headers={"Content-Type": "application/json"}, body=body
    )
    return answer.body if answer.status == _KNOWN else b""


def fetch_receipt(line: Line, packet_id: str) -> bytes:
    """Return the centre's receipt of a packet, b'' while it has none; LineError, CentreRefused."""
    answer = line.call("GET", RECEIPT_PATH + packet_id, accept=_NOTHING)
    return answer.body if answer.status == _KNOWN else b""
