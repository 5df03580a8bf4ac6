"""A picture painted straight from the array a worker made: no copy on the way to the screen."""

from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.devices import Pixels
from ui.theme import Theme

_FORMATS: Final = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_BGR888,
    4: QImage.Format.Format_RGB32,
}


def wrapped(pixels: Pixels) -> QImage:
    """Return a QImage over the array's own bytes: grey (h, w), BGR (h, w, 3) or BGRA (h, w, 4), uint8.

    BGRA is what a screen holds, it is painted without a conversion; its fourth byte means nothing.

    The caller keeps the array alive as long as the image lives. Arrays that are not laid out row after
    row are copied once.
    """
    if not pixels.flags.c_contiguous:
        pixels = pixels.copy()
    height, width = pixels.shape[:2]
    kind = _FORMATS[pixels.shape[2] if pixels.ndim == 3 else 1]
    return QImage(pixels.data, width, height, int(pixels.strides[0]), kind)


def whitened(pixels: Pixels) -> Pixels:
    """Return a grey picture whose paper is white: what four fifths of it do not exceed becomes 255."""
    paper = max(1, int(np.percentile(pixels[::4, ::4], 80)))
    levels = np.clip(np.arange(256) * 255 // paper, 0, 255).astype(np.uint8)
    made: Pixels = levels[pixels]
    return made


def placed(picture: QSize, room: QRectF, *, cover: bool) -> QRectF:
    """Return where a picture lies so that it covers the room, or is contained in it, centred."""
    if picture.isEmpty():
        return QRectF(room)
    across = room.width() / picture.width()
    down = room.height() / picture.height()
    scale = max(across, down) if cover else min(across, down)
    width, height = picture.width() * scale, picture.height() * scale
    centre = room.center()
    return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)


class LivePicture(QWidget):
    """Shows the newest picture, cropped to cover its room or contained in it."""

    def __init__(self, theme: Theme, *, cover: bool = True, ground: str = "ground") -> None:
        super().__init__()
        self._theme, self._cover, self._ground = theme, cover, ground
        self._pixels: Pixels | None = None
        self._picture: QImage | None = None
        self._mirrored = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def has_picture(self) -> bool:
        """Whether something is shown."""
        return self._picture is not None

    def show_pixels(self, pixels: Pixels | None, *, mirrored: bool = False) -> None:
        """Show an array, or nothing; the array must not change afterwards."""
        self._pixels, self._mirrored = pixels, mirrored
        if pixels is not None and not pixels.flags.c_contiguous:
            self._pixels = pixels.copy()
        self._picture = wrapped(self._pixels) if self._pixels is not None else None
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and picture."""
        painter = QPainter(self)
        if self._picture is not None and self._picture.size() == self.size() and not self._mirrored:
            painter.drawImage(0, 0, self._picture)  # made to measure by the worker
            return
        painter.fillRect(self.rect(), self._theme.colour(self._ground))
        if self._picture is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room = QRectF(self.rect())
        if self._mirrored:
            painter.translate(room.width(), 0)
            painter.scale(-1, 1)
        painter.drawImage(placed(self._picture.size(), room, cover=self._cover), self._picture)
