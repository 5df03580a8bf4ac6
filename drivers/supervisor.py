"""The watch over all devices of a desk: one place per modality, each looked after by a thread of its own."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from drivers.supervision.ledger import Ledger
from drivers.supervision.place import Place
from drivers.supervision.ports import (
    CameraPlace,
    FingerPlace,
    IrisPlace,
    PadPlace,
    ReaderPlace,
)
from drivers.supervision.source import Source
from drivers.supervision.watch import POLL_S
from station.capabilities import Calibratable, Identifiable
from station.clock import CancelToken, Clock, Deadline
from station.device_report import Condition, DeviceReport
from station.devices import Health, HealthState, Modality
from station.errors import DeviceNotFound, HardwareFault, NotSupported

_SAVE_S: Final = 20.0
_JOIN_S: Final = 2.0
Heard = Callable[[tuple[DeviceReport, ...]], object]


def _deaf(_reports: tuple[DeviceReport, ...]) -> None:
    """Nobody listens."""


class Supervisor:
    """Implements ``station.device_report.Supervision``; the ports it gives out stay valid over every swap."""

    def __init__(
        self,
        sources: Mapping[Modality, Source],
        clock: Clock,
        *,
        file: Path | None = None,
        rehearsal: bool = False,
        poll_s: float = POLL_S,
    ) -> None:
        """Nothing is opened before ``run``, or before a port is used.

        Args:
            sources: where the devices of each place come from; a modality left out is not configured.
            clock: gives pauses and times.
            file: where figures and bindings are kept over restarts; None keeps them in memory.
            rehearsal: admit devices below enrolment grade.
            poll_s: seconds between two looks at a place.
        """
        self._clock = clock
        # A rehearsal's devices are made anew for each one: only their figures are worth keeping.
        self._ledger = Ledger(file, clock, keeps_places=not rehearsal)
        self._places = {
            modality: Place(
                modality,
                source,
                self._ledger,
                clock,
                rehearsal=rehearsal,
                rests_closed=modality is Modality.FACE,
                poll_s=poll_s,
            )
            for modality, source in sources.items()
        }

    @property
    def places(self) -> Mapping[Modality, Place]:
        """The configured places."""
        return self._places

    # -- the ports -------------------------------------------------------------------------------

    @property
    def camera(self) -> CameraPlace | None:
        """The photo camera's place."""
        place = self._places.get(Modality.FACE)
        return CameraPlace(place, self._clock) if place is not None else None

    @property
    def finger(self) -> FingerPlace | None:
        """The finger scanner's place, for enrolling."""
        place = self._places.get(Modality.FINGER)
        return FingerPlace(place, self._clock) if place is not None else None

    @property
    def matching_finger(self) -> FingerPlace | None:
        """The same place for comparing one finger with a card: verification grade is enough there."""
        place = self._places.get(Modality.FINGER)
        return FingerPlace(place, self._clock, enrolling=False) if place is not None else None

    @property
    def iris(self) -> IrisPlace | None:
        """The iris scanner's place."""
        place = self._places.get(Modality.IRIS)
        return IrisPlace(place, self._clock) if place is not None else None

    @property
    def pad(self) -> PadPlace | None:
        """The signature pad's place."""
        place = self._places.get(Modality.SIGNATURE)
        return PadPlace(place, self._clock) if place is not None else None

    @property
    def reader(self) -> ReaderPlace | None:
        """The card reader's place."""
        place = self._places.get(Modality.CARD)
        return ReaderPlace(place, self._clock) if place is not None else None

    # -- the watch -------------------------------------------------------------------------------

    def run(self, cancel: CancelToken, heard: Heard = _deaf) -> None:
        """Watch all places until cancelled; ``heard`` gets the reports whenever they have changed."""
        ended = CancelToken()
        threads = [
            threading.Thread(
                target=place.watch.run, args=(ended,), name=f"watch-{modality.value}", daemon=True
            )
            for modality, place in self._places.items()
        ]
        for thread in threads:
            thread.start()
        try:
            self._tell(cancel, heard)
        finally:
            ended.cancel()
            limit = Deadline.after(_JOIN_S)
            for thread in threads:
                thread.join(limit.left())
            self._ledger.save()

    def _tell(self, cancel: CancelToken, heard: Heard) -> None:
        told: tuple[DeviceReport, ...] = ()
        save_at = self._clock.monotonic() + _SAVE_S
        while not cancel.cancelled:
            now = self.reports()
            if now != told:
                told = now
                heard(now)
            if self._clock.monotonic() >= save_at:
                self._ledger.save()
                save_at = self._clock.monotonic() + _SAVE_S
            cancel.wait(0.25)

    def close(self) -> None:
        """Close every device; idempotent, never raises."""
        for place in self._places.values():
            place.close()
        self._ledger.save()

    # -- what the interface asks -----------------------------------------------------------------

    def reports(self) -> tuple[DeviceReport, ...]:
        """Return one report per place, in the order of the health strip; never blocks."""
        return tuple(
            self._places[modality].report()
            if modality in self._places
            else DeviceReport(modality, Condition.UNCONFIGURED)
            for modality in Modality
        )

    def look_now(self) -> None:
        """Look for devices at once instead of at the next second."""
        for place in self._places.values():
            place.watch.look_now()

    def self_test(self, modality: Modality, deadline: Deadline) -> Health:
        """Test one device; never raises DeviceError."""
        place = self._places.get(modality)
        if place is None:
            return Health(HealthState.ABSENT, DeviceNotFound.code)
        return place.self_test(deadline)

    def identify(self, modality: Modality, deadline: Deadline) -> None:
        """Make one device blink or beep; the offered one where another waits for the operator's word."""
        with self._place(modality).examined(deadline) as device:
            if not isinstance(device, Identifiable):
                raise NotSupported(driver=device.info.driver, what="identify")
            device.identify(deadline)

    def calibrate(self, modality: Modality, deadline: Deadline) -> None:
        """Calibrate one device; DeviceError, NotSupported, HardwareFault when it says it did not work."""
        place = self._place(modality)
        with place.lent(deadline, enrolling=False) as loan:
            device = loan.device
            if not isinstance(device, Calibratable):
                raise NotSupported(driver=device.info.driver, what="calibrate")
            outcome = device.calibrate(deadline)
            if not outcome.good:
                raise HardwareFault(driver=device.info.driver, what="calibration")
        place.figures.calibrated()

    def accept(self, modality: Modality, serial: str) -> None:
        """Take the offered device of this serial number instead of the one before; DeviceNotFound."""
        self._place(modality).accept(serial)

    def note_quality(self, modality: Modality, score: int) -> None:
        """Tell what the judge said of the last sample, 0..100; feeds the drift watch."""
        place = self._places.get(modality)
        if place is None:
            return
        if modality is Modality.FACE:  # a picture out of a stream: the driver saw no single capture
            place.figures.captured()
        place.figures.judged(score)

    def _place(self, modality: Modality) -> Place:
        place = self._places.get(modality)
        if place is None:
            raise DeviceNotFound(device=modality.value)
        return place
