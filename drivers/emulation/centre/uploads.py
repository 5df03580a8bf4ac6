"""The receiving end of tus 1.0: creation, HEAD, PATCH. What is in the file is what was received.

The length of the file is the offset, so nothing can disagree with it after a kill. A new HEAD or PATCH
ends a PATCH that still hangs on a dead connection; an answer with an offset comes after the fsync.
"""

import base64
import binascii
import json
import os
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from drivers.emulation.centre.faults import Fault, Faults

TUS: Final[Mapping[str, str]] = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
MAX_PACKET: Final = 64 * 1024 * 1024
_STALL_S: Final = 3600.0
_NAME: Final = re.compile(r"[0-9A-Za-z-]{1,64}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload: what is to come and where it goes."""

    id: str
    packet_id: str
    sha256: str
    length: int
    file: Path

    @property
    def offset(self) -> int:
        """Bytes received."""
        return self.file.stat().st_size if self.file.exists() else 0


Finished = Callable[[Upload], Awaitable[str]]  # returns a refusal's reason, or ""
Conflicts = Callable[[str, str], bool]  # packet id, sha256: other bytes are held under this id


class Drop(Response):
    """An answer that never arrives: the connection is dropped after the head of one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise a byte and end without it; the server then closes the connection."""
        del scope, receive
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]}
        )


class Uploads:
    """All uploads in one folder; survives kill -9."""

    def __init__(
        self, folder: Path, faults: Faults, conflicts: Conflicts, finished: Finished
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._faults = faults
        self._conflicts = conflicts
        self._finished = finished
        self._turn: dict[str, int] = {}

    async def create(self, request: Request) -> Response:
        """POST: begin an upload."""
        metadata = _metadata(request.headers.get("upload-metadata", ""))
        length = request.headers.get("upload-length", "")
        packet_id, sha256 = metadata.get("packet_id", ""), metadata.get("sha256", "")
        known = _NAME.fullmatch(packet_id) and _HASH.fullmatch(sha256) and length.isdecimal()
        if not known or request.headers.get("tus-resumable") != "1.0.0":
            return Response("BAD_UPLOAD", 400, TUS)
        if not 0 < int(length) <= MAX_PACKET:
            return Response("TOO_LARGE", 413, TUS)
        if self._conflicts(packet_id, sha256):
            return Response("HASH_CONFLICT", 409, TUS)
        name = secrets.token_hex(16)
        note = {"packet_id": packet_id, "sha256": sha256, "length": int(length)}
        temporary = self._folder / f"{name}.tmp"
        temporary.write_text(json.dumps(note), "ascii")
        (self._folder / name).touch()
        temporary.rename(self._folder / f"{name}.json")
        return Response(
            status_code=201, headers={**TUS, "Location": str(request.url_for("upload", name=name))}
        )

    async def head(self, request: Request) -> Response:
        """HEAD: say how far it is; also ends a PATCH that hangs, and finishes what a kill left unfinished."""
        upload = self._find(request)
        if upload is None:
            return Response(status_code=404, headers=TUS)
        self._next_turn(upload)
        if upload.offset == upload.length:
            refusal = await self._finished(upload)
            if refusal:
                return self._refused(upload, refusal)
        headers = {**TUS, "Upload-Offset": str(upload.offset), "Upload-Length": str(upload.length)}
        return Response(status_code=200, headers=headers)

    async def patch(self, request: Request) -> Response:
        """PATCH: append at the offset."""
        upload = self._find(request)
        if upload is None:
            return Response("UNKNOWN_UPLOAD", 404, TUS)
        if request.headers.get("content-type") != "application/offset+octet-stream":
            return Response("BAD_TYPE", 415, TUS)
        if request.headers.get("upload-offset") != str(upload.offset):
            return Response("WRONG_OFFSET", 409, TUS)
        if not await self._append(upload, request.stream()):
            return Drop()
        if upload.offset == upload.length:
            refusal = await self._finished(upload)
            if refusal:
                return self._refused(upload, refusal)
            if self._faults.take(Fault.LOST_RECEIPT):
                return Drop()
        return Response(status_code=204, headers={**TUS, "Upload-Offset": str(upload.offset)})

    def forget(self, upload: Upload) -> None:
        """Remove an upload whose bytes are elsewhere, or useless."""
        for path in (upload.file, self._folder / f"{upload.id}.json"):
            path.unlink(missing_ok=True)
        self._turn.pop(upload.id, None)

    async def _append(self, upload: Upload, stream: AsyncIterator[bytes]) -> bool:
        """Write what comes; return False when the connection is to be dropped."""
        turn = self._next_turn(upload)
        start = upload.offset
        cut, stall = self._faults.take(Fault.CUT), self._faults.take(Fault.STALL)
        with upload.file.open("ab") as file:
            try:
                async for piece in stream:
                    if (
                        self._turn.get(upload.id) != turn
                        or upload.offset + len(piece) > upload.length
                    ):
                        return False
                    file.write(piece)
                    file.flush()
                    done = upload.offset - start
                    if stall and done >= stall:
                        await anyio.sleep(_STALL_S)
                    if cut and done >= cut:
                        return False
                    if slow := self._faults.take(Fault.SLOW):
                        await anyio.sleep(slow / 1000)
            except ClientDisconnect:
                return False
            finally:
                os.fsync(file.fileno())
        return True

    def _refused(self, upload: Upload, reason: str) -> Response:
        self.forget(upload)
        return Response(reason, 422, TUS)

    def _next_turn(self, upload: Upload) -> int:
        self._turn[upload.id] = self._turn.get(upload.id, 0) + 1
        return self._turn[upload.id]

    def _find(self, request: Request) -> Upload | None:
        name = str(request.path_params["name"])
        note = self._folder / f"{name}.json"
        if not _NAME.fullmatch(name) or not note.exists():
            return None
        facts = json.loads(note.read_text("ascii"))
        return Upload(
            name, facts["packet_id"], facts["sha256"], facts["length"], self._folder / name
        )


def _metadata(header: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in header.split(","):
        key, _, value = item.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode("ascii")
        except (binascii.Error, UnicodeDecodeError):
            return {}
    return found
