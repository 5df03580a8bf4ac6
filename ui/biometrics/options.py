"""The words and options of ``rekam biometrics`` that several of its commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class What(StrEnum):
    """What a picture shows, on the command line."""

    FINGER = "finger"
    FACE = "face"
    IRIS = "iris"
    SIGNATURE = "signature"


class Side(StrEnum):
    """An eye, the applicant's own."""

    RIGHT = "right"
    LEFT = "left"


class Backdrop(StrEnum):
    """The backdrop a portrait must have."""

    RED = "red"
    BLUE = "blue"
    ORANGE = "orange"


class TemplateForm(StrEnum):
    """How minutiae are written to files."""

    ISO2005 = "iso2005"
    ISO2011 = "iso2011"
    COMPACT = "compact"
    JSON = "json"
    XYT = "xyt"


class PictureCoding(StrEnum):
    """How the picture stands in an image record."""

    RAW = "raw"
    WSQ = "wsq"
    JPEG = "jpeg"
    JP2 = "jp2"
    PNG = "png"


class Target(StrEnum):
    """What ``convert`` writes."""

    PNG = "png"
    JPEG = "jpeg"
    JP2 = "jp2"
    PGM = "pgm"
    WSQ = "wsq"
    ISO2005 = "iso2005"
    ISO2011 = "iso2011"
    FINGER2005 = "finger2005"
    FINGER2011 = "finger2011"
    FACE2005 = "face2005"
    FACE2011 = "face2011"
    IRIS2005 = "iris2005"
    IRIS2011 = "iris2011"
    SIGNATURE = "signature"
    CBEFF = "cbeff"
    ITL = "itl"
    COMPACT = "compact"
    JSON = "json"
    XYT = "xyt"


class Finger(StrEnum):
    """A finger, the applicant's own."""

    RIGHT_THUMB = "right_thumb"
    RIGHT_INDEX = "right_index"
    RIGHT_MIDDLE = "right_middle"
    RIGHT_RING = "right_ring"
    RIGHT_LITTLE = "right_little"
    LEFT_THUMB = "left_thumb"
    LEFT_INDEX = "left_index"
    LEFT_MIDDLE = "left_middle"
    LEFT_RING = "left_ring"
    LEFT_LITTLE = "left_little"


class Expected(StrEnum):
    """Which fingers one picture shall hold."""

    RIGHT_FOUR = "right_four"
    LEFT_FOUR = "left_four"
    THUMBS = "thumbs"
    RIGHT_THUMB = "right_thumb"
    RIGHT_INDEX = "right_index"
    RIGHT_MIDDLE = "right_middle"
    RIGHT_RING = "right_ring"
    RIGHT_LITTLE = "right_little"
    LEFT_THUMB = "left_thumb"
    LEFT_INDEX = "left_index"
    LEFT_MIDDLE = "left_middle"
    LEFT_RING = "left_ring"
    LEFT_LITTLE = "left_little"


Rate = Annotated[
    float | None,
    typer.Option(
        min=1e-8, max=1e-2, help="Tingkat salah cocok (FMR) untuk keputusan; kosong = 0.0001."
    ),
]
Files = Annotated[list[Path], typer.Argument(help="Gambar, rekaman atau template.")]
Of = Annotated[
    What | None,
    typer.Option(help="Isi gambar; kosong = menurut rekaman, warna = wajah, abu-abu = jari."),
]
Ppi = Annotated[
    int | None,
    typer.Option(
        min=100,
        max=4000,
        help="Titik per inci; kosong = menurut berkas (250 sampai 1200), lalu 500.",
    ),
]
Draw = Annotated[Path | None, typer.Option(help="Folder untuk gambar dengan temuan mesin.")]
Jobs = Annotated[int, typer.Option(min=1, max=64, help="Banyak proses.")]
Shown = Annotated[
    bool | None,
    typer.Option(
        "--progress/--no-progress", help="Kemajuan di stderr; kosong = hanya di terminal."
    ),
]
