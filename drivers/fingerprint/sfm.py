"""Scanner driver for Suprema SFM modules: 8-bit images at up to 921 600 baud."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from drivers.contract import Site
from drivers.fingerprint.grading import grade_of
from drivers.fingerprint.sfm_frames import Code, Command, Frame, Parameter
from drivers.fingerprint.sfm_image import PACKET_BYTES, Plan, parse_payload
from drivers.fingerprint.sfm_opening import Opened, Rates, open_module, refusal
from drivers.fingerprint.sfm_options import OPTIONS, option_value, parameter_value
from drivers.fingerprint.sfm_talk import SfmTalk
from drivers.owned import Session
from drivers.serial.device import SerialDevice
from drivers.serial.line import ByteLine, SerialLine
from station.capabilities import Calibration, Capabilities, OptionValue
from station.clock import CancelToken, Clock, Deadline
from station.devices import (
    DeviceInfo,
    DeviceState,
    FingerPosition,
    Grade,
    ImageCapture,
    Modality,
    Pixels,
    Sink,
    SubjectPresent,
)
from station.errors import (
    DeviceRejected,
    DeviceRemoved,
    DeviceTimeout,
    NoSubject,
    ProtocolError,
)
from station.guidance import Guidance

_NAME: Final = "finger.sfm"
_DEPTH: Final = 8
_GOODBYE_S: Final = 0.15  # how long a cancelled scan may take to answer past our deadline
_LIVING_S: Final = 2.0
_CALIBRATION_S: Final = 5.0
_AGAIN_S: Final = 0.05  # between a scan that failed and the next
_DISTURBED: Final = frozenset({Code.NONE, Code.CANCELLED})

# What an answer to SIX says about the person; the scan is then asked for again.
_SAY_AND_REPEAT: Final[Mapping[int, Guidance]] = {
    Code.SCAN_FAILED: Guidance.LIFT_AND_REPEAT,
    Code.TRY_AGAIN: Guidance.LIFT_AND_REPEAT,
    Code.FAKE_DETECTED: Guidance.LIFT_AND_REPEAT,
    Code.TIMEOUT: Guidance.NO_SUBJECT,
}


@dataclass(frozen=True, slots=True)
class SfmSettings:
    """What configuration knows about a module."""

    model: str = "SFM"
    serial: str = ""  # of a module that cannot tell it
    baud: int = 115200  # tried first
    top_baud: int = 921600  # raised to after opening; 0 leaves the rate alone
    packet_bytes: int = PACKET_BYTES  # at most 256 behind a serial-to-Ethernet box
    ppi: int = 500
    look_s: float = (
        6.0  # a scan that is silent for so long is ended to see whether the module lives
    )


class SfmScanner(SerialDevice):
    """A ``station.devices.FingerScanner`` over an SFM module."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        settings: SfmSettings = SfmSettings(),
        opener: Callable[[], ByteLine] | None = None,
        *,
        site: Site | None = None,
    ) -> None:
        """Name the place; nothing is opened yet. ``opener`` replaces the pyserial line."""
        self._settings = settings
        self._clock = clock
        self._site = site or Site(clock)
        self._opened: Opened | None = None
        self._in_doubt = False  # the last exchange failed: is it still the module we opened?
        self._shape = (0, 0)  # of the last image; the module does not tell it otherwise
        self._frames = 0
        super().__init__(
            url,
            opener or (lambda: SerialLine(url, settings.baud)),
            DeviceInfo(
                _NAME, "Suprema", settings.model, settings.serial, "", url, Grade.VERIFICATION
            ),
        )

    @property
    def capabilities(self) -> Capabilities:
        """One finger at a time; the image's size is known after the first one."""
        opened = self._opened
        return Capabilities(
            Modality.FINGER,
            tuple(finger.name for finger in FingerPosition),
            at_once=1,
            width=self._shape[1],
            height=self._shape[0],
            depth=_DEPTH,
            ppi=Fraction(self._settings.ppi),
            serial_is_configured=opened is not None and not opened.serial,
            liveness=opened is not None and opened.detects_fakes,
            options=tuple(option for option, _ in OPTIONS.values()),
        )

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> ImageCapture:
        """Wait for a finger and return one grey image (h, w), ``depth`` 8; NoSubject at the deadline."""
        with self._capturing(sink, cancel) as (line, session):
            try:
                talk = self._ready(line, deadline, cancel)
                pixels = self._one_image(talk, session, cancel, deadline)
            except (DeviceTimeout, ProtocolError, DeviceRejected):
                self._in_doubt = True
                raise
        self._shape = (pixels.shape[0], pixels.shape[1])
        self._frames += 1
        return ImageCapture(
            pixels, self._settings.ppi, _DEPTH, self._frames, self._clock.now(), self._info
        )

    def calibrate(self, deadline: Deadline) -> Calibration:
        """Calibrate the sensor on an empty glass; NotSupported, DeviceError."""
        with self._using():
            talk = self._ready(self._open_line(), deadline, None)
            code = talk.ask(Frame(Command.CALIBRATE), deadline, reply_s=_CALIBRATION_S).flag
        if code not in {Code.OK, Code.FAILED}:
            raise refusal("CS", code)
        return Calibration(good=code == Code.OK)

    def options(self) -> Mapping[str, OptionValue]:
        """Return the values of the options this module has."""
        deadline = Deadline.after(_CALIBRATION_S)
        found: dict[str, OptionValue] = {}
        with self._using():
            talk = self._ready(self._open_line(), deadline, None)
            for name, (_, parameter) in OPTIONS.items():
                value = talk.read_parameter(parameter, deadline)
                if value is not None:
                    found[name] = option_value(name, value)
        return found

    def adjust(self, name: str, value: OptionValue) -> OptionValue:
        """Set one option until the next power cycle and return what the module took; NotSupported."""
        deadline = Deadline.after(_CALIBRATION_S)
        wanted = parameter_value(name, value)
        _, parameter = OPTIONS[name]
        with self._using():
            talk = self._ready(self._open_line(), deadline, None)
            code = talk.write_parameter(parameter, wanted, deadline)
            if code != Code.OK:
                raise refusal("SW", code, parameter=int(parameter))
            taken = talk.read_parameter(parameter, deadline)
        return option_value(name, wanted if taken is None else taken)

    def _one_image(
        self, talk: SfmTalk, session: Session, cancel: CancelToken, deadline: Deadline
    ) -> Pixels:
        try:
            session.move(DeviceState.WAIT_SUBJECT)
            plan = self._scan(talk, session, cancel, deadline)
            session.move(DeviceState.TRANSFER)
            payload = talk.receive_image(plan, session, cancel, deadline)
        except BaseException:
            talk.abort()
            raise
        try:
            return parse_payload(payload)
        finally:
            payload[:] = bytes(len(payload))

    def _scan(
        self, talk: SfmTalk, session: Session, cancel: CancelToken, deadline: Deadline
    ) -> Plan:
        """Wait for a finger; return the announced transfer."""
        said: Guidance | None = None
        talk.begin_scan(self._settings.packet_bytes)
        while True:
            answer = self._scan_answer(talk, cancel, deadline)
            if answer is None:
                talk.begin_scan(self._settings.packet_bytes)
                continue
            if answer.flag == Code.SCAN_SUCCESS:
                session(SubjectPresent(present=True))
                session.move(DeviceState.ACQUIRING)
                continue
            if answer.flag == Code.OK:
                return Plan.parse(answer, self._settings.packet_bytes)
            if answer.flag in _DISTURBED:  # left over from an earlier transfer, or cancelled by it
                talk.abort()
                talk.get_in_step(deadline, cancel)
            else:
                guidance = _SAY_AND_REPEAT.get(answer.flag)
                if guidance is None:
                    raise refusal("SIX", answer.flag)
                if guidance is not said:
                    session(SubjectPresent(present=guidance is not Guidance.NO_SUBJECT))
                    session(guidance)
                    said = guidance
                cancel.wait(min(_AGAIN_S, deadline.left()))
                cancel.check()
            session.move(DeviceState.WAIT_SUBJECT)
            talk.begin_scan(self._settings.packet_bytes)

    def _scan_answer(self, talk: SfmTalk, cancel: CancelToken, deadline: Deadline) -> Frame | None:
        """Return the next answer to the scan; None when the module lives but has nothing to say.

        A module that lost its power is as silent as one without a finger, so silence is looked into.
        """
        try:
            limit = deadline.within(self._settings.look_s)
            if deadline.at - limit.at < _LIVING_S:  # the deadline must not fall into the look
                limit = deadline
            return talk.next_answer(Command.SCAN_IMAGE_X, limit, cancel)
        except DeviceTimeout:
            talk.abort()
            if not deadline.passed():
                talk.get_in_step(deadline.within(_LIVING_S), cancel)
                return None
            # Only a living module answers the cancellation, with CA or with SIX; a dead one timed out.
            if talk.heard_anything(Deadline.after(_GOODBYE_S), cancel):
                raise NoSubject from None
            raise

    def _ready(self, line: ByteLine, deadline: Deadline, cancel: CancelToken | None) -> SfmTalk:
        """Return the talk, in step; after a failure the module is looked for and made ready anew.

        It may have lost its power meanwhile, and with it rate and image format.
        """
        opened = self._opened
        if opened is None or self._in_doubt:
            if opened is not None:
                # Most failures leave it talking at the known rate: let it finish before it is looked for.
                opened.talk.abort()
                opened.talk.fall_silent(deadline, cancel)
            again = open_module(line, self._rates(), deadline, cancel)
            if opened is not None and again.serial != opened.serial:
                raise DeviceRemoved(transport=self._url, reason="other device")
            self._opened = opened = again
            self._in_doubt = False
        opened.talk.get_in_step(deadline, cancel)
        return opened.talk

    def _rates(self) -> Rates:
        # Where it was found last it is most likely found again.
        last = () if self._opened is None else (self._opened.baud,)
        return Rates((*last, self._settings.baud), self._settings.top_baud)

    def _identify(self, line: ByteLine, deadline: Deadline) -> DeviceInfo:
        opened = open_module(line, self._rates(), deadline)
        self._opened, self._in_doubt = opened, False
        grade = grade_of(self._site, _NAME, "Suprema", self._settings.model, opened.firmware)
        serial = opened.serial or self._settings.serial
        return replace(self._info, serial=serial, firmware=opened.firmware, grade=grade)

    def _ask_once(self, line: ByteLine, deadline: Deadline) -> None:
        talk = self._ready(line, deadline, None)
        request = Frame(Command.READ_PARAMETER, flag=Parameter.SERIAL)
        code = talk.ask(request, deadline).flag
        if code not in {Code.OK, Code.UNSUPPORTED}:
            raise refusal("SR", code)
