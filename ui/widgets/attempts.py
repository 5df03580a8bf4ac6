"""The attempts at one slot as thumbnails; the best stands in a green frame, free places are dashed."""

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.theme import Theme


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One place: a picture with a word below, or an empty place (``picture`` None)."""

    text: str
    picture: QPixmap | None = field(default=None, repr=False)
    best: bool = False


class AttemptPlace(QPushButton):
    """One thumbnail of 80 x 104 with its word."""

    def __init__(self, theme: Theme, view: AttemptView) -> None:
        super().__init__(view.text)
        self._theme, self._view = theme, view
        self._place = QSize(80, 104) if theme.text_scale <= 1.1 else QSize(64, 83)
        self.setFont(theme.font(14, 600 if view.best else 400))
        self.setAccessibleName(view.text)
        self.setEnabled(view.picture is not None)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return the picture's place and one line of text."""
        words = (
            self.fontMetrics().horizontalAdvance(self.text()) if self._theme.text_scale > 1.1 else 0
        )
        return QSize(max(self._place.width(), words), self._place.height() + self._theme.text(24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw picture, frame and word."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        colour = self._theme.colour
        place = QRectF(QPointF((self.width() - self._place.width()) / 2, 0), self._place)
        shape = QPainterPath()
        shape.addRoundedRect(place.adjusted(1, 1, -1, -1), 7, 7)
        if self._view.picture is not None:
            painter.fillPath(shape, colour("panel"))
            self._paint_picture(painter, shape, place, self._view.picture)
        painter.setPen(self._frame())
        painter.drawPath(shape)
        if self.hasFocus():
            painter.setPen(QPen(colour("ink"), 3))
            painter.drawPath(shape)
        painter.setFont(self.font())
        painter.setPen(colour("good" if self._view.best else "quiet"))
        top = self._place.height()
        words = QRectF(-8, top, self.width() + 16, self.height() - top)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())

    def _frame(self) -> QPen:
        colour = self._theme.colour
        if self._view.picture is None:
            pen = QPen(colour("control"), 1.5)
            pen.setDashPattern([4, 3])
            return pen
        return QPen(colour("good"), 3) if self._view.best else QPen(colour("line"), 1)

    @staticmethod
    def _paint_picture(
        painter: QPainter, shape: QPainterPath, place: QRectF, picture: QPixmap
    ) -> None:
        fit = picture.scaled(
            place.size().toSize(),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,  # averages areas when it shrinks
        )
        painter.save()
        painter.setClipPath(shape)
        painter.drawPixmap(
            round(place.center().x() - fit.width() / 2),
            round(place.center().y() - fit.height() / 2),
            fit,
        )
        painter.restore()


class Attempts(QWidget):
    """Up to three places in a row; pressing one asks to look at it."""

    attempt_pressed = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[AttemptView, ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self._row.addStretch(1)

    def show_attempts(self, views: tuple[AttemptView, ...]) -> None:
        """Show the attempts in the order they were made."""
        if views == self._shown:
            return
        self._shown = views
        while (item := self._row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for view in views:
            place = AttemptPlace(self._theme, view)
            place.clicked.connect(self._report)
            self._row.addWidget(place)
        self._row.addStretch(1)

    def _report(self) -> None:
        for index in range(self._row.count()):
            item = self._row.itemAt(index)
            if item is not None and item.widget() is self.sender():
                self.attempt_pressed.emit(index)
