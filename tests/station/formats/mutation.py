"""Damage for valid bytes: the faults of a line, a disk and an attacker, seeded."""

import random

LENGTHS = (b"\x00" * 4, b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x00\x00\xff\xff", b"\x00\x00\x00\x01")


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Return damaged bytes; one to three faults."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randrange(len(out)) if out else 0
        match rng.randrange(8):
            case 0:
                out[at : at + 1] = bytes([rng.randrange(256)])
            case 1 if out:
                out[at] ^= 1 << rng.randrange(8)
            case 2:
                del out[at:]
            case 3:
                out += rng.randbytes(rng.randrange(1, 9))
            case 4:
                del out[at : at + rng.randrange(1, 9)]
            case 5:
                out[at:at] = rng.randbytes(rng.randrange(1, 9))
            case 6:
                out[at : at + 4] = rng.choice(LENGTHS)
            case _ if out:
                out[at] = (out[at] + rng.choice((-1, 1))) & 0xFF
    return bytes(out)
