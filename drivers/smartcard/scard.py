"""PC/SC as this product uses it: pyscard's thin binding, its codes as typed errors, one context per use."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from station.errors import CardError, NoCard, NoReader, StationError

# A reader plugged or pulled is told under this name, so that nobody has to ask again and again.
PLUG_AND_PLAY: Final = r"\\?PnP?\Notification"


class Told(NamedTuple):
    """How one PC/SC code is told."""

    error: type[StationError]
    reason: str


CODES: Final[Mapping[int, Told]] = {
    0x80100003: Told(NoReader, "service_stopped"),  # the context died with the service
    0x80100009: Told(NoReader, "unknown_reader"),
    0x8010000B: Told(CardError, "sharing"),  # another program holds the card
    0x8010000C: Told(NoCard, "no_smartcard"),
    0x8010000F: Told(CardError, "protocol"),
    0x80100013: Told(NoReader, "service_stopped"),  # the service ended while we waited
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
_CANCELLED: Final = 0x80100002
_TIMEOUT: Final = 0x8010000A
_NO_READERS: Final = 0x8010002E


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


@dataclass(frozen=True, slots=True)
class Slot:
    """What the service says of one reader: its name, its flags with the event counter, its card's ATR."""

    name: str
    flags: int
    atr: bytes


class PcscContext:
    """One context with the service. Contexts are cheap and not shared: a call on one waits for another's end."""

    def __init__(self) -> None:
        """Ask the service for a context; NoReader when it does not run."""
        self.scard = load_scard()
        code, self.handle = self.scard.SCardEstablishContext(self.scard.SCARD_SCOPE_USER)
        if code:
            raise told(code)
        self._lock = threading.Lock()
        self._released = False

    def readers(self) -> tuple[str, ...]:
        """Return the names of all readers; () without any, NoReader without the service."""
        code, names = self.scard.SCardListReaders(self.handle, [])
        if code & 0xFFFFFFFF == _NO_READERS:
            return ()
        check(code)
        return tuple(names)

    def slots(self, names: Sequence[str]) -> tuple[Slot, ...]:
        """Return how the named readers are now; NoReader when one of them is not there."""
        if not names:
            return ()
        return self._states([(name, self.scard.SCARD_STATE_UNAWARE) for name in names], 0)

    def wait(self, known: Slot, wait_ms: int) -> Slot:
        """Return the reader's state when it differs from ``known``, or when the time is over or cancelled."""
        states = self._states([(known.name, known.flags)], wait_ms)
        return states[0] if states else known

    def wait_plugged(self, wait_ms: int) -> None:
        """Return when a reader was plugged or pulled, or when the time is over or cancelled."""
        self._states([(PLUG_AND_PLAY, len(self.readers()) << 16)], wait_ms)

    def present(self, slot: Slot) -> bool:
        """Return whether a card is there."""
        return bool(slot.flags & self.scard.SCARD_STATE_PRESENT)

    def cancel(self) -> None:
        """End a wait on this context at once; any thread, harmless when there is none."""
        with self._lock:
            if not self._released:
                self.scard.SCardCancel(self.handle)

    def release(self) -> None:
        """Give the context back; idempotent, never raises."""
        with self._lock:
            if not self._released:
                self._released = True
                self.scard.SCardReleaseContext(self.handle)

    def _states(self, asked: list[tuple[str, int]], wait_ms: int) -> tuple[Slot, ...]:
        code, states = self.scard.SCardGetStatusChange(self.handle, wait_ms, asked)
        if code & 0xFFFFFFFF in {_TIMEOUT, _CANCELLED}:
            return ()
        check(code, reader=asked[0][0])
        return tuple(Slot(name, flags, bytes(atr)) for name, flags, atr in states)


def check(code: int, **facts: str) -> None:
    """Raise the typed error of a code that is not success."""
    if code:
        raise told(code, **facts)


@contextlib.contextmanager
def pcsc_context(entered: Callable[[PcscContext], object] | None = None) -> Iterator[PcscContext]:
    """Use a context and give it back."""
    context = PcscContext()
    try:
        if entered is not None:
            entered(context)
        yield context
    finally:
        context.release()


def reader_slots(patterns: Sequence[str]) -> tuple[Slot, ...]:
    """Return the readers whose name holds one of the patterns, as they are now; NoReader without the service."""
    with pcsc_context() as context:
        names = [n for n in context.readers() if any(pattern in n for pattern in patterns)]
        return context.slots(names)
