"""Everyone the centre holds, by fingers: enrol, and find the same person under another NIK."""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from drivers.emulation.centre.ledger import Ledger, Print
from station.biometrics.finger.minutiae import extract
from station.biometrics.finger.search import search
from station.devices import FingerPosition, Pixels
from station.minutiae import Template

Images = Mapping[FingerPosition, tuple[Pixels, int]]  # grey (h, w) and its ppi
Templates = Mapping[FingerPosition, Template]

_HEAD: Final = struct.Struct("<HHH")  # count, width, height

# One finger that agrees may be chance among millions; two of one person are not.
FINGERS_NEEDED: Final = 2


@dataclass(frozen=True, slots=True)
class Known:
    """Someone the centre knew before: under which NIK, first recorded where, and how to draw the fingers."""

    nik: str = field(repr=False)
    area: str  # dotted regency code
    draw: Callable[[], Images] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Twin:
    """The same fingers under another NIK."""

    nik: str = field(repr=False)
    area: str
    fingers: int  # how many agree
    score: float  # sum over the fingers that agree, in thresholds


def templates_of(images: Images) -> Templates:
    """Return the minutiae of each finger."""
    return {position: extract(pixels, ppi) for position, (pixels, ppi) in images.items()}


class Identities:
    """The gallery in memory, the ledger behind it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._people: dict[str, tuple[str, dict[FingerPosition, Template]]] = {}
        for each in ledger.prints():
            self._keep(each.nik, each.area, FingerPosition(each.position), unpack(each.template))

    def __len__(self) -> int:
        return len(self._people)

    def knows(self, nik: str) -> bool:
        """Return whether fingers are held under this NIK."""
        return nik in self._people

    def enrol(self, nik: str, area: str, fingers: Templates) -> None:
        """Hold someone's fingers durably; a NIK that is held already is left as it is."""
        if nik in self._people:
            return
        self._ledger.add_prints(
            [Print(nik, area, position.value, pack(found)) for position, found in fingers.items()]
        )
        for position, found in fingers.items():
            self._keep(nik, area, position, found)

    def find_twin(self, nik: str, fingers: Templates) -> Twin | None:
        """Search all others, finger against the same finger; return the most alike, or None."""
        others = ((other, held) for other, (_, held) in self._people.items() if other != nik)
        for found in search(fingers, others):
            area, held = self._people[found.subject]
            in_common = len(held.keys() & fingers.keys())
            if len(found.fingers) >= min(FINGERS_NEEDED, in_common):
                return Twin(found.subject, area, len(found.fingers), found.score)
        return None

    def _keep(self, nik: str, area: str, position: FingerPosition, found: Template) -> None:
        self._people.setdefault(nik, (area, {}))[1][position] = found


def pack(found: Template) -> bytes:
    """Return a template as bytes for the ledger."""
    return b"".join(
        (
            _HEAD.pack(len(found), found.width, found.height),
            np.stack([found.x, found.y, found.angle]).astype("<f4").tobytes(),
            np.stack([found.type, found.quality]).astype(np.uint8).tobytes(),
        )
    )


def unpack(data: bytes) -> Template:
    """Return the template that ``pack`` wrote."""
    count, width, height = _HEAD.unpack_from(data)
    places = np.frombuffer(data, "<f4", 3 * count, _HEAD.size).reshape(3, count)
    codes = np.frombuffer(data, np.uint8, 2 * count, _HEAD.size + 12 * count).reshape(2, count)
    return Template(places[0], places[1], places[2], codes[0], codes[1], width, height)
