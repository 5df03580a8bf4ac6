"""How a place is, as one value that is replaced whole: whoever reads it never sees half a change."""

from dataclasses import dataclass, replace

from drivers.supervision.figures import Figures
from drivers.supervision.search import Plugged
from drivers.supervision.source import Source
from drivers.supervision.verdicts import unfit
from station.capabilities import Calibratable, Capabilities, Described, Identifiable
from station.device_report import Condition, DeviceReport
from station.devices import Device, DeviceInfo, DeviceState
from station.errors import GradeRefused, StationError


@dataclass(frozen=True, slots=True)
class Status:
    """What stands in a place, what waits for the operator's word, and what is wrong."""

    condition: Condition = Condition.ABSENT
    current: Plugged | None = None
    offered: Plugged | None = None
    error: StationError | None = None


def report_of(
    status: Status,
    source: Source,
    figures: Figures,
    *,
    before: DeviceInfo | None,
    rehearsal: bool,
    retry_in_s: float,
) -> DeviceReport:
    """Return what page and doctor show of a place; ``before`` is who belongs there while it is empty."""
    device = status.current.device if status.current is not None else None
    condition, error = status.condition, status.error
    info = _info(status.current) if status.current is not None else before
    if device is not None and unfit(device.info, figures.modality, rehearsal=rehearsal):
        condition, error = Condition.ATTENTION, GradeRefused(driver=device.info.driver)
    held = status.current or status.offered
    calibratable = isinstance(device, Calibratable)
    return DeviceReport(
        modality=figures.modality,
        condition=condition,
        code=error.code if error is not None else "",
        reason=_reason(error),
        driver=source.driver,
        address=held.reference.address if held else ", ".join(source.addresses),
        label=held.reference.label if held else "",
        info=info,
        state=_state(device),
        capabilities=_capabilities(device),
        identifiable=held is not None and isinstance(held.device, Identifiable),
        calibratable=calibratable,
        offered=_info(status.offered) if status.offered is not None else None,
        captures=figures.captures,
        failures=dict(figures.failures),
        reconnects=figures.reconnects,
        last_quality=figures.last_quality,
        usual_quality=figures.usual_quality,
        usual_seconds=figures.usual_seconds,
        upkeep=figures.upkeep(calibratable=calibratable),
        retry_in_s=retry_in_s if held is None else None,
    )


def _info(plugged: Plugged) -> DeviceInfo:
    """Return who a device is, by the serial number it is known by here: its own, else the configured one."""
    return replace(plugged.device.info, serial=plugged.identity.serial)


def _reason(error: StationError | None) -> str:
    """Return the fixed word that makes an error's code more exact, '' where there is none."""
    facts = error.facts if error is not None else {}
    return str(facts.get("reason") or facts.get("what", ""))


def _state(device: Device | None) -> DeviceState:
    if device is None:
        return DeviceState.CLOSED
    state = getattr(device, "state", None)  # every OwnedDevice has one
    return state if isinstance(state, DeviceState) else DeviceState.READY


def _capabilities(device: Device | None) -> Capabilities | None:
    return device.capabilities if isinstance(device, Described) else None
