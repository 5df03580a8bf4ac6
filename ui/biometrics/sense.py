"""What a sample is of, and at which resolution: told by the file, by the command line, or assumed."""

from typing import Final

import numpy as np

from station.devices import Modality
from ui.biometrics.inputs import DEFAULT_PPI, Sample
from ui.biometrics.lines import InputRefused

MAX_RESAMPLED: Final = 40_000_000  # pixels after a print was brought to 500 ppi
_COLOURED = (
    12.0  # grey levels between the channels, on average: no scanner of fingers or eyes does that
)
_LOOK_AT = 128  # pixels of each side that are looked at for colour


def modality_of(sample: Sample, asked: Modality | None) -> tuple[Modality, str]:
    """Return what a sample is of and how that is known: ``option``, ``record``, ``colour``, ``default``.

    The record's own word is safe, and so is colour (a portrait: fingers and near-infrared eyes are grey).
    A grey picture counts as a finger: a print, an eye and a grey portrait cannot be told apart safely.
    """
    if asked is not None:
        if sample.modality is not None and sample.modality is not asked:
            raise InputRefused(
                reason="OTHER_MODALITY",
                message=f"berkas ini {sample.modality.value}, diminta {asked.value}",
            )
        return asked, "option"
    if sample.modality is not None:
        return sample.modality, "record"
    if coloured(sample):
        return Modality.FACE, "colour"
    return Modality.FINGER, "default"


def coloured(sample: Sample) -> bool:
    """Whether the picture has real colour."""
    pixels = sample.pixels
    if pixels is None or pixels.ndim != 3:
        return False
    rows, columns = (max(1, side // _LOOK_AT) for side in pixels.shape[:2])
    thin = pixels[::rows, ::columns].astype(np.int16)
    return float((thin.max(axis=2) - thin.min(axis=2)).mean()) > _COLOURED


def resolution_of(sample: Sample, asked: int | None) -> tuple[int, str]:
    """Return the pixels per inch and where they are from: ``option``, ``file`` or ``default`` (500)."""
    ppi, source = DEFAULT_PPI, "default"
    if asked is not None:
        ppi, source = asked, "option"
    elif sample.ppi:
        ppi, source = sample.ppi, "file"
    if sample.pixels is not None:
        grown = sample.pixels.shape[0] * sample.pixels.shape[1] * (DEFAULT_PPI / ppi) ** 2
        if grown > MAX_RESAMPLED:
            raise InputRefused(reason="TOO_LARGE", message="gambar terlalu besar pada ppi ini")
    return ppi, source
