"""Step Selesai: what the person takes home, and the next person."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths

from station.audit.chain import Action as AuditAction
from ui.pages.done import DonePage, DoneView
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.review_step import ReviewStep
from ui.presenters.shell import Shell
from ui.presenters.step import StepPresenter
from ui.presenters.words import (
    grouped_nik,
    long_date,
    megabytes,
    receipt_code,
    short_code_of,
)
from ui.receipt import ReceiptFacts, print_document, render_receipt, save_pdf
from ui.widgets.action_bar import Action, Actions
from ui.widgets.message_bar import MessageView


class DoneStep(StepPresenter):
    """Shows the receipt and waits for the next person."""

    def __init__(
        self, shell: Shell, enrolment: EnrolmentPresenter, review: ReviewStep, folder: Path | None
    ) -> None:
        self.page_view = DonePage(shell.window.theme)
        super().__init__(shell, enrolment, self.page_view)
        self._review = review
        self._folder = folder
        self._view: DoneView | None = None

    def enter(self) -> None:
        """Show the check, the code and what comes next."""
        sealed = self._review.sealed
        if sealed is None or sealed.packet.id != self.session.state.id:  # of somebody else
            self.enrolment.close()
            return
        person = self.enrolment.person
        code = short_code_of(sealed.packet.id)
        hold = self.session.state.started.print_from
        lines = (
            self.tr("Paket dikirim sendiri begitu jaringan ada."),
            self.tr("Pusat mencocokkan data; biasanya beberapa hari."),
            self.tr("Kartu dicetak mulai {date}.").format(date=long_date(hold))
            if hold and self.session.state.started.hold
            else self.tr("Kabar kartu: sebutkan kode ini di loket."),
        )
        entry = self.shell.desk.population.directory.by_nik(person.nik)
        self._view = DoneView(
            name=person.printed_name,
            nik=grouped_nik(person.nik),
            code=code,
            qr=receipt_code(sealed.packet.id),
            saved=self.tr("Tersimpan dan disegel"),
            next_lines=lines,
            packet_line=self.tr("Paket {size}, sidik {hash}").format(
                size=megabytes(sealed.packet.size), hash=sealed.packet.sha256[:12]
            ),
            ticket=entry.ticket if entry else "",
        )
        self.page_view.show_done(self._view)
        self.enrolment.show_rail()
        self.shell.window.set_actions(
            Actions(
                Action("next", self.tr("Orang berikutnya"), "Enter"),
                (
                    Action("print", self.tr("Cetak tanda terima"), "F7", "printer"),
                    Action("pdf", self.tr("Simpan PDF"), "F8", "document"),
                    self.help_action(),
                ),
            )
        )

    def act(self, action: str) -> None:
        """Print, save, or take the next person."""
        if action == "next":
            self.enrolment.close()
        elif action in {"print", "pdf"} and self._view is not None:
            self._give_receipt(self._view, to_printer=action == "print")

    def _give_receipt(self, view: DoneView, *, to_printer: bool) -> None:
        desk = self.shell.desk
        at = desk.clock.now().astimezone(desk.settings.zone_info)
        name = self.tr("Meja {desk}").format(desk=desk.settings.desk)
        document = render_receipt(view, ReceiptFacts(desk.settings.office, name, desk.operator, at))
        if to_printer and print_document(document):
            text, where = self.tr("Tanda terima dicetak."), ""
        else:
            path = self._receipts() / f"tanda-terima-{view.code}.pdf"
            save_pdf(document, path)
            text, where = self.tr("Tanda terima disimpan sebagai PDF."), str(path)
            if to_printer:
                text = self.tr("Tidak ada printer; disimpan sebagai PDF.")
        self.shell.note(AuditAction.PRINT, what="receipt")
        self.shell.say(MessageView("good", text, where, self.tr("Tutup"), "close"))

    def _receipts(self) -> Path:
        folder = self._folder or Path(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        )
        folder.mkdir(parents=True, exist_ok=True)
        return folder
