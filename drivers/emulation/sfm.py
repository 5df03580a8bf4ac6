"""An emulated Suprema SFM module: parameter store, scan on a finger, SIX transfer with resend."""

import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from drivers.emulation.faults import Outgoing
from drivers.emulation.machine import Subject
from drivers.emulation.runner import SerialEmulator
from drivers.fingerprint.grading import EMULATOR_MARK
from drivers.fingerprint.sfm_frames import (
    BAUD_CODES,
    BAUD_OF_CODE,
    Code,
    Command,
    Frame,
    FrameFinder,
    ImageFormat,
    Parameter,
)
from drivers.fingerprint.sfm_image import PACKET_BYTES, packets, payload
from station.errors import ProtocolError

_READ_ONLY: Final = frozenset(
    {Parameter.FIRMWARE, Parameter.SERIAL, Parameter.BUILD, Parameter.SENSOR_TYPE}
)
_NO_WSQ: Final = ImageFormat.WSQ


class SfmModule:
    """The module's firmware: bytes in, packets out; no line, no clock, scan timeout infinite."""

    odd_parity = False

    def __init__(
        self,
        subject: Subject,
        *,
        width: int = 300,
        height: int = 400,
        seed: int = 1,
        baud: int = 115200,
    ) -> None:
        """Describe the module; ``seed`` is its serial number."""
        self._subject = subject
        self._shape = (height, width)
        (firmware,) = struct.unpack("<I", f"{EMULATOR_MARK}1".encode())
        self._flash: Mapping[int, int] = {
            Parameter.SCAN_TIMEOUT: 0x30,
            Parameter.SENSOR_TYPE: 0x30,
            Parameter.IMAGE_FORMAT: ImageFormat.BINARY,
            Parameter.MODULE_ID: 1,
            Parameter.FIRMWARE: firmware,
            Parameter.SERIAL: seed & 0xFFFFFFFF,
            Parameter.BAUD: BAUD_CODES[baud],
            Parameter.SEND_SCAN_SUCCESS: 0x31,
            Parameter.BUILD: 1,
        }
        self._answers: Mapping[int, Callable[[Frame], Sequence[Outgoing]]] = {
            Command.WRITE_PARAMETER: self._write,
            Command.SAVE_PARAMETERS: self._save,
            Command.READ_PARAMETER: self._read,
            Command.STATUS: lambda _: _say(Command.STATUS, Code.OK, size=0x30),
            Command.CANCEL: self._cancel,
            Command.SCAN_IMAGE_X: self._scan_or_go_on,
        }
        self.power_on()

    @property
    def baud(self) -> int:
        """The rate it speaks and hears now."""
        return self._baud

    def power_on(self) -> None:
        """Lose the image and every parameter that was written but not saved."""
        self._parameters = dict(self._flash)
        self._baud = BAUD_OF_CODE[self._parameters[Parameter.BAUD]]
        self._frames = FrameFinder()
        self._scanning = 0  # packet size asked for while waiting for a finger
        self._image: Sequence[bytes] = ()
        self._sent = 0

    def feed(self, data: bytes) -> Sequence[Outgoing]:
        """Take received bytes and return what goes out now."""
        # The answer to a rate change still left at the old rate; from here on the new one holds.
        self._baud = BAUD_OF_CODE[self._parameters[Parameter.BAUD]]
        self._frames.feed(data)
        out: list[Outgoing] = []
        while True:
            try:
                frame = self._frames.take()
            except ProtocolError:
                continue  # noise: a module stays silent
            if frame is None:
                break
            out += self._answer(frame)
        return (*out, *self._look())

    def _answer(self, frame: Frame) -> Sequence[Outgoing]:
        if self._scanning and frame.command != Command.CANCEL:
            return _say(frame.command, Code.BUSY)
        answer = self._answers.get(frame.command)
        return _say(frame.command, Code.UNSUPPORTED) if answer is None else answer(frame)

    def _read(self, frame: Frame) -> Sequence[Outgoing]:
        value = self._parameters.get(frame.flag)
        if value is None:
            return _say(Command.READ_PARAMETER, Code.UNSUPPORTED)
        return _say(Command.READ_PARAMETER, Code.OK, size=value)

    def _write(self, frame: Frame) -> Sequence[Outgoing]:
        known = frame.flag in self._parameters and frame.flag not in _READ_ONLY
        impossible = (frame.flag == Parameter.BAUD and frame.size not in BAUD_OF_CODE) or (
            frame.flag == Parameter.IMAGE_FORMAT and frame.size == _NO_WSQ
        )
        if not known or impossible:
            return _say(Command.WRITE_PARAMETER, Code.UNSUPPORTED)
        self._parameters[frame.flag] = frame.size
        return _say(Command.WRITE_PARAMETER, Code.OK, size=frame.size)

    def _save(self, _: Frame) -> Sequence[Outgoing]:
        self._flash = dict(self._parameters)
        return _say(Command.SAVE_PARAMETERS, Code.OK)

    def _cancel(self, _: Frame) -> Sequence[Outgoing]:
        self._scanning, self._image, self._sent = 0, (), 0
        return _say(Command.CANCEL, Code.OK)

    def _scan_or_go_on(self, frame: Frame) -> Sequence[Outgoing]:
        match frame.flag:
            case Code.DATA_OK:
                self._sent += 1
                return self._packet()
            case Code.DATA_ERROR:
                return self._packet()
            case _:
                self._scanning = min(frame.size or PACKET_BYTES, PACKET_BYTES)
                return ()

    def _look(self) -> Sequence[Outgoing]:
        """While scanning: send the image as soon as a finger is there."""
        pixels = self._subject() if self._scanning else None
        if pixels is None:
            return ()
        size, self._scanning = self._scanning, 0
        if pixels.shape != self._shape:
            return _say(Command.SCAN_IMAGE_X, Code.SCAN_FAILED)
        whole = payload(pixels, ImageFormat(self._parameters[Parameter.IMAGE_FORMAT]))
        self._image, self._sent = packets(whole, size), 0
        announced = _say(Command.SCAN_IMAGE_X, Code.OK, size=len(whole))
        if self._parameters[Parameter.SEND_SCAN_SUCCESS] == 0x31:
            announced = (*_say(Command.SCAN_IMAGE_X, Code.SCAN_SUCCESS), *announced)
        return (*announced, *self._packet())

    def _packet(self) -> Sequence[Outgoing]:
        if self._sent >= len(self._image):
            return ()
        last = self._sent == len(self._image) - 1
        return (Outgoing(self._image[self._sent], self._sent, last),)


def _say(command: int, code: Code, size: int = 0) -> Sequence[Outgoing]:
    return (Outgoing(Frame(command, 0, size, code).encode()),)


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
