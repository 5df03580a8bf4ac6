"""What the pages show in the pictures and tests: a normal day and the worst of days."""

from dataclasses import replace

from station.device_report import Condition, DeviceReport, Upkeep
from station.devices import DeviceInfo, DeviceState, Grade, Modality
from ui.icons import State
from ui.pages.outbox import FigureView, LineView, OutboxView, PacketRow
from ui.pages.records import RecordDetail, RecordsView
from ui.pages.search import AnswerView, PersonCard, QueueView
from ui.pages.sign_in import MorningCheck
from ui.presenters.device_cards import Asked, card_of
from ui.widgets.action_bar import Action, Actions
from ui.widgets.chip import ChipView
from ui.widgets.coach import CheckView
from ui.widgets.facts import FactView
from ui.widgets.header import PersonView
from ui.widgets.health import HealthItem
from ui.widgets.message_bar import MessageView
from ui.widgets.nik_field import GroupMeaning, QueryView
from ui.widgets.rail import RailFoot, RailItem, RailView
from ui.widgets.record_table import RecordRow
from ui.widgets.rows import RowView
from ui.widgets.timeline import TimelineRow

S = State
LONG = "RADEN AJENG MARIA GORETTI SINTA DEWI KUSUMANINGRUM PUTRI ABADI"[:60]
HELP = Action("help", "Bantuan", "F1", "help")
CALL = Action("supervisor", "Panggil pengawas", "F3", "speech")
BACK = Action("back", "Kembali", "Esc", "left")


def health(line=Condition.ATTENTION, devices=None):
    ready = Condition.READY
    states = (
        ("camera", "Kamera"),
        ("finger", "Scanner jari"),
        ("eye", "Scanner iris"),
        ("pen", "Papan tanda tangan"),
        ("card", "Pembaca kartu"),
    )
    conditions = devices or (ready,) * len(states)
    items = [
        HealthItem(key, key, name, condition)
        for (key, name), condition in zip(states, conditions, strict=True)
    ]
    return (
        *items,
        HealthItem("line", "line", "Jaringan", line),
        HealthItem("upload", "upload", "Antrean kirim", ready),
    )


def workplaces(current):
    rows = (
        ("search", "Cari", "search"),
        ("records", "Rekaman", "list"),
        ("outbox", "Pengiriman", "upload"),
        ("counter", "Loket kartu", "card"),
        ("devices", "Perangkat", "chip"),
    )
    items = tuple(
        RailItem(key, text, icon=icon, current=key == current) for key, text, icon in rows
    )
    return RailView(items, RailFoot("Rata-rata per orang", "2:38", "menit", "42 orang sejak 08.00"))


def queue(worst):
    names = (
        "BUDI HARTONO",
        "NUR AINI SAFITRI",
        "YOHANES LASE",
        "H. UMAR",
        "MARIA GORETTI SINTA",
        "TJHIA MEI LIN",
        "AGUS SAPUTRA",
    )
    states = (S.DONE, S.NOW, S.TO_COME, S.TO_COME, S.EXEMPT, S.TO_COME, S.TO_COME)
    words = ("Selesai", "Sekarang", "Menunggu", "Menunggu", "Tidak datang", "Menunggu", "Menunggu")
    rows = tuple(
        RowView(
            str(n),
            LONG if worst else name,
            f"A-06{n} · {word}",
            f"1{3 + n // 4}.{10 + n}",
            state,
            current=state is S.NOW,
        )
        for n, (name, state, word) in enumerate(zip(names, states, words, strict=True))
    )
    return QueueView(
        "26 Nov 2026",
        (("18", "menunggu"), ("42", "selesai"), ("3", "absen")),
        rows,
        "Lihat semua 63 orang",
    )


NIK_READ = QueryView(
    (
        GroupMeaning("Kec. Sambas", "Kab. Sambas, Kalbar"),
        GroupMeaning("Perempuan", "lahir 12 Maret 2009"),
        GroupMeaning("Urutan ke-3", "nomor dari SIAK"),
    ),
    "16 angka",
)
YES = AnswerView(
    "good",
    "Boleh direkam",
    "Belum pernah direkam di mana pun, dan sudah cukup umur.",
    "Jawaban pusat\nhari ini pukul 14.01 WIB",
)
NO = AnswerView(
    "stop",
    "Sudah direkam di Kab. Pangkajene dan Kepulauan, 3 Mei 2024",
    "Tidak perlu merekam lagi. Kartunya bisa diambil di kecamatan tempat perekaman, atau minta pindah cetak.",
    "Jawaban tersimpan\n25 Nov pukul 06.10 WITA",
)


def person(worst):
    facts = (
        FactView("card", "Kartu", "Bisa langsung dicetak"),
        FactView("camera", "Latar foto", "Merah, tahun lahir ganjil", "#B5322B"),
        FactView("people", "Kartu keluarga", "610101 140619 0027"),
        FactView(
            "home",
            "Alamat",
            "Dusun Sungai Pinyuh Dalam Kaum Barat, RT 004 RW 002, Desa Sebawi"
            if worst
            else "Dalam Kaum, RT 004 RW 002",
        ),
    )
    return PersonCard(
        LONG if worst else "NUR AINI SAFITRI",
        "Perempuan, 17 tahun · lahir di Sambas, 12 Maret 2009",
        facts,
    )


CHIPS = (
    ChipView("all", "Semua", "1.284", chosen=True),
    ChipView("act", "Perlu tindakan", "3"),
    ChipView("wait", "Menunggu pusat", "41"),
    ChipView("print", "Siap cetak", "12"),
)


def records(worst):
    rows = (
        (
            "NUR AINI SAFITRI",
            "6101015203090003",
            "26 Nov, 14.07",
            S.DONE,
            "Tersimpan",
            "menunggu dikirim",
        ),
        (
            "BUDI HARTONO",
            "6101011107880005",
            "26 Nov, 13.52",
            S.NOW,
            "Sedang dikirim",
            "62 % · 0,8 MB lagi",
        ),
        (
            "SULASTRI",
            "6101045511880002",
            "24 Nov, 10.32",
            S.LOOK,
            "Pusat minta periksa ulang",
            "tugas dua petugas",
        ),
        (
            "NATALIA",
            "6101174803950001",
            "23 Nov, 09.15",
            S.NOW,
            "Dicocokkan di pusat",
            "tidak ada tugas",
        ),
        (
            "H. ABDUL RAHIM",
            "6101050202610004",
            "23 Nov, 08.41",
            S.LOOK,
            "Sudah direkam di Singkawang",
            "buat surat untuk pemohon",
        ),
        (
            "FRANSISKUS DONI",
            "6101091704040002",
            "20 Nov, 15.20",
            S.DONE,
            "Siap dicetak",
            "masuk daftar cetak",
        ),
        (
            "RISKA AMELIA",
            "6101106409100003",
            "20 Nov, 11.06",
            S.EXEMPT,
            "Menunggu usia 17",
            "cetak mulai 24 Sep 2027",
        ),
    )
    made = tuple(
        RecordRow(str(n), LONG if worst else row[0], *row[1:]) for n, row in enumerate(rows)
    )
    return RecordsView(
        made, "1–7 dari 1.284 rekaman", chosen="2", has_next=True, has_previous=worst
    )


def detail(worst):
    way = (
        TimelineRow("Direkam dan tersimpan", S.DONE, "24 Nov, 10.32"),
        TimelineRow("Diterima pusat", S.DONE, "24 Nov, 11.05"),
        TimelineRow("Dicocokkan di pusat", S.DONE, "25 Nov, 02.14"),
        TimelineRow("Pusat minta periksa ulang", S.LOOK, "26 Nov, 09.20"),
        TimelineRow("Siap dicetak", S.TO_COME),
        TimelineRow("Kartu diserahkan", S.TO_COME),
    )
    return RecordDetail(
        LONG if worst else "SULASTRI", "6101045511880002", "VAL-7K2M", way, "Tugas untuk dua petugas",
        "Bandingkan foto, jenis kelamin, dan biodata dengan dokumen. Jawab sebelum 3 Desember.",
        "Pusat meminta kami memeriksa ulang data Anda. Bawa KK dan dokumen pendukung.",
    )  # fmt: skip


def outbox(worst):
    if worst:
        line = LineView(S.STOP, "Jaringan putus", "sejak 24 Nov pukul 16.40; perekaman tetap jalan")
    else:
        line = LineView(S.DONE, "Tersambung ke pusat", "kira-kira 310 kB per detik")
    figures = (
        FigureView("Menunggu dikirim", "17", "paket"),
        FigureView("Sisa", "1.234,5" if worst else "26,4", "MB"),
        FigureView("Selesai kira-kira", "—" if worst else "2", "" if worst else "menit"),
        FigureView("Tertua", "2", "hari 4 jam"),
    )
    rows = [
        PacketRow(
            "1",
            "VAL-7K2M",
            "26 Nov, 14.07",
            "1,6 MB",
            S.NOW,
            "Sedang dikirim",
            "0,6 MB lagi, diteruskan dari 0,9 MB",
            0.62,
        )
    ]
    rows += [
        PacketRow(
            str(n), f"KRT-{n}A4F", "26 Nov, 13.52", "1,5 MB", S.TO_COME, "Menunggu giliran", ""
        )
        for n in range(2, 16 if worst else 6)
    ]
    if worst:
        rows[1] = PacketRow(
            "x",
            "PXR-3M4C",
            "24 Nov, 16.41",
            "1,7 MB",
            S.LOOK,
            "Pusat menolak kiriman: kode wilayah tidak dikenal di pusat",
            "Buka rekamannya untuk melihat alasan dan tugas petugas",
            0.4,
        )
    return OutboxView(line, figures, tuple(rows), paused=worst)


def _info(driver, make, model, serial, transport, grade=Grade.ENROLMENT, firmware="1.4.2"):
    return DeviceInfo(driver, make, model, serial, firmware, transport, grade)


SFM = _info("finger.sfm", "Suprema", "SFM Slim", "SFM-000217", "/dev/ttyUSB0")
REPORTS = (
    DeviceReport(
        Modality.FACE, Condition.READY, driver="camera.cv", address="http://127.0.0.1:40551/video",
        label="HD Pro Webcam C920", info=_info("camera.cv", "Logitech", "C920", "8F2A11BC", "/dev/video0"),
        state=DeviceState.READY, captures=42, last_quality=83, usual_quality=81.5, usual_seconds=2.14,
        identifiable=True,
    ),
    DeviceReport(
        Modality.FINGER, Condition.READY, driver="finger.sfm", address="/dev/ttyUSB0", label="FT232R USB UART",
        info=SFM, state=DeviceState.WAIT_SUBJECT, captures=412, failures={"DEVICE_CHECKSUM": 3, "DEVICE_TIMEOUT": 1},
        reconnects=2, last_quality=71, usual_quality=78.0, usual_seconds=1.63, identifiable=True, calibratable=True,
    ),
    DeviceReport(
        Modality.IRIS, Condition.READY, driver="sbi", address="4501",
        info=_info("sbi", "Contoh", "Iris dua mata", "IR-2231", "http://127.0.0.1:4501"),
        state=DeviceState.READY, captures=84, last_quality=88, usual_quality=87.0, usual_seconds=3.4,
    ),
    DeviceReport(
        Modality.SIGNATURE, Condition.READY, driver="signature.topaz", address="/dev/ttyUSB1",
        info=_info("signature.topaz", "Topaz", "SigLite 1x5", "meja-07", "/dev/ttyUSB1"),
        state=DeviceState.READY, captures=42, last_quality=90, usual_quality=86.0, usual_seconds=6.1,
    ),
    DeviceReport(
        Modality.CARD, Condition.READY, driver="reader.pcsc", address="ACS ACR1252 00 00",
        info=_info("reader.pcsc", "ACS", "ACR1252", "RR-00912", "pcsc"), state=DeviceState.READY,
    ),
)  # fmt: skip
_EMULATED = replace(SFM, grade=Grade.EMULATED, serial="EMU-FP-000217", model="SFM4000")
WORST = (
    replace(REPORTS[0], condition=Condition.ABSENT, code="DEVICE_REMOVED", retry_in_s=2.4, identifiable=False),
    replace(
        REPORTS[1], condition=Condition.OTHER_DEVICE, offered=replace(SFM, serial="SFM-004981-PERBATASAN-ENTIKONG"),
        upkeep=(Upkeep.CLEAN, Upkeep.CHECK_CABLE), info=_EMULATED,
    ),
    replace(REPORTS[2], condition=Condition.WAIT, code="DEVICE_BUSY", retry_in_s=7.6),
    replace(REPORTS[3], condition=Condition.ATTENTION, code="DEVICE_PROTOCOL"),
    DeviceReport(Modality.CARD, Condition.UNCONFIGURED),
)  # fmt: skip


def devices(worst, asked=Asked()):  # noqa: B008 - immutable
    return tuple(card_of(report, asked) for report in (WORST if worst else REPORTS))


def morning(worst):
    rows = (
        CheckView("Kamera", S.DONE, "0,4 detik"), CheckView("Scanner jari", S.STOP if worst else S.DONE, "tidak ada" if worst else "0,2 detik"),
        CheckView("Scanner iris", S.DONE, "0,6 detik"), CheckView("Papan tanda tangan", S.DONE), CheckView("Pembaca kartu", S.DONE),
        CheckView("Ruang simpan", S.DONE, "212 GB"), CheckView("Jam", S.DONE), CheckView("Kunci meja", S.LOOK if worst else S.DONE, "habis 3 Des" if worst else ""), CheckView("Jaringan", S.LOOK, "lambat"),
    )  # fmt: skip
    if worst:
        return MorningCheck(
            "Scanner jari belum terlihat. Colokkan kabelnya, lalu tekan F5.", S.STOP, rows
        )
    return MorningCheck("Meja siap", S.DONE, rows)


PERSON = PersonView("NUR AINI SAFITRI", "6101015203090003")
LONG_PERSON = PersonView(LONG, "6101015203090003")
STOPPED = MessageView(
    "stop",
    "Ruang simpan tidak bisa ditulis.",
    "Yang tersimpan masih bisa dibaca. Panggil teknisi.",
    "Coba lagi",
    "DISK",
    "DISK_READ_ONLY",
)
SEARCH_ACTIONS = Actions(
    Action("start", "Mulai rekam", "Enter"),
    (Action("clear", "Kosongkan", "Esc", "cross"), HELP, CALL),
)
RECORD_ACTIONS = Actions(
    Action("check", "Mulai periksa", "Enter"),
    (BACK, Action("letter", "Cetak surat", "F7", "printer"), HELP),
)
OUTBOX_ACTIONS = Actions(Action("send", "Kirim sekarang", "Enter"), (BACK, HELP))
DEVICE_ACTIONS = Actions(Action("look_again", "Cari lagi", "F5", "refresh"), (BACK, HELP))
SIGN_IN_ACTIONS = Actions(Action("sign_in", "Masuk", "Enter"), (HELP, CALL))
