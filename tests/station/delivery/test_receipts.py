import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.delivery.backoff import Backoff
from station.delivery.receipts import Receipt, issue_receipt, read_receipt
from station.delivery.signed import Trust, sign_statement
from station.errors import ReceiptRefused
from station.keys.roles import Role
from tests.station.packet.builders import NOW

RECEIPT = Receipt("p1", "a" * 64, NOW, 7)


@pytest.fixture
def signer(keys):
    return keys.centre.signer(Role.RECEIPT_SIGNER)


def read(data, signer, **wanted):
    asked = {"packet_id": "p1", "sha256": "a" * 64} | wanted
    return read_receipt(data, Trust.of([signer.certificate]), **asked)


def reason(data, signer, **wanted):
    with pytest.raises(ReceiptRefused) as refused:
        read(data, signer, **wanted)
    return refused.value.facts["reason"]


def test_a_receipt_is_for_one_packet_and_its_bytes_alone(signer):
    data = issue_receipt(RECEIPT, signer)
    assert read(data, signer) == RECEIPT
    assert reason(data, signer, packet_id="p2") == "OTHER_PACKET"
    assert reason(data, signer, sha256="b" * 64) == "OTHER_BYTES"


def test_a_receipt_of_another_key_is_refused(signer, keys):
    data = issue_receipt(RECEIPT, keys.desk.signer(Role.MACHINE))
    assert reason(data, signer) == "UNKNOWN_KEY"
    stolen = json.loads(data) | {"key": json.loads(issue_receipt(RECEIPT, signer))["key"]}
    assert reason(json.dumps(stolen).encode(), signer) == "BAD_SIGNATURE"


def test_a_feed_page_is_never_taken_for_a_receipt(signer):
    payload = {"packet_id": "p1", "sha256": "a" * 64, "received_at": NOW.isoformat(), "dc_seq": 7}
    assert reason(sign_statement("status", payload, signer), signer) == "BAD_SIGNATURE"


def test_a_changed_payload_is_refused(signer):
    one = json.loads(issue_receipt(RECEIPT, signer))
    other = json.loads(issue_receipt(replace(RECEIPT, dc_seq=8), signer))
    assert reason(json.dumps(one | {"payload": other["payload"]}).encode(), signer) == (
        "BAD_SIGNATURE"
    )


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.dictionaries(st.sampled_from(["payload", "key", "signature"]), inner),
    max_leaves=4,
)


@given(junk=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_junk_is_refused_and_nothing_else_is_raised(junk):
    with pytest.raises(ReceiptRefused):
        Trust.of([]).read("receipt", junk)


@given(failures=st.integers(0, 10_000), seed=st.integers())
def test_a_wait_lies_between_nothing_and_a_doubling_limit(failures, seed):
    backoff = Backoff(random.Random(seed))
    wait = backoff.wait(failures)
    assert 0 <= wait <= min(300.0, 0.5 * 2 ** max(0, min(failures, 20) - 1))
    assert failures or wait == 0


def test_thirty_desks_do_not_come_back_in_step():
    waits = [Backoff(random.Random(desk)).wait(8) for desk in range(30)]
    assert max(waits) - min(waits) > 30


def test_a_receipt_whose_time_has_no_zone_is_refused_not_a_crash(signer):
    naive = replace(RECEIPT, received_at=NOW.replace(tzinfo=None))
    assert reason(issue_receipt(naive, signer), signer) == "MALFORMED"
