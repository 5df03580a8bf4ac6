"""Every fault at every packet: the exact image or a typed error, in time, and the next capture works."""

import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.emulation.faults import Fault
from station.clock import Deadline
from station.errors import (
    ChecksumError,
    DeviceError,
    DeviceRemoved,
    DeviceTimeout,
    ProtocolError,
)
from tests.drivers.fingerprint import rigs

STAYS = sorted(set(Fault) - {Fault.UNPLUG_MID_TRANSFER, Fault.DROP_LAST, Fault.MUTE})
DEADLINE_S = 0.5  # short: a fault that leaves silence behind costs this much


@pytest.fixture(scope="module", params=[rigs.zfm, rigs.sfm], ids=["zfm", "sfm"])
def rig(request, tmp_path_factory):
    rig = request.param(tmp_path_factory.mktemp("rig"))
    yield rig
    rig.stop()


def exact(rig, capture):
    return np.array_equal(capture.pixels, rig.glass.pixels)


def suffer(rig, seconds=DEADLINE_S):
    """Capture once; return the error, or None after proving the image exact and the end in time."""
    began = time.monotonic()
    try:
        capture, error = rig.capture(seconds), None
    except DeviceError as failure:
        error = failure
    else:
        assert exact(rig, capture)
    assert time.monotonic() - began <= seconds + 0.2
    return error


@pytest.mark.parametrize("everywhere", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("fault", STAYS)
def test_a_fault_at_any_packet_is_never_a_wrong_image(rig, fault, everywhere):
    # The two ends stand for the rest, which the campaign walks one by one.
    places = range(rig.packets) if everywhere else (0, rig.packets - 1)
    for at in places:
        rig.emulator.fail(fault, at=at, seconds=0.05)
        suffer(rig)
        rig.emulator.clear_faults()
        assert exact(rig, rig.capture()), f"the capture after {fault} at {at}"


@pytest.mark.parametrize("fault", [Fault.BAD_CHECKSUM, Fault.FLIP_BIT, Fault.GARBAGE_BEFORE])
def test_a_single_damaged_packet_is_healed_by_one_repeat(rig, fault):
    rig.emulator.fail(fault, at=3)
    assert suffer(rig, 2) is None


@pytest.mark.parametrize("fault", [Fault.BAD_CHECKSUM, Fault.FLIP_BIT])
def test_damage_that_stays_is_a_checksum_error(rig, fault):
    rig.emulator.fail(fault, at=3, times=2)
    assert isinstance(suffer(rig, 2), ChecksumError)


def test_a_dropped_packet_is_a_protocol_error_once_the_repeat_is_used_up(tmp_path):
    rig = rigs.zfm(tmp_path)
    rig.emulator.fail(Fault.DROP_PACKET, at=2, times=2)
    assert type(suffer(rig, 3)) is ProtocolError
    rig.stop()


def test_a_lost_last_packet_is_a_timeout_not_a_hang(tmp_path):
    rig = rigs.zfm(tmp_path)
    rig.emulator.fail(Fault.DROP_LAST)
    assert isinstance(suffer(rig, 3), DeviceTimeout)
    assert exact(rig, rig.capture())
    rig.stop()


def test_a_stall_ends_by_the_deadline_and_the_late_rest_is_not_mixed_in(rig):
    # Long enough that the transfer reaches its fourth packet before the deadline also on a busy machine.
    rig.emulator.fail(Fault.STALL, at=4, seconds=1.4)
    assert isinstance(suffer(rig, 0.7), DeviceTimeout)
    rig.glass.pixels = np.ascontiguousarray(rig.glass.pixels[::-1])
    assert exact(rig, rig.capture(5))


def test_an_unplug_at_any_packet_is_removed_and_a_reopened_scanner_works(tmp_path):
    for make in (rigs.zfm, rigs.sfm):
        rig = make(tmp_path)
        for at in (0, rig.packets - 1):
            rig.emulator.fail(Fault.UNPLUG_MID_TRANSFER, at=at)
            assert isinstance(suffer(rig, 2), DeviceRemoved)
            rig.scanner.close()
            rig.emulator.replug()
            rig.scanner.open(Deadline.after(5))
            assert exact(rig, rig.capture())
        rig.stop()


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(at=st.integers(0, 7), bit=st.integers(0, 8 * 260), times=st.integers(1, 2))
def test_any_flipped_bit_is_healed_or_reported(rig, at, bit, times):
    rig.emulator.fail(Fault.FLIP_BIT, at=at, bit=bit, times=times)
    suffer(rig)
    rig.emulator.clear_faults()
    assert exact(rig, rig.capture())
