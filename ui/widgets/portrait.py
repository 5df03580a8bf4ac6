"""The stage of the photo: the live picture under frame, oval and eye line, or the taken portrait."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.devices import Pixels
from ui.theme import Theme
from ui.widgets.backdrop import backdrop_colour
from ui.widgets.live_picture import placed, wrapped

_DARK: Final = QColor("#14181F")
_WHITE: Final = QColor("#FFFFFF")
_QUIET: Final = QColor("#4A5361")
_GROWN: Final = QColor("#3DBE6C")  # green that reads on the oval's dark casing
_FLASH_MS: Final = 160
# Shares of the 3:4 frame: oval 280 x 368 of 444 x 592, its middle and the line of the eyes.
_OVAL_W, _OVAL_H, _OVAL_Y, _EYES = 0.631, 0.622, 0.449, 0.473


def portrait_frame(room: QRectF) -> QRectF:
    """Return the largest 3:4 frame with 24 px of air above and below, centred."""
    height = min(room.height() - 48, (room.width() - 48) * 4 / 3)
    width = height * 3 / 4
    return QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)


def face_oval(frame: QRectF) -> QRectF:
    """Return where the face belongs inside a 3:4 frame."""
    width, height = frame.width() * _OVAL_W, frame.height() * _OVAL_H
    return QRectF(
        frame.center().x() - width / 2,
        frame.top() + frame.height() * _OVAL_Y - height / 2,
        width,
        height,
    )


class PhotoStage(QWidget):
    """Live: covers its room, dimmed outside the frame. It paints an array as it comes, 30 times a second."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pixels: Pixels | None = None
        self._picture: QImage | None = None
        self._backdrop = ("", "", "")
        self._hold = 0.0
        self._flash = QTimer(self)
        self._flash.setSingleShot(True)
        self._flash.setInterval(_FLASH_MS)
        self._flash.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Gambar langsung dari kamera"))

    @property
    def hold(self) -> float:
        """How far the oval has grown, 0..1."""
        return self._hold

    def show_pixels(self, pixels: Pixels | None) -> None:
        """Show a BGR (h, w, 3) or BGRA (h, w, 4) array, or none."""
        if pixels is not None and not pixels.flags.c_contiguous:
            pixels = pixels.copy()
        self._pixels = pixels  # keeps the bytes alive that the picture paints
        self._picture = None if pixels is None else wrapped(pixels)
        self.update()

    def show_hold(self, fraction: float) -> None:
        """Grow the green part of the oval to ``fraction`` 0..1."""
        self._hold = min(1.0, max(0.0, fraction))
        self.update()

    def show_backdrop(self, colour: str, title: str, note: str) -> None:
        """Show which colour belongs behind the face, and why."""
        self._backdrop = (colour, title, note)
        self.setAccessibleDescription(f"{title}, {note}")
        self.update()

    def flash(self) -> None:
        """White out for a moment: taken."""
        self._flash.start()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture and the guides."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        room = QRectF(self.rect())
        frame = portrait_frame(room)
        if self._picture is None:  # a picture covers the whole room
            painter.fillRect(room, _DARK)
        if self._picture is not None:
            if self._picture.size() == self.size():
                painter.drawImage(0, 0, self._picture)  # made to measure by the worker
            else:
                painter.drawImage(placed(self._picture.size(), room, cover=True), self._picture)
            self._paint_dim(painter, room, frame)
        self._paint_brackets(painter, frame)
        self._paint_eye_line(painter, frame)
        self._paint_oval(painter, face_oval(frame))
        if self._picture is not None:
            self._paint_chip(painter)
        self._paint_backdrop(painter, room, frame)
        if self._picture is None:
            painter.setPen(_WHITE)
            painter.setFont(self._theme.font(16, 500))
            painter.drawText(
                face_oval(frame), Qt.AlignmentFlag.AlignCenter, self.tr("Menunggu kamera")
            )
        if self._flash.isActive():
            painter.fillRect(frame, _WHITE)

    @staticmethod
    def _paint_dim(painter: QPainter, room: QRectF, frame: QRectF) -> None:
        outside, inside = QPainterPath(), QPainterPath()
        outside.addRect(room)
        inside.addRect(frame)
        dim = QColor(_DARK)
        dim.setAlphaF(0.74)
        painter.fillPath(outside.subtracted(inside), dim)

    @staticmethod
    def _paint_brackets(painter: QPainter, frame: QRectF) -> None:
        painter.setPen(
            QPen(
                _WHITE,
                4,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.SquareCap,
                Qt.PenJoinStyle.MiterJoin,
            )
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for x, dx in ((frame.left(), 1), (frame.right(), -1)):
            for y, dy in ((frame.top(), 1), (frame.bottom(), -1)):
                painter.drawPolyline(
                    [QPointF(x + 40 * dx, y), QPointF(x, y), QPointF(x, y + 40 * dy)]
                )

    def _paint_eye_line(self, painter: QPainter, frame: QRectF) -> None:
        y, oval = frame.top() + frame.height() * _EYES, face_oval(frame)
        runs = (
            (frame.left() + 16, oval.left() - 8),
            (frame.right() - 16, oval.right() + 8),
        )
        for width, colour in ((6, _DARK), (3, _WHITE)):  # a dark casing keeps it readable on white
            painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            for end, inner in runs:
                painter.drawLine(QPointF(end, y), QPointF(inner, y))
                painter.drawLine(QPointF(end, y - 8), QPointF(end, y + 8))
        painter.setFont(self._theme.font(14, 500))
        painter.setPen(_WHITE)
        words = QRectF(0, y - 16, frame.left() - 16, 32)
        painter.drawText(
            words,
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            self.tr("Garis mata"),
        )

    def _paint_oval(self, painter: QPainter, oval: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_DARK, 8))
        painter.drawEllipse(oval)
        dash = QPen(_WHITE, 4, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
        dash.setDashPattern([4, 3])
        painter.setPen(dash)
        painter.drawEllipse(oval)
        if self._hold > 0:
            painter.setPen(QPen(_GROWN, 8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawArc(oval, 90 * 16, -round(360 * 16 * self._hold))

    def _paint_chip(self, painter: QPainter) -> None:
        t, text = self._theme, self.tr("Langsung")
        font = t.font(16, 600)
        width = QFontMetrics(font).horizontalAdvance(text)
        chip = QRectF(24 if t.text_scale <= 1.1 else 8, 24, width + t.text(54), t.text(40))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_DARK)
        painter.drawRoundedRect(chip, 8, 8)
        painter.setBrush(_WHITE if self._picture is not None else _QUIET)
        painter.drawEllipse(QPointF(chip.left() + t.text(20), chip.center().y()), 6, 6)
        painter.setPen(_WHITE)
        painter.setFont(font)
        painter.drawText(chip.adjusted(t.text(36), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_backdrop(self, painter: QPainter, room: QRectF, frame: QRectF) -> None:
        """Draw patch, name and reason between the frame and the edge; words wrap when they must."""
        colour, title, note = self._backdrop
        if not title:
            return
        t = self._theme
        strong, small = t.font(16, 600), t.font(14)
        px, stacked = t.text(28), t.text_scale > 1.1
        beside = 0 if stacked else px + 10
        most = room.right() - frame.right() - 24 - 20 - beside
        words = min(
            most,
            max(
                QFontMetrics(strong).horizontalAdvance(title),
                QFontMetrics(small).horizontalAdvance(note),
            )
            + 2,
        )
        flags = int(Qt.TextFlag.TextWordWrap)
        bounds = QRectF(0, 0, words, 400).toAlignedRect()
        upper = QFontMetrics(strong).boundingRect(bounds, flags, title).height()
        lower = QFontMetrics(small).boundingRect(bounds, flags, note).height() if note else 0
        above = px + 6 if stacked else 0
        width, height = words + 20 + beside, max(t.text(56), upper + lower + 16 + above)
        box = QRectF(room.right() - 12 - width, 24, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_WHITE)
        painter.drawRoundedRect(box, 8, 8)
        top = box.top() + 8 if stacked else box.center().y() - px / 2
        patch = QRectF(box.left() + 10, top, px, px)
        painter.setBrush(QColor(backdrop_colour(colour)))
        painter.setPen(QPen(_QUIET, 1) if not colour else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(patch, 4, 4)
        y = box.top() + 8 + above if stacked else box.center().y() - (upper + lower) / 2
        left = box.left() + 10 + beside
        painter.setPen(_DARK)
        painter.setFont(strong)
        painter.drawText(QRectF(left, y, words, upper), flags, title)
        if note:
            painter.setPen(_QUIET)
            painter.setFont(small)
            painter.drawText(QRectF(left, y + upper, words, lower), flags, note)
