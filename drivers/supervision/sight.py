"""What can be seen of devices without opening any: a state that changes when something is plugged or pulled.

Looking costs a twentieth of a millisecond, a few where device services are looked for; a full discovery
runs only when the state has changed.
"""

import os
import re
import socket
import stat
import sys
from collections.abc import Collection, Hashable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from serial.tools import list_ports

from station.errors import StationError

_PROBE_S: Final = 0.1
_SERVICES: Final = range(4501, 4601)
_LISTENING: Final = "0A"  # TCP state in /proc/net/tcp
_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_TWO_PARTS: Final = re.compile(r"[a-z]+=[^;]+(;[a-z]+=[^;]+)+")
_WEB_PORTS: Final = {"http": 80, "https": 443, "rtsp": 554}

# Which kinds of device nodes a driver's devices appear as; drivers not listed may be any of them.
_NODES: Final = {
    "camera.cv": ("video",),
    "finger.sfm": ("ttyUSB", "ttyACM"),
    "finger.zfm": ("ttyUSB", "ttyACM"),
    "iris.uvc": ("video", "ttyUSB", "ttyACM"),
    "signature.topaz": ("ttyUSB", "ttyACM"),
    "signature.stu": ("hidraw",),
    "sbi": (),
    "reader.pcsc": (),
}
_ANY_NODE: Final = ("video", "ttyUSB", "ttyACM", "hidraw")


def state_of(driver: str, addresses: Collection[str]) -> Hashable:
    """Return what is attached now, as far as it concerns a driver and its configured addresses."""
    seen: list[Hashable] = [(address, footprint(driver, address)) for address in addresses]
    if sys.platform == "linux":
        seen.extend((name, _node(Path("/dev", name))) for name in _nodes_of(driver))
    else:
        seen.append(_ports())
    if driver == "sbi":
        seen.append(open_services())
    if driver == "reader.pcsc":
        seen.append(_readers())
    return tuple(seen)


def _nodes_of(driver: str) -> list[str]:
    prefixes = _NODES.get(driver, _ANY_NODE)
    if not prefixes:
        return []
    with os.scandir("/dev") as found:
        return sorted(entry.name for entry in found if entry.name.startswith(prefixes))


def footprint(driver: str, address: str) -> Hashable | None:
    """Return what stands at an address now: None for nothing, another value after a replug.

    An address that cannot be looked at without touching the device (a serial port behind a network) always
    gives the same value.
    """
    halves = _halves(address)
    if halves:
        prints = tuple(footprint(driver, half) for half in halves)
        return None if None in prints else prints
    if driver == "sbi":
        place = address.partition("/")[0]  # PORT/DEVICE
        port = int(place) if place.isdecimal() else 0
        return ("service", port) if not port or _is_listened_on(port) else None
    if driver == "reader.pcsc":
        return ("reader", address) if any(address in name for name in _readers()) else None
    scheme, separator, _rest = address.partition("://")
    if separator:
        return _answers(address) if scheme in _WEB_PORTS else ("url", address)
    if address.isdecimal():  # a camera's index, which only Linux shows
        return (
            _node(Path(f"/dev/video{address}")) if sys.platform == "linux" else ("index", address)
        )
    if address.upper().startswith("COM"):
        return next((port for port in _ports() if port[0] == address), None)
    return _node(Path(address)) if "/" in address else ("name", address)


def can_be_seen(driver: str, address: str) -> bool:
    """Whether ``footprint`` notices that a device there has gone; else it must be asked now and then."""
    if driver == "sbi":  # the service stays when its device is pulled
        return False
    if driver == "camera.cv" and "://" in address:  # as may the server of a stream
        return False
    halves = _halves(address)
    if halves:
        return all(can_be_seen(driver, half) for half in halves)
    scheme, separator, _rest = address.partition("://")
    return not separator or scheme in _WEB_PORTS


def is_node(driver: str, address: str) -> bool:
    """Whether an address names a device node of this machine: a path or a camera's index."""
    if driver in {"sbi", "reader.pcsc"} or "://" in address or _halves(address):
        return False
    return "/" in address or address.isdecimal()


def open_services() -> tuple[int, ...]:
    """Return the loopback ports of the device service range that are listened on; none is touched on Linux."""
    try:
        return tuple(sorted(set(_listening()) & set(_SERVICES)))
    except OSError:
        return tuple(port for port in _SERVICES if _connects("127.0.0.1", port))


def _is_listened_on(port: int) -> bool:
    try:
        return port in set(_listening())
    except OSError:
        return _connects("127.0.0.1", port)


def _halves(address: str) -> tuple[str, ...]:
    """Return the places of a device in two parts, as in ``camera=/dev/video2;lamp=/dev/ttyUSB1``; else ()."""
    if not _TWO_PARTS.fullmatch(address):
        return ()
    return tuple(part.partition("=")[2] for part in address.split(";"))


def _listening() -> Iterator[int]:
    for table in _TABLES:
        if not table.exists():
            if table is _TABLES[0]:
                raise FileNotFoundError(table)
            continue
        for line in table.read_text("ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTENING:
                yield int(fields[1].rpartition(":")[2], 16)


def _ports() -> tuple[tuple[str, str], ...]:
    return tuple(sorted((port.device, port.serial_number or "") for port in list_ports.comports()))


def _node(path: Path) -> Hashable | None:
    """Return what tells one plugging of a device node from the next."""
    try:
        link, node = path.lstat(), path.stat()
    except OSError:
        return None
    # The times of a terminal move with its traffic; those of a link say when it was made.
    made = link.st_mtime_ns if stat.S_ISLNK(link.st_mode) else node.st_ctime_ns
    return (link.st_ino, made, node.st_ino, node.st_rdev)


def _answers(url: str) -> Hashable | None:
    try:
        parts = urlsplit(url)
        port = parts.port or _WEB_PORTS[parts.scheme]
    except ValueError:
        return None
    return ("port", port) if parts.hostname and _connects(parts.hostname, port) else None


def _connects(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), _PROBE_S):
            return True
    except OSError:
        return False


def _readers() -> tuple[str, ...]:
    from drivers.smartcard.service import service_readers

    try:
        return service_readers()
    except StationError:
        return ()
