"""Pictures into ISO/IEC 19794-4, -5 and -6 records, of either edition, as one image of one person."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from station.devices import Eye, FingerPosition, Pixels
from station.formats import jpeg, jpeg2000, png, records, wsq
from station.formats.capture_head import STATION_QUALITY, CaptureHead, Quality, legacy_head
from station.formats.codes import CODINGS, Coding
from station.formats.face_image import FaceImage, FaceImageRecord
from station.formats.finger_image import FingerImage, FingerImageRecord
from station.formats.iris_record import IrisImage, IrisRecord
from ui.biometrics.lines import InputRefused

NOT_REPORTED: Final = 254
_JP2: Final = frozenset({Coding.JP2, Coding.JP2_LOSSY, Coding.JP2_LOSSLESS})

Encoded = tuple[Coding, bytes]
Encode = Callable[[Pixels, int, int], bytes]  # pixels, JPEG quality, ppi

ENCODERS: Final[Mapping[str, tuple[tuple[Coding, ...], Encode]]] = {
    "raw": ((Coding.RAW,), lambda pixels, _quality, _ppi: pixels.tobytes()),
    "wsq": ((Coding.WSQ,), lambda pixels, _quality, ppi: wsq.encode(pixels, ppi)),
    "jpeg": ((Coding.JPEG,), lambda pixels, quality, _ppi: jpeg.encode(pixels, quality=quality)),
    "jp2": (
        (Coding.JP2_LOSSLESS, Coding.JP2),
        lambda pixels, _quality, _ppi: jpeg2000.encode(pixels),
    ),
    "png": ((Coding.PNG,), lambda pixels, _quality, _ppi: png.encode(pixels)),
}
LOSSLESS: Final = frozenset({"raw", "jp2", "png"})


def coded(
    part: int,
    edition: int,
    name: str,
    pixels: Pixels,
    quality: int,
    kept: Encoded | None,
    ppi: int = 500,
) -> tuple[Encoded, bool]:
    """Return the picture in a coding that the edition has, and whether nothing is lost.

    A picture that already has this coding is taken over byte by byte (``kept``). InputRefused when the edition
    has no number for it.
    """
    known = CODINGS[part, edition].values()
    codings, encode = ENCODERS[name]
    coding = next((each for each in codings if each in known), None)
    if coding is None:
        message = f"19794-{part}:{edition} tidak mengenal {name}"
        raise InputRefused(reason="CODING", message=message)
    if kept is not None and (kept[0] is coding or (kept[0] in _JP2 and name == "jp2")):
        same = kept[0] if kept[0] in known else _lossy(coding, known)
        return (same, kept[1]), True
    return (coding, encode(pixels, quality, ppi)), name in LOSSLESS


def _lossy(coding: Coding, known: object) -> Coding:
    """Return the coding that promises nothing: whether a foreign JPEG 2000 lost something is not known."""
    return Coding.JP2_LOSSY if Coding.JP2_LOSSY in set(known) else coding  # type: ignore[call-overload]


def finger_record(
    encoded: Encoded,
    pixels: Pixels,
    edition: int,
    *,
    ppi: int,
    position: FingerPosition | None,
    score: int,
) -> bytes:
    """Return a 19794-4 record of one finger."""
    height, width = pixels.shape[:2]
    image = FingerImage(
        position.value if position else 0, encoded[0], width, height, encoded[1],
        head=_head(score, edition), scan_x=ppi, scan_y=ppi, image_x=ppi, image_y=ppi,
    )  # fmt: skip
    return records.write(FingerImageRecord(edition, (image,)))


def face_record(encoded: Encoded, pixels: Pixels, edition: int, *, score: int) -> bytes:
    """Return a 19794-5 record of one portrait."""
    height, width = pixels.shape[:2]
    image = FaceImage(encoded[0], width, height, encoded[1])
    if edition == 2011:  # 2005 has no place for a score
        image = replace(image, head=_head(score, edition))
    return records.write(FaceImageRecord(edition, (image,)))


def iris_record(
    encoded: Encoded, pixels: Pixels, edition: int, *, eye: Eye | None, score: int
) -> bytes:
    """Return a 19794-6 record of one eye."""
    height, width = pixels.shape[:2]
    number = eye.value if eye else 0
    image = IrisImage(number, encoded[0], width, height, encoded[1], head=_head(score, edition))
    return records.write(IrisRecord(edition, (image,), eyes=number if edition == 2011 else 0))


def _head(score: int, edition: int) -> CaptureHead:
    if edition == 2005:
        return legacy_head(score)
    return CaptureHead(qualities=(Quality(score, *STATION_QUALITY),))
