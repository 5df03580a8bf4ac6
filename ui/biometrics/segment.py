"""``rekam biometrics segment``: where fingers, an eye or a face are in a picture."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from station.biometrics.face.judge import ALGORITHM as FACE
from station.biometrics.face.judge import VERSION as FACE_VERSION
from station.biometrics.face.locator import Box
from station.biometrics.finger.minutiae import to_500_ppi
from station.biometrics.finger.segment import segment
from station.biometrics.iris.geometry import Circle, find_eye
from station.biometrics.iris.judge import ALGORITHM as IRIS
from station.biometrics.iris.judge import VERSION as IRIS_VERSION
from station.devices import FingerPosition, Modality, Pixels
from ui.biometrics import draw, slap
from ui.biometrics.inputs import Sample, load
from ui.biometrics.lines import InputRefused, Line, guarded
from ui.biometrics.pictures import drawn_to
from ui.biometrics.quality import face_of, size_of, views
from ui.biometrics.sense import modality_of, resolution_of

Found = tuple[dict[str, object], Callable[[], Pixels]]


@dataclass(frozen=True, slots=True)
class SegmentJob:
    """Finds what is in files."""

    modality: Modality | None = None
    ppi: int | None = None
    pictures: Mapping[Path, Path] | None = None
    expected: frozenset[FingerPosition] | None = None  # None: the picture's width says
    exempt: frozenset[FingerPosition] = frozenset()

    def __call__(self, path: Path) -> list[Line]:
        """Return one line per sample of the file."""
        about = {"op": "segment", "file": str(path)}

        def work() -> Iterator[Line]:
            for sample in load(path):
                yield from guarded(partial(self._line, path, sample), {**about, **views(sample)})

        return list(guarded(work, about))

    def _line(self, path: Path, sample: Sample) -> Iterator[Line]:
        modality, known_by = modality_of(sample, self.modality)
        find = _FINDERS.get(modality)
        if find is None:
            raise InputRefused(reason="MODALITY", message=f"tidak mencari {modality.value}")
        told, paint = find(self, sample)
        yield {
            "op": "segment",
            "file": str(path),
            **views(sample),
            "format": sample.format,
            "modality": modality.value,
            "modality_from": known_by,
            **size_of(sample.picture),
            **told,
            **drawn_to(self.pictures, path, sample.view, paint),
        }


def _finger(job: SegmentJob, sample: Sample) -> Found:
    ppi, source = resolution_of(sample, job.ppi)
    grey = sample.grey
    found = segment(to_500_ppi(grey, ppi))
    told: dict[str, object] = {
        "algorithm": "rekam.finger-area",
        "version": "1",
        "ppi": ppi,
        "ppi_from": source,
        "found": found.area > 0,
        "area_mm2": round(found.area * (25.4 / 500) ** 2, 1),
        "share": round(found.share, 4),
        "centre": [round(found.centre_x * ppi / 500, 1), round(found.centre_y * ppi / 500, 1)],
    }
    hand = slap.fingers_of(grey, ppi, job.expected, job.exempt)
    told |= slap.facts(hand)
    return told, lambda: slap.drawn(grey, hand)


def _iris(_job: SegmentJob, sample: Sample) -> Found:
    grey = sample.grey
    found = find_eye(grey)
    told: dict[str, object] = {
        "algorithm": IRIS,
        "version": IRIS_VERSION,
        "found": found is not None,
    }
    if found is not None:
        told |= {
            "pupil": circle_facts(found.pupil),
            "iris": circle_facts(found.iris),
            "pupil_aspect": None if found.pupil_aspect is None else round(found.pupil_aspect, 4),
            "glint": None if found.glint is None else [round(float(v), 1) for v in found.glint],
            "upper_lid": found.upper_lid is not None,  # whether it covers some of the iris
            "lower_lid": found.lower_lid is not None,
            "visible_share": round(draw.visible_share(grey, found), 4),
        }
    return told, lambda: draw.iris(grey, found)


def _face(_job: SegmentJob, sample: Sample) -> Found:
    judged = face_of(sample, None)
    told: dict[str, object] = {
        "algorithm": FACE,
        "version": FACE_VERSION,
        "found": judged.box is not None,
        "faces": int(judged.verdict.measure("faces").value),
        "frame": box_facts(judged.frame),
    }
    if judged.box is not None and judged.eyes is not None:
        eyes = judged.eyes
        told |= {
            "box": box_facts(judged.box),
            "crop": box_facts(judged.crop),
            # The applicant's own sides: the right eye is on the left of the picture.
            "right_eye": _spot(eyes.left_in_picture),
            "left_eye": _spot(eyes.right_in_picture),
            "nose": None if judged.points is None else _spot(judged.points.nose),
            "mouth": None if judged.points is None else _spot(judged.points.mouth),
            "inter_eye_px": round(eyes.distance, 1),
            "roll_deg": round(eyes.roll_deg, 2),
        }
    colour = sample.colour
    return told, lambda: draw.face(colour, judged)


def _spot(at: tuple[float, float]) -> list[float]:
    return [round(float(value), 1) for value in at]


def circle_facts(circle: Circle) -> dict[str, float]:
    """Return a circle as a line tells it."""
    return {
        "x": round(float(circle.x), 1),
        "y": round(float(circle.y), 1),
        "radius": round(float(circle.radius), 1),
    }


def box_facts(box: Box) -> dict[str, float]:
    """Return a rectangle as a line tells it."""
    return {
        "x": round(float(box.x), 1),
        "y": round(float(box.y), 1),
        "width": round(float(box.width), 1),
        "height": round(float(box.height), 1),
    }


_FINDERS: Final[Mapping[Modality, Callable[[SegmentJob, Sample], Found]]] = {
    Modality.FINGER: _finger,
    Modality.IRIS: _iris,
    Modality.FACE: _face,
}
