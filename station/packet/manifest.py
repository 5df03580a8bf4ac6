"""The manifest: what a packet holds, who made it, for whom, and where it stands in the station's sequence."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, ClassVar, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from station.errors import PacketRefused
from station.packet import canonical

SCHEMA: Final = "rekam-packet-1"
WAIVED: Final = "RECHECK_WAIVED"
ACCEPTED: Final = "ACCEPTED_WEAK"

_STRICT = ConfigDict(extra="forbid", strict=True)
_UTC: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
KeyId = Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
PacketId = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
Utc = Annotated[str, Field(pattern=_UTC.pattern)]
Count = Annotated[int, Field(ge=0)]
Short = Annotated[str, Field(max_length=200)]


@dataclass(frozen=True, slots=True)
class Created:
    """When, by which clock. Order goes by ``seq``, never by this."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    utc: Utc
    monotonic_ms: Count
    time_source: Short


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One payload file."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    sha256: Sha256
    size: Count
    mime: Short


@dataclass(frozen=True, slots=True)
class ExceptionEntry:
    """A slot that is empty, weak, or did not match again: why, by whom, and who approved it."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    slot: Short
    kind: Short  # an ExemptionKind, WAIVED or ACCEPTED
    reason: Short
    operator: Short
    approved_by: Short = ""
    return_on: Short = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Signed by operator and machine; a supervisor signs too where an exception was approved."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    schema: Literal["rekam-packet-1"]
    packet_id: PacketId
    record_id: Short
    replaces: Short  # packet id of the one a re-capture replaces, or ''
    central_order: Short  # the order under which a re-capture was made, or ''
    station_id: Short
    operator: Short
    created: Created
    seq: Annotated[int, Field(ge=1)]
    prev_packet_sha256: Sha256
    recipients: tuple[KeyId, ...]
    emulated: bool  # samples of emulated devices: only ever in a rehearsal
    files: Mapping[str, FileEntry]
    audit_root: Short
    audit_seq: Count
    exceptions: tuple[ExceptionEntry, ...]
    software: Short

    @property
    def approvers(self) -> frozenset[str]:
        """Who approved an exception as the second person."""
        return frozenset(item.approved_by for item in self.exceptions if item.approved_by)


_ADAPTER: Final = TypeAdapter(Manifest)


def to_bytes(manifest: Manifest) -> bytes:
    """Return the manifest as canonical JSON: the bytes that are signed."""
    return canonical.write(asdict(manifest))


def from_bytes(data: bytes) -> Manifest:
    """Return the manifest of canonical JSON; PacketRefused for anything else."""
    canonical.read(data, "manifest")  # the form; the next line takes the content
    try:
        manifest = _ADAPTER.validate_json(data)
    except ValidationError as cause:
        field = ".".join(str(part) for part in cause.errors(include_input=False)[0]["loc"][:1])
        # The library's error quotes its input, which may be personal.
        raise PacketRefused(reason="MANIFEST", field=field) from None
    return manifest


def utc_text(moment: dt.datetime) -> str:
    """Return whole seconds UTC: ``2026-03-02T01:00:00Z``."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
