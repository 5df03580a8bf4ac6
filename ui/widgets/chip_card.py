"""Drawings of the card counter: a generic chip card, never a copy of a real one, and the giving hand."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.devices import Pixels
from ui.theme import Theme
from ui.widgets.live_picture import placed, wrapped

_LINES = (0.52, 0.42, 0.58, 0.35, 0.47)  # lengths of the drawn lines of text


class ChipCard(QWidget):
    """A card with number and photo when known; grey lines stand for the rest."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._nik = ""
        self._pixels: Pixels | None = None
        self._picture: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumSize(160, 100)
        self.setAccessibleName(self.tr("Kartu"))

    def sizeHint(self) -> QSize:
        """Return the proportions of an ID-1 card."""
        return QSize(246, 155)

    def show_card(self, nik: str, pixels: Pixels | None) -> None:
        """Show a number in groups and a photo (BGR), or an empty card."""
        if pixels is not None and not pixels.flags.c_contiguous:
            pixels = pixels.copy()
        self._nik, self._pixels = nik, pixels
        self._picture = None if pixels is None else wrapped(pixels)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        t, colour = self._theme, self._theme.colour
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        width = min(room.width(), room.height() * 246 / 155)
        card = QRectF(room.center().x() - width / 2, room.top(), width, width * 155 / 246)
        u = width / 246
        painter.setPen(QPen(colour("empty"), 2))
        painter.setBrush(colour("primary_tint"))
        painter.drawRoundedRect(card, 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("primary"))
        painter.drawRoundedRect(
            QRectF(card.left() + 15 * u, card.top() + 12 * u, 107 * u, 11 * u), 2, 2
        )
        painter.setPen(QPen(colour("primary"), 2))
        painter.setBrush(colour("panel"))
        painter.drawRoundedRect(
            QRectF(card.left() + 187 * u, card.top() + 9 * u, 42 * u, 16 * u), 4, 4
        )
        painter.setPen(QPen(colour("empty"), 1))
        painter.drawLine(
            QPointF(card.left(), card.top() + 34 * u), QPointF(card.right(), card.top() + 34 * u)
        )
        if self._nik:
            font = t.font(14, 600)
            font.setPixelSize(max(9, round(12 * u)))
            painter.setFont(font)
            painter.setPen(colour("ink"))
            painter.drawText(
                QRectF(card.left() + 15 * u, card.top() + 40 * u, 150 * u, 24 * u),
                Qt.AlignmentFlag.AlignVCenter,
                self._nik,
            )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("empty"))
        for number, share in enumerate(_LINES):
            line = QRectF(
                card.left() + 15 * u, card.top() + (70 + 15.5 * number) * u, share * 220 * u, 6 * u
            )
            painter.drawRoundedRect(line, 3 * u, 3 * u)
        self._paint_photo(
            painter, QRectF(card.left() + 168 * u, card.top() + 46 * u, 62 * u, 82 * u)
        )

    def _paint_photo(self, painter: QPainter, place: QRectF) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(place, 3, 3)
        if self._picture is None:
            painter.fillPath(shape, self._theme.colour("track"))
            return
        painter.save()
        painter.setClipPath(shape)
        painter.drawImage(placed(self._picture.size(), place, cover=True), self._picture)
        painter.restore()


class GivingHand(QWidget):
    """An open hand with a card above it, in outline."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tone = "empty"
        self.setMinimumSize(140, 96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """Return room for the drawing."""
        return QSize(200, 155)

    def show_tone(self, tone: str) -> None:
        """Draw in another tone."""
        self._tone = tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw card, palm and sleeve on a grid of 200 x 150."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = min(self.width() / 200, self.height() / 150)
        painter.translate((self.width() - 200 * scale) / 2, (self.height() - 150 * scale) / 2)
        painter.scale(scale, scale)
        pen = QPen(self._theme.colour(self._tone), 2.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(8, 94, 25, 43), 4, 4)
        hand = QPainterPath(QPointF(33, 100))
        hand.cubicTo(QPointF(58, 94), QPointF(66, 98), QPointF(80, 106))
        hand.lineTo(QPointF(112, 106))
        hand.cubicTo(QPointF(126, 106), QPointF(126, 120), QPointF(112, 120))
        hand.lineTo(QPointF(84, 120))
        hand.moveTo(QPointF(122, 114))
        hand.cubicTo(QPointF(144, 108), QPointF(158, 100), QPointF(170, 95))
        hand.cubicTo(QPointF(182, 91), QPointF(186, 102), QPointF(176, 108))
        hand.cubicTo(QPointF(150, 122), QPointF(124, 136), QPointF(104, 136))
        hand.cubicTo(QPointF(84, 136), QPointF(66, 130), QPointF(33, 128))
        painter.drawPath(hand)
        painter.translate(134, 46)
        painter.rotate(-8)
        painter.drawRoundedRect(QRectF(-52, -33, 104, 66), 6, 6)
        painter.drawEllipse(QPointF(-24, 0), 10, 10)
        for y, length in ((-10, 36), (2, 28), (14, 34)):
            painter.drawLine(QPointF(2, y), QPointF(2 + length, y))
