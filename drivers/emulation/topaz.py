"""An emulated Topaz pad: plays pen points in real time, packets only while the pen is near."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from drivers.emulation.emulated import Diary
from drivers.emulation.faults import Outgoing
from drivers.emulation.pen_play import AutoSign, PenPlay
from drivers.emulation.runner import SerialEmulator
from drivers.signature.topaz_models import EMULATOR_MODEL_CODE, MODELS, PadModel
from drivers.signature.topaz_packets import Kind, PadPacket, info_packet
from drivers.signature.topaz_screen import CLEAR, CONTROLS
from station.clock import Clock, SystemClock
from station.devices import PenPoint

Hand = Callable[[], Sequence[PenPoint]]

_LIFT_S: Final = 0.01  # between the last point, the lifted pen and the pen that has left
_HIGHEST_SERIAL: Final = (1 << 18) - 1
# Seven bits a byte leave no place for bits 14 and 15 of the serial number.
_SERIAL_BITS: Final = 0x33FFF


class TopazModule:
    """The pad's firmware: no answers, packets when their time has come."""

    def __init__(
        self,
        model: PadModel,
        clock: Clock,
        *,
        seed: int = 1,
        diary: Diary | None = None,
        hand: Hand = tuple,
        auto_s: float | None = None,
    ) -> None:
        """Describe the pad.

        Args:
            model: which one.
            clock: when packets are due.
            seed: its serial number.
            diary: told what the client shows on the screen.
            hand: the signature of whoever sits there.
            auto_s: sign so long after the pad was opened or cleared, without being told.
        """
        self._model = model
        self._diary = diary or Diary(None, clock)
        self._hand = hand
        self._play: PenPlay[PadPacket] = PenPlay(clock)
        # A pad with a screen is asked again by clearing it; without one only time can tell.
        self._auto = AutoSign(clock, auto_s, again_s=None if model.lcd else 4.0)
        self._serial = 0
        self.rename(str(seed & _SERIAL_BITS))

    @property
    def baud(self) -> int:
        """The rate it speaks."""
        return self._model.baud

    @property
    def odd_parity(self) -> bool:
        """Topaz pads are 8O1 or 7O1."""
        return self._model.parity == "O"

    @property
    def serial(self) -> int:
        """The serial number in its INFO packets."""
        return self._serial

    @property
    def model_name(self) -> str:
        """Which model it is."""
        return self._model.name

    @property
    def finished(self) -> threading.Event:
        """Set while no pen moves."""
        return self._play.finished

    def rename(self, serial: str) -> None:
        """Take another serial number; ValueError for one that has no place in an INFO packet."""
        number = int(serial) if serial.isdecimal() else -1
        if number & ~_SERIAL_BITS or not 0 <= number <= _HIGHEST_SERIAL:
            raise ValueError(f"serial {serial}: a number of 18 bits, bits 14 and 15 empty")
        self._serial = number

    def power_on(self) -> None:
        """Forget a pen movement that was going on."""
        self._play.stop()

    def opened(self) -> None:
        """A client has opened the line."""
        self._diary.note("opened")
        self._auto.offered()

    def sign(self) -> None:
        """Move the hand's pen now."""
        self.play(self._hand(), 1.0)

    def play(self, points: Sequence[PenPoint], speed: float) -> None:
        """Begin to move the pen along the points now."""
        self._diary.note("pen", points=len(points))
        self._play.begin(self.moves(points, speed))

    def feed(self, data: bytes) -> Sequence[Outgoing]:
        """Obey control bytes where there is a screen; return the packets that are due."""
        for byte in data:
            self._obey(byte)
        if self._auto.is_due():
            self.sign()
        due = self._play.due()
        if due and due[-1][2]:
            self._diary.note("pen away")
            self._auto.left()
        return [
            Outgoing(packet.encode(self._model.pad_format), index, last)
            for index, packet, last in due
        ]

    def _obey(self, byte: int) -> None:
        if not self._model.lcd or byte not in CONTROLS:
            self._diary.note("ignored", byte=f"{byte:02X}")
            return
        self._diary.note("screen", shows=CONTROLS[byte])
        if byte == CLEAR:
            self._play.stop()
        self._auto.offered()

    def moves(self, points: Sequence[PenPoint], speed: float) -> Iterator[tuple[float, PadPacket]]:
        """Yield what the pad sends: who it is while the pen comes and goes, pressure before its points."""
        if not points:
            return
        info = info_packet(EMULATOR_MODEL_CODE, self._serial)
        yield 0.0, info
        pressure = -1
        at, x, y = 0.0, 0, 0
        for point in points:
            at = (point.t_us - points[0].t_us) / 1e6 / speed
            step = round(min(max(point.pressure, 0.0), 1.0) * 1023)
            if point.down and step != pressure:
                pressure = step
                yield at, PadPacket(Kind.PRESSURE, near=True, down=True, x=0, y=step)
            x, y = self._model.to_raw(point.x_um, point.y_um)
            yield at, PadPacket(Kind.POSITION, near=True, down=point.down, x=x, y=y)
        # The pen lifts where it was, then leaves.
        yield at + _LIFT_S, PadPacket(Kind.POSITION, near=True, down=False, x=x, y=y)
        yield at + _LIFT_S, info
        yield at + 2 * _LIFT_S, PadPacket(Kind.POSITION, near=False, down=False, x=x, y=y)


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
