"""``rekam biometrics quality``: one verdict per sample, with every measure, its band and the advice."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from station.biometrics.face.judge import FaceMode, FaceVerdict, judge_still
from station.biometrics.face.measure import BackdropColour
from station.biometrics.finger.still import with_minutiae
from station.biometrics.iris.judge import IrisVerdict
from station.biometrics.iris.judge import judge as judge_iris
from station.biometrics.signature.judge import judge as judge_signature
from station.biometrics.verdict import Verdict
from station.devices import Eye, Modality, Pixels
from ui.biometrics import draw
from ui.biometrics.engine import parts
from ui.biometrics.inputs import Sample, load
from ui.biometrics.lines import InputRefused, Line, guarded
from ui.biometrics.pictures import drawn_to
from ui.biometrics.ridge_map import ridge_map
from ui.biometrics.sense import modality_of, resolution_of


@dataclass(frozen=True, slots=True)
class QualityJob:
    """Judges files; the same for each, and light enough to travel to another process."""

    modality: Modality | None = None
    ppi: int | None = None
    eye: Eye = Eye.RIGHT
    backdrop: BackdropColour | None = None  # None = any colour: measured, but no gate
    pictures: Mapping[Path, Path] | None = None  # where each file's picture goes

    def __call__(self, path: Path) -> list[Line]:
        """Return one line per sample of the file."""
        about = {"op": "quality", "file": str(path)}
        lines: list[Line] = []

        def work() -> Iterator[Line]:
            for sample in load(path):
                yield from guarded(partial(self._judged, path, sample), {**about, **views(sample)})

        lines.extend(guarded(work, about))
        return lines

    def _judged(self, path: Path, sample: Sample) -> Iterator[Line]:
        modality, known_by = modality_of(sample, self.modality)
        line: dict[str, object] = {
            "op": "quality",
            "file": str(path),
            **views(sample),
            "format": sample.format,
            "modality": modality.value,
            "modality_from": known_by,
        }
        judge = _JUDGES.get(modality)
        if judge is None:
            raise InputRefused(reason="MODALITY", message=f"tidak menilai {modality.value}")
        told, verdict, paint = judge(self, sample)
        line |= told | verdict_facts(verdict)
        line |= drawn_to(self.pictures, path, sample.view, paint)
        yield line


Judged = tuple[dict[str, object], Verdict, Callable[[], Pixels]]


def views(sample: Sample) -> dict[str, object]:
    """Return which view of the file a line is about; nothing for files of one view."""
    return {"view": sample.view, "views": sample.views} if sample.views > 1 else {}


def size_of(pixels: Pixels) -> dict[str, object]:
    """Return the size of a picture as a line tells it."""
    return {"width": int(pixels.shape[1]), "height": int(pixels.shape[0])}


def verdict_facts(verdict: Verdict) -> dict[str, object]:
    """Return a verdict as a line tells it."""
    return {
        "algorithm": verdict.algorithm,
        "version": verdict.version,
        "score": verdict.score,
        "usable": verdict.usable,
        "guidance": [each.value for each in verdict.guidance],
        "reasons": [str(each) for each in verdict.reasons],
        "failed": [measure.name for measure in verdict.measures if not measure.ok],
        "measures": {
            measure.name: {
                "value": round(float(measure.value), 4),
                "unit": measure.unit,
                "low": measure.low,
                "high": measure.high,
                "ok": measure.ok,
            }
            for measure in verdict.measures
        },
    }


def face_of(sample: Sample, backdrop: BackdropColour | None) -> FaceVerdict:
    """Judge a still; with no backdrop asked for its colour gates nothing."""
    mode = FaceMode.OUTDOOR if backdrop is None else FaceMode.STUDIO
    return judge_still(parts().locator(), sample.colour, backdrop or BackdropColour.RED, mode)


def iris_of(sample: Sample, eye: Eye) -> IrisVerdict:
    """Judge one eye; the record's own label counts before the command line's."""
    return judge_iris(sample.grey, sample.eye or eye)


def _finger(job: QualityJob, sample: Sample) -> Judged:
    ppi, source = resolution_of(sample, job.ppi)
    grey = sample.grey
    verdict = with_minutiae(parts().quality.judge(grey, ppi), parts().minutiae.extract(grey, ppi))
    told = {**size_of(grey), "ppi": ppi, "ppi_from": source}
    return told, verdict, lambda: ridge_map(grey, ppi)


def _face(job: QualityJob, sample: Sample) -> Judged:
    judged = face_of(sample, job.backdrop)
    colour = sample.colour
    return size_of(colour), judged.verdict, lambda: draw.face(colour, judged)


def _iris(job: QualityJob, sample: Sample) -> Judged:
    judged = iris_of(sample, job.eye)
    grey = sample.grey
    told = {**size_of(grey), "eye": judged.eye.name.lower()}
    return told, judged.verdict, lambda: draw.iris(grey, judged.geometry)


def _signature(_job: QualityJob, sample: Sample) -> Judged:
    if not sample.points:
        raise InputRefused(
            reason="NO_POINTS", message="tanda tangan perlu titik pena, bukan gambar"
        )
    told: dict[str, object] = {"points": len(sample.points)}
    return told, judge_signature(sample.points), lambda: draw.signature(sample.points)


_JUDGES: Final[Mapping[Modality, Callable[[QualityJob, Sample], Judged]]] = {
    Modality.FINGER: _finger,
    Modality.FACE: _face,
    Modality.IRIS: _iris,
    Modality.SIGNATURE: _signature,
}
