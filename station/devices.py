"""The ports of the hardware: plain data and protocols; drivers implement them, the flow uses them.

Every call blocks its worker thread, takes a deadline and a cancel token, and ends with a result, with
OperatorCancelled, or with a DeviceError. A finger that should press harder is *guidance* (sent to the
sink), never an error.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from station.clock import CancelToken, Deadline
from station.guidance import Guidance

Pixels = NDArray[np.uint8]


class Modality(StrEnum):
    """What a device senses."""

    FACE = "face"
    FINGER = "finger"
    IRIS = "iris"
    SIGNATURE = "signature"
    CARD = "card"


class Grade(StrEnum):
    """What a device's samples may be used for."""

    ENROLMENT = "enrolment"
    VERIFICATION = "verification"
    EMULATED = "emulated"


# In what our emulators tell of themselves (model, firmware or serial number). A real device that happened to
# tell it would lose its grade, never gain one.
EMULATOR_MARK: Final = "EMU"


class FingerPosition(Enum):
    """ISO/IEC 19794-2 finger position codes 1..10."""

    RIGHT_THUMB = 1
    RIGHT_INDEX = 2
    RIGHT_MIDDLE = 3
    RIGHT_RING = 4
    RIGHT_LITTLE = 5
    LEFT_THUMB = 6
    LEFT_INDEX = 7
    LEFT_MIDDLE = 8
    LEFT_RING = 9
    LEFT_LITTLE = 10


class Eye(Enum):
    """ISO/IEC 19794-6 eye codes: the applicant's own right and left."""

    RIGHT = 1
    LEFT = 2


class Slap(Enum):
    """Several fingers pressed at once; ANSI/NIST-ITL position codes of plain impressions."""

    RIGHT_FOUR = 13
    LEFT_FOUR = 14
    THUMBS = 15

    @property
    def fingers(self) -> tuple[FingerPosition, ...]:
        """The fingers of a whole hand, from the thumb's side outwards; right thumb first."""
        return _SLAP_FINGERS[self]


_SLAP_FINGERS: Final[Mapping[Slap, tuple[FingerPosition, ...]]] = {
    Slap.RIGHT_FOUR: tuple(FingerPosition(code) for code in (2, 3, 4, 5)),
    Slap.LEFT_FOUR: tuple(FingerPosition(code) for code in (7, 8, 9, 10)),
    Slap.THUMBS: (FingerPosition.RIGHT_THUMB, FingerPosition.LEFT_THUMB),
}


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """Who made a sample; stored with it."""

    driver: str  # "finger.sfm", "camera.cv", "sbi", ...
    make: str
    model: str
    serial: str
    firmware: str
    transport: str  # "/dev/ttyUSB0", "http://127.0.0.1:4501", ...
    grade: Grade

    @property
    def emulated(self) -> bool:
        """Whether the device is one of our emulators."""
        return self.grade is Grade.EMULATED


class HealthState(StrEnum):
    """What the health strip shows."""

    READY = "ready"
    ATTENTION = "attention"  # works, or will work soon
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Health:
    """One device's condition; ``code`` is an error code of ``station.errors`` or ''."""

    state: HealthState
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a stream. Pixels are read-only: (h, w, 3) BGR or (h, w) grey, uint8.

    Of a preview, ``whole`` gives the pixels of the same moment at full size, or None when they turn out to be
    damaged; it costs a decoding, so it is called only for a frame that is judged or kept.
    """

    id: int
    pixels: Pixels = field(repr=False)
    t_mono: float
    whole: Callable[[], Pixels | None] | None = field(default=None, repr=False, compare=False)

    def full(self) -> "Frame | None":
        """Return this frame at full size: itself when it is; None when it is damaged."""
        if self.whole is None:
            return self
        pixels = self.whole()
        return None if pixels is None else Frame(self.id, pixels, self.t_mono)


@dataclass(frozen=True, slots=True)
class Progress:
    """Bytes of a slow transfer."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class PenPoint:
    """One pen event: microseconds since the first point, micrometres on the pad, pressure 0..1."""

    t_us: int
    x_um: int
    y_um: int
    pressure: float
    down: bool


@dataclass(frozen=True, slots=True)
class SubjectPresent:
    """The device feels a finger, sees an eye, or the pen is near."""

    present: bool


class DeviceState(StrEnum):
    """Where a device is in its life; the last two are left only by close and open."""

    CLOSED = "closed"
    OPENING = "opening"
    READY = "ready"
    ARMED = "armed"  # a capture has begun, the device is being told
    WAIT_SUBJECT = "wait-subject"
    ACQUIRING = "acquiring"
    TRANSFER = "transfer"
    REMOVED = "removed"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The device's state during a call; the first is ARMED, the last READY, REMOVED or FAULT."""

    state: DeviceState


@dataclass(frozen=True, slots=True)
class Quality:
    """The device's own judgement of one frame, 0..100 in its own scale."""

    score: int
    frame_id: int


DeviceEvent = Frame | Progress | Guidance | SubjectPresent | PenPoint | StateChanged | Quality
Sink = Callable[[DeviceEvent], None]


@dataclass(frozen=True, slots=True)
class ImageCapture:
    """One image as the device gave it, before any judgement. Pixels grey (h, w) or BGR (h, w, 3)."""

    pixels: Pixels = field(repr=False)
    ppi: int  # 0 where it has no meaning (face, iris)
    depth: int  # grey levels the sensor really has, in bits: 4 or 8
    frame_id: int
    captured_at: dt.datetime  # UTC
    device: DeviceInfo
    eye: Eye | None = None
    position: FingerPosition | None = None  # where the device knows it: slap scanners
    evidence: bytes = field(default=b"", repr=False)  # the device's own signed statement (SBI JWS)


@dataclass(frozen=True, slots=True)
class SignatureCapture:
    """Raw pen points: the evidence of a signature."""

    points: tuple[PenPoint, ...] = field(repr=False)
    dropped: int  # points that failed the plausibility check
    captured_at: dt.datetime
    device: DeviceInfo


class Device(Protocol):
    """What every device offers. One object owns one sensor; a second owner gets DeviceBusy."""

    @property
    def info(self) -> DeviceInfo:
        """Who this is; complete after open."""
        ...

    def open(self, deadline: Deadline) -> None:
        """Connect and identify; raises DeviceError."""
        ...

    def close(self) -> None:
        """Release everything; idempotent, never raises, at most one second."""
        ...

    def self_test(self, deadline: Deadline) -> Health:
        """Talk to the device once and say how it is; never raises DeviceError."""
        ...


class Camera(Device, Protocol):
    """A photo camera: newest frame wins."""

    def frames(self, cancel: CancelToken) -> Iterator[Frame]:
        """Yield BGR frames until cancelled; skips frames rather than queueing; raises DeviceError."""
        ...


class FingerScanner(Device, Protocol):
    """A single-finger scanner."""

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> ImageCapture:
        """Wait for a finger and return one grey image, ridges dark on light; NoSubject at the deadline."""
        ...


class SlapScanner(Device, Protocol):
    """A scanner for four fingers or two thumbs at once."""

    def capture_slap(
        self,
        slap: Slap,
        missing: Collection[FingerPosition],
        sink: Sink,
        cancel: CancelToken,
        deadline: Deadline,
    ) -> tuple[ImageCapture, ...]:
        """Return one grey image per finger that is not missing, each with its ``position``; NoSubject."""
        ...


class FaceScanner(Device, Protocol):
    """A face camera that judges and signs its own picture, behind a device service."""

    def capture_face(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> ImageCapture:
        """Stream preview frames to the sink and return one BGR image; NoSubject at the deadline."""
        ...


class IrisScanner(Device, Protocol):
    """A scanner for one or both eyes."""

    def capture(
        self, eyes: Sequence[Eye], sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> tuple[ImageCapture, ...]:
        """Stream preview frames to the sink, return one grey image per asked eye, labelled."""
        ...


class SignaturePad(Device, Protocol):
    """A pad that gives pen points."""

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> SignatureCapture:
        """Send each PenPoint to the sink; end 1.5 s after the pen left; NoSubject at the deadline."""
        ...


class CardTransport(Protocol):
    """An exclusive connection to one card."""

    @property
    def reader(self) -> str:
        """Name of the reader."""
        ...

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        ...

    def exchange(self, command: bytes) -> tuple[bytes, int]:
        """Send one command APDU, return (data, status word); any failure is CardOutcomeUnknown."""
        ...

    def close(self) -> None:
        """Release the card; idempotent, never raises."""
        ...


class CardReader(Device, Protocol):
    """A PC/SC reader (or the emulated card in process)."""

    @property
    def path_kind(self) -> str:
        """How the card is reached: 'pcsc' or 'in-process'; shown to the operator."""
        ...

    def card_present(self) -> bool:
        """Whether a card lies on the reader now; NoReader when there is none."""
        ...

    def wait_card(self, cancel: CancelToken, deadline: Deadline, *, present: bool = True) -> None:
        """Block until a card is there (or gone); NoCard at the deadline."""
        ...

    def connect(self) -> CardTransport:
        """Connect exclusively to the card on the reader; NoCard, CardError."""
        ...
