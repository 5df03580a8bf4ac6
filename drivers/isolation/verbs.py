"""What may be asked of a device in a helper: one table of verbs, with the types that go and come."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from station.capabilities import (
    Adjustable,
    Calibratable,
    Calibration,
    Capabilities,
    Described,
    Identifiable,
    OptionValue,
)
from station.clock import CancelToken, Deadline
from station.devices import (
    DeviceInfo,
    Eye,
    FingerPosition,
    Frame,
    Health,
    ImageCapture,
    Modality,
    SignatureCapture,
    Sink,
    Slap,
)


@dataclass(frozen=True, slots=True)
class Found:
    """One reference a driver discovered."""

    address: str
    model: str
    serial: str
    label: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a freshly made device offers: its port and the extras beside it."""

    port: str
    extras: tuple[str, ...]
    modality: Modality
    info: DeviceInfo


@dataclass(frozen=True, slots=True)
class Opened:
    """Who an opened device is and what it can do."""

    info: DeviceInfo
    capabilities: Capabilities | None


@dataclass(frozen=True, slots=True)
class Call:
    """One running call on the helper's side."""

    deadline: Deadline
    cancel: CancelToken
    sink: Sink


Run = Callable[[Any, Call, Mapping[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing to ask: types of the arguments, type of the answer, and how the device is called."""

    gives: Any
    run: Run
    takes: Mapping[str, Any] = field(default_factory=dict)
    pictures: bool = False  # previews or results in shared memory


def _open(device: Any, call: Call, _: Mapping[str, Any]) -> Opened:  # noqa: ANN401 - a foreign device
    device.open(call.deadline)
    return Opened(device.info, device.capabilities if isinstance(device, Described) else None)


def _stream(device: Any, call: Call, _: Mapping[str, Any]) -> None:  # noqa: ANN401
    frames: Iterator[Frame] = device.frames(call.cancel)
    for frame in frames:
        call.sink(frame)


VERBS: Final[Mapping[str, Verb]] = {
    "open": Verb(Opened, _open),
    "close": Verb(None, lambda device, call, args: device.close()),
    "self_test": Verb(Health, lambda device, call, args: device.self_test(call.deadline)),
    "identify": Verb(None, lambda device, call, args: device.identify(call.deadline)),
    "calibrate": Verb(Calibration, lambda device, call, args: device.calibrate(call.deadline)),
    "options": Verb(Mapping[str, OptionValue], lambda device, call, args: device.options()),
    "adjust": Verb(
        OptionValue,
        lambda device, call, args: device.adjust(args["name"], args["value"]),
        {"name": str, "value": OptionValue},
    ),
    "describe": Verb(Capabilities, lambda device, call, args: device.capabilities),
    "frames": Verb(None, _stream, pictures=True),
    "capture_finger": Verb(
        ImageCapture,
        lambda device, call, args: device.capture(call.sink, call.cancel, call.deadline),
        pictures=True,
    ),
    "capture_eyes": Verb(
        tuple[ImageCapture, ...],
        lambda device, call, args: device.capture(
            args["eyes"], call.sink, call.cancel, call.deadline
        ),
        {"eyes": tuple[Eye, ...]},
        pictures=True,
    ),
    "capture_slap": Verb(
        tuple[ImageCapture, ...],
        lambda device, call, args: device.capture_slap(
            args["slap"], args["missing"], call.sink, call.cancel, call.deadline
        ),
        {"slap": Slap, "missing": tuple[FingerPosition, ...]},
        pictures=True,
    ),
    "capture_face": Verb(
        ImageCapture,
        lambda device, call, args: device.capture_face(call.sink, call.cancel, call.deadline),
        pictures=True,
    ),
    "capture_pen": Verb(
        SignatureCapture,
        lambda device, call, args: device.capture(call.sink, call.cancel, call.deadline),
        pictures=True,
    ),
}

CAMERA, SLAP, FACE, FINGER, IRIS, PAD = "camera", "slap", "face", "finger", "iris", "pad"
_BY_METHOD: Final = (("frames", CAMERA), ("capture_slap", SLAP), ("capture_face", FACE))
_BY_MODALITY: Final = {
    Modality.FINGER: FINGER,
    Modality.IRIS: IRIS,
    Modality.SIGNATURE: PAD,
}
EXTRAS: Final[Mapping[str, type]] = {
    "described": Described,
    "identifiable": Identifiable,
    "adjustable": Adjustable,
    "calibratable": Calibratable,
}


def port_of(device: object, modality: Modality) -> str:
    """Return which port a device has; '' for one that cannot stand behind a helper (card readers)."""
    for method, port in _BY_METHOD:
        if callable(getattr(device, method, None)):
            return port
    return _BY_MODALITY.get(modality, "") if callable(getattr(device, "capture", None)) else ""


def extras_of(device: object) -> tuple[str, ...]:
    """Return the names of the extras a device has."""
    return tuple(name for name, protocol in EXTRAS.items() if isinstance(device, protocol))
