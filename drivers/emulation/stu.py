"""An emulated Wacom STU pad: answers feature reports, sends pen reports while the pen is near."""

import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from drivers.emulation.emulated import Diary
from drivers.emulation.faults import Outgoing
from drivers.emulation.pen_play import AutoSign, PenPlay
from drivers.emulation.stu_models import STU_MODELS, StuModel
from drivers.emulation.topaz import Hand
from drivers.hid.frames import REST_S, Frame, FrameStream, Kind
from drivers.signature.stu_reports import (
    CHUNK_BYTES,
    IMAGE_24_BIT,
    UM_PER_UNIT,
    VENDOR,
    PenReport,
    Report,
    WritingMode,
)
from station.clock import Clock
from station.devices import EMULATOR_MARK, PenPoint

_LIFT_S: Final = 0.01
_FULL_LIGHT: Final = 3
_FIRMWARE: Final = EMULATOR_MARK.encode() + b"\x01"
_SERIAL_BYTES: Final = 16
_WORD: Final = 0xFFFF

# How long each feature report is that a client may set, its id included.
_LENGTHS: Final[Mapping[int, int]] = {
    Report.WRITING_MODE: 2,
    Report.CLEAR: 2,
    Report.INK: 2,
    Report.IMAGE_START: 2,
    Report.IMAGE_DATA: 3 + CHUNK_BYTES,
    Report.IMAGE_END: 2,
    Report.WRITING_AREA: 9,
    Report.BRIGHTNESS: 3,
    Report.PEN_COLOUR: 5,
    Report.BACKGROUND: 4,
}


class StuModule:
    """The pad's firmware behind framed HID."""

    baud = 115200  # a stream of frames has none; the runner wants one
    odd_parity = False

    def __init__(
        self,
        clock: Clock,
        *,
        model: StuModel = STU_MODELS["STU-540"],
        seed: int = 1,
        diary: Diary | None = None,
        hand: Hand = tuple,
        auto_s: float | None = None,
        timed: bool = True,
    ) -> None:
        """Describe the pad; ``timed`` False refuses the writing mode, as older pads do."""
        self._model = model
        self._clock = clock
        self._diary = diary or Diary(None, clock)
        self._hand = hand
        self._timed = timed
        self._play: PenPlay[PenReport] = PenPlay(clock)
        self._auto = AutoSign(clock, auto_s)
        self._orders: Mapping[int, Callable[[bytes], bool]] = {
            Report.WRITING_MODE: self._set_mode,
            Report.CLEAR: self._clear,
            Report.INK: self._set_ink,
            Report.IMAGE_START: self._start_image,
            Report.IMAGE_DATA: self._take_image,
            Report.IMAGE_END: self._end_image,
            Report.BRIGHTNESS: self._set_light,
            Report.WRITING_AREA: self._set_area,
        }
        self.serial = f"{EMULATOR_MARK}{seed:07d}"
        self.power_on()

    @property
    def model_name(self) -> str:
        """Which model it is."""
        return self._model.name

    @property
    def finished(self) -> threading.Event:
        """Set while no pen moves."""
        return self._play.finished

    def rename(self, serial: str) -> None:
        """Take another serial number; ValueError for one that has no place in its report."""
        if not serial.isascii() or not serial.isprintable() or len(serial) >= _SERIAL_BYTES:
            raise ValueError(f"serial {serial}: up to {_SERIAL_BYTES - 1} ASCII characters")
        self.serial = serial

    def power_on(self) -> None:
        """Start plain, lit and empty."""
        self._stream = FrameStream()
        self._heard_at = self._clock.monotonic()
        self._play.stop()
        self._born = self._clock.monotonic()
        self._sequence = 0
        self._mode = WritingMode.PLAIN
        self._ink = True
        self._light = _FULL_LIGHT
        self._set: dict[int, bytes] = {}
        self._image: int | None = None  # bytes of a picture that is being sent

    def opened(self) -> None:
        """A client has connected."""
        self._diary.note("opened")

    def sign(self) -> None:
        """Move the hand's pen now."""
        self.play(self._hand(), 1.0)

    def play(self, points: Sequence[PenPoint], speed: float = 1.0) -> None:
        """Begin to move the pen along the points now."""
        self._diary.note("pen", points=len(points))
        self._play.begin(self.moves(points, speed))

    def feed(self, data: bytes) -> Sequence[Outgoing]:
        """Answer what was asked, then send the pen reports that are due."""
        frames = self._stream.feed(data)
        if data:
            self._heard_at = self._clock.monotonic()
        elif self._stream.partial and self._clock.monotonic() - self._heard_at > REST_S:
            frames = self._stream.give_up()
        out = [Outgoing(self._answer(frame).encode()) for frame in frames]
        if self._auto.is_due():
            self.sign()
        due = self._play.due()
        if due and due[-1][2]:
            self._diary.note("pen away")
        return [*out, *(Outgoing(self._numbered(r), index, last) for index, r, last in due)]

    def _answer(self, frame: Frame) -> Frame:
        match frame.kind:
            case Kind.WHO:
                self._auto.offered()
                return Frame(Kind.HELLO, frame.tag, struct.pack("<HH", VENDOR, self._model.product))
            case Kind.GET if len(frame.payload) == 1:
                report = self._feature(frame.payload[0])
                self._diary.note("get", report=f"{frame.payload[0]:02X}", bytes=len(report or b""))
                if report is not None:
                    return Frame(Kind.FEATURE, frame.tag, report)
            case Kind.SET if frame.payload and self._takes(frame.payload):
                return Frame(Kind.DONE, frame.tag)
        self._diary.note("refused", report=frame.payload[:1].hex().upper())
        return Frame(Kind.REFUSED, frame.tag, frame.payload[:1])

    def _feature(self, report_id: int) -> bytes | None:
        match report_id:
            case Report.INFO:
                return bytes([Report.INFO]) + self._model.name.encode().ljust(7, b"\0") + _FIRMWARE
            case Report.CAPABILITY:
                return self._model.capability.encode()
            case Report.SERIAL:
                return bytes([Report.SERIAL]) + self.serial.encode().ljust(_SERIAL_BYTES, b"\0")
            case Report.WRITING_MODE if self._timed:
                return bytes([Report.WRITING_MODE, self._mode])
            case Report.INK:
                return bytes([Report.INK, self._ink])
            case Report.BRIGHTNESS:
                return bytes([Report.BRIGHTNESS, self._light, 0])
            case _:
                return self._set.get(report_id)

    def _takes(self, report: bytes) -> bool:
        if len(report) != _LENGTHS.get(report[0]):
            return False
        order = self._orders.get(report[0])
        if order is not None and not order(report):
            return False
        if report[0] in (Report.WRITING_AREA, Report.PEN_COLOUR, Report.BACKGROUND):
            self._set[report[0]] = report
            self._diary.note("set", report=f"{report[0]:02X}", value=report[1:].hex())
        return True

    def _set_mode(self, report: bytes) -> bool:
        if not self._timed or report[1] > WritingMode.TIMED:
            return False
        self._mode = WritingMode(report[1])
        self._diary.note("mode", mode=self._mode.name.lower())
        return True

    def _clear(self, _report: bytes) -> bool:
        self._diary.note("screen", shows="empty sheet")
        if self._ink:
            self._play.stop()
            self._auto.offered()
        return True

    def _set_ink(self, report: bytes) -> bool:
        if report[1] > 1:
            return False
        self._ink = bool(report[1])
        self._diary.note("screen", ink="on" if self._ink else "off")
        if self._ink:
            self._auto.offered()
        return True

    def _start_image(self, report: bytes) -> bool:
        if report[1] != IMAGE_24_BIT:
            return False
        self._image = 0
        return True

    def _take_image(self, report: bytes) -> bool:
        (length,) = struct.unpack_from("<H", report, 1)
        if (
            self._image is None
            or length > CHUNK_BYTES
            or self._image + length > self._picture_bytes
        ):
            return False
        self._image += length
        return True

    def _end_image(self, _report: bytes) -> bool:
        """A picture that is not whole is not shown."""
        got, self._image = self._image, None
        if got is None:
            return False
        shown = "picture" if got == self._picture_bytes else "nothing new"
        self._diary.note("screen", shows=shown, bytes=got)
        return True

    def _set_light(self, report: bytes) -> bool:
        if report[1] > _FULL_LIGHT:
            return False
        self._light = report[1]
        self._diary.note("screen", light=self._light)
        return True

    def _set_area(self, report: bytes) -> bool:
        x1, y1, x2, y2 = struct.unpack_from("<4H", report, 1)
        pad = self._model.capability
        return bool(x1 <= x2 <= pad.screen_width and y1 <= y2 <= pad.screen_height)

    @property
    def _picture_bytes(self) -> int:
        pad = self._model.capability
        return pad.screen_width * pad.screen_height * 3

    def _numbered(self, report: PenReport) -> bytes:
        """Return the frame of a report in the present writing mode."""
        if self._mode is WritingMode.TIMED:
            self._sequence = (self._sequence + 1) & _WORD
            time = report.time or 0
            report = PenReport(
                report.near, report.down, report.pressure, report.x, report.y, time, self._sequence
            )
        else:
            report = PenReport(report.near, report.down, report.pressure, report.x, report.y)
        return Frame(Kind.INPUT, 0, report.encode()).encode()

    def moves(self, points: Sequence[PenPoint], speed: float) -> Iterator[tuple[float, PenReport]]:
        """Yield the pen's places; its clock counts the milliseconds in which the points were made."""
        if not points:
            return
        pad = self._model.capability
        began_ms = round((self._clock.monotonic() - self._born) * 1000)
        at, ms, x, y = 0.0, 0, 0, 0
        for point in points:
            lasted = (point.t_us - points[0].t_us) / 1e6
            at, ms = lasted / speed, round(lasted * 1000)
            x = min(max(round(point.x_um / UM_PER_UNIT), 0), pad.width)
            y = min(max(round(point.y_um / UM_PER_UNIT), 0), pad.height)
            force = round(min(max(point.pressure, 0.0), 1.0) * 0xFF) if point.down else 0
            yield (
                at,
                PenReport(True, point.down, force, x, y, began_ms + ms & _WORD, 0),
            )
        lift_ms = round(_LIFT_S * 1000)
        for number, near in ((1, True), (2, False)):
            yield (
                at + number * _LIFT_S,
                PenReport(near, False, 0, x, y, began_ms + ms + number * lift_ms & _WORD, 0),
            )
