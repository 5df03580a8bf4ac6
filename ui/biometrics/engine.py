"""The parts this process works with: the station's own, or those that a site's settings choose."""

import os
from functools import cache
from pathlib import Path
from typing import Final

from station.biometrics.builtin import Parts

PLACE: Final = "REKAM_ENGINE"  # names the settings file; also tells the processes of --jobs


def choose(settings: Path | None) -> None:
    """Use the engine of a settings file from now on, here and in processes started from here.

    Raises:
        SettingsRefused: the file is damaged.
        EngineRefused: a chosen part does not work.
    """
    if settings is not None:
        os.environ[PLACE] = str(settings)
    parts.cache_clear()
    parts()


@cache
def parts() -> Parts:
    """Return this process's parts, made once."""
    place = os.environ.get(PLACE)
    if not place:
        return Parts()
    from station.biometrics.plugins import (
        parts_of,  # a fifth of a second that most runs do not need
    )
    from station.settings import load_settings

    return parts_of(load_settings(Path(place)).engine)
