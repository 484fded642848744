"""What can be set from outside: each by a flag, and by an environment variable beside it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Namespace = Annotated[
    str, StringConstraints(pattern="^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", max_length=63)
]


class Settings(BaseModel):
    """The settings of `caster-scene-audio run`; a field's description is its help text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    live_endpoint: str | None = Field(
        default=None,
        description="call this URL instead of the region's endpoint of ApsaraVideo Live",
    )
    namespace: tuple[Namespace, ...] = Field(
        default=(), description="serve only these namespaces (default: all)"
    )
    update_qps: float = Field(
        default=10, ge=0.1, le=1000, description="the account's quota of update calls a second"
    )
    read_qps: float = Field(
        default=15, ge=0.1, le=1000, description="the account's quota of read calls a second"
    )
    max_in_flight: int = Field(
        default=32, ge=1, le=1000, description="update calls that may be under way at once"
    )
    live_timeout: float = Field(
        default=10, ge=0.1, le=300, description="seconds that a call to the service may take"
    )
    stop_timeout: float = Field(
        default=20, ge=0, le=600, description="seconds that calls in flight have to end at a stop"
    )
    log_format: Literal["json", "text"] = Field(
        default="text", description="one JSON object a line, or text for people"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="the least level that is logged"
    )
