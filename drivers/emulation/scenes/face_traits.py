"""What a rendered person looks like: proportions and colours drawn once from the seed."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from drivers.emulation.scenes.face_canvas import Colour

Sex = Literal["female", "male"]

# Distances of the drawn head, in sprite pixels: the crown is y = 0.
CHIN_Y = 750.0
EYE_Y = 378.0
HALF_IED = 105.0


@dataclass(frozen=True, slots=True)
class FaceIdentity:
    """One invented person; the same values give the same pixels."""

    body: int
    hijab: bool = False
    glasses: bool = False
    sex: Sex = "female"
    sunglasses: bool = False
    tone: float = 1.0  # of the skin: 1 as drawn from the seed, 0.35 very dark


@dataclass(frozen=True, slots=True)
class Traits:
    """Drawn features of an identity: multipliers near 1, colours in BGR."""

    jaw: float
    cheek: float
    brow_lift: float
    brow_weight: float
    nose_width: float
    mouth_width: float
    lip_full: float
    eye_size: float
    lid_fold: float
    skin: Colour
    lips: Colour
    iris: Colour
    hair: Colour
    cloth: Colour
    accent: Colour
    scarf: Colour
    hair_style: int
    moustache: bool
    grain: int


_SKINS: tuple[Colour, ...] = (
    (118, 160, 214),
    (104, 146, 202),
    (92, 132, 190),
    (80, 118, 176),
    (132, 172, 222),
)
_HAIRS: tuple[Colour, ...] = ((24, 24, 30), (28, 32, 42), (22, 26, 38))
_IRISES: tuple[Colour, ...] = ((26, 44, 74), (22, 36, 60), (32, 58, 92))
_CLOTHS: tuple[tuple[Colour, Colour], ...] = (
    ((84, 62, 30), (150, 128, 84)),
    ((52, 40, 96), (110, 120, 196)),
    ((40, 66, 52), (96, 158, 150)),
    ((72, 48, 44), (142, 132, 116)),
    ((40, 58, 104), (98, 150, 206)),
)
_SCARVES: tuple[Colour, ...] = (
    (206, 220, 232),
    (190, 178, 170),
    (150, 150, 196),
    (176, 190, 160),
    (120, 96, 76),
)


def traits_of(identity: FaceIdentity) -> Traits:
    """Draw the traits of an identity from its seed."""
    rng = np.random.default_rng([identity.body, 0xFACE, int(identity.sex == "male")])
    male = identity.sex == "male"

    def near(middle: float, spread: float) -> float:
        return float(middle + spread * np.clip(rng.standard_normal(), -1.8, 1.8))

    light = _SKINS[rng.integers(len(_SKINS))]
    skin: Colour = (light[0] * identity.tone, light[1] * identity.tone, light[2] * identity.tone)
    cloth, accent = _CLOTHS[rng.integers(len(_CLOTHS))]
    rose = 0.50 if male else 0.68
    red_lip: Colour = (84, 78, 176)
    lips = (
        skin[0] * (1 - rose) * 0.86 + red_lip[0] * rose,
        skin[1] * (1 - rose) * 0.86 + red_lip[1] * rose,
        skin[2] * (1 - rose) * 0.86 + red_lip[2] * rose,
    )
    return Traits(
        jaw=near(1.05 if male else 0.96, 0.03),
        cheek=near(1.0, 0.02),
        brow_lift=near(0.0 if male else 4.0, 3.0),
        brow_weight=near(1.2 if male else 0.86, 0.10),
        nose_width=near(1.06 if male else 0.94, 0.06),
        mouth_width=near(1.02, 0.05),
        lip_full=near(0.92 if male else 1.08, 0.08),
        eye_size=near(0.97 if male else 1.04, 0.03),
        lid_fold=near(1.0, 0.25),
        skin=skin,
        lips=lips,
        iris=_IRISES[rng.integers(len(_IRISES))],
        hair=_HAIRS[rng.integers(len(_HAIRS))],
        cloth=cloth,
        accent=accent,
        scarf=_SCARVES[rng.integers(len(_SCARVES))],
        hair_style=int(rng.integers(3)),
        moustache=male and rng.random() < 0.35,
        grain=int(rng.integers(1 << 31)),
    )
