"""Objects that a running operator brings into each state that it can tell of."""

from functools import partial

from tests.support.cluster.scene_audios import Body, conditions_of, scene_of
from tests.support.running.answer_rows import ROWS
from tests.support.running.answered import prepared, wait_until_told
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

FLAGS = (
    "--live-timeout=8",
    "--update-qps=100",
    "--read-qps=100",
    "--interval=1s",
    "--interval-floor=1s",
    "--backoff=not-found=0.3:0.6",
    "--backoff=misconfigured=0.3:0.6",
)
"""Readings each second, and what stalls in the end stalls soon."""

STALL_IN_THE_END = {"not found", "misconfigured"}
"""The classes of those that are waited for."""

ANSWERS = [row for row in ROWS if not row.attempts_before]
SHARED = "scene-of-both"
FOLLOWS: Body = {"audio": {"followEnable": 1}}
DECLARED: Body = {"audio": {"followEnable": 0}}

OWN_SCENES: dict[str, Body] = {
    "applied": {},
    "drift-corrected": {},
    "drift-reported": {"drift": "Report"},
    "in-sync": {"drift": "Report"},
    "contended": {},
    "observed": {"mode": "Observe", "followMode": "AudioFollowsVideo"},
    "observed-drift": {"mode": "Observe"},
    "on-air": {"onAir": "Wait"},
    "suspended": {"suspend": True},
    "no-secret": {"credentialsSecretRef": {"name": "no-such-secret"}},
    "throttled": {},
    "changed": {},
}
"""By the object's name, its spec; each has a scene of its own, which an update can change."""


def every_state(stage: Stage) -> dict[str, list[Body]]:
    """All that each object was, from its creation on, by its name."""
    created = {row.name: prepared(stage, row) for row in ANSWERS}
    created |= {name: _created(stage, name) for name in OWN_SCENES}
    created["older"] = stage.objects.create("older", sceneId=_shared_scene(stage))
    stage.operator.flags = FLAGS
    stage.operator.start()
    stage.objects.until_applied("older")
    created["conflict"] = _created_younger(stage)
    _let_it_drift(stage)
    for row in ANSWERS:
        wait_until_told(stage, row, created[row.name])
    for row in ANSWERS:
        if row.failure_class in STALL_IN_THE_END:
            eventually(partial(_has_stalled, stage, row.name))
    _until_told(stage)
    _change_unseen(stage)
    return {name: stage.objects.history(body) for name, body in created.items()}


def _created(stage: Stage, name: str) -> Body:
    stage.live.put_scene(scene_of(name), outputType="1" if name == "on-air" else "0")
    if name == "throttled":
        stage.live.fail(scene_of(name), code="Throttling.User", status=400)
    return stage.objects.create(name, **OWN_SCENES[name])


def _shared_scene(stage: Stage) -> str:
    stage.live.put_scene(SHARED)
    return SHARED


def _created_younger(stage: Stage) -> Body:
    """Younger by more than a second: within one the uid decides."""
    older = stage.objects.read("older")
    assert older is not None
    while True:
        younger = stage.objects.create("conflict", sceneId=SHARED)
        if _creation(younger) > _creation(older):
            return younger
        stage.objects.delete("conflict")


def _creation(body: Body) -> str:
    return str(body["metadata"]["creationTimestamp"])


def _let_it_drift(stage: Stage) -> None:
    for name in ("drift-corrected", "drift-reported", "in-sync"):
        stage.objects.until_applied(name)
        stage.live.patch_scene(scene_of(name), **FOLLOWS)
    stage.objects.until("in-sync", "Drifted")
    stage.live.patch_scene(scene_of("in-sync"), **DECLARED)
    stage.objects.until_applied("contended")
    eventually(partial(_contended, stage))


def _contended(stage: Stage) -> bool:
    """Undo the correction once more; whether the operator has noticed by now."""
    if stage.live.scene(scene_of("contended"))["audio"]["followEnable"] == 0:
        stage.live.patch_scene(scene_of("contended"), **FOLLOWS)
    body = stage.objects.read("contended")
    return body is not None and "DriftContended" in f"{body['status']}"


def _has_stalled(stage: Stage, name: str) -> bool:
    body = stage.objects.read(name)
    return body is not None and "Stalled" in conditions_of(body["status"])


def _until_told(stage: Stage) -> None:
    reasons = {
        "applied": "Applied",
        "drift-corrected": "DriftCorrected",
        "drift-reported": "Drifted",
        "in-sync": "InSync",
        "observed": "Observed",
        "observed-drift": "Observed",
        "on-air": "OnAir",
        "suspended": "Suspended",
        "no-secret": "CredentialsUnavailable",
        "throttled": "Applied",
        "changed": "Applied",
        "conflict": "Conflict",
    }
    for name, reason in reasons.items():
        stage.objects.until(name, reason)


def _change_unseen(stage: Stage) -> None:
    """The last state of `changed` is one that the operator has not answered to."""
    stage.operator.kill()
    stage.objects.change("changed", followMode="AudioFollowsVideo")
