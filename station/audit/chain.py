"""The hash chain of the audit log: ``h_i = SHA-256(0x00 || h_(i-1) || canonical JSON)``, h_0 = zeros.

Changing, deleting or reordering a row breaks the chain at that row. A chain alone does not show a
cut-off end: checkpoints do (``station.audit.checkpoint``).
"""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Detail = str | int | float | bool
ZERO: Final = bytes(32)


class Action(StrEnum):
    """What is written down: also mere views and searches of a person."""

    SIGN_IN = "SIGN_IN"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    SIGN_OUT = "SIGN_OUT"
    LOCKED = "LOCKED"
    UNLOCKED = "UNLOCKED"
    APPROVAL = "APPROVAL"
    APPROVAL_FAILED = "APPROVAL_FAILED"
    DEVICE_ADDED = "DEVICE_ADDED"
    DEVICE_REMOVED = "DEVICE_REMOVED"
    SEARCH = "SEARCH"
    VIEW = "VIEW"
    ENROLMENT_STARTED = "ENROLMENT_STARTED"
    CAPTURE = "CAPTURE"
    EXEMPTION = "EXEMPTION"
    OVERRIDE = "OVERRIDE"
    SEALED = "SEALED"
    SENT = "SENT"
    STATUS_REFUSED = "STATUS_REFUSED"
    EXPORT = "EXPORT"
    IMPORT = "IMPORT"
    PRINT = "PRINT"
    CARD_STEP = "CARD_STEP"
    CARD_ISSUED = "CARD_ISSUED"
    DESTROYED = "DESTROYED"
    CLOCK_JUMP = "CLOCK_JUMP"
    MASTER_DATA = "MASTER_DATA"
    SETTINGS = "SETTINGS"
    UPDATE = "UPDATE"
    PROGRAM_STARTED = "PROGRAM_STARTED"


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row. Order is ``seq``, never a clock."""

    seq: int  # 1..
    time: dt.datetime  # UTC wall clock
    monotonic: float  # seconds since boot
    boot: str  # boot id
    time_source: str  # "ntp", "centre", "manual"
    operator: str  # operator id, never a person's name
    action: Action
    subject: str  # keyed hash of the NIK, '' when it is about no person
    details: Mapping[str, Detail]
    hash: bytes  # 32 bytes: of the row before and this one


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """Where a log stops being true. ``row`` counts from 1."""

    row: int
    reason: str  # HASH, SEQ, TRUNCATED, ROOT


def subject_of(nik: str, key: bytes) -> str:
    """Return the keyed hash that stands for a NIK: HMAC-SHA-256, hex.

    A plain hash would be undone by counting through the NIKs of a kecamatan.
    """
    return hmac.new(key, nik.encode(), hashlib.sha256).hexdigest()


def canonical(row: AuditRow) -> bytes:
    """Return the JSON that is hashed: sorted keys, no spaces, UTF-8, without the hash itself."""
    fields = {
        "seq": row.seq,
        "time": row.time.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "monotonic": row.monotonic,
        "boot": row.boot,
        "time_source": row.time_source,
        "operator": row.operator,
        "action": row.action,
        "subject": row.subject,
        "details": dict(row.details),
    }
    text = json.dumps(
        fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def chained(before: bytes, row: AuditRow) -> bytes:
    """Return the hash of a row behind the row whose hash is ``before``."""
    return hashlib.sha256(b"\x00" + before + canonical(row)).digest()


def verify(rows: Iterable[AuditRow]) -> ChainBreak | None:
    """Return the first row at which the chain breaks, or None. Rows must be in stored order."""
    before = ZERO
    for number, row in enumerate(rows, 1):
        if row.seq != number:
            return ChainBreak(number, "SEQ")
        if chained(before, row) != row.hash:
            return ChainBreak(number, "HASH")
        before = row.hash
    return None
