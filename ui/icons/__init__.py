"""Pictograms drawn by us: named strokes, state glyphs and the coach's pictures, painted at any size."""

from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from station.guidance import Guidance
from ui.icons.coaching import COACHING
from ui.icons.strokes import STROKES
from ui.theme import Theme


class State(StrEnum):
    """What a glyph says, by its shape and its colour."""

    DONE = "done"  # filled circle and tick
    NOW = "now"  # ring and dot
    TO_COME = "to_come"  # empty ring
    LOOK = "look"  # amber triangle
    EXEMPT = "exempt"  # dark circle and dash
    STOP = "stop"  # red square and cross
    WAIT = "wait"  # ring and the hands of a clock
    OTHER = "other"  # amber diamond and question mark


# {f} the state's colour, {o} the colour on it; on a 24 grid.
_GLYPHS = {
    State.DONE: '<circle cx="12" cy="12" r="11" fill="{f}"/><path d="M7 12.400l3.400 3.400L17 9" fill="none" stroke="{o}" stroke-width="2.200"/>',
    State.NOW: '<circle cx="12" cy="12" r="10" fill="none" stroke="{f}" stroke-width="2.200"/><circle cx="12" cy="12" r="5" fill="{f}"/>',
    State.TO_COME: '<circle cx="12" cy="12" r="10" fill="none" stroke="{f}" stroke-width="2"/>',
    State.LOOK: '<path d="M12 2.600L22.600 21H1.400z" fill="{f}" stroke="{f}" stroke-width="1.600"/><path d="M12 9v6M12 18.200h.01" fill="none" stroke="{o}" stroke-width="2.200"/>',
    State.EXEMPT: '<circle cx="12" cy="12" r="11" fill="{f}"/><path d="M7.500 12h9" fill="none" stroke="{o}" stroke-width="2.400"/>',
    State.STOP: '<rect x="1.500" y="1.500" width="21" height="21" rx="3" fill="{f}"/><path d="M8 8l8 8M16 8l-8 8" fill="none" stroke="{o}" stroke-width="2.200"/>',
    State.WAIT: '<circle cx="12" cy="12" r="10" fill="none" stroke="{f}" stroke-width="2.200"/><path d="M12 6.500V12l4 2.600" fill="none" stroke="{f}" stroke-width="2.200"/>',
    State.OTHER: '<path d="M12 1.200L22.800 12 12 22.800 1.200 12z" fill="{f}"/><path d="M9.700 9.900a2.350 2.350 0 1 1 3.500 2.050c-.8.500-1.200.950-1.200 1.750M12 16.400h.01" fill="none" stroke="{o}" stroke-width="2"/>',
}  # fmt: skip
_COLOURS = {
    State.DONE: ("good", "on_good"),
    State.NOW: ("primary", "on_primary"),
    State.TO_COME: ("empty", "panel"),
    State.LOOK: ("attention", "on_attention"),
    State.EXEMPT: ("exempt", "on_exempt"),
    State.STOP: ("stop", "on_stop"),
    State.WAIT: ("primary", "on_primary"),
    State.OTHER: ("attention", "on_attention"),
}


@lru_cache(maxsize=512)
def _renderer(body: str, grid: int) -> QSvgRenderer:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {grid} {grid}">'
        '<g stroke-linecap="round" stroke-linejoin="round">'
    )
    return QSvgRenderer(QByteArray((head + body + "</g></svg>").encode()))


def _stroked(body: str, colour: str, width: float) -> str:
    return f'<g fill="none" stroke="{colour}" stroke-width="{width}">{body}</g>'


def paint_icon(painter: QPainter, rect: QRectF, name: str, colour: QColor) -> None:
    """Paint a named pictogram into ``rect``; KeyError for an unknown name."""
    _renderer(_stroked(STROKES[name], colour.name(), 2), 24).render(painter, rect)


def paint_coaching(painter: QPainter, rect: QRectF, guidance: Guidance, colour: QColor) -> None:
    """Paint the coach's picture for one guidance code into ``rect``."""
    _renderer(_stroked(COACHING[guidance], colour.name(), 3), 72).render(painter, rect)


def paint_state(
    painter: QPainter, rect: QRectF, state: State, theme: Theme, *, on_primary: bool = False
) -> None:
    """Paint a state's glyph; ``on_primary`` turns it white for a row filled with the primary colour."""
    fill, over = (getattr(theme.tokens, token) for token in _COLOURS[state])
    if on_primary:
        fill, over = theme.tokens.on_primary, theme.tokens.primary
    _renderer(_GLYPHS[state].format(f=fill, o=over), 24).render(painter, rect)


def pixmap(name: str, px: int, colour: QColor, ratio: float = 1.0) -> QPixmap:
    """Return a pictogram as a square pixmap of ``px`` logical pixels."""
    picture = QPixmap(QSize(px, px) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_icon(painter, QRectF(0, 0, px, px), name, colour)
    painter.end()
    return picture


def icon(name: str, px: int, colour: QColor) -> QIcon:
    """Return a pictogram for a stock button."""
    picture = QIcon()
    for ratio in (1.0, 2.0):
        picture.addPixmap(pixmap(name, px, colour, ratio))
    return picture
