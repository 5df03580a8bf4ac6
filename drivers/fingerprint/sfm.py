"""Scanner driver for Suprema SFM modules: 8-bit images at up to 921 600 baud."""

import contextlib
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from drivers.fingerprint.grading import GradedModels, grade_of
from drivers.fingerprint.sfm_frames import BAUD_CODES, Code, Command, Frame, ImageFormat, Parameter
from drivers.fingerprint.sfm_image import PACKET_BYTES, Plan, parse_payload
from drivers.fingerprint.sfm_talk import SfmTalk
from drivers.serial.device import SerialDevice
from drivers.serial.line import ByteLine, SerialLine
from station.clock import CancelToken, Clock, Deadline
from station.devices import DeviceInfo, Grade, ImageCapture, Sink, SubjectPresent
from station.errors import (
    AuthFailed,
    DeviceBusy,
    DeviceError,
    DeviceRejected,
    DeviceTimeout,
    HardwareFault,
    NoSubject,
    NotSupported,
    ProtocolError,
)
from station.guidance import Guidance

_PROBE_S: Final = 0.2
_PROBE_BAUDS: Final = (921600, 115200, 57600, 460800, 230400, 38400, 19200, 9600)
_GOODBYE_S: Final = 0.15  # how long a cancelled scan may take to answer past our deadline

# What an answer to SIX says about the person; the scan is then asked for again.
_SAY_AND_REPEAT: Final[Mapping[int, Guidance]] = {
    Code.SCAN_FAILED: Guidance.LIFT_AND_REPEAT,
    Code.TRY_AGAIN: Guidance.LIFT_AND_REPEAT,
    Code.FAKE_DETECTED: Guidance.LIFT_AND_REPEAT,
    Code.TIMEOUT: Guidance.NO_SUBJECT,
}
# What it says about the device.
_REFUSALS: Final[Mapping[int, type[DeviceError]]] = {
    Code.BUSY: DeviceBusy,
    Code.UNSUPPORTED: NotSupported,
    Code.LOCKED: AuthFailed,
    Code.RECOVERY_MODE: HardwareFault,
}


@dataclass(frozen=True, slots=True)
class SfmSettings:
    """What configuration knows about a module."""

    model: str = "SFM"
    baud: int = 115200  # tried first
    top_baud: int = 921600  # raised to after opening; 0 leaves the rate alone
    packet_bytes: int = PACKET_BYTES  # at most 256 behind a serial-to-Ethernet box
    ppi: int = 500
    graded: GradedModels = field(default_factory=dict)


class SfmScanner(SerialDevice):
    """A ``station.devices.FingerScanner`` over an SFM module."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        settings: SfmSettings = SfmSettings(),
        opener: Callable[[], ByteLine] | None = None,
    ) -> None:
        """Name the place; nothing is opened yet. ``opener`` replaces the pyserial line."""
        self._settings = settings
        self._clock = clock
        self._talk: SfmTalk | None = None
        self._frames = 0
        super().__init__(
            url,
            opener or (lambda: SerialLine(url, settings.baud)),
            DeviceInfo("finger.sfm", "Suprema", settings.model, "", "", url, Grade.VERIFICATION),
        )

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> ImageCapture:
        """Wait for a finger and return one grey image (h, w), ``depth`` 8; NoSubject at the deadline."""
        with self._capturing(sink, cancel) as (line, session):
            talk = self._talk or SfmTalk(line)
            talk.get_in_step(deadline, cancel)
            try:
                plan = self._scan(talk, session, cancel, deadline)
                payload = talk.receive_image(plan, session, cancel, deadline)
            except BaseException:
                talk.abort()
                raise
            try:
                pixels = parse_payload(payload)
            finally:
                payload[:] = bytes(len(payload))
        self._frames += 1
        return ImageCapture(
            pixels, self._settings.ppi, 8, self._frames, self._clock.now(), self._info
        )

    def _scan(self, talk: SfmTalk, sink: Sink, cancel: CancelToken, deadline: Deadline) -> Plan:
        """Wait for a finger; return the announced transfer."""
        said: Guidance | None = None
        talk.begin_scan(self._settings.packet_bytes)
        while True:
            answer = self._scan_answer(talk, cancel, deadline)
            if answer.flag == Code.SCAN_SUCCESS:
                sink(SubjectPresent(present=True))
            elif answer.flag == Code.OK:
                return Plan.parse(answer, self._settings.packet_bytes)
            elif answer.flag == Code.NONE:  # a data packet left over from an earlier transfer
                talk.abort()
                talk.get_in_step(deadline, cancel)
                talk.begin_scan(self._settings.packet_bytes)
            else:
                guidance = _SAY_AND_REPEAT.get(answer.flag)
                if guidance is None:
                    refusal = _REFUSALS.get(answer.flag, DeviceRejected)
                    raise refusal(what="SIX", code=answer.flag)
                if guidance is not said:
                    sink(guidance)
                    said = guidance
                talk.begin_scan(self._settings.packet_bytes)

    def _scan_answer(self, talk: SfmTalk, cancel: CancelToken, deadline: Deadline) -> Frame:
        try:
            return talk.next_answer(Command.SCAN_IMAGE_X, deadline, cancel)
        except DeviceTimeout:
            talk.abort()
            # Only a living module answers the cancellation, with CA or with SIX; a dead one timed out.
            if talk.heard_anything(Deadline.after(_GOODBYE_S), cancel):
                raise NoSubject from None
            raise

    def _identify(self, line: ByteLine, deadline: Deadline) -> DeviceInfo:
        talk, rate = self._find_rate(line, deadline)
        talk.get_in_step(deadline, None)
        # The factory setting is a binary image.
        self._must_write(talk, Parameter.IMAGE_FORMAT, ImageFormat.GREY, deadline)
        self._must_write(talk, Parameter.SEND_SCAN_SUCCESS, 0x31, deadline)
        self._raise_rate(line, talk, rate, deadline)
        self._talk = talk
        firmware = _characters(talk.read_parameter(Parameter.FIRMWARE, deadline))
        serial = talk.read_parameter(Parameter.SERIAL, deadline)
        return replace(
            self._info,
            serial="" if serial is None else f"{serial:010d}",
            firmware=firmware,
            grade=grade_of(self._settings.model, firmware, self._settings.graded),
        )

    def _ask_once(self, line: ByteLine, deadline: Deadline) -> None:
        talk = self._talk or SfmTalk(line)
        talk.get_in_step(deadline, None)
        talk.read_parameter(Parameter.SERIAL, deadline)

    def _find_rate(self, line: ByteLine, deadline: Deadline) -> tuple[SfmTalk, int]:
        for baud in dict.fromkeys((self._settings.baud, *_PROBE_BAUDS)):
            if self._answers(line, baud, deadline):
                return SfmTalk(line), baud
            deadline.check(transport=self._url)
        raise DeviceTimeout(transport=self._url)

    def _answers(self, line: ByteLine, baud: int, deadline: Deadline) -> bool:
        line.set_baud(baud)
        line.drain(0.02, deadline)
        # At a wrong rate the module hears and says noise.
        with contextlib.suppress(DeviceTimeout, ProtocolError):
            SfmTalk(line).read_parameter(Parameter.FIRMWARE, deadline, reply_s=_PROBE_S)
            return True
        return False

    def _raise_rate(self, line: ByteLine, talk: SfmTalk, present: int, deadline: Deadline) -> None:
        wanted = self._settings.top_baud
        if wanted <= present:
            return
        # When the new rate begins is not documented, so the answer is not judged: the probes decide.
        with contextlib.suppress(DeviceTimeout, ProtocolError):
            talk.write_parameter(Parameter.BAUD, BAUD_CODES[wanted], deadline)
        if not any(self._answers(line, baud, deadline) for baud in (wanted, present)):
            raise DeviceTimeout(transport=self._url, what="baud")

    def _must_write(
        self, talk: SfmTalk, parameter: Parameter, value: int, deadline: Deadline
    ) -> None:
        code = talk.write_parameter(parameter, value, deadline)
        if code != Code.OK:
            refusal = _REFUSALS.get(code, DeviceRejected)
            raise refusal(what="SW", parameter=int(parameter), code=code)


def _characters(value: int | None) -> str:
    """Return the characters a parameter packs into its four bytes."""
    packed = struct.pack("<I", value or 0)
    return bytes(each for each in packed if 0x20 < each < 0x7F).decode("ascii")
