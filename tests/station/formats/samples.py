"""Valid records of every kind, small, and strategies that make more of them."""

from hypothesis import strategies as st

from station.formats.capture_head import CaptureHead, Certificate, Quality, legacy_head
from station.formats.cbeff import Bit, Group
from station.formats.codes import CODINGS, EYES, FINGERS, IMPRESSIONS, SLAPS, Coding
from station.formats.face_image import FaceImage, FaceImageRecord
from station.formats.finger_image import FingerImage, FingerImageRecord, raw_size
from station.formats.finger_minutiae import FingerView, Minutia, MinutiaeRecord
from station.formats.iris_record import IrisImage, IrisRecord
from station.formats.nist_itl import ItlField, ItlRecord, Transaction, one
from station.formats.signature_series import Channel, ChannelKind, SignatureSeries

BYTE, WORD = st.integers(0, 255), st.integers(0, 0xFFFF)
SIDE = st.integers(1, 0xFFFF)
SCORE = st.integers(0, 100) | st.sampled_from([254, 255])
BLOB = st.binary(max_size=40)
DATE = st.tuples(
    st.integers(1, 9999),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 59),
    st.integers(0, 999),
).flatmap(lambda date: st.integers(0, 7).map(lambda known: date[:known]))
QUALITIES = st.lists(st.builds(Quality, SCORE, WORD, WORD), max_size=3).map(tuple)


def heads(certified=False):
    certificates = st.lists(st.builds(Certificate, WORD, BYTE), max_size=2).map(tuple)
    return st.builds(
        CaptureHead,
        DATE,
        BYTE,
        WORD,
        WORD,
        QUALITIES,
        certificates if certified else st.just(()),
    )


@st.composite
def minutiae(draw, width, height, quality):
    one = st.builds(
        Minutia,
        st.integers(0, width - 1),
        st.integers(0, height - 1),
        BYTE,
        st.integers(0, 2),
        quality,
    )
    return tuple(draw(st.lists(one, max_size=6)))


@st.composite
def minutiae_records(draw, edition):
    certified = edition == 2011 and draw(st.booleans())
    scanner = draw(WORD)
    sizes = draw(st.tuples(st.integers(1, 0x3FFF), st.integers(1, 0x3FFF)))
    density = st.integers(99, 0xFFFF)
    densities = draw(st.tuples(density, density))
    views = []
    for _ in range(draw(st.integers(1, 3))):
        if edition == 2011:
            sizes = draw(st.tuples(st.integers(1, 0x3FFF), st.integers(1, 0x3FFF)))
            length = draw(st.sampled_from([5, 6]))
            found = draw(minutiae(*sizes, SCORE if length == 6 else st.just(254)))
            head = draw(heads(certified))
        else:
            length, head = 6, legacy_head(draw(st.integers(0, 100)), scanner)
            found = draw(minutiae(*sizes, st.integers(0, 100)))
        views.append(
            FingerView(
                draw(st.sampled_from(sorted(FINGERS))),
                *sizes,
                found,
                head,
                draw(st.integers(0, 15)),
                draw(st.sampled_from(sorted(IMPRESSIONS[2, edition]))),
                *densities,
                length,
                draw(st.integers(0, 15)) if edition == 2011 else 0,
                draw(BLOB),
            )
        )
    return MinutiaeRecord(edition, tuple(views), certified)


@st.composite
def payload(draw, coding, depth):
    """Return width, height and data that fit the coding."""
    if coding not in {Coding.RAW, Coding.PACKED}:
        return draw(SIDE), draw(SIDE), draw(BLOB)
    width, height = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    size = raw_size(coding, width, height, depth)
    return width, height, draw(st.binary(min_size=size, max_size=size))


@st.composite
def finger_image_records(draw, edition):
    certified = edition == 2011 and draw(st.booleans())
    scale = draw(st.sampled_from([1, 2]))
    scan = draw(st.integers(1, 393))
    shared = {
        "scale": scale,
        "scan_x": scan,
        "scan_y": scan,
        "image_x": draw(st.integers(1, scan)),
        "image_y": draw(st.integers(1, scan)),
        "depth": draw(st.sampled_from([1, 8, 12])),
    }
    coding = draw(st.sampled_from(list(CODINGS[4, edition].values())))
    device = draw(WORD)
    images = []
    for _ in range(draw(st.integers(1, 3))):
        width, height, data = draw(payload(coding, shared["depth"]))
        images.append(
            FingerImage(
                draw(st.sampled_from(sorted(FINGERS | SLAPS))),
                coding,
                width,
                height,
                data,
                draw(heads(certified)) if edition == 2011 else legacy_head(draw(SCORE), device),
                draw(st.integers(1, 255)),
                draw(st.integers(1, 255)) if edition == 2005 else 1,
                draw(st.sampled_from(sorted(IMPRESSIONS[4, edition]))),
                **shared,
                extension=draw(BLOB) if edition == 2011 else b"",
            )
        )
    level = draw(st.sampled_from([10, 20, 30, 31, 35, 40, 41])) if edition == 2005 else 31
    fingers = draw(BYTE) if edition == 2011 else 1
    return FingerImageRecord(edition, tuple(images), level, fingers, certified)


@st.composite
def face_image_records(draw, edition):
    late = edition == 2011
    images = []
    for _ in range(draw(st.integers(1, 2))):
        score = draw(st.integers(1, 0xFFFF) | st.none())
        old = CaptureHead((), draw(BYTE), 0, draw(WORD), (Quality(score, 0, 0),) if score else ())
        images.append(
            FaceImage(
                draw(st.sampled_from(list(CODINGS[5, edition].values()))),
                draw(SIDE),
                draw(SIDE),
                draw(BLOB),
                draw(heads()) if late else old,
                draw(st.integers(0, 2)),
                draw(st.integers(0, 3)),
                draw(st.sampled_from([0, 1, 2, 255 if late else 3])),
                draw(BYTE),
                draw(BYTE),
                draw(BYTE) if late else 0,
                draw(st.integers(0, 0xFFFFFF)),
                draw(WORD),
                *(draw(st.integers(0, 181)) for _ in range(3)),
                *(draw(BYTE) for _ in range(3)),
                tuple(draw(st.lists(st.binary(min_size=8, max_size=8), max_size=3))),
                *((draw(BYTE), draw(WORD), draw(BYTE)) if late else (0, 0, 0)),
            )
        )
    return FaceImageRecord(edition, tuple(images), draw(WORD) if late else 0)


@st.composite
def iris_records(draw, edition):
    coding = draw(st.sampled_from(list(CODINGS[6, edition].values())))
    depth = draw(st.sampled_from([8, 16]))
    size = draw(payload(coding, depth))[:2]
    shared = {
        name: draw(WORD) for name in ("properties", "diameter")
    } | {"transformation": draw(BYTE), "device_id": draw(st.integers(0, 2**128 - 1))}  # fmt: skip
    device, images = draw(WORD), []
    for eye in draw(st.lists(st.sampled_from(sorted(EYES)), min_size=1, max_size=2, unique=True)):
        for _ in range(draw(st.integers(1, 2))):
            if edition == 2011:
                width, height, data = draw(payload(coding, depth))
                more = {
                    name: draw(WORD)
                    for name in ("range_mm", "centre_x_min", "centre_y_max", "diameter_max")
                } | {"image_type": draw(st.sampled_from([1, 2, 3, 7])), "properties": draw(BYTE)}
                head = draw(heads())
            else:
                (width, height), more, head = size, shared, legacy_head(draw(SCORE), device)
                need = raw_size(coding, width, height, depth)
                data = draw(BLOB if need is None else st.binary(min_size=need, max_size=need))
            images.append(
                IrisImage(
                    eye,
                    coding,
                    width,
                    height,
                    data,
                    head,
                    number=draw(WORD),
                    depth=depth,
                    roll=draw(WORD),
                    roll_uncertainty=draw(WORD),
                    **more,
                )
            )
    eyes = draw(st.sampled_from([0, 1, 2])) if edition == 2011 else 0
    return IrisRecord(edition, tuple(images), eyes)


@st.composite
def series(draw):
    kinds = draw(st.lists(st.sampled_from(list(ChannelKind)), min_size=1, unique=True, max_size=6))
    count = draw(st.integers(1, 5))
    channels = []
    for kind in sorted(kinds, reverse=True):
        signed = kind.name in {"X", "Y", "VX", "VY", "AX", "AY", "TX", "TY"}
        value = st.integers(-0x8000, 0x7FFF) if signed else WORD
        constant = draw(st.booleans())
        values = () if constant else tuple(draw(st.lists(value, min_size=count, max_size=count)))
        channels.append(
            Channel(
                kind,
                values,
                draw(st.none() | WORD),
                *(draw(st.none() | value) for _ in range(3)),
                draw(st.none() | WORD),
                constant,
                draw(st.booleans()),
            )
        )
    return SignatureSeries(tuple(channels), count, draw(st.none() | BLOB))


TEXT = st.text(st.characters(codec="latin-1", exclude_characters="\x1c\x1d\x1e\x1f"), max_size=8)
VALUE = st.lists(st.lists(TEXT, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3)


@st.composite
def itl_records(draw):
    kind = draw(st.sampled_from([2, 8, 10, 14, 17]))
    idc = str(draw(st.integers(0, 99)))
    if kind == 8:
        return ItlRecord(8, idc, (), draw(BLOB))
    tags = sorted(draw(st.sets(st.integers(3, 998), max_size=4)))
    fields = tuple(ItlField(tag, tuple(draw(VALUE))) for tag in tags)
    return ItlRecord(kind, idc, fields, draw(BLOB) if kind != 2 else b"")


@st.composite
def transactions(draw):
    header = tuple(one(tag, draw(TEXT)) for tag in (2, 4, 5, 7, 8, 9, 11, 12))
    return Transaction(header, tuple(draw(st.lists(itl_records(), max_size=4))))


groups = st.builds(
    Bit,
    WORD,
    BLOB,
    *[st.none() | st.binary(max_size=7)] * 5,
    WORD,
)
RECORDS = st.one_of(
    series(),
    transactions(),
    st.lists(groups, max_size=3).map(lambda bits: Group(tuple(bits))),
    *(
        make(edition)
        for make in (minutiae_records, finger_image_records, face_image_records, iris_records)
        for edition in (2005, 2011)
    ),
)
