"""Reading what a technician hands over: pictures, records and templates, each as samples to work on.

Files are foreign: looked at before they are read (kind, size), identified by their first bytes, pictures
decoded in a child process with little memory and time. What cannot be read is a typed error.
"""

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from station.biometrics.signature.points import decode_points
from station.devices import Eye, FingerPosition, Modality, PenPoint, Pixels
from station.errors import FormatError
from station.formats import cbeff, compact_card, images, records
from station.formats.codes import Coding
from station.formats.finger_minutiae import MinutiaeRecord
from station.formats.images import ImageKind
from station.formats.isolated import IsolatedDecoder
from station.formats.minutiae_template import position_of, to_template
from station.formats.raster import MAX_BYTES
from station.formats.signature_points import to_points
from station.formats.signature_series import SignatureSeries
from station.minutiae import Template
from ui.biometrics import template_files
from ui.biometrics.lines import InputRefused

DEFAULT_PPI: Final = 500
# Less is a screen's figure (72, 96), which many programs write.
BELIEVED_PPI: Final = range(250, 1201)


@dataclass(frozen=True, slots=True)
class Sample:
    """One thing to work on; a record with several views gives several."""

    file: str
    format: str  # "PNG", "WSQ", "19794-2:2005", ...
    view: int = 0  # number within the file, from 0
    views: int = 1
    modality: Modality | None = None  # where the format says it
    pixels: Pixels | None = field(default=None, repr=False)  # grey (h, w) or BGR (h, w, 3)
    whole: bool = True  # False: the file says more than ``pixels`` hold
    ppi: int = 0  # as the file says; 0 = it does not, or nothing believable
    template: Template | None = field(default=None, repr=False)
    points: tuple[PenPoint, ...] = field(default=(), repr=False)
    position: FingerPosition | None = None
    eye: Eye | None = None
    encoded: bytes = field(default=b"", repr=False)  # the picture as the file carries it
    coding: Coding | None = None  # of ``encoded``; None where no record could carry it

    @property
    def grey(self) -> Pixels:
        """The picture in grey; InputRefused when there is none."""
        pixels = self.picture
        if pixels.ndim == 2:
            return pixels
        import cv2

        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)

    @property
    def colour(self) -> Pixels:
        """The picture as BGR; InputRefused when there is none."""
        pixels = self.picture
        return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)

    @property
    def picture(self) -> Pixels:
        """The picture as it is; InputRefused when there is none."""
        if self.pixels is None:
            raise InputRefused(reason="NO_PICTURE", message=f"{self.format} tidak memuat gambar")
        return self.pixels


def load(path: Path) -> tuple[Sample, ...]:
    """Return the samples of one file; OSError, InputRefused or FormatError."""
    data = read_bytes(path)
    name = str(path)
    # A suffix only where the format has no first bytes of its own.
    read = _BY_SUFFIX.get(path.suffix.lower())
    for fits, reader in _READERS if read is None else ():
        if fits(data):
            read = reader
            break
    if read is not None:
        samples = _numbered([replace(each, file=name) for each in read(data)])
        if not samples:  # a transaction of text alone: a file never ends without a line
            raise InputRefused(reason="NO_SAMPLE", message="rekaman tidak memuat sampel")
        return tuple(samples)
    raise InputRefused(reason="UNKNOWN_FORMAT", message="bukan gambar atau rekaman yang dikenal")


def read_bytes(path: Path) -> bytes:
    """Return a regular file's bytes; a folder, pipe or device is never opened, a huge file never read."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise InputRefused(reason="NOT_A_FILE", message="bukan berkas biasa")
    if found.st_size > MAX_BYTES:
        raise InputRefused(reason="TOO_LARGE", message="berkas terlalu besar", bytes=found.st_size)
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if not data:
        raise InputRefused(reason="EMPTY", message="berkas kosong")
    if len(data) > MAX_BYTES:  # it grew meanwhile
        raise InputRefused(reason="TOO_LARGE", message="berkas terlalu besar")
    return data


def believed(ppi: float) -> int:
    """Return a file's resolution when a scanner may have written it, else 0."""
    return round(ppi) if round(ppi) in BELIEVED_PPI else 0


def _numbered(samples: list[Sample]) -> list[Sample]:
    return [replace(each, view=n, views=len(samples)) for n, each in enumerate(samples)]


@cache
def decoder() -> IsolatedDecoder:
    """Return this process's decoder of foreign pictures: a child, started when first needed."""
    return IsolatedDecoder()


_Reader = Callable[[bytes], list[Sample]]
_CODINGS: Final[Mapping[ImageKind, Coding]] = {
    ImageKind.PNG: Coding.PNG,
    ImageKind.JPEG: Coding.JPEG,
    ImageKind.JPEG2000: Coding.JP2,
    ImageKind.WSQ: Coding.WSQ,
}


def _picture(data: bytes) -> list[Sample]:
    kind = images.identify(data)
    picture = decoder().decode(data)
    return [
        Sample(
            "",
            kind.value,
            modality=Modality.FINGER if kind is ImageKind.WSQ else None,
            pixels=picture.pixels,
            whole=picture.whole,
            ppi=believed(picture.ppi),
            encoded=data,
            coding=_CODINGS.get(kind),
        )
    ]


def _record(data: bytes) -> list[Sample]:
    kind = records.identify(data)
    record = records.read(data)
    label = f"{kind.title} {kind.edition}"
    if isinstance(record, MinutiaeRecord):
        return [
            Sample(
                "",
                label,
                modality=Modality.FINGER,
                template=to_template(view),
                position=position_of(view),
            )
            for view in record.views
        ]
    if isinstance(record, cbeff.Group):
        return [
            replace(each, format=f"{label}, {each.format}")
            for bit in record.bits
            for each in _held_in(bit)
        ]
    if isinstance(record, SignatureSeries):
        return [Sample("", label, modality=Modality.SIGNATURE, points=to_points(record))]
    return [_held(held, label) for held in records.pictures(record)]


def _held(held: records.HeldPicture, label: str) -> Sample:
    picture = records.pixels(held, decoder().decode)
    return Sample(
        "",
        label,
        modality=held.modality,
        pixels=picture.pixels,
        whole=picture.whole,
        ppi=held.ppi,
        position=_position(held.code) if held.modality is Modality.FINGER else None,
        eye=_eye(held.code) if held.modality is Modality.IRIS else None,
        encoded=held.data,
        coding=held.coding,
    )


def _held_in(bit: cbeff.Bit) -> list[Sample]:
    """Return the samples of one template of a CBEFF group: a record, or minutiae of a card."""
    if bit.format == cbeff.FORMATS["compact card"]:
        template = compact_card.decode(bit.data)
        return [Sample("", "compact card", modality=Modality.FINGER, template=template)]
    if isinstance(records.read(bit.data), cbeff.Group):  # a group in a group is no sample
        raise FormatError(format=cbeff.NAME, reason="group within a group", offset=0)
    return _record(bit.data)


def _position(code: int) -> FingerPosition | None:
    return FingerPosition(code) if 1 <= code <= 10 else None


def _eye(code: int) -> Eye | None:
    return Eye(code) if code in {1, 2} else None


def _json(data: bytes) -> list[Sample]:
    if b"rekam-signature" in data[:200]:
        points = decode_points(data)
        return [Sample("", "rekam-signature-1", modality=Modality.SIGNATURE, points=points)]
    template = template_files.from_json(data)
    return [Sample("", template_files.FORM, modality=Modality.FINGER, template=template)]


def _template(label: str, decode: Callable[[bytes], Template]) -> _Reader:
    def read(data: bytes) -> list[Sample]:
        return [Sample("", label, modality=Modality.FINGER, template=decode(data))]

    return read


def _known(identify: Callable[[bytes], object]) -> Callable[[bytes], bool]:
    def fits(data: bytes) -> bool:
        try:
            identify(data)
        except FormatError:
            return False
        return True

    return fits


_READERS: Final[tuple[tuple[Callable[[bytes], bool], _Reader], ...]] = (
    (_known(images.identify), _picture),
    (_known(records.identify), _record),
    (lambda data: data.lstrip()[:1] == b"{", _json),
)
_BY_SUFFIX: Final[Mapping[str, _Reader]] = {
    ".fmc": _template("19794-2 compact card", compact_card.decode),
    ".xyt": _template("xyt", template_files.from_xyt),
}
