"""The kit as a pytest class: ``class TestMine(FingerConformance): make_rig = staticmethod(my_rig)``.

Needs nothing but pytest to find it. Everything runs once, when the first of its tests asks; each test then
reads one invariant. ``extent`` says how much is tried; the short form is for every build, the exhaustive one
for a campaign.
"""

from collections.abc import Callable
from typing import ClassVar, Final, cast

import numpy as np

from drivers.conformance.invariants import INVARIANTS, Invariant
from drivers.conformance.kit import Extent, qualify
from drivers.conformance.lag import LagMeter
from drivers.conformance.lane import Lane
from drivers.conformance.rig import MakeRig
from drivers.conformance.tally import Tally
from drivers.conformance.trial import Kind
from station.clock import CancelToken, Deadline
from station.devices import ImageCapture

Record = Callable[[str, object], None]

_SHOWN: Final = 10


class Conformance:
    """One test per invariant; a driver's author names the rig."""

    make_rig: ClassVar[MakeRig]
    extent: ClassVar[Extent] = Extent(short=True)
    _tally: ClassVar[Tally | None] = None

    @classmethod
    def tally(cls) -> Tally:
        """Run the kit once for this class."""
        if cls.__dict__.get("_tally") is None:
            cls._tally = qualify(cls.make_rig, cls.extent)
        return cast(Tally, cls._tally)


class FingerConformance(Conformance):
    """Adds what the port of finger scanners promises about a capture."""

    def test_a_capture_is_a_read_only_grey_image(self) -> None:
        """Shape, type and the two figures that the packet needs."""
        with LagMeter() as lag, Lane(type(self).make_rig, lag) as lane:
            device = lane.ready()
            found = lane.rig.capture(device, lambda _: None, CancelToken(), Deadline.after(6))
            assert isinstance(found, ImageCapture)  # noqa: S101 - a test, though it stands in the product
            pixels = found.pixels
            assert pixels.ndim == 2  # noqa: S101
            assert pixels.dtype == np.uint8  # noqa: S101
            assert not pixels.flags.writeable  # noqa: S101
            assert found.depth in {4, 8}  # noqa: S101
            assert found.ppi > 0  # noqa: S101


def failures_of(tally: Tally, invariant: int) -> str:
    """Return the failures of one invariant as lines, '' when it held."""
    failed = [each for each in tally.failures if each.invariant == invariant]
    lines = [f"{each.where}: {each.what}  [{each.again}]" for each in failed[:_SHOWN]]
    more = [f"... and {len(failed) - _SHOWN} more"] if len(failed) > _SHOWN else []
    return "\n".join([*lines, *more])


def counts(tally: Tally) -> dict[str, int | str]:
    """Return what a test session adds up over its drivers."""
    endings = tally.endings
    return {
        "driver": tally.driver,
        "faults": tally.tried,
        "invariants": len(tally.checked),
        "held": tally.held,
        "wrong": tally.failed(1),
        "hangs": endings[Kind.HANG],
        "late": tally.failed(2),
        "leaks": tally.failed(5),
    }


def _test_of(invariant: Invariant) -> Callable[[Conformance, Record], None]:
    def test(self: Conformance, record_property: Record) -> None:
        tally = type(self).tally()
        if invariant is INVARIANTS[0]:
            record_property("conformance", counts(tally))
        failed = failures_of(tally, invariant.number)
        assert not failed, failed  # noqa: S101

    test.__doc__ = invariant.name
    return test


for _each in INVARIANTS:
    setattr(Conformance, f"test_invariant_{_each.number:02}", _test_of(_each))
