"""Sealing: lint, manifest, signatures, envelope, and the proof that the written file can be opened.

After ``Sealing.check`` the content key is forgotten: the desk cannot open the packet any more, for it
owns no recipient's key.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from station.capture import events as ev
from station.capture.enrolment import Enrolment, replay
from station.capture.plan import CapturePlan
from station.errors import PacketRefused, StoreCorrupt
from station.keys.roles import key_id
from station.packet import archive, envelope, payload, signed
from station.packet.context import SealContext
from station.packet.lint import approvers, chosen, lint
from station.packet.manifest import SCHEMA, Created, FileEntry, Manifest, to_bytes, utc_text
from station.packet.routing import SCHEMA as ROUTING_SCHEMA
from station.packet.routing import Routing, SignedRouting, sign_routing


@dataclass(frozen=True, slots=True)
class SealedPacket:
    """What the desk may know of a packet it can no longer open."""

    packet_id: str
    record_id: str
    seq: int
    size: int
    sha256: str
    prev_packet_sha256: str
    recipients: tuple[str, ...]
    routing: SignedRouting = field(repr=False)


class Sealing:
    """A sealed packet in memory, waiting for its file to be written and read back."""

    def __init__(
        self, data: bytes, inner: bytes, key: envelope.ContentKey, sealed: SealedPacket
    ) -> None:
        self.data = data
        self._inner_sha256 = hashlib.sha256(inner).digest()
        self._key: envelope.ContentKey | None = key
        self._sealed = sealed

    @property
    def packet_id(self) -> str:
        """Name of the packet and stem of its file."""
        return self._sealed.packet_id

    def check(self, read_back: bytes) -> SealedPacket:
        """Open what the disk gave back, compare it to the last bit, and forget the key.

        Raises StoreCorrupt when the disk gave back anything else; the packet then does not exist.
        """
        key, self._key = self._key, None
        if key is None:
            raise PacketRefused(reason="KEY_FORGOTTEN")
        try:
            inner = envelope.open_again(read_back, key)
        except PacketRefused as cause:
            raise StoreCorrupt(what="packet", reason="READ_BACK") from cause
        same = hashlib.sha256(inner).digest() == self._inner_sha256
        if not same or hashlib.sha256(read_back).hexdigest() != self._sealed.sha256:
            raise StoreCorrupt(what="packet", reason="READ_BACK")
        return self._sealed


def seal(
    events: Sequence[ev.CaptureEvent],
    read_sample: Callable[[str], bytes],
    plan: CapturePlan,
    context: SealContext,
) -> Sealing:
    """Return the sealed bytes of a complete enrolment, not yet on disk.

    Raises PacketRefused(reason=LINT, code=first finding) when the centre would not accept it,
    StoreCorrupt when a sample is damaged, KeyRefused when a key does not sign.
    """
    state = replay(events)
    refuse_findings(state, plan, context)
    files = payload.build(state, events, plan, context, read_sample)
    manifest = _manifest(state, plan, context, files)
    raw = to_bytes(manifest)
    signers = [context.operator, context.machine]
    if manifest.approvers and context.supervisor is not None:
        signers.append(context.supervisor)
    now = context.clock.now()
    inner = archive.pack(
        {archive.MANIFEST: raw, archive.SIGNATURES: signed.sign(raw, signers, now), **files}
    )
    data, key = envelope.seal(inner, context.recipients)
    if len(data) > context.limits.packet_bytes:
        raise PacketRefused(reason="LINT", code="PACKET_SIZE", bytes=len(data))
    routing = _routing(manifest, data, context)
    sealed = SealedPacket(
        packet_id=manifest.packet_id,
        record_id=manifest.record_id,
        seq=manifest.seq,
        size=routing.size,
        sha256=routing.sha256,
        prev_packet_sha256=manifest.prev_packet_sha256,
        recipients=manifest.recipients,
        routing=sign_routing(routing, context.machine, now),
    )
    return Sealing(data, inner, key, sealed)


def refuse_findings(state: Enrolment, plan: CapturePlan, context: SealContext) -> None:
    """Raise PacketRefused(reason=LINT) with the first blocking finding."""
    for finding in lint(state, plan, context):
        if finding.blocks:
            slot = finding.slot.value if finding.slot else ""
            raise PacketRefused(reason="LINT", code=finding.code.value, slot=slot)


def _manifest(
    state: Enrolment, plan: CapturePlan, context: SealContext, files: dict[str, bytes]
) -> Manifest:
    manifest = Manifest(
        schema=SCHEMA,
        packet_id=state.id,
        record_id=context.record_id,
        replaces=context.replaces,
        central_order=context.central_order,
        station_id=context.station_id,
        operator=context.operator_id,
        created=Created(
            utc_text(context.clock.now()),
            int(context.clock.monotonic() * 1000),
            context.time_source,
        ),
        seq=context.seq,
        prev_packet_sha256=context.prev_packet_sha256,
        recipients=tuple(key_id(item) for item in context.recipients),
        emulated=any(sample.device.emulated for sample in chosen(state, plan)),
        files={
            name: FileEntry(
                hashlib.sha256(data).hexdigest(), len(data), payload.media_type_of(name)
            )
            for name, data in files.items()
        },
        audit_root=context.audit_root,
        audit_seq=context.audit_seq,
        exceptions=payload.exceptions(state, plan),
        software=context.software,
    )
    if manifest.approvers != approvers(state):
        raise PacketRefused(reason="APPROVERS")
    return manifest


def _routing(manifest: Manifest, data: bytes, context: SealContext) -> Routing:
    return Routing(
        schema=ROUTING_SCHEMA,
        packet_id=manifest.packet_id,
        seq=manifest.seq,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        recipients=manifest.recipients,
        station_id=manifest.station_id,
        station_area=context.station_area,
        domicile_area=context.domicile_area,
        attempt=1,
    )
