"""Eyes and glasses of a rendered person, at any opening of the lids."""

import numpy as np

from drivers.emulation.scenes.face_canvas import Canvas, Cover, Floats, curve, vector
from drivers.emulation.scenes.face_traits import EYE_Y, HALF_IED, Traits

_GAP = (
    21.0  # half the lid gap of an open eye, in sprite pixels (0.057 of eye-chin distance each way)
)


def draw_eyes(canvas: Canvas, traits: Traits, opening: float, gaze: float = 0.0) -> None:
    """Draw both eyes; ``opening`` 0 (closed) to 1 (open), ``gaze`` -1..1 sideways."""
    for side in (-1, 1):
        if opening > 0.12:
            _draw_open(canvas, traits, side, opening, gaze)
        else:
            _draw_closed(canvas, traits, side)


def draw_glasses(canvas: Canvas, *, dark: bool = False, glare: float = 0.0) -> None:
    """Draw a thin dark frame with a faint reflection on each lens; ``glare`` 0..1 mirrors a lamp."""
    frame = (38.0, 34.0, 36.0)
    for side in (-1, 1):
        right = [
            (24, 352),
            (60, 332),
            (130, 328),
            (186, 344),
            (190, 392),
            (160, 436),
            (100, 444),
            (44, 430),
            (22, 392),
        ]
        rim = curve([(side * x, y) for x, y in right])
        if dark:
            canvas.tint(canvas.mask(rim, 0.8), (20.0, 17.0, 16.0), 0.96)
        canvas.light(canvas.mask(rim), 0.05)
        if glare:
            lamp = canvas.glow((side * 112, 372), (46 * glare, 22 * glare))
            canvas.light(canvas.mask(rim) * lamp, 3.0)
        shine = curve(
            [
                (side * 60 - 30, 346),
                (side * 60 + 6, 342),
                (side * 60 - 26, 420),
                (side * 60 - 44, 412),
            ]
        )
        canvas.light(canvas.mask(shine, 5), 0.10)
        outer = canvas.mask(rim * vector((1.0, 1.0)))
        inner = canvas.mask((rim - rim.mean(axis=0)) * vector((0.925, 0.89)) + rim.mean(axis=0))
        ring = outer
        top, left = inner.top - outer.top, inner.left - outer.left
        ring.values[top : top + inner.values.shape[0], left : left + inner.values.shape[1]] -= (
            inner.values
        )
        canvas.tint(ring, frame, 0.95)
        arm = curve([(side * 186, 352), (side * 220, 350), (side * 256, 356)], closed=False)
        canvas.tint(canvas.strokes([arm], 11, 0.8), frame, 0.9)
    bridge = curve([(-28, 366), (0, 354), (28, 366)], closed=False)
    canvas.tint(canvas.strokes([bridge], 11, 0.8), frame, 0.95)


def _lids(traits: Traits, side: int, opening: float) -> tuple[Floats, Floats]:
    wide, gap = 57.0 * traits.eye_size, _GAP * traits.eye_size
    up, down = gap * (1.24 * opening - 0.12), gap * 0.74
    centre = side * HALF_IED

    def line(points: list[tuple[float, float]]) -> Floats:
        return curve([(centre + side * x, EYE_Y + y) for x, y in points], closed=False)

    upper = [
        (-wide, 9.0),
        (-wide * 0.62, -up * 0.55 + 4),
        (-wide * 0.1, -up),
        (wide * 0.45, -up * 0.82),
        (wide, 1.0),
    ]
    lower = [
        (-wide, 9.0),
        (-wide * 0.5, down * 0.85),
        (wide * 0.1, down),
        (wide * 0.62, down * 0.7),
        (wide, 1.0),
    ]
    return line(upper), line(lower)


def _draw_open(canvas: Canvas, traits: Traits, side: int, opening: float, gaze: float) -> None:
    upper, lower = _lids(traits, side, opening)
    hole = canvas.mask(np.vstack([upper, lower[::-1]]), 0.8)
    x, y = side * HALF_IED + 12 * gaze, EYE_Y - 3
    centre = side * HALF_IED
    canvas.tint(hole, (216, 222, 226))
    canvas.shadow(hole * canvas.glow((centre, EYE_Y - 22), (70, 15)), 0.55)
    for end in (-1, 1):
        canvas.shadow(hole * canvas.glow((centre + end * 58, EYE_Y + 5), (16, 20)), 0.42)
    canvas.tint(hole * canvas.glow((centre - side * 54, EYE_Y + 8), (8, 7)), (128, 138, 196), 0.75)
    radius = 27.0 * traits.eye_size
    ring = _disc(canvas, x, y, radius, 1.4)
    canvas.tint(hole * ring, (14, 18, 26))
    canvas.tint(hole * _disc(canvas, x, y, radius - 3.2, 2.2), traits.iris)
    rng = np.random.default_rng(traits.grain + 7)
    rays = []
    for turn in np.sort(rng.uniform(0, 2 * np.pi, 46)):
        direction = vector((np.cos(turn), np.sin(turn)))
        ends = vector((x, y)) + np.outer(np.linspace(10, rng.uniform(17, 24), 4), direction)
        rays.append(ends.astype(np.float32))
    canvas.tint(hole * canvas.strokes(rays, 1.8, 0.5), (60, 92, 138), 0.38)
    canvas.light(hole * canvas.glow((x + 6, y + 12), (12, 7)), 0.16)
    canvas.tint(hole * _disc(canvas, x, y, 11.5, 1.2), (8, 8, 9))
    canvas.shadow(hole * canvas.glow((x, y - 25), (34, 10)), 0.60)
    canvas.tint(hole * _disc(canvas, x - 8, y - 9, 5.2, 1.0), (250, 252, 252), 0.95)
    canvas.tint(hole * _disc(canvas, x + 9, y + 10, 2.4, 0.9), (220, 224, 228), 0.5)
    _draw_lid_lines(canvas, traits, side, upper, lower)


def _draw_closed(canvas: Canvas, traits: Traits, side: int) -> None:
    _, lower = _lids(traits, side, 0.0)
    skin = (traits.skin[0] * 0.80, traits.skin[1] * 0.80, traits.skin[2] * 0.84)
    lid = canvas.glow((side * HALF_IED, EYE_Y - 2), (50, 20))
    canvas.tint(lid, skin, 0.55)
    canvas.light(canvas.glow((side * HALF_IED - 6, EYE_Y - 6), (26, 9)), 0.10)
    canvas.tint(canvas.strokes([lower], 4.2, 0.8), (26, 30, 42), 0.8)
    lashes = []
    for at in np.linspace(0.15, 0.95, 17):
        px, py = lower[int(at * (len(lower) - 1))]
        lashes.append(
            curve(
                [
                    (px, py),
                    (px + side * (at - 0.4) * 6, py + 5),
                    (px + side * (at - 0.4) * 12, py + 8),
                ],
                closed=False,
                steps=4,
            )
        )
    canvas.tint(canvas.strokes(lashes, 2.0, 0.4), (20, 22, 30), 0.6)
    _draw_crease(canvas, traits, side, 0.0)


def _draw_lid_lines(
    canvas: Canvas, traits: Traits, side: int, upper: Floats, lower: Floats
) -> None:
    dark = (18.0, 20.0, 28.0)
    canvas.tint(canvas.strokes([upper + vector((0, -1))], 8.5, 1.2), dark, 0.92)
    canvas.shadow(canvas.strokes([lower + vector((0, 1))], 3.4, 1.0), 0.50)
    canvas.light(canvas.strokes([lower + vector((0, 6))], 4, 1.8), 0.12)
    lashes = []
    for at in np.linspace(0.10, 0.985, 26):
        px, py = upper[int(at * (len(upper) - 1))]
        out, rise = side * (at - 0.42) * 18, 7 + 7 * at
        lashes.append(
            curve(
                [(px, py), (px + out * 0.4, py - rise * 0.4), (px + out, py - rise)],
                closed=False,
                steps=4,
            )
        )
    canvas.tint(canvas.strokes(lashes, 2.3, 0.4), dark, 0.72)
    _draw_crease(canvas, traits, side, 1.0)


def _draw_crease(canvas: Canvas, traits: Traits, side: int, opening: float) -> None:
    rise = 30 + 5 * traits.lid_fold - 6 * (1 - opening)
    arc = [(-50, -2), (-30, -rise * 0.72), (4, -rise), (40, -rise * 0.72), (62, -6)]
    line = curve([(side * (HALF_IED + x), EYE_Y + y) for x, y in arc], closed=False)
    canvas.shadow(canvas.strokes([line], 5, 1.6), 0.40 * max(0.4, min(1.0, traits.lid_fold)))
    bag = curve(
        [(side * (HALF_IED + x), EYE_Y + y) for x, y in [(-46, 26), (0, 40), (46, 28)]],
        closed=False,
    )
    canvas.shadow(canvas.strokes([bag], 7, 4), 0.16)


def _disc(canvas: Canvas, x: float, y: float, radius: float, soft: float) -> Cover:
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    ring = np.stack([x + radius * np.cos(turn), y + radius * np.sin(turn)], 1).astype(np.float32)
    return canvas.mask(ring, soft)
