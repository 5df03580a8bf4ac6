"""Leaving a part out, with a reason: opens beside the work, closes with Esc, needs no mouse."""

from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ui.icons import State, paint_icon, paint_state
from ui.theme import Theme
from ui.widgets.button import KeyButton, Kind
from ui.widgets.layouts import clear_layout, scrolled
from ui.widgets.pictures import Panel
from ui.widgets.text import label


@dataclass(frozen=True, slots=True)
class ExemptionChoice:
    """One kind of exemption; some need a second person, some a day to come back."""

    kind: str
    text: str
    needs_second: bool = False
    needs_date: bool = False


@dataclass(frozen=True, slots=True)
class ExemptionView:
    """What the panel offers; ``return_on`` is the proposed day (ISO), ``error`` why the last try failed."""

    title: str
    choices: tuple[ExemptionChoice, ...]
    reasons: tuple[str, ...]
    return_on: str
    error: str = ""
    verb: str = ""  # what the button does; '' = leave the part out


@dataclass(frozen=True, slots=True)
class ExemptionAnswer:
    """What the operator decided; the PIN never shows in a repr."""

    kind: str
    reason: str
    second_id: str = ""
    pin: str = field(default="", repr=False)
    return_on: str = ""


class _Choice(QRadioButton):
    """A radio button of 48 px that shows itself with the house's glyphs."""

    def __init__(self, theme: Theme, choice: ExemptionChoice) -> None:
        super().__init__(choice.text)
        self._theme, self.choice = theme, choice
        self.setFont(theme.font(16, 500))
        self._high = max(48, theme.text(40))  # with large text the fields below need the room
        self.setFixedHeight(self._high)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(choice.text)

    def sizeHint(self) -> QSize:
        """Return room for glyph and words."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(words + self._theme.text(72), self._high)

    def hitButton(self, _pos: object) -> bool:  # noqa: N802 - Qt's name
        """Take a press anywhere on the row."""
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, glyph, words and focus."""
        t, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = self.rect().toRectF().adjusted(1.5, 1.5, -1.5, -1.5)
        ring = self.hasFocus()
        chosen = self.isChecked()
        painter.setPen(
            QPen(t.colour("ink" if ring else "primary" if chosen else "line"), 3 if ring else 1)
        )
        painter.setBrush(t.colour("primary_tint" if chosen or self.underMouse() else "panel"))
        painter.drawRoundedRect(body, 8, 8)
        px = t.text(20)
        spot = body.adjusted(12, (body.height() - px) / 2, 0, 0)
        spot.setSize(QSize(px, px).toSizeF())
        paint_state(painter, spot, State.NOW if chosen else State.TO_COME, t)
        painter.setPen(t.colour("ink"))
        painter.setFont(self.font())
        painter.drawText(
            body.adjusted(px + 24, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, self.text()
        )


class _Reasons(QComboBox):
    """The usual reasons; another one may be written."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setEditable(True)
        self.setFont(theme.font(16))
        c, height = theme.tokens, theme.text(46)
        self.setStyleSheet(
            f"QComboBox {{ background: {c.panel}; color: {c.ink}; border: 1px solid {c.control};"
            f" border-radius: 8px; min-height: {height}px; padding: 0 0 0 12px; }}"
            f"QComboBox:focus {{ border: 3px solid {c.primary}; padding-left: 10px; }}"
            "QComboBox::drop-down { border: none; width: 44px; }"
            "QComboBox::down-arrow { image: none; }"
            "QComboBox QLineEdit, QComboBox QLineEdit:focus { border: none; padding: 0;"
            " background: transparent; min-height: 0; max-height: 9999px; }"
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and a chevron."""
        super().paintEvent(event)
        painter = QPainter(self)
        spot = QRectF(self.width() - 34, self.height() / 2 - 10, 20, 20)
        paint_icon(painter, spot, "chevron", self._theme.colour("quiet"))


class ExemptionPanel(Panel):
    """Kind, reason, day of return and, where needed, the second person; one verb at the foot."""

    given = Signal(object)  # ExemptionAnswer
    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("plain")
        self.setParent(parent)
        self._theme = theme
        self._view: ExemptionView | None = None
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(self._fit_fields)
        self._title = label(theme, "", 20, 600, wrap=True)
        self._choices = QVBoxLayout()
        self._choices.setSpacing(2)
        self._reason = _Reasons(theme)
        self._reason.setAccessibleName(self.tr("Alasan"))
        self._return_on, self._return_words = self._field(
            self.tr("Rekam menyusul (tahun-bulan-hari)")
        )
        self._second_note = label(
            theme, self.tr("Perlu persetujuan orang kedua"), 16, 600, "ink", wrap=True
        )
        self._second, self._second_words = self._field(self.tr("Petugas kedua"))
        self._pin, self._pin_words = self._field(self.tr("PIN petugas kedua"))
        self._pin.setEchoMode(QLineEdit.EchoMode.Password)
        self._pin.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._error = label(theme, "", 16, 500, "stop", wrap=True)
        self._give = KeyButton(theme, self.tr("Kecualikan"), key="Enter", kind=Kind.PRIMARY)
        self._cancel = KeyButton(theme, self.tr("Batal"), key="Esc")
        self._give.clicked.connect(self.submit)
        self._cancel.clicked.connect(self.cancelled)
        self._compose()
        self.hide()

    def _field(self, words: str) -> tuple[QLineEdit, QWidget]:
        edit = QLineEdit()
        edit.setFont(self._theme.font(16))
        edit.setAccessibleName(words)
        return edit, label(self._theme, words, 14, 500, "quiet")

    def _compose(self) -> None:
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(24, 16, 24, 8)
        inner.setSpacing(4)
        inner.addWidget(self._title)
        inner.addSpacing(4)
        inner.addLayout(self._choices)
        inner.addSpacing(6)
        inner.addWidget(label(self._theme, self.tr("Alasan"), 14, 500, "quiet"))
        inner.addWidget(self._reason)
        for widget in (self._return_words, self._return_on, self._second_note):
            inner.addWidget(widget)
        pair = QHBoxLayout()  # the second person's two fields side by side
        pair.setSpacing(12)
        for words, field_ in ((self._second_words, self._second), (self._pin_words, self._pin)):
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(words)
            part.addWidget(field_)
            pair.addLayout(part, 1)
        inner.addLayout(pair)
        inner.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(4)
        self._area = scrolled(body)
        column.addWidget(self._area, 1)
        self._error.setContentsMargins(24, 0, 24, 0)
        column.addWidget(self._error)
        row = QHBoxLayout()
        row.setContentsMargins(19, 0, 19, 0)
        row.addWidget(self._cancel)
        row.addWidget(self._give, 1)
        column.addLayout(row)

    def show_view(self, view: ExemptionView) -> None:
        """Offer the choices; a refusal keeps what was chosen and typed, except the PIN."""
        again = self._view is not None and view.error != "" and self._view.title == view.title
        self._view = view
        self._title.setText(view.title)
        self._give.show_words(view.verb or self.tr("Kecualikan"))
        self._error.setText(view.error)
        self._error.setVisible(bool(view.error))
        self._pin.clear()
        if not again:
            self._fill(view)
        self._fit_fields()
        self.show()
        self.raise_()
        first = self._pin if again and self._pin.isVisibleTo(self) else self._first()
        first.setFocus()
        QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(first))

    def choose(self, kind: str) -> None:
        """Choose a kind as if its row had been pressed; KeyError when it is not offered."""
        rows = {b.choice.kind: b for b in self._group.buttons() if isinstance(b, _Choice)}
        rows[kind].setChecked(True)

    def forget(self) -> None:
        """Close, and keep nothing of what was typed."""
        self._view = None
        self._pin.clear()
        self._second.clear()
        held = self.focusWidget()
        if held is not None and held.hasFocus():
            self.window().setFocus()  # hidden with the focus inside, Qt would hand it to the lock
        self.hide()

    def _fill(self, view: ExemptionView) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
        clear_layout(self._choices)
        for number, choice in enumerate(view.choices):
            button = _Choice(self._theme, choice)
            self._group.addButton(button, number)
            self._choices.addWidget(button)
        self._order_keys()
        if view.choices:
            self._group.buttons()[0].setChecked(True)
        self._reason.clear()
        self._reason.addItems(list(view.reasons))
        self._return_on.setText(view.return_on)
        self._second.clear()

    def _order_keys(self) -> None:
        """Let Tab go from kind to reason to the fields: new rows would stand last in the window's order."""
        chain = (
            *self._group.buttons(), self._reason, self._return_on, self._second, self._pin,
            self._give, self._cancel,
        )  # fmt: skip
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _first(self) -> QWidget:
        return self._group.checkedButton() or self._reason

    def _chosen(self) -> ExemptionChoice | None:
        button = self._group.checkedButton()
        return button.choice if isinstance(button, _Choice) else None

    def _fit_fields(self) -> None:
        choice = self._chosen()
        date = choice is not None and choice.needs_date
        second = choice is not None and choice.needs_second
        for widget in (self._return_words, self._return_on):
            widget.setVisible(date)
        for widget in (
            self._second_note, self._second_words, self._second, self._pin_words, self._pin,
        ):  # fmt: skip
            widget.setVisible(second)

    def submit(self) -> None:
        """Report the answer, or put the focus where something is missing."""
        choice = self._chosen()
        if choice is None:
            return
        needed: tuple[tuple[bool, QWidget, str, str], ...] = (
            (True, self._reason, self._reason.currentText(), self.tr("Pilih atau tulis alasannya.")),
            (choice.needs_date, self._return_on, self._return_on.text(),
             self.tr("Isi tanggal rekam menyusul.")),
            (choice.needs_second, self._second, self._second.text(), self.tr("Isi nama petugas kedua.")),
            (choice.needs_second, self._pin, self._pin.text(), self.tr("Isi PIN petugas kedua.")),
        )  # fmt: skip
        for wanted, widget, text, words in needed:
            if wanted and not text.strip():
                self._error.setText(words)
                self._error.show()
                widget.setFocus()
                self._area.ensureWidgetVisible(widget)
                return
        self._error.hide()
        self.given.emit(
            ExemptionAnswer(
                choice.kind,
                self._reason.currentText().strip(),
                self._second.text().strip() if choice.needs_second else "",
                self._pin.text() if choice.needs_second else "",
                self._return_on.text().strip() if choice.needs_date else "",
            )
        )
        self._pin.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter and Esc before the desk's own keys see them."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.focusWidget() is self._cancel:
                self.cancelled.emit()
            else:
                self.submit()
        elif event.key() not in {Qt.Key.Key_Space, Qt.Key.Key_F2}:
            super().keyPressEvent(event)
