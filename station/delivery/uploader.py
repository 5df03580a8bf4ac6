"""Resumable upload over a bad line: our own tus 1.0 client behind a port.

Every call has a timeout, so a silent stall ends as a cut. After a cut the centre is asked for its offset
(HEAD) and the upload goes on there. Chunks grow while the line holds and shrink when it does not: one
PATCH to the end would never get through a proxy that buffers bodies and loses them on a cut.
"""

import base64
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

from station.clock import CancelToken
from station.delivery.line import Line
from station.errors import CentreRefused, LineError, StoreError

log = logging.getLogger(__name__)

TUS: Final[Mapping[str, str]] = {"Tus-Resumable": "1.0.0"}
PIECE: Final = 16 * 1024  # bytes between two looks at the cancel token
_GONE: Final = frozenset({404, 410})
_OFFSET_CONFLICT: Final = 409


@dataclass(frozen=True, slots=True)
class UploadJob:
    """One sealed packet to bring to the centre."""

    packet_id: str
    sha256: str
    size: int  # bytes
    path: Path
    upload_path: str = ""  # where an earlier try began, "" at the first


@dataclass(frozen=True, slots=True)
class UploadPlace:
    """How far an upload is; ``path`` is durable and goes on after a restart."""

    path: str
    offset: int


Moved = Callable[[UploadPlace], None]


class Uploader(Protocol):
    """Brings bytes to the centre; knows nothing of queues and receipts."""

    def upload(self, job: UploadJob, moved: Moved, cancel: CancelToken) -> UploadPlace:
        """Send until the centre has every byte; calls ``moved`` after each durable step.

        Raises LineError when the line is down, CentreRefused when the centre says no, StoreError when the
        file cannot be read or has another size, OperatorCancelled.
        """
        ...


@dataclass(slots=True)
class ChunkSize:
    """The size of the next chunk in bytes: doubles after success, halves after a cut."""

    size: int = 256 * 1024
    smallest: int = 64 * 1024
    largest: int = 4 * 1024 * 1024
    barren: int = 0  # cuts in a row that brought nothing forward

    def arrived(self) -> None:
        """Grow: a whole chunk went through."""
        self.barren = 0
        self.size = min(self.largest, self.size * 2)

    def cut(self, *, progress: bool) -> None:
        """Shrink; two cuts in a row without progress ask for the smallest chunk at once."""
        self.barren = 0 if progress else self.barren + 1
        self.size = self.smallest if self.barren >= 2 else max(self.smallest, self.size // 2)


class TusUploader:
    """tus 1.0: creation, HEAD, PATCH."""

    def __init__(
        self,
        line: Line,
        *,
        path: str = "/files",
        chunk: ChunkSize | None = None,
        barren_cuts: int = 3,
    ) -> None:
        self._line = line
        self._path = path
        self._chunk = chunk or ChunkSize()
        self._barren_cuts = barren_cuts

    def upload(self, job: UploadJob, moved: Moved, cancel: CancelToken) -> UploadPlace:
        """Send until the centre has every byte; see ``Uploader.upload``.

        A cut with progress goes on at once; ``barren_cuts`` cuts in a row without progress end the call,
        and the queue waits before the next try.
        """
        if not job.path.is_file() or job.path.stat().st_size != job.size:
            raise StoreError(what="packet file", packet_id=job.packet_id)
        place = self._begin(job)
        moved(place)
        self._chunk.barren = 0
        while place.offset < job.size:
            cancel.check()
            try:
                place = UploadPlace(place.path, self._patch(job, place, cancel))
                self._chunk.arrived()
            except LineError:
                place = self._after_cut(job, place)
            moved(place)
        return place

    def _begin(self, job: UploadJob) -> UploadPlace:
        """Go on where an earlier try stopped, or create the upload."""
        if job.upload_path:
            offset = self._offset(job.upload_path, job.size)
            if offset is not None:
                return UploadPlace(job.upload_path, offset)
        metadata = {"packet_id": job.packet_id, "sha256": job.sha256}
        answer = self._line.call(
            "POST",
            self._path,
            headers={
                **TUS,
                "Upload-Length": str(job.size),
                "Upload-Metadata": ",".join(
                    f"{key} {base64.b64encode(value.encode()).decode()}"
                    for key, value in metadata.items()
                ),
            },
        )
        # Only the path: behind a proxy the centre does not know by which name we reach it.
        path = urlsplit(answer.headers.get("location", "")).path
        if not path.startswith("/"):
            raise CentreRefused(status=answer.status, reason="NO_LOCATION")
        return UploadPlace(path, 0)

    def _offset(self, path: str, size: int) -> int | None:
        """Ask how many bytes the centre has; None when it does not know this upload any more."""
        answer = self._line.call("HEAD", path, headers=TUS, accept=_GONE)
        if answer.status in _GONE:
            return None
        return _read_offset(answer.headers, size)

    def _patch(self, job: UploadJob, place: UploadPlace, cancel: CancelToken) -> int:
        length = min(self._chunk.size, job.size - place.offset)
        answer = self._line.call(
            "PATCH",
            place.path,
            headers={
                **TUS,
                "Upload-Offset": str(place.offset),
                "Content-Type": "application/offset+octet-stream",
                "Content-Length": str(length),
            },
            body=_pieces(job.path, place.offset, length, cancel),
            accept=_GONE | {_OFFSET_CONFLICT},
        )
        if answer.status in _GONE or answer.status == _OFFSET_CONFLICT:
            raise LineError(cause="OFFSET", status=answer.status)
        return _read_offset(answer.headers, job.size)

    def _after_cut(self, job: UploadJob, place: UploadPlace) -> UploadPlace:
        """Find out where the centre stands after a cut; raises LineError when the line is really down."""
        offset = self._offset(place.path, job.size)
        if offset is None:
            return self._begin(UploadJob(job.packet_id, job.sha256, job.size, job.path))
        self._chunk.cut(progress=offset > place.offset)
        log.info("upload cut at %d, chunk now %d", offset, self._chunk.size)
        if self._chunk.barren >= self._barren_cuts:
            raise LineError(cause="NO_PROGRESS", offset=offset)
        return UploadPlace(place.path, offset)


def _read_offset(headers: Mapping[str, str], size: int) -> int:
    text = headers.get("upload-offset", "")
    if not text.isdecimal() or int(text) > size:
        raise CentreRefused(status=0, reason="BAD_OFFSET")
    return int(text)


def _pieces(path: Path, offset: int, length: int, cancel: CancelToken) -> Iterator[bytes]:
    with path.open("rb") as packet:
        packet.seek(offset)
        left = length
        while left > 0:
            cancel.check()
            piece = packet.read(min(PIECE, left))
            if not piece:
                raise StoreError(what="packet file shrank")
            left -= len(piece)
            yield piece
