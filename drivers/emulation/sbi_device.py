"""One emulated device of a service: who it is, in which state, and the order in which it may be used."""

import datetime as dt
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from drivers.emulation.sbi_authority import EmulatedAuthority
from drivers.emulation.sbi_sensors import SENSORS
from drivers.sbi import jws
from drivers.sbi.identity import EMULATED_MARK, Kind
from drivers.sbi.rules import HashForm, Numbers
from drivers.sbi.sample import stamp
from station.clock import Clock

FIRMWARE: Final = "EMU 1.0"
_SUB_TYPES: Final[Mapping[Kind, str]] = {
    Kind.IRIS: "Double",
    Kind.SLAP: "Slap",
    Kind.FINGER: "Single",
    Kind.FACE: "Full face",
}
_SUB_IDS: Final[Mapping[Kind, tuple[int, ...]]] = {
    Kind.IRIS: (1, 2, 3),
    Kind.SLAP: (1, 2, 3),
    Kind.FINGER: (0,),
    Kind.FACE: (0,),
}
STATUSES: Final = ("Ready", "Busy", "Not Ready", "Not Registered")
SUCCESS: Final = {"errorCode": "0", "errorInfo": "Success"}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a service speaks and what it is registered for."""

    version: str = "0.9.5"
    level: str = "L0"
    env: str = "Developer"
    purpose: str = "Registration"
    numbers: Numbers = Numbers.STRINGS
    hashes: HashForm = HashForm.RAW

    def number(self, value: int) -> str | int:
        """Return a number as this service writes it."""
        return value if self.numbers is Numbers.INTEGERS else str(value)


@dataclass(eq=False, slots=True)
class _Stream:
    sub_id: int
    alive: Callable[[], bool]


@dataclass(eq=False)
class EmulatedDevice:
    """A device and its moment; the service's threads share it."""

    kind: Kind
    serial: str
    manner: Manner
    authority: EmulatedAuthority
    clock: Clock
    status: str = "Ready"
    last_score: int = 0  # of the newest judged sight: the mark in the stream
    sub_type: str = ""  # other than usual: "Single" for a one-eye camera
    forced_score: int | None = None
    delays: dict[str, float] = field(default_factory=dict)  # verb -> seconds before the answer

    def __post_init__(self) -> None:
        self.sensor = SENSORS[self.kind]()
        self.capturing = threading.Lock()
        self._streams: list[_Stream] = []
        self._lock = threading.Lock()

    @property
    def device_id(self) -> str:
        """What 0.9.5 names it by."""
        return f"{self.model}-1"

    @property
    def model(self) -> str:
        """Its model, which bears the mark of an emulator."""
        return EMULATED_MARK + {"finger.slap": "SLAP", "finger.single": "FINGER"}.get(
            self.kind.value, self.kind.name
        )

    @property
    def shown_status(self) -> str:
        """Busy while it streams or captures; such a device still takes a capture."""
        used = self.capturing.locked() or self.streams()
        return "Busy" if used and self.status == "Ready" else self.status

    def is_named(self, name: str) -> bool:
        """Whether a request means this device."""
        return name == (self.serial if self.manner.version == "1.0" else self.device_id)

    def streams(self) -> tuple[int, ...]:
        """Return the sub-ids that are streamed now; a reader that has gone does not count."""
        with self._lock:
            self._streams = [stream for stream in self._streams if stream.alive()]
            return tuple(stream.sub_id for stream in self._streams)

    def begin_stream(self, sub_id: int, alive: Callable[[], bool]) -> Callable[[], None]:
        """Note a preview; call the result when it ends."""
        stream = _Stream(sub_id, alive)
        with self._lock:
            self._streams.append(stream)

        def end() -> None:
            with self._lock:
                if stream in self._streams:
                    self._streams.remove(stream)

        return end

    def identity(self, **changes: str) -> dict[str, Any]:
        """Return the digital identity."""
        return {
            "serialNo": self.serial,
            "make": "Rekam",
            "model": self.model,
            "type": self.kind.type_name,
            "deviceSubType": self.sub_type or _SUB_TYPES[self.kind],
            "deviceProvider": "Rekam",
            "deviceProviderId": "REKAM",
            "dateTime": stamp(self.clock.now()),
            **changes,
        }

    def signed_identity(self, **changes: str) -> str:
        """Return the identity as a statement: of the trust module at L1."""
        return self.authority.vouch(self.identity(**changes), self.manner.level)

    def discovery(self, base: str) -> dict[str, Any]:
        """Return the discovery object."""
        registered = self.status != "Not Registered"
        named = (
            {"serialNo": self.serial}
            if self.manner.version == "1.0"
            else {"deviceId": self.device_id, "deviceCode": self.device_id}
        )
        return {
            **named,
            "deviceStatus": self.shown_status,
            "certification": self.manner.level,
            "serviceVersion": self.manner.version,
            "deviceSubId": [self.manner.number(each) for each in _SUB_IDS[self.kind]],
            "callbackId": base,
            "digitalId": jws.encode64(json.dumps(self.identity()).encode()),
            "specVersion": [self.manner.version],
            "purpose": self.manner.purpose if registered else "",
            "error": dict(SUCCESS),
        }

    def statement(self, base: str) -> dict[str, Any]:
        """Return the entry of MOSIPDINFO: signed once the device is registered."""
        registered = self.status != "Not Registered"
        info = self.discovery(base) | {
            "firmware": FIRMWARE,
            "env": self.manner.env if registered else "None",
            "digitalId": self.signed_identity(),
            "deviceStatus": self.shown_status,
        }
        if self.manner.version == "1.0":
            info["domainUri"] = ""
        del info["error"]
        signed = (
            self.authority.sign(info) if registered else jws.encode64(json.dumps(info).encode())
        )
        return {"deviceInfo": signed, "error": dict(SUCCESS)}


def failure(code: str, info: str) -> dict[str, Any]:
    """Return the error object of an answer."""
    return {"error": {"errorCode": code, "errorInfo": info}}


def moment(clock: Clock, age: dt.timedelta = dt.timedelta(0)) -> dt.datetime:
    """Return when a sample says it was taken."""
    return clock.now() - age
