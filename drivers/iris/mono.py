"""Frames of a near-infrared camera as eight-bit grey; a frame with colour is no such frame."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.devices import Pixels
from station.errors import HardwareFault, ProtocolError

# A grey picture coded in colour differs between its channels by rounding only.
_ROUNDING: Final = 16  # levels
_SHARE: Final = 0.002  # of all pixels beyond it: a lens without colour filter never gives so many


def grey_of(frame: NDArray[Any], bits: int) -> Pixels:
    """Return a read-only (h, w) picture of a GREY, Y10, Y12, Y16 or mono MJPEG frame.

    HardwareFault for a frame with colour: this is no near-infrared camera. ProtocolError for another shape.
    """
    if frame.ndim == 3 and frame.shape[2] == 1:
        frame = frame[:, :, 0]
    if frame.ndim == 3 and frame.shape[2] == 3 and frame.dtype == np.uint8:
        grey = _uncoloured(frame)
    elif frame.ndim == 2 and frame.dtype == np.uint16:
        grey = np.asarray(np.minimum(frame >> max(0, bits - 8), 255), np.uint8)
    elif frame.ndim == 2 and frame.dtype == np.uint8:
        grey = np.asarray(frame, np.uint8)
    else:
        raise ProtocolError(device="camera", what="pixel format")
    grey.flags.writeable = False
    return grey


def _uncoloured(frame: NDArray[Any]) -> Pixels:
    blue, green, red = cv2.split(frame)
    most = np.maximum(cv2.absdiff(blue, green), cv2.absdiff(green, red))
    if np.count_nonzero(most > _ROUNDING) > _SHARE * most.size:
        raise HardwareFault(device="camera", what="colour")
    return np.ascontiguousarray(green, np.uint8)
