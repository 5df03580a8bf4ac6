"""What ``rekam biometrics`` costs beside the engine: starting, and reading a foreign file in the child."""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.devices import FingerPosition
from station.formats import jpeg2000, png, wsq
from tests.bench.rows import BenchRow, timed
from ui.biometrics.inputs import decoder, load

_MANY = 40


def rows() -> list[BenchRow]:
    """Return start-up, a further file, and reading alone per format."""
    picture = impression(FingerIdentity(1, FingerPosition.RIGHT_INDEX), 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = []
        for suffix, encode in (("png", png.encode), ("jp2", jpeg2000.encode), ("wsq", wsq.encode)):
            files.append(folder / f"a.{suffix}")
            files[-1].write_bytes(encode(picture))
        one, many = (_processor_s("segment", [files[0]] * count) for count in (1, _MANY))
        note = "segment, both processes, one run"
        made = [
            BenchRow("start and one file", "s CPU", one, None, None, note),
            BenchRow(
                "a further file", "ms CPU", 1000 * (many - one) / (_MANY - 1), None, None, note
            ),
        ]
        note = "300x400, this process only: the child decodes"
        made += [
            timed(f"read {path.suffix[1:]}", 10, lambda path=path: load(path), note=note)
            for path in files
        ]
        decoder().close()
    return made


def _processor_s(verb: str, files: list[Path]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "ui.cli", "biometrics", verb, *map(str, files)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
