"""What a finding of the in-session checks says: what happened, what to do, and whose tries to withdraw."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from station.capture.checks import Found
from station.capture.slots import FINGER_ORDER, Slot
from station.errors import CaptureRefused
from ui.presenters.words import slot_word, translate
from ui.widgets.message_bar import MessageView

RETAKE: Final = "retake"  # key of the message whose button withdraws and asks again


@dataclass(frozen=True, slots=True)
class Told:
    """The words of a finding, and what its button withdraws."""

    view: MessageView
    withdraws: tuple[Slot, ...] = ()
    because: str = ""


def told_of(error: Exception, names: Mapping[str, str]) -> Told | None:
    """Return the words of a refusal by the in-session checks, None for any other error.

    ``names`` are the people of this desk by account id.
    """
    if not isinstance(error, CaptureRefused) or error.facts.get("reason") not in set(Found):
        return None
    kind, asked = Found(str(error.facts["reason"])), Slot(str(error.facts["slot"]))
    other = Slot(str(error.facts["other"])) if error.facts.get("other") else asked
    who = names.get(str(error.facts.get("who", "")), "")
    happened, next_step, button, withdraws = _WORDS[kind](asked, other, who)
    view = MessageView("attention", happened, next_step, button, RETAKE if button else "")
    return Told(view, withdraws, kind.value)


def slip_words(other: Slot) -> MessageView:
    """Return what is said when a capture shows that an earlier try of another slot was this finger."""
    return MessageView(
        "info",
        translate("findings", "Satu percobaan lama pada {other} ternyata jari ini.").format(
            other=_low(other)
        ),
        translate("findings", "Percobaan itu tidak dipakai lagi; yang lain tetap tersimpan."),
    )


_Words = tuple[str, str, str, tuple[Slot, ...]]


def _same_finger(asked: Slot, other: Slot, _who: str) -> _Words:
    return (
        translate("findings", "Jari ini sudah direkam sebagai {other}.").format(other=_low(other)),
        translate("findings", "Bila ini {asked}, yang tadi salah jari.").format(asked=_low(asked)),
        translate("findings", "Ulangi {what}").format(what=_low(other)),
        (other,),
    )


def _wrong_hand(asked: Slot, other: Slot, _who: str) -> _Words:
    hand = hand_word(other)
    return (
        translate("findings", "Jari ini sudah direkam sebagai {other}.").format(other=_low(other)),
        translate("findings", "Bila ini {asked}, tangannya tertukar.").format(asked=_low(asked)),
        translate("findings", "Ulangi {what}").format(what=hand),
        hand_of(other),
    )


def _other_finger(asked: Slot, _other: Slot, _who: str) -> _Words:
    return (
        translate("findings", "Jari ini lain dari {asked} yang tadi direkam.").format(
            asked=_low(asked)
        ),
        translate("findings", "Ulangi; bila yang tadi salah jari, rekam ulang dari awal."),
        translate("findings", "Ulangi {what}").format(what=_low(asked)),
        (asked,),
    )


def _operator(asked: Slot, _other: Slot, who: str) -> _Words:
    return (
        translate("findings", "Ini jari petugas {who}, bukan jari pemohon.").format(who=who),
        translate("findings", "Tempelkan {asked} pemohon; hasil lain tetap tersimpan.").format(
            asked=_low(asked)
        ),
        "",
        (),
    )


def _same_eye(asked: Slot, other: Slot, _who: str) -> _Words:
    return (
        translate("findings", "Mata ini sudah direkam sebagai {other}.").format(other=_low(other)),
        translate("findings", "Bila ini {asked}, yang tadi salah mata.").format(asked=_low(asked)),
        translate("findings", "Ulangi {what}").format(what=_low(other)),
        (other,),
    )


def _swapped(_asked: Slot, other: Slot, _who: str) -> _Words:
    return (
        translate("findings", "Iris kanan dan kiri tampaknya tertukar."),
        translate("findings", "Periksa apakah alatnya terbalik; sudah benar: ambil lagi."),
        translate("findings", "Ulangi {what}").format(what=_low(other)),
        (other,),
    )


_WORDS: Final = {
    Found.SAME_FINGER: _same_finger,
    Found.WRONG_HAND: _wrong_hand,
    Found.OTHER_FINGER: _other_finger,
    Found.OPERATOR_FINGER: _operator,
    Found.SAME_EYE: _same_eye,
    Found.EYES_SWAPPED: _swapped,
}


def hand_of(slot: Slot) -> tuple[Slot, ...]:
    """Return the five fingers of a finger's hand."""
    side = slot.name.split("_", 1)[0]
    return tuple(each for each in FINGER_ORDER if each.name.startswith(side))


def hand_word(slot: Slot) -> str:
    """Return what an operator calls a finger's hand."""
    if slot.name.startswith("RIGHT"):
        return translate("findings", "tangan kanan")
    return translate("findings", "tangan kiri")


def _low(slot: Slot) -> str:
    return slot_word(slot).lower()
