"""A complete small driver to start from: the DOT/1 single-finger scanner, which does not exist."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Final

import numpy as np

from drivers.contract import API_VERSION, Hints, Reference, Site
from drivers.owned import Session
from drivers.serial.device import SerialDevice
from drivers.serial.line import ByteLine, SerialLine
from drivers.serial.ports import serial_references
from drivers.template.dot_talk import DotTalk
from station.capabilities import Capabilities
from station.clock import CancelToken, Deadline
from station.devices import (
    EMULATOR_MARK,
    Device,
    DeviceInfo,
    DeviceState,
    Grade,
    ImageCapture,
    Modality,
    Progress,
    Sink,
    SubjectPresent,
)
from station.errors import NoSubject, ProtocolError
from station.guidance import Guidance

_NAME: Final = "finger.dot"
_BAUD: Final = 115200
_POLL_S: Final = 0.05
_LARGEST: Final = 640  # pixels a side: checked before memory is taken


class DotScanner(SerialDevice):
    """A ``station.devices.FingerScanner`` over DOT/1."""

    def __init__(self, url: str, site: Site, opener: Callable[[], ByteLine] | None = None) -> None:
        """Name the place; nothing is opened yet. ``opener`` replaces the pyserial line."""
        self._site = site
        self._size = (0, 0)  # width, height: told by the device
        self._talk: DotTalk | None = None
        self._frames = 0
        super().__init__(
            url,
            opener or (lambda: SerialLine(url, _BAUD)),
            DeviceInfo(_NAME, "Example", "Dot", "", "", url, Grade.VERIFICATION),
        )

    @property
    def capabilities(self) -> Capabilities:
        """What the module said when it was opened."""
        width, height = self._size
        return Capabilities(Modality.FINGER, width=width, height=height, ppi=Fraction(500))

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> ImageCapture:
        """Wait for a finger and return one grey image; NoSubject at the deadline."""
        with self._capturing(sink, cancel) as (line, session):
            talk = self._talk or DotTalk(line)
            width, height = self._size
            data = bytearray()  # mutable: it can be wiped
            try:
                session.move(DeviceState.WAIT_SUBJECT)
                self._await_finger(talk, session, cancel, deadline)
                session.move(DeviceState.TRANSFER)
                for row in range(height):
                    data += self._row(talk, row, width, deadline, cancel)
                    session(Progress(len(data), width * height))
                pixels = np.frombuffer(bytes(data), np.uint8).reshape(height, width)
            finally:
                data[:] = bytes(len(data))  # also when the transfer broke off
                talk.wipe()
        self._frames += 1
        return ImageCapture(pixels, 500, 8, self._frames, self._site.clock.now(), self._info)

    def _await_finger(
        self, talk: DotTalk, session: Session, cancel: CancelToken, deadline: Deadline
    ) -> None:
        said = False
        while not (taken := talk.ask("TAKE", deadline, cancel)).number("finger"):
            if not said:
                session(Guidance.NO_SUBJECT)
                said = True
            cancel.wait(min(_POLL_S, deadline.left()))
            cancel.check()
            if deadline.passed():
                raise NoSubject
        session(SubjectPresent(present=True))
        self._check_total(taken.number("total"))

    def _check_total(self, total: int) -> None:
        """Refuse an image of another size than the module's, before memory is taken for it."""
        width, height = self._size
        if total != width * height:
            raise ProtocolError(what="total", total=total)

    def _row(
        self, talk: DotTalk, row: int, width: int, deadline: Deadline, cancel: CancelToken
    ) -> bytes:
        answer = talk.ask("ROW", deadline, cancel, {"n": str(row)})
        if answer.number("n") != row:
            raise ProtocolError(what="row", row=row)
        try:
            pixels = bytes.fromhex(answer.facts.get("hex", ""))
        except ValueError:
            raise ProtocolError(what="row", row=row) from None
        if len(pixels) != width:
            raise ProtocolError(what="row", row=row, length=len(pixels))
        return pixels

    def _identify(self, line: ByteLine, deadline: Deadline) -> DeviceInfo:
        self._talk = DotTalk(line)
        line.discard()
        told = self._talk.ask("ID", deadline)
        width, height = told.number("w"), told.number("h")
        if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
            raise ProtocolError(what="size", width=width, height=height)
        self._size = (width, height)
        serial, firmware = told.facts.get("serial", ""), told.facts.get("fw", "")
        emulated = firmware.startswith(EMULATOR_MARK)
        grade = self._site.grade(_NAME, "Example", "Dot", firmware)
        return DeviceInfo(
            _NAME,
            "Example",
            "Dot",
            serial,
            firmware,
            self._url,
            Grade.EMULATED if emulated else grade,
        )

    def _ask_once(self, line: ByteLine, deadline: Deadline) -> None:
        (self._talk or DotTalk(line)).ask("ID", deadline)


class DotDriver:
    """What the entry point ``finger.dot`` of group ``rekam.drivers`` would name."""

    API_VERSION = API_VERSION
    name = _NAME
    modality = Modality.FINGER

    def discover(self, hints: Hints) -> Iterable[Reference]:
        """Yield the configured ports that are there."""
        return serial_references(self.name, hints)

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the scanner, not yet opened."""
        return DotScanner(reference.address, site)


DRIVER: Final = DotDriver()
