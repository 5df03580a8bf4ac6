"""The proxy at the card seam: damages whole APDUs on their way to a card and back."""

import threading
from collections.abc import Callable
from typing import Final

from drivers.faults.outflow import Outflow
from drivers.faults.plan import Side
from drivers.faults.wire import Unplugged, Wire
from station.devices import CardTransport
from station.errors import CardOutcomeUnknown

_MUTE_S: Final = 2.0  # after which a reader gives up on a card that says nothing
_SLICE_S: Final = 0.05


class FaultyCard:
    """A ``CardTransport`` in front of another."""

    def __init__(
        self, card: CardTransport, wire: Wire, on_unplug: Callable[[bool], None] | None = None
    ) -> None:
        """Wrap a connected card; ``on_unplug`` (other serial?) is told when a fault tears it away."""
        self._card = card
        self._wire = wire
        self._on_unplug = on_unplug
        self._gone = False
        self._closed = threading.Event()

    @property
    def reader(self) -> str:
        """Name of the reader."""
        return self._card.reader

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return self._card.atr

    def exchange(self, command: bytes) -> tuple[bytes, int]:
        """Send a command as the plan lets it; a lost one, or a lost answer, is CardOutcomeUnknown."""
        answer: bytes | None = None
        for sent in self._passed(Side.TO_DEVICE, command):
            data, word = self._card.exchange(sent)
            for heard in self._passed(Side.TO_HOST, data + word.to_bytes(2, "big")):
                answer = heard if answer is None else answer
        if answer is None or len(answer) < 2:
            raise CardOutcomeUnknown(reason="no answer")
        return answer[:-2], int.from_bytes(answer[-2:], "big")

    def close(self) -> None:
        """Release the card."""
        self._closed.set()
        self._card.close()

    def _passed(self, side: Side, data: bytes) -> list[bytes]:
        """Return what comes out at the other end, after the pauses of the plan."""
        if self._gone:
            raise CardOutcomeUnknown(reason="removed")
        flow, out, waited = Outflow(self._wire), list[bytes](), 0.0
        flow.add(self._wire.message(side, data))
        while (wait := flow.wait_s()) is not None:
            step = flow.due()
            if isinstance(step, Unplugged):
                self._gone = True
                if self._on_unplug is not None:
                    self._on_unplug(step.other_serial)
                raise CardOutcomeUnknown(reason="removed")
            if step is not None:
                out.append(step)
            elif waited > _MUTE_S or self._closed.wait(min(wait, _SLICE_S)):
                raise CardOutcomeUnknown(reason="mute")
            else:
                waited += min(wait, _SLICE_S)
        return out
