"""What comes from outside, made to fit: answers of the service, and what others write into an object.

Types for pydantic, so that each value is bounded where it enters, and nowhere else. A status can
hold all that fits, and the API server takes it.
"""

import json
import unicodedata
from datetime import UTC, datetime
from hashlib import sha256
from sys import intern
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

WORD_LIMIT = 128
"""Characters of a code or a RequestId."""

TOKEN_LIMIT = 256
"""Characters of a reconcile request."""

TEXT_LIMIT = 1024
"""Characters of a message."""

LOCATION_LIMIT = 64
"""Characters of a location, as the CRD has it."""

LAYERS_LIMIT = 128
"""Layers of a scene that are read, twice as many as a spec can have; more are not looked at."""

NUMBER_LIMIT = 1_000_000_000
"""No volume and no delay is beyond this, on either side of 0."""

COUNT_LIMIT = 1_000_000

AUDIO_LIMIT = 256 * 1024
"""Bytes of audio in a status, as JSON; of LAYERS_LIMIT layers with odd locations it is about half."""

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

CUT, UNFIT = "…", "�"
"""Neither can stand in a spec, so what was made to fit equals nothing that a spec says."""

_UNFIT = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs"})
"""Control characters, blanks and their like, by Unicode's categories."""


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and a sign that there was more."""
    return text if len(text) <= limit else f"{text[: limit - len(CUT)]}{CUT}"


def _location(text: str) -> str:
    fitting = cut(text, LOCATION_LIMIT)
    return "".join(UNFIT if unicodedata.category(each) in _UNFIT else each for each in fitting)


def _within(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(aware, EARLIEST), LATEST).astimezone(UTC)


def _audio(said: dict[str, Any] | None) -> dict[str, Any] | None:
    if said is None:
        return None
    text = json.dumps(said)
    return _with_shared_names(said) if len(text) <= AUDIO_LIMIT else None


def _with_shared_names(value: Any) -> Any:
    """Equal, with each text once for all objects: the names of fields, channels and locations."""
    match value:
        case dict():
            return {intern(name): _with_shared_names(each) for name, each in value.items()}
        case list():
            return [_with_shared_names(each) for each in value]
        case str():
            return intern(value)
        case _:
            return value


def token(text: str) -> str:
    """A text that is only compared: a long one by its beginning and its digest."""
    if len(text) <= TOKEN_LIMIT:
        return text
    return f"{text[:WORD_LIMIT]}{CUT}{sha256(text.encode(errors='replace')).hexdigest()}"


def _first_layers(value: object) -> object:
    return value[:LAYERS_LIMIT] if isinstance(value, list) else value


Word = Annotated[str, AfterValidator(lambda text: cut(text, WORD_LIMIT))]
Text = Annotated[str, AfterValidator(lambda text: cut(text, TEXT_LIMIT))]
Token = Annotated[str, AfterValidator(token)]
Location = Annotated[str, AfterValidator(_location)]
Count = Annotated[int, AfterValidator(lambda count: min(max(count, 0), COUNT_LIMIT))]
Moment = Annotated[datetime, AfterValidator(_within)]
Audio = Annotated[dict[str, Any] | None, AfterValidator(_audio)]
"""Audio as a spec would say it; None where it is too large to be any."""

first_layers = BeforeValidator(_first_layers)
sensible = AfterValidator(
    lambda number: None if number is None else min(max(number, -NUMBER_LIMIT), NUMBER_LIMIT)
)
