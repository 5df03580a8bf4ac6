"""A rig: one driver, its emulator, and the fault proxy between them; what a driver's author writes.

The kit does everything else. It learns from a clean capture how many packets pass in each direction, arms one
fault after the other on ``wire`` and judges what the driver does. The rig of a driver ``finger.zfm`` of ours is
``make_rig()`` in ``drivers/conformance/rigs/finger_zfm.py``; a third party's stands under the entry point group
``rekam.rigs``.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from drivers.contract import Driver
from drivers.faults.plan import WireFault
from drivers.faults.wire import Wire
from station.clock import CancelToken, Deadline
from station.devices import Device, Sink

GROUP: Final = "rekam.rigs"
NO_REASONS: Final[Mapping[WireFault, str]] = MappingProxyType({})


class RigUnavailable(RuntimeError):
    """This machine lacks what a rig needs (a system service); the message says what."""


class Rig(ABC):
    """What the kit needs; methods are called from one thread unless they say otherwise."""

    name: str  # of the driver: "finger.zfm"
    wire: Wire  # of the proxy this rig's devices talk through

    # Times of a capture: enough for a clean one with subject (2x is good), so short that a lost packet costs little.
    capture_s: float = 1.5
    open_s: float = 5.0

    exempt: Mapping[WireFault, str] = NO_REASONS
    """Faults that cannot happen on this wire, or that its protocol cannot show, each with the reason.

    They are left out and stand in the report with the reason; an empty reason is refused.
    """

    def __enter__(self) -> "Rig":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    short_places: int = 3
    """At how many packets of an answer the short form tries every fault; fewer where a case costs much time."""

    at_once: int = 16
    """How many of these rigs can work at the same time; with 1 two devices in parallel are not tried."""

    tells_events: bool = True
    """Whether a capture has a sink; a card reader has none."""

    @abstractmethod
    def start(self) -> None:
        """Start emulator and proxy: plugged in, subject there, no fault armed."""

    @abstractmethod
    def stop(self) -> None:
        """End and join everything ``start`` began; no thread and no descriptor stays."""

    @abstractmethod
    def device(self) -> Device:
        """Return a fresh device of the driver, not opened, whose bytes pass through the proxy."""

    @abstractmethod
    def capture(
        self, device: Device, sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> object:
        """Run one capture of a small sample with the driver's own call and return its result.

        Runs on a worker thread of the kit. A stream (camera) is a capture of a few frames here.
        """

    @abstractmethod
    def exact(self, result: object) -> bool:
        """Whether a result is, to the last bit, what the emulator showed for this capture."""

    @abstractmethod
    def subject(self, *, present: bool) -> None:
        """Lay the finger on, take it away (eye, pen, card): without one a capture waits."""

    @abstractmethod
    def unplug(self) -> None:
        """Take the cable away now; called from any thread, also in the middle of a transfer."""

    @abstractmethod
    def replug(self, serial: str = "") -> None:
        """Plug in again as after a power cycle; with another serial number when one is given."""

    def vary(self, seed: int) -> bool:
        """Show another sample from now on, so that two devices in parallel can be told apart.

        Return False where the emulator shows the same sample whatever happens.
        """
        return False

    def secrets(self) -> Sequence[bytes]:
        """Return the sample as byte strings, as they pass the wire and as the result holds them.

        The kit looks for runs of them in logs, exception texts and objects after a failed capture. Empty:
        the driver sees nothing biometric (a card reader).
        """
        return ()

    def driver(self) -> Driver | None:
        """Return the driver object, whose ``discover`` is then judged too."""
        return None

    def addresses(self) -> tuple[str, ...]:
        """Return configured places for ``discover`` hints: this rig's and one that does not answer."""
        return ()

    def device_held(self) -> bool | None:
        """Return whether somebody has the device's port open, as the emulator sees it; None: it cannot."""
        return None

    def lit_s(self) -> float | None:
        """Return for how long the light has been on without a break, by the emulator's clock; None: no lamp."""
        return None


MakeRig = Callable[[], Rig]
