"""``rekam biometrics search``: each probe against a gallery of prints, the likest first."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from station.devices import Modality
from station.minutiae import Template
from ui.biometrics.engine import parts
from ui.biometrics.gallery import Gallery, files_in
from ui.biometrics.lines import Line, guarded
from ui.biometrics.match import PrepareJob, crashed
from ui.biometrics.run import worked


@dataclass(frozen=True, slots=True)
class SearchJob:
    """Searches a gallery for probes."""

    gallery: Gallery = field(repr=False)
    ppi: int | None = None
    limit: int = 10
    skip_same: bool = False  # leave the probe's own file out of the gallery

    def __call__(self, path: Path) -> list[Line]:
        """Return the line of one probe."""
        about: dict[str, object] = {"op": "search", "file": str(path)}

        def work() -> Iterator[Line]:
            prepared = PrepareJob(Modality.FINGER, self.ppi)(str(path))
            if prepared.error is not None:
                yield {**about, "error": prepared.error}
            elif isinstance(prepared.what, Template):
                yield about | self._searched(prepared.what, path)

        return list(guarded(work, about))

    def _searched(self, probe: Template, path: Path) -> dict[str, object]:
        matcher = parts().matcher
        own = os.path.realpath(path)
        found = []
        for name, template in zip(self.gallery.names, self.gallery.templates, strict=True):
            if self.skip_same and os.path.realpath(name) == own:
                continue
            match = matcher.compare(probe, template)
            found.append((match, name))
        best = sorted(found, key=lambda each: (-each[0].score, each[1]))[: self.limit]
        return {
            "modality": Modality.FINGER.value,
            "algorithm": matcher.algorithm,
            "version": matcher.version,
            "minutiae": len(probe),
            "gallery": len(found),
            "found": any(match.same for match, _ in best),
            "threshold": matcher.threshold,
            "fmr": matcher.fmr,
            "candidates": [
                {
                    "file": name,
                    "score": round(float(match.score), 3),
                    "matched": match.matched,
                    "same": match.same,
                }
                for match, name in best
            ],
        }


def built(folder: Path, ppi: int | None, jobs: int) -> tuple[Gallery, list[Line]]:
    """Return the gallery of a folder, and an error line for each file that is no print."""
    names = [str(path) for path in files_in(folder)]
    ready = list(worked(PrepareJob(Modality.FINGER, ppi), names, jobs, crashed))
    good = [each for each in ready if isinstance(each.what, Template)]
    errors: list[Line] = [
        {"op": "gallery", "file": each.path, "error": each.error}
        for each in ready
        if each.error is not None
    ]
    extractor = parts().minutiae
    templates = tuple(each.what for each in good if isinstance(each.what, Template))
    gallery = Gallery(
        tuple(each.path for each in good), templates, extractor.algorithm, extractor.version
    )
    return gallery, errors
