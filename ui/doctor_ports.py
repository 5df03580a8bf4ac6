"""What keeps a user from the devices' ports: the rights on their nodes, and the card service."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from station.errors import StationError
from ui.findings import GOOD, LOOK, WRONG, Finding

# Which nodes matter, and how a user gets the right to open them.
_NODES: Final = (
    ("ttyUSB*", "sudo usermod -aG dialout $USER, lalu masuk ulang"),
    ("ttyACM*", "sudo usermod -aG dialout $USER, lalu masuk ulang"),
    ("video*", "sudo usermod -aG video $USER, lalu masuk ulang"),
)
_WACOM: Final = "0000056A"
_TABLET: Final = "sudo cp packaging/udev/60-rekam-signature.rules /etc/udev/rules.d/, lalu colokkan lagi papannya"
_PROGRAM_PATH: Final = "/usr/sbin"


def port_findings(dev: Path = Path("/dev"), sys: Path = Path("/sys")) -> Iterator[Finding]:
    """Yield one finding per node that this user may not open, or one that says all may be."""
    nodes = [(node, step) for pattern, step in _NODES for node in sorted(dev.glob(pattern))]
    nodes += [(node, _TABLET) for node in _tablets(dev, sys)]
    closed = [(node, step) for node, step in nodes if not os.access(node, os.R_OK | os.W_OK)]
    for node, step in closed:
        yield Finding(WRONG, f"{node} tidak boleh dibuka oleh pengguna ini", step, "port")
    if nodes and not closed:
        names = ", ".join(node.name for node, _step in nodes)
        yield Finding(GOOD, f"colokan boleh dibuka: {names}", kind="port")


def _tablets(dev: Path, sys: Path) -> Iterator[Path]:
    """Yield the HID nodes of Wacom: other HID devices are nobody's business."""
    for about in sorted((sys / "class" / "hidraw").glob("hidraw*/device/uevent")):
        try:
            wacom = f":{_WACOM}:" in about.read_text("ascii", "replace")
        except OSError:
            continue
        if wacom:
            yield dev / about.parents[1].name


def card_service_finding() -> Finding:
    """Return whether the card service runs, and which readers it knows."""
    from drivers.smartcard.service import service_readers

    try:
        names = service_readers()
    except StationError:
        path = f"{os.environ.get('PATH', '')}{os.pathsep}{_PROGRAM_PATH}"
        if shutil.which("pcscd", path=path) is None:
            return Finding(LOOK, "pcscd tidak terpasang", "sudo apt-get install pcscd", "service")
        return Finding(
            LOOK,
            "layanan PC/SC tidak berjalan",
            "sudo systemctl start pcscd.socket; latihan tetap bisa tanpa itu",
            "service",
        )
    if not names:
        return Finding(
            LOOK, "layanan PC/SC berjalan, tidak ada pembaca kartu", "colokkan pembaca", "service"
        )
    return Finding(GOOD, f"pembaca kartu: {', '.join(names)}", kind="service")
