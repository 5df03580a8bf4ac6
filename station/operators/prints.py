"""Fingers of the people who work here, so that none of them slips into an applicant's record.

Kept as ISO/IEC 19794-2 records on a shelf of the encrypted store, under the account's id. No picture is
kept, and a closed account's fingers are not compared any more.
"""

import base64
import binascii
import json
import threading
from collections.abc import Mapping

from station.capture.checks import StaffPrint
from station.devices import FingerPosition
from station.errors import FormatError, StoreCorrupt
from station.formats.minutiae_template import read_one, write_one
from station.minutiae import Template
from station.operators.account import OperatorId
from station.operators.accounts import Accounts
from station.operators.shelf import ByteShelf


class OperatorPrints:
    """The enrolled fingers of this station's accounts, over a byte shelf; safe from several threads."""

    def __init__(self, shelf: ByteShelf) -> None:
        self._shelf = shelf
        self._lock = threading.Lock()
        self._known: dict[OperatorId, Mapping[FingerPosition, Template]] = {}

    def enrol(self, operator: OperatorId, prints: Mapping[FingerPosition, Template]) -> None:
        """Keep these fingers in place of the earlier ones; an empty mapping forgets them."""
        records = [
            write_one(template, position, 0)
            for position, template in sorted(prints.items(), key=lambda item: item[0].value)
        ]
        body = json.dumps([base64.b64encode(record).decode("ascii") for record in records])
        with self._lock:
            self._shelf.put(operator, body.encode("ascii"))
            self._known[operator] = dict(prints)

    def of(self, operator: OperatorId) -> Mapping[FingerPosition, Template]:
        """Return the fingers of one account, empty when none are enrolled; StoreCorrupt."""
        with self._lock:
            if operator not in self._known:
                body = self._shelf.get(operator)
                self._known[operator] = {} if body is None else _read(body)
            return self._known[operator]

    def staff(self, accounts: Accounts) -> tuple[StaffPrint, ...]:
        """Return every enrolled finger of the active accounts, for the check of a capture."""
        return tuple(
            StaffPrint(account.id, template)
            for account in accounts.all()
            if account.active
            for template in self.of(account.id).values()
        )


def _read(body: bytes) -> dict[FingerPosition, Template]:
    try:
        kept = [read_one(base64.b64decode(each, validate=True)) for each in json.loads(body)]
    except (ValueError, TypeError, binascii.Error, FormatError) as cause:
        raise StoreCorrupt(what="operator prints") from cause
    return {position: template for position, template in kept if position is not None}
