"""The rig of ``reader.pcsc``: the real PC/SC service, an emulated card in a slot of vpcd, faults at the card's edge.

The "image" is a file of the card, read through the secure channel: whatever the contacts do to an APDU, the
reader's user gets the exact bytes or a typed error. Needs ``pcscd`` with vpcd; started when this process may.
"""

import atexit
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Final, cast

import numpy as np

from drivers.conformance.rig import Rig, RigUnavailable
from drivers.contract import Driver
from drivers.emulation.card.chip import Chip
from drivers.emulation.card.faults import CardMute, CardTorn
from drivers.emulation.card.rack import make_chip
from drivers.emulation.card.vpcd import PORT, VpcdSlot
from drivers.faults.grammars.message import ApduGrammar
from drivers.faults.outflow import Outflow
from drivers.faults.plan import Side, WireFault
from drivers.faults.wire import Unplugged, Wire
from drivers.smartcard.driver import DRIVER
from drivers.smartcard.pcsc import PcscReader
from drivers.smartcard.service import service_readers, start_service
from station.card.files import Connected, open_channel, read_file
from station.card.profile import FILES, SERIAL_BYTES, Fid, KeySet
from station.card.sam import MASTER_BYTES, SoftwareSam
from station.clock import CancelToken, Deadline
from station.devices import CardReader, Device, Sink
from station.errors import CardOutcomeUnknown, NoCard, NoReader, OperatorCancelled

_MASTER: Final = bytes(range(MASTER_BYTES))
_FILE: Final = Fid.ACT
_WATCHDOG_S: Final = 0.4
_SLICE_S: Final = 0.02
_SLOTS: Final = 2
_SEEN_S: Final = 1.5
_TRIES: Final = 4
# An APDU comes to the reader's driver whole: these faults have no byte to stretch.
_EXEMPT: Final[Mapping[WireFault, str]] = MappingProxyType(
    dict.fromkeys(
        (WireFault.DELAY_BYTES, WireFault.SLOW_DRIP),
        "PC/SC hands over whole APDUs; there is no byte of one that could come alone",
    )
)


class CardOnWire:
    """A card whose APDUs pass through the proxy; what is too much for one answer waits for the next."""

    def __init__(self, rig: "PcscRig", serial: bytes) -> None:
        self._rig = rig
        self._serial = serial
        self._chip = self._fresh()
        self._waiting: deque[bytes] = deque()
        self.atr = self._chip.atr
        self.removed = threading.Event()
        self.spoiled = False  # mute or torn: only lifting it helps

    def power_on(self) -> None:
        """Enter the field, unharmed: what the last fault did to key counters is forgotten."""
        self._chip = self._fresh()
        self._chip.power_on()
        self._waiting.clear()

    def power_off(self) -> None:
        """Leave the field."""
        self._chip.power_off()
        self._waiting.clear()

    def reset(self) -> None:
        """Warm reset."""
        self.power_on()

    def transmit(self, raw: bytes) -> bytes:
        """Pass a command and its answer on as the plan lets them; no answer at all is a mute card."""
        for command in self._passed(Side.TO_DEVICE, raw):
            self._waiting.extend(self._passed(Side.TO_HOST, self._chip.transmit(command)))
        if not self._waiting:
            self.spoiled = True
            raise CardMute
        return self._waiting.popleft()

    def _fresh(self) -> Chip:
        chip = make_chip(_MASTER, self._serial)
        chip.eeprom.update(_FILE, 0, self._rig.content)
        return chip

    def _passed(self, side: Side, data: bytes) -> list[bytes]:
        flow, out = Outflow(self._rig.wire), list[bytes]()
        flow.add(self._rig.wire.message(side, data))
        while (wait := flow.wait_s()) is not None:
            step = flow.due()
            if isinstance(step, Unplugged):
                self.spoiled = True
                self.power_off()
                raise CardTorn
            if step is not None:
                out.append(step)
            elif self.removed.wait(min(wait, _SLICE_S)):
                raise CardTorn
        return out


class PcscRig(Rig):
    """One slot of vpcd. Two rigs can work at the same time: vpcd has two slots."""

    name = "reader.pcsc"
    capture_s = 1.5
    open_s = 3.0
    exempt = _EXEMPT
    tells_events = False
    at_once = _SLOTS

    _free: ClassVar[list[int]] = list(range(_SLOTS))
    _guard: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, seed: int = 7) -> None:
        """Need the service; RigUnavailable says why there is none."""
        _need_service()
        self.wire = Wire(ApduGrammar())
        self.content = _content(seed)
        self._number = -1
        self._card: CardOnWire | None = None
        self._lock = threading.RLock()

    def start(self) -> None:
        """Take a slot and lay the card."""
        with self._guard:
            if not self._free:
                raise RigUnavailable("both slots of vpcd are in use")
            self._number = self._free.pop(0)
        self._slot = VpcdSlot(port=PORT + self._number)
        try:
            self.replug()
        except NoReader as cause:
            with self._guard:
                self._free.append(self._number)
            reason = f"{self._reader_name} is used by another program on this machine"
            raise RigUnavailable(reason) from cause

    def stop(self) -> None:
        """Lift the card and give the slot back."""
        self.unplug()
        self._seen(present=False)
        with self._guard:
            self._free.append(self._number)

    def device(self) -> Device:
        """Return the driver's reader of this slot, not opened."""
        return PcscReader(self._reader_name, watchdog_s=_WATCHDOG_S)

    def capture(
        self, device: Device, sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> object:
        """Wait for the card and read a file through the secure channel; cancel closes the connection."""
        self._lift_spoiled()
        reader = cast(CardReader, device)
        reader.wait_card(cancel, deadline)
        try:
            return self._read(_Cancelled(reader, cancel))
        except CardOutcomeUnknown:
            if cancel.cancelled:  # a read: nothing on the card can have changed
                raise OperatorCancelled from None
            raise

    def exact(self, result: object) -> bool:
        """Whether the file is the card's."""
        return result == self.content

    def subject(self, *, present: bool) -> None:
        """Lay the card or lift it."""
        if present:
            self.replug()
        else:
            self.unplug()
            self._seen(present=False)

    def unplug(self) -> None:
        """Lift the card."""
        with self._lock:
            card, self._card = self._card, None
            if card is not None:
                card.removed.set()
            self._slot.remove()

    def replug(self, serial: str = "") -> None:
        """Lay the card, or another one."""
        with self._lock:
            if self._card is not None and not self._card.spoiled and not serial:
                return
            number = int(serial) if serial else 1
            for _ in range(_TRIES):
                self.unplug()
                self._seen(present=False)
                self._card = CardOnWire(self, number.to_bytes(SERIAL_BYTES))
                self._slot.insert(self._card)
                if self._seen(present=True):
                    return
            raise RuntimeError("the service does not see the card")

    def vary(self, seed: int) -> bool:
        """Lay a card with another file."""
        self.content = _content(seed)
        self.unplug()
        self.replug()
        return True

    def secrets(self) -> Sequence[bytes]:
        """Return the file: what is on a card may be anybody's fingers."""
        return (self.content,)

    def driver(self) -> Driver:
        """Return the driver's object."""
        return DRIVER

    def addresses(self) -> tuple[str, ...]:
        """Return this slot's name and one that nobody has."""
        return (self._reader_name, "no reader has this name")

    @property
    def _reader_name(self) -> str:
        return f"Virtual PCD 00 {self._number:02d}"

    def _read(self, reader: "_Cancelled") -> bytes:
        with Connected(cast(CardReader, reader)) as card:
            channel = open_channel(
                card.link, SoftwareSam(_MASTER), card.control.serial, KeySet.PERSO
            )
            return read_file(channel, _FILE)

    def _lift_spoiled(self) -> None:
        """Do what the screen tells the operator after a mute or torn card: lift it and lay it again."""
        with self._lock:
            if self._card is not None and self._card.spoiled:
                self.replug()

    def _seen(self, *, present: bool) -> bool:
        """Wait until the service has noticed; after a tear it sometimes never sees the next card."""
        reader = PcscReader(self._reader_name)
        try:
            reader.open(Deadline.after(_SEEN_S))
            reader.wait_card(CancelToken(), Deadline.after(_SEEN_S), present=present)
        except NoCard:
            return False
        finally:
            reader.close()
        return True


class _Cancelled:
    """A reader whose connections end with a token."""

    def __init__(self, reader: CardReader, cancel: CancelToken) -> None:
        self._reader = reader
        self._cancel = cancel

    def connect(self) -> object:
        transport = self._reader.connect()
        self._cancel.on_cancel(transport.close)
        return transport


def _content(seed: int) -> bytes:
    return np.random.default_rng(seed).bytes(FILES[_FILE].size)


def _need_service() -> None:
    try:
        service_readers()
    except NoReader:
        try:
            atexit.register(start_service(Deadline.after(5.0)))
        except NoReader as why:
            raise RigUnavailable(f"no PC/SC service with vpcd: {why.facts['reason']}") from why


def make_rig() -> Rig:
    """Return a fresh rig; RigUnavailable where no PC/SC service can run."""
    return PcscRig()
