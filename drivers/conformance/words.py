"""Whether a text holds part of a sample: as hex, as numbers, as a bytes literal, as base64."""

import ast
import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from typing import Final

RUN: Final = 8  # so many bytes in a row are no coincidence
_VARIED: Final = 4  # if they are not nearly all the same
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}[\s:,-]?){8,}")
_NUMBERS: Final = re.compile(r"(?:\b\d{1,3}\b[\s,\[\]().u]*){8,}")
_LITERAL: Final = re.compile(r"""b(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")


def biometric_words(text: str, secrets: Sequence[bytes]) -> str:
    """Return what of the sample stands in a text ("8 bytes as hex"), or ''."""
    if not secrets:
        return ""
    for form, candidate in _candidates(text):
        found = shared_run(candidate, secrets)
        if found:
            return f"{found} bytes of the sample as {form}"
    return ""


def shared_run(data: bytes, secrets: Sequence[bytes]) -> int:
    """Return the length of a run of the sample inside ``data``, at least 8 bytes; 0 when there is none."""
    for at in range(len(data) - RUN + 1):
        window = data[at : at + RUN]
        if len(set(window)) < _VARIED:
            continue
        for secret in secrets:
            start = secret.find(window)
            if start >= 0:
                length = RUN
                while (
                    start + length < len(secret)
                    and at + length < len(data)
                    and secret[start + length] == data[at + length]
                ):
                    length += 1
                return length
    return 0


def _candidates(text: str) -> Iterator[tuple[str, bytes]]:
    for match in _HEX.finditer(text):
        digits = re.sub(r"[^0-9a-fA-F]", "", match[0])
        yield "hex", bytes.fromhex(digits[: len(digits) // 2 * 2])
    for match in _NUMBERS.finditer(text):
        numbers = [int(each) for each in re.findall(r"\d+", match[0])]
        yield "numbers", bytes(each & 0xFF for each in numbers)
    for match in _LITERAL.finditer(text):
        try:
            yield "a bytes literal", ast.literal_eval(match[0])
        except (ValueError, SyntaxError):
            continue
    for match in _BASE64.finditer(text):
        body = match[0].rstrip("=").replace("-", "+").replace("_", "/")
        for skip in range(4):
            part = body[skip:]
            part = part[: len(part) // 4 * 4]
            try:
                yield "base64", base64.b64decode(part)
            except binascii.Error:
                continue
