<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="id_ID">
<context>
    <name>CheckColumn</name>
    <message>
        <source>Pemeriksaan pagi</source>
        <translation>Morning check</translation>
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
    <name>DevicePanel</name>
    <message>
        <source>Uji alat</source>
        <translation>Test device</translation>
    </message>
    <message>
        <source>Sedang diuji…</source>
        <translation>Being tested…</translation>
    </message>
    <message>
        <source>Uji {name}</source>
        <translation>Test {name}</translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>Perangkat</source>
        <translation>Devices</translation>
    </message>
    <message>
        <source>Hijau: siap. Kuning: perlu dilihat. Merah: tidak ada.</source>
        <translation>Green: ready. Amber: needs a look. Red: not there.</translation>
    </message>
    <message>
        <source>Setelah mencolokkan alat, tekan F5 untuk mencarinya lagi.</source>
        <translation>After plugging a device in, press F5 to look for it again.</translation>
    </message>
    <message>
        <source>Alat latihan tidak pernah masuk ke rekaman sungguhan.</source>
        <translation>Rehearsal devices never get into a real record.</translation>
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
        <source>perlu dilihat</source>
        <translation>needs a look</translation>
    </message>
    <message>
        <source>tidak ada</source>
        <translation>not there</translation>
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
        <source>Jaringan lama mati? Pakai media ekspor dan antar ke kantor.</source>
        <translation>Line down for long? Use the export medium and carry it to the office.</translation>
    </message>
    <message>
        <source>Jeda kirim</source>
        <translation>Pause sending</translation>
    </message>
    <message>
        <source>Kirim malam saja</source>
        <translation>Send at night only</translation>
    </message>
    <message>
        <source>Media ekspor</source>
        <translation>Export medium</translation>
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
    <message>
        <source>Kirim kapan saja</source>
        <translation>Send at any time</translation>
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
        <translation>exempt</translation>
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
    <name>Timeline</name>
    <message>
        <source>Perjalanan rekaman</source>
        <translation>The record’s way</translation>
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
        <source>Hadapkan wajah ke kamera</source>
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
        <source>Buka mata, lihat kamera</source>
        <translation>Open eyes, look here</translation>
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
        <translation>Check the cable, then repeat.</translation>
    </message>
    <message>
        <source>Ulangi</source>
        <translation>Repeat</translation>
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
        <source>Belum ada yang terbaca.</source>
        <translation>Nothing was read yet.</translation>
    </message>
    <message>
        <source>Minta pemohon bersiap, lalu ulangi.</source>
        <translation>Ask the applicant to get ready, then repeat.</translation>
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
        <source>Tiga percobaan sudah tersimpan; yang terbaik dipakai.</source>
        <translation>Three attempts are saved; the best is used.</translation>
    </message>
    <message>
        <source>Bagian ini dikecualikan; batalkan pengecualian untuk merekamnya.</source>
        <translation>This part is exempt; undo the exemption to record it.</translation>
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
        <translation>The photo is not good enough; repeat it.</translation>
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
</TS>
