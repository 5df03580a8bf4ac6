"""The tear journal: what was about to be done to which chip, durable before it is done."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from station.card.lines import DurableLines, JsonLine
from station.clock import Clock


class Entry(StrEnum):
    """Kinds of journal entries."""

    PERSO_BEGIN = "perso_begin"  # detail: digest of the contents
    STEP = "step"  # detail: file and offset, before the write
    PERSO_COMMIT = "perso_commit"  # before CC goes to PERSONALISED
    PERSO_DONE = "perso_done"
    TRY = "try"  # a finger is about to be compared; detail: its position code
    ACT_BEGIN = "act_begin"  # detail: the ACT record, hex
    ACT_COMMIT = "act_commit"  # before CC goes to ACTIVE
    ACT_DONE = "act_done"  # detail: the signed report
    RETURNED = "returned"
    CHIP_FAIL = "chip_fail"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry, keyed by card serial and transaction counter. No payload and nothing personal."""

    serial: str
    tx: int
    kind: Entry
    at: str  # ISO 8601, UTC
    detail: str = ""


class JournalShelf(Protocol):
    """Where entries are kept; ``append`` returns only when the entry would survive a power cut."""

    def append(self, entry: JournalEntry) -> None:
        """Keep one entry; StoreError."""
        ...

    def entries(self, serial: str) -> tuple[JournalEntry, ...]:
        """Return the entries of one card, oldest first."""
        ...


class MemoryJournalShelf:
    """Entries in memory, for rehearsals and tests."""

    def __init__(self) -> None:
        self._entries: dict[str, list[JournalEntry]] = {}

    def append(self, entry: JournalEntry) -> None:
        """Keep one entry."""
        self._entries.setdefault(entry.serial, []).append(entry)

    def entries(self, serial: str) -> tuple[JournalEntry, ...]:
        """Return the entries of one card, oldest first."""
        return tuple(self._entries.get(serial, ()))


class FileJournalShelf:
    """Entries as synced lines in one file per card serial."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def append(self, entry: JournalEntry) -> None:
        """Write one entry and wait for the disk; StoreError."""
        line: JsonLine = {
            "serial": entry.serial,
            "tx": entry.tx,
            "kind": entry.kind.value,
            "at": entry.at,
            "detail": entry.detail,
        }
        self._lines(entry.serial).append(line)

    def entries(self, serial: str) -> tuple[JournalEntry, ...]:
        """Return the entries of one card, oldest first; StoreCorrupt."""
        return tuple(self._lines(serial).read(_entry))

    def _lines(self, serial: str) -> DurableLines:
        safe = "".join(letter for letter in serial if letter.isalnum())
        return DurableLines(self._folder / f"{safe}.jsonl")


def _entry(line: dict[str, Any]) -> JournalEntry:
    return JournalEntry(
        str(line["serial"]),
        int(line["tx"]),
        Entry(line["kind"]),
        str(line["at"]),
        str(line["detail"]),
    )


class CardJournal:
    """The journal of one desk."""

    def __init__(self, shelf: JournalShelf, clock: Clock) -> None:
        self._shelf = shelf
        self._clock = clock

    def note(self, serial: str, tx: int, kind: Entry, detail: str = "") -> None:
        """Write down what is about to happen, or happened; returns when it is durable."""
        at = self._clock.now().astimezone(dt.UTC).isoformat(timespec="seconds")
        self._shelf.append(JournalEntry(serial, tx, kind, at, detail))

    def last(self, serial: str, kind: Entry) -> JournalEntry | None:
        """Return the newest entry of that kind."""
        found = self._all(serial, lambda entry: entry.kind is kind)
        return found[-1] if found else None

    def count(self, serial: str, kind: Entry) -> int:
        """Return how many entries of that kind the card has."""
        return len(self._all(serial, lambda entry: entry.kind is kind))

    def _all(self, serial: str, wanted: Callable[[JournalEntry], bool]) -> list[JournalEntry]:
        return [entry for entry in self._shelf.entries(serial) if wanted(entry)]
