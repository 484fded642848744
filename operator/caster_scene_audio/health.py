"""Whether the operator is alive, and ready: what the probes tell, and why."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

EVERYWHERE = "*"
"""Stands for all namespaces, where they are watched as one."""

MOST_TOLD = 20
"""So many namespaces a probe names."""


class Liveness:
    """What the looks at the Lease let hear of themselves, each path of the API server by itself.

    An answer and a refusal are signs of life: it goes on asking, and a restart would not bring an
    API server back. Silence is not: nothing came, neither an answer nor a refusal.
    """

    def __init__(self, *, silence_s: float, clock: Callable[[], float]) -> None:
        self.silence_s = silence_s
        """From here on it counts as dead."""
        self._clock = clock
        self._began: float | None = None
        self._signs: dict[str, float] = {}
        self._troubles: dict[str, str] = {}
        self._answered: set[str] = set()

    def begin(self) -> None:
        """From now on signs are expected."""
        self._began = self._clock()

    def heard(self, path: str) -> None:
        """The API server answered, or sent a part of an answer."""
        self._signs[path] = self._clock()
        self._answered.add(path)
        self._troubles.pop(path, None)

    def failed(self, path: str, trouble: str) -> None:
        """The request was refused, by the API server or before it came there."""
        self._signs[path] = self._clock()
        self._troubles[path] = trouble

    def unanswered(self, path: str) -> None:
        """The request was given up, as nothing came: no sign of life."""
        self._signs.setdefault(path, self._clock() if self._began is None else self._began)
        self._troubles[path] = "no answer in time"

    @property
    def silent_for_s(self) -> float:
        """Age of the last sign of life; of several paths that of the most silent one."""
        if self._began is None:
            return 0.0
        return self._clock() - min(self._signs.values(), default=self._began)

    @property
    def trouble(self) -> str | None:
        """Why nothing can be seen of the cluster; None: all is well."""
        if self.is_dead:
            return _silent_for(self.silent_for_s)
        if self._troubles:
            return f"the API server can't be asked: {', '.join(sorted({*self._troubles.values()}))}"
        return None if self._answered else "not begun"

    @property
    def is_dead(self) -> bool:
        return self.silent_for_s > self.silence_s


class Watches:
    """What the watches let hear of themselves, each of one namespace.

    Where one can't be served that is the trouble of its namespace, and is tried again; only where
    none can is it the operator's. Nor is the operator dead while one of them is heard: a restart
    would not help the others, and harm that one.
    """

    def __init__(
        self, namespaces: Collection[str], *, silence_s: float, clock: Callable[[], float]
    ) -> None:
        self.silence_s = silence_s
        """From here on they count as dead."""
        self._clock = clock
        self._heard_at: float | None = None
        self._troubles: dict[str, str | None] = dict.fromkeys(
            namespaces or (EVERYWHERE,), "not begun"
        )

    def begin(self) -> None:
        """From now on signs are expected."""
        self._heard_at = self._clock()

    def heard(self) -> None:
        """Something came from the API server, if only a refusal."""
        self._heard_at = self._clock()

    def served(self, namespace: str) -> None:
        """The API server took the watch."""
        self.heard()
        self._troubles[namespace] = None

    def failed(self, namespace: str, trouble: str) -> None:
        """The watch was refused, or ended."""
        self.heard()
        self._troubles[namespace] = trouble

    def unanswered(self, namespace: str, trouble: str) -> None:
        """The watch was given up, as nothing came: no sign of life."""
        self._troubles[namespace] = trouble

    @property
    def are_served(self) -> Mapping[str, bool]:
        """Whether each namespace is watched now."""
        return {each: trouble is None for each, trouble in self._troubles.items()}

    @property
    def silent_for_s(self) -> float:
        """Age of the last sign of life, from whichever watch."""
        return 0.0 if self._heard_at is None else self._clock() - self._heard_at

    @property
    def is_dead(self) -> bool:
        return self.silent_for_s > self.silence_s

    @property
    def trouble(self) -> str | None:
        """Why no namespace at all is watched; None: one is."""
        if self.is_dead:
            return _silent_for(self.silent_for_s)
        troubles = {*self._troubles.values()}
        return None if None in troubles else ", ".join(sorted(filter(None, troubles))[:MOST_TOLD])

    @property
    def troubles(self) -> Mapping[str, str]:
        """Of each namespace that isn't watched, where they are watched one by one."""
        if len(self._troubles) == 1:
            return {}
        return {each: trouble for each, trouble in self._troubles.items() if trouble}


class Stage(IntEnum):
    """How far the process has come."""

    STARTING = 0
    STANDING_BY = 1
    SERVED = 2
    LISTED = 3
    CALLING = 4
    STOPPING = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at; `trouble` is None where it is well."""

    name: str
    trouble: str | None
    is_partial: bool = False
    """Whether the trouble is one that the operator as a whole goes on with."""


class Health:
    """Alive: a restart would not help. Ready: it watches, and calls can be made.

    A namespace that can't be watched is told, and costs no readiness while others are: else whoever
    owns it could hold up a rollout.

    One that stands by is ready where it sees the Lease: it could take over. Were it not ready, no
    rollout of two replicas would ever be complete.

    The service and the credentials are no part of either: other objects may use other credentials,
    and what is wrong stands in the objects.
    """

    def __init__(self, liveness: Liveness, watches: Watches) -> None:
        self.liveness = liveness
        self.watches = watches
        self.stage = Stage.STARTING

    def alive(self) -> tuple[Check, ...]:
        """That this is answered at all shows that the loop which calls the service runs."""
        sign = self.liveness if self.stage is Stage.STANDING_BY else self.watches
        dead = sign.is_dead and self.stage is not Stage.STOPPING
        return (Check("watch", sign.trouble if dead else None),)

    def ready(self) -> tuple[Check, ...]:
        if self.stage is Stage.STANDING_BY:
            return (Check("lease", self.liveness.trouble),)
        return (
            Check("crd", self._until(Stage.SERVED, "the API server doesn't serve it yet")),
            Check("objects", self._until(Stage.LISTED, "not listed yet")),
            Check("watch", self.watches.trouble),
            *self._namespaces(),
            Check("calls", self._calls()),
        )

    def _namespaces(self) -> Iterator[Check]:
        troubles = self.watches.troubles
        for namespace in sorted(troubles)[:MOST_TOLD]:
            yield Check(f"namespace {namespace}", troubles[namespace], is_partial=True)
        if len(troubles) > MOST_TOLD:
            yield Check("namespaces", f"{len(troubles) - MOST_TOLD} more", is_partial=True)

    def _until(self, stage: Stage, trouble: str) -> str | None:
        return trouble if self.stage < stage else None

    def _calls(self) -> str | None:
        if self.stage is Stage.STOPPING:
            return "stopping"
        return self._until(Stage.CALLING, "not made yet")


def _silent_for(seconds: float) -> str:
    return f"no sign of life for {seconds:.0f} s"
