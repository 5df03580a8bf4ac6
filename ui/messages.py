"""From codes to words: what happened, what to do, one verb; and the coach's sentence for each guidance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication

from station.devices import Modality
from station.errors import StationError
from station.guidance import Guidance
from ui.device_words import device_word, refined_plights
from ui.widgets.message_bar import MessageView

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Advice:
    """One error in words; ``{device}``, ``{reason}`` and other facts are filled in."""

    happened: str
    next_step: str
    button: str = ""
    kind: str = "attention"


def _device_advice() -> dict[str, Advice]:
    again = translate("messages", "Cari lagi")
    return {
        "DEVICE": Advice(translate("messages", "{device} bermasalah."), translate("messages", "Periksa kabelnya, lalu coba lagi."), again),
        "DEVICE_NOT_FOUND": Advice(translate("messages", "{device} belum terlihat."), translate("messages", "Colokkan kabelnya; rekaman tetap aman."), again),
        "DEVICE_BUSY": Advice(translate("messages", "{device} sedang dipakai program lain."), translate("messages", "Tutup program itu, lalu coba lagi."), again),
        "DEVICE_REMOVED": Advice(translate("messages", "{device} terlepas."), translate("messages", "Colokkan kembali; hasil sebelumnya tersimpan."), again),
        "DEVICE_TIMEOUT": Advice(translate("messages", "{device} tidak menjawab."), translate("messages", "Tunggu sebentar, lalu coba lagi. Bila tetap diam, cabut dan colokkan lagi."), translate("messages", "Coba lagi")),
        "DEVICE_PROTOCOL": Advice(translate("messages", "Jawaban {device_lower} tidak terbaca."), translate("messages", "Cabut dan colokkan lagi kabelnya."), translate("messages", "Coba lagi")),
        "DEVICE_CHECKSUM": Advice(translate("messages", "Kiriman {device_lower} rusak di jalan."), translate("messages", "Periksa kabelnya, lalu ulangi."), translate("messages", "Ulangi")),
        "DEVICE_REJECTED": Advice(translate("messages", "{device} menolak perintah."), translate("messages", "Coba sekali lagi; bila tetap, panggil teknisi."), translate("messages", "Coba lagi")),
        "DEVICE_AUTH": Advice(translate("messages", "{device} tidak dikenal meja ini."), translate("messages", "Panggil teknisi untuk mendaftarkan alat."), translate("messages", "Lihat perangkat"), "stop"),
        "DEVICE_NOT_SUPPORTED": Advice(translate("messages", "{device} tidak bisa melakukan ini."), translate("messages", "Pakai alat lain, atau panggil teknisi."), translate("messages", "Lihat perangkat")),
        "DEVICE_FAULT": Advice(translate("messages", "{device} rusak."), translate("messages", "Ganti alatnya; hasil sebelumnya tersimpan."), translate("messages", "Lihat perangkat"), "stop"),
        "LAMP_STUCK": Advice(translate("messages", "Lampu {device_lower} tidak mau padam."), translate("messages", "Cabut kabel lampunya sekarang; jangan pakai lagi sebelum diperiksa teknisi."), translate("messages", "Lihat perangkat"), "stop"),
        "NO_SUBJECT": Advice(translate("messages", "Belum ada yang terbaca."), translate("messages", "Minta pemohon bersiap, lalu ulangi."), translate("messages", "Ulangi"), "info"),
        "DEVICE_OTHER": Advice(translate("messages", "{device} yang terpasang bukan yang biasa."), translate("messages", "Buka halaman Perangkat dan setujui alat baru, atau pasang kembali yang lama."), translate("messages", "Lihat perangkat")),
        "DEVICE_GRADE": Advice(translate("messages", "{device} tidak boleh dipakai untuk merekam."), translate("messages", "Pasang alat perekaman; alat ini hanya untuk mencocokkan atau latihan."), translate("messages", "Lihat perangkat"), "stop"),
    }  # fmt: skip


def _work_advice() -> dict[str, Advice]:
    technician = translate("messages", "Panggil teknisi; rekaman yang tersimpan tetap aman.")
    return {
        "STATION": Advice(translate("messages", "Ada yang tidak berjalan."), technician, translate("messages", "Tutup"), "stop"),
        "CAPTURE_REFUSED": Advice(translate("messages", "Langkah ini belum bisa."), translate("messages", "Selesaikan dulu bagian yang masih terbuka."), translate("messages", "Lihat")),
        "TRANSITION_REFUSED": Advice(translate("messages", "Keadaan rekaman ini tidak mengizinkannya."), translate("messages", "Buka rekamannya dan ikuti tugas yang tertulis."), translate("messages", "Buka rekaman")),
        "SETTINGS": Advice(translate("messages", "Berkas pengaturan tidak sah."), translate("messages", "Panggil teknisi untuk memperbaiki isian {where}."), translate("messages", "Tutup"), "stop"),
        "FACE_LOCATOR": Advice(translate("messages", "Pencari wajah tidak bekerja di komputer ini."), technician, translate("messages", "Tutup"), "stop"),
        "ENGINE_REFUSED": Advice(translate("messages", "Mesin biometrik yang dipilih tidak bisa dipakai."), translate("messages", "Panggil teknisi: perbaiki {part} di pengaturan, atau kosongkan untuk memakai mesin bawaan."), translate("messages", "Tutup"), "stop"),
        "DRIVER_REFUSED": Advice(translate("messages", "Penggerak alat ini tidak diizinkan."), translate("messages", "Panggil teknisi untuk mendaftarkan alat."), translate("messages", "Lihat perangkat"), "stop"),
        "GRADES": Advice(translate("messages", "Tabel kelas alat tidak sah."), translate("messages", "Tidak ada alat yang boleh merekam. Panggil teknisi untuk memasang tabel yang sah."), translate("messages", "Tutup"), "stop"),
        "MASTER_DATA": Advice(translate("messages", "Data wilayah yang baru tidak sah."), translate("messages", "Data lama tetap dipakai. Laporkan kepada teknisi."), translate("messages", "Tutup")),
        "FORMAT": Advice(translate("messages", "Isi berkas tidak terbaca."), translate("messages", "Ulangi pengambilan; bila tetap, panggil teknisi."), translate("messages", "Ulangi")),
        "STORE": Advice(translate("messages", "Belum tersimpan."), translate("messages", "Jangan lanjutkan orang ini; panggil teknisi."), translate("messages", "Coba lagi"), "stop"),
        "DISK_FULL": Advice(translate("messages", "Ruang simpan penuh."), translate("messages", "Kirim paket yang menunggu; jangan mulai orang baru."), translate("messages", "Buka pengiriman"), "stop"),
        "DISK_READ_ONLY": Advice(translate("messages", "Ruang simpan tidak bisa ditulis."), translate("messages", "Yang tersimpan masih bisa dibaca. Panggil teknisi."), translate("messages", "Tutup"), "stop"),
        "STORE_CORRUPT": Advice(translate("messages", "Ada simpanan yang rusak dan sudah disisihkan."), translate("messages", "Lihat rekaman mana yang perlu diulang, lalu panggil teknisi."), translate("messages", "Buka rekaman"), "stop"),
        "STORE_KEY": Advice(translate("messages", "Kunci simpanan tidak cocok."), translate("messages", "Jangan ubah apa pun; panggil teknisi."), translate("messages", "Tutup"), "stop"),
        "KEY_REFUSED": Advice(translate("messages", "Kunci meja ini tidak berlaku."), translate("messages", "Paket belum bisa disegel. Panggil teknisi."), translate("messages", "Tutup"), "stop"),
        "PACKET": Advice(translate("messages", "Paket belum bisa disegel."), translate("messages", "Lengkapi yang kurang pada halaman Tinjau."), translate("messages", "Tinjau")),
        "LINE_DOWN": Advice(translate("messages", "Jaringan putus."), translate("messages", "Perekaman tetap jalan; paket dikirim sendiri nanti."), translate("messages", "Buka pengiriman"), "info"),
        "CENTRE_REFUSED": Advice(translate("messages", "Pusat menolak kiriman."), translate("messages", "Buka rekamannya untuk melihat alasan dan tugasnya."), translate("messages", "Buka rekaman")),
        "RECEIPT_REFUSED": Advice(translate("messages", "Tanda terima pusat tidak sah."), translate("messages", "Paket tetap disimpan dan tidak dihapus. Panggil teknisi."), translate("messages", "Buka pengiriman"), "stop"),
        "SIGN_IN": Advice(translate("messages", "Petugas atau PIN tidak cocok."), translate("messages", "Periksa dan ketik lagi."), ""),
        "APPROVAL": Advice(translate("messages", "Persetujuan orang kedua belum ada."), translate("messages", "Panggil pengawas; ia masuk dengan PIN-nya sendiri."), translate("messages", "Panggil pengawas")),
    }  # fmt: skip


def _card_advice() -> dict[str, Advice]:
    again = translate("messages", "Baca ulang")
    return {
        "CARD": Advice(translate("messages", "Kartu tidak terbaca."), translate("messages", "Angkat, lalu letakkan lagi di pembaca."), again),
        "CARD_OUTCOME_UNKNOWN": Advice(translate("messages", "Kartu terangkat sebelum selesai."), translate("messages", "Letakkan kartu yang sama; pekerjaan diteruskan dari situ."), again),
        "CARD_NO_READER": Advice(translate("messages", "Pembaca kartu belum terlihat."), translate("messages", "Colokkan kabelnya."), translate("messages", "Cari lagi")),
        "CARD_ABSENT": Advice(translate("messages", "Belum ada kartu."), translate("messages", "Letakkan kartu di pembaca."), again, "info"),
        "CARD_UNKNOWN": Advice(translate("messages", "Kartu ini tidak terdaftar."), translate("messages", "Tidak ada yang ditulis. Masukkan ke kotak kartu asing."), translate("messages", "Kartu lain"), "stop"),
        "CARD_SWAPPED": Advice(translate("messages", "Kartunya bukan yang tadi."), translate("messages", "Letakkan kembali kartu yang pertama."), again, "stop"),
        "CARD_STATE": Advice(translate("messages", "Kartu ini tidak siap untuk langkah ini."), translate("messages", "Periksa apakah kartu sudah pernah diserahkan."), translate("messages", "Kartu lain")),
        "CARD_DAMAGED": Advice(translate("messages", "Isi chip rusak."), translate("messages", "Masukkan ke kotak kartu rusak; pemohon dapat kartu baru."), translate("messages", "Tolak kartu"), "stop"),
        "CARD_VERIFY": Advice(translate("messages", "Keaslian kartu tidak terbukti."), translate("messages", "Jangan serahkan. Masukkan ke kotak kartu ditahan."), translate("messages", "Tolak kartu"), "stop"),
        "CARD_HOLDER": Advice(translate("messages", "Jari tidak cocok dengan kartu."), translate("messages", "Lap jari dan kaca, lalu coba lagi."), translate("messages", "Coba lagi")),
    }  # fmt: skip


def advice_table() -> Mapping[str, Advice]:
    """Return all advice in the present language, by error code."""
    return {**_device_advice(), **_work_advice(), **_card_advice()}


# Where the button of a message leads; '' only closes it, a code not listed is the page's own affair.
DESTINATIONS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("DISK_FULL", "LINE_DOWN", "RECEIPT_REFUSED"), "outbox"),
    **dict.fromkeys(("TRANSITION_REFUSED", "STORE_CORRUPT", "CENTRE_REFUSED"), "records"),
    **dict.fromkeys(
        ("DEVICE_AUTH", "DEVICE_NOT_SUPPORTED", "DEVICE_FAULT", "LAMP_STUCK", "DEVICE_GRADE", "DEVICE_OTHER", "DRIVER_REFUSED"),
        "devices",
    ),
    **dict.fromkeys(
        (
            "STATION", "SETTINGS", "ENGINE_REFUSED", "FACE_LOCATOR", "GRADES", "MASTER_DATA", "DISK_READ_ONLY", "STORE_KEY",
            "KEY_REFUSED",
        ),
        "",
    ),
}  # fmt: skip


def capture_reasons() -> Mapping[str, str]:
    """Return what each reason of a refused capture step asks for."""
    return {
        "STEP_OPEN": translate("messages", "Selesaikan dulu langkah sebelumnya."),
        "TRIES_LEFT": translate("messages", "Coba lagi dulu; masih ada kesempatan."),
        "RECHECK_TRIES_LEFT": translate("messages", "Cek ulang jari sekali lagi; masih ada kesempatan."),
        "TOO_MANY_ATTEMPTS": translate("messages", "Percobaan sudah cukup banyak; yang terbaik dipakai."),
        "SLOT_EXEMPT": translate("messages", "Bagian ini dikecualikan; batalkan pengecualian untuk merekamnya."),
        "SLOT_EMPTY": translate("messages", "Bagian ini belum direkam."),
        "SECOND_PERSON_MISSING": translate("messages", "Panggil pengawas untuk menyetujui."),
        "SAME_FINGER": translate("messages", "Jari ini sudah direkam. Minta jari yang benar."),
        "WRONG_HAND": translate("messages", "Jari ini sudah direkam pada tangan yang lain."),
        "OTHER_FINGER": translate("messages", "Jari ini lain dari yang tadi direkam."),
        "OPERATOR_FINGER": translate("messages", "Ini jari petugas. Minta jari pemohon."),
        "EYES_SWAPPED": translate("messages", "Iris kanan dan kiri tampaknya tertukar."),
        "SAME_EYE": translate("messages", "Mata ini sudah direkam. Minta mata yang lain."),
        "RETURN_DATE_MISSING": translate("messages", "Isi tanggal rekam menyusul."),
        "REASON_MISSING": translate("messages", "Pilih alasannya."),
        "PHOTO_WEAK": translate("messages", "Foto belum cukup baik; ulangi."),
        "PHOTO_NOT_APPROVED": translate("messages", "Tunjukkan foto kepada pemohon dan minta persetujuannya."),
        "NO_PHOTO": translate("messages", "Ambil fotonya dulu."),
        "DATA_NOT_CONFIRMED": translate("messages", "Minta pemohon membenarkan datanya dulu."),
        "CLOSED": translate("messages", "Rekaman ini sudah disegel dan tidak bisa diubah."),
    }  # fmt: skip


def message_for(error: Exception, device: Modality | str = "") -> MessageView:
    """Return the message bar's words for an error; an unknown one gets the general words.

    The view's ``key`` is the error's code: the presenter knows from it what the button does.
    """
    code = error.code if isinstance(error, StationError) else "STATION"
    facts = dict(error.facts) if isinstance(error, StationError) else {}
    table = advice_table()
    advice = table.get(code, table["STATION"])
    word = device_word(str(device or facts.get("device") or facts.get("driver") or ""))
    happened = advice.happened.format(device=word, device_lower=_lower(word))
    next_step = _next_step(code, advice, facts)
    refined = refined_plights().get((code, str(facts.get("reason") or facts.get("what", ""))))
    if refined is not None:
        happened, next_step = f"{word}: {_lower(refined.said)}.", refined.step
    return MessageView(
        kind=advice.kind,
        happened=happened,
        next_step=next_step,
        button=advice.button,
        key=code,
        small=code,
    )


def _lower(words: str) -> str:
    """Return the words as they stand in the middle of a sentence."""
    return words[:1].lower() + words[1:]


def _next_step(code: str, advice: Advice, facts: Mapping[str, str | int | float]) -> str:
    """Return the next step with what the facts add: tries left, a wait, the reason."""
    if code == "SETTINGS":
        return advice.next_step.format(where=facts.get("where", ""))
    if code == "ENGINE_REFUSED":
        return advice.next_step.format(part=f"[engine] {facts.get('part', '')}")
    if code == "CAPTURE_REFUSED":
        return capture_reasons().get(str(facts.get("reason", "")), advice.next_step)
    if float(facts.get("wait_s", 0)) > 0:
        wait = translate("messages", "Tunggu {seconds} detik, lalu coba lagi.")
        return wait.format(seconds=round(float(facts["wait_s"])))
    if "tries_left" in facts:
        left = translate("messages", "Sisa percobaan: {n}.").format(n=facts["tries_left"])
        return f"{advice.next_step} {left}"
    return advice.next_step


def coach_sentences() -> Mapping[Guidance, str]:
    """Return the coach's sentence for each guidance code in the present language, two short lines at most."""
    g = Guidance
    return {
        g.READY: translate("coach", "Bagus, tahan sebentar"),
        g.NO_SUBJECT: translate("coach", "Minta pemohon bersiap"),
        g.HOLD_STILL: translate("coach", "Jangan bergerak dulu"),
        g.LIFT_AND_REPEAT: translate("coach", "Angkat, lalu tempel lagi"),
        g.NO_FACE: translate("coach", "Hadap ke kamera"),
        g.SEVERAL_FACES: translate("coach", "Satu orang saja di bingkai"),
        g.COME_CLOSER: translate("coach", "Dekatkan wajah sedikit"),
        g.MOVE_BACK: translate("coach", "Mundur sedikit"),
        g.MOVE_LEFT: translate("coach", "Geser sedikit ke kiri"),
        g.MOVE_RIGHT: translate("coach", "Geser sedikit ke kanan"),
        g.MOVE_UP: translate("coach", "Naikkan wajah sedikit"),
        g.MOVE_DOWN: translate("coach", "Turunkan wajah sedikit"),
        g.STRAIGHTEN_HEAD: translate("coach", "Tegakkan kepala"),
        g.LOOK_STRAIGHT: translate("coach", "Lihat lurus ke kamera"),
        g.OPEN_EYES: translate("coach", "Buka mata, lihat kamera"),
        g.TAKE_OFF_GLASSES: translate("coach", "Lepas kacamata dulu"),
        g.CLOSE_MOUTH: translate("coach", "Tutup mulut"),
        g.GLARE: translate("coach", "Hindari pantulan lampu"),
        g.MORE_LIGHT: translate("coach", "Tambah cahaya di wajah"),
        g.LESS_LIGHT: translate("coach", "Kurangi cahaya di wajah"),
        g.BLURRED: translate("coach", "Diam sebentar, masih kabur"),
        g.BACKDROP_COLOUR: translate("coach", "Ganti warna latar"),
        g.PRESS_HARDER: translate("coach", "Tekan sedikit lebih kuat"),
        g.PRESS_LIGHTER: translate("coach", "Tekan lebih ringan"),
        g.CENTRE_FINGER: translate("coach", "Geser jari ke tengah"),
        g.WHOLE_FINGER: translate("coach", "Tempelkan seluruh jari"),
        g.FINGER_TOO_DRY: translate("coach", "Lembapkan jari sedikit"),
        g.FINGER_TOO_WET: translate("coach", "Keringkan jari dulu"),
        g.WIPE_GLASS: translate("coach", "Lap kaca scanner"),
        g.WRONG_FINGER: translate("coach", "Bukan jari yang diminta"),
        g.EYE_CLOSER: translate("coach", "Dekatkan mata sedikit"),
        g.EYE_BACK: translate("coach", "Jauhkan mata sedikit"),
        g.OPEN_LIDS: translate("coach", "Buka mata lebih lebar"),
        g.LOOK_AT_CAMERA: translate("coach", "Lihat ke tengah lensa"),
        g.LAMP_RESTS: translate("coach", "Tunggu, lampu beristirahat"),
        g.REMOVE_LENSES: translate("coach", "Lensa kontak? Minta dilepas"),
        g.SIGN_LARGER: translate("coach", "Tanda tangan lebih besar"),
        g.SIGN_LONGER: translate("coach", "Tanda tangan lebih lengkap"),
        g.CHECK_PAD_CABLE: translate("coach", "Periksa kabel papan"),
    }  # fmt: skip


def coach_sentence(guidance: Guidance) -> str:
    """Return the sentence for one code."""
    return coach_sentences()[guidance]
