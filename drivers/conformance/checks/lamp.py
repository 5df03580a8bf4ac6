"""Invariant 13: no fault, cancel or unplug leaves a light on for longer than 10 s."""

from typing import Final

from drivers.conformance.lane import Lane
from drivers.conformance.tally import Tally
from drivers.faults.plan import Place, Planned, Side, WireFault
from station.clock import CancelToken

_MOST_S: Final = 10.0
_PATIENCE_S: Final = 12.0
_FAULTS: Final = (
    WireFault.DROP,
    WireFault.STALL,
    WireFault.FLIP,
    WireFault.TRUNCATE,
    WireFault.UNPLUG,
)


def check_lamp(lane: Lane, tally: Tally, places: list[int]) -> None:
    """Fault at each packet of both directions, then wait for the dark; the emulator's clock is the judge."""
    if lane.rig.lit_s() is None:
        return
    for side in Side:
        for at in places:
            for fault in _FAULTS:
                lane.ready()
                planned = Planned(fault, Place(value=at), side)
                lane.arm(planned)
                lane.capture()
                lane.close()
                lane.rig.wire.clear()
                where = f"capture {planned}"
                if not tally.judge(13, where, _still_lit(lane), tally.command(where)):
                    return  # every further case would wait as long and say the same
                lane.rig.unplug()
                lane.rig.replug()


def _still_lit(lane: Lane) -> str:
    """Return for how long the light has been on, if it does not go out by itself in time."""
    waiting, waited = CancelToken(), 0.0
    while (lit := lane.rig.lit_s() or 0.0) > 0:
        if lit > _MOST_S or waited > _PATIENCE_S:
            return f"the light is on since {lit:.1f} s"
        waiting.wait(0.1)
        waited += 0.1
    return ""
