"""Which cluster `make e2e` runs in, and what it does there; its commands are fakes that tell."""

from pathlib import Path

import pytest
import yaml

from dev.e2e.cluster import KIND, VARIABLES, Cluster, cluster_of
from dev.e2e.failure import NoClusterError, StepError
from dev.e2e.run import ROOT, Run, image_name
from dev.e2e.tools import path_with_tools
from dev.kubectl import Kubectl
from tests.support.tools.go_machine import NEW_GO, GoMachine

NAMED = dict(zip(VARIABLES, ("up --fast", "image", "exec", "down", "/k/config"), strict=True))


@pytest.fixture
def machine(tmp_path: Path) -> GoMachine:
    made = GoMachine(tmp_path)
    made.environment["PATH"] = f"{tmp_path / 'bin'}"
    return made


def has_recorder(machine: GoMachine, name: str, script: str = "") -> Path:
    """A program that notes how it was called."""
    return machine.has(name, f'echo "{name} $*" >> {machine.home / "calls"}\n{script}')


def calls(machine: GoMachine) -> list[str]:
    return (machine.home / "calls").read_text().splitlines()


def run(machine: GoMachine, **scripts: str) -> Run:
    """With a kubectl that finds no cluster unless told otherwise."""
    kubeconfig = machine.home / "kubeconfig"
    kubeconfig.touch()
    names = ("up", "image", "exec", "down", "tests")
    up, image, execute, down, tests = (
        (f"{has_recorder(machine, name, scripts.get(name, ''))}",) for name in names
    )
    kubectl = machine.has("kubectl", scripts.get("kubectl", "exit 1"))
    return Run(
        cluster=Cluster(up=up, image=image, execute=execute, down=down, kubeconfig=kubeconfig),
        environment=machine.environment,
        kubectl=Kubectl(kubectl, kubeconfig),
        tests=tests,
        say=machine.said.append,
    )


def test_the_commands_that_are_named_are_taken() -> None:
    cluster = cluster_of(NAMED, home=Path("/home"))

    assert cluster.up == ("up", "--fast")
    assert cluster.kubeconfig == Path("/k/config")
    assert cluster.variables() == NAMED


@pytest.mark.parametrize("left_out", VARIABLES)
def test_they_are_named_together_or_not_at_all(left_out: str) -> None:
    with pytest.raises(NoClusterError, match=f"^{left_out} must be set as well"):
        cluster_of(NAMED | {left_out: ""}, home=Path("/home"))


def test_kind_is_taken_where_nothing_is_named_and_docker_answers(machine: GoMachine) -> None:
    machine.has("kind")
    machine.has("docker")

    cluster = cluster_of(machine.environment, home=machine.home)

    assert cluster.up == (f"{KIND / 'up'}",)
    assert cluster.kubeconfig.parent == machine.home


@pytest.mark.parametrize(
    ("docker", "kind", "lack"),
    [
        (None, "exit 0", "no docker on the PATH"),
        ("exit 0", None, "no kind on the PATH"),
        ("exit 1", "exit 0", "no Docker engine answers"),
    ],
    ids=["no-docker", "no-kind", "no-engine"],
)
def test_where_there_is_no_cluster_it_says_why_and_what_to_do(
    machine: GoMachine, docker: str | None, kind: str | None, lack: str
) -> None:
    for name, script in (("docker", docker), ("kind", kind)):
        if script:
            machine.has(name, script)

    with pytest.raises(NoClusterError, match=f"(?s){lack}.*or name commands .*E2E_UP"):
        cluster_of(machine.environment, home=machine.home)


@pytest.mark.parametrize(
    ("command", "arguments", "told"),
    [
        ("up", [], ["kind create cluster --name ours --kubeconfig {home}/config --wait 180s"]),
        (
            "image",
            ["/folder", "name:1"],
            ["docker build --tag name:1 /folder", "kind load docker-image --name ours name:1"],
        ),
        (
            "exec",
            ["kill", "-9", "7"],
            ["docker exec --interactive --privileged ours-control-plane kill -9 7"],
        ),
        ("down", [], ["kind delete cluster --name ours --kubeconfig {home}/config"]),
    ],
)
def test_the_commands_for_kind_do_what_is_asked_of_them(
    machine: GoMachine, command: str, arguments: list[str], told: list[str]
) -> None:
    has_recorder(machine, "kind")
    has_recorder(machine, "docker")
    made = run(machine)
    config = machine.home / "config"
    environment = {
        "PATH": f"{machine.environment['PATH']}:/usr/bin:/bin",
        "E2E_CLUSTER": "ours",
        "E2E_KUBECONFIG": f"{config}",
    }
    asked = Run(
        cluster=made.cluster,
        environment=environment,
        kubectl=Kubectl(machine.has("kubectl", "exit 0"), made.cluster.kubeconfig),
        tests=(f"{KIND / command}", *arguments),
        say=machine.said.append,
    )

    assert asked() == 0
    assert calls(machine)[1:] == [line.format(home=machine.home) for line in told]


def test_the_cluster_comes_up_is_filled_tested_and_taken_down(machine: GoMachine) -> None:
    assert run(machine)() == 0

    assert calls(machine) == ["up ", f"image {ROOT} {image_name()}", "tests ", "down "]
    assert [line.rpartition(":")[0] for line in machine.said] == [
        "== The cluster is up",
        "== The image is built and in the cluster",
        "== The tests have ended",
        "== The cluster is down",
    ]


def test_a_cluster_that_is_up_already_is_used_and_left(machine: GoMachine) -> None:
    assert run(machine, kubectl="exit 0")() == 0

    assert [line.split()[0] for line in calls(machine)] == ["image", "tests"]
    assert "stays up" in machine.said[0]


def test_failed_tests_give_their_exit_code_and_the_cluster_goes_down(machine: GoMachine) -> None:
    assert run(machine, tests="exit 3")() == 3

    assert calls(machine)[-1] == "down "


@pytest.mark.parametrize("step", ["up", "image"])
def test_a_step_that_fails_ends_the_run_and_the_cluster_goes_down(
    machine: GoMachine, step: str
) -> None:
    with pytest.raises(StepError, match=f"{step}.* ended with 7"):
        run(machine, **{step: "exit 7"})()

    assert "tests " not in calls(machine)
    assert calls(machine)[-1] == "down "


def test_the_image_has_the_name_that_the_chart_takes_by_itself() -> None:
    folder = ROOT / "charts" / "caster-scene-audio-operator"
    chart, values = (
        yaml.safe_load((folder / name).read_text()) for name in ("Chart.yaml", "values.yaml")
    )

    assert image_name() == f"{values['image']['repository']}:{chart['appVersion']}"


def test_commands_find_kubectl_and_go_and_the_machines_own_come_first(machine: GoMachine) -> None:
    kubectl = machine.has("kubectl", folder="control-plane")

    def path() -> list[str]:
        return path_with_tools(
            machine.environment, kubectl=kubectl, go_cache=machine.home / "go", say=print
        ).split(":")

    go = machine.has("go", NEW_GO)
    assert path() == [f"{go.parent}", f"{kubectl.parent}"]
    machine.has("kubectl")
    assert path() == [f"{go.parent}"]
