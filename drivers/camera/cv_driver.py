"""The driver object of photo cameras over OpenCV."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from drivers.camera.cv import CvCamera
from drivers.contract import API_VERSION, Hints, Reference, Site
from station.devices import Device, Modality


class CvDriver:
    """Cameras by index, path, stream URL or file."""

    API_VERSION = API_VERSION
    name = "camera.cv"
    modality = Modality.FACE

    def discover(self, hints: Hints) -> Iterator[Reference]:
        """Yield the configured cameras that are there."""
        for address in hints.addresses:
            node = f"/dev/video{address}" if address.isdecimal() else address
            if "://" in address or Path(node).exists():
                yield Reference(self.name, address)

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the camera, not yet opened."""
        place = reference.address
        return CvCamera(int(place) if place.isdecimal() else place, site.clock)


DRIVER: Final = CvDriver()
