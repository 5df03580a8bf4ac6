"""``rekam biometrics search``: each probe against a gallery of prints, the likest first."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from station.biometrics.finger.neighbourhood import likeness, words
from station.biometrics.finger.prepared import prepare
from station.devices import Modality
from station.minutiae import Template
from ui.biometrics.engine import parts
from ui.biometrics.gallery import SHORTLIST, Gallery, files_in, words_of
from ui.biometrics.lines import Line, guarded
from ui.biometrics.match import PrepareJob, crashed, score_rate
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
        for at in self._first_look(probe):
            name = self.gallery.names[at]
            if self.skip_same and os.path.realpath(name) == own:
                continue
            match = matcher.compare(probe, self.gallery.templates[at])
            found.append((match, name))
        best = sorted(found, key=lambda each: (-each[0].score, each[1]))[: self.limit]
        return {
            "modality": Modality.FINGER.value,
            "algorithm": matcher.algorithm,
            "version": matcher.version,
            "minutiae": len(probe),
            "gallery": len(self.gallery),
            "compared": len(found),
            "found": any(match.same for match, _ in best),
            "threshold": matcher.threshold,
            "fmr": matcher.fmr,
            "candidates": [
                {
                    "file": name,
                    "score": round(float(match.score), 3),
                    "matched": match.matched,
                    "same": match.same,
                    **score_rate(matcher, match.score),
                }
                for match, name in best
            ],
        }

    def _first_look(self, probe: Template) -> Sequence[int]:
        """Return which prints are compared in full: all, or of a large gallery the most alike."""
        known = self.gallery.words
        if known is None or len(probe) < 3:
            return range(len(self.gallery))
        ready = prepare(probe)
        alike = likeness(words(ready)[: len(ready)], known)
        return [int(at) for at in np.argsort(-alike, kind="stable")[:SHORTLIST]]


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
        tuple(each.path for each in good),
        templates,
        words_of(templates),
        extractor.algorithm,
        extractor.version,
    )
    return gallery, errors
