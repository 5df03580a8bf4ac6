"""Where the rig of a driver stands: named on the command line, beside ours, or installed by a third party."""

import importlib
import importlib.util
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from drivers.conformance.rig import GROUP, MakeRig


class RigNotFound(LookupError):
    """Nobody has a rig of that name; the message says where it was looked for."""


def find_rig(
    name: str,
    place: str = "",
    given: Mapping[str, str] | None = None,
    installed: Iterable[EntryPoint] | None = None,
) -> MakeRig:
    """Return what makes a driver's rigs; RigNotFound.

    Args:
        name: of the driver.
        place: ``module:object``, believed instead of everything else.
        given: places of rigs that this package may not know (those of drivers that need Qt).
        installed: replaces the installed entry points.
    """
    if not place:
        place = (given or {}).get(name, "") or _ours(name) or _installed(name, installed)
    if not place:
        raise RigNotFound(f"no rig of {name!r}: neither in {_module(name)} nor under {GROUP!r}")
    module, _, attribute = place.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute or "make_rig")
    except (ImportError, AttributeError) as cause:
        raise RigNotFound(f"{place!r} cannot be loaded: {cause}") from cause
    return cast(MakeRig, found)


def has_rig(name: str, given: Mapping[str, str] | None = None) -> bool:
    """Whether ``find_rig`` would look somewhere; nothing is loaded."""
    return bool((given or {}).get(name, "") or _ours(name) or _installed(name))


def _module(name: str) -> str:
    return f"drivers.conformance.rigs.{name.replace('.', '_')}"


def _ours(name: str) -> str:
    if not name.replace(".", "_").isidentifier():
        return ""
    return f"{_module(name)}:make_rig" if importlib.util.find_spec(_module(name)) else ""


def _installed(name: str, installed: Iterable[EntryPoint] | None = None) -> str:
    points = entry_points(group=GROUP) if installed is None else installed
    return next((point.value for point in points if point.name == name), "")
