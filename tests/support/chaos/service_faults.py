"""Faults of the service: it fails, throttles, hangs, forgets to answer, and answers nonsense."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any

from live_emulator.dials import UPDATE
from tests.support.chaos.player import LIVE_TIMEOUT_S
from tests.support.chaos.studio import NAMES
from tests.support.chaos.theatre import Theatre
from tests.support.running.emulator_thread import CASTER

CALLS = 60
"""Of so many calls to come a part is struck; what is left is cleared with the fault."""

FAILURES: Sequence[dict[str, Any]] = (
    {"code": "InternalError"},
    {"code": "ServiceUnavailable", "status": 503},
    {"code": "IncorrectSceneStatus"},
    {"code": "SignatureNonceUsed"},
    {"kind": "html"},
    {"kind": "empty"},
    {"kind": "drop"},
    {"kind": "redirect"},
)
THROTTLES: Sequence[dict[str, Any]] = (
    {"code": "Throttling.User", "retryAfterMs": 1000},
    {"code": "Throttling"},
    {"status": 429, "kind": "html"},
)
HANGS: Sequence[dict[str, Any]] = (
    {"kind": "hang", "delaySeconds": LIVE_TIMEOUT_S + 1},
    {"kind": "hang", "delaySeconds": LIVE_TIMEOUT_S + 1, "applied": True},
    {"kind": "hang", "delaySeconds": 1},
    {"kind": "slowBody", "delaySeconds": 2},
    {"kind": "slowBody", "delaySeconds": LIVE_TIMEOUT_S + 1},
)
LOST: Sequence[dict[str, Any]] = (
    {"kind": "drop", "applied": True},
    {"kind": "cut", "applied": True},
    {"kind": "html", "applied": True},
)
ALTERED: Sequence[dict[str, Any]] = (
    {"kind": "truncated"},
    {"kind": "wrongTypes"},
    {"kind": "codeIn200", "code": "InternalError"},
    {"kind": "altered", "without": ["RequestId"]},
    {"kind": "altered", "without": ["VolumeRate", "ValidChannel"]},
    {"kind": "altered", "without": ["FollowEnable"]},
    {"kind": "altered", "merge": {"AudioLayers": {"AudioLayer": []}}},
    {"kind": "altered", "merge": {"FollowEnable": None, "AudioLayers": None}},
)


@contextmanager
def _struck(
    theatre: Theatre,
    chance: Random,
    orders: Sequence[dict[str, Any]],
    *,
    share: float = 0.3,
    action: str | None = None,
) -> Iterator[None]:
    """A share of the calls to come, by lot."""
    match = {"action": action} if action else {}
    ordered = [
        theatre.live.strike(match, skip=place, **chance.choice(orders))
        for place in range(CALLS)
        if chance.random() < share
    ]
    try:
        yield
    finally:
        for fault in ordered:
            theatre.live.lift(fault)


@contextmanager
def service_fails(theatre: Theatre, chance: Random) -> Iterator[None]:
    with _struck(theatre, chance, FAILURES):
        yield


@contextmanager
def service_throttles(theatre: Theatre, chance: Random) -> Iterator[None]:
    with _struck(theatre, chance, THROTTLES):
        yield


@contextmanager
def service_hangs(theatre: Theatre, chance: Random) -> Iterator[None]:
    with _struck(theatre, chance, HANGS, share=0.2):
        yield


@contextmanager
def service_answers_are_lost(theatre: Theatre, chance: Random) -> Iterator[None]:
    """The change is made, and nobody hears of it."""
    with _struck(theatre, chance, LOST, share=0.5, action=UPDATE):
        yield


@contextmanager
def service_answers_are_altered(theatre: Theatre, chance: Random) -> Iterator[None]:
    with _struck(theatre, chance, ALTERED):
        yield


@contextmanager
def service_is_slow(theatre: Theatre, _: Random) -> Iterator[None]:
    theatre.live.turn(latencyMs=400)
    try:
        yield
    finally:
        theatre.live.turn(latencyMs=0)


@contextmanager
def scenes_are_in_a_channel(theatre: Theatre, chance: Random) -> Iterator[None]:
    """Some of one studio: 412 until they are free."""
    studio = chance.choice([*theatre.studios])
    known = theatre.live.scenes(CASTER)
    scenes = [f"{studio.namespace}-{name}" for name in chance.sample(NAMES, 3)]
    there = [each for each in scenes if each in known]
    for each in there:
        theatre.live.patch_scene(each, inChannel=True)
    try:
        yield
    finally:
        for each in there:
            theatre.live.patch_scene(each, inChannel=False)
