"""The photo camera: an index, a device path, a stream URL or a file, always the newest picture."""

import logging
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from typing import Final

from drivers.camera.controls import Controls, controls_of
from drivers.camera.newest import NewestShot
from drivers.camera.places import open_place, without_password
from drivers.camera.source import Seen, Source
from drivers.owned import OwnedDevice, Session
from station.capabilities import Capabilities, OptionValue
from station.clock import CancelToken, Clock, Deadline
from station.devices import (
    DeviceInfo,
    DeviceState,
    Frame,
    Grade,
    Health,
    HealthState,
    Modality,
)
from station.errors import (
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    DeviceRemoved,
    NotSupported,
    ProtocolError,
)

log = logging.getLogger(__name__)
DRIVER: Final = "camera.cv"
_STALL_S: Final = 3.0
_OPEN_S: Final = 5.0
# A stream opened longer ago than this has old pictures waiting in its socket.
_FRESH_S: Final = 0.5
GradeOf = Callable[[str, str, str], Grade]  # make, model, firmware


class CvCamera(OwnedDevice):
    """One camera; frames arrive through a mailbox of one, so a slow reader never sees an old picture.

    ``open`` proves that the camera is there, ``frames`` keeps it only while somebody looks: the camera's
    own light is then honest, and no old picture waits anywhere. ``frames`` opens what is not open.
    """

    def __init__(
        self,
        place: str | int,
        clock: Clock,
        *,
        grade: Grade | GradeOf = Grade.ENROLMENT,
        width: int = 1920,
        height: int = 1080,
        stall_s: float = _STALL_S,
        serial: str = "",
    ) -> None:
        """Name the camera; nothing is opened yet.

        Args:
            place: camera index, device path, stream URL, clip or picture file.
            clock: gives frames their time.
            grade: what configuration allows; a camera that shows our mark is EMULATED whatever it says.
            width: asked of a real camera, pixels.
            height: the same.
            stall_s: a stream without a frame for so long is DeviceTimeout.
            serial: as configured, for a camera that cannot tell its own.
        """
        self._place = place
        self._clock = clock
        self._size = (width, height)
        self._stall_s = stall_s
        self._grade = grade
        self._serial = serial or without_password(str(place))
        self._there = False
        self._ready: Source | None = None
        self._ready_until = Deadline.after(0)
        self._stream: NewestShot | None = None
        self._seen = Seen()
        self._controls: Controls | None = None
        first = grade if isinstance(grade, Grade) else Grade.VERIFICATION
        transport = without_password(str(place))
        super().__init__(DeviceInfo(DRIVER, "", "camera", self._serial, "", transport, first))

    @property
    def capabilities(self) -> Capabilities:
        """Size of a full picture, and what can be adjusted."""
        return Capabilities(
            modality=Modality.FACE,
            width=self._seen.width,
            height=self._seen.height,
            preview=True,
            serial_is_configured=not self._seen.serial,
            options=self._controls.described if self._controls is not None else (),
        )

    def open(self, deadline: Deadline) -> None:
        """Open the camera; DeviceNotFound when nothing answers there. Harmless while it streams."""
        if not self._there:
            super().open(deadline)

    def self_test(self, deadline: Deadline) -> Health:
        """Read one frame, unless a stream is running already (which proves the same)."""
        if self._stream is not None:
            return Health(HealthState.READY)
        if not self._there:
            try:
                self.open(deadline)
            except (DeviceBusy, ProtocolError) as cause:
                return Health(HealthState.ATTENTION, cause.code)
            except DeviceError as cause:
                return Health(HealthState.ABSENT, cause.code)
            return Health(HealthState.READY)
        return super().self_test(deadline)

    def frames(self, cancel: CancelToken) -> Generator[Frame, None, None]:
        """Yield full BGR frames, newest first to be seen; ends on cancel.

        The frame that is judged is the frame that is kept: there is no second, smaller stream. Raises
        DeviceBusy for a second reader, DeviceNotFound, DeviceRemoved when the stream ends, DeviceTimeout when
        it stands still, ProtocolError when it gives nothing but damaged pictures.
        """
        yield from self._frames(cancel, half=False)

    def previews(self, cancel: CancelToken) -> Iterator[Frame]:
        """As ``frames``, at half the width and height where the camera's coding gives that cheaply.

        ``whole`` of a frame decodes the very picture the preview was made of.
        """
        yield from self._frames(cancel, half=True)

    def options(self) -> Mapping[str, OptionValue]:
        """Return the present values of what can be adjusted."""
        return self._controls.values() if self._controls is not None else {}

    def adjust(self, name: str, value: OptionValue) -> OptionValue:
        """Set one option, also while the camera streams, and return what the camera made of it."""
        if self._controls is None:
            raise NotSupported(device="camera", what=name)
        return self._controls.adjust(name, value)

    def _frames(self, cancel: CancelToken, *, half: bool) -> Iterator[Frame]:
        if cancel.cancelled:
            return
        self.open(Deadline.after(_OPEN_S))
        try:
            with self._session(_nobody, cancel) as session:
                yield from self._streamed(session, cancel, half=half)
        finally:
            if not self._there:  # closed or removed meanwhile: the session's last word was another
                removed = self.state is DeviceState.REMOVED
                self._enter(DeviceState.REMOVED if removed else DeviceState.CLOSED)

    def _streamed(self, session: Session, cancel: CancelToken, *, half: bool) -> Iterator[Frame]:
        try:
            stream = self._stream = NewestShot(self._fresh(cancel), self._clock, self._stall_s)
            session.move(DeviceState.ACQUIRING)
            try:
                yield from self._newest(stream, cancel, half=half)
            finally:
                self._stream = None
                if not stream.leave():
                    log.info("camera read still blocked; it ends by its own timeout")
        except (DeviceNotFound, DeviceRemoved):
            self._there = False
            raise

    def _newest(self, stream: NewestShot, cancel: CancelToken, *, half: bool) -> Iterator[Frame]:
        good = Deadline.after(self._stall_s)
        while (taken := stream.take(cancel)) is not None:
            pixels = taken.shot.pixels(half=half)
            if pixels is not None:
                yield Frame(taken.id, pixels, taken.t_mono, taken.shot.pixels if half else None)
                good = Deadline.after(self._stall_s)
            elif good.passed():
                raise ProtocolError(device="camera", what="pictures")

    def _connected(self) -> bool:
        return self._there

    def _connect(self, deadline: Deadline) -> DeviceInfo:
        source = self._opened(deadline)
        self._ready, self._ready_until = source, Deadline.after(_FRESH_S)
        self._seen = seen = source.seen
        self._controls = controls_of(self._place)
        self._there = True
        grade = self._grade if isinstance(self._grade, Grade) else self._grade(seen.make, seen.model, seen.firmware)  # fmt: skip
        return replace(
            self._info,
            make=seen.make,
            model=seen.model or "camera",
            serial=seen.serial or self._serial,
            firmware=seen.firmware,
            grade=Grade.EMULATED if seen.emulated else grade,
        )

    def _disconnect(self) -> None:
        self._there = False
        stream = self._stream
        if stream is not None:
            stream.leave()
        self._drop_ready()

    def _ping(self, deadline: Deadline) -> None:
        self._drop_ready()
        source = self._opened(deadline)
        try:
            source.read()
        finally:
            source.close()

    def _wake(self) -> None:
        stream = self._stream
        if stream is not None:
            stream.wake()

    def _opened(self, deadline: Deadline, cancel: CancelToken | None = None) -> Source:
        return open_place(self._place, self._size, self._stall_s, deadline, cancel=cancel)

    def _fresh(self, cancel: CancelToken) -> Source:
        ready, self._ready = self._ready, None
        if ready is not None:
            if not self._ready_until.passed():
                return ready
            ready.close()
        return self._opened(Deadline.after(_OPEN_S), cancel)

    def _drop_ready(self) -> None:
        ready, self._ready = self._ready, None
        if ready is not None:
            ready.close()


def _nobody(_event: object) -> None:
    """A stream's frames are its events; its states are told to watchers."""
