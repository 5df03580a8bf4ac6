"""A draft in memory and an engine that reads its verdicts from the picture itself, for flow tests."""

import datetime as dt
import hashlib
from dataclasses import replace

import numpy as np

from station.biometrics.verdict import Measure, Verdict
from station.capture import events as ev
from station.capture.engine import Encoded, Engine, FingerMatch, JudgedPhoto
from station.capture.plan import CapturePlan
from station.capture.session import EnrolmentSession
from station.capture.slots import FINGER_ORDER, SLOT_OF_EYE, Slot
from station.clock import FixedClock
from station.devices import (
    DeviceInfo,
    Eye,
    Frame,
    Grade,
    ImageCapture,
    PenPoint,
    SignatureCapture,
)

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
DEVICE = DeviceInfo("finger.sfm", "Rekam", "EMU", "S1", "1.0", "pty", Grade.EMULATED)


class MemoryDraft:
    """A draft whose journal goes through JSON like the real one."""

    def __init__(self, draft_id: str = "e1") -> None:
        self.id = draft_id
        self.rows: list[bytes] = []
        self.blobs: dict[str, bytes] = {}

    def events(self):
        return [ev.from_json(row) for row in self.rows]

    def append(self, event):
        self.rows.append(ev.to_json(event))

    def keep(self, data):
        digest = hashlib.sha256(data).hexdigest()
        self.blobs[digest] = data
        return digest

    def read(self, sha256):
        return self.blobs[sha256]

    def shred(self):
        self.blobs.clear()


def picture(score: int, identity: int = 0, *, nonce: int = 0) -> np.ndarray:
    """A 4x4 picture that says how good it is and whose it is."""
    pixels = np.zeros((4, 4), np.uint8)
    pixels[0, 0], pixels[0, 1], pixels[0, 2] = score, identity, nonce
    return pixels


def _verdict(pixels: np.ndarray) -> Verdict:
    score = int(np.asarray(pixels).reshape(-1)[0])
    return Verdict("test", "1", score, (Measure("gate", score, "", low=10),), ())


def _encoded(pixels: np.ndarray) -> Encoded:
    return Encoded(np.asarray(pixels).tobytes(), "image/x-test", 4, 4, 500)


def _decoded(data: bytes) -> np.ndarray:
    return np.frombuffer(data, np.uint8).reshape(4, 4)


def _compare(a, b) -> FingerMatch:
    same = int(a[0, 1]) == int(b[0, 1])
    return FingerMatch(100.0 if same else 1.0, same)


PLAIN_ENGINE = Engine(
    live_photo=lambda backdrop: None,
    photo=lambda pixels, backdrop: JudgedPhoto(_verdict(pixels), _encoded(pixels)),
    finger=lambda pixels, ppi: _verdict(pixels),
    encode_finger=lambda pixels, ppi: _encoded(pixels),
    decode_finger=_decoded,
    template=lambda pixels, ppi: pixels,
    compare=_compare,
    card_template=_decoded,
    iris=lambda pixels, eye: _verdict(pixels),
    encode_iris=_encoded,
    eye_template=lambda pixels: pixels,
    same_eye=lambda a, b: int(a[0, 1]) == int(b[0, 1]),
    eye_side=lambda eye: Eye(int(eye[0, 3])) if eye[0, 3] else None,
    decode_iris=_decoded,
    signature=lambda points, dropped: _verdict(picture(90)),
    draw_signature=lambda points: _encoded(picture(90, nonce=len(points))),
    encode_points=lambda points: repr(points).encode(),
)


def started(**changes) -> ev.Started:
    event = ev.Started("e1", "{}", 1, "", None, "red", "rina", "07", NOW)
    return replace(event, **changes)


def a_session(plan: CapturePlan | None = None, draft: MemoryDraft | None = None):
    draft = draft or MemoryDraft()
    if not draft.rows:
        draft.append(started())
    return EnrolmentSession(draft, plan or CapturePlan(), PLAIN_ENGINE, FixedClock(NOW), "rina")


def finger(score: int, identity: int, nonce: int = 0) -> ImageCapture:
    return ImageCapture(picture(score, identity, nonce=nonce), 500, 8, 1, NOW, DEVICE)


def eye(which: Eye, score: int = 80, identity: int | None = None) -> ImageCapture:
    pixels = picture(score, which.value if identity is None else identity)
    return ImageCapture(pixels, 0, 8, 1, NOW, DEVICE, eye=which)


def frame(score: int = 90, nonce: int = 0) -> Frame:
    return Frame(nonce, picture(score, nonce=nonce), 0.0)


def signature() -> SignatureCapture:
    return SignatureCapture((PenPoint(0, 0, 0, 0.5, True),), 0, NOW, DEVICE)


def to_fingers(session: EnrolmentSession) -> EnrolmentSession:
    """Walk a session to the fingers page."""
    session.confirm_data()
    session.record_photo(frame(), DEVICE)
    session.approve_photo()
    session.record_signature(signature())
    return session


def fill(session: EnrolmentSession, skip: tuple[Slot, ...] = ()) -> EnrolmentSession:
    """Capture everything that is still open, re-checks included."""
    if not session.state.data_confirmed:
        to_fingers(session)
    for number, slot in enumerate(FINGER_ORDER):
        if slot not in skip and not session.state.settled(slot, session.plan):
            session.record_finger(slot, finger(80, 10 + number))
    for slot in session.state.chip_fingers(session.plan):
        if not session.state.recheck_settled(slot):
            session.recheck(slot, finger(70, 10 + FINGER_ORDER.index(slot)))
    for which in Eye:
        if SLOT_OF_EYE[which] not in skip and not session.state.settled(
            SLOT_OF_EYE[which], session.plan
        ):
            session.record_iris(eye(which))
    return session
