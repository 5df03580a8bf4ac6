"""The station's ports over a place: objects that stay the same while devices come and go behind them."""

import contextlib
from collections.abc import Collection, Iterator, Sequence
from typing import Final, cast

from drivers.supervision.figures import Stopwatch
from drivers.supervision.place import Place
from station.capabilities import Previewing
from station.clock import CancelToken, Clock, Deadline
from station.devices import (
    Camera,
    CardReader,
    CardTransport,
    Device,
    DeviceInfo,
    Eye,
    FaceScanner,
    FingerPosition,
    FingerScanner,
    Frame,
    Health,
    ImageCapture,
    IrisScanner,
    SignatureCapture,
    SignaturePad,
    Sink,
    Slap,
    SlapScanner,
)
from station.errors import DeviceNotFound, NoReader, NotSupported

_SHORT_S: Final = 5.0


class PlacePort:
    """What every port shares. ``enrolling`` False admits devices that may only verify."""

    def __init__(self, place: Place, clock: Clock, *, enrolling: bool = True) -> None:
        self._place = place
        self._clock = clock
        self._enrolling = enrolling

    @property
    def info(self) -> DeviceInfo:
        """Who is in the place, or who was there last."""
        return self._place.info

    def open(self, deadline: Deadline) -> None:
        """See that a device is there and open; the typed reason when it is not."""
        self._place.open(deadline)

    def close(self) -> None:
        """Release the device; while the supervisor watches it, that is the supervisor's affair."""
        self._place.let_go()

    def self_test(self, deadline: Deadline) -> Health:
        """Test the device in the place; never raises DeviceError."""
        return self._place.self_test(deadline)

    def _timed(self, sink: Sink) -> Stopwatch:
        return Stopwatch(sink, self._clock)


class CameraPlace(PlacePort):
    """A ``station.devices.Camera`` (and ``FaceScanner``, where the device in it is one)."""

    def frames(self, cancel: CancelToken) -> Iterator[Frame]:
        """Yield frames of the camera in the place until cancelled."""
        with self._place.lent(Deadline.after(_SHORT_S), cancel, enrolling=self._enrolling) as loan:
            yield from cast(Camera, _having(loan.device, "frames")).frames(loan.cancel)

    def previews(self, cancel: CancelToken) -> Iterator[Frame]:
        """Yield the cheaper frames of a camera that has them, else its full ones."""
        with self._place.lent(Deadline.after(_SHORT_S), cancel, enrolling=self._enrolling) as loan:
            if isinstance(loan.device, Previewing):
                yield from loan.device.previews(loan.cancel)
            else:
                yield from cast(Camera, _having(loan.device, "frames")).frames(loan.cancel)

    def capture_face(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> ImageCapture:
        """Have the device take and sign its own picture; NotSupported for a plain camera."""
        watch = self._timed(sink)
        with self._place.lent(deadline, cancel, enrolling=self._enrolling) as loan:
            scanner = cast(FaceScanner, _having(loan.device, "capture_face"))
            taken = scanner.capture_face(watch, loan.cancel, deadline)
        self._place.figures.captured(watch)
        return taken


class FingerPlace(PlacePort):
    """A ``station.devices.FingerScanner`` (and ``SlapScanner``, where the device in it is one)."""

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> ImageCapture:
        """Wait for a finger on the scanner in the place."""
        watch = self._timed(sink)
        with self._place.lent(deadline, cancel, enrolling=self._enrolling) as loan:
            scanner = cast(FingerScanner, _having(loan.device, "capture"))
            taken = scanner.capture(watch, loan.cancel, deadline)
        self._place.figures.captured(watch)
        return taken

    def capture_slap(
        self,
        slap: Slap,
        missing: Collection[FingerPosition],
        sink: Sink,
        cancel: CancelToken,
        deadline: Deadline,
    ) -> tuple[ImageCapture, ...]:
        """Take several fingers at once; NotSupported for a single-finger scanner."""
        watch = self._timed(sink)
        with self._place.lent(deadline, cancel, enrolling=self._enrolling) as loan:
            scanner = cast(SlapScanner, _having(loan.device, "capture_slap"))
            taken = scanner.capture_slap(slap, missing, watch, loan.cancel, deadline)
        self._place.figures.captured(watch)
        return taken


class IrisPlace(PlacePort):
    """A ``station.devices.IrisScanner``."""

    def capture(
        self, eyes: Sequence[Eye], sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> tuple[ImageCapture, ...]:
        """Take the asked eyes with the scanner in the place."""
        watch = self._timed(sink)
        with self._place.lent(deadline, cancel, enrolling=self._enrolling) as loan:
            taken = cast(IrisScanner, _having(loan.device, "capture")).capture(
                eyes, watch, loan.cancel, deadline
            )
        self._place.figures.captured(watch)
        return taken


class PadPlace(PlacePort):
    """A ``station.devices.SignaturePad``."""

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> SignatureCapture:
        """Take a signature on the pad in the place."""
        watch = self._timed(sink)
        with self._place.lent(deadline, cancel, enrolling=self._enrolling) as loan:
            taken = cast(SignaturePad, _having(loan.device, "capture")).capture(
                watch, loan.cancel, deadline
            )
        self._place.figures.captured(watch)
        return taken


class ReaderPlace(PlacePort):
    """A ``station.devices.CardReader``."""

    @property
    def path_kind(self) -> str:
        """How the card is reached; '' while no reader was there."""
        reader = self._place.device
        return cast(CardReader, reader).path_kind if reader is not None else ""

    def card_present(self) -> bool:
        """Whether a card lies on the reader now; NoReader."""
        with self._lent(Deadline.after(_SHORT_S)) as reader:
            return reader.card_present()

    def wait_card(self, cancel: CancelToken, deadline: Deadline, *, present: bool = True) -> None:
        """Block until a card is there (or gone); NoCard at the deadline."""
        with self._lent(deadline, cancel) as reader:
            reader.wait_card(cancel, deadline, present=present)

    def connect(self) -> CardTransport:
        """Connect exclusively to the card on the reader; NoCard, CardError."""
        with self._lent(Deadline.after(_SHORT_S)) as reader:
            return reader.connect()

    @contextlib.contextmanager
    def _lent(self, deadline: Deadline, cancel: CancelToken | None = None) -> Iterator[CardReader]:
        try:
            with self._place.shared(deadline, cancel) as device:
                yield cast(CardReader, device)
        except DeviceNotFound as cause:
            raise NoReader(reason="no_such_reader") from cause


def _having(device: Device, call: str) -> Device:
    """Return the device if it has a call; NotSupported."""
    if not callable(getattr(device, call, None)):
        raise NotSupported(driver=device.info.driver, what=call)
    return device
