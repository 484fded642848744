"""What `helm --wait` makes of objects in a chart: with Helm 4 it returns when they are applied."""

from pathlib import Path

import pytest

from dev.helm.command import Helm
from tests.support.chart.helm_run import helm_runs
from tests.support.cluster.scene_audios import Body, conditions_of, scene_of
from tests.support.running.stage import Stage

pytestmark = pytest.mark.control_plane

CHART = Path(__file__).parents[1] / "support" / "chart" / "charts" / "mix"
NAME = "interview"
WAITS = "actualStatus=InProgress"
"""What Helm 4 says at --debug of a resource that it has seen and that isn't ready."""


def install(stage: Stage, *more: str) -> tuple[str | Path, ...]:
    return "upgrade", "--install", NAME, CHART, f"--namespace={stage.namespace}", *more


def is_applied(body: Body | None) -> bool:
    assert body is not None
    status, generation = body["status"], body["metadata"]["generation"]
    ready = conditions_of(status).get("Ready", {"status": None, "observedGeneration": None})
    return (status["observedGeneration"], ready["observedGeneration"], ready["status"]) == (
        generation,
        generation,
        "True",
    )


@pytest.fixture
def helm3_here(helm3: Helm, stage: Stage) -> Helm:
    return helm3.on(stage.plane.kubeconfig)


@pytest.fixture
def helm4_here(helm4: Helm, stage: Stage) -> Helm:
    return helm4.on(stage.plane.kubeconfig)


def test_helm_4_returns_when_new_and_changed_objects_are_applied_and_no_sooner(
    stage: Stage, helm4_here: Helm, tmp_path: Path
) -> None:
    first = install(stage, "--wait", "--debug")
    with helm_runs(helm4_here, *first, log=tmp_path / "install.log") as installing:
        installing.wrote(WAITS)  # for an object that no operator has seen
        stage.operator.start()
        assert installing.ended() == 0, installing.output
    assert is_applied(stage.objects.read(NAME))

    second = install(stage, "--wait", "--debug", "--set=spec.followMode=AudioFollowsVideo")
    with helm_runs(helm4_here, *second, log=tmp_path / "upgrade.log") as upgrading:
        with stage.operator.paused():
            upgrading.wrote(WAITS)  # though the object says Ready, of the spec before
        assert upgrading.ended() == 0, upgrading.output
    assert is_applied(stage.objects.read(NAME))
    assert len(stage.live.calls(scene_of(NAME))) == 2


def test_helm_4_waits_while_the_operator_tries_again(
    stage: Stage, helm4_here: Helm, tmp_path: Path
) -> None:
    stage.live.put_scene(scene_of(NAME), inChannel=True)
    stage.operator.start()
    with helm_runs(
        helm4_here, *install(stage, "--wait", "--debug"), log=tmp_path / "install.log"
    ) as installing:
        stage.objects.until(NAME, "ResourceInChannel")
        installing.wrote(WAITS)

        stage.live.patch_scene(scene_of(NAME), inChannel=False)

        assert installing.ended() == 0, installing.output
    assert is_applied(stage.objects.read(NAME))


def test_helm_4_fails_on_a_stalled_object_with_its_message_and_succeeds_once_it_is_mended(
    stage: Stage, helm4_here: Helm
) -> None:
    stage.operator.start()

    failed = helm4_here.run(
        *install(stage, "--wait", "--timeout=10m", "--set=spec.credentialsSecretRef.name=lost")
    )

    assert failed.returncode != 0
    message = conditions_of(stage.objects.until(NAME, "CredentialsUnavailable")["status"])[
        "Stalled"
    ]["message"]
    assert "lost" in message
    assert f"CasterSceneAudio/{stage.namespace}/{NAME} not ready. status: Failed" in failed.stderr
    assert message in failed.stderr

    helm4_here(*install(stage, "--wait", "--reset-values"))

    assert is_applied(stage.objects.read(NAME))


def test_helm_4_puts_the_last_good_spec_back_where_a_change_stalls(
    stage: Stage, helm4_here: Helm
) -> None:
    stage.operator.start()
    helm4_here(*install(stage, "--wait"))

    failed = helm4_here.run(
        *install(stage, "--rollback-on-failure", "--set=spec.credentialsSecretRef.name=lost")
    )

    assert failed.returncode != 0
    assert f"release {NAME} failed, and has been rolled back" in failed.stderr
    body = stage.objects.read(NAME)
    assert is_applied(body)
    assert body is not None
    assert "credentialsSecretRef" not in body["spec"]


def test_helm_4_gives_a_suspended_object_its_whole_time_and_then_says_that_it_is_suspended(
    stage: Stage, helm4_here: Helm
) -> None:
    stage.operator.start()

    failed = helm4_here.run(*install(stage, "--wait", "--timeout=5s", "--set=spec.suspend=true"))

    assert failed.returncode != 0
    assert "status: InProgress, message: Suspended by spec.suspend" in failed.stderr


def test_helm_3_does_not_wait_for_objects_but_kubectl_does(stage: Stage, helm3_here: Helm) -> None:
    helm3_here(*install(stage, "--wait"))  # returns, and there is no operator yet
    assert not is_applied(stage.objects.read(NAME))

    stage.operator.start()
    stage.plane.kubectl(
        "wait", "--for=condition=Ready", f"csa/{NAME}", "-n", stage.namespace, "--timeout=30s"
    )

    assert is_applied(stage.objects.read(NAME))


def test_helm_3_drops_a_field_that_there_is_not_and_helm_4_refuses_it(
    stage: Stage, helm3_here: Helm, helm4_here: Helm
) -> None:
    mistaken = install(stage, "--set=spec.followEnable=1", "--set=spec.followMode=AudioMixing")

    refused = helm4_here.run(*mistaken)
    assert refused.returncode != 0
    assert "spec.followEnable" in refused.stderr

    said = helm3_here(*mistaken)
    assert "followEnable" not in said
    body = stage.objects.read(NAME)
    assert body is not None
    assert "followEnable" not in body["spec"]
