"""The secure channel against exchanges of real cards (public test keys) and against tampering."""

import pytest

from station.card.apdu import Command, parse_command
from station.card.scp03 import HostSession, KeyTriple, cmac, pad, session_keys, unpad
from station.errors import CardOutcomeUnknown, CardVerificationFailed


def h(text: str) -> bytes:
    return bytes.fromhex(text)


# A UICC at level 0x33, S8, i=0x70 (trace published with the pySim test-suite).
UICC = KeyTriple(
    h("000102030405060708090a0b0c0d0e0f"),
    h("101112131415161718191a1b1c1d1e1f"),
    h("202122232425262728292a2b2c2d2e2f"),
)
HOST_CHALLENGE = h("fdf38259a1e0de44")
INIT_ANSWER = h("000000000000000000003003703b1aca81e821f219081cdc01c26b372d000003")


def opened() -> HostSession:
    session = HostSession(UICC, HOST_CHALLENGE, INIT_ANSWER)
    session.authenticate()
    return session


def test_session_keys_match_a_published_session_of_a_real_card() -> None:
    one = h("404142434445464748494a4b4c4d4e4f")
    keys = session_keys(KeyTriple(one, one, one), h("FE0530CF61BAA9F3"), h("83FA042C5C10F778"))
    assert keys.enc == h("7392646744DF8721131C4A995A845BAE")
    assert keys.mac == h("CD9F750E543E0CF862B0EA73E3812113")
    assert keys.rmac == h("D1B695D89DE01992B6CB238BDFB006D9")
    assert keys.card_cryptogram == h("148C0CAF84B0E110")
    assert keys.host_cryptogram == h("7B54E3B21E27DA5F")


def test_external_authenticate_equals_the_real_exchange() -> None:
    session = HostSession(UICC, HOST_CHALLENGE, INIT_ANSWER)
    assert session.authenticate().encode() == h("84823300108c36f96bcc00724a4e13ad591d7da3f0")


def test_a_wrapped_command_and_its_answer_equal_the_real_exchange() -> None:
    session = opened()
    wrapped = session.wrap(parse_command(h("80E2910006BF3E035C015A00")))
    assert wrapped.encode() == h("84e2910018267a85dfe4a98fca6fb0527e0dfecce4914e40401433c87f00")
    answer = h("f3ba2b1013aa6224f5e1c138d71805c569e5439b47576260b75fc021b25097cb2e68f8a0144975b9")
    assert session.unwrap(answer, 0x9000) == h("bf3e125a1089882119900000000000000000000005")


@pytest.mark.parametrize(
    ("case", "plain", "wire"),
    [
        (1, "80F22002", "84f2200208ac6a59024bed84cc"),
        (2, "80ca006600", "84ca006608409912ad8fb7aed000"),
        (
            3,
            "80F220020a4f0212345c054f9f70c5",
            "84f22002185f3dafc3ac14c381536a488bf44e06d056df9d74dbd21e5a",
        ),
        (4, "80f28002024f0000", "84f280021865165105be3373347d0424d4400af2ac393f569ec779389e00"),
    ],
)
def test_each_of_the_four_cases_equals_its_known_protected_form(
    case: int, plain: str, wire: str
) -> None:
    """The published set wraps the cases one after another, after the first real command."""
    session = opened()
    session.wrap(parse_command(h("80E2910006BF3E035C015A00")))
    cases = ["80F22002", "80ca006600", "80F220020a4f0212345c054f9f70c5", "80f28002024f0000"]
    for earlier in cases[: case - 1]:
        session.wrap(parse_command(h(earlier)))
    assert session.wrap(parse_command(h(plain))).encode() == h(wire)


def test_cmac_is_rfc_4493() -> None:
    key = h("2b7e151628aed2a6abf7158809cf4f3c")
    assert cmac(key, b"") == h("bb1d6929e95937287fa37d129b756746")
    assert cmac(key, h("6bc1bee22e409f96e93d7e117393172a")) == h("070a16b46b4d4144f79bdd9dd04a287c")


def test_an_altered_answer_closes_the_channel_with_outcome_unknown() -> None:
    session = opened()
    session.wrap(parse_command(h("80E2910006BF3E035C015A00")))
    answer = bytearray(
        h("f3ba2b1013aa6224f5e1c138d71805c569e5439b47576260b75fc021b25097cb2e68f8a0144975b9")
    )
    answer[3] ^= 1
    with pytest.raises(CardOutcomeUnknown, match="response_mac"):
        session.unwrap(bytes(answer), 0x9000)
    with pytest.raises(CardOutcomeUnknown, match="channel_closed"):
        session.wrap(Command(0, 0xB0, 0, 0, le=16))


def test_a_replayed_answer_is_refused() -> None:
    session = opened()
    session.wrap(parse_command(h("80E2910006BF3E035C015A00")))
    answer = h("f3ba2b1013aa6224f5e1c138d71805c569e5439b47576260b75fc021b25097cb2e68f8a0144975b9")
    session.unwrap(answer, 0x9000)
    session.wrap(parse_command(h("80E2910006BF3E035C015A00")))
    with pytest.raises(CardOutcomeUnknown):
        session.unwrap(answer, 0x9000)


def test_a_success_without_its_mac_is_refused() -> None:
    session = opened()
    session.wrap(Command(0, 0xD6, 0, 0, b"x"))
    with pytest.raises(CardOutcomeUnknown):
        session.unwrap(b"", 0x9000)


def test_a_card_with_other_keys_is_refused_before_our_cryptogram_is_sent() -> None:
    other = KeyTriple(bytes(16), bytes(16), bytes(16))
    with pytest.raises(CardVerificationFailed, match="card_cryptogram"):
        HostSession(other, HOST_CHALLENGE, INIT_ANSWER)


@pytest.mark.parametrize("bad", [b"", INIT_ANSWER[:-1], b"\x00" * 32])
def test_a_broken_answer_to_initialize_update_is_refused(bad: bytes) -> None:
    with pytest.raises(CardVerificationFailed):
        HostSession(UICC, HOST_CHALLENGE, bad)


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 239])
def test_padding_comes_off_as_it_went_on(length: int) -> None:
    data = bytes(length)
    assert unpad(pad(data)) == data
    assert len(pad(data)) % 16 == 0


def test_broken_padding_is_noticed() -> None:
    assert unpad(bytes(16)) is None
    assert unpad(b"\x80" + bytes(16)) is None
