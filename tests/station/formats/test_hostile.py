"""Hostile bytes: a typed error or exactly another valid record; never a crash, a hang, or much memory."""

import random
import tracemalloc

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from station.errors import FormatError
from station.formats import bir_xml, cbeff, compact_card, normal_card, records, wsq_stream
from station.formats.isolated import IsolatedDecoder
from tests.station.formats.mutation import mutate
from tests.station.formats.samples import RECORDS
from tests.station.formats.test_isolated import FILES

MEMORY = 2 << 20  # over the size of what is read: Python objects of the fields
HEADERS = [kind.magic for kind in records.RecordKind]


def judged(data):
    """Return 1 when the bytes are a record, 0 when they are refused; anything else fails."""
    try:
        record = records.read(data)
    except FormatError:
        return 0
    assert records.write(record) == data
    return 1


def steady(examples):
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@steady(60)
@given(RECORDS)
def test_every_cut_and_every_trailing_byte_is_refused(record):
    data = records.write(record)
    assert sum(judged(data[:length]) for length in range(len(data))) == 0
    assert judged(data + b"\x00") == judged(data + b"\xff") == 0


@steady(25)
@given(RECORDS, st.integers(0, 1 << 32))
def test_damaged_records_are_refused_or_are_exactly_what_they_say(record, seed):
    rng, data = random.Random(seed), records.write(record)
    for _ in range(30):
        judged(mutate(data, rng))


@given(st.sampled_from(HEADERS), st.binary(max_size=200))
def test_any_bytes_behind_a_known_beginning_are_judged(magic, rest):
    judged(magic + rest)


@steady(25)
@given(RECORDS, st.integers(0, 1 << 32))
def test_reading_needs_little_more_memory_than_the_bytes(record, seed):
    rng, data = random.Random(seed), records.write(record)
    for _ in range(10):
        damaged = mutate(data, rng)
        tracemalloc.start()
        judged(damaged)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < MEMORY + 40 * len(damaged)


@given(st.binary(max_size=300))
def test_any_bytes_are_card_minutiae_or_refused(data):
    for card in (compact_card, normal_card):
        try:
            assert len(card.decode(data)) <= 80
        except FormatError:
            continue


@given(st.binary(max_size=300))
def test_any_bytes_are_a_wsq_stream_or_refused(data):
    with pytest.raises(FormatError):
        wsq_stream.read(FILES["wsq"][:40] + data)


@pytest.mark.slow
def test_campaign_two_hundred_thousand_damaged_records(capsys):
    tried = accepted = 0

    @steady(1100)
    @given(RECORDS, st.integers(0, 1 << 32))
    def campaign(record, seed):
        nonlocal tried, accepted
        rng, data = random.Random(seed), records.write(record)
        for _ in range(200):
            accepted += judged(mutate(data, rng))
            tried += 1

    campaign()
    with capsys.disabled():
        print(  # noqa: T201 - the campaign tells its count
            f"\nrecords: {tried} damaged inputs, {accepted} of them valid records, the rest refused"
        )
    assert tried >= 200_000
    assert 0 < accepted < tried


@pytest.mark.slow
def test_campaign_damaged_pictures_end_no_decoder_for_long(capsys):
    rng, refused, ended = random.Random(7), 0, 0
    with IsolatedDecoder(seconds=5) as decoder:
        for turn in range(12_000):
            data = mutate(list(FILES.values())[turn % len(FILES)], rng)
            try:
                picture = decoder.decode(data)
            except FormatError as error:
                refused += 1
                ended += error.facts["reason"] in {"decoder ended", "took too long"}
            else:
                assert picture.pixels.dtype == "uint8"
        assert decoder.decode(FILES["png"]).ppi == 500
    with capsys.disabled():
        print(  # noqa: T201 - the campaign tells its count
            f"\npictures: 12000 damaged inputs, {refused} refused, {ended} of them ended the child"
        )
    assert refused > 6_000


def test_export_forms_take_no_wrong_values():
    with pytest.raises(FormatError):
        cbeff.encode(cbeff.Group((cbeff.Bit(0x10000, b""),)))
    with pytest.raises(FormatError):
        bir_xml.encode([bir_xml.Bir(bir_xml.FINGER, b"", 50, None)])
