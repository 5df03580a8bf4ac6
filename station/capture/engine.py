"""The biometric engine as the flow needs it: judges, codecs and the matcher as exchangeable parts.

A site may put its own scorer or matcher into any place; the built-in ones are always there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from station.biometrics.verdict import Verdict
from station.devices import Eye, PenPoint, Pixels


@dataclass(frozen=True, slots=True)
class Encoded:
    """An encoded image: bytes with what is needed to describe them."""

    data: bytes
    media_type: str
    width: int
    height: int
    ppi: int


@dataclass(frozen=True, slots=True)
class JudgedPhoto:
    """The verdict on a still and the cropped portrait in the geometry of the card."""

    verdict: Verdict
    portrait: Encoded


class LivePhotoJudge(Protocol):
    """Judges preview frames fast; keeps its own track of the face between frames."""

    def judge(self, frame: Pixels) -> Verdict:
        """Return the verdict on one full-resolution BGR frame."""
        ...


class FingerTemplate(Protocol):
    """Opaque to the flow: what the matcher compares."""


class EyeTemplate(Protocol):
    """Opaque to the flow: what two eyes are compared by."""


@dataclass(frozen=True, slots=True)
class FingerMatch:
    """The outcome of a 1:1 comparison."""

    score: float
    same: bool  # score at or above the decision threshold


@dataclass(frozen=True, slots=True)
class Engine:
    """All judgement the flow asks for; every member is a pure function and may be slow (worker thread)."""

    live_photo: Callable[[str], LivePhotoJudge]  # backdrop name -> judge
    photo: Callable[[Pixels, str], JudgedPhoto]  # BGR still, backdrop name
    finger: Callable[[Pixels, int], Verdict]  # grey, ppi
    encode_finger: Callable[[Pixels, int], Encoded]
    decode_finger: Callable[[bytes], Pixels]
    template: Callable[[Pixels, int], FingerTemplate]
    compare: Callable[[FingerTemplate, FingerTemplate], FingerMatch]
    card_template: Callable[[bytes], FingerTemplate]  # compact-card minutiae of the chip
    iris: Callable[[Pixels, Eye], Verdict]
    encode_iris: Callable[[Pixels], Encoded]
    eye_template: Callable[[Pixels], EyeTemplate | None]  # None: no eye made out
    same_eye: Callable[[EyeTemplate, EyeTemplate], bool]
    eye_side: Callable[[EyeTemplate], Eye | None]  # which eye it looks like; None: not sure
    decode_iris: Callable[[bytes], Pixels]
    signature: Callable[[Sequence[PenPoint], int], Verdict]
    draw_signature: Callable[[Sequence[PenPoint]], Encoded]
    encode_points: Callable[[Sequence[PenPoint]], bytes]
