"""Which models may enrol is the word of the site's authority, or nobody's."""

import datetime as dt
import hashlib
import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from hypothesis import given
from hypothesis import strategies as st

from station.devices import Grade
from station.grades import GradesRefused, load_grades, sign_grades
from station.keys.certificates import Validity, issue, new_ec_key
from station.keys.roles import Role

NOW = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
SLIM = {"driver": "finger.sfm", "make": "Suprema", "model": "SFM Slim", "firmware": "*"}


class Signed:
    """A signer over a key pair."""

    def __init__(self, pair) -> None:
        self.certificate, self._key = pair.certificate, pair.key

    def sign(self, digest: bytes) -> bytes:
        assert len(digest) == hashlib.sha256().digest_size
        return self._key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))


def pair(role, issuer=None, days=100):
    return issue(
        "site", role, new_ec_key(), Validity.around(NOW, days), organisation="Test", issuer=issuer
    )


AUTHORITY = pair(Role.AUTHORITY, days=1000)
SIGNER = Signed(pair(Role.DEVICE_GRADES, AUTHORITY))


def table(*rows, form="rekam-grades-1") -> bytes:
    return json.dumps({"format": form, "grades": list(rows)}).encode()


def written(folder, data: bytes, signature: bytes | None):
    path = folder / "grades.json"
    path.write_bytes(data)
    beside = folder / "grades.json.sig"
    beside.unlink(missing_ok=True)
    if signature is not None:
        beside.write_bytes(signature)
    return path


def refused(path, at=NOW, authority=AUTHORITY) -> str:
    with pytest.raises(GradesRefused) as caught:
        load_grades(path, authority.certificate, at)
    return str(caught.value.facts["reason"])


def test_a_signed_table_gives_the_grades_it_lists(tmp_path):
    data = table({**SLIM, "grade": "enrolment"})
    path = written(tmp_path, data, sign_grades(data, SIGNER))
    grades = load_grades(path, AUTHORITY.certificate, NOW)
    assert grades == {("finger.sfm", "Suprema", "SFM Slim", "*"): Grade.ENROLMENT}


def test_a_missing_file_or_signature_is_refused(tmp_path):
    assert refused(tmp_path / "none.json") == "FILE_MISSING"
    assert refused(written(tmp_path, table(), None)) == "SIGNATURE_MISSING"


@pytest.mark.parametrize("role", [Role.MACHINE, Role.OPERATOR, Role.SUPERVISOR])
def test_a_table_signed_in_another_role_is_refused(tmp_path, role):
    data = table()
    other = Signed(pair(role, AUTHORITY))
    assert refused(written(tmp_path, data, sign_grades(data, other))) == "SIGNER"


def test_a_table_of_another_authority_or_after_its_time_is_refused(tmp_path):
    data = table()
    path = written(tmp_path, data, sign_grades(data, SIGNER))
    assert refused(path, authority=pair(Role.AUTHORITY)) == "SIGNER"
    assert refused(path, at=NOW + dt.timedelta(days=200)) == "SIGNER"


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_flipped_bit_of_a_table_is_refused(tmp_path_factory, at, bit):
    data = table({**SLIM, "grade": "verification"})
    damaged = bytearray(data)
    damaged[at % len(data)] ^= 1 << bit
    path = written(tmp_path_factory.mktemp("g"), bytes(damaged), sign_grades(data, SIGNER))
    assert refused(path) == "SIGNATURE"


@pytest.mark.parametrize(
    "data",
    [
        table({**SLIM, "grade": "emulated"}),  # no table makes an emulator a device
        table({**SLIM, "grade": "best"}),
        table({**SLIM, "model": "", "grade": "enrolment"}),
        table({"driver": "finger.sfm", "grade": "enrolment"}),
        table("enrolment"),
        b"[]",
        b"\xff",
    ],
)
def test_a_signed_table_that_says_nothing_sensible_is_refused_whole(tmp_path, data):
    assert refused(written(tmp_path, data, sign_grades(data, SIGNER))) == "CONTENT"


def test_a_table_of_another_format_is_refused(tmp_path):
    data = table(form="rekam-grades-2")
    assert refused(written(tmp_path, data, sign_grades(data, SIGNER))) == "FORMAT"


@pytest.mark.parametrize(
    "signature", [b"", b"{}", b'{"certificate":"!","signature":""}', b"[" * 9999]
)
def test_a_damaged_signature_file_is_refused(tmp_path, signature):
    assert refused(written(tmp_path, table(), signature)) == "FORMAT"
