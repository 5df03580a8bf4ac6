"""Foto: the live picture as large as it can be; then the portrait, and the applicant's word on it."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from station.devices import Pixels
from ui.pages.capture import CapturePage
from ui.theme import Theme
from ui.widgets.live_picture import placed, wrapped
from ui.widgets.pictures import Pictogram
from ui.widgets.portrait import PhotoStage
from ui.widgets.text import label


class _Portrait(QWidget):
    """The taken portrait, 3:4, as large as its room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pixels: Pixels | None = None
        self._picture: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Foto yang diambil"))

    def show_pixels(self, pixels: Pixels | None) -> None:
        if pixels is not None and not pixels.flags.c_contiguous:
            pixels = pixels.copy()
        self._pixels = pixels
        self._picture = None if pixels is None else wrapped(pixels)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        place = placed(
            self._picture.size(), QRectF(self.rect()).adjusted(1, 1, -1, -1), cover=False
        )
        shape = QPainterPath()
        shape.addRoundedRect(place, 8, 8)
        painter.save()
        painter.setClipPath(shape)
        painter.drawImage(place, self._picture)
        painter.restore()
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawPath(shape)


class PhotoPage(CapturePage):
    """Live view and still; the coach beside it says what to change."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Foto")
        self.help_lines = (
            self.tr("Wajah di dalam oval, mata di garis. Ikuti satu kalimat di kanan."),
            self.tr(
                "Foto terambil sendiri setelah setengah detik semuanya baik; Spasi: ambil sekarang."
            ),
            self.tr("Tunjukkan fotonya. Pemohon setuju: Enter. Belum: F10 untuk mengulang."),
        )
        self._stage = PhotoStage(theme)
        self._still = QWidget()
        self._portrait = _Portrait(theme)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._stage)
        self._stack.addWidget(self._still)
        self._compose_still()
        self._exemption.raise_()

    def _compose_still(self) -> None:
        row = QHBoxLayout(self._still)
        row.setContentsMargins(24, 24, 24, 24)
        row.setSpacing(32)
        row.addWidget(self._portrait, 444)
        words = QVBoxLayout()
        words.setSpacing(12)
        words.addStretch(1)
        words.addWidget(Pictogram(self.theme, "person", 48, "primary"))
        for text, px, weight, tone in (
            (self.tr("Setuju?"), 40, 600, "ink"),
            (self.tr("Foto ini akan tercetak di KTP-el Anda."), 20, 400, "ink"),
            (self.tr("Belum cocok? Bilang saja, kita ulangi."), 16, 400, "quiet"),
        ):
            words.addWidget(label(self.theme, text, px, weight, tone, wrap=True))
        words.addStretch(1)
        row.addLayout(words, 300)

    @property
    def stage(self) -> PhotoStage:
        """The live stage."""
        return self._stage

    @property
    def shows_still(self) -> bool:
        """Whether the taken portrait is on the stage."""
        return self._stack.currentWidget() is self._still

    def show_live(self) -> None:
        """Go back to the live picture; nothing of the last person remains on it."""
        self._stage.show_pixels(None)
        self._stage.show_hold(0.0)
        self._portrait.show_pixels(None)
        self._stack.setCurrentWidget(self._stage)
        self._exemption.raise_()

    def forget(self) -> None:
        """Empty the stage."""
        self._stage.show_pixels(None)
        self._stage.show_hold(0.0)
        self._portrait.show_pixels(None)

    def stage_size(self) -> tuple[int, int]:
        """Return how many pixels wide and high the live picture is painted."""
        scale = self._stage.devicePixelRatioF()
        return max(1, round(self._stage.width() * scale)), max(
            1, round(self._stage.height() * scale)
        )

    def show_frame(self, pixels: Pixels) -> None:
        """Show one live frame, BGR or BGRA, already small; quickest when it is as large as the stage."""
        self._stage.show_pixels(pixels)

    def show_backdrop(self, colour: str, title: str, note: str) -> None:
        """Show the colour demanded behind the face: "red", "blue", "orange" or ""."""
        self._stage.show_backdrop(colour, title, note)

    def show_hold(self, fraction: float) -> None:
        """Show how long all has been good, 0..1, growing along the oval."""
        self._stage.show_hold(fraction)

    def show_still(self, pixels: Pixels) -> None:
        """Show the portrait large and ask the applicant."""
        self._portrait.show_pixels(pixels)
        self._stack.setCurrentWidget(self._still)
        self._exemption.raise_()

    def flash(self) -> None:
        """Say "taken" to the eye: white for 160 ms."""
        self._stage.flash()
