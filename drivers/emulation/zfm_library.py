"""Feature buffers and template library of an emulated ZFM module: real minutiae, really compared.

The layout of a template is each maker's secret; this one is ours, so templates move between emulators only.
"""

import struct
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from drivers.fingerprint.zfm_packets import TEMPLATE_BYTES, Ack, Command
from station.biometrics.finger import decision, matcher, minutiae
from station.devices import Pixels
from station.minutiae import Template

_PPI: Final = 500
_FEWEST: Final = 8  # fewer say too little about a finger
_MARK: Final = b"EMUT"
_HEAD: Final = struct.Struct(">4sHHH")  # mark, width, height, count
_POINT: Final = np.dtype([("x", ">u2"), ("y", ">u2"), ("angle", "u1"), ("type", "u1"), ("q", "u1")])
_MOST: Final = (TEMPLATE_BYTES - _HEAD.size) // _POINT.itemsize
_BUFFERS: Final = (1, 2)
_PAGE: Final = 256  # templates in one page of the index

Answer = tuple[Ack, bytes]


class Library:
    """Two feature buffers, lost with the power, and a library in flash."""

    FEATURES_BYTES: Final = TEMPLATE_BYTES
    COMMANDS: Final = (
        Command.MERGE,
        Command.STORE,
        Command.LOAD,
        Command.DELETE,
        Command.EMPTY,
        Command.MATCH,
        Command.SEARCH,
        Command.FAST_SEARCH,
    )

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._stored: dict[int, bytes] = {}
        self._buffers: dict[int, bytes] = {}
        self._answers: Mapping[Command, Callable[[bytes], Answer]] = {
            Command.MERGE: self._merge,
            Command.STORE: self._store,
            Command.LOAD: self._load,
            Command.DELETE: self._delete,
            Command.EMPTY: self._empty,
            Command.MATCH: self._match,
            Command.SEARCH: self._search,
            Command.FAST_SEARCH: self._search,
        }

    @property
    def count(self) -> int:
        """How many templates are stored."""
        return len(self._stored)

    def power_on(self) -> None:
        """Lose the buffers."""
        self._buffers.clear()

    def extract(self, arguments: bytes, pixels: Pixels) -> Ack:
        """Take the features of a picture into a buffer."""
        if not self.knows_buffer(arguments):
            return Ack.RECEIVE_ERROR
        found = minutiae.extract(pixels, _PPI)
        if len(found) < _FEWEST:
            return Ack.POOR_IMAGE
        self._buffers[arguments[0]] = _packed(found)
        return Ack.OK

    def answer(self, command: Command, arguments: bytes) -> Answer:
        """Carry out one command of ``COMMANDS``."""
        return self._answers[command](arguments)

    def knows_buffer(self, arguments: bytes) -> bool:
        """Whether the arguments are the number of a buffer."""
        return len(arguments) == 1 and arguments[0] in _BUFFERS

    def buffer(self, arguments: bytes) -> bytes | None:
        """Return what a buffer holds."""
        return self._buffers.get(arguments[0]) if self.knows_buffer(arguments) else None

    def load_buffer(self, arguments: bytes, data: bytes) -> bool:
        """Put a template of the host into a buffer; False when it is none of ours."""
        if len(data) != TEMPLATE_BYTES or _unpacked(data) is None:
            return False
        self._buffers[arguments[0]] = data
        return True

    def index_page(self, page: int) -> bytes:
        """Return 32 bytes, one bit per place, lowest place in the lowest bit."""
        bits = bytearray(_PAGE // 8)
        for place in self._stored:
            if place // _PAGE == page:
                bits[place % _PAGE // 8] |= 1 << place % 8
        return bytes(bits)

    def _merge(self, _: bytes) -> Answer:
        pair = [self._buffers.get(each) for each in _BUFFERS]
        if pair[0] is None or pair[1] is None or not _alike(pair[0], pair[1])[1]:
            return Ack.MERGE_FAILED, b""
        # The richer impression stands for the finger.
        best = max(pair[0], pair[1], key=lambda each: _HEAD.unpack_from(each)[3])
        self._buffers = dict.fromkeys(_BUFFERS, best)
        return Ack.OK, b""

    def _store(self, arguments: bytes) -> Answer:
        if len(arguments) != 3 or arguments[0] not in _BUFFERS:
            return Ack.RECEIVE_ERROR, b""
        buffer, place = struct.unpack(">BH", arguments)
        if place >= self._capacity:
            return Ack.BAD_LOCATION, b""
        if buffer not in self._buffers:
            return Ack.NO_VALID_IMAGE, b""
        self._stored[place] = self._buffers[buffer]
        return Ack.OK, b""

    def _load(self, arguments: bytes) -> Answer:
        if len(arguments) != 3 or arguments[0] not in _BUFFERS:
            return Ack.RECEIVE_ERROR, b""
        buffer, place = struct.unpack(">BH", arguments)
        if place >= self._capacity:
            return Ack.BAD_LOCATION, b""
        if place not in self._stored:
            return Ack.READ_FAILED, b""
        self._buffers[buffer] = self._stored[place]
        return Ack.OK, b""

    def _delete(self, arguments: bytes) -> Answer:
        if len(arguments) != 4:
            return Ack.RECEIVE_ERROR, b""
        first, count = struct.unpack(">HH", arguments)
        if first + count > self._capacity:
            return Ack.DELETE_FAILED, b""
        for place in range(first, first + count):
            self._stored.pop(place, None)
        return Ack.OK, b""

    def _empty(self, _: bytes) -> Answer:
        self._stored.clear()
        return Ack.OK, b""

    def _match(self, _: bytes) -> Answer:
        pair = [self._buffers.get(each) for each in _BUFFERS]
        if pair[0] is None or pair[1] is None:
            return Ack.NO_MATCH, bytes(2)
        score, same = _alike(pair[0], pair[1])
        return Ack.OK if same else Ack.NO_MATCH, struct.pack(">H", score)

    def _search(self, arguments: bytes) -> Answer:
        if len(arguments) != 5 or arguments[0] not in _BUFFERS:
            return Ack.RECEIVE_ERROR, bytes(4)
        buffer, first, count = struct.unpack(">BHH", arguments)
        probe = self._buffers.get(buffer)
        best = (0, -1)
        for place in sorted(self._stored):
            if probe is None or not first <= place < first + count:
                continue
            score, same = _alike(probe, self._stored[place])
            if same and score > best[0]:
                best = (score, place)
        if best[1] < 0:
            return Ack.NOT_FOUND, bytes(4)
        return Ack.OK, struct.pack(">HH", best[1], best[0])


def _alike(one: bytes, other: bytes) -> tuple[int, bool]:
    """Return (score, same finger) of two templates."""
    probe, reference = _unpacked(one), _unpacked(other)
    if probe is None or reference is None:
        return 0, False
    found = matcher.compare(probe, reference)
    return min(int(found.score), 0xFFFF), decision.same_finger(found)


def _packed(template: Template) -> bytes:
    best = template.best(_MOST)
    points = np.zeros(len(best), _POINT)
    points["x"], points["y"] = np.round(best.x), np.round(best.y)
    points["angle"] = np.round(best.angle * 128 / np.pi).astype(np.int64) % 256
    points["type"], points["q"] = best.type, best.quality
    head = _HEAD.pack(_MARK, best.width, best.height, len(best))
    return (head + points.tobytes()).ljust(TEMPLATE_BYTES, b"\0")


def _unpacked(data: bytes) -> Template | None:
    mark, width, height, count = _HEAD.unpack_from(data)
    if mark != _MARK or count > _MOST:
        return None
    points = np.frombuffer(data, _POINT, count, _HEAD.size)
    return Template(
        points["x"].astype(np.float32),
        points["y"].astype(np.float32),
        (points["angle"] * np.float32(np.pi / 128)).astype(np.float32),
        points["type"].copy(),
        points["q"].copy(),
        width,
        height,
    )
