"""Signature pad driver for Topaz serial pads (8O1, packets only while the pen is near)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from drivers.serial.device import SerialDevice
from drivers.serial.line import ByteLine, SerialLine, sooner
from drivers.signature.topaz_ink import Ink
from drivers.signature.topaz_models import EMULATOR_MODEL_CODE, MODELS, PadModel
from drivers.signature.topaz_packets import PACKET_BYTES, POSITIONS, Kind, PadPacket, PadStream
from station.clock import CancelToken, Clock, Deadline
from station.devices import DeviceInfo, Grade, SignatureCapture, Sink, SubjectPresent
from station.errors import DeviceTimeout, NoSubject
from station.guidance import Guidance

_LISTEN_S: Final = 0.1
_BITS_PER_BYTE: Final = 11  # start, eight data, parity, stop


class TopazPad(SerialDevice):
    """A ``station.devices.SignaturePad`` over a serial Topaz pad.

    The pad has no init sequence and no question it must answer: its presence is the port's presence, and
    its serial number arrives with the first INFO packet, at the latest inside a capture.
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        model: PadModel = MODELS["SigLite 1x5"],
        *,
        serial: str = "",
        away_s: float = 1.5,
        grade: Grade = Grade.ENROLMENT,
        opener: Callable[[], ByteLine] | None = None,
    ) -> None:
        """Name the place; nothing is opened yet.

        Args:
            url: port or pyserial URL.
            clock: gives points their time.
            model: line settings and coordinate window.
            serial: used until the pad says its own.
            away_s: the capture is complete when the pen has been away this long.
            grade: what configuration allows; an emulated pad lowers it by its own declaration.
            opener: replaces the pyserial line.
        """
        self._model = model
        self._clock = clock
        self._away_s = away_s
        super().__init__(
            url,
            opener or (lambda: SerialLine(url, model.baud, model.parity)),
            DeviceInfo("signature.topaz", "Topaz", model.name, serial, "", url, grade),
        )

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> SignatureCapture:
        """Send each PenPoint to the sink; end when the pen stayed away; NoSubject at the deadline.

        DeviceTimeout when the deadline cuts a stroke.
        """
        stream = PadStream()
        ink = Ink(self._model, PACKET_BYTES * _BITS_PER_BYTE / self._model.baud)
        warned = False
        with self._capturing(sink, cancel) as (line, session):
            presence = _Presence(session, self._clock)
            line.discard()  # ink from before this capture
            while not (ink.points and presence.away_s() >= self._away_s):
                if deadline.passed():
                    self._judge_deadline(ink)
                    break
                heard = line.receive_upto(stream.need, sooner(_LISTEN_S, deadline), cancel)
                for packet in stream.feed(heard):
                    presence.see(packet)
                    self._take(packet, ink, session)
                if not warned and ink.cable_looks_bad(stream.damaged):
                    warned = True
                    session(Guidance.CHECK_PAD_CABLE)
        return SignatureCapture(
            tuple(ink.points), ink.dropped + stream.damaged, self._clock.now(), self._info
        )

    def _take(self, packet: PadPacket, ink: Ink, sink: Sink) -> None:
        if packet.kind is Kind.INFO:
            self._meet(packet)
        elif packet.kind is Kind.PRESSURE:
            ink.press(packet.pressure)
        elif packet.kind in POSITIONS:
            point = ink.add(packet, self._clock.monotonic())
            if point is not None:
                sink(point)

    def _meet(self, packet: PadPacket) -> None:
        emulated = packet.model_code == EMULATOR_MODEL_CODE
        self._info = replace(
            self._info,
            serial=str(packet.serial),
            grade=Grade.EMULATED if emulated else self._info.grade,
        )

    def _judge_deadline(self, ink: Ink) -> None:
        if not ink.points:
            raise NoSubject
        if ink.pen_down:
            raise DeviceTimeout(transport=self._url, what="stroke")

    def _identify(self, line: ByteLine, deadline: Deadline) -> DeviceInfo:
        self._ask_once(line, deadline)
        return self._info

    def _ask_once(self, line: ByteLine, deadline: Deadline) -> None:
        # A pad answers nothing while no pen is near: an open port is all that can be asked.
        line.receive_upto(1, sooner(0.01, deadline))


class _Presence:
    """Tells the sink when the pen comes and goes."""

    def __init__(self, sink: Sink, clock: Clock) -> None:
        self._sink = sink
        self._clock = clock
        self._near = False
        self._seen_at = clock.monotonic()

    def see(self, packet: PadPacket) -> None:
        if packet.near:
            self._seen_at = self._clock.monotonic()
        if packet.near is not self._near:
            self._near = packet.near
            self._sink(SubjectPresent(present=self._near))

    def away_s(self) -> float:
        """Seconds since the pen was last near; a silent pad has no pen near."""
        return self._clock.monotonic() - self._seen_at
