"""``rekam biometrics match``: two samples compared, or a table of pairs, each with the decision's meaning."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from station.biometrics.builtin import StationMatcher
from station.biometrics.finger.decision import MEASURED_TO, false_match_rate
from station.biometrics.iris import code as iris_code
from station.biometrics.iris.geometry import find_eye
from station.biometrics.ports import Matcher
from station.devices import Modality
from station.minutiae import Template
from ui.biometrics.engine import parts
from ui.biometrics.inputs import Sample, load, read_bytes
from ui.biometrics.lines import InputRefused, Line, error_of, guarded
from ui.biometrics.minutiae import described_by
from ui.biometrics.run import CRASHED
from ui.biometrics.sense import modality_of

Pair = tuple[str, str]
Comparable = Template | iris_code.IrisCode
IRIS_FMR: Final = iris_code.FALSE_MATCH_RATE
_MOST_PAIRS: Final = 5_000_000
_PARCEL: Final = 200  # pairs


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a file is compared by, or why it cannot be."""

    path: str
    what: Comparable | None = field(default=None, repr=False)
    modality: Modality | None = None
    error: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class PrepareJob:
    """Makes files comparable; pairs share the work."""

    modality: Modality | None = None
    ppi: int | None = None

    def __call__(self, path: str) -> Prepared:
        """Return the file's template or iris code, or its error."""
        try:
            sample = _only_one(load(Path(path)))
            modality, _ = modality_of(sample, self.modality)
            return Prepared(path, self._comparable(sample, modality), modality)
        except Exception as cause:  # noqa: BLE001 - becomes the error of every pair it is in
            return Prepared(path, error=error_of(cause))

    def _comparable(self, sample: Sample, modality: Modality) -> Comparable:
        if modality is Modality.FINGER:
            return described_by(sample, self.ppi).template
        if modality is Modality.IRIS:
            geometry = find_eye(sample.grey)
            if geometry is None:
                raise InputRefused(reason="NO_EYE", message="mata tidak ditemukan")
            return iris_code.encode(sample.grey, geometry)
        raise InputRefused(
            reason="MODALITY", message=f"{modality.value} tidak dicocokkan di stasiun ini"
        )


def crashed(path: str) -> Prepared:
    """Return what is left of a file whose process died."""
    return Prepared(path, error=CRASHED)


def _only_one(samples: tuple[Sample, ...]) -> Sample:
    if len(samples) != 1:
        raise InputRefused(
            reason="SEVERAL_VIEWS",
            message="berkas memuat lebih dari satu gambar",
            views=len(samples),
        )
    return samples[0]


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs that are compared together, with what they need: it may travel to another process."""

    pairs: tuple[tuple[Prepared, Prepared], ...] = field(repr=False)


def batches(wanted: Sequence[Pair], ready: Mapping[str, Prepared], jobs: int) -> list[Batch]:
    """Return the pairs in order: one by one in this process, else in parcels worth the way."""
    size = 1 if jobs <= 1 else max(1, min(_PARCEL, len(wanted) // jobs))
    pairs = [(ready[one], ready[other]) for one, other in wanted]
    return [Batch(tuple(pairs[at : at + size])) for at in range(0, len(pairs), size)]


def compared_all(batch: Batch) -> list[Line]:
    """Return the lines of a batch."""
    return [compared(one, other) for one, other in batch.pairs]


def compared(one: Prepared, other: Prepared) -> Line:
    """Return the line of one pair."""
    about: dict[str, object] = {"op": "match", "a": one.path, "b": other.path}

    def work() -> Iterator[Line]:
        for side in (one, other):
            if side.error is not None:
                yield {**about, "error": {**side.error, "file": side.path}}
                return
        if isinstance(one.what, Template) and isinstance(other.what, Template):
            yield about | _fingers(one.what, other.what)
        elif isinstance(one.what, iris_code.IrisCode) and isinstance(
            other.what, iris_code.IrisCode
        ):
            yield about | _irises(one.what, other.what)
        else:
            raise InputRefused(reason="OTHER_MODALITY", message="kedua berkas lain jenisnya")

    return next(iter(guarded(work, about)))


def _fingers(one: Template, other: Template) -> dict[str, object]:
    matcher = parts().matcher
    found = matcher.compare(one, other)
    return {
        "modality": Modality.FINGER.value,
        "algorithm": matcher.algorithm,
        "version": matcher.version,
        "score": round(float(found.score), 3),
        "matched": found.matched,
        "minutiae": [len(one), len(other)],
        "same": found.same,
        "decision": "same" if found.same else "different",
        "threshold": matcher.threshold,
        "fmr": matcher.fmr,
        **score_rate(matcher, found.score),
    }


def score_rate(matcher: Matcher, score: float) -> dict[str, object]:
    """Return how often different fingers reach this very score, where the matcher's scale says it."""
    if not isinstance(matcher, StationMatcher):
        return {}
    return {"score_fmr": false_match_rate(score), "measured_to": MEASURED_TO}


def _irises(one: iris_code.IrisCode, other: iris_code.IrisCode) -> dict[str, object]:
    distance = iris_code.distance(one, other)
    same = distance < iris_code.SAME_EYE_BELOW
    return {
        "modality": Modality.IRIS.value,
        "algorithm": "rekam.iris-code",
        "version": "1",
        "score": round(1 - distance, 4),
        "distance": round(distance, 4),
        "same": same,
        "decision": "same" if same else "different",
        "threshold": round(1 - iris_code.SAME_EYE_BELOW, 4),
        "fmr": IRIS_FMR,
    }


def pairs_of(table: Path) -> list[Pair]:
    """Return the pairs of a CSV file: two columns of paths, a header line is passed over.

    A relative path counts from where the command runs, or from the table's folder when it is only there.
    """
    text = read_bytes(table).decode("utf-8-sig", "surrogateescape")
    found: list[Pair] = []
    known: dict[str, str] = {}

    def placed(name: str) -> str:
        if name not in known:
            beside = table.parent / name
            known[name] = str(beside) if not Path(name).exists() and beside.exists() else name
        return known[name]

    try:
        rows = list(csv.reader(text.splitlines()))
    except csv.Error as cause:
        raise InputRefused(reason="TABLE", message="tabel pasangan tidak terbaca") from cause
    for number, row in enumerate(rows):
        if not row or (number == 0 and _is_header(row)):
            continue
        if len(row) < 2:
            raise InputRefused(reason="TABLE", message="baris tanpa dua kolom", line=number + 1)
        found.append((placed(row[0].strip()), placed(row[1].strip())))
    if not found or len(found) > _MOST_PAIRS:
        raise InputRefused(reason="TABLE", message="tabel kosong atau terlalu panjang")
    return found


def _is_header(row: Sequence[str]) -> bool:
    names = {cell.strip().lower() for cell in row[:2]}
    return bool(names & {"a", "b", "probe", "reference", "file_a", "file_b", "file1", "file2"})
