"""The import of the full region table: strict rows, and a report to read before it is accepted."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from station.errors import MasterDataRefused
from station.person.regions import CODE, Level, Region, RegionTable, parent_of


@dataclass(frozen=True, slots=True)
class RegionImport:
    """A table that was read and compared with the running one, but is not yet in use."""

    table: RegionTable
    added: tuple[str, ...]
    renamed: tuple[str, ...]
    retired: tuple[str, ...]  # newly retired by this import
    revived: tuple[str, ...]  # retired before, current again

    @property
    def counts(self) -> dict[str, int]:
        """The figures the technician accepts or refuses."""
        return {
            "rows": len(self.table),
            "added": len(self.added),
            "renamed": len(self.renamed),
            "retired": len(self.retired),
            "revived": len(self.revived),
        }


def read_rows(data: bytes) -> dict[str, Region]:
    """Read a UTF-8 table with the header ``kode,nama``; MasterDataRefused names the line (from 1)."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise MasterDataRefused(reason="NOT_UTF8", offset=cause.start) from cause
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return _rows(reader)
    except csv.Error as cause:
        raise MasterDataRefused(reason="NOT_CSV", line=reader.line_num) from cause


def import_regions(
    data: bytes,
    running: RegionTable,
    *,
    version: str,
    decree: str,
    valid_from: dt.date,
    coverage: Mapping[str, Level],
) -> RegionImport:
    """Read a full table against the running one; nothing changes until the caller takes ``table``.

    A code that disappears becomes retired and is never deleted.
    """
    rows = read_rows(data)
    before = running.rows
    gone = sorted(code for code in before if code not in rows)
    merged = rows | {code: Region(code, before[code].name, retired=True) for code in gone}
    return RegionImport(
        table=RegionTable(version, decree, valid_from, dict(coverage), merged),
        added=tuple(code for code in rows if code not in before),
        renamed=tuple(c for c, row in rows.items() if c in before and before[c].name != row.name),
        retired=tuple(code for code in gone if not before[code].retired),
        revived=tuple(code for code in rows if code in before and before[code].retired),
    )


def _rows(reader: Iterator[list[str]]) -> dict[str, Region]:
    if next(reader, None) != ["kode", "nama"]:
        raise MasterDataRefused(reason="HEADER", line=1)
    rows: dict[str, Region] = {}
    lines: dict[str, int] = {}
    for line, row in enumerate(reader, 2):
        if len(row) != 2 or not row[1].strip():
            raise MasterDataRefused(reason="COLUMNS", line=line)
        code, name = row
        if not CODE.fullmatch(code):
            raise MasterDataRefused(reason="CODE", line=line)
        if code in rows:
            raise MasterDataRefused(reason="DUPLICATE", line=line, region=code)
        rows[code] = Region(code, name.strip())
        lines[code] = line
    if not rows:
        raise MasterDataRefused(reason="EMPTY", line=1)
    for code, line in lines.items():
        parent = parent_of(code)
        if parent and parent not in rows:
            raise MasterDataRefused(reason="NO_PARENT", line=line, region=code)
    return rows
