"""The chart, installed as its users install it."""

import json

import pytest

from dev.control_plane.failure import KubectlError
from dev.kubectl import Kubectl
from tests.support.chart.release import NAME, NAMESPACE, Release

pytestmark = pytest.mark.timeout(300)


def test_both_operators_and_the_emulator_are_ready_under_restricted(release: Release) -> None:
    operators, [emulator] = release.operators(), release.pods("emulator")

    assert [pod.ready for pod in (*operators, emulator)] == [True, True, True]
    [namespace] = [
        each
        for each in release.kubectl.json("get", "namespaces")["items"]
        if each["metadata"]["name"] == NAMESPACE
    ]
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_one_of_them_leads(release: Release) -> None:
    lease = release.lease()

    assert [lease.is_held_by(pod) for pod in release.operators()].count(True) == 1


def test_no_container_can_write_to_its_root(release: Release, kubectl: Kubectl) -> None:
    for pod in (*release.operators(), *release.pods("emulator")):
        with pytest.raises(KubectlError, match="Read-only file system"):
            kubectl("exec", pod.name, f"--namespace={NAMESPACE}", "--", "touch", "/written")


def test_helm_test_passes(release: Release) -> None:
    told = release.test()

    assert "Phase:          Succeeded" in told


def test_the_metrics_are_served(release: Release, kubectl: Kubectl) -> None:
    path = f"/api/v1/namespaces/{NAMESPACE}/services/{NAME}:http/proxy/metrics"

    assert "caster_scene_audio_build_info" in kubectl("get", f"--raw={path}")


def test_the_leader_is_the_one_that_says_so(release: Release, kubectl: Kubectl) -> None:
    lead = {}
    for pod in release.operators():
        path = f"/api/v1/namespaces/{NAMESPACE}/pods/{pod.name}:8081/proxy/metrics"
        lines = kubectl("get", f"--raw={path}").splitlines()
        [lead[pod.name]] = [
            float(line.split()[1])
            for line in lines
            if line.startswith("caster_scene_audio_leader ")
        ]

    leader = release.leader().name
    assert lead == {pod.name: float(pod.name == leader) for pod in release.operators()}


def test_the_operators_log_is_json_and_says_what_it_serves(
    release: Release, kubectl: Kubectl
) -> None:
    log = kubectl("logs", release.leader().name, f"--namespace={NAMESPACE}")

    messages = [json.loads(line)["message"] for line in log.splitlines()]
    assert "Serving" in messages
