"""A device on a serial line; the protocols fill in the two talks."""

import contextlib
from abc import abstractmethod
from collections.abc import Callable, Iterator

from drivers.owned import OwnedDevice, Session
from drivers.serial.line import ByteLine
from station.clock import CancelToken, Deadline
from station.devices import DeviceInfo, Sink
from station.errors import DeviceRemoved

LineOpener = Callable[[], ByteLine]


class SerialDevice(OwnedDevice):
    """One device behind one line, held exclusively while it is open."""

    def __init__(self, url: str, opener: LineOpener, unopened: DeviceInfo) -> None:
        super().__init__(unopened)
        self._url = url
        self._opener = opener
        self._line: ByteLine | None = None

    @abstractmethod
    def _identify(self, line: ByteLine, deadline: Deadline) -> DeviceInfo:
        """Make the device ready on a fresh line and return who it is."""

    @abstractmethod
    def _ask_once(self, line: ByteLine, deadline: Deadline) -> None:
        """Exchange one harmless message; raises DeviceError."""

    @contextlib.contextmanager
    def _capturing(self, sink: Sink, cancel: CancelToken) -> Iterator[tuple[ByteLine, Session]]:
        """Own the open line for one capture."""
        with self._session(sink, cancel) as session:
            yield self._open_line(), session

    def _connected(self) -> bool:
        return self._line is not None

    def _connect(self, deadline: Deadline) -> DeviceInfo:
        line = self._opener()
        try:
            info = self._identify(line, deadline)
        except BaseException:
            line.close()
            raise
        self._line = line
        return info

    def _disconnect(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _ping(self, deadline: Deadline) -> None:
        self._ask_once(self._open_line(), deadline)

    def _wake(self) -> None:
        line = self._line
        if line is not None:
            line.wake()

    def _open_line(self) -> ByteLine:
        if self._line is None:
            raise DeviceRemoved(transport=self._url, reason="not open")
        return self._line
