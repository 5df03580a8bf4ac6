"""What a camera's address means: an index, a device path, a stream, a clip or a picture; and how it is shown."""

import re
from pathlib import Path
from typing import Final

from drivers.camera.http_source import open_http
from drivers.camera.source import Source
from drivers.camera.video_source import Clip, Still, open_camera, open_stream
from station.clock import CancelToken, Deadline
from station.errors import DeviceNotFound

# We call it a stall ourselves before the library does.
_LATER_S: Final = 0.5
_PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp"})


def open_place(
    place: str | int,
    size: tuple[int, int],
    stall_s: float,
    deadline: Deadline,
    formats: tuple[str, ...] = ("MJPG",),
    cancel: CancelToken | None = None,
) -> Source:
    """Open what stands at a place.

    ``size`` (width, height) and ``formats`` are asked of a camera of this machine. A blocked read ends after
    ``stall_s``, one inside OpenCV a little later; ``cancel`` ends the opening where we read the stream ourselves. Raises DeviceNotFound, DeviceBusy, AuthFailed, DeviceTimeout, ProtocolError.
    """
    read_s = stall_s + _LATER_S
    if isinstance(place, int) or place.startswith("/dev/"):
        return open_camera(place, size, read_s, formats)
    if place.startswith("http://"):
        ours = open_http(place, stall_s, deadline, cancel)
        if ours is not None:
            return ours
    if "://" in place:
        return open_stream(place, read_s, deadline)
    path = Path(place)
    if not path.is_file():
        raise DeviceNotFound(device="camera")
    return Still(path) if path.suffix.lower() in _PICTURES else Clip(path)


def without_password(place: str) -> str:
    """Return the URL without ``user:password@``: it is stored with every sample and shown on screen."""
    return re.sub(r"(?<=://)[^/?#]*@", "", place)  # to the last @, as FFmpeg reads it
