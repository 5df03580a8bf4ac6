"""What is to stand on one card: from the record to the bytes of every file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from station.card.profile import CHUNK_BYTES, CONTENT_ORDER, DATA_GROUPS, FILES, Fid
from station.card.sod import DocumentSigner, build_sod
from station.card.tlv import encode_tlv, read_children, read_tlv
from station.devices import FingerPosition
from station.errors import CardError, FormatError
from station.formats import compact_card

_HALF: Final = 510  # 4 bytes of tag and length + 2 x 510 = 1024
_FINGER_HEAD: Final = 6
_COMPACT_CARD: Final = 1  # 3 bytes per minutia, ISO/IEC 19794-2 card format, compact size
_PHOTO_TAG: Final = 0x5F2E
_SIGNATURE_TAG: Final = 0x5F43
_LDS_VERSION_TAG: Final = 0x5F01
_DG_LIST_TAG: Final = 0x5C


@dataclass(frozen=True, slots=True)
class Biodata:
    """What DG1 holds, as printed words; every field is text, '' = not known. Personal: never log it."""

    nik: str = field(repr=False)
    name: str = field(repr=False)
    birth_place: str = field(default="", repr=False)
    birth_date: str = field(default="", repr=False)  # ISO 8601
    sex: str = field(default="", repr=False)
    blood_group: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    rt_rw: str = field(default="", repr=False)
    village: str = field(default="", repr=False)
    district: str = field(default="", repr=False)
    regency: str = field(default="", repr=False)
    province: str = field(default="", repr=False)
    religion: str = field(default="", repr=False)
    marital_status: str = field(default="", repr=False)
    occupation: str = field(default="", repr=False)
    citizenship: str = field(default="", repr=False)
    valid_until: str = field(default="", repr=False)
    issued_place: str = field(default="", repr=False)
    issued_on: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CardFinger:
    """One finger of DG3: compact-card minutiae (3 bytes each, at most 80) with what names them."""

    position: FingerPosition
    quality: int  # 0..100
    minutiae: bytes = field(repr=False)

    @property
    def count(self) -> int:
        """Number of minutiae."""
        return len(self.minutiae) // 3


@dataclass(frozen=True, slots=True)
class CardRecord:
    """All that is written for one person. 0, 1 or 2 fingers: an absent one is marked, never invented."""

    record_id: str  # the station's own id of the record, never the NIK
    biodata: Biodata
    photo_jpeg: bytes = field(repr=False)
    fingers: tuple[CardFinger, ...]
    signature: bytes = field(repr=False)  # bilevel, compressed


@dataclass(frozen=True, slots=True)
class CardContents:
    """The bytes of every file of one card, padded to the file's size."""

    record_id: str
    files: Mapping[Fid, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse files that are missing, unknown or not of their size: contents may come from outside."""
        if set(self.files) != set(CONTENT_ORDER):
            raise CardError(reason="contents_files", count=len(self.files))
        for fid, data in self.files.items():
            if len(data) != FILES[fid].size:
                raise CardError(
                    reason="contents_size", file=fid.name, bytes=len(data), room=FILES[fid].size
                )

    @property
    def digest(self) -> str:
        """SHA-256 over all files in their order; tells whether a resume means the same contents."""
        whole = hashlib.sha256()
        for fid in CONTENT_ORDER:
            whole.update(self.files[fid])
        return whole.hexdigest()

    def steps(self) -> tuple["WriteStep", ...]:
        """Return every write in order, at most 192 bytes each, at absolute offsets."""
        return tuple(
            WriteStep(fid, at, self.files[fid][at : at + CHUNK_BYTES])
            for fid in CONTENT_ORDER
            for at in range(0, len(self.files[fid]), CHUNK_BYTES)
        )


@dataclass(frozen=True, slots=True)
class WriteStep:
    """One write: file, absolute offset, data."""

    fid: Fid
    offset: int
    data: bytes = field(repr=False)


def build_contents(record: CardRecord, signer: DocumentSigner) -> CardContents:
    """Build and sign all files; CardError (plan error) when a part does not fit its file.

    The same record and signer give the same bytes: the signature is deterministic (RFC 6979).
    """
    groups = {
        1: encode_biodata(record.biodata),
        2: encode_tlv(FILES[Fid.DG2].tag, encode_tlv(_PHOTO_TAG, record.photo_jpeg)),
        3: encode_fingers(record.fingers),
        7: encode_tlv(FILES[Fid.DG7].tag, encode_tlv(_SIGNATURE_TAG, record.signature)),
    }
    sod = build_sod({n: hashlib.sha256(group).digest() for n, group in groups.items()}, signer)
    plain = {DATA_GROUPS[n]: group for n, group in groups.items()}
    plain[Fid.COM] = encode_com(tuple(groups))
    plain[Fid.SOD] = encode_tlv(FILES[Fid.SOD].tag, sod)
    return CardContents(record.record_id, {fid: _fill(fid, plain[fid]) for fid in CONTENT_ORDER})


def _fill(fid: Fid, data: bytes) -> bytes:
    room = FILES[fid].size
    if len(data) > room:
        raise CardError(reason="contents_too_large", file=fid.name, bytes=len(data), room=room)
    return data.ljust(room, b"\x00")  # the tail is written too: nothing of an earlier try remains


def encode_com(groups: tuple[int, ...]) -> bytes:
    """Return EF.COM: our LDS-like version and the tags of the data groups that are there."""
    tags = bytes(FILES[DATA_GROUPS[n]].tag for n in groups)
    return encode_tlv(
        FILES[Fid.COM].tag, encode_tlv(_LDS_VERSION_TAG, b"0108") + encode_tlv(_DG_LIST_TAG, tags)
    )


def parse_com(data: bytes) -> tuple[int, ...]:
    """Return the data group numbers listed in EF.COM; FormatError."""
    numbers = {FILES[fid].tag: n for n, fid in DATA_GROUPS.items()}
    for item in read_children(_unwrap(data, Fid.COM)):
        if item.tag == _DG_LIST_TAG:
            if not set(item.value) <= set(numbers):
                raise FormatError(what="com_tag")
            return tuple(numbers[tag] for tag in item.value)
    raise FormatError(what="com_list")


def encode_biodata(biodata: Biodata) -> bytes:
    """Return DG1: one object per known field, tags 80, 81 ... in field order, UTF-8."""
    objects = b"".join(
        encode_tlv(0x80 + number, value.encode())
        for number, spec in enumerate(fields(biodata))
        if (value := getattr(biodata, spec.name))
    )
    return encode_tlv(FILES[Fid.DG1].tag, objects)


def parse_biodata(data: bytes) -> Biodata:
    """Return the fields of DG1; FormatError for text that is not UTF-8 or a missing NIK or name."""
    names = [spec.name for spec in fields(Biodata)]
    found: dict[str, str] = {"nik": "", "name": ""}
    for item in read_children(_unwrap(data, Fid.DG1)):
        number = item.tag - 0x80
        if 0 <= number < len(names):  # a later version may add fields
            try:
                found[names[number]] = item.value.decode()
            except UnicodeDecodeError as cause:
                raise FormatError(what="dg1_text") from cause
    if not found["nik"] or not found["name"]:
        raise FormatError(what="dg1_fields")
    return Biodata(**found)


def encode_fingers(fingers: tuple[CardFinger, ...]) -> bytes:
    """Return DG3: two halves of 510 bytes, each position, count, quality, format, length, minutiae."""
    if len(fingers) > 2 or len({finger.position for finger in fingers}) != len(fingers):
        raise CardError(reason="fingers", count=len(fingers))
    halves = b""
    for finger in fingers:
        size = len(finger.minutiae)
        if size % 3 or not 1 <= finger.count <= compact_card.MOST or not 0 <= finger.quality <= 100:
            raise CardError(reason="finger_template", bytes=size, quality=finger.quality)
        head = bytes((finger.position.value, finger.count, finger.quality, _COMPACT_CARD))
        halves += (head + size.to_bytes(2) + finger.minutiae).ljust(_HALF, b"\x00")
    return encode_tlv(FILES[Fid.DG3].tag, halves.ljust(2 * _HALF, b"\x00"))


def parse_fingers(data: bytes) -> tuple[CardFinger, ...]:
    """Return the fingers of DG3 in their order; FormatError."""
    halves = _unwrap(data, Fid.DG3)
    if len(halves) != 2 * _HALF:
        raise FormatError(what="dg3_size")
    fingers: list[CardFinger] = []
    for at in (0, _HALF):
        code, count, quality, kind = halves[at : at + 4]
        if code == 0:
            continue
        size = int.from_bytes(halves[at + 4 : at + _FINGER_HEAD])
        if kind != _COMPACT_CARD or size != 3 * count or count > compact_card.MOST or code > 10:
            raise FormatError(offset=at, what="dg3_head")
        start = at + _FINGER_HEAD
        fingers.append(CardFinger(FingerPosition(code), quality, halves[start : start + size]))
    return tuple(fingers)


def parse_photo(data: bytes) -> bytes:
    """Return the JPEG of DG2; FormatError."""
    return _inner(data, Fid.DG2, _PHOTO_TAG)


def parse_signature(data: bytes) -> bytes:
    """Return the signature bytes of DG7; FormatError."""
    return _inner(data, Fid.DG7, _SIGNATURE_TAG)


def content_of(data: bytes, fid: Fid) -> bytes:
    """Return the outer data object of a file, tag and length included, without the fill behind it."""
    item = read_tlv(data)
    if item.tag != FILES[fid].tag:
        raise FormatError(what="file_tag", file=fid.name)
    return data[: item.size]


def _unwrap(data: bytes, fid: Fid) -> bytes:
    return read_tlv(content_of(data, fid)).value


def _inner(data: bytes, fid: Fid, tag: int) -> bytes:
    item = read_tlv(_unwrap(data, fid))
    if item.tag != tag:
        raise FormatError(what="inner_tag", file=fid.name)
    return item.value
