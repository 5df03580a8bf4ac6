"""Signature pad driver for Wacom STU pads over HID reports (untested on hardware)."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Final

from drivers.hid.transport import HidTransport
from drivers.owned import OwnedDevice, Session
from drivers.signature.presence import PenPresence
from drivers.signature.stu_ink import StuInk
from drivers.signature.stu_reports import (
    ENCRYPTED_ONLY,
    Report,
    StuCapability,
    WritingMode,
    is_emulated,
    parse_capability,
    parse_info,
    parse_pen,
    parse_serial,
)
from drivers.signature.stu_screen import StuScreen
from station.capabilities import Capabilities, Option, OptionKind, OptionValue
from station.clock import CancelToken, Clock, Deadline
from station.devices import DeviceInfo, Grade, Modality, Pixels, SignatureCapture, Sink
from station.errors import (
    DeviceError,
    DeviceRemoved,
    DeviceTimeout,
    NoSubject,
    NotSupported,
    ProtocolError,
)
from station.guidance import Guidance

_LISTEN_S: Final = 0.05
_ORDER_S: Final = 1.0  # for one order to the screen
_AWAY_S: Final = 0.1  # a cancelled capture ends within a quarter of a second
_BLINKS: Final = 2
_BLINK_S: Final = 0.25
_DPI: Final = 2540

TransportOpener = Callable[[Deadline], HidTransport]
GradeOf = Callable[[str, str], Grade]  # (model, firmware)


class StuPad(OwnedDevice):
    """A ``station.devices.SignaturePad`` over a Wacom STU pad, with a screen the applicant can read."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        opener: TransportOpener,
        *,
        grade_of: GradeOf = lambda _model, _firmware: Grade.VERIFICATION,
        serial: str = "",
        away_s: float = 1.5,
    ) -> None:
        """Name the place; nothing is opened yet.

        Args:
            url: where it is, for messages.
            clock: gives points their time in the plain mode, and notices a pen that stays away.
            opener: opens the transport.
            grade_of: what the site allows for a model and firmware; an emulated pad says what it is.
            serial: of a pad that has none of its own.
            away_s: the capture is complete when the pen has been away this long.
        """
        super().__init__(
            DeviceInfo("signature.stu", "Wacom", "", serial, "", url, Grade.VERIFICATION)
        )
        self._url = url
        self._clock = clock
        self._opener = opener
        self._grade_of = grade_of
        self._configured_serial = serial
        self._away_s = away_s
        self._hid: HidTransport | None = None
        self._pad = StuCapability(0, 0, 1, 0, 0, 0)
        self._tells_serial = False
        self.timed = False  # whether the pad gives its own time and numbers its reports

    @property
    def capabilities(self) -> Capabilities:
        """The tablet in its own units; complete after open."""
        return Capabilities(
            Modality.SIGNATURE,
            width=self._pad.width,
            height=self._pad.height,
            depth=max(1, self._pad.pressure.bit_length()),
            ppi=Fraction(_DPI),
            serial_is_configured=not self._tells_serial,
            options=(Option("brightness", OptionKind.NUMBER, low=0, high=3, step=1),),
        )

    @property
    def screen_size(self) -> tuple[int, int]:
        """Width and height of the screen in pixels; (0, 0) before open."""
        return self._pad.screen_width, self._pad.screen_height

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> SignatureCapture:
        """Send each PenPoint to the sink; end when the pen stayed away; NoSubject at the deadline.

        DeviceTimeout when the deadline or silence cuts a stroke; ProtocolError when nothing readable came.
        """
        ink = StuInk(self._pad)
        with self._session(sink, cancel) as session:
            hid = self._open_hid()
            try:
                with _paper(hid, deadline, cancel):
                    self._write(hid, ink, session, cancel, deadline)
                cancel.check()
            except BaseException:
                ink.wipe()
                with contextlib.suppress(DeviceError):
                    hid.discard()
                raise
            return SignatureCapture(
                tuple(ink.points), ink.dropped + ink.lost, self._clock.now(), self._info
            )

    def show(self, pixels: Pixels, deadline: Deadline, cancel: CancelToken | None = None) -> None:
        """Show a BGR picture of exactly the screen's size: instructions, or what is being signed.

        A capture takes it off again. ValueError for another size; DeviceError.
        """
        width, height = self.screen_size
        if pixels.shape != (height, width, 3):
            raise ValueError(pixels.shape)
        with self._using(cancel):
            StuScreen(self._open_hid()).draw(pixels.tobytes(), deadline, cancel)

    def identify(self, deadline: Deadline) -> None:
        """Dim and light the screen twice."""
        cut = CancelToken()
        with self._using(cut):
            screen = StuScreen(self._open_hid())
            usual = screen.brightness(deadline)
            try:
                for level in (0, 3) * _BLINKS:
                    screen.set_brightness(level, deadline)
                    cut.wait(min(_BLINK_S, deadline.left()))
                    cut.check()
            finally:
                with contextlib.suppress(DeviceError):
                    screen.set_brightness(usual, Deadline.after(0.2))

    def options(self) -> Mapping[str, OptionValue]:
        """Return the screen's brightness."""
        with self._using():
            return {"brightness": StuScreen(self._open_hid()).brightness(Deadline.after(_ORDER_S))}

    def adjust(self, name: str, value: OptionValue) -> OptionValue:
        """Set the brightness, 0..3, and return what the pad took; NotSupported for anything else."""
        if name != "brightness" or not isinstance(value, int | float) or not 0 <= value <= 3:
            raise NotSupported(driver=self._info.driver, option=name)
        with self._using():
            screen = StuScreen(self._open_hid())
            screen.set_brightness(int(value), Deadline.after(_ORDER_S))
            return screen.brightness(Deadline.after(_ORDER_S))

    def _write(
        self,
        hid: HidTransport,
        ink: StuInk,
        session: Session,
        cancel: CancelToken,
        deadline: Deadline,
    ) -> None:
        hid.discard()  # ink from before this capture
        presence = PenPresence(session, self._clock)
        warned = False
        while not (ink.points and presence.silent and presence.away_s() >= self._away_s):
            if deadline.passed():
                self._judge_deadline(ink, presence)
                return
            report = hid.receive(deadline.within(_LISTEN_S), cancel)
            presence.listened(heard=bool(report))
            self._hear(report, ink, presence, session)
            if not warned and ink.cable_looks_bad(ink.lost):
                warned = True
                session(Guidance.CHECK_PAD_CABLE)
        if presence.near:
            # The pad reports a pen that leaves: silence with the pen near is a line that was cut.
            raise DeviceTimeout(transport=self._url, what="signature")

    def _hear(self, report: bytes, ink: StuInk, presence: PenPresence, session: Session) -> None:
        try:
            pen = parse_pen(report)
        except ProtocolError:
            ink.damaged += 1
            return
        if pen is None:
            return
        presence.see(near=pen.near)
        for point in ink.add(pen, self._clock.monotonic()):
            session(point)

    def _judge_deadline(self, ink: StuInk, presence: PenPresence) -> None:
        if ink.points and presence.near:
            raise DeviceTimeout(transport=self._url, what="signature")
        if not ink.points and ink.cable_looks_bad(ink.lost):
            raise ProtocolError(transport=self._url, reason="layout", lost=ink.lost)
        if not ink.points:
            raise NoSubject

    def _connected(self) -> bool:
        return self._hid is not None

    def _connect(self, deadline: Deadline) -> DeviceInfo:
        hid = self._hid = self._opener(deadline)
        model, firmware = parse_info(hid.get_feature(Report.INFO, deadline))
        if model in ENCRYPTED_ONLY:
            raise NotSupported(driver=self._info.driver, model=model, reason="encrypted only")
        self._pad = parse_capability(hid.get_feature(Report.CAPABILITY, deadline))
        serial = self._ask_serial(hid, deadline)
        self._tells_serial = bool(serial)
        self.timed = self._ask_time(hid, deadline)
        emulated = is_emulated(firmware, serial)
        return DeviceInfo(
            "signature.stu",
            "Wacom",
            model,
            serial or self._configured_serial,
            firmware,
            self._url,
            Grade.EMULATED if emulated else self._grade_of(model, firmware),
        )

    def _ask_serial(self, hid: HidTransport, deadline: Deadline) -> str:
        """Return the pad's own serial number; "" when it has none, as older ones."""
        report = _unless_refused(lambda: hid.get_feature(Report.SERIAL, deadline))
        return parse_serial(report) if report is not None else ""

    def _ask_time(self, hid: HidTransport, deadline: Deadline) -> bool:
        """Ask for timed reports; False when the pad has only plain ones."""

        def told() -> bytes:
            hid.set_feature(bytes([Report.WRITING_MODE, WritingMode.TIMED]), deadline)
            return hid.get_feature(Report.WRITING_MODE, deadline)

        return _unless_refused(told) == bytes([Report.WRITING_MODE, WritingMode.TIMED])

    def _disconnect(self) -> None:
        hid, self._hid = self._hid, None
        if hid is not None:
            hid.close()

    def _ping(self, deadline: Deadline) -> None:
        parse_info(self._open_hid().get_feature(Report.INFO, deadline))

    def _wake(self) -> None:
        hid = self._hid
        if hid is not None:
            hid.wake()

    def _open_hid(self) -> HidTransport:
        if self._hid is None:
            raise DeviceRemoved(transport=self._url, reason="not open")
        return self._hid


def _unless_refused(ask: Callable[[], bytes]) -> bytes | None:
    """Return an answer, or None when the pad refuses twice: a pad that was busy once has it."""
    for _ in range(2):
        with contextlib.suppress(NotSupported):
            return ask()
    return None


@contextlib.contextmanager
def _paper(hid: HidTransport, deadline: Deadline, cancel: CancelToken) -> Iterator[None]:
    """Show an empty sheet and take it away again: the next applicant must not see this one's signature."""
    screen = StuScreen(hid)
    try:
        screen.offer_paper(deadline.within(_ORDER_S), cancel)
        yield
    finally:
        with contextlib.suppress(DeviceError):
            screen.put_paper_away(Deadline.after(_AWAY_S))
