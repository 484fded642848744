"""The record of the calls that came: bounded, and without secrets."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from live_emulator.answers import Format
from live_emulator.claim import Claim
from live_emulator.clock import Clock


@dataclass(slots=True, kw_only=True, eq=False)
class Call:
    """One call; while it is in flight, finished_s, status and code are None."""

    id: int
    time: str
    started_s: float
    action: str
    access_key_id: str
    parameters: dict[str, str]
    signature: str
    format: Format
    user_agent: str
    request_id: str
    overlapping: int = 0
    account: str | None = None
    finished_s: float | None = None
    http_status: int | None = None
    code: str | None = None
    fault: str | None = None
    applied: bool = False

    @property
    def caster_id(self) -> str:
        return self.parameters.get("CasterId", "")

    @property
    def scene_id(self) -> str:
        """The scene that it is about; of a take the one that changes."""
        return self.parameters.get("SceneId") or self.parameters.get("ToSceneId", "")

    @property
    def lane(self) -> tuple[str, str]:
        """Within which calls overlap. A take is somebody else's, and in none."""
        return (self.caster_id, self.parameters.get("SceneId", ""))

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "time": self.time,
            "startedMonotonic": self.started_s,
            "finishedMonotonic": self.finished_s,
            "action": self.action,
            "accessKeyId": self.access_key_id,
            "account": self.account,
            "parameters": self.parameters,
            "httpStatus": self.http_status,
            "code": self.code,
            "requestId": self.request_id,
            "signature": self.signature,
            "userAgent": self.user_agent,
            "overlapping": self.overlapping,
            "fault": self.fault,
            "applied": self.applied,
        }


@dataclass(slots=True)
class Calls:
    """The last `limit` calls, oldest first, and how many of each scene are in flight."""

    clock: Clock
    limit: int
    _calls: deque[Call] = field(init=False)
    _in_flight: Counter[tuple[str, str]] = field(default_factory=Counter)
    _last_id: int = 0

    def __post_init__(self) -> None:
        self._calls = deque(maxlen=self.limit)

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    def __len__(self) -> int:
        return len(self._calls)

    def clear(self) -> None:
        """Forgets the calls; those in flight still count as such."""
        self._calls.clear()

    def begin(self, claim: Claim, *, user_agent: str, request_id: str) -> Call:
        self._last_id += 1
        call = Call(
            id=self._last_id,
            time=self.clock.now().astimezone(UTC).isoformat(timespec="milliseconds"),
            started_s=self.clock.monotonic(),
            action=claim.action,
            access_key_id=claim.access_key_id,
            parameters=claim.parameters,
            signature=claim.form,
            format=claim.format,
            user_agent=user_agent,
            request_id=request_id,
        )
        if call.lane[1]:
            call.overlapping = self._in_flight[call.lane]
            self._in_flight[call.lane] += 1
        self._calls.append(call)
        return call

    def finish(self, call: Call, *, code: str, http_status: int | None) -> None:
        """To be called before the answer leaves: the caller's next call can't overlap this one."""
        call.finished_s = self.clock.monotonic()
        call.code = code
        call.http_status = http_status
        self._in_flight[call.lane] -= 1
        if self._in_flight[call.lane] <= 0:
            del self._in_flight[call.lane]
