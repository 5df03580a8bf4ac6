"""Any fault, at any byte, in either direction: hypothesis looks for a place the matrix does not walk."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.conformance.cases import Case, Phase
from drivers.conformance.lag import LagMeter
from drivers.conformance.lane import Lane
from drivers.conformance.matrix import Matrix, measure
from drivers.conformance.rigs import finger_sfm, finger_zfm
from drivers.conformance.tally import Tally
from drivers.faults.plan import Place, Planned, Side, Unit, WireFault
from drivers.template import dot_rig

RIGS = {
    "finger.dot": dot_rig.make_rig,
    "finger.sfm": finger_sfm.make_rig,
    "finger.zfm": finger_zfm.make_rig,
}
DEADLINE_S = {Phase.OPEN: 2.5, Phase.CAPTURE: 1.5}
# Those that cost no more than the driver's own waits; the matrix tries the others at every packet.
QUICK = sorted(
    set(WireFault)
    - {WireFault.HANG_IN_OPEN, WireFault.STALL, WireFault.SLOW_DRIP, WireFault.REPLUG_OTHER_SERIAL}
)
TO_DEVICE = [WireFault.DROP, WireFault.FLIP, WireFault.DUPLICATE, WireFault.BAD_CHECKSUM]


@pytest.fixture(scope="module", params=RIGS)
def bench(request):
    with LagMeter() as lag, Lane(RIGS[request.param], lag) as lane:
        tally = Tally(request.param)
        _, octets = measure(lane, tally)
        yield Matrix(lane, tally, DEADLINE_S), tally, octets


@st.composite
def cases(draw, octets):
    phase, side = draw(st.sampled_from(sorted(call for call, length in octets.items() if length)))
    fault = draw(st.sampled_from(QUICK if side is Side.TO_HOST else TO_DEVICE))
    offset = draw(st.integers(0, octets[phase, side] - 1))
    place = Place(Unit.BYTE, offset)
    times = draw(st.integers(1, 3))
    return Case(phase, Planned(fault, place, side, bit=draw(st.integers(0, 7)), times=times))


# The same examples in every build; the campaign and ``rekam conform --random`` draw others.
@settings(
    max_examples=8, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_sample_is_exact_or_the_error_typed_wherever_the_fault_falls(bench, data):
    matrix, tally, octets = bench
    matrix.attempt(data.draw(cases(octets)))
    assert [f"{each.invariant}: {each.where}: {each.what}" for each in tally.failures] == []
