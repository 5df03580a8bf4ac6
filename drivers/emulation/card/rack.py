"""A rack of emulated cards: blanks with known serials, one unknown blank, one foreign card."""

import hashlib
import threading
from collections.abc import Sequence
from typing import Final, Protocol

from drivers.emulation.card.chip import Chip, ForeignChip
from drivers.emulation.card.delay import INSTANT, Delay
from station.card.profile import SERIAL_BYTES, KeySet
from station.card.sam import derive_card_keys
from station.errors import NoCard

AnyChip = Chip | ForeignChip
_UNKNOWN: Final = "unknown"
_FOREIGN: Final = "foreign"


class Slot(Protocol):
    """Where a card can be laid so that a reader sees it."""

    def insert(self, chip: AnyChip) -> None:
        """Lay a card."""
        ...

    def remove(self) -> None:
        """Lift it."""
        ...


class Rack:
    """Cards by name and the one that lies on the reader now."""

    def __init__(
        self, master: bytes, *, blanks: int = 8, seed: int = 1, delay: Delay = INSTANT
    ) -> None:
        """Make ``blanks`` cards whose keys a SAM with the same master can derive."""
        self._changed = threading.Condition()
        self._slot: Slot | None = None
        self._current: AnyChip | None = None
        self.serials: Sequence[str] = tuple(serial_of(seed, n).hex().upper() for n in range(blanks))
        self.cards: dict[str, AnyChip] = {
            serial: make_chip(master, bytes.fromhex(serial), seed=seed + n, delay=delay)
            for n, serial in enumerate(self.serials)
        }
        stranger = serial_of(seed, 10_000)
        self.cards[_UNKNOWN] = make_chip(master, stranger, seed=seed, delay=delay)
        self.cards[_FOREIGN] = ForeignChip()

    @property
    def current(self) -> AnyChip | None:
        """The card on the reader."""
        return self._current

    def chip(self, serial: str) -> Chip:
        """Return one of the blanks."""
        found = self.cards[serial]
        if not isinstance(found, Chip):
            raise NoCard(reason="foreign")
        return found

    def insert(self, name: str) -> AnyChip:
        """Lay a card (a serial, ``unknown`` or ``foreign``) on the reader, lifting another first."""
        self.remove()
        chip = self.cards[name]
        chip.removed.clear()
        with self._changed:
            self._current = chip
            self._changed.notify_all()
        if self._slot is not None:
            self._slot.insert(chip)
        return chip

    def remove(self) -> None:
        """Lift the card; without one nothing happens."""
        with self._changed:
            chip, self._current = self._current, None
            self._changed.notify_all()
        if chip is not None:
            chip.removed.set()
            chip.power_off()
        if self._slot is not None:
            self._slot.remove()

    def wait(self, seconds: float) -> None:
        """Wait until a card is laid or lifted, at most ``seconds``."""
        with self._changed:
            self._changed.wait(seconds)

    def attach(self, slot: Slot | None) -> None:
        """Carry the rack's card through a slot (vpcd), or through none."""
        self._slot = slot
        if slot is not None and self._current is not None:
            slot.insert(self._current)


def make_chip(
    master: bytes,
    serial: bytes,
    *,
    seed: int = 1,
    delay: Delay = INSTANT,
    anti_tearing: bool = False,
) -> Chip:
    """Make one blank with the keys its SAM derives."""
    keys = {key_set: derive_card_keys(master, serial, key_set) for key_set in KeySet}
    return Chip(serial, keys, seed=seed, delay=delay, anti_tearing=anti_tearing)


def serial_of(seed: int, number: int) -> bytes:
    """Return the 8-byte serial of card ``number`` of a rack."""
    return hashlib.sha256(f"rekam-card {seed} {number}".encode()).digest()[:SERIAL_BYTES]
