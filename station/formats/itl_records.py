"""What an enrolment puts into an ANSI/NIST-ITL transaction: one record per sample, fields by table."""

import datetime as dt
import struct
from collections.abc import Mapping
from typing import Final

from station.devices import Eye, FingerPosition, Pixels
from station.errors import FormatError
from station.formats.capture_head import Quality
from station.formats.codes import Coding
from station.formats.nist_itl import NAME, ItlField, ItlRecord, Transaction, one
from station.formats.raster import checked_pixels

VERSION: Final = "0500"  # ANSI/NIST-ITL 1-2011
_PER_INCH: Final = 1
_COMPRESSION: Final[Mapping[Coding, str]] = {
    Coding.RAW: "NONE",
    Coding.WSQ: "WSQ20",
    Coding.JPEG: "JPEGB",
    Coding.JP2: "JP2",
    Coding.JP2_LOSSY: "JP2",
    Coding.JP2_LOSSLESS: "JP2L",
    Coding.PNG: "PNG",
}
_EYES: Final = {None: 0, Eye.RIGHT: 1, Eye.LEFT: 2}
_SIGNATURE: Final = struct.Struct(">BBBHH")  # whose, representation, resolution, width, height
_OF_SUBJECT, _UNCOMPRESSED, _NATIVE = 0, 0, 0


def transaction(
    records: tuple[ItlRecord, ...],
    *,
    kind: str,
    control: str,
    at: dt.datetime,
    destination: str,
    origin: str,
    ppi: int = 500,
) -> Transaction:
    """Return the whole file: TOT ``kind``, TCN ``control`` (unique at the origin), date in UTC."""
    per_mm = f"{ppi / 25.4:05.2f}"
    day = at.astimezone(dt.UTC).strftime("%Y%m%d")
    texts = {2: VERSION, 4: kind, 5: day, 7: destination, 8: origin, 9: control, 11: per_mm, 12: per_mm}  # fmt: skip
    return Transaction(tuple(one(tag, text) for tag, text in texts.items()), records)


def descriptive(idc: int, texts: Mapping[int, str]) -> ItlRecord:
    """Return the type-2 record; which tag means what is the domain's (configuration), tags from 3."""
    return ItlRecord(2, str(idc), tuple(one(tag, texts[tag]) for tag in sorted(texts)))


def signature(idc: int, picture: Pixels) -> ItlRecord:
    """Return the type-8 record of a grey picture: one bit a pixel, 1 = ink, rows padded to bytes."""
    import numpy as np

    grey = checked_pixels(picture, NAME, colour=False)
    height, width = grey.shape
    head = _SIGNATURE.pack(_OF_SUBJECT, _UNCOMPRESSED, _NATIVE, width, height)
    return ItlRecord(8, str(idc), data=head + np.packbits(grey < 128, axis=1).tobytes())


def signature_picture(record: ItlRecord) -> Pixels:
    """Return the picture of a type-8 record as white paper with black ink; FormatError."""
    import numpy as np

    if record.type != 8 or len(record.data) < _SIGNATURE.size:
        raise FormatError(format=NAME, reason="no signature", offset=0)
    _whose, how, _res, width, height = _SIGNATURE.unpack_from(record.data)
    bits = record.data[_SIGNATURE.size :]
    if how != _UNCOMPRESSED or not width or len(bits) != height * ((width + 7) // 8):
        raise FormatError(format=NAME, reason="signature representation", offset=_SIGNATURE.size)
    rows = np.frombuffer(bits, np.uint8).reshape(height, -1)
    ink = np.unpackbits(rows, axis=1)[:, :width]
    return np.where(ink == 1, 0, 255).astype(np.uint8)


def face(
    idc: int, data: bytes, size: tuple[int, int], coding: Coding, *, at: dt.datetime, source: str
) -> ItlRecord:
    """Return the type-10 record of a portrait, full face; ``size`` is (width, height)."""
    common = _common(size, coding, at, source, ppi=0)
    fields = {3: "FACE", **common, 12: "SRGB", 20: "F"}
    return _record(10, idc, fields, data)


def finger(
    idc: int,
    data: bytes,
    size: tuple[int, int],
    coding: Coding,
    position: FingerPosition | int,
    *,
    ppi: int,
    at: dt.datetime,
    source: str,
    impression: int = 0,
    quality: Quality | None = None,
) -> ItlRecord:
    """Return the type-14 record of a print: a finger, or 13, 14, 15 for a slap; quality as field 24."""
    code = position.value if isinstance(position, FingerPosition) else position
    common = _common(size, coding, at, source, ppi=ppi)
    fields: dict[int, str | int] = {3: impression, **common, 12: 8, 13: code}
    record = _record(14, idc, fields, data)
    if quality is None:
        return record
    items = (code, quality.score, f"{quality.vendor:04X}", quality.algorithm)
    more = ItlField(24, (tuple(str(item) for item in items),))
    return ItlRecord(14, record.idc, (*record.fields, more), data)


def iris(
    idc: int,
    data: bytes,
    size: tuple[int, int],
    coding: Coding,
    eye: Eye | None,
    *,
    at: dt.datetime,
    source: str,
) -> ItlRecord:
    """Return the type-17 record of one eye in near infrared."""
    common = _common(size, coding, at, source, ppi=0)
    return _record(17, idc, {3: _EYES[eye], **common, 12: 8, 13: "GRAY"}, data)


def _common(
    size: tuple[int, int], coding: Coding, at: dt.datetime, source: str, *, ppi: int
) -> dict[int, str | int]:
    """Return SRC, date, HLL, VLL, SLC, THPS, TVPS, CGA: the same tags in types 10, 14 and 17."""
    if coding not in _COMPRESSION:
        raise FormatError(format=NAME, reason=f"{coding} has no code", offset=0)
    day = at.astimezone(dt.UTC).strftime("%Y%m%d")
    unit, pitch = (_PER_INCH, ppi) if ppi else (0, 1)  # 0: only the shape of a pixel is told
    return {
        4: source, 5: day, 6: size[0], 7: size[1], 8: unit, 9: pitch, 10: pitch,
        11: _COMPRESSION[coding],
    }  # fmt: skip


def _record(kind: int, idc: int, fields: Mapping[int, str | int], data: bytes) -> ItlRecord:
    return ItlRecord(kind, str(idc), tuple(one(tag, fields[tag]) for tag in sorted(fields)), data)
