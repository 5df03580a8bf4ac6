"""The other side: open a packet with a recipient's key and accept it only whole, signed and for us."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.x509 import Certificate

from station.capture import events as ev
from station.devices import Grade
from station.errors import PacketRefused, StoreCorrupt
from station.keys.port import Opener
from station.keys.roles import Role, has_role, holder, is_rehearsal, key_id, refuse_untrusted
from station.packet import archive, envelope, manifest, payload, routing, signed
from station.packet.manifest import Manifest
from station.packet.routing import Routing


@dataclass(frozen=True, slots=True)
class OpenedPacket:
    """A verified packet in memory."""

    manifest: Manifest
    files: Mapping[str, bytes] = field(repr=False)  # "data/photo.jpg" -> bytes
    operator: Certificate
    machine: Certificate
    supervisor: Certificate | None

    def events(self) -> tuple[ev.CaptureEvent, ...]:
        """Return the record's own events; PacketRefused when one is malformed."""
        return _events(self.files)


def open_packet(
    data: bytes, opener: Opener, authority: Certificate, received_at: dt.datetime
) -> OpenedPacket:
    """Open, verify and check a packet as of the time the centre received it.

    Raises PacketRefused (``reason`` names the rule) or KeyRefused (a signer's certificate).
    """
    members = archive.unpack(envelope.open_with(data, opener))
    opened = verify_members(members, authority, received_at)
    if key_id(opener.certificate) not in opened.manifest.recipients:
        raise PacketRefused(reason="FORWARDED")  # sealed on by someone else: we were not meant
    if len(opened.manifest.recipients) != envelope.recipient_count(data):
        raise PacketRefused(reason="RECIPIENTS")
    _refuse_wrong_world(opened, opener.certificate)
    return opened


def verify_packet(
    data: bytes, index: bytes, signature: bytes, authority: Certificate, at: dt.datetime
) -> Routing:
    """Check sealed bytes against their signed routing index, without opening them: any carrier can.

    Raises PacketRefused (SIZE, HASH, ROUTING...) or KeyRefused.
    """
    found = routing.verify_routing(index, signature, authority, at)
    if len(data) != found.size:
        raise PacketRefused(reason="SIZE")
    if hashlib.sha256(data).hexdigest() != found.sha256:
        raise PacketRefused(reason="HASH")
    return found


def verify_members(
    members: Mapping[str, bytes], authority: Certificate, at: dt.datetime
) -> OpenedPacket:
    """Check signatures, roles, names, sizes and hashes of the unpacked members."""
    raw, signature = members.get(archive.MANIFEST), members.get(archive.SIGNATURES)
    if raw is None or signature is None:
        raise PacketRefused(reason="MANIFEST_MISSING")
    found = signed.signers(raw, signature)  # over the bytes received, before they are parsed
    for certificate in found:
        refuse_untrusted(certificate, authority, at)
    content = manifest.from_bytes(raw)
    by_role = _by_role(found, content)
    files = {name: data for name, data in members.items() if name.startswith(archive.DATA)}
    _refuse_other_files(content, files)
    return OpenedPacket(
        manifest=content,
        files=files,
        operator=by_role[Role.OPERATOR],
        machine=by_role[Role.MACHINE],
        supervisor=by_role.get(Role.SUPERVISOR),
    )


def _by_role(found: tuple[Certificate, ...], content: Manifest) -> dict[Role, Certificate]:
    # CMS verification is content with one signature of several, or with the same one twice.
    wanted = [Role.OPERATOR, Role.MACHINE]
    if content.approvers:
        wanted.append(Role.SUPERVISOR)
    by_role = {}
    for role in wanted:
        fitting = [certificate for certificate in found if has_role(certificate, role)]
        if len(fitting) != 1:
            raise PacketRefused(reason="SIGNERS", role=role.value, count=len(fitting))
        by_role[role] = fitting[0]
    if len(found) != len(wanted):
        raise PacketRefused(reason="SIGNERS", count=len(found))
    names = {Role.OPERATOR: {content.operator}, Role.MACHINE: {content.station_id}}
    for role, allowed in {**names, Role.SUPERVISOR: content.approvers}.items():
        if role in by_role and holder(by_role[role]) not in allowed:
            raise PacketRefused(reason="SIGNER_NAME", role=role.value)
    if content.operator in content.approvers:
        raise PacketRefused(reason="SELF_APPROVED")
    return by_role


def _refuse_other_files(content: Manifest, files: Mapping[str, bytes]) -> None:
    if set(files) != set(content.files):
        raise PacketRefused(reason="FILES")
    for name, entry in content.files.items():
        data = files[name]
        if len(data) != entry.size or hashlib.sha256(data).hexdigest() != entry.sha256:
            raise PacketRefused(reason="FILE_HASH", file=name.removeprefix(archive.DATA))


def _refuse_wrong_world(opened: OpenedPacket, recipient: Certificate) -> None:
    grades = {
        event.sample.device.grade for event in opened.events() if isinstance(event, ev.AttemptTaken)
    }
    if not is_rehearsal(recipient):
        if opened.manifest.emulated or Grade.EMULATED in grades:
            raise PacketRefused(reason="EMULATED_FOR_PRODUCTION")
        if Grade.VERIFICATION in grades:
            raise PacketRefused(reason="GRADE")
    if is_rehearsal(opened.machine) != is_rehearsal(recipient):
        raise PacketRefused(reason="REHEARSAL_MIXED")


def _events(files: Mapping[str, bytes]) -> tuple[ev.CaptureEvent, ...]:
    try:
        return tuple(ev.from_json(line) for line in files[payload.EVENTS].splitlines())
    except (KeyError, StoreCorrupt) as cause:
        raise PacketRefused(reason="EVENTS") from cause
