"""A card that is watched: its commands stand in the diary, faults strike at the command they were asked for."""

import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from drivers.emulation.card.chip import Chip, ForeignChip
from drivers.emulation.card.faults import CardMute, CardTorn, Cut, Outcome
from drivers.emulation.card.sam_chip import SamChip
from drivers.emulation.emulated import Diary

InnerChip = Chip | ForeignChip | SamChip


class CardFault(StrEnum):
    """What can be asked of a card at its command number n."""

    MUTE = "mute"  # gets the command, answers never
    TEAR = "tear"  # leaves the field before the command is processed
    TORN = "torn"  # leaves the field in the middle of a write
    LOST = "lost"  # processed, but the answer is lost
    FLIP = "flip"  # one bit of the answer is turned over
    REFUSE = "refuse"  # 6F00 and nothing done
    SHORT = "short"  # an answer of one byte


@dataclass(slots=True)
class _Planned:
    fault: CardFault
    at: int


_REFUSED: Final = b"\x6f\x00"


class WatchedChip:
    """Wraps one card; ``transmit`` is called by the transport's thread alone."""

    def __init__(self, chip: InnerChip, diary: Diary) -> None:
        self._chip = chip
        self._diary = diary
        self._lock = threading.Lock()
        self._planned: list[_Planned] = []
        self._commands = 0
        self.atr = chip.atr
        self.serial = chip.serial
        self.removed = chip.removed

    @property
    def commands(self) -> int:
        """Commands so far."""
        return self._commands

    @property
    def updates(self) -> int:
        """Write commands that reached the card."""
        return self._chip.updates

    def plan(self, fault: CardFault, ahead: int) -> None:
        """Have a fault strike after ``ahead`` more commands."""
        with self._lock:
            self._planned.append(_Planned(fault, self._commands + ahead))

    def power_on(self) -> None:
        """Enter the field."""
        self._diary.note("power on")
        self._chip.power_on()

    def power_off(self) -> None:
        """Leave the field."""
        self._chip.power_off()

    def reset(self) -> None:
        """Warm reset."""
        self._diary.note("reset")
        self._chip.reset()

    def transmit(self, raw: bytes) -> bytes:
        """Pass one command on, unless a fault strikes; the diary gets header, lengths and status word."""
        with self._lock:
            number, self._commands = self._commands, self._commands + 1
            fault = next((p.fault for p in self._planned if p.at == number), None)
            self._planned = [p for p in self._planned if p.at > number]
        try:
            answer = self._struck(raw, fault)
        except (CardMute, CardTorn):
            self._note(number, raw, sw="none", fault=str(fault or "removed"))
            raise
        told = {"fault": str(fault)} if fault is not None else {}
        self._note(number, raw, sw=answer[-2:].hex().upper(), bytes=max(0, len(answer) - 2), **told)
        return answer

    def _note(self, number: int, raw: bytes, **facts: str | int) -> None:
        self._diary.note("apdu", n=number, header=raw[:4].hex().upper(), length=len(raw), **facts)

    def _struck(self, raw: bytes, fault: CardFault | None) -> bytes:
        match fault:
            case CardFault.MUTE:
                raise CardMute
            case CardFault.TEAR:
                self._chip.power_off()
                raise CardTorn
            case CardFault.REFUSE:
                return _REFUSED
            case CardFault.SHORT:
                return b"\x90"
            case CardFault.TORN if isinstance(self._chip, Chip):
                self._chip.arm(Cut(0, Outcome.TORN))
        answer = self._chip.transmit(raw)
        if fault in {CardFault.LOST, CardFault.TORN}:
            self._chip.power_off()
            raise CardTorn
        if fault is CardFault.FLIP:
            return bytes((answer[0] ^ 1,)) + answer[1:]
        return answer
