"""An exclusive connection to one card, with a watchdog: PC/SC itself has no timeout."""

import queue
import threading
from typing import Final

from drivers.smartcard.scard import CODES, PcscContext, told
from station.errors import CardOutcomeUnknown

# A mute card blocks until it is lifted, and the screen must speak before 10 s.
WATCHDOG_S: Final = 8.0
_PEACE_S: Final = 0.05
_FINISH_S: Final = 0.15
_CLOSED: Final = -1
_INTERNAL: Final = 0x80100001


class PcscTransport:
    """Commands run on one thread of the connection, for a call to a mute card never ends by itself."""

    def __init__(self, reader: str, watchdog_s: float, free: threading.Event) -> None:
        """Connect, in a context of its own; ``free`` is cleared while a mute card blocks the thread."""
        self._reader = reader
        self._watchdog_s = watchdog_s
        self._free = free
        self._context = PcscContext()
        scard = self._scard = self._context.scard
        code, self._card, protocol = scard.SCardConnect(
            self._context.handle,
            reader,
            scard.SCARD_SHARE_EXCLUSIVE,
            scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
        )
        if code:
            self._context.release()
            raise told(code, reader=reader)
        one = protocol == scard.SCARD_PROTOCOL_T1
        self._pci = scard.SCARD_PCI_T1 if one else scard.SCARD_PCI_T0
        code, _, _, _, atr = scard.SCardStatus(self._card)
        self._atr = bytes(atr) if not code else b""
        self._alive = True
        self._closing = threading.Lock()
        self._closed = False
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
        """Send one command APDU; any failure is CardOutcomeUnknown and ends this connection.

        ``close`` from another thread ends the wait at once.
        """
        if not self._alive or self._closed:
            raise CardOutcomeUnknown(reason="connection_lost")
        self._orders.put(command)
        try:
            code, answer = self._answers.get(timeout=self._watchdog_s)
        except queue.Empty as cause:
            self._alive = False
            self._free.clear()  # the call cannot be cancelled: only lifting the card ends it
            raise CardOutcomeUnknown(reason="mute", reader=self._reader) from cause
        if code == _CLOSED:
            self._alive = False
            raise CardOutcomeUnknown(reason="closed", reader=self._reader)
        if code or len(answer) < 2:
            self._alive = False
            named = CODES.get(code & 0xFFFFFFFF)
            reason = named.reason if named else "torn" if code else "no_status"
            raise CardOutcomeUnknown(reason=reason, code=f"{code & 0xFFFFFFFF:08X}")
        return answer[:-2], int.from_bytes(answer[-2:])

    def close(self) -> None:
        """Release the card with a reset, so that no channel stays open; never raises."""
        with self._closing:
            first, self._closed = not self._closed, True
        if first:
            self._orders.put(None)
        if first and self._free.is_set():
            self._thread.join(_PEACE_S)  # a running command may come to its end
            if self._thread.is_alive():
                self._free.clear()
                self._answers.put((_CLOSED, b""))  # whoever waits for the answer still
        self._thread.join(_FINISH_S)  # so that the next connect finds the card free

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            try:
                code, answer = self._scard.SCardTransmit(self._card, self._pci, list(order))
            except Exception:  # noqa: BLE001 - whatever the binding throws, the outcome is unknown
                code, answer = _INTERNAL, []
            self._answers.put((code, bytes(answer)))
            if not self._free.is_set():
                break
        self._scard.SCardDisconnect(self._card, self._scard.SCARD_RESET_CARD)
        self._context.release()
        self._free.set()
