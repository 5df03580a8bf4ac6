"""One place of the desk: finds its device, opens it, notices when it goes, lends it to one caller at a time.

``step`` is one look of the watch, about once a second; ``lent`` is one call of a caller. Both take the turn,
so the device in the place never has two users. A capture cut by removal is never resumed: it ends with its
error, and the next one starts from zero on whatever device stands here then.
"""

import contextlib
import logging
import threading
from collections.abc import Hashable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from drivers.contract import Reference
from drivers.supervision.backoff import LONGEST_S, Backoff
from drivers.supervision.figures import Figures
from drivers.supervision.identity import Identity
from drivers.supervision.ledger import Ledger
from drivers.supervision.search import Plugged, search
from drivers.supervision.sight import footprint, state_of
from drivers.supervision.source import Source, must_be_asked
from drivers.supervision.status import Status, report_of
from drivers.supervision.turn import Turn
from drivers.supervision.verdicts import condition_of, counts, unfit
from station.clock import CancelToken, Clock, Deadline
from station.device_report import Condition, DeviceReport
from station.devices import Device, DeviceInfo, Grade, Health, HealthState, Modality
from station.errors import (
    DeviceBusy,
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    GradeRefused,
    HardwareFault,
    NoReader,
    OtherDevice,
    StationError,
)

_LOG = logging.getLogger(__name__)
POLL_S: Final = 1.0
_OPEN_S: Final = 5.0
_ASK_S: Final = 0.8
_SILENCES: Final = 2
_CANDIDATES: Final = 8  # more devices of one driver than this do not stand on a desk
# After these the connection cannot be trusted; anything else leaves the device usable.
_BROKEN: Final = (DeviceNotFound, DeviceRemoved, NoReader, DeviceTimeout, HardwareFault)


class Place:
    """The place of one modality."""

    def __init__(
        self,
        modality: Modality,
        source: Source,
        ledger: Ledger,
        clock: Clock,
        *,
        rehearsal: bool = False,
        rests_closed: bool = False,
    ) -> None:
        """Nothing is opened yet.

        Args:
            modality: what its device senses.
            source: where its devices come from.
            ledger: the figures of all devices, and which belongs here.
            clock: gives pauses and times.
            rehearsal: whether devices below enrolment grade may be used.
            rests_closed: keep the device closed while nobody uses it: a camera's light is then honest.
        """
        self.modality = modality
        self.source = source
        self.figures = Figures(modality, ledger)
        self._ledger = ledger
        self._rehearsal = rehearsal
        self._rests_closed = rests_closed
        self._turn = Turn()
        self._backoff = Backoff(clock)
        self._look = threading.Event()
        self._seen: Hashable = None
        self._found: tuple[Reference, ...] | None = None  # None: to be discovered
        self._status = Status(Condition.WAIT)  # nobody has looked yet
        self._opened_before: set[str] = set()
        self._watching = False
        self._opening: Device | None = None
        self._silent = 0  # unanswered questions in a row
        self._info = DeviceInfo(source.driver, "", "", "", "", "", Grade.VERIFICATION)

    # -- the watch -------------------------------------------------------------------------------

    def look_now(self) -> None:
        """Have the watch look at once, and forget the pause of a failing device."""
        self._found = None
        self._backoff.reset()
        self._look.set()

    def watch(self, cancel: CancelToken) -> None:
        """Look about once a second until cancelled; what stands open is closed then."""
        self._watching = True
        try:
            with cancel.waking(self._stop):
                while not cancel.cancelled:
                    self._look.clear()
                    self._guarded_step()
                    waits = self._status.current is None and self._backoff.left() > 0
                    if not cancel.cancelled:
                        self._look.wait(min(POLL_S, self._backoff.left()) if waits else POLL_S)
        finally:
            self._watching = False
            self.close()

    def _stop(self) -> None:
        """End the pause, and an opening that is still waited for."""
        self._look.set()
        opening = self._opening
        if opening is not None and not self.source.lasting:
            opening.close()

    def _guarded_step(self) -> None:
        """Look once; whatever a driver throws, the other looks go on."""
        try:
            self.step()
        except Exception as error:  # noqa: BLE001 - the top guard of this thread; a driver may be anybody's
            _LOG.error(
                "%s: %s threw %s", self.modality.value, self.source.driver, type(error).__name__
            )
            fault = HardwareFault(driver=self.source.driver, reason="driver")
            self._lose(fault)
            self._fail(fault)

    def step(self) -> None:
        """Look once: notice what went, look for what is missing, ask what cannot be seen."""
        with self._turn.of_watch() as free:
            if not free:
                return  # whoever uses the device will notice himself
            seen = state_of(self.source.driver, self._watched())
            changed, self._seen = seen != self._seen, seen
            self._notice_gone(changed=changed)
            if self._status.current is not None:
                self._ask(self._status.current)
            elif self._status.offered is None:
                self._retry(changed=changed)

    def _watched(self) -> tuple[str, ...]:
        held = (self._status.current, self._status.offered)
        places = (plugged.reference.address for plugged in held if plugged is not None)
        return tuple(dict.fromkeys((*self.source.addresses, *places)))

    def _notice_gone(self, *, changed: bool) -> None:
        current, offered = self._status.current, self._status.offered
        if current is not None and self._moved(current):
            error = DeviceRemoved(driver=self.source.driver)
            self.figures.failed(error)
            self._lose(error)
        if offered is not None and (changed or self._moved(offered)):
            offered.device.close()
            self._lose(DeviceRemoved(driver=self.source.driver))

    def _moved(self, plugged: Plugged) -> bool:
        return footprint(self.source.driver, plugged.reference.address) != plugged.mark

    def _ask(self, current: Plugged) -> None:
        """Ask a device whose going cannot be seen from outside."""
        if not must_be_asked(self.source.driver, current.reference.address):
            return
        with self._resting(current.device) as device:
            health = device.self_test(Deadline.after(_ASK_S))
        if health.code == DeviceTimeout.code:
            self._silent += 1
        elif health.state is HealthState.READY or health.code == DeviceBusy.code:
            self._silent = 0
            return
        # One late answer is a busy machine; anything else is judged by opening it afresh.
        if health.code != DeviceTimeout.code or self._silent >= _SILENCES:
            self._silent = 0
            self._lose(DeviceRemoved(driver=self.source.driver))

    def _retry(self, *, changed: bool) -> None:
        if changed:
            self._found = None
            self._backoff.reset()
        if self._backoff.left() > 0:
            return
        if must_be_asked(self.source.driver, ""):
            self._found = None
        self._look_for_device(Deadline.after(_OPEN_S))

    # -- finding and opening ---------------------------------------------------------------------

    def _look_for_device(self, deadline: Deadline) -> None:
        """Open what was discovered; discovery itself runs only when something has changed."""
        try:
            if self._found is None:
                self._found = tuple(islice(self.source.find(), _CANDIDATES))
        except StationError as refusal:
            self._fail(refusal)
            return
        expected = self._ledger.bound(self.modality)
        try:
            outcome = search(self.source, self._found, expected, deadline, self._begin_opening)
        finally:
            self._opening = None
        if outcome.right is not None:
            self._take(outcome.right)
        elif outcome.other is not None:
            error = OtherDevice(driver=self.source.driver)
            self._status = Status(Condition.OTHER_DEVICE, offered=outcome.other, error=error)
            self._backoff.reset()
        else:
            self._fail(outcome.error or DeviceNotFound(driver=self.source.driver))

    def _begin_opening(self, device: Device) -> None:
        self._opening = device

    def _take(self, plugged: Plugged) -> None:
        known = self._ledger.bound(self.modality)
        if known is None or known.fuller(plugged.identity) != known:
            self._ledger.bind(self.modality, plugged.identity)
        self._info = plugged.device.info
        self.figures.follow(plugged.identity)
        if plugged.identity.key in self._opened_before:
            self.figures.reconnected()
        self._opened_before.add(plugged.identity.key)
        self._backoff.reset()
        self._status = Status(Condition.READY, current=plugged)
        if self._rests_closed:
            self._release(plugged.device)
        _LOG.info("%s: %s is there", self.modality.value, self.source.driver)

    def _fail(self, error: StationError) -> None:
        # What only an answer can show must be asked for as often as everything else is looked at.
        condition = condition_of(error, self._backoff.failures + 1)
        before = self._status.error
        if condition is not Condition.ABSENT and (before is None or before.code != error.code):
            self.figures.failed(error)  # once, however often it is tried again
        unseen = any(must_be_asked(self.source.driver, each) for each in self._askable())
        self._backoff.failed(POLL_S if unseen and condition is Condition.ABSENT else LONGEST_S)
        self._status = Status(condition, error=error)

    def _askable(self) -> tuple[str, ...]:
        return self.source.addresses or ("",)

    def _lose(self, error: StationError) -> None:
        """Give up the device in the place; the watch looks for it at once."""
        current = self._status.current
        self._status = Status(condition_of(error, 0), error=error)
        self._found = None
        self._backoff.reset()
        if current is not None:
            self._release(current.device)
            _LOG.info("%s: %s is gone (%s)", self.modality.value, self.source.driver, error.code)
        self._look.set()

    def _release(self, device: Device) -> None:
        if not self.source.lasting:
            device.close()

    @contextlib.contextmanager
    def _resting(self, device: Device) -> Iterator[Device]:
        try:
            yield device
        finally:
            if self._rests_closed:
                self._release(device)

    # -- callers ---------------------------------------------------------------------------------

    @property
    def info(self) -> DeviceInfo:
        """Who is in the place, or who was there last."""
        return self._info

    def open(self, deadline: Deadline) -> None:
        """See that the device is there and open, without waiting for the watch; the reason it is not."""
        with self._turn.of_caller(self.modality.value, deadline):
            current = self._status.current
            if self._rests_closed and current is not None and not self._moved(current):
                return  # opening it twice would only make its light blink
            with self._resting(self._ready(deadline)):
                pass

    def let_go(self) -> None:
        """Close the device for a caller who is done with it; one that is watched stays with the watch."""
        if not self._watching:
            self.close()

    def close(self) -> None:
        """Close whatever stands open, cutting a running call; the watch, while it runs, opens it again."""
        status = self._status
        if status.current is not None or status.offered is not None:
            self._status = Status(error=DeviceRemoved(driver=self.source.driver, reason="closed"))
            self._found = None
        for plugged in (status.current, status.offered):
            if plugged is not None:
                self._release(plugged.device)

    @contextlib.contextmanager
    def lent(
        self, deadline: Deadline, cancel: CancelToken | None = None, *, enrolling: bool = True
    ) -> Iterator[Device]:
        """Lend the open device for one call; what goes wrong in it is noted and acted on."""
        with (
            self._turn.of_caller(self.modality.value, deadline, cancel),
            self._resting(self._ready(deadline)) as device,
        ):
            try:
                self._refuse_unfit(device.info, enrolling=enrolling)
                yield device
                self._recognise(device)
                self._refuse_unfit(device.info, enrolling=enrolling)
            except StationError as error:
                self._went_wrong(error)
                raise

    @contextlib.contextmanager
    def shared(self, deadline: Deadline, cancel: CancelToken | None = None) -> Iterator[Device]:
        """Lend a device that looks after its own users, as a card reader does: the turn is not kept."""
        device = self.device
        if device is None:
            with self._turn.of_caller(self.modality.value, deadline, cancel):
                device = self._ready(deadline)
        try:
            yield device
        except StationError as error:
            self._went_wrong(error)
            raise

    @property
    def device(self) -> Device | None:
        """What stands in the place now."""
        current = self._status.current
        return current.device if current is not None else None

    def _ready(self, deadline: Deadline) -> Device:
        limit = Deadline(min(deadline.at, Deadline.after(_OPEN_S).at))
        if self._status.current is None and self._status.offered is None:
            self._found = None
            self._look_for_device(limit)
        current = self._status.current
        if current is None:
            raise self._reason()
        try:
            current.device.open(limit)
            self._recognise(current.device)
        except StationError as error:
            self._went_wrong(error)
            raise
        return current.device

    def _recognise(self, device: Device) -> None:
        """Refuse another device that slipped into the place; learn a serial number told late."""
        current = self._status.current
        if current is None or current.device is not device:
            return
        said = Identity.of(device, current.reference.serial)
        if said == current.identity:
            self._info = device.info
            return
        expected = self._ledger.bound(self.modality) or current.identity
        now = replace(current, identity=said)
        if not expected.may_be(said):
            error = OtherDevice(driver=self.source.driver)
            self._status = Status(Condition.OTHER_DEVICE, offered=now, error=error)
            raise error
        self._ledger.learned(current.identity, said)
        self._ledger.bind(self.modality, expected.fuller(said))
        self._status = replace(self._status, current=now)
        self._info = device.info
        self.figures.follow(said)

    def _refuse_unfit(self, info: DeviceInfo, *, enrolling: bool) -> None:
        if enrolling and unfit(info, self.modality, rehearsal=self._rehearsal):
            raise GradeRefused(driver=info.driver)

    def _went_wrong(self, error: StationError) -> None:
        if isinstance(error, OtherDevice):
            return  # the device is well, only not ours
        if counts(error):
            self.figures.failed(error)
        if isinstance(error, _BROKEN):
            self._lose(error)

    def _reason(self) -> StationError:
        error = self._status.error or DeviceNotFound(driver=self.source.driver)
        return type(error)(**error.facts)  # a raised error carries the thread it was raised in

    # -- what the interface asks -----------------------------------------------------------------

    def accept(self, serial: str) -> None:
        """Take the offered device of this serial number; DeviceNotFound when it does not wait any more."""
        with self._turn.of_caller(self.modality.value, Deadline.after(_OPEN_S)):
            offered = self._status.offered
            if offered is None or offered.identity.serial != serial:
                raise DeviceNotFound(driver=self.source.driver, reason="not offered")
            self._ledger.bind(self.modality, offered.identity)
            self._take(offered)
        self._ledger.save()

    @contextlib.contextmanager
    def examined(self, deadline: Deadline) -> Iterator[Device]:
        """Lend the device in the place, or the one that waits for the operator's word, to look at it."""
        with self._turn.of_caller(self.modality.value, deadline):
            offered = self._status.offered
            if offered is not None:
                yield offered.device
                return
            with self._resting(self._ready(deadline)) as device:
                yield device

    def self_test(self, deadline: Deadline) -> Health:
        """Test the device; never raises. One in use is well as long as its caller is."""
        if self._turn.used:
            return Health(HealthState.READY, detail="in use")
        try:
            with self._turn.of_caller(self.modality.value, deadline):
                with self._resting(self._ready(deadline)) as device:
                    health = device.self_test(deadline)
                if health.state is HealthState.ABSENT:
                    self._lose(DeviceRemoved(driver=self.source.driver))
                return health
        except StationError as error:
            absent = condition_of(error, 0) is Condition.ABSENT
            return Health(HealthState.ABSENT if absent else HealthState.ATTENTION, error.code)

    def report(self) -> DeviceReport:
        """Return how the place is; never blocks."""
        return report_of(
            self._status,
            self.source,
            self.figures,
            before=self._before(),
            rehearsal=self._rehearsal,
            retry_in_s=self._backoff.left(),
        )

    def _before(self) -> DeviceInfo | None:
        """Return who belongs here: seen in this run, or known from an earlier one."""
        bound = self._ledger.bound(self.modality)
        if bound is None or bound.serial == self._info.serial:
            return self._info if self._info.model or self._info.serial else None
        return DeviceInfo(
            bound.driver, bound.make, bound.model, bound.serial, "", "", Grade.VERIFICATION
        )
