"""One capture's light and frames: rest, burst, look, and again until the eyes are seen or time is up."""

from typing import Any, Final

from drivers.camera.newest import NewestShot
from drivers.iris.lamp import LampRests
from drivers.iris.light import Burst, Light
from drivers.iris.mono import grey_of
from drivers.iris.search import EyeSearch
from drivers.owned import Session
from station.clock import CancelToken, Deadline
from station.devices import DeviceState, Frame, Quality, SubjectPresent
from station.errors import DeviceTimeout, HardwareFault, NoSubject
from station.guidance import Guidance

_EARLIEST: Final = 3  # frames after ON that may still have been dark
_LIT_LEVELS: Final = 10.0  # by which light must raise the mean grey
# So many frames in a row, and for so long after ON, may be unlit before the lamp counts as dead.
_UNLIT_FRAMES, _UNLIT_AFTER_S = 3, 1.0
_WAIT_S: Final = 0.04  # for a frame, between two looks at lamp, token and deadline
_END_S: Final = 0.15  # before the deadline: the lamp must be out by then
_SHORT_S: Final = 0.3  # less light than this is not worth a burst
_AGAIN_S: Final = 7.0  # a rest and a short burst
_REST_TOLD_S: Final = 0.5


class FrameWatch:
    """Grey frames of the stream for a loop that has other things to look after."""

    def __init__(self, stream: NewestShot, cancel: CancelToken, stall_s: float, bits: int) -> None:
        self._stream = stream
        self._stall_s = stall_s
        self._stalled = Deadline.after(stall_s)
        self._bits = bits
        self.cancel = cancel

    @property
    def number(self) -> int:
        """How many frames have come, whole or not."""
        return self._stream.number

    def next(self) -> Frame | None:
        """Return the next frame, None when there is none for a moment.

        DeviceTimeout when it stays so, HardwareFault for a frame with colour.
        """
        taken = self._stream.take(self.cancel, _WAIT_S)
        self.cancel.check()
        pixels: Any = None if taken is None else taken.shot.pixels(grey=True)
        if taken is None or pixels is None:
            if self._stalled.passed():
                raise DeviceTimeout(device="camera")
            return None
        self._stalled = Deadline.after(self._stall_s)
        return Frame(taken.id, grey_of(pixels, self._bits), taken.t_mono)


class LitSearch:
    """Lights burst after burst until the search is good, or has at least found the eyes in a whole burst."""

    def __init__(
        self,
        light: Light,
        level: int,
        watch: FrameWatch,
        search: EyeSearch,
        session: Session,
        deadline: Deadline,
    ) -> None:
        self._light = light
        self._level = level
        self._watch = watch
        self._search = search
        self._session = session
        self._deadline = deadline

    def run(self) -> None:
        """Look; NoSubject at the deadline, HardwareFault, LampStuck and what lamp and camera raise."""
        search = self._search
        while True:
            unlit = self._rest()
            left = self._deadline.left() - _END_S
            if left < _SHORT_S:
                raise NoSubject()
            try:
                with self._light.burst(
                    self._level, left, self._deadline, self._watch.cancel
                ) as burst:
                    whole = self._look(burst, unlit)
            except LampRests:
                continue  # another host had it on: it says for how long
            # A light that went out by itself has not shown what the eye can look like.
            if search.good or (search.found and (whole or self._deadline.left() < _AGAIN_S)):
                return

    def _rest(self) -> float:
        """Show unlit previews until the lamp may light again; return the mean grey without it."""
        if self._light.rest_left() > _REST_TOLD_S:
            self._session(Guidance.LAMP_RESTS)
        first, mean = self._watch.number, None
        while self._light.rest_left() > 0 or mean is None:
            if self._deadline.left() <= _END_S:
                raise NoSubject() if self._watch.number else DeviceTimeout(device="camera")
            frame = self._watch.next()
            if frame is None:
                continue
            self._show(frame)
            if frame.id > first + _EARLIEST:
                mean = float(frame.pixels.mean())
        return mean

    def _look(self, burst: Burst, unlit: float) -> bool:
        """Judge lit frames until the search is done or the light is over; False when it went out by itself."""
        self._session.move(DeviceState.WAIT_SUBJECT)
        first, dead, unlit_frames = self._watch.number, Deadline.after(_UNLIT_AFTER_S), 0
        told = _Told(self._session)
        while not (self._search.done or burst.over) and self._deadline.left() > _END_S:
            frame = self._watch.next()
            if not burst.tend():
                return False
            if frame is None or frame.id <= first + _EARLIEST:
                continue
            self._show(frame)
            if float(frame.pixels.mean()) - unlit < _LIT_LEVELS:
                unlit_frames += 1
                if unlit_frames >= _UNLIT_FRAMES and dead.passed():
                    raise HardwareFault(device="lamp", what="no light")
                continue
            unlit_frames = 0
            sight = self._search.look(frame.pixels, frame.id, frame.t_mono)
            self._session(Quality(sight.score, frame.id))
            told.tell(present=sight.present, guidance=sight.guidance)
        return True

    def _show(self, frame: Frame) -> None:
        self._session(Frame(frame.id, self._search.shown(frame.pixels), frame.t_mono))


class _Told:
    """What was said of the eye in this burst; only news are said."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._present = False
        self._guidance: Guidance | None = None

    def tell(self, *, present: bool, guidance: Guidance) -> None:
        if present and not self._present:
            self._present = True
            self._session(SubjectPresent(present=True))
            self._session.move(DeviceState.ACQUIRING)
        if guidance is not self._guidance:
            self._guidance = guidance
            self._session(guidance)
