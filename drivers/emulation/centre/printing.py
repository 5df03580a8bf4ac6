"""Prepares a card: biodata in words, a photo and a signature that fit the chip, the chip's fingers, signed."""

import datetime as dt
import io
from typing import Final

import numpy as np
from PIL import Image

from drivers.emulation.centre.identity import Templates
from drivers.emulation.centre.keys import CentreKeys
from drivers.emulation.centre.opened import Opened
from station.capture.slots import FINGER_OF, Slot
from station.card.contents import Biodata, CardFinger, CardRecord, build_contents
from station.delivery.card_data import PreparedCard, sign_card
from station.errors import FormatError
from station.formats import compact_card
from station.packet.canonical import write
from station.packet.envelope import seal
from station.person import person as persons
from station.person.bundle import MasterData
from station.person.person import Person

PHOTO_BYTES: Final = 2580  # DG2 is 2600 with its two tags and lengths
SIGNATURE_BYTES: Final = 880  # DG7 is 900
MINUTIAE: Final = 40  # more make comparison on the chip's data no better
_PHOTO_SIZES: Final = ((180, 240), (150, 200), (120, 160), (90, 120))
_LOWEST_QUALITY: Final = 10
_SIGNATURE_WIDTHS: Final = (400, 320, 240, 180, 120)
WEST_INDONESIA: Final = dt.timezone(dt.timedelta(hours=7))  # the centre's day


def prepare_card(
    opened: Opened, fingers: Templates, keys: CentreKeys, master: MasterData, at: dt.datetime
) -> bytes:
    """Return the card's contents signed by the centre and sealed to the desk.

    Raises FormatError when photo or register data cannot be read, CardError when a part does not fit.
    """
    record = CardRecord(
        record_id=opened.record_id,
        biodata=_biodata(persons.from_json(write(dict(opened.person))), master, at),
        photo_jpeg=fit_photo(opened.sample(Slot.FACE)),
        fingers=_chip_fingers(opened, fingers),
        signature=fit_signature(opened.sample(Slot.SIGNATURE)),
    )
    contents = build_contents(record, keys.issuer.signer)
    files = {int(fid): data for fid, data in contents.files.items()}
    signed = sign_card(PreparedCard(opened.record_id, files), keys.receipts)
    return seal(signed, [keys.desk])[0]


def _biodata(person: Person, master: MasterData, at: dt.datetime) -> Biodata:
    day = at.astimezone(WEST_INDONESIA).date()

    def word(table: str, code: int) -> str:
        return master.codes.label(table, code, day)

    return Biodata(
        nik=str(person.nik),
        name=person.printed_name,
        birth_place=person.birthplace,
        birth_date=person.birth_date.isoformat(),
        sex=word("sex", person.sex),
        blood_group=word("blood_group", person.blood_group),
        address=person.address.street,
        rt_rw=person.address.rt_rw,
        village=person.address.village,
        district=person.address.district,
        regency=person.address.regency,
        province=person.address.province,
        religion=word("religion", person.religion),
        marital_status=word("marital_status", person.marital_status),
        occupation=word("occupation", person.occupation),
        citizenship=word("citizenship", person.citizenship),
        valid_until="SEUMUR HIDUP",
        issued_place=person.address.regency,
        issued_on=day.isoformat(),
    )


def fit_photo(jpeg: bytes, room: int = PHOTO_BYTES) -> bytes:
    """Return the portrait as the largest JPEG that fits; b'' for no photo; FormatError."""
    if not jpeg:
        return b""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
            portrait = picture.convert("RGB")
    except (OSError, ValueError, SyntaxError) as cause:
        raise FormatError(what="photo") from cause
    for size in _PHOTO_SIZES:
        small = portrait.resize(size, Image.Resampling.LANCZOS)
        best = b""
        low, high = _LOWEST_QUALITY, 95
        while low <= high:  # bisect: bytes grow with quality
            quality = (low + high) // 2
            data = _as_jpeg(small, quality)
            if len(data) <= room:
                best, low = data, quality + 1
            else:
                high = quality - 1
        if best:
            return best
    raise FormatError(what="photo_room")


def _as_jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, subsampling="4:2:0")
    return out.getvalue()


def fit_signature(png: bytes, room: int = SIGNATURE_BYTES) -> bytes:
    """Return the signature as the widest black-and-white PNG that fits; b'' for none; FormatError."""
    if not png:
        return b""
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
            flat = Image.new("L", picture.size, 255)
            grey = picture.convert("LA")
            flat.paste(grey.getchannel("L"), mask=grey.getchannel("A"))
    except (OSError, ValueError, SyntaxError) as cause:
        raise FormatError(what="signature") from cause
    for width in _SIGNATURE_WIDTHS:
        height = max(1, round(flat.height * width / flat.width))
        small = flat.resize((width, height), Image.Resampling.BOX)
        out = io.BytesIO()
        small.point(lambda grey: 255 if grey > 200 else 0).convert("1").save(
            out, "PNG", optimize=True
        )
        if len(out.getvalue()) <= room:
            return out.getvalue()
    raise FormatError(what="signature_room")


def _chip_fingers(opened: Opened, fingers: Templates) -> tuple[CardFinger, ...]:
    found = []
    for slot in opened.chip_slots:
        template = fingers.get(FINGER_OF[slot])
        if template is not None and len(template):
            best = template.best(MINUTIAE)
            found.append(
                CardFinger(
                    FINGER_OF[slot], int(np.mean(best.quality)), compact_card.encode(best, MINUTIAE)
                )
            )
    return tuple(found)
