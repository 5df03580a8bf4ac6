"""Who stands in a place: taken, recognised, offered, lost. One status, replaced whole at every change."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

from drivers.supervision.figures import Figures
from drivers.supervision.identity import Identity
from drivers.supervision.ledger import Ledger
from drivers.supervision.search import Plugged
from drivers.supervision.source import Source
from drivers.supervision.status import Status
from drivers.supervision.verdicts import condition_of
from station.device_report import Condition
from station.devices import Device, DeviceInfo, Grade, Modality
from station.errors import DeviceNotFound, DeviceRemoved, OtherDevice, StationError

_LOG = logging.getLogger(__name__)


class Occupant:
    """The device of a place, and whose place it is. Written under the place's turn, read by anybody."""

    def __init__(
        self, modality: Modality, source: Source, ledger: Ledger, *, rests_closed: bool
    ) -> None:
        self.modality = modality
        self.source = source
        self.figures = Figures(modality, ledger)
        self.status = Status(Condition.WAIT)  # nobody has looked yet
        self.info = DeviceInfo(source.driver, "", "", "", "", "", Grade.VERIFICATION)
        self.on_lost: Callable[[], object] = _nobody
        self.rests_closed = rests_closed
        self._ledger = ledger
        self._opened_before: set[str] = set()

    @property
    def held(self) -> Plugged | None:
        """What stands open: the device of the place, or the one that waits for the operator's word."""
        return self.status.current or self.status.offered

    @property
    def expected(self) -> Identity | None:
        """Whose place it is."""
        return self._ledger.bound(self.modality)

    def take(self, plugged: Plugged) -> None:
        """Put a device into the place."""
        known = self.expected
        if known is None or known.fuller(plugged.identity) != known:
            self._ledger.bind(self.modality, plugged.identity)
        self.info = plugged.device.info
        self.figures.follow(plugged.identity)
        if plugged.identity.key in self._opened_before:
            self.figures.reconnected()
        self._opened_before.add(plugged.identity.key)
        self.status = Status(Condition.READY, current=plugged)
        if self.rests_closed:
            self.release(plugged.device)
        _LOG.info("%s: %s is there", self.modality.value, self.source.driver)

    def offer(self, plugged: Plugged) -> OtherDevice:
        """Let another device wait for the operator's word; return what callers are told meanwhile."""
        error = OtherDevice(driver=self.source.driver)
        self.status = Status(Condition.OTHER_DEVICE, offered=plugged, error=error)
        return error

    def accept(self, serial: str) -> None:
        """Put the offered device of this serial number into the place; DeviceNotFound."""
        offered = self.status.offered
        if offered is None or offered.identity.serial != serial:
            raise DeviceNotFound(driver=self.source.driver, reason="not offered")
        self._ledger.bind(self.modality, offered.identity)
        self.take(offered)
        self._ledger.save()

    def recognise(self, device: Device) -> None:
        """Refuse another device that slipped into the place; learn a serial number told late. OtherDevice."""
        current = self.status.current
        if current is None or current.device is not device:
            return
        said = Identity.of(device, current.reference.serial)
        if said != current.identity:
            expected = self.expected or current.identity
            now = replace(current, identity=said)
            if not expected.may_be(said):
                raise self.offer(now)
            self._ledger.learned(current.identity, said)
            self._ledger.bind(self.modality, expected.fuller(said))
            self.status = replace(self.status, current=now)
            self.figures.follow(said)
        self.info = device.info

    def lose(self, error: StationError) -> None:
        """Give up what stands here; the watch looks for it at once."""
        status = self.status
        self.status = Status(condition_of(error, 0), error=error)
        self._release_all(status)
        if status.current is not None:
            _LOG.info("%s: %s is gone (%s)", self.modality.value, self.source.driver, error.code)
        self.on_lost()

    def fail(self, error: StationError, failures: int) -> Condition:
        """Note that an attempt to fill the place failed, so many in a row; return the condition now."""
        condition = condition_of(error, failures)
        before = self.status.error
        if condition is not Condition.ABSENT and (before is None or before.code != error.code):
            self.figures.failed(error)  # once, however often it is tried again
        self.status = Status(condition, error=error)
        return condition

    def close(self) -> None:
        """Close what stands here, cutting a running call; never raises."""
        status = self.status
        if self.held is not None:
            self.status = Status(error=DeviceRemoved(driver=self.source.driver, reason="closed"))
        self._release_all(status)

    def release(self, device: Device) -> None:
        """Close a device, unless it belongs to somebody else."""
        if not self.source.lasting:
            device.close()

    @contextlib.contextmanager
    def resting(self, device: Device) -> Iterator[Device]:
        """Use a device for a block; one that rests closed is closed after it."""
        try:
            yield device
        finally:
            if self.rests_closed:
                self.release(device)

    def reason(self) -> StationError:
        """Return why there is no device to use."""
        error = self.status.error or DeviceNotFound(driver=self.source.driver)
        return type(error)(**error.facts)  # a raised error carries the thread it was raised in

    def before(self) -> DeviceInfo | None:
        """Return who belongs here: seen in this run, or known from an earlier one."""
        bound = self.expected
        if bound is None or bound.serial == self.info.serial:
            return self.info if self.info.model or self.info.serial else None
        return DeviceInfo(
            bound.driver, bound.make, bound.model, bound.serial, "", "", Grade.VERIFICATION
        )

    def _release_all(self, status: Status) -> None:
        for plugged in (status.current, status.offered):
            if plugged is not None:
                self.release(plugged.device)


def _nobody() -> None:
    """Nobody looks for what was lost."""
