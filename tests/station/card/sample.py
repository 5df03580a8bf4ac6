"""Builders for card tests: a worst-case record, an ordinary one, and the keys of a rehearsal."""

import datetime as dt
import random

from station.card.contents import Biodata, CardFinger, CardRecord
from station.clock import FixedClock
from station.devices import FingerPosition

NOW = dt.datetime(2026, 5, 4, 2, 0, tzinfo=dt.UTC)
MASTER = bytes(range(32, 48))


def a_clock() -> FixedClock:
    return FixedClock(NOW)


def minutiae(count: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(3 * count)


def a_record(record_id: str = "rec-1", seed: int = 1) -> CardRecord:
    return CardRecord(
        record_id=record_id,
        biodata=Biodata("6101000000000001", "UMAR", "SAMBAS", "1990-02-28", "LAKI-LAKI", "O"),
        photo_jpeg=b"\xff\xd8" + random.Random(seed).randbytes(900) + b"\xff\xd9",
        fingers=(
            CardFinger(FingerPosition.RIGHT_INDEX, 80, minutiae(40, seed)),
            CardFinger(FingerPosition.LEFT_INDEX, 70, minutiae(38, seed + 1)),
        ),
        signature=random.Random(seed + 2).randbytes(300),
    )


def the_largest_record() -> CardRecord:
    """Longest names and address, 80 + 80 minutiae, largest photo and signature."""
    return CardRecord(
        record_id="rec-max",
        biodata=Biodata(
            nik="6101000000000001",
            name="W" * 60,
            birth_place="TAWAU, MALAYSIA".ljust(25, "X"),
            birth_date="1990-02-28",
            sex="PEREMPUAN",
            blood_group="TIDAK TAHU",
            address="JL. " + "W" * 86,
            rt_rw="000/000",
            village="W" * 25,
            district="W" * 25,
            regency="W" * 25,
            province="KEPULAUAN BANGKA BELITUNG",
            religion="KEPERCAYAAN TERHADAP TUHAN YME",
            marital_status="BELUM KAWIN",
            occupation="KARYAWAN SWASTA".ljust(30, "X"),
            citizenship="DUA KEWARGANEGARAAN",
            valid_until="SEUMUR HIDUP",
            issued_place="W" * 20,
            issued_on="2026-05-04",
        ),
        photo_jpeg=b"\xff" * (2600 - 9),
        fingers=(
            CardFinger(FingerPosition.RIGHT_INDEX, 100, minutiae(80, 1)),
            CardFinger(FingerPosition.LEFT_INDEX, 100, minutiae(80, 2)),
        ),
        signature=b"\x55" * (900 - 9),
    )
