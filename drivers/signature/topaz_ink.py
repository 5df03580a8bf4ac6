"""From Topaz packets to pen points: time of arrival, micrometres, pressure."""

from collections.abc import Sequence

from drivers.signature.ink import Strokes
from drivers.signature.topaz_models import PadModel
from drivers.signature.topaz_packets import NOISE, PadPacket
from station.devices import PenPoint


class Ink(Strokes):
    """The strokes of one signature on one model of pad."""

    def __init__(self, model: PadModel, packet_s: float) -> None:
        """Start empty; ``packet_s`` is how long one packet takes on the line."""
        super().__init__()
        self._model = model
        self._packet_us = round(packet_s * 1e6)
        self._pressure = 1.0
        self._began = 0.0
        self._last_us = 0  # when the newest packet was on the line, kept or not

    def press(self, pressure: int) -> None:
        """Set the 10-bit pressure of the points that follow."""
        self._pressure = pressure / 1023

    def add(self, packet: PadPacket, at: float) -> Sequence[PenPoint]:
        """Take a position that arrived at monotonic time ``at``; return the new ink."""
        if packet.x == NOISE and packet.y == NOISE:
            return ()
        if not self.is_ink(down=packet.down):
            return ()
        if not self.points:
            self._began = at
        self._last_us = self._time_us(at)
        x_um, y_um = self._model.to_um(packet.x, packet.y)
        pressure = self._pressure if packet.down else 0.0
        return self.take(PenPoint(self._last_us, x_um, y_um, pressure, packet.down))

    def _time_us(self, at: float) -> int:
        """Return when the pen was there: USB delivers packets in bursts, the line cannot be faster."""
        arrived = round((at - self._began) * 1e6)
        return max(arrived, self._last_us + self._packet_us) if self.points else 0
