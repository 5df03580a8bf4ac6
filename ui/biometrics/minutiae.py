"""``rekam biometrics minutiae``: what describes a print, as a list on the line or as a record in a file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from station.devices import FingerPosition, Modality, Pixels
from station.formats.minutiae_template import write_one
from station.minutiae import Template
from ui.biometrics import draw, template_files
from ui.biometrics.engine import parts
from ui.biometrics.inputs import Sample, load
from ui.biometrics.lines import InputRefused, Line, guarded
from ui.biometrics.pictures import drawn_to, target_of, write_whole
from ui.biometrics.quality import size_of, views
from ui.biometrics.sense import resolution_of

SUFFIXES: Final[Mapping[str, str]] = {
    "iso2005": ".fmr",
    "iso2011": ".fmr",
    "compact": ".fmc",
    "json": ".json",
    "xyt": ".xyt",
}


@dataclass(frozen=True, slots=True)
class Described:
    """A sample's template, how it was made, and what a line says of it."""

    template: Template
    ppi: int
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class MinutiaeJob:
    """Extracts the minutiae of files."""

    ppi: int | None = None
    form: str = "json"
    position: FingerPosition | None = None
    best: int | None = None
    outputs: Mapping[Path, Path] | None = None
    pictures: Mapping[Path, Path] | None = None

    def __call__(self, path: Path) -> list[Line]:
        """Return one line per sample of the file."""
        about = {"op": "minutiae", "file": str(path)}

        def work() -> Iterator[Line]:
            for sample in load(path):
                yield from guarded(partial(self._line, path, sample), {**about, **views(sample)})

        return list(guarded(work, about))

    def _line(self, path: Path, sample: Sample) -> Iterator[Line]:
        described = described_by(sample, self.ppi)
        template = described.template if self.best is None else described.template.best(self.best)
        line: dict[str, object] = {
            "op": "minutiae",
            "file": str(path),
            **views(sample),
            "format": sample.format,
            "modality": Modality.FINGER.value,
            **described.facts,
            "count": len(template),
        }
        if self.outputs is None:
            line["minutiae"] = template_files.minutiae_rows(template)
        else:
            target = target_of(self.outputs, path, sample.view)
            write_whole(target, self._encoded(sample, template))
            line |= {"form": self.form, "output": str(target)}

        def paint() -> Pixels:
            if sample.pixels is None:
                return draw.template_alone(template)
            return draw.finger(sample.grey, described.ppi, template)

        yield line | drawn_to(self.pictures, path, sample.view, paint)

    def _encoded(self, sample: Sample, template: Template) -> bytes:
        position = self.position or sample.position
        score = 0
        if self.form.startswith("iso") and sample.pixels is not None:
            ppi, _ = resolution_of(sample, self.ppi)
            score = parts().quality.judge(sample.grey, ppi).score
        writers: Mapping[str, Callable[[], bytes]] = {
            "iso2005": lambda: write_one(template, position, score),
            "iso2011": lambda: write_one(template, position, score, edition=2011),
            "compact": lambda: template_files.to_compact(template),
            "json": lambda: template_files.to_json(template),
            "xyt": lambda: template_files.to_xyt(template),
        }
        return writers[self.form]()


def described_by(sample: Sample, ppi: int | None) -> Described:
    """Return the template of a finger: extracted from a picture, or taken from a record as it is."""
    if sample.modality not in {None, Modality.FINGER}:
        raise InputRefused(reason="MODALITY", message="minutiae hanya untuk jari")
    if sample.template is not None:
        template = sample.template
        size = {"width": template.width, "height": template.height}
        return Described(template, 500, {"algorithm": "record", "version": "", **size, "ppi": 500})
    found, source = resolution_of(sample, ppi)
    grey, extractor = sample.grey, parts().minutiae
    facts = {
        "algorithm": extractor.algorithm,
        "version": extractor.version,
        **size_of(grey),
        "ppi": found,
        "ppi_from": source,
    }
    return Described(extractor.extract(grey, found), found, facts)
