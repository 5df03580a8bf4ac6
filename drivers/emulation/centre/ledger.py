"""What the centre knows, durable in one SQLite file: packets, fingers, cards and every status it ever said."""

import contextlib
import datetime as dt
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS announced (
    packet_id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL, routing BLOB NOT NULL,
    station_id TEXT NOT NULL, attempt INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS packet (
    dc_seq INTEGER PRIMARY KEY AUTOINCREMENT, packet_id TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL,
    received_at TEXT NOT NULL, receipt BLOB NOT NULL DEFAULT x'', stage TEXT NOT NULL,
    record_id TEXT NOT NULL DEFAULT '', attempt INTEGER NOT NULL DEFAULT 1,
    nik TEXT NOT NULL DEFAULT '', area TEXT NOT NULL DEFAULT '', print_from TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS packet_nik ON packet(nik);
CREATE TABLE IF NOT EXISTS event (
    station_id TEXT NOT NULL, server_seq INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (station_id, server_seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS print (
    id INTEGER PRIMARY KEY, nik TEXT NOT NULL, area TEXT NOT NULL, position INTEGER NOT NULL,
    template BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS card (
    record_id TEXT PRIMARY KEY, packet_id TEXT NOT NULL, sealed BLOB NOT NULL,
    serial TEXT NOT NULL DEFAULT '', tx_counter INTEGER NOT NULL DEFAULT 0);
"""


@dataclass(frozen=True, slots=True)
class Announced:
    """What a routing index said."""

    packet_id: str
    sha256: str
    size: int
    routing: bytes = field(repr=False)
    station_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class PacketEntry:
    """One packet at the centre. ``stage`` is where it is on its way; ``nik`` '' until it was opened."""

    dc_seq: int
    packet_id: str
    sha256: str
    received_at: str
    receipt: bytes = field(repr=False)
    stage: str
    record_id: str
    attempt: int
    nik: str = field(repr=False)
    area: str
    print_from: str


@dataclass(frozen=True, slots=True)
class Print:
    """One finger the centre holds."""

    nik: str = field(repr=False)
    area: str
    position: int
    template: bytes = field(repr=False)


_PACKETS: Final = (
    "SELECT dc_seq, packet_id, sha256, received_at, receipt, stage, record_id, attempt, nik, area,"
    " print_from FROM packet"
)


class Ledger:
    """One connection behind one lock: the event loop and the examining thread share it."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def announce(self, row: Announced) -> None:
        """Keep a routing index; a later attempt replaces an earlier one."""
        self._run(
            "INSERT OR REPLACE INTO announced VALUES (?,?,?,?,?,?)",
            (row.packet_id, row.sha256, row.size, row.routing, row.station_id, row.attempt),
        )

    def announced(self, packet_id: str) -> Announced | None:
        """Return the routing index of a packet."""
        rows = self._run("SELECT * FROM announced WHERE packet_id=?", (packet_id,))
        return Announced(*rows[0]) if rows else None

    def admit(self, packet_id: str, sha256: str, at: dt.datetime, stage: str) -> PacketEntry:
        """Number a packet; the same one again keeps its first number and time."""
        with self._lock:
            self._run(
                "INSERT OR IGNORE INTO packet (packet_id, sha256, received_at, stage) VALUES (?,?,?,?)",
                (packet_id, sha256, at.isoformat(), stage),
            )
            entry = self.packet(packet_id)
        if entry is None:
            raise LookupError(packet_id)
        return entry

    def packet(self, packet_id: str) -> PacketEntry | None:
        """Return a packet's entry."""
        rows = self._run(f"{_PACKETS} WHERE packet_id=?", (packet_id,))
        return PacketEntry(*rows[0]) if rows else None

    def packets(self, stage: str = "") -> tuple[PacketEntry, ...]:
        """Return all packets in order of arrival, or those at one stage."""
        rows = self._run(
            f"{_PACKETS} WHERE ?='' OR stage=? ORDER BY dc_seq",
            (stage, stage),
        )
        return tuple(PacketEntry(*row) for row in rows)

    def of_nik(self, nik: str) -> tuple[PacketEntry, ...]:
        """Return the packets that were opened and hold this NIK."""
        rows = self._run(f"{_PACKETS} WHERE nik=? ORDER BY dc_seq", (nik,))
        return tuple(PacketEntry(*row) for row in rows)

    def of_record(self, record_id: str) -> PacketEntry | None:
        """Return the newest packet of a record."""
        rows = self._run(
            f"{_PACKETS} WHERE record_id=? ORDER BY dc_seq DESC LIMIT 1",
            (record_id,),
        )
        return PacketEntry(*rows[0]) if rows else None

    def keep_receipt(self, packet_id: str, receipt: bytes) -> None:
        """Keep the signed receipt: the same one is given out ever after."""
        self._run("UPDATE packet SET receipt=? WHERE packet_id=?", (receipt, packet_id))

    def keep_opened(self, packet_id: str, facts: Mapping[str, str | int]) -> None:
        """Keep what the opened packet says: record_id, nik, area, attempt, print_from."""
        self._run(
            "UPDATE packet SET record_id=?, nik=?, area=?, attempt=?, print_from=? WHERE packet_id=?",
            (*(facts[k] for k in ("record_id", "nik", "area", "attempt", "print_from")), packet_id),
        )

    def keep_attempt(self, packet_id: str, attempt: int) -> None:
        """Note which sending of a packet is being examined."""
        self._run("UPDATE packet SET attempt=? WHERE packet_id=?", (attempt, packet_id))

    def move(
        self,
        packet_id: str,
        stage: str,
        station_id: str = "",
        event: Mapping[str, Any] | None = None,
    ) -> int:
        """Move a packet and publish its event in one transaction; return the event's number or 0."""
        with self._transaction():
            self._db.execute("UPDATE packet SET stage=? WHERE packet_id=?", (stage, packet_id))
            return self._publish(station_id, event) if event is not None else 0

    def events(self, station_id: str, after: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """Return a station's events after a number, in order, and the highest number there is."""
        with self._lock:
            rows = self._run(
                "SELECT body FROM event WHERE station_id=? AND server_seq>? ORDER BY server_seq LIMIT ?",
                (station_id, after, limit),
            )
            return [json.loads(row[0]) for row in rows], self._head(station_id)

    def add_prints(self, prints: Sequence[Print]) -> None:
        """Enrol someone's fingers: all of them, or none."""
        with self._transaction():
            self._db.executemany(
                "INSERT INTO print (nik, area, position, template) VALUES (?,?,?,?)",
                [(each.nik, each.area, each.position, each.template) for each in prints],
            )

    def prints(self) -> tuple[Print, ...]:
        """Return every finger the centre holds."""
        return tuple(
            Print(*row) for row in self._run("SELECT nik, area, position, template FROM print")
        )

    def keep_card(self, record_id: str, packet_id: str, sealed: bytes) -> None:
        """Keep the prepared contents of a card, sealed to its desk."""
        self._run(
            "INSERT OR REPLACE INTO card (record_id, packet_id, sealed) VALUES (?,?,?)",
            (record_id, packet_id, sealed),
        )

    def card(self, record_id: str) -> bytes:
        """Return the sealed contents, b'' when there are none."""
        rows = self._run("SELECT sealed FROM card WHERE record_id=?", (record_id,))
        return bytes(rows[0][0]) if rows else b""

    def activate(self, record_id: str, serial: str, tx_counter: int) -> bool:
        """Note an activation; return False when this one was noted before."""
        with self._lock:
            rows = self._run("SELECT serial, tx_counter FROM card WHERE record_id=?", (record_id,))
            if rows and (rows[0][0], rows[0][1]) == (serial, tx_counter):
                return False
            self._run(
                "UPDATE card SET serial=?, tx_counter=? WHERE record_id=?",
                (serial, tx_counter, record_id),
            )
            return True

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _publish(self, station_id: str, event: Mapping[str, Any]) -> int:
        number = self._head(station_id) + 1
        body = json.dumps({**event, "server_seq": number}, sort_keys=True)
        self._db.execute("INSERT INTO event VALUES (?,?,?)", (station_id, number, body))
        return number

    def _head(self, station_id: str) -> int:
        row = self._db.execute(
            "SELECT coalesce(max(server_seq), 0) FROM event WHERE station_id=?", (station_id,)
        ).fetchone()
        return int(row[0])

    def _run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()
