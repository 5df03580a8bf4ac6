"""What is known of one captured sample: its bytes' hash, its quality and the device that made it."""

import datetime as dt
from dataclasses import dataclass

from station.capture.slots import Slot
from station.devices import DeviceInfo


@dataclass(frozen=True, slots=True)
class Sample:
    """One attempt at one slot. The bytes lie encrypted in the store under ``sha256``."""

    slot: Slot
    attempt: int  # 1..n within the slot, append-only
    sha256: str  # lower-case hex of the stored bytes
    size: int  # bytes
    media_type: str  # "image/jpeg", "image/x-wsq", "image/jp2", "image/png"
    width: int
    height: int
    ppi: int  # 0 where it has no meaning
    depth: int  # grey levels the sensor really has, in bits
    device: DeviceInfo
    captured_at: dt.datetime
    frame_id: int
    algorithm: str
    algorithm_version: str
    score: int  # 0..100, our own scale
    usable: bool  # every gate held
    measures: tuple[tuple[str, float], ...]
    companion_sha256: str = ""  # signature: the raw pen points beside the picture
    companion_size: int = 0
