"""What resolution a picture file claims: PNG pHYs, JFIF density, JPEG 2000 res box, a WSQ comment."""

import io
import re
import warnings
from typing import Final

_WSQ_PPI: Final = re.compile(rb"PPI[ =:]+(\d{2,4})")


def of_picture(data: bytes, pillow_name: str) -> float:
    """Return the claimed pixels per inch, 0.0 when nothing is claimed; never raises."""
    if pillow_name == "WSQ":
        found = _WSQ_PPI.search(data[:4096])
        return float(found[1]) if found else 0.0
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=[pillow_name]) as picture:
                across, down = picture.info.get("dpi", (0.0, 0.0))
                same = abs(float(across) - float(down)) < 0.02 * float(across)
                return float(across) if same else 0.0
    except Exception:  # noqa: BLE001 - metadata of a foreign file: damaged is as good as absent
        return 0.0
