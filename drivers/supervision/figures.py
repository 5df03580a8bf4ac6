"""What is noted of each capture at a place: how long it took, what went wrong, how good it was."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from drivers.supervision.drift import usual_of, window
from drivers.supervision.identity import Identity
from drivers.supervision.ledger import CABLE, DeviceRecord, Ledger
from station.clock import Clock
from station.device_report import Upkeep
from station.devices import DeviceEvent, DeviceState, Modality, Sink, StateChanged, SubjectPresent
from station.errors import StationError
from station.guidance import Guidance

_GOOD: Final = ""
_AT_WORK: Final = frozenset({DeviceState.ACQUIRING, DeviceState.TRANSFER})


class Stopwatch:
    """A sink that passes everything on and times a capture from the moment somebody is there."""

    def __init__(self, sink: Sink, clock: Clock) -> None:
        self._sink = sink
        self._clock = clock
        self._began = clock.monotonic()
        self._felt = False
        self.cable = False

    def __call__(self, event: DeviceEvent) -> None:
        """Take one event; any thread."""
        present = isinstance(event, SubjectPresent) and event.present
        working = isinstance(event, StateChanged) and event.state in _AT_WORK
        if (present or working) and not self._felt:
            self._felt, self._began = True, self._clock.monotonic()
        if event is Guidance.CHECK_PAD_CABLE:
            self.cable = True
        self._sink(event)

    @property
    def seconds(self) -> float:
        """Seconds since somebody was there, or since the beginning where the device does not say."""
        return self._clock.monotonic() - self._began


@dataclass(slots=True)
class Figures:
    """The figures of one place: those of the device in it are kept over restarts, the rest since the start."""

    modality: Modality
    ledger: Ledger
    captures: int = 0
    reconnects: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    last_quality: int | None = None
    _record: DeviceRecord | None = None

    def follow(self, identity: Identity) -> None:
        """Keep the figures of this device from now on."""
        record = self.ledger.record(identity, self.modality)
        if record is not self._record:
            self._record, self.last_quality = record, None

    def captured(self, watch: Stopwatch | None = None) -> None:
        """Note a good capture; a picture out of a stream has no time of its own."""
        self.captures += 1
        record = self._record
        if record is None:
            return
        record.captures += 1
        record.outcomes.append(CABLE if watch is not None and watch.cable else _GOOD)
        if watch is not None:
            record.seconds.append(watch.seconds)
        self.ledger.changed()

    def failed(self, error: StationError) -> None:
        """Note what went wrong on the device's side."""
        self.failures[error.code] += 1
        record = self._record
        if record is not None:
            record.failures[error.code] += 1
            record.outcomes.append(error.code)
            self.ledger.changed()

    def reconnected(self) -> None:
        """Note that the device came back."""
        self.reconnects += 1
        if self._record is not None:
            self._record.reconnects += 1
            self.ledger.changed()

    def judged(self, score: int) -> None:
        """Note what the station said of the last sample, 0..100."""
        self.last_quality = score
        if self._record is not None:
            self._record.scores.append(score)
            self.ledger.changed()

    def calibrated(self) -> None:
        """Note a good calibration today."""
        if self._record is not None:
            self._record.calibrated = self.ledger.today
            self.ledger.changed()

    @property
    def usual_quality(self) -> float | None:
        """Median of the device's earlier samples: those before the present window, or all it has."""
        scores = tuple(self._record.scores) if self._record is not None else ()
        return usual_of(scores[: -window(self.modality)] or scores)

    @property
    def usual_seconds(self) -> float | None:
        """Median time of a capture."""
        return usual_of(tuple(self._record.seconds)) if self._record is not None else None

    def upkeep(self, *, calibratable: bool) -> tuple[Upkeep, ...]:
        """Return the work these figures ask for."""
        if self._record is None:
            return ()
        return self._record.upkeep(self.ledger.today, calibratable=calibratable)
