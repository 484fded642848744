"""The words of this operator: one for a state, the same in condition, Event, log and metric."""

from enum import StrEnum


class Reason(StrEnum):
    """Why an object is as it is; stands in `status.conditions[].reason`."""

    APPLIED = "Applied"
    THROTTLED = "Throttled"
    RESOURCE_IN_CHANNEL = "ResourceInChannel"
    SCENE_NOT_READY = "SceneNotReady"
    CASTER_NOT_FOUND = "CasterNotFound"
    SCENE_NOT_FOUND = "SceneNotFound"
    ACCESS_DENIED = "AccessDenied"
    CREDENTIALS_UNAVAILABLE = "CredentialsUnavailable"
    INVALID_SPEC = "InvalidSpec"
    CONFLICT = "Conflict"
    IN_SYNC = "InSync"
    DRIFTED = "Drifted"
    DRIFT_CORRECTED = "DriftCorrected"
    DRIFT_CONTENDED = "DriftContended"
    OBSERVED = "Observed"
    ON_AIR = "OnAir"
    SUSPENDED = "Suspended"
    CLOCK_SKEWED = "ClockSkewed"
    SERVICE_UNAVAILABLE = "ServiceUnavailable"
    UNREACHABLE = "Unreachable"
