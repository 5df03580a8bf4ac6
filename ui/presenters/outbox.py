"""Pengiriman: the line now, what waits, and each packet's bar that goes on where it stopped."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QTimer

from station.delivery.courier import (
    Acked,
    CourierEvent,
    LineDown,
    LineUp,
    NeedsAttention,
    Progress,
    StatusChanged,
)
from station.devices import Health, HealthState
from station.lifecycle.record import Delivery
from station.store.outbox import OutboxRow
from ui.icons import State
from ui.pages.outbox import FigureView, LineView, OutboxPage, OutboxView, PacketRow
from ui.presenters.presenter import Presenter
from ui.presenters.records import RecordsPresenter
from ui.presenters.shell import Shell
from ui.presenters.words import megabytes, short_code_of, short_moment
from ui.widgets.action_bar import Action, Actions

_OPEN: Final = frozenset(
    {
        Delivery.SEALED,
        Delivery.QUEUED,
        Delivery.SENDING,
        Delivery.SENT_UNCONFIRMED,
        Delivery.RESEND_WANTED,
    }
)


class OutboxPresenter(Presenter):
    """Listens to the courier and shows the queue."""

    def __init__(self, shell: Shell, records: RecordsPresenter) -> None:
        self.view = OutboxPage(shell.window.theme)
        super().__init__(shell, self.view)
        self._records = records
        self._line: LineUp | LineDown | None = None
        self._fractions: dict[str, float] = {}
        self._acked: list[str] = []
        self._attention: Mapping[str, str] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(200)
        self._soon.timeout.connect(self.refresh)
        self.view.pause_requested.connect(self._pause)

    def enter(self) -> None:
        """Show the queue as it is now."""
        self.shell.show_idle_rail("outbox")
        self.shell.window.set_actions(
            Actions(
                Action("now", self.tr("Kirim sekarang"), "Enter"),
                (self.back_action(), self.help_action()),
            )
        )
        self.refresh()

    def act(self, action: str) -> None:
        """Send now, or go back."""
        if action == "now":
            self.shell.desk.courier.nudge()
        elif action == "back":
            self.shell.show("search")

    def hear(self, event: CourierEvent) -> None:
        """Take one event of the courier, on the GUI thread."""
        if isinstance(event, (LineUp, LineDown)):
            self._line = event
            up = isinstance(event, LineUp)
            self.shell.set_health(
                "line",
                Health(HealthState.READY if up else HealthState.ATTENTION),
            )
        elif isinstance(event, Progress):
            self._fractions[event.packet_id] = event.done / max(1, event.total)
        elif isinstance(event, Acked):
            self._fractions.pop(event.packet_id, None)
        elif isinstance(event, NeedsAttention):
            self._attention = {**self._attention, event.packet_id: event.reason or event.code}
        if isinstance(event, (StatusChanged, Acked)) and self.shell.current is self._records:
            self._records.refresh()
        self._soon.start()

    def refresh(self) -> None:
        """Load the queue again."""
        outbox = self.shell.desk.store.outbox
        self.shell.tasks.run(
            "lookup", lambda: (outbox.rows(), outbox.paused), self._loaded, self.failed
        )

    def _pause(self, paused: bool) -> None:  # noqa: FBT001 - a Qt signal's payload
        outbox, courier = self.shell.desk.store.outbox, self.shell.desk.courier

        def job() -> None:
            outbox.paused = paused
            courier.nudge()

        self.shell.tasks.run("lookup", job, lambda _nothing: self.refresh(), self.failed)

    def _loaded(self, answer: tuple[tuple[OutboxRow, ...], bool]) -> None:
        rows, paused = answer
        waiting = [row for row in rows if row.state in _OPEN]
        self.shell.set_health(
            "queue", Health(HealthState.ATTENTION if len(waiting) > 1 else HealthState.READY)
        )
        if self.shell.current is not self:
            return
        left = sum(row.size - row.offset for row in waiting)
        zone = self.shell.desk.settings.zone_info
        oldest = min((row.sealed_at for row in waiting), default=None)
        figures = (
            FigureView(self.tr("Menunggu"), str(len(waiting)), self.tr("paket")),
            FigureView(self.tr("Sisa"), megabytes(left)),
            FigureView(self.tr("Tertua"), short_moment(oldest.astimezone(zone)) if oldest else "–"),
        )
        self.view.show_outbox(
            OutboxView(
                line=self._line_view(paused=paused),
                figures=figures,
                rows=tuple(self._packet(row, zone) for row in waiting),
                paused=paused,
            )
        )

    def _line_view(self, *, paused: bool) -> LineView:
        if paused:
            return LineView(
                State.EXEMPT,
                self.tr("Pengiriman dijeda"),
                self.tr("Tekan “Lanjutkan kirim” bila siap."),
            )
        if isinstance(self._line, LineDown):
            return LineView(
                State.LOOK,
                self.tr("Jaringan putus"),
                self.tr("Dicoba lagi sendiri dalam {n} detik; perekaman tetap jalan.").format(
                    n=round(self._line.next_try_s)
                ),
            )
        if isinstance(self._line, LineUp):
            return LineView(State.DONE, self.tr("Tersambung ke pusat"))
        return LineView(State.NOW, self.tr("Menyambung ke pusat…"))

    def _packet(self, row: OutboxRow, zone: dt.tzinfo) -> PacketRow:
        words = {
            Delivery.SEALED: (State.TO_COME, self.tr("Tersimpan")),
            Delivery.QUEUED: (State.TO_COME, self.tr("Menunggu giliran")),
            Delivery.SENDING: (State.NOW, self.tr("Sedang dikirim")),
            Delivery.SENT_UNCONFIRMED: (State.NOW, self.tr("Menunggu tanda terima")),
            Delivery.RESEND_WANTED: (State.LOOK, self.tr("Pusat minta kirim ulang")),
        }
        state, text = words.get(row.state, (State.DONE, row.state.value))
        note = self._attention.get(row.packet_id, "")
        if note:
            state = State.LOOK
        return PacketRow(
            key=row.packet_id,
            code=short_code_of(row.packet_id),
            sealed=short_moment(row.sealed_at.astimezone(zone)),
            size=megabytes(row.size),
            state=state,
            state_text=text,
            note=note,
            fraction=self._fractions.get(row.packet_id, row.offset / max(1, row.size)),
        )
