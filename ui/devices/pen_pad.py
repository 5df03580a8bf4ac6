"""A signature pad that lives in the window: pen samples come in on the GUI thread, a capture waits in a worker."""

import queue
import threading
from collections.abc import Callable, Sequence
from typing import Final

from drivers.owned import OwnedDevice, Session
from drivers.signature.ink import Strokes
from drivers.signature.presence import PenPresence
from station.capabilities import Capabilities
from station.clock import CancelToken, Clock, Deadline
from station.devices import (
    EMULATOR_MARK,
    DeviceInfo,
    Grade,
    Modality,
    PenPoint,
    SignatureCapture,
    Sink,
)
from station.errors import DeviceNotFound, DeviceRemoved, DeviceTimeout, NoSubject
from ui.devices.pen_sample import PenDevice, PenSample

PEN_AWAY_S: Final = 1.5
DRIVER: Final = "signature.tablet"
_LISTEN_S: Final = 0.05
# Systems that do not tell that a pen leaves only fall silent.
_SILENCE: Final = 2
# A window gets no more than a few hundred events a second: more waiting ones mean that nobody takes them.
_MOST_WAITING: Final = 4096

Find = Callable[[], PenDevice | None]
GradeOf = Callable[[str], Grade]


class PenPad(OwnedDevice):
    """A ``station.devices.SignaturePad`` fed with samples; ``feed`` may be called from any thread."""

    def __init__(
        self,
        clock: Clock,
        find: Find,
        grade_of: GradeOf,
        *,
        away_s: float = PEN_AWAY_S,
        only_pens: bool = True,
    ) -> None:
        """Name nobody yet.

        Args:
            clock: gives the date, and notices a pen that stays away.
            find: returns the pen that is attached now, None when there is none; any thread.
            grade_of: what the site allows for a device of this name.
            away_s: the capture is complete when the pen has been away this long.
            only_pens: leave out mouse and finger.
        """
        super().__init__(DeviceInfo(DRIVER, "Qt", "", "", "", "window", Grade.VERIFICATION))
        self._clock = clock
        self._find = find
        self._grade_of = grade_of
        self._away_s = away_s
        self._only_pens = only_pens
        self._open = False
        self._lost = 0
        self._newest_us: dict[PenDevice | None, int] = {}  # each device has a clock of its own
        self._listening = threading.Event()
        self._samples: queue.Queue[PenSample | None] = queue.Queue(_MOST_WAITING)

    @property
    def capabilities(self) -> Capabilities:
        """What the pen offers; where the system tells no serial number there is none."""
        return Capabilities(
            Modality.SIGNATURE, depth=16, serial_is_configured=not self._info.serial
        )

    def feed(self, sample: PenSample) -> None:
        """Take one sample; outside a capture it is forgotten."""
        if self._listening.is_set() and (sample.device is not None or not self._only_pens):
            try:
                self._samples.put_nowait(sample)
            except queue.Full:
                self._lost += 1

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> SignatureCapture:
        """Send each PenPoint to the sink; end when the pen stayed away; NoSubject at the deadline.

        DeviceTimeout when the deadline cuts a stroke; DeviceRemoved when no pen is attached any more.
        """
        ink = _WindowInk()
        with self._session(sink, cancel) as session:
            self._forget()
            self._newest_us.clear()
            self._listening.set()
            try:
                self._write(ink, session, cancel, deadline)
            except BaseException:
                ink.wipe()
                raise
            finally:
                self._listening.clear()
                lost = self._forget()
            return SignatureCapture(
                tuple(ink.points),
                ink.dropped + ink.damaged + lost,
                self._clock.now(),
                self._info,
            )

    def _write(
        self, ink: "_WindowInk", session: Session, cancel: CancelToken, deadline: Deadline
    ) -> None:
        presence = PenPresence(session, self._clock)
        while not (ink.points and self._has_left(ink, presence)):
            cancel.check()
            if deadline.passed():
                if ink.points and (ink.pen_down or presence.near):
                    raise DeviceTimeout(driver=DRIVER, what="signature")
                if not ink.points:
                    raise NoSubject
                return
            sample = self._next(deadline)
            presence.listened(heard=sample is not None)
            if sample is not None:
                self._take(sample, ink, presence, session)
            elif self._find() is None:
                raise DeviceRemoved(driver=DRIVER)

    def _take(
        self, sample: PenSample, ink: "_WindowInk", presence: PenPresence, session: Session
    ) -> None:
        if self._is_late(sample):
            ink.damaged += 1
            return
        presence.see(near=sample.near)
        if sample.device is not None:
            self._meet(sample.device)
        for point in ink.add(sample):
            session(point)

    def _is_late(self, sample: PenSample) -> bool:
        """Whether a newer sample of the device was there before, in this capture."""
        if sample.t_us < self._newest_us.get(sample.device, sample.t_us):
            return True
        self._newest_us[sample.device] = sample.t_us
        return False

    def _next(self, deadline: Deadline) -> PenSample | None:
        try:
            return self._samples.get(timeout=max(0.001, min(_LISTEN_S, deadline.left())))
        except queue.Empty:
            return None

    def _has_left(self, ink: "_WindowInk", presence: PenPresence) -> bool:
        """Whether the pen has been away long enough; one that rests on the paper has not."""
        silence_s = self._away_s * (_SILENCE if presence.near else 1)
        return not ink.pen_down and presence.silent and presence.away_s() >= silence_s

    def _meet(self, pen: PenDevice) -> None:
        if (pen.name, pen.serial) != (self._info.model, self._info.serial):
            self._info = self._named(pen)

    def _named(self, pen: PenDevice) -> DeviceInfo:
        grade = Grade.EMULATED if EMULATOR_MARK in pen.name else self._grade_of(pen.name)
        return DeviceInfo(DRIVER, "Qt", pen.name, pen.serial, "", "window", grade)

    def _forget(self) -> int:
        """Empty the queue; return how many samples found no room in it since the last time."""
        lost, self._lost = self._lost, 0
        while True:
            try:
                self._samples.get_nowait()
            except queue.Empty:
                return lost

    def _connected(self) -> bool:
        return self._open

    def _connect(self, deadline: Deadline) -> DeviceInfo:
        info = self._named(self._attached())
        self._open = True
        return info

    def _disconnect(self) -> None:
        self._open = False

    def _ping(self, deadline: Deadline) -> None:
        self._attached()

    def _attached(self) -> PenDevice:
        pen = self._find()
        if pen is None:
            raise DeviceNotFound(driver=DRIVER)
        return pen

    def _wake(self) -> None:
        try:
            self._samples.put_nowait(None)
        except queue.Full:
            return


class _WindowInk(Strokes):
    """The strokes of one signature, on the clock of the window's events."""

    def __init__(self) -> None:
        super().__init__()
        self.damaged = 0  # events out of order
        self._began = 0
        self._last: PenSample | None = None

    def add(self, sample: PenSample) -> Sequence[PenPoint]:
        """Take a sample; return the new ink."""
        last, newer = self._last, self._last is None or sample.t_us >= self._last.t_us
        if not newer:
            self.damaged += 1
            return ()
        if sample == last or not self.is_ink(down=sample.down):
            return ()
        self._last = sample
        if not self.points:
            self._began = sample.t_us
        return self.take(
            PenPoint(
                sample.t_us - self._began,
                sample.x_um,
                sample.y_um,
                sample.pressure if sample.down else 0.0,
                sample.down,
            )
        )
