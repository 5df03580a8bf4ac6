"""``rekam biometrics convert``: between pictures, records and templates; what is lost is said on the line."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from station.biometrics.signature.render import render
from station.devices import Eye, FingerPosition, Modality
from station.formats import (
    cbeff,
    itl_records,
    jpeg,
    jpeg2000,
    png,
    signature_points,
    signature_series,
    wsq,
    wsq_stream,
)
from station.formats.codes import Coding
from station.formats.minutiae_template import write_one
from station.formats.raster import checked_pixels
from ui.biometrics import containers, image_records, template_files
from ui.biometrics.engine import parts
from ui.biometrics.inputs import DEFAULT_PPI, Sample, believed, load
from ui.biometrics.lines import InputRefused, Line, guarded
from ui.biometrics.minutiae import described_by
from ui.biometrics.pictures import target_of, write_whole
from ui.biometrics.quality import face_of, iris_of, views
from ui.biometrics.sense import modality_of, resolution_of


@dataclass(frozen=True, slots=True)
class ConvertJob:
    """Writes files in another format."""

    to: str
    outputs: Mapping[Path, Path]
    ppi: int | None = None
    quality: int = 92  # JPEG
    ratio: float | None = None  # JPEG 2000; None = lossless
    position: FingerPosition | None = None
    eye: Eye | None = None
    modality: Modality | None = None  # where the file does not say it
    coding: str = ""  # of the picture in an image record; "" = the format's own choice

    def __call__(self, path: Path) -> list[Line]:
        """Return one line per sample of the file."""
        about = {"op": "convert", "file": str(path), "to": self.to}

        def work() -> Iterator[Line]:
            for sample in load(path):
                yield from guarded(partial(self._line, path, sample), {**about, **views(sample)})

        return list(guarded(work, about))

    def _line(self, path: Path, sample: Sample) -> Iterator[Line]:
        data, lossless = FORMS[self.to].write(self, sample)
        if not sample.whole and sample.encoded not in data:  # written anew from fewer bits or pages
            lossless = False
        target = target_of(self.outputs, path, sample.view)
        write_whole(target, data)
        yield {
            "op": "convert",
            "file": str(path),
            **views(sample),
            "format": sample.format,
            "to": self.to,
            "output": str(target),
            "bytes": len(data),
            "lossless": lossless,
        }


Written = tuple[bytes, bool]  # and whether what the input said is all there


@dataclass(frozen=True, slots=True)
class Form:
    """A format that can be written."""

    suffix: str
    write: Callable[[ConvertJob, Sample], Written]


def _ppi(job: ConvertJob, sample: Sample) -> int:
    """Return the resolution to note in the file; 0 where nobody said one."""
    return job.ppi or sample.ppi


def _kept(job: ConvertJob, sample: Sample, *codings: Coding) -> bool:
    """Whether the picture is already so encoded, as part of a record, and nothing else was asked for."""
    return sample.coding in codings and job.ratio is None and bool(sample.encoded)


def _png(job: ConvertJob, sample: Sample) -> Written:
    return png.encode(sample.picture, ppi=_ppi(job, sample)), True


def _jpeg(job: ConvertJob, sample: Sample) -> Written:
    if _kept(job, sample, Coding.JPEG):
        return sample.encoded, True
    return jpeg.encode(sample.picture, quality=job.quality, ppi=_ppi(job, sample)), False


def _jp2(job: ConvertJob, sample: Sample) -> Written:
    if _kept(job, sample, Coding.JP2, Coding.JP2_LOSSY, Coding.JP2_LOSSLESS):
        return sample.encoded, True
    # No resolution is written: who knew one has lost it.
    return jpeg2000.encode(sample.picture, ratio=job.ratio), not (job.ratio or _ppi(job, sample))


def _pgm(job: ConvertJob, sample: Sample) -> Written:
    grey = checked_pixels(sample.grey, "PGM", colour=False)
    head = b"P5\n%d %d\n255\n" % (grey.shape[1], grey.shape[0])
    return head + grey.tobytes(), sample.picture.ndim == 2 and not _ppi(job, sample)


def _wsq(job: ConvertJob, sample: Sample) -> Written:
    if _kept(job, sample, Coding.WSQ):
        stated = believed(wsq_stream.read(sample.encoded).ppi)
        if (_ppi(job, sample) or stated) == stated:  # else the bytes would tell a wrong one
            return sample.encoded, True
    # The format always states a resolution: what nobody said is what the engine would assume.
    return wsq.encode(sample.grey, _ppi(job, sample) or DEFAULT_PPI), False


def _minutiae(edition: int) -> Callable[[ConvertJob, Sample], Written]:
    def write(job: ConvertJob, sample: Sample) -> Written:
        position = job.position or sample.position
        template = described_by(sample, job.ppi).template
        data = write_one(template, position, _score(job, sample, 0), edition=edition)
        return data, sample.template is not None

    return write


def _score(job: ConvertJob, sample: Sample, unknown: int) -> int:
    """Return the station's own score of a finger's picture, for the record's quality field."""
    if sample.pixels is None:
        return unknown
    return parts().quality.judge(sample.grey, resolution_of(sample, job.ppi)[0]).score


def _finger_image(edition: int) -> Callable[[ConvertJob, Sample], Written]:
    def write(job: ConvertJob, sample: Sample) -> Written:
        ppi = resolution_of(sample, job.ppi)[0]
        encoded, whole = image_records.coded(
            4, edition, job.coding or "wsq", sample.grey, job.quality, _held(sample), ppi
        )
        data = image_records.finger_record(
            encoded,
            sample.grey,
            edition,
            ppi=ppi,
            position=job.position or sample.position,
            score=_score(job, sample, image_records.NOT_REPORTED),
        )
        return data, whole

    return write


def _face_image(edition: int) -> Callable[[ConvertJob, Sample], Written]:
    def write(job: ConvertJob, sample: Sample) -> Written:
        encoded, whole = image_records.coded(
            5, edition, job.coding or "jpeg", sample.picture, job.quality, _held(sample)
        )
        score = face_of(sample, None).verdict.score
        return image_records.face_record(encoded, sample.picture, edition, score=score), whole

    return write


def _iris_image(edition: int) -> Callable[[ConvertJob, Sample], Written]:
    def write(job: ConvertJob, sample: Sample) -> Written:
        encoded, whole = image_records.coded(
            6, edition, job.coding or "jp2", sample.grey, job.quality, _held(sample)
        )
        eye = job.eye or sample.eye
        score = iris_of(sample, eye or Eye.RIGHT).verdict.score
        data = image_records.iris_record(encoded, sample.grey, edition, eye=eye, score=score)
        return data, whole

    return write


def _cbeff(job: ConvertJob, sample: Sample) -> Written:
    modality, _ = modality_of(sample, job.modality)
    kind = "minutiae" if sample.template is not None else modality.value
    if kind not in cbeff.FORMATS:
        raise InputRefused(reason="MODALITY", message=f"CBEFF tidak memuat {modality.value}")
    writers = {
        "minutiae": _minutiae(2011),
        "finger": _finger_image(2011),
        "face": _face_image(2011),
        "iris": _iris_image(2011),
    }
    data, whole = writers[kind](job, sample)
    position = job.position or sample.position
    finger = position if kind in {"minutiae", "finger"} else None
    return containers.to_cbeff(data, kind, finger), whole


_CHOICE: Final = {
    Modality.FINGER: (4, "wsq"),
    Modality.FACE: (5, "jpeg"),
    Modality.IRIS: (6, "jp2"),
}


def _itl(job: ConvertJob, sample: Sample) -> Written:
    modality, _ = modality_of(sample, job.modality)
    at = dt.datetime.fromtimestamp(Path(sample.file).stat().st_mtime, dt.UTC)
    if modality is Modality.SIGNATURE:
        picture = sample.grey if sample.pixels is not None else render(sample.points)
        return containers.to_itl(itl_records.signature(0, picture), at, ppi=300), False
    part, usual = _CHOICE[modality]
    pixels = sample.picture if modality is Modality.FACE else sample.grey
    (coding, data), whole = image_records.coded(
        part, 2011, job.coding or usual, pixels, job.quality, _held(sample)
    )
    size = (pixels.shape[1], pixels.shape[0])
    ppi = resolution_of(sample, job.ppi)[0]
    position: FingerPosition | int = job.position or sample.position or 0
    made = {
        Modality.FACE: lambda: itl_records.face(0, data, size, coding, at=at, source="REKAM"),
        Modality.FINGER: lambda: itl_records.finger(
            0, data, size, coding, position, ppi=ppi, at=at, source="REKAM"
        ),
        Modality.IRIS: lambda: itl_records.iris(
            0, data, size, coding, job.eye or sample.eye, at=at, source="REKAM"
        ),
    }[modality]()
    return containers.to_itl(made, at, ppi=ppi), whole


def _series(_job: ConvertJob, sample: Sample) -> Written:
    if not sample.points:
        raise InputRefused(reason="NO_POINTS", message="perlu titik pena, bukan gambar")
    series = signature_points.to_series(sample.points)
    return signature_series.encode(series), signature_points.to_points(series) == sample.points


def _held(sample: Sample) -> image_records.Encoded | None:
    return (sample.coding, sample.encoded) if sample.coding and sample.encoded else None


def _compact(job: ConvertJob, sample: Sample) -> Written:
    return template_files.to_compact(described_by(sample, job.ppi).template), False


def _xyt(job: ConvertJob, sample: Sample) -> Written:
    return template_files.to_xyt(described_by(sample, job.ppi).template), False


def _json(job: ConvertJob, sample: Sample) -> Written:
    template = described_by(sample, job.ppi).template
    return template_files.to_json(template), sample.template is not None


FORMS: Final[Mapping[str, Form]] = {
    "png": Form(".png", _png),
    "jpeg": Form(".jpg", _jpeg),
    "jp2": Form(".jp2", _jp2),
    "pgm": Form(".pgm", _pgm),
    "wsq": Form(".wsq", _wsq),
    "iso2005": Form(".fmr", _minutiae(2005)),
    "iso2011": Form(".fmr", _minutiae(2011)),
    "finger2005": Form(".fir", _finger_image(2005)),
    "finger2011": Form(".fir", _finger_image(2011)),
    "face2005": Form(".fac", _face_image(2005)),
    "face2011": Form(".fac", _face_image(2011)),
    "iris2005": Form(".iir", _iris_image(2005)),
    "iris2011": Form(".iir", _iris_image(2011)),
    "signature": Form(".sdi", _series),
    "cbeff": Form(".cbeff", _cbeff),
    "itl": Form(".an2", _itl),
    "compact": Form(".fmc", _compact),
    "json": Form(".json", _json),
    "xyt": Form(".xyt", _xyt),
}
