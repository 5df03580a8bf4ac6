"""The colour demanded behind the face, and the patch that shows it."""

from typing import Final

_COLOURS: Final = {"red": "#B5322B", "blue": "#1D5AA6", "orange": "#D2691E"}


def backdrop_colour(name: str) -> str:
    """Return ``#RRGGBB`` of "red", "blue" or "orange"; white where any colour may be."""
    return _COLOURS.get(name, "#FFFFFF")
