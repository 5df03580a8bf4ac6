"""``rekam emulate card`` and ``rekam emulate sam``: a card in a slot of vpcd, seen through the real pcscd."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from drivers.emulation.card.delay import INSTANT, PROFILES
from drivers.emulation.card.rack import Rack
from drivers.emulation.card.sam_chip import SamChip, master_of
from drivers.emulation.card.vpcd import PORT, VpcdSlot
from drivers.emulation.card.watched import CardFault, InnerChip, WatchedChip
from drivers.emulation.emulated import Fact, Order
from drivers.emulation.script import split_fault
from station.errors import NoReader

_WHEN: Final = re.compile(r"(?P<command>\d{1,6})|t(?P<after>\d{1,6}(\.\d+)?)")
_VERBS: Final = ("INSERT", "REMOVE", "MUTE", "TEAR")
_AGAIN_S: Final = 0.5
_SAM: Final = "sam"


@dataclass(frozen=True, slots=True)
class _Asked:
    fault: CardFault
    command: int = 0
    after_s: float = -1.0


class CardEmulator:
    """Cards by name and the slot they are laid in. ``unplug`` lifts the card, ``replug`` lays one."""

    def __init__(
        self, order: Order, cards: Mapping[str, InnerChip], port: int, facts: Mapping[str, Fact]
    ) -> None:
        """Lay nothing yet; the first card of the mapping comes first."""
        self._order = order
        self._diary = order.diary
        self._chips = {name: WatchedChip(chip, order.diary) for name, chip in cards.items()}
        self._port = port
        self._facts = facts
        self._slot = VpcdSlot(port=port, on_lost=self._line_lost)
        self._name = next(iter(cards))
        self._laid = ""
        self._lock = threading.RLock()
        self._lost = threading.Event()
        self._over = threading.Event()
        self._keeper: threading.Thread | None = None
        self._timers: list[threading.Timer] = []
        self._waiting: list[_Asked] = []  # until the start

    @property
    def url(self) -> str:
        """The PC/SC name of the slot where the port is one of vpcd's usual two, else the port."""
        number = self._port - PORT
        return f"pcsc:Virtual PCD 00 {number:02d}" if number in {0, 1} else f"vpcd:{self._port}"

    @property
    def facts(self) -> Mapping[str, Fact]:
        """Port, names of the cards, which one lies there."""
        return {
            "port": self._port,
            "cards": " ".join(self._chips),
            "laid": self._laid,
            **self._facts,
        }

    def start(self) -> Self:
        """Lay the first card; OSError when vpcd does not listen."""
        self._over.clear()
        if self._order.option("card") != "none":
            try:
                self.insert(self._order.option("card", self._name))
            except NoReader as cause:
                reason = cause.facts.get("reason", "")
                raise ConnectionRefusedError(
                    f"vpcd, port {self._port}: {reason}; is pcscd running?"
                ) from cause
        self._keeper = threading.Thread(target=self._keep, name="card-keeper", daemon=True)
        self._keeper.start()
        waiting, self._waiting = self._waiting, []
        for asked in waiting:
            self._arm(asked)
        return self

    def stop(self) -> None:
        """Lift the card and end; harmless when not started."""
        self._over.set()
        self._lost.set()
        for timer in self._timers:
            timer.cancel()
            timer.join(1.0)
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.join(5.0)
        self.remove()

    def unplug(self) -> None:
        """Lift the card."""
        self.remove()

    def replug(self, serial: str = "") -> None:
        """Lay the same card again, or another one by its name."""
        self.insert(serial or self._name)

    def insert(self, name: str) -> None:
        """Lay a card; ValueError for a name nobody has, NoReader without vpcd."""
        self._check_name(name)
        with self._lock:
            self.remove()
            chip = self._chips[name]
            chip.removed.clear()
            self._slot.insert(chip)
            self._name = self._laid = name
        self._diary.note("inserted", card=name)

    def remove(self) -> None:
        """Lift the card; nothing happens without one."""
        with self._lock:
            name, self._laid = self._laid, ""
            if name:
                self._chips[name].removed.set()
            self._slot.remove()
        if name:
            self._diary.note("removed", card=name)

    def suffer(self, fault: str, when: str) -> None:
        """Ask for a fault at the n-th command from now ("3"), or after seconds ("t2.5"); ValueError."""
        asked = _parse(fault, when)
        if self._keeper is None:
            self._waiting.append(asked)
        else:
            self._arm(asked)

    def check(self, verb: str, argument: str) -> None:
        """Raise the ValueError that ``act`` or ``suffer`` would raise."""
        if verb == "FAULT":
            _parse(*split_fault(argument))
        elif verb == "INSERT":
            self._check_name(argument or self._name)
        elif verb in {"MUTE", "TEAR"}:
            _parse(verb.lower(), argument or "0")
        elif verb != "REMOVE":
            known = ", ".join((*_VERBS, "FAULT", "SLEEP", "UNPLUG", "REPLUG"))
            raise ValueError(f"verb {verb}: one of {known}")

    def act(self, verb: str, argument: str) -> None:
        """Obey INSERT name, REMOVE, MUTE n, TEAR n; ValueError."""
        self.check(verb, argument)
        if verb == "INSERT":
            self.insert(argument or self._name)
        elif verb == "REMOVE":
            self.remove()
        else:
            self.suffer(verb.lower(), argument or "0")

    def _check_name(self, name: str) -> None:
        if name not in self._chips:
            raise ValueError(f"card {name}: one of {', '.join(self._chips)}")

    def _arm(self, asked: _Asked) -> None:
        if asked.after_s < 0:
            self._strike(asked.fault, asked.command)
            return
        timer = threading.Timer(asked.after_s, self._strike, (asked.fault, 0))
        timer.daemon = True
        self._timers.append(timer)
        timer.start()

    def _strike(self, fault: CardFault, ahead: int) -> None:
        self._chips[self._laid or self._name].plan(fault, ahead)

    def _line_lost(self) -> None:
        self._lost.set()

    def _keep(self) -> None:
        """Lay the card again when vpcd went away with the service and has come back."""
        while not self._over.is_set():
            self._lost.wait()
            self._lost.clear()
            while not self._over.is_set() and self._laid:
                with self._lock:
                    if not self._laid or self._try_again(self._laid):
                        break
                self._over.wait(_AGAIN_S)

    def _try_again(self, name: str) -> bool:
        try:
            self._slot.insert(self._chips[name])
        except NoReader:
            return False
        self._diary.note("inserted again", card=name)
        return True


def build_card(order: Order) -> CardEmulator:
    """Return a rack of cards of one seed: blanks by serial number, ``unknown`` and ``foreign``."""
    order.check_options(("card", "delay", "blanks"))
    delay = PROFILES.get(order.option("delay", INSTANT.name))
    if delay is None:
        raise ValueError(f"--set delay: one of {', '.join(PROFILES)}")
    blanks = order.number("blanks", 4)
    rack = Rack(master_of(order.seed), blanks=blanks, seed=order.seed, delay=delay)
    return CardEmulator(order, rack.cards, _port(order, 0), {})


def build_sam(order: Order) -> CardEmulator:
    """Return the rehearsal SAM of a seed, in vpcd's second slot unless told otherwise."""
    order.check_options(("card",))
    chip = SamChip(master_of(order.seed), seed=order.seed)
    return CardEmulator(order, {_SAM: chip}, _port(order, 1), {"aid": "F052454B414D53414D"})


def _port(order: Order, slot: int) -> int:
    return order.port or PORT + slot


def _parse(fault: str, when: str) -> _Asked:
    try:
        kind = CardFault(fault.lower())
    except ValueError as cause:
        raise ValueError(f"fault {fault}: one of {', '.join(CardFault)}") from cause
    found = _WHEN.fullmatch(when)
    if found is None:
        raise ValueError(f"fault {fault}@{when}: @3 (command) or @t2.5 (seconds)")
    if found["after"]:
        return _Asked(kind, after_s=float(found["after"]))
    return _Asked(kind, int(found["command"]))
