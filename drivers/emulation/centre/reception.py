"""Takes packets in: once each, whole, and with a signed receipt for the same bytes ever after."""

import asyncio
import datetime as dt
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from drivers.emulation.centre.faults import Fault, Faults
from drivers.emulation.centre.keys import CentreKeys
from drivers.emulation.centre.ledger import Announced, Ledger, PacketEntry
from drivers.emulation.centre.uploads import Upload
from station.clock import Clock
from station.delivery.receipts import Receipt, issue_receipt
from station.keys.certificates import Validity, issue, new_ec_key
from station.keys.roles import REHEARSAL_ORGANISATION, Role
from station.keys.soft import SoftSigner
from station.store.disk import write_durable

ARRIVED = "ARRIVED"


@dataclass(frozen=True, slots=True)
class Reception:
    """``arrived`` is told when a packet has work waiting; it must return at once."""

    folder: Path
    ledger: Ledger
    keys: CentreKeys
    clock: Clock
    faults: Faults
    arrived: Callable[[], None]
    # A HEAD may finish the upload whose own PATCH is still at it.
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def conflicts(self, packet_id: str, sha256: str) -> bool:
        """Return whether other bytes are held, or announced by someone else, under this id."""
        held = self.ledger.packet(packet_id)
        if held is not None:
            return held.sha256 != sha256
        announced = self.ledger.announced(packet_id)
        return announced is not None and announced.sha256 != sha256

    def announce(self, row: Announced) -> bytes:
        """Keep a verified routing index; return the receipt when the packet is here already."""
        before = self.ledger.announced(row.packet_id)
        if before is None or row.attempt >= before.attempt:
            self.ledger.announce(row)
        held = self.ledger.packet(row.packet_id)
        if held is None:
            return b""
        if before is not None and row.attempt > before.attempt:
            self.arrived()
        return self.receipt(held)

    async def finish(self, upload: Upload) -> str:
        """Check the whole file and take the packet in; return why not, or ''. Twice is as good as once."""
        return await asyncio.to_thread(self._take_in, upload)

    def _take_in(self, upload: Upload) -> str:
        with self._one_at_a_time:
            return self._take_in_alone(upload)

    def _take_in_alone(self, upload: Upload) -> str:
        if self.conflicts(upload.packet_id, upload.sha256):
            return "HASH_CONFLICT"
        if self.ledger.packet(upload.packet_id) is not None:
            return ""
        data = upload.file.read_bytes()
        if hashlib.sha256(data).hexdigest() != upload.sha256:
            return "HASH_MISMATCH"
        self.folder.mkdir(parents=True, exist_ok=True)
        write_durable(packet_file(self.folder, upload.packet_id), data)
        entry = self.ledger.admit(upload.packet_id, upload.sha256, self.clock.now(), ARRIVED)
        self._sign(entry)
        self.arrived()
        return ""

    def receipt(self, entry: PacketEntry) -> bytes:
        """Return the receipt; signs it now when a kill came between row and signature."""
        if self.faults.take(Fault.FOREIGN_SIGNATURE):
            return issue_receipt(_statement(entry), _stranger(self.clock))
        return entry.receipt or self._sign(entry)

    def _sign(self, entry: PacketEntry) -> bytes:
        signed = issue_receipt(_statement(entry), self.keys.receipts)
        self.ledger.keep_receipt(entry.packet_id, signed)
        return signed


def packet_file(folder: Path, packet_id: str) -> Path:
    """Return where a sealed packet lies."""
    return folder / f"{packet_id}.ktp"


def _statement(entry: PacketEntry) -> Receipt:
    return Receipt(
        packet_id=entry.packet_id,
        sha256=entry.sha256,
        received_at=dt.datetime.fromisoformat(entry.received_at),
        dc_seq=entry.dc_seq,
    )


def _stranger(clock: Clock) -> SoftSigner:
    return SoftSigner(
        issue(
            "bukan-pusat",
            Role.RECEIPT_SIGNER,
            new_ec_key(),
            Validity.around(clock.now(), 1),
            organisation=REHEARSAL_ORGANISATION,
        )
    )
