"""Preview pictures out of a helper: the newest waits here until the desk asks for one."""

import threading

from drivers.isolation.channel import Channel
from drivers.isolation.codec import Malformed, pixels_of
from drivers.isolation.memory import STREAM, SharedMemory
from station.devices import Frame


class Previews:
    """A mailbox of one on the driver's side; a picture enters shared memory only when it is wanted.

    The desk asks for the next picture when it has done with the last, so memory is never written while it is
    read, and what arrives is the newest at that moment however slow the desk is.
    """

    def __init__(self, channel: Channel, memory: SharedMemory) -> None:
        self._channel = channel
        self._memory = memory
        self._lock = threading.Lock()
        self._call = 0
        self._wanted = False
        self._newest: Frame | None = None
        self._number = 0

    def begin(self, call: int) -> None:
        """Start with a new call: nothing waits, one picture is wanted."""
        with self._lock:
            self._call, self._wanted, self._newest = call, True, None

    def end(self) -> None:
        """Forget what waits; nothing is sent after this."""
        with self._lock:
            self._call, self._wanted, self._newest = 0, False, None

    def offer(self, frame: Frame) -> None:
        """Take the driver's newest picture; Malformed when it is none."""
        pixels_of(frame.pixels)
        with self._lock:
            self._newest = frame
            self._send()

    def want(self, call: int) -> None:
        """The desk has done with the last picture."""
        with self._lock:
            if call == self._call:
                self._wanted = True
                self._send()

    def _send(self) -> None:
        frame = self._newest
        if frame is None or not self._wanted or not self._call:
            return
        self._newest, self._wanted = None, False
        pixels = pixels_of(frame.pixels)
        self._number += 1
        self._memory.write(STREAM, self._number, pixels)
        if type(frame.id) is not int or type(frame.t_mono) is not float:
            raise Malformed("frame")
        self._channel.send(
            {
                "n": self._call,
                "frame": {
                    "number": self._number,
                    "id": frame.id,
                    "t": frame.t_mono,
                    "shape": list(pixels.shape),
                },
            }
        )
