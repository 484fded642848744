"""Texts of others, made fit to stand in a status, an Event and a log line."""

import unicodedata
from collections.abc import Iterable

from caster_scene_audio.domain.bounds import WORD_LIMIT

MAX_MESSAGE_CHARACTERS = 512
MAX_WORD_CHARACTERS = WORD_LIMIT

SHORTEST_SECRET = 4
"""Characters. A shorter one stands in many words, and to hide it there would tell what it is."""

_HIDDEN = "***"
# Control, format (bidirectional overrides among them), surrogate and private characters, and the
# separators: they break a line, a terminal or the UTF-8 of a status.
_UNFIT = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs"})


def redacted(text: str, *, limit: int, secrets: Iterable[str] = ()) -> str:
    """`text` on one line, at most `limit` characters, without control characters or `secrets`."""
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, _HIDDEN)
    # Before the slow walk over characters; runs of blanks shrink, so more than `limit` is kept.
    text = text[: 4 * limit]
    spaced = "".join(" " if unicodedata.category(each) in _UNFIT else each for each in text)
    line = " ".join(spaced.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
