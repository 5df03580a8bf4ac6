"""Card readers over PC/SC, through pyscard's thin binding; imported only when a reader is opened."""

import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from station.clock import CancelToken, Deadline
from station.devices import CardTransport, DeviceInfo, Grade, Health, HealthState
from station.errors import (
    CardError,
    CardOutcomeUnknown,
    NoCard,
    NoReader,
    StationError,
)

# PC/SC has no timeout: a mute card blocks until it is lifted, and the screen must speak before 10 s.
WATCHDOG_S: Final = 8.0
_POLL_MS: Final = 200


class Told(NamedTuple):
    """How one PC/SC code is told."""

    error: type[StationError]
    reason: str


CODES: Final[Mapping[int, Told]] = {
    0x80100009: Told(NoReader, "unknown_reader"),
    0x8010000B: Told(CardError, "sharing"),  # another program holds the card
    0x8010000C: Told(NoCard, "no_smartcard"),
    0x80100016: Told(CardError, "not_transacted"),  # next call after a tear
    0x80100017: Told(NoReader, "reader_unavailable"),
    0x8010001D: Told(NoReader, "no_service"),
    0x8010001E: Told(NoReader, "service_stopped"),
    0x8010002E: Told(NoReader, "no_readers"),
    0x80100066: Told(CardError, "unresponsive"),
    0x80100067: Told(CardError, "unpowered"),
    0x80100068: Told(CardError, "reset"),
    0x80100069: Told(NoCard, "removed"),  # old handle after re-insertion: a new connection works
}
_TIMEOUT: Final = 0x8010000A
_SERVICE_GONE: Final = frozenset({0x8010001D, 0x8010001E, 0x80100003})


def told(code: int, **facts: str) -> StationError:
    """Return the typed error of one PC/SC code."""
    error, reason = CODES.get(code & 0xFFFFFFFF, Told(CardError, "pcsc"))
    return error(reason=reason, code=f"{code & 0xFFFFFFFF:08X}", **facts)


def load_scard() -> Any:  # noqa: ANN401 - pyscard's binding is untyped
    """Import pyscard's binding; NoReader when it is not installed."""
    try:
        from smartcard import scard
    except ImportError as cause:
        raise NoReader(reason="pyscard_missing") from cause
    return scard


class PcscContext:
    """A context with the service that is made anew after the service went away."""

    def __init__(self) -> None:
        self.scard = load_scard()
        self._handle: Any = None

    @property
    def handle(self) -> Any:  # noqa: ANN401 - an opaque SWIG number
        """The context; NoReader when the service does not run."""
        if self._handle is None:
            code, handle = self.scard.SCardEstablishContext(self.scard.SCARD_SCOPE_USER)
            if code:
                raise told(code)
            self._handle = handle
        return self._handle

    def check(self, code: int, **facts: str) -> None:
        """Raise the typed error of a code that is not success; drop the context when the service went."""
        if not code:
            return
        if code & 0xFFFFFFFF in _SERVICE_GONE:
            self._handle = None
        raise told(code, **facts)

    def readers(self) -> tuple[str, ...]:
        """Return the names of all readers; () without any, NoReader without the service."""
        code, names = self.scard.SCardListReaders(self.handle, [])
        if code & 0xFFFFFFFF == 0x8010002E:
            return ()
        self.check(code)
        return tuple(names)

    def present(self, reader: str) -> bool:
        """Return whether a card is on the reader now."""
        return self.changed(reader, None, 0)

    def changed(self, reader: str, known: bool | None, wait_ms: int) -> bool:  # noqa: FBT001 - a state, not a switch
        """Wait until presence differs from ``known`` (or the time is over) and return presence."""
        scard = self.scard
        flag = {
            None: scard.SCARD_STATE_UNAWARE,
            True: scard.SCARD_STATE_PRESENT,
            False: scard.SCARD_STATE_EMPTY,
        }[known]
        code, states = scard.SCardGetStatusChange(self.handle, wait_ms, [(reader, flag)])
        if code & 0xFFFFFFFF == _TIMEOUT and known is not None:
            return known
        self.check(code, reader=reader)
        return bool(states[0][1] & scard.SCARD_STATE_PRESENT)

    def release(self) -> None:
        """Give the context back; never raises."""
        if self._handle is not None:
            self.scard.SCardReleaseContext(self._handle)
            self._handle = None


class PcscTransport:
    """An exclusive connection; commands run on one thread with a watchdog, for a mute card never ends."""

    def __init__(
        self, context: PcscContext, reader: str, watchdog_s: float, stuck: threading.Event
    ) -> None:
        self._scard = context.scard
        self._reader = reader
        self._watchdog_s = watchdog_s
        self._stuck = stuck
        code, self._card, protocol = self._scard.SCardConnect(
            context.handle,
            reader,
            self._scard.SCARD_SHARE_EXCLUSIVE,
            self._scard.SCARD_PROTOCOL_T0 | self._scard.SCARD_PROTOCOL_T1,
        )
        context.check(code, reader=reader)
        one = protocol == self._scard.SCARD_PROTOCOL_T1
        self._pci = self._scard.SCARD_PCI_T1 if one else self._scard.SCARD_PCI_T0
        code, _, _, _, atr = self._scard.SCardStatus(self._card)
        self._atr = bytes(atr) if not code else b""
        self._alive, self._closed = True, False
        self._orders: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[int, bytes]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="pcsc-card", daemon=True)
        self._thread.start()

    @property
    def reader(self) -> str:
        """Name of the reader."""
        return self._reader

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._atr

    def exchange(self, command: bytes) -> tuple[bytes, int]:
        """Send one command APDU; any failure is CardOutcomeUnknown and ends this connection."""
        if not self._alive or self._closed:
            raise CardOutcomeUnknown(reason="connection_lost")
        self._orders.put(command)
        try:
            code, answer = self._answers.get(timeout=self._watchdog_s)
        except queue.Empty as cause:
            self._alive = False
            self._stuck.set()  # the call cannot be cancelled: only lifting the card ends it
            raise CardOutcomeUnknown(reason="mute", reader=self._reader) from cause
        if code or len(answer) < 2:
            self._alive = False
            named = CODES.get(code & 0xFFFFFFFF)
            reason = named.reason if named else "torn" if code else "no_status"
            raise CardOutcomeUnknown(reason=reason, code=f"{code & 0xFFFFFFFF:08X}")
        return answer[:-2], int.from_bytes(answer[-2:])

    def close(self) -> None:
        """Release the card with a reset, so that no channel stays open; never raises."""
        if not self._closed:
            self._closed = True
            self._orders.put(None)
            self._thread.join(0.0 if self._stuck.is_set() else 1.0)  # free before the next connect

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            try:
                code, answer = self._scard.SCardTransmit(self._card, self._pci, list(order))
            except Exception:  # noqa: BLE001 - whatever the binding throws, the outcome is unknown
                code, answer = 0x80100001, []
            self._answers.put((code, bytes(answer)))
            if self._stuck.is_set():
                break
        self._scard.SCardDisconnect(self._card, self._scard.SCARD_RESET_CARD)
        self._stuck.clear()


class PcscReader:
    """One PC/SC reader, found by a part of its name."""

    def __init__(
        self,
        name_pattern: str,
        *,
        grade: Grade = Grade.VERIFICATION,
        watchdog_s: float = WATCHDOG_S,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        """Take the first reader whose name contains the pattern; ``on_close`` runs once at close."""
        self._pattern = name_pattern
        self._grade = grade
        self._watchdog_s = watchdog_s
        self._on_close = on_close
        self._context: PcscContext | None = None
        self._name = ""
        self._stuck = threading.Event()
        self._last: PcscTransport | None = None

    @property
    def info(self) -> DeviceInfo:
        """Who this is; the name is known after open."""
        name = self._name or self._pattern
        return DeviceInfo("reader.pcsc", "PC/SC", name, "-", "-", f"pcsc:{name}", self._grade)

    @property
    def path_kind(self) -> str:
        """``pcsc``."""
        return "pcsc"

    def open(self, deadline: Deadline) -> None:
        """Find the reader; NoReader when the service or the reader is not there by the deadline."""
        pause = threading.Event()
        while True:
            try:
                context = self._open_context()
                self._name = next(n for n in context.readers() if self._pattern in n)
            except StopIteration:
                fault: StationError = NoReader(reason="no_such_reader", pattern=self._pattern)
            except NoReader as cause:
                fault = cause
            else:
                return
            if deadline.passed():
                raise fault
            pause.wait(min(0.1, deadline.left()))

    def close(self) -> None:
        """Release context and connection; idempotent, never raises."""
        if self._last is not None:
            self._last.close()
        if self._context is not None:
            self._context.release()
            self._context = None
        todo, self._on_close = self._on_close, None
        if todo is not None:
            todo()

    def self_test(self, deadline: Deadline) -> Health:
        """Ask the service for the reader."""
        try:
            self.open(deadline)
            self.card_present()
        except StationError as fault:
            return Health(HealthState.ABSENT, fault.code, str(fault.facts.get("reason", "")))
        if self._stuck.is_set():
            return Health(HealthState.ATTENTION, CardOutcomeUnknown.code, "mute")
        return Health(HealthState.READY, detail=self._name)

    def card_present(self) -> bool:
        """Whether a card lies on the reader now; NoReader."""
        return self._open_context().present(self._known_name())

    def wait_card(self, cancel: CancelToken, deadline: Deadline, *, present: bool = True) -> None:
        """Block until a card is there (or gone); NoCard at the deadline, NoReader."""
        held = self.card_present()
        while held is not present:
            cancel.check()
            if deadline.passed():
                raise NoCard(waited_for="present" if present else "absent")
            wait = min(_POLL_MS, int(deadline.left() * 1000) + 1)
            held = self._open_context().changed(self._known_name(), held, wait)

    def connect(self) -> CardTransport:
        """Connect exclusively; NoCard, NoReader, CardError (``sharing``, or ``mute`` until lifted)."""
        if self._stuck.is_set():
            raise CardError(reason="mute", reader=self._known_name())
        self._last = PcscTransport(
            self._open_context(), self._known_name(), self._watchdog_s, self._stuck
        )
        return self._last

    def _known_name(self) -> str:
        if not self._name:
            raise NoReader(reason="not_open", pattern=self._pattern)
        return self._name

    def _open_context(self) -> PcscContext:
        if self._context is None:
            self._context = PcscContext()
        return self._context
