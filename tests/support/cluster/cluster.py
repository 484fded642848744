"""What a cluster needs before the operator can run in it: the CRD and the operator's account."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.control_plane.failure import KubectlError
from dev.control_plane.plane import ControlPlane
from tests.support.tools.secret_search import RUN

ROOT = Path(__file__).parents[3]
CRDS = ROOT / "crds"
RBAC = ROOT / "deploy" / "rbac.yaml"
CRD_NAME = "castersceneaudios.live.alibabacloud.com"
OPERATOR_NAMESPACE = "caster-scene-audio"
SERVICE_ACCOUNT = "caster-scene-audio-operator"


@pytest.fixture(scope="session")
def crds(control_plane: ControlPlane) -> Iterator[ControlPlane]:
    """The control plane, once it serves CasterSceneAudio and knows the operator's account."""
    make_ready(control_plane)
    yield control_plane
    left = control_plane.kubectl("get", "csa,events", "--all-namespaces", "-o", "json")
    RUN.told("objects and Events that were left", left)


def make_ready(plane: ControlPlane) -> None:
    """Return once it serves CasterSceneAudio, and the operator's account may do what it needs."""
    plane.kubectl("apply", "-f", f"{CRDS}", "-f", f"{RBAC}")
    await_served(plane)


def await_served(plane: ControlPlane) -> None:
    """Return once the API server knows CasterSceneAudio, whose definition was applied."""
    plane.kubectl("wait", "--for=condition=Established", f"crd/{CRD_NAME}", "--timeout=30s")
    _wait_until_served(plane)


def _wait_until_served(plane: ControlPlane, *, within_s: float = 30) -> None:
    """Established comes a moment before the server answers for the resource."""
    deadline = time.monotonic() + within_s
    while True:
        try:
            plane.kubectl("get", CRD_NAME, "--all-namespaces")
            plane.kubectl("explain", "csa.spec")
        except KubectlError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
