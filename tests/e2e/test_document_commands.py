"""The commands of README and docs, run as they are written."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from dev.control_plane.plane import ControlPlane
from dev.helm.binaries import HelmBinary
from tests.support.chart.helm import BINARIES
from tests.support.cluster.cluster import OPERATOR_NAMESPACE, ROOT
from tests.support.documents.commands import PAGES, Block, blocks_of
from tests.support.documents.ways import Way, way_of
from tests.support.running.operator_process import KEY
from tests.support.running.stage import Stage

pytestmark = pytest.mark.control_plane

INSTALLS = re.compile(r"charts/caster-scene-audio-operator|deploy/operator\.yaml|rollout restart")
"""What is done to a cluster that has nothing of the operator's yet, and is undone after it."""

STAYS = re.compile(r"(\S*/)?(caster-scene-audio (run|desk)|live-emulator) ?")
ANSWERS = {"validate": 1, "plan": 2}
"""The exit code, besides 0, of a command that has something to tell."""
NAMESPACES = ("studio", "studio-a", "argocd")
PUT_IN = {"NAME": "opening", "NAMESPACE": OPERATOR_NAMESPACE, "--port 8080": "--port 0"}
PUT_IN_FOR_A_RELEASE = {"NAME": "caster-scene-audio-operator", "NAMESPACE": "caster-scene-audio"}
BEGINS_ANEW = re.compile("helm install|kubectl apply")
UNDO = """
helm uninstall caster-scene-audio-operator --namespace caster-scene-audio --ignore-not-found
kubectl delete --ignore-not-found -f deploy/operator.yaml -f deploy/advice.yaml -f deploy/rbac.yaml -f crds/
"""
STAY = """
stay() {
    log=$(mktemp)
    bash -c "$1" > $log 2>&1 &
    pid=$!
    trap "kill $pid" EXIT
    until grep -qE 'Serving|http://' $log; do kill -0 $pid || { cat $log; exit 1; }; sleep 0.2; done
}"""
"""What goes on until Ctrl-C is waited for until it says that it is there, and ended after all."""


@dataclass(frozen=True)
class Desk:
    """A person's terminal: a folder like a clone's, and a cluster to work with."""

    folder: Path
    environ: dict[str, str]

    def types(self, script: str) -> None:
        ended = subprocess.run(  # noqa: S603 (the commands of our own pages)
            ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=110,
        )
        assert ended.returncode == 0, f"{script}\n{ended.stdout}{ended.stderr}"


def runs(block: Block) -> list[str]:
    return [command for command in block.commands if way_of(block, command) is Way.RUN]


def blocks(page: Path, *, installs: bool) -> list[Block]:
    """Those with something to run; a block that installs does so as a whole."""
    return [
        block
        for block in blocks_of(page)
        if runs(block) and bool(INSTALLS.search(" ".join(runs(block)))) is installs
    ]


def pages(*, installs: bool) -> list[Path]:
    return [page for page in PAGES if blocks(page, installs=installs)]


def desk_of(
    plane: ControlPlane, helm: HelmBinary, folder: Path, *, namespace: str, live: str
) -> Desk:
    config = yaml.safe_load(plane.kubeconfig.read_text())
    config["contexts"][0]["context"]["namespace"] = namespace
    (folder / "kubeconfig").write_text(yaml.safe_dump(config))
    for name in ("charts", "crds", "deploy", "examples", "gitops"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "studio").symlink_to(ROOT / "examples")
    (folder / "show").symlink_to(ROOT / "tests" / "support" / "chart" / "charts" / "mix")
    (folder / "my-values.yaml").write_text("replicaCount: 3\n")
    venv = Path(sys.executable).parent
    (folder / ".venv").symlink_to(venv.parent)
    programs = (venv, plane.binaries.kubectl.parent, helm.path.parent)
    path = os.pathsep.join([*map(str, programs), os.environ["PATH"]])
    return Desk(
        folder,
        {
            **KEY,
            "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
            "CASTER_SCENE_AUDIO_LIVE_ENDPOINT": live,
            "HOME": f"{folder}",
            "KUBECONFIG": f"{folder / 'kubeconfig'}",
            "PATH": path,
        },
    )


def as_script(command: str) -> str:
    if STAYS.search(command):
        return f"stay {shlex.quote(command)}"
    told = next((codes for name, codes in ANSWERS.items() if f" {name} " in command), None)
    if told is None or "|" in command:
        return command
    return f"{command} || [[ $? == {told} ]]"


def script_of(block: Block, put_in: Mapping[str, str]) -> str:
    """What a reader puts in is put in, and so are the addresses of this test."""
    script = "\n".join((STAY, *map(as_script, runs(block))))
    for name, value in put_in.items():
        script = re.sub(rf"(?<![-\w]){name}(?!\w)", value, script)
    return script


@pytest.fixture
def studio(stage: Stage) -> Stage:
    """It is served, and both examples are applied."""
    stage.operator.flags = ("--leader-elect", f"--lease-namespace={OPERATOR_NAMESPACE}")
    stage.operator.start()
    for name in NAMESPACES:
        if not stage.plane.kubectl("get", "namespace", name, "--ignore-not-found"):
            stage.plane.kubectl("create", "namespace", name)
    stage.plane.kubectl("apply", "-n", stage.namespace, "-f", f"{ROOT / 'examples'}")
    for name in ("interview", "opening"):
        stage.objects.until_applied(name)
    return stage


@pytest.fixture
def argocd(studio: Stage) -> Iterator[None]:
    where = ("configmap", "argocd-cm", "-n", "argocd")
    studio.plane.kubectl("create", *where)
    yield
    studio.plane.kubectl("delete", *where)


@pytest.mark.usefixtures("argocd")
@pytest.mark.parametrize("page", pages(installs=False), ids=lambda page: page.stem)
def test_what_is_done_with_objects_works_as_it_is_written(
    studio: Stage, page: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    helm, url = BINARIES[4].of(pytestconfig), studio.live.url
    desk = desk_of(studio.plane, helm, tmp_path, namespace=studio.namespace, live=url)

    for block in blocks(page, installs=False):
        desk.types(script_of(block, PUT_IN | {"http://127.0.0.1:8080": url}))


@pytest.mark.parametrize(
    "page", pages(installs=True), ids=lambda page: f"{page.parent.name}-{page.stem}"
)
def test_an_installation_works_as_it_is_written(
    helm_plane: ControlPlane, page: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    helm, nowhere = BINARIES[4].of(pytestconfig), "http://127.0.0.1:1"
    desk = desk_of(helm_plane, helm, tmp_path, namespace="default", live=nowhere)

    try:
        for block in blocks(page, installs=True):
            if BEGINS_ANEW.match(runs(block)[0]):
                desk.types(UNDO)
            desk.types(script_of(block, PUT_IN_FOR_A_RELEASE))
    finally:
        desk.types(UNDO)
