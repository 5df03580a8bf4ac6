"""signature.tablet: every event of a pen display becomes a point, with its own time, place and pressure."""

import threading
from itertools import pairwise

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QTabletEvent
from PySide6.QtTest import QTest

from drivers.conformance.trial import Kind
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import (
    DeviceState,
    Grade,
    PenPoint,
    SignaturePad,
    StateChanged,
    SubjectPresent,
)
from station.errors import (
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    NoSubject,
    OperatorCancelled,
)
from station.formats.signature_points import to_points, to_series
from ui.devices.pen_pad import PenPad
from ui.devices.pen_sample import PenDevice
from ui.devices.screen_pad import ScreenPad
from ui.devices.tablet_events import keep_every_tablet_event
from ui.devices.tablet_pad import TabletPad, TabletWatch, described
from ui.devices.tablet_player import Motion, TabletPlayer
from ui.widgets.ink import InkCanvas

AWAY_S = 0.2


class Running:
    """A capture in a worker."""

    def __init__(self, pad: PenPad, seconds=5.0):
        self.events, self.result, self.error = [], None, None
        self.cancel = CancelToken()
        self._waiting = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(pad, seconds))
        self._thread.start()
        assert self._waiting.wait(2)

    def _run(self, pad, seconds):
        try:
            self.result = pad.capture(self._hear, self.cancel, Deadline.after(seconds))
        except (DeviceError, OperatorCancelled) as error:
            self.error = error
        finally:
            self._waiting.set()

    def _hear(self, event):
        self.events.append(event)
        if event == StateChanged(DeviceState.WAIT_SUBJECT):
            self._waiting.set()

    def end(self, seconds=5.0):
        self._thread.join(seconds)
        assert not self._thread.is_alive()
        if self.error is not None:
            raise self.error
        return self.result

    def of(self, kind):
        return [each for each in self.events if isinstance(each, kind)]


@pytest.fixture
def canvas(qtbot, theme):
    canvas = InkCanvas(theme)
    qtbot.addWidget(canvas)
    canvas.resize(900, 500)
    canvas.begin(124_000, 46_000)
    canvas.set_screen_pen(True)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


@pytest.fixture
def bench(canvas):
    """A pen display whose pen is attached, its pad open, and the player that moves the pen."""
    player = TabletPlayer(canvas, name="display", serial=0x4711)
    pens = [described(player.device)]
    watch = TabletWatch(lambda: tuple(pens))
    watch.look()
    pad = TabletPad(SystemClock(), watch, lambda _name: Grade.ENROLMENT, away_s=AWAY_S)
    pad.open(Deadline.after(1))
    canvas.pen_moved.connect(pad.feed)
    yield canvas, player, pad, pens
    pad.close()


def on(canvas, points):
    """Return the points as pixels of the player that land where they should on the canvas."""
    paper = canvas.paper()
    pixel_um = 124_000 / paper.width()
    return [
        PenPoint(
            p.t_us,
            round((paper.left() + p.x_um / pixel_um) * 100),
            round((paper.top() + p.y_um / pixel_um) * 100),
            p.pressure,
            p.down,
        )
        for p in points
    ]


def drawn(count=400, step_us=5000):
    """Two seconds at 200 Hz, in steps far below a pixel."""
    return [
        PenPoint(i * step_us, 20_000 + i * 37, 20_000 + i * 13, 0.2 + (i % 50) / 100, True)
        for i in range(count)
    ]


def test_no_event_is_lost_at_200_hz_and_places_are_finer_than_a_pixel(bench):
    canvas, player, pad, _ = bench
    running = Running(pad)
    player.play(on(canvas, drawn()))
    got = running.end()
    ink = [p for p in got.points if p.down]
    assert len(ink) == 400
    assert got.dropped == 0
    assert all(abs(a.x_um - b.x_um) <= 2 for a, b in zip(ink, drawn(), strict=True))
    assert all(abs(a.y_um - b.y_um) <= 2 for a, b in zip(ink, drawn(), strict=True))
    assert len({p.x_um for p in ink}) == 400
    assert [p.t_us for p in ink] == [p.t_us for p in drawn()]
    assert all(abs(a.pressure - b.pressure) < 1e-6 for a, b in zip(ink, drawn(), strict=True))
    assert running.of(PenPoint) == list(got.points)


def test_time_is_the_events_own_not_the_moment_of_delivery(bench):
    canvas, player, pad, _ = bench
    running = Running(pad)
    player.play(on(canvas, drawn(50)), began_ms=7_000_000)
    got = running.end()
    assert got.points[0].t_us == 0
    assert {b.t_us - a.t_us for a, b in pairwise(got.points[:50])} == {5000}


def test_the_pen_is_named_with_its_number_and_an_emulated_one_is_told(bench):
    _, player, pad, _ = bench
    port: SignaturePad = pad
    assert (port.info.driver, port.info.model) == ("signature.tablet", "EMU display")
    assert (pad.info.serial, pad.info.grade) == ("4711", Grade.EMULATED)
    assert not pad.capabilities.serial_is_configured
    assert player.device.name() == "EMU display"


def test_a_hovering_pen_is_near_but_leaves_no_ink(bench):
    _, player, pad, _ = bench
    running = Running(pad, 0.4)
    for i in range(20):
        player.send(Motion(1000 + i, QEvent.Type.TabletMove, 300 + i, 200, 0.0))
    with pytest.raises(NoSubject):
        running.end()
    assert [e.present for e in running.of(SubjectPresent)] == [True]
    assert running.of(PenPoint) == []
    states = [e.state for e in running.of(StateChanged)]
    assert states[1:3] == [DeviceState.WAIT_SUBJECT, DeviceState.ACQUIRING]


def test_the_eraser_end_writes_nothing(bench):
    canvas, _, pad, _ = bench
    from PySide6.QtGui import QInputDevice, QPointingDevice

    eraser = QPointingDevice(
        "EMU eraser",
        9,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Eraser,
        QInputDevice.Capability.Pressure,
        1,
        1,
    )
    running = Running(pad, 0.4)
    for kind in (QEvent.Type.TabletPress, QEvent.Type.TabletMove):
        place = QPointF(300, 200)
        event = QTabletEvent(
            kind, eraser, place, place, 0.9, 0, 0, 0, 0, 0,
            Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
        )  # fmt: skip
        QCoreApplication.sendEvent(canvas, event)
    with pytest.raises(NoSubject):
        running.end()


def test_mouse_and_finger_do_not_write_on_a_tablet(bench):
    canvas, _, pad, _ = bench
    running = Running(pad, 0.4)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    with pytest.raises(NoSubject):
        running.end()


def test_the_mouse_still_writes_on_the_screen_pad(canvas):
    pad = ScreenPad(SystemClock())
    pad._away_s = AWAY_S
    pad.open(Deadline.after(1))
    canvas.pen_moved.connect(pad.feed)
    running = Running(pad)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    for x in range(301, 330):
        QTest.mouseMove(canvas, QPoint(x, 200))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(330, 200))
    got = running.end()
    pad.close()
    assert got.points[0].down
    assert not got.points[-1].down
    assert (got.device.model, got.device.serial) == ("screen", "screen")


def test_a_pen_on_the_screen_pad_is_named_in_the_capture(canvas):
    pad = ScreenPad(SystemClock())
    pad._away_s = AWAY_S
    pad.open(Deadline.after(1))
    canvas.pen_moved.connect(pad.feed)
    running = Running(pad)
    TabletPlayer(canvas, name="pen", serial=5).play(on(canvas, drawn(30)))
    got = running.end()
    pad.close()
    assert (got.device.model, got.device.grade) == ("EMU pen", Grade.EMULATED)
    assert len([p for p in got.points if p.down]) == 30


def test_without_a_pen_there_is_no_tablet():
    pad = TabletPad(SystemClock(), TabletWatch(tuple))
    with pytest.raises(DeviceNotFound):
        pad.open(Deadline.after(1))
    assert pad.self_test(Deadline.after(1)).code


def test_a_pen_that_is_pulled_is_removed_at_once(bench):
    _, player, pad, pens = bench
    running = Running(pad)
    player.send(Motion(1000, QEvent.Type.TabletPress, 300, 200, 0.5))
    pens.clear()
    pad.pens.look()
    with pytest.raises(DeviceRemoved):
        running.end(2)
    assert pad.state is DeviceState.REMOVED


def test_a_stroke_cut_by_the_deadline_is_no_signature(bench):
    _, player, pad, _ = bench
    running = Running(pad, 0.4)
    player.send(Motion(1000, QEvent.Type.TabletPress, 300, 200, 0.5))
    with pytest.raises(DeviceTimeout):
        running.end()


def test_events_out_of_order_are_counted_not_drawn(bench):
    _, player, pad, _ = bench
    running = Running(pad)
    for t_ms, x in ((1000, 300), (1005, 301), (1002, 340), (1010, 302)):
        player.send(Motion(t_ms, QEvent.Type.TabletMove, x, 200, 0.5))
    player.send(Motion(1015, QEvent.Type.TabletRelease, 302, 200, 0.0))
    player.send(Motion(1020, QEvent.Type.TabletLeaveProximity, 302, 200, 0.0))
    got = running.end()
    assert (len(got.points), got.dropped) == (4, 1)


def test_cancel_ends_a_capture_at_once_and_a_second_owner_is_busy(bench):
    _, _, pad, _ = bench
    running = Running(pad)
    with pytest.raises(DeviceBusy):
        pad.capture(lambda _: None, CancelToken(), Deadline.after(1))
    running.cancel.cancel()
    with pytest.raises(OperatorCancelled):
        running.end(0.25)


def test_events_outside_a_capture_are_forgotten(bench):
    canvas, player, pad, _ = bench
    player.play(on(canvas, drawn(100)))
    assert pad._samples.empty()
    running = Running(pad, 0.3)
    with pytest.raises(NoSubject):
        running.end()


def test_a_hidden_canvas_hears_no_pen(bench):
    canvas, player, _, _ = bench
    heard = []
    canvas.pen_moved.connect(heard.append)
    canvas.hide()
    player.send(Motion(1000, QEvent.Type.TabletMove, 300, 200, 0.0))
    assert heard == []
    canvas.show()
    player.send(Motion(1001, QEvent.Type.TabletMove, 300, 200, 0.0))
    assert [sample.device for sample in heard] == [PenDevice("EMU display", "4711")]


def test_the_exchange_record_keeps_time_and_pressure(bench):
    canvas, player, pad, _ = bench
    running = Running(pad)
    player.play(on(canvas, drawn(120)))
    points = running.end().points
    back = to_points(to_series(points))
    assert [p.t_us for p in back] == [p.t_us for p in points]
    assert all(abs(a.pressure - b.pressure) < 1e-4 for a, b in zip(back, points, strict=True))


def test_the_application_asks_for_every_tablet_event(qapp):
    keep_every_tablet_event()
    assert not QCoreApplication.testAttribute(Qt.ApplicationAttribute.AA_CompressTabletEvents)


def test_the_rig_captures_exactly_without_a_window(qapp):
    from drivers.conformance.lag import LagMeter
    from drivers.conformance.lane import Lane
    from ui.devices.tablet_rig import make_rig

    with LagMeter() as lag, Lane(make_rig, lag) as lane:
        assert lane.open().kind is Kind.GOOD
        assert lane.patient_capture().kind is Kind.GOOD
