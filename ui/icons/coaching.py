"""The coach's pictograms: SVG shapes on a 72 grid, composed of a subject and what it should do."""

from collections.abc import Mapping
from typing import Final

from station.guidance import Guidance

_FRAME = '<path d="M4 16V8a4 4 0 0 1 4-4h8M56 4h8a4 4 0 0 1 4 4v8M68 56v8a4 4 0 0 1-4 4h-8M16 68H8a4 4 0 0 1-4-4v-8"/>'
_HEAD = (
    '<ellipse cx="36" cy="30" rx="10" ry="13"/><path d="M19 58c1-8 7-12 13-12h8c6 0 12 4 13 12"/>'
)
_HEAD_LOW = (
    '<ellipse cx="36" cy="36" rx="9" ry="12"/><path d="M21 62c1-7 6-11 11-11h8c5 0 10 4 11 11"/>'
)
_IN = '<path d="M4 36h13M12 30l6 6-6 6M68 36H55M60 30l-6 6 6 6"/>'
_OUT = '<path d="M18 36H5M10 30l-6 6 6 6M54 36h13M62 30l6 6-6 6"/>'
_GLASS = '<rect x="8" y="50" width="52" height="16" rx="3"/>'
_FINGER = '<path d="M24 49V16a8 8 0 0 1 16 0v33M28 22c0-5 1-8 4-8s4 3 4 8z"/>'
_DOWN = '<path d="M54 14v22M47 29l7 7 7-7"/>'
_UP = '<path d="M54 38V16M47 23l7-7 7 7"/>'
_EYE = '<path d="M6 36c8-13 18-19 30-19s22 6 30 19c-8 13-18 19-30 19S14 49 6 36z"/><circle cx="36" cy="36" r="9"/>'
_SMALL_EYE = '<path d="M16 36c5-9 12-13 20-13s15 4 20 13c-5 9-12 13-20 13s-15-4-20-13z"/><circle cx="36" cy="36" r="6"/>'
_PAD = '<rect x="5" y="18" width="62" height="40" rx="4"/>'
_PRINT = '<path d="M22 46c2-4 3-8 3-13a11 11 0 0 1 22 0c0 4 0 8-1 12M31 56c3-6 4-14 4-23a1 1 0 0 1 2 0c0 9-1 17-4 24"/><path d="M14 34a22 22 0 0 1 44 0c0 5 0 9-1 14"/>'
_SUN = '<circle cx="36" cy="36" r="11"/><path d="M36 8v8M36 56v8M8 36h8M56 36h8M16 16l6 6M50 50l6 6M56 16l-6 6M22 50l-6 6"/>'

COACHING: Final[Mapping[Guidance, str]] = {
    Guidance.READY: _FRAME + '<path d="M20 38l11 11 22-25"/>',
    Guidance.NO_SUBJECT: _FRAME + '<path d="M28 29a8 8 0 1 1 12 7c-3 2-4 4-4 7M36 51h.01"/>',
    Guidance.HOLD_STILL: '<path d="M24 38V20a4 4 0 0 1 8 0v-5a4 4 0 0 1 8 0v5a4 4 0 0 1 8 0v6a4 4 0 0 1 8 0v18c0 12-8 20-18 20-9 0-14-4-18-11l-8-14a5 5 0 0 1 8-5zM32 20v14M40 20v14M48 26v9"/>',
    Guidance.LIFT_AND_REPEAT: _GLASS + '<path d="M24 40V14a8 8 0 0 1 16 0v26zM28 20c0-5 1-8 4-8s4 3 4 8z"/>' + _UP,
    Guidance.NO_FACE: _FRAME + '<ellipse cx="36" cy="30" rx="10" ry="13" stroke-dasharray="5 6"/><path d="M19 58c1-8 7-12 13-12h8c6 0 12 4 13 12" stroke-dasharray="5 6"/>',
    Guidance.SEVERAL_FACES: _FRAME + '<ellipse cx="25" cy="30" rx="8" ry="10"/><ellipse cx="49" cy="30" rx="8" ry="10"/><path d="M13 55c1-7 5-10 12-10 5 0 9 2 11 6 2-4 6-6 11-6 7 0 11 3 12 10"/>',
    Guidance.COME_CLOSER: _FRAME + _HEAD + _IN,
    Guidance.MOVE_BACK: _FRAME + _HEAD + _OUT,
    Guidance.MOVE_LEFT: _FRAME + _HEAD + '<path d="M18 30H5M10 24l-6 6 6 6"/>',
    Guidance.MOVE_RIGHT: _FRAME + _HEAD + '<path d="M54 30h13M62 24l6 6-6 6"/>',
    Guidance.MOVE_UP: _FRAME + _HEAD_LOW + '<path d="M36 18V5M30 10l6-6 6 6"/>',
    Guidance.MOVE_DOWN: _FRAME + '<ellipse cx="36" cy="22" rx="9" ry="12"/><path d="M36 42v19M29 54l7 7 7-7"/>',
    Guidance.STRAIGHTEN_HEAD: _FRAME + '<ellipse cx="38" cy="30" rx="10" ry="13" transform="rotate(18 38 30)"/><path d="M19 58c1-8 7-12 13-12h8c6 0 12 4 13 12M18 24a20 20 0 0 1 9-10M18 15v9h9"/>',
    Guidance.OPEN_EYES: _SMALL_EYE + '<path d="M36 16V5M31 9l5-5 5 5M36 56v11M31 63l5 5 5-5"/>',
    Guidance.LOOK_STRAIGHT: _FRAME + _HEAD + '<path d="M31 28h.01M41 28h.01M36 29v6M32 39h8"/>',
    Guidance.TAKE_OFF_GLASSES: '<path d="M8 34h20a9 9 0 0 1-18 0zM44 34h20a9 9 0 0 1-18 0zM28 35c5-4 11-4 16 0M8 34L4 26M64 34l4-8M36 26V8M30 14l6-6 6 6"/>',
    Guidance.CLOSE_MOUTH: _FRAME + '<ellipse cx="36" cy="36" rx="17" ry="21"/><path d="M28 46h16M29 30h.01M43 30h.01M36 14V5M36 67v-8"/>',
    Guidance.GLARE: '<path d="M6 46h22a10 10 0 0 1-20 0zM44 46h22a10 10 0 0 1-20 0zM28 47c5-4 11-4 16 0M54 6l-8 12h10l-8 14"/>',
    Guidance.MORE_LIGHT: _SUN + '<path d="M36 31v10M31 36h10"/>',
    Guidance.LESS_LIGHT: _SUN + '<path d="M31 36h10"/>',
    Guidance.BLURRED: _FRAME + '<ellipse cx="36" cy="30" rx="10" ry="13"/><ellipse cx="36" cy="30" rx="16" ry="19" stroke-dasharray="4 7"/><path d="M19 58c1-6 5-9 9-10M53 58c-1-6-5-9-9-10"/>',
    Guidance.BACKDROP_COLOUR: '<rect x="8" y="6" width="56" height="60" rx="4"/><path d="M8 26L28 6M8 46L22 32M50 26L64 12M54 44l10-10"/><ellipse cx="36" cy="34" rx="9" ry="12"/><path d="M20 66c1-9 6-13 12-13h8c6 0 11 4 12 13"/>',
    Guidance.PRESS_HARDER: _GLASS + _FINGER + _DOWN,
    Guidance.PRESS_LIGHTER: _GLASS + _FINGER + _UP,
    Guidance.CENTRE_FINGER: '<rect x="8" y="8" width="56" height="56" rx="6"/><path d="M28 64V34a8 8 0 0 1 16 0v30M13 30h9M19 26l4 4-4 4M59 30h-9M53 26l-4 4 4 4"/>',
    Guidance.WHOLE_FINGER: _PRINT + '<path d="M4 64h64" stroke-dasharray="5 6"/>',
    Guidance.FINGER_TOO_DRY: '<path d="M20 62V24a11 11 0 0 1 22 0v38M26 30c0-6 1-10 5-10s5 4 5 10zM56 14c5 7 8 11 8 15a8 8 0 0 1-16 0c0-4 3-8 8-15z"/><path d="M56 48v10M51 53h10"/>',
    Guidance.FINGER_TOO_WET: '<path d="M20 62V24a11 11 0 0 1 22 0v38M26 30c0-6 1-10 5-10s5 4 5 10zM56 14c5 7 8 11 8 15a8 8 0 0 1-16 0c0-4 3-8 8-15z"/><path d="M51 53h10"/>',
    Guidance.WIPE_GLASS: _GLASS + '<path d="M14 42c8-4 14 3 22-1s14 1 20-2M18 14h22l6 16H12zM56 10v6M53 13h6M60 24v4M58 26h4"/>',
    Guidance.WRONG_FINGER: _FINGER + '<path d="M24 49v14M40 49v14M50 12l14 14M64 12L50 26"/>',
    Guidance.EYE_CLOSER: _SMALL_EYE + '<path d="M4 14l10 8M14 13v9H5M68 14l-10 8M58 13v9h9M4 58l10-8M5 50h9v9M68 58l-10-8M67 50h-9v9"/>',
    Guidance.EYE_BACK: _SMALL_EYE + '<path d="M14 22L5 14M5 22v-8h9M58 22l9-8M67 22v-8h-9M14 50l-9 8M5 50v8h9M58 50l9 8M67 50v8h-9"/>',
    Guidance.OPEN_LIDS: _EYE + '<path d="M36 12V4M31 8l5-4 5 4M36 60v8M31 64l5 4 5-4"/>',
    Guidance.LOOK_AT_CAMERA: _EYE + '<circle cx="36" cy="36" r="2"/><path d="M36 4v6M36 62v6"/>',
    Guidance.LAMP_RESTS: '<path d="M26 46a16 16 0 1 1 20 0v6H26zM28 60h16M32 66h8M36 26v9l6 4"/>',
    Guidance.REMOVE_LENSES: _EYE + '<path d="M22 26a18 18 0 0 1 28 0M12 12l12 12M24 12L12 24"/>',
    Guidance.SIGN_LARGER: _PAD + '<path d="M26 44c3-10 6-10 6-4s4 6 6 0 4-2 8 0M14 27h8M14 27v8M14 27l9 8M58 49h-8M58 49v-8M58 49l-9-8"/>',
    Guidance.SIGN_LONGER: _PAD + '<path d="M14 42c3-12 7-12 7-4s4 8 7 0 4-4 7-2M42 38h16M52 32l6 6-6 6"/>',
    Guidance.CHECK_PAD_CABLE: '<rect x="4" y="8" width="46" height="30" rx="4"/><path d="M27 38v8a8 8 0 0 0 8 8h7M42 48v12h8a6 6 0 0 0 0-12zM56 51h6M56 57h6"/>',
}  # fmt: skip
