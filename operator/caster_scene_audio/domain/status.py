"""The status of an object, as a value: what is known of it, and what is written."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.alias_generators import to_camel

from caster_scene_audio.domain.bounds import (
    TEXT_LIMIT,
    Audio,
    Count,
    Moment,
    Text,
    Token,
    Word,
    cut,
)
from caster_scene_audio.domain.reasons import Reason, traits_of
from caster_scene_audio.domain.spec import AppliedAudio

_AS_RECORDED = ConfigDict(alias_generator=to_camel, extra="ignore")
"""How the values below are read from an object's JSON."""

MESSAGE_LIMIT = TEXT_LIMIT
"""Characters of a condition's or error's message; what is longer is cut."""

NEVER_OBSERVED = -1
"""The CRD's default for observedGeneration: no waiting tool takes a new object for done."""


class Action(StrEnum):
    """The calls that can fail, by the service's own names."""

    UPDATE = "UpdateCasterSceneAudio"
    READ = "DescribeCasterSceneAudio"
    LIST = "DescribeCasterScenes"


class ConditionType(StrEnum):
    READY = "Ready"
    RECONCILING = "Reconciling"
    STALLED = "Stalled"
    DRIFTED = "Drifted"
    SUSPENDED = "Suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A `metav1.Condition`. Reconciling and Stalled stand only while they are true."""

    __pydantic_config__: ClassVar[ConfigDict] = _AS_RECORDED

    type: Word
    status: bool
    reason: Word
    message: Text
    last_transition_time: Moment
    observed_generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LastError:
    """The last failed call; codes and messages are the service's own."""

    __pydantic_config__: ClassVar[ConfigDict] = _AS_RECORDED

    code: Word
    message: Text
    time: Moment
    http_status: Count | None = None
    request_id: Word | None = None
    action: Word | None = None
    """The call that failed; None where none was made, or another version wrote it."""


def _none_if_malformed(value: Any, parse: ValidatorFunctionWrapHandler) -> Any:
    try:
        return parse(value)
    except ValidationError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything that `/status` holds. `attempts` counts failures since the last success.

    `observed`, `applied` and `replaced` are a scene's audio as a spec would say it: as last read
    back where that is told, as last sent, and as it was before the first write.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _AS_RECORDED

    observed_generation: int = NEVER_OBSERVED
    conditions: tuple[Condition, ...] = field(default=())
    request_id: Word | None = None
    last_applied_time: Moment | None = None
    last_error: LastError | None = None
    attempts: Count = 0
    next_retry_time: Moment | None = None
    observed: Audio = None
    applied: Annotated[AppliedAudio | None, WrapValidator(_none_if_malformed)] = None
    replaced: Audio = None
    last_handled_reconcile_at: Token | None = None

    def without_failures(self) -> Self:
        """The same, with no failed call and no next try."""
        return replace(self, last_error=None, attempts=0, next_retry_time=None)

    def as_concluded(self) -> Self:
        """The same, without what no such status holds: a settled one has no failure.

        Another writer may have put it there while no operator was there to undo it.
        """
        traits = traits_of(self.reason)
        return self.without_failures() if traits is not None and traits.settled else self

    def condition(self, type_: ConditionType) -> Condition | None:
        return next((each for each in self.conditions if each.type == type_), None)

    @property
    def is_ready(self) -> bool:
        ready = self.condition(ConditionType.READY)
        return ready is not None and ready.status

    @property
    def failed_action(self) -> str | None:
        """The call that failed last; None after a success."""
        return None if self.last_error is None else self.last_error.action

    @property
    def reason(self) -> str | None:
        """The reason of Ready; None before the first report."""
        ready = self.condition(ConditionType.READY)
        return None if ready is None else ready.reason

    def concluding(
        self,
        *types: ConditionType,
        generation: int,
        reason: Reason,
        message: str,
        now: datetime,
        drift: str | None = None,
    ) -> Self:
        """The status in which just these types are true, and Ready is there either way.

        With `drift`, Drifted is true too, and says so. A transition time changes only when the
        condition's status does.
        """
        present = dict.fromkeys((ConditionType.READY, *types))
        conditions = tuple(
            Condition(
                type=type_,
                status=type_ in types,
                reason=reason,
                message=cut(message, MESSAGE_LIMIT),
                last_transition_time=self._since(type_, status=type_ in types, now=now),
                observed_generation=generation,
            )
            for type_ in present
        )
        if drift is not None:
            conditions += (self._drifted(generation=generation, message=drift, now=now),)
        return replace(self, observed_generation=generation, conditions=conditions)

    def acknowledging(self, generation: int) -> Self:
        """The same, said of another generation: what it says is still so."""
        conditions = tuple(
            replace(each, observed_generation=generation) for each in self.conditions
        )
        return replace(self, observed_generation=generation, conditions=conditions)

    def _drifted(self, *, generation: int, message: str, now: datetime) -> Condition:
        return Condition(
            type=ConditionType.DRIFTED,
            status=True,
            reason=Reason.DRIFTED,
            message=cut(message, MESSAGE_LIMIT),
            last_transition_time=self._since(ConditionType.DRIFTED, status=True, now=now),
            observed_generation=generation,
        )

    def _since(self, type_: ConditionType, *, status: bool, now: datetime) -> datetime:
        before = self.condition(type_)
        return before.last_transition_time if before and before.status == status else now


def says_something_new(before: Status, after: Status) -> bool:
    """Whether `after` is to be written.

    It is where it differs from `before`, unless the reason is one that is said once (see
    `reasons.Traits`), and goes on for the same generation and the same reconcile request.
    """
    traits = traits_of(after.reason)
    goes_on = (
        before.reason == after.reason
        and traits is not None
        and traits.said_once
        and before.observed_generation == after.observed_generation
        and before.last_handled_reconcile_at == after.last_handled_reconcile_at
    )
    return before != after and not goes_on
