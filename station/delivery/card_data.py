"""Fetches what the centre prepared for one card: signed by the centre, sealed to this desk alone."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from station.delivery.line import Line
from station.delivery.signed import Trust, sign_statement
from station.errors import PacketRefused, ReceiptRefused
from station.keys.port import Opener, Signer
from station.packet.envelope import open_with

PURPOSE: Final = "card"
PATH: Final = "/v1/cards/"
_NONE_YET: Final = frozenset({404})


@dataclass(frozen=True, slots=True)
class PreparedCard:
    """The bytes of every file of one card by file identifier; personal, never on disk in clear."""

    record_id: str
    files: Mapping[int, bytes] = field(repr=False)


def sign_card(card: PreparedCard, signer: Signer) -> bytes:
    """Return the signed statement the centre seals to the desk."""
    files = {f"{fid:04X}": base64.b64encode(data).decode() for fid, data in card.files.items()}
    return sign_statement(PURPOSE, {"record_id": card.record_id, "files": files}, signer)


def open_card(sealed: bytes, record_id: str, opener: Opener, trust: Trust) -> PreparedCard:
    """Open and verify card contents for exactly this record; PacketRefused, ReceiptRefused."""
    payload = trust.read(PURPOSE, open_with(sealed, opener)).payload
    if payload.get("record_id") != record_id:
        raise ReceiptRefused(reason="OTHER_RECORD", purpose=PURPOSE)
    try:
        files = {
            int(fid, 16): base64.b64decode(data, validate=True)
            for fid, data in payload["files"].items()
        }
    except (KeyError, ValueError, TypeError, AttributeError, binascii.Error):
        raise PacketRefused(reason="CARD_CONTENTS") from None  # the cause may quote personal data
    return PreparedCard(record_id, MappingProxyType(files))


def fetch_card(line: Line, record_id: str, opener: Opener, trust: Trust) -> PreparedCard | None:
    """Return the contents for a record's card, None while the centre has none.

    Raises LineError, CentreRefused, PacketRefused, ReceiptRefused.
    """
    answer = line.call("GET", PATH + record_id, accept=_NONE_YET)
    if answer.status in _NONE_YET:
        return None
    return open_card(answer.body, record_id, opener, trust)
