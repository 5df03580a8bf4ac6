"""Sealed packets: files as they are, numbered without gaps, each naming the hash of the one before."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station.errors import StoreCorrupt, StoreError
from station.packet.context import NO_PACKET
from station.store import disk
from station.store.database import Database, Row
from station.store.instants import from_us, from_us_or_none, to_us

SUFFIX: Final = ".ktp"
_SELECT: Final = (
    "SELECT id, record_id, seq, size, sha256, prev_sha256, sealed_at, received_at, legal_hold,"
    " destroyed_at, recipients FROM packet"
)


@dataclass(frozen=True, slots=True)
class PacketRow:
    """What the desk knows of a packet it can no longer open."""

    id: str
    record_id: str
    seq: int
    size: int
    sha256: str
    prev_sha256: str
    sealed_at: dt.datetime
    received_at: dt.datetime | None  # RECEIVED_AT_CENTRAL, by the centre's signed receipt
    legal_hold: bool
    destroyed_at: dt.datetime | None
    recipients: tuple[str, ...]  # subject key identifiers, hex


class Packets:
    """The sealed packets of the desk."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self._database = database

    def path(self, packet_id: str) -> Path:
        """Return where the sealed file lies."""
        return self.folder / f"{packet_id}{SUFFIX}"

    def last(self) -> tuple[int, str]:
        """Return number and hash of the last committed packet; (0, zeros) before the first."""
        row = self._database.row("SELECT seq, sha256 FROM packet ORDER BY seq DESC LIMIT 1")
        return (row[0], row[1]) if row else (0, NO_PACKET)

    def add(self, row: PacketRow) -> None:
        """Insert the row of a durable file; StoreError unless its number is the next one."""
        with self._database.transaction():
            if (row.seq - 1, row.prev_sha256) != self.last():
                raise StoreError(what="packet", reason="SEQUENCE", seq=row.seq)
            self._database.execute(
                "INSERT INTO packet (id, record_id, seq, size, sha256, prev_sha256, sealed_at, recipients)"
                " VALUES (?,?,?,?,?,?,?,?)",
                (
                    row.id,
                    row.record_id,
                    row.seq,
                    row.size,
                    row.sha256,
                    row.prev_sha256,
                    to_us(row.sealed_at),
                    " ".join(row.recipients),
                ),
            )

    def get(self, packet_id: str) -> PacketRow:
        """Return one row; StoreError(reason=UNKNOWN) when there is none."""
        row = self._database.row(f"{_SELECT} WHERE id=?", (packet_id,))
        if row is None:
            raise StoreError(what="packet", reason="UNKNOWN")
        return _packet(row)

    def known(self, packet_id: str) -> bool:
        """Return whether this packet was sealed and committed here."""
        return self._database.row("SELECT 1 FROM packet WHERE id=?", (packet_id,)) is not None

    def all(self) -> tuple[PacketRow, ...]:
        """Return all rows in sealing order, destroyed ones too."""
        rows = self._database.rows(f"{_SELECT} ORDER BY seq")
        return tuple(_packet(row) for row in rows)

    def read(self, packet_id: str) -> bytes:
        """Return the sealed bytes; StoreCorrupt when they no longer have the hash they were sealed with."""
        row = self.get(packet_id)
        data = disk.read_from_disk(self.path(packet_id))
        if hashlib.sha256(data).hexdigest() != row.sha256:
            raise StoreCorrupt(what="packet", reason="HASH", seq=row.seq)
        return data

    def mark_received(self, packet_id: str, at: dt.datetime) -> None:
        """Start the retention clock: the centre has the packet. The first word counts."""
        self._database.execute(
            "UPDATE packet SET received_at=coalesce(received_at, ?) WHERE id=?",
            (to_us(at), packet_id),
        )

    def set_legal_hold(self, packet_id: str, *, held: bool) -> None:
        """Keep a packet beyond its retention, or let it go again."""
        self._database.execute("UPDATE packet SET legal_hold=? WHERE id=?", (int(held), packet_id))


def _packet(row: Row) -> PacketRow:
    return PacketRow(
        id=row[0],
        record_id=row[1],
        seq=row[2],
        size=row[3],
        sha256=row[4],
        prev_sha256=row[5],
        sealed_at=from_us(row[6]),
        received_at=from_us_or_none(row[7]),
        legal_hold=bool(row[8]),
        destroyed_at=from_us_or_none(row[9]),
        recipients=tuple(row[10].split()),
    )
