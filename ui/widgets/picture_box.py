"""A picture in a rounded frame; an exempt part is a dashed place with a dash in it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.devices import Pixels
from ui.icons import State
from ui.theme import Theme
from ui.widgets.live_picture import placed, wrapped


class PictureBox(QWidget):
    """Shows an array, grey or BGR, contained or covering, or the empty place."""

    def __init__(
        self, theme: Theme, size: QSize, *, cover: bool = True, framed: bool = True
    ) -> None:
        super().__init__()
        self._theme, self._size, self._cover, self._framed = theme, size, cover, framed
        self._pixels: Pixels | None = None
        self._picture: QImage | None = None
        self._state = State.TO_COME
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Return the size it was made for."""
        return self._size

    def minimumSizeHint(self) -> QSize:
        """Shrink to three fifths before anything is hidden."""
        return self._size * 0.6

    def show_picture(self, pixels: Pixels | None, state: State) -> None:
        """Show a picture and what became of it."""
        if pixels is not None and not pixels.flags.c_contiguous:
            pixels = pixels.copy()
        self._pixels, self._state = pixels, state
        self._picture = None if pixels is None else wrapped(pixels)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw picture and frame."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        colour, room = self._theme.colour, QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(room, 6, 6)
        if self._picture is not None:
            self._paint_picture(painter, shape, room)
            return
        exempt = self._state is State.EXEMPT
        pen = QPen(colour("control"), 1.5)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(colour("ground"))
        painter.drawPath(shape)
        if exempt:
            dash = QPen(colour("exempt"), 3)
            dash.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(dash)
            centre = room.center()
            painter.drawLine(
                QPointF(centre.x() - 8, centre.y()), QPointF(centre.x() + 8, centre.y())
            )

    def _paint_picture(self, painter: QPainter, shape: QPainterPath, room: QRectF) -> None:
        if self._picture is None:
            return
        if self._framed:
            painter.fillPath(shape, Qt.GlobalColor.white)
        painter.save()
        painter.setClipPath(shape)
        painter.drawImage(placed(self._picture.size(), room, cover=self._cover), self._picture)
        painter.restore()
        if self._framed:
            painter.setPen(QPen(self._theme.colour("line"), 1))
            painter.drawPath(shape)
