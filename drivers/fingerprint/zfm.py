"""Scanner driver for ZFM-20/60/70, R30x, AS608 and R503 modules (verification grade, 16 grey levels)."""

import contextlib
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from drivers.fingerprint.grading import grade_of
from drivers.fingerprint.zfm_packets import (
    BROADCAST,
    Ack,
    Command,
    Pid,
    ProductInfo,
    Register,
    SysPara,
    unpack_nibbles,
)
from drivers.fingerprint.zfm_talk import ZfmTalk
from drivers.serial.device import SerialDevice
from drivers.serial.line import ByteLine, SerialLine
from station.clock import CancelToken, Clock, Deadline
from station.devices import DeviceInfo, Grade, ImageCapture, Progress, Sink, SubjectPresent
from station.errors import (
    AuthFailed,
    ChecksumError,
    DeviceRejected,
    DeviceTimeout,
    NoSubject,
    ProtocolError,
)
from station.guidance import Guidance

_BAUDS: Final = (57600, 115200, 38400, 19200, 9600)
_PROBE_S: Final = 0.3
_POLL_S: Final = 0.05
_PROGRESS_STEPS: Final = 20
_LIFT: Final = frozenset({Ack.IMAGING_FAILED, Ack.TOO_MESSY, Ack.POOR_IMAGE})


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


class ZfmScanner(SerialDevice):
    """A ``station.devices.FingerScanner`` over a ZFM module."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        settings: ZfmSettings = ZfmSettings(),
        opener: Callable[[], ByteLine] | None = None,
    ) -> None:
        """Name the place; nothing is opened yet. ``opener`` replaces the pyserial line."""
        self._settings = settings
        self._clock = clock
        self._talk: ZfmTalk | None = None
        self._packet_size = 128
        self._frames = 0
        super().__init__(
            url,
            opener or (lambda: SerialLine(url, settings.baud)),
            DeviceInfo(
                "finger.zfm",
                "ZhianTec",
                settings.model,
                settings.serial,
                "",
                url,
                Grade.VERIFICATION,
            ),
        )

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> ImageCapture:
        """Wait for a finger and return one grey image (h, w), ``depth`` 4; NoSubject at the deadline."""
        with self._capturing(sink, cancel) as (line, session):
            talk = self._talk or ZfmTalk(line, self._settings.address)
            talk.get_in_step(deadline, cancel)
            self._await_finger(talk, session, cancel, deadline)
            packed = self._fetch(talk, session, cancel, deadline)
            try:
                pixels = unpack_nibbles(bytes(packed), self._settings.width, self._settings.height)
            finally:
                packed[:] = bytes(len(packed))
        pixels.flags.writeable = False
        self._frames += 1
        return ImageCapture(
            pixels, self._settings.ppi, 4, self._frames, self._clock.now(), self._info
        )

    def _await_finger(
        self, talk: ZfmTalk, sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> None:
        said: Guidance | None = None
        while True:
            code = self._image_once(talk, cancel, deadline, answered=said is not None)
            if code == Ack.OK:
                sink(SubjectPresent(present=True))
                return
            guidance = self._guidance(talk, code, deadline)
            if guidance is not None and guidance is not said:
                sink(SubjectPresent(present=guidance is not Guidance.NO_SUBJECT))
                sink(guidance)
                said = guidance
            cancel.wait(min(_POLL_S, deadline.left()))
            cancel.check()
            if deadline.passed():
                raise NoSubject

    def _image_once(
        self, talk: ZfmTalk, cancel: CancelToken, deadline: Deadline, *, answered: bool
    ) -> int:
        try:
            return talk.ask(Command.GEN_IMAGE, b"", deadline, cancel)[0]
        except DeviceTimeout:
            # Our own deadline fell between a question and its answer.
            if answered and deadline.passed():
                raise NoSubject from None
            raise

    def _guidance(self, talk: ZfmTalk, code: int, deadline: Deadline) -> Guidance | None:
        if code == Ack.NO_FINGER:
            return Guidance.NO_SUBJECT
        if code in _LIFT:
            return Guidance.LIFT_AND_REPEAT
        if code == Ack.PASSWORD_NEEDED:  # it lost power and came back behind the same port
            self._unlock(talk, deadline)
            return None
        if code == Ack.RECEIVE_ERROR:  # our command arrived damaged; the next round repeats it
            return None
        raise DeviceRejected(what="GenImg", code=code)

    def _fetch(
        self, talk: ZfmTalk, sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> bytearray:
        """Read the image buffer; the protocol has no resend, so one repeat is a whole second read."""
        try:
            return self._read_buffer(talk, sink, cancel, deadline)
        except ProtocolError:
            talk.fall_silent(deadline, cancel)
            return self._read_buffer(talk, sink, cancel, deadline)

    def _read_buffer(
        self, talk: ZfmTalk, sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> bytearray:
        total = self._settings.width * self._settings.height // 2
        count = -(-total // self._packet_size)
        step = max(1, count // _PROGRESS_STEPS)
        data = bytearray()
        for index, packet in enumerate(talk.image_packets(count, deadline, cancel)):
            last = index == count - 1
            length = total - index * self._packet_size if last else self._packet_size
            if packet.pid is not (Pid.LAST_DATA if last else Pid.DATA):
                raise ProtocolError(what="packet kind", index=index, count=count)
            if len(packet.payload) != length:
                raise ProtocolError(what="packet length", index=index, length=len(packet.payload))
            data += packet.payload
            if last or index % step == 0:
                sink(Progress(len(data), total))
        return data

    def _identify(self, line: ByteLine, deadline: Deadline) -> DeviceInfo:
        talk = self._find_rate(line, deadline)
        self._raise_rate(line, talk, deadline)
        self._packet_size = self._sys_para(talk, deadline).packet_size
        self._talk = talk
        product = self._product(talk, deadline)
        if product is None:
            return self._info
        self._settings = replace(
            self._settings,
            width=product.width,
            height=product.height,
            model=product.model,
            serial=product.serial,
        )
        return replace(
            self._info,
            model=product.model,
            serial=product.serial,
            firmware=product.firmware,
            grade=grade_of(product.model, product.firmware, {}),
        )

    def _ask_once(self, line: ByteLine, deadline: Deadline) -> None:
        talk = self._talk or ZfmTalk(line, self._settings.address)
        talk.get_in_step(deadline, None)
        self._unlock(talk, deadline)

    def _find_rate(self, line: ByteLine, deadline: Deadline) -> ZfmTalk:
        first = (self._settings.baud, self._settings.top_baud)
        for baud in dict.fromkeys(rate for rate in (*first, *_BAUDS) if rate):
            line.set_baud(baud)
            talk = ZfmTalk(line, self._settings.address)
            # At a wrong rate the module hears and says noise.
            with contextlib.suppress(DeviceTimeout, ProtocolError):
                self._unlock(talk, deadline, reply_s=_PROBE_S)
                return talk
            deadline.check(transport=self._url)
            line.drain(0.02, deadline)
        raise DeviceTimeout(transport=self._url)

    def _raise_rate(self, line: ByteLine, talk: ZfmTalk, deadline: Deadline) -> None:
        present, wanted = self._sys_para(talk, deadline).baud, self._settings.top_baud
        if not wanted or present >= wanted:
            return
        setting = struct.pack(">BB", Register.BAUD, wanted // 9600)
        # Modules differ on which rate carries the ack, so it is not judged: the probes decide.
        with contextlib.suppress(DeviceTimeout, ProtocolError):
            talk.ask(Command.SET_SYS_PARA, setting, deadline, reply_s=_PROBE_S)
        for baud in (wanted, present):
            line.set_baud(baud)
            talk.fall_silent(deadline, None)
            with contextlib.suppress(DeviceTimeout, ProtocolError):
                self._unlock(talk, deadline, reply_s=_PROBE_S)
                return
        raise DeviceTimeout(transport=self._url, what="baud")

    def _unlock(self, talk: ZfmTalk, deadline: Deadline, reply_s: float = 1.0) -> None:
        password = struct.pack(">I", self._settings.password)
        code = talk.ask(Command.VERIFY_PASSWORD, password, deadline, reply_s=reply_s)[0]
        if code == Ack.WRONG_PASSWORD:
            raise AuthFailed(transport=self._url)
        if code == Ack.RECEIVE_ERROR:
            raise ChecksumError(transport=self._url)
        if code != Ack.OK:
            raise DeviceRejected(what="VfyPwd", code=code)

    def _sys_para(self, talk: ZfmTalk, deadline: Deadline) -> SysPara:
        ack = talk.ask(Command.READ_SYS_PARA, b"", deadline)
        if ack[0] != Ack.OK:
            raise DeviceRejected(what="ReadSysPara", code=ack[0])
        return SysPara.parse(ack[1:])

    def _product(self, talk: ZfmTalk, deadline: Deadline) -> ProductInfo | None:
        """Return what the module says about itself; None for old ones that refuse or ignore it."""
        try:
            ack = talk.ask(Command.READ_PROD_INFO, b"", deadline, reply_s=0.5)
        except DeviceTimeout:
            deadline.check(transport=self._url)
            return None
        return ProductInfo.parse(ack[1:]) if ack[0] == Ack.OK else None
