"""A near-infrared camera and its serial lamp as one iris scanner: light only while it is needed and watched."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from drivers.camera.newest import NewestShot
from drivers.camera.places import open_place
from drivers.camera.source import Seen, Source
from drivers.iris.address import IrisAddress
from drivers.iris.lamp import BAUD, LampRests
from drivers.iris.light import Light
from drivers.iris.lit_search import FrameWatch, LitSearch
from drivers.iris.search import EyeSearch
from drivers.owned import OwnedDevice, Session
from drivers.serial.line import ByteLine, SerialLine
from station.capabilities import Capabilities, Option, OptionKind, OptionValue
from station.clock import CancelToken, Clock, Deadline
from station.devices import (
    EMULATOR_MARK,
    DeviceInfo,
    DeviceState,
    Eye,
    Grade,
    ImageCapture,
    Modality,
    Sink,
)
from station.errors import (
    DeviceRemoved,
    LampStuck,
    NotSupported,
)

DRIVER: Final = "iris.uvc"
_FORMATS: Final = ("GREY", "Y10 ", "Y16 ", "MJPG")
_SIZE: Final = (1280, 960)  # asked of a camera of this machine; what it gives is taken
_LEVEL: Final = 600  # per mille of the lamp's calibrated maximum
_BLINK_LEVEL, _BLINK_S = 50, 0.15
_STALL_S: Final = 3.0
GradeOf = Callable[[str, str, str], Grade]  # make, model, firmware


class UvcIrisScanner(OwnedDevice):
    """One camera and one lamp."""

    def __init__(
        self,
        address: IrisAddress,
        clock: Clock,
        *,
        grade_of: GradeOf = lambda _make, _model, _firmware: Grade.VERIFICATION,
        opener: Callable[[], ByteLine] | None = None,
        stall_s: float = _STALL_S,
        guard_s: float | None = None,
    ) -> None:
        """Name the scanner; nothing is opened yet.

        Args:
            address: where camera and lamp are.
            clock: gives captures their time.
            grade_of: the site's grade of a make, model and firmware.
            opener: opens the lamp's line; by default the serial port of the address.
            stall_s: a camera without a frame for so long is DeviceTimeout.
            guard_s: after how many seconds of light the line is cut from another thread.
        """
        self._address = address
        self._clock = clock
        self._grade_of = grade_of
        self._opener = opener or (lambda: SerialLine(address.lamp, BAUD))
        self._stall_s = stall_s
        self._guard = {} if guard_s is None else {"guard_s": guard_s}
        self._light: Light | None = None  # None also while open: its line had to be cut
        self._open = False
        self._stream: NewestShot | None = None
        self._seen = Seen()
        self._level = _LEVEL
        super().__init__(DeviceInfo(DRIVER, "", "", "", "", str(address), Grade.VERIFICATION))

    @property
    def capabilities(self) -> Capabilities:
        """What the opened scanner can do."""
        eyes = self._address.eyes
        return Capabilities(
            modality=Modality.IRIS,
            positions=(Eye.RIGHT.name, Eye.LEFT.name),
            at_once=eyes,
            width=self._seen.width // eyes,
            height=self._seen.height,
            preview=True,
            quality=True,
            options=(Option("lamp_level", OptionKind.NUMBER, "", 1, 1000, 1),),
        )

    def options(self) -> Mapping[str, OptionValue]:
        """Return the brightness of the lamp, per mille of its calibrated maximum."""
        return {"lamp_level": self._level}

    def adjust(self, name: str, value: OptionValue) -> OptionValue:
        """Set the brightness for the captures to come; NotSupported."""
        if name != "lamp_level" or isinstance(value, str) or not 1 <= value <= 1000:
            raise NotSupported(device="iris", what=name)
        self._level = int(value)
        return self._level

    def identify(self, deadline: Deadline) -> None:
        """Blink once, dimly; waits while the lamp must rest. 850 nm shows as a dull red glow at most."""
        with self._using():
            self._recover(deadline)
            cancel = self._running or CancelToken()
            light = self._lit()
            if light.rest_left() > deadline.left():
                raise LampRests(light.rest_left())
            cancel.wait(light.rest_left())
            cancel.check()
            with light.burst(_BLINK_LEVEL, _BLINK_S, deadline, cancel):
                cancel.wait(_BLINK_S)

    def capture(
        self, eyes: Sequence[Eye], sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> tuple[ImageCapture, ...]:
        """Stream previews to the sink and return the best lit frame of each asked eye.

        NotSupported for two eyes at once where the camera sees one: it cannot tell them apart. NoSubject when
        no eye was seen by the deadline, HardwareFault when the lamp gives no light or the camera is none for
        near infrared, LampStuck when the lamp does not go out.
        """
        if not eyes or len(set(eyes)) != len(eyes) or len(eyes) > self._address.eyes:
            raise NotSupported(device="iris", what="eyes at once")
        search = EyeSearch(eyes, both_in_view=self._address.eyes == 2)
        try:
            with self._session(sink, cancel) as session:
                self._recover(deadline)
                self._search(search, session, cancel, deadline)
                session.move(DeviceState.TRANSFER)
                return self._captures(search)
        except DeviceRemoved:
            self._disconnect()
            raise
        except LampStuck:
            self._drop_light()  # its line is cut; the next call opens it again, if it is the same lamp
            raise
        finally:
            search.wipe()

    def _search(
        self, search: EyeSearch, session: Session, cancel: CancelToken, deadline: Deadline
    ) -> None:
        source = self._opened(deadline, cancel)
        stream = self._stream = NewestShot(source, self._clock, self._stall_s)
        watch = FrameWatch(stream, cancel, self._stall_s, self._address.bits)
        try:
            LitSearch(self._lit(), self._level, watch, search, session, deadline).run()
        finally:
            self._stream = None
            stream.leave()

    def _captures(self, search: EyeSearch) -> tuple[ImageCapture, ...]:
        now, mono = self._clock.now(), self._clock.monotonic()
        return tuple(
            ImageCapture(
                pixels=best.pixels,
                ppi=0,
                depth=8,
                frame_id=best.frame_id,
                captured_at=now - dt.timedelta(seconds=max(0.0, mono - best.t_mono)),
                device=self._info,
                eye=eye,
            )
            for eye, best in search.take().items()
        )

    def _connected(self) -> bool:
        return self._open

    def _recover(self, deadline: Deadline) -> None:
        """Open a line again that had to be cut; DeviceRemoved when another lamp answers there."""
        if self._light is None and self._connect(deadline).serial != self._info.serial:
            self._disconnect()
            raise DeviceRemoved(device="lamp", reason="another lamp")

    def _connect(self, deadline: Deadline) -> DeviceInfo:
        light = Light(self._opener(), **self._guard)
        try:
            lamp = light.prepare(deadline)
            source = self._opened(deadline)
            self._seen = seen = source.seen
            source.close()
        except BaseException:
            light.close()
            raise
        self._light, self._open = light, True
        model = seen.model or lamp.model
        emulated = seen.emulated or EMULATOR_MARK in lamp.model
        grade = self._grade_of(seen.make, model, lamp.firmware)
        return DeviceInfo(
            driver=DRIVER,
            make=seen.make,
            model=model,
            serial=lamp.serial,
            firmware=lamp.firmware,
            transport=str(self._address),
            grade=Grade.EMULATED if emulated else grade,
        )

    def _disconnect(self) -> None:
        self._open = False
        self._drop_light()
        stream = self._stream
        if stream is not None:
            stream.leave()

    def _drop_light(self) -> None:
        light, self._light = self._light, None
        if light is not None:
            light.close()

    def _ping(self, deadline: Deadline) -> None:
        self._recover(deadline)
        self._lit().check(deadline)
        source = self._opened(deadline)
        try:
            source.read()
        finally:
            source.close()

    def _wake(self) -> None:
        stream, light = self._stream, self._light
        if stream is not None:
            stream.wake()
        if light is not None:
            light.wake()

    def _lit(self) -> Light:
        if self._light is None:
            raise DeviceRemoved(device="iris", reason="not open")
        return self._light

    def _opened(self, deadline: Deadline, cancel: CancelToken | None = None) -> Source:
        camera = self._address.camera
        place = int(camera) if camera.isdecimal() else camera
        return open_place(place, _SIZE, self._stall_s, deadline, _FORMATS, cancel)
