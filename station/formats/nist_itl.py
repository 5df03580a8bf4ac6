"""ANSI/NIST-ITL transactions in the traditional encoding: whole files with records of type 1, 2, 8, 10, 14, 17.

Written through nistitl. When reading, lengths, separators, CNT and the place of the binary field are
checked here, byte by byte, before nistitl reads the file as well: its own parser searches for separators
and lets some cut files through as other Python errors.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from station.errors import FormatError
from station.formats.cursor import MOST_BYTES, Cursor, proven

NAME: Final = "ANSI/NIST-ITL"
MAGIC: Final = b"1.001:"
TYPES: Final = frozenset({1, 2, 8, 10, 14, 17})
DATA_TAG: Final = 999
_FS, _GS, _RS, _US = "\x1c", "\x1d", "\x1e", "\x1f"
_BINARY: Final = 8  # the one type here without tags: length 4, IDC 1, then its own header
_WITH_DATA: Final = frozenset({10, 14, 17})
_MANDATORY: Final = (2, 4, 5, 7, 8, 9)  # VER TOT DAT DAI ORI TCN of type 1
_LEN, _IDC, _CNT = 1, 2, 3
_HEAD = re.compile(rb"(\d{1,2})\.001:([1-9]\d{0,9})\x1d")
_TAG = re.compile(r"(\d{1,2})\.(\d{3,9}):", re.ASCII)
_MOST_RECORDS: Final = 1000

Value = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ItlField:
    """One field: subfields of items. Personal in type 2: never log it."""

    tag: int
    value: Value = field(repr=False)

    @property
    def text(self) -> str:
        """The first item of the first subfield."""
        return self.value[0][0]


@dataclass(frozen=True, slots=True)
class ItlRecord:
    """One record: type, IDC as written, fields in order (without LEN, IDC and DATA), binary data."""

    type: int
    idc: str
    fields: tuple[ItlField, ...] = ()
    data: bytes = field(default=b"", repr=False)

    def get(self, tag: int) -> str:
        """Return the first item of a field, '' when it is not there."""
        return next((each.text for each in self.fields if each.tag == tag), "")


@dataclass(frozen=True, slots=True)
class Transaction:
    """A whole file: the fields of type 1 (without LEN and CNT, which are computed), then the records."""

    header: tuple[ItlField, ...]
    records: tuple[ItlRecord, ...]

    def get(self, tag: int) -> str:
        """Return the first item of a field of type 1, '' when it is not there."""
        return next((each.text for each in self.header if each.tag == tag), "")


def one(tag: int, value: str | int) -> ItlField:
    """Return a field of one item."""
    return ItlField(tag, ((str(value),),))


def encode(transaction: Transaction) -> bytes:
    """Return the file; FormatError for text that is not Latin-1 or holds separators, for wrong types."""
    try:
        data = _message(transaction).NIST
    except (
        Exception
    ) as cause:  # nistitl: NistException, struct.error, KeyError, UnicodeError, TypeError
        raise FormatError(format=NAME, reason="cannot be written", offset=0) from cause
    return proven(transaction, data, decode)


def decode(data: bytes) -> Transaction:
    """Return the transaction; FormatError with the offset of the first fault."""
    cursor = Cursor(data, NAME)
    cursor.require(len(data) <= MOST_BYTES, "too long", MOST_BYTES)
    cursor.require(data.startswith(MAGIC), "magic", 0)
    first = _text_record(cursor)
    count = next((each for each in first.fields if each.tag == _CNT), None)
    if count is None:
        raise cursor.fail("no CNT", 0)
    wanted = _contents(cursor, count)
    records = []
    for kind, idc in wanted:
        start = cursor.at
        record = _binary_record(cursor) if kind == _BINARY else _text_record(cursor)
        cursor.require(
            record.type == kind and int(record.idc) == idc, "record differs from CNT", start
        )
        records.append(record)
    cursor.finish()
    header = tuple(each for each in first.fields if each.tag != _CNT)
    cursor.require(
        set(_MANDATORY) <= {each.tag for each in header}, "a field of type 1 is missing", 0
    )
    _second_reading(data, 1 + len(records))
    transaction = Transaction(header, tuple(records))
    # What could not be written back exactly (a length with leading zeros, fields of type 1 out of
    # order) is refused, so that a file never changes by being read.
    cursor.require(_written(transaction) == data, "not in canonical form", 0)
    return transaction


def _written(transaction: Transaction) -> bytes:
    try:
        data: bytes = _message(transaction).NIST
    except FormatError:
        raise
    except Exception as cause:  # NistException, struct.error, KeyError, UnicodeError, TypeError
        raise FormatError(format=NAME, reason="cannot be written", offset=0) from cause
    return data


def _contents(cursor: Cursor, count: ItlField) -> list[tuple[int, int]]:
    """Return type and IDC of every further record as CNT lists them."""
    (mark, number), *rest = (_two(cursor, items) for items in count.value)
    cursor.require(mark == 1 and number == len(rest) <= _MOST_RECORDS, "CNT", 0)
    cursor.require(all(kind in TYPES - {1} for kind, _ in rest), "record type not handled", 0)
    return rest


def _two(cursor: Cursor, items: tuple[str, ...]) -> tuple[int, int]:
    # Written back from numbers only where they were canonical: IDC may be 01, a type may not.
    cursor.require(len(items) == 2 and all(re.fullmatch(r"[0-9]{1,4}", each) for each in items), "CNT", 0)  # fmt: skip
    return int(items[0]), int(items[1])


def _text_record(cursor: Cursor) -> ItlRecord:
    start = cursor.at
    head = _HEAD.match(cursor.data, start, min(cursor.end, start + 24))
    if head is None:
        raise cursor.fail("record length" if cursor.left else "cut", start)
    kind = int(head[1])
    cursor.require(kind in TYPES - {_BINARY}, "record type not handled", start)
    cursor.require(int(head[2]) <= cursor.left, "cut", cursor.end)
    body = cursor.take(int(head[2]))[len(head[0]) :]
    cursor.require(body.endswith(b"\x1c"), "record not terminated", cursor.at - 1)
    body, binary = body[:-1], b""
    if kind in _WITH_DATA:
        mark = b"%d.%03d:" % (kind, DATA_TAG)
        at = 0 if body.startswith(mark) else body.find(b"\x1d" + mark) + 1
        cursor.require(at > 0, "no DATA", start)
        body, binary = body[: at - 1], body[at + len(mark) :]
    cursor.require(b"\x1c" not in body, "separator", start)
    fields = [_field(cursor, part, kind, start) for part in body.decode("latin-1").split(_GS)]
    tags = [each.tag for each in fields]
    cursor.require(len(set(tags)) == len(tags) and _LEN not in tags, "field twice", start)
    idc = ""
    if kind != 1:
        idc = fields[0].text
        simple = fields[0].tag == _IDC and fields[0].value == ((idc,),)
        cursor.require(simple and re.fullmatch("[0-9]{1,2}", idc) is not None, "IDC", start)
        fields = fields[1:]
    return ItlRecord(kind, idc, tuple(fields), binary)


def _field(cursor: Cursor, part: str, kind: int, start: int) -> ItlField:
    tag = _TAG.match(part)
    cursor.require(tag is not None and int(tag[1]) == kind, "tag", start)
    assert tag is not None  # noqa: S101 - just required
    number = int(tag[2])
    cursor.require(f"{kind}.{number:03d}:" == tag[0] and number != DATA_TAG, "tag", start)
    value = tuple(tuple(each.split(_US)) for each in part[len(tag[0]) :].split(_RS))
    return ItlField(number, value)


def _binary_record(cursor: Cursor) -> ItlRecord:
    start = cursor.at
    length = cursor.number(4)
    cursor.require(length >= 5, "record length", start)
    cursor.require(length - 4 <= cursor.left, "cut", cursor.end)
    idc = cursor.number(1)
    cursor.require(idc <= 99, "IDC", start + 4)
    return ItlRecord(_BINARY, str(idc), (), cursor.take(length - 5))


def _second_reading(data: bytes, count: int) -> None:
    import nistitl

    message = nistitl.Message()
    try:
        message.parse(data)
    except (
        Exception
    ) as cause:  # NistException, but also ValueError, TypeError, KeyError, IndexError
        raise FormatError(format=NAME, reason="nistitl cannot read it", offset=0) from cause
    if len(message) != count:
        raise FormatError(format=NAME, reason="records", offset=0)


def _message(transaction: Transaction) -> Any:  # noqa: ANN401 - nistitl has no types
    import nistitl

    message = nistitl.Message()
    message.reset(autocreate=False, autosort=False)
    first = message[0]
    first += nistitl.Field(1, _LEN, 0)
    header = {each.tag: each for each in transaction.header}
    counts = [["1", str(len(transaction.records))]]
    counts += [[str(record.type), str(int(record.idc))] for record in transaction.records]
    for tag in sorted({*header, _CNT}):
        first += nistitl.Field(1, tag, counts) if tag == _CNT else _lib_field(1, header[tag])
    for record in transaction.records:
        message += _lib_record(record)
    return message


def _lib_record(record: ItlRecord) -> Any:  # noqa: ANN401 - nistitl has no types
    import nistitl

    if record.type == _BINARY:
        binary = nistitl.BinaryRecord(_BINARY)
        binary.IDC, binary.value = int(record.idc), record.data
        return binary
    text = nistitl.AsciiRecord(record.type, autocreate=False, autosort=False)
    text += nistitl.Field(record.type, _LEN, 0)
    text += nistitl.Field(record.type, _IDC, record.idc)
    for each in record.fields:
        text += _lib_field(record.type, each)
    if record.type in _WITH_DATA:
        text += nistitl.BinaryField(record.type, DATA_TAG, record.data)
    return text


def _lib_field(kind: int, each: ItlField) -> Any:  # noqa: ANN401 - nistitl has no types
    import nistitl

    items: Iterable[tuple[str, ...]] = each.value
    if any(sep in text for group in items for text in group for sep in (_FS, _GS, _RS, _US)):
        raise FormatError(format=NAME, reason="separator in a text", offset=0, tag=each.tag)
    made = nistitl.Field(kind, each.tag)
    made.add_subfields(*(nistitl.SubField(list(group)) for group in items))
    return made
