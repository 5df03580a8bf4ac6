"""The signature pad on the screen: mouse, touch or a pen tablet drawing on the page's own canvas."""

from station.clock import Clock
from station.devices import Grade
from ui.devices.pen_pad import PenPad
from ui.devices.pen_sample import PenDevice

_SCREEN = PenDevice("screen", "screen")


class ScreenPad(PenPad):
    """A pad that is always there; a pen that draws on it is named in the capture."""

    def __init__(self, clock: Clock, grade: Grade = Grade.ENROLMENT) -> None:
        super().__init__(clock, lambda: _SCREEN, lambda _name: grade, only_pens=False)
