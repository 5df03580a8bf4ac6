"""The packet's inner archive: a stored ZIP whose bytes follow from its members alone."""

import io
import re
import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from station.errors import PacketRefused

MANIFEST: Final = "manifest.json"
SIGNATURES: Final = "manifest.p7s"
DATA: Final = "data/"

_NAME: Final = re.compile(r"manifest\.json|manifest\.p7s|data/[a-z][a-z0-9_]{0,40}\.[a-z0-9]{2,5}")
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_MODE: Final = 0o100600 << 16
MOST_MEMBERS: Final = 64
MOST_BYTES: Final = 16_000_000


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of the members: manifest and signatures first, then by name; nothing compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members, key=_order):
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = _UNIX
            info.external_attr = _MODE
            archive.writestr(info, members[name])
    return buffer.getvalue()


def unpack(data: bytes) -> Mapping[str, bytes]:
    """Return the members; PacketRefused unless ``pack`` of them gives exactly these bytes.

    That one comparison refuses compression, links, paths, comments, hidden or doubled members and
    anything before or after the archive.
    """
    if len(data) > MOST_BYTES:
        raise PacketRefused(reason="ARCHIVE_SIZE")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _refuse_odd(infos)
            members = {info.filename: archive.read(info) for info in infos}
    except (
        zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError, OverflowError,
        OSError, KeyError,
    ) as cause:  # fmt: skip
        raise PacketRefused(reason="ARCHIVE") from cause
    if pack(members) != data:
        raise PacketRefused(reason="ARCHIVE_FORM")
    return MappingProxyType(members)


def _refuse_odd(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MOST_MEMBERS:
        raise PacketRefused(reason="ARCHIVE_MEMBERS")
    for info in infos:
        stored = info.compress_type == zipfile.ZIP_STORED and info.file_size == info.compress_size
        if not stored or not _NAME.fullmatch(info.filename):
            raise PacketRefused(reason="ARCHIVE_MEMBER")
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise PacketRefused(reason="ARCHIVE_SIZE")


def _order(name: str) -> tuple[int, str]:
    return ({MANIFEST: 0, SIGNATURES: 1}.get(name, 2), name)
