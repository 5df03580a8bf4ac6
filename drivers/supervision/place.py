"""One place of the desk, as its callers and the interface see it: a device lent to one caller at a time.

A capture cut by removal is never resumed: it ends with its error, and the next one starts from zero on
whatever device stands here then.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from drivers.supervision.figures import Figures
from drivers.supervision.ledger import Ledger
from drivers.supervision.occupant import Occupant
from drivers.supervision.source import Source
from drivers.supervision.status import report_of
from drivers.supervision.turn import Turn
from drivers.supervision.verdicts import condition_of, counts, unfit
from drivers.supervision.watch import OPEN_S, POLL_S, Watch
from station.clock import CancelToken, Clock, Deadline
from station.device_report import Condition, DeviceReport
from station.devices import Device, DeviceInfo, Health, HealthState, Modality
from station.errors import (
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    GradeRefused,
    HardwareFault,
    NoReader,
    OperatorCancelled,
    OtherDevice,
    StationError,
)

# After these the connection cannot be trusted; anything else leaves the device usable.
_BROKEN: Final = (DeviceNotFound, DeviceRemoved, NoReader, DeviceTimeout, HardwareFault)


@dataclass(frozen=True, slots=True)
class Loan:
    """A lent device. Its own token is cancelled with the caller's, and when the device is closed under it."""

    device: Device
    cancel: CancelToken


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
        poll_s: float = POLL_S,
    ) -> None:
        """Nothing is opened yet.

        Args:
            modality: what its device senses.
            source: where its devices come from.
            ledger: the figures of all devices, and which belongs here.
            clock: gives pauses and times.
            rehearsal: whether devices below enrolment grade may be used.
            rests_closed: keep the device closed while nobody uses it: a camera's light is then honest.
            poll_s: seconds between two looks.
        """
        self.modality = modality
        self._rehearsal = rehearsal
        self._turn = Turn()
        self._occupant = Occupant(modality, source, ledger, rests_closed=rests_closed)
        self.watch = Watch(self._occupant, self._turn, clock, poll_s)

    @property
    def figures(self) -> Figures:
        """The figures of this place."""
        return self._occupant.figures

    @property
    def info(self) -> DeviceInfo:
        """Who is in the place, or who was there last."""
        return self._occupant.info

    @property
    def device(self) -> Device | None:
        """What stands in the place now."""
        current = self._occupant.status.current
        return current.device if current is not None else None

    # -- callers ---------------------------------------------------------------------------------

    def open(self, deadline: Deadline) -> None:
        """See that the device is there and open, without waiting for the watch; the reason it is not."""
        with self._turn.of_caller(self.modality.value, deadline):
            current = self._occupant.status.current
            if self._occupant.rests_closed and current and not self.watch.moved(current):
                return  # opening it twice would only make its light blink
            with self._occupant.resting(self._ready(deadline)):
                pass

    def let_go(self) -> None:
        """Close the device for a caller who is done with it; one that is watched stays with the watch."""
        if not self.watch.running:
            self.close()

    def close(self) -> None:
        """Close whatever stands open, cutting a running call."""
        self._occupant.close()

    @contextlib.contextmanager
    def lent(
        self, deadline: Deadline, cancel: CancelToken | None = None, *, enrolling: bool = True
    ) -> Iterator[Loan]:
        """Lend the open device for one call; what goes wrong in it is noted and acted on."""
        asked = cancel if cancel is not None else CancelToken()
        cut = CancelToken()
        with (
            self._turn.of_caller(self.modality.value, deadline, cancel),
            self._occupant.resting(self._ready(deadline)) as device,
            asked.waking(cut.cancel),
        ):
            try:
                self._refuse_unfit(device.info, enrolling=enrolling)
                yield Loan(device, cut)
                self._refuse_gone(device, asked)
                self._occupant.recognise(device)
                self._refuse_unfit(device.info, enrolling=enrolling)
            except OperatorCancelled:
                self._refuse_gone(device, asked)
                raise
            except StationError as error:
                self._went_wrong(error, device)
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
            self._went_wrong(error, device)
            raise

    @contextlib.contextmanager
    def examined(self, deadline: Deadline) -> Iterator[Device]:
        """Lend the device in the place, or the one that waits for the operator's word, to look at it."""
        with self._turn.of_caller(self.modality.value, deadline):
            offered = self._occupant.status.offered
            if offered is not None:
                yield offered.device
                return
            with self._occupant.resting(self._ready(deadline)) as device:
                yield device

    def _ready(self, deadline: Deadline) -> Device:
        limit = deadline.within(OPEN_S)
        if self._occupant.held is None:
            self.watch.look_now()
            self.watch.find(limit)
        device = self.device
        if device is None:
            raise self._occupant.reason()
        try:
            device.open(limit)
            self._occupant.recognise(device)
        except StationError as error:
            self._went_wrong(error, device)
            raise
        return device

    def _refuse_gone(self, device: Device, asked: CancelToken) -> None:
        """Turn a call that the watch has cut, because its device was pulled, into DeviceRemoved."""
        if self.device is not device and not asked.cancelled:
            error = DeviceRemoved(driver=device.info.driver)
            self.figures.failed(error)
            raise error

    def _refuse_unfit(self, info: DeviceInfo, *, enrolling: bool) -> None:
        if enrolling and unfit(info, self.modality, rehearsal=self._rehearsal):
            raise GradeRefused(driver=info.driver)

    def _went_wrong(self, error: StationError, device: Device) -> None:
        if isinstance(error, OtherDevice) or self.device is not device:
            return  # the device is well, only not ours; or it was given up, and counted, already
        if counts(error):
            self.figures.failed(error)
        if isinstance(error, _BROKEN):
            self._occupant.lose(error)

    # -- what the interface asks -----------------------------------------------------------------

    def accept(self, serial: str) -> None:
        """Take the offered device of this serial number; DeviceNotFound when it does not wait any more."""
        with self._turn.of_caller(self.modality.value, Deadline.after(OPEN_S)):
            self._occupant.accept(serial)

    def self_test(self, deadline: Deadline) -> Health:
        """Test the device; never raises. One in use is well as long as its caller is."""
        if self._turn.used:
            return Health(HealthState.READY, detail="in use")
        try:
            with self._turn.of_caller(self.modality.value, deadline):
                with self._occupant.resting(self._ready(deadline)) as device:
                    health = device.self_test(deadline)
                if health.state is HealthState.ABSENT:
                    self._occupant.lose(DeviceRemoved(driver=device.info.driver))
                return health
        except StationError as error:
            absent = condition_of(error, 0) is Condition.ABSENT
            return Health(HealthState.ABSENT if absent else HealthState.ATTENTION, error.code)

    def report(self) -> DeviceReport:
        """Return how the place is; never blocks."""
        return report_of(
            self._occupant.status,
            self._occupant.source,
            self.figures,
            before=self._occupant.before(),
            rehearsal=self._rehearsal,
            retry_in_s=self.watch.backoff.left(),
        )
