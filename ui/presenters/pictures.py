"""Pixels into what Qt paints."""

from PySide6.QtGui import QImage, QPixmap

from station.devices import Pixels


def image(pixels: Pixels) -> QImage:
    """Return a QImage that owns its bytes: grey (h, w) or BGR (h, w, 3)."""
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_Grayscale8 if pixels.ndim == 2 else QImage.Format.Format_BGR888
    return QImage(pixels.tobytes(), width, height, int(pixels.size // height), kind).copy()


def pixmap(pixels: Pixels) -> QPixmap:
    """Return a pixmap for a thumbnail; only on the GUI thread."""
    return QPixmap.fromImage(image(pixels))
