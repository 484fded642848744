"""What a client sent beside what the operator sends."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

# The service keeps volumes as 32-bit floats, and so do some clients.
PRECISION = 1e-6


@dataclass(frozen=True, slots=True)
class Comparison:
    """By parameter, what the client has for what the operator has; absent is an empty text."""

    written_otherwise: dict[str, tuple[str, str]]
    different: dict[str, tuple[str, str]]


def compared(theirs: Mapping[str, str], ours: Mapping[str, str]) -> Comparison:
    """Numbers that are the same but for their spelling are only written otherwise."""
    pairs = {name: (theirs.get(name, ""), ours.get(name, "")) for name in sorted({*theirs, *ours})}
    unequal = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return Comparison(
        written_otherwise={name: pair for name, pair in unequal.items() if _same_number(*pair)},
        different={name: pair for name, pair in unequal.items() if not _same_number(*pair)},
    )


def _same_number(one: str, other: str) -> bool:
    try:
        return math.isclose(float(one), float(other), rel_tol=PRECISION)
    except ValueError:
        return False
