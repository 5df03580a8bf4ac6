"""One rig and the device opened on it: what the checks do with a driver, each call watched."""

from collections.abc import Callable
from typing import Final, Self

from drivers.conformance.lag import LagMeter
from drivers.conformance.rig import MakeRig, Rig
from drivers.conformance.trial import Kind, Trial, Watched
from drivers.faults.plan import Planned
from station.capabilities import Described
from station.clock import CancelToken, Deadline
from station.devices import Device

_CLOSE_S: Final = 1.0  # by the contract
_PATIENT_S: Final = 6.0  # of a capture that shall simply succeed


class Lane:
    """A started rig with a device; use it with ``with``."""

    def __init__(self, make_rig: MakeRig, lag: LagMeter) -> None:
        self._make_rig = make_rig
        self.lag = lag
        self.rig: Rig = make_rig()
        self.device: Device | None = None
        self.stuck = 0  # calls that never came back

    def __enter__(self) -> Self:
        self.rig.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self.rig.stop()

    def arm(self, planned: Planned | None = None) -> None:
        """Arm one fault, or none: the rig's wires count from here."""
        self.rig.wire.arm(*([planned] if planned is not None else []))

    def open(self, seconds: float | None = None) -> Trial:
        """Open a device, a fresh one when there is none."""
        if self.device is None:
            self.device = self.rig.device()
        device, limit_s = self.device, self.rig.open_s if seconds is None else seconds
        return self._watched(
            lambda _: device.open(Deadline.after(limit_s)), lambda _: True, limit_s
        )

    def close(self) -> Trial | None:
        """Close the device; None when there is none."""
        device, self.device = self.device, None
        if device is None:
            return None
        return self._watched(lambda _: device.close(), lambda _: True, _CLOSE_S)

    def begin(self, seconds: float, cancel: CancelToken | None = None) -> Watched:
        """Start a capture and return at once."""
        device, token = self.ready(), cancel if cancel is not None else CancelToken()
        return Watched(
            lambda told: self.rig.capture(device, told, token, Deadline.after(seconds)),
            self.rig.exact,
            seconds,
            self.lag,
        )

    def capture(self, seconds: float | None = None) -> Trial:
        """Capture once with a short deadline."""
        return self.ended(self.begin(self.rig.capture_s if seconds is None else seconds))

    def patient_capture(self) -> Trial:
        """Capture with all the time it may want."""
        return self.capture(_PATIENT_S)

    def ended(self, running: Watched, within_s: float | None = None) -> Trial:
        """Wait for a call; one that hangs is cut short by close, and counted as stuck if that does not help."""
        trial = running.end(within_s)
        if trial.kind is Kind.HANG:
            self._cut(running)
        return trial

    def ready(self) -> Device:
        """Return the device, opened first where there is none; whether that worked, its next call shows."""
        device = self.device
        if device is None:
            self.open()
            device = self.device
        if device is None:
            raise RuntimeError("the rig has no device")
        return device

    def serial_is_configured(self) -> bool:
        """Whether the device says that it cannot tell its serial number itself."""
        device = self.device
        return isinstance(device, Described) and device.capabilities.serial_is_configured

    def renew(self) -> None:
        """Throw rig and device away and start anew."""
        self.close()
        self.rig.stop()
        self.rig = self._make_rig()
        self.rig.start()

    def _watched(
        self, call: Callable[[object], object], exact: Callable[[object], bool], limit_s: float
    ) -> Trial:
        return self.ended(Watched(call, exact, limit_s, self.lag))

    def _cut(self, running: Watched) -> None:
        device, self.device = self.device, None
        if device is not None:
            Watched(lambda _: device.close(), lambda _: True, _CLOSE_S, self.lag).end()
        if running.end(within_s=_CLOSE_S).kind is Kind.HANG:
            self.stuck += 1
