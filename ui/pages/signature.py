"""Tanda tangan: ink as it is drawn."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from station.devices import PenPoint, Pixels
from ui.pages.capture import CapturePage
from ui.theme import Theme
from ui.widgets.ink import InkCanvas
from ui.widgets.text import label


class SignaturePage(CapturePage):
    """The pad's writing area as large as the stage allows."""

    pen_moved = Signal(object)  # PenSample

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Tanda tangan")
        self.help_lines = (
            self.tr("Pemohon menulis di papan; tinta muncul di sini saat itu juga."),
            self.tr("Selesai sendiri setelah pena diangkat 1,5 detik. Enter: mulai dari awal."),
            self.tr("Tidak bisa menulis: F2, dengan alasan."),
        )
        self._heading = label(theme, self.tr("Tanda tangan pemohon"), 20, 600)
        self._where = label(theme, "", 16, tone="quiet", wrap=True)
        self._canvas = InkCanvas(theme)
        self._canvas.pen_moved.connect(self.pen_moved)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(self._heading)
        column.addWidget(self._where)
        column.addSpacing(12)
        column.addWidget(self._canvas, 6)
        column.addStretch(2)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.set_screen_pen(False)
        self._exemption.raise_()

    @property
    def canvas(self) -> InkCanvas:
        """The paper, for those who draw on it from outside."""
        return self._canvas

    def begin(self, width_um: int, height_um: int) -> None:
        """Lay out clean paper of the pad's writing area in micrometres."""
        self._canvas.begin(width_um, height_um)

    def add_point(self, point: PenPoint) -> None:
        """Add one pen event of the pad."""
        self._canvas.add_point(point)

    def clear(self) -> None:
        """Take the ink off."""
        self._canvas.clear()

    def forget(self) -> None:
        """Take the ink off."""
        self._canvas.clear()

    def show_drawn(self, pixels: Pixels | None) -> None:
        """Show the signature that is kept, as a picture."""
        self._canvas.show_drawn(pixels)

    def set_screen_pen(self, on: bool) -> None:  # noqa: FBT001 - a plain setter
        """Let the screen itself be the pad."""
        self._canvas.set_screen_pen(on)
        self._where.setText(
            self.tr("Tulis di kertas ini dengan pena, jari, atau tetikus.")
            if on
            else self.tr("Tinta dari papan muncul di sini.")
        )
