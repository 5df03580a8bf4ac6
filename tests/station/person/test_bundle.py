"""Master data: what comes with the program, and which offered bundle replaces the running one."""

import base64
import datetime as dt
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from station.errors import MasterDataRefused
from station.person.bundle import load_demo_bundle, open_bundle, payload_of, sign_bundle
from station.person.regions import Known, Level

TODAY = dt.date(2026, 11, 22)
RUNNING = load_demo_bundle()
NEWER = replace(RUNNING, version=RUNNING.version + 1)
KEYS = [ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())]


def refusal(signed, key, running=RUNNING, today=TODAY):
    with pytest.raises(MasterDataRefused) as caught:
        open_bundle(signed, key, running, today)
    return caught.value.facts["reason"]


def test_the_demo_bundle_has_82_current_regions():
    current = [row for row in RUNNING.regions if not row.retired]
    assert len(current) == 82
    assert len(RUNNING.regions.children("")) == 38
    assert len(RUNNING.regions.children("61")) == 14
    assert [len(RUNNING.regions.children(c)) for c in ("61.01", "61.71", "61.72")] == [19, 6, 5]
    assert RUNNING.regions.full_name("61.01.04") == "Tebas, Kabupaten Sambas, Kalimantan Barat"


def test_every_retired_region_of_the_demo_bundle_is_marked_invented():
    retired = [row for row in RUNNING.regions if row.retired]
    assert len(retired) >= 5
    assert all("(sintetis)" in row.name for row in retired)
    assert all(RUNNING.regions.knows(row.code) is Known.RETIRED for row in retired)


def test_missing_rows_are_told_from_unknown_codes():
    assert RUNNING.regions.knows("61.01.99") is Known.NO
    assert RUNNING.regions.knows("61.02.01") is Known.NOT_COVERED
    assert RUNNING.regions.knows("61.01.01.2001") is Known.NOT_COVERED
    assert RUNNING.regions.name("61.02.01") == ""
    assert RUNNING.regions.coverage["61.01"] is Level.DISTRICT


def test_code_tables_have_their_sizes_and_a_word_changes_with_its_date():
    sizes = {name: len(table.at(TODAY)) for name, table in RUNNING.codes.tables.items()}
    assert sizes == {
        "sex": 2, "citizenship": 3, "religion": 7, "marital_status": 4, "blood_group": 13,
        "education": 10, "family_relation": 11, "disability": 7, "occupation": 5,
    }  # fmt: skip
    assert RUNNING.codes.label("occupation", 5, TODAY) == "PNS/ASN"
    assert RUNNING.codes.label("occupation", 5, dt.date(2015, 1, 1)) == "PNS"
    assert RUNNING.codes.label("occupation", 17, TODAY) == "? (17)"
    assert not RUNNING.codes.has("religion", 8, TODAY)


@pytest.mark.parametrize("key", KEYS)
def test_a_newer_signed_bundle_opens(key):
    opened = open_bundle(sign_bundle(payload_of(NEWER), key), key.public_key(), RUNNING, TODAY)
    assert opened.version == NEWER.version
    assert dict(opened.regions.rows) == dict(RUNNING.regions.rows)
    assert opened.codes == RUNNING.codes


@pytest.mark.parametrize("key", KEYS)
def test_a_changed_payload_or_another_key_is_refused(key):
    wrapped = json.loads(sign_bundle(payload_of(NEWER), key))
    other = replace(NEWER, decree="lain")
    wrapped["payload"] = base64.b64encode(payload_of(other)).decode()
    assert refusal(json.dumps(wrapped).encode(), key.public_key()) == "SIGNATURE"
    stranger = (
        ed25519.Ed25519PrivateKey.generate()
        if key is KEYS[0]
        else ec.generate_private_key(key.curve)
    )
    assert refusal(sign_bundle(payload_of(NEWER), stranger), key.public_key()) == "SIGNATURE"


def test_the_key_decides_the_algorithm():
    signed = sign_bundle(payload_of(NEWER), KEYS[0])
    assert refusal(signed, KEYS[1].public_key()) == "FORMAT"


@pytest.mark.parametrize("version", [RUNNING.version, RUNNING.version - 1])
def test_an_older_or_equal_version_is_refused(version):
    signed = sign_bundle(payload_of(replace(RUNNING, version=version)), KEYS[0])
    assert refusal(signed, KEYS[0].public_key()) == "OLDER"


def test_a_bundle_waits_for_its_first_day():
    signed = sign_bundle(payload_of(replace(NEWER, valid_from=dt.date(2026, 11, 23))), KEYS[0])
    assert refusal(signed, KEYS[0].public_key()) == "NOT_YET_VALID"
    opened = open_bundle(signed, KEYS[0].public_key(), RUNNING, dt.date(2026, 11, 23))
    assert opened.version == NEWER.version


@pytest.mark.parametrize("signed", [b"", b"{}", b"[]", b"\xff", b'{"format": 1}', b"null"])
def test_rubbish_is_a_refusal_and_not_a_crash(signed):
    assert refusal(signed, KEYS[0].public_key()) == "FORMAT"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"regions": [["61.01", "Yatim", False]]}, "NO_PARENT"),
        ({"regions": [["61", "A", False], ["61", "B", False]]}, "REGIONS"),
        ({"regions": [["6101", "A", False]]}, "REGIONS"),
        ({"codes": {"sex": [{"valid_from": "kapan"}]}}, "CODE_TABLES"),
        ({"coverage": {"": 9}}, "CONTENT"),
        ({"valid_from": "besok"}, "CONTENT"),
        ({"version": None}, "CONTENT"),
    ],
)
def test_a_signed_bundle_with_bad_content_is_refused(change, reason):
    payload = json.loads(payload_of(NEWER)) | change
    signed = sign_bundle(json.dumps(payload).encode(), KEYS[0])
    assert refusal(signed, KEYS[0].public_key()) == reason
