"""The parts this process works with: the built-in ones, or those a site's settings name."""

from functools import cache

from station.biometrics.builtin import Parts


@cache
def parts() -> Parts:
    """Return this process's parts, made once."""
    return Parts()
