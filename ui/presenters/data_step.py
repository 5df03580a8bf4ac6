"""Step Data: what SIAK says, read-only; the applicant confirms it or is sent to the SIAK desk."""

from PySide6.QtCore import QCoreApplication

from station.capture.enrolment import Enrolment
from station.guidance import Guidance
from station.person.bundle import MasterData
from station.person.codes import Citizenship
from station.person.person import Person
from ui.icons import State
from ui.pages.data import DataPage, DataRow, DataView
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.shell import Shell
from ui.presenters.step import StepPresenter
from ui.presenters.words import grouped_nik, long_date
from ui.widgets.action_bar import Action, Actions
from ui.widgets.coach import CheckView, CoachView
from ui.widgets.message_bar import MessageView

translate = QCoreApplication.translate


def backdrop_words(backdrop: str) -> tuple[str, str]:
    """Return what the photo's background is called, and why it has that colour."""
    return {
        "red": (translate("words", "Latar merah"), translate("words", "tahun lahir ganjil")),
        "blue": (translate("words", "Latar biru"), translate("words", "tahun lahir genap")),
        "orange": (translate("words", "Latar oranye"), translate("words", "warga negara asing")),
    }.get(backdrop, (translate("words", "Latar bebas"), ""))


def data_view(person: Person, state: Enrolment, master: MasterData) -> DataView:
    """Return the register's data in the order of the card."""
    today = state.started.at.date()
    codes = master.codes
    address = person.address
    rows = (
        (
            translate("words", "Tempat/tgl lahir"),
            f"{person.birthplace}, {person.birth_date:%d-%m-%Y}",
        ),
        (translate("words", "Jenis kelamin"), codes.label("sex", int(person.sex), today)),
        (translate("words", "Gol. darah"), codes.label("blood_group", person.blood_group, today)),
        (translate("words", "Alamat"), address.street),
        (translate("words", "RT / RW"), address.rt_rw),
        (translate("words", "Kel/Desa"), address.village),
        (translate("words", "Kecamatan"), address.district),
        (translate("words", "Agama"), codes.label("religion", person.religion, today)),
        (
            translate("words", "Status kawin"),
            codes.label("marital_status", int(person.marital_status), today),
        ),
        (translate("words", "Pekerjaan"), codes.label("occupation", person.occupation, today)),
        (translate("words", "Warga negara"), Citizenship(person.citizenship).name),
    )
    hold = state.started.print_from if state.started.hold else None
    card = (
        translate("words", "Usia 16: direkam sekarang, kartu dicetak mulai {date}").format(
            date=long_date(hold)
        )
        if hold
        else translate("words", "Kartu bisa langsung dicetak")
    )
    return DataView(
        name=person.printed_name,
        nik=grouped_nik(person.nik),
        rows=tuple(DataRow(label, value) for label, value in rows),
        notes=(),
        backdrop=state.started.backdrop,
        backdrop_text=" · ".join(part for part in backdrop_words(state.started.backdrop) if part),
        card_text=card,
    )


class DataStep(StepPresenter):
    """Shows the data and asks for one confirmation."""

    def __init__(self, shell: Shell, enrolment: EnrolmentPresenter) -> None:
        self.view = DataPage(shell.window.theme)
        super().__init__(shell, enrolment, self.view)

    def enter(self) -> None:
        """Show the data."""
        state = self.session.state
        self.view.show_data(
            data_view(self.enrolment.person, state, self.shell.desk.population.master)
        )
        self.shell.window.set_coach(
            CoachView(
                instruction=self.tr("Bacakan datanya"),
                pictogram=Guidance.READY,
                checks=(
                    CheckView(self.tr("Nama dan NIK"), State.NOW),
                    CheckView(self.tr("Tempat dan tanggal lahir"), State.NOW),
                    CheckView(self.tr("Alamat"), State.NOW),
                    CheckView(self.tr("Kacamata dan lensa dilepas"), State.NOW),
                ),
            )
        )
        self.shell.window.set_actions(
            Actions(
                Action("confirm", self.tr("Data benar"), "Enter"),
                (
                    self.back_action(),
                    Action("wrong", self.tr("Ada yang salah"), "F8", "warning"),
                    self.help_action(),
                ),
            )
        )

    def act(self, action: str) -> None:
        """Confirm, go back, or send to the SIAK desk."""
        if action == "confirm":
            self.busy_run("enrolment", self.session.confirm_data, self._confirmed)
        elif action == "back":
            self.enrolment.back()
        elif action == "wrong":
            self.shell.say(
                MessageView(
                    "attention",
                    self.tr("Data diperbaiki di loket SIAK dulu."),
                    self.tr("Rekaman ini ditutup; pemohon kembali setelah datanya benar."),
                    self.tr("Tutup rekaman"),
                    "abandon",
                )
            )

    def message_pressed(self, key: str) -> None:
        """End the enrolment when the data are wrong."""
        if key == "abandon":
            self.busy_run("enrolment", lambda: self.session.abandon("DATA_FIX"), self._abandoned)

    def _confirmed(self, _state: object) -> None:
        self.enrolment.advance()

    def _abandoned(self, _nothing: object) -> None:
        self.enrolment.close()
