"""The files of a card: the budget, round trips, the signed object and its refusal of change."""

import hashlib
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from station.card.contents import (
    Biodata,
    CardContents,
    CardFinger,
    build_contents,
    content_of,
    parse_biodata,
    parse_com,
    parse_fingers,
    parse_photo,
    parse_signature,
)
from station.card.issuer import RehearsalIssuer, make_rehearsal_issuer
from station.card.profile import CHUNK_BYTES, DATA_GROUPS, EEPROM_BYTES, FILES, Fid, budget
from station.card.sod import verify_sod
from station.card.tlv import read_tlv
from station.devices import FingerPosition
from station.errors import CardError, CardVerificationFailed, FormatError, KeyRefused
from tests.station.card.sample import a_clock, a_record, the_largest_record

ISSUER = make_rehearsal_issuer(a_clock())


def test_the_profile_fits_the_eeprom_with_all_headers() -> None:
    exact, paged = budget()
    assert exact == 7020
    assert paged <= EEPROM_BYTES


def test_the_worst_case_record_fits_every_file() -> None:
    contents = build_contents(the_largest_record(), ISSUER.signer)
    assert {fid: len(data) for fid, data in contents.files.items()} == {
        fid: FILES[fid].size for fid in contents.files
    }
    sod = content_of(contents.files[Fid.SOD], Fid.SOD)
    assert len(sod) <= FILES[Fid.SOD].size


def test_what_is_too_large_is_a_plan_error_with_its_room() -> None:
    record = replace(a_record(), photo_jpeg=bytes(2600))
    with pytest.raises(CardError) as refused:
        build_contents(record, ISSUER.signer)
    assert refused.value.facts["file"] == "DG2"
    assert refused.value.facts["room"] == 2600


def test_every_part_comes_back_as_it_went_in() -> None:
    record = the_largest_record()
    files = build_contents(record, ISSUER.signer).files
    assert parse_com(files[Fid.COM]) == (1, 2, 3, 7)
    assert parse_biodata(files[Fid.DG1]) == record.biodata
    assert parse_photo(files[Fid.DG2]) == record.photo_jpeg
    assert parse_fingers(files[Fid.DG3]) == record.fingers
    assert parse_signature(files[Fid.DG7]) == record.signature


@pytest.mark.parametrize("fingers", [0, 1])
def test_an_absent_finger_is_marked_never_invented(fingers: int) -> None:
    record = a_record()
    record = replace(record, fingers=record.fingers[:fingers])
    files = build_contents(record, ISSUER.signer).files
    assert parse_fingers(files[Fid.DG3]) == record.fingers


@pytest.mark.parametrize("size", [0, 4, 243])
def test_a_template_that_is_no_compact_card_is_refused(size: int) -> None:
    finger = CardFinger(FingerPosition.LEFT_THUMB, 50, bytes(size))
    with pytest.raises(CardError):
        build_contents(replace(a_record(), fingers=(finger,)), ISSUER.signer)


def test_the_same_record_gives_the_same_bytes() -> None:
    one, two = (build_contents(a_record(), ISSUER.signer) for _ in range(2))
    assert one.files == two.files
    assert one.digest == two.digest


def test_steps_cover_every_byte_once_and_end_with_the_sod() -> None:
    contents = build_contents(a_record(), ISSUER.signer)
    steps = contents.steps()
    assert all(len(step.data) <= CHUNK_BYTES for step in steps)
    for fid, data in contents.files.items():
        assert b"".join(step.data for step in steps if step.fid == fid) == data
    assert steps[-1].fid is Fid.SOD


def test_the_signed_object_verifies_and_names_the_hashes() -> None:
    files = build_contents(a_record(), ISSUER.signer).files
    signed = verify_sod(files[Fid.SOD], ISSUER.trust, a_clock())
    assert signed == {
        n: hashlib.sha256(content_of(files[fid], fid)).digest() for n, fid in DATA_GROUPS.items()
    }


def test_no_single_flipped_bit_of_the_signed_object_passes_for_other_hashes() -> None:
    files = build_contents(a_record(), ISSUER.signer).files
    good = content_of(files[Fid.SOD], Fid.SOD)
    truth = verify_sod(good, ISSUER.trust, a_clock())
    for at in range(0, len(good), 7):
        bad = bytearray(good)
        bad[at] ^= 0x10
        try:
            assert verify_sod(bytes(bad), ISSUER.trust, a_clock()) == truth
        except CardVerificationFailed:
            continue


def test_another_country_signer_is_refused() -> None:
    files = build_contents(a_record(), ISSUER.signer).files
    with pytest.raises(CardVerificationFailed, match="sod_chain"):
        verify_sod(files[Fid.SOD], make_rehearsal_issuer(a_clock()).trust, a_clock())


def test_an_expired_signer_is_refused() -> None:
    clock = a_clock()
    files = build_contents(a_record(), ISSUER.signer).files
    clock.advance(6 * 365 * 86400)
    with pytest.raises(CardVerificationFailed, match="sod_validity"):
        verify_sod(files[Fid.SOD], ISSUER.trust, clock)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_plain_openssl_accepts_the_object_and_rejects_one_flipped_bit(tmp_path: Path) -> None:
    sod = read_tlv(build_contents(a_record(), ISSUER.signer).files[Fid.SOD]).value
    root = x509.load_der_x509_certificate(ISSUER.csca).public_bytes(Encoding.PEM)
    (tmp_path / "csca.pem").write_bytes(root)
    digest = verify_sod(b"\x77\x82" + len(sod).to_bytes(2) + sod, ISSUER.trust, a_clock())[1]
    flipped = sod.replace(digest, bytes((digest[0] ^ 1,)) + digest[1:], 1)
    results = []
    for data in (sod, flipped):
        (tmp_path / "sod.der").write_bytes(data)
        done = subprocess.run(
            [
                "openssl",
                "cms",
                "-verify",
                "-inform",
                "DER",
                "-in",
                "sod.der",
                "-CAfile",
                "csca.pem",
                "-purpose",
                "any",
                "-no_check_time",
                "-out",
                "out.bin",
            ],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        results.append(done.returncode)
    assert results == [0, 4]


def test_the_issuer_survives_its_file() -> None:
    again = RehearsalIssuer.from_pem(ISSUER.to_pem())
    assert again.csca == ISSUER.csca
    assert again.signer.sign(b"x") == ISSUER.signer.sign(b"x")
    with pytest.raises(KeyRefused):
        RehearsalIssuer.from_pem(b"no pem")


def test_the_software_issuer_refuses_production() -> None:
    with pytest.raises(KeyRefused):
        make_rehearsal_issuer(a_clock(), production=True)


def test_biodata_without_a_number_is_refused() -> None:
    with pytest.raises(FormatError):
        parse_biodata(b"\x61\x00")
    with pytest.raises(FormatError):
        parse_biodata(b"\x61\x04\x80\x02\xff\xfe")


def test_nothing_personal_shows_in_a_representation() -> None:
    record = a_record()
    text = repr(record) + repr(Biodata("6101000000000001", "UMAR")) + repr(record.fingers)
    assert "6101" not in text
    assert "UMAR" not in text


def test_contents_from_outside_must_have_every_file_in_its_size() -> None:
    files = dict(build_contents(a_record(), ISSUER.signer).files)
    with pytest.raises(CardError, match="contents_size"):
        CardContents("rec-1", files | {Fid.DG1: bytes(3)})
    with pytest.raises(CardError, match="contents_files"):
        CardContents("rec-1", files | {Fid.KEYS: bytes(256)})
