"""The grammars by name, for command lines."""

from collections.abc import Mapping
from typing import Final

from drivers.faults.grammar import Grammar
from drivers.faults.grammars.hid_frames import HidFramesGrammar
from drivers.faults.grammars.http import HttpGrammar
from drivers.faults.grammars.message import ApduGrammar, HidGrammar
from drivers.faults.grammars.rlp import RlpGrammar
from drivers.faults.grammars.sfm import SfmGrammar
from drivers.faults.grammars.topaz import TopazGrammar
from drivers.faults.grammars.zfm import ZfmGrammar

_GRAMMARS: Final[Mapping[str, type[Grammar]]] = {
    each.name: each
    for each in (
        ZfmGrammar,
        SfmGrammar,
        RlpGrammar,
        TopazGrammar,
        HidFramesGrammar,
        HidGrammar,
        ApduGrammar,
        HttpGrammar,
    )
}


def grammar(name: str) -> Grammar:
    """Return the grammar of a protocol; ValueError names those there are."""
    found = _GRAMMARS.get(name)
    if found is None:
        raise ValueError(f"unknown protocol {name!r}; known: {' '.join(_GRAMMARS)}")
    return found()
