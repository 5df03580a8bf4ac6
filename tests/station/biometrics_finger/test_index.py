"""The index of people: it finds whom the exact search finds, forgets whom it is told to, and reads only its own bytes."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.biometrics.finger import index_file
from station.biometrics.finger.index import Index
from station.biometrics.finger.search import search
from station.devices import FingerPosition
from station.errors import FormatError
from tests.station.biometrics_finger.test_matcher_rules import drawn, jittered

POSITIONS = tuple(FingerPosition)
PEOPLE = 60


def hand(person, count=3):
    return {POSITIONS[n]: drawn(100 * person + n, 34) for n in range(count)}


def again(prints, px=2.5):
    return {where: jittered(found, px, where.value) for where, found in prints.items()}


@pytest.fixture(scope="module")
def gallery():
    return {f"subject {n}": hand(n) for n in range(PEOPLE)}


@pytest.fixture
def index(gallery):
    made = Index()
    for subject, prints in gallery.items():
        made.add(subject, prints)
    return made


def test_the_index_finds_what_the_exact_search_finds(index, gallery):
    for person in range(0, PEOPLE, 7):
        probes = again(gallery[f"subject {person}"])
        exact = search(probes, gallery.items())
        assert [each.subject for each in index.search(probes, shortlist=3)] == [
            each.subject for each in exact
        ]


def test_a_stranger_is_nobody(index):
    assert index.search(hand(5000)) == ()


def test_two_fingers_in_common_are_enough(index, gallery):
    probes = again(gallery["subject 9"])
    probes.pop(POSITIONS[0])
    probes[POSITIONS[9]] = drawn(1)  # a finger that nobody has in the index
    (found,) = index.search(probes)
    assert found.subject == "subject 9"
    assert set(found.fingers) == set(POSITIONS[1:3])


def test_a_person_is_found_under_another_name_but_not_under_the_own(index, gallery):
    index.add("second name", again(gallery["subject 3"]))
    probes = again(gallery["subject 3"], 2)
    assert {each.subject for each in index.search(probes)} == {"subject 3", "second name"}
    assert [each.subject for each in index.search(probes, but="second name")] == ["subject 3"]


def test_a_removed_person_is_not_found_and_the_others_still_are(index, gallery):
    for person in range(0, PEOPLE, 2):
        index.remove(f"subject {person}")
    assert len(index) == PEOPLE // 2
    assert index.search(again(gallery["subject 10"])) == ()
    for person in (11, 59):
        (found,) = index.search(again(gallery[f"subject {person}"]))
        assert found.subject == f"subject {person}"
    index.add("subject 10", gallery["subject 10"])
    assert index.search(again(gallery["subject 10"]))[0].subject == "subject 10"


def test_a_subject_stands_in_the_index_once(index, gallery):
    with pytest.raises(ValueError, match="already"):
        index.add("subject 1", gallery["subject 1"])
    with pytest.raises(KeyError):
        index.remove("nobody")


def test_an_empty_index_and_an_empty_query_find_nobody(index):
    assert Index().search(hand(1)) == ()
    assert index.search({}) == ()
    assert index.search({POSITIONS[0]: drawn(1, 0), POSITIONS[1]: drawn(1, 2)}) == ()


def test_prints_without_minutiae_are_left_out():
    index = Index()
    index.add("bare", {POSITIONS[0]: drawn(1, 0)})
    assert "bare" in index
    assert index.search(hand(1)) == ()
    index.remove("bare")
    assert len(index) == 0


def test_the_index_survives_its_bytes(index, gallery):
    data = index_file.encode(index)
    read = index_file.decode(data)
    assert index_file.encode(read) == data
    probes = again(gallery["subject 4"])
    assert read.search(probes) == index.search(probes)


def test_the_bytes_do_not_tell_in_which_order_people_came(gallery):
    one, other = Index(), Index()
    people = list(gallery.items())[:5]
    for subject, prints in people:
        one.add(subject, prints)
    for subject, prints in reversed(people):
        other.add(subject, dict(reversed(prints.items())))
    assert index_file.encode(one) == index_file.encode(other)


def small():
    index = Index()
    index.add("a", hand(1, 2))
    index.add("b", hand(2, 1))
    return index_file.encode(index)


SMALL = small()


def sealed(body):
    return bytes(body) + struct.pack("<I", zlib.crc32(bytes(body)))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_bytes_are_refused_by_a_typed_error(data):
    body = bytearray(SMALL[:-4])
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(FormatError):
        index_file.decode(bytes(body) + SMALL[-4:])
    cut = sealed(body[: data.draw(st.integers(0, len(body)))])  # a checksum made anew
    try:
        index_file.decode(cut)
    except FormatError:
        return


@given(st.binary(max_size=200))
def test_foreign_bytes_are_refused_by_a_typed_error(data):
    for body in (data, sealed(data), sealed(SMALL[:10] + data)):
        with pytest.raises(FormatError):
            index_file.decode(body)


def test_every_cut_and_every_extra_byte_is_refused():
    body = SMALL[:-4]
    for end in range(len(body)):
        with pytest.raises(FormatError):
            index_file.decode(sealed(body[:end]))
    with pytest.raises(FormatError):
        index_file.decode(sealed(body + b"\0"))


def test_the_words_of_a_print_do_not_depend_on_where_it_lay():
    from station.biometrics.finger.neighbourhood import words
    from station.biometrics.finger.prepared import prepare
    from tests.station.biometrics_finger.test_matcher_rules import moved

    whole = drawn(3)
    one, other = words(prepare(whole)), words(prepare(moved(whole, 50, 20, -10)))
    nearest = np.bitwise_count(one[:, None] ^ other[None]).min(axis=1)
    assert np.median(nearest) <= 3
