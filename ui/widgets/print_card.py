"""The live print in the middle of the finger page: head, picture in corner brackets, progress."""

from typing import ClassVar, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station.devices import Pixels
from ui.icons import State, paint_state
from ui.theme import Theme
from ui.widgets.live_picture import placed, whitened, wrapped
from ui.widgets.text import ElidedLabel, label

# The place of the print is paper in both themes, so that ridges always stand dark on light.
PAPER: Final = QColor("#ECEFF2")
INK: Final = QColor("#4A5361")
BRACKET: Final = QColor("#0B5C6B")


def paint_brackets(painter: QPainter, box: QRectF, colour: QColor, arm: float = 32) -> None:
    """Draw four rounded corners around a box."""
    pen = QPen(colour, 3)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for x, dx in ((box.left(), 1), (box.right(), -1)):
        for y, dy in ((box.top(), 1), (box.bottom(), -1)):
            corner = QPainterPath(QPointF(x, y + arm * dy))
            corner.lineTo(x, y + 6 * dy)
            corner.quadTo(QPointF(x, y), QPointF(x + 6 * dx, y))
            corner.lineTo(x + arm * dx, y)
            painter.drawPath(corner)


class PrintPicture(QWidget):
    """A fingerprint in corner brackets; grey ground, a bar while lines arrive from the scanner."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pixels: Pixels | None = None
        self._picture: QImage | None = None
        self._share = 0.0
        self._hint = ""
        self._state: State | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(80, 80)
        self.setAccessibleName(self.tr("Gambar sidik jari"))

    def sizeHint(self) -> QSize:
        """Return the proportions of a print."""
        return QSize(208, 272)

    def show_pixels(self, pixels: Pixels | None) -> None:
        """Show a grey print (h, w), or the empty place."""
        self._pixels = None if pixels is None else whitened(pixels)
        self._picture = None if self._pixels is None else wrapped(self._pixels)
        self.update()

    def show_hint(self, text: str, state: State | None = None) -> None:
        """Say what the empty place waits for, with a glyph above when nothing is waited for."""
        self._hint, self._state = text, state
        self.update()

    def show_share(self, share: float) -> None:
        """Show how much of the picture has arrived, 0..1; 0 or 1 hides the bar."""
        self._share = share
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw picture, brackets and bar."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        room = QRectF(self.rect())
        inset = min(24.0, room.width() * 0.08)
        box = room.adjusted(inset, inset, -inset, -inset)
        inner = box.adjusted(4, 4, -4, -4)
        colour = self._theme.colour
        painter.fillRect(room, PAPER)
        if self._picture is not None:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            painter.drawImage(placed(self._picture.size(), inner, cover=False), self._picture)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        elif self._hint:
            painter.setPen(INK)
            painter.setFont(self._theme.font(16))
            if self._state is not None:
                px = 64
                spot = QRectF(inner.center().x() - px / 2, inner.center().y() - px - 24, px, px)
                paint_state(painter, spot, self._state, self._theme)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(inner.adjusted(12, 0, -12, 0), int(flags), self._hint)
        paint_brackets(painter, box, BRACKET, min(32.0, box.width() * 0.18))
        if 0 < self._share < 1:
            track = QRectF(box.left(), room.bottom() - 10, box.width(), 6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("track"))
            painter.drawRoundedRect(track, 3, 3)
            painter.setBrush(colour("primary"))
            track.setWidth(max(6.0, track.width() * self._share))
            painter.drawRoundedRect(track, 3, 3)


class Segments(QWidget):
    """One short bar per finger, in its state's colour; the words above say the same."""

    _TONES: ClassVar = {
        State.DONE: "good", State.NOW: "primary", State.LOOK: "attention",
        State.EXEMPT: "empty", State.STOP: "stop", State.TO_COME: "track",
    }  # fmt: skip

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._states: tuple[State, ...] = ()
        self.setFixedHeight(12)

    def show_states(self, states: tuple[State, ...]) -> None:
        """Show the states in order of work."""
        self._states = states
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bars."""
        if not self._states:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        pitch = (self.width() + 4) / len(self._states)
        for number, state in enumerate(self._states):
            painter.setBrush(self._theme.colour(self._TONES[state]))
            painter.drawRoundedRect(QRectF(number * pitch, 0, pitch - 4, 12), 4, 4)


class _Dot(QWidget):
    """The white dot beside "Langsung"."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(12, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("on_primary"))
        painter.drawEllipse(QRectF(1, 1, 10, 10))


class PrintCard(QWidget):
    """272 x 536 with the page's only shadow."""

    _SHADOW = 8

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._caption = ElidedLabel(theme, "", 16, 600, "on_primary")
        self._mode = label(theme, self.tr("Langsung"), 14, 500, "on_primary")
        self.picture = PrintPicture(theme)
        self._progress = label(theme, "", 16, 600, wrap=True)
        self._tries = label(theme, "", 14, tone="quiet")
        self._segments = Segments(theme)
        self._head = theme.text(48)
        self._compose()
        self.setFixedWidth(theme.wide(272) + 2 * self._SHADOW)

    def _compose(self) -> None:
        edge = self._SHADOW + 3
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(0)
        head = QWidget()
        head.setFixedHeight(self._head)
        top = QHBoxLayout(head)
        top.setContentsMargins(15, 0, 15, 0)
        top.setSpacing(8)
        top.addWidget(self._caption, 1)
        top.addWidget(_Dot(self._theme))
        top.addWidget(self._mode)
        column.addWidget(head)
        column.addWidget(self.picture, 1)
        foot = QWidget()
        bottom = QVBoxLayout(foot)
        bottom.setContentsMargins(15, 12, 15, 16)
        bottom.setSpacing(10)
        words = QHBoxLayout()
        words.addWidget(self._progress, 1)
        words.addWidget(self._tries)
        bottom.addLayout(words)
        bottom.addWidget(self._segments)
        self._foot = foot
        column.addWidget(foot)

    def show_words(self, caption: str, progress: str, tries: str, *, rechecking: bool) -> None:
        """Name the finger, the progress and what is left."""
        self._caption.setText(caption)
        self._mode.setText(self.tr("Cek ulang") if rechecking else self.tr("Langsung"))
        self._progress.setText(progress)
        self._tries.setText(tries)

    def show_waiting(self, asked: State | None) -> None:
        """Say what the empty place waits for; None when no finger is asked any more."""
        if asked is None:
            self.picture.show_hint(self.tr("Semua jari selesai"), State.DONE)
        elif asked is State.EXEMPT:
            self.picture.show_hint(self.tr("Jari ini dikecualikan"), State.EXEMPT)
        else:
            self.picture.show_hint(self.tr("Tempelkan jari di kaca"))

    def show_states(self, states: tuple[State, ...]) -> None:
        """Show one segment per finger."""
        self._segments.show_states(states)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw shadow, ground, head and frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour, s = self._theme.colour, self._SHADOW
        body = QRectF(self.rect()).adjusted(s, s, -s, -s)
        painter.setPen(Qt.PenStyle.NoPen)
        for spread in range(s, 0, -2):
            painter.setBrush(QColor(0, 0, 0, 9))
            painter.drawRoundedRect(
                body.adjusted(-spread, 2 - spread, spread, 2 + spread / 2), 8 + spread, 8 + spread
            )
        shape = QPainterPath()
        shape.addRoundedRect(body.adjusted(1.5, 1.5, -1.5, -1.5), 8, 8)
        painter.fillPath(shape, colour("panel"))
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(
            QRectF(body.left(), body.top(), body.width(), self._head + 3), colour("primary")
        )
        live = QRectF(self.picture.geometry())
        painter.fillRect(QRectF(body.left(), live.bottom(), body.width(), 1), colour("line"))
        painter.restore()
        painter.setPen(QPen(colour("primary"), 3))
        painter.drawPath(shape)
