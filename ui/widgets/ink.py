"""The signature as it is drawn: strokes in micrometres of the pad, painted to fit."""

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QHideEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.devices import PenPoint, Pixels
from ui.devices.pen_sample import PenSample
from ui.devices.tablet_events import TabletEvents
from ui.theme import Theme
from ui.widgets.live_picture import placed, wrapped


class InkCanvas(QWidget):
    """White paper with a base line; ink follows the pad, or the pointer when the screen is the pad."""

    pen_moved = Signal(object)  # PenSample

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._area = (124_000, 46_000)
        self._strokes: list[list[PenPoint]] = []
        self._pen_down = False
        self._screen_pen = False
        self._since = QElapsedTimer()
        self._since.start()
        self._tablet = TabletEvents(self.to_um, self._tell, self)
        self._pixels: Pixels | None = None
        self._drawn: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Tanda tangan"))

    @property
    def strokes(self) -> int:
        """How many strokes are on the paper."""
        return len(self._strokes)

    def begin(self, width_um: int, height_um: int) -> None:
        """Lay out clean paper of the pad's writing area."""
        self._area = (max(1, width_um), max(1, height_um))
        self.clear()

    def clear(self) -> None:
        """Take the ink off."""
        self._strokes, self._pen_down = [], False
        self._pixels, self._drawn = None, None
        self.update()

    def add_point(self, point: PenPoint) -> None:
        """Add one pen event."""
        if point.down:
            if not self._pen_down:
                self._strokes.append([])
            self._strokes[-1].append(point)
        self._pen_down = point.down
        self.update()

    def show_drawn(self, pixels: Pixels | None) -> None:
        """Show a signature that is there already, as a picture."""
        if pixels is not None and not pixels.flags.c_contiguous:
            pixels = pixels.copy()
        self._pixels = pixels
        self._drawn = None if pixels is None else wrapped(pixels)
        self.update()

    def set_screen_pen(self, on: bool) -> None:  # noqa: FBT001 - a plain setter
        """Let mouse, touch or tablet draw on the paper itself."""
        self._screen_pen = on
        self._listen()
        self.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)

    def paper(self) -> QRectF:
        """Return where the pad's writing area lies, at its own proportions."""
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        wide, high = self._area
        scale = min(room.width() / wide, room.height() / high)
        width, height = wide * scale, high * scale
        return QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw paper, base line and ink."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        colour, paper = self._theme.colour, self.paper()
        painter.setPen(QPen(colour("control"), 1))
        painter.setBrush(Qt.GlobalColor.white)  # paper is white in the dark theme too
        painter.drawRoundedRect(paper, 8, 8)
        if self._drawn is not None:
            room = paper.adjusted(24, 24, -24, -24)
            painter.drawImage(placed(self._drawn.size(), room, cover=False), self._drawn)
            return
        base = paper.top() + paper.height() * 0.74
        line = QPen(Qt.GlobalColor.gray, 1.5)
        line.setDashPattern([5, 5])
        painter.setPen(line)
        painter.drawLine(QPointF(paper.left() + 32, base), QPointF(paper.right() - 32, base))
        self._paint_ink(painter, paper)

    def _paint_ink(self, painter: QPainter, paper: QRectF) -> None:
        scale = paper.width() / self._area[0]
        ink = QPen(Qt.GlobalColor.black, 3)
        ink.setCapStyle(Qt.PenCapStyle.RoundCap)
        ink.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(ink)
        for stroke in self._strokes:
            line = [
                QPointF(paper.left() + p.x_um * scale, paper.top() + p.y_um * scale) for p in stroke
            ]
            if len(line) == 1:
                painter.drawPoint(line[0])
            else:
                painter.drawPolyline(line)

    # -- the screen as the pad -------------------------------------------------------------------

    def _listen(self) -> None:
        """Hear tablet events while the paper is seen: the filter sees every event of the application."""
        if self._screen_pen and self.isVisible():
            self._tablet.attach(self)
        else:
            self._tablet.detach()

    def showEvent(self, _event: QShowEvent) -> None:
        """Hear the pen again."""
        self._listen()

    def hideEvent(self, _event: QHideEvent) -> None:
        """Hear no pen."""
        self._tablet.detach()

    def to_um(self, where: QPointF) -> tuple[int, int]:
        """Return a place on the widget as micrometres of the pad, clamped to its paper."""
        paper = self.paper()
        scale = self._area[0] / paper.width()
        return (
            round(min(max(where.x() - paper.left(), 0.0), paper.width()) * scale),
            round(min(max(where.y() - paper.top(), 0.0), paper.height()) * scale),
        )

    def _tell(self, sample: PenSample) -> None:
        self.pen_moved.emit(sample)

    def _report(self, where: QPointF, *, down: bool) -> None:
        # A mouse has no pressure, and nobody knows where it is once its button is up.
        self._tell(
            PenSample(
                self._since.nsecsElapsed() // 1000,
                *self.to_um(where),
                pressure=0.5 if down else 0.0,
                down=down,
                near=down,
            )
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the pen down."""
        if self._screen_pen:
            self._report(event.position(), down=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw while the button is held."""
        if self._screen_pen and event.buttons() & Qt.MouseButton.LeftButton:
            self._report(event.position(), down=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift the pen."""
        if self._screen_pen:
            self._report(event.position(), down=False)
