"""A device whose driver runs in a helper process: same port, same events, same errors in front."""

import dataclasses
import logging
from collections.abc import Collection, Mapping
from typing import Any, Final

from drivers.contract import Reference, Site
from drivers.isolation.codec import encode
from drivers.isolation.orders import make_order
from drivers.isolation.process import Helper, Question, asking
from drivers.isolation.restarts import Restarts
from drivers.isolation.verbs import Offer, Opened
from drivers.owned import OwnedDevice, Session
from drivers.registry import BUILT_IN
from station.capabilities import Calibration, Capabilities, OptionValue
from station.clock import CancelToken, Deadline
from station.devices import (
    DeviceEvent,
    DeviceInfo,
    DeviceState,
    Grade,
    Health,
    HealthState,
    ImageCapture,
    Sink,
    StateChanged,
)
from station.errors import (
    DeviceError,
    DeviceNotFound,
    DeviceRemoved,
    HardwareFault,
    OperatorCancelled,
    ProtocolError,
)

_LOG = logging.getLogger(__name__)
_CLOSE_S: Final = 0.9
_QUICK_S: Final = 2.0  # reading and setting options: the ports give no deadline
_DEPTHS: Final = range(1, 17)  # of grey levels, in bits
_LARGEST_PPI: Final = 5_000
_ABSENT: Final = (DeviceNotFound, DeviceRemoved)
_BETWEEN: Final = frozenset({DeviceState.WAIT_SUBJECT, DeviceState.ACQUIRING, DeviceState.TRANSFER})


class IsolatedDevice(OwnedDevice):
    """The front. The helper lives from ``open`` to ``close``; one that died is started anew by the next call."""

    def __init__(
        self,
        offer: Offer,
        reference: Reference,
        site: Site,
        allowed: Collection[str],
        made: Helper,
    ) -> None:
        """Take the helper that has made the device already; ``open`` begins with it."""
        self._made: Helper | None = made
        self._reference = reference
        self._site = site
        self._allowed = frozenset(allowed)
        self._restarts = Restarts()
        self._helper: Helper | None = None
        self._close_by = Deadline.after(0.0)
        self._offered = Capabilities(offer.modality)  # until it is opened
        super().__init__(self._believed(offer.info))

    @property
    def helper_pid(self) -> int:
        """Number of the running helper; 0 when there is none."""
        helper = self._helper
        return helper.pid if helper is not None and helper.alive else 0

    def close(self) -> None:
        """Close the device in its helper and end the helper."""
        self._close_by = Deadline.after(_CLOSE_S)
        super().close()

    def self_test(self, deadline: Deadline) -> Health:
        """Have the driver test itself; a helper that dies of it, or keeps dying, is ATTENTION."""
        try:
            with self._using():
                token = self._running
                ready = self._ready(deadline, token)
                tested: Health = ready.ask(asking("self_test"), deadline, token)
        except _ABSENT as error:
            return Health(HealthState.ABSENT, error.code)
        except (DeviceError, OperatorCancelled) as error:
            return Health(HealthState.ATTENTION, getattr(error, "code", ""))
        return tested

    def _connected(self) -> bool:
        return self._helper is not None

    def _connect(self, deadline: Deadline) -> DeviceInfo:
        try:
            self._helper, info = self._start(deadline, self._running)
        except OperatorCancelled:  # only close can have cut an opening short
            raise DeviceRemoved(driver=self._reference.driver, reason="closed") from None
        return info

    def _disconnect(self) -> None:
        made, self._made = self._made, None
        helper, self._helper = self._helper, None
        if made is not None:
            made.end(0.0)
        if helper is not None:
            helper.end(max(0.1, self._close_by.left()))

    def _ping(self, deadline: Deadline) -> None:
        self._asked(asking("self_test"), deadline)

    def _wake(self) -> None:
        helper = self._helper
        if helper is not None:
            helper.wake()

    def _captured(
        self,
        verb: str,
        sink: Sink,
        cancel: CancelToken,
        deadline: Deadline,
        **arguments: object,
    ) -> Any:  # noqa: ANN401 - of the verb's type
        """Run one capture in the helper, a fresh one where the last died."""
        with self._using(cancel):
            self._ready(deadline, cancel)
        with self._session(sink, cancel) as session:
            running = self._ready(deadline, cancel).run(asking(verb, **arguments), deadline, cancel)
            try:
                while True:
                    _pass_on(session, next(running))
            except StopIteration as end:
                return end.value
            finally:
                running.close()

    def _asked(self, question: Question, deadline: Deadline) -> Any:  # noqa: ANN401
        with self._using():
            return self._ready(deadline, self._running).ask(question, deadline, self._running)

    def _ready(self, deadline: Deadline, cancel: CancelToken | None = None) -> Helper:
        """Return a helper that can be called; the caller owns the device."""
        helper = self._helper
        if helper is None:
            raise DeviceRemoved(driver=self._reference.driver, reason="not open")
        if helper.ready(deadline):
            return helper
        if not helper.buried:
            helper.end(0.0)
            self._restarts.died()
            _LOG.warning(
                "driver %s: helper ended, %d in a minute",
                self._reference.driver,
                self._restarts.recent,
            )
        self._enter(DeviceState.OPENING)
        try:
            fresh, info = self._start(deadline, cancel)
        except BaseException:
            self._enter(DeviceState.FAULT)
            raise
        self._helper = fresh
        if info.serial != self._info.serial:
            self._disconnect()
            self._enter(DeviceState.REMOVED)
            raise DeviceRemoved(driver=self._reference.driver, reason="another device")
        self._enter(DeviceState.READY)
        return fresh

    def _start(
        self, deadline: Deadline, cancel: CancelToken | None = None
    ) -> tuple[Helper, DeviceInfo]:
        wait = self._restarts.wait_s()
        if wait:
            raise HardwareFault(
                driver=self._reference.driver, reason="crash loop", wait_s=round(wait, 1)
            )
        helper, self._made = self._made, None
        fresh = helper is None or not helper.alive
        if helper is None or fresh:
            helper = Helper(self._reference.driver)
        try:
            if fresh:
                order = encode(make_order(self._reference, self._site, self._allowed))
                helper.ask(Question({"make": order}, Offer), deadline, cancel)
            opened: Opened = helper.ask(asking("open"), deadline, cancel)
        except BaseException:
            if not helper.alive:
                self._restarts.died()
            helper.end(0.0)
            raise
        if opened.capabilities is not None:
            self._offered = opened.capabilities
        return helper, self._believed(opened.info)

    def _believed(self, told: DeviceInfo) -> DeviceInfo:
        """Return who the device is, under the name it was loaded by and with no better grade than it may have.

        Our own drivers grade by the signed table themselves; a foreign one may say what it likes.
        """
        name = self._reference.driver
        if name in BUILT_IN:
            return told
        grade = told.grade
        if grade is not Grade.EMULATED:
            grade = self._site.grade(name, told.make, told.model, told.firmware)
        return dataclasses.replace(told, driver=name, grade=grade)

    def _checked(self, capture: ImageCapture, dimensions: int) -> ImageCapture:
        """Return a picture under the name of the opened device; ProtocolError for one that cannot be true."""
        if capture.pixels.ndim != dimensions:
            raise self._wrong("shape")
        if not 0 <= capture.ppi <= _LARGEST_PPI or capture.depth not in _DEPTHS:
            raise self._wrong("scale")
        return dataclasses.replace(capture, device=self.info)

    def _wrong(self, reason: str) -> ProtocolError:
        return ProtocolError(driver=self._reference.driver, reason=reason)


class DescribedFront(IsolatedDevice):
    """Beside the port: what the device can do."""

    @property
    def capabilities(self) -> Capabilities:
        """What the device told when it was opened; before that, only its modality."""
        return self._offered


class IdentifiableFront(IsolatedDevice):
    """Beside the port: blink or beep."""

    def identify(self, deadline: Deadline) -> None:
        """Have the driver blink or beep."""
        self._asked(asking("identify"), deadline)


class CalibratableFront(IsolatedDevice):
    """Beside the port: calibration."""

    def calibrate(self, deadline: Deadline) -> Calibration:
        """Have the driver calibrate."""
        outcome: Calibration = self._asked(asking("calibrate"), deadline)
        return outcome


class AdjustableFront(IsolatedDevice):
    """Beside the port: options."""

    def options(self) -> Mapping[str, OptionValue]:
        """Return the present values."""
        values: Mapping[str, OptionValue] = self._asked(asking("options"), Deadline.after(_QUICK_S))
        return values

    def adjust(self, name: str, value: OptionValue) -> OptionValue:
        """Set one option."""
        taken: OptionValue = self._asked(
            asking("adjust", name=name, value=value), Deadline.after(_QUICK_S)
        )
        if isinstance(self, DescribedFront):  # an option may change the size of what is captured
            self._offered = self._asked(asking("describe"), Deadline.after(_QUICK_S))
        return taken


def _pass_on(session: Session, event: DeviceEvent) -> None:
    """Pass a driver's event on; beginning and end of the session are said by the front alone."""
    if not isinstance(event, StateChanged):
        session(event)
    elif event.state in _BETWEEN:
        session.move(event.state)
