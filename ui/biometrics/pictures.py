"""Where output files go: one name per input, never over an input, written whole or not at all."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from station.devices import Pixels
from station.formats import png
from ui.biometrics.lines import InputRefused


def targets(files: Sequence[Path], folder: Path, suffix: str) -> dict[Path, Path]:
    """Return an output path in the folder for each file; equal stems get ``-2``, ``-3``.

    Raises:
        InputRefused: an output would be one of the inputs.
        OSError: the folder cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    inputs = {os.path.realpath(file) for file in files}
    taken: set[str] = set()
    found: dict[Path, Path] = {}
    for file in dict.fromkeys(files):
        stem, number = file.stem or file.name, 1
        while (name := f"{stem}{f'-{number}' if number > 1 else ''}{suffix}").lower() in taken:
            number += 1
        taken.add(name.lower())
        target = folder / name
        if os.path.realpath(target) in inputs:
            raise InputRefused(
                reason="OUTPUT_IS_INPUT", message=f"hasil akan menimpa berkas asal: {target}"
            )
        found[file] = target
    return found


def view_of(target: Path, view: int) -> Path:
    """Return the path for a further view of the same file."""
    return target if view == 0 else target.with_name(f"{target.stem}.v{view}{target.suffix}")


def target_of(outputs: Mapping[Path, Path], path: Path, view: int) -> Path:
    """Return where a view of the file goes; InputRefused when an input or another's output is there."""
    target = view_of(outputs[path], view)
    if view and (target in outputs.values() or target.resolve() in {p.resolve() for p in outputs}):
        raise InputRefused(
            reason="OUTPUT_IS_INPUT", message=f"hasil akan menimpa berkas lain: {target}"
        )
    return target


def write_whole(path: Path, data: bytes) -> None:
    """Write beside, then put in place: a run that is stopped leaves no half file."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def drawn_to(
    pictures: Mapping[Path, Path] | None, path: Path, view: int, paint: Callable[[], Pixels]
) -> dict[str, object]:
    """Paint and write the picture of a sample when pictures are asked for; tell where it is."""
    if pictures is None:
        return {}
    target = target_of(pictures, path, view)
    write_whole(target, png.encode(paint()))
    return {"picture": str(target)}
