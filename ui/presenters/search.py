"""Cari: from whatever was typed to one sentence, and from there to the enrolment."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from station.audit.chain import Action as AuditAction
from station.capture import events as ev
from station.capture.session import EnrolmentSession
from station.errors import CaptureRefused, StoreCorrupt
from station.ids import uuid7
from station.lifecycle.status import Status, read_status
from station.lifecycle.words import Circumstances
from station.operators.account import Right
from station.person import eligibility
from station.person.directory import DirectoryEntry
from station.person.eligibility import Eligibility, EligibilityCode
from station.person.nik import Finding, FindingKind, NikReading, is_nik_shaped, parse
from station.person.person import Person, to_json
from station.store.store import Store
from ui.icons import State
from ui.pages.search import AnswerView, PersonCard, QueueView, SearchPage
from ui.presenters.data_step import backdrop_words
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.presenter import Presenter
from ui.presenters.shell import Shell
from ui.presenters.status_words import status_word, task_word
from ui.presenters.words import clock_time, grouped_nik, long_date, month_word
from ui.widgets.action_bar import Action, Actions
from ui.widgets.backdrop import backdrop_colour
from ui.widgets.facts import FactView
from ui.widgets.nik_field import GroupMeaning, QueryView
from ui.widgets.rows import RowView

_SHOWN = 7


@dataclass(frozen=True, slots=True)
class _Found:
    entry: DirectoryEntry
    person: Person | None
    eligibility: Eligibility | None
    draft_id: str  # an unfinished enrolment of this person on this desk
    recorded_here: str  # status of a finished one


def unfinished_drafts(store: Store) -> dict[str, str]:
    """Return the NIK and the draft of each enrolment that can be gone on with, oldest first."""
    found: dict[str, str] = {}
    for draft_id in store.drafts.ids():
        try:
            events = store.drafts.get(draft_id).events()
        except StoreCorrupt:
            continue  # told at the start; one damaged draft must not close the desk to everybody
        if not events or isinstance(events[-1], (ev.Sealed, ev.Abandoned)):
            continue  # closed; what is left of it goes at the next start
        first = events[0]
        if isinstance(first, ev.Started):
            found.setdefault(str(json.loads(first.person_json)["nik"]), draft_id)
    return found


class SearchPresenter(Presenter):
    """Answers while the NIK grows; Enter starts."""

    def __init__(self, shell: Shell, enrolment: EnrolmentPresenter) -> None:
        self.view = SearchPage(shell.window.theme)
        super().__init__(shell, self.view)
        self._enrolment = enrolment
        self._found: _Found | None = None
        self._query = ""
        self.view.query_changed.connect(self._query_changed)
        self.view.person_chosen.connect(self._choose)
        self.view.queue_person_requested.connect(self._choose)
        self.view.all_queue_requested.connect(self._show_all)
        self._all = False

    def enter(self) -> None:
        """Start afresh with the next person."""
        self._found, self._query = None, ""
        self.view.clear()
        self.shell.show_idle_rail("search")
        self._ask_queue()
        self._show_actions()

    def offer_unfinished(self) -> None:
        """Show whose enrolment a power cut interrupted; Enter goes on where it stopped."""
        self.shell.tasks.run("lookup", self._unfinished, self._offer, self.failed)

    def _unfinished(self) -> str:
        return next(reversed(unfinished_drafts(self.shell.desk.store)), "")

    def _offer(self, nik: str) -> None:
        if nik and not self._query and self.shell.current is self:
            self._choose(nik)
            self.view.field.selectAll()  # typing another NIK replaces it

    def act(self, action: str) -> None:
        """Start, resume, or empty the field."""
        if action == "start":
            self._start()
        elif action == "clear":
            self.enter()
            self.shell.window.show_page(self.view)

    # -- asking ----------------------------------------------------------------------------------

    def _query_changed(self, text: str) -> None:
        self._query = text
        self._found = None
        self.shell.touch()
        self.shell.clear_message()
        if text.isdigit():
            self._show_reading(text)
        else:
            self.view.show_query(QueryView())
        self._show_actions()
        if is_nik_shaped(text) or (not text.isdigit() and len(text) >= 2):
            self.shell.tasks.run(
                "lookup", lambda: self._look_up(text), self._show_found, self.failed
            )
        else:
            self.view.show_nothing()

    def _choose(self, nik: str) -> None:
        self.view.show_text(nik)
        self._query_changed(nik)

    def _look_up(self, text: str) -> tuple[str, tuple[_Found, ...]]:
        desk = self.shell.desk
        entries = desk.population.directory.search(text)
        unfinished = unfinished_drafts(desk.store)
        return text, tuple(self._judge(entry, unfinished) for entry in entries)

    def _judge(self, entry: DirectoryEntry, unfinished: Mapping[str, str]) -> _Found:
        desk = self.shell.desk
        person = desk.population.record_of(entry.nik)
        records = desk.store.records.of_nik(entry.nik)
        here = str(records[-1].official_status) if records else ""
        status = here or entry.status
        answer = None
        if person is not None:
            answer = eligibility.judge(person, status, desk.clock.now(), desk.settings.zone_info)
        return _Found(entry, person, answer, unfinished.get(entry.nik, ""), here)

    def _show_found(self, answer: tuple[str, tuple[_Found, ...]]) -> None:
        text, found = answer
        if text != self._query or self.shell.current is not self:
            return  # an older question's answer
        if len(found) == 1:
            self._show_one(found[0])
        elif found:
            self.view.show_matches(
                self.tr("{n} orang ditemukan").format(n=len(found)),
                tuple(self._match_row(item) for item in found[:_SHOWN]),
            )
        else:
            self._show_unknown(text)

    # -- answering -------------------------------------------------------------------------------

    def _show_one(self, found: _Found) -> None:
        self._found = found
        self.shell.note(AuditAction.VIEW, nik=found.entry.nik)
        self.view.show_answer(self._answer(found))
        self.view.show_person(self._card(found))
        self._show_actions()

    def _answer(self, found: _Found) -> AnswerView:
        now = self.shell.desk.clock.now().astimezone(self.shell.desk.settings.zone_info)
        source = self.tr("Data setempat, pukul {time}").format(time=clock_time(now))
        if found.draft_id:
            return AnswerView(
                "good",
                self.tr("Perekaman belum selesai"),
                self.tr("Lanjutkan dari tempat terakhir; semua hasil masih tersimpan."),
                source,
            )
        answer = found.eligibility
        if answer is None:
            return AnswerView(
                "attention",
                self.tr("Data lengkapnya belum ada di meja ini"),
                self.tr("Sambungkan jaringan atau muat data wilayah, lalu cari lagi."),
                source,
            )
        if answer.code is EligibilityCode.STATUS:
            return self._status_answer(found, source)
        sentences = {
            EligibilityCode.ELIGIBLE: (
                "good",
                self.tr("Boleh direkam"),
                self.tr("Belum pernah direkam di mana pun, dan sudah cukup umur."),
            ),
            EligibilityCode.ELIGIBLE_PRINT_LATER: (
                "good",
                self.tr("Boleh direkam, usia {age}").format(age=answer.age),
                self.tr("Kartu dicetak mulai {date}.").format(date=long_date(answer.print_from)),
            ),
            EligibilityCode.TOO_YOUNG: (
                "stop",
                self.tr("Belum cukup umur"),
                self.tr("Boleh direkam mulai {date}.").format(date=long_date(answer.record_from)),
            ),
            EligibilityCode.NO_ITAP: (
                "stop",
                self.tr("Izin tinggal tetap belum tercatat"),
                self.tr("Minta pemohon membawa ITAP ke loket SIAK dulu."),
            ),
            EligibilityCode.ITAP_EXPIRED: (
                "stop",
                self.tr("Izin tinggal tetap sudah habis"),
                self.tr("Perpanjang ITAP dulu, lalu datang lagi."),
            ),
        }
        kind, sentence, detail = sentences[answer.code]
        return AnswerView(kind, sentence, detail, source)

    def _status_answer(self, found: _Found, source: str) -> AnswerView:
        status = read_status(found.recorded_here or found.entry.status)
        regions = self.shell.desk.population.master.regions
        area = found.entry.first_area
        where = regions.name(area) if area and regions.get(area) else ""
        kind = "stop" if status is Status.DUPLICATE_RECORD else "attention"
        sentence = (
            self.tr("Sudah direkam di {area}").format(area=where)
            if where
            else self.tr("Sudah direkam: {status}").format(status=status_word(status).lower())
        )
        return AnswerView(
            kind, sentence, task_word(status, Circumstances(first_area=where)), source
        )

    def _card(self, found: _Found) -> PersonCard:
        entry, person, answer = found.entry, found.person, found.eligibility
        sexes = {1: self.tr("Laki-laki"), 2: self.tr("Perempuan")}
        if person is None or answer is None:
            return PersonCard(entry.name, long_date(entry.birth_date))
        line = self.tr("{sex}, {age} tahun · lahir di {place}, {date}").format(
            sex=sexes[int(person.sex)],
            age=answer.age,
            place=person.birthplace.title(),
            date=long_date(person.birth_date),
        )
        colour, why = backdrop_words(answer.backdrop.value)
        address = person.address
        card = FactView(
            "card",
            self.tr("Kartu"),
            self.tr("Dicetak mulai {date}").format(date=long_date(answer.print_from))
            if answer.hold
            else self.tr("Bisa langsung dicetak"),
        )
        facts = (
            # Nothing is promised to a person who may not be recorded.
            *((card,) if answer.may_record else ()),
            FactView(
                "camera",
                self.tr("Latar foto"),
                f"{colour}, {why}",
                backdrop_colour(answer.backdrop.value),
            ),
            FactView("people", self.tr("Kartu keluarga"), grouped_nik(person.kk_number)),
            FactView(
                "home",
                self.tr("Alamat"),
                f"{address.village.title()}, RT {address.rt} RW {address.rw}",
            ),
        )
        return PersonCard(person.printed_name, line, facts)

    def _show_unknown(self, text: str) -> None:
        if is_nik_shaped(text):
            reading = self._reading(text)
            errors = [found for found in reading.findings if found.kind is FindingKind.ERROR]
            if errors:
                self.view.show_answer(
                    AnswerView("stop", self.tr("NIK ini tidak mungkin"), self._finding(errors[0]))
                )
            else:
                self.view.show_answer(
                    AnswerView(
                        "attention",
                        self.tr("Belum bisa dipastikan"),
                        self.tr(
                            "NIK tidak ada di data setempat. Cocokkan dengan KK, atau tanya pusat."
                        ),
                    )
                )
        else:
            self.view.show_answer(
                AnswerView(
                    "attention",
                    self.tr("Tidak ditemukan"),
                    self.tr("Periksa ejaannya, atau ketik NIK 16 angka."),
                )
            )
        self.view.show_person(None)

    def _show_reading(self, digits: str) -> None:
        if len(digits) < 6:
            self.view.show_query(QueryView())
            return
        reading = self._reading(digits.ljust(16, "0")[:16])
        regions = self.shell.desk.population.master.regions
        district = regions.name(reading.district) if regions.get(reading.district) else ""
        area = GroupMeaning(
            district or self.tr("Wilayah belum dikenal"),
            regions.name(reading.regency) if regions.get(reading.regency) else "",
        )
        meanings = [area]
        if len(digits) >= 12:
            desk = self.shell.desk
            today = desk.clock.now().astimezone(desk.settings.zone_info).date()
            # Two centuries fit many NIKs: a birth of more than a hundred years ago is the unlikely one.
            likely = [d for d in reading.birth_dates if today.year - d.year <= 100]
            born = " / ".join(long_date(day) for day in likely or reading.birth_dates)
            sexes = {1: self.tr("Laki-laki"), 2: self.tr("Perempuan")}
            sex = sexes.get(int(reading.sex)) if reading.sex else None
            note = self.tr("lahir {date}").format(date=born) if born else ""
            meanings.append(GroupMeaning(sex or self.tr("Tanggal tidak mungkin"), note))
        if len(digits) == 16:
            meanings.append(
                GroupMeaning(
                    self.tr("Urutan ke-{n}").format(n=reading.serial), self.tr("nomor dari SIAK")
                )
            )
        badge, state = "", State.DONE
        if len(digits) == 16:
            errors = [found for found in reading.findings if found.kind is FindingKind.ERROR]
            badge = self.tr("periksa lagi") if errors else self.tr("16 angka")
            state = State.LOOK if errors else State.DONE
        elif len(digits) > 16:
            badge, state = self.tr("terlalu panjang"), State.LOOK
        self.view.show_query(QueryView(tuple(meanings), badge, state))

    def _reading(self, digits: str) -> NikReading:
        desk = self.shell.desk
        today = desk.clock.now().astimezone(desk.settings.zone_info).date()
        return parse(digits, today, desk.population.master.regions)

    def _finding(self, finding: Finding) -> str:
        words = {
            "FORMAT": self.tr("NIK harus tepat 16 angka."),
            "SEQ": self.tr("Nomor urut 0000 tidak pernah diberikan."),
            "DATE": self.tr("Tanggal lahir di dalamnya tidak mungkin."),
            "PROVINCE": self.tr("Kode provinsi tidak dikenal (data wilayah {version}).").format(
                version=self.shell.desk.population.master.version
            ),
        }
        return words.get(finding.code.value, finding.code.value)

    # -- starting --------------------------------------------------------------------------------

    def _may_start(self) -> bool:
        found = self._found
        if found is None:
            return False
        return bool(found.draft_id) or (
            found.eligibility is not None and found.eligibility.may_record
        )

    def _start(self) -> None:
        found = self._found
        if found is None or not self._may_start():
            return
        if not self.shell.may(Right.RECORD):
            self.shell.refuse_role()
            return
        self.busy_run("enrolment", lambda: self._open(found), self._opened)

    def _open(self, found: _Found) -> EnrolmentSession:
        desk = self.shell.desk
        if found.draft_id:
            draft = desk.store.drafts.get(found.draft_id)
        else:
            person, answer = found.person, found.eligibility
            if person is None or answer is None:
                raise CaptureRefused(reason="NOT_ELIGIBLE")
            now = desk.clock.now()
            earlier = desk.store.records.of_nik(person.nik)
            draft = desk.store.new_draft(
                ev.Started(
                    enrolment_id=str(uuid7(desk.clock)),
                    person_json=to_json(person).decode(),
                    recording_no=(earlier[-1].recording_no if earlier else 0) + 1,
                    hold=answer.hold,
                    print_from=answer.print_from if answer.hold else None,
                    backdrop=answer.backdrop.value,
                    operator=desk.operator,
                    desk=desk.settings.desk,
                    at=now.astimezone(dt.UTC),
                )
            )
            desk.audit.append(AuditAction.ENROLMENT_STARTED, desk.operator, nik=person.nik)
        return EnrolmentSession(
            draft, desk.plan, desk.engine, desk.clock, desk.operator, desk.staff
        )

    def _opened(self, session: EnrolmentSession) -> None:
        self._enrolment.open(session)

    # -- queue and actions -----------------------------------------------------------------------

    def _show_all(self) -> None:
        self._all = not self._all
        self._ask_queue()

    def _ask_queue(self) -> None:
        records = self.shell.desk.store.records
        self.shell.tasks.run(
            "lookup",
            lambda: frozenset(record.nik for record in records.search(limit=5000)),
            self._show_queue,
            self.failed,
        )

    def _show_queue(self, done: frozenset[str]) -> None:
        desk = self.shell.desk
        queue = desk.population.queue
        today = desk.clock.now().astimezone(desk.settings.zone_info).date()
        waiting = [entry for entry in queue if entry.nik not in done]
        recent = [entry for entry in queue if entry.nik in done][-1:]
        shown = queue if self._all else (*recent, *waiting)[:_SHOWN]
        first = waiting[0].nik if waiting else ""
        words = {True: self.tr("Selesai"), False: self.tr("Menunggu")}
        rows = tuple(
            RowView(
                entry.nik,
                entry.name,
                f"{entry.ticket} · {words[entry.nik in done]}",
                clock_time(entry.time),
                State.DONE if entry.nik in done else State.TO_COME,
                current=entry.nik == first,
            )
            for entry in shown
        )
        finished = len(queue) - len(waiting)
        self.view.show_queue(
            QueueView(
                date=f"{today.day} {month_word(today.month)[:3]} {today.year}",
                counts=(
                    (str(len(waiting)), self.tr("menunggu")),
                    (str(finished), self.tr("selesai")),
                ),
                rows=rows,
                all_text=self.tr("Lihat semua {n} orang").format(n=len(queue))
                if len(queue) > len(rows)
                else "",
            )
        )

    def _match_row(self, found: _Found) -> RowView:
        may = found.eligibility is not None and found.eligibility.may_record
        return RowView(
            found.entry.nik,
            found.entry.name,
            f"{grouped_nik(found.entry.nik)} · {long_date(found.entry.birth_date)}",
            found.entry.ticket,
            State.TO_COME if may else State.LOOK,
        )

    def _show_actions(self) -> None:
        resuming = self._found is not None and bool(self._found.draft_id)
        text = self.tr("Lanjutkan rekam") if resuming else self.tr("Mulai rekam")
        self.shell.window.set_actions(
            Actions(
                Action("start", text, "Enter", enabled=self._may_start()),
                (
                    Action("clear", self.tr("Kosongkan"), "Esc", "cross"),
                    self.help_action(),
                    Action("supervisor", self.tr("Panggil pengawas"), "F3", "speech"),
                ),
            )
        )
