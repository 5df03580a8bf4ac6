"""What is said of a device on the page and on the terminal: its condition, and the one exact next step."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from station.device_report import Condition, DeviceReport, Upkeep
from station.devices import DeviceInfo, DeviceState, Grade, Modality

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Plight:
    """What is the matter, in a few words without a full stop, and what to do about it."""

    said: str
    step: str


def device_word(name: str) -> str:
    """Return what an operator calls a device, from a modality or a driver's name."""
    kind = name.split(".", 1)[0].lower()
    words = {
        "camera": translate("messages", "Kamera"),
        "face": translate("messages", "Kamera"),
        "finger": translate("messages", "Scanner jari"),
        "fingerprint": translate("messages", "Scanner jari"),
        "iris": translate("messages", "Scanner iris"),
        "pad": translate("messages", "Papan tanda tangan"),
        "signature": translate("messages", "Papan tanda tangan"),
        "card": translate("messages", "Pembaca kartu"),
        "smartcard": translate("messages", "Pembaca kartu"),
        "reader": translate("messages", "Pembaca kartu"),
    }
    return words.get(kind, translate("messages", "Alat"))


def grade_word(grade: Grade) -> str:
    """Return what a device's samples may be used for."""
    words = {
        Grade.ENROLMENT: translate("devices", "perekaman"),
        Grade.VERIFICATION: translate("devices", "pencocokan saja"),
        Grade.EMULATED: translate("devices", "latihan (tiruan)"),
    }
    return words[grade]


def grade_notes() -> Mapping[Grade, tuple[str, str]]:
    """Return head and paragraph about the grades that never make a real record."""
    return {
        Grade.EMULATED: (
            translate("devices", "Alat tiruan"),
            translate("devices", "Hasilnya tidak pernah masuk ke rekaman sungguhan."),
        ),
        Grade.VERIFICATION: (
            translate("devices", "Hanya untuk mencocokkan"),
            translate("devices", "Meja menolak merekam orang dengan alat ini."),
        ),
    }


def state_word(state: DeviceState) -> str:
    """Return what an open device is doing now."""
    words = {
        DeviceState.CLOSED: translate("devices", "tertutup sampai dipakai"),
        DeviceState.OPENING: translate("devices", "sedang dibuka"),
        DeviceState.READY: translate("devices", "menunggu perintah"),
        DeviceState.ARMED: translate("devices", "disiapkan untuk mengambil"),
        DeviceState.WAIT_SUBJECT: translate("devices", "menunggu pemohon"),
        DeviceState.ACQUIRING: translate("devices", "sedang mengambil"),
        DeviceState.TRANSFER: translate("devices", "sedang mengirim hasil"),
        DeviceState.REMOVED: translate("devices", "terlepas"),
        DeviceState.FAULT: translate("devices", "rusak"),
    }
    return words[state]


def upkeep_step(upkeep: Upkeep, modality: Modality) -> str:
    """Return the work that the device's own figures ask for."""
    glass = modality in {Modality.FINGER, Modality.CARD, Modality.SIGNATURE}
    words = {
        Upkeep.CLEAN: translate("devices", "Mutunya turun: lap kacanya dengan kain kering.")
        if glass
        else translate("devices", "Mutunya turun: lap lensanya dengan kain lensa."),
        Upkeep.CALIBRATE: translate("devices", "Mutunya tetap turun: kalibrasi alat ini."),
        Upkeep.CHECK_CABLE: translate(
            "devices", "Sering terputus: kencangkan kabelnya, atau ganti kabel."
        ),
    }
    return words[upkeep]


def code_plights() -> Mapping[str, Plight]:
    """Return the words for every error code a device can be in."""
    return {
        "DEVICE": Plight(translate("devices", "Bermasalah"), translate("devices", "Cabut kabelnya, tunggu lima detik, colokkan lagi.")),
        "DEVICE_NOT_FOUND": Plight(translate("devices", "Tidak terlihat"), translate("devices", "Colokkan kabelnya; alat dikenali sendiri.")),
        "DEVICE_BUSY": Plight(translate("devices", "Dipakai program lain"), translate("devices", "Tutup program itu; meja mencoba lagi sendiri.")),
        "DEVICE_REMOVED": Plight(translate("devices", "Kabelnya terlepas"), translate("devices", "Colokkan kembali; hasil sebelumnya tersimpan.")),
        "DEVICE_TIMEOUT": Plight(translate("devices", "Tidak menjawab"), translate("devices", "Cabut, tunggu lima detik, lalu colokkan lagi.")),
        "DEVICE_PROTOCOL": Plight(translate("devices", "Jawabannya tidak terbaca"), translate("devices", "Cabut dan colokkan lagi; bila tetap, panggil teknisi.")),
        "DEVICE_CHECKSUM": Plight(translate("devices", "Kirimannya rusak di jalan"), translate("devices", "Ganti kabel atau pindah ke colokan lain, lalu uji alat.")),
        "DEVICE_REJECTED": Plight(translate("devices", "Menolak perintah"), translate("devices", "Cabut dan colokkan lagi; bila tetap menolak, ganti alatnya.")),
        "DEVICE_AUTH": Plight(translate("devices", "Tidak terbukti alat yang terdaftar"), translate("devices", "Jangan dipakai. Panggil teknisi untuk mendaftarkan alat ini.")),
        "DEVICE_NOT_SUPPORTED": Plight(translate("devices", "Tidak bisa melakukan yang diminta"), translate("devices", "Pakai model lain, atau panggil teknisi.")),
        "DEVICE_FAULT": Plight(translate("devices", "Rusak"), translate("devices", "Cabut dan ganti alatnya; hasil sebelumnya tersimpan.")),
        "LAMP_STUCK": Plight(translate("devices", "Lampunya tidak mau padam"), translate("devices", "CABUT LAMPU sekarang, lalu panggil teknisi.")),
        "NO_SUBJECT": Plight(translate("devices", "Tidak ada yang ditempelkan"), translate("devices", "Alatnya baik. Minta pemohon bersiap, lalu ulangi.")),
        "DEVICE_OTHER": Plight(translate("devices", "Bukan alat yang tadi"), translate("devices", "Buka halaman Perangkat: terima alat ini, atau colokkan yang tadi.")),
        "DEVICE_GRADE": Plight(translate("devices", "Tidak boleh untuk merekam"), translate("devices", "Pasang alat perekaman; yang ini hanya untuk mencocokkan atau latihan.")),
        "DRIVER_REFUSED": Plight(translate("devices", "Penggeraknya ditolak"), translate("devices", "Panggil teknisi: jalankan rekam doctor dan perbaiki yang tertulis SALAH.")),
        "CARD": Plight(translate("devices", "Pembacanya bermasalah"), translate("devices", "Angkat kartu, cabut pembaca, lalu colokkan lagi.")),
        "CARD_NO_READER": Plight(translate("devices", "Pembaca tidak terlihat"), translate("devices", "Colokkan kabel pembaca; dikenali sendiri.")),
        "CARD_ABSENT": Plight(translate("devices", "Belum ada kartu"), translate("devices", "Pembacanya baik. Letakkan kartu di atasnya.")),
        "CARD_OUTCOME_UNKNOWN": Plight(translate("devices", "Kartu terangkat di tengah kerja"), translate("devices", "Letakkan kartu yang sama; pekerjaan diteruskan.")),
    }  # fmt: skip


def refined_plights() -> Mapping[tuple[str, str], Plight]:
    """Return what a reason, or the driver, makes more exact: keys are (code, reason) and (code, driver)."""
    register = translate("devices", "Panggil teknisi: tulis namanya di [devices] allowed.")
    service = translate("devices", "Panggil teknisi: jalankan layanan pcscd.")
    died = Plight(
        translate("devices", "Penggeraknya mati"),
        translate(
            "devices", "Ulangi; penggerak dimulai lagi sendiri. Bila sering, panggil teknisi."
        ),
    )
    return {
        ("DEVICE_NOT_FOUND", "reader.pcsc"): code_plights()["CARD_NO_READER"],
        **dict.fromkeys((("DEVICE_FAULT", f"helper {end}") for end in ("died", "ended", "closed its line")), died),
        ("DEVICE_FAULT", "crash loop"): Plight(translate("devices", "Penggeraknya mati berulang kali"), translate("devices", "Tunggu; dicoba lagi sendiri. Bila tetap, ganti alat dan panggil teknisi.")),
        ("DEVICE_TIMEOUT", "helper hangs"): Plight(translate("devices", "Penggeraknya macet"), translate("devices", "Ulangi; penggerak dimulai lagi sendiri. Bila tetap, cabut alatnya.")),
        ("DEVICE_NOT_SUPPORTED", "cannot be isolated"): Plight(translate("devices", "Alat ini tidak bisa dipisah"), translate("devices", "Panggil teknisi: keluarkan penggeraknya dari [devices] isolated.")),
        ("DEVICE_FAULT", "driver"): Plight(translate("devices", "Penggeraknya salah bekerja"), translate("devices", "Cabut dan colokkan lagi. Bila tetap, panggil teknisi: laporkan ke pemasok.")),
        ("DEVICE_FAULT", "no light"): Plight(translate("devices", "Lampunya tidak menyala"), translate("devices", "Periksa kabel lampu; bila tetap, ganti lampunya.")),
        ("DEVICE_FAULT", "colour"): Plight(translate("devices", "Bukan kamera inframerah"), translate("devices", "Pasang kamera inframerah; yang ini memberi gambar berwarna.")),
        ("DEVICE_FAULT", "calibration"): Plight(translate("devices", "Kalibrasinya tidak berhasil"), translate("devices", "Lap kacanya, kosongkan, lalu kalibrasi lagi.")),
        ("DEVICE_NOT_FOUND", "address"): Plight(translate("devices", "Alamatnya di pengaturan salah"), translate("devices", "Panggil teknisi: betulkan alamatnya di [devices].")),
        ("DEVICE_NOT_SUPPORTED", "env"): Plight(translate("devices", "Terdaftar untuk lingkungan lain"), translate("devices", "Panggil teknisi: samakan [devices.services] env, atau ganti alatnya.")),
        ("DEVICE_NOT_SUPPORTED", "specVersion"): Plight(translate("devices", "Versi layanannya tidak dikenal"), translate("devices", "Panggil teknisi: minta layanan SBI 0.9.5 atau 1.0 dari pemasok.")),
        ("DEVICE_NOT_SUPPORTED", "no blink"): Plight(translate("devices", "Alat ini tidak bisa berkedip"), translate("devices", "Kenali dari nomor seri pada stikernya.")),
        ("DEVICE_NOT_FOUND", "permission"): Plight(translate("devices", "Komputer menolak membukanya"), translate("devices", "Panggil teknisi: masukkan pengguna ini ke kelompok dialout, lalu masuk ulang.")),
        ("DEVICE_NOT_FOUND", "udev rule"): Plight(translate("devices", "Papan tidak boleh dibuka di sini"), translate("devices", "Panggil teknisi: pasang aturan udev 60-rekam-signature.rules.")),
        ("DEVICE_NOT_FOUND", "signature.tablet"): Plight(translate("devices", "Pena tablet tidak terlihat"), translate("devices", "Colokkan tablet; dekatkan penanya ke layar tablet.")),
        ("DEVICE_PROTOCOL", "line settings"): Plight(translate("devices", "Papan terdengar, tetapi tak terbaca"), translate("devices", "Panggil teknisi: betulkan pad_model di pengaturan, lalu periksa kabelnya.")),
        ("DEVICE_PROTOCOL", "layout"): Plight(translate("devices", "Laporan papan ini belum dikenal"), translate("devices", "Ganti papan; kabarkan modelnya kepada pemasok Rekam.")),
        ("DEVICE_NOT_SUPPORTED", "encrypted only"): Plight(translate("devices", "Papan ini hanya bicara terenkripsi"), translate("devices", "Ganti papan: STU-430, STU-530 atau STU-540.")),
        ("DEVICE_NOT_FOUND", "sbi"): Plight(translate("devices", "Layanan alat tidak menjawab"), translate("devices", "Jalankan layanan dari pembuat alat, lalu colokkan alatnya.")),
        ("DEVICE_AUTH", "certificate dates"): Plight(translate("devices", "Sertifikatnya di luar masa berlaku"), translate("devices", "Periksa tanggal komputer. Bila benar, panggil teknisi: minta sertifikat baru.")),
        ("DEVICE_AUTH", "unknown root"): Plight(translate("devices", "Penerbit sertifikatnya tidak dikenal"), translate("devices", "Panggil teknisi: pasang akar kepercayaan alat di iris_roots.")),
        ("DEVICE_AUTH", "finger.zfm"): Plight(translate("devices", "Kata sandi alat tidak cocok"), translate("devices", "Panggil teknisi: kembalikan kata sandi modul ke bawaan.")),
        ("DRIVER_REFUSED", "unknown"): Plight(translate("devices", "Penggeraknya tidak terpasang"), translate("devices", "Panggil teknisi: pasang paketnya, atau betulkan namanya di [devices].")),
        ("DRIVER_REFUSED", "not allowed"): Plight(translate("devices", "Penggeraknya belum diizinkan"), register),
        ("DRIVER_REFUSED", "does not load"): Plight(translate("devices", "Penggeraknya gagal dimuat"), translate("devices", "Panggil teknisi: pasang ulang paket penggerak itu.")),
        ("DRIVER_REFUSED", "not a driver"): Plight(translate("devices", "Paketnya bukan penggerak alat"), translate("devices", "Panggil teknisi: minta paket yang benar dari pemasok.")),
        ("DRIVER_REFUSED", "version"): Plight(translate("devices", "Penggeraknya untuk Rekam versi lain"), translate("devices", "Panggil teknisi: minta versi yang cocok dari pemasok.")),
        ("DRIVER_REFUSED", "modality"): Plight(translate("devices", "Penggeraknya untuk alat jenis lain"), translate("devices", "Panggil teknisi: betulkan penggerak tempat ini di [devices].")),
        ("DRIVER_REFUSED", "isolation"): Plight(translate("devices", "Penggeraknya tidak bisa dipisah"), translate("devices", "Panggil teknisi: hapus namanya dari [devices] isolated.")),
        ("DRIVER_REFUSED", "model"): Plight(translate("devices", "Model alatnya tidak dikenal"), translate("devices", "Panggil teknisi: betulkan model alat di pengaturan.")),
        ("CARD_NO_READER", "service"): Plight(translate("devices", "Layanan kartu tidak berjalan"), service),
        ("CARD_NO_READER", "pyscard_missing"): Plight(translate("devices", "Pustaka kartu tidak terpasang"), translate("devices", "Panggil teknisi: pasang ulang Rekam (pyscard tidak ada).")),
    }  # fmt: skip


def plight_of_code(code: str, reason: str = "", driver: str = "") -> Plight:
    """Return the words for an error code, as exact as its reason or its driver allows."""
    refined = refined_plights()
    for key in ((code, reason), (code, driver)):
        if key in refined:
            return refined[key]
    table = code_plights()
    return table.get(code, table["DEVICE"])


def plight_of(report: DeviceReport) -> Plight:
    """Return how a place is and the next step, '' when there is nothing to do."""
    condition = report.condition
    if condition is Condition.READY:
        step = upkeep_step(report.upkeep[0], report.modality) if report.upkeep else ""
        return Plight(translate("devices", "Siap"), step)
    if condition is Condition.WAIT:
        step = translate("devices", "Tunggu sebentar; alat siap sendiri.")
        if report.code == "DEVICE_BUSY":
            step = translate("devices", "Tunggu; bila lama, tutup program lain.")
        return Plight(translate("devices", "Sedang menyala, tunggu"), step)
    if condition is Condition.OTHER_DEVICE:
        return Plight(
            translate("devices", "Alat lain tercolok"),
            translate("devices", "Cocokkan nomornya. Salah alat: colokkan yang tadi."),
        )
    if condition is Condition.UNCONFIGURED:
        return Plight(
            translate("devices", "Belum dipasang di meja ini"),
            translate("devices", "Bila perlu, panggil teknisi untuk memasangnya."),
        )
    missing = "DEVICE_NOT_FOUND" if condition is Condition.ABSENT else "DEVICE"
    return plight_of_code(report.code or missing, report.reason, report.driver)


def told(text: str) -> str:
    """Return what a device says of itself; '' for the dash that stands for nothing."""
    return "" if text == "-" else text


def model_word(info: DeviceInfo | None) -> str:
    """Return make and model, '' when nothing is known."""
    return f"{info.make} {info.model}".strip() if info is not None else ""
