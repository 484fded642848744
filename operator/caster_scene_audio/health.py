"""Whether the operator is alive, and ready: what the probes tell, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum


class Liveness:
    """When each path of the API server last gave a sign of life.

    An answer and a refusal are signs of life: the watch goes on asking, and a restart would not
    bring an API server back. Where neither comes, there is none.
    """

    def __init__(self, *, silence_s: float, clock: Callable[[], float]) -> None:
        self.silence_s = silence_s
        """From here on the watch counts as dead."""
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
        """Age of the last sign of life; of several watches that of the most silent one."""
        if self._began is None:
            return 0.0
        return self._clock() - min(self._signs.values(), default=self._began)

    @property
    def trouble(self) -> str | None:
        """Why nothing can be seen of the cluster; None: the watch is well."""
        if self.is_dead:
            return f"no sign of life for {self.silent_for_s:.0f} s"
        if self._troubles:
            return f"the API server can't be asked: {', '.join(sorted({*self._troubles.values()}))}"
        return None if self._answered else "not begun"

    @property
    def is_dead(self) -> bool:
        return self.silent_for_s > self.silence_s


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


class Health:
    """What the probes are told.

    It is alive unless a restart may help, and ready while it watches and can make calls.

    One that stands by is ready where it sees the Lease: it could take over. Were it not ready, no
    rollout of two replicas would ever be complete.

    The service and the credentials are no part of either: other objects may use other credentials,
    and what is wrong stands in the objects.
    """

    def __init__(self, liveness: Liveness) -> None:
        self.liveness = liveness
        self.stage = Stage.STARTING

    def alive(self) -> tuple[Check, ...]:
        """The check of `/healthz`: the watch. That the loop runs is shown by the answer itself."""
        dead = self.liveness.is_dead and self.stage is not Stage.STOPPING
        return (Check("watch", self.liveness.trouble if dead else None),)

    def ready(self) -> tuple[Check, ...]:
        if self.stage is Stage.STANDING_BY:
            return (Check("lease", self.liveness.trouble),)
        return (
            Check("crd", self._until(Stage.SERVED, "the API server doesn't serve it yet")),
            Check("objects", self._until(Stage.LISTED, "not listed yet")),
            Check("watch", self.liveness.trouble),
            Check("calls", self._calls()),
        )

    def _until(self, stage: Stage, trouble: str) -> str | None:
        return trouble if self.stage < stage else None

    def _calls(self) -> str | None:
        if self.stage is Stage.STOPPING:
            return "stopping"
        return self._until(Stage.CALLING, "not made yet")
