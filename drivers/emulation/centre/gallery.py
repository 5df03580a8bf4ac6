"""People the centre recorded long ago: impressions of invented bodies, drawn the first time a centre starts."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from drivers.emulation.centre.identity import Images, Known
from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.devices import FingerPosition
from station.person.roster import case_of, load_demo_roster

# Drawing a finger takes a sixth of a second: these four are enough to find a person again.
_DRAWN: Final = (
    FingerPosition.RIGHT_INDEX,
    FingerPosition.LEFT_INDEX,
    FingerPosition.RIGHT_THUMB,
    FingerPosition.LEFT_THUMB,
)
_SEED: Final = 77_000  # impressions no desk ever takes
_PPI: Final = 500


def known_body(
    nik: str, area: str, body: int, positions: Sequence[FingerPosition] = _DRAWN
) -> Known:
    """Return someone of this body, recorded before under this NIK in this area (dotted regency code)."""

    def draw() -> Images:
        return {
            position: (impression(FingerIdentity(body, position), _SEED + position.value), _PPI)
            for position in positions
        }

    return Known(nik, area, draw)


def demo_gallery(today: dt.date) -> tuple[Known, ...]:
    """Return the one person of the invented roster who comes twice: her first recording is old.

    Recording her second NIK is then a duplicate at once.
    """
    first = case_of(load_demo_roster(today), "yani_1")
    area = first.first_area or first.person.address.district_code[:5]
    return (known_body(str(first.person.nik), area, first.body),)
