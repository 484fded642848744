"""A status that is refused, wiped or wrong holds up no call, and comes back by itself."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from tests.support.cluster.scene_audios import conditions_of, scene_of
from tests.support.cluster.status_policy import statuses_refused
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

UPDATE = "UpdateCasterSceneAudio"
BUSY_IN_HASTE = ("--backoff=busy=0.5:1",)


@pytest.mark.parametrize("reason", ["Invalid", "Forbidden"])
def test_an_object_whose_status_is_refused_is_called_for_all_the_same(
    stage: Stage, reason: str
) -> None:
    stage.operator.start()
    for name in ("refused", "other"):
        stage.objects.create(name)
        stage.objects.until_applied(name)

    with statuses_refused(stage.plane, stage.objects, "refused", reason=reason):
        for number, mode in enumerate(("AudioFollowsVideo", "AudioMixing", "AudioFollowsVideo"), 2):
            stage.objects.change("refused", followMode=mode)
            eventually(partial(has_calls, stage, "refused", number))
        stage.objects.change("other", followMode="AudioFollowsVideo")
        stage.objects.until_applied("other")
        behind = stage.objects.read("refused")
    shown = stage.objects.until_applied("refused")

    assert behind is not None
    assert behind["status"]["observedGeneration"] == 1
    assert shown["status"]["applied"] == {"followMode": "AudioFollowsVideo"}
    assert stage.live.scene(scene_of("refused"))["audio"]["followEnable"] == 1
    assert len(stage.live.calls(scene_of("refused"))) == 4


def has_calls(stage: Stage, name: str, number: int) -> bool:
    return len(stage.live.calls(scene_of(name))) >= number


def wiped(stage: Stage) -> None:
    stage.plane.kubectl(
        "patch",
        "csa/show",
        f"--namespace={stage.namespace}",
        "--subresource=status",
        "--type=merge",
        "--patch",
        '{"status": null}',
    )


def replaced(stage: Stage) -> None:
    body = stage.objects.read("show")
    assert body is not None
    body["status"] = {"observedGeneration": -1, "attempts": 7}
    stage.plane.kubectl("replace", "--subresource=status", "-f", "-", stdin=json.dumps(body))


@pytest.mark.parametrize("overwrite", [wiped, replaced])
def test_a_status_that_another_writer_overwrites_comes_back_without_a_call(
    stage: Stage, overwrite: Callable[[Stage], None]
) -> None:
    stage.operator.start()
    stage.objects.create("show")
    before = stage.objects.until_applied("show")
    stage.live.forget_calls()

    overwrite(stage)
    after = stage.objects.until_applied("show")

    assert after["status"] == before["status"]
    assert stage.live.calls(action=None) == []


def test_a_retry_that_a_status_sets_a_day_ahead_comes_as_any_retry(stage: Stage) -> None:
    stage.live.put_scene(scene_of("show"), inChannel=True)
    stage.operator.flags = BUSY_IN_HASTE
    stage.operator.start()
    stage.objects.create("show")
    stage.objects.until("show", "ResourceInChannel")
    stage.operator.stop()

    stage.live.patch_scene(scene_of("show"), inChannel=False)
    stage.objects.patch_status("show", {"nextRetryTime": tomorrow()})
    stage.operator.start()

    shown = stage.objects.until_applied("show")
    assert set(conditions_of(shown["status"])) == {"Ready"}


def test_what_another_writer_left_while_no_operator_ran_is_taken_out(stage: Stage) -> None:
    stage.operator.start()
    stage.objects.create("show")
    before = stage.objects.until_applied("show")
    stage.operator.stop()
    stage.live.forget_calls()

    error = {"code": "Theirs", "message": "theirs", "time": tomorrow(), "action": UPDATE}
    left = {"nextRetryTime": tomorrow(), "attempts": 7, "lastError": error}
    stage.objects.patch_status("show", left)
    stage.operator.start()

    eventually(lambda: (stage.objects.read("show") or {}).get("status") == before["status"])
    assert stage.live.calls(action=None) == []


def tomorrow() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
