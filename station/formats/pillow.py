"""The one door to Pillow: arrays in and out, its many exceptions made one."""

import io
import warnings
from typing import TYPE_CHECKING, Final

import numpy as np

from station.devices import Pixels
from station.errors import FormatError
from station.formats.raster import Picture, check_size

if TYPE_CHECKING:
    from PIL.Image import Image

_GREY: Final = frozenset({"1", "L", "LA", "La"})
_SAME_PPI: Final = 0.02  # formats round: to whole dots per inch, per centimetre or per metre
# Modes whose every value an eight-bit grey or colour picture holds; a palette is colour by another name.
_WHOLE: Final = frozenset({"1", "L", "RGB"})
_DEEP: Final = ("I;16", "I")  # sixteen bits, the upper eight of which are kept


def encode(pixels: Pixels, pillow_name: str, **options: object) -> bytes:
    """Return the picture (grey, or BGR turned to RGB) as bytes of that Pillow format."""
    from PIL import Image

    rgb = pixels if pixels.ndim == 2 else np.ascontiguousarray(pixels[..., ::-1])
    out = io.BytesIO()
    try:
        Image.fromarray(rgb).save(out, pillow_name, **options)
    except (OSError, ValueError) as cause:
        raise FormatError(format=pillow_name, reason="cannot encode", offset=0) from cause
    return out.getvalue()


def decode(data: bytes, pillow_name: str) -> Pixels:
    """Return grey (h, w) or BGR (h, w, 3); only that format is tried; any damage is FormatError."""
    return open_picture(data, pillow_name).pixels


def open_picture(data: bytes, pillow_name: str) -> Picture:
    """Return pixels and resolution (0 when the file gives none); otherwise as decode."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a damaged file also warns; the error says it once
            with Image.open(io.BytesIO(data), formats=[pillow_name]) as picture:
                check_size(picture.width, picture.height, pillow_name, 0)
                array, whole = _array(picture), _whole(picture)
                dpi = picture.info.get("dpi")
                ppi = _square(float(dpi[0]), float(dpi[1]), pillow_name) if dpi else 0
    except FormatError:
        raise
    except Exception as cause:
        raise FormatError(format=pillow_name, reason="cannot decode", offset=0) from cause
    ordered = array if array.ndim == 2 else array[..., ::-1]
    return Picture(np.ascontiguousarray(ordered), ppi if 0 < ppi < 100_000 else 0, whole)


def _square(across: float, down: float, pillow_name: str) -> int:
    """Return the one resolution of both ways; FormatError where ridges would be measured stretched."""
    if min(across, down) > 0 and abs(across - down) > _SAME_PPI * max(across, down):
        raise FormatError(format=pillow_name, reason="pixels are not square", offset=0)
    return round(across)


def _whole(picture: "Image") -> bool:
    plain = picture.mode in _WHOLE or (picture.mode == "P" and "transparency" not in picture.info)
    return plain and getattr(picture, "n_frames", 1) == 1


def _array(picture: "Image") -> Pixels:
    if picture.mode.startswith(_DEEP):
        deep = np.asarray(picture, np.int64)
        return np.asarray(np.clip(deep >> 8, 0, 255), np.uint8)
    return np.asarray(picture.convert("L" if picture.mode in _GREY else "RGB"), np.uint8)
