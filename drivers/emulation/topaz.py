"""An emulated Topaz pad: plays pen points in real time, packets only while the pen is near."""

import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from drivers.emulation.faults import Outgoing
from drivers.emulation.runner import SerialEmulator
from drivers.signature.topaz_models import EMULATOR_MODEL_CODE, MODELS, PadModel
from drivers.signature.topaz_packets import Kind, PadPacket, info_packet
from station.clock import Clock, SystemClock
from station.devices import PenPoint

_Due = tuple[float, PadPacket]


class TopazModule:
    """The pad's firmware: no input, packets when their time has come."""

    def __init__(self, model: PadModel, clock: Clock, *, seed: int = 1) -> None:
        """Describe the pad; ``seed`` is its serial number (14 bits)."""
        self._model = model
        self._clock = clock
        self._info = info_packet(EMULATOR_MODEL_CODE, seed & 0x3FFF)
        self._due: deque[_Due] = deque()
        self._lock = threading.Lock()  # play comes from another thread than feed
        self._sent = 0
        self.finished = threading.Event()

    @property
    def baud(self) -> int:
        """The rate it speaks."""
        return self._model.baud

    @property
    def odd_parity(self) -> bool:
        """Topaz pads are 8O1."""
        return self._model.parity == "O"

    def power_on(self) -> None:
        """Forget a pen movement that was going on."""
        with self._lock:
            self._due.clear()
        self.finished.set()

    def play(self, points: Sequence[PenPoint], speed: float) -> None:
        """Begin to move the pen along the points now."""
        start = self._clock.monotonic()
        with self._lock:
            self._due = deque(self._script(points, start, speed))
            self._sent = 0
            self.finished.clear()

    def feed(self, data: bytes) -> Sequence[Outgoing]:
        """Return the packets that are due; what a host sends is ignored, as by the pad."""
        del data
        now = self._clock.monotonic()
        out = []
        with self._lock:
            while self._due and self._due[0][0] <= now:
                _, packet = self._due.popleft()
                out.append(Outgoing(packet.encode(), self._sent, not self._due))
                self._sent += 1
        if not out and not self._due:
            self.finished.set()
        return out

    def _script(self, points: Sequence[PenPoint], start: float, speed: float) -> list[_Due]:
        script: list[_Due] = [(start, self._info)]
        pressure = -1
        for point in points:
            at = start + (point.t_us - points[0].t_us) / 1e6 / speed
            step = round(min(max(point.pressure, 0.0), 1.0) * 1023)
            if point.down and step != pressure:
                pressure = step
                script.append((at, self._packet(Kind.PRESSURE, point, 0, step)))
            x, y = self._model.to_raw(point.x_um, point.y_um)
            script.append((at, self._packet(Kind.POSITION, point, x, y)))
        # The pen lifts where it was, then leaves.
        end = script[-1][0] + 0.01
        lifted = PadPacket(
            Kind.POSITION, near=True, down=False, x=script[-1][1].x, y=script[-1][1].y
        )
        away = PadPacket(Kind.POSITION, near=False, down=False, x=lifted.x, y=lifted.y)
        return [*script, (end, lifted), (end + 0.01, away)]

    @staticmethod
    def _packet(kind: Kind, point: PenPoint, x: int, y: int) -> PadPacket:
        return PadPacket(kind, near=True, down=point.down, x=x, y=y)


class TopazEmulator(SerialEmulator):
    """A Topaz pad on a pty behind ``link``."""

    def __init__(
        self,
        link: Path,
        *,
        model: PadModel = MODELS["SigLite 1x5"],
        seed: int = 1,
        clock: Clock | None = None,
    ) -> None:
        from drivers.emulation.pty_port import PtyPort  # no termios on Windows

        self.link = link
        self._pad = TopazModule(model, clock or SystemClock(), seed=seed)
        super().__init__(self._pad, PtyPort(link))

    def play(self, points: Sequence[PenPoint], speed: float = 1.0) -> None:
        """Sign on the pad, ``speed`` times as fast as the points were made; returns at once.

        A driver on the machine's clock refuses points faster than 3 m/s: keep ``speed`` near 1.
        """
        self._pad.play(points, speed)

    def wait_played(self, seconds: float) -> bool:
        """Wait until the pen has left; False when it has not within ``seconds``."""
        return self._pad.finished.wait(seconds)
