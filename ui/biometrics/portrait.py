"""``rekam biometrics portrait``: the 3:4 portrait cut out of a still, and all that was done to make it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from station.biometrics.face.backdrop_replacement import replace_backdrop
from station.biometrics.face.judge import ALGORITHM, VERSION
from station.biometrics.face.measure import BackdropColour
from station.biometrics.face.portrait import make_portrait
from station.formats import png
from ui.biometrics.inputs import Sample, load
from ui.biometrics.lines import InputRefused, Line, guarded
from ui.biometrics.pictures import view_of, write_whole
from ui.biometrics.quality import face_of, size_of, views


@dataclass(frozen=True, slots=True)
class PortraitJob:
    """Cuts portraits; the stills stay as they are."""

    outputs: Mapping[Path, Path]
    upright: bool = False
    head_share: float = 0.75
    backdrop: BackdropColour | None = None

    def __call__(self, path: Path) -> list[Line]:
        """Return one line per sample of the file."""
        about = {"op": "portrait", "file": str(path)}

        def work() -> Iterator[Line]:
            for sample in load(path):
                yield from guarded(partial(self._line, path, sample), {**about, **views(sample)})

        return list(guarded(work, about))

    def _line(self, path: Path, sample: Sample) -> Iterator[Line]:
        still = sample.colour
        judged = face_of(sample, None)
        faces = int(judged.verdict.measure("faces").value)
        if judged.eyes is None or faces != 1:
            raise InputRefused(
                reason="FACES", message=f"{faces} wajah ditemukan, harus tepat satu", faces=faces
            )
        portrait = make_portrait(
            still, judged.eyes, upright=self.upright, head_share=self.head_share
        )
        if self.backdrop is not None:
            portrait = replace_backdrop(portrait, self.backdrop)
        target = view_of(self.outputs[path], sample.view)
        write_whole(target, png.encode(portrait.pixels))
        yield {
            "op": "portrait",
            "file": str(path),
            **views(sample),
            "format": sample.format,
            "algorithm": ALGORITHM,
            "version": VERSION,
            "output": str(target),
            **size_of(portrait.pixels),
            "reduced": round(portrait.reduced, 4),
            "turned_deg": round(portrait.turned_deg, 2),
            "backdrop_replaced": portrait.backdrop_replaced,
        }
