"""The built-in engine: the flow's judgement from ``station.biometrics`` and ``station.formats``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from station.biometrics.builtin import Parts
from station.biometrics.face.judge import FaceMode, LiveJudge, judge_still
from station.biometrics.face.measure import BackdropColour
from station.biometrics.face.portrait import cut_portrait
from station.biometrics.iris import code as iris_code
from station.biometrics.iris import judge as iris_judge
from station.biometrics.iris import side as iris_side
from station.biometrics.iris.geometry import find_eye
from station.biometrics.ports import FaceLocator, Matcher
from station.biometrics.signature import judge as signature_judge
from station.biometrics.signature.points import encode_points
from station.biometrics.signature.render import render
from station.biometrics.verdict import Verdict
from station.capture.engine import (
    Encoded,
    Engine,
    EyeTemplate,
    FingerMatch,
    FingerTemplate,
    JudgedPhoto,
)
from station.devices import Eye, PenPoint, Pixels
from station.formats import compact_card, jpeg, jpeg2000, png, wsq
from station.minutiae import Template

SIGNATURE_PPI: Final = 300
PHOTO_QUALITY: Final = 92


@dataclass(frozen=True, slots=True)
class _Live:
    judge_of_face: LiveJudge

    def judge(self, frame: Pixels) -> Verdict:
        return self.judge_of_face.judge(frame).verdict


@dataclass(frozen=True, slots=True)
class _Faces:
    """Judges photos; a locator for each call, since two threads must not use one cascade at once."""

    mode: FaceMode
    locator: Callable[[], FaceLocator]

    def live_photo(self, backdrop: str) -> _Live:
        return _Live(LiveJudge(self.locator(), BackdropColour(backdrop), self.mode))

    def photo(self, still: Pixels, backdrop: str) -> JudgedPhoto:
        judged = judge_still(self.locator(), still, BackdropColour(backdrop), self.mode)
        portrait = cut_portrait(still, judged.crop)
        data = jpeg.encode(portrait, quality=PHOTO_QUALITY)
        height, width = portrait.shape[:2]
        return JudgedPhoto(judged.verdict, Encoded(data, "image/jpeg", width, height, 0))


def _encode_finger(pixels: Pixels, ppi: int) -> Encoded:
    return Encoded(wsq.encode(pixels), "image/x-wsq", pixels.shape[1], pixels.shape[0], ppi)


@dataclass(frozen=True, slots=True)
class _Matching:
    """The matcher's port as the flow sees it."""

    matcher: Matcher

    def compare(self, probe: FingerTemplate, reference: FingerTemplate) -> FingerMatch:
        if not isinstance(probe, Template) or not isinstance(reference, Template):
            message = "templates of another engine"
            raise TypeError(message)
        match = self.matcher.compare(probe, reference)
        return FingerMatch(match.score, match.same)


def _encode_iris(pixels: Pixels) -> Encoded:
    return Encoded(jpeg2000.encode(pixels), "image/jp2", pixels.shape[1], pixels.shape[0], 0)


@dataclass(frozen=True, slots=True)
class _EyeSeen:
    """What eyes are compared by: the code, and which side the picture shows where that is sure."""

    code: iris_code.IrisCode
    side: Eye | None


def _eye_template(pixels: Pixels) -> EyeTemplate | None:
    geometry = find_eye(pixels)
    if geometry is None:
        return None
    return _EyeSeen(iris_code.encode(pixels, geometry), iris_side.guess(pixels, geometry).eye)


def _seen(template: EyeTemplate) -> _EyeSeen:
    if not isinstance(template, _EyeSeen):
        message = "eye template of another engine"
        raise TypeError(message)
    return template


def _same_eye(one: EyeTemplate, other: EyeTemplate) -> bool:
    codes = _seen(one).code, _seen(other).code
    return iris_code.distance(*codes) < iris_code.SAME_EYE_BELOW


def _eye_side(template: EyeTemplate) -> Eye | None:
    return _seen(template).side


def _draw_signature(points: Sequence[PenPoint]) -> Encoded:
    picture = render(points, SIGNATURE_PPI)
    data = png.encode(picture, ppi=SIGNATURE_PPI)
    return Encoded(data, "image/png", picture.shape[1], picture.shape[0], SIGNATURE_PPI)


def _judge_iris(pixels: Pixels, eye: Eye) -> Verdict:
    return iris_judge.judge(pixels, eye).verdict


def builtin_engine(*, outdoors: bool = False, parts: Parts | None = None) -> Engine:
    """Return the engine made of these parts; without any, of those that are always there.

    Outdoors the backdrop's colour is only advice.
    """
    parts = parts or Parts()
    faces = _Faces(FaceMode.OUTDOOR if outdoors else FaceMode.STUDIO, parts.locator)
    return Engine(
        live_photo=faces.live_photo,
        photo=faces.photo,
        finger=parts.quality.judge,
        encode_finger=_encode_finger,
        decode_finger=wsq.decode,
        template=parts.minutiae.extract,
        compare=_Matching(parts.matcher).compare,
        card_template=compact_card.decode,
        iris=_judge_iris,
        encode_iris=_encode_iris,
        eye_template=_eye_template,
        same_eye=_same_eye,
        eye_side=_eye_side,
        decode_iris=jpeg2000.decode,
        signature=signature_judge.judge,
        draw_signature=_draw_signature,
        encode_points=encode_points,
    )
