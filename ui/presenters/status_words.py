"""The official statuses and the officers' task in the language of the screen.

What is read out to the applicant, and what stands on letters, stays Indonesian: ``station.lifecycle.words``.
"""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from station.lifecycle.status import AnyStatus, RawStatus, Status
from station.lifecycle.words import Circumstances
from ui.presenters.words import long_date

translate = QCoreApplication.translate


def status_words() -> Mapping[Status, str]:
    """Return each status in plain words."""
    return {
        Status.UNREGISTERED: translate("status", "Belum pernah direkam"),
        Status.BIO_CAPTURED: translate("status", "Direkam dan tersimpan"),
        Status.PROCESSING: translate("status", "Disiapkan untuk dikirim"),
        Status.SENT_FOR_ENROLLMENT: translate("status", "Dikirim ke pusat"),
        Status.RECEIVED_AT_CENTRAL: translate("status", "Diterima di pusat"),
        Status.ENROLL_FAILURE_AT_CENTRAL: translate("status", "Data tidak lengkap atau tidak terbaca di pusat"),
        Status.ENROLL_FAILURE_AT_REGIONAL: translate("status", "Kode wilayah salah"),
        Status.SEARCH_FAILURE_AT_CENTRAL: translate("status", "Pencarian di pusat gagal sementara"),
        Status.PACKET_ENTRY: translate("status", "Pusat meminta kirim ulang"),
        Status.SENT_FOR_DEDUP: translate("status", "Dicocokkan dengan data nasional"),
        Status.DUPLICATE_RECORD: translate("status", "Data ganda"),
        Status.ADJUDICATE_RECORD: translate("status", "Diperiksa petugas pusat"),
        Status.REQUEST_VALIDATION: translate("status", "Perlu diperiksa ulang"),
        Status.PRINT_READY_RECORD: translate("status", "Tunggal dan siap dicetak"),
        Status.SENT_FOR_CARD_PRINTING: translate("status", "Masuk daftar cetak"),
        Status.CARD_SHIPPED: translate("status", "Data cetak dikirim ke daerah"),
        Status.CARD_PRINTED: translate("status", "Kartu sudah dicetak"),
        Status.CARD_ISSUED: translate("status", "Kartu aktif dan diserahkan"),
    }  # fmt: skip


def task_words() -> Mapping[Status, str]:
    """Return the next act at the desk for each status."""
    return {
        Status.UNREGISTERED: translate("status", "Periksa NIK, umur, dan identitas, lalu mulai perekaman."),
        Status.BIO_CAPTURED: translate("status", "Tidak perlu tindakan: paket sudah disegel dan diperiksa ulang. Serahkan tanda terima."),
        Status.PROCESSING: translate("status", "Pantau antrean kirim, ruang disk, dan jaringan."),
        Status.SENT_FOR_ENROLLMENT: translate("status", "Tunggu dan tanyakan status lagi. Bila terlalu lama, tanyakan ke pusat apakah NIK ini sudah ada sebelum mengirim ulang."),
        Status.RECEIVED_AT_CENTRAL: translate("status", "Tidak perlu tindakan. Paket di stasiun ini tetap disimpan sampai masa simpannya habis."),
        Status.ENROLL_FAILURE_AT_CENTRAL: translate("status", "Data tidak lengkap: tunggu permintaan pusat, lalu kirim ulang. Tidak terbaca: undang pemohon dan rekam ulang bagian yang disebut dalam perintah pusat."),
        Status.ENROLL_FAILURE_AT_REGIONAL: translate("status", "Betulkan kode wilayah di pengaturan, tandatangani indeks kirim yang baru, lalu kirim ulang setelah diminta pusat."),
        Status.SEARCH_FAILURE_AT_CENTRAL: translate("status", "Tunggu. Kirim ulang hanya bila diminta pusat; jangan merekam ulang."),
        Status.PACKET_ENTRY: translate("status", "Kirim ulang paket yang sama. Paket tidak ada: pulihkan dari cadangan. Benar-benar hilang: laporkan kehilangan."),
        Status.SENT_FOR_DEDUP: translate("status", "Tidak perlu tindakan, tunggu hasil pencocokan."),
        Status.DUPLICATE_RECORD: translate("status", "Jangan merekam ulang. Pilih: surat pindah, permohonan penghapusan, atau sanggahan beda orang; lalu cetak surat."),
        Status.ADJUDICATE_RECORD: translate("status", "Tunggu dan jangan menjanjikan waktu. Rekam ulang hanya setelah penghapusan di pusat."),
        Status.REQUEST_VALIDATION: translate("status", "Tugas dua orang: cocokkan foto, jenis kelamin, dan biodata dengan dokumen; jawab data benar, perbaiki di SIAK, atau rekam ulang."),
        Status.PRINT_READY_RECORD: translate("status", "Masukkan ke daftar cetak, kecuali ditahan karena umur belum 17 tahun."),
        Status.SENT_FOR_CARD_PRINTING: translate("status", "Cetak kartu dalam daftar ini."),
        Status.CARD_SHIPPED: translate("status", "Pastikan data cetak atau kartu sudah tiba."),
        Status.CARD_PRINTED: translate("status", "Periksa mutu cetak, catat nomor kotak, masukkan ke daftar pengambilan."),
        Status.CARD_ISSUED: translate("status", "Selesai. Cetak ulang hanya bila kartu hilang, rusak, atau data berubah."),
    }  # fmt: skip


def status_word(status: AnyStatus) -> str:
    """Return a status in plain words, also one nobody knows."""
    if isinstance(status, RawStatus):
        return translate("status", "Status tidak dikenal")
    return status_words()[status]


def task_word(status: AnyStatus, facts: Circumstances) -> str:
    """Return the officers' next act; a card that waits for an age or a report has its own."""
    if isinstance(status, RawStatus):
        return translate(
            "status", "Status tidak dikenal. Tanyakan ke pusat dan jangan merekam ulang."
        )
    if status is Status.PRINT_READY_RECORD and facts.age_hold:
        if facts.print_from is None:
            return translate("status", "Jangan dicetak dulu: tunggu sampai umur 17 tahun.")
        return translate(
            "status", "Jangan dicetak dulu: tunggu sampai umur 17 tahun, {date}."
        ).format(date=long_date(facts.print_from))
    if status is Status.CARD_ISSUED and facts.report_waits:
        return translate("status", "Kartu aktif. Laporan aktivasi menunggu dikirim ke pusat.")
    return task_words()[status]
