"""The image formats an SFM module can be set to, as it sends their pixels."""

import numpy as np

from drivers.fingerprint.sfm_frames import ImageFormat
from drivers.fingerprint.sfm_image import payload
from station.devices import Pixels
from station.formats import wsq

_PPI = 500


def body_of(pixels: Pixels, image_format: ImageFormat) -> bytes:
    """Return the pixels of a grey (h, w) image in a format; FormatError below 64 pixels with WSQ."""
    match image_format:
        case ImageFormat.BINARY:
            return np.packbits(pixels > 127).tobytes()
        case ImageFormat.FOUR_BIT:
            flat = np.append(pixels >> 4, np.zeros(pixels.size % 2, np.uint8)).astype(np.uint8)
            return (flat[0::2] << 4 | flat[1::2]).tobytes()
        case ImageFormat.WSQ:
            return wsq.encode(pixels, _PPI)
        case _:
            return pixels.tobytes()


def payload_of(pixels: Pixels, image_format: ImageFormat) -> bytes:
    """Return the whole payload of an extended transfer."""
    height, width = pixels.shape
    return payload(width, height, image_format, body_of(pixels, image_format))
