"""The options of SFM modules an operator may turn, as data, and the parameters behind them."""

from collections.abc import Mapping
from typing import Final

from drivers.fingerprint.sfm_frames import Parameter
from station.capabilities import Option, OptionKind, OptionValue
from station.errors import NotSupported

_ZERO: Final = 0x30  # every one of these parameters counts from here
_QUALITY: Final = ("weak", "moderate", "strong", "strongest")
_LIVENESS: Final = ("off", "weak", "normal", "strong")

OPTIONS: Final[Mapping[str, tuple[Option, Parameter]]] = {
    option.name: (option, parameter)
    for option, parameter in (
        (
            Option("sensitivity", OptionKind.NUMBER, low=0, high=7, step=1),
            Parameter.SENSITIVITY,
        ),
        (
            Option("image_quality", OptionKind.CHOICE, choices=_QUALITY),
            Parameter.IMAGE_QUALITY,
        ),
        (Option("liveness", OptionKind.CHOICE, choices=_LIVENESS), Parameter.FAKE_FINGER),
    )
}


def option_value(name: str, value: int) -> OptionValue:
    """Return what a parameter's value means."""
    option, _ = OPTIONS[name]
    place = value - _ZERO
    if option.kind is OptionKind.CHOICE:
        return option.choices[place] if 0 <= place < len(option.choices) else str(place)
    return place


def parameter_value(name: str, value: OptionValue) -> int:
    """Return the parameter's value for what was asked; NotSupported for another option or value."""
    if name not in OPTIONS:
        raise NotSupported(option=name)
    option, _ = OPTIONS[name]
    if option.kind is OptionKind.CHOICE:
        if value not in option.choices:
            raise NotSupported(option=name, value=str(value))
        return _ZERO + option.choices.index(str(value))
    number = value if isinstance(value, int | float) else -1
    if not option.low <= number <= option.high:
        raise NotSupported(option=name, value=str(value))
    return _ZERO + round(number)
