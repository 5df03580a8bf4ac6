"""Topaz pad models: the line each speaks on and the window its raw numbers fall into."""

from dataclasses import dataclass
from typing import Final

from drivers.serial.line import DataBits, Parity
from drivers.signature.topaz_packets import PACKET_BYTES

_UM_PER_INCH: Final = 25400
# The model code our emulated pad declares in its INFO packet; far above the codes of real pads.
EMULATOR_MODEL_CODE: Final = 0x3F


@dataclass(frozen=True, slots=True)
class PadModel:
    """One model; raw ranges are inclusive, ``dpi`` is units of the logical size per inch."""

    name: str
    raw_x: tuple[int, int]
    raw_y: tuple[int, int]
    logical: tuple[int, int]
    baud: int = 19200
    parity: Parity = "O"
    dpi: int = 410
    data_bits: DataBits = 8
    pad_format: int = 0  # of ``topaz_packets``; format 1 is unproven
    lcd: bool = False  # has a screen that obeys the control bytes of ``topaz_screen``

    @property
    def packet_s(self) -> float:
        """How long one packet takes on the line: start, data, parity and stop bits."""
        return PACKET_BYTES * (self.data_bits + 3) / self.baud

    @property
    def size_um(self) -> tuple[int, int]:
        """Width and height of the writing window in micrometres."""
        width, height = self.logical
        return width * _UM_PER_INCH // self.dpi, height * _UM_PER_INCH // self.dpi

    def to_um(self, x: int, y: int) -> tuple[int, int]:
        """Return raw coordinates as micrometres from the window's corner, clamped to it."""
        width, height = self.size_um
        return _scale(x, self.raw_x, width), _scale(y, self.raw_y, height)

    def to_raw(self, x_um: int, y_um: int) -> tuple[int, int]:
        """Return the raw coordinates a pad of this model sends for a place."""
        width, height = self.size_um
        return _unscale(x_um, self.raw_x, width), _unscale(y_um, self.raw_y, height)


# SigGem Color 5x7 has a screen too, but nobody has published what it obeys: not counted as one here.
MODELS: Final = {
    model.name: model
    for model in (
        PadModel("SignatureGem 1x5", (400, 2400), (350, 950), (2000, 600)),
        PadModel(
            "SignatureGem LCD 1x5",
            (400, 2400),
            (350, 1250),
            (2000, 900),
            data_bits=7,
            pad_format=1,
            lcd=True,
        ),
        PadModel("SignatureGem 4x5", (500, 2650), (700, 2100), (2150, 1400)),
        PadModel("SigLite 1x5", (500, 2650), (700, 2100), (2150, 1400)),
        PadModel("ClipGem", (485, 2800), (170, 3200), (2315, 3030), baud=9600, dpi=275),
        PadModel("SigLite LCD 1x5", (400, 2400), (350, 1050), (2000, 700), lcd=True),
        PadModel("SigLite LCD 4x5", (500, 2600), (500, 2100), (2100, 1600), baud=38400, lcd=True),
        PadModel("SigGem Color 5x7", (300, 2370), (350, 1950), (2070, 1600), baud=115200),
    )
}


def _scale(raw: int, window: tuple[int, int], size_um: int) -> int:
    start, stop = window
    return min(max((raw - start) * size_um // (stop - start), 0), size_um)


def _unscale(place_um: int, window: tuple[int, int], size_um: int) -> int:
    start, stop = window
    return start + min(max(round(place_um * (stop - start) / size_um), 0), stop - start)
