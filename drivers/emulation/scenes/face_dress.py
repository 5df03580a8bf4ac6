"""Hair, headscarf and clothes of a rendered person."""

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
    vector,
)
from drivers.emulation.scenes.face_head import LIGHT
from drivers.emulation.scenes.face_traits import Traits

_BOTTOM = 1520.0


def draw_clothes(canvas: Canvas, traits: Traits, *, male: bool) -> None:
    """Draw shoulders in a batik shirt with a collar (men) or a plain blouse with a round neck."""
    wide = 1.0 if male else 0.90
    right: list[tuple[float, float]] = [
        (0, 860),
        (112, 800),
        (160, 838),
        (270 * wide, 892),
        (430 * wide, 950),
        (546 * wide, 1046),
    ]
    right += [
        (600 * wide, 1200),
        (620 * wide, 1400),
        (620 * wide, _BOTTOM + 200),
        (0, _BOTTOM + 200),
    ]
    outline = curve(mirrored(right))
    cover = canvas.mask(outline)
    if not male:
        cover = _cut(
            cover,
            canvas.mask(
                curve(
                    [
                        (-128.0, 770.0),
                        (-118, 836),
                        (-82, 914),
                        (0, 956),
                        (82, 914),
                        (118, 836),
                        (128, 770),
                        (0, 740),
                    ]
                )
            ),
        )
    else:
        cover = _cut(
            cover,
            canvas.mask(
                curve([(-116.0, 780.0), (-70, 890), (0, 990), (70, 890), (116, 780), (0, 740)])
            ),
        )
    canvas.paint(cover, traits.cloth)
    if male:
        _print_kawung(canvas, cover, traits.accent)
    _light_cloth(canvas, cover, 90.0)
    folds = [
        [(-420.0, 1010.0), (-380, 1180), (-400, 1420)],
        [(380.0, 1040.0), (350, 1200), (372, 1450)],
        [(-230.0, 980.0), (-180, 1120), (-160, 1300)],
        [(240.0, 1000.0), (200, 1150), (190, 1330)],
    ]
    for fold in folds:
        line = curve(fold, closed=False)
        canvas.shadow(cover * canvas.strokes([line], 26, 12), 0.30)
        canvas.light(cover * canvas.strokes([line + vector((-20, 0))], 20, 10), 0.06)
    if male:
        _draw_collar(canvas, traits)
    else:
        hem = curve(
            [(-126.0, 796.0), (-118, 840), (-84, 918), (0, 960), (84, 918), (118, 840), (126, 796)],
            closed=False,
        )
        canvas.tint(canvas.strokes([hem], 13, 1.0), traits.accent, 0.75)
        canvas.shadow(canvas.strokes([hem + vector((3, 9))], 8, 4), 0.4)


def draw_back_hair(canvas: Canvas, traits: Traits, *, male: bool) -> None:
    """Draw what of the hair lies behind the head."""
    if male:
        right = [
            (0, -34),
            (84, -26),
            (164, 10),
            (226, 74),
            (260, 170),
            (266, 300),
            (248, 420),
            (0, 440),
        ]
    elif traits.hair_style == 0:  # tied back
        right = [
            (0, -40),
            (90, -31),
            (174, 6),
            (236, 76),
            (270, 186),
            (274, 330),
            (240, 490),
            (0, 520),
        ]
    else:  # to the shoulders
        right = [
            (0, -44),
            (92, -34),
            (180, 4),
            (248, 80),
            (290, 210),
            (304, 440),
            (318, 680),
            (300, 850),
            (228, 930),
            (140, 860),
            (0, 840),
        ]
    cover = canvas.mask(curve(mirrored([(float(x), float(y)) for x, y in right])), 1.5)
    canvas.paint(cover, _scaled(traits.hair, 0.8))
    if not male and traits.hair_style:
        rng = np.random.default_rng(traits.grain + 21)
        locks = [
            curve(
                [
                    (s * (180 + 110 * t), 120),
                    (s * (232 + 66 * t), 420),
                    (s * (226 + 80 * t), 680),
                    (s * (190 + 90 * t), 880),
                ],
                closed=False,
            )
            for s in (-1, 1)
            for t in rng.uniform(0, 1, 60)
        ]
        canvas.tint(cover * canvas.strokes(locks[::2], 7, 2), (70, 74, 86), 0.22)
        canvas.tint(cover * canvas.strokes(locks[1::2], 6, 2), (6, 6, 8), 0.55)


def draw_front_hair(canvas: Canvas, traits: Traits, *, male: bool) -> None:
    """Draw the hair over the forehead, strand by strand."""
    rng = np.random.default_rng(traits.grain + 33)
    side = 1 if rng.random() < 0.5 else -1
    if male:
        outer = [
            (-250, 340),
            (-268, 270),
            (-264, 170),
            (-228, 64),
            (-164, -6),
            (-84, -44),
            (0, -54),
            (92, -46),
            (172, -8),
            (232, 62),
            (266, 170),
            (268, 270),
            (250, 340),
        ]
        inner = [
            (240, 352),
            (236, 260),
            (214, 178),
            (150, 128),
            (40, 112),
            (-80, 122),
            (-170, 150),
            (-216, 200),
            (-236, 262),
            (-240, 352),
        ]
    else:
        outer = [
            (-256, 430),
            (-280, 320),
            (-276, 190),
            (-240, 70),
            (-174, -6),
            (-92, -46),
            (0, -58),
            (92, -46),
            (174, -6),
            (240, 70),
            (276, 190),
            (280, 320),
            (256, 430),
        ]
        inner = [
            (246, 420),
            (240, 300),
            (206, 200),
            (130, 136),
            (54, 92),
            (30, 84),
            (-60, 120),
            (-160, 178),
            (-226, 270),
            (-246, 420),
        ]
    shape = [(side * float(x), float(y)) for x, y in outer + inner]
    cover = canvas.mask(curve(shape), 2.2)
    canvas.shadow(canvas.mask(curve([(x, y + 16) for x, y in shape]), 14), 0.28)
    canvas.paint(cover, traits.hair)
    part = (side * (-90.0 if male else 36.0), -6.0 if male else 30.0)
    strands: list[Floats] = []
    gleams: list[Floats] = []
    for _ in range(620):
        turn = rng.uniform(-1.75, 1.75)
        reach = rng.uniform(0.55, 1.06)
        end = (
            282 * np.sin(turn) * reach,
            210 - 268 * np.cos(turn) * reach + 70 * reach * abs(turn),
        )
        root = (part[0] + rng.normal(0, 46), part[1] + rng.normal(0, 16))
        middle = (
            0.62 * end[0] + 0.38 * root[0],
            0.42 * end[1] + 0.58 * root[1] - 26 * abs(np.sin(turn)),
        )
        lines = gleams if rng.random() < 0.5 else strands
        lines.append(curve([root, middle, end], closed=False, steps=8))
    canvas.tint(cover * canvas.strokes(strands, 3.4, 0.9), (5, 5, 7), 0.5)
    canvas.tint(cover * canvas.strokes(gleams, 2.8, 0.8), (70, 74, 88), 0.34)
    for sheen in (canvas.glow((-150, 62), (80, 44), -38), canvas.glow((96, 20), (90, 34), 22)):
        canvas.tint(cover * sheen * canvas.strokes(gleams[::2], 4.2, 1.2), (132, 138, 152), 0.55)
    canvas.shadow(cover * canvas.glow((210, 220), (90, 160)), 0.35)


def draw_beard(canvas: Canvas, traits: Traits, face: Cover) -> None:
    """Draw a shaven shadow, and a thin moustache if the person has one."""
    rng = np.random.default_rng(traits.grain + 55)
    stubble = rng.random(face.values.shape).astype(np.float32) ** 3
    jaw = face * Cover(cv2.GaussianBlur(stubble, (0, 0), 0.8) * 1.6, face.top, face.left)
    for spot in (
        ((0, 708), (120, 44)),
        ((-150, 630), (50, 60)),
        ((150, 630), (50, 60)),
        ((0, 566), (66, 13)),
    ):
        canvas.tint(jaw * canvas.glow(*spot), (58, 62, 72), 0.36)
    if not traits.moustache:
        return
    hairs = []
    for _ in range(260):
        x = rng.uniform(-74, 74)
        y = 566 + 0.0016 * x * x + rng.uniform(-9, 9)
        lean = np.sign(x) * rng.uniform(5, 12)
        hairs.append(
            curve([(x, y), (x + lean * 0.5, y + 6), (x + lean, y + 10)], closed=False, steps=3)
        )
    canvas.tint(canvas.strokes(hairs, 2.6, 0.7), traits.hair, 0.7)


def draw_scarf(canvas: Canvas, traits: Traits) -> None:
    """Draw a headscarf that leaves brows, eyes and the whole face oval free."""
    opening = curve(
        mirrored(
            [
                (0.0, 104.0),
                (110, 122),
                (184, 196),
                (219, 310),
                (224, 430),
                (206, 560),
                (150, 690),
                (70, 768),
                (0.0, 786),
            ]
        )
    )
    dome = [
        (0, -66),
        (98, -56),
        (190, -16),
        (262, 62),
        (304, 180),
        (322, 340),
        (318, 520),
        (330, 700),
        (392, 860),
        (470, 960),
    ]
    dome += [(500, 1060), (440, 1160), (300, 1236), (120, 1290), (0, 1300)]
    outer = canvas.mask(curve(mirrored([(float(x), float(y)) for x, y in dome])))
    band = curve(
        mirrored(
            [
                (0.0, 128.0),
                (104, 146),
                (170, 214),
                (203, 320),
                (208, 430),
                (190, 550),
                (140, 672),
                (64, 748),
                (0.0, 766),
            ]
        )
    )
    under = _cut(canvas.mask(opening, 1.0), canvas.mask(band, 1.0))
    canvas.shadow(
        canvas.mask(opening) * canvas.strokes([np.vstack([band, band[:1]])], 46, 15), 0.40
    )
    canvas.shadow(canvas.glow((10, 150), (150, 16)), 0.30)
    canvas.paint(under, _scaled(traits.scarf, 0.62))
    cloth = _cut(outer, canvas.mask(opening, 1.0))
    fall = canvas.mask(curve(mirrored([(float(x) * 1.03, float(y) + 14) for x, y in dome])), 16)
    canvas.shadow(_cut(fall, canvas.mask(opening)), 0.35)
    canvas.paint(cloth, traits.scarf)
    _light_cloth(canvas, cloth, 110.0)
    hollow = canvas.strokes([np.vstack([opening, opening[:1]])], 30, 11)
    canvas.shadow(cloth * hollow, 0.34)
    lip = (opening - vector((0, 430))) * vector((1.055, 1.04)) + vector((0, 430))
    canvas.light(cloth * canvas.strokes([np.vstack([lip, lip[:1]])], 12, 5), 0.16)
    drapes = [
        [(-214.0, 640.0), (-120, 820), (60, 930), (300, 1010)],
        [(-262.0, 660.0), (-190, 880), (0, 1030), (260, 1120)],
        [(-300.0, 700.0), (-270, 940), (-120, 1120), (140, 1220)],
        [(-90.0, 800.0), (20, 868), (170, 905), (350, 930)],
        [(226.0, 660.0), (190, 780), (90, 860), (20, 880)],
        [(286.0, 560.0), (280, 720), (236, 840), (150, 905)],
        [(-272.0, 300.0), (-268, 470), (-232, 640), (-180, 740)],
        [(268.0, 300.0), (272, 470), (250, 620), (200, 730)],
        [(-120.0, 10.0), (-222, 110), (-262, 260)],
        [(100.0, 0.0), (214, 96), (264, 250)],
    ]
    for number, drape in enumerate(drapes):
        line = curve(drape, closed=False)
        deep = 0.34 if number < 6 else 0.17
        canvas.shadow(cloth * canvas.strokes([line], 26, 8), deep)
        canvas.shadow(cloth * canvas.strokes([line], 7, 2.2), deep * 0.7)
        canvas.light(cloth * canvas.strokes([line + vector((-7, -20))], 26, 9), deep * 0.42)
    pin = (206.0, 872.0)
    canvas.shadow(canvas.glow((pin[0] + 3, pin[1] + 4), (7, 7)), 0.4)
    canvas.tint(_dot(canvas, pin, 7.0), (96, 150, 190))
    canvas.light(canvas.glow((pin[0] - 2, pin[1] - 3), (2.5, 2.5)), 0.8)


def _draw_collar(canvas: Canvas, traits: Traits) -> None:
    for side in (-1, 1):
        flap = [
            (118, 806),
            (138, 846),
            (150, 930),
            (96, 1010),
            (10, 1000),
            (30, 960),
            (78, 900),
            (100, 840),
        ]
        shape = curve([(side * float(x), float(y)) for x, y in flap], steps=8)
        canvas.shadow(canvas.mask(shape + vector((4, 12)), 9), 0.40)
        cover = canvas.mask(shape, 0.7)
        canvas.paint(cover, _scaled(traits.cloth, 1.12))
        _print_kawung(canvas, cover, traits.accent)
        canvas.light(cover * canvas.glow((side * 110 - 20, 880), (50, 60)), 0.08)
        canvas.shadow(cover * canvas.glow((side * 60, 990), (70, 26)), 0.25)
    placket = curve([(2.0, 1000.0), (6, 1250), (4, _BOTTOM)], closed=False)
    canvas.shadow(canvas.strokes([placket], 9, 3), 0.45)
    for y in (1092.0, 1262.0, 1432.0):
        canvas.tint(_dot(canvas, (-12.0, y), 9.0), _scaled(traits.accent, 0.9))
        canvas.shadow(canvas.glow((-10, y + 7), (8, 4)), 0.35)


def _print_kawung(canvas: Canvas, cover: Cover, colour: Colour) -> None:
    """Print the kawung motif: four petals round each crossing of a diagonal lattice."""
    x, y = canvas.grid(cover)
    pitch = np.float32(74)
    u, v = (x + y) / pitch, (x - y) / pitch
    fu, fv = u - np.round(u), v - np.round(v)
    petal = ((np.abs(fu) - 0.25) / 0.19) ** 2 + (fv / 0.115) ** 2
    other = ((np.abs(fv) - 0.25) / 0.19) ** 2 + (fu / 0.115) ** 2
    near = np.minimum(petal, other)
    ring = np.clip(1.5 - np.abs(near - 0.86) * 4.5, 0, 1) + np.clip(0.5 - near * 4, 0, 0.5)
    canvas.tint(Cover(cover.values * ring.astype(np.float32), cover.top, cover.left), colour, 0.62)


def _light_cloth(canvas: Canvas, cover: Cover, depth: float) -> None:
    """Light cloth as if it were padded: steep at its outline, flat in the middle."""
    inside = cv2.distanceTransform((cover.values > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    height: Floats = np.float32(depth) * np.sqrt(np.minimum(inside / np.float32(2.2 * depth), 1))
    soft = cv2.GaussianBlur(height.astype(np.float32), (0, 0), 14)
    shade = relief(np.asarray(soft, np.float32), LIGHT, 0.35) - 1
    canvas.light(Cover(cover.values * shade, cover.top, cover.left))


def _cut(cover: Cover, hole: Cover) -> Cover:
    common = cover * hole
    values = cover.values.copy()
    height, width = common.values.shape
    top, left = common.top - cover.top, common.left - cover.left
    here = values[top : top + height, left : left + width]
    here -= common.values
    return Cover(values, cover.top, cover.left)


def _dot(canvas: Canvas, centre: tuple[float, float], radius: float) -> Cover:
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    ring = np.stack([centre[0] + radius * np.cos(turn), centre[1] + radius * np.sin(turn)], 1)
    return canvas.mask(ring.astype(np.float32), 0.8)


def _scaled(colour: Colour, factor: float) -> Colour:
    return (
        min(255.0, colour[0] * factor),
        min(255.0, colour[1] * factor),
        min(255.0, colour[2] * factor),
    )
