"""The bare head of a rendered person: relief-lit skin, nose, lips, brows, ears and neck."""

import cv2
import numpy as np

from drivers.emulation.scenes.face_canvas import (
    Canvas,
    Colour,
    Cover,
    Floats,
    curve,
    mirrored,
    relief,
)
from drivers.emulation.scenes.face_traits import CHIN_Y, EYE_Y, HALF_IED, Traits

LIGHT = (-0.34, -0.52, 1.0)  # from the upper left of the picture, mostly frontal


def outline(traits: Traits) -> Floats:
    """Return the closed outline of the face from hairline to chin."""
    jaw, cheek = traits.jaw, traits.cheek
    right = [
        (0.0, 34.0),
        (120.0, 52.0),
        (205.0, 130.0),
        (242.0 * cheek, 250.0),
        (248.0 * cheek, 370.0),
        (240.0 * cheek, 470.0),
        (212.0 * jaw, 575.0),
        (158.0 * jaw, 668.0),
        (88.0 * jaw, 730.0),
        (0.0, CHIN_Y),
    ]
    return curve(mirrored(right))


def draw_neck(canvas: Canvas, traits: Traits, *, male: bool) -> None:
    """Draw the neck, with the shadow the chin throws on it."""
    wide = 142.0 if male else 116.0
    right = [
        (0.0, 560.0),
        (wide, 570.0),
        (wide, 720.0),
        (wide + 10, 820.0),
        (wide + 90, 905.0),
        (0.0, 1040.0),
    ]
    cover = canvas.mask(curve(mirrored(right)))
    canvas.paint(cover, traits.skin)
    x, _ = canvas.grid(cover)
    turned = np.float32(0.32) * np.clip(np.abs(x + 24) / np.float32(wide + 30), 0, 1.4) ** 2.2
    canvas.light(Cover((cover.values * turned).astype(np.float32), cover.top, cover.left), -1)
    canvas.shadow(cover * canvas.glow((14, 735), (150, 62)), 0.52)
    for side in (-1, 1):
        cord = curve([(side * 96, 770), (side * 72, 850), (side * 30, 915)], closed=False)
        canvas.shadow(cover * canvas.strokes([cord], 18, 9), 0.22)


def draw_ears(canvas: Canvas, traits: Traits) -> None:
    """Draw both ears behind the face."""
    for side in (-1, 1):
        edge = 240.0 * traits.cheek
        ear = [
            (edge - 8, 350),
            (edge + 24, 338),
            (edge + 38, 380),
            (edge + 30, 440),
            (edge + 8, 496),
            (edge - 12, 480),
        ]
        cover = canvas.mask(curve([(side * x, y) for x, y in ear]))
        canvas.paint(cover, _warmer(traits.skin, 0.93))
        inner = canvas.glow((side * (edge + 14), 410), (9, 40), side * 6.0)
        canvas.shadow(cover * inner, 0.42)
        canvas.shadow(cover * canvas.glow((side * (edge - 6), 420), (12, 80)), 0.35)


def draw_face(canvas: Canvas, traits: Traits) -> None:
    """Draw the skin with its relief and colour, the nose and the lips; eyes are drawn apart."""
    face = canvas.mask(outline(traits))
    canvas.paint(face, traits.skin)
    _colour_skin(canvas, face, traits)
    canvas.light(_relief(canvas, face, traits))
    _draw_nose(canvas, face, traits)
    _draw_lips(canvas, traits)
    canvas.light(face * canvas.glow((-40, 170), (95, 48), -8), 0.10)
    canvas.light(face * canvas.glow((-138, 470), (48, 34), -24), 0.07)
    canvas.light(face * canvas.glow((-10, 690), (40, 22)), 0.09)


def draw_open_mouth(canvas: Canvas, traits: Traits, opening: float) -> None:
    """Draw the dark of an open mouth over the seam of the lips; ``opening`` 0..1."""
    wide, high, seam = 56 * traits.mouth_width, 62 * opening, 600.0
    right = [(0.0, seam - 0.35 * high), (0.7 * wide, seam - 0.2 * high), (wide, seam)]
    right += [(0.7 * wide, seam + 0.55 * high), (0.0, seam + 0.75 * high)]
    cavity = canvas.mask(curve(mirrored(right)), 1.5)
    canvas.tint(cavity, (16.0, 14.0, 34.0), 0.97)


def draw_brows(canvas: Canvas, traits: Traits) -> None:
    """Draw the brows as a soft base and single hairs."""
    rng = np.random.default_rng(traits.grain)
    lift, heavy = traits.brow_lift, traits.brow_weight
    for side in (-1, 1):
        middle = [
            (38, 322 - lift * 0.3),
            (80, 304 - lift),
            (128, 300 - lift * 1.3),
            (172, 322 - lift),
        ]
        spine = curve([(side * x, y) for x, y in middle], closed=False, steps=20)
        canvas.tint(canvas.strokes([spine], 27 * heavy, 4.5), traits.hair, 0.62)
        hairs = []
        for _ in range(int(120 * heavy)):
            at = rng.uniform(0.0, 0.97)
            x, y = spine[int(at * (len(spine) - 1))]
            y += rng.uniform(-10, 10) * heavy * np.sin(np.pi * min(1.0, at + 0.12)) ** 0.5
            length, rise = rng.uniform(16, 26), rng.uniform(0.1, 0.9) * (1 - at) - 0.35 * at
            hairs.append(
                curve(
                    [
                        (x, y),
                        (x + side * length * 0.5, y - length * rise * 0.6),
                        (x + side * length, y - length * rise),
                    ],
                    closed=False,
                    steps=4,
                )
            )
        canvas.tint(canvas.strokes(hairs, 2.6, 0.6), traits.hair, 0.72)


def _relief(canvas: Canvas, face: Cover, traits: Traits) -> Cover:
    """Light the head as a height field in pixels: an egg with sockets, nose, cheeks, lips, chin."""
    x, y = canvas.grid(face)
    egg = 1 - (x / np.float32(278 * traits.cheek)) ** 2 - ((y - 385) / np.float32(440)) ** 2
    z: Floats = np.float32(205) * np.sqrt(np.maximum(egg, np.float32(0.015)))
    whole = Cover(np.ones_like(z), face.top, face.left)
    hills = [
        *(((s * HALF_IED, EYE_Y + 2), (60, 33), 0.0, -23.0) for s in (-1, 1)),  # sockets
        *(((s * 105, 300), (70, 18), -s * 4.0, 9.0) for s in (-1, 1)),  # brow ridge
        *(((s * 150, 465), (62, 48), s * 20.0, 17.0) for s in (-1, 1)),  # cheekbones
        *(((s * 95, 580), (26, 62), -s * 22.0, -6.0) for s in (-1, 1)),  # beside the mouth
        ((0, 420), (20 * traits.nose_width, 80), 0.0, 32.0),  # bridge
        ((0, 502), (27 * traits.nose_width, 25), 0.0, 40.0),  # tip
        *(((s * 39 * traits.nose_width, 517), (15, 15), 0.0, 18.0) for s in (-1, 1)),  # wings
        ((0, 562), (10, 20), 0.0, -4.0),  # philtrum
        ((0, 598), (64, 24), 0.0, 12.0),  # lips
        ((0, 650), (52, 14), 0.0, -9.0),  # under the lip
        ((0, 700), (50, 30), 0.0, 15.0),  # chin
    ]
    for centre, spread, angle, rise in hills:
        hill = whole * canvas.glow(centre, spread, angle)
        top, left = hill.top - face.top, hill.left - face.left
        z[top : top + hill.values.shape[0], left : left + hill.values.shape[1]] += (
            rise * hill.values
        )
    return Cover(face.values * (relief(z, LIGHT, 0.42) - 1), face.top, face.left)


def _colour_skin(canvas: Canvas, face: Cover, traits: Traits) -> None:
    rng = np.random.default_rng(traits.grain + 1)
    blush = _warmer(traits.skin, 0.96, red=1.05, green=0.84)
    for side in (-1, 1):
        canvas.tint(face * canvas.glow((side * 150, 490), (58, 44)), blush, 0.50)
        canvas.tint(
            face * canvas.glow((side * HALF_IED, EYE_Y + 4), (62, 36)),
            _warmer(traits.skin, 0.80),
            0.42,
        )
    canvas.tint(face * canvas.glow((0, 505), (46, 34)), blush, 0.45)
    canvas.tint(face * canvas.glow((0, 690), (80, 40)), blush, 0.18)
    height, width = face.values.shape
    pores = rng.standard_normal((height, width)).astype(np.float32)
    mottle = rng.standard_normal((height // 12 + 1, width // 12 + 1)).astype(np.float32)
    patches = cv2.resize(mottle, (width, height), interpolation=cv2.INTER_CUBIC)
    grain = 0.035 * cv2.GaussianBlur(pores, (0, 0), 1.1) + 0.012 * patches - 0.02
    canvas.light(Cover(face.values * grain.astype(np.float32), face.top, face.left))


def _draw_nose(canvas: Canvas, face: Cover, traits: Traits) -> None:
    wide = traits.nose_width
    canvas.shadow(face * canvas.glow((8, 548), (50 * wide, 11)), 0.30)
    canvas.shadow(face * canvas.glow((40 * wide, 470), (12, 48), 8), 0.16)
    for side in (-1, 1):
        wing = curve(
            [(side * 47 * wide, 492), (side * 58 * wide, 518), (side * 44 * wide, 539)],
            closed=False,
        )
        canvas.shadow(canvas.strokes([wing], 9, 3.5), 0.45)
        nostril = curve(
            [
                (side * 12 * wide, 540),
                (side * 24 * wide, 531),
                (side * 38 * wide, 538),
                (side * 24 * wide, 545),
            ]
        )
        canvas.shadow(canvas.mask(nostril, 2.6), 0.74)
        inner = curve([(side * 30, 360), (side * 24, 405), (side * 22, 450)], closed=False)
        canvas.shadow(canvas.strokes([inner], 24, 11), 0.20 if side > 0 else 0.10)
    canvas.light(face * canvas.glow((-6, 496), (9, 11)), 0.30)
    canvas.light(face * canvas.glow((-4, 420), (7, 58)), 0.11)


def _draw_lips(canvas: Canvas, traits: Traits) -> None:
    wide, full = 78 * traits.mouth_width, traits.lip_full
    seam = 598.0
    upper = [
        (-wide, seam + 2),
        (-40, seam - 17 * full),
        (-14, seam - 25 * full),
        (0, seam - 19 * full),
        (14, seam - 25 * full),
    ]
    upper += [
        (40, seam - 17 * full),
        (wide, seam + 2),
        (36, seam + 4),
        (0, seam + 6),
        (-36, seam + 4),
    ]
    lower = [(-wide, seam + 2), (-36, seam + 2), (0, seam + 4), (36, seam + 2), (wide, seam + 2)]
    lower += [(52, seam + 24 * full), (0, seam + 37 * full), (-52, seam + 24 * full)]
    canvas.shadow(canvas.glow((4, seam + 50), (50, 10)), 0.26)
    canvas.tint(canvas.mask(curve(lower), 2.0), traits.lips, 0.86)
    canvas.tint(canvas.mask(curve(upper), 2.0), _warmer(traits.lips, 0.82), 0.90)
    canvas.light(canvas.glow((-8, seam + 18), (30, 6)), 0.22)
    canvas.light(canvas.glow((-4, seam - 30 * full), (24, 3.5)), 0.08)
    line = curve(
        [
            (-wide - 3, seam),
            (-40, seam + 3),
            (-12, seam + 1),
            (0, seam + 5),
            (12, seam + 1),
            (40, seam + 3),
            (wide + 3, seam),
        ],
        closed=False,
    )
    canvas.shadow(canvas.strokes([line], 7, 1.3), 0.80)
    for side in (-1, 1):
        canvas.shadow(canvas.glow((side * (wide + 4), seam + 3), (9, 8)), 0.40)
        fold = curve([(side * 62, 520), (side * 92, 560), (side * 104, 606)], closed=False)
        canvas.shadow(canvas.strokes([fold], 13, 7), 0.17)


def _warmer(colour: Colour, dim: float, *, red: float = 1.0, green: float = 1.0) -> Colour:
    return (colour[0] * dim * green, colour[1] * dim * green, min(255.0, colour[2] * dim * red))
