"""Invariant 3: cancel and close in every state of a capture end it at once, and the next capture succeeds."""

import time
from collections.abc import Callable
from typing import Final

from drivers.conformance.events import disorder
from drivers.conformance.lane import Lane
from drivers.conformance.tally import Tally
from drivers.conformance.trial import Kind, Watched
from drivers.faults.plan import Place, Planned, Side, WireFault
from station.clock import CancelToken
from station.devices import DeviceState
from station.errors import LampStuck

LIMIT_S: Final = 0.25
_CLOSE_S: Final = 1.0
_LAMP_OUT_S: Final = 0.3  # a lamp has so long to confirm that it is out
_LONG_S: Final = 8.0  # the deadline of what is cancelled: far away
_REACH_S: Final = 3.0
_SETTLED_S: Final = 0.1  # a capture waits where it is going to wait

Begun = tuple[Watched, CancelToken]


def check_cancel(lane: Lane, tally: Tally, packets: int, places: list[int]) -> None:
    """Cancel before, without subject, and while each packet is on its way."""
    _cancel_before(lane, tally)
    _cancel_waiting(lane, tally)
    for at in places:
        _cancel_at(lane, tally, at)
    if packets:
        _close_at(lane, tally, packets // 2)


def _cancel_before(lane: Lane, tally: Tally) -> None:
    def begin() -> Begun:
        token = CancelToken()
        token.cancel()
        return lane.begin(_LONG_S, token), token

    _cancel(lane, tally, "cancelled before it begins", begin)


def _cancel_waiting(lane: Lane, tally: Tally) -> None:
    where = "cancel without subject"

    def begin() -> Begun:
        lane.ready()
        lane.rig.subject(present=False)
        token = CancelToken()
        running = lane.begin(_LONG_S, token)
        if lane.rig.tells_events:
            with running.told.changed:
                waits = running.told.changed.wait_for(
                    lambda: running.told.reached(DeviceState.WAIT_SUBJECT), _REACH_S
                )
            what = "" if waits else "a capture without subject does not say WAIT_SUBJECT"
            tally.judge(6, where, what)
        token.wait(_SETTLED_S)
        return running, token

    _cancel(lane, tally, where, begin)


def _cancel_at(lane: Lane, tally: Tally, at: int) -> None:
    """Hold one packet back for longer than the capture may take, cancel in that moment."""

    def begin() -> Begun | None:
        lane.ready()
        planned = Planned(WireFault.STALL, Place(value=at), Side.TO_HOST, seconds=_LONG_S)
        lane.arm(planned)
        token = CancelToken()
        running = lane.begin(_LONG_S, token)
        _await_fault(lane, running, token)
        if running.running:
            return running, token
        lane.arm()  # this packet did not come this time
        lane.ended(running)
        return None

    _cancel(lane, tally, f"cancel at packet {at}", begin)


def _close_at(lane: Lane, tally: Tally, at: int) -> None:
    lane.ready()
    lane.arm(Planned(WireFault.STALL, Place(value=at), Side.TO_HOST, seconds=_LONG_S))
    token = CancelToken()
    running = lane.begin(_LONG_S, token)
    _await_fault(lane, running, token)
    if not running.running:  # this packet did not come this time
        lane.arm()
        lane.ended(running)
        return
    closed = lane.close()
    lane.arm()
    where = f"close at packet {at}"
    if closed is not None:
        what = "" if closed.kind is Kind.GOOD else f"close: {closed}"
        late = closed.took_s > _CLOSE_S + closed.lag_s
        tally.judge(3, where, what or (f"close took {closed.took_s:.2f} s" if late else ""))
    cut = lane.ended(running, _CLOSE_S)
    good = cut.kind in {Kind.CANCELLED, Kind.ERROR}
    tally.judge(3, where, "" if good else f"the capture: {cut}")
    _next_succeeds(lane, tally, where)


def _await_fault(lane: Lane, running: Watched, token: CancelToken) -> None:
    """Wait until the held packet has come, or the capture is over without it."""
    until = time.monotonic() + _REACH_S
    while running.running and not lane.rig.wire.fired and time.monotonic() < until:
        token.wait(0.002)
    token.wait(0.02)


def _cancel(lane: Lane, tally: Tally, where: str, begin: Callable[[], Begun | None]) -> None:
    """Cancel what ``begin`` starts; one that was only slow is tried once more before it counts."""
    slow = ""
    for _ in range(2):
        begun = begin()
        if begun is None:
            return
        began = time.monotonic()
        begun[1].cancel()
        trial = lane.ended(begun[0], 2.0)
        took_s, lag_s = time.monotonic() - began, lane.lag.worst_s(began)
        lane.arm()
        lane.rig.subject(present=True)
        if lane.rig.tells_events:
            tally.judge(6, where, disorder(trial.told, trial.error))
        stuck = isinstance(trial.error, LampStuck)
        if trial.kind is not Kind.CANCELLED and not stuck:
            tally.judge(3, where, str(trial))
            break
        # With the line held nobody can know that the lamp is out: that outranks the cancel, and takes its time.
        limit_s = LIMIT_S + (_LAMP_OUT_S if stuck else 0.0)
        told = f"{trial}, {took_s * 1000:.0f} ms after the cancel (machine's own delay {lag_s * 1000:.0f} ms)"
        late = told if took_s > limit_s + lag_s else ""
        if late and not slow:
            slow = late
            _next_succeeds(lane, tally, where)
            continue
        tally.judge(3, where, f"{slow}; repeated: {late}" if late else "")
        break
    _next_succeeds(lane, tally, where)


def _next_succeeds(lane: Lane, tally: Tally, where: str) -> None:
    if lane.device is None:
        lane.open()
    after = lane.patient_capture()
    held = tally.judge(3, where, "" if after.kind is Kind.GOOD else f"the next capture: {after}")
    if not held:
        lane.renew()
