"""The one door to Pillow: arrays in and out, its many exceptions made one."""

import io
import warnings

import numpy as np

from station.devices import Pixels
from station.errors import FormatError
from station.formats.raster import check_size


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
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a damaged file also warns; the error says it once
            with Image.open(io.BytesIO(data), formats=[pillow_name]) as picture:
                check_size(picture.width, picture.height, pillow_name, 0)
                mode = "L" if picture.mode in {"L", "1"} else "RGB"
                array = np.asarray(picture.convert(mode), dtype=np.uint8)
    except FormatError:
        raise
    except Exception as cause:
        raise FormatError(format=pillow_name, reason="cannot decode", offset=0) from cause
    return np.ascontiguousarray(array if array.ndim == 2 else array[..., ::-1])
