"""Scanner driver for ZFM-20/60/70, R30x, AS608 and R503 modules (verification grade, 16 grey levels)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from drivers.contract import Site
from drivers.fingerprint.grading import grade_of
from drivers.fingerprint.zfm_image import Buffer, fetch, wipe
from drivers.fingerprint.zfm_opening import Access, Opened, open_module, unlock
from drivers.fingerprint.zfm_packets import BROADCAST, Ack, Command, unpack_nibbles
from drivers.fingerprint.zfm_talk import ZfmTalk
from drivers.owned import Session
from drivers.serial.device import SerialDevice
from drivers.serial.line import ByteLine, SerialLine
from station.capabilities import Capabilities
from station.clock import CancelToken, Clock, Deadline
from station.devices import (
    DeviceInfo,
    DeviceState,
    FingerPosition,
    Grade,
    ImageCapture,
    Modality,
    Sink,
    SubjectPresent,
)
from station.errors import (
    DeviceRejected,
    DeviceRemoved,
    DeviceTimeout,
    NoSubject,
    NotSupported,
    ProtocolError,
)
from station.guidance import Guidance

_NAME: Final = "finger.zfm"
_POLL_S: Final = 0.05
_DEPTH: Final = 4  # bits; the wire carries no more
# After these it may be another module that answers next.
_DOUBTFUL: Final = (DeviceTimeout, ProtocolError, DeviceRejected)
_LIFT: Final = frozenset({Ack.IMAGING_FAILED, Ack.TOO_MESSY, Ack.POOR_IMAGE})
# Grow's own sensors have 508 dpi by their manuals, the optical ones 500.
_GROW_PPI: Final = 508
_GROW: Final = ("R50", "R304")
# AuraLedConfig: flashing, half a second each, purple, twice; it ends by itself.
_BLINK: Final = bytes((0x02, 0x40, 0x03, 0x02))


@dataclass(frozen=True, slots=True)
class ZfmSettings:
    """What configuration knows about a module; used where an old module cannot say it itself."""

    password: int = 0
    address: int = BROADCAST
    baud: int = 57600  # tried first
    top_baud: int = 115200  # raised to after opening; 0 leaves the rate alone
    width: int = 256
    height: int = 288
    ppi: int = 500
    model: str = "ZFM-20"
    serial: str = ""

    @property
    def access(self) -> Access:
        """What it takes to talk to the module."""
        return Access(self.password, self.address, self.baud, self.top_baud)


class ZfmScanner(SerialDevice):
    """A ``station.devices.FingerScanner`` over a ZFM module."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        settings: ZfmSettings = ZfmSettings(),
        opener: Callable[[], ByteLine] | None = None,
        *,
        site: Site | None = None,
    ) -> None:
        """Name the place; nothing is opened yet. ``opener`` replaces the pyserial line."""
        self._settings = settings
        self._clock = clock
        self._site = site or Site(clock)
        self._talk: ZfmTalk | None = None
        self._buffer = Buffer(settings.width, settings.height, 128, settings.baud)
        self._ppi = settings.ppi
        self._tells_serial = False
        self._in_doubt = False  # the last exchange failed: is it still the module we opened?
        self._frames = 0
        model, serial = settings.model, settings.serial
        super().__init__(
            url,
            opener or (lambda: SerialLine(url, settings.baud)),
            DeviceInfo(_NAME, "ZhianTec", model, serial, "", url, Grade.VERIFICATION),
        )

    @property
    def capabilities(self) -> Capabilities:
        """One finger at a time, 16 grey levels; size and resolution are final after open."""
        return Capabilities(
            Modality.FINGER,
            tuple(finger.name for finger in FingerPosition),
            at_once=1,
            width=self._buffer.width,
            height=self._buffer.height,
            depth=_DEPTH,
            ppi=Fraction(self._ppi),
            serial_is_configured=not self._tells_serial,
        )

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> ImageCapture:
        """Wait for a finger and return one grey image (h, w), ``depth`` 4; NoSubject at the deadline."""
        with self._capturing(sink, cancel) as (line, session):
            try:
                talk = self._ready(line, deadline, cancel)
                session.move(DeviceState.WAIT_SUBJECT)
                self._await_finger(talk, session, cancel, deadline)
                session.move(DeviceState.TRANSFER)
                packed = fetch(talk, self._buffer, session, cancel, deadline)
            except BaseException as cause:
                self._in_doubt |= isinstance(cause, _DOUBTFUL)
                if self._talk is not None:
                    self._talk.wipe()
                raise
            try:
                pixels = unpack_nibbles(packed, self._buffer.width, self._buffer.height)
            finally:
                wipe(packed)
        pixels.flags.writeable = False
        self._frames += 1
        return ImageCapture(pixels, self._ppi, _DEPTH, self._frames, self._clock.now(), self._info)

    def identify(self, deadline: Deadline) -> None:
        """Flash the ring twice; NotSupported for a module without one."""
        with self._using():
            talk = self._ready(self._open_line(), deadline, None)
            code = talk.ask(Command.LIGHT, _BLINK, deadline, reply_s=1.0)[0]
        if code != Ack.OK:
            raise NotSupported(what="AuraLedConfig", code=code)

    def _await_finger(
        self, talk: ZfmTalk, session: Session, cancel: CancelToken, deadline: Deadline
    ) -> None:
        said: Guidance | None = None
        while True:
            code = self._image_once(talk, cancel, deadline, answered=said is not None)
            if code == Ack.OK:
                session(SubjectPresent(present=True))
                session.move(DeviceState.ACQUIRING)
                return
            guidance = self._guidance(talk, code, deadline, cancel)
            if guidance is not None and guidance is not said:
                session(SubjectPresent(present=guidance is not Guidance.NO_SUBJECT))
                session(guidance)
                said = guidance
            cancel.wait(min(_POLL_S, deadline.left()))
            cancel.check()
            if deadline.passed():
                raise NoSubject

    def _image_once(
        self, talk: ZfmTalk, cancel: CancelToken, deadline: Deadline, *, answered: bool
    ) -> int:
        try:
            return talk.ask_again(Command.GEN_IMAGE, b"", deadline, cancel)[0]
        except DeviceTimeout:
            # Our own deadline fell between a question and its answer.
            if answered and deadline.passed():
                raise NoSubject from None
            raise

    def _guidance(
        self, talk: ZfmTalk, code: int, deadline: Deadline, cancel: CancelToken
    ) -> Guidance | None:
        if code == Ack.NO_FINGER:
            return Guidance.NO_SUBJECT
        if code in _LIFT:
            return Guidance.LIFT_AND_REPEAT
        if code == Ack.PASSWORD_NEEDED:  # it lost power and came back behind the same port
            unlock(talk, self._settings.access, deadline, cancel)
            return None
        if code == Ack.RECEIVE_ERROR:  # our command arrived damaged; the next round repeats it
            return None
        raise DeviceRejected(what="GenImg", code=code)

    def _ready(self, line: ByteLine, deadline: Deadline, cancel: CancelToken | None) -> ZfmTalk:
        """Return the talk, in step; after a failure the module is looked for and made ready anew."""
        talk = self._talk
        if talk is None or self._in_doubt:
            if talk is not None:
                # Most failures leave it talking at the known rate: let it finish before it is looked for.
                talk.fall_silent(deadline, cancel)
            opened = open_module(line, self._access(), deadline, cancel)
            product = opened.product
            if self._tells_serial and (product is None or product.serial != self._info.serial):
                raise DeviceRemoved(transport=self._url, reason="other device")
            self._note(opened)
            talk = opened.talk
        talk.get_in_step(deadline, cancel)
        return talk

    def _access(self) -> Access:
        # Where it was found last it is most likely found again.
        return replace(self._settings.access, baud=self._buffer.baud)

    def _note(self, opened: Opened) -> None:
        product, settings = opened.product, self._settings
        width, height = settings.width, settings.height
        if product is not None:
            width, height = product.width, product.height
            grow = product.model.startswith(_GROW)
            self._ppi = _GROW_PPI if grow else settings.ppi
        self._tells_serial = product is not None and bool(product.serial)
        self._buffer = Buffer(width, height, opened.packet_size, opened.baud)
        self._talk = opened.talk
        self._in_doubt = False

    def _identify(self, line: ByteLine, deadline: Deadline) -> DeviceInfo:
        opened = open_module(line, self._access(), deadline)
        self._note(opened)
        product, settings = opened.product, self._settings
        info = replace(self._info, model=settings.model, serial=settings.serial, firmware="")
        if product is not None:
            info = replace(
                info,
                make="Grow" if product.model.startswith(_GROW) else info.make,
                model=product.model,
                serial=product.serial or settings.serial,
                firmware=product.firmware,
            )
        grade = grade_of(self._site, _NAME, info.make, info.model, info.firmware)
        return replace(info, grade=grade)

    def _ask_once(self, line: ByteLine, deadline: Deadline) -> None:
        unlock(self._ready(line, deadline, None), self._settings.access, deadline)
