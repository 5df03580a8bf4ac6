"""Iris: both eyes side by side as seen from the front, with one bar for the distance."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station.devices import Pixels
from ui.icons import State
from ui.pages.capture import CapturePage
from ui.theme import Theme
from ui.widgets.eyes import DistanceBar, EyeMark, EyePlace
from ui.widgets.text import label

__all__ = ["EyeMark", "IrisPage", "IrisView"]

_WHOLE = QRectF(0, 0, 1, 1)
_HALVES = {"RIGHT": QRectF(0, 0, 0.5, 1), "LEFT": QRectF(0.5, 0, 0.5, 1)}


@dataclass(frozen=True, slots=True)
class IrisView:
    """Both eyes; ``distance`` 0 too far .. 0.5 right .. 1 too near, None unknown."""

    right: EyeMark
    left: EyeMark
    distance: float | None = None


class IrisPage(CapturePage):
    """The applicant's right eye is at the left, as one sees the person."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Iris")
        self.help_lines = (
            self.tr("Kacamata dilepas. Pemohon melihat ke tengah lensa, dagu diam."),
            self.tr("Kelopak menutup? Pemohon boleh membuka kelopak dengan jarinya sendiri."),
            self.tr("Mata tidak bisa direkam: F2, dengan alasan."),
        )
        self._eyes = {
            "RIGHT": EyePlace(theme, self.tr("Mata kanan")),
            "LEFT": EyePlace(theme, self.tr("Mata kiri")),
        }
        self._stills: dict[str, Pixels] = {}
        self._view = IrisView(EyeMark(State.TO_COME), EyeMark(State.TO_COME))
        self._distance = DistanceBar(theme)
        self._hint = label(
            theme,
            self.tr("Kelopak menutup? Minta pemohon membukanya dengan dua jari."),
            16,
            tone="quiet",
            wrap=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(24)
        for place in self._eyes.values():
            row.addWidget(place, 1)
        column.addLayout(row, 8)
        column.addSpacing(8)
        column.addWidget(self._distance)
        column.addWidget(self._hint)
        column.addStretch(1)
        self._exemption.raise_()

    def _asked(self) -> tuple[str, ...]:
        marks = {"RIGHT": self._view.right, "LEFT": self._view.left}
        return tuple(eye for eye, mark in marks.items() if mark.state in {State.NOW, State.LOOK})

    def show_eyes(self, view: IrisView) -> None:
        """Show both eyes' states and the distance."""
        self._view = view
        for eye, mark in (("RIGHT", view.right), ("LEFT", view.left)):
            self._eyes[eye].show_mark(mark)
        self._distance.show_distance(view.distance)

    def show_preview(self, pixels: Pixels | None) -> None:
        """Show the live picture of the asked eyes: halves for two eyes, the whole for one."""
        asked = self._asked()
        for eye, place in self._eyes.items():
            if pixels is not None and eye in asked:
                part = _HALVES[eye] if len(asked) == 2 else _WHOLE
                place.picture.show_pixels(pixels, part, live=True)
            elif pixels is None:
                place.picture.show_pixels(self._stills.get(eye), _WHOLE, live=False)

    def forget(self) -> None:
        """Empty both places."""
        for eye in self._eyes:
            self.show_still(eye, None)

    def show_still(self, eye: str, pixels: Pixels | None) -> None:
        """Show the kept picture of "RIGHT" or "LEFT" (grey h, w), or empty its place."""
        if pixels is None:
            self._stills.pop(eye, None)
        else:
            self._stills[eye] = pixels
        self._eyes[eye].picture.show_pixels(pixels, _WHOLE, live=False)
