"""The Topaz pad: packets, plausibility, and a signature from emulator to capture."""

import gc
import threading
import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.emulation.faults import Fault
from drivers.emulation.topaz import TopazEmulator
from drivers.serial.line import ByteLine
from drivers.signature.ink import Strokes
from drivers.signature.topaz import TopazPad
from drivers.signature.topaz_identity import PadIdentity
from drivers.signature.topaz_ink import Ink
from drivers.signature.topaz_models import EMULATOR_MODEL_CODE, MODELS
from drivers.signature.topaz_packets import Kind, PadPacket, PadStream, info_packet
from station.capabilities import Described, Identifiable
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import (
    DeviceInfo,
    DeviceState,
    Grade,
    PenPoint,
    SignaturePad,
    StateChanged,
    SubjectPresent,
)
from station.errors import (
    DeviceRemoved,
    DeviceTimeout,
    NoSubject,
    NotSupported,
    OperatorCancelled,
    ProtocolError,
)
from station.guidance import Guidance

SIGLITE = MODELS["SigLite 1x5"]
packets = st.builds(
    PadPacket,
    st.sampled_from([Kind.POSITION, Kind.PRESSURE, Kind.POSITION_4]),
    st.booleans(),
    st.booleans(),
    st.integers(0, 0xFFF),
    st.integers(0, 0xFFF),
)


def a_signature(count=40, step_us=8000):
    """Two strokes at 0.12 m/s."""
    return [
        PenPoint(i * step_us, 20_000 + i * 900, 30_000 + (i % 7) * 100, 0.5, i != count // 2)
        for i in range(count)
    ]


def play_soon(emulator, points):
    """Sign once the capture has begun."""
    threading.Timer(0.1, emulator.play, [points]).start()


@pytest.fixture
def rig(tmp_path: Path):
    with TopazEmulator(tmp_path / "ttyEMU0", seed=77) as emulator:
        pad = TopazPad(emulator.url, SystemClock(), away_s=0.3)
        pad.open(Deadline.after(2))
        yield emulator, pad
        pad.close()


def test_a_pad_is_a_signature_pad(rig):
    port: SignaturePad = rig[1]
    assert port.self_test(Deadline.after(1)).code == ""


def test_the_packet_is_the_documented_five_bytes():
    packet = PadPacket(Kind.POSITION, near=True, down=True, x=0xABC, y=0x123)
    assert packet.encode() == bytes([0xC1, 0x3C, 0x15, 0x23, 0x02])


def test_info_names_model_and_serial():
    (packet,) = PadStream().feed(info_packet(EMULATOR_MODEL_CODE, 0x21234).encode())
    assert (packet.model_code, packet.serial) == (EMULATOR_MODEL_CODE, 0x21234)


@given(st.lists(packets, min_size=1, max_size=20))
def test_packets_survive_the_wire(sent):
    assert PadStream().feed(b"".join(each.encode() for each in sent)) == sent


@given(st.binary(max_size=400), packets)
def test_the_stream_finds_its_place_again_after_any_garbage(noise, packet):
    found = PadStream().feed(noise + packet.encode())
    assert found[-1] == packet


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_every_model_maps_its_window_onto_its_size(model):
    assert model.to_um(model.raw_x[0], model.raw_y[0]) == (0, 0)
    assert model.to_um(model.raw_x[1], model.raw_y[1]) == model.size_um
    assert model.to_um(0, 4095) == (0, model.size_um[1])


def test_a_signature_arrives_point_by_point_in_its_own_time(rig):
    emulator, pad = rig
    drawn, events = a_signature(), []
    play_soon(emulator, drawn)
    got = pad.capture(events.append, CancelToken(), Deadline.after(5))
    down = [point for point in got.points if point.down]
    assert len(down) == len(drawn) - 1
    for point, wanted in zip(down, (p for p in drawn if p.down), strict=True):
        assert abs(point.x_um - wanted.x_um) <= 62
        assert abs(point.y_um - wanted.y_um) <= 62
        assert abs(point.pressure - wanted.pressure) < 0.001
    assert [p.t_us for p in got.points] == sorted({p.t_us for p in got.points})
    assert abs(got.points[-1].t_us - drawn[-1].t_us) < 150_000
    assert got.dropped == 0
    assert [e for e in events if isinstance(e, PenPoint)] == list(got.points)
    presence = [e.present for e in events if isinstance(e, SubjectPresent)]
    assert presence == [True, False]
    assert (got.device.serial, got.device.grade) == ("77", Grade.EMULATED)


def test_nobody_signs_is_no_subject_at_the_deadline(rig):
    with pytest.raises(NoSubject):
        rig[1].capture(lambda _: None, CancelToken(), Deadline.after(0.2))


def test_cancel_ends_the_wait_at_once(rig):
    cancel = CancelToken()
    threading.Timer(0.1, cancel.cancel).start()
    began = Deadline.after(0)
    with pytest.raises(OperatorCancelled):
        rig[1].capture(lambda _: None, cancel, Deadline.after(5))
    assert Deadline.after(0).at - began.at < 0.35


def test_an_unplugged_pad_is_removed(rig):
    emulator, pad = rig
    emulator.fail(Fault.UNPLUG_MID_TRANSFER, at=10)
    play_soon(emulator, a_signature())
    with pytest.raises(DeviceRemoved):
        pad.capture(lambda _: None, CancelToken(), Deadline.after(3))


def test_a_damaged_packet_is_counted_not_drawn(rig):
    emulator, pad = rig
    emulator.fail(Fault.TRUNCATE, at=12)
    play_soon(emulator, a_signature())
    got = pad.capture(lambda _: None, CancelToken(), Deadline.after(5))
    assert got.dropped == 1
    assert all(abs(b.x_um - a.x_um) < 2500 for a, b in pairwise(got.points))


def test_a_jump_no_hand_makes_is_dropped():
    ink = Ink(SIGLITE, 0.0029)
    for i, x in enumerate([600, 605, 2400, 610, 615]):
        ink.add(PadPacket(Kind.POSITION, near=True, down=True, x=x, y=1000), 10 + i * 0.008)
    assert ink.dropped == 1
    assert len(ink.points) == 4


def test_a_burst_behind_a_wild_point_is_ink_of_the_lines_own_time():
    # A USB bridge hands over several packets at once: they did not happen at the same moment.
    ink = Ink(SIGLITE, 0.0029)
    for x in [2400, 600, 605, 610, 615]:
        ink.add(PadPacket(Kind.POSITION, near=True, down=True, x=x, y=1000), 10.0)
    assert ink.dropped == 1
    assert [b.t_us - a.t_us for a, b in pairwise(ink.points)] == [2900] * 3


def strokes(*places, step_us=2000):
    ink = Strokes()
    for i, (x, down) in enumerate(places):
        ink.take(PenPoint(i * step_us, x, 0, 0.5, down))
    return [(p.x_um, p.down) for p in ink.points], ink.dropped


def ink_at(*xs):
    return [(x, True) for x in xs]


def test_a_wild_first_point_is_taken_back_once_three_others_agree():
    points, dropped = strokes(*ink_at(90_000, 500, 600, 700, 800), (900, False))
    assert points == [*ink_at(500, 600, 700, 800), (900, False)]
    assert dropped == 1


def test_a_wild_point_inside_a_stroke_falls_alone():
    points, dropped = strokes(*ink_at(100, 200, 90_000, 300, 400), (500, False))
    assert points == [*ink_at(100, 200, 300, 400), (500, False)]
    assert dropped == 1


def test_a_wild_last_point_is_taken_back_when_the_pen_lifts():
    points, dropped = strokes((0, True), (90_000, True), (200, False))
    assert points[-1] == (200, False)
    assert (90_000, True) not in points
    assert dropped == 1


def test_a_lift_at_an_impossible_place_still_ends_the_stroke():
    points, dropped = strokes(*ink_at(100, 200), (90_000, False))
    assert points == [*ink_at(100, 200), (200, False)]
    assert dropped == 1


def test_ink_never_jumps_whatever_the_line_says():
    points, dropped = strokes(*ink_at(100, 200, 300, 90_000, 90_100, 90_200, 90_300))
    assert points == ink_at(100, 200, 300)
    assert dropped == 4


@given(st.lists(st.tuples(st.integers(0, 100_000), st.booleans()), max_size=60))
def test_no_stroke_is_ever_faster_than_a_hand(places):
    ink = Strokes()
    for i, (x, down) in enumerate(places):
        if ink.is_ink(down=down):
            ink.take(PenPoint(i * 2000, x, 0, 0.5, down))
    for a, b in pairwise(ink.points):
        assert not a.down or abs(b.x_um - a.x_um) <= 200 + 3 * (b.t_us - a.t_us)
    assert ink.dropped >= 0
    # A lift whose place was damaged counts as dropped and still ends its stroke.
    assert len([p for p in ink.points if p.down]) + ink.dropped <= len(places)


def test_many_damaged_packets_say_check_the_cable(rig):
    emulator, pad = rig
    for at in range(5, 60, 6):
        emulator.fail(Fault.TRUNCATE, at=at)
    play_soon(emulator, a_signature(60))
    events = []
    pad.capture(events.append, CancelToken(), Deadline.after(5))
    assert events.count(Guidance.CHECK_PAD_CABLE) == 1


def test_a_pad_on_the_wrong_rate_or_parity_is_told_from_nobody_signing(tmp_path: Path):
    with TopazEmulator(tmp_path / "ttyEMU1") as emulator:
        pad = TopazPad(emulator.url, SystemClock(), MODELS["ClipGem"], away_s=0.2)
        pad.open(Deadline.after(1))
        play_soon(emulator, a_signature(20))
        events = []
        with pytest.raises(ProtocolError) as caught:
            pad.capture(events.append, CancelToken(), Deadline.after(0.6))
        assert caught.value.facts["reason"] == "line settings"
        assert Guidance.CHECK_PAD_CABLE in events
        assert not [each for each in events if isinstance(each, PenPoint)]
        pad.close()


def test_ink_from_before_the_capture_is_not_part_of_the_signature(rig):
    emulator, pad = rig
    emulator.play(a_signature(10))
    assert emulator.wait_played(2)
    with pytest.raises(NoSubject):
        pad.capture(lambda _: None, CancelToken(), Deadline.after(0.2))


def test_a_capture_tells_its_states_in_order(rig):
    emulator, pad = rig
    events = []
    play_soon(emulator, a_signature(10))
    pad.capture(events.append, CancelToken(), Deadline.after(5))
    assert [e.state for e in events if isinstance(e, StateChanged)] == [
        DeviceState.ARMED,
        DeviceState.WAIT_SUBJECT,
        DeviceState.ACQUIRING,
        DeviceState.READY,
    ]
    assert isinstance(events[-1], StateChanged)


def test_silence_inside_a_stroke_is_a_cut_line_not_a_signature(rig):
    emulator, pad = rig
    emulator.fail(Fault.STALL, at=20, seconds=0.9)
    play_soon(emulator, a_signature())
    with pytest.raises(DeviceTimeout):
        pad.capture(lambda _: None, CancelToken(), Deadline.after(5))


def test_the_serial_number_is_configurations_until_the_pad_says_its_own(rig):
    emulator, pad = rig
    assert isinstance(pad, Described)
    assert pad.capabilities.serial_is_configured
    play_soon(emulator, a_signature(10))
    pad.capture(lambda _: None, CancelToken(), Deadline.after(5))
    assert not pad.capabilities.serial_is_configured
    pad.close()
    pad.open(Deadline.after(1))
    assert pad.info.serial == "77"


PAD = DeviceInfo("signature.topaz", "Topaz", "SigLite 1x5", "1234", "", "", Grade.ENROLMENT)


def test_one_damaged_info_packet_renames_no_pad():
    identity = PadIdentity()
    identity.hear(info_packet(5, 999))
    assert identity.applied_to(PAD).serial == "1234"
    assert identity.told("1234") == ""
    assert identity.told("") == identity.told("999") == "999"
    identity.hear(info_packet(5, 999))
    assert identity.applied_to(PAD).serial == "999"


def test_any_info_packet_with_our_mark_makes_the_pad_an_emulated_one():
    identity = PadIdentity()
    for code in (5, 5, EMULATOR_MODEL_CODE, 5):
        identity.hear(info_packet(code, 77))
    assert identity.applied_to(PAD).grade is Grade.EMULATED


def test_a_pad_without_a_screen_has_nothing_to_blink(rig):
    assert isinstance(rig[1], Identifiable)
    with pytest.raises(NotSupported):
        rig[1].identify(Deadline.after(1))


packets_1 = st.builds(
    PadPacket,
    st.sampled_from([Kind.POSITION, Kind.PRESSURE, Kind.POSITION_4]),
    st.booleans(),
    st.booleans(),
    st.integers(0, 0xFFF),
    st.integers(0, 0xFFF),
)


@given(st.lists(packets_1, min_size=1, max_size=20))
def test_format_1_packets_survive_the_wire(sent):
    assert PadStream(1).feed(b"".join(each.encode(1) for each in sent)) == sent


@given(st.binary(max_size=200), st.lists(packets_1, min_size=2, max_size=4))
def test_format_1_finds_its_place_again_within_one_packet(noise, sent):
    found = PadStream(1).feed(noise + b"".join(each.encode(1) for each in sent))
    assert found[-len(sent) + 1 :] == sent[1:]


@given(st.lists(packets, min_size=3, max_size=8), st.data())
def test_cut_anywhere_the_stream_loses_at_most_the_packet_it_was_cut_in(sent, data):
    wire = b"".join(each.encode() for each in sent)
    at = data.draw(st.integers(0, len(wire) - 6))
    stream = PadStream()
    found = stream.feed(wire[:at] + wire[at + 1 :])
    assert found == [each for n, each in enumerate(sent) if n != at // 5]
    # A missing first byte looks like a capture that began inside a packet.
    assert stream.damaged == (0 if at == 0 else 1)


def test_a_flood_of_garbage_costs_no_memory():
    stream = PadStream()
    stream.feed(bytes(range(0x60)) * 2000)
    assert stream.need == 5
    assert stream.damaged > 30_000


def test_a_cut_signature_is_not_kept(rig):
    emulator, pad = rig
    drawn = a_signature()
    before = {id(each) for each in gc.get_objects() if type(each) is PenPoint}
    emulator.fail(Fault.UNPLUG_MID_TRANSFER, at=30)
    play_soon(emulator, drawn)
    seen = []
    with pytest.raises(DeviceRemoved):
        pad.capture(lambda e: seen.append(type(e)), CancelToken(), Deadline.after(3))
    assert PenPoint in seen
    gc.collect()
    assert {id(each) for each in gc.get_objects() if type(each) is PenPoint} <= before


def test_garbage_of_a_megabyte_takes_no_memory():
    garbage = bytes(range(256)) * 4096
    stream = PadStream()
    tracemalloc.start()
    try:
        for at in range(0, len(garbage), 4096):
            stream.feed(garbage[at : at + 4096])
        assert tracemalloc.get_traced_memory()[1] < 300_000
    finally:
        tracemalloc.stop()


class Canned(ByteLine):
    """A pad that says one thing and then nothing."""

    url = "canned:"

    def __init__(self, data):
        self._data = bytearray(data)

    def receive_upto(self, count, deadline, cancel=None):
        data, self._data = bytes(self._data[:count]), self._data[count:]
        if not data:
            (cancel or CancelToken()).wait(deadline.left())
        return data

    def send(self, data):
        pass

    def set_baud(self, baud):
        pass

    def discard(self):
        pass

    def wake(self):
        pass

    def close(self):
        pass


@pytest.mark.parametrize(("good", "taken"), [({0}, False), ({0, 1, 2, 3, 4, 5, 6, 7}, True)])
def test_what_is_mostly_damage_is_no_signature(good, taken):
    """Of nine points those that are not good lie where no hand can be that soon."""
    wild = (1000, 1400, 2000)
    points = [
        PadPacket(
            Kind.POSITION,
            near=True,
            down=True,
            x=900 + i * 2,
            y=1000 if i % 9 in good else wild[i % 2 + 1],
        )
        for i in range(63)
    ]
    away = [PadPacket(Kind.POSITION, near=n, down=False, x=1140, y=1000) for n in (True, False)]
    data = b"\0" + b"".join(packet.encode() for packet in (*points, *away))
    pad = TopazPad("canned:", SystemClock(), SIGLITE, away_s=0.1, opener=lambda: Canned(data))
    pad.open(Deadline.after(1))
    try:
        signed = pad.capture(lambda _: None, CancelToken(), Deadline.after(3))
    except ProtocolError:
        assert not taken
    else:
        assert taken
        assert signed.dropped < len(signed.points)
    finally:
        pad.close()
