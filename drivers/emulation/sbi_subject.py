"""Who is before the emulated service's devices: eyes, hands and a face, drawn once and remembered."""

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, Protocol

from drivers.emulation.body import Body
from drivers.emulation.scenes import eye as eye_scene
from drivers.emulation.scenes import face as face_scene
from drivers.emulation.scenes.finger import FingerIdentity, impression, master
from drivers.emulation.scenes.slap import SlapPress, draw_slap
from drivers.sbi.identity import Kind
from station.devices import Eye, FingerPosition, Pixels, Slap

_SINGLE: Final = (300, 400)
_PLATEN: Final = (1600, 1000)  # 3.2 x 2 inches at 500 ppi


class Subject(Protocol):
    """What the devices see; the same picture object as long as nothing moved. Called from any thread."""

    def eye(self, eye: Eye) -> Pixels | None:
        """Return the eye before the camera, None when it does not look in."""
        ...

    def hand(self, fingers: Sequence[FingerPosition]) -> Pixels | None:
        """Return the platen while these fingers are asked for; None when no hand lies on it."""
        ...

    def finger(self) -> Pixels | None:
        """Return the glass of the single-finger scanner, None when it is empty."""
        ...

    def face(self) -> Pixels | None:
        """Return what the face camera sees (BGR), None when nobody is there."""
        ...


class OnlyEyes:
    """A subject for a service with an iris camera alone."""

    def __init__(self, look: Callable[[Eye], Pixels | None]) -> None:
        self._look = look

    def eye(self, eye: Eye) -> Pixels | None:
        """Return what ``look`` gives."""
        return self._look(eye)

    def hand(self, _fingers: Sequence[FingerPosition]) -> Pixels | None:
        """Return nothing."""
        return None

    def finger(self) -> Pixels | None:
        """Return nothing."""
        return None

    def face(self) -> Pixels | None:
        """Return nothing."""
        return None


class OnlyFinger:
    """A subject for a service with a single-finger scanner alone."""

    def __init__(self, glass: Callable[[], Pixels | None]) -> None:
        self._glass = glass

    def eye(self, _eye: Eye) -> Pixels | None:
        """Return nothing."""
        return None

    def hand(self, _fingers: Sequence[FingerPosition]) -> Pixels | None:
        """Return nothing."""
        return None

    def finger(self) -> Pixels | None:
        """Return what ``glass`` gives."""
        return self._glass()

    def face(self) -> Pixels | None:
        """Return nothing."""
        return None


class DrawnSubject:
    """One invented person who does what the script says; at first, whatever a device asks for.

    A body is drawn when it is first looked at: a hand takes about two seconds of processor time, a face one.
    """

    def __init__(self, body: int | Body, seed: int = 1) -> None:
        """``body`` may be a number: a person with all fingers and eyes."""
        self.body = _body(body)
        self._seed = seed
        self._lock = threading.Lock()
        self._drawn: dict[object, Pixels] = {}
        self.looks = True
        self.faces = True
        self.touches = True
        self.fingers: frozenset[FingerPosition] | None = None  # None: those asked for
        self.missing: frozenset[FingerPosition] = frozenset()

    def become(self, name: str) -> None:
        """Let another person step up: a number, a NIK, or any name, which always means the same one."""
        with self._lock:
            self.body = _named(name)
            self._drawn.clear()

    def eye(self, eye: Eye) -> Pixels | None:
        """Return the eye, held still before the camera."""
        if not self.looks or eye.name in self.body.blind:
            return None
        identity = eye_scene.EyeIdentity(self.body.body, eye)
        return self._once(eye, lambda: eye_scene.render(identity, eye_scene.EyePose()))

    def hand(self, fingers: Sequence[FingerPosition]) -> Pixels | None:
        """Return a slap of the asked fingers, or of those the script has put down."""
        if not self.touches:
            return None
        asked = frozenset(fingers) if self.fingers is None else self.fingers
        there = sorted(asked - self._gone(), key=lambda finger: finger.value)
        if not there:
            return None
        # The arc of a hand is that of all its fingers: draw the group, then leave some out.
        group = _group(there)
        press = SlapPress(missing=frozenset(group) - frozenset(there))
        width, height = _PLATEN
        return self._once(
            tuple(there),
            lambda: (
                draw_slap(
                    self.body.body, group, self._seed, press, width=width, height=height
                ).image
            ),
        )

    def finger(self) -> Pixels | None:
        """Return one finger: the script's, else the right index."""
        if not self.touches:
            return None
        chosen = min(self.fingers or {FingerPosition.RIGHT_INDEX}, key=lambda each: each.value)
        if chosen in self._gone():
            return None
        width, height = _SINGLE
        return self._once(
            ("single", chosen),
            lambda: impression(
                FingerIdentity(self.body.body, chosen), self._seed, width=width, height=height
            ),
        )

    def face(self) -> Pixels | None:
        """Return a portrait of 3:4, cut from the middle of the camera's picture."""
        if not self.faces:
            return None
        return self._once("face", self._portrait)

    def draw_ahead(self, kinds: Sequence[Kind], ended: threading.Event) -> None:
        """Draw what devices of these kinds see, so that the first capture need not wait for it."""
        hands: list[Callable[[], object]] = []
        for slap in Slap:
            # Finger by finger, so that an end is noticed soon; a hand of grown fingers is drawn quickly.
            hands += [partial(self._grow, finger) for finger in slap.fingers]
            hands.append(partial(self.hand, slap.fingers))
        looks: Mapping[Kind, Sequence[Callable[[], object]]] = {
            Kind.IRIS: [partial(self.eye, eye) for eye in Eye],
            Kind.FINGER: [self.finger],
            Kind.SLAP: hands,
            Kind.FACE: [self.face],
        }
        for kind in kinds:
            for look in looks[kind]:
                if ended.is_set():
                    return
                look()

    def _grow(self, finger: FingerPosition) -> None:
        if finger not in self._gone():
            master(FingerIdentity(self.body.body, finger))

    def _gone(self) -> frozenset[FingerPosition]:
        return self.missing | {FingerPosition[name] for name in self.body.missing}

    def _portrait(self) -> Pixels:
        pose = face_scene.Pose(backdrop=self.body.backdrop)
        whole = face_scene.render(self.body.face, pose)
        height, width = whole.shape[:2]
        wide = height * 3 // 4
        left = (width - wide) // 2
        return whole[:, left : left + wide].copy()

    def _once(self, key: object, draw: Callable[[], Pixels]) -> Pixels:
        with self._lock:
            if key not in self._drawn:
                self._drawn[key] = draw()
            return self._drawn[key]


def _body(body: int | Body) -> Body:
    return body if isinstance(body, Body) else Body(body, "CONTOH")


def _named(name: str) -> Body:
    if name.isdecimal() and len(name) < 10:
        return _body(int(name))
    return _body(int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) % 1_000_000)


def _group(fingers: Sequence[FingerPosition]) -> tuple[FingerPosition, ...]:
    every = tuple(FingerPosition)
    for group in (every[1:5], every[6:10], (every[5], every[0])):
        if set(fingers) <= set(group):
            return group
    return tuple(fingers)
