"""The parts this process works with: the station's own, or those that a site's settings choose."""

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from station.biometrics.builtin import Parts, StationMatcher
from ui.biometrics.lines import InputRefused

RATE: Final = "REKAM_FMR"
PLACE: Final = "REKAM_ENGINE"  # names the settings file; also tells the processes of --jobs


def choose(settings: Path | None = None, rate: float | None = None) -> None:
    """Use the engine of a settings file, or the station's at a false match rate, from now on.

    Also in processes started from here.

    Raises:
        SettingsRefused: the file is damaged.
        EngineRefused: a chosen part does not work.
    """
    if settings is not None:
        os.environ[PLACE] = str(settings)
    if rate is not None:
        os.environ[RATE] = repr(rate)
    parts.cache_clear()
    parts()


@cache
def parts() -> Parts:
    """Return this process's parts, made once."""
    place, rate = os.environ.get(PLACE), os.environ.get(RATE)
    if not place:
        return Parts(matcher=StationMatcher(float(rate))) if rate else Parts()
    from station.biometrics.plugins import (
        parts_of,  # a fifth of a second that most runs do not need
    )
    from station.settings import load_settings

    chosen = parts_of(load_settings(Path(place)).engine)
    if not rate:
        return chosen
    if not isinstance(chosen.matcher, StationMatcher):
        raise InputRefused(reason="RATE", message="--fmr hanya untuk pencocok stasiun sendiri")
    return replace(chosen, matcher=StationMatcher(float(rate)))
