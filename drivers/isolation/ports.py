"""The ports in front of a helper: each asks its verb and believes no shape it has not looked at."""

import contextlib
import dataclasses
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any, Final

from drivers.isolation.device import (
    AdjustableFront,
    CalibratableFront,
    DescribedFront,
    IdentifiableFront,
    IsolatedDevice,
)
from drivers.isolation.process import asking
from drivers.isolation.verbs import CAMERA, FACE, FINGER, IRIS, PAD, SLAP
from station.clock import CancelToken, Deadline
from station.devices import (
    DeviceState,
    Eye,
    FingerPosition,
    Frame,
    Health,
    HealthState,
    ImageCapture,
    SignatureCapture,
    Sink,
    Slap,
)
from station.errors import OperatorCancelled

_STALL_S: Final = 5.0  # a stream silent for so long hangs; drivers call their own stall earlier
_RESTART_S: Final = 8.0
_GREY, _COLOUR = 2, 3


class CameraFront(IsolatedDevice):
    """``Camera``."""

    def frames(self, cancel: CancelToken) -> Iterator[Frame]:
        """Yield the newest frame each time one is asked for; ends on cancel."""
        with contextlib.suppress(OperatorCancelled), self._using(cancel):
            helper = self._ready(Deadline.after(_RESTART_S), cancel)
            running = helper.run(asking("frames"), None, cancel, _STALL_S)
            last = -1
            try:
                for event in running:
                    if isinstance(event, Frame) and event.id > last:
                        last = event.id
                        yield event
            finally:
                running.close()

    def self_test(self, deadline: Deadline) -> Health:
        """A running stream proves the same as a test, and owns the camera."""
        if self._owner.locked() and self.state is DeviceState.READY and self.helper_pid:
            return Health(HealthState.READY)
        return super().self_test(deadline)


class FingerFront(IsolatedDevice):
    """``FingerScanner``."""

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> ImageCapture:
        """Return one grey image."""
        capture = self._captured("capture_finger", sink, cancel, deadline)
        offered = self._offered
        if offered.width and capture.pixels.shape != (offered.height, offered.width):
            raise self._wrong("size")
        return self._checked(capture, _GREY)


class SlapFront(IsolatedDevice):
    """``SlapScanner``."""

    def capture_slap(
        self,
        slap: Slap,
        missing: Collection[FingerPosition],
        sink: Sink,
        cancel: CancelToken,
        deadline: Deadline,
    ) -> tuple[ImageCapture, ...]:
        """Return one grey image for each finger that is not missing, and for no other."""
        gone = tuple(missing)
        captures = self._captured("capture_slap", sink, cancel, deadline, slap=slap, missing=gone)
        wanted = sorted(finger.value for finger in slap.fingers if finger not in gone)
        if sorted(c.position.value if c.position else 0 for c in captures) != wanted:
            raise self._wrong("fingers")
        return tuple(self._checked(capture, _GREY) for capture in captures)


class IrisFront(IsolatedDevice):
    """``IrisScanner``."""

    def capture(
        self, eyes: Sequence[Eye], sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> tuple[ImageCapture, ...]:
        """Return one grey image for each asked eye, and for no other."""
        captures = self._captured("capture_eyes", sink, cancel, deadline, eyes=tuple(eyes))
        if sorted(c.eye.value if c.eye else 0 for c in captures) != sorted(e.value for e in eyes):
            raise self._wrong("eyes")
        return tuple(self._checked(capture, _GREY) for capture in captures)


class FaceFront(IsolatedDevice):
    """``FaceScanner``."""

    def capture_face(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> ImageCapture:
        """Return one BGR image."""
        return self._checked(self._captured("capture_face", sink, cancel, deadline), _COLOUR)


class PadFront(IsolatedDevice):
    """``SignaturePad``."""

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> SignatureCapture:
        """Return the pen points; their time never runs back and their pressure is a fraction."""
        capture: SignatureCapture = self._captured("capture_pen", sink, cancel, deadline)
        before = 0
        for point in capture.points:
            if point.t_us < before or not 0.0 <= point.pressure <= 1.0:
                raise self._wrong("points")
            before = point.t_us
        if capture.dropped < 0:
            raise self._wrong("points")
        return dataclasses.replace(capture, device=self.info)


_FRONTS: Final[dict[str, type[IsolatedDevice]]] = {
    CAMERA: CameraFront,
    FINGER: FingerFront,
    SLAP: SlapFront,
    IRIS: IrisFront,
    FACE: FaceFront,
    PAD: PadFront,
}
_EXTRAS: Final[dict[str, type[IsolatedDevice]]] = {
    "described": DescribedFront,
    "identifiable": IdentifiableFront,
    "adjustable": AdjustableFront,
    "calibratable": CalibratableFront,
}


@cache
def front_class(port: str, extras: tuple[str, ...]) -> type[IsolatedDevice]:
    """Return the class with one port and exactly the extras the device has; KeyError for other names."""
    bases: tuple[Any, ...] = (_FRONTS[port], *(_EXTRAS[name] for name in sorted(set(extras))))
    return type(f"Isolated{port.capitalize()}", bases, {})
