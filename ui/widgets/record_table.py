"""The table of records: name over NIK, when, the state over the next act; rows of 56 px."""

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.icons import State, paint_icon, paint_state
from ui.theme import Theme
from ui.widgets.text import nik_groups

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record as the table shows it."""

    key: str
    name: str
    nik: str
    recorded: str
    state: State
    state_text: str
    next_act: str = ""


class RecordModel(QAbstractTableModel):
    """The rows of one page; three columns. The text role speaks to screen readers."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[RecordRow, ...] = ()

    def show_rows(self, rows: tuple[RecordRow, ...]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_at(self, number: int) -> RecordRow:
        """Return a row."""
        return self._rows[number]

    def place_of(self, key: str) -> int:
        """Return the row number of a record, or -1."""
        return next((n for n, row in enumerate(self._rows) if row.key == key), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return three."""
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words of a cell."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self._rows[index.row()]
        texts = (
            f"{row.name}, {nik_groups(row.nik)}",
            row.recorded,
            f"{row.state_text}, {row.next_act}",
        )
        return texts[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the heads."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return (self.tr("Nama dan NIK"), self.tr("Direkam"), self.tr("Keadaan sekarang"))[
                section
            ]
        return None


class _RowPainter(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: RecordModel, table: QTableView) -> None:
        super().__init__(table)
        self._theme, self._model, self._table = theme, model, table

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the row's height."""
        return QSize(80, self._theme.text(56))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        t, row = self._theme, self._model.row_at(index.row())
        box = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setClipRect(box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(box, t.colour("primary_tint" if chosen else "panel"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), t.colour("row_line"))
        if index.column() == 0:
            if chosen:
                painter.fillRect(
                    QRectF(box.left(), box.top(), 4, box.height()), t.colour("primary")
                )
            self._two_lines(
                painter, box.adjusted(20, 0, -8, 0), row.name, nik_groups(row.nik), loud=chosen
            )
        elif index.column() == 1:
            painter.setFont(t.font(14, 500))
            painter.setPen(t.colour("ink"))
            painter.drawText(
                box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, row.recorded
            )
        else:
            px = t.text(24)
            paint_state(
                painter, QRectF(box.left(), box.center().y() - px / 2, px, px), row.state, t
            )
            self._two_lines(
                painter, box.adjusted(px + 12, 0, -8, 0), row.state_text, row.next_act, loud=chosen
            )
        if chosen and self._table.hasFocus():
            self._paint_ring(painter)
        painter.restore()

    def _paint_ring(self, painter: QPainter) -> None:
        """Draw the part of the row's focus ring that lies in this cell; the clip cuts the rest."""
        row = self._table.currentIndex()
        first, last = (
            self._table.visualRect(row.siblingAtColumn(0)),
            self._table.visualRect(row.siblingAtColumn(2)),
        )
        painter.setPen(QPen(self._theme.colour("ink"), 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(first.united(last)).adjusted(1.5, 1.5, -1.5, -2.5))

    def _two_lines(
        self, painter: QPainter, box: QRectF, title: str, note: str, *, loud: bool
    ) -> None:
        t = self._theme
        lines = (
            (title, t.font(16, 600 if loud else 500), "ink", 6),
            (note, t.font(14), "quiet", 28),
        )
        for text, font, tone, top in lines:
            painter.setFont(font)
            painter.setPen(t.colour(tone))
            fitting = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, int(box.width())
            )
            line = QRectF(box.left(), box.top() + t.text(top), box.width(), t.text(22))
            painter.drawText(
                line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting
            )


class _Head(QHeaderView):
    """Quiet heads; the one that sorts is dark and carries an arrow."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setFixedHeight(theme.text(32))
        self.setSectionsClickable(True)

    def paintSection(self, painter: QPainter, rect: object, section: int) -> None:
        """Draw one head."""
        t, sorts = self._theme, section == self.sortIndicatorSection()
        box = QRectF(rect)  # type: ignore[call-overload]  # Qt passes a QRect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(box, t.colour("ground"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), t.colour("line"))
        painter.setFont(t.font(14, 500))
        painter.setPen(t.colour("ink" if sorts else "quiet"))
        words = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        left = box.adjusted(20 if section == 0 else 0, 0, 0, 0)
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        if sorts:
            at = left.left() + painter.fontMetrics().horizontalAdvance(words) + 6
            px = t.text(14)
            spot = QRectF(at, box.center().y() - px / 2, px, px)
            if self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder:
                painter.translate(spot.center())
                painter.rotate(180)
                painter.translate(-spot.center())
            paint_icon(painter, spot, "chevron", t.colour("ink"))
        painter.restore()


class RecordTable(QTableView):
    """One page of records; the arrow keys move, the chosen record is reported."""

    record_chosen = Signal(str)
    sort_requested = Signal(str, bool)  # "name" | "recorded" | "state", ascending

    _COLUMNS = ("name", "recorded", "state")

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._records = RecordModel()
        self._chosen = ""
        self.setModel(self._records)
        self.setItemDelegate(_RowPainter(theme, self._records, self))
        self.setAccessibleName(self.tr("Daftar rekaman"))
        self._dress()
        self.selectionModel().currentRowChanged.connect(self._report)

    def _dress(self) -> None:
        head = _Head(self._theme, self)
        self.setHorizontalHeader(head)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        head.resizeSection(1, self._theme.text(132))
        head.setHighlightSections(False)
        head.setSortIndicator(1, Qt.SortOrder.DescendingOrder)
        head.sectionClicked.connect(self._sort)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self._theme.text(56))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)

    def show_records(self, rows: tuple[RecordRow, ...], chosen: str = "") -> None:
        """Show one page; ``chosen`` stays selected without being reported again."""
        self._chosen = chosen
        self._records.show_rows(rows)
        if (place := self._records.place_of(chosen)) >= 0:
            self.selectRow(place)

    def _sort(self, section: int) -> None:
        head = self.horizontalHeader()
        ascending = head.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
        self.sort_requested.emit(self._COLUMNS[section], ascending)

    def _report(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and (key := self._records.row_at(now.row()).key) != self._chosen:
            self._chosen = key
            self.record_chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter and Escape to the desk."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
            return
        super().keyPressEvent(event)
