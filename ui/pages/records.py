"""Rekaman: the table of records, and at the right one record's way, its task and what to tell the applicant."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.icons import paint_icon
from ui.pages.page import Page
from ui.theme import Theme
from ui.widgets.button import KeyButton, Kind
from ui.widgets.chip import ChipRow, ChipView
from ui.widgets.layouts import scrolled_column
from ui.widgets.note import NoteBox
from ui.widgets.pictures import Panel, Pictogram, rule
from ui.widgets.record_table import RecordRow, RecordTable
from ui.widgets.text import ElidedLabel, label, nik_groups
from ui.widgets.timeline import Timeline, TimelineRow


@dataclass(frozen=True, slots=True)
class RecordsView:
    """One page of the table; ``range_text`` says which part of how many."""

    rows: tuple[RecordRow, ...]
    range_text: str
    chosen: str = ""
    has_previous: bool = False
    has_next: bool = False


@dataclass(frozen=True, slots=True)
class RecordDetail:
    """One record: its way, the officers' task and the sentence for the applicant ('' = none)."""

    name: str
    nik: str
    code: str
    timeline: tuple[TimelineRow, ...]
    task_head: str = ""
    task: str = ""
    say: str = ""


class FindField(QLineEdit):
    """A search field with a magnifier and the key that leads to it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFont(theme.font(16))
        self.setAccessibleName(self.tr("Cari rekaman"))
        self.setPlaceholderText(self.tr("Nama, NIK, atau kode"))
        self.setTextMargins(theme.text(34), 0, theme.text(64), 0)

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+K to the desk."""
        find = Qt.KeyboardModifier.ControlModifier
        if (
            isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_K
            and event.modifiers() == find
        ):
            event.ignore()
            return False
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, the magnifier and the key cap."""
        super().paintEvent(event)
        t, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px = t.text(20)
        area = self.rect()
        box = area.adjusted(t.text(17), 0, 0, 0).toRectF()
        box.setRect(box.left(), box.center().y() - px / 2, px, px)
        paint_icon(painter, box, "search", t.colour("quiet"))
        painter.setFont(t.font(14, 500))
        width = painter.fontMetrics().horizontalAdvance("Ctrl+K") + t.text(14)
        cap = area.adjusted(area.width() - width - t.text(9), 0, -t.text(9), 0).toRectF()
        cap.setRect(cap.left(), cap.center().y() - t.text(10), cap.width(), t.text(20))
        painter.setPen(t.colour("control"))
        painter.setBrush(t.colour("ground"))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setPen(t.colour("quiet"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, "Ctrl+K")


class DetailColumn(QWidget):
    """392 px: who, the way, the task, what to say."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setMaximumWidth(min(theme.wide(392), 410))
        self._name = ElidedLabel(theme, "", 20, 600)
        self._nik = label(theme, "", 14, tone="quiet", spacing=0.5)
        self._code = label(theme, "", 16, 600)
        self._code_head = label(theme, self.tr("Kode"), 14, tone="quiet")
        self._rule = rule()
        self._timeline = Timeline(theme)
        self._task = NoteBox(theme, "people", "attention")
        self._say = NoteBox(theme, "speech")
        self._empty = label(
            theme,
            self.tr("Pilih satu rekaman untuk melihat perjalanannya."),
            16,
            tone="quiet",
            wrap=True,
        )
        self._compose()
        self.show_detail(None)

    def _compose(self) -> None:
        column = QVBoxLayout(scrolled_column(self))
        column.setContentsMargins(24, 20, 24, 12)
        column.setSpacing(12)
        who = QVBoxLayout()
        who.setSpacing(4)
        who.addWidget(self._name)
        who.addWidget(self._nik)
        code = QVBoxLayout()
        code.setSpacing(4)
        code.addWidget(self._code_head, 0, Qt.AlignmentFlag.AlignRight)
        code.addWidget(self._code, 0, Qt.AlignmentFlag.AlignRight)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addLayout(who, 1)
        head.addLayout(code)
        column.addLayout(head)
        for part in (self._empty, self._rule, self._timeline, self._task, self._say):
            column.addWidget(part)
        column.addStretch(1)

    def show_detail(self, view: RecordDetail | None) -> None:
        """Show one record, or ask for one to be chosen."""
        self._empty.setVisible(view is None)
        for part in (
            self._name,
            self._nik,
            self._code,
            self._code_head,
            self._rule,
            self._timeline,
        ):
            part.setVisible(view is not None)
        self._task.show_note(view.task_head if view else "", view.task if view else "")
        self._say.show_note(
            self.tr("Katakan kepada pemohon"), f"“{view.say}”" if view and view.say else ""
        )
        if view is not None:
            self._name.setText(view.name)
            self._nik.setText(nik_groups(view.nik))
            self._code.setText(view.code)
            self._timeline.show_rows(view.timeline)


class RecordsPage(Page):
    """All records of this desk."""

    filter_chosen = Signal(str)
    find_changed = Signal(str)
    record_chosen = Signal(str)
    sort_requested = Signal(str, bool)
    previous_requested = Signal()
    next_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Rekaman")
        self.help_lines = (
            self.tr("Panah atas dan bawah memilih rekaman."),
            self.tr(
                "Kotak kuning adalah tugas petugas. Kotak di bawahnya boleh dibacakan kepada pemohon."
            ),
            self.tr("Saringan “Perlu tindakan” berisi semua yang menunggu Anda."),
        )
        self._detail = DetailColumn(theme)
        self.side = self._detail
        self._find = FindField(theme)
        self._find.setMinimumWidth(theme.wide(300))
        self._find.setMaximumWidth(theme.wide(350))
        self._find.textEdited.connect(self.find_changed)
        self._chips = ChipRow(theme)
        self._chips.chosen.connect(self.filter_chosen)
        self._table = RecordTable(theme)
        self._table.record_chosen.connect(self.record_chosen)
        self._table.sort_requested.connect(self.sort_requested)
        self._range = label(theme, "", 14, tone="quiet")
        self._previous = KeyButton(theme, self.tr("Sebelumnya"), icon="left", kind=Kind.LINK)
        self._previous.clicked.connect(self.previous_requested)
        self._next = KeyButton(theme, self.tr("Berikutnya"), icon="right", kind=Kind.LINK)
        self._next.clicked.connect(self.next_requested)
        self._nothing = self._made_nothing()
        self._compose()

    def _made_nothing(self) -> QWidget:
        block = QWidget()
        column = QVBoxLayout(block)
        column.addStretch(1)
        column.addWidget(
            Pictogram(self.theme, "list", 48, "empty"), 0, Qt.AlignmentFlag.AlignCenter
        )
        words = label(self.theme, self.tr("Tidak ada rekaman di sini"), 20, 600)
        column.addWidget(words, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        return block

    def _compose(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 20)
        column.setSpacing(16)
        head = QHBoxLayout()
        head.addWidget(label(self.theme, self.title, 28, 600), 1)
        head.addWidget(self._find, 2)
        column.addLayout(head)
        column.addWidget(self._chips)
        panel = Panel()
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addWidget(self._table, 1)
        inside.addWidget(self._nothing, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 0, 4, 0)
        foot.addWidget(self._range, 1)
        foot.addWidget(self._previous)
        foot.addWidget(self._next)
        inside.addLayout(foot)
        column.addWidget(panel, 1)

    def first_focus(self) -> QWidget:
        """Begin in the table, so that the arrow keys work at once."""
        return self._table

    @property
    def table(self) -> RecordTable:
        """The table."""
        return self._table

    def focus_find(self) -> None:
        """Put the caret into the search field."""
        self._find.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._find.selectAll()

    def show_filters(self, chips: tuple[ChipView, ...]) -> None:
        """Show the filters with their figures."""
        self._chips.show_chips(chips)

    def show_records(self, view: RecordsView) -> None:
        """Show one page of the table."""
        self._table.show_records(view.rows, view.chosen)
        self._table.setVisible(bool(view.rows))
        self._nothing.setVisible(not view.rows)
        self._range.setText(view.range_text)
        self._previous.setVisible(view.has_previous)
        self._next.setVisible(view.has_next)

    def show_detail(self, view: RecordDetail | None) -> None:
        """Show one record at the right."""
        self._detail.show_detail(view)
