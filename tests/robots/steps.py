"""The capture steps and the counter as an operator meets them: empty, a normal person, the worst case."""

from station.guidance import Guidance
from tests.robots import people, views
from tests.robots.desk import desk
from ui.icons import State
from ui.pages.counter import (
    CardPlace,
    CounterPage,
    CounterPerson,
    CounterView,
    FingerPlace,
    HandoverPlace,
    PlaceRow,
    RefusedView,
)
from ui.pages.data import DataPage, DataRow, DataView
from ui.pages.done import DonePage, DoneView
from ui.pages.fingers import FingerMark, FingersPage, FingersView
from ui.pages.iris import EyeMark, IrisPage, IrisView
from ui.pages.photo import PhotoPage
from ui.pages.review import (
    ReviewEye,
    ReviewFinger,
    ReviewPage,
    ReviewView,
    VerdictRow,
    VerdictView,
)
from ui.pages.signature import SignaturePage
from ui.presenters.pictures import pixmap
from ui.widgets.action_bar import Action, Actions
from ui.widgets.attempts import AttemptView
from ui.widgets.coach import CheckView, CoachView
from ui.widgets.exemption import ExemptionChoice, ExemptionView
from ui.widgets.header import PersonView
from ui.widgets.meter import MeterView
from ui.widgets.rail import RailFoot, RailItem, RailView

S = State
STEPS = ("Data", "Foto", "Tanda tangan", "Jari", "Iris", "Tinjau", "Selesai")
LONG = "RADEN AJENG MARIA GORETTI SINTA DEWI KUSUMANINGRUM PUTRI ABADI"[:60]
ORDER = (
    "RIGHT_THUMB", "RIGHT_INDEX", "RIGHT_MIDDLE", "RIGHT_RING", "RIGHT_LITTLE",
    "LEFT_THUMB", "LEFT_INDEX", "LEFT_MIDDLE", "LEFT_RING", "LEFT_LITTLE",
)  # fmt: skip
ANATOMICAL = (
    "LEFT_LITTLE", "LEFT_RING", "LEFT_MIDDLE", "LEFT_INDEX", "LEFT_THUMB",
    "RIGHT_THUMB", "RIGHT_INDEX", "RIGHT_MIDDLE", "RIGHT_RING", "RIGHT_LITTLE",
)  # fmt: skip
EXEMPTION = ExemptionView(
    "Kecualikan: jari manis kiri",
    (
        ExemptionChoice("missing_permanent", "Tidak ada (tetap)"),
        ExemptionChoice("not_possible", "Tidak bisa (kondisi tetap)", needs_second=True),
        ExemptionChoice("temporary", "Sementara (perban, luka)", needs_date=True),
        ExemptionChoice("unreadable", "Tidak terbaca alat", needs_second=True),
        ExemptionChoice("refused", "Pemohon menolak", needs_second=True, needs_date=True),
    ),
    ("amputasi atau bawaan lahir", "perban atau luka", "aus karena pekerjaan"),
    "2026-12-10",
)
REFUSED = ExemptionView(
    EXEMPTION.title, EXEMPTION.choices, EXEMPTION.reasons, EXEMPTION.return_on,
    "PIN tidak cocok. Periksa dan ketik lagi. Sisa percobaan: 2.",
)  # fmt: skip


def rail(current):
    items = tuple(
        RailItem(
            f"step:{n}",
            text,
            state=S.DONE if n < current else S.NOW if n == current else S.TO_COME,
            current=n == current,
        )
        for n, text in enumerate(STEPS)
    )
    return RailView(items, RailFoot("Waktu pemohon ini", "1:21", "dari 3:00", fraction=0.45))


def bar(primary, *left):
    back = Action("back", "Kembali", "Esc", "left")
    return Actions(
        Action("go", primary, "Enter"), (back, *left, Action("help", "Bantuan", "F1", "help"))
    )


EXEMPT = Action("exempt", "Kecualikan", "F2", "minus")


def data_view(worst=False):
    street = (
        "JALAN PANGERAN DIPONEGORO GANG MAWAR MERAH NOMOR 14 A BLOK C KOMPLEKS GRIYA ASRI"
        if worst
        else "JL. GUSTI HAMZAH NO. 14"
    )
    rows = (
        ("Tempat/tgl lahir", "SAMBAS, 12-03-2009"), ("Jenis kelamin", "PEREMPUAN"),
        ("Gol. darah", "O"), ("Alamat", street), ("RT / RW", "004 / 002"),
        ("Kel/Desa", "DALAM KAUM"), ("Kecamatan", "SAMBAS"), ("Agama", "ISLAM"),
        ("Status kawin", "BELUM KAWIN"),
        ("Pekerjaan", "KARYAWAN BADAN USAHA MILIK DAERAH" if worst else "PELAJAR/MAHASISWA"),
        ("Warga negara", "WNI"),
    )  # fmt: skip
    return DataView(
        LONG if worst else "NUR AINI SAFITRI",
        "610101 520309 0003",
        tuple(DataRow(*row) for row in rows),
        ("Tanggal lahir di kartu keluarga berbeda. Tanyakan kepada pemohon.",) if worst else (),
        "red",
        "Latar merah · tahun lahir ganjil",
        "Usia 16: direkam sekarang, kartu dicetak mulai 12 Maret 2026"
        if worst
        else "Kartu bisa langsung dicetak",
    )


def _data(window, worst):
    page = DataPage(window.theme)
    page.show_data(data_view(worst))
    checks = ("Nama dan NIK", "Tempat dan tanggal lahir", "Alamat", "Kacamata dan lensa dilepas")
    window.set_coach(
        CoachView(
            "Minta pemohon memeriksa datanya",
            Guidance.READY,
            checks=tuple(CheckView(text, S.NOW) for text in checks),
        )
    )
    window.set_actions(bar("Data benar", Action("wrong", "Ada yang salah", "F8", "warning")))
    window.set_rail(rail(0))
    return page


def _photo_coach(window):
    window.set_coach(
        CoachView(
            "Dekatkan wajah sedikit",
            Guidance.COME_CLOSER,
            MeterView("Besar wajah di bingkai", "62 %", 0.62, 0.7, "70–80 %", band=(0.7, 0.8)),
            (
                CheckView("Satu wajah", S.DONE),
                CheckView("Kurang dekat", S.LOOK, "kira-kira 15 cm"),
                CheckView("Wajah lurus", S.DONE),
                CheckView("Cahaya dan latar", S.DONE),
                CheckView("Mata terbuka, tajam", S.DONE),
            ),
            (
                AttemptView("terpejam", pixmap(people.portrait())),
                AttemptView("terbaik", pixmap(people.portrait()), best=True),
                AttemptView("kosong"),
            ),
            "Percobaan",
        )
    )


def _photo(window, worst):
    page = PhotoPage(window.theme)
    page.show_backdrop("red", "Latar merah", "tahun lahir ganjil")
    page.show_frame(people.live(0.9 if worst else 1.0))
    page.show_hold(0.0 if worst else 0.6)
    _photo_coach(window)
    window.set_actions(bar("Ambil foto", EXEMPT))
    window.set_rail(rail(1))
    return page


def _photo_empty(window, _worst):
    page = PhotoPage(window.theme)
    page.show_backdrop("blue", "Latar biru", "tahun lahir genap")
    window.set_coach(CoachView("Minta pemohon duduk di depan kamera", Guidance.NO_FACE))
    window.set_actions(bar("Ambil foto", EXEMPT))
    window.set_rail(rail(1))
    return page


def _photo_still(window, _worst):
    page = PhotoPage(window.theme)
    page.show_still(people.portrait())
    _photo_coach(window)
    window.set_actions(bar("Pemohon setuju", Action("retake", "Ulangi", "F10", "refresh")))
    window.set_rail(rail(1))
    return page


def _signature(window, worst):
    page = SignaturePage(window.theme)
    page.begin(124_000, 46_000)
    page.set_screen_pen(worst)
    for point in people.points():
        page.add_point(point)
    window.set_coach(CoachView("Minta tanda tangan di papan", Guidance.SIGN_LONGER))
    window.set_actions(bar("Mulai dari awal", EXEMPT))
    window.set_rail(rail(2))
    return page


def _signature_drawn(window, _worst):
    page = SignaturePage(window.theme)
    page.begin(124_000, 46_000)
    page.show_drawn(people.signed())
    window.set_coach(CoachView("Tanda tangan tersimpan", Guidance.READY))
    window.set_actions(bar("Lanjut ke jari", Action("retake", "Ulangi", "F10", "refresh")))
    window.set_rail(rail(2))
    return page


def marks(worst=False):
    if worst:
        notes = ("amputasi atau bawaan lahir", "perban atau luka", "aus karena pekerjaan")
        return tuple(FingerMark(name, S.EXEMPT, None, notes[n % 3]) for n, name in enumerate(ORDER))
    states = {
        "RIGHT_THUMB": (S.TO_COME, None), "RIGHT_INDEX": (S.DONE, 86),
        "RIGHT_MIDDLE": (S.DONE, 91), "RIGHT_RING": (S.DONE, 78), "RIGHT_LITTLE": (S.LOOK, 44),
        "LEFT_THUMB": (S.TO_COME, None), "LEFT_INDEX": (S.DONE, 83), "LEFT_MIDDLE": (S.NOW, 57),
        "LEFT_LITTLE": (S.TO_COME, None),
    }  # fmt: skip
    return tuple(
        FingerMark(name, S.EXEMPT, None, "perban")
        if name == "LEFT_RING"
        else FingerMark(name, *states[name])
        for name in ORDER
    )


def _finger_coach(window):
    window.set_coach(
        CoachView(
            "Tekan sedikit lebih kuat",
            Guidance.PRESS_HARDER,
            MeterView("Mutu sidik jari", "54", 0.54, 0.6, "60"),
            (
                CheckView("Di tengah kaca", S.DONE),
                CheckView("Seluruh jari", S.DONE),
                CheckView("Tekanan kurang", S.LOOK),
                CheckView("Kulit cukup lembap", S.DONE),
                CheckView("Alur jelas", S.DONE),
            ),
            (
                AttemptView("41", pixmap(people.printed("LEFT_MIDDLE", 3))),
                AttemptView("57 terbaik", pixmap(people.printed("LEFT_MIDDLE")), best=True),
                AttemptView("kosong"),
            ),
            "Percobaan, yang terbaik disimpan",
        )
    )


def _fingers(window, worst):
    page = FingersPage(window.theme)
    page.show_hands(
        FingersView(
            marks(worst),
            None if worst else "LEFT_MIDDLE",
            "Semua jari selesai" if worst else "Jari tengah kiri",
            "dikecualikan" if worst else "sekarang, 1 dari 4 baik",
            "dikecualikan" if worst else "4 dari 5 baik",
            "0 dari 0 jari baik" if worst else "5 dari 9 jari baik",
            "" if worst else "3 lagi",
        )
    )
    if not worst:
        page.show_print(people.printed("LEFT_MIDDLE"))
        page.show_transfer(60, 100)
    _finger_coach(window)
    window.set_actions(bar("Ambil sekarang", Action("exempt", "Kecualikan jari", "F2", "minus")))
    window.set_rail(rail(3))
    return page


def _fingers_empty(window, _worst):
    page = FingersPage(window.theme)
    blank = tuple(FingerMark(name, S.TO_COME) for name in ORDER)
    page.show_hands(
        FingersView(
            blank, "RIGHT_THUMB", "Jempol kanan", "0 dari 5 baik", "0 dari 5 baik",
            "0 dari 10 jari baik", "",
        )
    )  # fmt: skip
    window.set_coach(CoachView("Tempelkan jempol kanan", Guidance.NO_SUBJECT))
    window.set_actions(bar("Ambil sekarang", Action("exempt", "Kecualikan jari", "F2", "minus")))
    window.set_rail(rail(3))
    return page


def _fingers_exempting(window, worst):
    page = _fingers(window, False)
    page.show_exemption(EXEMPTION)
    if worst:
        panel = page.exemption
        panel.choose("refused")
        page.show_exemption(REFUSED)
    return page


def _iris(window, worst):
    page = IrisPage(window.theme)
    page.show_eyes(
        IrisView(
            EyeMark(S.EXEMPT, None, "tunanetra") if worst else EyeMark(S.NOW),
            EyeMark(S.LOOK, 34) if worst else EyeMark(S.NOW),
            0.85 if worst else 0.45,
        )
    )
    page.show_preview(people.iris("LEFT", 0.4) if worst else people.both_eyes())
    window.set_coach(CoachView("Lihat ke tengah lensa", Guidance.LOOK_AT_CAMERA))
    window.set_actions(
        bar("Ambil sekarang", Action("exempt", "Kecualikan iris kanan", "F2", "minus"))
    )
    window.set_rail(rail(4))
    return page


def _iris_done(window, worst):
    page = IrisPage(window.theme)
    if not worst:
        page.show_eyes(IrisView(EyeMark(S.DONE, 81), EyeMark(S.DONE, 77), 0.5))
        page.show_still("RIGHT", people.iris("RIGHT"))
        page.show_still("LEFT", people.iris("LEFT"))
    window.set_coach(CoachView("Kedua iris selesai", Guidance.READY))
    window.set_actions(bar("Lanjut ke tinjau"))
    window.set_rail(rail(4))
    return page


def review_view(worst=False):
    scores = (71, None, 68, 83, 88, 90, 86, 91, 78, 74)
    notes = ("amputasi atau bawaan lahir", "perban atau luka", "aus karena pekerjaan")

    def one(n, name):
        if worst or scores[n] is None:
            return ReviewFinger(name, None, S.EXEMPT, None, notes[n % 3] if worst else "perban")
        return ReviewFinger(name, people.printed(name), S.DONE, scores[n])

    blind = ReviewEye(None, S.EXEMPT, None, "tunanetra")
    return ReviewView(
        people.portrait(), S.LOOK if worst else S.DONE, "Disetujui pukul 14.03", "red",
        "Latar merah, tahun lahir ganjil", data_view(worst), S.DONE,
        blind if worst else ReviewEye(people.iris("RIGHT"), S.DONE, 81),
        blind if worst else ReviewEye(people.iris("LEFT"), S.DONE, 77),
        None if worst else people.signed(), S.EXEMPT if worst else S.DONE,
        "tidak bisa menulis" if worst else "",
        tuple(one(n, name) for n, name in enumerate(ANATOMICAL)),
    )  # fmt: skip


def verdict_view(worst=False):
    foot = "Setelah disegel, isi tidak bisa diubah lagi di meja ini."
    if worst:
        rows = (
            VerdictRow("Data cocok dengan SIAK", S.DONE),
            VerdictRow("Foto belum disetujui", S.LOOK, "", "step:photo"),
            VerdictRow("Tanda tangan", S.EXEMPT, "tidak bisa menulis", "step:signature"),
            VerdictRow(
                "10 jari dikecualikan", S.EXEMPT, "amputasi atau bawaan lahir", "step:fingers"
            ),
            VerdictRow("Kedua iris dikecualikan", S.EXEMPT, "tunanetra", "step:iris"),
            VerdictRow("Jari telunjuk kanan: pengawas belum setuju", S.LOOK, "", "step:fingers"),
            VerdictRow("Kunci atau alat: STATION_CERTIFICATE_EXPIRED", S.LOOK),
            VerdictRow("Pemohon membenarkan", S.NOW, "tunjukkan layar ini"),
        )
        return VerdictView(False, "Belum", "3 hal perlu dilengkapi", rows, foot)
    rows = (
        VerdictRow("Data cocok dengan SIAK", S.DONE),
        VerdictRow("Foto disetujui pemohon", S.DONE),
        VerdictRow("Tanda tangan jelas", S.DONE),
        VerdictRow("9 sidik jari cukup baik", S.DONE),
        VerdictRow("Jari manis kiri", S.EXEMPT, "perban, alasan sah", "step:fingers"),
        VerdictRow("Dua iris terbaca", S.DONE),
        VerdictRow("Jari chip dicek ulang: cocok", S.DONE),
        VerdictRow("Pemohon membenarkan", S.DONE, "14.06"),
    )
    return VerdictView(True, "Ya, lengkap", "8 syarat, 1 pengecualian", rows, foot)


def _review(window, worst):
    page = ReviewPage(window.theme)
    page.show_review(review_view(worst))
    page.show_verdict(verdict_view(worst))
    window.set_actions(
        bar("Segel dan simpan", Action("supervisor", "Panggil pengawas", "F3", "speech"))
    )
    window.set_rail(rail(5))
    return page


def done_view(worst=False):
    return DoneView(
        LONG if worst else "NUR AINI SAFITRI", "610101 520309 0003", "7KQ-4MX",
        "REKAM:7KQ-4MX:0193a8f2-5b1c-7d3e-8a44-1f2b3c4d5e6f", "Tersimpan dan disegel",
        (
            "Paket dikirim sendiri begitu jaringan ada.",
            "Pusat mencocokkan data; biasanya beberapa hari.",
            "Kartu dicetak mulai 12 Maret 2026." if worst else "Kabar kartu: sebutkan kode ini di loket.",
        ),
        "Paket 1,2 MB, sidik 9f86d081884c", "A-063",
    )  # fmt: skip


def _done(window, worst):
    page = DonePage(window.theme)
    page.show_done(done_view(worst))
    window.set_actions(
        Actions(
            Action("next", "Orang berikutnya", "Enter"),
            (
                Action("print", "Cetak tanda terima", "F7", "printer"),
                Action("pdf", "Simpan PDF", "F8", "document"),
                Action("help", "Bantuan", "F1", "help"),
            ),
        )
    )
    window.set_rail(rail(6))
    return page


def counter_view(worst=False):
    row = PlaceRow
    return CounterView(
        "Kelompok 14 · Kotak B-03", "64 kartu, dicetak 24 November 2026", 38, 1, 25,
        CardPlace(
            "done", LONG if worst else "SITI RAHMAWATI", "610101 610598 0004",
            people.portrait("blue"),
            (
                row("Chip terbaca", S.DONE, "0,8 detik"), row("Ada di daftar ambil", S.DONE, "no. 40"),
                row("Foto sama dengan orang", S.DONE),
            ),
        ),
        FingerPlace(
            "active", "Tahan telunjuk kanan", people.printed("RIGHT_INDEX"),
            (
                row("Jari terbaca", S.DONE), row("Sedang dicocokkan", S.NOW),
                row("Pemilik dipastikan", S.TO_COME),
            ),
            "2 dari 3" if worst else "1 dari 3", 2 if worst else 1, 3,
            "Jangan angkat jari sampai terdengar bunyi. Tidak cocok? Lap jari, lalu baca ulang.",
        ),
        HandoverPlace(
            "waiting",
            (
                row("Kartu diaktifkan", S.TO_COME), row("Pemohon tanda tangan", S.TO_COME),
                row("Kartu diserahkan", S.TO_COME),
            ),
        ),
    )  # fmt: skip


COUNTER_ACTIONS = Actions(
    Action("again", "Baca ulang", "Enter"),
    (
        Action("back", "Kembali", "Esc", "left"),
        Action("other", "Jari lain", "F2", "finger"),
        Action("refuse", "Tolak kartu", "F8", "cross"),
        Action("help", "Bantuan", "F1", "help"),
    ),
)


def _counter(window, worst):
    page = CounterPage(window.theme)
    page.show_counter(counter_view(worst))
    page.show_progress("finger", 2, 5)
    window.set_actions(COUNTER_ACTIONS)
    window.set_rail(views.workplaces("counter"))
    return page


def picking_view(worst=False):
    names = ("SITI RAHMAWATI", "BUDI HARTONO", "TJHIA MEI LIN", "YOHANES LASE", "AGUS SAPUTRA")
    people_rows = tuple(
        CounterPerson(f"r{n}", LONG if worst else name, "610101 610598 0004", "no. 40")
        for n, name in enumerate(names * (3 if worst else 1))
    )
    return CounterView(
        "Kelompok 14 · Kotak B-03", "64 kartu, dicetak 24 November 2026", 0, 0, 64,
        CardPlace("active", hint="Pilih pemilik, lalu letakkan kartunya di pembaca."),
        FingerPlace("waiting", "Tempelkan jari"), HandoverPlace("waiting"), people_rows, "r1",
    )  # fmt: skip


def _counter_pick(window, worst):
    page = CounterPage(window.theme)
    page.show_counter(picking_view(worst))
    window.set_actions(COUNTER_ACTIONS)
    window.set_rail(views.workplaces("counter"))
    return page


def _counter_refused(window, _worst):
    page = CounterPage(window.theme)
    page.show_counter(counter_view())
    page.show_refused(
        RefusedView(
            "Kartu ini jangan diserahkan", "Jari tidak cocok dengan isi kartu setelah 3 percobaan.",
            "Kotak merah R-01", "Katakan kepada pemohon: kartu diperiksa dulu, kami kabari lewat telepon.",
        )
    )  # fmt: skip
    window.set_actions(Actions(Action("next", "Kartu berikutnya", "Enter")))
    window.set_rail(views.workplaces("counter"))
    return page


STEP_PAGES = {
    "data": _data,
    "foto": _photo,
    "foto-kosong": _photo_empty,
    "foto-setuju": _photo_still,
    "tanda": _signature,
    "tanda-jadi": _signature_drawn,
    "jari": _fingers,
    "jari-kosong": _fingers_empty,
    "jari-kecuali": _fingers_exempting,
    "iris": _iris,
    "iris-jadi": _iris_done,
    "tinjau": _review,
    "selesai": _done,
    "loket": _counter,
    "loket-pilih": _counter_pick,
    "loket-tolak": _counter_refused,
}


def open_step(theme, name, *, worst=False, size=(1366, 768)):
    """Return a window with the named page and its content; not shown yet."""
    window = desk(theme, size)
    page = STEP_PAGES[name](window, worst)
    person = PersonView(LONG if worst else "NUR AINI SAFITRI", "610101 520309 0003")
    window.set_person(person)
    if worst:
        window.set_message(views.STOPPED)
    window.show_page(page)
    return window
