"""An object for a row of `answer_rows`, and the answer that awaits it."""

from dataclasses import replace
from datetime import UTC, datetime

from tests.support.cluster.scene_audios import Body, scene_of
from tests.support.running.answer_rows import Row
from tests.support.running.emulator_thread import ANY_SCENE
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

ONLY_KNOWN_SCENES = replace(ANY_SCENE, any_scene=False, update_qps=0)


def wait_until_told(stage: Stage, row: Row, created: Body) -> None:
    """Until the first failure is reported; then what the scene refused for is put right."""
    eventually(lambda: stage.objects.statuses(created))
    if row.heals and row.fault is None:
        stage.live.put_scene(scene_of(row.name))


def prepared(stage: Stage, row: Row) -> Body:
    """The object, made after the scene and the fault that await it."""
    if row.scene is not None:
        stage.live.put_scene(scene_of(row.name), **row.scene)
    if row.fault is not None:
        stage.live.fail(scene_of(row.name), **row.fault)
    created = stage.objects.create(row.name, **row.spec)
    return tried_before(stage, row) if row.attempts_before else created


def tried_before(stage: Stage, row: Row) -> Body:
    """As an operator leaves it that was stopped between two tries."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    common = {
        "reason": row.reason,
        "message": "",
        "lastTransitionTime": now,
        "observedGeneration": 1,
    }
    return stage.objects.patch_status(
        row.name,
        {
            "observedGeneration": 1,
            "attempts": row.attempts_before,
            "nextRetryTime": now,
            "conditions": [
                {"type": "Ready", "status": "False", **common},
                {"type": "Reconciling", "status": "True", **common},
            ],
        },
    )
