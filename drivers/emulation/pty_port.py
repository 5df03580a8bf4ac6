"""A pseudo-terminal as the port of an emulator, behind a symlink that stays the same over replugs."""

import contextlib
import errno
import fcntl
import os
import select
import struct
import termios
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Final

_SLICE_S: Final = 0.02
# termios codes of the rates that devices on this station use.
_RATES: Final = {
    getattr(termios, f"B{rate}"): rate
    for rate in (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
    if hasattr(termios, f"B{rate}")
}
# Linux: the settings with the rate as a number, for rates that have no code (28 800, 76 800).
_TCGETS2: Final = 0x802C542A
_TERMIOS2: Final = struct.Struct("4I20B2I")


class PtyPort:
    """A pty pair; all calls come from the runner's one thread, so the master never closes under a write."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self.openings = (
            0  # times a client of an odd-parity line has set it up; others cannot be seen
        )
        self._master = -1
        self._slave = -1
        self._target = ""

    @property
    def url(self) -> str:
        """What a driver opens."""
        return str(self._link)

    def plug(self) -> None:
        """Create a new pair and point the link at it."""
        if self._link.is_symlink():
            ours = str(self._link.readlink()).startswith("/dev/")  # of a process that was killed
        else:
            ours = not self._link.exists()
        if not ours:
            raise FileExistsError(errno.EEXIST, "not a link", str(self._link))
        self._master, self._slave = os.openpty()
        tty.setraw(self._master)
        # Our own slave descriptor stays open: without it the master reads EIO between two clients.
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._link.unlink(missing_ok=True)
        self._target = os.ttyname(self._slave)
        self._link.symlink_to(self._target)

    def unplug(self) -> None:
        """Remove the link and close both ends; a client then reads end of file."""
        # Another emulator may have taken the name meanwhile.
        if self._link.is_symlink() and str(self._link.readlink()) == self._target:
            self._link.unlink(missing_ok=True)
        self._target = ""
        for descriptor in (self._slave, self._master):
            if descriptor >= 0:
                os.close(descriptor)
        self._master = self._slave = -1

    def receive(self, seconds: float) -> bytes:
        """Return what arrives within ``seconds``, possibly nothing."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return b""
        with contextlib.suppress(BlockingIOError):
            return os.read(self._master, 4096)
        return b""

    def send(self, data: bytes, interrupted: Callable[[], bool]) -> bool:
        """Write all bytes; False when interrupted before the client took them."""
        view = memoryview(data)
        while view:
            if interrupted():
                return False
            _, ready, _ = select.select([], [self._master], [], _SLICE_S)
            if ready:
                with contextlib.suppress(BlockingIOError):
                    view = view[os.write(self._master, view) :]
        return True

    def client_line(self) -> tuple[int, bool] | None:
        """Return the client's (baud, odd parity); None for a rate we do not know.

        A pty masks PARENB and CS7, so odd parity is all that shows of the frame format.
        """
        settings = termios.tcgetattr(self._slave)
        if settings[2] & termios.PARODD and not settings[0] & termios.IXANY:
            # The kernel refuses settings of which it takes none over: the next client's 8O1 would be such a one.
            # A bit that does nothing without IXON, and that serial clients clear, makes it a change.
            self.openings += 1
            settings[0] |= termios.IXANY
            termios.tcsetattr(self._slave, termios.TCSANOW, settings)
        rate = _RATES.get(settings[5]) or self._odd_rate()
        return None if rate is None else (rate, bool(settings[2] & termios.PARODD))

    def _odd_rate(self) -> int | None:
        """Return a rate without a code; None where the system does not tell it."""
        try:
            told = fcntl.ioctl(self._slave, _TCGETS2, bytes(_TERMIOS2.size))
        except OSError:
            return None
        return int(_TERMIOS2.unpack(told)[-1]) or None
