"""What a status means in Indonesian: for the operator, for the applicant, on the receipt, on a timeline."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from station.lifecycle.status import AnyStatus, RawStatus, Status


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed texts of one status. ``applicant`` may hold {fields}; use ``applicant_text``."""

    short: str  # on receipts, so that nobody travels in vain
    plain: str  # on the timeline
    operator: str  # the next action at the desk
    applicant: str


WORDS: Final[Mapping[Status, Words]] = {
    Status.UNREGISTERED: Words(
        "Belum",
        "Belum pernah direkam",
        "Periksa NIK, umur, dan identitas, lalu mulai perekaman.",
        "Data Anda belum pernah direkam. Perekaman bisa dilakukan hari ini.",
    ),
    Status.BIO_CAPTURED: Words(
        "Bio",
        "Direkam dan tersimpan",
        "Tidak perlu tindakan: paket sudah disegel dan diperiksa ulang. Serahkan tanda terima.",
        "Perekaman selesai. Data Anda tersimpan dan menunggu dikirim.",
    ),
    Status.PROCESSING: Words(
        "Pro",
        "Disiapkan untuk dikirim",
        "Pantau antrean kirim, ruang disk, dan jaringan.",
        "Data Anda sedang disiapkan untuk dikirim ke pusat.",
    ),
    Status.SENT_FOR_ENROLLMENT: Words(
        "SFE",
        "Dikirim ke pusat",
        "Tunggu dan tanyakan status lagi. Bila terlalu lama, tanyakan ke pusat apakah NIK ini sudah ada sebelum mengirim ulang.",
        "Data sudah dikirim ke pusat, tetapi belum ada kabar diterima. Anda tidak perlu merekam ulang.",
    ),
    Status.RECEIVED_AT_CENTRAL: Words(
        "RAC",
        "Diterima di pusat",
        "Tidak perlu tindakan. Paket di stasiun ini tetap disimpan sampai masa simpannya habis.",
        "Data Anda sudah diterima di pusat dan sedang diperiksa.",
    ),
    Status.ENROLL_FAILURE_AT_CENTRAL: Words(
        "Efac",
        "Data tidak lengkap atau tidak terbaca di pusat",
        "Data tidak lengkap: tunggu permintaan pusat, lalu kirim ulang. Tidak terbaca: undang pemohon dan rekam ulang bagian yang disebut dalam perintah pusat.",
        "Data Anda belum lengkap atau tidak terbaca. Kami kirim ulang; bila perlu Anda kami undang merekam ulang.",
    ),
    Status.ENROLL_FAILURE_AT_REGIONAL: Words(
        "Efar",
        "Kode wilayah salah",
        "Betulkan kode wilayah di pengaturan, tandatangani indeks kirim yang baru, lalu kirim ulang setelah diminta pusat.",
        "Ada kesalahan kode wilayah di alat kami. Bukan kesalahan Anda; data kami kirim ulang.",
    ),
    Status.SEARCH_FAILURE_AT_CENTRAL: Words(
        "Sfac",
        "Pencarian di pusat gagal sementara",
        "Tunggu. Kirim ulang hanya bila diminta pusat; jangan merekam ulang.",
        "Pencarian data di pusat gagal sementara. Mohon tunggu, tidak perlu merekam ulang.",
    ),
    Status.PACKET_ENTRY: Words(
        "PE",
        "Pusat meminta kirim ulang",
        "Kirim ulang paket yang sama. Paket tidak ada: pulihkan dari cadangan. Benar-benar hilang: laporkan kehilangan.",
        "Pusat meminta data dikirim ulang. Kami sedang mengirimkannya.",
    ),
    Status.SENT_FOR_DEDUP: Words(
        "SFD",
        "Dicocokkan dengan data nasional",
        "Tidak perlu tindakan, tunggu hasil pencocokan.",
        "Data Anda sedang dicocokkan agar satu orang hanya punya satu identitas.",
    ),
    Status.DUPLICATE_RECORD: Words(
        "DUP",
        "Data ganda",
        "Jangan merekam ulang. Pilih: surat pindah, permohonan penghapusan, atau sanggahan beda orang; lalu cetak surat.",
        "Sidik jari Anda sudah terekam lebih dulu di {daerah}. KTP-el tidak bisa dicetak di sini. "
        "Bila ingin jadi penduduk di sini, urus surat pindah dulu dari {daerah}.",
    ),
    Status.ADJUDICATE_RECORD: Words(
        "ADJ",
        "Diperiksa petugas pusat",
        "Tunggu dan jangan menjanjikan waktu. Rekam ulang hanya setelah penghapusan di pusat.",
        "Data Anda mirip dengan data lain dan sedang diperiksa petugas pusat. Mohon tunggu.",
    ),
    Status.REQUEST_VALIDATION: Words(
        "RV",
        "Perlu diperiksa ulang",
        "Tugas dua orang: cocokkan foto, jenis kelamin, dan biodata dengan dokumen; jawab data benar, perbaiki di SIAK, atau rekam ulang.",
        "Pusat meminta kami memeriksa ulang data Anda (misalnya jenis kelamin dan foto). Bawa KK dan dokumen pendukung.",
    ),
    Status.PRINT_READY_RECORD: Words(
        "PRR",
        "Tunggal dan siap dicetak",
        "Masukkan ke daftar cetak, kecuali ditahan karena umur belum 17 tahun.",
        "Data Anda tunggal dan siap dicetak.",
    ),
    Status.SENT_FOR_CARD_PRINTING: Words(
        "SFCP",
        "Masuk daftar cetak",
        "Cetak kartu dalam daftar ini.",
        "KTP-el Anda masuk daftar cetak.",
    ),
    Status.CARD_SHIPPED: Words(
        "CS",
        "Data cetak dikirim ke daerah",
        "Pastikan data cetak atau kartu sudah tiba.",
        "Data cetak sudah dikirim ke daerah.",
    ),
    Status.CARD_PRINTED: Words(
        "CP",
        "Kartu sudah dicetak",
        "Periksa mutu cetak, catat nomor kotak, masukkan ke daftar pengambilan.",
        "KTP-el Anda sudah dicetak. Ambil sendiri di {tempat} mulai {tanggal}, bawa {tiket}.",
    ),
    Status.CARD_ISSUED: Words(
        "CI",
        "Kartu aktif dan diserahkan",
        "Selesai. Cetak ulang hanya bila kartu hilang, rusak, atau data berubah.",
        "KTP-el Anda sudah aktif.",
    ),
}

_UNKNOWN: Final = Words(
    "?",
    "Status tidak dikenal",
    "Status tidak dikenal. Tanyakan ke pusat dan jangan merekam ulang.",
    "Status data Anda sedang kami tanyakan ke pusat. Anda tidak perlu merekam ulang.",
)
_DELETED: Final = (
    "Rekaman lama Anda sudah dihapus di pusat. Perekaman ulang bisa dilakukan hari ini."
)
_HELD: Final = "Data Anda tunggal. KTP-el dicetak saat Anda berusia 17 tahun, mulai {tanggal}."
_HELD_NO_DATE: Final = "Data Anda tunggal. KTP-el dicetak saat Anda berusia 17 tahun."
_SIMILAR: Final = (
    "Sidik jari Anda mirip dengan rekaman yang sudah ada. "
    "Petugas mengajukan pemeriksaan ke pusat. Mohon tunggu."
)
_PRINTED_NO_PLACE: Final = (
    "KTP-el Anda sudah dicetak. Tanyakan tempat dan hari pengambilan kepada petugas."
)
_REPORT_WAITS: Final = "KTP-el Anda sudah aktif. Laporan ke pusat sedang menunggu dikirim."

_MONTHS: Final = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a text may depend on besides the status; everything may be missing."""

    recording_no: int = 1
    age_hold: bool = False
    print_from: dt.date | None = None  # with age_hold: the 17th birthday
    first_area: str = ""  # name of the kab/kota of the first recording
    station_area: str = ""
    dispute_open: bool = False
    pickup_place: str = ""
    pickup_from: dt.date | None = None
    ticket: str = ""
    report_waits: bool = False  # activation report not yet accepted by the centre


def indonesian_date(day: dt.date) -> str:
    """Write a date as on letters: ``12 Maret 2027``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def words_of(status: AnyStatus) -> Words:
    """Return the fixed texts of a status, also of one nobody knows."""
    return _UNKNOWN if isinstance(status, RawStatus) else WORDS[status]


def short_status(status: AnyStatus) -> str:
    """Return the receipt's short code of a status."""
    return words_of(status).short


def plain_words(status: AnyStatus) -> str:
    """Return the status in plain Indonesian for a timeline."""
    return words_of(status).plain


def operator_action(status: AnyStatus, facts: Circumstances | None = None) -> str:
    """Return the next action at the desk in Indonesian."""
    facts = facts or Circumstances()
    if status is Status.PRINT_READY_RECORD and facts.age_hold:
        return "Jangan dicetak dulu: tunggu sampai umur 17 tahun" + (
            f", {indonesian_date(facts.print_from)}." if facts.print_from else "."
        )
    if status is Status.CARD_ISSUED and facts.report_waits:
        return "Kartu aktif. Laporan aktivasi menunggu dikirim ke pusat."
    return words_of(status).operator


def applicant_text(status: AnyStatus, facts: Circumstances | None = None) -> str:
    """Return the sentence for the applicant; a missing field chooses a text without it."""
    facts = facts or Circumstances()
    text = words_of(status).applicant
    fields: dict[str, str] = {}
    if status is Status.UNREGISTERED and facts.recording_no > 1:
        text = _DELETED
    elif status is Status.PRINT_READY_RECORD and facts.age_hold:
        text = _HELD if facts.print_from else _HELD_NO_DATE
        if facts.print_from:
            fields["tanggal"] = indonesian_date(facts.print_from)
    elif status is Status.DUPLICATE_RECORD:
        if not facts.first_area or facts.first_area == facts.station_area or facts.dispute_open:
            text = _SIMILAR
        fields["daerah"] = facts.first_area
    elif status is Status.CARD_PRINTED:
        if facts.pickup_place and facts.pickup_from and facts.ticket:
            fields = {
                "tempat": facts.pickup_place,
                "tanggal": indonesian_date(facts.pickup_from),
                "tiket": facts.ticket,
            }
        else:
            text = _PRINTED_NO_PLACE
    elif status is Status.CARD_ISSUED and facts.report_waits:
        text = _REPORT_WAITS
    return text.format_map(fields) if fields else text
