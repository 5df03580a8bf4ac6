"""The looks at one place: once a second a cheap one, a search when something has changed or a pause is over."""

import logging
import threading
from collections.abc import Hashable
from itertools import islice
from typing import Final

from drivers.contract import Reference
from drivers.supervision.backoff import LONGEST_S, Backoff
from drivers.supervision.occupant import Occupant
from drivers.supervision.search import Plugged, search
from drivers.supervision.sight import can_be_seen, footprint, state_of
from drivers.supervision.turn import Turn
from station.clock import CancelToken, Clock, Deadline
from station.device_report import Condition
from station.devices import Device, HealthState
from station.errors import (
    DeviceBusy,
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    HardwareFault,
    StationError,
)

_LOG = logging.getLogger(__name__)
POLL_S: Final = 1.0
OPEN_S: Final = 5.0
_ASK_S: Final = 1.5
_SILENCES: Final = 2  # unanswered questions in a row
_CANDIDATES: Final = 8  # more devices of one driver than this do not stand on a desk


class Watch:
    """Looks after one place; its thread is ``run``."""

    def __init__(self, occupant: Occupant, turn: Turn, clock: Clock, poll_s: float) -> None:
        self.backoff = Backoff(clock)
        self.running = False
        self._occupant = occupant
        self._source = occupant.source
        self._turn = turn
        self._poll_s = poll_s
        self._look = threading.Event()
        self._seen: Hashable = None
        self._found: tuple[Reference, ...] | None = None  # None: to be discovered
        self._opening: Device | None = None
        self._silent = 0
        self._pulled: Plugged | None = None  # gone at the last look, though somebody uses it
        occupant.on_lost = self.look_now

    def look_now(self) -> None:
        """Look at once, discover afresh, and forget the pause of a failing device."""
        self._found = None
        self.backoff.reset()
        self._look.set()

    def run(self, cancel: CancelToken) -> None:
        """Look about once a second until cancelled; what stands open is closed then."""
        self.running = True
        try:
            with cancel.waking(self._stop):
                while not cancel.cancelled:
                    self._look.clear()
                    self.guarded_step()
                    waits = self._occupant.held is None and self.backoff.left() > 0
                    if not cancel.cancelled:
                        self._look.wait(
                            min(self._poll_s, self.backoff.left()) if waits else self._poll_s
                        )
        finally:
            self.running = False
            self._occupant.close()

    def guarded_step(self) -> None:
        """Look once; whatever a driver throws, the other looks go on."""
        try:
            self.step()
        except Exception as error:  # noqa: BLE001 - the top guard of this thread; a driver may be anybody's
            _LOG.error("driver %s threw %s", self._source.driver, type(error).__name__)
            fault = HardwareFault(driver=self._source.driver, reason="driver")
            self._occupant.lose(fault)
            self._fail(fault)

    def step(self) -> None:
        """Look once: notice what went, look for what is missing, ask what cannot be seen."""
        with self._turn.of_watch() as free:
            if not free:
                self._notice_pulled_in_use()
                return
            self._pulled = None
            seen = state_of(self._source.driver, self._watched())
            changed, self._seen = seen != self._seen, seen
            self._notice_gone(changed=changed)
            held = self._occupant.held
            if held is not None:
                self._ask(held)
            else:
                self._retry(changed=changed)

    def find(self, deadline: Deadline) -> None:
        """Fill the place with what was discovered; discovery itself runs only when something has changed."""
        try:
            if self._found is None:
                self._found = tuple(islice(self._source.find(), _CANDIDATES))
        except StationError as refusal:
            self._fail(refusal)
            return
        try:
            outcome = search(
                self._source, self._found, self._occupant.expected, deadline, self._begin_opening
            )
        finally:
            self._opening = None
        if outcome.right is not None:
            self._occupant.take(outcome.right)
            self.backoff.reset()
        elif outcome.other is not None:
            self._occupant.offer(outcome.other)
            self.backoff.reset()
        else:
            self._fail(outcome.error or DeviceNotFound(driver=self._source.driver))

    def moved(self, plugged: Plugged) -> bool:
        """Whether something else, or nothing, stands where a device was opened."""
        return footprint(self._source.driver, plugged.reference.address) != plugged.mark

    def _stop(self) -> None:
        """End the pause, and an opening that is still waited for."""
        self._look.set()
        opening = self._opening
        if opening is not None:
            self._occupant.release(opening)

    def _begin_opening(self, device: Device) -> None:
        self._opening = device

    def _watched(self) -> tuple[str, ...]:
        held = self._occupant.held
        places = () if held is None else (held.reference.address,)
        return tuple(dict.fromkeys((*self._source.addresses, *places)))

    def _notice_gone(self, *, changed: bool) -> None:
        current, offered = self._occupant.status.current, self._occupant.status.offered
        error = DeviceRemoved(driver=self._source.driver)
        if current is not None and self.moved(current):
            self._occupant.figures.failed(error)
            self._occupant.lose(error)
        elif offered is not None and (changed or self.moved(offered)):
            self._occupant.lose(error)  # perhaps the right one is back, here or elsewhere

    def _notice_pulled_in_use(self) -> None:
        """Cut a call whose driver does not notice, by the second look, that its device has gone."""
        current = self._occupant.status.current
        if current is None or not can_be_seen(self._source.driver, current.reference.address):
            return
        gone = self.moved(current)
        if gone and self._pulled is current:
            self._occupant.lose(DeviceRemoved(driver=self._source.driver))
        self._pulled = current if gone else None

    def _ask(self, held: Plugged) -> None:
        """Ask a device whose going cannot be seen from outside."""
        if can_be_seen(self._source.driver, held.reference.address):
            return
        with self._occupant.resting(held.device) as device:
            health = device.self_test(Deadline.after(_ASK_S))
        late = health.code == DeviceTimeout.code
        if health.state is HealthState.READY or health.code == DeviceBusy.code:
            self._silent = 0
        elif late and self._silent + 1 < _SILENCES:
            self._silent += 1  # one late answer is a busy machine
        else:
            self._silent = 0  # whatever it is, opening it afresh will tell
            self._occupant.lose(DeviceRemoved(driver=self._source.driver))

    def _retry(self, *, changed: bool) -> None:
        if changed:
            self._found = None
            self.backoff.reset()
        if self.backoff.left() > 0:
            return
        if not can_be_seen(self._source.driver, ""):
            self._found = None
        self.find(Deadline.after(OPEN_S))

    def _fail(self, error: StationError) -> None:
        condition = self._occupant.fail(error, self.backoff.failures + 1)
        # What only an answer can show must be asked for as often as everything else is looked at.
        addresses = self._source.addresses or ("",)
        unseen = not all(can_be_seen(self._source.driver, address) for address in addresses)
        often = unseen and condition is Condition.ABSENT
        self.backoff.failed(POLL_S if often else LONGEST_S)
