"""Rounds of faults, each with a calm after it in which all must come right."""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

from tests.support.chaos.journal import count_of
from tests.support.chaos.kinds import Kind, hands
from tests.support.chaos.theatre import Theatre
from tests.support.chaos.users import Users
from tests.support.chaos.verdict import Complaint, Verdict

CALM_WITHIN_S = 120.0
LOOK_EVERY_S = 0.5

MOST_BODIES = 5

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Round:
    number: int
    faults: tuple[str, ...]
    complaints: tuple[Complaint, ...]
    calm_after_s: float


class Trouble(Exception):  # noqa: N818 (named for what it is about)
    def __init__(self, ended: Round) -> None:
        super().__init__("\n".join(each.words for each in ended.complaints))
        self.ended = ended


@dataclass(frozen=True, kw_only=True)
class Storm:
    """The same seed draws the same faults; what they meet is for the machine to say."""

    theatre: Theatre
    seed: int
    kinds: Sequence[Kind]
    fewest: int = 1
    most: int = 3
    hold_s: tuple[float, float] = (3.0, 8.0)
    """How long a fault lasts: between these."""
    say: Say = print

    def rage(self, rounds: int) -> list[Round]:
        """Raises Trouble after the first round in which something didn't come right."""
        chance = Random(self.seed)  # noqa: S311 (drawn again by its seed)
        users = Users(self.theatre.studios, self.theatre.live, Random(self.seed + 1))  # noqa: S311
        drawn = hands(self.kinds, chance, fewest=self.fewest, most=self.most)
        users.settle()
        ended = [
            self._round(number, hand, users)
            for number, hand in enumerate(itertools.islice(drawn, rounds), 1)
        ]
        self.say(f"calls: {count_of(Verdict(self.theatre).journal().updates)}")
        return ended

    def _round(self, number: int, hand: Sequence[Kind], users: Users) -> Round:
        names = tuple(each.name for each in hand)
        self.say(f"round {number}: {', '.join(names)}")
        with users.at_work(), ThreadPoolExecutor(len(hand)) as threads:
            tasks = [threads.submit(self._raise, each, number) for each in hand]
            for task in tasks:
                task.result()
        users.settle()
        began = time.monotonic()
        complaints = self._until_calm(began) or Verdict(self.theatre).of_the_past()
        ended = Round(number, names, tuple(complaints), time.monotonic() - began)
        if ended.complaints:
            raise Trouble(ended)
        self.say(f"round {number}: calm after {ended.calm_after_s:.1f} s")
        return ended

    def _raise(self, kind: Kind, number: int) -> None:
        chance = Random(f"{self.seed} {number} {kind.name}")  # noqa: S311
        with kind.raised(self.theatre, chance):
            time.sleep(chance.uniform(*self.hold_s))

    def _until_calm(self, began: float) -> list[Complaint]:
        verdict = Verdict(self.theatre)
        while complaints := verdict.now():
            if time.monotonic() - began > CALM_WITHIN_S:
                return complaints
            time.sleep(LOOK_EVERY_S)
        return []


def told(seed: int, ended: Round, theatre: Theatre, *, lines: int = 40) -> Iterator[str]:
    """What a person needs who looks for the cause."""
    yield f"seed {seed}, round {ended.number}, faults: {', '.join(ended.faults)}"
    yield from (f"- {each.words}" for each in ended.complaints)
    bodies = {each.body["metadata"]["uid"]: each.body for each in ended.complaints if each.body}
    for body in [*bodies.values()][:MOST_BODIES]:
        yield f"{body['metadata']['name']}: spec {body['spec']}\n  status {body['status']}"
    for each in theatre.players:
        yield f"The end of the log of replica {each.replica.name}:"
        yield from each.process.log.splitlines()[-lines:]
