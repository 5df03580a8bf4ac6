"""The front door of the room: which record is this, read it strictly, write it, give its pictures.

Every reader behind it refuses what it does not know with FormatError; nothing here guesses.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final

import numpy as np

from station.devices import Modality
from station.errors import FormatError
from station.formats import (
    cbeff,
    face_image,
    finger_image,
    finger_minutiae,
    iris_record,
    nist_itl,
    signature_series,
)
from station.formats.codes import Coding
from station.formats.raster import Picture, check_size

Record = (
    finger_minutiae.MinutiaeRecord
    | finger_image.FingerImageRecord
    | face_image.FaceImageRecord
    | iris_record.IrisRecord
    | signature_series.SignatureSeries
    | nist_itl.Transaction
    | cbeff.Group
)


class RecordKind(Enum):
    """A record format and its edition, with the bytes it begins with."""

    FINGER_MINUTIAE_2005 = ("19794-2 finger minutiae", 2005, finger_minutiae.MAGIC[2005])
    FINGER_MINUTIAE_2011 = ("19794-2 finger minutiae", 2011, finger_minutiae.MAGIC[2011])
    FINGER_IMAGE_2005 = ("19794-4 finger image", 2005, finger_image.MAGIC[2005])
    FINGER_IMAGE_2011 = ("19794-4 finger image", 2011, finger_image.MAGIC[2011])
    FACE_IMAGE_2005 = ("19794-5 face image", 2005, face_image.MAGIC[2005])
    FACE_IMAGE_2011 = ("19794-5 face image", 2011, face_image.MAGIC[2011])
    IRIS_IMAGE_2005 = ("19794-6 iris image", 2005, iris_record.MAGIC[2005])
    IRIS_IMAGE_2011 = ("19794-6 iris image", 2011, iris_record.MAGIC[2011])
    SIGNATURE = (signature_series.NAME, 2007, signature_series.MAGIC)
    CBEFF = (cbeff.NAME, 2004, cbeff.MAGIC)  # data objects of ISO/IEC 7816-11
    NIST_ITL = (nist_itl.NAME, 2011, nist_itl.MAGIC)
    IRIS_IMAGE_IREX_2008 = ("IREX iris image", 2008, iris_record.IREX_2008)  # told, not read

    @property
    def title(self) -> str:
        """Part and subject."""
        return self.value[0]

    @property
    def edition(self) -> int:
        """Year of the edition."""
        return self.value[1]

    @property
    def magic(self) -> bytes:
        """First bytes."""
        return self.value[2]


_DECODERS: Final[Mapping[str, Callable[[bytes], Record]]] = {
    finger_minutiae.NAME: finger_minutiae.decode,
    finger_image.NAME: finger_image.decode,
    face_image.NAME: face_image.decode,
    iris_record.NAME: iris_record.decode,
    "IREX iris image": iris_record.decode,
    signature_series.NAME: signature_series.decode,
    cbeff.NAME: cbeff.decode,
    nist_itl.NAME: nist_itl.decode,
}
_ENCODERS: Final[Mapping[type, Callable[[Any], bytes]]] = {
    finger_minutiae.MinutiaeRecord: finger_minutiae.encode,
    finger_image.FingerImageRecord: finger_image.encode,
    face_image.FaceImageRecord: face_image.encode,
    iris_record.IrisRecord: iris_record.encode,
    signature_series.SignatureSeries: signature_series.encode,
    cbeff.Group: cbeff.encode,
    nist_itl.Transaction: nist_itl.encode,
}


def identify(data: bytes) -> RecordKind:
    """Return the kind and edition by the first bytes; FormatError when it is no known record."""
    for kind in RecordKind:
        if data.startswith(kind.magic):
            return kind
    raise FormatError(format="record", reason="no known record format", offset=0)


def read(data: bytes) -> Record:
    """Return the record, strictly read; FormatError with the offset of the first fault."""
    return _DECODERS[identify(data).title](data)


def write(record: Record) -> bytes:
    """Return the record's bytes in its own edition; FormatError for what that edition cannot hold."""
    return _ENCODERS[type(record)](record)


@dataclass(frozen=True, slots=True)
class HeldPicture:
    """One image of a record, still encoded as the record carries it."""

    modality: Modality
    code: int  # finger position, or eye; 0 unknown
    coding: Coding
    width: int
    height: int
    depth: int
    ppi: int  # 0 where it has no meaning
    data: bytes = field(repr=False)

    @property
    def label(self) -> str:
        """Which one it is, for a message."""
        return f"{self.modality} {self.code}"


def pictures(record: Record) -> Iterator[HeldPicture]:
    """Yield the images of an image record in their order; nothing for minutiae and signatures.

    A transaction gives those of types 10, 14, 17, a CBEFF group those of its records. FormatError.
    """
    if isinstance(record, finger_image.FingerImageRecord):
        for finger in record.images:
            yield _held(Modality.FINGER, finger.position, finger, finger.depth, finger.ppi)
    elif isinstance(record, face_image.FaceImageRecord):
        for face in record.images:
            yield _held(Modality.FACE, 0, face, 8, 0)
    elif isinstance(record, iris_record.IrisRecord):
        for eye in record.images:
            yield _held(Modality.IRIS, eye.eye, eye, eye.depth, 0)
    elif isinstance(record, nist_itl.Transaction):
        yield from filter(None, map(_of_transaction, record.records))
    elif isinstance(record, cbeff.Group):
        for bit in record.bits:
            if bit.format in cbeff.RECORDS:
                yield from pictures(read(bit.data))


def pixels(held: HeldPicture, decode: Callable[[bytes], Picture]) -> Picture:
    """Return the decoded image, checked against the size the record states; FormatError.

    ``decode`` is ``images.decode`` for bytes of our own, else the ``decode`` of an IsolatedDecoder.
    """
    check_size(held.width, held.height, held.label, 0)
    if held.coding in {Coding.RAW, Coding.PACKED}:
        if held.depth != 8 or len(held.data) != held.width * held.height:
            raise FormatError(format=held.label, reason="depth", offset=0, depth=held.depth)
        grey = np.frombuffer(held.data, np.uint8).reshape(held.height, held.width)
        return Picture(grey.copy(), held.ppi)
    picture = decode(held.data)
    if picture.pixels.shape[:2] != (held.height, held.width):
        height, width = picture.pixels.shape[:2]
        raise FormatError(
            format=held.label, reason="size differs from the record's", offset=0, width=width, height=height
        )  # fmt: skip
    return replace(picture, ppi=held.ppi or picture.ppi)


def _of_transaction(record: nist_itl.ItlRecord) -> HeldPicture | None:
    if record.type not in _ITL_SUBJECTS:
        return None
    modality, tag = _ITL_SUBJECTS[record.type]
    coding = _ITL_CODINGS.get(record.get(11))
    sides = [record.get(side) for side in (6, 7, 9)]
    if coding is None or not all(side.isascii() and side.isdigit() for side in sides):
        raise FormatError(format=nist_itl.NAME, reason="image fields", offset=0, type=record.type)
    width, height, pitch = (int(side) for side in sides)
    unit = {"1": 1.0, "2": 2.54}.get(record.get(8), 0.0)  # per inch, per centimetre, none
    return HeldPicture(
        modality, _code(record.get(tag)), coding, width, height, 8, round(pitch * unit), record.data
    )


def _code(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0


# type -> what it shows, and the field that says which finger or eye
_ITL_SUBJECTS: Final[Mapping[int, tuple[Modality, int]]] = {
    10: (Modality.FACE, 999),
    14: (Modality.FINGER, 13),
    17: (Modality.IRIS, 3),
}
_ITL_CODINGS: Final[Mapping[str, Coding]] = {
    "NONE": Coding.RAW,
    "WSQ20": Coding.WSQ,
    "JPEGB": Coding.JPEG,
    "JP2": Coding.JP2,
    "JP2L": Coding.JP2_LOSSLESS,
    "PNG": Coding.PNG,
}


def _held(modality: Modality, code: int, image: Any, depth: int, ppi: int) -> HeldPicture:  # noqa: ANN401 - three dataclasses alike
    return HeldPicture(
        modality, code, image.coding, image.width, image.height, depth, ppi, image.data
    )
