"""How things stand, counted when somebody looks: nothing is kept for it."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from caster_scene_audio.domain.decision import Priority
from caster_scene_audio.reconciler.delays import Delays
from caster_scene_audio.reconciler.lane import Lane
from caster_scene_audio.reconciler.lanes import LaneKey, Lanes, Updates
from caster_scene_audio.reconciler.roster import Roster


class Kind(StrEnum):
    """What a quota of the service is for."""

    UPDATES = "updates"
    READS = "reads"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPace:
    """One account's calls of one kind: how fast they may be, and how often they were too fast."""

    account: str
    kind: Kind
    rate_per_s: float
    tokens: int
    """How many calls may leave at once."""
    throttles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Objects by their reason of Ready (None: not reported yet), lines by priority, accounts."""

    reasons: Counter[str | None]
    due: Counter[Priority]
    delayed: Counter[Priority]
    paces: tuple[AccountPace, ...]


def snapshot_of(roster: Roster, lanes: Lanes, delays: Delays) -> Snapshot:
    """Accounts are in the order in which they were first seen."""
    due: Counter[Priority] = Counter()
    for _, lane in lanes:
        due += lane.queue.depths
    return Snapshot(
        reasons=roster.reasons,
        due=due,
        delayed=delays.counts,
        paces=tuple(_pace_of(key, lane) for key, lane in lanes),
    )


def _pace_of(key: LaneKey, lane: Lane) -> AccountPace:
    limiter = lane.limiter
    return AccountPace(
        account=key.account,
        kind=Kind.UPDATES if isinstance(key, Updates) else Kind.READS,
        rate_per_s=limiter.rate_per_s,
        tokens=limiter.tokens,
        throttles=limiter.throttles,
    )
