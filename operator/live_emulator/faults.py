"""Faults that a test orders: what shall go wrong, for which calls, how often."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from live_emulator.answers import Format
from live_emulator.calls import Call
from live_emulator.document import Document


class FaultKind(StrEnum):
    """How an answer goes wrong; the package's docstring tells each."""

    ERROR = "error"
    CODE_IN_200 = "codeIn200"
    HANG = "hang"
    DROP = "drop"
    HTML = "html"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    CUT = "cut"
    WRONG_TYPES = "wrongTypes"
    REDIRECT = "redirect"
    SLOW_BODY = "slowBody"
    BODY = "body"
    ALTERED = "altered"


# These answer with what the service truly says, late, spoilt or altered.
TRUTHFUL = frozenset(
    {
        FaultKind.HANG,
        FaultKind.SLOW_BODY,
        FaultKind.TRUNCATED,
        FaultKind.CUT,
        FaultKind.WRONG_TYPES,
        FaultKind.ALTERED,
    }
)


class Match(Document):
    """Which calls; what is left out matches every call."""

    action: str | None = None
    access_key_id: str | None = None
    account: str | None = None
    caster_id: str | None = None
    scene_id: str | None = None

    def fits(self, call: Call) -> bool:
        return (
            self.action in {None, call.action}
            and self.access_key_id in {None, call.access_key_id}
            and self.account in {None, call.account}
            and self.caster_id in {None, call.caster_id}
            and self.scene_id in {None, call.scene_id}
        )


class FaultOrder(Document):
    """What a test asks for. `times` None lasts until it is cleared."""

    kind: FaultKind = FaultKind.ERROR
    times: Annotated[int, Field(ge=1)] | None = 1
    skip: Annotated[int, Field(ge=0)] = 0
    match: Match = Match()
    applied: bool = False
    delay_seconds: Annotated[float, Field(ge=0)] | None = 0.0
    status: Annotated[int, Field(ge=200, le=599)] | None = None
    code: str = "InternalError"
    message: str | None = None
    retry_after_ms: int | None = None
    body: str = ""
    content_type: str = "text/plain"
    location: str | None = None
    format: Format | None = None
    without: tuple[str, ...] = ()
    merge: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_its_delay(self) -> Self:
        if self.kind in {FaultKind.HANG, FaultKind.SLOW_BODY} and self.delay_seconds == 0:
            raise ValueError(f"a {self.kind} needs delaySeconds (null: until the fault is cleared)")
        if self.kind is FaultKind.SLOW_BODY and self.delay_seconds is None:
            raise ValueError("a slowBody needs delaySeconds as a number")
        return self


@dataclass(slots=True, eq=False)
class Fault:
    """An order while it lasts. Clearing it frees the calls that hang on it."""

    id: int
    order: FaultOrder
    skipped: int = 0
    served: int = 0
    _cleared: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def spent(self) -> bool:
        return self.order.times is not None and self.served >= self.order.times

    def takes(self, call: Call) -> bool:
        """True when this call is one of those ordered; that uses one of them up."""
        if self.spent or not self.order.match.fits(call):
            return False
        if self.skipped < self.order.skip:
            self.skipped += 1
            return False
        self.served += 1
        return True

    def clear(self) -> None:
        self._cleared.set()

    async def hold(self) -> None:
        """Waits for the ordered delay, without end where it is None, or until cleared."""
        if self.order.delay_seconds == 0:
            return
        try:
            async with asyncio.timeout(self.order.delay_seconds):
                await self._cleared.wait()
        except TimeoutError:
            return

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, **self.order.as_json(), "served": self.served, "spent": self.spent}


class Faults:
    """The orders, oldest first; the first that takes a call has it."""

    def __init__(self) -> None:
        self._faults: dict[int, Fault] = {}
        self._last_id = 0

    def order(self, order: FaultOrder) -> Fault:
        self._last_id += 1
        fault = Fault(self._last_id, order)
        self._faults[fault.id] = fault
        return fault

    def listed(self) -> list[Fault]:
        return list(self._faults.values())

    def take(self, call: Call) -> Fault | None:
        return next((fault for fault in self._faults.values() if fault.takes(call)), None)

    def clear(self) -> None:
        for fault_id in list(self._faults):
            self.remove(fault_id)

    def remove(self, fault_id: int) -> bool:
        fault = self._faults.pop(fault_id, None)
        if fault is not None:
            fault.clear()
        return fault is not None
