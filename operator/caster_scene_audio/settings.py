"""What can be set from outside: each by a flag, and by an environment variable beside it."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from caster_scene_audio.domain.access import Grant
from caster_scene_audio.domain.duration import DURATION
from caster_scene_audio.domain.retry import BackoffRule, usual_rules
from caster_scene_audio.domain.spec import OnAir

DISTRIBUTION = "caster-scene-audio-operator"
"""The name that the package is installed by, and that the operator calls itself."""

Namespace = Annotated[
    str, StringConstraints(pattern="^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", max_length=63)
]

_KEY = r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
_VALUE = r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?"
_REQUIREMENT = rf"({_KEY} *(={{1,2}}|!=) *{_VALUE}|{_KEY} +(in|notin) +\( *{_VALUE}( *, *{_VALUE})* *\)|!? *{_KEY})"
Selector = Annotated[
    str,
    StringConstraints(
        pattern=rf"^ *{_REQUIREMENT}( *, *{_REQUIREMENT})* *$",
        max_length=1024,
        strip_whitespace=True,
    ),
]
"""A label selector, written as for `kubectl get -l`."""


def _parsed_by(parse: Callable[[str], object]) -> BeforeValidator:
    return BeforeValidator(lambda value: parse(value) if isinstance(value, str) else value)


class Settings(BaseModel):
    """The settings of `caster-scene-audio run`; a field's description is its help text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    live_endpoint: tuple[str, ...] = Field(
        default=(),
        description="call this URL instead of ApsaraVideo Live's own for every region, or, written "
        "REGION=URL, for one; several are taken",
    )
    live_network: Literal["public", "vpc"] = Field(
        default="public",
        description="vpc: call the service's own hosts within a VPC, which some regions have",
    )
    namespace: tuple[Namespace, ...] = Field(
        default=(), description="serve only these namespaces (default: all)"
    )
    selector: Selector | None = Field(
        default=None,
        description="serve only objects with labels that fit, as for kubectl get -l; an object that "
        "fits no longer is let go",
    )
    update_qps: float = Field(
        default=10, ge=0.1, le=1000, description="the account's quota of update calls a second"
    )
    read_qps: float = Field(
        default=15, ge=0.1, le=1000, description="the account's quota of read calls a second"
    )
    interval: Annotated[float, DURATION] = Field(
        default=600,
        ge=1,
        le=86400,
        description="how often a scene is read back where spec.interval doesn't say, as a "
        "duration such as 90s or 10m",
    )
    interval_floor: Annotated[float, DURATION] = Field(
        default=30,
        ge=1,
        le=86400,
        description="the shortest interval that an object gets, as a duration",
    )
    own_credentials: tuple[Annotated[Grant, _parsed_by(Grant.parse)], ...] = Field(
        default=(Grant(namespace="*"),),
        description="namespaces whose objects may use the operator's own credentials, each as "
        "NAMESPACE or NAMESPACE=CASTER,CASTER with patterns; default: * may for all casters",
    )
    on_air: OnAir = Field(
        default=OnAir.APPLY,
        description="what happens to changes of a scene that is on air where spec.onAir doesn't "
        "say: Apply, or Wait until it has left the air",
    )
    sts_endpoint: str | None = Field(
        default=None,
        description="ask this URL which account an access key belongs to, so that keys of one "
        "account share its quota; default: the public one, or none where --live-endpoint is given "
        "for every region",
    )
    live_proxy: str | None = Field(
        default=None,
        description="reach the service and STS through this HTTP proxy; one with a password belongs "
        "into the variable, not on the command line",
    )
    backoff: tuple[Annotated[BackoffRule, _parsed_by(BackoffRule.parse)], ...] = Field(
        default=(),
        description=f"when a failed call is tried again, in seconds: {usual_rules()} are the "
        "defaults",
    )
    max_in_flight: int = Field(
        default=32,
        ge=1,
        le=1000,
        description="update calls of one account that may be under way at once",
    )
    live_timeout: float = Field(
        default=10, ge=0.1, le=300, description="seconds that a call to the service may take"
    )
    connect_timeout: float = Field(
        default=3, ge=0.1, le=300, description="seconds that connecting to the service may take"
    )
    stop_timeout: float = Field(
        default=20, ge=0, le=600, description="seconds that calls in flight have to end at a stop"
    )
    http_host: str = Field(
        default="127.0.0.1",
        description="the address that probes and metrics are served on; in a pod 0.0.0.0 or ::",
    )
    http_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="the port of /healthz, /readyz and /metrics; 0: they are not served",
    )
    watch_silence: Annotated[float, DURATION] = Field(
        default=180,
        ge=5,
        le=3600,
        description="how long the watch may show no sign of life before /healthz fails, as a "
        "duration",
    )
    leader_elect: bool = Field(
        default=False,
        description="of several replicas only the one that holds the Lease serves; the others "
        "stand by",
    )
    lease_name: Annotated[
        str, StringConstraints(pattern="^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", max_length=253)
    ] = Field(default=DISTRIBUTION, description="the Lease's name: one for replicas of one install")
    lease_namespace: Namespace | None = Field(
        default=None,
        description="the Lease's namespace; default: the pod's, or that of the kubeconfig",
    )
    lease_duration: Annotated[float, DURATION] = Field(
        default=15,
        ge=5,
        le=300,
        multiple_of=1,
        description="how long others wait for a leader that is silent, as a duration in whole "
        "seconds; the leader itself gives up after two thirds of it",
    )
    change_log: str | None = Field(
        default=None,
        description="put each write of a scene on record, as a JSON line: append to this file, or, "
        "with the word log, write to the log; default: not",
    )
    otlp_endpoint: str | None = Field(
        default=None,
        description="send a trace of each change to this URL, by OTLP over HTTP, such as "
        "http://collector:4318; needs the extra tracing; default: not",
    )
    log_format: Literal["json", "text"] = Field(
        default="text", description="one JSON object a line, or text for people"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="the least level that is logged"
    )
