"""The cameras Linux knows, by name and serial number, read from sysfs without opening any of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SYSFS: Final = Path("/sys/class/video4linux")
_UP_MAX: Final = 4  # from the interface to the USB device that carries it
_NODE: Final = re.compile(r"video(\d+)")


@dataclass(frozen=True, slots=True)
class VideoNode:
    """One capture node. USB descriptors tell make, model and serial; other buses only the name."""

    path: str  # "/dev/video0"
    name: str
    make: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""


def nodes(sysfs: Path = SYSFS) -> Iterator[VideoNode]:
    """Yield the capture nodes in the order of their numbers; nothing where there is no sysfs."""
    try:
        found = sorted(
            (int(match[1]), entry)
            for entry in sysfs.iterdir()
            if (match := _NODE.fullmatch(entry.name))
        )
    except OSError:
        return
    for _, entry in found:
        # A camera's second node carries metadata, no pictures.
        if _word(entry / "index") in {"", "0"}:
            yield _node(entry)


def node_of(path: Path, sysfs: Path = SYSFS) -> VideoNode | None:
    """Return what is known of a device path, also of a link in /dev/v4l/by-id; None when nothing is."""
    try:
        entry = sysfs / path.resolve().name
        return _node(entry) if entry.exists() else None
    except OSError:
        return None


def _node(entry: Path) -> VideoNode:
    usb = _usb_device(entry / "device")
    if usb is None:
        return VideoNode(f"/dev/{entry.name}", _word(entry / "name"))
    told = (_word(usb / name) for name in ("manufacturer", "product", "serial", "bcdDevice"))
    return VideoNode(f"/dev/{entry.name}", _word(entry / "name"), *told)


def _usb_device(entry: Path) -> Path | None:
    try:
        place = entry.resolve(strict=True)
    except OSError:
        return None
    for candidate in (place, *list(place.parents)[:_UP_MAX]):
        if (candidate / "idVendor").exists():
            return candidate
    return None


def _word(path: Path) -> str:
    """Return the printable text of a small file, '' when it is not there."""
    try:
        text = path.read_bytes()[:200].decode("utf-8", "replace")
    except OSError:
        return ""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:64]
