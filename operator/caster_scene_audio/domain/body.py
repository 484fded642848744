"""The object's JSON, in and out. What is malformed in a status counts as not recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from caster_scene_audio.domain.bounds import WORD_LIMIT, cut, token
from caster_scene_audio.domain.objects import (
    RECONCILE_REQUEST,
    ObjectRef,
    SceneAudio,
    UnreadableSpec,
)
from caster_scene_audio.domain.spec import AppliedAudio, SceneAudioSpec
from caster_scene_audio.domain.status import MESSAGE_LIMIT, Condition, LastError, Status

_RECORDED = TypeAdapter(Status)

_METADATA = (
    "namespace",
    "name",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
)


def scene_audio_from(body: Mapping[str, Any]) -> SceneAudio:
    """The object in a body that the API server gave."""
    metadata, spec = body["metadata"], spec_from(body.get("spec"))
    return SceneAudio(
        ref=ref_from(body),
        generation=metadata["generation"],
        spec=spec,
        status=_sharing(status_from(body.get("status")), spec),
        created=metadata.get("creationTimestamp", ""),
        reconcile_request=_reconcile_request(metadata.get("annotations") or {}),
        written_by=_spec_writer(metadata.get("managedFields") or ()),
        version=version_of(body),
    )


def slim(body: dict[str, Any]) -> dict[str, Any]:
    """The body without what users can make large and nobody here reads."""
    metadata = body.get("metadata") or {}
    request = _reconcile_request(metadata.get("annotations") or {})
    kept = {name: metadata[name] for name in _METADATA if name in metadata}
    annotations = {} if request is None else {RECONCILE_REQUEST: request}
    writer = _spec_writer(metadata.get("managedFields") or ())
    managed = [] if writer is None else [{"manager": writer, "fieldsV1": {"f:spec": {}}}]
    return body | {"metadata": kept | {"annotations": annotations, "managedFields": managed}}


def _reconcile_request(annotations: Mapping[str, str]) -> str | None:
    value = annotations.get(RECONCILE_REQUEST)
    return None if value is None else token(value)


def _spec_writer(managed: Sequence[Mapping[str, Any]]) -> str | None:
    """The manager whose write of the spec is the newest; the API server keeps them by time."""
    writers = [
        each
        for each in managed
        if "f:spec" in (each.get("fieldsV1") or {}) and not each.get("subresource")
    ]
    newest = max(writers, key=lambda each: f"{each.get('time', '')}", default=None)
    return None if newest is None else cut(f"{newest.get('manager', '')}", WORD_LIMIT) or None


def version_of(body: Mapping[str, Any]) -> int:
    """The resourceVersion as a number, by which two of one object compare; 0 where it is none."""
    text = body["metadata"].get("resourceVersion")
    return int(text) if isinstance(text, str) and text.isdecimal() else 0


def ref_from(body: Mapping[str, Any]) -> ObjectRef:
    metadata = body["metadata"]
    return ObjectRef(namespace=metadata["namespace"], name=metadata["name"], uid=metadata["uid"])


def spec_from(raw: object) -> SceneAudioSpec | UnreadableSpec:
    """The spec, or why this version of the operator can't read it."""
    try:
        return SceneAudioSpec.model_validate(raw)
    except ValidationError as error:
        return UnreadableSpec("; ".join(_complaints(error))[:MESSAGE_LIMIT])


def status_from(raw: object) -> Status:
    """What is recorded; nothing, where it can't be read: the service is then asked again."""
    try:
        return _RECORDED.validate_python(raw or {})
    except ValidationError:
        return Status()


def _sharing(status: Status, spec: SceneAudioSpec | UnreadableSpec) -> Status:
    if status.applied is None or isinstance(spec, UnreadableSpec):
        return status
    return replace(status, applied=status.applied.sharing(spec))


def status_body(status: Status) -> dict[str, Any]:
    """The whole of `/status`; what holds no longer is not in it."""
    return _present(
        {
            "observedGeneration": status.observed_generation,
            "conditions": [_condition_body(each) for each in status.conditions],
            "requestId": status.request_id,
            "lastAppliedTime": _time(status.last_applied_time),
            "lastError": _error_body(status.last_error) if status.last_error else None,
            "attempts": status.attempts or None,
            "nextRetryTime": _time(status.next_retry_time),
            "observed": status.observed,
            "applied": _applied_body(status.applied),
            "replaced": status.replaced,
            "lastHandledReconcileAt": status.last_handled_reconcile_at,
        }
    )


def _complaints(error: ValidationError) -> list[str]:
    return [
        f"{_path(each['loc'])}: {each['msg'].removeprefix('Value error, ')}"
        for each in error.errors(include_url=False, include_input=False)
    ]


def _path(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "spec" + "".join(steps)


def _condition_body(condition: Condition) -> dict[str, Any]:
    return {
        "type": condition.type,
        "status": "True" if condition.status else "False",
        "reason": condition.reason,
        "message": condition.message,
        "lastTransitionTime": _time(condition.last_transition_time),
        "observedGeneration": condition.observed_generation,
    }


def _error_body(error: LastError) -> dict[str, Any]:
    return _present(
        {
            "code": error.code,
            "message": error.message,
            "httpStatus": error.http_status,
            "requestId": error.request_id,
            "time": _time(error.time),
            "action": error.action,
        }
    )


def _applied_body(applied: AppliedAudio | None) -> dict[str, Any] | None:
    if applied is None:
        return None
    return applied.model_dump(mode="json", by_alias=True, exclude_none=True)


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _time(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the second, as `metav1.Time` is written."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
