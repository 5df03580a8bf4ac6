"""The emulated DOT/1 module: answers whole lines with a right checksum and keeps silent at everything else."""

from collections.abc import Sequence
from typing import Final

from drivers.emulation.faults import Outgoing
from drivers.emulation.machine import Subject
from drivers.template.dot_lines import END, LONGEST, Line
from station.devices import Pixels
from station.errors import ProtocolError

_REFUSED: Final = 1
_NO_IMAGE: Final = 2


class DotModule:
    """Bytes in, packets out; the image stays until the next TAKE or the power goes."""

    odd_parity = False
    baud = 115200

    def __init__(self, subject: Subject, *, width: int, height: int, serial: int) -> None:
        self._subject = subject
        self._shape = (height, width)
        self._serial = serial
        self.power_on()

    def power_on(self) -> None:
        """Lose image and half a question."""
        self._heard = b""
        self._image: Pixels | None = None

    def feed(self, data: bytes) -> Sequence[Outgoing]:
        """Take received bytes and return what goes out."""
        self._heard += data
        *lines, self._heard = self._heard.split(END)
        self._heard = self._heard[-LONGEST:]
        out = []
        for line in lines:
            try:
                question = Line.parse(line)
            except ProtocolError:
                continue  # damaged on its way: the host asks again
            out.append(Outgoing(self._answer(question).encode()))
        return out

    def _answer(self, question: Line) -> Line:
        height, width = self._shape
        match question.word:
            case "ID":
                facts = {"serial": f"{self._serial:06d}", "fw": "EMU1", "w": width, "h": height}
            case "TAKE":
                self._image = self._subject()
                facts = {"finger": int(self._image is not None), "total": width * height}
            case "ROW":
                return self._row(question)
            case _:
                return Line(question.seq, "ERR", {"code": str(_REFUSED)})
        return Line(
            question.seq, question.word, {name: str(value) for name, value in facts.items()}
        )

    def _row(self, question: Line) -> Line:
        try:
            row = question.number("n")
        except ProtocolError:
            row = -1
        if self._image is None or not 0 <= row < self._shape[0]:
            return Line(question.seq, "ERR", {"code": str(_NO_IMAGE)})
        pixels = self._image[row].tobytes()
        return Line(question.seq, "ROW", {"n": str(row), "hex": pixels.hex()})
