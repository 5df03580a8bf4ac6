"""The driver object of photo cameras over OpenCV."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from drivers.camera.cv import DRIVER as NAME
from drivers.camera.cv import CvCamera
from drivers.camera.nodes import nodes
from drivers.contract import API_VERSION, Hints, Reference, Site
from station.devices import Device, Grade, Modality


class CvDriver:
    """Cameras by index, path, stream URL or file.

    Linux lists its cameras with name and serial number. Elsewhere only configured ones are yielded: OpenCV
    could only find others by opening one index after the other, which touches what others may own.
    """

    API_VERSION = API_VERSION
    name = NAME
    modality = Modality.FACE

    def discover(self, hints: Hints) -> Iterator[Reference]:
        """Yield the configured cameras that are there, then what the system lists; nothing is opened."""
        known = {node.path: node for node in nodes()}
        taken = set()
        for address in hints.addresses:
            path = f"/dev/video{address}" if address.isdecimal() else address
            taken.add(path)
            node = known.get(path)
            if node is not None:
                yield Reference(self.name, address, node.model, node.serial, node.name)
            elif _may_be_there(address, path):
                yield Reference(self.name, address)
        for path, node in known.items():
            if path not in taken:
                yield Reference(self.name, path, node.model, node.serial, node.name)

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the camera, not yet opened.

        A photo is judged picture by picture, no certificate speaks for a lens: a camera the site's table does
        not name is fit for enrolment, unless the table names cameras at all.
        """
        place = reference.address
        listed = any(key[0] == NAME for key in site.graded)

        def grade(make: str, model: str, firmware: str) -> Grade:
            return site.grade(NAME, make, model, firmware) if listed else Grade.ENROLMENT

        return CvCamera(
            int(place) if place.isdecimal() else place,
            site.clock,
            grade=grade,
            serial=reference.serial,
        )


def _may_be_there(address: str, path: str) -> bool:
    if "://" in address or Path(path).exists():
        return True
    return address.isdecimal() and sys.platform != "linux"  # an index: only opening would tell


DRIVER: Final = CvDriver()
