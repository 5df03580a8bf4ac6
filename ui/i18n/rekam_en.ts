<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="id_ID">
<context>
    <name>ArmedStep</name>
    <message>
        <source>Coba lagi</source>
        <translation>Try again</translation>
    </message>
</context>
<context>
    <name>CheckColumn</name>
    <message>
        <source>Pemeriksaan pagi</source>
        <translation>Morning check</translation>
    </message>
</context>
<context>
    <name>ChipCard</name>
    <message>
        <source>Kartu</source>
        <translation>Card</translation>
    </message>
</context>
<context>
    <name>CounterPage</name>
    <message>
        <source>Loket kartu</source>
        <translation>Card counter</translation>
    </message>
    <message>
        <source>Pilih pemilik kartu, lalu letakkan kartu di pembaca.</source>
        <translation>Choose the owner, then lay the card on the reader.</translation>
    </message>
    <message>
        <source>Jari dicocokkan dengan isi chip. Tidak cocok: lap jari, baca ulang, atau jari lain.</source>
        <translation>The finger is compared with the chip. No match: wipe the finger, read again, or another finger.</translation>
    </message>
    <message>
        <source>Kartu rusak atau bukan miliknya: F8, lalu masukkan ke kotak yang disebut.</source>
        <translation>Card broken or not theirs: F8, then put it in the box named.</translation>
    </message>
</context>
<context>
    <name>CounterPresenter</name>
    <message>
        <source>Isi kartu belum siap di pusat.</source>
        <translation>The card&apos;s contents are not ready at the centre.</translation>
    </message>
    <message>
        <source>Tunggu sebentar, lalu coba lagi.</source>
        <translation>Wait a moment, then try again.</translation>
    </message>
    <message>
        <source>Coba lagi</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>Jari tidak cocok dengan kartu.</source>
        <translation>The finger does not match the card.</translation>
    </message>
    <message>
        <source>Lap jari dan kaca, lalu coba lagi. Sisa percobaan: {n}.</source>
        <translation>Wipe the finger and the glass, then try again. Tries left: {n}.</translation>
    </message>
    <message>
        <source>Belum ada jari di kaca.</source>
        <translation>No finger on the glass yet.</translation>
    </message>
    <message>
        <source>Minta pemilik menempelkan jarinya.</source>
        <translation>Ask the holder to place the finger.</translation>
    </message>
    <message>
        <source>Serahkan tanpa sidik jari</source>
        <translation>Hand over without a fingerprint</translation>
    </message>
    <message>
        <source>Pengawas memastikan orangnya</source>
        <translation>A supervisor confirms the person</translation>
    </message>
    <message>
        <source>tidak ada jari di chip</source>
        <translation>no finger in the chip</translation>
    </message>
    <message>
        <source>jari luka atau diperban</source>
        <translation>finger injured or bandaged</translation>
    </message>
    <message>
        <source>kondisi kesehatan</source>
        <translation>health condition</translation>
    </message>
    <message>
        <source>Setujui</source>
        <translation>Approve</translation>
    </message>
    <message>
        <source>Kotak kartu asing</source>
        <translation>Box for foreign cards</translation>
    </message>
    <message>
        <source>Kotak kartu rusak</source>
        <translation>Box for broken cards</translation>
    </message>
    <message>
        <source>Kotak kartu ditahan</source>
        <translation>Box for cards kept back</translation>
    </message>
    <message>
        <source>Kartu ini tidak diserahkan</source>
        <translation>This card is not handed over</translation>
    </message>
    <message>
        <source>Kartu siap diambil</source>
        <translation>Cards ready to collect</translation>
    </message>
    <message>
        <source>Pilih orangnya, lalu tekan Enter.</source>
        <translation>Choose the person, then press Enter.</translation>
    </message>
    <message>
        <source>Letakkan kartu di pembaca.</source>
        <translation>Lay the card on the reader.</translation>
    </message>
    <message>
        <source>Jangan angkat kartu.</source>
        <translation>Leave the card where it is.</translation>
    </message>
    <message>
        <source>Samakan foto chip dengan orangnya.</source>
        <translation>Compare the chip&apos;s photo with the person.</translation>
    </message>
    <message>
        <source>Ada di daftar ambil</source>
        <translation>On the collection list</translation>
    </message>
    <message>
        <source>Chip ditulis</source>
        <translation>Chip written</translation>
    </message>
    <message>
        <source>Chip asli</source>
        <translation>Chip is genuine</translation>
    </message>
    <message>
        <source>Foto cocok</source>
        <translation>Photo matches</translation>
    </message>
    <message>
        <source>Dicocokkan</source>
        <translation>Matching</translation>
    </message>
    <message>
        <source>Tahan {finger}</source>
        <translation>Hold {finger}</translation>
    </message>
    <message>
        <source>Jari terbaca</source>
        <translation>Finger read</translation>
    </message>
    <message>
        <source>Pemilik dipastikan</source>
        <translation>Holder confirmed</translation>
    </message>
    <message>
        <source>{n} dari {all}</source>
        <translation>{n} of {all}</translation>
    </message>
    <message>
        <source>Jangan angkat jari sampai terbaca.</source>
        <translation>Keep the finger down until it is read.</translation>
    </message>
    <message>
        <source>Chip diaktifkan</source>
        <translation>Chip activated</translation>
    </message>
    <message>
        <source>Laporan ditandatangani</source>
        <translation>Report signed</translation>
    </message>
    <message>
        <source>Kartu diserahkan</source>
        <translation>Card handed over</translation>
    </message>
    <message>
        <source>Serahkan kartu kepada pemiliknya.</source>
        <translation>Hand the card to its holder.</translation>
    </message>
    <message>
        <source>Layani</source>
        <translation>Serve</translation>
    </message>
    <message>
        <source>Orangnya sama</source>
        <translation>Same person</translation>
    </message>
    <message>
        <source>Bukan orangnya</source>
        <translation>Not this person</translation>
    </message>
    <message>
        <source>Baca ulang</source>
        <translation>Read again</translation>
    </message>
    <message>
        <source>Jari lain</source>
        <translation>Another finger</translation>
    </message>
    <message>
        <source>Pengawas</source>
        <translation>Supervisor</translation>
    </message>
    <message>
        <source>Serahkan kartu</source>
        <translation>Hand over the card</translation>
    </message>
    <message>
        <source>Orang berikutnya</source>
        <translation>Next person</translation>
    </message>
</context>
<context>
    <name>DataPage</name>
    <message>
        <source>Data</source>
        <translation>Data</translation>
    </message>
    <message>
        <source>Bacakan data ini bersama pemohon. Layar ini hanya menampilkan data SIAK.</source>
        <translation>Read these data together with the applicant. This screen only shows what SIAK says.</translation>
    </message>
    <message>
        <source>Benar: tekan Enter. Ada yang salah: tekan F8, data diperbaiki di loket SIAK.</source>
        <translation>Right: press Enter. Something wrong: press F8, the SIAK desk corrects the data.</translation>
    </message>
    <message>
        <source>NIK {nik}</source>
        <translation>NIK {nik}</translation>
    </message>
</context>
<context>
    <name>DataStep</name>
    <message>
        <source>Bacakan datanya</source>
        <translation>Check with the applicant</translation>
    </message>
    <message>
        <source>Nama dan NIK</source>
        <translation>Name and NIK</translation>
    </message>
    <message>
        <source>Tempat dan tanggal lahir</source>
        <translation>Place and date of birth</translation>
    </message>
    <message>
        <source>Alamat</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>Kacamata dan lensa dilepas</source>
        <translation>Glasses and lenses off</translation>
    </message>
    <message>
        <source>Data benar</source>
        <translation>Data is right</translation>
    </message>
    <message>
        <source>Ada yang salah</source>
        <translation>Something is wrong</translation>
    </message>
    <message>
        <source>Data diperbaiki di loket SIAK dulu.</source>
        <translation>The SIAK desk corrects the data first.</translation>
    </message>
    <message>
        <source>Rekaman ini ditutup; pemohon kembali setelah datanya benar.</source>
        <translation>This record closes; the applicant comes back when the data is right.</translation>
    </message>
    <message>
        <source>Tutup rekaman</source>
        <translation>Close the record</translation>
    </message>
</context>
<context>
    <name>DetailColumn</name>
    <message>
        <source>Kode</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Pilih satu rekaman untuk melihat perjalanannya.</source>
        <translation>Choose a record to see its way.</translation>
    </message>
    <message>
        <source>Katakan kepada pemohon</source>
        <translation>Tell the applicant</translation>
    </message>
</context>
<context>
    <name>DeviceDetail</name>
    <message>
        <source>Uji alat</source>
        <translation>Test device</translation>
    </message>
    <message>
        <source>Kenali alat</source>
        <translation>Identify device</translation>
    </message>
    <message>
        <source>Kalibrasi</source>
        <translation>Calibrate</translation>
    </message>
    <message>
        <source>Perawatan</source>
        <translation>Upkeep</translation>
    </message>
    <message>
        <source>Uji {name}</source>
        <translation>Test {name}</translation>
    </message>
    <message>
        <source>Buat {name} berkedip atau berbunyi</source>
        <translation>Make {name} blink or beep</translation>
    </message>
    <message>
        <source>Kalibrasi {name}</source>
        <translation>Calibrate {name}</translation>
    </message>
</context>
<context>
    <name>DeviceTile</name>
    <message>
        <source>Sedang diuji…</source>
        <translation>Being tested…</translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>Perangkat</source>
        <translation>Devices</translation>
    </message>
    <message>
        <source>Panah atas dan bawah memilih alat. Kolom kanan berisi semua tentang alat itu.</source>
        <translation>The up and down arrows choose a device. The right column holds all about it.</translation>
    </message>
    <message>
        <source>Hijau: siap. Jam: sedang menyala. Kuning: perlu dilihat. Merah: tidak terlihat.</source>
        <translation>Green: ready. Clock: starting up. Amber: needs a look. Red: not seen.</translation>
    </message>
    <message>
        <source>Cabut dan colok terlihat sendiri; F5 mencari saat itu juga.</source>
        <translation>Unplugging and plugging show by themselves; F5 looks at once.</translation>
    </message>
    <message>
        <source>Alat latihan tidak pernah masuk ke rekaman sungguhan.</source>
        <translation>Rehearsal devices never get into a real record.</translation>
    </message>
</context>
<context>
    <name>DevicesPresenter</name>
    <message>
        <source>Cari lagi</source>
        <translation>Look again</translation>
    </message>
    <message>
        <source>{n} dari {all} alat siap</source>
        <translation>{n} of {all} devices ready</translation>
    </message>
    <message>
        <source>{name} berkedip atau berbunyi tadi.</source>
        <translation>{name} blinked or beeped just now.</translation>
    </message>
    <message>
        <source>{name} sudah dikalibrasi.</source>
        <translation>{name} is calibrated.</translation>
    </message>
    <message>
        <source>baik</source>
        <translation>good</translation>
    </message>
    <message>
        <source>{name} yang baru diterima dan dicatat.</source>
        <translation>The new {name} is accepted and noted.</translation>
    </message>
</context>
<context>
    <name>DistanceBar</name>
    <message>
        <source>Jarak mata</source>
        <translation>Distance of the eyes</translation>
    </message>
    <message>
        <source>belum terukur</source>
        <translation>not measured yet</translation>
    </message>
    <message>
        <source>terlalu jauh</source>
        <translation>too far</translation>
    </message>
    <message>
        <source>terlalu dekat</source>
        <translation>too near</translation>
    </message>
    <message>
        <source>pas</source>
        <translation>right</translation>
    </message>
    <message>
        <source>Terlalu jauh</source>
        <translation>Too far</translation>
    </message>
    <message>
        <source>Terlalu dekat</source>
        <translation>Too near</translation>
    </message>
    <message>
        <source>Jarak pas</source>
        <translation>Right distance</translation>
    </message>
</context>
<context>
    <name>DonePage</name>
    <message>
        <source>Selesai</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>Rekaman sudah tersimpan di meja ini dan disegel.</source>
        <translation>The record is saved at this desk and sealed.</translation>
    </message>
    <message>
        <source>F7 mencetak tanda terima; F8 menyimpannya sebagai PDF.</source>
        <translation>F7 prints the receipt; F8 saves it as a PDF.</translation>
    </message>
    <message>
        <source>Enter: orang berikutnya.</source>
        <translation>Enter: next person.</translation>
    </message>
    <message>
        <source>Selanjutnya</source>
        <translation>What comes next</translation>
    </message>
    <message>
        <source>Tanda terima</source>
        <translation>Receipt</translation>
    </message>
    <message>
        <source>Sebutkan kode ini di loket.</source>
        <translation>Say this code at the counter.</translation>
    </message>
    <message>
        <source>GRATIS</source>
        <translation>FREE OF CHARGE</translation>
    </message>
    <message>
        <source>Tidak dipungut biaya apa pun.</source>
        <translation>Nothing is to be paid.</translation>
    </message>
    <message>
        <source>Tiket {ticket}</source>
        <translation>Ticket {ticket}</translation>
    </message>
</context>
<context>
    <name>DoneStep</name>
    <message>
        <source>Paket dikirim sendiri begitu jaringan ada.</source>
        <translation>The packet sends itself as soon as the line is up.</translation>
    </message>
    <message>
        <source>Pusat mencocokkan data; biasanya beberapa hari.</source>
        <translation>The centre compares the data; usually a few days.</translation>
    </message>
    <message>
        <source>Kartu dicetak mulai {date}.</source>
        <translation>The card is printed from {date}.</translation>
    </message>
    <message>
        <source>Kabar kartu: sebutkan kode ini di loket.</source>
        <translation>News of the card: say this code at the counter.</translation>
    </message>
    <message>
        <source>Tersimpan dan disegel</source>
        <translation>Saved and sealed</translation>
    </message>
    <message>
        <source>Paket {size}, sidik {hash}</source>
        <translation>Packet {size}, hash {hash}</translation>
    </message>
    <message>
        <source>Orang berikutnya</source>
        <translation>Next person</translation>
    </message>
    <message>
        <source>Cetak tanda terima</source>
        <translation>Print receipt</translation>
    </message>
    <message>
        <source>Simpan PDF</source>
        <translation>Save PDF</translation>
    </message>
    <message>
        <source>Meja {desk}</source>
        <translation>Desk {desk}</translation>
    </message>
    <message>
        <source>Tanda terima dicetak.</source>
        <translation>Receipt printed.</translation>
    </message>
    <message>
        <source>Tanda terima disimpan sebagai PDF.</source>
        <translation>Receipt saved as PDF.</translation>
    </message>
    <message>
        <source>Tidak ada printer; disimpan sebagai PDF.</source>
        <translation>No printer; saved as PDF.</translation>
    </message>
    <message>
        <source>Tutup</source>
        <translation>Close</translation>
    </message>
</context>
<context>
    <name>EnrolmentPresenter</name>
    <message>
        <source>Waktu pemohon ini</source>
        <translation>Time for this person</translation>
    </message>
    <message>
        <source>dari 3:00</source>
        <translation>of 3:00</translation>
    </message>
</context>
<context>
    <name>ExemptionPanel</name>
    <message>
        <source>Alasan</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>Rekam menyusul (tahun-bulan-hari)</source>
        <translation>To be taken on (year-month-day)</translation>
    </message>
    <message>
        <source>Perlu persetujuan orang kedua</source>
        <translation>A second person must agree</translation>
    </message>
    <message>
        <source>Petugas kedua</source>
        <translation>Second operator</translation>
    </message>
    <message>
        <source>PIN petugas kedua</source>
        <translation>Second operator&apos;s PIN</translation>
    </message>
    <message>
        <source>Kecualikan</source>
        <translation>Leave out</translation>
    </message>
    <message>
        <source>Batal</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Pilih atau tulis alasannya.</source>
        <translation>Choose or write the reason.</translation>
    </message>
    <message>
        <source>Isi tanggal rekam menyusul.</source>
        <translation>Fill in the day to take it.</translation>
    </message>
    <message>
        <source>Isi nama petugas kedua.</source>
        <translation>Fill in the second operator.</translation>
    </message>
    <message>
        <source>Isi PIN petugas kedua.</source>
        <translation>Fill in the second operator&apos;s PIN.</translation>
    </message>
</context>
<context>
    <name>EyePlace</name>
    <message>
        <source>tersimpan</source>
        <translation>saved</translation>
    </message>
    <message>
        <source>diminta sekarang</source>
        <translation>asked now</translation>
    </message>
    <message>
        <source>kurang jelas</source>
        <translation>not clear enough</translation>
    </message>
    <message>
        <source>dikecualikan</source>
        <translation>left out</translation>
    </message>
    <message>
        <source>perlu diulang</source>
        <translation>to be repeated</translation>
    </message>
    <message>
        <source>belum</source>
        <translation>not yet</translation>
    </message>
</context>
<context>
    <name>FindField</name>
    <message>
        <source>Cari rekaman</source>
        <translation>Find a record</translation>
    </message>
    <message>
        <source>Nama, NIK, atau kode</source>
        <translation>Name, NIK or code</translation>
    </message>
</context>
<context>
    <name>FingerStep</name>
    <message>
        <source>mutu terbaik setelah beberapa percobaan</source>
        <translation>best quality after several tries</translation>
    </message>
    <message>
        <source>Tanpa cek ulang: {finger}</source>
        <translation>Without a check: {finger}</translation>
    </message>
    <message>
        <source>Pengawas memastikan orangnya</source>
        <translation>A supervisor confirms the person</translation>
    </message>
    <message>
        <source>alur jari aus</source>
        <translation>ridges worn</translation>
    </message>
    <message>
        <source>kulit kering atau luka</source>
        <translation>skin dry or injured</translation>
    </message>
    <message>
        <source>kondisi kesehatan</source>
        <translation>health condition</translation>
    </message>
    <message>
        <source>Setujui</source>
        <translation>Approve</translation>
    </message>
    <message>
        <source>Belum ada jari di kaca.</source>
        <translation>No finger on the glass yet.</translation>
    </message>
    <message>
        <source>Minta jari ditempelkan, atau kecualikan (F2).</source>
        <translation>Ask for the finger, or leave it out (F2).</translation>
    </message>
    <message>
        <source>Coba lagi</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>Bagus, tersimpan</source>
        <translation>Good, saved</translation>
    </message>
    <message>
        <source>Mutu masih kurang setelah {n} percobaan.</source>
        <translation>Still too weak after {n} tries.</translation>
    </message>
    <message>
        <source>Pakai yang terbaik (F8), kecualikan (F2), atau coba lagi.</source>
        <translation>Use the best (F8), leave it out (F2), or try again.</translation>
    </message>
    <message>
        <source>Cocok dengan rekaman tadi</source>
        <translation>Matches the earlier print</translation>
    </message>
    <message>
        <source>{finger} tidak cocok dengan rekamannya.</source>
        <translation>{finger} does not match its print.</translation>
    </message>
    <message>
        <source>Rekam ulang jari itu, atau minta pengawas menyetujui (F8).</source>
        <translation>Take that finger again, or let a supervisor approve (F8).</translation>
    </message>
    <message>
        <source>Rekam ulang</source>
        <translation>Take again</translation>
    </message>
    <message>
        <source>Cek ulang: {finger}</source>
        <translation>Check again: {finger}</translation>
    </message>
    <message>
        <source>Tempelkan {finger}</source>
        <translation>Place {finger}</translation>
    </message>
    <message>
        <source>Semua jari selesai</source>
        <translation>All fingers done</translation>
    </message>
    <message>
        <source>{done} dari {all} jari baik</source>
        <translation>{done} of {all} fingers good</translation>
    </message>
    <message>
        <source>Semua jari dikecualikan</source>
        <translation>All fingers left out</translation>
    </message>
    <message>
        <source>sisa {n} kali</source>
        <translation>{n} tries left</translation>
    </message>
    <message>
        <source>dikecualikan</source>
        <translation>left out</translation>
    </message>
    <message>
        <source>{done} dari {all} baik</source>
        <translation>{done} of {all} good</translation>
    </message>
    <message>
        <source>Mutu sidik jari</source>
        <translation>Fingerprint quality</translation>
    </message>
    <message>
        <source>Percobaan, yang terbaik disimpan</source>
        <translation>Tries, the best is kept</translation>
    </message>
    <message>
        <source>Di tengah kaca</source>
        <translation>In the middle of the glass</translation>
    </message>
    <message>
        <source>Seluruh jari</source>
        <translation>Whole fingertip</translation>
    </message>
    <message>
        <source>Tekanan pas</source>
        <translation>Pressure right</translation>
    </message>
    <message>
        <source>Kulit cukup lembap</source>
        <translation>Skin moist enough</translation>
    </message>
    <message>
        <source>Alur jelas</source>
        <translation>Ridges clear</translation>
    </message>
    <message>
        <source>{score} terbaik</source>
        <translation>{score} best</translation>
    </message>
    <message>
        <source>kosong</source>
        <translation>empty</translation>
    </message>
    <message>
        <source>Kecualikan jari</source>
        <translation>Leave out finger</translation>
    </message>
    <message>
        <source>Pengawas</source>
        <translation>Supervisor</translation>
    </message>
    <message>
        <source>Pakai terbaik</source>
        <translation>Use the best</translation>
    </message>
    <message>
        <source>Ambil sekarang</source>
        <translation>Take now</translation>
    </message>
    <message>
        <source>Jari ini dikecualikan</source>
        <translation>This finger is left out</translation>
    </message>
    <message>
        <source>Lanjut</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>Batalkan pengecualian</source>
        <translation>Take it after all</translation>
    </message>
    <message>
        <source>Lanjut ke iris</source>
        <translation>On to the irises</translation>
    </message>
</context>
<context>
    <name>FingersPage</name>
    <message>
        <source>Jari</source>
        <translation>Fingers</translation>
    </message>
    <message>
        <source>Jari yang berdenyut yang diminta. Setelah baik, jari berikutnya menyusul sendiri.</source>
        <translation>The pulsing finger is the one asked for. Once good, the next one follows by itself.</translation>
    </message>
    <message>
        <source>Tekan kuku di gambar untuk meminta jari itu: mengulang atau mengecualikan.</source>
        <translation>Press a nail in the picture to ask for that finger: to repeat it or leave it out.</translation>
    </message>
    <message>
        <source>F2: jari ini dikecualikan, dengan alasan. Yang terbaik dari tiap jari disimpan.</source>
        <translation>F2: leave this finger out, with a reason. The best of each finger is kept.</translation>
    </message>
    <message>
        <source>Tangan kiri</source>
        <translation>Left hand</translation>
    </message>
    <message>
        <source>Tangan kanan</source>
        <translation>Right hand</translation>
    </message>
    <message>
        <source>Kelingking kiri</source>
        <translation>Left little finger</translation>
    </message>
    <message>
        <source>Jari manis kiri</source>
        <translation>Left ring finger</translation>
    </message>
    <message>
        <source>Jari tengah kiri</source>
        <translation>Left middle finger</translation>
    </message>
    <message>
        <source>Telunjuk kiri</source>
        <translation>Left index finger</translation>
    </message>
    <message>
        <source>Jempol kiri</source>
        <translation>Left thumb</translation>
    </message>
    <message>
        <source>Jempol kanan</source>
        <translation>Right thumb</translation>
    </message>
    <message>
        <source>Telunjuk kanan</source>
        <translation>Right index finger</translation>
    </message>
    <message>
        <source>Jari tengah kanan</source>
        <translation>Right middle finger</translation>
    </message>
    <message>
        <source>Jari manis kanan</source>
        <translation>Right ring finger</translation>
    </message>
    <message>
        <source>Kelingking kanan</source>
        <translation>Right little finger</translation>
    </message>
</context>
<context>
    <name>Hand</name>
    <message>
        <source>baik</source>
        <translation>good</translation>
    </message>
    <message>
        <source>diminta sekarang</source>
        <translation>asked now</translation>
    </message>
    <message>
        <source>kurang baik</source>
        <translation>not good enough</translation>
    </message>
    <message>
        <source>dikecualikan</source>
        <translation>left out</translation>
    </message>
    <message>
        <source>perlu diulang</source>
        <translation>to be repeated</translation>
    </message>
    <message>
        <source>belum</source>
        <translation>not yet</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Belum ada pemohon di meja ini</source>
        <translation>No applicant at this desk</translation>
    </message>
</context>
<context>
    <name>HealthStrip</name>
    <message>
        <source>siap</source>
        <translation>ready</translation>
    </message>
    <message>
        <source>sedang menyala</source>
        <translation>starting up</translation>
    </message>
    <message>
        <source>perlu dilihat</source>
        <translation>needs a look</translation>
    </message>
    <message>
        <source>alat lain tercolok</source>
        <translation>another device</translation>
    </message>
    <message>
        <source>tidak ada</source>
        <translation>not there</translation>
    </message>
    <message>
        <source>tidak dipasang</source>
        <translation>not set up</translation>
    </message>
</context>
<context>
    <name>HelpPanel</name>
    <message>
        <source>Tutup bantuan</source>
        <translation>Close help</translation>
    </message>
    <message>
        <source>Bantuan</source>
        <translation>Help</translation>
    </message>
</context>
<context>
    <name>InkCanvas</name>
    <message>
        <source>Tanda tangan</source>
        <translation>Signature</translation>
    </message>
</context>
<context>
    <name>IrisPage</name>
    <message>
        <source>Iris</source>
        <translation>Iris</translation>
    </message>
    <message>
        <source>Kacamata dilepas. Pemohon melihat ke tengah lensa, dagu diam.</source>
        <translation>Glasses off. The applicant looks into the middle of the lens, chin still.</translation>
    </message>
    <message>
        <source>Kelopak menutup? Pemohon boleh membuka kelopak dengan jarinya sendiri.</source>
        <translation>Lids closing? The applicant may hold them open with their own fingers.</translation>
    </message>
    <message>
        <source>Mata tidak bisa direkam: F2, dengan alasan.</source>
        <translation>Eye cannot be taken: F2, with a reason.</translation>
    </message>
    <message>
        <source>Mata kanan</source>
        <translation>Right eye</translation>
    </message>
    <message>
        <source>Mata kiri</source>
        <translation>Left eye</translation>
    </message>
    <message>
        <source>Kelopak menutup? Minta pemohon membukanya dengan dua jari.</source>
        <translation>Lids closing? Ask the applicant to hold them open with two fingers.</translation>
    </message>
</context>
<context>
    <name>IrisStep</name>
    <message>
        <source>mutu terbaik setelah beberapa percobaan</source>
        <translation>best quality after several tries</translation>
    </message>
    <message>
        <source>Lihat ke tengah lensa</source>
        <translation>Look into the lens</translation>
    </message>
    <message>
        <source>Lihat lensa: {eye}</source>
        <translation>Look at the lens: {eye}</translation>
    </message>
    <message>
        <source>{eye} masih kurang jelas.</source>
        <translation>{eye} is still not clear.</translation>
    </message>
    <message>
        <source>Bantu buka kelopaknya, pakai yang terbaik (F8), atau kecualikan (F2).</source>
        <translation>Help hold the lid open, use the best (F8), or leave it out (F2).</translation>
    </message>
    <message>
        <source>Mata belum terlihat.</source>
        <translation>No eye in sight yet.</translation>
    </message>
    <message>
        <source>Minta pemohon melihat ke lensa, atau kecualikan (F2).</source>
        <translation>Ask the applicant to look into the lens, or leave it out (F2).</translation>
    </message>
    <message>
        <source>Hanya saran: ulangi bila perlu, atau lanjutkan.</source>
        <translation>Advice only: take it again if needed, or go on.</translation>
    </message>
    <message>
        <source>Mutu iris</source>
        <translation>Iris quality</translation>
    </message>
    <message>
        <source>Jarak pas</source>
        <translation>Right distance</translation>
    </message>
    <message>
        <source>Mata terbuka lebar</source>
        <translation>Eyes wide open</translation>
    </message>
    <message>
        <source>Melihat ke lensa</source>
        <translation>Looking at the lens</translation>
    </message>
    <message>
        <source>Tajam</source>
        <translation>Sharp</translation>
    </message>
    <message>
        <source>Kecualikan {eye}</source>
        <translation>Leave out {eye}</translation>
    </message>
    <message>
        <source>Pakai terbaik</source>
        <translation>Use the best</translation>
    </message>
    <message>
        <source>Ambil sekarang</source>
        <translation>Take now</translation>
    </message>
    <message>
        <source>Kedua iris selesai</source>
        <translation>Both irises done</translation>
    </message>
    <message>
        <source>Lanjut ke tinjau</source>
        <translation>On to the review</translation>
    </message>
</context>
<context>
    <name>LockButton</name>
    <message>
        <source>Kunci meja (F9)</source>
        <translation>Lock the desk (F9)</translation>
    </message>
</context>
<context>
    <name>OutboxPage</name>
    <message>
        <source>Pengiriman</source>
        <translation>Delivery</translation>
    </message>
    <message>
        <source>Paket dikirim sendiri. Jaringan putus tidak menghilangkan apa pun.</source>
        <translation>Packets send themselves. A broken line loses nothing.</translation>
    </message>
    <message>
        <source>Kiriman yang putus diteruskan dari tempatnya berhenti.</source>
        <translation>An upload that was cut goes on where it stopped.</translation>
    </message>
    <message>
        <source>Jaringan lama mati? Rekam terus; panggil pengawas bila sehari belum tersambung.</source>
        <translation>Line down for long? Go on recording; call the supervisor if it is not back within a day.</translation>
    </message>
    <message>
        <source>Jeda kirim</source>
        <translation>Pause sending</translation>
    </message>
    <message>
        <source>Semua paket sudah diterima pusat</source>
        <translation>The centre has all packets</translation>
    </message>
    <message>
        <source>Paket yang menunggu</source>
        <translation>Waiting packets</translation>
    </message>
    <message>
        <source>Lanjutkan kirim</source>
        <translation>Resume sending</translation>
    </message>
</context>
<context>
    <name>OutboxPresenter</name>
    <message>
        <source>Kirim sekarang</source>
        <translation>Send now</translation>
    </message>
    <message>
        <source>Menunggu</source>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>paket</source>
        <translation>packets</translation>
    </message>
    <message>
        <source>Sisa</source>
        <translation>Left</translation>
    </message>
    <message>
        <source>Tertua</source>
        <translation>Oldest</translation>
    </message>
    <message>
        <source>Pengiriman dijeda</source>
        <translation>Sending is paused</translation>
    </message>
    <message>
        <source>Tekan “Lanjutkan kirim” bila siap.</source>
        <translation>Press “Resume sending” when ready.</translation>
    </message>
    <message>
        <source>Jaringan putus</source>
        <translation>The line is down</translation>
    </message>
    <message>
        <source>Dicoba lagi sendiri dalam {n} detik; perekaman tetap jalan.</source>
        <translation>Trying again in {n} seconds; recording goes on.</translation>
    </message>
    <message>
        <source>Tersambung ke pusat</source>
        <translation>Connected to the centre</translation>
    </message>
    <message>
        <source>Menyambung ke pusat…</source>
        <translation>Connecting to the centre…</translation>
    </message>
    <message>
        <source>Tersimpan</source>
        <translation>Saved</translation>
    </message>
    <message>
        <source>Menunggu giliran</source>
        <translation>Waiting its turn</translation>
    </message>
    <message>
        <source>Sedang dikirim</source>
        <translation>Being sent</translation>
    </message>
    <message>
        <source>Menunggu tanda terima</source>
        <translation>Waiting for the receipt</translation>
    </message>
    <message>
        <source>Pusat minta kirim ulang</source>
        <translation>The centre asks to send again</translation>
    </message>
</context>
<context>
    <name>PhotoPage</name>
    <message>
        <source>Foto</source>
        <translation>Photo</translation>
    </message>
    <message>
        <source>Wajah di dalam oval, mata di garis. Ikuti satu kalimat di kanan.</source>
        <translation>Face inside the oval, eyes on the line. Follow the one sentence at the right.</translation>
    </message>
    <message>
        <source>Foto terambil sendiri setelah setengah detik semuanya baik; Spasi: ambil sekarang.</source>
        <translation>The photo takes itself after half a second of good; Space: take it now.</translation>
    </message>
    <message>
        <source>Tunjukkan fotonya. Pemohon setuju: Enter. Belum: F10 untuk mengulang.</source>
        <translation>Show the photo. The applicant agrees: Enter. Not yet: F10 to repeat.</translation>
    </message>
    <message>
        <source>Setuju?</source>
        <translation>Do you agree?</translation>
    </message>
    <message>
        <source>Foto ini akan tercetak di KTP-el Anda.</source>
        <translation>This photo will be printed on your card.</translation>
    </message>
    <message>
        <source>Belum cocok? Bilang saja, kita ulangi.</source>
        <translation>Not right yet? Just say so, we take it again.</translation>
    </message>
</context>
<context>
    <name>PhotoStage</name>
    <message>
        <source>Gambar langsung dari kamera</source>
        <translation>Live picture of the camera</translation>
    </message>
    <message>
        <source>Menunggu kamera</source>
        <translation>Waiting for the camera</translation>
    </message>
    <message>
        <source>Garis mata</source>
        <translation>Eye line</translation>
    </message>
    <message>
        <source>Langsung</source>
        <translation>Live</translation>
    </message>
</context>
<context>
    <name>PhotoStep</name>
    <message>
        <source>terbaik</source>
        <translation>best</translation>
    </message>
    <message>
        <source>kurang</source>
        <translation>weak</translation>
    </message>
    <message>
        <source>foto terbaik setelah beberapa percobaan</source>
        <translation>best photo after several tries</translation>
    </message>
    <message>
        <source>Besar wajah di bingkai</source>
        <translation>Size of the face in the frame</translation>
    </message>
    <message>
        <source>Percobaan</source>
        <translation>Tries</translation>
    </message>
    <message>
        <source>Satu wajah</source>
        <translation>One face</translation>
    </message>
    <message>
        <source>Jarak dan letak</source>
        <translation>Distance and place</translation>
    </message>
    <message>
        <source>Wajah lurus</source>
        <translation>Face straight</translation>
    </message>
    <message>
        <source>Hanya saran: ulangi bila perlu, atau lanjutkan.</source>
        <translation>Advice only: take it again if needed, or go on.</translation>
    </message>
    <message>
        <source>Cahaya dan latar</source>
        <translation>Light and backdrop</translation>
    </message>
    <message>
        <source>Mata terbuka, tajam</source>
        <translation>Eyes open, sharp</translation>
    </message>
    <message>
        <source>Ambil foto</source>
        <translation>Take photo</translation>
    </message>
    <message>
        <source>Pemohon setuju?</source>
        <translation>Applicant agrees?</translation>
    </message>
    <message>
        <source>Foto sudah disetujui</source>
        <translation>Photo already approved</translation>
    </message>
    <message>
        <source>Foto dikecualikan</source>
        <translation>Photo left out</translation>
    </message>
    <message>
        <source>Pemohon setuju</source>
        <translation>Applicant agrees</translation>
    </message>
    <message>
        <source>Lanjut</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>Pakai foto ini</source>
        <translation>Use this photo</translation>
    </message>
    <message>
        <source>Ulangi foto</source>
        <translation>Retake photo</translation>
    </message>
    <message>
        <source>Foto belum cukup baik.</source>
        <translation>The photo is not good enough yet.</translation>
    </message>
    <message>
        <source>Ulangi; foto ini tetap tersimpan sebagai percobaan.</source>
        <translation>Take it again; this one is kept as a try.</translation>
    </message>
    <message>
        <source>Ulangi</source>
        <translation>Retake</translation>
    </message>
    <message>
        <source>Batalkan pengecualian</source>
        <translation>Take it after all</translation>
    </message>
    <message>
        <source>Mutu foto</source>
        <translation>Photo quality</translation>
    </message>
</context>
<context>
    <name>Place</name>
    <message>
        <source>menunggu</source>
        <translation>waiting</translation>
    </message>
    <message>
        <source>sekarang</source>
        <translation>now</translation>
    </message>
    <message>
        <source>selesai</source>
        <translation>done</translation>
    </message>
    <message>
        <source>ditolak</source>
        <translation>refused</translation>
    </message>
</context>
<context>
    <name>Presenter</name>
    <message>
        <source>Kembali</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>Bantuan</source>
        <translation>Help</translation>
    </message>
</context>
<context>
    <name>PrintCard</name>
    <message>
        <source>Langsung</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Cek ulang</source>
        <translation>Check again</translation>
    </message>
    <message>
        <source>Semua jari selesai</source>
        <translation>All fingers done</translation>
    </message>
    <message>
        <source>Jari ini dikecualikan</source>
        <translation>This finger is left out</translation>
    </message>
    <message>
        <source>Tempelkan jari di kaca</source>
        <translation>Lay the finger on the glass</translation>
    </message>
</context>
<context>
    <name>PrintPicture</name>
    <message>
        <source>Gambar sidik jari</source>
        <translation>Picture of the fingerprint</translation>
    </message>
</context>
<context>
    <name>QrCode</name>
    <message>
        <source>Kode QR tanda terima</source>
        <translation>QR code of the receipt</translation>
    </message>
</context>
<context>
    <name>QueryField</name>
    <message>
        <source>NIK, nama, atau nomor tiket</source>
        <translation>NIK, name or ticket number</translation>
    </message>
</context>
<context>
    <name>QuestionRow</name>
    <message>
        <source>Terima alat ini</source>
        <translation>Accept this device</translation>
    </message>
    <message>
        <source>Tadi: {device}</source>
        <translation>Before: {device}</translation>
    </message>
    <message>
        <source>Sekarang: {device}</source>
        <translation>Now: {device}</translation>
    </message>
    <message>
        <source>Terima alat dengan nomor seri {serial}</source>
        <translation>Accept the device with serial number {serial}</translation>
    </message>
</context>
<context>
    <name>QueueColumn</name>
    <message>
        <source>Belum ada antrean. Cari lewat NIK atau nama.</source>
        <translation>No queue yet. Search by NIK or name.</translation>
    </message>
    <message>
        <source>Antrean hari ini</source>
        <translation>Today’s queue</translation>
    </message>
</context>
<context>
    <name>RailRow</name>
    <message>
        <source>selesai</source>
        <translation>done</translation>
    </message>
    <message>
        <source>sekarang</source>
        <translation>now</translation>
    </message>
    <message>
        <source>belum</source>
        <translation>to come</translation>
    </message>
    <message>
        <source>lihat lagi</source>
        <translation>look again</translation>
    </message>
    <message>
        <source>dikecualikan</source>
        <translation>left out</translation>
    </message>
    <message>
        <source>berhenti</source>
        <translation>stopped</translation>
    </message>
</context>
<context>
    <name>RecordModel</name>
    <message>
        <source>Nama dan NIK</source>
        <translation>Name and NIK</translation>
    </message>
    <message>
        <source>Direkam</source>
        <translation>Recorded</translation>
    </message>
    <message>
        <source>Keadaan sekarang</source>
        <translation>State now</translation>
    </message>
</context>
<context>
    <name>RecordTable</name>
    <message>
        <source>Daftar rekaman</source>
        <translation>List of records</translation>
    </message>
</context>
<context>
    <name>RecordsPage</name>
    <message>
        <source>Rekaman</source>
        <translation>Records</translation>
    </message>
    <message>
        <source>Panah atas dan bawah memilih rekaman.</source>
        <translation>The up and down arrows choose a record.</translation>
    </message>
    <message>
        <source>Kotak kuning adalah tugas petugas. Kotak di bawahnya boleh dibacakan kepada pemohon.</source>
        <translation>The amber box is the officers’ task. The box below may be read to the applicant.</translation>
    </message>
    <message>
        <source>Saringan “Perlu tindakan” berisi semua yang menunggu Anda.</source>
        <translation>The filter “Needs action” holds all that waits for you.</translation>
    </message>
    <message>
        <source>Sebelumnya</source>
        <translation>Previous</translation>
    </message>
    <message>
        <source>Berikutnya</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>Tidak ada rekaman di sini</source>
        <translation>No records here</translation>
    </message>
</context>
<context>
    <name>RecordsPresenter</name>
    <message>
        <source>Belum diterima pusat</source>
        <translation>Not yet at the centre</translation>
    </message>
    <message>
        <source>paket</source>
        <translation>packets</translation>
    </message>
    <message>
        <source>tertua {moment}</source>
        <translation>oldest {moment}</translation>
    </message>
    <message>
        <source>Semua</source>
        <translation>All</translation>
    </message>
    <message>
        <source>Perlu tindakan</source>
        <translation>Needs action</translation>
    </message>
    <message>
        <source>Menunggu pusat</source>
        <translation>Waiting for centre</translation>
    </message>
    <message>
        <source>Siap cetak</source>
        <translation>Ready to print</translation>
    </message>
    <message>
        <source>{first}–{last} dari {all} rekaman</source>
        <translation>{first}–{last} of {all} records</translation>
    </message>
    <message>
        <source>Rekaman pertama: {area}. {task}</source>
        <translation>First recording: {area}. {task}</translation>
    </message>
    <message>
        <source>Sudah terlalu lama di tahap ini. {task}</source>
        <translation>Too long at this stage. {task}</translation>
    </message>
    <message>
        <source>Tugas untuk dua petugas</source>
        <translation>Task for two officers</translation>
    </message>
    <message>
        <source>Tugas</source>
        <translation>Task</translation>
    </message>
    <message>
        <source>Lihat halaman Pengiriman: paketnya belum sampai.</source>
        <translation>See the Delivery page: the packet has not arrived yet.</translation>
    </message>
    <message>
        <source>Tanyakan ke pusat; jangan merekam ulang.</source>
        <translation>Ask the centre; do not record again.</translation>
    </message>
    <message>
        <source>Layanan ini GRATIS.</source>
        <translation>This service is FREE.</translation>
    </message>
    <message>
        <source>Surat dicetak.</source>
        <translation>Letter printed.</translation>
    </message>
    <message>
        <source>Tidak ada printer; surat disimpan sebagai PDF.</source>
        <translation>No printer; letter saved as PDF.</translation>
    </message>
    <message>
        <source>Tutup</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>Ke loket kartu</source>
        <translation>To card counter</translation>
    </message>
    <message>
        <source>Cetak surat</source>
        <translation>Print letter</translation>
    </message>
</context>
<context>
    <name>RehearsalBadge</name>
    <message>
        <source>Latihan: alat atau pusat ditiru</source>
        <translation>Rehearsal: devices or centre are emulated</translation>
    </message>
    <message>
        <source>LATIHAN</source>
        <translation>REHEARSAL</translation>
    </message>
</context>
<context>
    <name>ReviewPage</name>
    <message>
        <source>Tinjau</source>
        <translation>Review</translation>
    </message>
    <message>
        <source>Semua bagian seperti yang akan dikirim. Periksa bersama pemohon.</source>
        <translation>Every part as it will be sent. Check it together with the applicant.</translation>
    </message>
    <message>
        <source>Baris dengan panah: tekan untuk kembali ke langkah itu.</source>
        <translation>A row with an arrow: press it to go back to that step.</translation>
    </message>
    <message>
        <source>Setelah disegel, isi tidak bisa diubah lagi di meja ini.</source>
        <translation>Once sealed, it cannot be changed at this desk any more.</translation>
    </message>
    <message>
        <source>Foto</source>
        <translation>Photo</translation>
    </message>
    <message>
        <source>Tanda tangan</source>
        <translation>Signature</translation>
    </message>
    <message>
        <source>Data dari SIAK</source>
        <translation>Data from SIAK</translation>
    </message>
    <message>
        <source>Iris</source>
        <translation>Iris</translation>
    </message>
    <message>
        <source>kanan</source>
        <translation>right</translation>
    </message>
    <message>
        <source>kiri</source>
        <translation>left</translation>
    </message>
    <message>
        <source>Iris {side}</source>
        <translation>Iris {side}</translation>
    </message>
    <message>
        <source>Kelingking</source>
        <translation>Little</translation>
    </message>
    <message>
        <source>Manis</source>
        <translation>Ring</translation>
    </message>
    <message>
        <source>Tengah</source>
        <translation>Middle</translation>
    </message>
    <message>
        <source>Telunjuk</source>
        <translation>Index</translation>
    </message>
    <message>
        <source>Jempol</source>
        <translation>Thumb</translation>
    </message>
    <message>
        <source>Jari tangan kiri</source>
        <translation>Fingers of the left hand</translation>
    </message>
    <message>
        <source>Jari tangan kanan</source>
        <translation>Fingers of the right hand</translation>
    </message>
    <message>
        <source>cocok</source>
        <translation>matches</translation>
    </message>
</context>
<context>
    <name>ReviewStep</name>
    <message>
        <source>Disetujui pukul {time}</source>
        <translation>Approved at {time}</translation>
    </message>
    <message>
        <source>{colour}, {why}</source>
        <translation>{colour}, {why}</translation>
    </message>
    <message>
        <source>Pemohon membenarkan</source>
        <translation>Applicant confirms</translation>
    </message>
    <message>
        <source>tunjukkan layar ini</source>
        <translation>show this screen</translation>
    </message>
    <message>
        <source>Ya, lengkap</source>
        <translation>Yes, complete</translation>
    </message>
    <message>
        <source>Belum</source>
        <translation>Not yet</translation>
    </message>
    <message>
        <source>Jari ini sudah terekam di meja ini atas nama {names}.</source>
        <translation>These fingers are already recorded at this desk as {names}.</translation>
    </message>
    <message>
        <source>Panggil pengawas (F3) sebelum menyegel.</source>
        <translation>Call the supervisor (F3) before sealing.</translation>
    </message>
    <message>
        <source>Segel juga</source>
        <translation>Seal all the same</translation>
    </message>
    <message>
        <source>{n} bagian, {e} pengecualian</source>
        <translation>{n} parts, {e} left out</translation>
    </message>
    <message>
        <source>{n} hal perlu dilengkapi</source>
        <translation>{n} things to complete</translation>
    </message>
    <message>
        <source>Setelah disegel, isi tidak bisa diubah lagi di meja ini.</source>
        <translation>Once sealed, it cannot be changed at this desk any more.</translation>
    </message>
    <message>
        <source>Segel dan simpan</source>
        <translation>Seal and save</translation>
    </message>
    <message>
        <source>Panggil pengawas</source>
        <translation>Call supervisor</translation>
    </message>
    <message>
        <source>Periksa dulu</source>
        <translation>Check first</translation>
    </message>
    <message>
        <source>Data cocok dengan SIAK</source>
        <translation>Data matches SIAK</translation>
    </message>
    <message>
        <source>Foto disetujui pemohon</source>
        <translation>Photo approved by applicant</translation>
    </message>
    <message>
        <source>Tanda tangan jelas</source>
        <translation>Signature clear</translation>
    </message>
    <message>
        <source>{n} sidik jari cukup baik</source>
        <translation>{n} fingerprints good enough</translation>
    </message>
    <message>
        <source>{n} jari dikecualikan</source>
        <translation>{n} fingers left out</translation>
    </message>
    <message>
        <source>Jari chip dicek ulang: cocok</source>
        <translation>Chip fingers checked again: match</translation>
    </message>
    <message>
        <source>Dua iris terbaca</source>
        <translation>Two irises read</translation>
    </message>
    <message>
        <source>Kedua iris dikecualikan</source>
        <translation>Both irises left out</translation>
    </message>
    <message>
        <source>Jari belum dicari di sini</source>
        <translation>Fingers not yet looked for here</translation>
    </message>
    <message>
        <source>Jari ini sudah terekam</source>
        <translation>Fingers already recorded</translation>
    </message>
    <message>
        <source>panggil teknisi</source>
        <translation>call a technician</translation>
    </message>
</context>
<context>
    <name>SearchPage</name>
    <message>
        <source>Cari</source>
        <translation>Find</translation>
    </message>
    <message>
        <source>Ketik NIK 16 angka, sebagian nama, atau nomor tiket.</source>
        <translation>Type the 16 digits of the NIK, part of a name, or a ticket number.</translation>
    </message>
    <message>
        <source>Jawaban muncul sendiri begitu NIK lengkap.</source>
        <translation>The answer appears by itself once the NIK is complete.</translation>
    </message>
    <message>
        <source>Hijau: tekan Enter untuk mulai. Kuning atau merah: baca kalimatnya kepada pemohon.</source>
        <translation>Green: press Enter to begin. Amber or red: read the sentence to the applicant.</translation>
    </message>
    <message>
        <source>NIK, nama, atau tiket</source>
        <translation>NIK, name or ticket</translation>
    </message>
    <message>
        <source>Jawabannya muncul di sini</source>
        <translation>The answer appears here</translation>
    </message>
    <message>
        <source>Pilih orang dari antrean, atau ketik NIK-nya.</source>
        <translation>Choose a person from the queue, or type the NIK.</translation>
    </message>
    <message>
        <source>Siapa yang direkam?</source>
        <translation>Who is to be recorded?</translation>
    </message>
    <message>
        <source>Ketik NIK, nama, atau nomor tiket</source>
        <translation>Type a NIK, name or ticket number</translation>
    </message>
</context>
<context>
    <name>SearchPresenter</name>
    <message>
        <source>{n} orang ditemukan</source>
        <translation>{n} people found</translation>
    </message>
    <message>
        <source>Data setempat, pukul {time}</source>
        <translation>Local data, {time}</translation>
    </message>
    <message>
        <source>Perekaman belum selesai</source>
        <translation>A recording is unfinished</translation>
    </message>
    <message>
        <source>Lanjutkan dari tempat terakhir; semua hasil masih tersimpan.</source>
        <translation>Go on from the last place; everything taken is saved.</translation>
    </message>
    <message>
        <source>Data lengkapnya belum ada di meja ini</source>
        <translation>Full data is not on this desk yet</translation>
    </message>
    <message>
        <source>Sambungkan jaringan atau muat data wilayah, lalu cari lagi.</source>
        <translation>Connect the line or load the area&apos;s data, then find again.</translation>
    </message>
    <message>
        <source>Boleh direkam</source>
        <translation>May be recorded</translation>
    </message>
    <message>
        <source>Belum pernah direkam di mana pun, dan sudah cukup umur.</source>
        <translation>Never recorded anywhere, and old enough.</translation>
    </message>
    <message>
        <source>Boleh direkam, usia {age}</source>
        <translation>May be recorded, age {age}</translation>
    </message>
    <message>
        <source>Kartu dicetak mulai {date}.</source>
        <translation>The card is printed from {date}.</translation>
    </message>
    <message>
        <source>Belum cukup umur</source>
        <translation>Not old enough yet</translation>
    </message>
    <message>
        <source>Boleh direkam mulai {date}.</source>
        <translation>May be recorded from {date}.</translation>
    </message>
    <message>
        <source>Izin tinggal tetap belum tercatat</source>
        <translation>Permanent stay permit not on file</translation>
    </message>
    <message>
        <source>Minta pemohon membawa ITAP ke loket SIAK dulu.</source>
        <translation>Ask the applicant to take the ITAP to the SIAK desk first.</translation>
    </message>
    <message>
        <source>Izin tinggal tetap sudah habis</source>
        <translation>Permanent stay permit has expired</translation>
    </message>
    <message>
        <source>Perpanjang ITAP dulu, lalu datang lagi.</source>
        <translation>Renew the ITAP first, then come back.</translation>
    </message>
    <message>
        <source>Sudah direkam di {area}</source>
        <translation>Already recorded in {area}</translation>
    </message>
    <message>
        <source>Sudah direkam: {status}</source>
        <translation>Already recorded: {status}</translation>
    </message>
    <message>
        <source>Laki-laki</source>
        <translation>Male</translation>
    </message>
    <message>
        <source>Perempuan</source>
        <translation>Female</translation>
    </message>
    <message>
        <source>{sex}, {age} tahun · lahir di {place}, {date}</source>
        <translation>{sex}, aged {age} · born in {place}, {date}</translation>
    </message>
    <message>
        <source>Kartu</source>
        <translation>Card</translation>
    </message>
    <message>
        <source>Dicetak mulai {date}</source>
        <translation>Printed from {date}</translation>
    </message>
    <message>
        <source>Bisa langsung dicetak</source>
        <translation>Can be printed at once</translation>
    </message>
    <message>
        <source>Latar foto</source>
        <translation>Backdrop</translation>
    </message>
    <message>
        <source>Kartu keluarga</source>
        <translation>Family card</translation>
    </message>
    <message>
        <source>Alamat</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>NIK ini tidak mungkin</source>
        <translation>This NIK is impossible</translation>
    </message>
    <message>
        <source>Belum bisa dipastikan</source>
        <translation>Cannot be certain yet</translation>
    </message>
    <message>
        <source>NIK tidak ada di data setempat. Cocokkan dengan KK, atau tanya pusat.</source>
        <translation>This NIK is not in the local data. Compare it with the family card, or ask the centre.</translation>
    </message>
    <message>
        <source>Tidak ditemukan</source>
        <translation>Not found</translation>
    </message>
    <message>
        <source>Periksa ejaannya, atau ketik NIK 16 angka.</source>
        <translation>Check the spelling, or type the 16-digit NIK.</translation>
    </message>
    <message>
        <source>Wilayah belum dikenal</source>
        <translation>Area not known</translation>
    </message>
    <message>
        <source>lahir {date}</source>
        <translation>born {date}</translation>
    </message>
    <message>
        <source>Tanggal tidak mungkin</source>
        <translation>Impossible date</translation>
    </message>
    <message>
        <source>Urutan ke-{n}</source>
        <translation>Number {n}</translation>
    </message>
    <message>
        <source>nomor dari SIAK</source>
        <translation>from SIAK</translation>
    </message>
    <message>
        <source>periksa lagi</source>
        <translation>check again</translation>
    </message>
    <message>
        <source>16 angka</source>
        <translation>16 digits</translation>
    </message>
    <message>
        <source>terlalu panjang</source>
        <translation>too long</translation>
    </message>
    <message>
        <source>NIK harus tepat 16 angka.</source>
        <translation>A NIK has exactly 16 digits.</translation>
    </message>
    <message>
        <source>Nomor urut 0000 tidak pernah diberikan.</source>
        <translation>Sequence number 0000 is never given.</translation>
    </message>
    <message>
        <source>Tanggal lahir di dalamnya tidak mungkin.</source>
        <translation>The date of birth in it is impossible.</translation>
    </message>
    <message>
        <source>Kode provinsi tidak dikenal (data wilayah {version}).</source>
        <translation>Province code unknown (area data {version}).</translation>
    </message>
    <message>
        <source>Selesai</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>Menunggu</source>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>menunggu</source>
        <translation>waiting</translation>
    </message>
    <message>
        <source>selesai</source>
        <translation>done</translation>
    </message>
    <message>
        <source>Lihat semua {n} orang</source>
        <translation>See all {n} people</translation>
    </message>
    <message>
        <source>Lanjutkan rekam</source>
        <translation>Go on recording</translation>
    </message>
    <message>
        <source>Mulai rekam</source>
        <translation>Start recording</translation>
    </message>
    <message>
        <source>Kosongkan</source>
        <translation>Clear</translation>
    </message>
    <message>
        <source>Panggil pengawas</source>
        <translation>Call supervisor</translation>
    </message>
</context>
<context>
    <name>Shell</name>
    <message>
        <source>Cari</source>
        <translation>Find</translation>
    </message>
    <message>
        <source>Rekaman</source>
        <translation>Records</translation>
    </message>
    <message>
        <source>Pengiriman</source>
        <translation>Delivery</translation>
    </message>
    <message>
        <source>Loket kartu</source>
        <translation>Card counter</translation>
    </message>
    <message>
        <source>Perangkat</source>
        <translation>Devices</translation>
    </message>
    <message>
        <source>Angkat tangan untuk memanggil pengawas.</source>
        <translation>Raise a hand to call the supervisor.</translation>
    </message>
    <message>
        <source>Meja ini belum bisa memanggil sendiri; pekerjaan tetap tersimpan.</source>
        <translation>This desk cannot call by itself yet; the work stays saved.</translation>
    </message>
    <message>
        <source>Tutup</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>Meja {desk}</source>
        <translation>Desk {desk}</translation>
    </message>
    <message>
        <source>Ini bukan tugas peran Anda.</source>
        <translation>This is not your role&apos;s task.</translation>
    </message>
    <message>
        <source>Minta rekan yang berwenang masuk di meja ini.</source>
        <translation>Ask a colleague with the right to sign in at this desk.</translation>
    </message>
    <message>
        <source>Jaringan</source>
        <translation>Line</translation>
    </message>
    <message>
        <source>Antrean kirim</source>
        <translation>Sending queue</translation>
    </message>
</context>
<context>
    <name>SignInPage</name>
    <message>
        <source>Masuk</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>Ketik nama petugas dan PIN, lalu tekan Enter.</source>
        <translation>Type the operator’s name and PIN, then press Enter.</translation>
    </message>
    <message>
        <source>Pemeriksaan pagi harus hijau sebelum orang pertama.</source>
        <translation>The morning check must be green before the first person.</translation>
    </message>
    <message>
        <source>Lupa PIN? Pengawas dapat menggantinya.</source>
        <translation>PIN forgotten? The supervisor can replace it.</translation>
    </message>
    <message>
        <source>Petugas</source>
        <translation>Operator</translation>
    </message>
    <message>
        <source>Selamat pagi</source>
        <translation>Good morning</translation>
    </message>
</context>
<context>
    <name>SignInPresenter</name>
    <message>
        <source>Meja terkunci</source>
        <translation>Desk locked</translation>
    </message>
    <message>
        <source>Selamat bertugas</source>
        <translation>Have a good shift</translation>
    </message>
    <message>
        <source>Meja {desk} · {office}</source>
        <translation>Desk {desk} · {office}</translation>
    </message>
    <message>
        <source>Buka kunci</source>
        <translation>Unlock</translation>
    </message>
    <message>
        <source>Masuk</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>Meja ini dikunci oleh petugas lain.</source>
        <translation>Another officer locked this desk.</translation>
    </message>
    <message>
        <source>siap</source>
        <translation>ready</translation>
    </message>
    <message>
        <source>sedang diperiksa</source>
        <translation>being checked</translation>
    </message>
    <message>
        <source>perlu dilihat</source>
        <translation>needs a look</translation>
    </message>
    <message>
        <source>alat lain</source>
        <translation>another device</translation>
    </message>
    <message>
        <source>tidak ada</source>
        <translation>absent</translation>
    </message>
    <message>
        <source>tidak dipasang</source>
        <translation>not set up</translation>
    </message>
    <message>
        <source>Jaringan ke pusat</source>
        <translation>Line to the centre</translation>
    </message>
    <message>
        <source>Ruang simpan</source>
        <translation>Storage space</translation>
    </message>
    <message>
        <source>Semua siap</source>
        <translation>All ready</translation>
    </message>
    <message>
        <source>{n} alat belum terlihat</source>
        <translation>{n} devices not there yet</translation>
    </message>
    <message>
        <source>Hampir siap</source>
        <translation>Almost ready</translation>
    </message>
    <message>
        <source>Latihan: masuk sebagai {who}</source>
        <translation>Rehearsal: sign in as {who}</translation>
    </message>
</context>
<context>
    <name>SignaturePage</name>
    <message>
        <source>Tanda tangan</source>
        <translation>Signature</translation>
    </message>
    <message>
        <source>Pemohon menulis di papan; tinta muncul di sini saat itu juga.</source>
        <translation>The applicant writes on the pad; the ink shows here at once.</translation>
    </message>
    <message>
        <source>Selesai sendiri setelah pena diangkat 1,5 detik. Enter: mulai dari awal.</source>
        <translation>Finishes by itself 1.5 seconds after the pen is lifted. Enter: start again.</translation>
    </message>
    <message>
        <source>Tidak bisa menulis: F2, dengan alasan.</source>
        <translation>Cannot write: F2, with a reason.</translation>
    </message>
    <message>
        <source>Tanda tangan pemohon</source>
        <translation>Signature of the applicant</translation>
    </message>
    <message>
        <source>Tulis di kertas ini dengan pena, jari, atau tetikus.</source>
        <translation>Write on this paper with pen, finger or mouse.</translation>
    </message>
    <message>
        <source>Tinta dari papan muncul di sini.</source>
        <translation>Ink from the pad shows here.</translation>
    </message>
</context>
<context>
    <name>SignatureStep</name>
    <message>
        <source>Minta tanda tangan</source>
        <translation>Ask for the signature</translation>
    </message>
    <message>
        <source>Mulai dari awal</source>
        <translation>Start over</translation>
    </message>
    <message>
        <source>Kelengkapan</source>
        <translation>Completeness</translation>
    </message>
    <message>
        <source>Belum ada tanda tangan.</source>
        <translation>No signature yet.</translation>
    </message>
    <message>
        <source>Minta pemohon menulis di papan, atau kecualikan (F2).</source>
        <translation>Ask the applicant to write on the pad, or leave it out (F2).</translation>
    </message>
    <message>
        <source>Tanda tangan tersimpan</source>
        <translation>Signature saved</translation>
    </message>
    <message>
        <source>Lanjut ke jari</source>
        <translation>On to the fingers</translation>
    </message>
    <message>
        <source>Ulangi</source>
        <translation>Retake</translation>
    </message>
    <message>
        <source>Tanda tangan dikecualikan</source>
        <translation>Signature left out</translation>
    </message>
    <message>
        <source>Batalkan pengecualian</source>
        <translation>Take it after all</translation>
    </message>
</context>
<context>
    <name>StepPresenter</name>
    <message>
        <source>Kecualikan</source>
        <translation>Leave out</translation>
    </message>
    <message>
        <source>Kecualikan: {part}</source>
        <translation>Leave out: {part}</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Perjalanan rekaman</source>
        <translation>The record’s way</translation>
    </message>
</context>
<context>
    <name>VerdictColumn</name>
    <message>
        <source>Apakah pusat akan menerima?</source>
        <translation>Will the centre accept it?</translation>
    </message>
</context>
<context>
    <name>_BatchStrip</name>
    <message>
        <source>diserahkan</source>
        <translation>handed over</translation>
    </message>
    <message>
        <source>ditolak</source>
        <translation>refused</translation>
    </message>
    <message>
        <source>tersisa</source>
        <translation>left</translation>
    </message>
</context>
<context>
    <name>_CardColumn</name>
    <message>
        <source>Kartu</source>
        <translation>Card</translation>
    </message>
    <message>
        <source>Pemilik kartu</source>
        <translation>Owner of the card</translation>
    </message>
</context>
<context>
    <name>_FingerColumn</name>
    <message>
        <source>Jari</source>
        <translation>Fingers</translation>
    </message>
    <message>
        <source>Percobaan</source>
        <translation>Tries</translation>
    </message>
</context>
<context>
    <name>_HandoverColumn</name>
    <message>
        <source>Serah terima</source>
        <translation>Hand-over</translation>
    </message>
    <message>
        <source>Sesudah jari cocok</source>
        <translation>After the finger matches</translation>
    </message>
    <message>
        <source>Serahkan kartu</source>
        <translation>Hand over the card</translation>
    </message>
</context>
<context>
    <name>_Portrait</name>
    <message>
        <source>Foto yang diambil</source>
        <translation>The photo taken</translation>
    </message>
</context>
<context>
    <name>_Refused</name>
    <message>
        <source>Masukkan kartu ke</source>
        <translation>Put the card in</translation>
    </message>
</context>
<context>
    <name>_Row</name>
    <message>
        <source>Buka langkah ini</source>
        <translation>Open this step</translation>
    </message>
</context>
<context>
    <name>coach</name>
    <message>
        <source>Bagus, tahan sebentar</source>
        <translation>Good, hold it</translation>
    </message>
    <message>
        <source>Minta pemohon bersiap</source>
        <translation>Ask them to get ready</translation>
    </message>
    <message>
        <source>Jangan bergerak dulu</source>
        <translation>Keep still</translation>
    </message>
    <message>
        <source>Angkat, lalu tempel lagi</source>
        <translation>Lift and place again</translation>
    </message>
    <message>
        <source>Hadap ke kamera</source>
        <translation>Face the camera</translation>
    </message>
    <message>
        <source>Satu orang saja di bingkai</source>
        <translation>Only one person in frame</translation>
    </message>
    <message>
        <source>Dekatkan wajah sedikit</source>
        <translation>Come a little closer</translation>
    </message>
    <message>
        <source>Mundur sedikit</source>
        <translation>Move back a little</translation>
    </message>
    <message>
        <source>Geser sedikit ke kiri</source>
        <translation>Move a little left</translation>
    </message>
    <message>
        <source>Geser sedikit ke kanan</source>
        <translation>Move a little right</translation>
    </message>
    <message>
        <source>Naikkan wajah sedikit</source>
        <translation>Raise the face a little</translation>
    </message>
    <message>
        <source>Turunkan wajah sedikit</source>
        <translation>Lower the face a little</translation>
    </message>
    <message>
        <source>Tegakkan kepala</source>
        <translation>Straighten the head</translation>
    </message>
    <message>
        <source>Lihat lurus ke kamera</source>
        <translation>Look straight at the camera</translation>
    </message>
    <message>
        <source>Buka mata, lihat kamera</source>
        <translation>Open eyes, look here</translation>
    </message>
    <message>
        <source>Lepas kacamata dulu</source>
        <translation>Take your glasses off</translation>
    </message>
    <message>
        <source>Tutup mulut</source>
        <translation>Close your mouth</translation>
    </message>
    <message>
        <source>Hindari pantulan lampu</source>
        <translation>Avoid the lamp&apos;s reflection</translation>
    </message>
    <message>
        <source>Tambah cahaya di wajah</source>
        <translation>More light on the face</translation>
    </message>
    <message>
        <source>Kurangi cahaya di wajah</source>
        <translation>Less light on the face</translation>
    </message>
    <message>
        <source>Diam sebentar, masih kabur</source>
        <translation>Keep still, still blurred</translation>
    </message>
    <message>
        <source>Ganti warna latar</source>
        <translation>Change the backdrop</translation>
    </message>
    <message>
        <source>Tekan sedikit lebih kuat</source>
        <translation>Press a little harder</translation>
    </message>
    <message>
        <source>Tekan lebih ringan</source>
        <translation>Press more lightly</translation>
    </message>
    <message>
        <source>Geser jari ke tengah</source>
        <translation>Finger to the centre</translation>
    </message>
    <message>
        <source>Tempelkan seluruh jari</source>
        <translation>Place the whole finger</translation>
    </message>
    <message>
        <source>Lembapkan jari sedikit</source>
        <translation>Moisten the finger</translation>
    </message>
    <message>
        <source>Keringkan jari dulu</source>
        <translation>Dry the finger first</translation>
    </message>
    <message>
        <source>Lap kaca scanner</source>
        <translation>Wipe the glass</translation>
    </message>
    <message>
        <source>Bukan jari yang diminta</source>
        <translation>Not the asked finger</translation>
    </message>
    <message>
        <source>Dekatkan mata sedikit</source>
        <translation>Eyes a little closer</translation>
    </message>
    <message>
        <source>Jauhkan mata sedikit</source>
        <translation>Eyes a little back</translation>
    </message>
    <message>
        <source>Buka mata lebih lebar</source>
        <translation>Open the eyes wider</translation>
    </message>
    <message>
        <source>Lihat ke tengah lensa</source>
        <translation>Look into the lens</translation>
    </message>
    <message>
        <source>Tunggu, lampu beristirahat</source>
        <translation>Wait, the lamp rests</translation>
    </message>
    <message>
        <source>Lensa kontak? Minta dilepas</source>
        <translation>Contact lenses? Ask to take them out</translation>
    </message>
    <message>
        <source>Tanda tangan lebih besar</source>
        <translation>Sign larger</translation>
    </message>
    <message>
        <source>Tanda tangan lebih lengkap</source>
        <translation>Sign in full</translation>
    </message>
    <message>
        <source>Periksa kabel papan</source>
        <translation>Check the pad’s cable</translation>
    </message>
</context>
<context>
    <name>devices</name>
    <message>
        <source>perekaman</source>
        <translation>enrolment</translation>
    </message>
    <message>
        <source>pencocokan saja</source>
        <translation>matching only</translation>
    </message>
    <message>
        <source>latihan (tiruan)</source>
        <translation>rehearsal (emulated)</translation>
    </message>
    <message>
        <source>Alat tiruan</source>
        <translation>Emulated device</translation>
    </message>
    <message>
        <source>Hasilnya tidak pernah masuk ke rekaman sungguhan.</source>
        <translation>Its results never enter a real record.</translation>
    </message>
    <message>
        <source>Hanya untuk mencocokkan</source>
        <translation>For matching only</translation>
    </message>
    <message>
        <source>Meja menolak merekam orang dengan alat ini.</source>
        <translation>The desk refuses to enrol anybody with this device.</translation>
    </message>
    <message>
        <source>tertutup sampai dipakai</source>
        <translation>closed until used</translation>
    </message>
    <message>
        <source>sedang dibuka</source>
        <translation>being opened</translation>
    </message>
    <message>
        <source>menunggu perintah</source>
        <translation>waiting for an order</translation>
    </message>
    <message>
        <source>disiapkan untuk mengambil</source>
        <translation>being armed</translation>
    </message>
    <message>
        <source>menunggu pemohon</source>
        <translation>waiting for the applicant</translation>
    </message>
    <message>
        <source>sedang mengambil</source>
        <translation>capturing</translation>
    </message>
    <message>
        <source>sedang mengirim hasil</source>
        <translation>sending the result</translation>
    </message>
    <message>
        <source>terlepas</source>
        <translation>unplugged</translation>
    </message>
    <message>
        <source>rusak</source>
        <translation>broken</translation>
    </message>
    <message>
        <source>Mutunya turun: lap kacanya dengan kain kering.</source>
        <translation>Quality has fallen: wipe its glass with a dry cloth.</translation>
    </message>
    <message>
        <source>Mutunya turun: lap lensanya dengan kain lensa.</source>
        <translation>Quality has fallen: wipe its lens with a lens cloth.</translation>
    </message>
    <message>
        <source>Mutunya tetap turun: kalibrasi alat ini.</source>
        <translation>Quality stays low: calibrate this device.</translation>
    </message>
    <message>
        <source>Sering terputus: kencangkan kabelnya, atau ganti kabel.</source>
        <translation>Often cut off: fasten its cable, or change it.</translation>
    </message>
    <message>
        <source>Bermasalah</source>
        <translation>Has a problem</translation>
    </message>
    <message>
        <source>Cabut kabelnya, tunggu lima detik, colokkan lagi.</source>
        <translation>Pull the cable, wait five seconds, plug it in again.</translation>
    </message>
    <message>
        <source>Tidak terlihat</source>
        <translation>Not seen</translation>
    </message>
    <message>
        <source>Colokkan kabelnya; alat dikenali sendiri.</source>
        <translation>Plug in its cable; it is found by itself.</translation>
    </message>
    <message>
        <source>Dipakai program lain</source>
        <translation>Used by another program</translation>
    </message>
    <message>
        <source>Tutup program itu; meja mencoba lagi sendiri.</source>
        <translation>Close that program; the desk tries again by itself.</translation>
    </message>
    <message>
        <source>Kabelnya terlepas</source>
        <translation>Its cable came off</translation>
    </message>
    <message>
        <source>Colokkan kembali; hasil sebelumnya tersimpan.</source>
        <translation>Plug it in again; earlier results are saved.</translation>
    </message>
    <message>
        <source>Tidak menjawab</source>
        <translation>Does not answer</translation>
    </message>
    <message>
        <source>Cabut, tunggu lima detik, lalu colokkan lagi.</source>
        <translation>Unplug it, wait five seconds, then plug it in again.</translation>
    </message>
    <message>
        <source>Jawabannya tidak terbaca</source>
        <translation>Its answer cannot be read</translation>
    </message>
    <message>
        <source>Cabut dan colokkan lagi; bila tetap, panggil teknisi.</source>
        <translation>Unplug and plug in again; if it stays, call the technician.</translation>
    </message>
    <message>
        <source>Kirimannya rusak di jalan</source>
        <translation>What it sends arrives damaged</translation>
    </message>
    <message>
        <source>Ganti kabel atau pindah ke colokan lain, lalu uji alat.</source>
        <translation>Change the cable or the socket, then test the device.</translation>
    </message>
    <message>
        <source>Menolak perintah</source>
        <translation>Refuses an order</translation>
    </message>
    <message>
        <source>Cabut dan colokkan lagi; bila tetap menolak, ganti alatnya.</source>
        <translation>Unplug and plug in again; if it still refuses, change the device.</translation>
    </message>
    <message>
        <source>Tidak terbukti alat yang terdaftar</source>
        <translation>Not proven to be the registered one</translation>
    </message>
    <message>
        <source>Jangan dipakai. Panggil teknisi untuk mendaftarkan alat ini.</source>
        <translation>Do not use it. Call the technician to register this device.</translation>
    </message>
    <message>
        <source>Tidak bisa melakukan yang diminta</source>
        <translation>Cannot do what was asked</translation>
    </message>
    <message>
        <source>Pakai model lain, atau panggil teknisi.</source>
        <translation>Use another model, or call the technician.</translation>
    </message>
    <message>
        <source>Rusak</source>
        <translation>Broken</translation>
    </message>
    <message>
        <source>Cabut dan ganti alatnya; hasil sebelumnya tersimpan.</source>
        <translation>Unplug and replace it; earlier results are saved.</translation>
    </message>
    <message>
        <source>Lampunya tidak mau padam</source>
        <translation>Its lamp does not go out</translation>
    </message>
    <message>
        <source>CABUT LAMPU sekarang, lalu panggil teknisi.</source>
        <translation>UNPLUG THE LAMP now, then call the technician.</translation>
    </message>
    <message>
        <source>Tidak ada yang ditempelkan</source>
        <translation>Nothing was presented</translation>
    </message>
    <message>
        <source>Alatnya baik. Minta pemohon bersiap, lalu ulangi.</source>
        <translation>The device is well. Ask the applicant to get ready, then repeat.</translation>
    </message>
    <message>
        <source>Bukan alat yang tadi</source>
        <translation>Not the device from before</translation>
    </message>
    <message>
        <source>Buka halaman Perangkat: terima alat ini, atau colokkan yang tadi.</source>
        <translation>Open the Devices page: accept this device, or plug in the one from before.</translation>
    </message>
    <message>
        <source>Tidak boleh untuk merekam</source>
        <translation>Not allowed for enrolment</translation>
    </message>
    <message>
        <source>Pasang alat perekaman; yang ini hanya untuk mencocokkan atau latihan.</source>
        <translation>Plug in an enrolment device; this one is for matching or rehearsal only.</translation>
    </message>
    <message>
        <source>Penggeraknya ditolak</source>
        <translation>Its driver is refused</translation>
    </message>
    <message>
        <source>Panggil teknisi: jalankan rekam doctor dan perbaiki yang tertulis SALAH.</source>
        <translation>Call the technician: run rekam doctor and mend what it calls SALAH.</translation>
    </message>
    <message>
        <source>Pembacanya bermasalah</source>
        <translation>The reader has a problem</translation>
    </message>
    <message>
        <source>Angkat kartu, cabut pembaca, lalu colokkan lagi.</source>
        <translation>Lift the card, unplug the reader, then plug it in again.</translation>
    </message>
    <message>
        <source>Pembaca tidak terlihat</source>
        <translation>Reader not seen</translation>
    </message>
    <message>
        <source>Colokkan kabel pembaca; dikenali sendiri.</source>
        <translation>Plug in the reader&apos;s cable; it is found by itself.</translation>
    </message>
    <message>
        <source>Belum ada kartu</source>
        <translation>No card yet</translation>
    </message>
    <message>
        <source>Pembacanya baik. Letakkan kartu di atasnya.</source>
        <translation>The reader is well. Lay a card on it.</translation>
    </message>
    <message>
        <source>Kartu terangkat di tengah kerja</source>
        <translation>Card lifted in mid work</translation>
    </message>
    <message>
        <source>Letakkan kartu yang sama; pekerjaan diteruskan.</source>
        <translation>Lay the same card; the work goes on.</translation>
    </message>
    <message>
        <source>Panggil teknisi: tulis namanya di [devices] allowed.</source>
        <translation>Call the technician: write its name into [devices] allowed.</translation>
    </message>
    <message>
        <source>Panggil teknisi: jalankan layanan pcscd.</source>
        <translation>Call the technician: start the service pcscd.</translation>
    </message>
    <message>
        <source>Penggeraknya mati</source>
        <translation>Its driver died</translation>
    </message>
    <message>
        <source>Ulangi; penggerak dimulai lagi sendiri. Bila sering, panggil teknisi.</source>
        <translation>Repeat; the driver starts again by itself. If often, call the technician.</translation>
    </message>
    <message>
        <source>Penggeraknya mati berulang kali</source>
        <translation>Its driver dies again and again</translation>
    </message>
    <message>
        <source>Tunggu; dicoba lagi sendiri. Bila tetap, ganti alat dan panggil teknisi.</source>
        <translation>Wait; it is tried again. If it stays, change the device and call the technician.</translation>
    </message>
    <message>
        <source>Penggeraknya macet</source>
        <translation>Its driver hangs</translation>
    </message>
    <message>
        <source>Ulangi; penggerak dimulai lagi sendiri. Bila tetap, cabut alatnya.</source>
        <translation>Repeat; the driver starts again by itself. If it stays, unplug the device.</translation>
    </message>
    <message>
        <source>Alat ini tidak bisa dipisah</source>
        <translation>This device cannot be set apart</translation>
    </message>
    <message>
        <source>Panggil teknisi: keluarkan penggeraknya dari [devices] isolated.</source>
        <translation>Call the technician: remove its driver from [devices] isolated.</translation>
    </message>
    <message>
        <source>Penggeraknya salah bekerja</source>
        <translation>Its driver misbehaves</translation>
    </message>
    <message>
        <source>Cabut dan colokkan lagi. Bila tetap, panggil teknisi: laporkan ke pemasok.</source>
        <translation>Unplug and plug in again. If it stays, call the technician: report it to the vendor.</translation>
    </message>
    <message>
        <source>Lampunya tidak menyala</source>
        <translation>Its lamp does not light</translation>
    </message>
    <message>
        <source>Periksa kabel lampu; bila tetap, ganti lampunya.</source>
        <translation>Check the lamp&apos;s cable; if it stays, replace the lamp.</translation>
    </message>
    <message>
        <source>Bukan kamera inframerah</source>
        <translation>Not an infrared camera</translation>
    </message>
    <message>
        <source>Pasang kamera inframerah; yang ini memberi gambar berwarna.</source>
        <translation>Plug in an infrared camera; this one gives coloured pictures.</translation>
    </message>
    <message>
        <source>Kalibrasinya tidak berhasil</source>
        <translation>Calibration did not work</translation>
    </message>
    <message>
        <source>Lap kacanya, kosongkan, lalu kalibrasi lagi.</source>
        <translation>Wipe the glass, leave it empty, then calibrate again.</translation>
    </message>
    <message>
        <source>Alamatnya di pengaturan salah</source>
        <translation>Its address in the settings is wrong</translation>
    </message>
    <message>
        <source>Panggil teknisi: betulkan alamatnya di [devices].</source>
        <translation>Call the technician: correct its address in [devices].</translation>
    </message>
    <message>
        <source>Terdaftar untuk lingkungan lain</source>
        <translation>Registered for another environment</translation>
    </message>
    <message>
        <source>Panggil teknisi: samakan [devices.services] env, atau ganti alatnya.</source>
        <translation>Call the technician: match [devices.services] env, or change the device.</translation>
    </message>
    <message>
        <source>Versi layanannya tidak dikenal</source>
        <translation>Unknown version of its service</translation>
    </message>
    <message>
        <source>Panggil teknisi: minta layanan SBI 0.9.5 atau 1.0 dari pemasok.</source>
        <translation>Call the technician: ask the vendor for an SBI 0.9.5 or 1.0 service.</translation>
    </message>
    <message>
        <source>Alat ini tidak bisa berkedip</source>
        <translation>This device cannot blink</translation>
    </message>
    <message>
        <source>Kenali dari nomor seri pada stikernya.</source>
        <translation>Know it by the serial number on its sticker.</translation>
    </message>
    <message>
        <source>Komputer menolak membukanya</source>
        <translation>The computer refuses to open it</translation>
    </message>
    <message>
        <source>Panggil teknisi: masukkan pengguna ini ke kelompok dialout, lalu masuk ulang.</source>
        <translation>Call the technician: add this user to the group dialout, then log in again.</translation>
    </message>
    <message>
        <source>Panggil teknisi: pasang aturan udev 60-rekam-signature.rules.</source>
        <translation>Call the technician: install the udev rule 60-rekam-signature.rules.</translation>
    </message>
    <message>
        <source>Papan tidak boleh dibuka di sini</source>
        <translation>This desk may not open the pad</translation>
    </message>
    <message>
        <source>Pena tablet tidak terlihat</source>
        <translation>No tablet pen in sight</translation>
    </message>
    <message>
        <source>Colokkan tablet; dekatkan penanya ke layar tablet.</source>
        <translation>Plug the tablet in; bring its pen near its screen.</translation>
    </message>
    <message>
        <source>Papan terdengar, tetapi tak terbaca</source>
        <translation>The pad is heard but cannot be read</translation>
    </message>
    <message>
        <source>Panggil teknisi: betulkan pad_model di pengaturan, lalu periksa kabelnya.</source>
        <translation>Call the technician: correct pad_model in the settings, then check its cable.</translation>
    </message>
    <message>
        <source>Laporan papan ini belum dikenal</source>
        <translation>This pad&apos;s reports are not known yet</translation>
    </message>
    <message>
        <source>Ganti papan; kabarkan modelnya kepada pemasok Rekam.</source>
        <translation>Use another pad; tell the supplier of Rekam its model.</translation>
    </message>
    <message>
        <source>Papan ini hanya bicara terenkripsi</source>
        <translation>This pad only talks encrypted</translation>
    </message>
    <message>
        <source>Ganti papan: STU-430, STU-530 atau STU-540.</source>
        <translation>Use another pad: STU-430, STU-530 or STU-540.</translation>
    </message>
    <message>
        <source>Layanan alat tidak menjawab</source>
        <translation>The device service does not answer</translation>
    </message>
    <message>
        <source>Jalankan layanan dari pembuat alat, lalu colokkan alatnya.</source>
        <translation>Start the maker&apos;s service, then plug in the device.</translation>
    </message>
    <message>
        <source>Sertifikatnya di luar masa berlaku</source>
        <translation>Its certificate is out of date</translation>
    </message>
    <message>
        <source>Periksa tanggal komputer. Bila benar, panggil teknisi: minta sertifikat baru.</source>
        <translation>Check the computer&apos;s date. If right, call the technician: ask for a new certificate.</translation>
    </message>
    <message>
        <source>Penerbit sertifikatnya tidak dikenal</source>
        <translation>Unknown issuer of its certificate</translation>
    </message>
    <message>
        <source>Panggil teknisi: pasang akar kepercayaan alat di iris_roots.</source>
        <translation>Call the technician: install the device&apos;s trust root in iris_roots.</translation>
    </message>
    <message>
        <source>Kata sandi alat tidak cocok</source>
        <translation>Its password does not match</translation>
    </message>
    <message>
        <source>Panggil teknisi: kembalikan kata sandi modul ke bawaan.</source>
        <translation>Call the technician: set the module&apos;s password back to the default.</translation>
    </message>
    <message>
        <source>Penggeraknya tidak terpasang</source>
        <translation>Its driver is not installed</translation>
    </message>
    <message>
        <source>Panggil teknisi: pasang paketnya, atau betulkan namanya di [devices].</source>
        <translation>Call the technician: install its package, or correct its name in [devices].</translation>
    </message>
    <message>
        <source>Penggeraknya belum diizinkan</source>
        <translation>Its driver is not allowed yet</translation>
    </message>
    <message>
        <source>Penggeraknya gagal dimuat</source>
        <translation>Its driver does not load</translation>
    </message>
    <message>
        <source>Panggil teknisi: pasang ulang paket penggerak itu.</source>
        <translation>Call the technician: install that driver&apos;s package again.</translation>
    </message>
    <message>
        <source>Paketnya bukan penggerak alat</source>
        <translation>Its package is not a driver</translation>
    </message>
    <message>
        <source>Panggil teknisi: minta paket yang benar dari pemasok.</source>
        <translation>Call the technician: ask the vendor for the right package.</translation>
    </message>
    <message>
        <source>Penggeraknya untuk Rekam versi lain</source>
        <translation>Its driver is for another Rekam</translation>
    </message>
    <message>
        <source>Panggil teknisi: minta versi yang cocok dari pemasok.</source>
        <translation>Call the technician: ask the vendor for a version that fits.</translation>
    </message>
    <message>
        <source>Penggeraknya untuk alat jenis lain</source>
        <translation>Its driver is for another kind</translation>
    </message>
    <message>
        <source>Panggil teknisi: betulkan penggerak tempat ini di [devices].</source>
        <translation>Call the technician: correct this place&apos;s driver in [devices].</translation>
    </message>
    <message>
        <source>Penggeraknya tidak bisa dipisah</source>
        <translation>Its driver cannot be set apart</translation>
    </message>
    <message>
        <source>Panggil teknisi: hapus namanya dari [devices] isolated.</source>
        <translation>Call the technician: take its name out of [devices] isolated.</translation>
    </message>
    <message>
        <source>Model alatnya tidak dikenal</source>
        <translation>Unknown model of device</translation>
    </message>
    <message>
        <source>Panggil teknisi: betulkan model alat di pengaturan.</source>
        <translation>Call the technician: correct the model in the settings.</translation>
    </message>
    <message>
        <source>Layanan kartu tidak berjalan</source>
        <translation>The card service does not run</translation>
    </message>
    <message>
        <source>Pustaka kartu tidak terpasang</source>
        <translation>The card library is not installed</translation>
    </message>
    <message>
        <source>Panggil teknisi: pasang ulang Rekam (pyscard tidak ada).</source>
        <translation>Call the technician: install Rekam again (pyscard is missing).</translation>
    </message>
    <message>
        <source>Siap</source>
        <translation>Ready</translation>
    </message>
    <message>
        <source>Tunggu sebentar; alat siap sendiri.</source>
        <translation>Wait a moment; it gets ready by itself.</translation>
    </message>
    <message>
        <source>Tunggu; bila lama, tutup program lain.</source>
        <translation>Wait; if it takes long, close other programs.</translation>
    </message>
    <message>
        <source>Sedang menyala, tunggu</source>
        <translation>Starting up, wait</translation>
    </message>
    <message>
        <source>Alat lain tercolok</source>
        <translation>Another device is plugged in</translation>
    </message>
    <message>
        <source>Cocokkan nomornya. Salah alat: colokkan yang tadi.</source>
        <translation>Compare the numbers. Wrong device: plug in the one before.</translation>
    </message>
    <message>
        <source>Belum dipasang di meja ini</source>
        <translation>Not set up at this desk</translation>
    </message>
    <message>
        <source>Bila perlu, panggil teknisi untuk memasangnya.</source>
        <translation>If it is needed, call the technician to set it up.</translation>
    </message>
    <message>
        <source>cari lagi: {n} detik</source>
        <translation>looks again in {n} s</translation>
    </message>
    <message>
        <source>No. seri {serial}</source>
        <translation>Serial {serial}</translation>
    </message>
    <message>
        <source>mutu {last}</source>
        <translation>quality {last}</translation>
    </message>
    <message>
        <source>biasa {usual}</source>
        <translation>usually {usual}</translation>
    </message>
    <message>
        <source>tanpa nomor seri</source>
        <translation>no serial number</translation>
    </message>
    <message>
        <source>Sambungan</source>
        <translation>Connection</translation>
    </message>
    <message>
        <source>Terbaca sebagai</source>
        <translation>Seen as</translation>
    </message>
    <message>
        <source>Penggerak</source>
        <translation>Driver</translation>
    </message>
    <message>
        <source>Nomor seri</source>
        <translation>Serial number</translation>
    </message>
    <message>
        <source>Firmware</source>
        <translation>Firmware</translation>
    </message>
    <message>
        <source>Kelas</source>
        <translation>Grade</translation>
    </message>
    <message>
        <source>Sekarang</source>
        <translation>Now</translation>
    </message>
    <message>
        <source>Mutu</source>
        <translation>Quality</translation>
    </message>
    <message>
        <source>Lama ambil</source>
        <translation>Capture time</translation>
    </message>
    <message>
        <source>Pengambilan</source>
        <translation>Captures</translation>
    </message>
    <message>
        <source>Kegagalan</source>
        <translation>Failures</translation>
    </message>
    <message>
        <source>Sambung ulang</source>
        <translation>Reconnected</translation>
    </message>
    <message>
        <source>Uji terakhir</source>
        <translation>Last test</translation>
    </message>
    <message>
        <source>Kode</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>{serial} (dari pengaturan)</source>
        <translation>{serial} (from settings)</translation>
    </message>
    <message>
        <source>{last} terakhir</source>
        <translation>last {last}</translation>
    </message>
    <message>
        <source>{last} terakhir, biasanya {usual}</source>
        <translation>last {last}, usually {usual}</translation>
    </message>
    <message>
        <source>biasanya {n} detik</source>
        <translation>usually {n} s</translation>
    </message>
    <message>
        <source>{good} baik, {failed} gagal</source>
        <translation>{good} good, {failed} failed</translation>
    </message>
    <message>
        <source>{n} kali</source>
        <translation>{n} times</translation>
    </message>
</context>
<context>
    <name>findings</name>
    <message>
        <source>Satu percobaan lama pada {other} ternyata jari ini.</source>
        <translation>An earlier try at {other} was this finger.</translation>
    </message>
    <message>
        <source>Percobaan itu tidak dipakai lagi; yang lain tetap tersimpan.</source>
        <translation>That try is not used any more; all others stay.</translation>
    </message>
    <message>
        <source>Jari ini sudah direkam sebagai {other}.</source>
        <translation>This finger was already taken as {other}.</translation>
    </message>
    <message>
        <source>Bila ini {asked}, yang tadi salah jari.</source>
        <translation>If this is the {asked}, the earlier one was wrong.</translation>
    </message>
    <message>
        <source>Bila ini {asked}, tangannya tertukar.</source>
        <translation>If this is the {asked}, hands are swapped.</translation>
    </message>
    <message>
        <source>Ulangi; bila yang tadi salah jari, rekam ulang dari awal.</source>
        <translation>Try again; if the earlier one was the wrong finger, retake it.</translation>
    </message>
    <message>
        <source>Bila ini {asked}, yang tadi salah mata.</source>
        <translation>If this is the {asked}, the earlier one was wrong.</translation>
    </message>
    <message>
        <source>Iris kanan dan kiri tampaknya tertukar.</source>
        <translation>The right and the left iris seem to be swapped.</translation>
    </message>
    <message>
        <source>Periksa apakah alatnya terbalik; sudah benar: ambil lagi.</source>
        <translation>Check whether the device is upside down; if it is right, take it again.</translation>
    </message>
    <message>
        <source>Jari ini lain dari {asked} yang tadi direkam.</source>
        <translation>This is not the {asked} taken before.</translation>
    </message>
    <message>
        <source>Ulangi {what}</source>
        <translation>Retake {what}</translation>
    </message>
    <message>
        <source>Ini jari petugas {who}, bukan jari pemohon.</source>
        <translation>This is operator {who}&apos;s finger, not the applicant&apos;s.</translation>
    </message>
    <message>
        <source>Tempelkan {asked} pemohon; hasil lain tetap tersimpan.</source>
        <translation>Place the applicant&apos;s {asked}; all other results stay.</translation>
    </message>
    <message>
        <source>Mata ini sudah direkam sebagai {other}.</source>
        <translation>This eye was already taken as {other}.</translation>
    </message>
    <message>
        <source>tangan kanan</source>
        <translation>right hand</translation>
    </message>
    <message>
        <source>tangan kiri</source>
        <translation>left hand</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message>
        <source>Kamera</source>
        <translation>Camera</translation>
    </message>
    <message>
        <source>Scanner jari</source>
        <translation>Finger scanner</translation>
    </message>
    <message>
        <source>Scanner iris</source>
        <translation>Iris scanner</translation>
    </message>
    <message>
        <source>Papan tanda tangan</source>
        <translation>Signature pad</translation>
    </message>
    <message>
        <source>Pembaca kartu</source>
        <translation>Card reader</translation>
    </message>
    <message>
        <source>Alat</source>
        <translation>Device</translation>
    </message>
    <message>
        <source>Cari lagi</source>
        <translation>Look again</translation>
    </message>
    <message>
        <source>{device} bermasalah.</source>
        <translation>{device}: something is wrong.</translation>
    </message>
    <message>
        <source>Periksa kabelnya, lalu coba lagi.</source>
        <translation>Check the cable, then try again.</translation>
    </message>
    <message>
        <source>{device} belum terlihat.</source>
        <translation>{device} is not seen yet.</translation>
    </message>
    <message>
        <source>Colokkan kabelnya; rekaman tetap aman.</source>
        <translation>Plug the cable in; records are safe.</translation>
    </message>
    <message>
        <source>{device} sedang dipakai program lain.</source>
        <translation>{device} is used by another program.</translation>
    </message>
    <message>
        <source>Tutup program itu, lalu coba lagi.</source>
        <translation>Close that program, then try again.</translation>
    </message>
    <message>
        <source>{device} terlepas.</source>
        <translation>{device} came loose.</translation>
    </message>
    <message>
        <source>Colokkan kembali; hasil sebelumnya tersimpan.</source>
        <translation>Plug it in again; earlier results are kept.</translation>
    </message>
    <message>
        <source>{device} tidak menjawab.</source>
        <translation>{device} does not answer.</translation>
    </message>
    <message>
        <source>Tunggu sebentar, lalu coba lagi. Bila tetap diam, cabut dan colokkan lagi.</source>
        <translation>Wait a moment, then try again. If it stays silent, unplug it and plug it in.</translation>
    </message>
    <message>
        <source>Coba lagi</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>Jawaban {device_lower} tidak terbaca.</source>
        <translation>The answer of the {device_lower} cannot be read.</translation>
    </message>
    <message>
        <source>Cabut dan colokkan lagi kabelnya.</source>
        <translation>Unplug the cable and plug it in again.</translation>
    </message>
    <message>
        <source>Kiriman {device_lower} rusak di jalan.</source>
        <translation>The data of the {device_lower} was damaged on the way.</translation>
    </message>
    <message>
        <source>Periksa kabelnya, lalu ulangi.</source>
        <translation>Check the cable, then try again.</translation>
    </message>
    <message>
        <source>Ulangi</source>
        <translation>Retake</translation>
    </message>
    <message>
        <source>{device} menolak perintah.</source>
        <translation>{device} refused the command.</translation>
    </message>
    <message>
        <source>Coba sekali lagi; bila tetap, panggil teknisi.</source>
        <translation>Try once more; if it persists, call the technician.</translation>
    </message>
    <message>
        <source>{device} tidak dikenal meja ini.</source>
        <translation>{device} is not known at this desk.</translation>
    </message>
    <message>
        <source>Panggil teknisi untuk mendaftarkan alat.</source>
        <translation>Call the technician to register the device.</translation>
    </message>
    <message>
        <source>Lihat perangkat</source>
        <translation>See devices</translation>
    </message>
    <message>
        <source>{device} tidak bisa melakukan ini.</source>
        <translation>{device} cannot do this.</translation>
    </message>
    <message>
        <source>Pakai alat lain, atau panggil teknisi.</source>
        <translation>Use another device, or call the technician.</translation>
    </message>
    <message>
        <source>{device} rusak.</source>
        <translation>{device} is broken.</translation>
    </message>
    <message>
        <source>Ganti alatnya; hasil sebelumnya tersimpan.</source>
        <translation>Replace the device; earlier results are kept.</translation>
    </message>
    <message>
        <source>Lampu {device_lower} tidak mau padam.</source>
        <translation>The lamp of the {device_lower} does not go out.</translation>
    </message>
    <message>
        <source>Cabut kabel lampunya sekarang; jangan pakai lagi sebelum diperiksa teknisi.</source>
        <translation>Unplug the lamp now; do not use it again before a technician has checked it.</translation>
    </message>
    <message>
        <source>Belum ada yang terbaca.</source>
        <translation>Nothing was read yet.</translation>
    </message>
    <message>
        <source>Minta pemohon bersiap, lalu ulangi.</source>
        <translation>Ask the applicant to get ready, then try again.</translation>
    </message>
    <message>
        <source>{device} yang terpasang bukan yang biasa.</source>
        <translation>{device}: another one than usual is attached.</translation>
    </message>
    <message>
        <source>Buka halaman Perangkat dan setujui alat baru, atau pasang kembali yang lama.</source>
        <translation>Open the Devices page and accept the new device, or attach the old one again.</translation>
    </message>
    <message>
        <source>{device} tidak boleh dipakai untuk merekam.</source>
        <translation>{device} may not be used for recording.</translation>
    </message>
    <message>
        <source>Pasang alat perekaman; alat ini hanya untuk mencocokkan atau latihan.</source>
        <translation>Use an enrolment device; this one is only for matching or rehearsal.</translation>
    </message>
    <message>
        <source>Panggil teknisi; rekaman yang tersimpan tetap aman.</source>
        <translation>Call the technician; saved records are safe.</translation>
    </message>
    <message>
        <source>Ada yang tidak berjalan.</source>
        <translation>Something does not work.</translation>
    </message>
    <message>
        <source>Tutup</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>Langkah ini belum bisa.</source>
        <translation>This step is not possible yet.</translation>
    </message>
    <message>
        <source>Selesaikan dulu bagian yang masih terbuka.</source>
        <translation>First finish what is still open.</translation>
    </message>
    <message>
        <source>Lihat</source>
        <translation>See</translation>
    </message>
    <message>
        <source>Keadaan rekaman ini tidak mengizinkannya.</source>
        <translation>The state of this record does not allow it.</translation>
    </message>
    <message>
        <source>Buka rekamannya dan ikuti tugas yang tertulis.</source>
        <translation>Open the record and follow the task written there.</translation>
    </message>
    <message>
        <source>Buka rekaman</source>
        <translation>Open record</translation>
    </message>
    <message>
        <source>Berkas pengaturan tidak sah.</source>
        <translation>The settings file is not valid.</translation>
    </message>
    <message>
        <source>Panggil teknisi untuk memperbaiki isian {where}.</source>
        <translation>Call the technician to put {where} right.</translation>
    </message>
    <message>
        <source>Pencari wajah tidak bekerja di komputer ini.</source>
        <translation>The face finder does not work on this computer.</translation>
    </message>
    <message>
        <source>Mesin biometrik yang dipilih tidak bisa dipakai.</source>
        <translation>The chosen biometric engine cannot be used.</translation>
    </message>
    <message>
        <source>Panggil teknisi: perbaiki {part} di pengaturan, atau kosongkan untuk memakai mesin bawaan.</source>
        <translation>Call the technician: fix {part} in the settings, or leave it empty to use the built-in engine.</translation>
    </message>
    <message>
        <source>Penggerak alat ini tidak diizinkan.</source>
        <translation>This device&apos;s driver is not allowed.</translation>
    </message>
    <message>
        <source>Tabel kelas alat tidak sah.</source>
        <translation>The table of device grades is not valid.</translation>
    </message>
    <message>
        <source>Tidak ada alat yang boleh merekam. Panggil teknisi untuk memasang tabel yang sah.</source>
        <translation>No device may enrol. Call a technician to install a valid table.</translation>
    </message>
    <message>
        <source>Data wilayah yang baru tidak sah.</source>
        <translation>The new region data is not valid.</translation>
    </message>
    <message>
        <source>Data lama tetap dipakai. Laporkan kepada teknisi.</source>
        <translation>The old data stays in use. Tell the technician.</translation>
    </message>
    <message>
        <source>Isi berkas tidak terbaca.</source>
        <translation>The file cannot be read.</translation>
    </message>
    <message>
        <source>Ulangi pengambilan; bila tetap, panggil teknisi.</source>
        <translation>Capture again; if it persists, call the technician.</translation>
    </message>
    <message>
        <source>Belum tersimpan.</source>
        <translation>Not saved yet.</translation>
    </message>
    <message>
        <source>Jangan lanjutkan orang ini; panggil teknisi.</source>
        <translation>Do not go on with this person; call the technician.</translation>
    </message>
    <message>
        <source>Ruang simpan penuh.</source>
        <translation>The disk is full.</translation>
    </message>
    <message>
        <source>Kirim paket yang menunggu; jangan mulai orang baru.</source>
        <translation>Send the waiting packets; do not begin a new person.</translation>
    </message>
    <message>
        <source>Buka pengiriman</source>
        <translation>Open delivery</translation>
    </message>
    <message>
        <source>Ruang simpan tidak bisa ditulis.</source>
        <translation>The disk cannot be written.</translation>
    </message>
    <message>
        <source>Yang tersimpan masih bisa dibaca. Panggil teknisi.</source>
        <translation>What is saved can still be read. Call the technician.</translation>
    </message>
    <message>
        <source>Ada simpanan yang rusak dan sudah disisihkan.</source>
        <translation>Something stored is damaged and was set aside.</translation>
    </message>
    <message>
        <source>Lihat rekaman mana yang perlu diulang, lalu panggil teknisi.</source>
        <translation>See which record must be repeated, then call the technician.</translation>
    </message>
    <message>
        <source>Kunci simpanan tidak cocok.</source>
        <translation>The key of the store does not fit.</translation>
    </message>
    <message>
        <source>Jangan ubah apa pun; panggil teknisi.</source>
        <translation>Change nothing; call the technician.</translation>
    </message>
    <message>
        <source>Kunci meja ini tidak berlaku.</source>
        <translation>The key of this desk is not valid.</translation>
    </message>
    <message>
        <source>Paket belum bisa disegel. Panggil teknisi.</source>
        <translation>Packets cannot be sealed. Call the technician.</translation>
    </message>
    <message>
        <source>Paket belum bisa disegel.</source>
        <translation>The packet cannot be sealed yet.</translation>
    </message>
    <message>
        <source>Lengkapi yang kurang pada halaman Tinjau.</source>
        <translation>Complete what is missing on the review page.</translation>
    </message>
    <message>
        <source>Tinjau</source>
        <translation>Review</translation>
    </message>
    <message>
        <source>Jaringan putus.</source>
        <translation>The line is down.</translation>
    </message>
    <message>
        <source>Perekaman tetap jalan; paket dikirim sendiri nanti.</source>
        <translation>Recording goes on; packets send themselves later.</translation>
    </message>
    <message>
        <source>Pusat menolak kiriman.</source>
        <translation>The centre refused the delivery.</translation>
    </message>
    <message>
        <source>Buka rekamannya untuk melihat alasan dan tugasnya.</source>
        <translation>Open the record to see the reason and the task.</translation>
    </message>
    <message>
        <source>Tanda terima pusat tidak sah.</source>
        <translation>The centre’s receipt is not valid.</translation>
    </message>
    <message>
        <source>Paket tetap disimpan dan tidak dihapus. Panggil teknisi.</source>
        <translation>The packet is kept and not deleted. Call the technician.</translation>
    </message>
    <message>
        <source>Petugas atau PIN tidak cocok.</source>
        <translation>Operator or PIN does not match.</translation>
    </message>
    <message>
        <source>Periksa dan ketik lagi.</source>
        <translation>Check and type again.</translation>
    </message>
    <message>
        <source>Persetujuan orang kedua belum ada.</source>
        <translation>The second person’s approval is missing.</translation>
    </message>
    <message>
        <source>Panggil pengawas; ia masuk dengan PIN-nya sendiri.</source>
        <translation>Call the supervisor, who signs in with an own PIN.</translation>
    </message>
    <message>
        <source>Panggil pengawas</source>
        <translation>Call supervisor</translation>
    </message>
    <message>
        <source>Baca ulang</source>
        <translation>Read again</translation>
    </message>
    <message>
        <source>Kartu tidak terbaca.</source>
        <translation>The card cannot be read.</translation>
    </message>
    <message>
        <source>Angkat, lalu letakkan lagi di pembaca.</source>
        <translation>Lift it, then lay it on the reader again.</translation>
    </message>
    <message>
        <source>Kartu terangkat sebelum selesai.</source>
        <translation>The card was lifted too early.</translation>
    </message>
    <message>
        <source>Letakkan kartu yang sama; pekerjaan diteruskan dari situ.</source>
        <translation>Lay the same card down; the work goes on from there.</translation>
    </message>
    <message>
        <source>Pembaca kartu belum terlihat.</source>
        <translation>The card reader is not seen yet.</translation>
    </message>
    <message>
        <source>Colokkan kabelnya.</source>
        <translation>Plug the cable in.</translation>
    </message>
    <message>
        <source>Belum ada kartu.</source>
        <translation>No card yet.</translation>
    </message>
    <message>
        <source>Letakkan kartu di pembaca.</source>
        <translation>Lay the card on the reader.</translation>
    </message>
    <message>
        <source>Kartu ini tidak terdaftar.</source>
        <translation>This card is not registered.</translation>
    </message>
    <message>
        <source>Tidak ada yang ditulis. Masukkan ke kotak kartu asing.</source>
        <translation>Nothing was written. Put it into the box for foreign cards.</translation>
    </message>
    <message>
        <source>Kartu lain</source>
        <translation>Another card</translation>
    </message>
    <message>
        <source>Kartunya bukan yang tadi.</source>
        <translation>This is not the card from before.</translation>
    </message>
    <message>
        <source>Letakkan kembali kartu yang pertama.</source>
        <translation>Lay the first card down again.</translation>
    </message>
    <message>
        <source>Kartu ini tidak siap untuk langkah ini.</source>
        <translation>This card is not ready for this step.</translation>
    </message>
    <message>
        <source>Periksa apakah kartu sudah pernah diserahkan.</source>
        <translation>Check whether the card was handed over before.</translation>
    </message>
    <message>
        <source>Isi chip rusak.</source>
        <translation>The chip’s content is damaged.</translation>
    </message>
    <message>
        <source>Masukkan ke kotak kartu rusak; pemohon dapat kartu baru.</source>
        <translation>Put it into the box for damaged cards; the applicant gets a new one.</translation>
    </message>
    <message>
        <source>Tolak kartu</source>
        <translation>Refuse card</translation>
    </message>
    <message>
        <source>Keaslian kartu tidak terbukti.</source>
        <translation>The card’s authenticity is not proven.</translation>
    </message>
    <message>
        <source>Jangan serahkan. Masukkan ke kotak kartu ditahan.</source>
        <translation>Do not hand it over. Put it into the box for withheld cards.</translation>
    </message>
    <message>
        <source>Jari tidak cocok dengan kartu.</source>
        <translation>The finger does not match the card.</translation>
    </message>
    <message>
        <source>Lap jari dan kaca, lalu coba lagi.</source>
        <translation>Wipe finger and glass, then try again.</translation>
    </message>
    <message>
        <source>Selesaikan dulu langkah sebelumnya.</source>
        <translation>First finish the step before.</translation>
    </message>
    <message>
        <source>Coba lagi dulu; masih ada kesempatan.</source>
        <translation>Try again first; there are tries left.</translation>
    </message>
    <message>
        <source>Cek ulang jari sekali lagi; masih ada kesempatan.</source>
        <translation>Check the finger once more; there are tries left.</translation>
    </message>
    <message>
        <source>Percobaan sudah cukup banyak; yang terbaik dipakai.</source>
        <translation>Enough tries; the best one counts.</translation>
    </message>
    <message>
        <source>Bagian ini dikecualikan; batalkan pengecualian untuk merekamnya.</source>
        <translation>This part is left out; choose “Take it after all” to record it.</translation>
    </message>
    <message>
        <source>Bagian ini belum direkam.</source>
        <translation>This part is not recorded yet.</translation>
    </message>
    <message>
        <source>Panggil pengawas untuk menyetujui.</source>
        <translation>Call the supervisor to approve.</translation>
    </message>
    <message>
        <source>Jari ini sudah direkam. Minta jari yang benar.</source>
        <translation>This finger is recorded already. Ask for the right one.</translation>
    </message>
    <message>
        <source>Jari ini sudah direkam pada tangan yang lain.</source>
        <translation>This finger was already taken on the other hand.</translation>
    </message>
    <message>
        <source>Jari ini lain dari yang tadi direkam.</source>
        <translation>This is another finger than the one taken before.</translation>
    </message>
    <message>
        <source>Ini jari petugas. Minta jari pemohon.</source>
        <translation>This is the operator&apos;s finger. Ask for the applicant&apos;s.</translation>
    </message>
    <message>
        <source>Iris kanan dan kiri tampaknya tertukar.</source>
        <translation>The right and the left iris seem to be swapped.</translation>
    </message>
    <message>
        <source>Mata ini sudah direkam. Minta mata yang lain.</source>
        <translation>This eye is recorded already. Ask for the other one.</translation>
    </message>
    <message>
        <source>Isi tanggal rekam menyusul.</source>
        <translation>Fill in the date of the later recording.</translation>
    </message>
    <message>
        <source>Pilih alasannya.</source>
        <translation>Choose the reason.</translation>
    </message>
    <message>
        <source>Foto belum cukup baik; ulangi.</source>
        <translation>The photo is not good enough; take it again.</translation>
    </message>
    <message>
        <source>Tunjukkan foto kepada pemohon dan minta persetujuannya.</source>
        <translation>Show the photo to the applicant and ask for approval.</translation>
    </message>
    <message>
        <source>Ambil fotonya dulu.</source>
        <translation>Take the photo first.</translation>
    </message>
    <message>
        <source>Minta pemohon membenarkan datanya dulu.</source>
        <translation>Ask the applicant to confirm the data first.</translation>
    </message>
    <message>
        <source>Rekaman ini sudah disegel dan tidak bisa diubah.</source>
        <translation>This record is sealed and cannot be changed.</translation>
    </message>
    <message>
        <source>Tunggu {seconds} detik, lalu coba lagi.</source>
        <translation>Wait {seconds} seconds, then try again.</translation>
    </message>
    <message>
        <source>Sisa percobaan: {n}.</source>
        <translation>Tries left: {n}.</translation>
    </message>
</context>
<context>
    <name>receipt</name>
    <message>
        <source>Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember</source>
        <translation>January February March April May June July August September October November December</translation>
    </message>
    <message>
        <source>Tanda terima perekaman KTP-el</source>
        <translation>Receipt of KTP-el enrolment</translation>
    </message>
</context>
<context>
    <name>status</name>
    <message>
        <source>Belum pernah direkam</source>
        <translation>Never recorded</translation>
    </message>
    <message>
        <source>Direkam dan tersimpan</source>
        <translation>Recorded and saved</translation>
    </message>
    <message>
        <source>Disiapkan untuk dikirim</source>
        <translation>Being made ready to send</translation>
    </message>
    <message>
        <source>Dikirim ke pusat</source>
        <translation>Sent to the centre</translation>
    </message>
    <message>
        <source>Diterima di pusat</source>
        <translation>Received at the centre</translation>
    </message>
    <message>
        <source>Data tidak lengkap atau tidak terbaca di pusat</source>
        <translation>Data incomplete or unreadable at the centre</translation>
    </message>
    <message>
        <source>Kode wilayah salah</source>
        <translation>Wrong area code</translation>
    </message>
    <message>
        <source>Pencarian di pusat gagal sementara</source>
        <translation>Search at the centre failed for now</translation>
    </message>
    <message>
        <source>Pusat meminta kirim ulang</source>
        <translation>Centre asks to send again</translation>
    </message>
    <message>
        <source>Dicocokkan dengan data nasional</source>
        <translation>Compared with national data</translation>
    </message>
    <message>
        <source>Data ganda</source>
        <translation>Duplicate record</translation>
    </message>
    <message>
        <source>Diperiksa petugas pusat</source>
        <translation>Examined by the centre&apos;s staff</translation>
    </message>
    <message>
        <source>Perlu diperiksa ulang</source>
        <translation>Needs a second look</translation>
    </message>
    <message>
        <source>Tunggal dan siap dicetak</source>
        <translation>Unique and ready to print</translation>
    </message>
    <message>
        <source>Masuk daftar cetak</source>
        <translation>On the print list</translation>
    </message>
    <message>
        <source>Data cetak dikirim ke daerah</source>
        <translation>Print data sent to the region</translation>
    </message>
    <message>
        <source>Kartu sudah dicetak</source>
        <translation>Card printed</translation>
    </message>
    <message>
        <source>Kartu aktif dan diserahkan</source>
        <translation>Card active and handed over</translation>
    </message>
    <message>
        <source>Periksa NIK, umur, dan identitas, lalu mulai perekaman.</source>
        <translation>Check NIK, age and identity, then start recording.</translation>
    </message>
    <message>
        <source>Tidak perlu tindakan: paket sudah disegel dan diperiksa ulang. Serahkan tanda terima.</source>
        <translation>Nothing to do: the packet is sealed and read back. Hand over the receipt.</translation>
    </message>
    <message>
        <source>Pantau antrean kirim, ruang disk, dan jaringan.</source>
        <translation>Watch the sending queue, the disk and the line.</translation>
    </message>
    <message>
        <source>Tunggu dan tanyakan status lagi. Bila terlalu lama, tanyakan ke pusat apakah NIK ini sudah ada sebelum mengirim ulang.</source>
        <translation>Wait, then ask for the status again. If it takes too long, ask the centre whether this NIK is there before sending again.</translation>
    </message>
    <message>
        <source>Tidak perlu tindakan. Paket di stasiun ini tetap disimpan sampai masa simpannya habis.</source>
        <translation>Nothing to do. The packet stays at this station until its keeping time is over.</translation>
    </message>
    <message>
        <source>Data tidak lengkap: tunggu permintaan pusat, lalu kirim ulang. Tidak terbaca: undang pemohon dan rekam ulang bagian yang disebut dalam perintah pusat.</source>
        <translation>Data incomplete: wait for the centre&apos;s request, then send again. Unreadable: invite the applicant and record the parts the centre names.</translation>
    </message>
    <message>
        <source>Betulkan kode wilayah di pengaturan, tandatangani indeks kirim yang baru, lalu kirim ulang setelah diminta pusat.</source>
        <translation>Put the area code right in the settings, sign a new dispatch index, then send again when the centre asks.</translation>
    </message>
    <message>
        <source>Tunggu. Kirim ulang hanya bila diminta pusat; jangan merekam ulang.</source>
        <translation>Wait. Send again only when the centre asks; do not record again.</translation>
    </message>
    <message>
        <source>Kirim ulang paket yang sama. Paket tidak ada: pulihkan dari cadangan. Benar-benar hilang: laporkan kehilangan.</source>
        <translation>Send the same packet again. Packet gone: restore it from the backup. Truly lost: report the loss.</translation>
    </message>
    <message>
        <source>Tidak perlu tindakan, tunggu hasil pencocokan.</source>
        <translation>Nothing to do; wait for the result.</translation>
    </message>
    <message>
        <source>Jangan merekam ulang. Pilih: surat pindah, permohonan penghapusan, atau sanggahan beda orang; lalu cetak surat.</source>
        <translation>Do not record again. Choose: moving letter, request for deletion, or objection that it is another person; then print the letter.</translation>
    </message>
    <message>
        <source>Tunggu dan jangan menjanjikan waktu. Rekam ulang hanya setelah penghapusan di pusat.</source>
        <translation>Wait and promise no time. Record again only after the centre has deleted the record.</translation>
    </message>
    <message>
        <source>Tugas dua orang: cocokkan foto, jenis kelamin, dan biodata dengan dokumen; jawab data benar, perbaiki di SIAK, atau rekam ulang.</source>
        <translation>Task for two people: compare photo, sex and data with the documents; answer that the data is right, correct it in SIAK, or record again.</translation>
    </message>
    <message>
        <source>Masukkan ke daftar cetak, kecuali ditahan karena umur belum 17 tahun.</source>
        <translation>Put it on the print list, unless it waits for the age of 17.</translation>
    </message>
    <message>
        <source>Cetak kartu dalam daftar ini.</source>
        <translation>Print the cards of this list.</translation>
    </message>
    <message>
        <source>Pastikan data cetak atau kartu sudah tiba.</source>
        <translation>Make sure the print data or cards have arrived.</translation>
    </message>
    <message>
        <source>Periksa mutu cetak, catat nomor kotak, masukkan ke daftar pengambilan.</source>
        <translation>Check the print, note the box number, put it on the collection list.</translation>
    </message>
    <message>
        <source>Selesai. Cetak ulang hanya bila kartu hilang, rusak, atau data berubah.</source>
        <translation>Done. Print again only if the card is lost, broken, or data changed.</translation>
    </message>
    <message>
        <source>Status tidak dikenal</source>
        <translation>Status not known</translation>
    </message>
    <message>
        <source>Status tidak dikenal. Tanyakan ke pusat dan jangan merekam ulang.</source>
        <translation>Status not known. Ask the centre and do not record again.</translation>
    </message>
    <message>
        <source>Jangan dicetak dulu: tunggu sampai umur 17 tahun.</source>
        <translation>Do not print yet: wait for the age of 17.</translation>
    </message>
    <message>
        <source>Jangan dicetak dulu: tunggu sampai umur 17 tahun, {date}.</source>
        <translation>Do not print yet: wait for the age of 17, {date}.</translation>
    </message>
    <message>
        <source>Kartu aktif. Laporan aktivasi menunggu dikirim ke pusat.</source>
        <translation>Card active. The activation report waits to be sent to the centre.</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>Foto</source>
        <translation>Photo</translation>
    </message>
    <message>
        <source>Tanda tangan</source>
        <translation>Signature</translation>
    </message>
    <message>
        <source>Jempol kanan</source>
        <translation>Right thumb</translation>
    </message>
    <message>
        <source>Telunjuk kanan</source>
        <translation>Right index finger</translation>
    </message>
    <message>
        <source>Jari tengah kanan</source>
        <translation>Right middle finger</translation>
    </message>
    <message>
        <source>Jari manis kanan</source>
        <translation>Right ring finger</translation>
    </message>
    <message>
        <source>Kelingking kanan</source>
        <translation>Right little finger</translation>
    </message>
    <message>
        <source>Jempol kiri</source>
        <translation>Left thumb</translation>
    </message>
    <message>
        <source>Telunjuk kiri</source>
        <translation>Left index finger</translation>
    </message>
    <message>
        <source>Jari tengah kiri</source>
        <translation>Left middle finger</translation>
    </message>
    <message>
        <source>Jari manis kiri</source>
        <translation>Left ring finger</translation>
    </message>
    <message>
        <source>Kelingking kiri</source>
        <translation>Left little finger</translation>
    </message>
    <message>
        <source>Iris kanan</source>
        <translation>Right iris</translation>
    </message>
    <message>
        <source>Iris kiri</source>
        <translation>Left iris</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Data</translation>
    </message>
    <message>
        <source>Jari</source>
        <translation>Fingers</translation>
    </message>
    <message>
        <source>Iris</source>
        <translation>Iris</translation>
    </message>
    <message>
        <source>Tinjau</source>
        <translation>Review</translation>
    </message>
    <message>
        <source>Selesai</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>Tidak ada (tetap)</source>
        <translation>Missing (permanent)</translation>
    </message>
    <message>
        <source>Tidak bisa (kondisi tetap)</source>
        <translation>Not possible (permanent condition)</translation>
    </message>
    <message>
        <source>Sementara (perban, luka)</source>
        <translation>Temporary (bandage, wound)</translation>
    </message>
    <message>
        <source>Tidak terbaca alat</source>
        <translation>Device cannot read it</translation>
    </message>
    <message>
        <source>Pemohon menolak</source>
        <translation>Applicant refuses</translation>
    </message>
    <message>
        <source>amputasi atau bawaan lahir</source>
        <translation>amputation or from birth</translation>
    </message>
    <message>
        <source>perban atau luka</source>
        <translation>bandage or wound</translation>
    </message>
    <message>
        <source>aus karena pekerjaan</source>
        <translation>worn by work</translation>
    </message>
    <message>
        <source>tunanetra</source>
        <translation>blind</translation>
    </message>
    <message>
        <source>tidak bisa menulis</source>
        <translation>cannot write</translation>
    </message>
    <message>
        <source>kondisi kesehatan</source>
        <translation>health condition</translation>
    </message>
    <message>
        <source>Latar merah</source>
        <translation>Red backdrop</translation>
    </message>
    <message>
        <source>tahun lahir ganjil</source>
        <translation>born in an odd year</translation>
    </message>
    <message>
        <source>Latar biru</source>
        <translation>Blue backdrop</translation>
    </message>
    <message>
        <source>tahun lahir genap</source>
        <translation>born in an even year</translation>
    </message>
    <message>
        <source>Latar oranye</source>
        <translation>Orange backdrop</translation>
    </message>
    <message>
        <source>warga negara asing</source>
        <translation>foreign citizen</translation>
    </message>
    <message>
        <source>Latar bebas</source>
        <translation>Any backdrop</translation>
    </message>
    <message>
        <source>Tempat/tgl lahir</source>
        <translation>Place/date of birth</translation>
    </message>
    <message>
        <source>Jenis kelamin</source>
        <translation>Sex</translation>
    </message>
    <message>
        <source>Gol. darah</source>
        <translation>Blood type</translation>
    </message>
    <message>
        <source>Alamat</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>RT / RW</source>
        <translation>RT / RW</translation>
    </message>
    <message>
        <source>Kel/Desa</source>
        <translation>Village</translation>
    </message>
    <message>
        <source>Kecamatan</source>
        <translation>District</translation>
    </message>
    <message>
        <source>Agama</source>
        <translation>Religion</translation>
    </message>
    <message>
        <source>Status kawin</source>
        <translation>Marital status</translation>
    </message>
    <message>
        <source>Pekerjaan</source>
        <translation>Occupation</translation>
    </message>
    <message>
        <source>Warga negara</source>
        <translation>Citizenship</translation>
    </message>
    <message>
        <source>Usia 16: direkam sekarang, kartu dicetak mulai {date}</source>
        <translation>Age 16: recorded now, card printed from {date}</translation>
    </message>
    <message>
        <source>Kartu bisa langsung dicetak</source>
        <translation>The card can be printed at once</translation>
    </message>
    <message>
        <source>NIK tidak sah</source>
        <translation>NIK is not valid</translation>
    </message>
    <message>
        <source>Kode wilayah meja ini salah</source>
        <translation>This desk&apos;s area code is wrong</translation>
    </message>
    <message>
        <source>Kode wilayah domisili tidak dikenal</source>
        <translation>Home area code unknown</translation>
    </message>
    <message>
        <source>Data belum dibenarkan</source>
        <translation>Data not confirmed yet</translation>
    </message>
    <message>
        <source>{part} belum ada</source>
        <translation>{part} is missing</translation>
    </message>
    <message>
        <source>Foto belum disetujui</source>
        <translation>Photo not approved yet</translation>
    </message>
    <message>
        <source>{part} belum dicek ulang</source>
        <translation>{part} not checked again yet</translation>
    </message>
    <message>
        <source>{part}: alasan belum ada</source>
        <translation>{part}: no reason given</translation>
    </message>
    <message>
        <source>{part}: pengawas belum setuju</source>
        <translation>{part}: supervisor has not agreed</translation>
    </message>
    <message>
        <source>{part}: berkas terlalu besar</source>
        <translation>{part}: file too large</translation>
    </message>
    <message>
        <source>Paket terlalu besar</source>
        <translation>Packet too large</translation>
    </message>
    <message>
        <source>{part}: alat bukan alat perekaman</source>
        <translation>{part}: not an enrolment device</translation>
    </message>
    <message>
        <source>Kunci atau alat: {code}</source>
        <translation>Keys or device: {code}</translation>
    </message>
</context>
</TS>
