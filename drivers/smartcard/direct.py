"""The emulated card reached in process: same card object, no PC/SC service."""

import threading

from drivers.emulation.card.faults import CardMute, CardTorn
from drivers.emulation.card.rack import AnyChip, Rack
from drivers.smartcard.transport import WATCHDOG_S
from station.clock import CancelToken, Deadline
from station.devices import CardTransport, DeviceInfo, Grade, Health, HealthState
from station.errors import CardError, CardOutcomeUnknown, NoCard


class DirectTransport:
    """An exclusive connection to one emulated card; dead after the first lost answer."""

    def __init__(self, chip: AnyChip, reader: str, lock: threading.Lock, watchdog_s: float) -> None:
        self._chip = chip
        self._reader = reader
        self._lock = lock
        self._watchdog_s = watchdog_s
        self._alive = True
        self._closed = False

    @property
    def reader(self) -> str:
        """Name of the reader."""
        return self._reader

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._chip.atr

    def exchange(self, command: bytes) -> tuple[bytes, int]:
        """Send one command APDU; CardOutcomeUnknown when the card is torn away or stays mute."""
        if not self._alive or self._closed:
            raise CardOutcomeUnknown(reason="connection_lost")
        if self._chip.removed.is_set():
            self._alive = False
            raise CardOutcomeUnknown(reason="removed")
        try:
            answer = self._chip.transmit(command)
        except CardTorn as cause:
            self._alive = False
            raise CardOutcomeUnknown(reason="torn") from cause
        except CardMute as cause:
            self._alive = False
            self._chip.removed.wait(self._watchdog_s)
            raise CardOutcomeUnknown(reason="mute") from cause
        if len(answer) < 2:
            self._alive = False
            raise CardOutcomeUnknown(reason="no_status")
        return answer[:-2], int.from_bytes(answer[-2:])

    def close(self) -> None:
        """Release the card; it loses its volatile state."""
        if not self._closed:
            self._closed = True
            self._chip.power_off()
            self._lock.release()


class DirectReader:
    """A card reader around a rack of emulated cards."""

    def __init__(self, rack: Rack, *, watchdog_s: float = WATCHDOG_S) -> None:
        self._rack = rack
        self._watchdog_s = watchdog_s
        self._lock = threading.Lock()

    @property
    def info(self) -> DeviceInfo:
        """Who this is."""
        name = "Pembaca kartu emulasi"
        return DeviceInfo("reader.direct", "Rekam", name, "-", "1", "in-process", Grade.EMULATED)

    @property
    def path_kind(self) -> str:
        """``in-process``."""
        return "in-process"

    def open(self, deadline: Deadline) -> None:
        """Nothing to connect."""
        del deadline

    def close(self) -> None:
        """Nothing to release."""

    def self_test(self, deadline: Deadline) -> Health:
        """Always ready."""
        del deadline
        return Health(HealthState.READY, detail=self.path_kind)

    def card_present(self) -> bool:
        """Whether a card lies on the rack's reader."""
        return self._rack.current is not None

    def wait_card(self, cancel: CancelToken, deadline: Deadline, *, present: bool = True) -> None:
        """Block until a card is there (or gone); NoCard at the deadline."""
        while self.card_present() is not present:
            cancel.check()
            if deadline.passed():
                raise NoCard(waited_for="present" if present else "absent")
            self._rack.wait(min(0.1, deadline.left()))

    def connect(self) -> CardTransport:
        """Connect exclusively and power the card; NoCard, CardError when it is held already."""
        chip = self._rack.current
        if chip is None:
            raise NoCard
        if not self._lock.acquire(blocking=False):
            raise CardError(reason="sharing", reader=self.info.model)
        chip.power_on()
        return DirectTransport(chip, self.info.model, self._lock, self._watchdog_s)
