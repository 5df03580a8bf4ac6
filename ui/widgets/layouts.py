"""Two small services around Qt's layouts: emptying one, and a body that scrolls when it must."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget


def clear_layout(layout: QLayout) -> None:
    """Take everything out of a layout; the widgets go with the next event loop."""
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            held = old.window().focusWidget()
            if held is not None and (held is old or old.isAncestorOf(held)):
                old.window().setFocus()  # hidden with the focus inside, Qt would hand it to the lock
            old.hide()
            old.deleteLater()


def scrolled(body: QWidget) -> QScrollArea:
    """Return a frame around a body that scrolls vertically only when there is no room."""
    area = QScrollArea()
    body.setProperty("plain", True)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(body)
    area.viewport().setAutoFillBackground(False)
    body.setAutoFillBackground(False)
    return area


def scrolled_column(column: QWidget) -> QWidget:
    """Return the inside of a whole column that scrolls only when very large text leaves no other way."""
    body, around = QWidget(), QVBoxLayout(column)
    around.setContentsMargins(0, 0, 0, 0)
    around.addWidget(scrolled(body))
    return body
