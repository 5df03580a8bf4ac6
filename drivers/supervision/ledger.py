"""The station's own figures of each device, by serial number, in one small file that survives a power cut.

Only numbers and error codes stand in it: nothing tells who sat before a device, or when.
"""

import datetime as dt
import json
import logging
import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from drivers.supervision.drift import drift_of, kept
from drivers.supervision.identity import Identity
from station.clock import Clock
from station.device_report import Upkeep
from station.devices import Modality
from station.errors import ChecksumError, DeviceRemoved, ProtocolError, StationError
from station.store import disk

_LOG = logging.getLogger(__name__)
FORMAT: Final = "rekam-devices-1"
_OUTCOMES: Final = 50  # captures looked at for a bad cable
_BAD_OUTCOMES: Final = 3  # of them cut or damaged on the line
_TIMES: Final = 200
_CALIBRATION_DAYS: Final = 180
_LINE_CODES: Final = frozenset({ChecksumError.code, ProtocolError.code, DeviceRemoved.code})
CABLE: Final = "CABLE"  # an outcome: the device delivered, but dropped points on the way


@dataclass(slots=True)
class DeviceRecord:
    """What one device has done at this station."""

    modality: Modality
    captures: int = 0
    reconnects: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    scores: deque[int] = field(default_factory=deque)
    seconds: deque[float] = field(default_factory=lambda: deque(maxlen=_TIMES))
    outcomes: deque[str] = field(default_factory=lambda: deque(maxlen=_OUTCOMES))
    calibrated: dt.date | None = None

    def __post_init__(self) -> None:
        self.scores = deque(self.scores, maxlen=kept(self.modality))

    def upkeep(self, today: dt.date, *, calibratable: bool) -> tuple[Upkeep, ...]:
        """Return the work these figures ask for."""
        wanted: list[Upkeep] = []
        drift = drift_of(tuple(self.scores), self.modality)
        if drift is not None:
            wanted.append(Upkeep.CLEAN)
        old = (
            self.calibrated is not None
            and (today - self.calibrated).days > _CALIBRATION_DAYS
        )  # fmt: skip
        if calibratable and (old or (drift is not None and drift.lasting)):
            wanted.append(Upkeep.CALIBRATE)
        if sum(outcome in _LINE_CODES or outcome == CABLE for outcome in self.outcomes) >= (
            _BAD_OUTCOMES
        ):
            wanted.append(Upkeep.CHECK_CABLE)
        return tuple(wanted)


class Ledger:
    """All devices this station has met, and which of them belongs to which place; any thread."""

    def __init__(self, path: Path | None, clock: Clock, *, keeps_places: bool = True) -> None:
        """Read the file, if there is one. A damaged one is set aside and a new one begins.

        ``keeps_places`` False forgets at the end which device belongs to which place.
        """
        self._keeps_places = keeps_places
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._records: dict[str, DeviceRecord] = {}
        self._bound: dict[Modality, Identity] = {}
        self._dirty = False
        if path is not None:
            self._read(path)

    @property
    def today(self) -> dt.date:
        """The day of the station's clock."""
        return self._clock.now().date()

    def record(self, identity: Identity, modality: Modality) -> DeviceRecord:
        """Return a device's figures, new ones for a device never met."""
        with self._lock:
            return self._records.setdefault(identity.key, DeviceRecord(modality))

    def learned(self, before: Identity, now: Identity) -> None:
        """Move the figures of a device that has just told its serial number."""
        with self._lock:
            record = self._records.pop(before.key, None)
            if record is not None:
                self._records.setdefault(now.key, record)
            self._dirty = True

    def bound(self, modality: Modality) -> Identity | None:
        """Return the device that belongs to a place, None when none was there yet."""
        with self._lock:
            return self._bound.get(modality)

    def bind(self, modality: Modality, identity: Identity) -> None:
        """Make a device the one of a place."""
        with self._lock:
            self._bound[modality] = identity
            self._dirty = True

    def changed(self) -> None:
        """Note that a record was changed; ``save`` will write."""
        self._dirty = True

    def save(self) -> None:
        """Write what has changed, durably; a disk that refuses is logged, figures are no reason to stop."""
        if self._path is None or not self._dirty:
            return
        with self._lock:
            self._dirty = False
            data = json.dumps(self._as_json(), indent=1).encode()
        try:
            disk.write_durable(self._path, data)
        except StationError as cause:
            self._dirty = True
            _LOG.warning("device figures not written: %s", cause)

    def _as_json(self) -> Mapping[str, Any]:
        return {
            "format": FORMAT,
            "places": {
                place.value: asdict(who) for place, who in self._bound.items() if self._keeps_places
            },
            "devices": {
                key: {
                    "modality": record.modality.value,
                    "captures": record.captures,
                    "reconnects": record.reconnects,
                    "failures": dict(record.failures),
                    "scores": list(record.scores),
                    "seconds": [round(each, 3) for each in record.seconds],
                    "outcomes": list(record.outcomes),
                    "calibrated": record.calibrated.isoformat() if record.calibrated else "",
                }
                for key, record in self._records.items()
            },
        }

    def _read(self, path: Path) -> None:
        try:
            raw = json.loads(path.read_bytes())
            _refuse_format(raw["format"])
            self._records = {key: _record(told) for key, told in raw["devices"].items()}
            self._bound = {
                Modality(place): _identity(told) for place, told in raw["places"].items()
            }
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as cause:
            _LOG.warning("device figures are damaged and set aside: %s", type(cause).__name__)
            self._records, self._bound = {}, {}
            try:
                path.replace(path.with_name(path.name + ".damaged"))
            except OSError:
                _LOG.warning("the damaged device figures cannot be moved")


def _identity(told: Mapping[str, Any]) -> Identity:
    driver, make, model, serial = (str(told[n]) for n in ("driver", "make", "model", "serial"))
    return Identity(driver, make, model, serial, told=bool(told["told"]))


def _refuse_format(said: object) -> None:
    if said != FORMAT:
        raise ValueError(said)


def _record(told: Mapping[str, Any]) -> DeviceRecord:
    day = str(told["calibrated"])
    record = DeviceRecord(
        modality=Modality(told["modality"]),
        captures=int(told["captures"]),
        reconnects=int(told["reconnects"]),
        failures=Counter({str(code): int(times) for code, times in told["failures"].items()}),
        scores=deque(int(each) for each in told["scores"]),
        calibrated=dt.date.fromisoformat(day) if day else None,
    )
    record.seconds.extend(float(each) for each in told["seconds"])
    record.outcomes.extend(str(each) for each in told["outcomes"])
    return record
