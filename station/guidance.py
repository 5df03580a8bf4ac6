"""What can be told to a person during a capture: one vocabulary for devices, judges and screens."""

from enum import StrEnum


class Guidance(StrEnum):
    """One instruction; the interface has one sentence and one pictogram for each."""

    READY = "READY"  # all checks hold, keep still
    NO_SUBJECT = "NO_SUBJECT"  # nobody there yet
    HOLD_STILL = "HOLD_STILL"
    LIFT_AND_REPEAT = "LIFT_AND_REPEAT"
    # face
    NO_FACE = "NO_FACE"
    SEVERAL_FACES = "SEVERAL_FACES"
    COME_CLOSER = "COME_CLOSER"
    MOVE_BACK = "MOVE_BACK"
    MOVE_LEFT = "MOVE_LEFT"  # as the applicant sees it
    MOVE_RIGHT = "MOVE_RIGHT"
    MOVE_UP = "MOVE_UP"
    MOVE_DOWN = "MOVE_DOWN"
    STRAIGHTEN_HEAD = "STRAIGHTEN_HEAD"
    LOOK_STRAIGHT = "LOOK_STRAIGHT"  # head turned or nodding
    OPEN_EYES = "OPEN_EYES"
    TAKE_OFF_GLASSES = "TAKE_OFF_GLASSES"  # dark lenses
    CLOSE_MOUTH = "CLOSE_MOUTH"
    GLARE = "GLARE"  # a lamp mirrored by lenses or skin
    MORE_LIGHT = "MORE_LIGHT"
    LESS_LIGHT = "LESS_LIGHT"
    BLURRED = "BLURRED"
    BACKDROP_COLOUR = "BACKDROP_COLOUR"
    # finger
    PRESS_HARDER = "PRESS_HARDER"
    PRESS_LIGHTER = "PRESS_LIGHTER"
    CENTRE_FINGER = "CENTRE_FINGER"
    WHOLE_FINGER = "WHOLE_FINGER"  # partial contact
    FINGER_TOO_DRY = "FINGER_TOO_DRY"
    FINGER_TOO_WET = "FINGER_TOO_WET"
    WIPE_GLASS = "WIPE_GLASS"
    WRONG_FINGER = "WRONG_FINGER"
    # iris
    EYE_CLOSER = "EYE_CLOSER"
    EYE_BACK = "EYE_BACK"
    OPEN_LIDS = "OPEN_LIDS"
    LOOK_AT_CAMERA = "LOOK_AT_CAMERA"
    LAMP_RESTS = "LAMP_RESTS"  # the near-infrared lamp pauses between two bursts
    REMOVE_LENSES = "REMOVE_LENSES"  # advice: a contact lens is suspected
    # signature
    SIGN_LARGER = "SIGN_LARGER"
    SIGN_LONGER = "SIGN_LONGER"
    CHECK_PAD_CABLE = "CHECK_PAD_CABLE"
