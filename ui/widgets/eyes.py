"""The iris page's two places and the bar that says nearer or farther."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station.devices import Pixels
from ui.icons import State
from ui.theme import Theme
from ui.widgets.live_picture import wrapped
from ui.widgets.pictures import Glyph
from ui.widgets.text import label, set_tone

_DARK = QColor("#14181F")
_WHITE = QColor("#FFFFFF")


@dataclass(frozen=True, slots=True)
class EyeMark:
    """One eye: state, best score, why it is left out."""

    state: State
    score: int | None = None
    note: str = ""


class EyePicture(QWidget):
    """Half of the live picture, or the kept still; a circle where the iris belongs."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._pixels: Pixels | None = None
        self._picture: QImage | None = None
        self._part = QRectF(0, 0, 1, 1)
        self._state = State.TO_COME
        self._live = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 90)
        self.setAccessibleName(name)

    def show_pixels(self, pixels: Pixels | None, part: QRectF, *, live: bool) -> None:
        """Show a part (shares of width and height) of a picture, or the empty place."""
        if pixels is not None and not pixels.flags.c_contiguous:
            pixels = pixels.copy()
        self._pixels, self._part, self._live = pixels, part, live
        self._picture = None if pixels is None else wrapped(pixels)
        self.update()

    def show_state(self, state: State) -> None:
        """Show the state on the circle and the frame."""
        self._state = state
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw picture, circle and frame."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        colour, room = self._theme.colour, QRectF(self.rect()).adjusted(2, 2, -2, -2)
        shape = QPainterPath()
        shape.addRoundedRect(room, 8, 8)
        painter.fillPath(shape, colour("track") if self._state is State.EXEMPT else _DARK)
        if self._picture is not None and self._state is not State.EXEMPT:
            painter.save()
            painter.setClipPath(shape)
            painter.drawImage(room, self._picture, self._covering(room))
            painter.restore()
        if self._state is State.EXEMPT:
            self._paint_dash(painter, room)
        elif self._live or self._picture is None:
            self._paint_circle(painter, room)
        edge = {State.DONE: "good", State.LOOK: "attention", State.NOW: "primary"}
        loud = self._state in edge
        painter.setPen(QPen(colour(edge.get(self._state, "control")), 4 if loud else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)

    def _covering(self, room: QRectF) -> QRectF:
        """Return the middle of the part that fills the room without stretching."""
        if self._picture is None:
            return QRectF()
        wide, high = self._picture.width(), self._picture.height()
        part = QRectF(
            self._part.x() * wide, self._part.y() * high,
            self._part.width() * wide, self._part.height() * high,
        )  # fmt: skip
        scale = min(part.width() / room.width(), part.height() / room.height())
        width, height = room.width() * scale, room.height() * scale
        return QRectF(part.center().x() - width / 2, part.center().y() - height / 2, width, height)

    def _paint_circle(self, painter: QPainter, room: QRectF) -> None:
        radius = min(room.width(), room.height()) * 0.32
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_DARK, 7))
        painter.drawEllipse(room.center(), radius, radius)
        pen = QPen(_WHITE, 3)
        if self._state is not State.DONE:
            pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.drawEllipse(room.center(), radius, radius)

    def _paint_dash(self, painter: QPainter, room: QRectF) -> None:
        pen = QPen(self._theme.colour("exempt"), 6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        centre = room.center()
        painter.drawLine(QPointF(centre.x() - 28, centre.y()), QPointF(centre.x() + 28, centre.y()))


class EyePlace(QWidget):
    """A picture with name, glyph, score and note below."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.picture = EyePicture(theme, name)
        self._name = label(theme, name, 20, 600)
        self._note = label(theme, "", 16, tone="quiet", wrap=True)
        self._glyph = Glyph(theme, State.TO_COME, 24)
        self._score = label(theme, "", 20, 600, "good")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._name)
        foot.addStretch(1)
        foot.addWidget(self._glyph)
        foot.addWidget(self._score)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.picture, 1)
        column.addLayout(foot)
        column.addWidget(self._note)

    def show_mark(self, mark: EyeMark) -> None:
        """Show one eye's state."""
        self.picture.show_state(mark.state)
        self._glyph.show_state(mark.state)
        self._score.setText("" if mark.score is None else str(mark.score))
        self._score.setVisible(mark.score is not None)
        set_tone(self._score, "attention" if mark.state is State.LOOK else "good")
        words = {
            State.DONE: self.tr("tersimpan"), State.NOW: self.tr("diminta sekarang"),
            State.LOOK: self.tr("kurang jelas"), State.EXEMPT: self.tr("dikecualikan"),
            State.STOP: self.tr("perlu diulang"), State.TO_COME: self.tr("belum"),
        }  # fmt: skip
        self._note.setText(": ".join(p for p in (words[mark.state], mark.note) if p))


class DistanceBar(QWidget):
    """One bar from too far to too near; the marker belongs into the green band in the middle."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._distance: float | None = None
        self.setFixedHeight(theme.text(72))
        self.setAccessibleName(self.tr("Jarak mata"))

    def show_distance(self, distance: float | None) -> None:
        """Show 0 too far .. 0.5 right .. 1 too near; None while unknown."""
        self._distance = None if distance is None else min(1.0, max(0.0, distance))
        self.setAccessibleDescription(self._words())
        self.update()

    def _words(self) -> str:
        if self._distance is None:
            return self.tr("belum terukur")
        if self._distance < 0.3:
            return self.tr("terlalu jauh")
        return self.tr("terlalu dekat") if self._distance > 0.7 else self.tr("pas")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the words, the track, the band and the marker."""
        t, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words = QRectF(0, 0, self.width(), t.text(24))
        painter.setFont(t.font(14, 500))
        painter.setPen(t.colour("quiet"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignLeft, self.tr("Terlalu jauh"))
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignRight, self.tr("Terlalu dekat"))
        right = self._distance is not None and 0.3 <= self._distance <= 0.7
        painter.setFont(t.font(16, 600))
        painter.setPen(t.colour("good" if right else "ink"))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.tr("Jarak pas"))
        track = QRectF(0, t.text(24) + 12, self.width(), 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.colour("track"))
        painter.drawRoundedRect(track, 8, 8)
        band = QRectF(track.left() + track.width() * 0.3, track.top(), track.width() * 0.4, 16)
        painter.setBrush(t.colour("good_line"))
        painter.drawRect(band)
        if self._distance is None:
            return
        x = track.left() + 8 + (track.width() - 16) * self._distance
        painter.setPen(QPen(t.colour("panel"), 3))
        painter.setBrush(t.colour("good" if right else "attention"))
        painter.drawRoundedRect(QRectF(x - 8, track.top() - 8, 16, 32), 6, 6)
