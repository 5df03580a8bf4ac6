"""What the emulated Wacom STU pads say of themselves; sizes are those the vendor publishes."""

from dataclasses import dataclass
from typing import Final

from drivers.signature.stu_reports import PRODUCTS, StuCapability


@dataclass(frozen=True, slots=True)
class StuModel:
    """One model: product id and what its CAPABILITY report holds."""

    name: str
    product: int
    capability: StuCapability


_SIZES: Final = {
    "STU-430": StuCapability(9600, 6000, 1023, 320, 200, 200),
    "STU-530": StuCapability(10800, 6480, 1023, 800, 480, 200),
    "STU-540": StuCapability(10800, 6480, 1023, 800, 480, 200),
}
STU_MODELS: Final = {
    **{name: StuModel(name, product, _SIZES[name]) for product, name in PRODUCTS.items()},
    # Encrypted only; its product id is not published, so it stands here under the STU-540's.
    "STU-541": StuModel("STU-541", 0x00A8, _SIZES["STU-540"]),
}
