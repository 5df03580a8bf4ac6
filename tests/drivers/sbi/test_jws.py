"""Signed statements: what is not exactly right is a typed refusal."""

import base64
import json

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.emulation.sbi_authority import EmulatedAuthority, certificate
from drivers.sbi import jws
from drivers.sbi.codes import error_code
from station.clock import SystemClock
from station.errors import AuthFailed, ProtocolError

NOW = SystemClock().now()
AUTHORITY = EmulatedAuthority.make(NOW)
ROOTS = (AUTHORITY.root,)
TOKEN = jws.sign({"transactionId": "T-1"}, AUTHORITY.device_key, [AUTHORITY.device])
PARTS = TOKEN.split(".")
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def header(**changes):
    return jws.encode64(json.dumps(jws.read_json(PARTS[0]) | changes).encode())


def der(certificate):
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()


def test_a_signed_statement_is_believed():
    assert jws.verify(TOKEN, ROOTS, NOW).payload == {"transactionId": "T-1"}


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512", None, 7])
def test_no_other_algorithm_is_accepted(algorithm):
    token = ".".join([header(alg=algorithm), *PARTS[1:]])
    with pytest.raises(AuthFailed):
        jws.verify(token, ROOTS, NOW)


def test_a_device_certificate_cannot_issue_another_one():
    name = "Rekam EMU Device"
    rogue = certificate("rogue", AUTHORITY.device_key.public_key(), name, AUTHORITY.device_key, NOW)
    token = jws.sign({}, AUTHORITY.device_key, [rogue, AUTHORITY.device])
    with pytest.raises(AuthFailed) as refused:
        jws.verify(token, ROOTS, NOW)
    assert refused.value.facts["what"] == "certificate chain"


@settings(max_examples=40)
@given(anything)
def test_whatever_stands_for_the_certificates_is_a_typed_refusal(listed):
    token = ".".join([header(x5c=listed), *PARTS[1:]])
    with pytest.raises((AuthFailed, ProtocolError)):
        jws.verify(token, ROOTS, NOW)


def test_a_certificate_of_no_known_version_is_a_protocol_error():
    fourth = AUTHORITY.device.public_bytes(serialization.Encoding.DER)
    fourth = fourth.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020107"), 1)
    listed = header(x5c=[base64.b64encode(fourth).decode()])
    with pytest.raises(ProtocolError):
        jws.verify(".".join((listed, *PARTS[1:])), ROOTS, NOW)


@given(st.integers(0, len(TOKEN) - 1), st.characters(max_codepoint=0x2FF))
def test_one_other_character_anywhere_is_a_typed_refusal(at, character):
    changed = TOKEN[:at] + character + TOKEN[at + 1 :]
    # The last character of a part carries unused bits: the decoded bytes decide, not the text.
    try:
        same = [jws.decode64(p) for p in changed.split(".")] == [jws.decode64(p) for p in PARTS]
    except ProtocolError:
        same = False
    if same:
        return
    with pytest.raises((AuthFailed, ProtocolError)):
        jws.verify(changed, ROOTS, NOW)


@given(st.text(max_size=200) | st.tuples(*[st.text(max_size=40)] * 3).map(".".join))
def test_any_text_is_a_typed_refusal(text):
    with pytest.raises((AuthFailed, ProtocolError)):
        jws.verify(text, ROOTS, NOW)


def test_deep_nesting_is_a_protocol_error_not_a_crash():
    deep = jws.encode64(b"[" * 200_000)
    with pytest.raises(ProtocolError):
        jws.verify(f"{PARTS[0]}.{deep}.{PARTS[2]}", ROOTS, NOW)


@given(st.binary(max_size=60))
def test_base64url_survives(data):
    assert jws.decode64(jws.encode64(data)) == data


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"errorCode": "0"}, "0"),
        ({"errorCode": "0 - Success"}, "0"),
        ({"errorCode": 0}, "0"),
        ({"errorCode": "701 - timeout"}, "701"),
        ({"errorCode": 110}, "110"),
        ({"errorCode": "-1"}, "?"),
        ({"errorCode": "bad"}, "?"),
        ({}, "0"),
        (None, "0"),
        ("text", "0"),
    ],
)
def test_error_codes_are_read_liberally_but_nonsense_is_not_success(error, code):
    assert error_code({"error": error}) == code
