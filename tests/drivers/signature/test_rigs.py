"""The rigs' judgement itself: what is no exact signature must not pass for one."""

from dataclasses import replace

import pytest

from drivers.conformance.rigs.signature_stu import StuRig
from drivers.conformance.rigs.signature_topaz import TopazRig
from drivers.faults.plan import Side, parse
from station.clock import CancelToken, Deadline


def a_result(rig):
    with rig:
        device = rig.device()
        device.open(Deadline.after(2))
        try:
            return rig.capture(device, lambda _: None, CancelToken(), Deadline.after(5))
        finally:
            device.close()


@pytest.fixture(scope="module")
def stu():
    rig = StuRig()
    return rig, a_result(rig)


@pytest.fixture(scope="module")
def topaz():
    rig = TopazRig()
    return rig, a_result(rig)


def moved(result, at, **by):
    points = list(result.points)
    points[at] = replace(points[at], **{k: getattr(points[at], k) + v for k, v in by.items()})
    return replace(result, points=tuple(points))


def test_a_clean_signature_is_exact(stu, topaz):
    for rig, result in (stu, topaz):
        assert result.dropped == 0
        assert rig.exact(result)


@pytest.mark.parametrize("by", [{"x_um": 10}, {"y_um": -10}, {"t_us": 1000}, {"pressure": 0.01}])
def test_one_point_a_little_off_is_not_exact(stu, by):
    rig, result = stu
    assert not rig.exact(moved(result, 3, **by))


def test_a_missing_point_is_exact_only_when_it_was_counted(stu):
    rig, result = stu
    short = replace(result, points=result.points[:4] + result.points[5:])
    assert not rig.exact(short)
    assert rig.exact(replace(short, dropped=1))


def test_points_out_of_order_or_twice_are_not_exact(stu):
    rig, result = stu
    p = result.points
    assert not rig.exact(replace(result, points=(p[0], p[2], p[1], *p[3:])))
    assert not rig.exact(replace(result, points=(p[0], p[1], p[1], *p[2:])))


def test_a_topaz_capture_without_damage_may_differ_in_nothing(topaz):
    rig, result = topaz
    rig.wire.clear()
    assert rig.exact(result)
    assert not rig.exact(moved(result, 3, x_um=500))
    assert not rig.exact(moved(result, 3, pressure=0.01))
    assert not rig.exact(replace(result, points=result.points[1:]))


def test_a_damaged_topaz_packet_may_hide_its_points_and_no_others(topaz):
    rig, result = topaz
    rig.wire.arm(parse("flip@0"))
    rig.wire.stream(Side.TO_HOST, bytes.fromhex("c10102030405"))
    once = moved(result, 3, x_um=500)
    assert rig.exact(once)
    assert not rig.exact(moved(moved(once, 4, x_um=500), 5, x_um=500))
    # A point that no hand reached is never exact.
    assert not rig.exact(moved(result, 3, x_um=60_000))
    rig.wire.clear()
