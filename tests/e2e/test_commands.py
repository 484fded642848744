"""The commands that ask a cluster, each as a process beside a running operator."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.cluster import OPERATOR_NAMESPACE
from tests.support.cluster.scene_audios import scene_of
from tests.support.running.commands import Ended, command
from tests.support.running.operator_process import KEY, PROGRAM
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

LAYERS = [{"locationId": "RV01", "volumeRate": 0.8, "filter": {"noiseReduction": "Speech"}}]
WRONG_SCENE = "InvalidParameter.Malformed"


@pytest.fixture(scope="module")
def busy(crds: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    directory = tmp_path_factory.mktemp("commands")
    with set_stage(crds, directory) as stage:
        stage.operator.flags = (f"--change-log={directory / 'changes.jsonl'}",)
        stage.live.fail(scene_of("wrong"), code=WRONG_SCENE, status=400, times=None)
        stage.operator.start()
        stage.objects.create("show", layers=LAYERS)
        stage.objects.create("wrong")
        stage.objects.create("asleep", suspend=True)
        stage.objects.until_applied("show")
        stage.objects.until("wrong", "InvalidSpec")
        stage.objects.until("asleep", "Suspended")
        yield stage


def run(stage: Stage, *arguments: str, **environ: str) -> Ended:
    reached = {
        "CASTER_SCENE_AUDIO_LIVE_ENDPOINT": stage.live.url,
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
        "KUBECONFIG": f"{stage.plane.kubeconfig}",
    }
    return command(*arguments, environ={**KEY, **reached, **environ})


def here(stage: Stage, name: str, *arguments: str, **environ: str) -> Ended:
    return run(stage, name, "-n", stage.namespace, *arguments, **environ)


def test_status_shows_who_needs_a_person_first_and_what_to_do(busy: Stage) -> None:
    ended = here(busy, "status", COLUMNS="80")

    first, *rest = ended.data.splitlines()
    assert ended.code == 2
    assert first == f"! {busy.namespace}/wrong   InvalidSpec"
    assert "The service refuses the spec" in rest[0]
    assert all(len(line) <= 80 for line in ended.data.splitlines())
    assert f"  {busy.namespace}/show    Applied" in rest
    assert ended.words == "Objects: 3, needs a person: 1, waits: 1, fine: 1.\n"


def test_status_as_json_has_every_object(busy: Stage) -> None:
    ended = here(busy, "status", "-o", "json")

    found = {each["name"]: each for each in json.loads(ended.data)["objects"]}
    assert {name: each["state"] for name, each in found.items()} == {
        "wrong": "needs a person",
        "asleep": "waits",
        "show": "fine",
    }
    assert found["wrong"]["code"] == WRONG_SCENE
    assert found["show"]["requestId"]


def test_status_says_where_nothing_is(busy: Stage) -> None:
    ended = run(busy, "status", "-n", "default")

    assert (ended.code, ended.data) == (0, "")
    assert ended.words == "The namespace default has no CasterSceneAudio. -A looks in all.\n"


def test_status_goes_on_with_a_line_for_each_change(busy: Stage) -> None:
    with subprocess.Popen(  # noqa: S603 (our own program)
        [PROGRAM, "status", "-n", busy.namespace, "--watch"],
        env={"KUBECONFIG": f"{busy.plane.kubeconfig}", "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        first = [process.stdout.readline() for _ in range(3)]
        busy.objects.create("later", suspend=True)
        lines = iter(process.stdout.readline, "")
        assert any(f"{busy.namespace}/later  Suspended" in line for line in lines)
        busy.objects.delete("later")
        assert any(f"- {busy.namespace}/later  gone" in line for line in lines)
        process.stdout.close()
        busy.objects.create("last", suspend=True)
        process.wait(30)
        assert process.stderr
        words = process.stderr.read()

    busy.objects.delete("last")
    assert process.returncode == 141
    assert words == ""
    assert "InvalidSpec" in first[0]


@pytest.mark.parametrize("name", ["status", "plan"])
def test_a_kubeconfig_that_is_not_there_is_told_in_a_line(busy: Stage, name: str) -> None:
    ended = run(busy, name, "--kubeconfig", "/no/such/file")

    assert (ended.code, ended.data) == (1, "")
    assert ended.words.count("\n") == 1
    assert "/no/such/file doesn't exist" in ended.words
    assert "--kubeconfig" in ended.words


def test_an_api_server_that_is_away_is_told_in_a_line(busy: Stage, tmp_path: Path) -> None:
    config = yaml.safe_load(Path(busy.plane.kubeconfig).read_text())
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:9"
    (tmp_path / "config").write_text(yaml.safe_dump(config))

    ended = run(busy, "status", "--kubeconfig", f"{tmp_path / 'config'}")

    assert (ended.code, ended.data) == (1, "")
    assert ended.words.startswith("The API server https://127.0.0.1:9 can't be reached: ")
    assert ended.words.count("\n") == 1


def test_rights_that_are_missing_are_told_in_a_line(busy: Stage) -> None:
    nobody = busy.plane.kubeconfig_for("default", OPERATOR_NAMESPACE)

    ended = here(busy, "status", "--kubeconfig", f"{nobody}")

    assert ended.code == 1
    assert ended.words.startswith("You may not do this: castersceneaudios")
    assert ended.words.count("\n") == 1


def test_objects_are_suspended_and_resumed_by_name(busy: Stage) -> None:
    busy.objects.create("turned")
    busy.objects.until_applied("turned")

    off = here(busy, "suspend", "turned", "no-such")
    suspended = busy.objects.until("turned", "Suspended")
    on = here(busy, "resume", "turned")
    resumed = busy.objects.until_applied("turned")

    assert (off.code, off.data) == (1, f"{busy.namespace}/turned suspended\n")
    assert off.words == f"{busy.namespace} has no CasterSceneAudio no-such\n"
    assert suspended["spec"]["suspend"] is True
    assert (on.code, on.data) == (0, f"{busy.namespace}/turned resumed\n")
    assert "suspend" not in resumed["spec"]
    busy.objects.delete("turned")


def test_reconcile_applies_again_and_waits_for_the_answer(busy: Stage) -> None:
    before = len(busy.live.calls(scene_of("show")))

    ended = here(busy, "reconcile", "show")

    assert (ended.code, ended.data) == (0, f"{busy.namespace}/show Applied\n")
    assert len(busy.live.calls(scene_of("show"))) == before + 1


def test_reconcile_says_of_one_that_fails_why(busy: Stage) -> None:
    ended = here(busy, "reconcile", "wrong", "asleep")

    well, ill = sorted(ended.data.splitlines())
    assert ended.code == 1
    assert well == f"{busy.namespace}/asleep Suspended"
    assert ill.startswith(f"{busy.namespace}/wrong InvalidSpec: The service refuses the spec")


def test_reconcile_gives_up_waiting_and_says_so(busy: Stage) -> None:
    with busy.operator.paused():
        ended = here(busy, "reconcile", "show", "--timeout", "1s")

    assert (ended.code, ended.data) == (1, "")
    assert ended.words.startswith(f"{busy.namespace}/show has not answered in 1 s: is the operator")


def test_plan_of_the_cluster_knows_what_was_sent(busy: Stage) -> None:
    calm = here(busy, "plan", "-o", "json")
    busy.live.patch_scene(
        scene_of("show"), audio={"layers": [{"locationId": "RV01", "volumeRate": 2}]}
    )
    drifted = here(busy, "plan")
    here(busy, "reconcile", "show")

    plans = {each["name"]: each["plan"] for each in json.loads(calm.data)["scenes"]}
    assert not plans["show"]["is_written"]
    assert plans["show"]["unknown"] == []
    assert drifted.code == 2
    assert "  RV01  2.00 → 0.80 (+6.0 → −1.9 dB)\n" in drifted.data
    assert "filter" not in drifted.data


def test_plan_of_the_cluster_writes_nothing_for_drift_that_is_only_reported(busy: Stage) -> None:
    busy.objects.create("told", layers=LAYERS, drift="Report")
    busy.objects.until_applied("told")
    layer = {"locationId": "RV01", "volumeRate": 2}
    busy.live.patch_scene(scene_of("told"), audio={"layers": [layer]})

    ended = here(busy, "plan")

    _, _, told = ended.data.partition("told (caster")
    assert "drift is Report: nothing is written" in told
    busy.objects.delete("told")


def test_history_tells_changes_and_failures_by_events_and_by_the_record(busy: Stage) -> None:
    busy.objects.change("show", layers=[{"locationId": "RV01", "volumeRate": 0.5}])
    busy.objects.until_applied("show")
    said = "RV01 volumeRate 0.8 → 0.5"
    record = busy.operator.flags[0].partition("=")[2]

    by_events = eventually(lambda: _if_tells(here(busy, "history", "show"), said))
    by_record = here(busy, "history", "show", "--change-log", record)
    entries = json.loads(here(busy, "history", "show", "--change-log", record, "-o", "json").data)

    assert by_events.code == by_record.code == 0
    last = entries["entries"][-1]
    assert last["reason"] == "spec"
    assert last["after"]["layers"][0]["volumeRate"] == 0.5
    assert last["requestId"] in by_record.data
    earlier = here(busy, "restore", "show", "--change-log", record, "--entry", "1")
    assert yaml.safe_load(earlier.data)["spec"]["layers"][0]["volumeRate"] == 0.8


def _if_tells(ended: Ended, words: str) -> Ended | None:
    return ended if words in ended.data else None


def test_restore_gives_what_the_scene_had_before(busy: Stage) -> None:
    layer: dict[str, Any] = {"locationId": "RV07", "volumeRate": 1.5}
    busy.live.put_scene(scene_of("before"), audio={"followEnable": 0, "layers": [layer]})
    busy.objects.create("before", layers=LAYERS)
    busy.objects.until_applied("before")

    ended = here(busy, "restore", "before")
    busy.plane.kubectl("apply", "-f", "-", stdin=ended.data)
    busy.objects.until_applied("before")

    assert ended.code == 0
    assert ended.data.startswith("# What the scene had before. The filters that it had can't be")
    assert busy.live.scene(scene_of("before"))["audio"]["layers"][0]["volumeRate"] == 1.5
    busy.objects.delete("before")


def test_restore_says_where_nothing_is_known(busy: Stage) -> None:
    ended = here(busy, "restore", "asleep")

    assert (ended.code, ended.data) == (1, "")
    assert "isn't known (no status.replaced)" in ended.words


def test_kubectl_finds_the_commands(busy: Stage) -> None:
    ended = subprocess.run(  # noqa: S603 (kubectl of the tests)
        [busy.plane.binaries.kubectl, "caster-audio", "status", "-n", busy.namespace, "-o", "json"],
        env={"KUBECONFIG": f"{busy.plane.kubeconfig}", "PATH": f"{PROGRAM.parent}:/usr/bin:/bin"},
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert {each["name"] for each in json.loads(ended.stdout)["objects"]} >= {"show", "wrong"}
    assert ended.returncode == 2


def test_a_tab_after_kubectl_offers_the_names_of_objects(busy: Stage) -> None:
    ended = subprocess.run(  # noqa: S603 (our own program)
        [PROGRAM.parent / "kubectl_complete-caster_audio", "suspend", "-n", busy.namespace, "s"],
        env={"KUBECONFIG": f"{busy.plane.kubeconfig}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    *offers, directive = ended.stdout.splitlines()
    assert [each.strip() for each in offers if each.strip()] == ["show"]
    assert directive == ":0"
