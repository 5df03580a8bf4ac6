"""A gallery of prints for ``rekam biometrics search``: made from a folder, kept in one file."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from station.biometrics.builtin import StationMatcher
from station.biometrics.finger.neighbourhood import VERSION as WORDS_VERSION
from station.biometrics.finger.neighbourhood import Words, words
from station.biometrics.finger.prepared import BEST, prepare
from station.minutiae import Template
from ui.biometrics.engine import parts
from ui.biometrics.inputs import read_bytes
from ui.biometrics.lines import InputRefused
from ui.biometrics.pictures import write_whole

_FORM: Final = "rekam-gallery-1"
_COLUMNS: Final = ("x", "y", "angle", "type", "quality")
_KINDS: Final = (np.float32, np.float32, np.float32, np.uint8, np.uint8)
_LARGEST: Final = 1 << 30  # bytes, unpacked
_FARTHEST: Final = 16383  # pixels; what the binary records can hold
_TURN: Final = 2 * np.pi
SHORTLIST: Final = 400  # prints compared in full


@dataclass(frozen=True, slots=True)
class Gallery:
    """Templates with the name each is known by, and who made them."""

    names: tuple[str, ...] = field(repr=False)
    templates: tuple[Template, ...] = field(repr=False)
    words: Words | None = field(
        repr=False
    )  # (BEST, n), for the first look; None: every print is compared
    algorithm: str  # of the extractor: templates of another one are not compared
    version: str

    def __len__(self) -> int:
        return len(self.names)


def files_in(folder: Path) -> list[Path]:
    """Return every visible file under the folder, in a fixed order; OSError when there is no folder."""
    if not folder.is_dir():
        raise InputRefused(reason="NOT_A_FOLDER", message="galeri harus folder")
    inside = (path for path in folder.rglob("*") if path.is_file())
    shown = (
        path
        for path in inside
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    return sorted(shown)


def words_of(templates: Sequence[Template]) -> Words | None:
    """Return the words of prints as columns (BEST, n); None with a matcher that has none, or few prints."""
    if len(templates) <= SHORTLIST or not isinstance(parts().matcher, StationMatcher):
        return None
    return np.stack([words(prepare(template)) for template in templates], axis=1)


def save(gallery: Gallery, path: Path) -> None:
    """Write the gallery into one file."""
    columns = {
        name: np.concatenate([getattr(t, name) for t in gallery.templates] or [np.zeros(0, kind)])
        for name, kind in zip(_COLUMNS, _KINDS, strict=True)
    }
    if gallery.words is not None:
        columns["words"] = gallery.words
    sizes = np.array([(len(t), t.width, t.height) for t in gallery.templates], np.int64).reshape(
        -1, 3
    )
    about = {
        "form": _FORM,
        "algorithm": gallery.algorithm,
        "version": gallery.version,
        "words_version": WORDS_VERSION,
        "names": gallery.names,
    }
    text = np.frombuffer(json.dumps(about).encode("ascii"), np.uint8)
    out = io.BytesIO()
    np.savez(out, about=text, sizes=sizes, allow_pickle=False, **columns)
    write_whole(path, out.getvalue())


def restore(path: Path) -> Gallery:
    """Read what ``save`` wrote; InputRefused for anything else."""
    data = read_bytes(path)
    try:
        return _unpacked(data)
    except (InputRefused, MemoryError):
        raise
    except Exception as cause:  # zip, zlib, NumPy and JSON each fail in their own ways
        raise InputRefused(reason="INDEX", message="indeks galeri rusak") from cause


def _unpacked(data: bytes) -> Gallery:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(info.file_size for info in packed.infolist()) > _LARGEST:
            raise InputRefused(reason="TOO_LARGE", message="indeks terlalu besar")
    with np.load(io.BytesIO(data), allow_pickle=False) as content:
        about = json.loads(content["about"].tobytes().decode("ascii"))
        if about["form"] != _FORM:
            raise InputRefused(reason="INDEX", message="bukan indeks galeri")
        columns = [content[name].astype(kind) for name, kind in zip(_COLUMNS, _KINDS, strict=True)]
        templates = _cut(columns, content["sizes"].astype(np.int64))
        known = content.get("words")
    names = tuple(str(name) for name in about["names"])
    if len(names) != len(templates):
        raise InputRefused(reason="INDEX", message="indeks galeri rusak")
    if known is not None and (
        about["words_version"] != WORDS_VERSION
        or known.dtype != np.uint64
        or known.shape != (BEST, len(names))
    ):
        raise InputRefused(reason="INDEX", message="indeks galeri rusak atau versi lain")
    return Gallery(names, tuple(templates), known, str(about["algorithm"]), str(about["version"]))


def checked(gallery: Gallery) -> Gallery:
    """Return the gallery when this engine's extractor made it; else InputRefused: make it anew."""
    extractor = parts().minutiae
    if (gallery.algorithm, gallery.version) != (extractor.algorithm, extractor.version):
        raise InputRefused(
            reason="INDEX_OF_ANOTHER_ENGINE",
            message="indeks dibuat oleh mesin atau versi lain; buat lagi dengan --gallery",
            algorithm=gallery.algorithm,
            version=gallery.version,
        )
    return gallery


def _cut(columns: Sequence[np.ndarray], sizes: np.ndarray) -> list[Template]:
    counts = sizes[:, 0]
    ends = np.cumsum(counts)
    if (counts < 0).any() or any(len(column) != counts.sum() for column in columns):
        raise InputRefused(reason="INDEX", message="indeks galeri rusak")
    places, sides = np.concatenate(columns[:2]), sizes[:, 1:]
    sane = (np.abs(places) <= _FARTHEST).all() and (np.abs(columns[2]) <= 2 * _TURN).all()
    if not sane or not ((sides > 0) & (sides <= _FARTHEST)).all():  # NaN is not sane either
        raise InputRefused(reason="INDEX", message="indeks galeri rusak")
    found = []
    for (count, width, height), end in zip(sizes, ends, strict=True):
        x, y, angle, kind, quality = (column[end - count : end] for column in columns)
        found.append(Template(x, y, angle, kind, quality, int(width), int(height)))
    return found
