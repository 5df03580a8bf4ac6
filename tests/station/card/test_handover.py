"""The counter's verbs refuse what was prepared for somebody else before a blank is touched."""

from types import SimpleNamespace

import pytest

from station.card import handover
from station.card.contents import build_contents
from station.card.issuer import make_rehearsal_issuer
from station.card.profile import Fid
from station.delivery.card_data import PreparedCard
from station.errors import CardError, CardVerificationFailed
from station.lifecycle.record import Record
from station.lifecycle.status import Status
from tests.station.card.sample import a_clock, a_record


class Untouched:
    """A reader, counter or log that must not be used."""

    def __getattr__(self, name):
        pytest.fail(f"{name} was used")


def prepared_files() -> dict[int, bytes]:
    contents = build_contents(a_record(), make_rehearsal_issuer(a_clock()).signer)
    return {int(fid): data for fid, data in contents.files.items()}


def a_counter(monkeypatch, files: dict[int, bytes]) -> handover.Handover:
    prepared = PreparedCard("rec-1", files)
    monkeypatch.setattr(handover, "fetch_card", lambda *_call: prepared)
    nothing = Untouched()
    return handover.Handover(
        store=nothing, counter=nothing, engine=nothing, opener=nothing, trust=nothing,
        line=lambda: SimpleNamespace(close=lambda: None),
        reports=nothing, sign=nothing, audit=nothing,
    )  # fmt: skip


def test_contents_that_name_another_person_never_reach_a_blank(monkeypatch):
    counter = a_counter(monkeypatch, prepared_files())
    other = Record("rec-1", "6101015203050001", "SITI", Status.CARD_PRINTED)
    with pytest.raises(CardVerificationFailed) as refused:
        counter.write(other, Untouched(), "rina")
    assert refused.value.facts["reason"] == "other_person"


@pytest.mark.parametrize("odd", [0x9999, int(Fid.KEYS)])
def test_contents_with_a_file_outside_the_profile_are_refused_with_a_typed_error(monkeypatch, odd):
    counter = a_counter(monkeypatch, prepared_files() | {odd: b"x"})
    mine = Record("rec-1", "6101000000000001", "UMAR", Status.CARD_PRINTED)
    with pytest.raises(CardError, match="contents_files"):
        counter.write(mine, Untouched(), "rina")
