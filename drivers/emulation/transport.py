"""The port an order asks for: a pty behind a link, or loopback TCP where there is no pty or a port is named."""

import shutil
import tempfile
from pathlib import Path

from drivers.emulation.emulated import Order
from drivers.emulation.runner import Port
from drivers.emulation.tcp_port import TcpPort

_PREFIX = "rekam-emulator-"


class OrderedPort:
    """A port and, when nobody named a link for it, the folder made for its link."""

    def __init__(self, order: Order, default_name: str) -> None:
        """Choose the port; nothing is opened yet."""
        self._folder: Path | None = None
        if order.port is not None:
            self.port: Port = TcpPort(order.port)
            return
        try:
            from drivers.emulation.pty_port import PtyPort  # no termios on Windows
        except ImportError:
            self.port = TcpPort(0)
            return
        link = order.link
        if link is None:
            self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
            link = self._folder / default_name
        self.port = PtyPort(link.absolute())

    def remove(self) -> None:
        """Remove the folder; idempotent."""
        folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
