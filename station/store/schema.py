"""The tables, as numbered steps: a store is brought from its version to ours, each step one transaction."""

from typing import Final

STEPS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

    CREATE TABLE draft (
        id TEXT PRIMARY KEY, wrapped_key BLOB NOT NULL, created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE draft_event (
        draft_id TEXT NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
        n INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (draft_id, n)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE packet (
        id TEXT PRIMARY KEY, record_id TEXT NOT NULL, seq INTEGER NOT NULL UNIQUE,
        size INTEGER NOT NULL, sha256 TEXT NOT NULL, prev_sha256 TEXT NOT NULL,
        sealed_at INTEGER NOT NULL, received_at INTEGER, legal_hold INTEGER NOT NULL DEFAULT 0,
        destroyed_at INTEGER, recipients TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE outbox (
        packet_id TEXT PRIMARY KEY REFERENCES packet(id), routing BLOB NOT NULL,
        routing_signature BLOB NOT NULL, attempt INTEGER NOT NULL, state TEXT NOT NULL,
        upload_path TEXT NOT NULL DEFAULT '', offset INTEGER NOT NULL DEFAULT 0,
        failures INTEGER NOT NULL DEFAULT 0, next_try_at INTEGER, last_error TEXT NOT NULL DEFAULT '',
        receipt BLOB NOT NULL DEFAULT x'', lease_until INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX outbox_state ON outbox(state);

    CREATE TABLE record (
        id TEXT PRIMARY KEY, nik TEXT NOT NULL, name TEXT NOT NULL, code TEXT NOT NULL,
        status TEXT NOT NULL, delivery TEXT NOT NULL, packet_id TEXT NOT NULL,
        updated_at INTEGER NOT NULL, body BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX record_nik ON record(nik);
    CREATE INDEX record_packet ON record(packet_id);
    CREATE TABLE stray_event (server_seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;

    CREATE TABLE shelf (
        shelf TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (shelf, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE roll (
        roll TEXT NOT NULL, n INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (roll, n)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE destruction (
        packet_id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
)
VERSION: Final = len(STEPS)
