"""The rows of the design's table "What an answer means", and what each looks like to a user.

Throttled answers are not among them: they hold up all calls of their account.
"""

from dataclasses import dataclass, field
from typing import Any

ONE_LAYER = [{"locationId": "RV01"}]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What goes wrong, and what follows. Delays in seconds; `heals`: the next try is soon.

    `says` is what the message of the conditions begins with.
    """

    name: str
    reason: str
    code: str
    http_status: int | None
    failure_class: str
    says: str
    delay_s: tuple[float, float]
    stalled: bool = False
    answered: bool = True
    """By the service itself, so that there is a RequestId."""
    heals: bool = False
    attempts_before: int = 0
    is_readable: bool = False
    """Only the update fails. So what the scene has is put on record first, and the reason between
    two failures is another: each has its Event."""
    fault: dict[str, Any] | None = None
    scene: dict[str, Any] | None = field(default_factory=dict)
    """None: there is none; as the emulator's control API takes it."""
    spec: dict[str, Any] = field(default_factory=dict)


TRANSIENT: dict[str, Any] = {"failure_class": "transient", "delay_s": (0, 1), "heals": True}
FAILED: dict[str, Any] = {
    "reason": "ServiceUnavailable",
    "says": "The service failed",
    **TRANSIENT,
}
UNREACHABLE: dict[str, Any] = {
    "reason": "Unreachable",
    "says": "The service can't be reached",
    **TRANSIENT,
}
BUSY: dict[str, Any] = {
    "failure_class": "busy",
    "reason": "ResourceInChannel",
    "says": "A resource of the scene is in use by a channel",
    "http_status": 412,
    "delay_s": (0, 3),
    "heals": True,
}
NOT_READY: dict[str, Any] = {"reason": "SceneNotReady", "http_status": 400, "delay_s": (0, 10)}
MISCONFIGURED: dict[str, Any] = {
    **NOT_READY,
    "failure_class": "misconfigured",
    "says": "The scene's configuration is incorrect",
    "code": "IncorrectSceneStatus.ConfigError",
    "scene": {"configError": True},
}
NOT_FOUND: dict[str, Any] = {"failure_class": "not found", "delay_s": (0, 15), "http_status": 404}
LOCATION: dict[str, Any] = {
    **NOT_FOUND,
    "reason": "LocationNotFound",
    "code": "ResourceInChannel.NotFound",
    "says": "The scene has no channel or video source at a location that spec.layers names: compare"
    " them with the scene in the console. If it is yet to be added, nothing need be done. spec.layers"
    " names RV2, RV03.",
    "scene": {"locations": ["RV01", "RV02", "RV03"]},
    "spec": {"layers": [{"locationId": "RV2"}, {"locationId": "RV03"}]},
}
STILL: dict[str, Any] = {"attempts_before": 4, "stalled": True, "delay_s": (0, 240)}
SLOW: dict[str, Any] = {"delay_s": (540, 660), "stalled": True}
DENIED: dict[str, Any] = {
    "failure_class": "access",
    "reason": "AccessDenied",
    "says": "The access key may not do this",
    **SLOW,
}
BAD_KEY: dict[str, Any] = {
    "failure_class": "access",
    "reason": "CredentialsUnavailable",
    "says": "The service doesn't take the access key, which is the operator's own",
    **SLOW,
}
ADDRESS: dict[str, Any] = {
    "failure_class": "wrong address",
    "reason": "EndpointWrong",
    "says": "What answers is not ApsaraVideo Live as the operator calls it: correct the operator's"
    " setting --live-endpoint (settings.liveEndpoint of the chart). The spec is not to blame. The"
    " address is 127.0.0.1:",
    **SLOW,
}
ACCOUNT: dict[str, Any] = {
    "failure_class": "account",
    "reason": "AccountBarred",
    "says": "The service refuses the account, not the spec and not the access key",
    **SLOW,
}
CLOCK: dict[str, Any] = {
    "failure_class": "clock",
    "reason": "ClockSkewed",
    "says": "The service refuses the time or nonce of the signature",
    "http_status": 400,
    "delay_s": (0, 1),
}
INVALID: dict[str, Any] = {
    "failure_class": "invalid",
    "reason": "InvalidSpec",
    "says": "The service refuses the spec",
    "http_status": 400,
    "delay_s": (3240, 3960),
    "stalled": True,
}
UNKNOWN: dict[str, Any] = {
    "failure_class": "unknown",
    "reason": "Refused",
    "says": "The service refuses the call for a reason that the operator doesn't know",
    "delay_s": (0, 30),
    "stalled": True,
}


def by_fault(name: str, code: str, http_status: int = 400, **rest: Any) -> Row:
    """A row whose answer the emulator is told to give, once unless `times` says otherwise."""
    fault = {"code": code, "status": http_status, "times": rest.pop("times", 1)}
    fault |= {"format": rest.pop("format")} if "format" in rest else {}
    return Row(name=name, code=code, http_status=http_status, fault=fault, **rest)


def spoilt(
    name: str, code: str, http_status: int | None, means: dict[str, Any], **fault: Any
) -> Row:
    """A row whose answer isn't the service's own, or none."""
    return Row(name=name, code=code, http_status=http_status, fault=fault, answered=False, **means)


FAILING = (
    by_fault("internal-error", "InternalError", 500, **FAILED),
    by_fault("internal-failure", "InternalFailure", 500, **FAILED),
    by_fault("service-unavailable", "ServiceUnavailable", 503, **FAILED),
    by_fault("system-busy", "SystemBusy", 400, **FAILED),
    by_fault("operation-conflict", "OperationConflict", 409, **FAILED),
    by_fault("unknown-5xx", "Odd.Trouble", 504, **FAILED),
    by_fault("xml-error", "InternalError", 500, format="XML", **FAILED),
    spoilt("html", "UnreadableAnswer", 502, FAILED, kind="html"),
    spoilt("truncated", "UnreadableAnswer", 200, FAILED, kind="truncated"),
    spoilt("redirect", "RedirectRefused", 307, FAILED, kind="redirect"),
    spoilt("dropped", "ConnectionLost", None, UNREACHABLE, kind="drop"),
    spoilt("timed-out", "Timeout", None, UNREACHABLE, kind="hang", delaySeconds=4),
)
WAITING = (
    Row(
        name="in-channel",
        scene={"inChannel": True},
        code="ResourceInChannel.PreConditionFailed",
        **BUSY,
    ),
    Row(
        name="invalid-resource",
        scene={"invalidLocations": ["RV01"]},
        spec={"layers": ONE_LAYER},
        code="ResourceInChannel.Invalid",
        **BUSY,
    ),
    Row(
        name="scene-off",
        scene={"status": 0},
        failure_class="not ready",
        says="The scene is not in a state that takes the change",
        code="IncorrectSceneStatus",
        **NOT_READY,
    ),
    Row(name="scene-misconfigured", **MISCONFIGURED),
    Row(
        name="still-misconfigured",
        **MISCONFIGURED | STILL | {"delay_s": (0, 160), "is_readable": True},
    ),
    by_fault("late-clock", "InvalidTimeStamp.Expired", heals=True, **CLOCK),
    by_fault("any-clock", "InvalidTimeStamp", heals=True, **CLOCK),
    by_fault("used-nonce", "SignatureNonceUsed", heals=True, **CLOCK),
)
NO_CASTER: dict[str, Any] = {
    **NOT_FOUND,
    "reason": "CasterNotFound",
    "code": "InvalidCaster.NotFound",
    "says": "The account has no such caster",
    "spec": {"casterId": "no-such-caster"},
}
NO_SCENE: dict[str, Any] = {
    **NOT_FOUND,
    "reason": "SceneNotFound",
    "code": "InvalidScene.NotFound",
    "says": "The caster has no such scene",
    "scene": None,
}
MISSING = (
    Row(name="no-caster", **NO_CASTER),
    Row(name="no-scene", **NO_SCENE),
    Row(name="no-location", **LOCATION),
    Row(name="still-no-caster", **NO_CASTER | STILL),
    Row(name="still-no-scene", **NO_SCENE | STILL),
    Row(name="still-no-location", is_readable=True, **LOCATION | STILL),
)
REFUSING = (
    Row(
        name="foreign-scene",
        scene={"account": "somebody-else"},
        code="IllegalOperation",
        http_status=401,
        **DENIED,
    ),
    by_fault("no-permission", "NoPermission", 403, **DENIED),
    by_fault("forbidden", "Forbidden", 401, **DENIED),
    by_fault("forbidden-ram", "Forbidden.RAM", 403, **DENIED),
    by_fault("unknown-key", "InvalidAccessKeyId.NotFound", 404, **BAD_KEY),
    by_fault("any-key", "InvalidAccessKeyId", **BAD_KEY),
    by_fault("inactive-key", "InvalidAccessKeyId.Inactive", **BAD_KEY),
    by_fault("no-key", "MissingAccessKeyId", **BAD_KEY),
    by_fault("no-token", "MissingSecurityToken", **BAD_KEY),
    by_fault("wrong-signature", "SignatureDoesNotMatch", **BAD_KEY),
    by_fault("wrong-signature-xml", "SignatureDoesNotMatch", format="XML", **BAD_KEY),
    by_fault("incomplete-signature", "IncompleteSignature", **BAD_KEY),
    by_fault("any-token", "InvalidSecurityToken", **BAD_KEY),
    by_fault("malformed-token", "InvalidSecurityToken.Malformed", **BAD_KEY),
    by_fault(
        "expired-token",
        "InvalidSecurityToken.Expired",
        times=None,
        **BAD_KEY | {"failure_class": "expired token"},
    ),
    by_fault("no-such-action", "InvalidAction.NotFound", 404, **ADDRESS),
    by_fault("needs-ssl", "InvalidProtocol.NeedSsl", **ADDRESS),
    by_fault("wrong-version", "InvalidVersion", **ADDRESS),
    by_fault("malformed-user", "InvalidUserId.Malformed", **ACCOUNT),
    by_fault("service-off", "InvalidIdentity.ServiceDisabled", **ACCOUNT),
    by_fault("arrearage", "Arrearage", **ACCOUNT),
    by_fault("account-status", "InvalidAccountStatus", **ACCOUNT),
    by_fault("no-balance", "InsufficientBalance", **ACCOUNT),
    by_fault("risk-control", "Forbidden.RiskControl", 403, **ACCOUNT),
    by_fault("malformed-caster", "InvalidCasterId.Malformed", **INVALID),
    by_fault("malformed", "InvalidParameter.Malformed", **INVALID),
    by_fault("parameter", "InvalidParameter", **INVALID),
    by_fault("missing-parameter", "MissingParameter", **INVALID),
    by_fault("malformed-other", "InvalidMixList.Malformed", **INVALID),
    by_fault("mismatch", "InvalidAudioLayersAndMixListSize.Mismatch", **INVALID),
    Row(
        name="too-many-layers",
        scene={"locations": []},
        spec={"layers": ONE_LAYER},
        code="InvalidMixList.ExceedNorm",
        **INVALID,
    ),
    by_fault("unknown-400", "Odd.Request", **UNKNOWN),
    by_fault("unknown-409", "Odd.Conflict", 409, **UNKNOWN),
)

ROWS = FAILING + WAITING + MISSING + REFUSING
