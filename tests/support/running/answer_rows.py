"""The rows of the design's table "What an answer means", and what each looks like to a user.

Throttled answers are not among them: they hold up all calls of their account.
"""

from dataclasses import dataclass, field
from typing import Any

ONE_LAYER = [{"locationId": "RV01"}]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What goes wrong, and what follows. Delays in seconds; `heals`: the next try is soon."""

    name: str
    reason: str
    code: str
    http_status: int | None
    delay_s: tuple[float, float]
    stalled: bool = False
    answered: bool = True
    """By the service itself, so that there is a RequestId."""
    heals: bool = False
    attempts_before: int = 0
    fault: dict[str, Any] | None = None
    scene: dict[str, Any] | None = field(default_factory=dict)
    """None: there is none; as the emulator's control API takes it."""
    spec: dict[str, Any] = field(default_factory=dict)


TRANSIENT: dict[str, Any] = {"delay_s": (0, 1), "heals": True}
FAILED: dict[str, Any] = {"reason": "ServiceUnavailable", **TRANSIENT}
NOT_FOUND: dict[str, Any] = {"delay_s": (0, 15), "http_status": 404}
ACCESS: dict[str, Any] = {"delay_s": (540, 660), "stalled": True}
CLOCK: dict[str, Any] = {"reason": "ClockSkewed", "http_status": 400, "delay_s": (0, 1)}
INVALID: dict[str, Any] = {
    "reason": "InvalidSpec",
    "http_status": 400,
    "delay_s": (3240, 3960),
    "stalled": True,
}


def by_fault(name: str, code: str, **rest: Any) -> Row:
    """A row whose answer the emulator is told to give, once unless `times` says otherwise."""
    times = rest.pop("times", 1)
    status = rest["http_status"]
    return Row(name=name, code=code, fault={"code": code, "status": status, "times": times}, **rest)


def spoilt(name: str, code: str, http_status: int | None, reason: str, **fault: Any) -> Row:
    """A row whose answer isn't the service's own, or none."""
    return Row(
        name=name,
        code=code,
        http_status=http_status,
        reason=reason,
        fault=fault,
        answered=False,
        **TRANSIENT,
    )


ROWS = (
    by_fault("internal-error", "InternalError", http_status=500, **FAILED),
    by_fault("service-unavailable", "ServiceUnavailable", http_status=503, **FAILED),
    by_fault("unknown-5xx", "Odd.Trouble", http_status=504, **FAILED),
    spoilt("html", "UnreadableAnswer", 502, "ServiceUnavailable", kind="html"),
    spoilt("truncated", "UnreadableAnswer", 200, "ServiceUnavailable", kind="truncated"),
    spoilt("redirect", "RedirectRefused", 307, "ServiceUnavailable", kind="redirect"),
    spoilt("dropped", "ConnectionLost", None, "Unreachable", kind="drop"),
    spoilt("timed-out", "Timeout", None, "Unreachable", kind="hang", delaySeconds=4),
    Row(
        name="in-channel",
        scene={"inChannel": True},
        code="ResourceInChannel.PreConditionFailed",
        http_status=412,
        reason="ResourceInChannel",
        delay_s=(0, 3),
        heals=True,
    ),
    Row(
        name="invalid-resource",
        scene={"invalidLocations": ["RV01"]},
        spec={"layers": ONE_LAYER},
        code="ResourceInChannel.Invalid",
        http_status=412,
        reason="ResourceInChannel",
        delay_s=(0, 3),
        heals=True,
    ),
    Row(
        name="scene-off",
        scene={"status": 0},
        code="IncorrectSceneStatus",
        http_status=400,
        reason="SceneNotReady",
        delay_s=(0, 10),
    ),
    Row(
        name="scene-misconfigured",
        scene={"configError": True},
        code="IncorrectSceneStatus.ConfigError",
        http_status=400,
        reason="SceneNotReady",
        delay_s=(0, 10),
    ),
    Row(
        name="no-caster",
        spec={"casterId": "no-such-caster"},
        code="InvalidCaster.NotFound",
        reason="CasterNotFound",
        **NOT_FOUND,
    ),
    Row(
        name="no-scene",
        scene=None,
        code="InvalidScene.NotFound",
        reason="SceneNotFound",
        **NOT_FOUND,
    ),
    Row(
        name="no-location",
        scene={"locations": ["RV02", "RV03"]},
        spec={"layers": ONE_LAYER},
        code="ResourceInChannel.NotFound",
        reason="SceneNotFound",
        **NOT_FOUND,
    ),
    Row(
        name="still-no-caster",
        spec={"casterId": "no-such-caster"},
        attempts_before=4,
        stalled=True,
        code="InvalidCaster.NotFound",
        http_status=404,
        reason="CasterNotFound",
        delay_s=(0, 240),
    ),
    Row(
        name="still-no-scene",
        scene=None,
        attempts_before=4,
        stalled=True,
        code="InvalidScene.NotFound",
        http_status=404,
        reason="SceneNotFound",
        delay_s=(0, 240),
    ),
    Row(
        name="foreign-scene",
        scene={"account": "somebody-else"},
        code="IllegalOperation",
        http_status=401,
        reason="AccessDenied",
        **ACCESS,
    ),
    by_fault("no-permission", "NoPermission", http_status=403, reason="AccessDenied", **ACCESS),
    by_fault("forbidden", "Forbidden.RAM", http_status=403, reason="AccessDenied", **ACCESS),
    by_fault(
        "unknown-key",
        "InvalidAccessKeyId.NotFound",
        http_status=404,
        reason="CredentialsUnavailable",
        **ACCESS,
    ),
    by_fault(
        "inactive-key",
        "InvalidAccessKeyId.Inactive",
        http_status=400,
        reason="CredentialsUnavailable",
        **ACCESS,
    ),
    by_fault(
        "expired-token",
        "InvalidSecurityToken.Expired",
        times=None,
        http_status=400,
        reason="CredentialsUnavailable",
        **ACCESS,
    ),
    by_fault("late-clock", "InvalidTimeStamp.Expired", heals=True, **CLOCK),
    by_fault("used-nonce", "SignatureNonceUsed", heals=True, **CLOCK),
    by_fault("malformed", "InvalidParameter.Malformed", **INVALID),
    by_fault("mismatch", "InvalidAudioLayersAndMixListSize.Mismatch", **INVALID),
    Row(
        name="too-many-layers",
        scene={"locations": []},
        spec={"layers": ONE_LAYER},
        code="InvalidMixList.ExceedNorm",
        **INVALID,
    ),
    by_fault("unknown-400", "Odd.Request", **INVALID),
)
