"""The kit finds what it is for: every broken driver is caught by the invariant that names its failure."""

import pytest

from drivers.conformance.cases import Case
from drivers.conformance.checks.burden import check_interface, check_memory
from drivers.conformance.checks.cancel import check_cancel
from drivers.conformance.checks.identity import check_discover, check_serial
from drivers.conformance.checks.lamp import check_lamp
from drivers.conformance.checks.leaks import check_cycles, check_parallel, check_port
from drivers.conformance.kit import Extent, qualify
from drivers.conformance.lag import LagMeter
from drivers.conformance.lane import Lane
from drivers.conformance.tally import Tally
from tests.faults import broken

# The broken thing, the invariant that must catch it, and the faults that provoke it.
CAUGHT_BY_FAULTS = [
    (broken.GivesAnotherImage, 1, "delay@4"),
    (broken.RecursesPerPacket, 1, "delay@4"),
    (broken.AcceptsAnyAnswer, 1, "duplicate@4"),
    (broken.AcceptsAnyAnswer, 1, "stale-reply@9"),
    (broken.IgnoresChecksum, 1, "flip@4,bit=120"),
    (broken.RaisesRawErrors, 1, "unplug@6"),
    (broken.HangsOnALostAnswer, 2, "drop@12"),
    (broken.NeedsReopening, 4, "bad-checksum@3,times=3"),
    (broken.KeepsADescriptor, 5, "delay@1"),
    (broken.KeepsAThread, 5, "delay@1"),
    (broken.SpeaksAfterTheEnd, 6, "delay@1"),
    (broken.EndsTwice, 6, "delay@1"),
    (broken.LogsPixels, 8, "delay@1"),
    (broken.QuotesPixels, 8, "bad-checksum@6,times=3"),
    (broken.KeepsPartialImages, 8, "drop@9,times=3"),
]
# The same for what only the other checks can see.
CAUGHT_BY_CHECKS = [
    (broken.IgnoresCancel, 3, lambda lane, tally: check_cancel(lane, tally, 13, [4])),
    (broken.HoldsThePort, 5, check_port),
    (broken.CloseRaises, 5, check_port),
    (broken.KeepsADescriptor, 5, lambda lane, tally: check_cycles(lane, tally, 5)),
    (broken.HoldsThePort, 7, lambda lane, tally: check_cycles(lane, tally, 5)),
    (broken.ChangesItsSerial, 9, check_serial),
    (broken.OpensForeignPorts, 10, check_discover),
    (broken.BelievesLengths, 11, lambda lane, tally: check_memory(lane, tally, [0])),
    (broken.HoldsTheInterpreter, 12, check_interface),
    (broken.BurningLampRig, 13, lambda lane, tally: check_lamp(lane, tally, [4])),
]


def name(value):
    return getattr(value, "__name__", str(value))


@pytest.fixture(autouse=True)
def _swept():
    yield
    broken.clean_up()


def said(tally):
    return [f"{each.invariant}: {each.where}: {each.what}" for each in tally.failures]


@pytest.mark.parametrize(("wrong", "invariant", "fault"), CAUGHT_BY_FAULTS, ids=name)
def test_a_broken_driver_is_caught_by_the_invariant_that_names_it(wrong, invariant, fault):
    only = (Case.parse(f"capture {fault}"),)
    tally = qualify(broken.rig_of(wrong), Extent(lanes=1, only=only, others=False))
    assert tally.failed(invariant), said(tally)


@pytest.mark.parametrize(("wrong", "invariant", "check"), CAUGHT_BY_CHECKS, ids=name)
def test_what_no_fault_shows_is_caught_by_a_check_of_its_own(wrong, invariant, check):
    tally = Tally("finger.dot")
    with LagMeter() as lag, Lane(broken.rig_of(wrong), lag) as lane:
        check(lane, tally)
    assert tally.failed(invariant), said(tally)


def test_the_same_driver_unbroken_passes_the_same_cases():
    only = tuple(Case.parse(f"capture {fault}") for _, _, fault in CAUGHT_BY_FAULTS)
    tally = qualify(broken.BrokenRig, Extent(short=True, lanes=4, only=only))
    assert said(tally) == []
    assert tally.tried == len(only)


def test_two_devices_that_share_a_memory_are_found_out():
    tally = Tally("finger.dot")
    with LagMeter() as lag:
        check_parallel(broken.SharedGlassRig, lag, tally)
    assert tally.failed(7), said(tally)
