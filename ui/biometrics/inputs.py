"""Reading what a technician hands over: pictures, records and templates, each as samples to work on.

Files are foreign: looked at before they are read (kind, size), identified by their first bytes, decoded
under the caps of ``station.formats``. What cannot be read is a typed error.
"""

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from station.biometrics.signature.points import decode_points
from station.devices import Eye, FingerPosition, Modality, PenPoint, Pixels
from station.errors import FormatError
from station.formats import (
    compact_card,
    finger_minutiae,
    iris_image,
    jpeg,
    jpeg2000,
    pillow,
    png,
    wsq,
)
from station.formats.minutiae_template import position_of, to_template
from station.formats.raster import MAX_BYTES
from station.minutiae import Template
from ui.biometrics import template_files
from ui.biometrics.lines import InputRefused
from ui.biometrics.resolution import of_picture

DEFAULT_PPI: Final = 500
BELIEVED_PPI: Final = range(
    250, 1201
)  # less is a screen's figure (72, 96), which many programs write


@dataclass(frozen=True, slots=True)
class Sample:
    """One thing to work on; a record with several views gives several."""

    file: str
    format: str  # "PNG", "WSQ", "19794-2:2005", ...
    view: int = 0  # number within the file, from 0
    views: int = 1
    modality: Modality | None = None  # where the format says it
    pixels: Pixels | None = field(default=None, repr=False)  # grey (h, w) or BGR (h, w, 3)
    ppi: int = 0  # as the file says; 0 = it does not, or nothing believable
    template: Template | None = field(default=None, repr=False)
    points: tuple[PenPoint, ...] = field(default=(), repr=False)
    position: FingerPosition | None = None
    eye: Eye | None = None

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
    for label, fits, read in _READERS:
        if fits(data):
            return tuple(_numbered([replace(each, file=name) for each in read(data, label)]))
    by_suffix = _BY_SUFFIX.get(path.suffix.lower())
    if by_suffix is not None:
        label, read = by_suffix
        return tuple(replace(each, file=name) for each in read(data, label))
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


_Reader = Callable[[bytes, str], list[Sample]]


def _picture(decode: Callable[[bytes], Pixels], pillow_name: str) -> _Reader:
    def read(data: bytes, label: str) -> list[Sample]:
        pixels = decode(data)
        ppi = believed(of_picture(data, pillow_name))
        finger = Modality.FINGER if pillow_name == "WSQ" else None
        return [Sample("", label, modality=finger, pixels=pixels, ppi=ppi)]

    return read


def _by_pillow(pillow_name: str) -> _Reader:
    return _picture(lambda data: pillow.decode(data, pillow_name), pillow_name)


def _minutiae(data: bytes, label: str) -> list[Sample]:
    return [
        Sample(
            "",
            label,
            modality=Modality.FINGER,
            template=to_template(view),
            position=position_of(view),
        )
        for view in finger_minutiae.decode(data).views
    ]


def _iris(data: bytes, label: str) -> list[Sample]:
    record = iris_image.decode(data)
    decode = _IRIS_PICTURES.get(record.media_type)
    if decode is None:
        raise FormatError(format=label, reason="image type", type=record.media_type)
    pixels = decode(record.data)
    return [Sample("", label, modality=Modality.IRIS, pixels=pixels, eye=record.eye)]


def _json(data: bytes, _label: str) -> list[Sample]:
    if b"rekam-signature" in data[:200]:
        points = decode_points(data)
        return [Sample("", "rekam-signature-1", modality=Modality.SIGNATURE, points=points)]
    template = template_files.from_json(data)
    return [Sample("", template_files.FORM, modality=Modality.FINGER, template=template)]


def _template(decode: Callable[[bytes], Template]) -> _Reader:
    def read(data: bytes, label: str) -> list[Sample]:
        return [Sample("", label, modality=Modality.FINGER, template=decode(data))]

    return read


_IRIS_PICTURES: Final[Mapping[str, Callable[[bytes], Pixels]]] = {
    "image/jp2": jpeg2000.decode,
    "image/png": png.decode,
}


def _begins(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(magics)


_READERS: Final[tuple[tuple[str, Callable[[bytes], bool], _Reader], ...]] = (
    ("PNG", _begins(b"\x89PNG"), _picture(png.decode, "PNG")),
    ("JPEG", _begins(b"\xff\xd8\xff"), _picture(jpeg.decode, "JPEG")),
    ("JPEG 2000", _begins(b"\x00\x00\x00\x0cjP  "), _picture(jpeg2000.decode, "JPEG2000")),
    ("WSQ", _begins(b"\xff\xa0"), _picture(wsq.decode, "WSQ")),
    ("PGM", _begins(b"P2", b"P3", b"P5", b"P6"), _by_pillow("PPM")),
    ("BMP", _begins(b"BM"), _by_pillow("BMP")),
    ("TIFF", _begins(b"II*\x00", b"MM\x00*"), _by_pillow("TIFF")),
    ("19794-2:2005", _begins(b"FMR\x00"), _minutiae),
    ("19794-6:2011", _begins(b"IIR\x00"), _iris),
    ("JSON", lambda data: data.lstrip()[:1] == b"{", _json),
)
_BY_SUFFIX: Final[Mapping[str, tuple[str, _Reader]]] = {
    ".fmc": ("19794-2 compact card", _template(compact_card.decode)),
    ".xyt": ("xyt", _template(template_files.from_xyt)),
}
