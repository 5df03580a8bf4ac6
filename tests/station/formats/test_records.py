"""Records of ISO/IEC 19794: exact both ways, and nothing else is accepted."""

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.errors import FormatError
from station.formats import records
from tests.station.formats.samples import RECORDS

steady = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@steady
@given(RECORDS)
def test_a_record_is_read_as_it_was_written(record):
    data = records.write(record)
    assert records.read(data) == record
    edition = getattr(record, "edition", None)
    assert edition is None or records.identify(data).edition == edition


@steady
@given(RECORDS, st.data())
def test_bytes_that_are_accepted_are_written_back_the_same(record, draw):
    data = bytearray(records.write(record))
    for _ in range(20):
        changed = bytearray(data)
        changed[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
        with contextlib.suppress(FormatError):
            assert records.write(records.read(bytes(changed))) == bytes(changed)
