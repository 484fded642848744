"""What a throttled answer means, whatever its code: for the object, and for its account.

Each row has an access key of its own, so that none waits for another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from dev.control_plane.plane import ControlPlane
from live_emulator.dials import UPDATE
from tests.support.cluster.scene_audios import Body, conditions_of, scene_of
from tests.support.running.answered import ONLY_KNOWN_SCENES
from tests.support.running.emulator_thread import Call
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

PAUSE_MS = 1500
ROWS: dict[str, dict[str, Any]] = {
    "plain": {"code": "Throttling", "status": 400},
    "user": {"code": "Throttling.User", "status": 429},
    "api": {"code": "Throttling.Api", "status": 503},
    "rejected": {"code": "Rejected.Throttling", "status": 503},
    "rejected-xml": {"code": "Rejected.Throttling", "status": 400, "format": "XML"},
    "unknown-429": {"code": "Odd.Quota", "status": 429},
    "says-when": {"code": "InternalError", "status": 500, "retryAfterMs": PAUSE_MS},
}


@dataclass(frozen=True)
class Outcome:
    """`throttled`: the statuses that tell of it; `calls`: all updates with the key."""

    throttled: list[Body]
    calls: list[Call]


@pytest.fixture(scope="module")
def outcomes(
    crds: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Outcome]]:
    """By the row's name: what came of its two objects."""
    with set_stage(crds, tmp_path_factory.mktemp("throttled"), emulator=ONLY_KNOWN_SCENES) as stage:
        firsts = {name: prepared(stage, name, **fault) for name, fault in ROWS.items()}
        stage.operator.start()
        # A call that is under way when another is throttled rests for nothing.
        others = {name: once_throttled(stage, name) for name in ROWS}
        stage.objects.until_all_applied()
        yield {name: outcome(stage, name, [firsts[name], others[name]]) for name in ROWS}


def prepared(stage: Stage, name: str, **fault: Any) -> Body:
    """The first of two objects of one key; its call is throttled."""
    stage.live.put_key(name, secret=f"the-secret-of-{name}", account=name)
    stage.secrets.create(name, name, f"the-secret-of-{name}")
    match = {"account": name, "action": UPDATE}
    stage.live.strike(match, times=1, **fault)
    return declared(stage, name, key=name)


def once_throttled(stage: Stage, name: str) -> Body:
    """The second, which comes as soon as the first one's call was answered."""
    eventually(lambda: any(each["finishedMonotonic"] for each in stage.live.calls(account=name)))
    return declared(stage, f"{name}-too", key=name)


def declared(stage: Stage, name: str, *, key: str) -> Body:
    stage.live.put_scene(scene_of(name))
    return stage.objects.create(name, credentialsSecretRef={"name": key}, drift="Ignore")


def outcome(stage: Stage, name: str, created: list[Body]) -> Outcome:
    statuses = [status for each in created for status in stage.objects.statuses(each)]
    throttled = [each for each in statuses if "lastError" in each]
    return Outcome(throttled, stage.live.calls(account=name))


@pytest.mark.parametrize("name", ROWS)
def test_a_throttled_answer_rests_the_account_and_every_object_is_applied(
    name: str, outcomes: dict[str, Outcome]
) -> None:
    first, *others = outcomes[name].calls

    rested_s = others[0]["startedMonotonic"] - first["finishedMonotonic"]
    pause_s = ROWS[name].get("retryAfterMs", 1000) / 1000
    assert first["code"] == ROWS[name]["code"]
    assert {each["code"] for each in others} == {"OK"}
    assert len(others) == 2
    assert rested_s >= pause_s * 0.95


@pytest.mark.parametrize("name", ROWS)
def test_a_throttled_object_goes_on_by_itself_and_counts_no_attempt(
    name: str, outcomes: dict[str, Outcome]
) -> None:
    assert outcomes[name].throttled
    for status in outcomes[name].throttled:
        stated = conditions_of(status)
        assert {each: stated[each]["status"] for each in stated} == {
            "Ready": "False",
            "Reconciling": "True",
        }
        assert stated["Ready"]["reason"] == "Throttled"
        assert stated["Ready"]["message"].startswith("The account's quota of calls is used up")
        assert status["lastError"]["code"] == ROWS[name]["code"]
        assert "attempts" not in status
