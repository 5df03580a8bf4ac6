"""The card register: every blank has an identity and exactly one state."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

from station.card.lines import DurableLines
from station.clock import Clock
from station.errors import CardStateRefused, CardSwapped, UnknownCard


class CardState(StrEnum):
    """Where a piece of card stock stands."""

    IN_STORE = "IN_STORE"
    ISSUED_TO_DESK = "ISSUED_TO_DESK"
    PRINTED = "PRINTED"
    ACTIVATED = "ACTIVATED"
    ISSUED = "ISSUED"
    SPOILED = "SPOILED"
    FACTORY_DEFECT = "FACTORY_DEFECT"
    CHIP_FAIL = "CHIP_FAIL"
    RETURNED = "RETURNED"
    LOST = "LOST"
    VOIDED = "VOIDED"
    BAGGED = "BAGGED"
    DESTROYED = "DESTROYED"


_S = CardState
_FAILED: Final = frozenset({_S.SPOILED, _S.FACTORY_DEFECT, _S.CHIP_FAIL, _S.RETURNED, _S.LOST})
NEXT: Final[Mapping[CardState, frozenset[CardState]]] = {
    _S.IN_STORE: frozenset({_S.ISSUED_TO_DESK, _S.FACTORY_DEFECT, _S.LOST}),
    _S.ISSUED_TO_DESK: frozenset({_S.IN_STORE, _S.PRINTED}) | (_FAILED - {_S.RETURNED}),
    _S.PRINTED: frozenset({_S.ACTIVATED}) | _FAILED,
    _S.ACTIVATED: frozenset({_S.ISSUED, _S.SPOILED, _S.LOST, _S.RETURNED, _S.VOIDED}),
    _S.ISSUED: frozenset({_S.LOST, _S.RETURNED, _S.VOIDED}),
    _S.SPOILED: frozenset({_S.VOIDED}),
    _S.FACTORY_DEFECT: frozenset({_S.VOIDED}),
    _S.CHIP_FAIL: frozenset({_S.VOIDED}),
    _S.RETURNED: frozenset({_S.VOIDED}),
    _S.LOST: frozenset({_S.VOIDED}),
    _S.VOIDED: frozenset({_S.BAGGED}),
    _S.BAGGED: frozenset({_S.DESTROYED}),
    _S.DESTROYED: frozenset(),
}
# A record may take another blank only when its earlier ones ended, in a state somebody accounted for.
_ENDED: Final = _FAILED | {_S.VOIDED, _S.BAGGED, _S.DESTROYED}
_IN_USE: Final = frozenset({_S.ACTIVATED, _S.ISSUED})


@dataclass(frozen=True, slots=True)
class CardEntry:
    """One row of the register."""

    serial: str  # 16 hex digits, as in CC
    printed_serial: str
    state: CardState
    record_id: str = ""  # '' = not assigned
    reason: str = ""
    changed_at: str = ""


class RegisterShelf(Protocol):
    """Where rows are kept; ``save`` returns only when the row would survive a power cut."""

    def load(self, serial: str) -> CardEntry | None:
        """Return one row or None."""
        ...

    def save(self, entry: CardEntry) -> None:
        """Insert or replace one row; StoreError."""
        ...

    def of_record(self, record_id: str) -> tuple[CardEntry, ...]:
        """Return all rows assigned to one record."""
        ...


class MemoryRegisterShelf:
    """Rows in memory, for rehearsals and tests."""

    def __init__(self) -> None:
        self._rows: dict[str, CardEntry] = {}

    def load(self, serial: str) -> CardEntry | None:
        """Return one row or None."""
        return self._rows.get(serial)

    def save(self, entry: CardEntry) -> None:
        """Insert or replace one row."""
        self._rows[entry.serial] = entry

    def of_record(self, record_id: str) -> tuple[CardEntry, ...]:
        """Return all rows assigned to one record."""
        return tuple(row for row in self._rows.values() if row.record_id == record_id)


class FileRegisterShelf:
    """Rows as synced lines in one file; the newest line of a serial is its row."""

    def __init__(self, path: Path) -> None:
        """Read the file; StoreCorrupt when a line of it is no row."""
        self._lines = DurableLines(path)
        self._rows = {row.serial: row for row in self._lines.read(_entry)}

    def load(self, serial: str) -> CardEntry | None:
        """Return one row or None."""
        return self._rows.get(serial)

    def save(self, entry: CardEntry) -> None:
        """Append the row and wait for the disk; StoreError."""
        self._lines.append({name: str(getattr(entry, name)) for name in CardEntry.__slots__})
        self._rows[entry.serial] = entry

    def of_record(self, record_id: str) -> tuple[CardEntry, ...]:
        """Return all rows assigned to one record."""
        return tuple(row for row in self._rows.values() if row.record_id == record_id)


def _entry(line: dict[str, Any]) -> CardEntry:
    return CardEntry(
        serial=str(line["serial"]),
        printed_serial=str(line["printed_serial"]),
        state=CardState(line["state"]),
        record_id=str(line["record_id"]),
        reason=str(line["reason"]),
        changed_at=str(line["changed_at"]),
    )


class CardRegister:
    """The register of one desk."""

    def __init__(self, shelf: RegisterShelf, clock: Clock) -> None:
        self._shelf = shelf
        self._clock = clock

    def receive(self, serial: str, printed_serial: str = "") -> CardEntry:
        """Enter a new blank as IN_STORE; CardStateRefused when the serial is already known."""
        if self._shelf.load(serial) is not None:
            raise CardStateRefused(reason="already_received", serial=serial)
        return self._save(CardEntry(serial, printed_serial, CardState.IN_STORE))

    def entry(self, serial: str) -> CardEntry:
        """Return the row of a card; UnknownCard when there is none."""
        found = self._shelf.load(serial)
        if found is None:
            raise UnknownCard(reason="not_in_register", serial=serial)
        return found

    def of_record(self, record_id: str) -> tuple[CardEntry, ...]:
        """Return every card ever assigned to a record."""
        return self._shelf.of_record(record_id)

    def move(self, serial: str, state: CardState, reason: str = "") -> CardEntry:
        """Move a card along the table; the same state again is no change; CardStateRefused."""
        held = self.entry(serial)
        if held.state is state:
            return held
        if state not in NEXT[held.state]:
            raise CardStateRefused(
                reason="register", serial=serial, state=held.state, wanted=state.value
            )
        return self._save(replace(held, state=state, reason=reason))

    def assign(self, serial: str, record_id: str) -> CardEntry:
        """Give a blank at this desk to a record, once.

        CardStateRefused when it is not at the desk or belongs to another record; CardSwapped when the
        record already works with another blank that nobody has accounted for.
        """
        held = self.entry(serial)
        if held.record_id not in {"", record_id}:
            raise CardStateRefused(reason="other_record", serial=serial)
        if held.record_id == record_id:
            return held
        if held.state is not CardState.ISSUED_TO_DESK:
            raise CardStateRefused(reason="not_at_desk", serial=serial, state=held.state.value)
        for other in self._shelf.of_record(record_id):
            if other.state not in _ENDED | _IN_USE:
                raise CardSwapped(reason="another_blank_in_work", serial=serial, begun=other.serial)
        return self._save(replace(held, record_id=record_id))

    def may_activate(self, serial: str, record_id: str) -> CardEntry:
        """Return the row when the card may become active for the record; CardStateRefused otherwise.

        The old card is taken and voided before the new one is activated.
        """
        held = self.entry(serial)
        if held.record_id != record_id:
            raise CardStateRefused(reason="other_record", serial=serial)
        if held.state not in {CardState.PRINTED, CardState.ACTIVATED}:
            raise CardStateRefused(reason="register", serial=serial, state=held.state.value)
        for other in self._shelf.of_record(record_id):
            if other.serial != serial and other.state in _IN_USE:
                raise CardStateRefused(
                    reason="old_card_not_voided", serial=serial, old=other.serial
                )
        return held

    def _save(self, entry: CardEntry) -> CardEntry:
        at = self._clock.now().astimezone(dt.UTC).isoformat(timespec="seconds")
        stamped = replace(entry, changed_at=at)
        self._shelf.save(stamped)
        return stamped
