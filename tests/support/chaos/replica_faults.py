"""Faults of the operator's own processes, and of the machines that they run on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from subprocess import TimeoutExpired

from tests.support.chaos.player import Player
from tests.support.chaos.theatre import Theatre

WRONG_S = (-172_800.0, -1_200.0, -240.0, 240.0, 1_200.0, 172_800.0)
"""The service takes dates that are wrong by up to 900 s."""


def _victim(theatre: Theatre, chance: Random) -> Player:
    """Mostly the leader."""
    leader = theatre.leader() if chance.random() < 0.8 else None
    return leader or chance.choice([*theatre.players])


@contextmanager
def replica_is_killed(theatre: Theatre, chance: Random) -> Iterator[None]:
    player = _victim(theatre, chance)
    with player.hands:
        player.process.kill()
    yield


@contextmanager
def both_replicas_are_killed(theatre: Theatre, _: Random) -> Iterator[None]:
    for player in theatre.players:
        with player.hands:
            player.process.kill()
    yield


@contextmanager
def replica_is_stopped(theatre: Theatre, chance: Random) -> Iterator[None]:
    """SIGTERM: it lets calls in flight end."""
    player = _victim(theatre, chance)
    with player.hands, suppress(TimeoutExpired):
        if player.process.is_running:
            player.process.stop()
    yield


@contextmanager
def replica_is_paused(theatre: Theatre, chance: Random) -> Iterator[None]:
    """For longer than its Lease, or for a moment."""
    player = _victim(theatre, chance)
    with player.process.paused():
        yield
        player.woken_at.append(time.monotonic())


@contextmanager
def clocks_are_apart(theatre: Theatre, chance: Random) -> Iterator[None]:
    """The wall clock of each replica is set, and set back later."""
    for player, offset_s in zip(theatre.players, chance.sample(WRONG_S, 2), strict=True):
        player.set_clock(offset_s)
    try:
        yield
    finally:
        for player in theatre.players:
            player.set_clock(0)
