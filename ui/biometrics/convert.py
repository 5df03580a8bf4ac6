"""``rekam biometrics convert``: between pictures, records and templates; what is lost is said on the line."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from station.devices import Eye, FingerPosition
from station.formats import jpeg, jpeg2000, png, wsq
from station.formats.raster import checked_pixels
from ui.biometrics import template_files
from ui.biometrics.engine import parts
from ui.biometrics.inputs import Sample, load
from ui.biometrics.lines import Line, guarded
from ui.biometrics.minutiae import described_by
from ui.biometrics.pictures import view_of, write_whole
from ui.biometrics.quality import views
from ui.biometrics.sense import resolution_of


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

    def __call__(self, path: Path) -> list[Line]:
        """Return one line per sample of the file."""
        about = {"op": "convert", "file": str(path), "to": self.to}

        def work() -> Iterator[Line]:
            for sample in load(path):
                yield from guarded(partial(self._line, path, sample), {**about, **views(sample)})

        return list(guarded(work, about))

    def _line(self, path: Path, sample: Sample) -> Iterator[Line]:
        form = FORMS[self.to]
        data = form.write(self, sample)
        target = view_of(self.outputs[path], sample.view)
        write_whole(target, data)
        yield {
            "op": "convert",
            "file": str(path),
            **views(sample),
            "format": sample.format,
            "to": self.to,
            "output": str(target),
            "bytes": len(data),
            "lossless": form.lossless(self, sample),
        }


@dataclass(frozen=True, slots=True)
class Form:
    """A format that can be written."""

    suffix: str
    write: Callable[[ConvertJob, Sample], bytes]
    lossless: Callable[[ConvertJob, Sample], bool]


def _ppi(job: ConvertJob, sample: Sample) -> int:
    """Return the resolution to note in the file; 0 where nobody said one."""
    return job.ppi or sample.ppi


def _png(job: ConvertJob, sample: Sample) -> bytes:
    return png.encode(sample.picture, ppi=_ppi(job, sample))


def _jpeg(job: ConvertJob, sample: Sample) -> bytes:
    return jpeg.encode(sample.picture, quality=job.quality, ppi=_ppi(job, sample))


def _jp2(job: ConvertJob, sample: Sample) -> bytes:
    return jpeg2000.encode(sample.picture, ratio=job.ratio)


def _pgm(_job: ConvertJob, sample: Sample) -> bytes:
    grey = checked_pixels(sample.grey, "PGM", colour=False)
    return b"P5\n%d %d\n255\n" % (grey.shape[1], grey.shape[0]) + grey.tobytes()


def _wsq(_job: ConvertJob, sample: Sample) -> bytes:
    return wsq.encode(sample.grey)


def _iso2005(job: ConvertJob, sample: Sample) -> bytes:
    position = job.position or sample.position or FingerPosition.RIGHT_INDEX
    score = 0
    if sample.pixels is not None:
        score = parts().quality.judge(sample.grey, resolution_of(sample, job.ppi)[0]).score
    return template_files.to_iso(described_by(sample, job.ppi).template, position, score)


def _compact(job: ConvertJob, sample: Sample) -> bytes:
    return template_files.to_compact(described_by(sample, job.ppi).template)


def _xyt(job: ConvertJob, sample: Sample) -> bytes:
    return template_files.to_xyt(described_by(sample, job.ppi).template)


def _json(job: ConvertJob, sample: Sample) -> bytes:
    return template_files.to_json(described_by(sample, job.ppi).template)


def _always(_job: ConvertJob, _sample: Sample) -> bool:
    return True


def _never(_job: ConvertJob, _sample: Sample) -> bool:
    return False


def _when_grey(_job: ConvertJob, sample: Sample) -> bool:
    return sample.picture.ndim == 2


FORMS: Final[Mapping[str, Form]] = {
    "png": Form(".png", _png, _always),
    "jpeg": Form(".jpg", _jpeg, _never),
    "jp2": Form(".jp2", _jp2, lambda job, _sample: job.ratio is None),
    "pgm": Form(".pgm", _pgm, _when_grey),
    "wsq": Form(".wsq", _wsq, _never),
    "iso2005": Form(".fmr", _iso2005, _never),
    "compact": Form(".fmc", _compact, _never),
    "json": Form(".json", _json, _never),
    "xyt": Form(".xyt", _xyt, _never),
}
