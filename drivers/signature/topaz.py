"""Signature pad driver for Topaz serial pads (packets only while the pen is near)."""

import contextlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final

from drivers.owned import Session
from drivers.serial.device import SerialDevice
from drivers.serial.line import ByteLine, SerialLine
from drivers.signature import topaz_screen as screen
from drivers.signature.presence import PenPresence
from drivers.signature.topaz_identity import PadIdentity
from drivers.signature.topaz_ink import Ink
from drivers.signature.topaz_models import MODELS, PadModel
from drivers.signature.topaz_packets import POSITIONS, Kind, PadPacket, PadStream
from station.capabilities import Capabilities
from station.clock import CancelToken, Clock, Deadline
from station.devices import DeviceInfo, Grade, Modality, SignatureCapture, Sink
from station.errors import DeviceError, DeviceTimeout, NoSubject, NotSupported, ProtocolError
from station.guidance import Guidance

_LISTEN_S: Final = 0.05
# Not every pad is known to tell that the pen has left; one that told it was near and then falls silent may be
# a line that stalls between two strokes.
_SILENCE: Final = 2
_BLINKS: Final = 2
_BLINK_S: Final = 0.25


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
        grade: Grade = Grade.VERIFICATION,
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
        self._identity = PadIdentity()
        self._tells_serial = False
        unopened = DeviceInfo("signature.topaz", "Topaz", model.name, serial, "", url, grade)
        super().__init__(
            url,
            opener or (lambda: SerialLine(url, model.baud, model.parity, model.data_bits)),
            unopened,
        )

    @property
    def capabilities(self) -> Capabilities:
        """The writing window; the serial number is configuration's until the pad has said its own."""
        width, height = self._model.logical
        return Capabilities(
            Modality.SIGNATURE,
            width=width,
            height=height,
            depth=10,  # of the pressure
            ppi=Fraction(self._model.dpi),
            serial_is_configured=not self._tells_serial,
        )

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> SignatureCapture:
        """Send each PenPoint to the sink; end when the pen stayed away; NoSubject at the deadline.

        DeviceTimeout when the deadline or a silent line cuts a stroke; ProtocolError when more damage came than ink
        (``reason`` "line settings": another rate or parity than the pad's).
        """
        stream, ink = PadStream(self._model.pad_format), Ink(self._model, self._model.packet_s)
        with self._capturing(sink, cancel) as (line, session), self._paper(line):
            try:
                self._write(line, stream, ink, session, cancel, deadline)
            except BaseException:
                ink.wipe()
                raise
            finally:
                stream.wipe()
                self._tells_serial |= bool(self._identity.told(self._info.serial))
                self._info = self._identity.applied_to(self._info)
            return SignatureCapture(
                tuple(ink.points), ink.dropped + stream.damaged, self._clock.now(), self._info
            )

    def identify(self, deadline: Deadline) -> None:
        """Turn the screen over twice; NotSupported for a pad without a screen."""
        if not self._model.lcd:
            raise NotSupported(driver=self._info.driver, model=self._model.name)
        cut = CancelToken()
        with self._using(cut), self._paper(self._open_line()):
            for _ in range(_BLINKS):
                screen.invert(self._open_line())
                cut.wait(min(_BLINK_S, deadline.left()))
                screen.wipe_paper(self._open_line())
                cut.wait(min(_BLINK_S, deadline.left()))
                cut.check()

    def _write(
        self,
        line: ByteLine,
        stream: PadStream,
        ink: Ink,
        session: Session,
        cancel: CancelToken,
        deadline: Deadline,
    ) -> None:
        line.discard()  # ink from before this capture
        presence = PenPresence(session, self._clock)
        warned = False
        while not (ink.points and self._has_left(presence)):
            if deadline.passed():
                self._judge_deadline(ink, stream, presence)
                self._judge_loss(ink, stream)
                return
            heard = line.receive_upto(stream.need, deadline.within(_LISTEN_S), cancel)
            presence.listened(heard=bool(heard))
            for packet in stream.feed(heard):
                presence.see(near=packet.near)
                self._take(packet, ink, session)
            if not warned and ink.cable_looks_bad(stream.damaged):
                warned = True
                session(Guidance.CHECK_PAD_CABLE)
        if ink.pen_down:
            # The pad tells when a pen is lifted: silence inside a stroke is a line that was cut.
            raise DeviceTimeout(transport=self._url, what="stroke")
        self._judge_loss(ink, stream)

    def _take(self, packet: PadPacket, ink: Ink, session: Session) -> None:
        if packet.kind is Kind.INFO:
            self._identity.hear(packet)
        elif packet.kind is Kind.PRESSURE:
            ink.press(packet.pressure)
        elif packet.kind in POSITIONS:
            for point in ink.add(packet, self._clock.monotonic()):
                session(point)

    def _has_left(self, presence: PenPresence) -> bool:
        """Whether the pen has been away long enough; a pad that says nothing at all is given twice the time."""
        silence_s = self._away_s * (_SILENCE if presence.near else 1)
        return presence.silent and presence.away_s() >= silence_s

    def _judge_deadline(self, ink: Ink, stream: PadStream, presence: PenPresence) -> None:
        if ink.points and (ink.pen_down or presence.near):
            raise DeviceTimeout(transport=self._url, what="signature")
        if not ink.points and ink.cable_looks_bad(stream.damaged):
            raise ProtocolError(transport=self._url, reason="line settings", lost=stream.damaged)
        if not ink.points:
            raise NoSubject

    def _judge_loss(self, ink: Ink, stream: PadStream) -> None:
        """Refuse what is mostly damage: the points among it are as likely noise, no checksum tells them apart."""
        lost = ink.dropped + stream.damaged
        if lost > len(ink.points):
            raise ProtocolError(transport=self._url, reason="line settings", lost=lost)

    @contextlib.contextmanager
    def _paper(self, line: ByteLine) -> Iterator[None]:
        """Show an empty sheet and take it away again, where the pad has a screen."""
        if not self._model.lcd:
            yield
            return
        screen.offer_paper(line)
        try:
            yield
        finally:
            with contextlib.suppress(DeviceError):  # a pad that has gone shows nothing any more
                screen.wipe_paper(line)

    def _identify(self, line: ByteLine, deadline: Deadline) -> DeviceInfo:
        self._identity = PadIdentity()  # another pad may lie there now; it will say so
        self._ask_once(line, deadline)
        return self._info

    def _ask_once(self, line: ByteLine, deadline: Deadline) -> None:
        # A pad answers nothing while no pen is near: an open port is all that can be asked.
        line.receive_upto(1, deadline.within(0.01))
