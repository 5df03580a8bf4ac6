"""Rekaman: every record's way in plain words, the officers' task and the sentence for the applicant."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtGui import QTextDocument

from station.delivery.feed import first_area
from station.lifecycle.ageing import overdue
from station.lifecycle.record import Delivery, Hold, Record
from station.lifecycle.status import AnyStatus, Status
from station.lifecycle.words import Circumstances, applicant_text
from ui.icons import State
from ui.pages.records import RecordDetail, RecordsPage, RecordsView
from ui.presenters.presenter import Presenter
from ui.presenters.shell import Shell
from ui.presenters.status_words import status_word, task_word
from ui.presenters.words import long_date, short_code_of, short_moment
from ui.receipt import print_document, save_pdf
from ui.widgets.action_bar import Action, Actions
from ui.widgets.chip import ChipView
from ui.widgets.message_bar import MessageView
from ui.widgets.rail import RailFoot
from ui.widgets.record_table import RecordRow
from ui.widgets.timeline import TimelineRow

_PAGE: Final = 7
_LIMIT: Final = 2000

_NEEDS_PEOPLE: Final = frozenset(
    {
        Status.ENROLL_FAILURE_AT_CENTRAL,
        Status.ENROLL_FAILURE_AT_REGIONAL,
        Status.PACKET_ENTRY,
        Status.DUPLICATE_RECORD,
        Status.REQUEST_VALIDATION,
    }
)
_WAITS: Final = frozenset(
    {
        Status.BIO_CAPTURED,
        Status.PROCESSING,
        Status.SENT_FOR_ENROLLMENT,
        Status.RECEIVED_AT_CENTRAL,
        Status.SEARCH_FAILURE_AT_CENTRAL,
        Status.SENT_FOR_DEDUP,
        Status.ADJUDICATE_RECORD,
    }
)
_PRINT: Final = frozenset(
    {
        Status.PRINT_READY_RECORD,
        Status.SENT_FOR_CARD_PRINTING,
        Status.CARD_SHIPPED,
        Status.CARD_PRINTED,
    }
)
_FILTERS: Final[Mapping[str, frozenset[Status]]] = {
    "all": frozenset(),
    "act": _NEEDS_PEOPLE,
    "wait": _WAITS,
    "print": _PRINT,
}
# What normally comes after, for the empty rings of the timeline.
_AHEAD: Final = (Status.RECEIVED_AT_CENTRAL, Status.PRINT_READY_RECORD, Status.CARD_ISSUED)


@dataclass(frozen=True, slots=True)
class _Question:
    text: str = ""
    chosen_filter: str = "all"
    descending: bool = True
    offset: int = 0


class RecordsPresenter(Presenter):
    """The table, its filters and one record's detail."""

    def __init__(self, shell: Shell) -> None:
        self.view = RecordsPage(shell.window.theme)
        super().__init__(shell, self.view)
        self._question = _Question()
        self._records: tuple[Record, ...] = ()
        self._chosen = ""
        self.view.find_changed.connect(self._find)
        self.view.filter_chosen.connect(self._filter)
        self.view.record_chosen.connect(self._choose)
        self.view.sort_requested.connect(self._sort)
        self.view.previous_requested.connect(self._previous)
        self.view.next_requested.connect(self._next)

    def enter(self) -> None:
        """Show the records as they are now."""
        self.shell.show_idle_rail("records")
        self._show_actions()
        self.refresh()

    def refresh(self) -> None:
        """Load again; called when the centre's word arrives."""
        records, text = self.shell.desk.store.records, self._question.text
        self.shell.tasks.run(
            "lookup", lambda: records.search(text=text, limit=_LIMIT), self._loaded, self.failed
        )

    def act(self, action: str) -> None:
        """Go back, open the card counter, or print the applicant's letter."""
        if action == "back":
            self.shell.show("search")
        elif action == "counter":
            self.shell.show("counter")
        elif action == "letter":
            self._print_letter()

    def _find(self, text: str) -> None:
        self._question = replace(self._question, text=text, offset=0)
        self.refresh()

    def _filter(self, key: str) -> None:
        self._question = replace(self._question, chosen_filter=key, offset=0)
        self._show()

    def _sort(self, _column: str, descending: bool) -> None:  # noqa: FBT001 - a Qt signal's payload
        self._question = replace(self._question, descending=descending, offset=0)
        self._show()

    def _previous(self) -> None:
        self._question = replace(self._question, offset=max(0, self._question.offset - _PAGE))
        self._show()

    def _next(self) -> None:
        self._question = replace(self._question, offset=self._question.offset + _PAGE)
        self._show()

    def _choose(self, record_id: str) -> None:
        self._chosen = record_id
        self._show_detail()
        self._show_actions()

    def _loaded(self, records: tuple[Record, ...]) -> None:
        self._records = records
        self._show()
        waiting = [r for r in records if r.delivery is not Delivery.ACKED]
        oldest = min((r.since for r in waiting if r.since), default=None)
        zone = self.shell.desk.settings.zone_info
        self.shell.set_idle_foot(
            RailFoot(
                self.tr("Belum diterima pusat"),
                str(len(waiting)),
                self.tr("paket"),
                self.tr("tertua {moment}").format(moment=short_moment(oldest.astimezone(zone)))
                if oldest
                else "",
            )
        )
        if self.shell.current is self:
            self.shell.show_idle_rail("records")

    def _show(self) -> None:
        question = self._question
        wanted = _FILTERS[question.chosen_filter]
        fitting = [r for r in self._records if not wanted or r.known_status in wanted]
        if not question.descending:
            fitting.reverse()
        page = fitting[question.offset : question.offset + _PAGE]
        if page and self._chosen not in {record.record_id for record in page}:
            self._chosen = page[0].record_id
        names = {
            "all": self.tr("Semua"),
            "act": self.tr("Perlu tindakan"),
            "wait": self.tr("Menunggu pusat"),
            "print": self.tr("Siap cetak"),
        }
        self.view.show_filters(
            tuple(
                ChipView(
                    key,
                    names[key],
                    str(sum(not only or r.known_status in only for r in self._records)),
                    chosen=key == question.chosen_filter,
                )
                for key, only in _FILTERS.items()
            )
        )
        last = question.offset + len(page)
        self.view.show_records(
            RecordsView(
                rows=tuple(self._row(record) for record in page),
                range_text=self.tr("{first}–{last} dari {all} rekaman").format(
                    first=question.offset + 1, last=last, all=len(fitting)
                )
                if page
                else "",
                chosen=self._chosen,
                has_previous=question.offset > 0,
                has_next=last < len(fitting),
            )
        )
        self._show_detail()
        self._show_actions()

    def _row(self, record: Record) -> RecordRow:
        zone = self.shell.desk.settings.zone_info
        first = record.history[0].at.astimezone(zone) if record.history else None
        return RecordRow(
            key=record.record_id,
            name=record.person_name,
            nik=record.nik,
            recorded=short_moment(first) if first else "",
            state=self._glyph(record),
            state_text=status_word(record.official_status),
            next_act=_first_sentence(task_word(record.official_status, self._facts(record))),
        )

    def _glyph(self, record: Record) -> State:
        if record.known_status in _NEEDS_PEOPLE or record.flagged:
            return State.LOOK
        if record.held(Hold.AGE_17) and record.known_status is Status.PRINT_READY_RECORD:
            return State.EXEMPT
        if record.known_status in _WAITS:
            return State.NOW
        return State.DONE

    def _facts(self, record: Record) -> Circumstances:
        entry = self.shell.desk.population.directory.by_nik(record.nik)
        master = self.shell.desk.population.master
        until = next((n.until for n in record.holds if n.hold is Hold.AGE_17), None)
        area = first_area(record.reason)
        area = area if master.regions.get(area) else ""
        return Circumstances(
            recording_no=record.recording_no,
            age_hold=record.held(Hold.AGE_17),
            print_from=until,
            first_area=master.regions.full_name(area) if area else "",
            station_area=master.regions.full_name(self.shell.desk.settings.area[:5]),
            ticket=entry.ticket if entry else "",
        )

    def _show_detail(self) -> None:
        record = self._record()
        if record is None:
            self.view.show_detail(None)
            return
        facts = self._facts(record)
        status: AnyStatus = record.official_status
        alarm = overdue(record, self.shell.desk.clock.now())
        task = task_word(status, facts)
        if status is Status.DUPLICATE_RECORD and facts.first_area:
            task = self.tr("Rekaman pertama: {area}. {task}").format(
                area=facts.first_area, task=task
            )
        if alarm is not None:
            task = self.tr("Sudah terlalu lama di tahap ini. {task}").format(
                task=self._late_task(record.known_status, task)
            )
        two = record.known_status is Status.REQUEST_VALIDATION
        self.view.show_detail(
            RecordDetail(
                name=record.person_name,
                nik=record.nik,
                code=short_code_of(record.packet_id) if record.packet_id else "",
                timeline=self._timeline(record),
                task_head=self.tr("Tugas untuk dua petugas") if two else self.tr("Tugas"),
                task=task,
                say=applicant_text(status, facts),
            )
        )

    def _late_task(self, status: Status, task: str) -> str:
        """Return what to do about a stage that takes too long; waiting on is no answer."""
        if status in {Status.BIO_CAPTURED, Status.PROCESSING}:
            return self.tr("Lihat halaman Pengiriman: paketnya belum sampai.")
        if status in _WAITS:
            return self.tr("Tanyakan ke pusat; jangan merekam ulang.")
        return task

    def _timeline(self, record: Record) -> tuple[TimelineRow, ...]:
        zone = self.shell.desk.settings.zone_info
        lines = [line for line in record.history if not line.flag]
        rows = [
            TimelineRow(
                status_word(line.status), State.DONE, short_moment(line.at.astimezone(zone))
            )
            for line in lines
        ][-6:]
        if rows and record.known_status is not Status.CARD_ISSUED:
            rows[-1] = replace(rows[-1], state=self._glyph(record))
        passed = {line.status for line in lines}
        ahead = [status for status in _AHEAD if status not in passed]
        if record.known_status in {Status.CARD_ISSUED, Status.DUPLICATE_RECORD}:
            ahead = []
        rows += [TimelineRow(status_word(status), State.TO_COME) for status in ahead]
        return tuple(rows)

    def _record(self) -> Record | None:
        return next((r for r in self._records if r.record_id == self._chosen), None)

    def _print_letter(self) -> None:
        record = self._record()
        if record is None:
            return
        desk = self.shell.desk
        today = desk.clock.now().astimezone(desk.settings.zone_info).date()
        document = QTextDocument()
        document.setPlainText(
            "\n\n".join(
                (
                    desk.settings.office,
                    long_date(today),
                    record.person_name,
                    applicant_text(record.official_status, self._facts(record)),
                    self.tr("Layanan ini GRATIS."),
                )
            )
        )
        if print_document(document):
            self.shell.say(MessageView("good", self.tr("Surat dicetak.")), for_ms=5000)
            return
        path = desk.store.folder.parent / "surat" / f"surat-{record.record_id[:8]}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        save_pdf(document, path)
        self.shell.say(
            MessageView(
                "good",
                self.tr("Tidak ada printer; surat disimpan sebagai PDF."),
                str(path),
                self.tr("Tutup"),
                "close",
            )
        )

    def _show_actions(self) -> None:
        record = self._record()
        primary = None
        if record is not None and record.known_status is Status.CARD_PRINTED:
            primary = Action("counter", self.tr("Ke loket kartu"), "Enter")
        left = [self.back_action()]
        if record is not None:
            left.append(Action("letter", self.tr("Cetak surat"), "F7", "printer"))
        left.append(self.help_action())
        self.shell.window.set_actions(Actions(primary, tuple(left)))


def _first_sentence(text: str) -> str:
    return text.partition(".")[0]
