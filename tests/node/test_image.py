"""The image as a pod, under "restricted" and with a root that can't be written."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dev.control_plane.failure import KubectlError
from dev.e2e.run import image_name
from dev.kubectl import Kubectl
from tests.support.tools.aloud import aloud
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.timeout(180)

LOOK = Path(__file__).parents[1] / "support" / "chart" / "image_look.py"
REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "runtime.txt"
ROOT_MIB_AT_MOST = 140
"""What the image adds to its base: 115 MiB when this was written."""


def pod(name: str, **container: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {
            "restartPolicy": "Never",
            "automountServiceAccountToken": False,
            "securityContext": {
                "runAsNonRoot": True,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [
                {
                    "name": "image",
                    "image": image_name(),
                    "imagePullPolicy": "IfNotPresent",
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "readOnlyRootFilesystem": True,
                        "capabilities": {"drop": ["ALL"]},
                    },
                    **container,
                }
            ],
        },
    }


def ran(kubectl: Kubectl, namespace: str, name: str, **container: Any) -> str:
    """What the pod wrote until its end, which is to be a good one."""
    here = f"--namespace={namespace}"
    kubectl("create", "--filename=-", here, stdin=json.dumps(pod(name, **container)))
    phase = eventually(lambda: _last_phase(kubectl, here, name), within_s=60)
    log = kubectl("logs", name, here)
    kubectl("delete", "pod", name, here)
    assert phase == "Succeeded", log
    return log


def _last_phase(kubectl: Kubectl, here: str, name: str) -> str | None:
    phase: str = kubectl.json("get", "pod", name, here)["status"]["phase"]
    return phase if phase in {"Succeeded", "Failed"} else None


@pytest.fixture(scope="module")
def look(kubectl: Kubectl, restricted_namespace: str) -> dict[str, Any]:
    """What a program finds that is run in the image."""
    found: dict[str, Any] = json.loads(
        ran(kubectl, restricted_namespace, "look", command=["python", "-c", LOOK.read_text()])
    )
    return found


def test_its_command_is_the_operator(kubectl: Kubectl, restricted_namespace: str) -> None:
    version = ran(kubectl, restricted_namespace, "version", args=["--version"])

    assert image_name().partition(":")[2] in version


def test_it_holds_the_emulator_too(kubectl: Kubectl, restricted_namespace: str) -> None:
    told = ran(kubectl, restricted_namespace, "emulator", command=["live-emulator", "--help"])

    assert "usage: live-emulator" in told


def test_its_user_has_a_number_and_a_name(look: dict[str, Any]) -> None:
    assert (look["uid"], look["gid"], look["user"]) == (65532, 65532, "operator")


def test_nothing_can_be_written(look: dict[str, Any]) -> None:
    assert look["writable"] == []


def test_it_has_what_is_locked_for_running_and_nothing_else(look: dict[str, Any]) -> None:
    locked = re.findall(r"^([\w.-]+)==(\S+)", REQUIREMENTS.read_text(), re.MULTILINE)

    own = image_name().partition(":")[0]
    strangers = set(look["distributions"]) - {name for name, _ in locked} - {own}

    assert own in look["distributions"]
    assert not strangers
    assert not look["importable"]
    for name, version in locked:
        assert look["distributions"].get(name, version) == version


def test_each_module_is_there_as_byte_code(look: dict[str, Any]) -> None:
    assert look["modules"] > 500
    assert look["uncompiled"] == []


def test_it_is_small(look: dict[str, Any], kubectl: Kubectl, pytestconfig: pytest.Config) -> None:
    def sizes() -> list[int]:
        images = kubectl.json("get", "nodes")["items"][0]["status"]["images"]
        return [
            image["sizeBytes"]
            for image in images
            if any(name.endswith(f"/{image_name()}") for name in image.get("names") or ())
        ]

    whole = max(eventually(sizes, within_s=60))  # the kubelet tells them now and then
    aloud(pytestconfig)(
        f"\nThe image adds {look['mib']} MiB to its base; the whole is {whole / 2**20:.0f} MiB."
    )

    assert look["mib"] <= ROOT_MIB_AT_MOST


def test_a_pod_that_asks_for_more_than_restricted_allows_is_refused(
    kubectl: Kubectl, restricted_namespace: str
) -> None:
    greedy = pod("greedy", securityContext={"privileged": True})

    with pytest.raises(KubectlError, match='violates PodSecurity "restricted'):
        kubectl(
            "create",
            "--filename=-",
            f"--namespace={restricted_namespace}",
            stdin=json.dumps(greedy),
        )
