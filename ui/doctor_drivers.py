"""Which drivers this machine has, and why one of them may not be used."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from drivers.contract import GROUP, DriverRefused
from drivers.registry import BUILT_IN, DriverRegistry
from station.settings import DeviceSettings
from ui.device_words import plight_of_code
from ui.findings import GOOD, LOOK, WRONG, Fact, Finding

_NOT_ALLOWED: Final = "not allowed"


def driver_findings(
    settings: DeviceSettings, installed: tuple[EntryPoint, ...] | None = None
) -> Iterator[Finding]:
    """Yield one line for our own drivers, and one per driver of somebody else or that is refused."""
    points = tuple(entry_points(group=GROUP)) if installed is None else installed
    registry = DriverRegistry(settings.allowed, points)
    others = sorted({point.name for point in points} - set(BUILT_IN))
    wanted = sorted(set(settings.allowed) - set(BUILT_IN) - set(others))
    loaded = []
    for name in (*BUILT_IN, *others, *wanted):
        isolated = name in settings.isolated
        try:
            registry.driver(name)
        except DriverRefused as refusal:
            yield _refused(name, str(refusal.facts.get("reason", "")))
            continue
        if name in BUILT_IN and not isolated:
            loaded.append(name)
        else:
            how = "diizinkan, berjalan di proses sendiri" if isolated else "diizinkan"
            facts: dict[str, Fact] = {"driver": name, "isolated": isolated}
            yield Finding(GOOD, f"penggerak {name}: {how}", "", "driver", facts)
    yield Finding(GOOD, f"penggerak bawaan: {', '.join(loaded)}", "", "driver")


def _refused(name: str, reason: str) -> Finding:
    """Return the line of a refused driver; one that nobody has allowed is no fault of the machine."""
    plight = plight_of_code("DRIVER_REFUSED", reason)
    severity = LOOK if reason == _NOT_ALLOWED else WRONG
    said = f"penggerak {name}: {plight.said[:1].lower()}{plight.said[1:]}"
    step = plight.step.removeprefix("Panggil teknisi: ").rstrip(".")
    return Finding(severity, said, step, "driver", {"driver": name, "reason": reason})
