"""The modules of the ZFM family that can be emulated, and in what they differ on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ZfmModel:
    """One model. Sizes in pixels; ``capacity`` in templates."""

    name: str
    sensor: str
    width: int
    height: int
    capacity: int
    tells_product: bool = True  # ReadProdInfo; old modules refuse it
    light: bool = False  # AuraLedConfig
    image_ex: bool = False  # GetImageEx, CheckSensor, the newer handshake


ZFM_MODELS: Final[Mapping[str, ZfmModel]] = {
    model.name: model
    for model in (
        ZfmModel("ZFM-20", "OPT256", 256, 288, 200),
        ZfmModel("ZFM-20-OLD", "OPT256", 256, 288, 162, tells_product=False),
        ZfmModel("R307", "OPT256", 256, 288, 1000),
        ZfmModel("R503", "CAP192", 192, 192, 200, light=True, image_ex=True),
        ZfmModel("R304A", "CAP208", 208, 288, 1000),
    )
}
