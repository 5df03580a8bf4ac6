"""An emulated Suprema SFM module: parameter store, scan on a finger, SIX transfer with resend."""

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from drivers.emulation.emulated import Diary, Fact
from drivers.emulation.faults import Outgoing
from drivers.emulation.machine import Subject, touched
from drivers.emulation.posing import Posing
from drivers.emulation.runner import SerialEmulator
from drivers.emulation.sfm_formats import body_of, payload_of
from drivers.emulation.sfm_parameters import ParameterStore
from drivers.fingerprint.sfm_frames import (
    BAUD_CODES,
    Code,
    Command,
    Frame,
    FrameFinder,
    ImageFormat,
    Parameter,
)
from drivers.fingerprint.sfm_image import PACKET_BYTES, packets
from station.clock import Clock, SystemClock
from station.devices import EMULATOR_MARK, Pixels
from station.errors import ProtocolError
from station.formats import wsq

_HALF_FRAME_S: Final = 0.3  # a frame that stopped half way is forgotten after this
_TRANSFER_S: Final = 3.0  # a transfer without a word of the host is given up after this
_LARGEST_PACKET: Final = 0xFFFF
_MOST_PACKETS: Final = 0xFFFF
_REFUSAL_S: Final = 0.2  # a scan that fails takes its time too
_END: Final = b"\n"

# What the module answers to a scan while it has a status; None: it works.
_STATUSES: Final[Mapping[str, Code | None]] = {
    "ready": None,
    "busy": Code.BUSY,
    "scan-failed": Code.SCAN_FAILED,
    "try-again": Code.TRY_AGAIN,
    "timeout": Code.TIMEOUT,
    "fake": Code.FAKE_DETECTED,
    "locked": Code.LOCKED,
    "no-serial": Code.NO_SERIAL,
    "recovery": Code.RECOVERY_MODE,
    "unsupported": Code.UNSUPPORTED,
}
# These need a finger; the others are said at once.
_OF_A_FINGER: Final = frozenset({Code.SCAN_FAILED, Code.TRY_AGAIN, Code.FAKE_DETECTED})
# Firmware letters the module claims to run; the mark stays.
_CLAIMS: Final[Mapping[str, str]] = {"emulated": "1", "verification": "1", "enrolment": "S"}

_Handler = Callable[[Frame], Sequence[Outgoing]]


@dataclass(slots=True)
class _Scan:
    """Waiting for a finger."""

    command: int
    packet_bytes: int
    since: float


@dataclass(slots=True)
class _Transfer:
    """An image on its way, one packet for each word of the host."""

    packets: Sequence[bytes] = field(repr=False)
    sent: int
    since: float

    @property
    def last(self) -> bool:
        """Whether the packet sent last was the last."""
        return self.sent == len(self.packets) - 1


class SfmModule(Posing):
    """The module's firmware: bytes in, packets out; no line."""

    odd_parity = False

    def __init__(
        self,
        subject: Subject,
        *,
        width: int = 300,
        height: int = 400,
        seed: int = 1,
        baud: int = 115200,
        top_baud: int = 921600,
        rate_first: bool = False,
        cancel_as_scan: bool = False,
        clock: Clock | None = None,
        diary: Diary | None = None,
    ) -> None:
        """Describe the module; ``seed`` is its serial number. ValueError for what no module can be.

        With ``rate_first`` the answer to a rate change already comes at the new rate, with ``cancel_as_scan`` a
        cancelled scan is answered as a scan (code 81) and not as CA.
        """
        if baud not in BAUD_CODES or top_baud not in BAUD_CODES:
            raise ValueError(f"baud {baud}, {top_baud}: one of {', '.join(map(str, BAUD_CODES))}")
        if not (16 <= width <= 640 and 16 <= height <= 480):
            raise ValueError(f"{width}x{height}: 16..640 x 16..480")
        super().__init__(_STATUSES, _CLAIMS)
        self._subject = subject
        self._ear = touched(subject)
        self._clock = clock or SystemClock()
        self._diary = diary or Diary(None, self._clock)
        self._shape = (height, width)
        self._store = ParameterStore(seed & 0xFFFFFFFF, _firmware("emulated"), baud, top_baud)
        self._rate_first = rate_first
        self._cancel_as_scan = cancel_as_scan
        self._answers: Mapping[int, _Handler] = {
            Command.WRITE_PARAMETER: self._write,
            Command.SAVE_PARAMETERS: self._save,
            Command.READ_PARAMETER: self._read,
            Command.STATUS: lambda _: _say(Command.STATUS, Code.OK, size=0x30),
            Command.CALIBRATE: self._calibrate,
            Command.MODULE_ID: self._tell_id,
            Command.LOCK: self._lock,
            Command.UNLOCK: self._unlock,
            Command.RESET: self._reset,
            Command.CANCEL: self._cancel,
            Command.SCAN_IMAGE: self._scan,
            Command.SCAN_IMAGE_X: self._scan,
            Command.READ_IMAGE: self._read_image,
            Command.READ_IMAGE_X: self._read_image,
        }
        self.power_on()

    @property
    def baud(self) -> int:
        """The rate it speaks and hears now."""
        return self._baud

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What the first line of ``rekam emulate`` says."""
        return {
            "model": "SFM",
            "serial": self._store.value(Parameter.SERIAL),
            "baud": self._baud,
            "width": self._shape[1],
            "height": self._shape[0],
        }

    def power_on(self) -> None:
        """Lose the image and every parameter that was written but not saved."""
        self._store.power_on()
        self._baud = self._store.baud
        self._frames = FrameFinder()
        self._heard_at = 0.0
        self._scanning: _Scan | None = None
        self._transfer: _Transfer | None = None
        self._image: Pixels | None = None  # the last one scanned

    def rename(self, serial: str) -> None:
        """Become another module: a number of 32 bits."""
        if not serial.isdigit() or int(serial) > 0xFFFFFFFF:
            raise ValueError(f"serial {serial}: 0..{0xFFFFFFFF}")
        self._store.burn(Parameter.SERIAL, int(serial))

    def claim(self, grade: str) -> None:
        """Claim a grade by the firmware's name, which nobody should believe."""
        self.check_claim(grade)
        self._store.burn(Parameter.FIRMWARE, _firmware(grade.lower()))

    def feed(self, data: bytes) -> Sequence[Outgoing]:
        """Take received bytes and return what goes out now."""
        # The answer to a rate change still left at the old rate; from here on the new one holds.
        self._baud = self._store.baud
        now = self._clock.monotonic()
        if data:
            if now - self._heard_at > _HALF_FRAME_S:
                self._frames.clear()
            self._heard_at = now
            self._frames.feed(data)
        if self._transfer is not None and now - self._transfer.since > _TRANSFER_S:
            self._transfer = None
        out: list[Outgoing] = []
        while data:
            try:
                frame = self._frames.take()
            except ProtocolError:
                self._diary.note("damaged frame")
                continue  # noise: a module stays silent
            if frame is None:
                break
            out += self._answer(frame)
        return (*out, *self._look())

    def _answer(self, frame: Frame) -> Sequence[Outgoing]:
        transfer = self._transfer
        if transfer is not None and frame.flag in {Code.DATA_OK, Code.DATA_ERROR}:
            return self._go_on(transfer, frame)
        said = self._judge(frame)
        name = Command(frame.command).name if frame.command in _KNOWN else f"{frame.command:02X}"
        about = {"parameter": f"{frame.flag:02X}"} if frame.command in _ABOUT_A_PARAMETER else {}
        answer = f"{said[0].data[10]:02X}" if said else "-"
        self._diary.note(name, **about, size=frame.size, answer=answer)
        return said

    def _judge(self, frame: Frame) -> Sequence[Outgoing]:
        busy = self._scanning is not None or (
            self._transfer is not None and not self._transfer.last
        )
        if busy and frame.command != Command.CANCEL:
            return _say(frame.command, Code.BUSY)
        if self._status == "locked" and frame.command != Command.UNLOCK:
            return _say(frame.command, Code.LOCKED)
        answer = self._answers.get(frame.command)
        return _say(frame.command, Code.UNSUPPORTED) if answer is None else answer(frame)

    def _read(self, frame: Frame) -> Sequence[Outgoing]:
        value = self._store.read(frame.flag)
        if value is None:
            return _say(Command.READ_PARAMETER, Code.UNSUPPORTED)
        return _say(Command.READ_PARAMETER, Code.OK, size=value)

    def _write(self, frame: Frame) -> Sequence[Outgoing]:
        if not self._store.write(frame.flag, frame.size):
            return _say(Command.WRITE_PARAMETER, Code.UNSUPPORTED)
        if self._rate_first:
            self._baud = self._store.baud
        return _say(Command.WRITE_PARAMETER, Code.OK, size=frame.size)

    def _save(self, _: Frame) -> Sequence[Outgoing]:
        self._store.save()
        return _say(Command.SAVE_PARAMETERS, Code.OK)

    def _calibrate(self, _: Frame) -> Sequence[Outgoing]:
        good = self._status == "ready"
        return _say(Command.CALIBRATE, Code.OK if good else Code.FAILED)

    def _tell_id(self, _: Frame) -> Sequence[Outgoing]:
        number = self._store.value(Parameter.MODULE_ID)
        return (Outgoing(Frame(Command.MODULE_ID, number, 0, Code.OK).encode()),)

    def _lock(self, _: Frame) -> Sequence[Outgoing]:
        self._status = "locked"
        return _say(Command.LOCK, Code.OK)

    def _unlock(self, _: Frame) -> Sequence[Outgoing]:
        self._status = "ready"
        return _say(Command.UNLOCK, Code.OK)

    def _reset(self, _: Frame) -> Sequence[Outgoing]:
        self.power_on()
        return _say(Command.RESET, Code.OK)

    def _cancel(self, _: Frame) -> Sequence[Outgoing]:
        scanning, self._scanning, self._transfer = self._scanning, None, None
        if scanning is not None and self._cancel_as_scan:
            return _say(scanning.command, Code.CANCELLED)
        return _say(Command.CANCEL, Code.OK)

    def _scan(self, frame: Frame) -> Sequence[Outgoing]:
        if frame.flag in {Code.DATA_OK, Code.DATA_ERROR}:
            return ()  # about a transfer that is over
        wanted = frame.size or PACKET_BYTES
        if wanted > _LARGEST_PACKET:
            return _say(frame.command, Code.UNSUPPORTED)
        self._scanning = _Scan(frame.command, wanted, self._clock.monotonic())
        self._transfer = None
        return ()

    def _look(self) -> Sequence[Outgoing]:
        """While scanning: send the image as soon as a finger is there."""
        scan = self._scanning
        if scan is None:
            return ()
        pixels = self._subject()
        waited = self._clock.monotonic() - scan.since
        limit = self._store.scan_timeout_s
        refusal = _STATUSES[self._status]
        if refusal is None and pixels is not None and self._ear.useless:
            refusal = Code.TRY_AGAIN
        if pixels is None and limit is not None and waited > limit:
            refusal, waited = Code.TIMEOUT, _REFUSAL_S
        elif pixels is None and (refusal is None or refusal in _OF_A_FINGER):
            return ()
        if refusal is not None:
            return self._refuse(scan, refusal) if waited >= _REFUSAL_S else ()
        assert pixels is not None  # noqa: S101 - without a finger it returned above
        self._scanning = None
        if pixels.shape != self._shape:
            return _say(scan.command, Code.SCAN_FAILED)
        self._image = self._store.turned(pixels)
        self._ear.seen()
        announced: Sequence[Outgoing] = ()
        if self._store.value(Parameter.SEND_SCAN_SUCCESS) == 0x31:
            announced = _say(scan.command, Code.SCAN_SUCCESS)
        return (*announced, *self._send_image(scan.command, scan.packet_bytes, self._image))

    def _refuse(self, scan: _Scan, code: Code) -> Sequence[Outgoing]:
        self._scanning = None
        self._diary.note("scan refused", answer=f"{code:02X}")
        return _say(scan.command, code)

    def _read_image(self, frame: Frame) -> Sequence[Outgoing]:
        if frame.flag in {Code.DATA_OK, Code.DATA_ERROR}:
            return ()
        if self._image is None:
            return _say(frame.command, Code.FAILED)
        return self._send_image(frame.command, frame.size or PACKET_BYTES, self._image)

    def _send_image(self, command: int, size: int, pixels: Pixels) -> Sequence[Outgoing]:
        image_format = ImageFormat(self._store.value(Parameter.IMAGE_FORMAT))
        if image_format is ImageFormat.WSQ and min(pixels.shape) < wsq.SMALLEST:
            return _say(command, Code.FAILED)
        if command in {Command.SCAN_IMAGE, Command.READ_IMAGE}:
            body = body_of(pixels, image_format)
            self._ear.captured()
            self._diary.note("image sent", bytes=len(body))
            return (*_say(command, Code.OK, size=len(body)), Outgoing(body + _END, 0, last=True))
        whole = payload_of(pixels, image_format)
        size = min(size, _LARGEST_PACKET)
        if len(whole) > size * _MOST_PACKETS:
            return _say(command, Code.UNSUPPORTED)  # their number has sixteen bits
        cut = packets(whole, size, command)
        self._transfer = _Transfer(cut, 0, self._clock.monotonic())
        self._diary.note("image announced", bytes=len(whole), packets=len(cut))
        return (*_say(command, Code.OK, size=len(whole)), *self._packet(self._transfer))

    def _go_on(self, transfer: _Transfer, frame: Frame) -> Sequence[Outgoing]:
        transfer.since = self._clock.monotonic()
        if frame.flag == Code.DATA_ERROR:
            self._diary.note("packet asked for again", index=transfer.sent)
            return self._packet(transfer)
        if transfer.last:
            self._transfer = None
            return ()
        transfer.sent += 1
        return self._packet(transfer)

    def _packet(self, transfer: _Transfer) -> Sequence[Outgoing]:
        if transfer.last:
            self._diary.note("image sent", packets=len(transfer.packets))
            self._ear.captured()
        return (Outgoing(transfer.packets[transfer.sent], transfer.sent, transfer.last),)


_KNOWN: Final = frozenset(Command)
_ABOUT_A_PARAMETER: Final = frozenset({Command.WRITE_PARAMETER, Command.READ_PARAMETER})


def _say(command: int, code: Code, size: int = 0) -> Sequence[Outgoing]:
    return (Outgoing(Frame(command, 0, size, code).encode()),)


def _firmware(claim: str) -> int:
    """Return four characters as the parameter holds them."""
    (packed,) = struct.unpack("<I", f"{EMULATOR_MARK}{_CLAIMS[claim]}".encode())
    return int(packed)


class SfmEmulator(SerialEmulator):
    """An SFM module on a pty behind ``link``."""

    def __init__(
        self,
        link: Path,
        subject: Subject,
        *,
        width: int = 300,
        height: int = 400,
        seed: int = 1,
        paced: bool = False,
        baud: int = 115200,
    ) -> None:
        from drivers.emulation.pty_port import PtyPort  # no termios on Windows

        self.link = link
        module = SfmModule(subject, width=width, height=height, seed=seed, baud=baud)
        super().__init__(module, PtyPort(link), paced=paced)
