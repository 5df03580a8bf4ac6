"""The photo takes itself after half a second of good, once, and guidance stays calm."""

from station.biometrics.verdict import Measure, Verdict
from station.capture.coach import PhotoCoach
from station.guidance import Guidance


def verdict(*guidance: Guidance) -> Verdict:
    gate = Measure("gate", 0.0 if guidance else 1.0, "", low=0.5)
    return Verdict("t", "1", 50, (gate,), guidance)


def test_the_photo_is_taken_once_after_half_a_second_of_good():
    coach = PhotoCoach(0.5)
    taken = [t for t in range(20) if coach.feed(verdict(), t / 10).take]
    assert taken == [5]


def test_one_bad_frame_starts_the_half_second_again():
    coach = PhotoCoach(0.5)
    times = []
    for t in range(20):
        state = coach.feed(verdict(Guidance.BLURRED) if t == 4 else verdict(), t / 10)
        if state.take:
            times.append(t)
    assert times == [10]


def test_a_flicker_of_one_frame_does_not_change_the_instruction():
    coach = PhotoCoach(0.5)
    shown = []
    for t in range(40):
        code = Guidance.MOVE_LEFT if t % 7 == 6 else Guidance.COME_CLOSER
        shown.append(coach.feed(verdict(code), t / 30).guidance)
    assert set(shown) == {Guidance.COME_CLOSER}


def test_a_retake_can_take_itself_again():
    coach = PhotoCoach(0.5)
    assert any(coach.feed(verdict(), t / 10).take for t in range(10))
    coach.reset()
    assert any(coach.feed(verdict(), t / 10).take for t in range(10, 20))
