"""The kinds of faults, and how those of a round are drawn."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from random import Random

from tests.support.chaos import (
    api_server_faults,
    cluster_faults,
    replica_faults,
    service_faults,
)
from tests.support.chaos.theatre import Theatre

Raise = Callable[[Theatre, Random], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A fault by its name. Of those that touch the same thing one is raised at a time."""

    name: str
    raised: Raise
    touches: str | None = None


KINDS = (
    Kind("watch-cut", api_server_faults.watch_is_cut),
    Kind("watch-silent", api_server_faults.watch_is_silent),
    Kind("watch-rewinds", api_server_faults.watch_rewinds),
    Kind("watch-gone", api_server_faults.watch_is_gone),
    Kind("api-throttles", api_server_faults.api_server_throttles),
    Kind("api-fails", api_server_faults.api_server_fails),
    Kind("api-answers-lost", api_server_faults.api_server_answers_are_lost),
    Kind("api-slow", api_server_faults.api_server_is_slow),
    Kind("api-killed", api_server_faults.api_server_is_killed, "server"),
    Kind("api-hangs", api_server_faults.api_server_hangs, "server"),
    Kind("etcd-hangs", api_server_faults.etcd_hangs, "server"),
    Kind("half-open", api_server_faults.connections_are_half_open, "way"),
    Kind("way-cut", api_server_faults.way_is_cut, "way"),
    Kind("replica-killed", replica_faults.replica_is_killed, "replicas"),
    Kind("both-killed", replica_faults.both_replicas_are_killed, "replicas"),
    Kind("replica-stopped", replica_faults.replica_is_stopped, "replicas"),
    Kind("replica-paused", replica_faults.replica_is_paused, "replicas"),
    Kind("clocks-apart", replica_faults.clocks_are_apart),
    Kind("namespace-gone", cluster_faults.namespace_goes, "objects"),
    Kind("definition-gone", cluster_faults.definition_goes, "objects"),
    Kind("rights-taken", cluster_faults.rights_are_taken, "objects"),
    Kind("lease-rights-taken", cluster_faults.lease_rights_are_taken),
    Kind("secret-rotated", cluster_faults.secret_is_rotated, "objects"),
    Kind("secret-deleted", cluster_faults.secret_is_deleted, "objects"),
    Kind("statuses-refused", cluster_faults.statuses_are_refused),
    Kind("statuses-overwritten", cluster_faults.statuses_are_overwritten),
    Kind("service-fails", service_faults.service_fails, "answers"),
    Kind("service-throttles", service_faults.service_throttles, "answers"),
    Kind("service-hangs", service_faults.service_hangs, "answers"),
    Kind("service-answers-lost", service_faults.service_answers_are_lost, "answers"),
    Kind("service-answers-altered", service_faults.service_answers_are_altered, "answers"),
    Kind("service-slow", service_faults.service_is_slow),
    Kind("scenes-in-channel", service_faults.scenes_are_in_a_channel),
)


def hands(kinds: Sequence[Kind], chance: Random, *, fewest: int, most: int) -> Iterator[list[Kind]]:
    """The faults of each round, without end: each kind once before any comes again, if they fit."""
    deck: list[Kind] = []
    while True:
        hand: list[Kind] = []
        wanted = chance.randint(fewest, most)
        while len(hand) < wanted:
            fitting = [each for each in deck if _fits(each, hand)]
            if not fitting:
                deck += chance.sample(kinds, len(kinds))
                fitting = [each for each in deck if _fits(each, hand)]
                if not fitting:
                    break
            hand.append(fitting[0])
            deck.remove(fitting[0])
        yield hand


def _fits(kind: Kind, hand: Sequence[Kind]) -> bool:
    touched = {each.touches for each in hand if each.touches}
    return kind not in hand and kind.touches not in touched
