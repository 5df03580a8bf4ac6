"""Every driver that has a rig keeps every promise: the short form here, every fault at every packet in the campaign."""

import pytest

from drivers.conformance.find import find_rig, has_rig
from drivers.conformance.kit import Extent, qualify
from drivers.conformance.pytest_kit import FingerConformance, counts
from drivers.conformance.rig import RigUnavailable
from drivers.registry import BUILT_IN
from drivers.template.dot_rig import make_rig as make_dot_rig
from ui.conform import QT_RIGS

# Drivers without a rig, each with the reason.
WITHOUT_RIG: dict[str, str] = {}

DRIVERS = sorted({*BUILT_IN, *QT_RIGS} - set(WITHOUT_RIG))
RIGGED = [name for name in DRIVERS if has_rig(name, QT_RIGS)]


def qualified(driver, extent, record_property):
    try:
        tally = qualify(find_rig(driver, given=QT_RIGS), extent)
    except RigUnavailable as why:
        pytest.skip(str(why))
    record_property("conformance", counts(tally))
    return [f"{f.invariant}: {f.where}: {f.what}  [{f.again}]" for f in tally.failures]


@pytest.mark.parametrize("driver", RIGGED)
def test_a_driver_keeps_its_promises(driver, record_property):
    assert qualified(driver, Extent(short=True, lanes=6), record_property) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("driver", RIGGED)
def test_a_driver_keeps_its_promises_at_every_packet(driver, record_property):
    assert qualified(driver, Extent(random=200, lanes=8), record_property) == []


@pytest.mark.slow
@pytest.mark.parametrize("chain", ["sfm_pty", "sfm_tcp", "zfm_pty", "zfm_tcp", "sfm_isolated"])
def test_the_same_holds_on_real_ports_and_in_a_helper_process(chain, record_property):
    place = f"drivers.conformance.rigs.fingers_on_ports:{chain}"
    tally = qualify(find_rig("", place), Extent(short=True, lanes=4, place=place))
    record_property("conformance", {**counts(tally), "driver": f"{tally.driver} ({chain})"})
    assert [f"{f.invariant}: {f.where}: {f.what}  [{f.again}]" for f in tally.failures] == []


def test_every_driver_has_a_rig_or_a_reason_why_not():
    assert [name for name in DRIVERS if not has_rig(name, QT_RIGS)] == []


class TestTemplate(FingerConformance):
    """What a third party writes to have all this for its own driver."""

    make_rig = staticmethod(make_dot_rig)
