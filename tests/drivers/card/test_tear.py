"""The tear sweep: a cut at any command, with any outcome, ends in the same card and one report."""

import itertools
from collections.abc import Iterator

import pytest

from drivers.emulation.card.faults import Cut, Outcome
from drivers.emulation.card.rack import make_chip
from station.card.activation_record import parse_activation
from station.card.control import Lifecycle
from station.card.journal import Entry
from station.card.personalise import personalise
from station.card.profile import CONTENT_ORDER, Fid
from station.card.register import CardState
from station.card.verify import verify_files
from station.errors import CardSwapped
from tests.drivers.card.world import CONTENTS, ISSUER, World, finish_through_tears
from tests.station.card.sample import MASTER

KEPT = (*CONTENT_ORDER, Fid.ACT, Fid.KEYS)


def an_untorn_run() -> tuple[World, int]:
    world = World()
    world.chip.arm()
    finish_through_tears(world)
    return world, world.chip.commands


REFERENCE, COMMANDS = an_untorn_run()


def check_at_the_cut(world: World) -> None:
    """I2, I6 and 'exactly one current control copy', as they hold at any instant."""
    control = world.chip.control  # raises when no copy is whole
    files = world.chip.eeprom.dump()
    complete = all(files[fid] == CONTENTS.files[fid] for fid in CONTENT_ORDER)
    if control.state in {Lifecycle.PERSONALISED, Lifecycle.ACTIVE}:
        assert complete  # I6
    if control.state is Lifecycle.ACTIVE:
        verify_files({fid: files[fid] for fid in CONTENT_ORDER}, ISSUER.trust, world.clock)
        parse_activation(files[Fid.ACT], control.serial, world.counter.sam)  # I2
    else:
        assert world.register.entry(world.serial).state is not CardState.ACTIVATED


def check_the_end(world: World) -> None:
    files, expected = world.chip.eeprom.dump(), REFERENCE.chip.eeprom.dump()
    for fid in KEPT:
        assert files[fid] == expected[fid], fid.name  # I1, I3
    assert world.chip.control.state is Lifecycle.ACTIVE
    assert world.register.entry(world.serial).state is CardState.ACTIVATED
    assert world.journal.count(world.serial, Entry.ACT_DONE) == 1  # I5
    assert world.rack.chip(world.rack.serials[1]).updates == 0  # I7


def cuts(every: int) -> Iterator[Cut]:
    everything = itertools.chain.from_iterable(
        (
            Cut(k, Outcome.NOT_WRITTEN),
            Cut(k, Outcome.NOT_WRITTEN, 1),
            Cut(k, Outcome.TORN, 0),
            Cut(k, Outcome.TORN, 1),
            Cut(k, Outcome.TORN, 2),
            Cut(k, Outcome.ANSWER_LOST),
        )
        for k in range(COMMANDS)
    )
    yield from itertools.islice(everything, 0, None, every)


def run(*faults: Cut, anti_tearing: bool = False) -> None:
    world = World()
    if anti_tearing:
        serial = bytes.fromhex(world.serial)
        world.rack.cards[world.serial] = make_chip(MASTER, serial, anti_tearing=True)
        world.lay_again()
    world.chip.arm(*faults)
    finish_through_tears(world, lambda: check_at_the_cut(world))
    check_the_end(world)


def test_a_cut_anywhere_ends_in_the_same_card_and_one_report() -> None:
    for cut in cuts(every=13):
        run(cut)


@pytest.mark.slow
def test_a_cut_at_every_command_and_page_with_every_outcome() -> None:
    for cut in cuts(every=1):
        run(cut)


@pytest.mark.slow
@pytest.mark.parametrize("gap", [1, 2, 5, 17, 40])
def test_a_second_cut_during_the_resume(gap: int) -> None:
    for cut in cuts(every=29):
        run(cut, Cut(cut.apdu + gap, Outcome.TORN))


@pytest.mark.parametrize("k", [20, 60, 110, 160])
def test_a_card_with_its_own_tear_protection_ends_the_same(k: int) -> None:
    run(Cut(k, Outcome.TORN, 1), anti_tearing=True)


def test_a_fresh_session_finishes_an_activation_whose_answer_was_lost_without_a_second_finger() -> (
    None
):
    world = World()
    world.personalise()
    world.chip.arm()
    world.activate()
    commands = world.chip.commands
    for k in range(commands - 8, commands):
        world = World()
        world.personalise()
        world.chip.arm(Cut(k, Outcome.ANSWER_LOST))
        with pytest.raises(Exception, match="OUTCOME_UNKNOWN"):
            world.activate()
        world.lay_again()
        session = world.activation()
        session.examine()
        if session.holder_confirmed:
            session.commit(ISSUER.signer.sign)
            assert world.journal.count(world.serial, Entry.TRY) == 1
            check_the_end(world)


def test_a_card_swapped_after_a_tear_gets_no_byte() -> None:
    world = World()
    world.chip.arm(Cut(40, Outcome.TORN))
    with pytest.raises(Exception, match="OUTCOME_UNKNOWN"):
        world.personalise()
    second = world.rack.serials[1]
    world.rack.insert(second)
    with pytest.raises(CardSwapped):
        world.personalise(expected_serial=world.serial)
    with pytest.raises(CardSwapped):  # also when the caller forgot which card it began with
        personalise(world.reader, CONTENTS, world.counter)
    assert world.rack.chip(second).updates == 0


def test_a_resume_writes_only_what_is_missing_and_leaves_no_gap(
    caplog: pytest.LogCaptureFixture,
) -> None:
    whole = World().personalise().writes
    world = World()
    world.chip.arm(Cut(50, Outcome.TORN))
    with pytest.raises(Exception, match="OUTCOME_UNKNOWN"):
        world.personalise()
    world.lay_again()
    resumed = world.personalise()
    assert resumed.resumed
    assert resumed.writes < whole * 2 // 3
    assert "once more" not in caplog.text  # the read-back found nothing to repair
