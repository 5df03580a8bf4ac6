"""The counter's verbs refuse what was prepared for somebody else before a blank is touched."""

from types import SimpleNamespace

import pytest

from station.card import handover
from station.card.contents import build_contents
from station.card.issuer import make_rehearsal_issuer
from station.delivery.card_data import PreparedCard
from station.errors import CardVerificationFailed
from station.lifecycle.record import Record
from station.lifecycle.status import Status
from tests.station.card.sample import a_clock, a_record


class Untouched:
    """A reader, counter or log that must not be used."""

    def __getattr__(self, name):
        pytest.fail(f"{name} was used")


def test_contents_that_name_another_person_never_reach_a_blank(monkeypatch):
    contents = build_contents(a_record(), make_rehearsal_issuer(a_clock()).signer)
    prepared = PreparedCard("rec-1", {int(fid): data for fid, data in contents.files.items()})
    monkeypatch.setattr(handover, "fetch_card", lambda *_call: prepared)
    nothing = Untouched()
    counter = handover.Handover(
        store=nothing, counter=nothing, engine=nothing, opener=nothing, trust=nothing,
        line=lambda: SimpleNamespace(close=lambda: None),
        reports=nothing, sign=nothing, audit=nothing,
    )  # fmt: skip
    other = Record("rec-1", "6101015203050001", "SITI", Status.CARD_PRINTED)
    with pytest.raises(CardVerificationFailed) as refused:
        counter.write(other, nothing, "rina")
    assert refused.value.facts["reason"] == "other_person"
