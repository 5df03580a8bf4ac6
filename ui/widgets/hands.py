"""The two hands of the finger page: ten nails as places that fill; the one asked for pulses."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.icons import State
from ui.theme import Theme
from ui.widgets.hand_shape import CUFF, DIGITS, GRID, Digit, creases, nail, outline

_SKIN: Final = QColor("#F8F1EC")
_SKIN_DARK: Final = QColor("#3A332F")
_ROOM: Final = QRectF(-8, -50, 268, 470)  # the grid, and air above for scores and discs
_PULSE_MS: Final = 1400


@dataclass(frozen=True, slots=True)
class FingerMark:
    """One finger: its name as in FingerPosition, its state, its score, why it is left out."""

    finger: str
    state: State
    score: int | None = None
    note: str = ""


class _Place(QPushButton):
    """The pressable place over a nail; paints only its focus ring, the hand paints the rest."""

    def __init__(self, theme: Theme, parent: QWidget, finger: str) -> None:
        super().__init__(parent)
        self._theme, self.finger = theme, finger
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.resize(48, 48)

    def sizeHint(self) -> QSize:
        """Return a place a thumb can press."""
        return QSize(48, 48)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ring while it has the focus."""
        if not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("ink"), 3))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 8, 8)


class Hand(QWidget):
    """One hand, seen from its back, thumb inward."""

    finger_pressed = Signal(str)

    def __init__(self, theme: Theme, side: str, words: dict[str, str]) -> None:
        """``side`` is "LEFT" or "RIGHT"; ``words`` what each finger is called."""
        super().__init__()
        self._theme, self._side, self._words = theme, side, words
        self._marks: dict[str, FingerMark] = {}
        self._asked: str | None = None
        self._hand: QPixmap | None = None
        self._breath = 0.0
        self._places: dict[str, _Place] = {}
        # Tab goes as one reads: from the outer edge of the left hand to that of the right one.
        order = DIGITS if side == "RIGHT" else tuple(reversed(DIGITS))
        for digit in order:
            place = _Place(theme, self, f"{side}_{digit.name}")
            place.clicked.connect(self._report)
            place.setAccessibleName(words[place.finger])
            self._places[place.finger] = place
        self._pulse = QVariantAnimation(self)
        self._pulse.setDuration(_PULSE_MS)
        self._pulse.setStartValue(0.0)
        self._pulse.setKeyValueAt(0.5, 1.0)
        self._pulse.setEndValue(0.0)
        self._pulse.setLoopCount(-1)
        self._pulse.valueChanged.connect(self._breathe)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(150, 200)

    def place(self, finger: str) -> QPushButton:
        """Return the pressable place of a finger."""
        return self._places[finger]

    def show_marks(self, marks: tuple[FingerMark, ...], asked: str | None) -> None:
        """Show this hand's part of the marks; ``asked`` may belong to the other hand."""
        self._marks = {m.finger: m for m in marks if m.finger in self._places}
        self._asked = asked if asked in self._places else None
        for finger, place in self._places.items():
            mark = self._marks.get(finger)
            place.setAccessibleName(self._spoken(finger, mark))
            place.setToolTip(mark.note if mark else "")
        self._run_pulse()
        self.update()

    def _spoken(self, finger: str, mark: FingerMark | None) -> str:
        if mark is None:
            return self._words[finger]
        states = {
            State.DONE: self.tr("baik"), State.NOW: self.tr("diminta sekarang"),
            State.LOOK: self.tr("kurang baik"), State.EXEMPT: self.tr("dikecualikan"),
            State.STOP: self.tr("perlu diulang"), State.TO_COME: self.tr("belum"),
        }  # fmt: skip
        score = "" if mark.score is None else str(mark.score)
        return ", ".join(
            p for p in (self._words[finger], states[mark.state], score, mark.note) if p
        )

    def _run_pulse(self) -> None:
        moving = self.style().styleHint(self.style().StyleHint.SH_Widget_Animate, None, self)
        if self._asked is not None and self.isVisible() and moving:
            if self._pulse.state() != QVariantAnimation.State.Running:
                self._pulse.start()
        else:
            self._pulse.stop()
            self._breath = 0.0

    def _breathe(self, value: float) -> None:
        self._breath = value
        if self._asked is not None:
            spot = self._grid().map(QPointF(*self._digit(self._asked).tip))
            self.update(QRectF(spot.x() - 52, spot.y() - 52, 104, 104).toAlignedRect())

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of style ("reduce motion")."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._run_pulse()

    def showEvent(self, event: QEvent) -> None:
        """Pulse only while seen."""
        self._run_pulse()

    def hideEvent(self, event: QEvent) -> None:
        """Stop the clock."""
        self._pulse.stop()

    @staticmethod
    def _digit(finger: str) -> Digit:
        name = finger.partition("_")[2]
        return next(digit for digit in DIGITS if digit.name == name)

    def _grid(self) -> QTransform:
        """Return the way from the hand's own grid to this widget, mirrored for the left hand."""
        scale = min(self.width() / _ROOM.width(), self.height() / _ROOM.height())
        turn = QTransform()
        turn.translate(self.width() / 2, (self.height() - _ROOM.height() * scale) / 2)
        turn.scale(scale, scale)
        if self._side == "LEFT":
            turn.scale(-1, 1)
        turn.translate(-GRID.center().x(), -_ROOM.top())
        return turn

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the places over the nails."""
        super().resizeEvent(event)
        grid = self._grid()
        for finger, place in self._places.items():
            spot = grid.map(QPointF(*self._digit(finger).tip))
            place.move(round(spot.x() - 24), round(spot.y() - 24))

    def _report(self) -> None:
        sender = self.sender()
        if isinstance(sender, _Place):
            self.finger_pressed.emit(sender.finger)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw discs, hand, nails, scores."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        grid = self._grid()
        if self._asked is not None:
            self._paint_discs(painter, grid.map(QPointF(*self._digit(self._asked).tip)))
        painter.drawPixmap(0, 0, self._drawn_hand())
        if self._asked is not None:
            self._paint_discs(painter, grid.map(QPointF(*self._digit(self._asked).tip)), faint=True)
        for digit in DIGITS:
            finger = f"{self._side}_{digit.name}"
            mark = self._marks.get(finger, FingerMark(finger, State.TO_COME))
            self._paint_nail(painter, grid, digit, mark)
            self._paint_words(painter, grid, digit, mark)

    def _drawn_hand(self) -> QPixmap:
        """Return the hand itself, drawn once for this size: the pulse repaints many times a second."""
        ratio = self.devicePixelRatioF()
        wanted = self.size() * ratio
        if self._hand is not None and self._hand.size() == wanted:
            return self._hand
        hand = QPixmap(wanted)
        hand.setDevicePixelRatio(ratio)
        hand.fill(Qt.GlobalColor.transparent)
        painter = QPainter(hand)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        grid, colour = self._grid(), self._theme.colour
        dark = colour("panel").lightness() < 128
        painter.setPen(QPen(colour("ink"), 2, j=Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(_SKIN_DARK if dark else _SKIN)
        painter.drawPath(grid.map(outline()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour("control"), 1.3, c=Qt.PenCapStyle.RoundCap))
        painter.drawPath(grid.map(creases()))
        painter.setPen(QPen(colour("ink"), 2))
        painter.setBrush(colour("primary_tint"))
        painter.drawRoundedRect(grid.mapRect(CUFF), 8, 8)
        painter.end()
        self._hand = hand
        return hand

    def _paint_discs(self, painter: QPainter, spot: QPointF, *, faint: bool = False) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        grow = 1 + 0.1 * self._breath
        for radius, opacity in ((42, 0.12), (30, 0.22)):
            disc = self._theme.colour("primary")
            disc.setAlphaF(opacity * (0.6 if faint else 1.0))
            painter.setBrush(disc)
            painter.drawEllipse(spot, radius * grow, radius * grow)

    def _paint_nail(
        self, painter: QPainter, grid: QTransform, digit: Digit, mark: FingerMark
    ) -> None:
        colour = self._theme.colour
        asked = mark.finger == self._asked
        fill, edge = {
            State.DONE: ("good", "good"), State.LOOK: ("attention", "attention"),
            State.STOP: ("stop", "stop"), State.EXEMPT: ("track", "exempt"),
        }.get(mark.state, ("panel", "control"))  # fmt: skip
        if asked:
            fill = edge = "primary"
        shape = grid.map(nail(digit))
        painter.setPen(QPen(colour(edge), 1.8))
        painter.setBrush(colour(fill))
        painter.drawPath(shape)
        over = {"good": "on_good", "attention": "on_attention", "stop": "on_stop"}
        pen = QPen(colour(over.get(fill, "exempt")), 2.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        at = grid.map(QPointF(*digit.tip))
        x, y = at.x(), at.y()
        if asked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("on_primary"))
            painter.drawEllipse(at, 4.5, 4.5)
        elif mark.state is State.DONE:
            painter.drawPolyline(
                [QPointF(x - 5, y), QPointF(x - 1.5, y + 4), QPointF(x + 5, y - 4)]
            )
        elif mark.state is State.EXEMPT:
            painter.drawLine(QPointF(x - 5, y), QPointF(x + 5, y))
        elif mark.state is State.LOOK:
            painter.drawLine(QPointF(x, y - 6), QPointF(x, y + 1))
            painter.drawPoint(QPointF(x, y + 6))
        elif mark.state is State.STOP:
            painter.drawLine(QPointF(x - 4, y - 4), QPointF(x + 4, y + 4))
            painter.drawLine(QPointF(x - 4, y + 4), QPointF(x + 4, y - 4))

    def _paint_words(
        self, painter: QPainter, grid: QTransform, digit: Digit, mark: FingerMark
    ) -> None:
        t = self._theme
        if mark.state is State.EXEMPT:
            text, tone, font = mark.note, "quiet", t.font(14, 600)
        elif mark.score is not None:
            tone = {State.DONE: "good", State.LOOK: "attention", State.STOP: "stop"}.get(
                mark.state, "primary"
            )
            text, font = str(mark.score), t.font(16, 600, spacing=0.6)
        else:
            return
        spot = grid.map(QPointF(digit.tip[0], digit.tip[1] - digit.tip_r * 1.12))
        painter.setFont(font)
        painter.setPen(t.colour(tone))
        lift = t.text(24) + (26 if mark.finger == self._asked else 4)
        if mark.state is State.EXEMPT and digit.name == "MIDDLE":
            lift += t.text(12)  # reasons of three neighbours must not meet
        room = self._room_beside(mark.finger)
        if painter.fontMetrics().horizontalAdvance(text) > room:
            text = text.split()[0]  # the whole reason is its name and its tooltip
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room))
        wide = painter.fontMetrics().horizontalAdvance(text) + 4
        box = QRectF(spot.x() - wide / 2, spot.y() - lift, wide, t.text(24))
        box.moveLeft(min(max(0.0, box.left()), self.width() - box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _room_beside(self, finger: str) -> float:
        """Return how wide words above a finger may be before they meet the next finger's."""
        scale = self._grid().map(QPointF(1, 0)) - self._grid().map(QPointF(0, 0))
        return abs(scale.x()) * 90
