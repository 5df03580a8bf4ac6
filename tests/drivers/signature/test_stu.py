"""The STU pad: reports, numbers, time, screen, and a signature from emulator to capture."""

import threading
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import DriverRefused, Hints, Reference, Site
from drivers.emulation.faults import Fault
from drivers.emulation.runner import SerialEmulator
from drivers.emulation.stu import StuModule
from drivers.emulation.stu_models import STU_MODELS
from drivers.emulation.tcp_port import TcpPort
from drivers.hid.framed import open_framed
from drivers.signature.stu import StuPad
from drivers.signature.stu_driver import DRIVER, StuDriver
from drivers.signature.stu_ink import SequenceWatch, StuInk
from drivers.signature.stu_reports import (
    PenReport,
    StuCapability,
    image_chunks,
    parse_capability,
    parse_info,
    parse_pen,
    parse_serial,
)
from station.capabilities import Adjustable, Described, Identifiable
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import DeviceState, Grade, PenPoint, SignaturePad, StateChanged, SubjectPresent
from station.errors import (
    DeviceBusy,
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    NoSubject,
    NotSupported,
    OperatorCancelled,
    ProtocolError,
)
from station.formats.signature_points import to_points, to_series
from station.formats.signature_series import decode, encode
from station.guidance import Guidance

PAD = STU_MODELS["STU-540"].capability


def a_signature(count=40, step_us=5000):
    """Two strokes at 0.12 m/s."""
    return [
        PenPoint(i * step_us, 20_000 + i * 600, 30_000 + (i % 7) * 100, 0.5, i != count // 2)
        for i in range(count)
    ]


class Bench:
    """One emulated pad on loopback and its driver, open."""

    def __init__(self, **options):
        self.module = StuModule(SystemClock(), seed=42, **options)
        self.emulator = SerialEmulator(self.module, TcpPort()).start()
        self.url = self.emulator.url.replace("socket", "hid+tcp")
        self.pad = StuPad(
            self.url, SystemClock(), lambda deadline: open_framed(self.url, deadline), away_s=0.3
        )

    def open(self):
        self.pad.open(Deadline.after(2))
        return self

    def capture(self, seconds=5.0, sink=lambda _: None, cancel=None):
        return self.pad.capture(sink, cancel or CancelToken(), Deadline.after(seconds))

    def sign_soon(self, points=None):
        threading.Timer(0.15, self.module.play, [points or a_signature()]).start()

    def stop(self):
        self.pad.close()
        self.emulator.stop()


@pytest.fixture
def bench():
    bench = Bench().open()
    yield bench
    bench.stop()


# -- reports -------------------------------------------------------------------------------------


def test_pen_reports_are_the_documented_bytes():
    assert parse_pen(bytes.fromhex("01 03 80 0102 0304")) == PenReport(
        True, True, 0x380, 0x102, 0x304
    )
    timed = parse_pen(bytes.fromhex("34 01 00 0102 0304 0506 0708"))
    assert timed == PenReport(True, False, 0x100, 0x102, 0x304, 0x506, 0x708)


def test_feature_reports_are_the_documented_bytes():
    assert parse_info(b"\x08STU-540\x01\x02\x03\x04") == ("STU-540", "1.2.3.4")
    report = bytes.fromhex("09 2a30 1950 03ff 0320 01e0 c8")
    assert parse_capability(report) == StuCapability(10800, 6480, 1023, 800, 480, 200)
    assert parse_serial(b"\x0fAB12\0\0junk") == "AB12"


def test_a_picture_goes_in_chunks_of_253_bytes_the_last_padded():
    chunks = image_chunks(bytes(range(256)) * 2)
    assert [len(each) for each in chunks] == [256] * 3
    assert [each[:3].hex() for each in chunks] == ["26fd00", "26fd00", "260600"]
    assert b"".join(each[3:] for each in chunks)[:512] == bytes(range(256)) * 2


@given(st.binary(max_size=80))
def test_no_report_breaks_the_reader(report):
    try:
        pen = parse_pen(report)
    except ProtocolError:
        return
    assert pen is None or (0 <= pen.pressure <= 0xFFF and report[1] < 0x10)


@pytest.mark.parametrize(
    "report", ["01 03 80 0102 03", "34 03 80 0102 0304 0506 07", "01 83 80 0102 0304"]
)
def test_short_reports_and_unknown_layouts_are_damage(report):
    with pytest.raises(ProtocolError):
        parse_pen(bytes.fromhex(report))


@pytest.mark.parametrize("report", [b"", b"\x09", b"\x08" + bytes(11), b"\x09" + bytes(11)])
def test_a_capability_that_cannot_be_true_is_refused(report):
    with pytest.raises(ProtocolError):
        parse_capability(report)


# -- numbers and time ----------------------------------------------------------------------------


def admitted(*numbers):
    watch = SequenceWatch()
    return [n for n in numbers if watch.admit(n)], watch


def test_numbers_in_order_are_all_taken_also_over_the_turn():
    taken, watch = admitted(65534, 65535, 0, 1)
    assert (len(taken), watch.lost, watch.strange) == (4, 0, 0)


def test_a_gap_is_counted_as_lost_reports():
    taken, watch = admitted(1, 2, 5)
    assert (taken, watch.lost) == ([1, 2, 5], 2)


def test_a_repeated_or_late_report_is_not_drawn_twice():
    taken, watch = admitted(1, 2, 2, 4, 3, 5)
    assert (taken, watch.lost, watch.strange) == ([1, 2, 4, 5], 1, 2)


def test_one_damaged_number_does_not_silence_the_pad():
    taken, watch = admitted(1, 2, 40_000, 3, 4)
    assert (taken, watch.lost, watch.strange) == ([1, 2, 3, 4], 0, 1)


def test_a_pad_that_counts_anew_is_followed_after_three_reports():
    taken, _ = admitted(30_000, 5, 6, 7, 8)
    assert taken == [30_000, 7, 8]


@given(st.lists(st.integers(0, 0xFFFF), max_size=60))
def test_no_numbers_make_the_count_run_backwards(numbers):
    taken, watch = admitted(*numbers)
    assert len(taken) + watch.strange == len(numbers)
    assert watch.lost >= 0


def ink_of(*reports, step_s=0.005):
    ink = StuInk(PAD)
    for i, report in enumerate(reports):
        ink.add(report, 100 + i * step_s)
    return ink


def at(time, x=1000, number=None, **more):
    return PenReport(True, more.get("down", True), 0x380, x, 1000, time, number)


def test_time_is_the_pads_own_also_over_the_turn_of_its_counter():
    ink = ink_of(at(65_530, number=1), at(65_535, number=2), at(4, number=3))
    assert [p.t_us for p in ink.points] == [0, 5000, 10_000]


def test_a_pause_longer_than_the_counter_is_filled_by_the_clock():
    ink = StuInk(PAD)
    ink.add(at(100, number=1), 10.0)
    ink.add(at(105, number=2, down=False), 10.005)
    ink.add(at(110, number=3), 10.0 + 2 * 65.536 + 0.010)
    assert ink.points[-1].t_us == 2 * 65_536_000 + 10_000


def test_a_damaged_time_is_dropped_not_believed():
    ink = ink_of(at(100, number=1), at(50, number=2), at(110, number=3))
    assert [p.t_us for p in ink.points] == [0, 10_000]
    assert ink.lost == 1


def test_a_place_off_the_pad_is_dropped():
    ink = ink_of(at(0, number=1), at(5, x=10_801, number=2), at(10, number=3))
    assert (len(ink.points), ink.lost) == (2, 1)


def test_a_jump_no_hand_makes_is_dropped():
    ink = ink_of(*(at(5 * i, x, i) for i, x in enumerate([1000, 1010, 9000, 1020])))
    assert (len(ink.points), ink.dropped) == (3, 1)


# -- the pad -------------------------------------------------------------------------------------


def test_an_opened_pad_tells_who_it_is_and_what_it_can(bench):
    port: SignaturePad = bench.pad
    assert port.self_test(Deadline.after(1)).code == ""
    assert isinstance(port, Described)
    assert isinstance(port, Identifiable)
    assert isinstance(port, Adjustable)
    info, can = bench.pad.info, bench.pad.capabilities
    assert (info.make, info.model, info.serial) == ("Wacom", "STU-540", "EMU0000042")
    assert info.grade is Grade.EMULATED
    assert (can.width, can.height, can.ppi, can.serial_is_configured) == (10800, 6480, 2540, False)
    assert bench.pad.timed


def test_a_signature_arrives_exactly_with_the_pads_own_time(bench):
    events = []
    bench.sign_soon()
    got = bench.capture(sink=events.append)
    wanted = [(p.t_us, p.x_um, p.y_um, p.down) for p in a_signature()]
    assert [(p.t_us, p.x_um, p.y_um, p.down) for p in got.points[: len(wanted)]] == wanted
    assert len(got.points) == len(wanted) + 1  # and the pen that lifts
    assert got.dropped == 0
    assert all(0.75 <= p.pressure <= 1 for p in got.points if p.down)
    assert [e for e in events if isinstance(e, PenPoint)] == list(got.points)
    assert [e.present for e in events if isinstance(e, SubjectPresent)] == [True, False]
    assert [e.state for e in events if isinstance(e, StateChanged)] == [
        DeviceState.ARMED,
        DeviceState.WAIT_SUBJECT,
        DeviceState.ACQUIRING,
        DeviceState.READY,
    ]


def test_the_exchange_record_keeps_places_times_and_pressure(bench):
    bench.sign_soon()
    points = bench.capture().points
    back = to_points(decode(encode(to_series(points))))
    assert [p.t_us for p in back] == [p.t_us for p in points]
    for axis in ("x_um", "y_um"):
        shift = getattr(points[0], axis) - getattr(back[0], axis)
        assert all(
            getattr(p, axis) - getattr(q, axis) == shift for p, q in zip(points, back, strict=True)
        )
    assert all(abs(p.pressure - q.pressure) < 1e-4 for p, q in zip(points, back, strict=True))


def test_a_pad_without_timed_mode_is_used_in_the_plain_one():
    bench = Bench(timed=False).open()
    try:
        assert not bench.pad.timed
        bench.sign_soon()
        got = bench.capture()
        assert [p.x_um for p in got.points[:40]] == [p.x_um for p in a_signature()]
        assert all(a.t_us < b.t_us for a, b in pairwise(got.points))
        assert abs(got.points[-1].t_us - a_signature()[-1].t_us) < 150_000
    finally:
        bench.stop()


def test_an_encrypted_pad_is_not_supported_and_let_go():
    bench = Bench(model=STU_MODELS["STU-541"])
    try:
        with pytest.raises(NotSupported):
            bench.open()
        assert bench.pad.state is DeviceState.CLOSED
    finally:
        bench.stop()


def test_a_second_owner_is_told_that_the_pad_is_busy(bench):
    with pytest.raises(DeviceBusy):
        open_framed(bench.url, Deadline.after(1))


def test_only_this_machines_emulators_are_connected_to():
    with pytest.raises(DeviceNotFound):
        open_framed("hid+tcp://192.0.2.1:4000", Deadline.after(1))


def test_nobody_signs_is_no_subject_at_the_deadline(bench):
    with pytest.raises(NoSubject):
        bench.capture(0.3)


def test_cancel_ends_the_wait_at_once_and_the_next_capture_works(bench):
    cancel = CancelToken()
    threading.Timer(0.15, cancel.cancel).start()
    limit = Deadline.after(0.4)
    with pytest.raises(OperatorCancelled):
        bench.capture(cancel=cancel)
    assert not limit.passed()
    bench.sign_soon()
    assert len(bench.capture().points) == 41


@pytest.mark.parametrize(
    "fault", [Fault.DROP_PACKET, Fault.TRUNCATE, Fault.FLIP_BIT, Fault.BAD_CHECKSUM]
)
def test_a_lost_report_is_counted_and_the_others_are_exact(bench, fault):
    bench.emulator.fail(fault, at=7)
    bench.sign_soon()
    got = bench.capture()
    wanted = [(p.t_us, p.x_um, p.down) for i, p in enumerate(a_signature()) if i != 7]
    assert [(p.t_us, p.x_um, p.down) for p in got.points[:39]] == wanted
    assert got.dropped == 1


@pytest.mark.parametrize(
    "fault", [Fault.DUPLICATE_PACKET, Fault.SWAP_PACKETS, Fault.GARBAGE_BEFORE]
)
def test_repeated_and_late_reports_never_bend_the_line(bench, fault):
    bench.emulator.fail(fault, at=7)
    bench.sign_soon()
    got = bench.capture()
    wanted = [(p.t_us, p.x_um, p.down) for p in a_signature()]
    places = [(p.t_us, p.x_um, p.down) for p in got.points]
    assert [each for each in wanted if each in places] == places[: len(places) - 1]
    assert len(places) + got.dropped >= len(wanted) + 1


def test_an_unplugged_pad_is_removed(bench):
    bench.emulator.fail(Fault.UNPLUG_MID_TRANSFER, at=10)
    bench.sign_soon()
    with pytest.raises(DeviceRemoved):
        bench.capture()
    assert bench.pad.state is DeviceState.REMOVED


def test_silence_inside_a_stroke_is_a_cut_line_not_a_signature(bench):
    bench.emulator.fail(Fault.STALL, at=10, seconds=1.2)
    bench.sign_soon()
    with pytest.raises(DeviceTimeout):
        bench.capture()


def test_many_lost_reports_say_check_the_cable(bench):
    for number in range(5, 40, 6):
        bench.emulator.fail(Fault.DROP_PACKET, at=number)
    bench.sign_soon()
    events = []
    bench.capture(sink=events.append)
    assert events.count(Guidance.CHECK_PAD_CABLE) == 1


def test_a_signature_does_not_stay_on_the_screen(bench):
    shown = []
    bench.module._diary.note = lambda what, **facts: shown.append((what, facts))
    bench.sign_soon()
    bench.capture()
    orders = [facts for what, facts in shown if what == "screen"]
    assert orders == [
        {"shows": "empty sheet"},
        {"ink": "on"},
        {"ink": "off"},
        {"shows": "empty sheet"},
    ]


def test_a_picture_of_the_screens_size_is_shown_and_no_other(bench):
    bench.pad.close()
    bench.emulator.stop()
    small = Bench(model=STU_MODELS["STU-430"]).open()
    try:
        shown = []
        small.module._diary.note = lambda what, **facts: shown.append(facts.get("shows"))
        small.pad.show(np.full((200, 320, 3), 200, np.uint8), Deadline.after(20))
        assert shown == ["picture"]
        with pytest.raises(ValueError, match="320"):
            small.pad.show(np.zeros((320, 200, 3), np.uint8), Deadline.after(1))
    finally:
        small.stop()


def test_a_pad_blinks_to_be_told_from_others_and_is_lit_afterwards(bench):
    lights = []
    bench.module._diary.note = lambda what, **facts: (
        lights.append(facts["light"]) if "light" in facts else None
    )
    bench.pad.identify(Deadline.after(5))
    assert lights == [0, 3, 0, 3]
    assert bench.pad.options() == {"brightness": 3}
    assert bench.pad.adjust("brightness", 1) == 1
    with pytest.raises(NotSupported):
        bench.pad.adjust("brightness", 9)


def test_the_driver_makes_pads_of_hid_addresses_only():
    site = Site(SystemClock())
    assert DRIVER.create(Reference("signature.stu", "hid+tcp://127.0.0.1:1"), site)
    with pytest.raises(DriverRefused):
        DRIVER.create(Reference("signature.stu", "/dev/ttyS0"), site)


def test_discovery_lists_the_bus_and_configured_emulators(tmp_path):
    node = tmp_path / "hidraw3" / "device"
    node.mkdir(parents=True)
    (node / "uevent").write_text("HID_ID=0003:0000056A:000000A4\nHID_UNIQ=S7\nHID_NAME=Wacom STU\n")
    found = list(StuDriver(tmp_path).discover(Hints(("hid+tcp://127.0.0.1:9", "/dev/ttyUSB0"))))
    assert found == [
        Reference("signature.stu", "hid+tcp://127.0.0.1:9"),
        Reference("signature.stu", "/dev/hidraw3", "STU-430", "S7", "Wacom STU"),
    ]
