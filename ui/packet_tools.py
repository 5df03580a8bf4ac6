"""Opening and verifying packets on the command line, with the centre's keys."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from station.clock import SystemClock
from station.errors import PacketRefused
from station.keys.rehearsal import PASSPHRASE
from station.keys.roles import Role
from station.keys.soft import Profile, SoftKeyStore
from station.packet.opened import OpenedPacket, open_packet


def _open(packet: Path, keys: Path) -> OpenedPacket:
    store = SoftKeyStore(keys, PASSPHRASE, Profile.REHEARSAL)
    return open_packet(
        packet.read_bytes(), store.opener(Role.RECIPIENT), store.authority(), SystemClock().now()
    )


def verified(packet: Path, keys: Path) -> Mapping[str, Any]:
    """Return the manifest of a packet whose signatures and contents verify; PacketRefused, KeyRefused."""
    return asdict(_open(packet, keys).manifest)


def unpack(packet: Path, keys: Path, out: Path) -> tuple[str, ...]:
    """Write the files of a verified packet into ``out``, which must not exist or be empty."""
    opened = _open(packet, keys)
    if out.exists() and any(out.iterdir()):
        raise PacketRefused(reason="FOLDER_NOT_EMPTY")
    for name, data in opened.files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)  # it is a person's data in clear
        path.write_bytes(data)
    return tuple(opened.files)
