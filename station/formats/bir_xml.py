"""XML biometric information records of ISO/IEC 19785-3, export only.

Nothing here reads XML: foreign XML needs a hardened parser, and no partner sends it to a desk.
"""

import base64
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape

from station.devices import Eye, FingerPosition
from station.errors import FormatError

NAMESPACE: Final = "http://standards.iso.org/iso-iec/19785/-3/ed-2/"
FINGER, IRIS, FACE = "Finger", "Iris", "Face"
_FORMAT: Final = {FINGER: "7", FACE: "8", IRIS: "9"}
_DIGITS: Final = ("Thumb", "IndexFinger", "MiddleFinger", "RingFinger", "LittleFinger")
_ORDER: Final = (FINGER, IRIS, FACE)


@dataclass(frozen=True, slots=True)
class Bir:
    """One sample for the container: its ISO record and what is said of it."""

    kind: str  # FINGER, IRIS or FACE
    record: bytes = field(repr=False)
    quality: int
    created: dt.datetime
    place: FingerPosition | Eye | None = None
    purpose: str = "Enroll"
    level: str = "Raw"


def encode(birs: Sequence[Bir]) -> bytes:
    """Return the container as UTF-8: fingers 1..10, right iris, left iris, face, whatever order came in.

    FormatError for the same finger or eye twice, a sample without its place, or a wrong quality.
    """
    places = [(bir.kind, bir.place) for bir in birs]
    for bir in birs:
        needs = {FINGER: FingerPosition, IRIS: Eye}.get(bir.kind)
        fits = isinstance(bir.place, needs) if needs else bir.kind == FACE and bir.place is None
        if not fits or not 0 <= bir.quality <= 100 or places.count((bir.kind, bir.place)) > 1:
            raise FormatError(format="BIR", reason="sample", kind=bir.kind, quality=bir.quality)
    ordered = sorted(birs, key=lambda bir: (_ORDER.index(bir.kind), bir.place.value if bir.place else 0))  # fmt: skip
    body = "".join(_element(bir) for bir in ordered)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<BIR xmlns="{NAMESPACE}">{body}</BIR>\n'.encode()
    )


def subtype(place: FingerPosition | Eye | None) -> str:
    """Return the words of the place: ``Right IndexFinger``, ``Left``, or nothing for a face."""
    if isinstance(place, FingerPosition):
        hand, digit = divmod(place.value - 1, 5)
        return f"{('Right', 'Left')[hand]} {_DIGITS[digit]}"
    return "" if place is None else place.name.capitalize()


def _element(bir: Bir) -> str:
    created = bir.created.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    version = "<Major>1</Major><Minor>1</Minor>"
    return (
        f"<BIR><Version>{version}</Version><CBEFFVersion>{version}</CBEFFVersion>"
        f"<BDBInfo><Format><Organization>257</Organization><Type>{_FORMAT[bir.kind]}</Type></Format>"
        f"<CreationDate>{created}</CreationDate><Type>{bir.kind}</Type>"
        f"<Subtype>{escape(subtype(bir.place))}</Subtype><Level>{escape(bir.level)}</Level>"
        f"<Purpose>{escape(bir.purpose)}</Purpose><Quality><Score>{bir.quality}</Score></Quality>"
        f"</BDBInfo><BDB>{base64.b64encode(bir.record).decode()}</BDB></BIR>"
    )
