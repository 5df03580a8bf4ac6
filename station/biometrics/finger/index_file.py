"""The index of fingers as bytes and back: one version, little endian, sealed by a checksum.

``RKFI``, version 1, version of the words 1, people u32; per person: length of the subject u16, the subject (UTF-8),
fingers u8; per finger: position u8, count u8, then per minutia x i16, y i16 (1/8 pixel from the middle, y up),
angle u8 (1/256 turn), then the words u64; CRC-32 of all before. People stand in the order of their subjects, fingers
by position, so the same people give the same bytes. Biometric data: keep it encrypted.
"""

import struct
import zlib
from typing import Final

import numpy as np

from station.biometrics.finger.index import ROW, Index, Kept
from station.biometrics.finger.neighbourhood import VERSION as WORDS_VERSION
from station.biometrics.finger.prepared import BEST
from station.devices import FingerPosition
from station.errors import FormatError

MAGIC: Final = b"RKFI"
VERSION: Final = 1
_HEAD = struct.Struct("<4sBBI")
_LENGTH, _FINGER, _CHECK = struct.Struct("<H"), struct.Struct("<BB"), struct.Struct("<I")


def encode(index: Index) -> bytes:
    """Return the index as bytes; ValueError when a subject is longer than 65535 bytes."""
    parts = [_HEAD.pack(MAGIC, VERSION, WORDS_VERSION, len(index))]
    for subject, prints in sorted(index, key=lambda person: person[0]):
        name = subject.encode()
        if len(name) >= 1 << 16:
            message = "subject too long"
            raise ValueError(message)
        parts += [_LENGTH.pack(len(name)), name, bytes([len(prints)])]
        for position, kept in sorted(prints.items(), key=lambda finger: finger[0].value):
            parts.append(_FINGER.pack(position.value, len(kept.rows)))
            parts += [kept.rows.tobytes(), kept.words.astype("<u8").tobytes()]
    body = b"".join(parts)
    return body + _CHECK.pack(zlib.crc32(body))


def decode(data: bytes) -> Index:
    """Return the index that ``encode`` wrote; FormatError on anything else."""
    if len(data) < _HEAD.size + _CHECK.size:
        raise _refused("length", len(data))
    end = len(data) - _CHECK.size
    if zlib.crc32(data[:end]) != _CHECK.unpack_from(data, end)[0]:
        raise _refused("checksum", end)
    magic, version, words_version, people = _HEAD.unpack_from(data)
    if (magic, version, words_version) != (MAGIC, VERSION, WORDS_VERSION):
        raise _refused("version", 0)
    reader = _Reader(data[:end], _HEAD.size)
    index = Index()
    for _ in range(people):
        _person(reader, index)
    if reader.at != end:
        raise _refused("trailing bytes", reader.at)
    return index


def _person(reader: "_Reader", index: Index) -> None:
    start = reader.at
    (length,) = _LENGTH.unpack(reader.take(_LENGTH.size))
    try:
        subject = reader.take(length).decode()
    except UnicodeDecodeError:
        raise _refused("subject", start) from None
    prints: dict[FingerPosition, Kept] = {}
    for _ in range(reader.take(1)[0]):
        at = reader.at
        code, count = _FINGER.unpack(reader.take(_FINGER.size))
        if not 1 <= count <= BEST:
            raise _refused("count", at)
        rows = np.frombuffer(reader.take(count * ROW.itemsize), ROW)
        found = np.frombuffer(reader.take(8 * count), "<u8").astype(np.uint64)
        position = _POSITIONS.get(code)
        if position is None or position in prints:
            raise _refused("position", at)
        prints[position] = Kept(rows, found)
    if subject in index:
        raise _refused("subject twice", start)
    index.put(subject, prints)


class _Reader:
    def __init__(self, data: bytes, at: int) -> None:
        self._data, self.at = data, at

    def take(self, size: int) -> bytes:
        part = self._data[self.at : self.at + size]
        if len(part) != size:
            raise _refused("cut short", self.at)
        self.at += size
        return part


def _refused(reason: str, offset: int) -> FormatError:
    return FormatError(format="finger index", reason=reason, offset=offset)


_POSITIONS = {position.value: position for position in FingerPosition}
