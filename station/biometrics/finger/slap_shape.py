"""Where the single fingers of a slap lie: the hand's direction, fingers that touch parted, joints cut off.

All of it works on half the resolution: a mask of what shows ridges, and how dark the glass is against the
platen around it. Gaps between fingers are lost in the mask when they are narrow, but not in the darkness
summed along the finger.
"""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.finger.segment import skin
from station.devices import Pixels

Floats = NDArray[np.float32]
Mask = NDArray[np.uint8]

_PPI: Final = 250.0
_MM: Final = _PPI / 25.4  # pixels
_STEEPEST: Final = 60.0  # degrees a hand may be turned
_NARROWEST, _WIDEST = 6.0, 27.0  # mm of one finger
_SMALLEST: Final = 30.0  # mm² of touching skin that is a finger
_TIP: Final = 26.0  # mm below the tip that are looked at when fingers are parted
# Darkness between two fingers against the lighter one, at most: what may be one broad finger needs a clear gap.
_ONE, _GAP, _VALLEY = 15.0, 0.35, 0.62
_CREASE: Final = 0.6  # darkness of the joint against the finger's, at most
_JOINT: Final = (1.05, 2.3)  # where the joint may lie below the tip, in widths of the finger
# Without a visible joint the distal phalanx ends after so many widths, at the latest after so many mm.
_LONGEST, _LONGEST_MM = 2.2, 33.0
_FAINT: Final = 0.3  # darkness of what the last hand left against the darkest finger, at most
_DEEPEST: Final = 45.0  # mm a fingertip may lie below the highest


@dataclass(frozen=True, slots=True)
class Blob:
    """One finger's distal phalanx. Centre, width and height in pixels at 250 ppi of the picture; ``angle`` in degrees.

    ``angle`` is counter-clockwise as seen, 0 for a finger that points up. ``tip`` is the place of the tip.
    """

    centre: tuple[float, float]
    width: float
    height: float
    angle: float
    tip: tuple[float, float]
    parted: bool  # cut from a neighbour it touched
    jointed: bool  # skin below the joint was cut off


@dataclass(frozen=True, slots=True)
class Hand:
    """What lies on the glass: blobs from left to right in the hand's frame, its angle, faint blobs left out."""

    blobs: tuple[Blob, ...]
    angle: float
    faint: int


def shape_of(image: Pixels) -> Hand:
    """Return the fingers of a grey picture (h, w) at 500 ppi; none on a bare platen."""
    mask = skin(image, fill=0.6)
    if not mask.any():
        return Hand((), 0.0, 0)
    dark = _darkness(image, mask.shape)
    soft = cv2.GaussianBlur(dark * mask, (0, 0), 2.5)
    angle = _direction(np.asarray(soft, np.float32))
    hand = _fingers(mask, dark, angle)
    if hand.blobs:
        weights = [blob.width * blob.height for blob in hand.blobs]
        better = float(np.average([blob.angle for blob in hand.blobs], weights=weights))
        if abs(better - angle) > 4.0 and abs(better) < _STEEPEST:
            hand = _fingers(mask, dark, better)
    return hand


def _darkness(image: Pixels, size: tuple[int, ...]) -> Floats:
    """Return how much darker each place is than the platen around it, 0..1 of the picture's own range."""
    rows, columns = size[0], size[1]
    half = cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA)
    coarse = (max(1, columns // 8), max(1, rows // 8))
    paper = cv2.resize(half, coarse, interpolation=cv2.INTER_AREA)
    wide = cv2.getStructuringElement(cv2.MORPH_RECT, (31, 31))
    paper = cv2.GaussianBlur(cv2.morphologyEx(paper, cv2.MORPH_CLOSE, wide), (0, 0), 4)
    paper = cv2.resize(paper, (columns, rows), interpolation=cv2.INTER_LINEAR)
    depth = cv2.subtract(paper, half).astype(np.float32)
    deep = max(20.0, float(np.percentile(depth[::4, ::4], 97)))
    return np.asarray(np.clip(depth / np.float32(deep), 0, 1), np.float32)


def _direction(dark: Floats) -> float:
    """Return the angle of the fingers in degrees: along it the sides of fingers run, by the structure tensor."""
    small = cv2.resize(dark, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    gx, gy = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
    xx, yy, xy = (float(np.sum(p)) for p in (gx * gx, gy * gy, gx * gy))
    across = math.degrees(0.5 * math.atan2(2 * xy, xx - yy))  # of the gradient, y down
    return -across if abs(across) <= _STEEPEST else 0.0


def _fingers(mask: Mask, dark: Floats, angle: float) -> Hand:
    """Find the fingers of a hand at that angle: upright first, then cap, part, drop, measure."""
    turn, size = _upright(mask.shape, angle)
    up = np.asarray(cv2.warpAffine(mask, turn, size, flags=cv2.INTER_NEAREST), np.uint8)
    shade = np.asarray(cv2.warpAffine(dark, turn, size), np.float32)
    up, parted = _parted(_capped(up), shade)
    count, labels, raw, _ = cv2.connectedComponentsWithStats(up, connectivity=4)
    stats = np.asarray(raw, np.int32)
    kept = [n for n in range(1, count) if _finger_like(stats[n])]
    kept = _tips_only(kept, stats)
    level = {n: float(shade[labels == n].mean()) for n in kept}
    strong = max(level.values(), default=0.0)
    clear = [n for n in kept if level[n] >= _FAINT * strong]
    clear.sort(key=lambda n: float(stats[n][0]) + 0.5 * float(stats[n][2]))
    back = np.asarray(cv2.invertAffineTransform(turn), np.float64)
    blobs = tuple(
        _blob(labels == n, stats[n], shade, back, angle, mask.shape, parted=parted) for n in clear
    )
    return Hand(blobs, angle, len(kept) - len(clear))


def _upright(shape: tuple[int, ...], angle: float) -> tuple[Floats, tuple[int, int]]:
    """Return the transform that turns the hand upright on a canvas that holds it all, and the canvas' size."""
    height, width = shape[0], shape[1]
    cos, sin = abs(math.cos(math.radians(angle))), abs(math.sin(math.radians(angle)))
    size = (math.ceil(width * cos + height * sin) + 2, math.ceil(height * cos + width * sin) + 2)
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0), np.float32)
    turn[:, 2] += (size[0] / 2 - width / 2, size[1] / 2 - height / 2)
    return turn, size


def _capped(mask: Mask) -> Mask:
    """Keep what lies within two widths of a finger below the uppermost skin nearby: no palm, no proximal phalanx."""
    rows = mask.shape[0]
    top = np.where(mask.any(axis=0), np.argmax(mask, axis=0), rows).astype(np.float32)
    near = np.ones((1, 2 * round(4 * _MM) + 1), np.uint8)
    top = np.asarray(cv2.erode(top[None, :], near), np.float32)[0]
    deep = np.arange(rows, dtype=np.float32)[:, None] - top[None, :]
    return np.asarray(mask * (deep <= 2.0 * _TIP * _MM), np.uint8)


def _parted(mask: Mask, dark: Floats) -> tuple[Mask, bool]:
    """Cut blobs that are wider than one finger along the lightest line between two fingers."""
    mask, cut = mask.copy(), False
    for _ in range(6):
        count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
        done = True
        for n in range(1, count):
            left, top, wide, tall = (int(v) for v in stats[n][:4])
            if wide < _ONE * _MM or stats[n][4] < 2 * _SMALLEST * _MM**2:
                continue
            box = np.s_[top : top + tall, left : left + wide]
            broad = min(1.0, (wide / _MM - _ONE) / (_WIDEST - _ONE))
            least = _GAP + (_VALLEY - _GAP) * broad
            line = _lightest(dark[box] * (labels[box] == n), labels[box] == n, least)
            if line is not None:
                ends = [(left + x, top + y) for x, y in line]
                cv2.line(mask, ends[0], ends[1], 0, 3)
                done, cut = False, True
        if done:
            break
    return mask, cut


def _lightest(
    dark: Floats, inside: NDArray[np.bool_], least: float
) -> tuple[tuple[int, int], ...] | None:
    """Return the ends of the line with least darkness that has a finger on both sides; None when none is light enough."""
    height, width = dark.shape
    top = np.where(inside.any(axis=0), np.argmax(inside, axis=0), height)
    best, found = least, None
    edge = round(0.9 * _NARROWEST * _MM)
    for slant in (-12, -8, -4, 0, 4, 8, 12):
        lean = math.tan(math.radians(slant))
        shear = np.array([[1, -lean, lean * height / 2], [0, 1, 0]], np.float32)
        sheared = np.asarray(cv2.warpAffine(dark, shear, (width, height)), np.float32)
        profile = _profile(sheared, top)
        if width <= 2 * edge:
            return None
        left = np.maximum.accumulate(profile)
        right = np.maximum.accumulate(profile[::-1])[::-1]
        ratio = profile / np.maximum(np.minimum(left, right), 1e-3)
        at = edge + int(np.argmin(ratio[edge : width - edge]))
        if ratio[at] < best:
            best = float(ratio[at])
            half = lean * height / 2
            found = ((round(at - half), 0), (round(at + half), height - 1))
    return found


def _profile(dark: Floats, top: NDArray[np.intp]) -> Floats:
    """Return the mean darkness per column over the length of a fingertip below the uppermost skin nearby."""
    height, _ = dark.shape
    near = np.ones((1, 2 * round(5 * _MM) + 1), np.uint8)
    start = cv2.erode(top.astype(np.float32)[None, :], near)[0]
    deep = np.arange(height, dtype=np.float32)[:, None] - start[None, :]
    kept = (deep >= 0) & (deep <= _TIP * _MM)
    mean = (dark * kept).sum(axis=0) / np.maximum(kept.sum(axis=0), 1)
    return np.asarray(cv2.blur(mean.astype(np.float32)[None, :], (5, 1))[0], np.float32)


def _finger_like(stats: NDArray[np.int32]) -> bool:
    wide, tall, area = (float(v) for v in stats[2:5])
    return (
        area >= _SMALLEST * _MM**2
        and min(wide, tall) >= _NARROWEST * _MM
        and area >= 0.45 * wide * tall
        and wide < 2.2 * tall
    )


def _tips_only(kept: list[int], stats: NDArray[np.int32]) -> list[int]:
    """Leave out what lies below another blob, and far below the highest: phalanges, palm, things."""
    highest = min((int(stats[n][1]) for n in kept), default=0)
    tips = []
    for n in kept:
        left, top, wide, _, _ = (int(v) for v in stats[n])
        under = False
        for m in kept:
            l2, t2, w2, h2, _ = (int(v) for v in stats[m])
            common = min(left + wide, l2 + w2) - max(left, l2)
            below = top > t2 + 0.6 * h2
            under |= m != n and below and common > 0.65 * min(wide, w2)
        if not under and top - highest <= _DEEPEST * _MM:
            tips.append(n)
    return tips


def _blob(
    inside: NDArray[np.bool_],
    stats: NDArray[np.int32],
    dark: Floats,
    back: NDArray[np.float64],
    hand: float,
    shape: tuple[int, ...],
    *,
    parted: bool,
) -> Blob:
    """Measure one finger of the upright hand: its own axis, its joint, its box."""
    left, top, wide, tall = (int(v) for v in stats[:4])
    rows, columns = np.nonzero(inside[top : top + tall, left : left + wide])
    x, y = (columns + left).astype(np.float32), (rows + top).astype(np.float32)
    whole = not _leaves(x, y, back, shape)
    own = _own_turn(x, y) if whole else 0.0
    for _ in range(2):  # the axis of the distal phalanx alone, once the rest is cut off
        u, v, shade = *_turned(x, y, own), dark[y.astype(int), x.astype(int)]
        low = _joint(u, v, shade)
        jointed = low < float(v.max())
        if not jointed:
            break
        x, y = x[v <= low], y[v <= low]
        own = _own_turn(x, y) if whole else 0.0
    u, v = _turned(x, y, own)
    sides, ends = np.percentile(u, [0.5, 99.5]), (float(v.min()), float(v.max()))
    centre = _back((sides[0] + sides[1]) / 2, (ends[0] + ends[1]) / 2, own, back)
    near = v < ends[0] + 1.0 * _MM
    tip = _back(float(u[near].mean()), ends[0], own, back)
    return Blob(
        centre,
        float(sides[1] - sides[0]) + 1,
        ends[1] - ends[0] + 1,
        hand + own,
        tip,
        parted,
        jointed,
    )


def _leaves(x: Floats, y: Floats, back: NDArray[np.float64], shape: tuple[int, ...]) -> bool:
    """Return whether skin lies at the rim of the picture: what is seen of it then has no axis of its own."""
    places = back[:, :2] @ np.stack([x[::7], y[::7]]) + back[:, 2:]
    rim = 0.5 * _MM
    high = np.array([[shape[1]], [shape[0]]]) - rim
    return bool(((places < rim) | (places > high)).any(axis=0).sum() * 7 > 2 * _MM)


def _own_turn(x: Floats, y: Floats) -> float:
    """Return how a finger is turned against its hand in degrees: the long axis of its skin, as far as it has one."""
    cover = np.cov(np.stack([x, y]))
    difference = float(cover[1, 1] - cover[0, 0])
    turn = math.degrees(0.5 * math.atan2(2 * float(cover[0, 1]), difference))
    small, large = np.linalg.eigvalsh(cover)
    long = math.sqrt(large / max(small, 1e-6))
    trust = min(1.0, max(0.0, (long - 1.08) / 0.25))  # a round print has no direction of its own
    return float(np.clip(turn, -20, 20)) * trust


def _turned(x: Floats, y: Floats, degrees: float) -> tuple[Floats, Floats]:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turned = (x * cos - y * sin, x * sin + y * cos)
    return np.asarray(turned[0], np.float32), np.asarray(turned[1], np.float32)


def _back(u: float, v: float, degrees: float, back: NDArray[np.float64]) -> tuple[float, float]:
    x, y = _turned(np.array(u, np.float32), np.array(v, np.float32), -degrees)
    place = back @ np.array([float(x), float(y), 1.0])
    return float(place[0]), float(place[1])


def _joint(u: Floats, v: Floats, dark: Floats) -> float:
    """Return where along the finger its distal phalanx ends: at the joint, else after a length no phalanx has."""
    row = np.floor(v - v.min()).astype(np.intp)
    length = int(row.max()) + 1
    wide = np.percentile(u[row < max(1, round(0.8 * length))], [5, 95])
    width = float(wide[1] - wide[0]) / 0.9
    summed = np.bincount(row, dark, length).astype(np.float32)
    tall = np.asarray(cv2.blur(summed[None, :], (9, 1))[0], np.float32)
    first, last = round(_JOINT[0] * width), min(length - 6, round(_JOINT[1] * width))
    if last > first:
        after = np.maximum.accumulate(tall[::-1])[::-1]
        ratio = tall / np.maximum(np.minimum(float(np.median(tall[:first])), after), 1)
        at = first + int(np.argmin(ratio[first:last]))
        if ratio[at] < _CREASE:
            return float(v.min()) + at
    return min(float(v.max()), float(v.min()) + min(_LONGEST * width, _LONGEST_MM * _MM))
