"""The headers of the standards, byte for byte, and the variants that are told apart by name."""

import dataclasses
import datetime as dt

import numpy as np
import pytest

from station.devices import Eye, FingerPosition, Modality
from station.errors import FormatError
from station.formats import (
    bir_xml,
    cbeff,
    compact_card,
    face_image,
    finger_image,
    finger_minutiae,
    images,
    iris_record,
    itl_records,
    jpeg2000,
    nist_itl,
    normal_card,
    records,
    wsq,
)
from station.formats.capture_head import CaptureHead, Quality, date_of
from station.formats.codes import Coding
from station.minutiae import Template

AT = dt.datetime(2026, 3, 4, 5, 6, 7, 89_000, tzinfo=dt.UTC)
GREY = np.add.outer(np.arange(80), 2 * np.arange(96)).astype(np.uint8)
ONE = CaptureHead(date_of(AT), qualities=(Quality(71),))
MINUTIAE = tuple(finger_minutiae.Minutia(n, n, n, 1 + n % 2, 60) for n in range(40))
DATA = b"x" * 77


def minutiae_record(edition):
    head = ONE if edition == 2011 else finger_minutiae.legacy_head(71)
    view = finger_minutiae.FingerView(2, 300, 400, MINUTIAE, head)
    return finger_minutiae.MinutiaeRecord(edition, (view,))


def iris_of(edition):
    head = {"head": ONE} if edition == 2011 else {}
    image = iris_record.IrisImage(1, Coding.JP2, 640, 480, DATA, **head)
    return iris_record.IrisRecord(edition, (image,), 1 if edition == 2011 else 0)


@pytest.mark.parametrize(
    ("record", "overhead"),
    [
        (minutiae_record(2005), 24 + 4 + 6 * 40 + 2),
        (minutiae_record(2011), 54 + 6 * 40),
        (finger_image.FingerImageRecord(2005, (finger_image.FingerImage(2, Coding.WSQ, 9, 9, DATA),)), 77 + 46),
        (finger_image.FingerImageRecord(2011, (finger_image.FingerImage(2, Coding.WSQ, 9, 9, DATA, ONE),)), 77 + 16 + 46),
        (face_image.FaceImageRecord(2005, (face_image.FaceImage(Coding.JPEG, 9, 9, DATA),)), 77 + 14 + 32),
        (face_image.FaceImageRecord(2011, (face_image.FaceImage(Coding.JPEG, 9, 9, DATA, ONE),)), 77 + 17 + 56),
        (iris_of(2005), 77 + 59),
        (iris_of(2011), 77 + 16 + 57),
    ],
)  # fmt: skip
def test_a_record_has_the_size_of_the_standards_field_sums(record, overhead):
    assert len(records.write(record)) == overhead


def test_compression_codes_shift_between_the_editions():
    def code_at(edition, coding):
        head = {"head": ONE} if edition == 2011 else {}
        image = finger_image.FingerImage(2, coding, 9, 9, DATA, **head)
        data = records.write(finger_image.FingerImageRecord(edition, (image,)))
        return data[29] if edition == 2005 else data[16 + 24 + 12]

    assert (code_at(2005, Coding.PNG), code_at(2011, Coding.PNG)) == (5, 6)
    assert (code_at(2005, Coding.JP2), code_at(2011, Coding.JP2_LOSSLESS)) == (4, 5)
    with pytest.raises(FormatError, match="not a coding of this edition"):
        code_at(2005, Coding.JP2_LOSSLESS)


def test_an_edition_refuses_what_it_cannot_hold_instead_of_dropping_it():
    record = minutiae_record(2011)
    with pytest.raises(FormatError, match="does not hold"):
        records.write(dataclasses.replace(record, edition=2005))


def test_the_irex_variant_is_named_and_not_read():
    data = b"IIR\x00015\x00" + records.write(iris_of(2005))[8:]
    assert records.identify(data) is records.RecordKind.IRIS_IMAGE_IREX_2008
    with pytest.raises(FormatError, match="IREX 2008"):
        records.read(data)


@pytest.mark.parametrize("shift", [-5, 5])
def test_a_representation_length_wrong_by_one_quality_block_is_said_to_be_so(shift):
    data = bytearray(records.write(iris_of(2011)))
    length = int.from_bytes(data[16:20]) + shift
    data[16:20] = length.to_bytes(4)
    with pytest.raises(FormatError, match="wrong by one quality block"):
        records.read(bytes(data))


def test_an_ansi_378_record_is_named():
    iso = records.write(minutiae_record(2005))
    ansi = iso[:8] + (len(iso) - 2).to_bytes(2) + iso[12:]
    with pytest.raises(FormatError, match="ANSI 378"):
        records.read(ansi)


def test_a_date_with_a_hole_is_refused():
    data = bytearray(records.write(iris_of(2011)))
    data[22] = 0xFF  # month not given, day given
    with pytest.raises(FormatError, match="date"):
        records.read(bytes(data))


def test_a_picture_of_another_size_than_the_record_says_is_refused():
    for width, fits in ((96, True), (95, False)):
        image = finger_image.FingerImage(2, Coding.WSQ, width, 80, wsq.encode(GREY))
        held = next(records.pictures(finger_image.FingerImageRecord(2005, (image,))))
        if fits:
            assert records.pixels(held, images.decode).pixels.shape == (80, 96)
        else:
            with pytest.raises(FormatError, match="differs"):
                records.pixels(held, images.decode)


def test_raw_pixels_come_back_with_the_resolution_of_the_record():
    image = finger_image.FingerImage(
        2, Coding.RAW, 96, 80, GREY.tobytes(), scale=2, scan_x=197, scan_y=197, image_x=197, image_y=197
    )  # fmt: skip
    data = records.write(finger_image.FingerImageRecord(2005, (image,)))
    held = next(records.pictures(records.read(data)))
    picture = records.pixels(held, images.decode)
    assert np.array_equal(picture.pixels, GREY)
    assert picture.ppi == 500


def whole_transaction():
    face, print_, eye = jpeg2000.encode(GREY), wsq.encode(GREY), jpeg2000.encode(GREY)
    size = (96, 80)
    common = {"at": AT, "source": "DESK7"}
    made = (
        itl_records.descriptive(0, {18: "nama \xe9", 30: "x"}),
        itl_records.signature(1, np.where(GREY < 60, 0, 255).astype(np.uint8)),
        itl_records.face(2, face, size, Coding.JP2_LOSSLESS, **common),
        itl_records.finger(
            3, print_, size, Coding.WSQ, FingerPosition.RIGHT_INDEX, ppi=500, quality=Quality(71), **common
        ),
        itl_records.iris(4, eye, size, Coding.JP2_LOSSLESS, Eye.LEFT, **common),
    )  # fmt: skip
    return itl_records.transaction(
        made, kind="ENROL", control="T-1", at=AT, destination="ID", origin="DESK7"
    )


def test_a_whole_transaction_is_read_as_it_was_written():
    data = nist_itl.encode(whole_transaction())
    read = nist_itl.decode(data)
    assert read == whole_transaction()
    assert nist_itl.encode(read) == data
    cnt = b"1.003:1\x1f5\x1e2\x1f0\x1e8\x1f1\x1e10\x1f2\x1e14\x1f3\x1e17\x1f4\x1d"
    assert cnt in data
    assert data[data.index(b"14.999:") :].startswith(b"14.999:\xff\xa0")
    held = list(records.pictures(read))
    assert [(each.modality, each.code) for each in held] == [
        (Modality.FACE, 0),
        (Modality.FINGER, 2),
        (Modality.IRIS, 2),
    ]
    assert held[1].ppi == 500
    assert np.array_equal(records.pixels(held[0], images.decode).pixels, GREY)
    ink = itl_records.signature_picture(read.records[1]) == 0
    assert np.array_equal(ink, GREY < 60)


def test_a_transaction_cut_at_any_place_is_refused():
    data = nist_itl.encode(whole_transaction())
    for length in [*range(0, len(data), 7), len(data) - 1]:
        with pytest.raises(FormatError):
            records.read(data[:length] or b"\x00")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"1.003:1\x1f5", b"1.003:1\x1f4"),
        (b"\x1e17\x1f4", b"\x1e17\x1f5"),
        (b"14.013:2\x1d", b"14.012:2\x1d"),
        (b"1.002:", b"1.0020"),
    ],
)
def test_a_transaction_that_contradicts_itself_is_refused(old, new):
    data = nist_itl.encode(whole_transaction())
    assert old in data
    with pytest.raises(FormatError):
        nist_itl.decode(data.replace(old, new, 1))


@pytest.mark.parametrize("text", ["a\x1cb", "\u0141"])
def test_text_a_transaction_cannot_carry_is_refused(text):
    made = (itl_records.descriptive(0, {18: text}),)
    with pytest.raises(FormatError):
        nist_itl.encode(dataclasses.replace(whole_transaction(), records=made))


def test_the_smallest_cbeff_header_is_the_twelve_bytes_of_the_standard():
    data = cbeff.encode(cbeff.Group((cbeff.Bit(cbeff.FORMATS["face"], b"face"),)))
    assert data.hex() == "7f611b0201017f6015a10c8002010187020101880200085f2e0466616365"
    assert cbeff.subtype_of(FingerPosition.RIGHT_INDEX.value) == b"\x09"
    assert cbeff.subtype_of(FingerPosition.LEFT_INDEX.value) == b"\x0a"


def test_pictures_in_a_cbeff_group_are_found():
    image = finger_image.FingerImage(7, Coding.WSQ, 96, 80, wsq.encode(GREY))
    record = records.write(finger_image.FingerImageRecord(2005, (image,)))
    group = cbeff.decode(cbeff.encode(cbeff.Group((cbeff.Bit(7, record),))))
    assert [held.code for held in records.pictures(group)] == [7]


def test_data_of_the_next_standard_are_named():
    data = cbeff.encode(cbeff.Group((cbeff.Bit(8, b"face"),))).replace(b"\x5f\x2e", b"\x7f\x2e")
    with pytest.raises(FormatError, match="39794"):
        cbeff.decode(data)


def test_the_xml_container_has_its_fixed_order_whatever_came_in():
    birs = [
        bir_xml.Bir(bir_xml.FACE, b"f", 80, AT),
        bir_xml.Bir(bir_xml.IRIS, b"l", 70, AT, Eye.LEFT),
        bir_xml.Bir(bir_xml.FINGER, b"2", 60, AT, FingerPosition.LEFT_INDEX),
        bir_xml.Bir(bir_xml.IRIS, b"r", 70, AT, Eye.RIGHT),
        bir_xml.Bir(bir_xml.FINGER, b"1", 60, AT, FingerPosition.RIGHT_THUMB),
    ]
    text = bir_xml.encode(birs).decode()
    order = ["Right Thumb", "Left IndexFinger", "<Subtype>Right<", "<Subtype>Left<", "<Type>Face<"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    with pytest.raises(FormatError):
        bir_xml.encode([birs[0], birs[0]])


def template_of(x, y, angle, quality):
    count = len(x)
    return Template(
        np.array(x, np.float32),
        np.array(y, np.float32),
        np.array(angle, np.float32),
        np.ones(count, np.uint8),
        np.array(quality, np.uint8),
        900,
        900,
    )


def test_an_angle_that_rounds_to_a_full_turn_is_zero_on_the_card():
    template = template_of([100], [100], [2 * np.pi - 0.01], [80])
    assert compact_card.encode(template)[2] == 1 << 6
    assert normal_card.encode(template)[4] == 0


def test_a_tall_print_is_centred_on_its_centre_of_mass():
    y = [0, 300, 310, 320, 330, 700]  # pixels: 700 = 35.6 mm
    data = compact_card.encode(template_of([200] * 6, y, [0] * 6, [80] * 6))
    rows = list(data[1::3])
    shift = round(127.5 - float(np.rint(np.array(y) * 0.508).mean()))
    assert rows == [round(each * 0.508) + shift for each in y if 0 <= round(each * 0.508) + shift <= 255]  # fmt: skip


def test_the_weakest_go_first_and_among_equals_the_outermost():
    x, y = [100, 110, 120, 400], [100, 110, 120, 400]
    kept = compact_card.encode(template_of(x, y, [0] * 4, [80, 80, 20, 80]), limit=2)
    assert list(kept[0::3]) == [51, 56]


def test_minutiae_in_a_hundredth_of_a_millimetre_come_back():
    template = template_of([10, 200], [300, 20], [1, 2], [80, 70])
    data = normal_card.encode(template)
    back = normal_card.decode(data)
    assert normal_card.encode(back) == data
    assert np.allclose(sorted(back.x), [10, 200], atol=0.1)


@pytest.mark.parametrize("limit", [12_000, 4_000, 1_500])
def test_a_rate_bound_jpeg_2000_keeps_its_limit(limit):
    rng = np.random.default_rng(1)
    noise = np.clip(GREY.repeat(3, 0).repeat(3, 1) + rng.normal(0, 20, (240, 288)), 0, 255)
    data = jpeg2000.encode_within(noise.astype(np.uint8), limit)
    assert 0.7 * limit < len(data) <= limit
    assert not jpeg2000.lossless(data)
    with pytest.raises(FormatError, match="does not fit"):
        jpeg2000.encode_within(noise.astype(np.uint8), 60)


def test_what_fits_stays_lossless():
    data = jpeg2000.encode_within(GREY, 100_000, boxed=False)
    assert data[:4] == b"\xff\x4f\xff\x51"
    assert jpeg2000.lossless(data)
    assert np.array_equal(jpeg2000.decode(data), GREY)
